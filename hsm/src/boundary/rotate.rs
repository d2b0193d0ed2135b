//! `rotate`: new versions of resident keys, and moving what hangs on the old ones.
//!
//! `activation` changes daily and its old versions are destroyed after two days, so that a recorded Sad becomes
//! unreadable for ever. A new `kek` is followed by a job that wraps all verifiers anew, in steps, resumable after
//! any crash. A new `kdk` needs the password: each key is wrapped anew at its next use.

use core::time::Duration;

use domain::{Id, LeafKind, Time, word};
use serde::Serialize;

use super::{
    Inner,
    certify::replace,
    leaves::{About, leaf},
    refused,
    rows::journal_fault,
    unexpected,
};
use crate::{
    Clock, CredentialRow, JobRow, Journal, KeyMaterial, KeyName, KeyRole, RotateError, RotateRequest,
    Rotation, TokenKeyRow, Unavailable, Verifier,
    worker::{Answer, Ask, Blob, Hello},
};

const REWRAP: &str = "rewrap-verifiers";

#[derive(Serialize)]
struct RotatedContent<'a> {
    key: &'a str,
    version: u32,
    change: &'a str,
}

#[derive(Serialize)]
struct RewrappedContent {
    credential: Id<word::Credential>,
    kek: u32,
}

pub(super) async fn rotate<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: RotateRequest,
) -> Result<Rotation, RotateError> {
    inner.not_behind()?;
    match request {
        RotateRequest::Renew(role) => Ok(renew(inner, role).await?),
        RotateRequest::RewrapVerifiers { most } => Ok(rewrap_verifiers(inner, most).await?),
    }
}

async fn renew<J: Journal, C: Clock>(inner: &Inner<J, C>, role: KeyRole) -> Result<Rotation, Unavailable> {
    let admitted = matches!(
        role,
        KeyRole::Kdk | KeyRole::Kek | KeyRole::Activation | KeyRole::Documents
    );
    if !admitted {
        let reason = format!("a {} key is not renewed with rotate", role.name());
        return Err(Unavailable::Protocol { reason });
    }
    let _one = inner.rotations.lock().await;
    let now = inner.clock.now();
    let old = inner.keys().newest(role)?;
    let name = KeyName::new(role, old.version + 1);
    let public_key = match inner
        .making
        .ask(Ask::MakeKey {
            name,
            algorithm: None,
        })
        .await?
    {
        Answer::KeyMade(public_key) => public_key,
        Answer::Refused(refusal) => return Err(refused(&refusal)),
        _ => return Err(unexpected("a new key")),
    };
    // Workers first, ring last: nobody is told of a key that a signing worker does not know.
    inner.refresh_clients().await?;
    let row = TokenKeyRow {
        name,
        made_at: now,
        retired_at: None,
        destroyed_at: None,
        public_key,
        certificate: None,
    };
    keep(inner, row, "made", now).await?;
    for mut row in inner.journal.token_keys().await.map_err(journal_fault)? {
        if row.name.role == role && row.name.version < name.version && row.retired_at.is_none() {
            row.retired_at = Some(now);
            keep(inner, row, "retired", now).await?;
        }
    }
    let left = match role {
        KeyRole::Kek => inner
            .journal
            .count_verifiers_before(name.version)
            .await
            .map_err(journal_fault)?,
        _ => 0,
    };
    Ok(Rotation {
        version: name.version,
        done: 0,
        left,
    })
}

async fn keep<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    row: TokenKeyRow,
    change: &str,
    now: Time,
) -> Result<(), Unavailable> {
    let content = RotatedContent {
        key: row.name.role.name(),
        version: row.name.version,
        change,
    };
    let leaf = leaf(LeafKind::Rotated, now, About::HOUSE, &content, None)?;
    inner.advanced(
        inner
            .journal
            .keep_token_key(row, leaf)
            .await
            .map_err(journal_fault)?,
    );
    Ok(())
}

