//! Why a structure is not what the Client saw.

use serde::{Deserialize, Serialize};

/// A structure is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum TbsError {
    /// More than the boundary reads.
    #[error("the structure is larger than {most} bytes")]
    TooLarge {
        /// The limit.
        most: u32,
    },
    /// Not strict DER.
    #[error("the signed attributes are not strict DER, at byte {at}")]
    Der {
        /// Where.
        at: u32,
    },
    /// Not in DER order, or twice the same.
    #[error("the signed attributes are not in DER order, or one is there twice")]
    Order,
    /// An attribute that is not on the closed list.
    #[error("signed attribute {oid} is not admitted")]
    Attribute {
        /// Which.
        oid: String,
    },
    /// An attribute that must be there is not.
    #[error("signed attribute {oid} is missing")]
    Missing {
        /// Which.
        oid: String,
    },
    /// An attribute has not exactly one value, or one of another form.
    #[error("signed attribute {oid} has not exactly one value of its form")]
    Value {
        /// Which.
        oid: String,
    },
    /// The signing-certificate attribute names another certificate.
    #[error("the structure names another signing certificate than the credential's")]
    Certificate,
    /// The algorithm protection names other algorithms.
    #[error("the structure names other algorithms than those that sign")]
    Algorithms,
    /// This kind of structure covers exactly one document.
    #[error("this kind of structure covers exactly one document")]
    OneDocument,
    /// The shown digest is of another algorithm than the profile's.
    #[error("the shown digest is not of the algorithm that signs")]
    HashAlgorithm,
    /// The digest inside is not the shown one.
    #[error("the digest inside is not the digest of what was shown")]
    AnotherDigest,
    /// Not the canonical octets of a `SignedInfo`.
    #[error("not the canonical form of a SignedInfo, at byte {at}: expected {expected}")]
    Xml {
        /// Where.
        at: u32,
        /// What should be there.
        expected: String,
    },
    /// An algorithm or type that is not on the closed lists.
    #[error("{what} {uri:?} is not admitted")]
    Uri {
        /// What names it.
        what: String,
        /// What is named.
        uri: String,
    },
    /// Two references point to the same thing, or there are two of the signed properties.
    #[error("two references to {uri:?}")]
    DuplicateReference {
        /// To what.
        uri: String,
    },
    /// References and shown documents are not the same number.
    #[error("{references} document references for {shown} shown documents")]
    References {
        /// References to documents.
        references: u32,
        /// Documents that were shown.
        shown: u32,
    },
}
