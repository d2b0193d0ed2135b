//! Which certificate a signature means.

use pki::{
    PublicKey,
    x509_cert::{
        Certificate,
        der::{Decode, Encode},
    },
};

use super::{
    super::{
        algorithm,
        names::{DSIG, XADES},
        signature::base64_of,
        tree::Element,
    },
    Material, Signature,
    properties::Signed,
};
use crate::Named;

/// The certificate by what is signed about it, else the one whose key signed, else the first.
pub(super) fn signer(
    signature: &Signature<'_, '_>,
    properties: Option<Signed<'_, '_>>,
    signed: &[u8],
    material: &Material,
) -> Named {
    let inside = &signature.certificates;
    let Some((hash, digest)) = properties.and_then(|properties| identifier(properties.element)) else {
        let own = inside.iter().find(|der| signed_by(der, signature, signed));
        let first = own.or(inside.first());
        return first.map_or(Named::Absent, |der| Named::Unbound(der.clone()));
    };
    let all = inside.iter().chain(&material.certificates);
    let mut same = all.filter(|der| hash.digest(der).as_bytes() == digest.as_slice());
    match (same.next(), inside.first()) {
        (Some(der), _) => Named::Bound(der.clone()),
        (None, Some(other)) => Named::Contradicted(other.clone()),
        (None, None) => Named::Absent,
    }
}

/// The digest by which signed properties name the certificate; SHA-1, which old ones have, names nothing.
fn identifier(properties: Element<'_, '_>) -> Option<(domain::HashAlgorithm, Vec<u8>)> {
    let own = properties.only(XADES, "SignedSignatureProperties")?;
    let named = own
        .only(XADES, "SigningCertificateV2")
        .or_else(|| own.only(XADES, "SigningCertificate"))?;
    let first = named.children().next().filter(|first| first.is(XADES, "Cert"))?;
    let digest = first.only(XADES, "CertDigest")?;
    let method = digest.only(DSIG, "DigestMethod")?.attribute("", "Algorithm")?;
    let value = base64_of(digest.only(DSIG, "DigestValue")?).ok()?;
    Some((algorithm::hash_of(method)?, value))
}

fn signed_by(der: &[u8], signature: &Signature<'_, '_>, signed: &[u8]) -> bool {
    let key = Certificate::from_der(der)
        .and_then(|certificate| certificate.tbs_certificate().subject_public_key_info().to_der())
        .ok()
        .and_then(|spki| PublicKey::from_der(&spki).ok());
    let profile = algorithm::profile_of(signature.method);
    key.zip(profile).is_some_and(|(key, profile)| {
        let value = algorithm::value(signature.method, &signature.raw);
        key.verifies(profile, signed, &value)
    })
}
