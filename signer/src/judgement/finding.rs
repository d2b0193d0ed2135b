//! [`Finding`]: one thing that was found, to be told in any language.
//!
//! A finding is a code with its particulars. The words for it are data, one text per code and language, so that what a
//! person reads and what a program reads is the same.

use domain::Time;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)+) => {
        /// What was found.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)+ }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name, which never changes.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

codes! {
    /// `fault`: something about its form.
    Form = "form";
    /// `what` is not as it was signed.
    Altered = "altered";
    /// `what` is not here.
    Missing = "missing";
    /// The digest of `what` proves nothing.
    Unprovable = "unprovable";
    /// Nothing is covered.
    NothingCovered = "nothing-covered";
    /// The signer's certificate is not here.
    NoCertificate = "no-certificate";
    /// Another certificate was put in the place of the signer's.
    AnotherCertificate = "another-certificate";
    /// Nothing that is signed says which certificate is meant.
    Unbound = "unbound";
    /// A certificate does not read.
    UnreadableCertificate = "unreadable-certificate";
    /// `reason`: the algorithm is not known here.
    AlgorithmUnknown = "algorithm-unknown";
    /// `reason`: the algorithm contradicts itself or the key.
    AlgorithmConfused = "algorithm-confused";
    /// `algorithm` is too weak.
    AlgorithmWeak = "algorithm-weak";
    /// `algorithm` is believed until `time` only.
    AlgorithmEnded = "algorithm-ended";
    /// The value does not verify.
    WrongValue = "wrong-value";
    /// No way leads from `subject` to an anchor.
    NoChain = "no-chain";
    /// `subject` is no authority.
    NotAuthority = "not-authority";
    /// `subject` may not sign certificates.
    MayNotIssue = "may-not-issue";
    /// `subject` allows fewer authorities under it.
    TooManyAuthorities = "too-many-authorities";
    /// `subject` has the critical `extension`.
    UnknownExtension = "unknown-extension";
    /// An authority may not certify the name `subject`.
    NameNotAllowed = "name-not-allowed";
    /// `subject` constrains names in a way that is not understood.
    ConstraintsNotUnderstood = "constraints-not-understood";
    /// A policy is demanded and at `subject` none is left.
    PolicyMissing = "policy-missing";
    /// `subject` is valid from `time`.
    NotYet = "not-yet";
    /// `subject` was valid until `time`.
    Ended = "ended";
    /// `subject` is revoked since `time` for `reason`.
    Revoked = "revoked";
    /// `subject` is on hold since `time`.
    OnHold = "on-hold";
    /// The status of `subject` is not known.
    StatusUnknown = "status-unknown";
    /// The status of `subject` is known up to `time` only.
    StatusOld = "status-old";
    /// Who answered for `subject` had a certificate until `time` only.
    ResponderEnded = "responder-ended";
    /// What is known of `subject` is not proven to have existed in time.
    StatusNoProof = "status-no-proof";
    /// A list or an answer about `subject` is not believed: `reason`.
    StatusRefused = "status-refused";
    /// The key of `subject` is not for signatures.
    Usage = "usage";
    /// The certificate of `subject` is for other purposes.
    Purpose = "purpose";
    /// The certificate of `subject` is not one of a time-stamping unit.
    NotForStamps = "not-for-stamps";
    /// A time stamp does not read.
    StampUnreadable = "stamp-unreadable";
    /// A time stamp is over something else.
    StampForeign = "stamp-foreign";
    /// What a time stamp is over is not here.
    StampMissing = "stamp-missing";
    /// A time stamp's imprint proves nothing.
    StampUnprovable = "stamp-unprovable";
    /// A time stamp tells the `time` of tomorrow.
    StampFuture = "stamp-future";
    /// Time stamps are not in order.
    StampOrder = "stamp-order";
    /// The signature is proven to be made after `time`, when its certificate had no force.
    TooLate = "too-late";
    /// The signature existed at `time`, before the certificate began.
    TooEarly = "too-early";
    /// The signature existed at `time`.
    Existed = "existed";
    /// `what` came later and changes what is seen.
    HarmfulChange = "harmful-change";
}

/// A particular.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Particular {
    /// Words of a document, a certificate or a standard.
    Text(String),
    /// A moment.
    Time(Time),
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub code: Code,
    /// Its particulars by their names.
    pub particulars: Vec<(&'static str, Particular)>,
}

impl Finding {
    /// Without particulars.
    pub const fn new(code: Code) -> Self {
        Self {
            code,
            particulars: Vec::new(),
        }
    }

    /// With words.
    #[must_use]
    pub fn text(mut self, name: &'static str, text: impl core::fmt::Display) -> Self {
        self.particulars.push((name, Particular::Text(text.to_string())));
        self
    }

    /// With a moment.
    #[must_use]
    pub fn time(mut self, name: &'static str, time: Time) -> Self {
        self.particulars.push((name, Particular::Time(time)));
        self
    }
}
