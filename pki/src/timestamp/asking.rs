//! The asker's side: a request for a digest, and the token that answers exactly it.

use der::{Encode, asn1::ObjectIdentifier};
use domain::Digest;

use super::StampInfo;
use crate::{
    oid,
    tlv::{Cursor, Misread, sequence, wrap},
};

/// Longer answers are no time stamps.
const MOST: usize = 1 << 20;

/// No usable time stamp came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The authority says no.
    #[error("the time-stamping authority refuses with status {status}: {text:?}")]
    Status {
        /// `PKIStatus`, RFC 3161 §2.4.2.
        status: u8,
        /// Its words, cut.
        text: String,
    },
    /// Not a `TimeStampResp` with a token.
    #[error("the answer is no time-stamping response: {0}")]
    Form(#[from] Misread),
    /// Longer than any time stamp.
    #[error("the answer has {found} bytes; a time stamp has at most {MOST}")]
    Length {
        /// How many came.
        found: usize,
    },
    /// The token is over something else.
    #[error("the time stamp is not over the digest that was asked for")]
    Imprint,
    /// The token answers another request.
    #[error("the time stamp does not repeat the nonce of the request")]
    Nonce,
    /// The token was made by another policy.
    #[error("the time stamp follows policy {found}, not the one that was asked for")]
    Policy {
        /// Which.
        found: ObjectIdentifier,
    },
}

/// A request of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    digest: Digest,
    nonce: Vec<u8>,
    policy: Option<ObjectIdentifier>,
}

impl Asking {
    /// Asks for a stamp over this digest. The nonce is fresh chance.
    pub fn new(digest: Digest, nonce: [u8; 16]) -> Self {
        let mut number: Vec<u8> = nonce.iter().copied().skip_while(|octet| *octet == 0).collect();
        if number.first().is_none_or(|first| *first >= 0x80) {
            number.insert(0, 0);
        }
        Self {
            digest,
            nonce: number,
            policy: None,
        }
    }

    /// Asks for this policy and no other.
    #[must_use]
    pub fn by_policy(mut self, policy: ObjectIdentifier) -> Self {
        self.policy = Some(policy);
        self
    }

    /// The `TimeStampReq`; the certificate is asked for too, since a token without it is judged by nobody.
    pub fn to_der(&self) -> der::Result<Vec<u8>> {
        let hash = ObjectIdentifier::new(self.digest.algorithm().oid())?.to_der()?;
        let policy = self.policy.map(|policy| policy.to_der()).transpose()?;
        Ok(sequence(&[
            &wrap(0x02, &[&[1]]),
            &sequence(&[
                &sequence(&[&hash, &wrap(0x05, &[])]),
                &wrap(0x04, &[self.digest.as_bytes()]),
            ]),
            &policy.unwrap_or_default(),
            &wrap(0x02, &[&self.nonce]),
            &wrap(0x01, &[&[0xFF]]),
        ]))
    }

    /// The token in a `TimeStampResp`, if it answers this request. Whose it is, is not judged here.
    pub fn accept(&self, response: &[u8]) -> Result<Token, Refused> {
        if response.len() > MOST {
            return Err(Refused::Length {
                found: response.len(),
            });
        }
        let mut fields = Cursor::only(response)?.enter(0x30)?;
        granted(fields.enter(0x30)?)?;
        let token = Token::parse(fields.read()?.encoded)?;
        fields.end()?;
        let info = token.info();
        if info.digest() != Some(self.digest) {
            return Err(Refused::Imprint);
        }
        if info.nonce.as_ref() != Some(&self.nonce) {
            return Err(Refused::Nonce);
        }
        if self.policy.is_some_and(|policy| policy != info.policy) {
            return Err(Refused::Policy { found: info.policy });
        }
        Ok(token)
    }
}

/// `PKIStatusInfo`: granted, or granted with modifications.
fn granted(mut status: Cursor<'_>) -> Result<(), Refused> {
    const WORDS: usize = 200;
    let code = status.read()?.small()?;
    if code <= 1 {
        return Ok(());
    }
    let mut text = String::new();
    if let Some(words) = status.optional(0x30)? {
        let mut words = words.enter(0x30)?;
        while !words.is_done() {
            text.push_str(&String::from_utf8_lossy(words.expect(0x0C)?.content));
        }
    }
    Err(Refused::Status {
        status: code,
        text: text.chars().take(WORDS).collect(),
    })
}

/// A time-stamp token: `ContentInfo` with what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    der: Vec<u8>,
    info: StampInfo,
}

impl Token {
    /// Reads a token. RFC 3161 §2.4.2 wants DER; other encodings are refused.
    pub fn parse(der: &[u8]) -> Result<Self, Misread> {
        let mut outer = Cursor::only(der)?.enter(0x30)?;
        is(&mut outer, oid::SIGNED_DATA)?;
        let mut data = outer.enter(0xA0)?;
        outer.end()?;
        let mut data_fields = data.enter(0x30)?;
        data.end()?;
        data_fields.read()?.small()?;
        data_fields.expect(0x31)?;
        let mut content = data_fields.enter(0x30)?;
        is(&mut content, oid::TST_INFO)?;
        let mut octets = content.enter(0xA0)?;
        content.end()?;
        let info = StampInfo::parse(octets.expect(0x04)?.content)?;
        octets.end()?;
        Ok(Self {
            der: der.to_vec(),
            info,
        })
    }

    /// The token, DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// What it says.
    pub const fn info(&self) -> &StampInfo {
        &self.info
    }
}

fn is(fields: &mut Cursor<'_>, oid: ObjectIdentifier) -> Result<(), Misread> {
    let value = fields.read()?;
    if value.oid()? == oid {
        Ok(())
    } else {
        Err(Misread { at: value.at })
    }
}
