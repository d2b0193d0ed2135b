//! Renewing what the house itself needs: responders and time-stamping units get new certificates before theirs end.

use core::time::Duration;

use ca::{CertificateRecord, Issuer, Subject};
use domain::{CertificateKind, Id, KeyAlgorithm};
use hsm::{Clock, Service, ServiceKey, ServiceKeyError};
use pki::{KeyError, PublicKey};

use super::{Authority, HouseError, IssueError, IssueRequest, KeySource, random};

/// A responder's certificate is renewed when less than this is left of it.
const RESPONDER_LEFT: Duration = Duration::from_hours(10 * 24);
/// A time-stamping unit's key is replaced when less than this is left of its certificate, so that every stamp can be
/// verified for years after it was made.
const UNIT_LEFT: Duration = Duration::from_hours(365 * 24);

/// A service was not renewed.
#[derive(Debug, thiserror::Error)]
pub enum RenewError {
    /// It is no service of the house.
    #[error("{0} is no service that is renewed; renewed are ocsp, time-stamp, evidence-seal and ledger")]
    Kind(CertificateKind),
    /// It never had a certificate.
    #[error("the service {0} never had a certificate of this house; the first one is made in the ceremony")]
    Never(CertificateKind),
    /// Its key was not made.
    #[error("its key was not made: {0}")]
    Key(#[from] ServiceKeyError),
    /// What was made is no key.
    #[error("its key cannot be used: {0}")]
    Public(#[from] KeyError),
    /// Its certificate was not issued.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// The house cannot be read.
    #[error(transparent)]
    House(#[from] HouseError),
}

impl<S: Service, C: Clock> Authority<S, C> {
    /// Renews whatever ends soon; what was renewed.
    pub async fn renew_due(&self) -> Result<Vec<CertificateRecord>, RenewError> {
        let now = self.clock.now();
        let house = self.house();
        let mut renewed = Vec::new();
        for generation in house.generations().keys() {
            let ends = house
                .responder(*generation)
                .is_none_or(|responder| responder.validity().1 < now.plus(RESPONDER_LEFT));
            if ends {
                renewed.push(self.renew_responder(*generation).await?);
            }
        }
        let unit = house.service(ServiceKey::TimeStamp);
        if unit.is_some_and(|unit| unit.validity().1 < now.plus(UNIT_LEFT)) {
            renewed.push(self.renew_service(CertificateKind::TimeStamp).await?);
        }
        if !renewed.is_empty() {
            self.reload().await?;
        }
        Ok(renewed)
    }

    /// A new certificate for a service of the house, on a new key; for a responder, on the key that it has.
    pub async fn renew_service(&self, kind: CertificateKind) -> Result<CertificateRecord, RenewError> {
        let key = match kind {
            CertificateKind::Ocsp => {
                let newest = self.house().issuing().map(Issuer::generation);
                let newest = newest.ok_or(IssueError::NoAuthority)?;
                return self.renew_responder(newest).await;
            }
            CertificateKind::TimeStamp => ServiceKey::TimeStamp,
            CertificateKind::EvidenceSeal => ServiceKey::Evidence,
            CertificateKind::Ledger => ServiceKey::Ledger,
            other => return Err(RenewError::Kind(other)),
        };
        let house = self.house();
        // Whichever was the last: also one that ended, or was revoked, gets a successor.
        let last = house.service(key).or_else(|| house.last_of(key));
        let last = last.ok_or(RenewError::Never(kind))?;
        let (algorithm, subject) = (last.key().algorithm(), subject_of(last));
        let (_, public) = self.hsm.make_service_key(key, algorithm).await?;
        self.certify_service(kind, (&public, None), subject).await
    }

    async fn renew_responder(&self, generation: u32) -> Result<CertificateRecord, RenewError> {
        let house = self.house();
        let known = house.responder(generation).or_else(|| {
            house
                .generations()
                .keys()
                .rev()
                .find_map(|other| house.responder(*other))
        });
        let (subject, key) = if let Some(known) = known {
            (subject_of(known), known.key().der().to_vec())
        } else {
            let made = self
                .hsm
                .make_service_key(ServiceKey::Ocsp, KeyAlgorithm::P256)
                .await?;
            let subject = Subject {
                common_name: Some("OCSP RESPONDER".to_owned()),
                ..Subject::default()
            };
            (subject, made.1)
        };
        self.certify_service(CertificateKind::Ocsp, (&key, Some(generation)), subject)
            .await
    }

    pub(super) async fn certify_service(
        &self,
        kind: CertificateKind,
        (key, generation): (&[u8], Option<u32>),
        subject: Subject,
    ) -> Result<CertificateRecord, RenewError> {
        let issued = self
            .issue(IssueRequest {
                statement: Id::from_random(self.clock.now(), random()),
                kind,
                subject,
                key: KeySource::Given(PublicKey::from_der(key)?),
                hosts: Vec::new(),
                published: true,
                issuer: generation,
            })
            .await?;
        self.reload().await?;
        Ok(issued)
    }
}

/// The subject of a service's present certificate, for the next one.
fn subject_of(known: &Issuer) -> Subject {
    let text = |attribute| known.named(attribute).map(str::to_owned);
    Subject {
        common_name: text("2.5.4.3"),
        organization: text("2.5.4.10"),
        bin: known
            .named("2.5.4.97")
            .and_then(|named| named.strip_prefix("NTRKZ-")?.parse().ok()),
        ..Subject::default()
    }
}
