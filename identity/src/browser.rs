//! [`Browser`]: the one place in which a Session can be gone on with.
//!
//! A Session that was opened in one browser is of no use in another, so a link sent to somebody else proves nobody. It is
//! handed over only on purpose, and then the new browser takes its place: two never hold one Session.

use domain::sha256;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// What a browser keeps and shows with each request.
pub struct BrowserToken(zeroize::Zeroizing<[u8; 32]>);

impl BrowserToken {
    /// One drawn by chance.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(zeroize::Zeroizing::new(bytes))
    }

    /// What is kept of it.
    pub fn browser(&self) -> Browser {
        Browser(sha256(&self.0[..]))
    }
}

impl core::fmt::Debug for BrowserToken {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("BrowserToken")
    }
}

/// The digest of a browser's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Browser([u8; 32]);

impl Browser {
    /// Whether this token is that browser's.
    pub fn holds(&self, token: &BrowserToken) -> bool {
        token.browser().0.ct_eq(&self.0).into()
    }
}
