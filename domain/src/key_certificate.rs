//! The statement by which the pinned root certifies a token key to devices.
//!
//! A device must not need an X.509 path builder to know whose challenge it answers, so this is a small JWS signed
//! by the root key that the SDK pins (decision 0004).

use serde::{Deserialize, Serialize};

use crate::{EcPublicKey, JwsError, Time, Unverified, base64url, from_base64url, hpke::Point, typ};

/// What a certified key may sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyUse {
    /// Challenges and receipts.
    Challenge,
}

/// A key, what it is for and how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyCertificate {
    #[serde(rename = "use")]
    key_use: KeyUse,
    kid: String,
    point: String,
    #[serde(with = "crate::time::unix_seconds", rename = "nbf")]
    not_before: Time,
    #[serde(with = "crate::time::unix_seconds", rename = "exp")]
    not_after: Time,
}

impl KeyCertificate {
    /// The statement that the root is asked to sign.
    pub fn new(key_use: KeyUse, kid: &str, key: &Point, not_before: Time, not_after: Time) -> Self {
        Self {
            key_use,
            kid: kid.to_owned(),
            point: base64url(key),
            not_before,
            not_after,
        }
    }

    /// The certified key, if `root` signed this text for the named key, this use and this time.
    pub fn verify(
        text: &str,
        root: &EcPublicKey,
        (key_use, kid): (KeyUse, &str),
        now: Time,
    ) -> Result<EcPublicKey, JwsError> {
        let certificate: Self = Unverified::parse(text, typ::KEY_CERTIFICATE)?.verify(root)?;
        if certificate.key_use != key_use || certificate.kid != kid {
            return Err(JwsError::Payload);
        }
        if now < certificate.not_before || certificate.not_after <= now {
            return Err(JwsError::OutOfTime);
        }
        let point = from_base64url(&certificate.point).map_err(|_| JwsError::Payload)?;
        let point: Point = point.try_into().map_err(|_| JwsError::Payload)?;
        EcPublicKey::from_point(&point).ok_or(JwsError::Payload)
    }
}
