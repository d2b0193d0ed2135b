//! Time stamps on a signature: what each is over, and whether it is over that.

use std::collections::BTreeSet;

use domain::{Digest, HashAlgorithm};
use pki::{timestamp::StampInfo, tlv::Misread};

use super::{Attribute, Body, Content, ReadError, SignedData, SignerInfo, algorithm, archive, inside, oid};
use crate::{Claim, Integrity, Material, Source, SourceError, StampClaim, StampKind, What};

/// A larger time stamp is none.
const MOST: u64 = 4 << 20;

/// Not a time stamp that can be read.
#[derive(Debug, thiserror::Error)]
pub enum StampError {
    /// Not CMS.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It does not say what was stamped when.
    #[error("the time stamp's content: {0}")]
    Content(#[from] Misread),
    /// It is over something else than a time, or signed by nobody, or by several.
    #[error("a time stamp has a TSTInfo inside and one signature")]
    Form,
    /// Larger than any time stamp.
    #[error("the time stamp has {found} bytes; at most {MOST} are read")]
    Length {
        /// How many.
        found: u64,
    },
}

/// A time-stamp token, read.
#[derive(Clone, Debug)]
pub struct TimeStamp {
    /// What it says.
    pub info: StampInfo,
    /// Its structure.
    pub structure: SignedData,
    /// The one signature on it.
    pub signer: SignerInfo,
    content: Vec<u8>,
}

impl TimeStamp {
    /// Reads a token, DER or what foreign authorities take for it.
    pub fn read(token: &[u8]) -> Result<Self, StampError> {
        if token.length() > MOST {
            return Err(StampError::Length {
                found: token.length(),
            });
        }
        let structure = SignedData::read(&token)?;
        let Content::Attached(pieces) = &structure.content else {
            return Err(StampError::Form);
        };
        let mut content = Vec::new();
        for piece in pieces {
            content.extend(token.bytes(piece.clone()).map_err(ReadError::Source)?);
        }
        let [signer] = structure.signers.as_slice() else {
            return Err(StampError::Form);
        };
        if structure.content_type != pki::oid::TST_INFO {
            return Err(StampError::Form);
        }
        Ok(Self {
            info: StampInfo::parse(&content)?,
            signer: signer.clone(),
            content,
            structure,
        })
    }

    /// What its signature claims: that of the authority, over what the token says.
    pub fn claim(&self) -> Result<Claim, StampError> {
        let body = Body {
            what: What::Stamp,
            ..Body::whole("", &self.content)
        };
        let claims = self.structure.claims(Some(&body)).map_err(ReadError::Source)?;
        claims.into_iter().next().ok_or(StampError::Form)
    }

    /// All that travels inside.
    pub fn material(&self) -> Material {
        let mut material = self.structure.material();
        for attribute in &self.signer.unsigned {
            inside::add_attribute(attribute, &mut material);
        }
        material
    }

    fn imprint(&self, found: Option<Digest>) -> Integrity {
        algorithm::agreement(&self.info.algorithm.to_string(), &self.info.hashed, found).0
    }

