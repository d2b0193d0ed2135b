//! A detached CMS signature, just enough for the demonstration: `signer` makes the real ones.

use der::{
    Any, Decode, Encode, Sequence, ValueOrd,
    asn1::{ObjectIdentifier, OctetString, SetOfVec},
};
use domain::{Digest, HashAlgorithm, SignatureProfile};
use spki::AlgorithmIdentifierOwned;
use x509_cert::{Certificate, attr::Attribute, name::Name, serial_number::SerialNumber};

use super::{DemoError, failed};

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

#[derive(Sequence)]
struct EssCertId {
    hash: OctetString,
}

#[derive(Sequence)]
struct SigningCertificate {
    certificates: Vec<EssCertId>,
}

#[derive(Sequence, ValueOrd)]
struct IssuerAndSerial {
    issuer: Name,
    serial: SerialNumber,
}

#[derive(Sequence, ValueOrd)]
struct SignerInfo {
    version: u8,
    sid: IssuerAndSerial,
    digest: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", constructed = "true")]
    attributes: SetOfVec<Attribute>,
    algorithm: AlgorithmIdentifierOwned,
    signature: OctetString,
}

#[derive(Sequence)]
struct Encapsulated {
    kind: ObjectIdentifier,
}

#[derive(Sequence)]
struct SignedData {
    version: u8,
    digests: SetOfVec<AlgorithmIdentifierOwned>,
    encapsulated: Encapsulated,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", constructed = "true")]
    certificates: SetOfVec<Any>,
    signers: SetOfVec<SignerInfo>,
}

#[derive(Sequence)]
struct ContentInfo {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", constructed = "true")]
    content: SignedData,
}

/// The signed attributes for a document, DER as it is signed.
pub(super) fn attributes(certificate: &[u8], digest: &Digest) -> Result<Vec<u8>, DemoError> {
    build(certificate, digest)
        .and_then(|attributes| attributes.to_der())
        .map_err(failed("writing signed attributes"))
}

fn build(certificate: &[u8], digest: &Digest) -> der::Result<SetOfVec<Attribute>> {
    let hash = OctetString::new(HashAlgorithm::Sha256.digest(certificate).as_bytes())?;
    let signing = SigningCertificate {
        certificates: vec![EssCertId { hash }],
    };
    let attribute = |oid, value: Any| -> der::Result<_> {
        Ok(Attribute {
            oid,
            values: SetOfVec::try_from(vec![value])?,
        })
    };
    SetOfVec::try_from(vec![
        attribute(CONTENT_TYPE, Any::encode_from(&DATA)?)?,
        attribute(
            MESSAGE_DIGEST,
            Any::encode_from(&OctetString::new(digest.as_bytes())?)?,
        )?,
        attribute(SIGNING_CERTIFICATE_V2, Any::encode_from(&signing)?)?,
    ])
}

/// The signature with its chain, the signer first, DER.
pub(super) fn finish(chain: [&[u8]; 2], attributes: &[u8], raw: &[u8]) -> Result<Vec<u8>, DemoError> {
    let signature = p256::ecdsa::Signature::from_slice(raw).map_err(failed("reading the signature"))?;
    assemble(chain, attributes, signature.to_der().as_bytes()).map_err(failed("writing the signature"))
}

fn assemble(chain: [&[u8]; 2], attributes: &[u8], signature: &[u8]) -> der::Result<Vec<u8>> {
    let parsed = Certificate::from_der(chain[0])?;
    let certified = parsed.tbs_certificate();
    let algorithm = |oid: &str| -> der::Result<_> {
        Ok(AlgorithmIdentifierOwned {
            oid: ObjectIdentifier::new(oid)?,
            parameters: None,
        })
    };
    let digest: AlgorithmIdentifierOwned = algorithm(HashAlgorithm::Sha256.oid())?;
    let signer = SignerInfo {
        version: 1,
        sid: IssuerAndSerial {
            issuer: certified.issuer().clone(),
            serial: certified.serial_number().clone(),
        },
        digest: digest.clone(),
        attributes: SetOfVec::from_der(attributes)?,
        algorithm: algorithm(SignatureProfile::EcdsaP256Sha256.oid())?,
        signature: OctetString::new(signature)?,
    };
    let content = SignedData {
        version: 1,
        digests: SetOfVec::try_from(vec![digest])?,
        encapsulated: Encapsulated { kind: DATA },
        certificates: SetOfVec::try_from(vec![Any::from_der(chain[0])?, Any::from_der(chain[1])?])?,
        signers: SetOfVec::try_from(vec![signer])?,
    };
    ContentInfo {
        kind: SIGNED_DATA,
        content,
    }
    .to_der()
}
