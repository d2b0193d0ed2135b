//! [`Journal`]: what the boundary must remember, implemented by `store`.
//!
//! Each method is one transaction. Intentions are written before acts: [`Journal::reserve`] spends the nonce,
//! counts the attempt and commits what is about to be signed; [`Journal::settle`] makes the signatures exist. A
//! change names the version that it starts from, and answers [`JournalError::Conflict`] when the row has moved on.

use core::future::Future;

use domain::{Id, Iin, Nonce, Purpose, Salt, Time, word};

use crate::{
    CredentialRecord, KeyName, LeafRow, LedgerHead, Occurrence, Outcome, PastLeaf, RawSignature, Tag,
};

/// What the boundary remembers.
pub trait Journal: Send + Sync + 'static {
    /// Keeps an issued challenge.
    fn keep_challenge(&self, row: ChallengeRow) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// All that an answer to a challenge is judged by, in one read.
    fn case(
        &self,
        nonce: Nonce,
        assertion: Id<word::Assertion>,
    ) -> impl Future<Output = Result<Option<Case>, JournalError>> + Send;

    /// A Credential's row.
    fn credential(
        &self,
        id: Id<word::Credential>,
    ) -> impl Future<Output = Result<Option<CredentialRow>, JournalError>> + Send;

    /// How many Credentials have a resident verifier.
    fn resident_verifiers(&self) -> impl Future<Output = Result<u64, JournalError>> + Send;

    /// Keeps a new Credential, its receipt and its leaf, and spends nonce and assertion for enrolling.
    fn enrol(&self, new: NewEnrolment) -> impl Future<Output = Result<LedgerHead, JournalError>> + Send;

    /// Replaces a Credential's row by its next version, with its leaf.
    fn update(&self, update: Update) -> impl Future<Output = Result<LedgerHead, JournalError>> + Send;

    /// Spends the nonce, counts the attempt and commits the intention, all or nothing.
    fn reserve(
        &self,
        reservation: Reservation,
    ) -> impl Future<Output = Result<LedgerHead, JournalError>> + Send;

    /// Ends a reserved Activation with its signatures, their leaves and the cleared attempt, all or nothing.
    fn settle(&self, settlement: Settlement)
    -> impl Future<Output = Result<LedgerHead, JournalError>> + Send;

    /// Ends a reserved Activation without a signature.
    fn fail(
        &self,
        activation: Id<word::Activation>,
        leaf: LeafRow,
    ) -> impl Future<Output = Result<LedgerHead, JournalError>> + Send;

    /// Appends leaves that change no row.
    fn append(&self, leaves: Vec<LeafRow>) -> impl Future<Output = Result<LedgerHead, JournalError>> + Send;

    /// What became of the Activation that spent this nonce.
    fn outcome(&self, nonce: Nonce) -> impl Future<Output = Result<Outcome, JournalError>> + Send;

    /// Reserved Activations of other lives of a supervisor that were never ended: all, or those reserved before.
    fn interrupted(
        &self,
        boot: Id<word::Boot>,
        reserved_before: Time,
    ) -> impl Future<Output = Result<Vec<Interrupted>, JournalError>> + Send;

    /// The newest entry of the Ledger; position 0 when there is none.
    fn head(&self) -> impl Future<Output = Result<LedgerHead, JournalError>> + Send;

    /// The entries after this position, in order.
    fn leaves_after(
        &self,
        position: u64,
        most: u32,
    ) -> impl Future<Output = Result<Vec<PastLeaf>, JournalError>> + Send;

    /// Credentials whose verifier is wrapped by a `kek` older than `kek`, in order of id, after `after`.
    fn verifiers_before(
        &self,
        kek: u32,
        after: Option<Id<word::Credential>>,
        most: u32,
    ) -> impl Future<Output = Result<Vec<CredentialRow>, JournalError>> + Send;

    /// Destroyed Credentials from `first` to `last`, in order of id.
    fn destroyed(
        &self,
        first: Id<word::Credential>,
        last: Id<word::Credential>,
    ) -> impl Future<Output = Result<Vec<Id<word::Credential>>, JournalError>> + Send;

    /// How many verifiers are wrapped by a `kek` older than `kek`.
    fn count_verifiers_before(&self, kek: u32) -> impl Future<Output = Result<u64, JournalError>> + Send;

    /// Keeps or changes the entry about a token key.
    fn keep_token_key(
        &self,
        row: TokenKeyRow,
        leaf: LeafRow,
    ) -> impl Future<Output = Result<LedgerHead, JournalError>> + Send;

    /// All entries about token keys.
    fn token_keys(&self) -> impl Future<Output = Result<Vec<TokenKeyRow>, JournalError>> + Send;

    /// Keeps how far a job is.
    fn keep_job(&self, row: JobRow) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// How far a job is.
    fn job(&self, name: &'static str) -> impl Future<Output = Result<Option<JobRow>, JournalError>> + Send;

    /// Forgets challenges that expired before.
    fn forget_challenges(
        &self,
        expired_before: Time,
    ) -> impl Future<Output = Result<u64, JournalError>> + Send;
}

