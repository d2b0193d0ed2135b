//! Which certificate a signer means: by the identifier beside the signature, and by what is signed.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use der::asn1::ObjectIdentifier;
use pki::tlv::{Cursor, Misread};

use super::{Attribute, CmsFault, algorithm, oid};
use crate::{Fault, Named};

/// Finds the certificate of a `SignerIdentifier` among some, and says whether the signed attributes name it too.
pub(super) fn named<'a>(
    id: &[u8],
    attributes: &[Attribute],
    certificates: impl Iterator<Item = &'a [u8]>,
    faults: &mut Vec<Fault>,
) -> Named {
    let mut believed = Vec::new();
    for (attribute, which) in [
        (oid::SIGNING_CERTIFICATE, signing_certificate as Reader),
        (pki::oid::SIGNING_CERTIFICATE_V2, signing_certificate_v2),
    ] {
        for found in attributes.iter().filter(|found| found.oid == attribute) {
            if let Some(Ok(certificate)) = found.only().map(which) {
                believed.push(certificate);
            } else {
                let attribute = attribute.to_string();
                faults.push(CmsFault::NamesNoCertificate { attribute }.into());
            }
        }
    }
    let meant: Vec<Sketch<'_>> = certificates
        .filter_map(|der| Sketch::read(der).ok())
        .filter(|certificate| certificate.has_identifier(id).unwrap_or(false))
        .collect();
    let verdicts = |certificate: &Sketch<'_>| {
        let verdicts: Vec<Verdict> = believed.iter().map(|named| named.on(certificate)).collect();
        if verdicts.contains(&Verdict::Another) {
            Verdict::Another
        } else if verdicts.contains(&Verdict::This) {
            Verdict::This
        } else {
            Verdict::Silent
        }
    };
    let best = meant
        .iter()
        .map(|certificate| (verdicts(certificate), certificate))
        .max_by_key(|found| found.0);
    match best {
        Some((Verdict::This, certificate)) => Named::Bound(certificate.der.to_vec()),
        Some((Verdict::Silent, certificate)) => Named::Unbound(certificate.der.to_vec()),
        Some((Verdict::Another, certificate)) => Named::Contradicted(certificate.der.to_vec()),
        None => Named::Absent,
    }
}

/// What a signed attribute says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    /// It means another one.
    Another,
    /// Nothing that proves anything.
    Silent,
    /// It means this one.
    This,
}

/// What of a certificate names it. Foreign certificates are not always DER, so no more of them is read than this.
struct Sketch<'a> {
    der: &'a [u8],
    issuer: &'a [u8],
    serial: &'a [u8],
    key: Option<&'a [u8]>,
}

impl<'a> Sketch<'a> {
    fn read(der: &'a [u8]) -> Result<Self, Misread> {
        let mut content = Cursor::only(der)?.enter(0x30)?.enter(0x30)?;
        content.optional(0xA0)?;
        let serial = content.expect(0x02)?.content;
        content.expect(0x30)?;
        let issuer = content.expect(0x30)?.encoded;
        let mut key = None;
        while !content.is_done() {
            let field = content.read()?;
            if field.tag == 0xA3 {
                key = key_identifier(field.enter(0xA3)?.enter(0x30)?)?;
            }
        }
        Ok(Self {
            der,
            issuer,
            serial,
            key,
        })
    }

    /// Whether a `SignerIdentifier` means it: `IssuerAndSerialNumber`, or `[0]` its key's identifier.
    fn has_identifier(&self, id: &[u8]) -> Result<bool, Misread> {
        let id = Cursor::only(id)?;
        if id.tag == 0x80 {
            return Ok(self.key == Some(id.content));
        }
        let mut fields = id.enter(0x30)?;
        let issuer = fields.expect(0x30)?.encoded;
        let serial = fields.expect(0x02)?.content;
        fields.end()?;
        Ok(issuer == self.issuer && serial == self.serial)
    }
}

/// The value of the extension `subjectKeyIdentifier`.
fn key_identifier(mut extensions: Cursor<'_>) -> Result<Option<&[u8]>, Misread> {
    while !extensions.is_done() {
        let mut extension = extensions.enter(0x30)?;
        let oid = extension.read()?.oid()?;
        extension.optional(0x01)?;
        if oid == pki::oid::SUBJECT_KEY_IDENTIFIER {
            let value = Cursor::only(extension.expect(0x04)?.content)?;
            return value.of(0x04).map(|value| Some(value.content));
        }
    }
    Ok(None)
}

/// A certificate as a signed attribute names it.
struct Mentioned {
    /// The digest's algorithm; none if it is SHA-1, which proves nothing any more.
    hash: Option<String>,
    value: Vec<u8>,
    /// `directoryName`s of the issuer, and the number.
    issuer: Option<(Vec<Vec<u8>>, Vec<u8>)>,
}

impl Mentioned {
    fn on(&self, certificate: &Sketch<'_>) -> Verdict {
        let same = match &self.hash {
            None => Some(digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate.der).as_ref() == self.value),
            Some(oid) => {
                algorithm::hash(oid).map(|hash| hash.digest(certificate.der).as_bytes() == self.value)
            }
        };
        let elsewhere = self.issuer.as_ref().is_some_and(|(names, serial)| {
            serial != certificate.serial || !names.iter().any(|name| name == certificate.issuer)
        });
        match same {
            Some(false) => Verdict::Another,
            _ if elsewhere => Verdict::Another,
            Some(true) if self.hash.is_some() => Verdict::This,
            Some(true) | None => Verdict::Silent,
        }
    }
}

type Reader = fn(&[u8]) -> Result<Mentioned, Misread>;

/// `SigningCertificateV2`, RFC 5035 §3; the first of its `ESSCertIDv2`s names the signer's.
fn signing_certificate_v2(value: &[u8]) -> Result<Mentioned, Misread> {
    let mut first = first_identifier(value)?;
    let hash = match first.optional(0x30)? {
        Some(named) => algorithm::identifier(named.encoded)?.0,
        None => domain::HashAlgorithm::Sha256.oid().to_owned(),
    };
    mentioned(first, Some(hash))
}

/// `SigningCertificate`, RFC 2634 §5.4.
fn signing_certificate(value: &[u8]) -> Result<Mentioned, Misread> {
    mentioned(first_identifier(value)?, None)
}

fn first_identifier(value: &[u8]) -> Result<Cursor<'_>, Misread> {
    let mut fields = Cursor::only(value)?.enter(0x30)?;
    let first = fields.enter(0x30)?.enter(0x30)?;
    fields.optional(0x30)?; // policies
    fields.end()?;
    Ok(first)
}

fn mentioned(mut fields: Cursor<'_>, hash: Option<String>) -> Result<Mentioned, Misread> {
    const DIRECTORY_NAME: u8 = 0xA4;
    let value = fields.expect(0x04)?.content.to_vec();
    let mut issuer = None;
    if let Some(named) = fields.optional(0x30)? {
        let mut parts = named.enter(0x30)?;
        let mut general = parts.enter(0x30)?;
        let mut names = Vec::new();
        while !general.is_done() {
            let name = general.read()?;
            if name.tag == DIRECTORY_NAME {
                names.push(name.content.to_vec());
            }
        }
        issuer = Some((names, parts.expect(0x02)?.content.to_vec()));
        parts.end()?;
    }
    fields.end()?;
    Ok(Mentioned { hash, value, issuer })
}

/// Whether an attribute names the signer's certificate.
pub(super) fn names_certificate(oid: ObjectIdentifier) -> bool {
    oid == oid::SIGNING_CERTIFICATE || oid == pki::oid::SIGNING_CERTIFICATE_V2
}
