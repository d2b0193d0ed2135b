//! Authorities and services of the house: their certificates from the registry, their keys on the token.

use std::collections::{BTreeMap, BTreeSet};

use ca::{CertificateRecord, Issuer, IssuerError, State};
use domain::{CertificateKind, Time, sha256};
use hsm::{JournalError, Service, ServiceKey, Unavailable};
use pki::{CmsSigner, PublicKey};
use store::{Search, Store};

/// Everyone who signs for the authority.
#[derive(Clone, Debug, Default)]
pub struct House {
    root: Option<Issuer>,
    issuing: BTreeMap<u32, Issuer>,
    /// Generations that issue no more: revoked, but answering for what they issued until they end.
    closed: BTreeSet<u32>,
    responders: BTreeMap<u32, Issuer>,
    services: BTreeMap<ServiceKey, Issuer>,
    /// Every certificate that a service had, ended and revoked ones too, in the order of their issuing.
    had: BTreeMap<ServiceKey, Vec<Issuer>>,
    /// How the unit that stamps times stands in its stamps.
    stamper: Option<CmsSigner>,
}

/// The house cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum HouseError {
    /// The registry fails.
    #[error(transparent)]
    Store(#[from] JournalError),
    /// The boundary does not answer.
    #[error("the boundary does not answer: {0}")]
    Boundary(#[from] Unavailable),
    /// A certificate of the registry is not of this house.
    #[error(
        "the registry holds a certificate {serial} as {kind} that is not signed by its authority or not what was \
         intended, or is not the root that the configuration pins: the database was altered; keep a copy as evidence and \
         restore it"
    )]
    Forged {
        /// Its number.
        serial: ca::Serial,
        /// What it claims to be.
        kind: CertificateKind,
    },
    /// A certificate does not read.
    #[error("the certificate {serial} of the registry cannot be used: {reason}")]
    Certificate {
        /// Its number.
        serial: ca::Serial,
        /// Why.
        reason: IssuerError,
    },
}

impl House {
    /// Reads the registry's certificates of authorities and services, and finds the keys of those that are in force now.
    ///
    /// What the registry says is believed as far as it is signed: the root by itself, and as the configuration pins it;
    /// authorities by the root; services by their authority.
    pub async fn load<S: Service>(
        store: &Store,
        hsm: &S,
        (pin, now): (Option<[u8; 32]>, Time),
    ) -> Result<Self, HouseError> {
        let keys = hsm.status().await?.service_keys;
        let version = |key: ServiceKey, spki: &[u8]| {
            keys.iter()
                .find(|(name, _, public)| *name == key && public == spki)
                .map(|(_, version, _)| *version)
        };
        let mut house = Self::default();
        let mut authorities = Vec::new();
        for (kind, key) in KINDS {
            for record in certificates(store, kind).await? {
                let in_force = in_force(&record, now);
                // What ended long ago is looked at only where it tells who signed what.
                if !in_force && matches!(kind, CertificateKind::Root | CertificateKind::Ocsp) {
                    continue;
                }
                let Some(der) = &record.der else { continue };
                let read = |generation| {
                    Issuer::new(der, generation).map_err(|reason| HouseError::Certificate {
                        serial: record.serial,
                        reason,
                    })
                };
                let found = read(0)?;
                let forged = || HouseError::Forged {
                    serial: record.serial,
                    kind,
                };
                if !found.is_over(&record.content) {
                    return Err(forged());
                }
                if kind == CertificateKind::Issuing {
                    let by_root = house.root().is_some_and(|root| found.is_signed_by(root));
                    authorities.extend(by_root.then(|| found.clone()));
                } else if let Some(key) = key
                    && authorities.iter().any(|authority| found.is_signed_by(authority))
                {
                    house.had.entry(key).or_default().push(found.clone());
                }
                if !in_force {
                    continue;
                }
                let Some(key) = key else {
                    let pinned = pin.is_none_or(|pin| pin == sha256(der));
                    if !pinned || !found.is_signed_by(&found) {
                        return Err(forged());
                    }
                    house.root = Some(found);
                    continue;
                };
                let signer = house.generation(record.issuer);
                if !signer.is_some_and(|signer| found.is_signed_by(signer)) {
                    // The authority that signed it ended, or was lost with its token; else the registry was altered.
                    if signer.is_some() || kind == CertificateKind::Issuing {
                        return Err(forged());
                    }
                    continue;
                }
                // A certificate whose key is not on the token belongs to another token, or to a key that is gone.
                let Some(version) = version(key, found.key().der()) else {
                    tracing::warn!(serial = %record.serial, kind = %kind, "no key on the token fits this certificate");
                    continue;
                };
                if kind == CertificateKind::Issuing && !matches!(record.state, State::Good { .. }) {
                    house.closed.insert(version);
                }
                house.take(kind, key, (record.issuer, read(version)?));
            }
        }
        house.stamper = house
            .service(ServiceKey::TimeStamp)
            .and_then(|unit| CmsSigner::new(unit.certificate(), unit.profile()).ok());
        Ok(house)
    }

