//! Until when digests prove what a signature covers.
//!
//! A signature is over digests, and these end as every algorithm does: one is believed after its end only if the signature,
//! and so the digest in it, is proven to be older (EN 319 102-1 §5.2.8, §5.6.2.4). An archive time stamp hashes what is
//! covered anew, and so does each that follows; files that only a manifest names stay with the manifest's digests.

use domain::{HashAlgorithm, Time};

use super::{context::Constraints, finding::Finding};
use crate::{Claim, Covered, Integrity, StampClaim};

impl Constraints {
    /// What is covered by digests that had ended when the signature is first proven to exist.
    pub(super) fn outlived(&self, claim: &Claim, existed: Time) -> Vec<Finding> {
        let ended = self.ended(claim.covered.iter(), existed);
        let ended = ended.map(|(covered, hash, time)| Finding::DigestEnded {
            what: covered.what.clone(),
            algorithm: hash.to_string(),
            time,
        });
        ended.collect()
    }

    /// What no archive time stamp keeps any more: named in a manifest by digests that have ended.
    pub(super) fn unsealed(&self, claim: &Claim, at: Time) -> Vec<Finding> {
        let ended = self.ended(claim.covered.iter().filter(|covered| covered.by_manifest), at);
        let ended = ended.map(|(covered, hash, time)| Finding::Unsealed {
            what: covered.what.clone(),
            algorithm: hash.to_string(),
            time,
        });
        ended.collect()
    }

    /// Until when an archive time stamp on this signature keeps the files that a manifest names.
    pub(super) fn end_of_manifest(&self, claim: &Claim) -> Option<Time> {
        let named = claim.covered.iter().filter(|covered| covered.by_manifest);
        let digests = named.filter_map(|covered| covered.digest);
        digests.map(|digest| self.end_of_hash(digest.algorithm())).min()
    }

    /// Until when the digests in a time stamp prove what it is over: its imprint and, if there is one, its index.
    pub(super) fn end_of_digests(&self, stamp: &StampClaim, imprint: HashAlgorithm) -> (HashAlgorithm, Time) {
        let imprint = (imprint, self.end_of_hash(imprint));
        let index = stamp.index.map(|hash| (hash, self.end_of_hash(hash)));
        index.filter(|(_, end)| *end < imprint.1).unwrap_or(imprint)
    }

    fn ended<'c>(
        &self,
        covered: impl Iterator<Item = &'c Covered>,
        at: Time,
    ) -> impl Iterator<Item = (&'c Covered, HashAlgorithm, Time)> {
        let intact = covered.filter(|covered| covered.integrity == Integrity::Intact);
        intact.filter_map(move |covered| {
            let hash = covered.digest?.algorithm();
            let end = self.end_of_hash(hash);
            (at > end).then_some((covered, hash, end))
        })
    }
}