/// One step of the job. Steps may be cut off anywhere: each row moves by itself, and done ones are not met again.
async fn rewrap_verifiers<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    most: u32,
) -> Result<Rotation, Unavailable> {
    let kek = inner.keys().newest(KeyRole::Kek)?.version;
    let job = inner
        .journal
        .job(REWRAP)
        .await
        .map_err(journal_fault)?
        .filter(|job| job.version == kek);
    let mut job = job.unwrap_or(JobRow {
        name: REWRAP,
        version: kek,
        after: None,
        done: 0,
        changed_at: inner.clock.now(),
    });
    let rows = inner
        .journal
        .verifiers_before(kek, job.after, most.min(1_000))
        .await
        .map_err(journal_fault)?;
    let ended = rows.is_empty();
    for row in rows {
        job.after = Some(row.record.id);
        match move_verifier(inner, row, kek).await {
            Ok(()) => job.done += 1,
            // The row is in use; the next round of the job meets it again.
            Err(Unavailable::Busy { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let left = inner
        .journal
        .count_verifiers_before(kek)
        .await
        .map_err(journal_fault)?;
    if ended {
        job.after = None;
    }
    job.changed_at = inner.clock.now();
    let done = job.done;
    inner.journal.keep_job(job).await.map_err(journal_fault)?;
    Ok(Rotation {
        version: kek,
        done,
        left,
    })
}

async fn move_verifier<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    row: CredentialRow,
    kek: u32,
) -> Result<(), Unavailable> {
    let KeyMaterial::Wrapped {
        verifier: Verifier::Sealed { kek: old, blob },
        ..
    } = &row.record.material
    else {
        return Ok(());
    };
    let turn = inner.turn(row.record.id);
    let _turn = turn.lock().await;
    let blob = Blob {
        version: *old,
        bytes: blob.clone(),
    };
    let moved = match inner.making.ask(Ask::RewrapVerifier { blob, to: kek }).await? {
        Answer::Rewrapped(moved) => moved,
        Answer::Refused(refusal) => return Err(refused(&refusal)),
        _ => return Err(unexpected("a moved verifier")),
    };
    let record = row.record.next(|record| {
        if let KeyMaterial::Wrapped { verifier, .. } = &mut record.material {
            *verifier = Verifier::Sealed {
                kek: moved.version,
                blob: moved.bytes,
            };
        }
    });
    let content = RewrappedContent {
        credential: record.id,
        kek,
    };
    replace(
        inner,
        &row,
        record,
        (LeafKind::Rewrapped, &content),
        inner.clock.now(),
        "rewrap",
    )
    .await
}

impl<J: Journal, C: Clock> Inner<J, C> {
    /// Workers of the clients' token learn of its resident keys anew.
    pub(super) async fn refresh_clients(&self) -> Result<(), Unavailable> {
        self.making.refresh().await?;
        let hello = self.signing.refresh().await?;
        self.take_over(hello, false);
        Ok(())
    }

    /// The ring takes over what the workers of one token found.
    pub(super) fn take_over(&self, hello: Hello, services: bool) {
        let mut keys = self
            .keys
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        keys.replace(hello.keys, |role| matches!(role, KeyRole::Service(_)) == services);
    }

    /// What is due by the clock: a new activation key each day, the end of those that nobody may use any more.
    pub(super) async fn keep_activation_keys(&self) -> Result<(), Unavailable> {
        let now = self.clock.now();
        let rule = &self.policy.freshness;
        let known = self.journal.token_keys().await.map_err(journal_fault)?;
        let newest = self.keys().newest(KeyRole::Activation)?;
        match known.iter().find(|row| row.name == newest) {
            Some(row) if now.since(row.made_at) < rule.activation_key_life => {}
            Some(_) => drop(renew(self, KeyRole::Activation).await?),
            None => {
                let public_key = self.keys().public(newest).ok().map(<[u8]>::to_vec);
                let row = TokenKeyRow {
                    name: newest,
                    made_at: now,
                    retired_at: None,
                    destroyed_at: None,
                    public_key,
                    certificate: None,
                };
                keep(self, row, "found", now).await?;
            }
        }
        self.destroy_retired(now, rule.activation_key_kept).await
    }

    async fn destroy_retired(&self, now: Time, kept: Duration) -> Result<(), Unavailable> {
        let _one = self.rotations.lock().await;
        let mut destroyed = false;
        for mut row in self.journal.token_keys().await.map_err(journal_fault)? {
            let due = row.name.role == KeyRole::Activation
                && row.destroyed_at.is_none()
                && row
                    .retired_at
                    .is_some_and(|retired_at| now.since(retired_at) >= kept);
            if !due {
                continue;
            }
            match self.making.ask(Ask::DestroyKey(row.name)).await? {
                Answer::Done => {}
                Answer::Refused(refusal) => return Err(refused(&refusal)),
                _ => return Err(unexpected("a destroyed key")),
            }
            row.destroyed_at = Some(now);
            keep(self, row, "destroyed", now).await?;
            destroyed = true;
        }
        if destroyed {
            self.refresh_clients().await?;
        }
        Ok(())
    }
}
