//! [`Existence`]: since when a thing is proven to exist (POE), EN 319 102-1 §5.6.2.3.

use std::collections::BTreeMap;

use domain::Time;

use crate::Material;

/// Proofs of existence.
#[derive(Clone, Debug)]
pub(super) struct Existence<'a> {
    at: Time,
    known: BTreeMap<&'a [u8], Time>,
    signature: Time,
}

impl<'a> Existence<'a> {
    /// Everything that is here exists now.
    pub(super) const fn new(at: Time) -> Self {
        Self {
            at,
            known: BTreeMap::new(),
            signature: at,
        }
    }

    /// The earliest time at which these bytes are proven to exist.
    pub(super) fn of(&self, thing: &[u8]) -> Time {
        self.known.get(thing).copied().unwrap_or(self.at).min(self.at)
    }

    /// The best signature time: the earliest at which the signature is proven to exist.
    pub(super) const fn of_signature(&self) -> Time {
        self.signature
    }

    /// Bytes are proven to exist at a time.
    pub(super) fn prove(&mut self, thing: &'a [u8], at: Time) {
        let earliest = self.of(thing).min(at);
        self.known.insert(thing, earliest);
    }

    /// Material is proven to exist at a time.
    pub(super) fn prove_all(&mut self, material: &'a Material, at: Time) {
        let all = [&material.certificates, &material.lists, &material.answers];
        for thing in all.into_iter().flatten() {
            self.prove(thing, at);
        }
    }

    /// The signature is proven to exist at a time.
    pub(super) fn prove_signature(&mut self, at: Time) {
        self.signature = self.signature.min(at);
    }
}
