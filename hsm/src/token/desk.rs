//! A logged-in token and what is done at it. One request at a time.
//!
//! Two sessions: the anchor stays open and logged in for the life of the process, since closing the last session
//! logs out; the other one works and is thrown away after any error, because an operation left active poisons it.

use std::collections::HashMap;

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    error::{Error, RvError},
    object::ObjectHandle,
    session::{Session, UserType},
    slot::Slot,
    types::AuthPin,
};
use domain::{Id, word};
use zeroize::Zeroizing;

use super::{
    health,
    keys::{self, Found},
    profile::Profile,
    recovery::{Class, classify},
};
use crate::{
    KeyName, TokenSettings,
    secret_bytes::SecretBytes,
    worker::{Answer, Ask, Hello, Refusal},
};

/// A token could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The module does not load.
    #[error("the PKCS#11 module {module} does not load: {reason}")]
    Module {
        /// Which.
        module: String,
        /// Why.
        reason: Error,
    },
    /// No token has the label.
    #[error("no token is labelled {wanted:?}; found {found:?}; run tamga-hsm init first")]
    NoToken {
        /// What was looked for.
        wanted: String,
        /// What is there.
        found: Vec<String>,
    },
    /// The PIN is wrong or locked.
    #[error("the token refused its PIN: {0}; correct the PIN file, and do not try often: tokens lock")]
    Pin(Error),
    /// Something essential is missing.
    #[error("this token cannot serve: {}", .0.join("; "))]
    Missing(Vec<String>),
    /// The token answered otherwise than expected.
    #[error("the token does not answer as it should: {0}")]
    Token(#[from] Error),
}

