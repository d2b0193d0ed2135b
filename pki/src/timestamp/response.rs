//! What the time-stamping authority answers.

use core::time::Duration;

use der::{Encode, asn1::ObjectIdentifier};
use domain::Time;
use x509_cert::serial_number::SerialNumber;

use super::{Rejected, StampRequest};
use crate::{
    Finished, ToSign, oid,
    signed_data::{self, CmsSigner},
    tlv::{self, sequence, wrap},
};

/// `PKIFailureInfo`: the bit that says what is wrong, RFC 3161 §2.4.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// `badAlg`.
    BadAlgorithm = 0,
    /// `badRequest`.
    BadRequest = 2,
    /// `badDataFormat`.
    BadDataFormat = 5,
    /// `timeNotAvailable`.
    TimeNotAvailable = 14,
    /// `unacceptedPolicy`.
    UnacceptedPolicy = 15,
    /// `unacceptedExtension`.
    UnacceptedExtension = 16,
    /// `systemFailure`.
    SystemFailure = 25,
}

/// `TimeStampResp` that refuses.
pub fn rejection(rejected: Rejected) -> Vec<u8> {
    let failure = rejected.failure() as usize;
    let mut bits = vec![0_u8; failure / 8 + 1];
    if let Some(last) = bits.last_mut() {
        *last = 0x80 >> (failure % 8);
    }
    // DER leaves out the zero bits after the last one.
    let unused = u8::try_from(7 - failure % 8).unwrap_or(0);
    let text = wrap(0x0C, &[rejected.to_string().as_bytes()]);
    let status = sequence(&[
        &wrap(0x02, &[&[2]]),
        &sequence(&[&text]),
        &wrap(0x03, &[&[unused], &bits]),
    ]);
    sequence(&[&status])
}

/// A time stamp in the making.
#[derive(Clone, Debug)]
pub struct Stamp<'a> {
    content: Vec<u8>,
    unit: &'a CmsSigner,
    enclose: bool,
}

impl<'a> Stamp<'a> {
    /// A stamp of this digest at this time, by this unit.
    pub fn new(
        request: &StampRequest,
        (policy, serial): (ObjectIdentifier, &SerialNumber),
        (at, accuracy): (Time, Duration),
        unit: &'a CmsSigner,
    ) -> der::Result<Self> {
        let nonce = request.nonce.as_ref().map(Encode::to_der).transpose()?;
        let content = sequence(&[
            &1_u8.to_der()?,
            &policy.to_der()?,
            &request.imprint,
            &serial.to_der()?,
            &tlv::generalized(at)?.to_der()?,
            &sequence(&[&accuracy.as_secs().to_der()?]),
            &nonce.unwrap_or_default(),
        ]);
        Ok(Self {
            content,
            unit,
            enclose: request.certificate,
        })
    }

    /// What the unit's key must sign.
    pub fn prepare(&self) -> der::Result<ToSign> {
        signed_data::prepare((oid::TST_INFO, &self.content), self.unit)
    }

    /// The granting `TimeStampResp`.
    pub fn finish(&self, finished: &Finished) -> der::Result<Vec<u8>> {
        let certificates: &[&[u8]] = if self.enclose { &[self.unit.der()] } else { &[] };
        let token = signed_data::finish((oid::TST_INFO, &self.content), self.unit, finished, certificates)?;
        Ok(sequence(&[&sequence(&[&wrap(0x02, &[&[0]])]), &token]))
    }
}
