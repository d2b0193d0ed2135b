//! Token profile: what this token can do, found out by trying, not by asking for its list of mechanisms.
//!
//! Numbers lie: 0x210A is RFC 5649 on one token and something else by the standard. So each capability is tried
//! with throw-away session objects, and what does not work is said in words.

use cryptoki::{
    context::Pkcs11,
    error::Result,
    mechanism::{
        Mechanism, MechanismType,
        ekdf::AesCbcDeriveParams,
        elliptic_curve::{EcKdf, Ecdh1DeriveParams},
    },
    object::{Attribute, KeyType, ObjectClass, ObjectHandle},
    session::Session,
    slot::Slot,
};
use domain::{KeyAlgorithm, SignatureProfile};

use super::{OpenError, ProfileOverrides, keys, mechanism, public_key, temporary::Temporary};

/// What this token can do.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    /// The number of RFC 5649 here.
    pub(super) wrap: u64,
    missing: Vec<String>,
}

impl Profile {
    /// What does not work, in words.
    pub(super) fn missing(&self) -> &[String] {
        &self.missing
    }

    /// Tries everything; fails with the list when something essential does not work.
    pub(super) fn probe(
        context: &Pkcs11,
        slot: Slot,
        session: &Session,
        overrides: &ProfileOverrides,
    ) -> core::result::Result<Self, OpenError> {
        let mut essential = Vec::new();
        let mut note = |works: bool, words: &str| {
            if !works {
                essential.push(words.to_owned());
            }
        };
        let wrap = overrides.wrap_mechanism.map_or_else(
            || find_wrap(session),
            |number| wraps(session, number).ok().flatten(),
        );
        note(
            wrap.is_some(),
            "AES key wrap with padding (RFC 5649): keys and verifiers cannot be stored",
        );
        note(
            derives(session).is_ok(),
            "CKM_AES_CBC_ENCRYPT_DATA: no wrapping key can be derived from a password",
        );
        note(
            agrees(session).is_ok(),
            "CKM_ECDH1_DERIVE with CKD_NULL on P-256: nothing sealed by a device can be opened",
        );
        note(
            macs(session).is_ok(),
            "CKM_SHA256_HMAC: verifiers and row tags cannot be checked",
        );
        if !essential.is_empty() {
            return Err(OpenError::Missing(essential));
        }
        let mut missing = Vec::new();
        for (algorithm, profile) in [
            (KeyAlgorithm::P256, SignatureProfile::EcdsaP256Sha256),
            (KeyAlgorithm::P384, SignatureProfile::EcdsaP384Sha384),
        ] {
            if !signs(session, algorithm, profile) {
                missing.push(format!("{profile}: clients cannot have {algorithm} keys"));
            }
        }
        // A prime search at every start would cost more than it tells; the list of mechanisms is asked for RSA.
        let offered = context.get_mechanism_list(slot)?;
        for (needed, words) in [
            (
                MechanismType::RSA_PKCS_KEY_PAIR_GEN,
                "CKM_RSA_PKCS_KEY_PAIR_GEN: clients cannot have RSA keys",
            ),
            (
                MechanismType::RSA_PKCS,
                "CKM_RSA_PKCS: no RSA signatures by PKCS#1 v1.5",
            ),
            (
                MechanismType::RSA_PKCS_PSS,
                "CKM_RSA_PKCS_PSS: no RSA signatures by PSS",
            ),
        ] {
            if !offered.contains(&needed) {
                missing.push(words.to_owned());
            }
        }
        Ok(Self {
            wrap: wrap.unwrap_or(mechanism::KWP_STANDARD),
            missing,
        })
    }
}

fn find_wrap(session: &Session) -> Option<u64> {
    [mechanism::KWP_STANDARD, mechanism::KWP_SOFTHSM]
        .into_iter()
        .find_map(|number| wraps(session, number).ok().flatten())
}

