//! To-be-signed structures: the three small things that a Client's key signs, and the check that each is exactly
//! what the Client saw.
//!
//! The boundary parses these structures, never a document. Parsers are strict on purpose: a structure that
//! another reader could read differently is refused, so that nobody can show one thing and have another signed.

mod cms;
mod error;
mod xml;

use domain::{Digest, SignatureProfile};
use serde::{Deserialize, Serialize};

pub use error::TbsError;

/// One thing that a Client's key is to sign. Its size is bounded twice: by the frame that carries it, and by
/// [`ToBeSigned::check`] with a refusal that says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToBeSigned {
    /// CMS signed attributes: the DER of the `SET OF Attribute`, as it is hashed for signing.
    CmsAttributes(Vec<u8>),
    /// XML `SignedInfo`.
    XmlSignedInfo {
        /// Its canonical octets.
        info: Vec<u8>,
        /// The canonical octets of the signed properties, if it references some: they name the certificate.
        properties: Option<Vec<u8>>,
    },
    /// A digest that the caller computed (CSC).
    Digest(Digest),
}

/// What a structure must be about.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The digests that the device showed, in order.
    pub shown: &'a [Digest],
    /// How it will be signed.
    pub profile: SignatureProfile,
    /// SHA-256 of the Credential's certificate.
    pub certificate: &'a [u8; 32],
}

impl ToBeSigned {
    /// The digest that the key signs, if the structure is about exactly what was shown.
    pub fn check(&self, expected: &Expected<'_>) -> Result<Digest, TbsError> {
        match self {
            Self::CmsAttributes(der) => cms::check(der, expected),
            Self::XmlSignedInfo { info, properties } => xml::check(info, properties.as_deref(), expected),
            Self::Digest(digest) => {
                let shown = only(expected)?;
                if digest == shown {
                    Ok(*digest)
                } else {
                    Err(TbsError::AnotherDigest)
                }
            }
        }
    }
}

/// The one digest that was shown, of the algorithm that signs.
fn only<'a>(expected: &Expected<'a>) -> Result<&'a Digest, TbsError> {
    let [shown] = expected.shown else {
        return Err(TbsError::OneDocument);
    };
    if shown.algorithm() == expected.profile.hash() {
        Ok(shown)
    } else {
        Err(TbsError::HashAlgorithm)
    }
}

#[cfg(test)]
mod tests;
