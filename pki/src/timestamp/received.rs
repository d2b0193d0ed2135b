//! A token as somebody received it, with its one signature, believed not yet.
//!
//! RFC 3161 §2.4.2 allows one signer only. What the signer's key signed are the attributes; they must name the
//! content's type, its digest and the signer's certificate, each once, or the token has more than one reading.

use der::asn1::ObjectIdentifier;

use super::StampInfo;
use crate::{
    HashFunction, NotIssued, Presented, Scheme, SchemeError, VerificationKey, distinguished,
    elements::{Element, Elements, FormError, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET},
    oid,
};

const WHAT: &str = "a time-stamp token";
/// Longer tokens are none.
const LONGEST: usize = 1 << 20;
/// The most certificates, lists and answers in one.
const MOST: usize = 64;
/// `id-ri-ocsp-response`, RFC 5940 §2.1.
const OCSP_RESPONSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.16.2");

/// How a token names its signer.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Signer {
    Issued { issuer: Vec<u8>, serial: Vec<u8> },
    Key(Vec<u8>),
}

impl Signer {
    /// RFC 5652 §5.3.
    const fn version(&self) -> u64 {
        match self {
            Self::Issued { .. } => 1,
            Self::Key(_) => 3,
        }
    }
}

/// Whether a certificate is the one that the signed attributes name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// It is.
    Bound,
    /// The token names another certificate outside of what is signed.
    Elsewhere,
    /// It is named outside, and the signed attributes name another: it was put in its place.
    Contradicted,
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    info: StampInfo,
    signer: Signer,
    /// By its digest.
    certificate: (HashFunction, Vec<u8>),
    attributes: Vec<u8>,
    algorithm: Vec<u8>,
    digest: String,
    value: Vec<u8>,
    content_agrees: bool,
    enclosed: Enclosed,
}

/// What travels with it, DER each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Enclosed {
    certificates: Vec<Vec<u8>>,
    lists: Vec<Vec<u8>>,
    answers: Vec<Vec<u8>>,
}

impl Received {
    /// Reads a `ContentInfo`, DER.
    pub fn parse(der: &[u8]) -> Result<Self, FormError> {
        if der.len() > LONGEST {
            return Err(FormError(WHAT));
        }
        let mut outer = Elements::sequence(der, WHAT)?;
        let wrong = outer.wrong();
        if outer.take(OBJECT_IDENTIFIER)?.oid()? != oid::SIGNED_DATA {
            return Err(wrong);
        }
        let mut data = outer.take(0xA0)?.single(SEQUENCE)?.elements();
        outer.end()?;
        // RFC 5652 §5.1: 3 for such content, 4 or 5 where unusual certificates or answers travel with it.
        if !(3..=5).contains(&data.take(INTEGER)?.number()?) {
            return Err(wrong);
        }
        let digests = data.take(SET)?;
        let mut content = data.take(SEQUENCE)?.elements();
        if content.take(OBJECT_IDENTIFIER)?.oid()? != oid::TST_INFO {
            return Err(wrong);
        }
        let octets = content.take(0xA0)?.single(OCTET_STRING)?.content;
        content.end()?;
        let mut enclosed = Enclosed::default();
        if let Some(all) = data.optional(0xA0)? {
            let choices = all_of(&all)?;
            let plain = choices.iter().filter(|choice| choice.tag == SEQUENCE);
            enclosed.certificates = plain.map(|choice| choice.whole.to_vec()).collect();
        }
        if let Some(all) = data.optional(0xA1)? {
            for choice in all_of(&all)? {
                match choice.tag {
                    SEQUENCE => enclosed.lists.push(choice.whole.to_vec()),
                    0xA1 => enclosed.answers.extend(answer(&choice)?),
                    _ => return Err(wrong),
                }
            }
        }
        let signer = data.take(SET)?.single(SEQUENCE)?;
        data.end()?;
        let token = Self::signed(&signer, octets, enclosed)?;
        let announced = all_of(&digests)?;
        let is_own = |identifier: &Element<'_>| {
            crate::scheme::identified(identifier.whole).is_ok_and(|(digest, _)| digest == token.digest)
        };
        if announced.iter().any(is_own) {
            Ok(token)
        } else {
            Err(wrong)
        }
    }

    fn signed(info: &Element<'_>, content: &[u8], enclosed: Enclosed) -> Result<Self, FormError> {
        let mut fields = info.elements();
        let wrong = fields.wrong();
        let version = fields.take(INTEGER)?.number()?;
        let meant = signer(&fields.any()?)?;
        if version != meant.version() {
            return Err(wrong);
        }
        let (digest, _) = crate::scheme::identified(fields.take(SEQUENCE)?.whole)?;
        let signed = fields.take(0xA0)?;
        let algorithm = fields.take(SEQUENCE)?.whole.to_vec();
        let value = fields.take(OCTET_STRING)?.content.to_vec();
        fields.optional(0xA1)?;
        fields.end()?;

        let [content_type, message_digest, certificate] = attributes(&signed)?;
        let certificate = named(&certificate.ok_or(wrong)?)?;
        let content_type = content_type.ok_or(wrong)?.oid()?;
        let said = message_digest
            .filter(|digest| digest.tag == OCTET_STRING)
            .ok_or(wrong)?
            .content;
        let computed = HashFunction::of(&digest).and_then(|hash| hash.digest(content));
        // They were signed as a SET OF and stand as [0] IMPLICIT: only the tag differs.
        let mut attributes = signed.whole.to_vec();
        if let Some(tag) = attributes.first_mut() {
            *tag = SET;
        }
        Ok(Self {
            info: StampInfo::parse(content).map_err(|_| wrong)?,
            signer: meant,
            certificate,
            attributes,
            algorithm,
            digest,
            value,
            content_agrees: content_type == oid::TST_INFO && computed.as_deref() == Some(said),
            enclosed,
        })
    }

    /// What it says.
    pub const fn info(&self) -> &StampInfo {
        &self.info
    }

    /// The certificates that it brings, DER.
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.enclosed.certificates
    }

    /// The revocation lists that it brings, DER.
    pub fn lists(&self) -> &[Vec<u8>] {
        &self.enclosed.lists
    }

    /// The status answers that it brings, DER.
    pub fn answers(&self) -> &[Vec<u8>] {
        &self.enclosed.answers
    }

    /// How it is signed.
    pub fn scheme(&self) -> Result<Scheme, SchemeError> {
        Scheme::parse(&self.algorithm, Some(&self.digest))
    }

    /// Whether this certificate is its signer's.
    pub fn binds(&self, certificate: &Presented) -> Binding {
        let meant = match &self.signer {
            Signer::Issued { issuer, serial } => {
                certificate.serial() == serial && distinguished::same(certificate.issuer(), issuer)
            }
            Signer::Key(key) => certificate.key_identifier() == *key,
        };
        let (hash, digest) = &self.certificate;
        match (meant, hash.digest(certificate.der()).as_ref() == Some(digest)) {
            (false, _) => Binding::Elsewhere,
            (true, true) => Binding::Bound,
            (true, false) => Binding::Contradicted,
        }
    }

    /// Whether the signed attributes say the digest of the content.
    pub const fn content_agrees(&self) -> bool {
        self.content_agrees
    }

    /// Whether this key signed the attributes.
    pub fn verify(&self, signer: &VerificationKey) -> Result<(), NotIssued> {
        Ok(signer.verify(self.scheme()?, &self.attributes, &self.value)?)
    }
}

