//! Algorithms as foreign signatures name them.

use domain::{Digest, HashAlgorithm};
use pki::tlv::{Cursor, Misread};

use crate::Integrity;

/// The identifier and, if there are any, the parameters of a DER `AlgorithmIdentifier`.
pub(super) fn identifier(der: &[u8]) -> Result<(String, Option<&[u8]>), Misread> {
    let mut fields = Cursor::only(der)?.enter(0x30)?;
    let oid = fields.read()?.oid()?.to_string();
    let parameters = if fields.is_done() {
        None
    } else {
        Some(fields.read()?)
    };
    fields.end()?;
    Ok((
        oid,
        parameters
            .filter(|value| value.tag != 0x05)
            .map(|value| value.encoded),
    ))
}

/// The digest that a signature algorithm brings along; none if it takes any, or is unknown here.
pub(super) fn hash_of_signature(der: &[u8]) -> Result<Option<String>, Misread> {
    const PSS: &str = "1.2.840.113549.1.1.10";
    const SHA1: &str = "1.3.14.3.2.26";
    let (oid, parameters) = identifier(der)?;
    if oid != PSS {
        let known = HASHES.iter().find(|(signature, _)| *signature == oid);
        return Ok(known.map(|(_, hash)| (*hash).to_owned()));
    }
    let Some(parameters) = parameters else {
        return Ok(Some(SHA1.to_owned()));
    };
    match Cursor::only(parameters)?.enter(0x30)?.optional(0xA0)? {
        None => Ok(Some(SHA1.to_owned())),
        Some(hash) => {
            let mut hash = hash.enter(0xA0)?;
            let named = identifier(hash.read()?.encoded)?.0;
            hash.end()?;
            Ok(Some(named))
        }
    }
}

/// One of our hash functions by its identifier.
pub(super) fn hash(oid: &str) -> Option<HashAlgorithm> {
    HashAlgorithm::ALL.into_iter().find(|hash| hash.oid() == oid)
}

/// Whether a digest that somebody stated is that of what is there; `None` means that it is not there.
pub(super) fn agreement(
    algorithm: &str,
    stated: &[u8],
    found: Option<Digest>,
) -> (Integrity, Option<Digest>) {
    let Some(algorithm) = hash(algorithm) else {
        return (Integrity::Unprovable, None);
    };
    let stated = algorithm.parse(stated).ok();
    let integrity = match (stated, found) {
        (_, None) => Integrity::Missing,
        (Some(stated), Some(found)) if stated == found => Integrity::Intact,
        (_, Some(_)) => Integrity::Altered,
    };
    (integrity, stated)
}

/// Signature algorithms with the digests that they name: RSA PKCS#1 v1.5, ECDSA, and those of the national profile.
const HASHES: [(&str, &str); 13] = [
    ("1.2.840.113549.1.1.4", "1.2.840.113549.2.5"),
    ("1.2.840.113549.1.1.5", "1.3.14.3.2.26"),
    ("1.2.840.113549.1.1.14", "2.16.840.1.101.3.4.2.4"),
    ("1.2.840.113549.1.1.11", "2.16.840.1.101.3.4.2.1"),
    ("1.2.840.113549.1.1.12", "2.16.840.1.101.3.4.2.2"),
    ("1.2.840.113549.1.1.13", "2.16.840.1.101.3.4.2.3"),
    ("1.2.840.10045.4.1", "1.3.14.3.2.26"),
    ("1.2.840.10045.4.3.1", "2.16.840.1.101.3.4.2.4"),
    ("1.2.840.10045.4.3.2", "2.16.840.1.101.3.4.2.1"),
    ("1.2.840.10045.4.3.3", "2.16.840.1.101.3.4.2.2"),
    ("1.2.840.10045.4.3.4", "2.16.840.1.101.3.4.2.3"),
    ("1.2.398.3.10.1.1.2.3.1", "1.2.398.3.10.1.3.2"),
    ("1.2.398.3.10.1.1.2.3.2", "1.2.398.3.10.1.3.3"),
];
