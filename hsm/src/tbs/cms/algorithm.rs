//! Algorithm identifiers inside signed attributes: what names a hash, and what names a signature.
//!
//! Parameters count: one OID stands for every RSA PSS, and only its parameters say which hash and salt.

use der::asn1::ObjectIdentifier;
use domain::{HashAlgorithm, SignatureProfile};

use super::cursor::{Cursor, Fault, tag};

const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");

/// The OID of a hash in an `AlgorithmIdentifier` without parameters; NULL is read as none (RFC 5754, 2).
pub(super) fn hash(identifier: &mut Cursor<'_>) -> Result<ObjectIdentifier, Fault> {
    let oid = identifier.next()?.oid()?;
    identifier.optional(tag::NULL);
    identifier.end()?;
    Ok(oid)
}

/// Whether `oid` is this hash.
pub(super) fn is_hash(oid: ObjectIdentifier, algorithm: HashAlgorithm) -> bool {
    oid.to_string() == algorithm.oid()
}

/// Whether the content of this `AlgorithmIdentifier` names the profile's signature, parameters included.
pub(super) fn is_signature(mut identifier: Cursor<'_>, profile: SignatureProfile) -> Result<bool, Fault> {
    if identifier.next()?.oid()?.to_string() != profile.oid() {
        return Ok(false);
    }
    let (parameters, empty) = (identifier, identifier.is_done());
    identifier.optional(tag::NULL);
    let null = !empty && identifier.is_done();
    match profile {
        SignatureProfile::EcdsaP256Sha256 | SignatureProfile::EcdsaP384Sha384 => Ok(empty),
        SignatureProfile::RsaPkcs1Sha256
        | SignatureProfile::RsaPkcs1Sha384
        | SignatureProfile::RsaPkcs1Sha512 => Ok(null),
        SignatureProfile::RsaPssSha256 | SignatureProfile::RsaPssSha384 | SignatureProfile::RsaPssSha512 => {
            is_pss(parameters, profile.hash())
        }
    }
}

/// `RSASSA-PSS-params` (RFC 4055, 3.1): one hash for message and mask, a salt of its length, the usual trailer.
/// All three are other than the defaults, which are SHA-1's, so DER writes them.
fn is_pss(mut parameters: Cursor<'_>, algorithm: HashAlgorithm) -> Result<bool, Fault> {
    let mut fields = parameters.enter(tag::SEQUENCE)?;
    parameters.end()?;
    let mut wrapped = |number| fields.enter(tag::context(number));
    let (mut message, mut mask, mut salt) = (wrapped(0)?, wrapped(1)?, wrapped(2)?);
    fields.end()?;

    let message_hash = hash(&mut message.enter(tag::SEQUENCE)?)?;
    message.end()?;
    let mut function = mask.enter(tag::SEQUENCE)?;
    mask.end()?;
    let is_mgf1 = function.next()?.oid()? == MGF1;
    let mask_hash = hash(&mut function.enter(tag::SEQUENCE)?)?;
    function.end()?;
    let length = salt.next()?.content_of(tag::INTEGER)?;
    salt.end()?;

    Ok(is_mgf1
        && is_hash(message_hash, algorithm)
        && is_hash(mask_hash, algorithm)
        && matches!(length, [octet] if usize::from(*octet) == algorithm.length()))
}
