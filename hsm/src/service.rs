//! [`Service`]: everything that can be asked of the boundary. There is no operation that signs for a Client
//! without a Sad.

use core::future::Future;

use domain::{Id, Nonce, Purpose, Sealed, SignatureProfile, SignedChallenge, SignedReceipt, Time, word};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    ActivateError, CertifyError, ChallengeError, DestroyError, EnrolError, KeyRole, RotateError, ServiceKey,
    ServiceKeyError, SignAsError, SignedBatch, ToBeSigned, Unavailable,
};

/// The boundary, near or far.
pub trait Service: Send + Sync {
    /// A signed nonce for one Session and one purpose.
    fn challenge(
        &self,
        request: ChallengeRequest,
    ) -> impl Future<Output = Result<SignedChallenge, ChallengeError>> + Send;

    /// Makes a key for a proven Client. Asking again with the same Enrolment gives the same receipt. R007, R130.
    fn enrol(&self, request: EnrolRequest) -> impl Future<Output = Result<Enrolled, EnrolError>> + Send;

    /// Binds a certificate to a Credential, or changes its state.
    fn certify(&self, request: CertifyRequest) -> impl Future<Output = Result<(), CertifyError>> + Send;

    /// Signs all that is listed, or nothing. R123, R124, R129.
    fn activate(
        &self,
        request: ActivateRequest,
    ) -> impl Future<Output = Result<SignedBatch, ActivateError>> + Send;

    /// What became of an Activation whose answer was lost.
    fn outcome(&self, nonce: Nonce) -> impl Future<Output = Result<Outcome, Unavailable>> + Send;

    /// Destroys a Client's key; doing so twice is no error. R138.
    fn destroy(&self, request: DestroyRequest) -> impl Future<Output = Result<(), DestroyError>> + Send;

    /// Signs a digest with a service key.
    fn sign_as(&self, request: SignAsRequest) -> impl Future<Output = Result<Vec<u8>, SignAsError>> + Send;

    /// Makes a service key, or a new version of it: version and DER `SubjectPublicKeyInfo`.
    fn make_service_key(
        &self,
        key: ServiceKey,
        algorithm: domain::KeyAlgorithm,
    ) -> impl Future<Output = Result<(u32, Vec<u8>), ServiceKeyError>> + Send;

    /// A new version of a resident key, or one more step of moving what hangs on the old one.
    fn rotate(&self, request: RotateRequest) -> impl Future<Output = Result<Rotation, RotateError>> + Send;

    /// Wraps a document key: the version of the wrapping key and the blob.
    fn wrap_document_key(
        &self,
        key: Zeroizing<[u8; 32]>,
    ) -> impl Future<Output = Result<(u32, Vec<u8>), Unavailable>> + Send;

    /// Unwraps a document key.
    fn unwrap_document_key(
        &self,
        version: u32,
        blob: Vec<u8>,
    ) -> impl Future<Output = Result<Zeroizing<[u8; 32]>, Unavailable>> + Send;

    /// How the boundary is.
    fn status(&self) -> impl Future<Output = Result<Status, Unavailable>> + Send;
}

/// Asks for a challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeRequest {
    /// For which Session.
    pub session: Id<word::Session>,
    /// For what.
    pub purpose: Purpose,
}

/// Asks for a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// `identity`'s word that the Client was proven.
    pub assertion: String,
    /// The challenge that the device answered.
    pub nonce: Nonce,
    /// The device's Enrolment.
    pub enrolment: Sealed,
}

/// A key was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The new Credential.
    pub credential: Id<word::Credential>,
    /// Its public key, DER `SubjectPublicKeyInfo`.
    pub public_key: Vec<u8>,
    /// The boundary's signed word for it, on which a certificate is issued.
    pub receipt: SignedReceipt,
}

/// Tells the boundary about a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertifyRequest {
    /// Whose.
    pub credential: Id<word::Credential>,
    /// What happened to it.
    pub change: CertificateChange,
}

/// What happened to a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertificateChange {
    /// It was issued; its DER.
    Issued(Vec<u8>),
    /// It was put on hold.
    Held,
    /// It was released from hold.
    Released,
}

/// Asks for signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivateRequest {
    /// `identity`'s word that the Client was proven.
    pub assertion: String,
    /// The challenge that the device answered.
    pub nonce: Nonce,
    /// The device's Sad.
    pub sad: Sealed,
    /// How to sign.
    pub profile: SignatureProfile,
    /// What to sign: the Documents that each structure covers, in order, and the structure.
    pub list: Vec<(Vec<Id<word::Document>>, ToBeSigned)>,
}

/// What became of an Activation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// No attempt was ever reserved for this nonce.
    Unknown,
    /// It is under way.
    Pending,
    /// It signed; here are the signatures again.
    Signed(SignedBatch),
    /// It ended without a signature.
    Failed,
}

/// Asks to destroy a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestroyRequest {
    /// Which.
    pub credential: Id<word::Credential>,
    /// Why.
    pub reason: DestroyReason,
}

/// Why a key is destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DestroyReason {
    /// Its certificate was revoked.
    Revoked,
    /// Its certificate expired.
    Expired,
    /// No certificate was issued for it.
    Abandoned,
}

/// Asks a service key to sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignAsRequest {
    /// Which key.
    pub key: ServiceKey,
    /// Which version of it; the newest if absent. An authority that was rolled over still signs for its old certificates.
    pub version: Option<u32>,
    /// How.
    pub profile: SignatureProfile,
    /// What.
    pub digest: domain::Digest,
}

/// Asks to rotate a resident key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RotateRequest {
    /// A new version for new keys; `Kdk`, `Kek`, `Activation` or `Documents`.
    Renew(KeyRole),
    /// Moves up to this many verifiers to the newest `kek`.
    RewrapVerifiers {
        /// At most how many in this step.
        most: u32,
    },
}

/// How far a rotation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    /// The newest version.
    pub version: u32,
    /// How many were moved so far in this job.
    pub done: u64,
    /// How many are left.
    pub left: u64,
}

/// How the boundary is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The token's description of itself.
    pub token: String,
    /// Whether a known key signs right now.
    pub healthy: bool,
    /// What this token cannot do, in words.
    pub missing: Vec<String>,
    /// Worker processes alive.
    pub workers: u32,
    /// Workers replaced since the start, by plan or after a crash.
    pub replaced: u64,
    /// Largest resident memory of a worker, in KiB.
    pub worker_memory_kib: u64,
    /// Entries of the Ledger so far.
    pub leaves: u64,
    /// The keys that sign for the house: name and DER `SubjectPublicKeyInfo`.
    pub service_keys: Vec<(ServiceKey, u32, Vec<u8>)>,
    /// The boundary's own time.
    pub time: Time,
}
