//! [`SignerInfo`]: one signature in a `SignedData`, RFC 5652 §5.3.

use der::{Encode, asn1::ObjectIdentifier};
use pki::tlv::{sequence, wrap};

/// An attribute as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Which.
    pub oid: ObjectIdentifier,
    /// Its values, DER.
    pub values: Vec<Vec<u8>>,
}

impl Attribute {
    pub(crate) fn to_der(&self) -> der::Result<Vec<u8>> {
        let mut values: Vec<&[u8]> = self.values.iter().map(Vec::as_slice).collect();
        values.sort_unstable();
        Ok(sequence(&[&self.oid.to_der()?, &wrap(0x31, &values)]))
    }
}

/// One signature, its parts as they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerInfo {
    /// 1 if the certificate is named by issuer and number, 3 if by its key identifier.
    pub version: u8,
    /// `SignerIdentifier`, DER.
    pub id: Vec<u8>,
    /// The digest's `AlgorithmIdentifier`, DER.
    pub digest_algorithm: Vec<u8>,
    /// The signed attributes as they are hashed, a `SET OF`; absent if the content itself is signed.
    pub signed: Option<Vec<u8>>,
    /// The signature's `AlgorithmIdentifier`, DER.
    pub signature_algorithm: Vec<u8>,
    /// The value.
    pub signature: Vec<u8>,
    /// The unsigned attributes in their order.
    pub unsigned: Vec<Attribute>,
}

impl SignerInfo {
    pub(crate) fn to_der(&self) -> der::Result<Vec<u8>> {
        // The attributes are hashed as a SET OF and stand as [0] IMPLICIT: only the tag differs.
        let mut signed = self.signed.clone().unwrap_or_default();
        if let Some(tag) = signed.first_mut() {
            *tag = 0xA0;
        }
        Ok(sequence(&[
            &wrap(0x02, &[&[self.version]]),
            &self.id,
            &self.digest_algorithm,
            &signed,
            &self.signature_algorithm,
            &wrap(0x04, &[&self.signature]),
            &self.unsigned_to_der()?,
        ]))
    }

    fn unsigned_to_der(&self) -> der::Result<Vec<u8>> {
        if self.unsigned.is_empty() {
            return Ok(Vec::new());
        }
        let mut attributes = self
            .unsigned
            .iter()
            .map(Attribute::to_der)
            .collect::<der::Result<Vec<_>>>()?;
        attributes.sort_unstable();
        let attributes: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();
        Ok(wrap(0xA1, &attributes))
    }
}