/// The Journal did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The row has another version than the change starts from.
    #[error("the row has changed meanwhile")]
    Conflict,
    /// The nonce was spent before.
    #[error("the nonce was already spent")]
    NonceSpent,
    /// The assertion already did this once.
    #[error("the assertion was already used")]
    AssertionSpent,
    /// One of the occurrences has its signature.
    #[error("one of the documents was already signed in this session")]
    AlreadySigned,
    /// The Activation is no longer reserved.
    #[error("the activation has ended already")]
    Ended,
    /// A row does not read as what it should be.
    #[error("row {id} of {table} does not read: {column}")]
    Unreadable {
        /// Which table.
        table: &'static str,
        /// Which row.
        id: String,
        /// Which column.
        column: &'static str,
    },
    /// The database does not answer, or refuses.
    #[error("the database does not answer: {0}")]
    Database(String),
}

/// An issued challenge. Never changed; spent by the Activation or Enrolment that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChallengeRow {
    /// Its nonce.
    pub nonce: Nonce,
    /// For which Session.
    pub session: Id<word::Session>,
    /// For what.
    pub purpose: Purpose,
    /// The salt that was given out.
    pub salt: Salt,
    /// The cost that was given out.
    pub argon2: domain::Argon2Parameters,
    /// When.
    pub issued_at: Time,
    /// Until when.
    pub expires_at: Time,
    /// The token's tag over all of the above.
    pub tag: Tag,
}

impl ChallengeRow {
    /// The bytes that the tag protects.
    pub fn tagged_bytes(&self) -> Vec<u8> {
        let content = (
            self.nonce,
            self.session,
            self.purpose,
            self.salt,
            (self.argon2.memory_kib(), self.argon2.passes()),
            self.issued_at,
            self.expires_at,
        );
        crate::credential::tagged(b"tamga/row/challenge/1", &content)
    }
}

/// A Credential's row with what its last leaf repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialRow {
    /// The row.
    pub record: CredentialRecord,
    /// The row's tag.
    pub tag: Tag,
    /// Version and tag in the Credential's leaf with the highest version.
    pub last_leaf: Option<(u64, Tag)>,
}

/// A challenge with everything that its answer is judged by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The challenge.
    pub challenge: ChallengeRow,
    /// Whether an Activation or Enrolment spent it.
    pub spent: bool,
    /// Whether the assertion already led to signatures.
    pub assertion_activated: bool,
    /// The Enrolment that spent this nonce.
    pub enrolled: Option<EnrolmentRow>,
    /// The Enrolment that the assertion made, by its nonce.
    pub assertion_enrolled: bool,
    /// The Credential that the challenge is for, if it is for an Activation and exists.
    pub credential: Option<CredentialRow>,
}

