//! `tamga upkeep show` and `tamga upkeep file`: how far a signature is, and the file that it is in now.

use std::{
    io::{BufWriter, Write as _},
    path::Path,
};

use domain::{Id, hexadecimal, word};
use hsm::Role;
use signer::Which;
use store::{Documents, Store, UpkeepRow, UpkeepState};

use super::failed;
use crate::{
    Settings, SettingsError,
    command::{CommandError, told::tell},
    serve,
};

pub(super) async fn show(store: &Store, id: Id<word::Upkeep>) -> Result<(), CommandError> {
    let row = known(store, id).await?;
    let name = match serde_json::from_str(&row.which) {
        Ok(Which::Field(name) | Which::Id(name)) => name,
        Ok(Which::Value(_) | Which::Within { .. }) | Err(_) => row.which.clone(),
    };
    tell(format_args!("signature  {name}"))?;
    tell(format_args!("level      {} of {}", row.reached, row.wanted))?;
    let state = match &row.state {
        UpkeepState::Waiting {
            due_at, failed: None, ..
        } => format!("waiting: the next step is due at {due_at}"),
        UpkeepState::Waiting {
            due_at,
            failed: Some((failures, reason)),
            ..
        } => format!(
            "waiting: tried again at {due_at}, failed so far: {failures}, the last time: {}",
            reason.text
        ),
        UpkeepState::Settled => "settled: nothing is left to do".to_owned(),
        UpkeepState::Stuck(reason) => format!("stuck since {}: {}", row.changed_at, reason.text),
    };
    tell(format_args!("state      {state}"))?;
    let document = store.document(row.document).await?;
    let document = document.ok_or_else(|| failed(format!("document {} is unknown", row.document)))?;
    tell(format_args!(
        "document   {}, {} bytes, SHA-256 {}",
        row.document,
        document.size,
        hexadecimal(&document.digest)
    ))?;
    match row.content {
        None => Ok(()),
        Some(content) => tell(format_args!("content    {content}")),
    }
}

pub(super) async fn file(
    settings: &Settings,
    store: &Store,
    (id, out): (Id<word::Upkeep>, &Path),
) -> Result<(), CommandError> {
    let row = known(store, id).await?;
    let place = settings.documents().map_err(SettingsError::from)?;
    let place = place.ok_or_else(|| failed("[documents] must say in place where files are kept"))?;
    let documents = Documents::open(store.clone(), &place).map_err(failed)?;
    let keys = serve::remote(settings, Role::Jobs);
    let mut reader = documents.get(row.document, &keys).await.map_err(failed)?;
    // It gets its name when it is whole: until then nobody takes a part for it.
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
    let mut sink = BufWriter::new(file.as_file_mut());
    while let Some(bytes) = reader.next().await.map_err(failed)? {
        sink.write_all(&bytes).map_err(failed)?;
    }
    sink.flush().map_err(failed)?;
    drop(sink);
    file.as_file().sync_all().map_err(failed)?;
    file.persist_noclobber(out).map_err(|error| CommandError::File {
        path: out.to_owned(),
        reason: error.error.to_string(),
    })?;
    tell(format_args!(
        "{} has level {} and is written.",
        out.display(),
        row.reached
    ))
}

async fn known(store: &Store, id: Id<word::Upkeep>) -> Result<UpkeepRow, CommandError> {
    let row = store.upkeep(id).await?;
    row.ok_or_else(|| {
        CommandError::Nothing(format!(
            "no signature is kept as {id}; tamga upkeep begin tells the ids"
        ))
    })
}