/// A request did not end well.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The request is refused; the token is well.
    Refused(Refusal),
    /// A wrapped private key did not open.
    Unwrap(Error),
    /// A call failed.
    Call(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The process must end; the supervisor starts another.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Ended {
    /// The module or token is gone.
    #[error("the token is gone: {0}")]
    Gone(Error),
    /// The PIN is refused.
    #[error("the token refuses its PIN: {0}")]
    Pin(Error),
}

/// A logged-in token.
pub(crate) struct Desk {
    context: Pkcs11,
    slot: Slot,
    pin: AuthPin,
    anchor: Session,
    pub(super) session: Session,
    pub(super) profile: Profile,
    pub(super) keys: HashMap<KeyName, Found>,
    pub(super) verifiers: HashMap<Id<word::Credential>, ObjectHandle>,
    description: String,
}

impl Desk {
    /// Loads the module, finds the token, logs in, finds the keys, and tries out what the token can do.
    pub(crate) fn open(settings: &TokenSettings, pin: &[u8]) -> Result<Self, OpenError> {
        let context = load(settings)?;
        let (slot, description) = find(&context, &settings.label)?;
        let pin = auth_pin(pin);
        let anchor = context.open_rw_session(slot)?;
        login(&anchor, &pin)?;
        let session = context.open_rw_session(slot)?;
        let profile = Profile::probe(&context, slot, &session, &settings.profile)?;
        let mut desk = Self {
            context,
            slot,
            pin,
            anchor,
            session,
            profile,
            keys: HashMap::new(),
            verifiers: HashMap::new(),
            description,
        };
        desk.index()?;
        Ok(desk)
    }

    /// What this desk tells the supervisor first.
    pub(crate) fn hello(&self) -> Hello {
        Hello {
            token: self.description.clone(),
            missing: self.profile.missing().to_vec(),
            keys: self
                .keys
                .iter()
                .map(|(name, found)| (*name, found.public_key.clone()))
                .collect(),
        }
    }

    /// Does what is asked. What the token's state made fail is mended and done once more.
    pub(crate) fn serve(&mut self, ask: &Ask) -> Result<Answer, Ended> {
        let error = match self.answer(ask) {
            Ok(answer) => return Ok(answer),
            Err(Trouble::Refused(refusal)) => return Ok(Answer::Refused(refusal)),
            Err(Trouble::Call(error) | Trouble::Unwrap(error)) => error,
        };
        if !self.mend(error)? {
            return self.explain(ask);
        }
        match self.answer(ask) {
            Ok(answer) => Ok(answer),
            Err(Trouble::Refused(refusal)) => Ok(Answer::Refused(refusal)),
            Err(Trouble::Unwrap(_)) => Ok(Answer::Refused(Refusal::BlobRefused)),
            Err(Trouble::Call(error)) => Err(Ended::Gone(error)),
        }
    }

    /// The token is well and the request fails: asked again, it says why.
    fn explain(&mut self, ask: &Ask) -> Result<Answer, Ended> {
        let refusal = match self.answer(ask) {
            Ok(answer) => return Ok(answer),
            Err(Trouble::Refused(refusal)) => refusal,
            Err(Trouble::Unwrap(_)) => Refusal::BlobRefused,
            Err(Trouble::Call(error)) => Refusal::Token(error.to_string()),
        };
        self.renew_session().map_err(Ended::Gone)?;
        Ok(Answer::Refused(refusal))
    }

    /// One request, one answer.
    fn answer(&mut self, ask: &Ask) -> Result<Answer, Trouble> {
        match ask {
            Ask::Health => health::check(self).map(|()| Answer::Done),
            Ask::Random(length) => {
                let random = self.session.generate_random_vec(u32::from(*length))?;
                Ok(Answer::Random(SecretBytes(Zeroizing::new(random))))
            }
            Ask::Tags { check, make } => {
                self.check_tags(check)?;
                Ok(Answer::Tags(self.make_tags(make)?))
            }
            Ask::Open {
                sealed,
                info,
                check,
                make,
            } => {
                self.check_tags(check)?;
                let plaintext = SecretBytes(self.open_sealed(sealed, info)?);
                Ok(Answer::Opened {
                    plaintext,
                    tags: self.make_tags(make)?,
                })
            }
            Ask::Enrol(ask) => self.enrol(ask),
            Ask::Use(ask) => self.use_key(ask),
            Ask::SignAs(ask) => self.sign_as(ask),
            Ask::SignEach(each) => {
                let signed = each.iter().map(|ask| match self.sign_as(ask) {
                    // Refused for itself; what the token says is about the whole frame, which is then asked in parts.
                    Err(Trouble::Refused(refusal)) => Ok(Answer::Refused(refusal)),
                    signed => signed,
                });
                signed.collect::<Result<_, _>>().map(Answer::Each)
            }
            Ask::MakeKey { name, algorithm } => self.make_key(*name, *algorithm),
            Ask::DestroyKey(name) => self.destroy_key(*name),
            Ask::DestroyVerifier(id) => self.destroy_verifier(*id),
            Ask::RewrapVerifier { blob, to } => self.rewrap_verifier(blob, *to),
            Ask::WrapDocumentKey { version, key } => self.wrap_document_key(*version, key),
            Ask::UnwrapDocumentKey(blob) => self.unwrap_document_key(blob),
            Ask::ReadMark => self.read_mark(),
            Ask::WriteMark(value) => self.write_mark(value),
        }
    }

    /// Acts on an error by its class; whether the request is worth doing again as it is.
    fn mend(&mut self, error: Error) -> Result<bool, Ended> {
        let class = classify(&error);
        tracing::warn!(%error, ?class, "a token call failed");
        match class {
            Class::SessionDead => self.renew_session().map_err(Ended::Gone)?,
            Class::HandleStale => self.start_over()?,
            Class::LoggedOut => {
                self.log_in_again()?;
                self.start_over()?;
            }
            Class::Gone => return Err(Ended::Gone(error)),
            Class::Pin => return Err(Ended::Pin(error)),
            Class::Ambiguous | Class::Request => {
                self.renew_session().map_err(Ended::Gone)?;
                return match health::check(self) {
                    Ok(()) => Ok(false),
                    Err(_) => Err(Ended::Gone(error)),
                };
            }
        }
        Ok(true)
    }

    fn start_over(&mut self) -> Result<(), Ended> {
        self.renew_session().map_err(Ended::Gone)?;
        self.index().map_err(Ended::Gone)
    }

    fn log_in_again(&mut self) -> Result<(), Ended> {
        login(&self.anchor, &self.pin).map_err(|error| match error {
            OpenError::Token(error) => Ended::Gone(error),
            OpenError::Pin(error) | OpenError::Module { reason: error, .. } => Ended::Pin(error),
            OpenError::NoToken { .. } | OpenError::Missing(_) => Ended::Gone(Error::NotSupported),
        })
    }

    fn renew_session(&mut self) -> Result<(), Error> {
        self.session = self.context.open_rw_session(self.slot)?;
        Ok(())
    }

    /// Finds all resident keys and verifiers: once at start, never on a signing path.
    fn index(&mut self) -> Result<(), Error> {
        (self.keys, self.verifiers) = keys::find_all(&self.session)?;
        Ok(())
    }

    /// The handle of a resident key.
    pub(super) fn key(&self, name: KeyName) -> Result<ObjectHandle, Refusal> {
        self.keys
            .get(&name)
            .map(|found| found.handle)
            .ok_or(Refusal::NoKey(name))
    }
}

/// Loads and initialises the module. `C_Finalize` is never called: the process ends instead.
pub(super) fn load(settings: &TokenSettings) -> Result<Pkcs11, OpenError> {
    let failed = |reason| OpenError::Module {
        module: settings.module.display().to_string(),
        reason,
    };
    let context = Pkcs11::new(&settings.module).map_err(failed)?;
    // Without locking by the operating system SoftHSM corrupts its heap under threads (measured).
    match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(context),
        Err(reason) => Err(failed(reason)),
    }
}

/// The slot of the token with this label, and what the token says of itself.
pub(super) fn find(context: &Pkcs11, label: &str) -> Result<(Slot, String), OpenError> {
    let mut found = Vec::new();
    for slot in context.get_slots_with_initialized_token()? {
        let token = context.get_token_info(slot)?;
        if token.label() == label {
            let description = [token.label(), token.manufacturer_id(), token.model()].join(", ");
            return Ok((slot, description));
        }
        found.push(token.label().to_owned());
    }
    Err(OpenError::NoToken {
        wanted: label.to_owned(),
        found,
    })
}

/// Logs in as the user.
pub(super) fn login(session: &Session, pin: &AuthPin) -> Result<(), OpenError> {
    match session.login(UserType::User, Some(pin)) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
        Err(error) if classify(&error) == Class::Pin => Err(OpenError::Pin(error)),
        Err(error) => Err(OpenError::Token(error)),
    }
}

/// A PIN in the form that cryptoki wipes.
pub(super) fn auth_pin(pin: &[u8]) -> AuthPin {
    AuthPin::new(String::from_utf8_lossy(pin).into_owned().into_boxed_str())
}
