//! What the signatures of a `SignedData` claim: each is compared with the content, and its form is examined.
//!
//! A form that two readers could take differently is a fault of the claim: attributes that are there twice or out of
//! order, algorithms that contradict each other, a content type that the signature does not confirm.

use core::{iter, ops::Range};

use domain::{Digest, HashAlgorithm};
use pki::tlv::Cursor;

use super::{
    Attribute, CmsFault, SignedData, SignerInfo, algorithm,
    form::{self, octets, only},
    inside, named, oid, properties, stamps,
};
use crate::{
    Claim, Coverage, Covered, Fault, Format, Integrity, Material, Name, Source, SourceError, What, digest_of,
};

/// Without signed attributes the content itself is signed, and handed to the judge whole. Nobody signs gigabytes so.
const MOST_UNATTRIBUTED: u64 = 16 << 20;
/// The material of all claims together.
const MOST_MATERIAL: u64 = 256 << 20;
/// All archive time stamps together: each makes all that it seals be hashed and kept. Those beyond are left unexamined and
/// prove nothing, which is no fault of the signature.
const MOST_SEALED: u64 = 256 << 20;
/// All claims together.
const MOST_CLAIMS: usize = 256;
/// Signatures on signatures on signatures are not followed further.
const DEEPEST: usize = 4;

/// The content that signatures are over.
#[derive(Clone)]
pub struct Body<'a> {
    /// What it is, for the report.
    pub what: What,
    /// How much of its file it is.
    pub coverage: Coverage,
    /// Where its bytes are.
    pub source: &'a dyn Source,
    /// Which of them.
    pub ranges: Vec<Range<u64>>,
}

impl<'a> Body<'a> {
    /// All of a file that lies beside the signature.
    pub fn whole(file: &str, source: &'a dyn Source) -> Self {
        Self {
            what: What::File {
                file: file.to_owned(),
            },
            coverage: Coverage::Detached {
                file: file.to_owned(),
            },
            source,
            ranges: iter::once(0..source.length()).collect(),
        }
    }
}

impl SignedData {
    /// The claims of all signatures over this content, in the order in which they stand, each followed by those of the
    /// countersignatures on it. Without the content, what they say is still told, as missing.
    pub fn claims(&self, body: Option<&Body<'_>>) -> Result<Vec<Claim>, SourceError> {
        let mut examiner = Examiner {
            data: self,
            material: self.material(),
            body,
            digests: Vec::new(),
            claims: Vec::new(),
            bytes_left: MOST_MATERIAL,
            sealed_left: MOST_SEALED,
        };
        for (number, signer) in self.signers.iter().enumerate() {
            let name = Name::Numbered { number: number + 1 };
            examiner.examine(&name, signer, Over::Content, 0)?;
        }
        Ok(examiner.claims)
    }
}

/// What a signature is over.
#[derive(Clone, Copy)]
enum Over<'a> {
    Content,
    /// The value of the signature of this name.
    Signature(&'a Name, &'a [u8]),
}

struct Examiner<'a> {
    data: &'a SignedData,
    material: Material,
    body: Option<&'a Body<'a>>,
    digests: Vec<Digest>,
    claims: Vec<Claim>,
    bytes_left: u64,
    sealed_left: u64,
}

