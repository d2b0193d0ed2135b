//! From error codes to actions. Tokens disagree on almost every code; what can be trusted was measured on two.

use cryptoki::error::{Error, RvError};

/// What an error means for the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// This session is dead: a new one, once more.
    SessionDead,
    /// Handles are stale: find them again, once more.
    HandleStale,
    /// Somebody logged out: log in, find handles, once more.
    LoggedOut,
    /// The module or token is gone: end the process.
    Gone,
    /// Bad blob, wrong key, or a dead device: the known key decides.
    Ambiguous,
    /// An operator's matter; never tried again, tokens lock.
    Pin,
    /// The request is at fault.
    Request,
}

/// What to make of an error.
pub(super) fn classify(error: &Error) -> Class {
    let Error::Pkcs11(code, _) = error else {
        return match error {
            Error::LibraryLoading(_) | Error::NullFunctionPointer | Error::MissingSymbol(_) => Class::Gone,
            _ => Class::Request,
        };
    };
    match code {
        RvError::SessionHandleInvalid | RvError::SessionClosed | RvError::OperationActive => {
            Class::SessionDead
        }
        RvError::ObjectHandleInvalid
        | RvError::KeyHandleInvalid
        | RvError::UnwrappingKeyHandleInvalid
        | RvError::WrappingKeyHandleInvalid => Class::HandleStale,
        RvError::UserNotLoggedIn => Class::LoggedOut,
        RvError::CryptokiNotInitialized
        | RvError::DeviceRemoved
        | RvError::TokenNotPresent
        | RvError::TokenNotRecognized
        | RvError::SlotIdInvalid
        | RvError::HostMemory
        | RvError::DeviceMemory => Class::Gone,
        RvError::DeviceError | RvError::GeneralError | RvError::FunctionFailed => Class::Ambiguous,
        RvError::PinIncorrect
        | RvError::PinInvalid
        | RvError::PinLenRange
        | RvError::PinExpired
        | RvError::PinLocked
        | RvError::UserPinNotInitialized => Class::Pin,
        _ => Class::Request,
    }
}

#[cfg(test)]
mod tests {
    use cryptoki::context::Function;

    use super::*;

    #[test]
    fn the_measured_codes_lead_to_their_actions() {
        for (code, class) in [
            (RvError::OperationActive, Class::SessionDead),
            (RvError::SessionHandleInvalid, Class::SessionDead),
            (RvError::ObjectHandleInvalid, Class::HandleStale),
            (RvError::UserNotLoggedIn, Class::LoggedOut),
            (RvError::DeviceRemoved, Class::Gone),
            (RvError::CryptokiNotInitialized, Class::Gone),
            (RvError::DeviceError, Class::Ambiguous),
            (RvError::GeneralError, Class::Ambiguous),
            (RvError::PinLocked, Class::Pin),
            (RvError::PinIncorrect, Class::Pin),
            (RvError::WrappedKeyInvalid, Class::Request),
        ] {
            assert_eq!(classify(&Error::Pkcs11(code, Function::Sign)), class, "{code:?}");
        }
    }
}
