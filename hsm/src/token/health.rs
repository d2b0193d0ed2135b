//! The health check: a known key signs, and the signature is checked outside the token. A session that answers
//! proves nothing (measured: with its files gone, SoftHSM still opens sessions).

use cryptoki::mechanism::Mechanism;
use domain::{EcPublicKey, HashAlgorithm};

use super::{Desk, Trouble};
use crate::{KeyName, KeyRole, worker::Refusal};

/// Signs and checks.
pub(super) fn check(desk: &Desk) -> Result<(), Trouble> {
    let name = KeyName::new(KeyRole::Health, 1);
    let found = desk.keys.get(&name).ok_or(Refusal::NoKey(name))?;
    let point = found
        .public_key
        .as_deref()
        .and_then(|spki| spki.last_chunk())
        .ok_or(Refusal::NoKey(name))?;
    let key = EcPublicKey::from_point(point).ok_or(Refusal::NoKey(name))?;
    let message = desk.session.generate_random_vec(32)?;
    let digest = HashAlgorithm::Sha256.digest(&message);
    let signature = desk
        .session
        .sign(&Mechanism::Ecdsa, found.handle, digest.as_bytes())?;
    if key.verifies(&message, &signature) {
        Ok(())
    } else {
        Err(Refusal::Token("the health key's signature does not verify".to_owned()).into())
    }
}
