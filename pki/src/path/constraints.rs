//! Name constraints, RFC 5280 §4.2.1.10: directory names, DNS names, e-mail addresses and IP addresses.
//!
//! A constraint on another kind of name is not understood, and an authority that sets one is refused: the extension is
//! critical.

use der::{Encode, asn1::ObjectIdentifier};
use x509_cert::ext::pkix::{NameConstraints, constraints::name::GeneralSubtree, name::GeneralName};

use crate::{Presented, distinguished};

const EMAIL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");
/// More subtrees than any authority needs.
const MOST: usize = 256;

/// The constraints of all authorities so far.
#[derive(Default)]
pub(super) struct Constraints<'a> {
    all: Vec<&'a NameConstraints>,
}

/// A name as constraints see it.
enum Named {
    Directory(Vec<u8>),
    Dns(String),
    Mail(String),
    Ip(Vec<u8>),
}

impl<'a> Constraints<'a> {
    /// Adds those of an authority; false if they are not understood.
    pub(super) fn add(&mut self, more: &'a NameConstraints) -> bool {
        let trees = || permitted(more).iter().chain(excluded(more));
        let understood = trees().count() <= MOST
            && trees().all(|tree| {
                tree.minimum == 0
                    && tree.maximum.is_none()
                    && match &tree.base {
                        GeneralName::DirectoryName(_)
                        | GeneralName::DnsName(_)
                        | GeneralName::Rfc822Name(_) => true,
                        GeneralName::IpAddress(range) => matches!(range.as_bytes().len(), 8 | 32),
                        _ => false,
                    }
            });
        self.all.push(more);
        understood
    }

    /// Whether a certificate of these names may be issued.
    pub(super) fn admit(&self, certificate: &Presented) -> bool {
        self.all.is_empty()
            || names(certificate).is_some_and(|names| {
                names.iter().all(|name| {
                    self.all.iter().all(|constraints| {
                        let mut same_kind = permitted(constraints)
                            .iter()
                            .filter_map(|tree| name.within(&tree.base));
                        let first = same_kind.next();
                        let inside = first.is_none_or(|first| first || same_kind.any(|inside| inside));
                        inside
                            && !excluded(constraints)
                                .iter()
                                .any(|tree| name.within(&tree.base) == Some(true))
                    })
                })
            })
    }
}

fn permitted(constraints: &NameConstraints) -> &[GeneralSubtree] {
    constraints.permitted_subtrees.as_deref().unwrap_or_default()
}

fn excluded(constraints: &NameConstraints) -> &[GeneralSubtree] {
    constraints.excluded_subtrees.as_deref().unwrap_or_default()
}

/// All names of a certificate that can be constrained.
fn names(certificate: &Presented) -> Option<Vec<Named>> {
    let mut names = Vec::new();
    let subject = distinguished::attributes(certificate.subject()).ok()?;
    if !subject.is_empty() {
        names.push(Named::Directory(certificate.subject().to_vec()));
    }
    for attribute in subject.iter().flatten().filter(|attribute| attribute.id == EMAIL) {
        names.push(Named::Mail(attribute.text()?.to_lowercase()));
    }
    for name in &certificate.extensions().names {
        match name {
            GeneralName::DirectoryName(name) => names.push(Named::Directory(name.to_der().ok()?)),
            GeneralName::DnsName(name) => names.push(Named::Dns(name.as_str().to_lowercase())),
            GeneralName::Rfc822Name(name) => names.push(Named::Mail(name.as_str().to_lowercase())),
            GeneralName::IpAddress(address) => names.push(Named::Ip(address.as_bytes().to_vec())),
            _ => {}
        }
    }
    Some(names)
}

impl Named {
    /// Whether it lies in a subtree; none if the subtree is of another kind.
    fn within(&self, base: &GeneralName) -> Option<bool> {
        Some(match (self, base) {
            (Self::Directory(name), GeneralName::DirectoryName(base)) => base
                .to_der()
                .is_ok_and(|base| distinguished::lies_under(name, &base)),
            (Self::Dns(name), GeneralName::DnsName(base)) => {
                is_host_under(name, &base.as_str().to_lowercase())
            }
            (Self::Mail(address), GeneralName::Rfc822Name(base)) => {
                let base = base.as_str().to_lowercase();
                let host = address.rsplit_once('@').map_or("", |(_, host)| host);
                match base.strip_prefix('.') {
                    _ if base.contains('@') => *address == base,
                    // RFC 5280: with a period, any host of the domain; without one, that host.
                    Some(domain) => host.len() > domain.len() && is_host_under(host, domain),
                    None => host == base,
                }
            }
            (Self::Ip(address), GeneralName::IpAddress(range)) => {
                let (network, mask) = range.as_bytes().split_at(range.as_bytes().len() / 2);
                address.len() == network.len()
                    && address
                        .iter()
                        .zip(network)
                        .zip(mask)
                        .all(|((byte, network), mask)| byte & mask == network & mask)
            }
            _ => return None,
        })
    }
}

fn is_host_under(name: &str, base: &str) -> bool {
    let base = base.strip_prefix('.').unwrap_or(base);
    base.is_empty()
        || name
            .strip_suffix(base)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