/// The number, if 32 bytes wrap to 40 (RFC 5649 adds eight; PKCS#7 padding would add sixteen), come back, and do
/// not come back altered.
fn wraps(session: &Session, number: u64) -> Result<Option<u64>> {
    let wrap = mechanism::key_wrap(number);
    let wrapping = throw_away(
        session,
        KeyType::AES,
        &[Attribute::Wrap(true), Attribute::Unwrap(true)],
    )?;
    let secret = throw_away(session, KeyType::GENERIC_SECRET, &[Attribute::Extractable(true)])?;
    let mut blob = session.wrap_key(&wrap, wrapping.handle(), secret.handle())?;
    let template = secret_key(KeyType::GENERIC_SECRET);
    drop(Temporary::new(
        session,
        session.unwrap_key(&wrap, wrapping.handle(), &blob, &template)?,
    ));
    if let Some(byte) = blob.last_mut() {
        *byte ^= 1;
    }
    let altered = session.unwrap_key(&wrap, wrapping.handle(), &blob, &template);
    let refused = altered
        .map(|handle| drop(Temporary::new(session, handle)))
        .is_err();
    Ok((blob.len() == 40 && refused).then_some(number))
}

fn derives(session: &Session) -> Result<()> {
    let base = throw_away(session, KeyType::AES, &[Attribute::Derive(true)])?;
    let data = [7; 32];
    let derive = Mechanism::AesCbcEncryptData(AesCbcDeriveParams::new([0; 16], &data));
    let mut template = secret_key(KeyType::AES);
    template.extend([
        Attribute::ValueLen(32.into()),
        Attribute::Wrap(true),
        Attribute::Unwrap(true),
    ]);
    drop(Temporary::new(
        session,
        session.derive_key(&derive, base.handle(), &template)?,
    ));
    Ok(())
}

fn agrees(session: &Session) -> Result<()> {
    let (public, private) = pair(session, KeyAlgorithm::P256, Attribute::Derive(true))?;
    let spki = public_key::read(session, public.handle())?;
    let point = spki.get(spki.len().saturating_sub(65)..).unwrap_or_default();
    let derive = Mechanism::Ecdh1Derive(Ecdh1DeriveParams::new(EcKdf::null(), point));
    let mut template = secret_key(KeyType::GENERIC_SECRET);
    template.push(Attribute::ValueLen(32.into()));
    drop(Temporary::new(
        session,
        session.derive_key(&derive, private.handle(), &template)?,
    ));
    Ok(())
}

fn macs(session: &Session) -> Result<()> {
    let key = throw_away(session, KeyType::GENERIC_SECRET, &[Attribute::Sign(true)])?;
    session
        .sign(&Mechanism::Sha256Hmac, key.handle(), b"probe")
        .map(drop)
}

fn signs(session: &Session, algorithm: KeyAlgorithm, profile: SignatureProfile) -> bool {
    let digest = profile.hash().digest(b"probe");
    let signed = pair(session, algorithm, Attribute::Sign(true)).and_then(|(_public, private)| {
        session.sign(
            &mechanism::signing(profile),
            private.handle(),
            &mechanism::input(profile, &digest),
        )
    });
    signed.is_ok()
}

fn pair(
    session: &Session,
    algorithm: KeyAlgorithm,
    purpose: Attribute,
) -> Result<(Temporary<'_>, Temporary<'_>)> {
    let private = [
        Attribute::Token(false),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        purpose,
    ];
    let (public, private) = keys::generate(session, algorithm, vec![Attribute::Token(false)], &private)?;
    Ok((Temporary::new(session, public), Temporary::new(session, private)))
}

fn secret_key(key_type: KeyType) -> Vec<Attribute> {
    vec![
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(key_type),
        Attribute::Token(false),
        Attribute::Private(true),
        Attribute::Sensitive(true),
    ]
}

fn throw_away<'a>(session: &'a Session, key_type: KeyType, uses: &[Attribute]) -> Result<Temporary<'a>> {
    let generate = match key_type {
        KeyType::AES => Mechanism::AesKeyGen,
        _ => Mechanism::GenericSecretKeyGen,
    };
    let common = [
        Attribute::Token(false),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::ValueLen(32.into()),
    ];
    let handle: ObjectHandle = session.generate_key(&generate, &[common.to_vec(), uses.to_vec()].concat())?;
    Ok(Temporary::new(session, handle))
}
