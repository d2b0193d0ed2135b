//! Where the authority's publications are found, and how its certificates are spread over revocation lists.

use pki::Addresses;
use serde::{Deserialize, Serialize};

use crate::Serial;

/// The public addresses that certificates name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// Where the service is reached by verifiers, such as `http://pki.example.kz`; plain HTTP, since what is fetched
    /// there is signed and TLS would need the same certificates.
    pub base: String,
    /// Revocation lists per issuing authority; one, unless millions of certificates are expected.
    #[serde(default = "one")]
    pub shards: u16,
    /// Where the certification practice statement is read.
    pub practice: Option<String>,
}

const fn one() -> u16 {
    1
}

/// What one revocation list covers: an authority's certificates, or one part of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// The generation of the issuing authority; 0 is the root.
    pub issuer: u32,
    /// Which part; none is all.
    pub shard: Option<u16>,
}

impl Scope {
    /// The name of the list's file.
    pub fn file(self, delta: bool) -> String {
        let stem = match (self.issuer, self.shard) {
            (0, _) => "root".to_owned(),
            (generation, None) => format!("issuing-{generation}"),
            (generation, Some(shard)) => format!("issuing-{generation}-{shard}"),
        };
        format!("{stem}{}.crl", if delta { "-delta" } else { "" })
    }

    /// The scope that a list's file names, and whether it is the delta.
    pub fn parse_file(name: &str) -> Option<(Self, bool)> {
        let stem = name.strip_suffix(".crl")?;
        let (stem, delta) = stem
            .strip_suffix("-delta")
            .map_or((stem, false), |stem| (stem, true));
        let scope = if stem == "root" {
            Self {
                issuer: 0,
                shard: None,
            }
        } else {
            let rest = stem.strip_prefix("issuing-")?;
            let (generation, shard) = rest
                .split_once('-')
                .map_or((rest, None), |(generation, shard)| (generation, Some(shard)));
            Self {
                issuer: generation.parse().ok()?,
                shard: shard.map(str::parse).transpose().ok()?,
            }
        };
        (scope.file(delta) == name).then_some((scope, delta))
    }
}

impl Places {
    /// The part into which a certificate falls.
    pub fn shard(&self, serial: &Serial) -> u16 {
        let [.., high, low] = serial.as_bytes();
        u16::from_be_bytes([*high, *low]) % self.shards.max(1)
    }

    /// The scope whose list a certificate names: all of its issuer's while there is one list.
    pub fn scope(&self, issuer: u32, serial: &Serial) -> Scope {
        Scope {
            issuer,
            shard: (issuer > 0 && self.shards > 1).then(|| self.shard(serial)),
        }
    }

    /// The address of a file under `/pki`.
    pub fn file(&self, name: &str) -> String {
        format!("{}/pki/{name}", self.base.trim_end_matches('/'))
    }

    /// The file of an authority's certificate.
    pub fn certificate_file(issuer: u32) -> String {
        if issuer == 0 {
            "root.crt".to_owned()
        } else {
            format!("issuing-{issuer}.crt")
        }
    }

    /// What a certificate of this issuer names.
    pub fn addresses(&self, issuer: u32, serial: &Serial) -> Addresses {
        let scope = self.scope(issuer, serial);
        let online = issuer > 0;
        Addresses {
            issuer: self.file(&Self::certificate_file(issuer)),
            ocsp: online.then(|| format!("{}/ocsp", self.base.trim_end_matches('/'))),
            crl: self.file(&scope.file(false)),
            delta: online.then(|| self.file(&scope.file(true))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lists_file_name_tells_its_scope_and_nothing_else_does() {
        for (issuer, shard) in [(0, None), (1, None), (12, Some(0)), (3, Some(511))] {
            let scope = Scope { issuer, shard };
            for delta in [false, true] {
                assert_eq!(Scope::parse_file(&scope.file(delta)), Some((scope, delta)));
            }
        }
        for name in [
            "root-1.crl",
            "issuing-01.crl",
            "issuing-0.crl",
            "issuing-1-.crl",
            "issuing-1-70000.crl",
            "issuing-1",
            "../issuing-1.crl",
        ] {
            assert_eq!(Scope::parse_file(name), None, "{name}");
        }
    }
}
