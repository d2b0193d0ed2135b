//! What an `archive-time-stamp-v3` is over, EN 319 122-1 §5.5: an index of hashes, and the imprint that binds it.

use std::collections::BTreeSet;

use der::{Encode, asn1::ObjectIdentifier};
use domain::{Digest, HashAlgorithm, sha256};
use pki::{
    timestamp::Token,
    tlv::{Cursor, Misread, sequence, wrap},
};

use super::{Attribute, SignedData, SignerInfo, WriteError, algorithm, inside, oid, stamps};
use crate::Material;

/// `ATSHashIndexV3`: the hashes of all that is sealed, each part of it in a list of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HashIndex {
    hash: HashAlgorithm,
    certificates: Vec<Vec<u8>>,
    revocations: Vec<Vec<u8>>,
    attributes: Vec<Vec<u8>>,
}

impl HashIndex {
    /// The index over everything that a signature has now.
    fn new(data: &SignedData, signer: &SignerInfo, hash: HashAlgorithm) -> der::Result<Self> {
        let all = |elements: &[Vec<u8>]| elements.iter().map(|element| of(hash, element)).collect();
        let mut attributes = Vec::new();
        for attribute in &signer.unsigned {
            for value in &attribute.values {
                attributes.push(of_value(hash, attribute.oid, value)?);
            }
        }
        Ok(Self {
            hash,
            certificates: all(&data.certificates),
            revocations: all(&data.revocations),
            attributes,
        })
    }

    fn to_der(&self) -> der::Result<Vec<u8>> {
        let oid = ObjectIdentifier::new(self.hash.oid())?.to_der()?;
        let list = |hashes: &[Vec<u8>]| {
            let hashes: Vec<Vec<u8>> = hashes.iter().map(|hash| wrap(0x04, &[hash])).collect();
            sequence(&hashes.iter().map(Vec::as_slice).collect::<Vec<_>>())
        };
        Ok(sequence(&[
            &sequence(&[&oid]),
            &list(&self.certificates),
            &list(&self.revocations),
            &list(&self.attributes),
        ]))
    }

    /// Reads an index; one by a hash that is not ours is told as none.
    pub(super) fn read(der: &[u8]) -> Result<Option<Self>, Misread> {
        let mut fields = Cursor::only(der)?.enter(0x30)?;
        let (oid, _) = algorithm::identifier(fields.expect(0x30)?.encoded)?;
        let mut list = || {
            let mut hashes = fields.enter(0x30)?;
            let mut list = Vec::new();
            while !hashes.is_done() {
                list.push(hashes.expect(0x04)?.content.to_vec());
            }
            Ok::<_, Misread>(list)
        };
        let (certificates, revocations, attributes) = (list()?, list()?, list()?);
        fields.end()?;
        Ok(algorithm::hash(&oid).map(|hash| Self {
            hash,
            certificates,
            revocations,
            attributes,
        }))
    }

    /// By which function it hashes.
    pub(super) const fn hash(&self) -> HashAlgorithm {
        self.hash
    }

    /// The material that the index seals, and the digests of the time stamps; none if it seals something that is not there
    /// (any more).
    pub(super) fn sealed(
        &self,
        data: &SignedData,
        signer: &SignerInfo,
    ) -> Option<(Material, BTreeSet<[u8; 32]>)> {
        let mut material = Material::default();
        let mut stamps = BTreeSet::new();
        let left = |hashes: &[Vec<u8>]| hashes.iter().cloned().collect::<BTreeSet<_>>();
        let mut certificates = left(&self.certificates);
        let mut revocations = left(&self.revocations);
        let mut attributes = left(&self.attributes);
        for choice in &data.certificates {
            if certificates.remove(&of(self.hash, choice)) {
                inside::add_certificate(choice, &mut material);
            }
        }
        for choice in &data.revocations {
            if revocations.remove(&of(self.hash, choice)) {
                inside::add_revocation(choice, &mut material);
            }
        }
        for attribute in &signer.unsigned {
            for value in &attribute.values {
                if attributes.remove(&of_value(self.hash, attribute.oid, value).ok()?) {
                    let one = Attribute {
                        oid: attribute.oid,
                        values: vec![value.clone()],
                    };
                    inside::add_attribute(&one, &mut material);
                    material = material.and(stamps::inside(&one));
                    stamps.insert(sha256(value));
                }
            }
        }
        let all = certificates.is_empty() && revocations.is_empty() && attributes.is_empty();
        all.then_some((material, stamps))
    }
}

/// The index over everything that a signature has now, DER.
pub(crate) fn archive_index(
    data: &SignedData,
    signer: &SignerInfo,
    hash: HashAlgorithm,
) -> der::Result<Vec<u8>> {
    HashIndex::new(data, signer, hash)?.to_der()
}

/// The imprint of an archive time stamp, before it is hashed: content type, digest of the content by the stamp's own
/// hash, the signature's parts as they stand, and the index.
pub(crate) fn archive_imprint(
    data: &SignedData,
    signer: &SignerInfo,
    content: &Digest,
    index: &[u8],
) -> der::Result<Vec<u8>> {
    let mut imprint = data.content_type.to_der()?;
    imprint.extend_from_slice(content.as_bytes());
    imprint.extend(signer.parts());
    imprint.extend_from_slice(index);
    Ok(imprint)
}

fn of(hash: HashAlgorithm, element: &[u8]) -> Vec<u8> {
    hash.digest(element).as_bytes().to_vec()
}

/// The hash of an attribute's type and one of its values.
fn of_value(hash: HashAlgorithm, oid: ObjectIdentifier, value: &[u8]) -> der::Result<Vec<u8>> {
    Ok(of(hash, &[&oid.to_der()?, value].concat()))
}

/// The index inside a token that has exactly one.
pub(super) fn index_of(token: &SignerInfo) -> Option<&[u8]> {
    let mut found = token
        .unsigned
        .iter()
        .filter(|attribute| attribute.oid == oid::HASH_INDEX);
    let index = found.next()?.only()?;
    found.next().is_none().then_some(index)
}

impl SignedData {
    /// Adds an archive time stamp to a signature, with the index that its imprint is over.
    pub(crate) fn seal(&mut self, signer: usize, token: &Token, index: Vec<u8>) -> Result<(), WriteError> {
        let unreadable = |_| WriteError::Token;
        let mut stamp = SignedData::read(&token.der()).map_err(unreadable)?;
        stamp.add(0, oid::HASH_INDEX, index)?;
        let mut indexed = Vec::new();
        stamp.to_output(0)?.write_to(&[&token.der()], &mut indexed)?;
        self.add(signer, oid::ARCHIVE_TIME_STAMP, indexed)
    }
}