    fn take(&mut self, kind: CertificateKind, key: ServiceKey, (issuer, found): (u32, Issuer)) {
        match kind {
            CertificateKind::Issuing => {
                self.issuing.insert(found.generation(), found);
            }
            CertificateKind::Ocsp => {
                let later = self
                    .responders
                    .get(&issuer)
                    .is_none_or(|known| known.validity().1 <= found.validity().1);
                if later {
                    self.responders.insert(issuer, found);
                }
            }
            _ => {
                let later = self
                    .services
                    .get(&key)
                    .is_none_or(|known| known.validity().1 <= found.validity().1);
                if later {
                    self.services.insert(key, found);
                }
            }
        }
    }

    /// The root.
    pub const fn root(&self) -> Option<&Issuer> {
        self.root.as_ref()
    }

    /// The authority that issues now: the newest that is not revoked.
    pub fn issuing(&self) -> Option<&Issuer> {
        let mut newest = self.issuing.iter().rev();
        newest
            .find(|(generation, _)| !self.closed.contains(generation))
            .map(|(_, issuer)| issuer)
    }

    /// Every issuing authority whose time is not over, by generation: a revoked one still tells what it revoked.
    pub const fn generations(&self) -> &BTreeMap<u32, Issuer> {
        &self.issuing
    }

    /// An issuing authority of this generation; 0 is the root.
    pub fn generation(&self, generation: u32) -> Option<&Issuer> {
        if generation == 0 {
            self.root()
        } else {
            self.issuing.get(&generation)
        }
    }

    /// Who answers about certificates of this authority.
    pub fn responder(&self, generation: u32) -> Option<&Issuer> {
        self.responders.get(&generation)
    }

    /// Everyone who serves.
    pub fn services(&self) -> impl Iterator<Item = &Issuer> {
        self.responders.values().chain(self.services.values())
    }

    /// The unit that stamps times, as it stands in its stamps.
    pub const fn stamper(&self) -> Option<&CmsSigner> {
        self.stamper.as_ref()
    }

    /// A service of the house: time stamps, seals, checkpoints.
    pub fn service(&self, key: ServiceKey) -> Option<&Issuer> {
        self.services.get(&key)
    }

    /// The last certificate of a service, in force or not.
    pub(crate) fn last_of(&self, key: ServiceKey) -> Option<&Issuer> {
        self.had.get(&key)?.last()
    }

    /// Every key that the Ledger had, oldest first.
    pub(crate) fn ledger_keys(&self) -> impl Iterator<Item = &PublicKey> {
        let had = self.had.get(&ServiceKey::Ledger);
        had.into_iter().flatten().map(Issuer::key)
    }
}

/// Whose certificates make the house, and which key stands behind each.
const KINDS: [(CertificateKind, Option<ServiceKey>); 6] = [
    (CertificateKind::Root, None),
    (CertificateKind::Issuing, Some(ServiceKey::Issuing)),
    (CertificateKind::Ocsp, Some(ServiceKey::Ocsp)),
    (CertificateKind::TimeStamp, Some(ServiceKey::TimeStamp)),
    (CertificateKind::EvidenceSeal, Some(ServiceKey::Evidence)),
    (CertificateKind::Ledger, Some(ServiceKey::Ledger)),
];

/// The key that stands behind certificates of a kind; none for the root, which is on another token.
pub(super) fn house_key(kind: CertificateKind) -> Option<ServiceKey> {
    KINDS.into_iter().find(|(known, _)| *known == kind)?.1
}

async fn certificates(store: &Store, kind: CertificateKind) -> Result<Vec<CertificateRecord>, JournalError> {
    let search = Search {
        kind: Some(kind),
        most: u16::MAX,
        ..Search::default()
    };
    store.certificates(&search).await
}

fn in_force(record: &CertificateRecord, now: Time) -> bool {
    let stands = match record.state {
        State::Good { .. } => true,
        // An authority that fell silent would leave its certificates without any status.
        State::Held { .. } | State::Revoked { .. } => record.kind == CertificateKind::Issuing,
        State::Prepared => false,
    };
    stands && record.not_after > now
}
