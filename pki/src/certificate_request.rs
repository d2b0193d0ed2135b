//! Certificate requests, PKCS#10: only the key is taken from one, and only if whoever asks has its private half.

use der::{Decode, Encode};
use domain::SignatureProfile;
use x509_cert::request::CertReq;

use crate::{KeyError, PublicKey};

/// The longest request that is read.
const LONGEST: usize = 16 * 1024;

/// A request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Not a PKCS#10 request.
    #[error("not a PKCS#10 certificate request in DER")]
    Form,
    /// Its key cannot be certified.
    #[error("its key cannot be certified: {0}")]
    Key(#[from] KeyError),
    /// It is signed in a way that is not used here.
    #[error("it is signed in a way that is not used here: ECDSA with SHA-256 or SHA-384, or RSA with SHA-2")]
    Algorithm,
    /// Whoever made it has not the private key.
    #[error("its signature does not verify with its own key")]
    Signature,
}

/// The key of a request that its private half signed. Names and extensions in it are not looked at: what a certificate
/// says is decided by its profile and by the registration officer.
pub fn requested_key(der: &[u8]) -> Result<PublicKey, RequestError> {
    if der.len() > LONGEST {
        return Err(RequestError::Form);
    }
    let request = CertReq::from_der(der).map_err(|_| RequestError::Form)?;
    let key = PublicKey::new(request.info.public_key.clone())?;
    let oid = request.algorithm.oid.to_string();
    let profile = SignatureProfile::ALL
        .into_iter()
        // PSS says its digest in parameters, and no client at hand signs requests with it.
        .find(|profile| profile.oid() == oid && !profile.name().starts_with("rsa-pss"))
        .ok_or(RequestError::Algorithm)?;
    let content = request.info.to_der().map_err(|_| RequestError::Form)?;
    let signature = request.signature.as_bytes().ok_or(RequestError::Form)?;
    if key.verifies(profile, &content, signature) {
        Ok(key)
    } else {
        Err(RequestError::Signature)
    }
}
