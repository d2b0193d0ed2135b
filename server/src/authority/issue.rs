//! Issuing: intend, sign, keep, tell the boundary.

use ca::{
    CertificateRecord, ComposeError, Event, Holder, Issuer, Linted, Order, Serial, Signer, State, Subject,
    lint,
};
use domain::{CertificateKind, Id, LeafKind, SignedReceipt, Time, from_base64url, hexadecimal, sha256, word};
use hsm::{CertificateChange, CertifyRequest, Clock, Journal as _, Service, ServiceKey};
use pki::{PublicKey, x509_cert::name::Name};
use store::{Intention, Issue};

use super::{Authority, IssueError, SignError, StoreError, house::house_key, random, salt};

/// A demand for a certificate.
#[derive(Clone, Debug)]
pub struct IssueRequest {
    /// The signed demand; it leads to one certificate, however often it is brought.
    pub statement: Id<word::Statement>,
    /// What for.
    pub kind: CertificateKind,
    /// Whom.
    pub subject: Subject,
    /// Which key.
    pub key: KeySource,
    /// Names of a TLS server.
    pub hosts: Vec<String>,
    /// Whether the owner agreed that the certificate is published.
    pub published: bool,
    /// By which generation of the issuing authority; the newest if absent.
    pub issuer: Option<u32>,
}

/// Where the key that is certified comes from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// A Client's, behind the HSM, on the boundary's word: the owner passed biometric authentication first. R084.
    Receipt(SignedReceipt),
    /// Somebody's own; for services of the house, one of the house's own keys on the token.
    Given(PublicKey),
}

/// A demand whose key is known, and whose it is.
pub(super) struct Demand<'a> {
    pub(super) request: &'a IssueRequest,
    pub(super) order: Order,
    credential: Option<Id<word::Credential>>,
}

impl<'a> Demand<'a> {
    /// A demand for a key that is nobody's Credential.
    pub(super) fn new(request: &'a IssueRequest, key: PublicKey) -> Self {
        Self {
            request,
            order: Order {
                kind: request.kind,
                subject: request.subject.clone(),
                key,
                hosts: request.hosts.clone(),
            },
            credential: None,
        }
    }
}

impl<S: Service, C: Clock> Authority<S, C> {
    /// Issues a certificate. Bringing the same statement again gives the same certificate and finishes what was cut off.
    pub async fn issue(&self, request: IssueRequest) -> Result<CertificateRecord, IssueError> {
        if let CertificateKind::Root | CertificateKind::Issuing = request.kind {
            return Err(IssueError::Ceremony(request.kind));
        }
        let now = self.clock.now();
        let demand = self.understand(&request, now).await?;
        if let Some(record) = self.store.certificate_by_statement(request.statement).await? {
            return self.again(record, &demand).await;
        }
        let (record, pseudonym) = self.prepare(&demand, now).await?;
        match self.intend(record.clone(), pseudonym, now).await {
            Ok(position) => {
                self.complete(CertificateRecord { position, ..record }, &demand)
                    .await
            }
            // Somebody brought the same statement at the same moment.
            Err(error) => match self.store.certificate_by_statement(request.statement).await? {
                Some(record) => self.again(record, &demand).await,
                None if matches!(error, StoreError::Conflict) => Err(IssueError::KeyCertified),
                None => Err(error.into()),
            },
        }
    }

