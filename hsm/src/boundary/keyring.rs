//! The ring of resident keys that the workers found, by name; the newest of each role is the one in use.

use std::collections::BTreeMap;

use der::Decode;
use domain::{ActivationKey, EcPublicKey, hpke::Point};
use spki::SubjectPublicKeyInfoRef;

use crate::{KeyName, KeyRole, ServiceKey, Unavailable};

/// Resident keys with their public halves.
#[derive(Debug, Default)]
pub(super) struct KeyRing(BTreeMap<KeyName, Option<Vec<u8>>>);

impl KeyRing {
    /// What workers found.
    pub(super) fn new(found: impl IntoIterator<Item = (KeyName, Option<Vec<u8>>)>) -> Self {
        Self(found.into_iter().collect())
    }

    /// The newest version of a role.
    pub(super) fn newest(&self, role: KeyRole) -> Result<KeyName, Unavailable> {
        let last = self
            .0
            .range(KeyName::new(role, 0)..=KeyName::new(role, u32::MAX))
            .next_back();
        last.map(|(name, _)| *name)
            .ok_or(Unavailable::NoSuchKey(KeyName::new(role, 1)))
    }

    /// Whether this version exists.
    pub(super) fn holds(&self, name: KeyName) -> bool {
        self.0.contains_key(&name)
    }

    /// The public half, DER.
    pub(super) fn public(&self, name: KeyName) -> Result<&[u8], Unavailable> {
        self.0
            .get(&name)
            .and_then(Option::as_deref)
            .ok_or(Unavailable::NoSuchKey(name))
    }

    /// The public half as a P-256 key that verifies statements.
    pub(super) fn verifier(&self, name: KeyName) -> Result<EcPublicKey, Unavailable> {
        EcPublicKey::from_point(&point(self.public(name)?).ok_or(Unavailable::NoSuchKey(name))?)
            .ok_or(Unavailable::NoSuchKey(name))
    }

    /// The key that devices seal to now.
    pub(super) fn activation(&self) -> Result<ActivationKey, Unavailable> {
        let name = self.newest(KeyRole::Activation)?;
        let point = point(self.public(name)?).ok_or(Unavailable::NoSuchKey(name))?;
        ActivationKey::new(&name.kid(), point).ok_or(Unavailable::NoSuchKey(name))
    }

    /// All service keys with a public half.
    pub(super) fn services(&self) -> Vec<(ServiceKey, u32, Vec<u8>)> {
        let service = |(name, public): (&KeyName, &Option<Vec<u8>>)| match (name.role, public) {
            (KeyRole::Service(key), Some(public)) => Some((key, name.version, public.clone())),
            _ => None,
        };
        self.0.iter().filter_map(service).collect()
    }

    /// Takes over what workers of one token found; keys that `belongs` admits and that are not found are gone.
    pub(super) fn replace(
        &mut self,
        found: impl IntoIterator<Item = (KeyName, Option<Vec<u8>>)>,
        belongs: impl Fn(KeyRole) -> bool,
    ) {
        self.0.retain(|name, _| !belongs(name.role));
        self.0
            .extend(found.into_iter().filter(|(name, _)| belongs(name.role)));
    }
}

/// The point of a P-256 `SubjectPublicKeyInfo`.
pub(super) fn point(spki: &[u8]) -> Option<Point> {
    SubjectPublicKeyInfoRef::from_der(spki)
        .ok()?
        .subject_public_key
        .as_bytes()?
        .try_into()
        .ok()
}
