//! `tamga ca ceremony`: two people found the authority, and the transcript tells what they saw.

use std::{io::Write as _, path::Path};

use domain::{hexadecimal, sha256};

use super::{
    CommandError,
    ca::{Root, Who},
    read,
};
use crate::{Act, Ceremony, OrderError, operator_row, order_of, ordered_before, serve::ProgramAuthority};

pub(super) async fn hold(
    authority: &ProgramAuthority,
    (file_path, transcript): (&Path, &Path),
    dry_run: bool,
    (root, who): (&Root, &Who),
) -> Result<(), CommandError> {
    let text = read(file_path)?;
    let ceremony: Ceremony = toml::from_slice(&text).map_err(|error| CommandError::File {
        path: file_path.to_owned(),
        reason: error.to_string(),
    })?;
    let present = who.present()?;
    let now = authority.now();
    let folder = file_path.parent().unwrap_or(Path::new("."));
    let mut people = Vec::new();
    for entry in &ceremony.operators {
        people.push(operator_row(
            &entry.name,
            &folder.join(&entry.certificate),
            &entry.roles,
            now,
        )?);
    }
    if dry_run {
        let told = authority.rehearse(&ceremony).await?;
        print!("{}\nNothing was made.\n", told.text());
        return Ok(());
    }
    if transcript.exists() {
        return Err(CommandError::File {
            path: transcript.to_owned(),
            reason: "is there already; a transcript is not overwritten".to_owned(),
        });
    }
    let begun = authority.not_held(&ceremony).await?;
    // Opened before anything is made: a ceremony whose transcript cannot be written is not held.
    let part = transcript.with_added_extension("part");
    let unwritable = |path: &Path| {
        let path = path.to_owned();
        move |error: std::io::Error| CommandError::File {
            path,
            reason: error.to_string(),
        }
    };
    let mut file = std::fs::File::create(&part).map_err(unwritable(&part))?;
    let act = Act::Ceremony {
        file_sha256: hexadecimal(&sha256(&text)),
        operators_sha256: people
            .iter()
            .map(|person| hexadecimal(&person.certificate_sha256))
            .collect(),
    };
    if begun && !ordered_before(authority.store(), &act).await? {
        return Err(CommandError::File {
            path: file_path.to_owned(),
            reason: "this ceremony was begun with another file, or with other operators' certificates"
                .to_owned(),
        });
    }
    order_of(authority.store(), &people, &act, &present, now).await?;
    for person in people {
        authority.store().keep_operator(person).await?;
    }
    let told = authority
        .hold(&ceremony, &root.token(ceremony.root.algorithm)?)
        .await?;
    print!("{}", told.text());
    for (number, person) in present.iter().enumerate() {
        let path = transcript.with_added_extension(format!("{}.sig", number + 1));
        let signature = person.sign(told.text().as_bytes()).ok_or(OrderError::Unwritten)?;
        std::fs::write(&path, signature).map_err(unwritable(&path))?;
    }
    file.write_all(told.text().as_bytes())
        .map_err(unwritable(&part))?;
    file.sync_all().map_err(unwritable(&part))?;
    std::fs::rename(&part, transcript).map_err(unwritable(transcript))?;
    println!(
        "The transcript is in {}; each operator's signature stands beside it.",
        transcript.display()
    );
    if let Some(root) = authority.house().root() {
        println!(
            "Put this line into the configuration, before its first [section]:\nroot_sha256 = '{}'",
            hexadecimal(&sha256(root.der()))
        );
    }
    Ok(())
}
