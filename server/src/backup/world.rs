//! What the world knows better than a backup: certificates revoked since, numbers that were given out, the Ledger's length.
//!
//! Nothing is believed that the authorities or the log in the backup did not sign.

use std::path::{Path, PathBuf};

use ca::{Event, Issuer, Scope, Serial, State, Step};
use der::Encode as _;
use domain::{CertificateKind, HashAlgorithm, Id, LeafKind, Time, word};
use hsm::{Journal as _, KeyRole, ServiceKey};
use ledger::{Checkpoint, Edge, Hash, SignedNote, VerifierKey};
use pki::{
    PublicKey,
    crl::{Entry, Published, Reason},
};
use store::{CertificateStep, Search, Store};

use super::{BackupError, file};
use crate::authority::salt;

/// Entries read at once.
const PAGE: u32 = 4_096;

/// A published list in a file.
#[derive(Debug)]
pub struct KnownList {
    path: PathBuf,
    list: Published,
}

/// What the world is known to have.
#[derive(Debug, Default)]
pub struct Known {
    /// Lists.
    pub lists: Vec<KnownList>,
    /// A checkpoint, as text, and its file.
    pub checkpoint: Option<(PathBuf, String)>,
}

impl Known {
    /// Reads what is named; nothing is believed yet.
    pub fn read(lists: &[PathBuf], checkpoint: Option<&Path>) -> Result<Self, BackupError> {
        let list = |path: &PathBuf| {
            let bytes = std::fs::read(path).map_err(file(path))?;
            let der = crate::pem::pem_or_der(&bytes, "X509 CRL");
            Ok::<_, BackupError>(KnownList {
                path: path.clone(),
                list: Published::parse(&der).map_err(|reason| BackupError::List {
                    path: path.clone(),
                    reason,
                })?,
            })
        };
        let text = |path: &Path| {
            let text = std::fs::read_to_string(path).map_err(file(path))?;
            Ok::<_, BackupError>((path.to_owned(), text))
        };
        Ok(Self {
            lists: lists.iter().map(list).collect::<Result<_, BackupError>>()?,
            checkpoint: checkpoint.map(text).transpose()?,
        })
    }
}

/// A list with the authority of the backup that signed it.
pub(super) struct Believed<'a> {
    list: &'a Published,
    pub(super) scope: Scope,
}

/// Finds who signed each list.
pub(super) async fn believe<'a>(
    store: &Store,
    lists: &'a [KnownList],
) -> Result<Vec<Believed<'a>>, BackupError> {
    let authorities = authorities(store).await?;
    lists
        .iter()
        .map(|known| {
            let foreign = || BackupError::ForeignList(known.path.clone());
            let signed = |issuer: &&Issuer| {
                issuer.name().to_der().is_ok_and(|name| name == known.list.issuer)
                    && known.list.is_of(issuer.key(), issuer.profile())
            };
            let issuer = authorities.iter().find(signed).ok_or_else(foreign)?;
            let all = Scope {
                issuer: issuer.generation(),
                shard: None,
            };
            let scope = match &known.list.address {
                None => all,
                Some(address) => {
                    let name = address.rsplit('/').next().unwrap_or_default();
                    Scope::parse_file(name).ok_or_else(foreign)?.0
                }
            };
            Ok(Believed {
                list: &known.list,
                scope,
            })
        })
        .collect()
}

/// Every authority of the registry, with the generation that its key's row tells.
async fn authorities(store: &Store) -> Result<Vec<Issuer>, BackupError> {
    let keys = store.token_keys().await?;
    let generation = |spki: &[u8]| {
        keys.iter()
            .find(|row| {
                row.name.role == KeyRole::Service(ServiceKey::Issuing)
                    && row.public_key.as_deref() == Some(spki)
            })
            .map(|row| row.name.version)
    };
    let mut found = Vec::new();
    for kind in [CertificateKind::Root, CertificateKind::Issuing] {
        for der in certificates(store, kind).await? {
            let Ok(read) = Issuer::new(&der, 0) else { continue };
            let number = match kind {
                CertificateKind::Root => Some(0),
                _ => generation(read.key().der()),
            };
            if let Some(Ok(issuer)) = number.map(|number| Issuer::new(&der, number)) {
                found.push(issuer);
            }
        }
    }
    Ok(found)
}

async fn certificates(store: &Store, kind: CertificateKind) -> Result<Vec<Vec<u8>>, BackupError> {
    let search = Search {
        kind: Some(kind),
        most: u16::MAX,
        ..Search::default()
    };
    let found = store.certificates(&search).await?;
    Ok(found.into_iter().filter_map(|record| record.der).collect())
}

