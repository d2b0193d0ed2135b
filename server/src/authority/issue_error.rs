//! Why no certificate was issued.

use ca::{ComposeError, Findings, Serial};
use domain::{CertificateKind, JwsError};
use hsm::{CertifyError, Unavailable};
use pki::KeyError;
use policies::CertificatesError;

use super::{SignError, StoreError};

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
    #[error("this statement already led to the certificate {0}, which is of another kind, key or owner")]
    StatementSpent(Serial),
    /// What would be signed now is not what was intended.
    #[error(
        "the certificate {0} was intended with another content: its profile changed since, or the registry was \
         altered; issue on a new statement"
    )]
    Altered(Serial),
    /// The profile promises a key behind the HSM.
    #[error(
        "a certificate of the kind {0} is for a key behind the HSM, and is issued in a session, on its receipt"
    )]
    NoReceipt(CertificateKind),
    /// A service of the house with a stranger's key.
    #[error("a certificate of the kind {0} is for a key of this house on its token, not for any other")]
    NotOfHouse(CertificateKind),
    /// The key is certified already.
    #[error("this key is certified already; a new certificate takes a new key")]
    KeyCertified,
    /// The boundary does not answer.
    #[error("the boundary does not answer: {0}")]
    Boundary(#[from] Unavailable),
    /// The profile does not promise a key behind the HSM.
    #[error("a certificate of the kind {0} is not for a Client's key behind the HSM")]
    NoneBehind(CertificateKind),
    /// The receipt is not the boundary's.
    #[error("the receipt for the key is not the boundary's: {0}")]
    Receipt(#[from] JwsError),
    /// The Client's key does not fit.
    #[error("the credential is not known, or its owner is not the one to be certified")]
    Credential,
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
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
