//! Calls and replies, and the operation that each call is authorised as.

use domain::{KeyAlgorithm, Nonce, SignedChallenge};
use serde::{Deserialize, Serialize};

use crate::{
    ActivateError, ActivateRequest, CertifyError, CertifyRequest, ChallengeError, ChallengeRequest,
    DestroyError, DestroyRequest, EnrolError, EnrolRequest, Enrolled, Operation, Outcome, RotateError,
    RotateRequest, Rotation, ServiceKey, ServiceKeyError, SignAsError, SignAsRequest, SignedBatch, Status,
    Unavailable, secret_bytes::SecretBytes,
};

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Call {
    Challenge(ChallengeRequest),
    Enrol(EnrolRequest),
    Certify(CertifyRequest),
    Activate(ActivateRequest),
    Outcome(Nonce),
    Destroy(DestroyRequest),
    SignAs(SignAsRequest),
    MakeServiceKey(ServiceKey, KeyAlgorithm),
    Rotate(RotateRequest),
    WrapDocumentKey(SecretBytes),
    UnwrapDocumentKey(u32, Vec<u8>),
    Status,
}

impl Call {
    /// What the caller must be allowed to do.
    pub(crate) const fn operation(&self) -> Operation {
        match self {
            Self::Challenge(_) => Operation::Challenge,
            Self::Enrol(_) => Operation::Enrol,
            Self::Certify(_) => Operation::Certify,
            Self::Activate(_) => Operation::Activate,
            Self::Outcome(_) => Operation::Outcome,
            Self::Destroy(_) => Operation::Destroy,
            Self::SignAs(request) => Operation::SignAs(request.key),
            Self::MakeServiceKey(..) => Operation::MakeServiceKey,
            Self::Rotate(_) => Operation::Rotate,
            Self::WrapDocumentKey(_) | Self::UnwrapDocumentKey(..) => Operation::DocumentKey,
            Self::Status => Operation::Status,
        }
    }
}

/// What is answered.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Reply {
    Challenge(Result<SignedChallenge, ChallengeError>),
    Enrol(Result<Enrolled, EnrolError>),
    Certify(Result<(), CertifyError>),
    Activate(Result<SignedBatch, ActivateError>),
    Outcome(Result<Outcome, Unavailable>),
    Destroy(Result<(), DestroyError>),
    SignAs(Result<Vec<u8>, SignAsError>),
    MakeServiceKey(Result<(u32, Vec<u8>), ServiceKeyError>),
    Rotate(Result<Rotation, RotateError>),
    WrapDocumentKey(Result<(u32, Vec<u8>), Unavailable>),
    UnwrapDocumentKey(Result<SecretBytes, Unavailable>),
    Status(Result<Status, Unavailable>),
    /// The call was not even heard.
    Unavailable(Unavailable),
}
