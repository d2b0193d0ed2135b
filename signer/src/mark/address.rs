//! [`Address`]: where a signature can be verified; what the square leads to.
//!
//! People will follow it with their telephone, so it is `https`, its host is a public name without tricks, and it is
//! short enough for a square whose modules a camera can tell apart on paper.

/// The address of a verification page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    text: String,
    host: core::ops::Range<usize>,
}

/// The text is not an address that a mark may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not `https`.
    #[error("a verification page is reached by https: begin its address with https://")]
    Scheme,
    /// Too long for a legible square.
    #[error(
        "a verification page's address has at most {} bytes: shorten it",
        Address::BYTES
    )]
    Long,
    /// The host is no plain public name.
    #[error(
        "the host of a verification page is a domain name in small letters with a dot in it, \
         without user, port or number: write names of other scripts as xn--…"
    )]
    Host,
    /// The rest has bytes that addresses do not have.
    #[error("the path of a verification page has letters, digits and -._~/%?=&: write anything else as %XX")]
    Path,
}

impl Address {
    /// How long it may be: as much as 45 modules a side hold at error correction M.
    pub const BYTES: usize = 122;

    /// Takes an absolute address.
    pub fn new(text: &str) -> Result<Self, AddressError> {
        let rest = text.strip_prefix(SCHEME).ok_or(AddressError::Scheme)?;
        if text.len() > Self::BYTES {
            return Err(AddressError::Long);
        }
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        if !is_host(host) {
            return Err(AddressError::Host);
        }
        let path = rest.get(host.len()..).unwrap_or_default();
        if !is_path(path) {
            return Err(AddressError::Path);
        }
        Ok(Self {
            text: text.into(),
            host: SCHEME.len()..SCHEME.len() + host.len(),
        })
    }

    /// The whole.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whose page it is.
    pub fn host(&self) -> &str {
        self.text.get(self.host.clone()).unwrap_or_default()
    }
}

fn is_host(host: &str) -> bool {
    let mut labels = host.split('.');
    let top = labels.next_back().unwrap_or_default();
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    // A top level of letters: neither a bare name nor an IPv4 address has one.
    host.contains('.')
        && top.len() >= 2
        && top.starts_with(|first: char| first.is_ascii_lowercase())
        && is_label(top)
        && labels.all(is_label)
}

fn is_path(path: &str) -> bool {
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        let fits = match byte {
            b'%' => {
                bytes.next().is_some_and(|digit| digit.is_ascii_hexdigit())
                    && bytes.next().is_some_and(|digit| digit.is_ascii_hexdigit())
            }
            b'-' | b'.' | b'_' | b'~' | b'/' | b'?' | b'=' | b'&' => true,
            _ => byte.is_ascii_alphanumeric(),
        };
        if !fits {
            return false;
        }
    }
    true
}

const SCHEME: &str = "https://";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_an_address_is_known() {
        for (text, host) in [
            ("https://qol.bank.kz/v/7Q2F-9KXM", "qol.bank.kz"),
            ("https://bank.kz", "bank.kz"),
            ("https://bank.kz?id=%D0%90&n=1", "bank.kz"),
            ("https://xn--80aqalxp.xn--80ao21a/", "xn--80aqalxp.xn--80ao21a"),
        ] {
            assert_eq!(Address::new(text).unwrap().host(), host);
        }
    }

    #[test]
    fn addresses_that_could_mislead_are_refused() {
        let long = format!("https://bank.kz/{}", "a".repeat(Address::BYTES));
        for (text, error) in [
            ("", AddressError::Scheme),
            ("http://bank.kz/", AddressError::Scheme),
            ("HTTPS://bank.kz/", AddressError::Scheme),
            ("javascript:alert(1)", AddressError::Scheme),
            (long.as_str(), AddressError::Long),
            ("https://", AddressError::Host),
            ("https:///v", AddressError::Host),
            ("https://bank", AddressError::Host),
            ("https://bank.kz@evil.kz/", AddressError::Host),
            ("https://bank.kz:8443/", AddressError::Host),
            ("https://192.0.2.1/", AddressError::Host),
            ("https://[::1]/", AddressError::Host),
            ("https://bаnk.kz/", AddressError::Host),
            ("https://Bank.kz/", AddressError::Host),
            ("https://-bank.kz/", AddressError::Host),
            ("https://bank..kz/", AddressError::Host),
            ("https://bank.kz./", AddressError::Host),
            ("https://bank.kz#v", AddressError::Host),
            ("https://bank.kz/a b", AddressError::Path),
            ("https://bank.kz/%4", AddressError::Path),
            ("https://bank.kz/v#x", AddressError::Path),
            ("https://bank.kz/қ", AddressError::Path),
        ] {
            assert_eq!(Address::new(text), Err(error), "{text}");
        }
    }
}
