//! [`Reason`]: why a Session ended without a proof, as a code that stays and for whom it is worth trying again.

use domain::Time;
use serde::{Deserialize, Serialize};

/// Why a Session ended. R053.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "code")]
pub enum Reason {
    /// The Client did not accept the agreement. R051.
    AgreementRefused,
    /// The Client stopped. R059.
    Cancelled,
    /// It took too long.
    Expired,
    /// The Client's IIN is not that which the Participant expects.
    OtherPerson,
    /// The Client is not of age. R001.
    UnderAge,
    /// Rules against misuse refuse. R057, R099.
    Suspicious,
    /// Too many failed checks. R045.
    Blocked {
        /// From when on liveness is checked again.
        until: Time,
    },
    /// The last check of the Session was negative. R045.
    NotLive {
        /// From when on liveness is checked again.
        until: Time,
    },
    /// The sources know nobody with this IIN, or have no picture.
    NoReference,
    /// The face is not that of the reference picture, for the last time. R033.
    NotMatched,
    /// An operator did not recognise the Client in a conversation. R096.
    NotRecognised,
    /// The phone belongs to somebody else. R233.
    ForeignPhone,
    /// No code was typed rightly, and no message is left. R047.
    WrongCode,
    /// What judges or delivers did not answer, several times.
    Unavailable,
}

/// What is worth doing about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It was the Client's own decision; they may begin again whenever they like.
    Choice,
    /// Refused; another way of proving is needed.
    Refusal,
    /// Refused for now.
    Later,
}

impl Reason {
    /// The stable code that a Participant gets.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AgreementRefused => "agreement-refused",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::OtherPerson => "other-person",
            Self::UnderAge => "under-age",
            Self::Suspicious => "suspicious",
            Self::Blocked { .. } => "blocked",
            Self::NotLive { .. } => "not-live",
            Self::NoReference => "no-reference",
            Self::NotMatched => "not-matched",
            Self::NotRecognised => "not-recognised",
            Self::ForeignPhone => "foreign-phone",
            Self::WrongCode => "wrong-code",
            Self::Unavailable => "unavailable",
        }
    }

    /// What is worth doing about it.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::AgreementRefused | Self::Cancelled => Kind::Choice,
            Self::OtherPerson
            | Self::UnderAge
            | Self::NoReference
            | Self::NotMatched
            | Self::NotRecognised
            | Self::ForeignPhone => Kind::Refusal,
            Self::Expired
            | Self::Suspicious
            | Self::Blocked { .. }
            | Self::NotLive { .. }
            | Self::WrongCode
            | Self::Unavailable => Kind::Later,
        }
    }
}