/// `SignerIdentifier`.
fn signer(id: &Element<'_>) -> Result<Signer, FormError> {
    let mut parts = id.elements();
    match id.tag {
        SEQUENCE => {
            let issuer = parts.take(SEQUENCE)?.whole.to_vec();
            let serial = parts.take(INTEGER)?.content.to_vec();
            parts.end()?;
            Ok(Signer::Issued { issuer, serial })
        }
        0x80 => Ok(Signer::Key(id.content.to_vec())),
        _ => Err(parts.wrong()),
    }
}

fn all_of<'a>(set: &Element<'a>) -> Result<Vec<Element<'a>>, FormError> {
    let mut elements = set.elements();
    let mut all = Vec::new();
    while !elements.is_empty() {
        if all.len() == MOST {
            return Err(elements.wrong());
        }
        all.push(elements.any()?);
    }
    Ok(all)
}

/// `OtherRevocationInfoFormat`: the whole `OCSPResponse`, if it is one.
fn answer(choice: &Element<'_>) -> Result<Option<Vec<u8>>, FormError> {
    let mut parts = choice.elements();
    let format = parts.take(OBJECT_IDENTIFIER)?.oid()?;
    let response = parts.any()?;
    parts.end()?;
    Ok((format == OCSP_RESPONSE).then(|| response.whole.to_vec()))
}

/// Content type, message digest and signing certificate (of version 2 where both are): one value of each.
fn attributes<'a>(signed: &Element<'a>) -> Result<[Option<Element<'a>>; 3], FormError> {
    let [mut content_type, mut digest, mut first, mut second] = [const { None }; 4];
    let mut all = signed.elements();
    let wrong = all.wrong();
    while !all.is_empty() {
        let mut fields = all.take(SEQUENCE)?.elements();
        let id = fields.take(OBJECT_IDENTIFIER)?.oid()?;
        let values = fields.take(SET)?;
        fields.end()?;
        let place = match id {
            oid::CONTENT_TYPE => &mut content_type,
            oid::MESSAGE_DIGEST => &mut digest,
            oid::SIGNING_CERTIFICATE => &mut first,
            oid::SIGNING_CERTIFICATE_V2 => &mut second,
            _ => continue,
        };
        let [value] = all_of(&values)?.try_into().map_err(|_| wrong)?;
        if place.replace(value).is_some() {
            return Err(wrong);
        }
    }
    Ok([content_type, digest, second.or(first)])
}

/// The first `ESSCertID` or `ESSCertIDv2`: the signer's own certificate, RFC 5035 §3 and §5.
fn named(attribute: &Element<'_>) -> Result<(HashFunction, Vec<u8>), FormError> {
    let mut fields = attribute.elements();
    let wrong = fields.wrong();
    let mut id = fields.take(SEQUENCE)?.elements().take(SEQUENCE)?.elements();
    let stated = match id.optional(SEQUENCE)? {
        None => None,
        Some(identifier) => {
            let (oid, _) = crate::scheme::identified(identifier.whole)?;
            Some(HashFunction::of(&oid).ok_or(wrong)?)
        }
    };
    let digest = id.take(OCTET_STRING)?.content.to_vec();
    // Version 1 is SHA-1 always, version 2 is SHA-256 unless it says otherwise; their lengths tell them apart.
    let hash = match (stated, digest.len()) {
        (Some(hash), _) => hash,
        (None, 20) => HashFunction::Sha1,
        (None, _) => HashFunction::Sha256,
    };
    Ok((hash, digest))
}
