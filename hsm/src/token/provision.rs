//! Setting a token up: initialising it, and making the resident keys that are not there yet.

use cryptoki::{context::Pkcs11, object::Attribute, session::UserType};
use domain::{Digest, KeyAlgorithm, SignatureProfile};

use super::{OpenError, TokenSettings, Trouble, desk, keys, mechanism};
use crate::{KeyName, worker::Refusal};

/// A token could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// It could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is no room for another token.
    #[error("no free slot to initialise the token {0:?} in")]
    NoSlot(String),
    /// A call failed.
    #[error("the token refused: {0}")]
    Token(#[from] cryptoki::error::Error),
    /// The key is not there or refuses.
    #[error("the token refused: {0}")]
    Refused(String),
}

impl From<Trouble> for ProvisionError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Call(error) | Trouble::Unwrap(error) => Self::Token(error),
            Trouble::Refused(refusal) => Self::Refused(refusal.to_string()),
        }
    }
}

/// A resident key after provisioning.
#[derive(Clone, Debug)]
pub struct Provisioned {
    /// Which.
    pub name: KeyName,
    /// Its public half, DER, if it has one.
    pub public_key: Option<Vec<u8>>,
    /// Whether it was made just now.
    pub made: bool,
}

/// Whether there is a token of this label. No PIN is needed to see that.
pub fn is_initialised(settings: &TokenSettings) -> Result<bool, ProvisionError> {
    match desk::find(&desk::load(settings)?, &settings.label) {
        Ok(_) => Ok(true),
        Err(OpenError::NoToken { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Initialises the token if there is none of this label and a security officer's PIN is given, then makes those of
/// `names` that are missing. Doing so twice changes nothing.
pub fn provision(
    settings: &TokenSettings,
    so_pin: Option<&[u8]>,
    pin: &[u8],
    names: &[(KeyName, Option<KeyAlgorithm>)],
) -> Result<Vec<Provisioned>, ProvisionError> {
    let context = desk::load(settings)?;
    let found = desk::find(&context, &settings.label);
    let slot = match (found, so_pin) {
        (Ok((slot, _)), _) => slot,
        (Err(OpenError::NoToken { .. }), Some(so_pin)) => {
            initialise(&context, settings, so_pin, pin)?;
            desk::find(&context, &settings.label)?.0
        }
        (Err(error), _) => return Err(error.into()),
    };
    let session = context.open_rw_session(slot)?;
    desk::login(&session, &desk::auth_pin(pin))?;
    let (existing, _) = keys::find_all(&session)?;
    let provision_one = |(name, algorithm): &(KeyName, Option<KeyAlgorithm>)| {
        if let Some(found) = existing.get(name) {
            return Ok(Provisioned {
                name: *name,
                public_key: found.public_key.clone(),
                made: false,
            });
        }
        let made = keys::make(&session, *name, *algorithm)?;
        Ok(Provisioned {
            name: *name,
            public_key: made.public_key,
            made: true,
        })
    };
    names.iter().map(provision_one).collect()
}

fn initialise(
    context: &Pkcs11,
    settings: &TokenSettings,
    so_pin: &[u8],
    pin: &[u8],
) -> Result<(), ProvisionError> {
    let used = context.get_slots_with_initialized_token()?;
    let free = context
        .get_slots_with_token()?
        .into_iter()
        .find(|slot| !used.contains(slot));
    let slot = free.ok_or_else(|| ProvisionError::NoSlot(settings.label.clone()))?;
    let so_pin = desk::auth_pin(so_pin);
    context.init_token(slot, &so_pin, &settings.label)?;
    // SoftHSM gives an initialised token another slot number.
    let (slot, _) = desk::find(context, &settings.label)?;
    let session = context.open_rw_session(slot)?;
    session.login(UserType::So, Some(&so_pin))?;
    session.init_pin(&desk::auth_pin(pin))?;
    session.logout()?;
    Ok(())
}

/// Signs one digest with a key of a token that no worker holds open, such as the root's.
pub fn sign_with(
    settings: &TokenSettings,
    pin: &[u8],
    name: KeyName,
    (profile, digest): (SignatureProfile, &Digest),
) -> Result<Vec<u8>, ProvisionError> {
    let context = desk::load(settings)?;
    let (slot, _) = desk::find(&context, &settings.label)?;
    let session = context.open_rw_session(slot)?;
    desk::login(&session, &desk::auth_pin(pin))?;
    let template = [
        Attribute::Label(name.to_string().into_bytes()),
        Attribute::Sign(true),
        Attribute::Private(true),
    ];
    let found = session.find_objects(&template)?;
    let key = found
        .first()
        .ok_or_else(|| ProvisionError::Refused(Refusal::NoKey(name).to_string()))?;
    Ok(session.sign(
        &mechanism::signing(profile),
        *key,
        &mechanism::input(profile, digest),
    )?)
}