    /// Whose key it is. A certificate that promises a key behind the HSM is issued on the boundary's receipt alone.
    async fn understand<'a>(&self, request: &'a IssueRequest, now: Time) -> Result<Demand<'a>, IssueError> {
        let behind = request.kind.behind_hsm();
        match &request.key {
            KeySource::Given(key) if request.kind.of_house() => {
                let keys = self.hsm.status().await?.service_keys;
                let known = |(name, _, public): &(ServiceKey, u32, Vec<u8>)| {
                    Some(*name) == house_key(request.kind) && public == key.der()
                };
                if keys.iter().any(known) {
                    Ok(Demand::new(request, key.clone()))
                } else {
                    Err(IssueError::NotOfHouse(request.kind))
                }
            }
            KeySource::Given(key) if !behind => Ok(Demand::new(request, key.clone())),
            KeySource::Receipt(signed) if behind => {
                let receipt = signed.verify(&self.settings.root, now)?;
                if request.subject.iin != Some(receipt.client) {
                    return Err(IssueError::Credential);
                }
                let key = from_base64url(&receipt.public_key).unwrap_or_default();
                let mut demand = Demand::new(request, PublicKey::from_der(&key)?);
                demand.credential = Some(receipt.credential);
                Ok(demand)
            }
            KeySource::Given(_) => Err(IssueError::NoReceipt(request.kind)),
            KeySource::Receipt(_) => Err(IssueError::NoneBehind(request.kind)),
        }
    }

    pub(super) async fn again(
        &self,
        record: CertificateRecord,
        demand: &Demand<'_>,
    ) -> Result<CertificateRecord, IssueError> {
        let profile = self.settings.profiles.profile(record.kind)?;
        let named = demand.order.subject.name(profile).map_err(ComposeError::from)?;
        let same = record.kind == demand.request.kind
            && record.key_sha256 == sha256(demand.order.key.der())
            && record.holder == demand.holder()
            // What is not signed yet is composed anew and compared as a whole.
            && (record.state == State::Prepared || subject_of(&record.content) == Some(named));
        if same {
            self.complete(record, demand).await
        } else {
            Err(IssueError::StatementSpent(record.serial))
        }
    }

    /// Everything that needs no signature: content, lint, record.
    async fn prepare(
        &self,
        demand: &Demand<'_>,
        now: Time,
    ) -> Result<(CertificateRecord, [u8; 32]), IssueError> {
        let house = self.house();
        let issuer = match demand.request.issuer {
            None => house.issuing(),
            Some(generation) => house.generation(generation),
        };
        let issuer = issuer.ok_or(IssueError::NoAuthority)?;
        let serial = Serial::from_random(random());
        let linted = self.compose(demand, Signer::Issuer(issuer), serial, now)?;
        let record = demand.record(
            serial,
            (issuer.generation(), self.settings.places.shard(&serial)),
            &linted,
            now,
        );
        let pseudonym = self.pseudonym(&record).await?.ok_or(IssueError::Credential)?;
        Ok((record, pseudonym))
    }

    /// The content of a certificate, held against the rules. The same at every time for the same arguments.
    pub(super) fn compose(
        &self,
        demand: &Demand<'_>,
        signer: Signer<'_>,
        serial: Serial,
        now: Time,
    ) -> Result<Linted, IssueError> {
        let profile = self.settings.profiles.profile(demand.request.kind)?;
        let prepared = demand
            .order
            .compose(profile, (signer, &self.settings.places), serial, now)?;
        Ok(lint(prepared, profile, signer)?)
    }

    /// The content of what was intended: composed anew, never taken from the registry, where somebody may have edited
    /// it.
    pub(super) fn intended(
        &self,
        record: &CertificateRecord,
        demand: &Demand<'_>,
        signer: Signer<'_>,
    ) -> Result<Linted, IssueError> {
        let linted = self.compose(demand, signer, record.serial, record.id.time())?;
        if linted.to_sign().content() == record.content {
            Ok(linted)
        } else {
            Err(IssueError::Altered(record.serial))
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
        let leaf = event.leaf(LeafKind::Intended, (record.holder, pseudonym), now, salt())?;
        self.store.intend(Intention { record, leaf }).await
    }

    /// Signs what was intended, if it is not signed yet, and tells the boundary.
    async fn complete(
        &self,
        mut record: CertificateRecord,
        demand: &Demand<'_>,
    ) -> Result<CertificateRecord, IssueError> {
        if record.state == State::Prepared {
            let house = self.house();
            let issuer: &Issuer = house.generation(record.issuer).ok_or(IssueError::NoAuthority)?;
            let linted = self.intended(&record, demand, Signer::Issuer(issuer))?;
            let raw = self
                .raw((ServiceKey::Issuing, issuer.generation()), linted.to_sign())
                .await?;
            let der = linted.finish(&raw, issuer.key()).map_err(SignError::from)?;
            record = self.keep_issued(record, der).await?;
        }
        if let (Some(credential), Some(der), State::Good { .. }) =
            (record.holder.credential, &record.der, record.state)
        {
            let change = CertificateChange::Issued(der.clone());
            self.hsm.certify(CertifyRequest { credential, change }).await?;
        }
        Ok(record)
    }

    /// Keeps a signed certificate with its witness.
    pub(super) async fn keep_issued(
        &self,
        record: CertificateRecord,
        der: Vec<u8>,
    ) -> Result<CertificateRecord, StoreError> {
        let event = Event::Issued {
            certificate: record.id,
            certificate_sha256: hexadecimal(&sha256(&der)),
        };
        let pseudonym = self.pseudonym(&record).await?.unwrap_or_default();
        let now = self.clock.now();
        let leaf = event.leaf(LeafKind::Issued, (record.holder, pseudonym), now, salt())?;
        let issue = Issue {
            id: record.id,
            der: der.clone(),
            leaf,
        };
        match self.store.issue(issue).await {
            Ok(position) => Ok(CertificateRecord {
                der: Some(der),
                state: State::Good { released: None },
                position,
                ..record
            }),
            // Another hand finished it first: its signature is the one that counts.
            Err(StoreError::Conflict) => {
                let kept = self.store.certificate(record.id).await?;
                kept.ok_or(StoreError::Conflict)
            }
            Err(error) => Err(error),
        }
    }

    /// The name of a certificate's owner in the Ledger; none if the Credential is not known.
    pub(super) async fn pseudonym(&self, record: &CertificateRecord) -> Result<Option<[u8; 32]>, StoreError> {
        match record.holder.credential {
            None => Ok(Some([0; 32])),
            Some(id) => Ok(self.store.credential(id).await?.map(|row| row.record.pseudonym)),
        }
    }
}

impl Demand<'_> {
    fn holder(&self) -> Holder {
        Holder {
            iin: self.request.subject.iin,
            bin: self.request.subject.bin,
            credential: self.credential,
        }
    }

    /// The registry's row of an intention.
    pub(super) fn record(
        &self,
        serial: Serial,
        (issuer, shard): (u32, u16),
        linted: &Linted,
        now: Time,
    ) -> CertificateRecord {
        let (not_before, not_after) = linted.validity();
        CertificateRecord {
            id: Id::from_random(now, random()),
            serial,
            kind: self.request.kind,
            issuer,
            shard,
            holder: self.holder(),
            key_sha256: sha256(self.order.key.der()),
            statement: self.request.statement,
            content: linted.to_sign().content().to_vec(),
            der: None,
            not_before,
            not_after,
            published: self.request.published,
            state: State::Prepared,
            position: 0,
        }
    }
}

/// The subject that an intention names.
fn subject_of(content: &[u8]) -> Option<Name> {
    use der::Decode;
    let content = pki::x509_cert::TbsCertificate::from_der(content).ok()?;
    Some(content.subject().clone())
}