/// A made key, as it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentRow {
    /// Digest of the sealed message, by which a repetition is known.
    pub request: [u8; 32],
    /// What was made.
    pub credential: Id<word::Credential>,
    /// Its public key.
    pub public_key: Vec<u8>,
    /// The receipt.
    pub receipt: String,
}

/// A key that was just made.
#[derive(Clone, Debug)]
pub struct NewEnrolment {
    /// The nonce to spend.
    pub nonce: Nonce,
    /// The assertion to use for enrolling.
    pub assertion: Id<word::Assertion>,
    /// In which Session.
    pub session: Id<word::Session>,
    /// What to answer again.
    pub row: EnrolmentRow,
    /// The first version of the Credential.
    pub record: CredentialRecord,
    /// Its tag.
    pub tag: Tag,
    /// Its leaf.
    pub leaf: LeafRow,
    /// When.
    pub at: Time,
}

/// The next version of a Credential.
#[derive(Clone, Debug)]
pub struct Update {
    /// The new row; the old one must have the version before.
    pub record: CredentialRecord,
    /// Its tag.
    pub tag: Tag,
    /// Its leaf.
    pub leaf: LeafRow,
    /// When.
    pub at: Time,
    /// The step that changed it.
    pub by: &'static str,
}

/// The intention of an Activation.
#[derive(Clone, Debug)]
pub struct Reservation {
    /// The Credential with the attempt counted, its tag and its leaf.
    pub update: Update,
    /// The Activation.
    pub activation: ActivationRow,
}

/// An Activation, as reserved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivationRow {
    /// Which.
    pub id: Id<word::Activation>,
    /// The life of the supervisor that reserved it.
    pub boot: Id<word::Boot>,
    /// The nonce that it spends.
    pub nonce: Nonce,
    /// The assertion that it relies on.
    pub assertion: Id<word::Assertion>,
    /// In which Session.
    pub session: Id<word::Session>,
    /// With which key.
    pub credential: Id<word::Credential>,
    /// The number of its attempt.
    pub attempt: u64,
    /// What is about to be signed: SHA-256 over profile and digests.
    pub intention: [u8; 32],
    /// How many signatures.
    pub count: u32,
    /// When.
    pub reserved_at: Time,
}

/// The end of a successful Activation.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// The Credential with the attempt cleared; its leaf is the last of `leaves`.
    pub record: CredentialRecord,
    /// Its tag.
    pub tag: Tag,
    /// Which Activation.
    pub activation: Id<word::Activation>,
    /// What was signed; must be what was intended.
    pub intention: [u8; 32],
    /// The signatures in order.
    pub signatures: Vec<SignatureRow>,
    /// A leaf for each signature, in order.
    pub leaves: Vec<LeafRow>,
    /// When.
    pub at: Time,
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureRow {
    /// Of what; unique.
    pub occurrence: Occurrence,
    /// The value.
    pub signature: RawSignature,
}

/// An Activation that was cut off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interrupted {
    /// Which.
    pub activation: Id<word::Activation>,
    /// With which key.
    pub credential: Id<word::Credential>,
    /// Whose.
    pub client: Iin,
    /// Under what name the Ledger knows the Client.
    pub pseudonym: [u8; 32],
}

/// What is known about a token key beside the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenKeyRow {
    /// Which.
    pub name: KeyName,
    /// When it was made.
    pub made_at: Time,
    /// From when on nothing new is made with it.
    pub retired_at: Option<Time>,
    /// When it was destroyed.
    pub destroyed_at: Option<Time>,
    /// Its public key, DER, if it has one.
    pub public_key: Option<Vec<u8>>,
    /// The root's statement about it, if there is one.
    pub certificate: Option<String>,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Which job.
    pub name: &'static str,
    /// The target version.
    pub version: u32,
    /// The last Credential done.
    pub after: Option<Id<word::Credential>>,
    /// How many were done.
    pub done: u64,
    /// When it last moved.
    pub changed_at: Time,
}
