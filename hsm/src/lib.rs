//! The boundary behind which every key lives: its types, its protocol, its client and, with feature `token`,
//! the program behind it.
//!
//! [`Service`] is the one narrow interface. Callers reach it with [`Remote`] over a Unix socket or mutual TLS;
//! `tamga-hsm` serves it with [`serve`]. Behind it stands `Boundary`, which checks assertion, nonce and attempt
//! against the [`Journal`], opens with the [`Shelf`] and owns worker processes, each of which holds one logged-in session of a PKCS#11
//! token. Only code under feature `token` knows PKCS#11, and only `vault` turns that feature on.
//!
//! The way of one Activation: [`Service::activate`] → `boundary::activate` (checks, reserves, settles) →
//! `worker` (one process, one frame) → `token` (verifier, derive, unwrap, sign, destroy).

#[cfg(feature = "token")]
mod boundary;
mod caller;
mod client;
mod clock;
mod credential;
mod error;
mod journal;
mod key_name;
mod leaf_row;
mod lockout;
mod protocol;
mod raw_signature;
mod secret_bytes;
mod service;
mod shelf;
mod tbs;
#[cfg(feature = "token")]
mod token;
#[cfg(feature = "token")]
mod worker;

pub use caller::{Operation, Role};
pub use client::{Remote, Stream};
pub use clock::{Clock, SystemClock};
pub use credential::{
    Certificate, CredentialRecord, KeyMaterial, Tag, Tagged, Verifier, VerifierMode, WrapFormat,
};
pub use error::{
    ActivateError, CertifyError, ChallengeError, DestroyError, EnrolError, Kind, RotateError,
    ServiceKeyError, SignAsError, Unavailable,
};
pub use journal::{
    ActivationRow, Case, ChallengeRow, CredentialRow, EnrolmentRow, Interrupted, JobRow, Journal,
    JournalError, NewEnrolment, Reservation, Settlement, SignatureRow, TokenKeyRow, Update,
};
pub use key_name::{KeyName, KeyRole, ServiceKey};
pub use leaf_row::{LeafRow, LedgerHead, PastLeaf};
pub use lockout::{AttemptState, Attempts, Refused};
pub use protocol::{serve, serve_listener};
pub use raw_signature::{Occurrence, RawSignature, SignedBatch};
pub use service::{
    ActivateRequest, CertificateChange, CertifyRequest, ChallengeRequest, DestroyReason, DestroyRequest,
    EnrolRequest, Enrolled, Outcome, RotateRequest, Rotation, Service, SignAsRequest, Status,
};
pub use shelf::{Part, Shelf, ShelfError, Shelved};
pub use tbs::{Expected, TbsError, ToBeSigned};
#[cfg(feature = "token")]
pub use {
    boundary::{
        Boundary, BoundarySettings, LaneSettings, PinActs, PinComponent, PinEntered, PinRefused, StartError,
    },
    token::{
        ProfileOverrides, ProvisionError, Provisioned, TokenSettings, is_initialised, provision, sign_with,
    },
    worker::{WorkerSettings, run_worker},
};
