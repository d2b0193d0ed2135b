//! [`Canonicalisation`]: one of the six, and the URI that names it.

use serde::{Deserialize, Serialize};

/// A family of canonicalisations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Version {
    /// Canonical XML 1.0.
    Inclusive,
    /// Canonical XML 1.1.
    Inclusive11,
    /// Exclusive Canonical XML 1.0.
    Exclusive,
}

/// How canonical octets are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Canonicalisation {
    pub(crate) kind: Version,
    pub(crate) comments: bool,
    /// Prefixes that an exclusive one treats as an inclusive one would; the default namespace is the empty prefix.
    pub(crate) prefixes: Vec<String>,
}

const KINDS: [(Version, &str, &str); 3] = [
    (
        Version::Inclusive,
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    ),
    (
        Version::Inclusive11,
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2006/12/xml-c14n11#WithComments",
    ),
    (
        Version::Exclusive,
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    ),
];

impl Canonicalisation {
    pub(crate) const INCLUSIVE: Self = Self::new(Version::Inclusive, false);
    pub(crate) const INCLUSIVE_WITH_COMMENTS: Self = Self::new(Version::Inclusive, true);
    pub(crate) const EXCLUSIVE: Self = Self::new(Version::Exclusive, false);

    pub(crate) const fn new(kind: Version, comments: bool) -> Self {
        Self {
            kind,
            comments,
            prefixes: Vec::new(),
        }
    }

    /// The one of this URI.
    pub(crate) fn named(uri: &str) -> Option<Self> {
        KINDS.iter().find_map(|(kind, plain, commented)| {
            (uri == *plain || uri == *commented).then(|| Self::new(*kind, uri == *commented))
        })
    }

    /// Its URI.
    pub(crate) fn uri(&self) -> &'static str {
        let found = KINDS.iter().find(|(kind, _, _)| *kind == self.kind);
        found.map_or(
            "",
            |(_, plain, commented)| if self.comments { commented } else { plain },
        )
    }

    pub(crate) fn is_inclusive(&self) -> bool {
        self.kind != Version::Exclusive
    }

    /// Treats these prefixes as an inclusive canonicalisation would.
    #[must_use]
    pub(crate) fn including(mut self, prefixes: Vec<String>) -> Self {
        self.prefixes = prefixes;
        self
    }
}
