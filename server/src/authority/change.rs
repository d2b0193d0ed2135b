//! Hold, release, revoke: the registry first, so that the world knows at once; then the boundary, where the key is.
//! R138.

use ca::{CertificateRecord, Event, State, StateError, Step};
use domain::{CertificateKind, Id, LeafKind, word};
use hsm::{
    Certificate as Bound, CertificateChange, CertifyError, CertifyRequest, Clock, DestroyError,
    DestroyReason, DestroyRequest, Journal as _, Service,
};
use pki::crl::{Entry, Reason};
use store::CertificateStep;

use super::{Authority, IssueError, IssueRequest, StoreError, salt};

/// What shall become of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// On hold.
    Hold,
    /// Released from hold.
    Release,
    /// Revoked, for this reason.
    Revoke(Reason),
}

/// The change was not made, or not finished.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such certificate.
    #[error("no certificate of this authority has that id or number")]
    Unknown,
    /// The root says itself whether it is good.
    #[error(
        "the root cannot be revoked or held: nobody stands above it; take it out of the verifiers' trust instead"
    )]
    Root,
    /// Its state does not allow it.
    #[error(transparent)]
    State(#[from] StateError),
    /// It changed at the same moment, again and again.
    #[error("the certificate is being changed by others; try again")]
    Busy,
    /// The world knows, but the boundary does not follow yet; asking again finishes it, and a job does too.
    #[error("the change is published, but the boundary does not follow: {0}")]
    Certify(#[from] CertifyError),
    /// The same, for a key that must be destroyed.
    #[error("the certificate is revoked, but its key could not be destroyed yet: {0}; a job tries again")]
    Destroy(#[from] DestroyError),
    /// It cannot be encoded.
    #[error("the entry of the revocation list cannot be encoded: {0}")]
    Der(#[from] der::Error),
    /// The registry fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Tries against others who change the same certificate.
const TRIES: usize = 5;

impl<S: Service, C: Clock> Authority<S, C> {
    /// Changes a certificate's state on a demand. Asking twice is once.
    pub async fn change(
        &self,
        id: Id<word::Certificate>,
        wish: Wish,
        demand: Id<word::Statement>,
    ) -> Result<CertificateRecord, ChangeError> {
        for _ in 0..TRIES {
            let record = self.store.certificate(id).await?.ok_or(ChangeError::Unknown)?;
            if record.kind == CertificateKind::Root {
                return Err(ChangeError::Root);
            }
            match self.step(record, wish, demand).await {
                Err(ChangeError::Store(StoreError::Conflict)) => {}
                Ok(record) => {
                    self.follow(record.id).await?;
                    return Ok(record);
                }
                Err(error) => return Err(error),
            }
        }
        Err(ChangeError::Busy)
    }

    async fn step(
        &self,
        record: CertificateRecord,
        wish: Wish,
        demand: Id<word::Statement>,
    ) -> Result<CertificateRecord, ChangeError> {
        let now = self.clock.now();
        let (step, kind) = match wish {
            Wish::Hold => (record.state.hold(now)?, LeafKind::Held),
            Wish::Release => (record.state.release(now)?, LeafKind::Released),
            Wish::Revoke(reason) => {
                if reason == Reason::CaCompromise && !record.kind.certifies() {
                    return Err(StateError::NotAnAuthority.into());
                }
                (record.state.revoke(now, reason)?, LeafKind::Revoked)
            }
        };
        let Step::To(to) = step else { return Ok(record) };
        let number = record.serial.number()?;
        let entry = match to.status() {
            pki::ocsp::CertStatus::Revoked { at, reason } => Some(Entry::revoked(&number, at, reason)?),
            pki::ocsp::CertStatus::Good | pki::ocsp::CertStatus::Unknown => None,
        };
        let pseudonym = self.pseudonym(&record).await?.unwrap_or_default();
        let event = Event::changed((record.id, &record.serial), to, demand);
        let position = self
            .store
            .step(CertificateStep {
                id: record.id,
                after: record.position,
                to,
                demand,
                entry,
                leaf: event.leaf(kind, (record.holder, pseudonym), now, salt())?,
            })
            .await?;
        self.answers.forget(record.issuer, record.serial);
        self.changed.notify_waiters();
        Ok(CertificateRecord {
            state: to,
            position,
            ..record
        })
    }

    /// Has the boundary follow the registry, whatever was wished: of two who change a certificate at once, the later one
    /// counts for both. A held key does not sign, a revoked one is destroyed.
    pub(crate) async fn follow(&self, id: Id<word::Certificate>) -> Result<(), ChangeError> {
        for _ in 0..TRIES {
            let record = self.store.certificate(id).await?.ok_or(ChangeError::Unknown)?;
            let Some(credential) = record.holder.credential else {
                return Ok(());
            };
            if let State::Revoked { .. } = record.state {
                return self.destroy(record.id, credential).await;
            }
            let bound = self
                .store
                .credential(credential)
                .await?
                .map(|row| row.record.certificate);
            let Some(change) = bound.and_then(|bound| lagging(&record, bound)) else {
                return Ok(());
            };
            self.hsm.certify(CertifyRequest { credential, change }).await?;
        }
        Err(ChangeError::Busy)
    }

    /// Destroys the key of a revoked certificate. R138.
    pub(crate) async fn destroy(
        &self,
        id: Id<word::Certificate>,
        credential: Id<word::Credential>,
    ) -> Result<(), ChangeError> {
        let request = DestroyRequest {
            credential,
            reason: DestroyReason::Revoked,
        };
        match self.hsm.destroy(request).await {
            Ok(()) | Err(DestroyError::NoCredential) => {}
            Err(error) => return Err(error.into()),
        }
        self.store.key_gone(id).await?;
        Ok(())
    }

    /// A new certificate in place of an old one of the same owner, which is revoked after the new one is issued.
    pub async fn reissue(
        &self,
        old: Id<word::Certificate>,
        request: IssueRequest,
    ) -> Result<CertificateRecord, ReissueError> {
        let known = self.store.certificate(old).await.map_err(ChangeError::from)?;
        let known = known.ok_or(ChangeError::Unknown)?;
        if (known.kind, known.holder.iin, known.holder.bin)
            != (request.kind, request.subject.iin, request.subject.bin)
        {
            return Err(ReissueError::AnotherOwner);
        }
        let demand = request.statement;
        let issued = self.issue(request).await?;
        self.change(old, Wish::Revoke(Reason::Superseded), demand).await?;
        Ok(issued)
    }
}

/// A reissue stopped at one of its halves; asking again with the same statement finishes it.
#[derive(Debug, thiserror::Error)]
pub enum ReissueError {
    /// The old certificate is somebody else's.
    #[error("the certificate to be replaced is of another owner or kind; nothing was done")]
    AnotherOwner,
    /// Nothing new was issued; the old certificate stands.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// The new certificate is issued; the old one is not revoked yet.
    #[error("the new certificate is issued, but the old one is not revoked yet: {0}")]
    Change(#[from] ChangeError),
}

/// What the boundary has to hear so that it knows what the registry knows.
fn lagging(record: &CertificateRecord, bound: Bound) -> Option<CertificateChange> {
    match (record.state, bound) {
        (State::Good { .. } | State::Held { .. }, Bound::Awaited) => {
            Some(CertificateChange::Issued(record.der.clone()?))
        }
        (State::Good { .. }, Bound::Held { .. }) => Some(CertificateChange::Released),
        (State::Held { .. }, Bound::Active { .. }) => Some(CertificateChange::Held),
        (State::Good { .. }, Bound::Active { .. })
        | (State::Held { .. }, Bound::Held { .. })
        | (State::Prepared | State::Revoked { .. }, _) => None,
    }
}