    fn hash(&self) -> Option<HashAlgorithm> {
        algorithm::hash(&self.info.algorithm.to_string())
    }
}

/// What travels inside the time stamps that an attribute holds.
pub(super) fn inside(attribute: &Attribute) -> Material {
    let stamps = [
        oid::CONTENT_TIME_STAMP,
        oid::SIGNATURE_TIME_STAMP,
        oid::ARCHIVE_TIME_STAMP,
    ];
    if !stamps.contains(&attribute.oid) {
        return Material::default();
    }
    let read = attribute
        .values
        .iter()
        .filter_map(|token| TimeStamp::read(token).ok());
    read.fold(Material::default(), |material, stamp| {
        material.and(stamp.material())
    })
}

/// The content by a digest, if it is there.
pub(super) type DigestBy<'a> = &'a mut dyn FnMut(HashAlgorithm) -> Result<Option<Digest>, SourceError>;

/// All time stamps of a signature: on the content, on the signature, and archives by their time.
pub(super) fn claims(
    (data, signer, attributes): (&SignedData, &SignerInfo, &[Attribute]),
    content: DigestBy<'_>,
    sealed_left: &mut u64,
) -> Result<Vec<StampClaim>, SourceError> {
    let mut claims = Vec::new();
    for token in values(attributes, oid::CONTENT_TIME_STAMP) {
        let imprint = match TimeStamp::read(token) {
            Ok(stamp) => match stamp.hash() {
                Some(hash) => stamp.imprint(content(hash)?),
                None => Integrity::Unprovable,
            },
            Err(_) => Integrity::Altered,
        };
        claims.push(claim(StampKind::Content, token, imprint));
    }
    for token in values(&signer.unsigned, oid::SIGNATURE_TIME_STAMP) {
        let imprint = TimeStamp::read(token).map_or(Integrity::Altered, |stamp| {
            stamp.imprint(stamp.hash().map(|hash| hash.digest(&signer.signature)))
        });
        claims.push(claim(StampKind::Signature, token, imprint));
    }
    let mut archives = Vec::new();
    let sealed = weight(data, signer);
    for token in values(&signer.unsigned, oid::ARCHIVE_TIME_STAMP) {
        let Some(left) = sealed_left.checked_sub(sealed) else {
            claims.push(claim(StampKind::Archive, token, Integrity::Unprovable));
            continue;
        };
        *sealed_left = left;
        let stamp = TimeStamp::read(token).ok();
        let (imprint, (covers, mut seals)) = match &stamp {
            Some(stamp) => archived(data, signer, stamp, content)?,
            None => (Integrity::Altered, Sealed::default()),
        };
        if imprint == Integrity::Intact {
            // They are signed attributes, so whatever seals the signature seals them.
            seals.extend(
                claims
                    .iter()
                    .filter(|one| one.kind == StampKind::Content)
                    .map(StampClaim::digest),
            );
        }
        let index = stamp.as_ref().and_then(|stamp| archive::index_of(&stamp.signer));
        let index = index.and_then(|der| archive::HashIndex::read(der).ok().flatten());
        let claim = StampClaim {
            index: index.map(|index| index.hash()),
            covers,
            seals,
            ..claim(StampKind::Archive, token, imprint)
        };
        archives.push((stamp.map(|stamp| stamp.info.at), claim));
    }
    archives.sort_by_key(|(at, _)| *at);
    claims.extend(archives.into_iter().map(|(_, claim)| claim));
    for old in oid::OLD_TIME_STAMPS {
        let tokens = values(&signer.unsigned, old);
        claims.extend(tokens.map(|token| claim(StampKind::Archive, token, Integrity::Unprovable)));
    }
    Ok(claims)
}

/// Bytes that an archive time stamp on this signature may seal.
fn weight(data: &SignedData, signer: &SignerInfo) -> u64 {
    let attributes = signer.unsigned.iter().flat_map(|attribute| &attribute.values);
    let all = data
        .certificates
        .iter()
        .chain(&data.revocations)
        .chain(attributes);
    all.map(|part| part.len() as u64).sum()
}

fn values(attributes: &[Attribute], oid: der::asn1::ObjectIdentifier) -> impl Iterator<Item = &Vec<u8>> {
    let found = attributes.iter().filter(move |attribute| attribute.oid == oid);
    found.flat_map(|attribute| &attribute.values)
}

fn claim(kind: StampKind, token: &[u8], imprint: Integrity) -> StampClaim {
    StampClaim {
        kind,
        token: token.to_vec(),
        imprint,
        index: None,
        covers: Material::default(),
        seals: BTreeSet::new(),
    }
}

/// Material and digests of time stamps that an archive time stamp seals.
type Sealed = (Material, BTreeSet<[u8; 32]>);

/// Whether an archive time stamp is over this signature, and what it seals.
fn archived(
    data: &SignedData,
    signer: &SignerInfo,
    stamp: &TimeStamp,
    content: DigestBy<'_>,
) -> Result<(Integrity, Sealed), SourceError> {
    let nothing = Sealed::default();
    let Some(hash) = stamp.hash() else {
        return Ok((Integrity::Unprovable, nothing));
    };
    let Some(der) = archive::index_of(&stamp.signer) else {
        return Ok((Integrity::Altered, nothing));
    };
    let index = match archive::HashIndex::read(der) {
        Ok(Some(index)) => index,
        Ok(None) => return Ok((Integrity::Unprovable, nothing)),
        Err(_) => return Ok((Integrity::Altered, nothing)),
    };
    let Some(content) = content(hash)? else {
        return Ok((Integrity::Missing, nothing));
    };
    let sealed = index.sealed(data, signer);
    let bytes = archive::archive_imprint(data, signer, &content, der).ok();
    let imprint = bytes.map_or(Integrity::Altered, |bytes| {
        stamp.imprint(Some(hash.digest(&bytes)))
    });
    Ok(match (imprint, sealed) {
        (Integrity::Intact, Some(sealed)) => (Integrity::Intact, sealed),
        (Integrity::Intact, None) => (Integrity::Altered, nothing),
        (other, _) => (other, nothing),
    })
}
