//! `tamga ca add-operator|remove-operator|orders`: who may act for the authority, and what they ordered.

use std::path::PathBuf;

use domain::hexadecimal;
use serde::Serialize;
use store::OperatorRow;

use super::{
    CommandError,
    ca::{Who, give},
    told::tell,
};
use crate::{Act, OperatorRole, fill_every_rule, operator_row, serve::ProgramAuthority};

pub(super) async fn add(
    authority: &ProgramAuthority,
    (name, certificate, roles): (&str, &PathBuf, &[OperatorRole]),
    who: &Who,
) -> Result<(), CommandError> {
    let row = operator_row(name, certificate, roles, authority.now())?;
    let known = authority.store().operators().await?;
    let others = known
        .iter()
        .filter(|other| other.certificate_sha256 != row.certificate_sha256);
    remaining(others.chain([&row]))?;
    let act = Act::AddOperator {
        name: name.to_owned(),
        certificate_sha256: hexadecimal(&row.certificate_sha256),
        roles: roles.to_vec(),
    };
    give(authority, &act, who).await?;
    let told = format!("{name} may act as {}", row.roles);
    authority.store().keep_operator(row).await?;
    println!("{told}");
    Ok(())
}

pub(super) async fn remove(
    authority: &ProgramAuthority,
    certificate: &PathBuf,
    who: &Who,
) -> Result<(), CommandError> {
    let row = operator_row("-", certificate, &[], authority.now())?;
    let known = authority.store().operators().await?;
    let others = known
        .iter()
        .filter(|other| other.certificate_sha256 != row.certificate_sha256);
    remaining(others)?;
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

/// Refuses a change after which nobody could act any more.
fn remaining<'a>(left: impl Iterator<Item = &'a OperatorRow>) -> Result<(), CommandError> {
    if fill_every_rule(left) {
        return Ok(());
    }
    Err(CommandError::Check(
        "after this nobody could act any more: an administrator and another person as security officer must remain; \
         add one first"
            .to_owned(),
    ))
}

/// Orders on one page.
const PAGE: u16 = 100;

/// One order as it was signed, so that every signature can be checked with its operator's certificate.
#[derive(Serialize)]
struct Told {
    order: String,
    signatures: Vec<(String, String)>,
}

pub(super) async fn orders(authority: &ProgramAuthority, who: &Who) -> Result<(), CommandError> {
    give(authority, &Act::Look, who).await?;
    let unreadable =
        |error: serde_json::Error| CommandError::Check(format!("a kept order does not read: {error}"));
    for (content, signatures) in authority.store().orders(PAGE).await? {
        let told = Told {
            order: String::from_utf8_lossy(&content).into_owned(),
            signatures: serde_json::from_slice(&signatures).map_err(unreadable)?,
        };
        tell(serde_json::to_string(&told).map_err(unreadable)?)?;
    }
    Ok(())
}
