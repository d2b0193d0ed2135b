//! A Client's key: made as a session object, kept only wrapped, opened only by the right password.
//!
//! `k = AES-CBC(kdk, iv 0, SHA-256("tamga/wrap/1" ‖ key id ‖ s))` is derived inside the token and wraps the key by
//! RFC 5649. Nobody who lacks `s` can derive `k`: not with the database, not with the PIN. R007, R134.

use cryptoki::{
    mechanism::{Mechanism, ekdf::AesCbcDeriveParams},
    object::{Attribute, KeyType, ObjectClass, ObjectHandle},
};
use domain::{Id, KeyAlgorithm, Stretched, word};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Desk, Trouble, keys, mechanism, public_key, temporary::Temporary};
use crate::{
    KeyName, KeyRole, VerifierMode,
    worker::{Answer, Blob, EnrolAsk, Refusal, UseAsk},
};

impl Desk {
    /// Makes a key under a password, and the verifier for it.
    pub(super) fn enrol(&mut self, ask: &EnrolAsk) -> Result<Answer, Trouble> {
        let secret = ask.secret.stretched().ok_or(Refusal::Unopened)?;
        let private = [
            Attribute::Token(false),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            // Extractable so that it can be wrapped; it exists in this form for a moment only.
            Attribute::Extractable(true),
            Attribute::Sign(true),
        ];
        let (public, private) = keys::generate(
            &self.session,
            ask.algorithm,
            vec![Attribute::Token(false)],
            &private,
        )?;
        let (public, private) = (
            Temporary::new(&self.session, public),
            Temporary::new(&self.session, private),
        );
        let public_key = public_key::read(&self.session, public.handle())?;
        let wrapping = self.wrapping_key(ask.kdk, ask.key, &secret)?;
        let wrap = mechanism::key_wrap(self.profile.wrap);
        let bytes = self
            .session
            .wrap_key(&wrap, wrapping.handle(), private.handle())?;
        // What cannot be opened again must not be answered with a receipt.
        drop(Temporary::new(
            &self.session,
            self.unwrap(&wrapping, &bytes, ask.algorithm, false)?,
        ));
        let pseudonym = self.make_tag(&ask.pseudonym_of)?;
        drop((wrapping, public, private));
        let verifier = match ask.mode {
            VerifierMode::Sealed => self.seal_verifier(ask.key, &secret, ask.kek)?,
            VerifierMode::Resident => self.keep_verifier(ask.key, &secret)?,
        };
        Ok(Answer::Enrolled {
            public_key,
            wrapped: Blob {
                version: ask.kdk,
                bytes,
            },
            verifier,
            pseudonym,
        })
    }

    /// Checks the password, then opens the key once, signs everything, and destroys it.
    pub(super) fn use_key(&mut self, ask: &UseAsk) -> Result<Answer, Trouble> {
        let fits = ask.profile.fits(ask.algorithm)
            && ask
                .digests
                .iter()
                .all(|digest| digest.algorithm() == ask.profile.hash());
        if !fits {
            return Err(Refusal::Token("the signature profile does not fit the key".to_owned()).into());
        }
        let secret = ask.secret.stretched().ok_or(Refusal::Unopened)?;
        if !self.knows(ask.key, &ask.verifier, &secret)? {
            return Err(Refusal::WrongPassword.into());
        }
        let wrapping = self.wrapping_key(ask.wrapped.version, ask.key, &secret)?;
        let key = self.unwrap(
            &wrapping,
            &ask.wrapped.bytes,
            ask.algorithm,
            ask.rewrap_to.is_some(),
        )?;
        let key = Temporary::new(&self.session, key);
        let rewrapped = match ask.rewrap_to {
            None => None,
            Some(version) => {
                let newest = self.wrapping_key(version, ask.key, &secret)?;
                let wrap = mechanism::key_wrap(self.profile.wrap);
                let bytes = self.session.wrap_key(&wrap, newest.handle(), key.handle())?;
                Some(Blob { version, bytes })
            }
        };
        let signing = mechanism::signing(ask.profile);
        let mut signatures = Vec::with_capacity(ask.digests.len());
        for digest in &ask.digests {
            signatures.push(self.session.sign(
                &signing,
                key.handle(),
                &mechanism::input(ask.profile, digest),
            )?);
        }
        let tags = ask
            .make
            .iter()
            .map(|bytes| self.make_tag(bytes))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Answer::Used {
            signatures,
            tags,
            rewrapped,
        })
    }

    /// `k`, for one Client and one password, as a session object that only wraps and unwraps.
    fn wrapping_key(
        &self,
        kdk: u32,
        id: Id<word::Credential>,
        secret: &Stretched,
    ) -> Result<Temporary<'_>, Trouble> {
        let base = self.key(KeyName::new(KeyRole::Kdk, kdk))?;
        let mut data = Zeroizing::new([0_u8; 32]);
        let hash = Sha256::new()
            .chain_update(b"tamga/wrap/1")
            .chain_update(id.as_bytes());
        data.copy_from_slice(&hash.chain_update(secret.expose()).finalize());
        let derive = Mechanism::AesCbcEncryptData(AesCbcDeriveParams::new([0; 16], &*data));
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::AES),
            Attribute::ValueLen(32.into()),
            Attribute::Token(false),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Wrap(true),
            Attribute::Unwrap(true),
        ];
        Ok(Temporary::new(
            &self.session,
            self.session.derive_key(&derive, base, &template)?,
        ))
    }

    fn unwrap(
        &self,
        wrapping: &Temporary<'_>,
        blob: &[u8],
        algorithm: KeyAlgorithm,
        extractable: bool,
    ) -> Result<ObjectHandle, Trouble> {
        let key_type = match algorithm {
            KeyAlgorithm::P256 | KeyAlgorithm::P384 => KeyType::EC,
            KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096 => KeyType::RSA,
        };
        let template = [
            Attribute::Class(ObjectClass::PRIVATE_KEY),
            Attribute::KeyType(key_type),
            Attribute::Token(false),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(extractable),
            Attribute::Sign(true),
        ];
        let wrap = mechanism::key_wrap(self.profile.wrap);
        self.session
            .unwrap_key(&wrap, wrapping.handle(), blob, &template)
            .map_err(Trouble::Unwrap)
    }
}
