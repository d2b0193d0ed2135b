//! `tamga ca add-operator|remove-operator`: who may act for the authority.

use std::path::PathBuf;

use domain::hexadecimal;

use super::{
    CommandError,
    ca::{Who, give},
};
use crate::{Act, OperatorRole, operator_row, serve::ProgramAuthority};

pub(super) async fn add(
    authority: &ProgramAuthority,
    (name, certificate, roles): (&str, &PathBuf, &[OperatorRole]),
    who: &Who,
) -> Result<(), CommandError> {
    let row = operator_row(name, certificate, roles, authority.now())?;
    let act = Act::AddOperator {
        certificate_sha256: hexadecimal(&row.certificate_sha256),
        roles: roles.to_vec(),
    };
    give(authority, &act, who).await?;
    println!("{name} may act as {}", row.roles);
    Ok(authority.store().keep_operator(row).await?)
}

pub(super) async fn remove(
    authority: &ProgramAuthority,
    certificate: &PathBuf,
    who: &Who,
) -> Result<(), CommandError> {
    let row = operator_row("", certificate, &[], authority.now())?;
    let act = Act::RemoveOperator {
        certificate_sha256: hexadecimal(&row.certificate_sha256),
    };
    give(authority, &act, who).await?;
    let removed = authority
        .store()
        .remove_operator(row.certificate_sha256, authority.now())
        .await?;
    if removed {
        println!("this operator may not act any more");
        Ok(())
    } else {
        Err(CommandError::Nothing(
            "no operator has this certificate".to_owned(),
        ))
    }
}
