//! What the responder says.

use core::time::Duration;

use der::Encode;
use domain::{SignatureProfile, Time};

use super::CertId;
use crate::{
    Finished, PublicKey, ToSign,
    crl::{Reason, extension},
    oid,
    tlv::{self, sequence, wrap},
};

/// An answer that is no answer, RFC 6960 §4.2.1; unsigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsuccessful {
    /// The question does not read.
    MalformedRequest = 1,
    /// Something here failed.
    InternalError = 2,
    /// Not now.
    TryLater = 3,
    /// Nothing is said about that issuer here.
    Unauthorized = 6,
}

impl Unsuccessful {
    /// The whole `OCSPResponse`.
    pub fn to_der(self) -> Vec<u8> {
        sequence(&[&wrap(0x0A, &[&[self as u8]])])
    }
}

/// What is known of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertStatus {
    /// Issued here and not revoked.
    Good,
    /// Revoked or on hold.
    Revoked {
        /// Since when.
        at: Time,
        /// Why.
        reason: Reason,
    },
    /// Never issued here.
    Unknown,
}

/// The answer about one certificate, encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Single(Vec<u8>);

impl Single {
    /// What is known about `id` at `at`, and for how long that may be relied on.
    pub fn new(id: &CertId, status: CertStatus, (at, valid): (Time, Duration)) -> der::Result<Self> {
        let status = match status {
            CertStatus::Good => wrap(0x80, &[]),
            CertStatus::Unknown => wrap(0x82, &[]),
            CertStatus::Revoked { at, reason } => {
                let since = tlv::generalized(at)?.to_der()?;
                match reason {
                    Reason::Unspecified => wrap(0xA1, &[&since]),
                    told => wrap(0xA1, &[&since, &wrap(0xA0, &[&wrap(0x0A, &[&[told as u8]])])]),
                }
            }
        };
        Ok(Self(sequence(&[
            &id.to_der()?,
            &status,
            &tlv::generalized(at)?.to_der()?,
            &wrap(0xA0, &[&tlv::generalized(at.plus(valid))?.to_der()?]),
        ])))
    }
}

/// A signed answer in the making.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The responder's key.
    pub responder: &'a PublicKey,
    /// How it signs.
    pub profile: SignatureProfile,
    /// When it is made.
    pub made_at: Time,
    /// The nonce's extension value, repeated.
    pub nonce: Option<&'a [u8]>,
}

impl Answer<'_> {
    /// The answer over these, to be signed.
    pub fn prepare(&self, singles: &[Single]) -> der::Result<ToSign> {
        let singles: Vec<&[u8]> = singles.iter().map(|single| single.0.as_slice()).collect();
        let extensions = match self.nonce {
            None => Vec::new(),
            Some(nonce) => {
                let nonce = extension(oid::OCSP_NONCE, false, nonce.to_vec())?;
                wrap(0xA1, &[&sequence(&[&nonce.to_der()?])])
            }
        };
        let content = sequence(&[
            &wrap(0xA2, &[&wrap(0x04, &[&self.responder.identifier()])]),
            &tlv::generalized(self.made_at)?.to_der()?,
            &sequence(&singles),
            &extensions,
        ]);
        Ok(ToSign::new(content, self.profile))
    }

    /// The whole `OCSPResponse`, with the responder's certificate.
    pub fn finish(finished: Finished, certificate: &[u8]) -> der::Result<Vec<u8>> {
        let basic = finished.with(&[&wrap(0xA0, &[&sequence(&[certificate])])]);
        Ok(sequence(&[
            &wrap(0x0A, &[&[0]]),
            &wrap(
                0xA0,
                &[&sequence(&[&oid::OCSP_BASIC.to_der()?, &wrap(0x04, &[&basic])])],
            ),
        ]))
    }
}
