//! The verifier: the hash kept in the HSM against which a password is checked. R125.
//!
//! `v = SHA-256("tamga/verify/1" ‖ key id ‖ s)` is a secret object; the check is an HMAC over a challenge that the
//! token makes, compared in constant time. A wrong password stops here: the wrapped key is never touched.

use cryptoki::{
    error::Error,
    mechanism::Mechanism,
    object::{Attribute, KeyType, ObjectClass, ObjectHandle},
};
use domain::{Id, Stretched, word};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{Desk, Trouble, mechanism, temporary::Temporary};
use crate::{
    KeyName, KeyRole, Verifier,
    credential::resident_label,
    worker::{Answer, Blob, Refusal},
};

const CHALLENGE: usize = 32;

impl Desk {
    /// Imports `v` and wraps it by `kek`.
    pub(super) fn seal_verifier(
        &self,
        id: Id<word::Credential>,
        secret: &Stretched,
        kek: u32,
    ) -> Result<Verifier, Trouble> {
        let object = self.import(
            &value(id, secret),
            &[Attribute::Token(false), Attribute::Extractable(true)],
        )?;
        let object = Temporary::new(&self.session, object);
        let blob = self.wrap_verifier(kek, &object)?;
        Ok(Verifier::Sealed { kek, blob })
    }

    /// Imports `v` as a private token object.
    pub(super) fn keep_verifier(
        &mut self,
        id: Id<word::Credential>,
        secret: &Stretched,
    ) -> Result<Verifier, Trouble> {
        let label = Attribute::Label(resident_label(id).into_bytes());
        let kept = [Attribute::Token(true), Attribute::Extractable(false), label];
        let handle = self.import(&value(id, secret), &kept)?;
        self.verifiers.insert(id, handle);
        Ok(Verifier::Resident)
    }

    /// Whether the password behind `secret` is the one that the verifier was made of.
    pub(super) fn knows(
        &mut self,
        id: Id<word::Credential>,
        verifier: &Verifier,
        secret: &Stretched,
    ) -> Result<bool, Trouble> {
        match verifier {
            Verifier::Sealed { kek, blob } => {
                let object = self.unwrap_verifier(*kek, blob, false)?;
                self.compare(object.handle(), id, secret)
            }
            Verifier::Resident => {
                let handle = self.resident(id)?;
                self.compare(handle, id, secret)
            }
        }
    }

    /// Moves a sealed verifier to another version of `kek`; its value never leaves the token in the clear.
    pub(super) fn rewrap_verifier(&self, blob: &Blob, to: u32) -> Result<Answer, Trouble> {
        let object = self.unwrap_verifier(blob.version, &blob.bytes, true)?;
        let bytes = self.wrap_verifier(to, &object)?;
        Ok(Answer::Rewrapped(Blob { version: to, bytes }))
    }

    /// Destroys a resident verifier; one that is gone already is no error.
    pub(super) fn destroy_verifier(&mut self, id: Id<word::Credential>) -> Result<Answer, Trouble> {
        for handle in self
            .session
            .find_objects(&[Attribute::Label(resident_label(id).into_bytes())])?
        {
            self.session.destroy_object(handle)?;
        }
        self.verifiers.remove(&id);
        Ok(Answer::Done)
    }

    fn compare(
        &self,
        object: ObjectHandle,
        id: Id<word::Credential>,
        secret: &Stretched,
    ) -> Result<bool, Trouble> {
        let mut challenge = [0; CHALLENGE];
        self.session.generate_random_slice(&mut challenge)?;
        let theirs = Zeroizing::new(self.session.sign(&Mechanism::Sha256Hmac, object, &challenge)?);
        let candidate = value(id, secret);
        let mut ours = Hmac::<Sha256>::new_from_slice(&*candidate).map_err(|_| Error::NotSupported)?;
        ours.update(&challenge);
        Ok(ours.finalize().into_bytes().as_slice().ct_eq(&theirs).into())
    }

    /// Made after this worker started, a verifier is looked for once.
    fn resident(&mut self, id: Id<word::Credential>) -> Result<ObjectHandle, Trouble> {
        if let Some(handle) = self.verifiers.get(&id) {
            return Ok(*handle);
        }
        let found = self
            .session
            .find_objects(&[Attribute::Label(resident_label(id).into_bytes())])?;
        let handle = *found.first().ok_or(Refusal::NoVerifier)?;
        self.verifiers.insert(id, handle);
        Ok(handle)
    }

    fn import(&self, value: &[u8; 32], more: &[Attribute]) -> Result<ObjectHandle, Trouble> {
        let mut template = secret_template().to_vec();
        template.push(Attribute::Value(value.to_vec()));
        template.extend_from_slice(more);
        let handle = self.session.create_object(&template);
        for attribute in &mut template {
            if let Attribute::Value(copy) = attribute {
                zeroize::Zeroize::zeroize(copy);
            }
        }
        Ok(handle?)
    }

    fn wrap_verifier(&self, kek: u32, object: &Temporary<'_>) -> Result<Vec<u8>, Trouble> {
        let kek = self.key(KeyName::new(KeyRole::Kek, kek))?;
        Ok(self
            .session
            .wrap_key(&mechanism::key_wrap(self.profile.wrap), kek, object.handle())?)
    }

    fn unwrap_verifier(&self, kek: u32, blob: &[u8], extractable: bool) -> Result<Temporary<'_>, Trouble> {
        let kek = self.key(KeyName::new(KeyRole::Kek, kek))?;
        let mut template = secret_template().to_vec();
        template.extend([Attribute::Token(false), Attribute::Extractable(extractable)]);
        let wrap = mechanism::key_wrap(self.profile.wrap);
        let handle = self
            .session
            .unwrap_key(&wrap, kek, blob, &template)
            .map_err(Trouble::Unwrap)?;
        Ok(Temporary::new(&self.session, handle))
    }
}

/// `v`.
fn value(id: Id<word::Credential>, secret: &Stretched) -> Zeroizing<[u8; 32]> {
    let mut value = Zeroizing::new([0; 32]);
    let hash = Sha256::new()
        .chain_update(b"tamga/verify/1")
        .chain_update(id.as_bytes());
    value.copy_from_slice(&hash.chain_update(secret.expose()).finalize());
    value
}

/// What every verifier is.
const fn secret_template() -> [Attribute; 6] {
    [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::GENERIC_SECRET),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Sign(true),
        Attribute::Verify(true),
    ]
}