/// Numbers of certificates that a list spoke of.
#[derive(Debug, Default)]
pub(super) struct CaughtUp {
    pub(super) changed: Vec<String>,
    pub(super) unknown: Vec<String>,
}

/// Does to the registry what the world was told: the keys behind are destroyed by the service's job.
pub(super) async fn catch_up(
    store: &Store,
    believed: &[Believed<'_>],
    (demand, now): (Id<word::Statement>, Time),
) -> Result<CaughtUp, BackupError> {
    let mut caught_up = CaughtUp::default();
    for known in believed {
        for (number, at, reason) in &known.list.entries {
            let found = match Serial::of(number) {
                None => Vec::new(),
                Some(serial) => {
                    let search = Search {
                        serial: Some(serial),
                        most: 2,
                        ..Search::default()
                    };
                    store.certificates(&search).await?
                }
            };
            let issued = found
                .iter()
                .find(|record| record.issuer == known.scope.issuer && record.der.is_some());
            let Some(record) = issued else {
                caught_up.unknown.push(number.to_string());
                continue;
            };
            let wish = match reason {
                Reason::CertificateHold => match record.state {
                    State::Good { .. } => record.state.hold(*at),
                    // A revocation is never taken back.
                    State::Prepared | State::Held { .. } | State::Revoked { .. } => Ok(Step::Done),
                },
                reason => record.state.revoke(*at, *reason),
            };
            let Step::To(to) = wish.map_err(crate::ChangeError::from)? else {
                continue;
            };
            let kind = match to {
                State::Held { .. } => LeafKind::Held,
                State::Prepared | State::Good { .. } | State::Revoked { .. } => LeafKind::Revoked,
            };
            let pseudonym = match record.holder.credential {
                None => [0; 32],
                Some(id) => store
                    .credential(id)
                    .await?
                    .map(|row| row.record.pseudonym)
                    .unwrap_or_default(),
            };
            let event = Event::changed((record.id, &record.serial), to, demand);
            let entry = Entry::revoked(number, *at, *reason).map_err(crate::ChangeError::from)?;
            store
                .step(CertificateStep {
                    id: record.id,
                    after: record.position,
                    to,
                    demand,
                    entry: Some(entry),
                    leaf: event.leaf(kind, (record.holder, pseudonym), now, salt())?,
                })
                .await?;
            caught_up.changed.push(record.serial.to_string());
        }
        store.raise_list(known.scope, known.list.number).await?;
    }
    Ok(caught_up)
}

/// The checkpoint, if the log of the backup signed it and does not contradict it.
pub(super) async fn checkpoint(
    store: &Store,
    origin: &str,
    (path, note): &(PathBuf, String),
) -> Result<Checkpoint, BackupError> {
    let wrong = |reason: String| BackupError::Checkpoint {
        path: path.clone(),
        reason,
    };
    let note = SignedNote::parse(note).map_err(|error| wrong(error.to_string()))?;
    let mut verified = None;
    for der in certificates(store, CertificateKind::Ledger).await? {
        let key = Issuer::new(&der, 0)
            .ok()
            .and_then(|signer| key(origin, signer.key()));
        verified = verified.or_else(|| key.and_then(|key| note.verify(&key).ok()));
    }
    let told = verified
        .ok_or_else(|| wrong("no key of the Ledger in the backup signed this checkpoint".to_owned()))?;
    let mut edge = Edge::new();
    while edge.size() < told.size {
        let rest = u32::try_from(told.size - edge.size()).unwrap_or(u32::MAX);
        let entries = store.entries(edge.size(), rest.min(PAGE)).await?;
        if entries.is_empty() {
            // Ahead of the backup: what it tells of is lost, and cannot be compared.
            return Ok(told);
        }
        for entry in &entries {
            edge.append(Hash::of_leaf(entry));
        }
    }
    if edge.root() == told.root {
        Ok(told)
    } else {
        Err(wrong(
            "the Ledger in the backup has as many entries, but others: one of both was altered".to_owned(),
        ))
    }
}

fn key(origin: &str, key: &PublicKey) -> Option<VerifierKey> {
    VerifierKey::new(origin, key.clone())
}

/// SHA-256 of a manifest, as orders and leaves name it.
pub(super) fn digest(manifest: &[u8]) -> String {
    domain::hexadecimal(HashAlgorithm::Sha256.digest(manifest).as_bytes())
}
