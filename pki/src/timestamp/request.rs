//! What somebody wants stamped.

use der::{
    Decode, Encode, Sequence,
    asn1::{Int, ObjectIdentifier, OctetString},
};
use domain::{Digest, HashAlgorithm};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::Extension;

use super::Failure;

/// The longest nonce that is repeated.
const LONGEST_NONCE: usize = 64;

#[derive(Sequence)]
struct TimeStampReq {
    version: u8,
    imprint: Imprint,
    #[asn1(optional = "true")]
    policy: Option<ObjectIdentifier>,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(default = "Default::default")]
    certificate: bool,
    #[asn1(
        context_specific = "0",
        tag_mode = "IMPLICIT",
        constructed = "true",
        optional = "true"
    )]
    extensions: Option<Vec<Extension>>,
}

#[derive(Sequence)]
struct Imprint {
    algorithm: AlgorithmIdentifierOwned,
    hashed: OctetString,
}

/// A request that is refused, with the words for its asker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// Not DER of a `TimeStampReq`.
    #[error("the request is not a TimeStampReq in DER")]
    Form,
    /// Another version than 1.
    #[error("the request is not of version 1")]
    Version,
    /// Another digest than is stamped here.
    #[error("digests by SHA-256, SHA-384 and SHA-512 are stamped")]
    Algorithm,
    /// The digest has not the length of its algorithm.
    #[error("the digest has not the length of its algorithm")]
    Imprint,
    /// An extension; none is known here.
    #[error("no extension is known")]
    Extension,
    /// The nonce is too long to be repeated.
    #[error("a nonce has at most {LONGEST_NONCE} bytes")]
    Nonce,
    /// Another policy than this authority's.
    #[error("that policy is not followed here")]
    Policy,
    /// The clock cannot be trusted now.
    #[error("the clock of this authority cannot be trusted now")]
    Clock,
    /// The key cannot be used now.
    #[error("the key of this authority cannot be used now; try again")]
    Unavailable,
}

impl Rejected {
    /// The `PKIFailureInfo` that says so.
    pub const fn failure(self) -> Failure {
        match self {
            Self::Form | Self::Imprint | Self::Nonce => Failure::BadDataFormat,
            Self::Version => Failure::BadRequest,
            Self::Algorithm => Failure::BadAlgorithm,
            Self::Extension => Failure::UnacceptedExtension,
            Self::Policy => Failure::UnacceptedPolicy,
            Self::Clock => Failure::TimeNotAvailable,
            Self::Unavailable => Failure::SystemFailure,
        }
    }
}

/// A digest to be stamped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampRequest {
    /// The digest.
    pub digest: Digest,
    /// The `MessageImprint` as it came, to be repeated: its parameters may be absent or NULL.
    pub(super) imprint: Vec<u8>,
    /// The policy that is asked for; any if absent.
    pub policy: Option<ObjectIdentifier>,
    /// To be repeated.
    pub nonce: Option<Int>,
    /// Whether the certificate must come along.
    pub certificate: bool,
}

impl StampRequest {
    /// Reads a request.
    pub fn parse(der: &[u8]) -> Result<Self, Rejected> {
        let request = TimeStampReq::from_der(der).map_err(|_| Rejected::Form)?;
        if request.version != 1 {
            return Err(Rejected::Version);
        }
        if request.extensions.is_some() {
            return Err(Rejected::Extension);
        }
        if request
            .nonce
            .as_ref()
            .is_some_and(|nonce| nonce.as_bytes().len() > LONGEST_NONCE)
        {
            return Err(Rejected::Nonce);
        }
        let parameters = request.imprint.algorithm.parameters.as_ref();
        if parameters.is_some_and(|parameters| !parameters.is_null()) {
            return Err(Rejected::Algorithm);
        }
        let oid = request.imprint.algorithm.oid.to_string();
        let algorithm = HashAlgorithm::ALL.into_iter().find(|hash| hash.oid() == oid);
        let digest = algorithm
            .ok_or(Rejected::Algorithm)?
            .parse(request.imprint.hashed.as_bytes())
            .map_err(|_| Rejected::Imprint)?;
        Ok(Self {
            digest,
            imprint: request.imprint.to_der().map_err(|_| Rejected::Form)?,
            policy: request.policy,
            nonce: request.nonce,
            certificate: request.certificate,
        })
    }
}
