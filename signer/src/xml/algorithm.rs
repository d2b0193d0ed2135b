//! Algorithms as XML signatures name them, and what CMS calls the same.

use der::Encode;
use domain::{HashAlgorithm, SignatureProfile};
use pki::tlv;

use crate::Algorithm;

/// URI, object identifier and digest of signature algorithms that we do not make: named, so that they are refused in
/// words. SHA-1 and MD5 prove nothing; GOST is the national profile's.
const OTHERS: [(&str, &str, &str); 11] = [
    (
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "1.2.840.113549.1.1.5",
        "1.3.14.3.2.26",
    ),
    (
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "1.2.840.10040.4.3",
        "1.3.14.3.2.26",
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "1.2.840.113549.1.1.4",
        "1.2.840.113549.2.5",
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224",
        "1.2.840.113549.1.1.14",
        "2.16.840.1.101.3.4.2.4",
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
        "1.2.840.10045.4.1",
        "1.3.14.3.2.26",
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha224",
        "1.2.840.10045.4.3.1",
        "2.16.840.1.101.3.4.2.4",
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
        "1.2.840.10045.4.3.4",
        "2.16.840.1.101.3.4.2.3",
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#gost34310-gost34311",
        "1.2.398.3.10.1.1.1.2",
        "1.2.398.3.10.1.3.1",
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#gost34310-gost34311-256",
        "1.2.398.3.10.1.1.1.2",
        "1.2.398.3.10.1.3.1",
    ),
    (
        "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-256",
        "1.2.398.3.10.1.1.2.3.1",
        "1.2.398.3.10.1.3.2",
    ),
    (
        "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-512",
        "1.2.398.3.10.1.1.2.3.2",
        "1.2.398.3.10.1.3.3",
    ),
];

/// A signature method in the terms of CMS; nothing if it is none that we know by name.
pub(super) fn of_method(uri: &str) -> Option<Algorithm> {
    if let Some(profile) = profile_of(uri) {
        let signature = pki::signature_algorithm(profile).and_then(|algorithm| algorithm.to_der());
        return Some(Algorithm {
            signature: signature.ok()?,
            digest: profile.hash().oid().to_owned(),
        });
    }
    let (_, oid, digest) = OTHERS.iter().find(|(known, _, _)| *known == uri)?;
    let oid = der::asn1::ObjectIdentifier::new(oid).ok()?.to_der().ok()?;
    Some(Algorithm {
        signature: tlv::sequence(&[&oid]),
        digest: (*digest).to_owned(),
    })
}

/// The profile of ours that a signature method names.
pub(super) fn profile_of(uri: &str) -> Option<SignatureProfile> {
    SignatureProfile::ALL
        .into_iter()
        .find(|profile| profile.xml_uri() == uri)
}

/// The hash function that a digest method names, if it is one that proves something.
pub(super) fn hash_of(uri: &str) -> Option<HashAlgorithm> {
    HashAlgorithm::ALL.into_iter().find(|hash| hash.xml_uri() == uri)
}

/// The value as CMS carries it: XML has `r ‖ s` for curves (RFC 4050), CMS a SEQUENCE of both.
pub(super) fn value(uri: &str, raw: &[u8]) -> Vec<u8> {
    if !uri.contains("#ecdsa-") {
        return raw.to_vec();
    }
    let (r, s) = raw.split_at(raw.len() / 2);
    tlv::sequence(&[&integer(r), &integer(s)])
}

fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let digits = number.get(zeros..).unwrap_or_default();
    let sign: &[u8] = match digits.first() {
        Some(..=0x7F) => &[],
        Some(_) | None => &[0],
    };
    tlv::wrap(0x02, &[sign, digits])
}
