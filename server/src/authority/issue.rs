//! Issuing: intend, sign, keep, tell the boundary. R134, R139.

use ca::{
    CertificateRecord, ComposeError, Event, Findings, Holder, Order, Serial, Signer, State, Subject, lint,
};
use domain::{CertificateKind, Id, LeafKind, Time, hexadecimal, sha256, word};
use hsm::{CertificateChange, CertifyError, CertifyRequest, Clock, Journal as _, Service, ServiceKey};
use pki::{PublicKey, ToSign};
use policies::CertificatesError;
use store::{Intention, Issue};

use super::{Authority, SignError, StoreError, random, salt};

/// A demand for a certificate.
#[derive(Clone, Debug)]
pub struct IssueRequest {
    /// The signed demand; it leads to one certificate, however often it is brought.
    pub statement: Id<word::Statement>,
    /// What for.
    pub kind: CertificateKind,
    /// Whom.
    pub subject: Subject,
    /// The Client's key behind the HSM, if it is one.
    pub credential: Option<Id<word::Credential>>,
    /// Which key.
    pub key: PublicKey,
    /// Names of a TLS server.
    pub hosts: Vec<String>,
    /// Whether the owner agreed that the certificate is published.
    pub published: bool,
    /// By which generation of the issuing authority; the newest if absent.
    pub issuer: Option<u32>,
}

