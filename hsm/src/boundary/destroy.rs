//! `destroy`: the end of a Client's key. R138.

use domain::{Id, LeafKind, word};
use serde::Serialize;

use super::{Inner, certify::replace, refused, rows::journal_fault, unexpected};
use crate::{
    Clock, DestroyError, DestroyReason, DestroyRequest, Journal, KeyMaterial, Unavailable, Verifier,
    worker::{Answer, Ask},
};

#[derive(Serialize)]
struct DestroyedContent {
    credential: Id<word::Credential>,
    reason: DestroyReason,
}

pub(super) async fn destroy<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: DestroyRequest,
) -> Result<(), DestroyError> {
    inner.not_behind()?;
    let now = inner.clock.now();
    let turn = inner.turn(request.credential);
    let _turn = turn.lock().await;
    let row = inner
        .journal
        .credential(request.credential)
        .await
        .map_err(journal_fault)?;
    let row = row.ok_or(DestroyError::NoCredential)?;
    let resident = match &row.record.material {
        // Asking again ends what a crash between row and Shelf left.
        KeyMaterial::Destroyed { .. } => return Ok(inner.forget_part(request.credential).await?),
        KeyMaterial::Wrapped { verifier, .. } => matches!(verifier, Verifier::Resident),
    };
    // The verifier goes first: a crash in between leaves a key that no password opens, and asking again ends it.
    if resident {
        match inner
            .making
            .ask(Ask::DestroyVerifier(request.credential))
            .await
            .map_err(Unavailable::from)?
        {
            Answer::Done => {}
            Answer::Refused(refusal) => return Err(refused(&refusal).into()),
            _ => return Err(unexpected("a destroyed verifier").into()),
        }
    }
    let record = row
        .record
        .next(|record| record.material = KeyMaterial::Destroyed { at: now });
    let content = DestroyedContent {
        credential: request.credential,
        reason: request.reason,
    };
    replace(
        inner,
        &row,
        record,
        (LeafKind::Destroyed, &content),
        now,
        "destroy",
    )
    .await?;
    // Last, since only what the row says brings a second question here; from now on no copy of the row opens any more.
    Ok(inner.forget_part(request.credential).await?)
}