impl Examiner<'_> {
    fn examine(
        &mut self,
        name: &Name,
        signer: &SignerInfo,
        over: Over<'_>,
        depth: usize,
    ) -> Result<(), SourceError> {
        let attributes = signer.signed_attributes().unwrap_or_default();
        let mut faults = Vec::new();
        let algorithm = form::algorithms(signer, &attributes, &mut faults);
        form::examine(signer, &attributes, &mut faults);
        if let Over::Content = over {
            self.examine_type(signer, &attributes, &mut faults);
        } else if attributes
            .iter()
            .any(|attribute| attribute.oid == pki::oid::CONTENT_TYPE)
        {
            faults.push(CmsFault::CountersignatureType.into());
        }
        let covered = self.covered(signer, &attributes, over)?;
        let bytes = match (&signer.signed, over) {
            (Some(set), _) => set.clone(),
            (None, Over::Signature(_, value)) => value.to_vec(),
            (None, Over::Content) => self.content(&mut faults)?,
        };
        let material = self.material_of(signer, &attributes, &mut faults);
        let certificates = material.certificates.iter().map(Vec::as_slice);
        let named = named::named(&signer.id, &attributes, certificates, &mut faults);
        let bound = attributes
            .iter()
            .any(|attribute| named::names_certificate(attribute.oid));
        let mut sealed_left = self.sealed_left;
        let stamps = stamps::claims(
            (self.data, signer, &attributes),
            &mut |hash| self.digest(hash, over),
            &mut sealed_left,
        )?;
        self.sealed_left = sealed_left;
        self.claims.push(Claim {
            format: if bound { Format::Cades } else { Format::Cms },
            name: name.clone(),
            faults,
            covered: vec![covered],
            coverage: match over {
                Over::Content => self.body.map_or(Coverage::Parts, |body| body.coverage.clone()),
                Over::Signature(..) => Coverage::Parts,
            },
            signed: bytes,
            algorithm,
            value: signer.signature.clone(),
            signer: named,
            material,
            stamps,
            properties: properties::properties(&attributes),
        });
        self.countersignatures(name, signer, depth)
    }

    /// What travels inside: shared by all signatures, and this one's own. Every claim has a copy, so together they are
    /// bounded.
    fn material_of(
        &mut self,
        signer: &SignerInfo,
        attributes: &[Attribute],
        faults: &mut Vec<Fault>,
    ) -> Material {
        let mut material = self.material.clone();
        for attribute in attributes.iter().chain(&signer.unsigned) {
            inside::add_attribute(attribute, &mut material);
        }
        let all = [&material.certificates, &material.lists, &material.answers];
        let bytes = all.into_iter().flatten().map(|der| der.len() as u64).sum();
        let Some(left) = self.bytes_left.checked_sub(bytes) else {
            faults.push(CmsFault::TooMuchMaterial.into());
            return Material::default();
        };
        self.bytes_left = left;
        material
    }

    fn countersignatures(
        &mut self,
        name: &Name,
        signer: &SignerInfo,
        depth: usize,
    ) -> Result<(), SourceError> {
        let found = signer
            .unsigned
            .iter()
            .filter(|attribute| attribute.oid == oid::COUNTERSIGNATURE);
        for (number, value) in found.flat_map(|attribute| &attribute.values).enumerate() {
            let read = SignerInfo::read(value)
                .ok()
                .filter(|_| depth < DEEPEST && self.claims.len() < MOST_CLAIMS);
            match (read, self.claims.last_mut()) {
                (Some(counter), _) => {
                    let over = Over::Signature(name, &signer.signature);
                    let on = Box::new(name.clone());
                    let name = Name::Countersignature {
                        number: number + 1,
                        on,
                    };
                    self.examine(&name, &counter, over, depth + 1)?;
                }
                (None, Some(claim)) => claim
                    .faults
                    .push(CmsFault::CountersignatureUnreadable { number: number + 1 }.into()),
                (None, None) => {}
            }
        }
        Ok(())
    }

    /// The content type must be what the signature confirms; another one needs signed attributes (RFC 5652 §5.3).
    fn examine_type(&self, signer: &SignerInfo, attributes: &[Attribute], faults: &mut Vec<Fault>) {
        let stated = self.data.content_type;
        if signer.signed.is_none() {
            if stated != oid::DATA {
                let content = stated.to_string();
                faults.push(CmsFault::Unattributed { content }.into());
            }
            return;
        }
        let confirmed = only(attributes, pki::oid::CONTENT_TYPE)
            .and_then(|value| Cursor::only(value).and_then(pki::tlv::Value::oid).ok());
        match confirmed {
            None => faults.push(CmsFault::NoContentType.into()),
            Some(oid) if oid != stated => {
                let differs = CmsFault::ContentTypeDiffers {
                    stated: stated.to_string(),
                    signed: oid.to_string(),
                };
                faults.push(differs.into());
            }
            Some(_) => {}
        }
    }

    fn covered(
        &mut self,
        signer: &SignerInfo,
        attributes: &[Attribute],
        over: Over<'_>,
    ) -> Result<Covered, SourceError> {
        let what = match over {
            Over::Content => self.body.map_or(What::Content, |body| body.what.clone()),
            Over::Signature(name, _) => What::Value {
                name: Box::new(name.clone()),
            },
        };
        let oid =
            algorithm::identifier(&signer.digest_algorithm).map_or_else(|_| String::new(), |found| found.0);
        let hash = algorithm::hash(&oid);
        let found = match hash {
            Some(hash) => self.digest(hash, over)?,
            None => None,
        };
        let (integrity, digest) = if signer.signed.is_none() {
            // The value is over the content itself, so it agrees with itself.
            let there = self.body.is_some() || matches!(over, Over::Signature(..));
            (
                if there {
                    Integrity::Intact
                } else {
                    Integrity::Missing
                },
                found,
            )
        } else {
            match only(attributes, pki::oid::MESSAGE_DIGEST).and_then(octets) {
                Some(stated) => algorithm::agreement(&oid, stated, found),
                None => (Integrity::Altered, None),
            }
        };
        Ok(Covered {
            what,
            integrity,
            digest,
            by_manifest: false,
        })
    }

    /// The content as it was signed.
    fn content(&self, faults: &mut Vec<Fault>) -> Result<Vec<u8>, SourceError> {
        let mut content = Vec::new();
        let Some(body) = self.body else { return Ok(content) };
        let length = body
            .ranges
            .iter()
            .map(|range| range.end.saturating_sub(range.start));
        if length.fold(0, u64::saturating_add) > MOST_UNATTRIBUTED {
            let most = MOST_UNATTRIBUTED;
            faults.push(CmsFault::UnattributedTooLong { most }.into());
            return Ok(content);
        }
        for range in &body.ranges {
            content.extend(body.source.bytes(range.clone())?);
        }
        // Attributes that somebody signed elsewhere would pass for a document here, with that signature.
        let attributes = Cursor::only(&content).and_then(|set| set.enter(0x31));
        if attributes.and_then(Attribute::read_all).is_ok() {
            faults.push(CmsFault::ContentIsAttributes.into());
        }
        Ok(content)
    }

    fn digest(&mut self, hash: HashAlgorithm, over: Over<'_>) -> Result<Option<Digest>, SourceError> {
        if let Over::Signature(_, value) = over {
            return Ok(Some(hash.digest(value)));
        }
        let Some(body) = self.body else { return Ok(None) };
        if let Some(known) = self.digests.iter().find(|digest| digest.algorithm() == hash) {
            return Ok(Some(*known));
        }
        let digest = digest_of(body.source, &body.ranges, hash)?;
        self.digests.push(digest);
        Ok(Some(digest))
    }
}
