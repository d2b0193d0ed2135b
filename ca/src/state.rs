//! What becomes of a certificate: `prepared → good ⇄ held → revoked`. Revocation is for ever.

use domain::Time;
use pki::{crl::Reason, ocsp::CertStatus};

/// The state of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its content is fixed; it is not signed yet, and nobody has it.
    Prepared,
    /// Issued.
    Good {
        /// When it was last released from hold.
        released: Option<Time>,
    },
    /// On hold.
    Held {
        /// Since when.
        at: Time,
    },
    /// Revoked.
    Revoked {
        /// Since when.
        at: Time,
        /// Why.
        reason: Reason,
    },
}

/// What a demand leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// This state.
    To(State),
    /// It was done before; nothing changes.
    Done,
}

/// The state does not allow what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// It was never issued.
    #[error("this certificate was never issued")]
    NotIssued,
    /// It is revoked.
    #[error("this certificate was revoked at {at} ({}); a revocation cannot be taken back", reason.name())]
    Revoked {
        /// When.
        at: Time,
        /// Why.
        reason: Reason,
    },
    /// A hold is asked for by its own operation.
    #[error("certificateHold is asked for with hold, and ended with release")]
    HoldIsNoRevocation,
    /// It belongs to an authority, or the other way round.
    #[error("{} is for certificates of authorities", Reason::CaCompromise.name())]
    NotAnAuthority,
}

impl State {
    /// Puts it on hold.
    pub fn hold(self, at: Time) -> Result<Step, StateError> {
        match self {
            Self::Prepared => Err(StateError::NotIssued),
            Self::Good { .. } => Ok(Step::To(Self::Held { at })),
            Self::Held { .. } => Ok(Step::Done),
            Self::Revoked { at, reason } => Err(StateError::Revoked { at, reason }),
        }
    }

    /// Releases it from hold.
    pub fn release(self, at: Time) -> Result<Step, StateError> {
        match self {
            Self::Prepared => Err(StateError::NotIssued),
            Self::Held { .. } => Ok(Step::To(Self::Good { released: Some(at) })),
            Self::Good { .. } => Ok(Step::Done),
            Self::Revoked { at, reason } => Err(StateError::Revoked { at, reason }),
        }
    }

    /// Revokes it; once is enough, and the first reason stays.
    pub fn revoke(self, at: Time, reason: Reason) -> Result<Step, StateError> {
        match (self, reason) {
            (_, Reason::CertificateHold) => Err(StateError::HoldIsNoRevocation),
            (Self::Prepared, _) => Err(StateError::NotIssued),
            (Self::Good { .. }, reason) => Ok(Step::To(Self::Revoked { at, reason })),
            // RFC 5280 §5.3.1: the date of a revocation that follows a hold may be the date of the hold.
            (Self::Held { at }, reason) => Ok(Step::To(Self::Revoked { at, reason })),
            (Self::Revoked { .. }, _) => Ok(Step::Done),
        }
    }

    /// What a status answer says.
    pub const fn status(self) -> CertStatus {
        match self {
            Self::Prepared => CertStatus::Unknown,
            Self::Good { .. } => CertStatus::Good,
            Self::Held { at } => CertStatus::Revoked {
                at,
                reason: Reason::CertificateHold,
            },
            Self::Revoked { at, reason } => CertStatus::Revoked { at, reason },
        }
    }

    /// The name in tables and commands.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Good { .. } => "good",
            Self::Held { .. } => "held",
            Self::Revoked { .. } => "revoked",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: [Time; 3] = [
        Time::from_unix_seconds(1),
        Time::from_unix_seconds(2),
        Time::from_unix_seconds(3),
    ];

    #[test]
    fn a_hold_ends_by_release_or_by_revocation_from_its_own_date() {
        let held = State::Good { released: None }.hold(T[0]).unwrap();
        assert_eq!(held, Step::To(State::Held { at: T[0] }));
        let held = State::Held { at: T[0] };
        assert_eq!(held.hold(T[1]), Ok(Step::Done));
        assert_eq!(
            held.release(T[1]),
            Ok(Step::To(State::Good { released: Some(T[1]) }))
        );
        let revoked = State::Revoked {
            at: T[0],
            reason: Reason::KeyCompromise,
        };
        assert_eq!(held.revoke(T[2], Reason::KeyCompromise), Ok(Step::To(revoked)));
    }

    #[test]
    fn a_revocation_is_for_ever_and_once() {
        let revoked = State::Revoked {
            at: T[0],
            reason: Reason::Superseded,
        };
        assert_eq!(revoked.revoke(T[1], Reason::KeyCompromise), Ok(Step::Done));
        assert!(revoked.release(T[1]).is_err());
        assert!(revoked.hold(T[1]).is_err());
        assert_eq!(
            State::Good { released: None }.revoke(T[1], Reason::CertificateHold),
            Err(StateError::HoldIsNoRevocation)
        );
        assert_eq!(
            State::Prepared.revoke(T[1], Reason::Superseded),
            Err(StateError::NotIssued)
        );
    }
}
