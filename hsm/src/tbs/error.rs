//! Why a structure is not what the Client saw.
//!
//! Errors cross the boundary and end in logs, so none holds what could be personal: references are told by number,
//! never by their URI (which may be a file's name), and what names an algorithm is cut.

use serde::{Deserialize, Serialize};

/// A structure is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum TbsError {
    /// More than the boundary reads.
    #[error("the structure is larger than {most} bytes; sign fewer documents with one structure")]
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
    /// Not in DER order.
    #[error("the signed attributes are not in DER order, at byte {at}; sort their encodings")]
    Order {
        /// Where the one begins that comes too late.
        at: u32,
    },
    /// An attribute is there twice.
    #[error("signed attribute {oid} is there twice; write it once")]
    Twice {
        /// Which.
        oid: String,
    },
    /// An attribute that is not on the closed list.
    #[error("signed attribute {oid} is not admitted; leave it out")]
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
    #[error("signed attribute {oid} has not exactly one value of its form, at byte {at}")]
    Value {
        /// Which.
        oid: String,
        /// Where.
        at: u32,
    },
    /// The content is said to be of another type than plain data.
    #[error("the content type is {oid}; only id-data is signed")]
    ContentType {
        /// Which.
        oid: String,
    },
    /// The signing-certificate attribute names another certificate.
    #[error("the structure names another signing certificate than the credential's")]
    Certificate,
    /// The signing-certificate attribute uses another hash than SHA-256.
    #[error("the signing certificate is named by its hash with {oid}; name it by its SHA-256")]
    CertificateHash {
        /// Which.
        oid: String,
    },
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
    /// A canonicalisation that is not on the closed list.
    #[error("canonicalisation {uri:?} is not admitted")]
    Canonicalisation {
        /// Which.
        uri: String,
    },
    /// Another signature method than the profile's.
    #[error("signature method {uri:?} is not the one that signs")]
    SignatureMethod {
        /// Which.
        uri: String,
    },
    /// A digest method that is not on the closed list.
    #[error("digest method {uri:?} is not admitted")]
    DigestMethod {
        /// Which.
        uri: String,
    },
    /// A transform that is not on the closed list.
    #[error("transform {uri:?} is not admitted")]
    Transform {
        /// Which.
        uri: String,
    },
    /// A type of reference that is not on the closed list.
    #[error("reference type {uri:?} is not admitted")]
    ReferenceType {
        /// Which.
        uri: String,
    },
    /// The signed properties are elsewhere, or are transformed and not only canonicalised.
    #[error("reference {reference} must point to signed properties by their id and only canonicalise them")]
    PropertiesReference {
        /// Which, from 0.
        reference: u32,
    },
    /// There are two references to signed properties.
    #[error("references {first} and {second} are both to signed properties")]
    TwoProperties {
        /// One, from 0.
        first: u32,
        /// The other.
        second: u32,
    },
    /// Signed properties are referenced, and nobody gave them.
    #[error("signed properties are referenced; give their canonical octets beside the SignedInfo")]
    PropertiesMissing,
    /// Signed properties are given, and not referenced by their id.
    #[error("the signed properties are not those that are referenced")]
    PropertiesUnreferenced,
    /// The digest of the signed properties is another.
    #[error("the digest of the signed properties is not the one that is referenced")]
    PropertiesDigest,
    /// The signed properties describe something that is not signed, or something twice.
    #[error("the signed properties describe a document that is not referenced, or one twice")]
    PropertiesDescribe,
    /// Two references point to the same thing.
    #[error("references {first} and {second} have the same uri")]
    DuplicateReference {
        /// One, from 0.
        first: u32,
        /// The other.
        second: u32,
    },
    /// More references than documents can be.
    #[error("more than {most} references")]
    TooManyReferences {
        /// The limit.
        most: u32,
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
