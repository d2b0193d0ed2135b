//! [`SignerInfo`]: one signature in a `SignedData`, RFC 5652 §5.3.

use der::{Encode, asn1::ObjectIdentifier};
use pki::tlv::{Cursor, Misread, Value, sequence, wrap};

use super::oid;

/// More attributes, or values of one, than any signer writes.
const MOST: usize = 256;

/// An attribute as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Which.
    pub oid: ObjectIdentifier,
    /// Its values, DER.
    pub values: Vec<Vec<u8>>,
}

impl Attribute {
    pub(crate) fn read(value: Value<'_>) -> Result<Self, Misread> {
        let mut fields = value.enter(0x30)?;
        let oid = fields.read()?.oid()?;
        let mut set = fields.enter(0x31)?;
        fields.end()?;
        let mut values = Vec::new();
        while !set.is_done() {
            let value = set.read()?;
            if values.len() == MOST {
                return Err(Misread { at: value.at });
            }
            values.push(value.encoded.to_vec());
        }
        Ok(Self { oid, values })
    }

    /// All of a `SET OF Attribute`.
    pub(crate) fn read_all(mut set: Cursor<'_>) -> Result<Vec<Self>, Misread> {
        let mut attributes = Vec::new();
        while !set.is_done() {
            let value = set.read()?;
            if attributes.len() == MOST {
                return Err(Misread { at: value.at });
            }
            attributes.push(Self::read(value)?);
        }
        Ok(attributes)
    }

    /// The value, if there is exactly one.
    pub fn only(&self) -> Option<&[u8]> {
        match self.values.as_slice() {
            [value] => Some(value),
            _ => None,
        }
    }

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
    /// Reads one of definite lengths.
    pub(crate) fn read(der: &[u8]) -> Result<Self, Misread> {
        let mut fields = Cursor::only(der)?.enter(0x30)?;
        let version = fields.read()?.small()?;
        let id = fields.read()?;
        if !matches!(id.tag, 0x30 | 0x80) {
            return Err(Misread { at: id.at });
        }
        let digest_algorithm = fields.expect(0x30)?.encoded.to_vec();
        let signed = fields.optional(0xA0)?.map(|signed| wrap(0x31, &[signed.content]));
        let signature_algorithm = fields.expect(0x30)?.encoded.to_vec();
        let signature = fields.expect(0x04)?.content.to_vec();
        let unsigned = match fields.optional(0xA1)? {
            Some(unsigned) => Attribute::read_all(unsigned.enter(0xA1)?)?,
            None => Vec::new(),
        };
        fields.end()?;
        let read = Self {
            version,
            id: id.encoded.to_vec(),
            digest_algorithm,
            signed,
            signature_algorithm,
            signature,
            unsigned,
        };
        read.signed_attributes()?;
        Ok(read)
    }

    /// The signed attributes in their order; none if the content itself is signed.
    pub fn signed_attributes(&self) -> Result<Vec<Attribute>, Misread> {
        match &self.signed {
            Some(set) => Attribute::read_all(Cursor::only(set)?.enter(0x31)?),
            None => Ok(Vec::new()),
        }
    }

    /// Whether there is a time stamp on the signature.
    pub(crate) fn is_stamped(&self) -> bool {
        self.has(oid::SIGNATURE_TIME_STAMP)
    }

    /// Whether there is an archive time stamp.
    pub(crate) fn is_archived(&self) -> bool {
        self.has(oid::ARCHIVE_TIME_STAMP)
    }

    fn has(&self, oid: ObjectIdentifier) -> bool {
        self.unsigned.iter().any(|attribute| attribute.oid == oid)
    }

    pub(crate) fn to_der(&self) -> der::Result<Vec<u8>> {
        Ok(sequence(&[&self.parts(), &self.unsigned_to_der()?]))
    }

    /// All but the unsigned attributes, as they stand.
    pub(crate) fn parts(&self) -> Vec<u8> {
        // The attributes are hashed as a SET OF and stand as [0] IMPLICIT: only the tag differs.
        let mut signed = self.signed.clone().unwrap_or_default();
        if let Some(tag) = signed.first_mut() {
            *tag = 0xA0;
        }
        [
            wrap(0x02, &[&[self.version]]),
            self.id.clone(),
            self.digest_algorithm.clone(),
            signed,
            self.signature_algorithm.clone(),
            wrap(0x04, &[&self.signature]),
        ]
        .concat()
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
