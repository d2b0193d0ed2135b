//! How paths are found: from the certificate up, every issuer proved by the signature that it made.

use super::{Anchor, Path};
use crate::{Presented, distinguished};

/// The most certificates of a path, its anchor not counted.
pub const LONGEST_PATH: usize = 8;
/// The most paths that are offered.
const MOST_PATHS: usize = 8;
/// The most signatures that are verified on the way.
const MOST_VERIFICATIONS: usize = 128;

/// What was found.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// Paths to anchors, the likeliest first.
    pub paths: Vec<Path<'a>>,
    /// Certificates at which the search ended because nobody here issued them.
    pub orphans: Vec<&'a Presented>,
}

/// The paths from a certificate to the anchors, over these certificates.
pub fn paths<'a>(
    target: &'a Presented,
    certificates: impl IntoIterator<Item = &'a Presented>,
    anchors: &'a [Anchor],
) -> Found<'a> {
    let mut search = Search {
        certificates: certificates.into_iter().collect(),
        anchors,
        left: MOST_VERIFICATIONS,
        found: Found {
            paths: Vec::new(),
            orphans: Vec::new(),
        },
    };
    if let Some(anchor) = anchors
        .iter()
        .find(|anchor| anchor.certificate.der() == target.der())
    {
        search.found.paths.push(Path::new(Vec::new(), anchor));
    } else {
        search.extend(&mut vec![target]);
    }
    search.found
}

struct Search<'a> {
    certificates: Vec<&'a Presented>,
    anchors: &'a [Anchor],
    left: usize,
    found: Found<'a>,
}

impl<'a> Search<'a> {
    fn extend(&mut self, path: &mut Vec<&'a Presented>) {
        let Some(top) = path.last().copied() else { return };
        let mut issued = false;
        let mut anchors: Vec<&'a Anchor> = self
            .anchors
            .iter()
            .filter(|anchor| distinguished::same(anchor.certificate.subject(), top.issuer()))
            .collect();
        anchors.sort_by_key(|anchor| unlikely(top, &anchor.certificate));
        for anchor in anchors {
            if self.proves(top, &anchor.certificate) {
                issued = true;
                self.found.paths.push(Path::new(path.clone(), anchor));
            }
        }
        let mut issuers: Vec<&'a Presented> = self
            .certificates
            .iter()
            .copied()
            .filter(|issuer| distinguished::same(issuer.subject(), top.issuer()))
            .filter(|issuer| !path.iter().any(|below| is_same(below, issuer)))
            .filter(|issuer| {
                !self
                    .anchors
                    .iter()
                    .any(|anchor| is_same(&anchor.certificate, issuer))
            })
            .collect();
        issuers.sort_by_key(|issuer| unlikely(top, issuer));
        for issuer in issuers {
            // An authority's certificate that is no authority's is refused by `holds`, with the words for it.
            if path.len() < LONGEST_PATH && self.proves(top, issuer) {
                issued = true;
                path.push(issuer);
                self.extend(path);
                path.pop();
            }
        }
        if !issued && !self.found.orphans.iter().any(|known| known.der() == top.der()) {
            self.found.orphans.push(top);
        }
    }

    fn proves(&mut self, below: &Presented, issuer: &Presented) -> bool {
        if self.found.paths.len() >= MOST_PATHS || self.left == 0 {
            return false;
        }
        self.left -= 1;
        below.verify(issuer.key()).is_ok()
    }
}

/// The same subject with the same key: once in a path is enough.
fn is_same(one: &Presented, other: &Presented) -> bool {
    one.key().spki() == other.key().spki() && distinguished::same(one.subject(), other.subject())
}

/// Issuers with the key identifier that the certificate names come first; those with another one last.
fn unlikely(below: &Presented, issuer: &Presented) -> u8 {
    match &below.extensions().authority_key {
        Some(key) if *key == issuer.key_identifier() => 0,
        None => 1,
        Some(_) => 2,
    }
}
