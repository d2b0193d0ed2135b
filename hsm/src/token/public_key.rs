//! Public keys of token objects as DER `SubjectPublicKeyInfo`.

use cryptoki::{
    error::{Error, Result},
    object::{Attribute, AttributeType, KeyType, ObjectHandle},
    session::Session,
};
use der::{
    Decode, Encode, Sequence,
    asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef},
};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

/// The public half of a key pair.
pub(super) fn read(session: &Session, public: ObjectHandle) -> Result<Vec<u8>> {
    let wanted = [AttributeType::KeyType];
    match session.get_attributes(public, &wanted)?.first() {
        Some(Attribute::KeyType(KeyType::EC)) => elliptic(session, public),
        Some(Attribute::KeyType(KeyType::RSA)) => rsa(session, public),
        _ => Err(Error::NotSupported),
    }
}

fn elliptic(session: &Session, public: ObjectHandle) -> Result<Vec<u8>> {
    let wanted = [AttributeType::EcParams, AttributeType::EcPoint];
    let attributes = session.get_attributes(public, &wanted)?;
    let (mut curve, mut point) = (None, None);
    for attribute in &attributes {
        match attribute {
            Attribute::EcParams(bytes) => curve = Some(bytes),
            Attribute::EcPoint(bytes) => point = Some(bytes.as_slice()),
            _ => {}
        }
    }
    let (curve, point) = curve.zip(point).ok_or(Error::NotSupported)?;
    // The standard wants the point inside an OCTET STRING; some tokens give it bare.
    let point = <&OctetStringRef>::from_der(point).map_or(point, OctetStringRef::as_bytes);
    let parameters = AnyRef::from_der(curve).map_err(|_| Error::NotSupported)?;
    encode(
        AlgorithmIdentifierRef {
            oid: EC,
            parameters: Some(parameters),
        },
        point,
    )
}

fn rsa(session: &Session, public: ObjectHandle) -> Result<Vec<u8>> {
    let wanted = [AttributeType::Modulus, AttributeType::PublicExponent];
    let attributes = session.get_attributes(public, &wanted)?;
    let (mut modulus, mut exponent) = (None, None);
    for attribute in &attributes {
        match attribute {
            Attribute::Modulus(bytes) => modulus = UintRef::new(bytes).ok(),
            Attribute::PublicExponent(bytes) => exponent = UintRef::new(bytes).ok(),
            _ => {}
        }
    }
    let (modulus, exponent) = modulus.zip(exponent).ok_or(Error::NotSupported)?;
    let key = RsaPublicKey { modulus, exponent }
        .to_der()
        .map_err(|_| Error::NotSupported)?;
    encode(
        AlgorithmIdentifierRef {
            oid: RSA,
            parameters: Some(AnyRef::NULL),
        },
        &key,
    )
}

fn encode(algorithm: AlgorithmIdentifierRef<'_>, key: &[u8]) -> Result<Vec<u8>> {
    let subject_public_key = BitStringRef::from_bytes(key).map_err(|_| Error::NotSupported)?;
    SubjectPublicKeyInfoRef {
        algorithm,
        subject_public_key,
    }
    .to_der()
    .map_err(|_| Error::NotSupported)
}
