//! The ceremony: root, issuing authority and services come into being, each key on its token, before two people.
//!
//! Every step's statement is derived from the ceremony's id, so that a ceremony that was cut off goes on where it
//! stopped when the same file is brought again, and nothing is made twice.

mod transcript;

use ca::{CertificateRecord, ComposeError, Issuer, IssuerError, Serial, Signer, State, Subject};
use domain::{CertificateKind, Id, KeyAlgorithm, sha256, word};
use hsm::{Clock, Service, ServiceKey, ServiceKeyError};
use pki::{KeyError, PublicKey};
use serde::Deserialize;
use store::Search;

pub use self::transcript::Transcript;
use super::{
    Authority, HouseError, IssueError, IssueRequest, ListError, StoreError,
    issue::{Demand, KeySource},
    random,
};
use crate::{
    operator::OperatorRole,
    root_token::{RootError, RootToken},
};

/// What a ceremony makes; its file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ceremony {
    /// Drawn by whoever writes the file; a ceremony is held once.
    pub id: Id<word::Statement>,
    /// Its title, for the transcript.
    pub title: String,
    /// Where it is held.
    pub place: String,
    /// The root.
    pub root: Made,
    /// The issuing authority.
    pub issuing: Made,
    /// Answers status questions.
    pub ocsp: Made,
    /// Stamps times.
    pub time_stamp: Made,
    /// Seals Evidence.
    pub evidence_seal: Made,
    /// Signs checkpoints.
    pub ledger: Made,
    /// Who may act for the authority from then on.
    #[serde(default)]
    pub operators: Vec<OperatorEntry>,
}

/// Somebody who may act for the authority.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorEntry {
    /// Their name.
    pub name: String,
    /// Their certificate, PEM; beside the ceremony's file.
    pub certificate: std::path::PathBuf,
    /// Their roles.
    pub roles: Vec<OperatorRole>,
}

/// A key and whose it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// The kind of key.
    pub algorithm: KeyAlgorithm,
    /// The subject of its certificate.
    pub subject: Subject,
}

