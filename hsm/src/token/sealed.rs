//! Opening what a device sealed: the ECDH runs in the token, the rest of HPKE beside it.

use cryptoki::{
    mechanism::{
        Mechanism,
        elliptic_curve::{EcKdf, Ecdh1DeriveParams},
    },
    object::{Attribute, AttributeType, KeyType, ObjectClass},
};
use domain::{Sealed, Secret, hpke::SharedSecret};
use zeroize::{Zeroize, Zeroizing};

use super::{Desk, Trouble, temporary::Temporary};
use crate::{KeyName, KeyRole, worker::Refusal};

impl Desk {
    /// The plaintext, if it was sealed to a key of this token for exactly this `info`.
    pub(super) fn open_sealed(&self, sealed: &Sealed, info: &[u8]) -> Result<Zeroizing<Vec<u8>>, Trouble> {
        let name = KeyName::parse_kid(sealed.kid()).filter(|name| name.role == KeyRole::Activation);
        let name = name.ok_or(Refusal::Unopened)?;
        let found = self.keys.get(&name).ok_or(Refusal::NoKey(name))?;
        let spki = found.public_key.as_deref().ok_or(Refusal::NoKey(name))?;
        let point = spki.last_chunk().ok_or(Refusal::NoKey(name))?;
        let derive = Mechanism::Ecdh1Derive(Ecdh1DeriveParams::new(EcKdf::null(), sealed.enc()));
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::GENERIC_SECRET),
            Attribute::ValueLen(32.into()),
            Attribute::Token(false),
            Attribute::Sensitive(false),
            Attribute::Extractable(true),
        ];
        let derived = Temporary::new(
            &self.session,
            self.session.derive_key(&derive, found.handle, &template)?,
        );
        let secret = self.read_secret(&derived)?;
        sealed
            .open(&SharedSecret::from_dh(&secret, sealed.enc(), point), info)
            .map_err(|_| Refusal::Unopened.into())
    }

    fn read_secret(&self, derived: &Temporary<'_>) -> Result<Secret<[u8; 32]>, Trouble> {
        let mut secret = Secret::new([0; 32]);
        for attribute in self
            .session
            .get_attributes(derived.handle(), &[AttributeType::Value])?
        {
            if let Attribute::Value(mut value) = attribute {
                // Some tokens drop leading zeros of the secret; HPKE wants all 32 bytes.
                let start = 32_usize.checked_sub(value.len()).ok_or(Refusal::Unopened)?;
                if let Some(place) = secret.expose_mut().get_mut(start..) {
                    place.copy_from_slice(&value);
                }
                value.zeroize();
                return Ok(secret);
            }
        }
        Err(Refusal::Token("the token does not give the ECDH secret".to_owned()).into())
    }
}
