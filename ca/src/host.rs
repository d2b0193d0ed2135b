//! Names of TLS servers: what verifiers can look up in the DNS, and nothing else.

use der::asn1::Ia5String;
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use pki::x509_cert::ext::pkix::name::GeneralName;

use crate::ComposeError;

/// A DNS name as it stands in a certificate: at least two labels of small letters, digits and hyphens; the last one not
/// of digits alone, which would be an address; `xn--` only before what it encodes in this one form (RFC 5890 §2.3.2.1,
/// UTS 46); no other hyphens at the third and fourth place, which are reserved.
pub(crate) fn host_name(host: &str) -> Result<GeneralName, ComposeError> {
    let wrong = || ComposeError::Host(host.to_owned());
    let (_, top) = host.rsplit_once('.').ok_or_else(wrong)?;
    if top.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    // What comes out otherwise than it went in was no name in its one form.
    match Uts46::new().to_ascii(
        host.as_bytes(),
        AsciiDenyList::STD3,
        Hyphens::Check,
        DnsLength::Verify,
    ) {
        Ok(ascii) if ascii == host => Ok(GeneralName::DnsName(Ia5String::new(host)?)),
        Ok(_) | Err(_) => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_the_dns_can_have_are_certified() {
        let long = format!("{}.example.kz", "a".repeat(63));
        for host in [
            "example.kz",
            "a-b.1.example.kz",
            "xn--80ak6aa92e.com",
            "xn--80ao21a.xn--80ao21a",
            &long,
        ] {
            assert!(host_name(host).is_ok(), "{host}");
        }
        let longer = format!("{}.example.kz", "a".repeat(64));
        let longest = format!("{}kz", "a.".repeat(126));
        for host in [
            "",
            ".",
            "localhost",
            "example.kz.",
            ".example.kz",
            "a..kz",
            "Example.kz",
            "*.example.kz",
            "-a.kz",
            "a-.kz",
            "a_b.kz",
            "a b.kz",
            "10.0.0.1",
            "a.1",
            "ab--cd.kz",
            "xn--.kz",
            "xn--a.kz",
            "xn--example-.kz",
            "xn--zzzzzzzz9999.kz",
            "қазақ.kz",
            "exa\u{200b}mple.kz",
            "[::1]",
            &longer,
            &longest,
        ] {
            assert!(host_name(host).is_err(), "{host}");
        }
    }
}