/// No certificate was issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// There is no authority to issue it.
    #[error("there is no issuing authority; hold the ceremony first: tamga ca ceremony FILE")]
    NoAuthority,
    /// That is made in a ceremony only.
    #[error("a certificate of the kind {0} is made in a ceremony, not on demand")]
    Ceremony(CertificateKind),
    /// The demand led to another certificate.
    #[error("this statement already led to the certificate {0}, which is of another kind or key")]
    StatementSpent(Serial),
    /// The Client's key does not fit.
    #[error("the credential is not known, or its key or its owner is not the one to be certified")]
    Credential,
    /// It cannot be written.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// There is no profile.
    #[error(transparent)]
    Profile(#[from] CertificatesError),
    /// It would break rules.
    #[error(transparent)]
    Lint(#[from] Findings),
    /// It was not signed; asking again finishes it.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// It was issued, but the boundary does not take it yet; asking again finishes it.
    #[error("the certificate was issued, but the boundary does not take it: {0}")]
    Certify(#[from] CertifyError),
    /// The registry fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<S: Service, C: Clock> Authority<S, C> {
    /// Issues a certificate. Bringing the same statement again gives the same certificate and finishes what was cut off.
    pub async fn issue(&self, request: IssueRequest) -> Result<CertificateRecord, IssueError> {
        if let Some(record) = self.store.certificate_by_statement(request.statement).await? {
            return self.again(record, &request).await;
        }
        match request.kind {
            CertificateKind::Root | CertificateKind::Issuing => Err(IssueError::Ceremony(request.kind)),
            _ => {
                let now = self.clock.now();
                let (record, pseudonym) = self.prepare(&request, now).await?;
                match self.intend(record.clone(), pseudonym, now).await {
                    Ok(position) => self.complete(CertificateRecord { position, ..record }).await,
                    // Somebody brought the same statement at the same moment.
                    Err(error) => match self.store.certificate_by_statement(request.statement).await? {
                        Some(record) => self.again(record, &request).await,
                        None => Err(error.into()),
                    },
                }
            }
        }
    }

    async fn again(
        &self,
        record: CertificateRecord,
        request: &IssueRequest,
    ) -> Result<CertificateRecord, IssueError> {
        let same = record.kind == request.kind && record.key_sha256 == sha256(request.key.der());
        if same {
            self.complete(record).await
        } else {
            Err(IssueError::StatementSpent(record.serial))
        }
    }

    /// Everything that needs no signature: content, lint, record.
    async fn prepare(
        &self,
        request: &IssueRequest,
        now: Time,
    ) -> Result<(CertificateRecord, [u8; 32]), IssueError> {
        let pseudonym = match request.credential {
            None => [0; 32],
            Some(id) => self.owner(id, request).await?,
        };
        let house = self.house();
        let issuer = match request.issuer {
            None => house.issuing(),
            Some(generation) => house.generation(generation),
        };
        let issuer = issuer.ok_or(IssueError::NoAuthority)?;
        let order = Order {
            kind: request.kind,
            subject: request.subject.clone(),
            key: request.key.clone(),
            hosts: request.hosts.clone(),
        };
        let serial = Serial::from_random(random());
        let profile = self.settings.profiles.profile(request.kind)?;
        let signer = Signer::Issuer(issuer);
        let prepared = order.compose(profile, (signer, &self.settings.places), serial, now)?;
        let linted = lint(prepared, profile, signer)?;
        let record = record(
            (request, serial),
            (issuer.generation(), self.settings.places.shard(&serial)),
            linted.to_sign(),
            now,
        );
        Ok((record, pseudonym))
    }

    /// The pseudonym of a Credential's owner, if key and owner are those of the demand.
    async fn owner(&self, id: Id<word::Credential>, request: &IssueRequest) -> Result<[u8; 32], IssueError> {
        let row = self.store.credential(id).await?.ok_or(IssueError::Credential)?;
        let fits =
            row.record.public_key == request.key.der() && request.subject.iin == Some(row.record.client);
        if fits {
            Ok(row.record.pseudonym)
        } else {
            Err(IssueError::Credential)
        }
    }

    pub(super) async fn intend(
        &self,
        record: CertificateRecord,
        pseudonym: [u8; 32],
        now: Time,
    ) -> Result<u64, StoreError> {
        let event = Event::Intended {
            certificate: record.id,
            serial: record.serial.to_string(),
            kind: record.kind,
            statement: record.statement,
            content_sha256: hexadecimal(&sha256(&record.content)),
        };
        let leaf = event.leaf(LeafKind::Intended, (record.holder, pseudonym), now, salt());
        self.store.intend(Intention { record, leaf }).await
    }

    /// Signs what was intended, if it is not signed yet, and tells the boundary.
    pub async fn complete(&self, mut record: CertificateRecord) -> Result<CertificateRecord, IssueError> {
        if record.state == State::Prepared {
            let der = self.sign_intended(&record).await?;
            let event = Event::Issued {
                certificate: record.id,
                certificate_sha256: hexadecimal(&sha256(&der)),
            };
            let pseudonym = self.pseudonym(&record).await?;
            let leaf = event.leaf(
                LeafKind::Issued,
                (record.holder, pseudonym),
                self.clock.now(),
                salt(),
            );
            let issue = Issue {
                id: record.id,
                der: der.clone(),
                leaf,
            };
            match self.store.issue(issue).await {
                Ok(position) => {
                    record = CertificateRecord {
                        der: Some(der),
                        state: State::Good { released: None },
                        position,
                        ..record
                    };
                }
                // Another hand finished it first: its signature is the one that counts.
                Err(StoreError::Conflict) => {
                    record = self
                        .store
                        .certificate(record.id)
                        .await?
                        .ok_or(StoreError::Conflict)?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        if let (Some(credential), Some(der), State::Good { .. }) =
            (record.holder.credential, &record.der, record.state)
        {
            let change = CertificateChange::Issued(der.clone());
            self.hsm.certify(CertifyRequest { credential, change }).await?;
        }
        Ok(record)
    }

    async fn sign_intended(&self, record: &CertificateRecord) -> Result<Vec<u8>, IssueError> {
        let house = self.house();
        let issuer = house.generation(record.issuer).ok_or(IssueError::NoAuthority)?;
        let profile = self.settings.profiles.profile(record.kind)?;
        // The registry's bytes are held against the rules once more: somebody may have edited the row.
        let prepared = ToSign::new(record.content.clone(), issuer.profile());
        let linted = lint(prepared, profile, Signer::Issuer(issuer))?;
        let raw = self
            .raw((ServiceKey::Issuing, issuer.generation()), linted.to_sign())
            .await?;
        let der = linted.finish(&raw, issuer.key()).map_err(SignError::from)?;
        Ok(der)
    }

    /// The name of a certificate's owner in the Ledger.
    pub(super) async fn pseudonym(&self, record: &CertificateRecord) -> Result<[u8; 32], StoreError> {
        match record.holder.credential {
            None => Ok([0; 32]),
            Some(id) => Ok(self
                .store
                .credential(id)
                .await?
                .map_or([0; 32], |row| row.record.pseudonym)),
        }
    }
}

/// The registry's row of an intention.
pub(super) fn record(
    (request, serial): (&IssueRequest, Serial),
    (issuer, shard): (u32, u16),
    prepared: &ToSign,
    now: Time,
) -> CertificateRecord {
    let (not_before, not_after) = validity(prepared.content()).unwrap_or((now, now));
    CertificateRecord {
        id: Id::from_random(now, random()),
        serial,
        kind: request.kind,
        issuer,
        shard,
        holder: Holder {
            iin: request.subject.iin,
            bin: request.subject.bin,
            credential: request.credential,
        },
        key_sha256: sha256(request.key.der()),
        statement: request.statement,
        content: prepared.content().to_vec(),
        der: None,
        not_before,
        not_after,
        published: request.published,
        state: State::Prepared,
        position: 0,
    }
}

fn validity(content: &[u8]) -> Option<(Time, Time)> {
    use der::Decode;
    let content = pki::x509_cert::TbsCertificate::from_der(content).ok()?;
    let moment = |time: pki::x509_cert::time::Time| {
        i64::try_from(time.to_unix_duration().as_secs())
            .ok()
            .map(Time::from_unix_seconds)
    };
    let validity = content.validity();
    Some((moment(validity.not_before)?, moment(validity.not_after)?))
}