/// The ceremony stopped; holding it again with the same file goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum CeremonyError {
    /// There is a root already.
    #[error("there is a root already, {0}, and not of this ceremony; a ceremony overwrites nothing")]
    Held(Serial),
    /// Everything was made.
    #[error("this ceremony was held already; its root is {0}")]
    Done(Serial),
    /// The root's token.
    #[error(transparent)]
    Root(#[from] RootError),
    /// A key was not made.
    #[error("a key was not made: {0}")]
    Key(#[from] ServiceKeyError),
    /// What was made is no key.
    #[error("a key cannot be used: {0}")]
    Public(#[from] KeyError),
    /// A certificate cannot be used.
    #[error("a certificate cannot be used: {0}")]
    Issuer(#[from] IssuerError),
    /// A certificate was not issued.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// A list was not made.
    #[error(transparent)]
    List(#[from] ListError),
    /// The house cannot be read.
    #[error(transparent)]
    House(#[from] HouseError),
    /// The registry fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Ceremony {
    /// The id of one step's statement.
    fn statement(&self, kind: CertificateKind) -> Id<word::Statement> {
        let digest = sha256(&[self.id.as_bytes().as_slice(), kind.name().as_bytes()].concat());
        let mut bytes = *self.id.as_bytes();
        // The time of the ceremony's own id stays in front; the rest tells the steps apart.
        for (byte, drawn) in bytes.iter_mut().skip(8).zip(digest) {
            *byte = drawn;
        }
        Id::from_bytes(bytes)
    }

    fn services(&self) -> [(CertificateKind, ServiceKey, &Made); 4] {
        [
            (CertificateKind::Ocsp, ServiceKey::Ocsp, &self.ocsp),
            (
                CertificateKind::TimeStamp,
                ServiceKey::TimeStamp,
                &self.time_stamp,
            ),
            (
                CertificateKind::EvidenceSeal,
                ServiceKey::Evidence,
                &self.evidence_seal,
            ),
            (CertificateKind::Ledger, ServiceKey::Ledger, &self.ledger),
        ]
    }
}

impl<S: Service, C: Clock> Authority<S, C> {
    /// Tells what a ceremony would make, and whether every certificate could be written; makes nothing.
    pub async fn rehearse(&self, ceremony: &Ceremony) -> Result<Transcript, CeremonyError> {
        self.not_held(ceremony).await?;
        let mut transcript = Transcript::new(ceremony, self.clock.now());
        let now = self.clock.now();
        let mut parts = vec![
            (CertificateKind::Root, &ceremony.root),
            (CertificateKind::Issuing, &ceremony.issuing),
        ];
        parts.extend(ceremony.services().map(|(kind, _, made)| (kind, made)));
        for (kind, made) in parts {
            let profile = self.settings.profiles.profile(kind).map_err(IssueError::from)?;
            let name = made.subject.name(profile).map_err(ComposeError::from);
            let name = name.map_err(IssueError::from)?;
            transcript.tell(
                now,
                &format!("{kind}: a key {} and a certificate for {name}", made.algorithm),
            );
        }
        Ok(transcript)
    }

    /// Holds the ceremony.
    pub async fn hold(&self, ceremony: &Ceremony, root: &RootToken) -> Result<Transcript, CeremonyError> {
        self.not_held(ceremony).await?;
        let mut transcript = Transcript::new(ceremony, self.clock.now());
        let anchor = self.certify_root(ceremony, root).await?;
        transcript.certificate(self.clock.now(), "the root", &anchor);
        let issuing = self.certify_issuing(
            ceremony.statement(CertificateKind::Issuing),
            &ceremony.issuing,
            root,
        );
        transcript.certificate(self.clock.now(), "the issuing authority", &issuing.await?);
        self.root_list(root).await?;
        transcript.tell(self.clock.now(), "the root's revocation list was made");
        self.reload().await?;
        for (kind, key, made) in ceremony.services() {
            let issued = self
                .certify_part(ceremony.statement(kind), (kind, key), made)
                .await?;
            transcript.certificate(self.clock.now(), kind.name(), &issued);
        }
        self.reload().await?;
        self.make_all_lists().await?;
        transcript.tell(
            self.clock.now(),
            "the issuing authority's revocation lists were made",
        );
        Ok(transcript)
    }

    /// A new key and certificate for issuing; the old authority stays for what it issued.
    pub async fn roll_over(
        &self,
        (statement, made): (Id<word::Statement>, &Made),
        root: &RootToken,
    ) -> Result<CertificateRecord, CeremonyError> {
        let issued = self.certify_issuing(statement, made, root).await?;
        self.reload().await?;
        self.renew_due().await.map_err(|error| match error {
            super::RenewError::Issue(error) => CeremonyError::Issue(error),
            super::RenewError::House(error) => CeremonyError::House(error),
            super::RenewError::Key(error) => CeremonyError::Key(error),
            super::RenewError::Public(error) => CeremonyError::Public(error),
            super::RenewError::Kind(kind) | super::RenewError::Never(kind) => {
                CeremonyError::Issue(IssueError::Ceremony(kind))
            }
        })?;
        self.make_all_lists().await?;
        Ok(issued)
    }

    async fn make_all_lists(&self) -> Result<(), CeremonyError> {
        for scope in self.scopes() {
            // The first turn makes the base, the second its delta, which certificates name from the first day on.
            while self.refresh_lists(scope).await? {}
        }
        Ok(())
    }

    /// Refuses a ceremony where another was held, or this one was finished; whether this one was begun.
    pub async fn not_held(&self, ceremony: &Ceremony) -> Result<bool, CeremonyError> {
        let search = Search {
            kind: Some(CertificateKind::Root),
            most: 1,
            ..Search::default()
        };
        let ours = ceremony.statement(CertificateKind::Root);
        let Some(root) = self.store.certificates(&search).await?.pop() else {
            return Ok(false);
        };
        if root.statement != ours {
            return Err(CeremonyError::Held(root.serial));
        }
        let last = ceremony.statement(CertificateKind::Ledger);
        let last = self.store.certificate_by_statement(last).await?;
        match last.map(|record| record.state) {
            None | Some(State::Prepared) => Ok(true),
            Some(State::Good { .. } | State::Held { .. } | State::Revoked { .. }) => {
                Err(CeremonyError::Done(root.serial))
            }
        }
    }

    async fn certify_root(
        &self,
        ceremony: &Ceremony,
        root: &RootToken,
    ) -> Result<CertificateRecord, CeremonyError> {
        let key = root.key().await?;
        let statement = ceremony.statement(CertificateKind::Root);
        let request = request((statement, CertificateKind::Root), &ceremony.root, key.clone());
        self.certify_by_root((&request, key), Signer::Itself, root).await
    }

    async fn certify_issuing(
        &self,
        statement: Id<word::Statement>,
        made: &Made,
        root: &RootToken,
    ) -> Result<CertificateRecord, CeremonyError> {
        let key = self.key_of(statement, ServiceKey::Issuing, made).await?;
        self.reload().await?;
        let house = self.house();
        let anchor = house.root().ok_or(IssueError::NoAuthority)?;
        let request = request((statement, CertificateKind::Issuing), made, key.clone());
        self.certify_by_root((&request, key), Signer::Issuer(anchor), root)
            .await
    }

    async fn certify_part(
        &self,
        statement: Id<word::Statement>,
        (kind, key): (CertificateKind, ServiceKey),
        made: &Made,
    ) -> Result<CertificateRecord, CeremonyError> {
        let key = self.key_of(statement, key, made).await?;
        Ok(self.issue(request((statement, kind), made, key)).await?)
    }

    /// The key of a step: the one that was intended, if the token has it, else a new one.
    async fn key_of(
        &self,
        statement: Id<word::Statement>,
        key: ServiceKey,
        made: &Made,
    ) -> Result<PublicKey, CeremonyError> {
        let Some(record) = self.store.certificate_by_statement(statement).await? else {
            let (_, public) = self.hsm.make_service_key(key, made.algorithm).await?;
            return Ok(PublicKey::from_der(&public)?);
        };
        let keys = self.hsm.status().await.map_err(HouseError::from)?.service_keys;
        let found = keys
            .iter()
            .find(|(name, _, public)| *name == key && sha256(public) == record.key_sha256);
        let (_, _, public) = found.ok_or(IssueError::Altered(record.serial))?;
        Ok(PublicKey::from_der(public)?)
    }

    /// Intends and signs a certificate with the root's key, or finishes what was intended.
    async fn certify_by_root(
        &self,
        (request, key): (&IssueRequest, PublicKey),
        signer: Signer<'_>,
        root: &RootToken,
    ) -> Result<CertificateRecord, CeremonyError> {
        let demand = Demand::new(request, key);
        let known = self.store.certificate_by_statement(request.statement).await?;
        let record = if let Some(record) = known {
            record
        } else {
            let now = self.clock.now();
            let serial = Serial::from_random(random());
            let linted = self.compose(&demand, signer, serial, now)?;
            let record = demand.record(serial, (0, 0), &linted, now);
            let position = self.intend(record.clone(), [0; 32], now).await?;
            CertificateRecord { position, ..record }
        };
        if record.state != State::Prepared {
            return Ok(record);
        }
        let linted = self.intended(&record, &demand, signer)?;
        let der = root
            .sign(linted.to_sign().clone(), &root.key().await?)
            .await?
            .into_der();
        // Reads it back as everybody will.
        Issuer::new(&der, 0)?;
        Ok(self.keep_issued(record, der).await?)
    }
}

fn request(
    (statement, kind): (Id<word::Statement>, CertificateKind),
    made: &Made,
    key: PublicKey,
) -> IssueRequest {
    IssueRequest {
        statement,
        kind,
        subject: made.subject.clone(),
        key: KeySource::Given(key),
        hosts: Vec::new(),
        published: true,
        issuer: None,
    }
}
