//! [`Shelf`]: one random part per Credential, kept apart from everything that is backed up; implemented by `store`.
//!
//! A Client's wrapped key lies in the database sealed under its part. Where the part is gone, every copy of the
//! database, however old, holds bytes that nobody opens: so what was destroyed stays destroyed in backups too (design
//! §10). A part alone opens nothing either.

use core::{future::Future, pin::Pin};

use domain::{Id, Secret, word};

/// What a method of the [`Shelf`] will give. Boxed, so that the boundary holds some Shelf without being generic over it;
/// beside a read of a database an allocation is not felt.
pub type Shelved<'a, T> = Pin<Box<dyn Future<Output = Result<T, ShelfError>> + Send + 'a>>;

/// Where the parts are.
pub trait Shelf: core::fmt::Debug + Send + Sync + 'static {
    /// Puts the part of a new Credential.
    fn put<'a>(&'a self, credential: Id<word::Credential>, part: &'a Part) -> Shelved<'a, ()>;

    /// The part of a Credential; none when it was removed.
    fn get(&self, credential: Id<word::Credential>) -> Shelved<'_, Option<Part>>;

    /// Removes the parts of these Credentials for ever; those that are gone already are no error.
    fn remove<'a>(&'a self, credentials: &'a [Id<word::Credential>]) -> Shelved<'a, ()>;

    /// Credentials with a part, in order of id, after `after`.
    fn after(&self, after: Option<Id<word::Credential>>, most: u32)
    -> Shelved<'_, Vec<Id<word::Credential>>>;
}

/// The part of one Credential; wiped when it is dropped.
#[derive(Debug)]
pub struct Part(Secret<[u8; Part::LENGTH]>);

impl Part {
    /// Bytes of a part.
    pub const LENGTH: usize = 32;

    /// Takes charge of random bytes.
    pub const fn new(bytes: [u8; Self::LENGTH]) -> Self {
        Self(Secret::new(bytes))
    }

    /// The bare bytes, for the Shelf and the cipher.
    pub const fn expose(&self) -> &[u8; Self::LENGTH] {
        self.0.expose()
    }
}

/// The Shelf did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShelfError {
    /// A part does not read as one.
    #[error("the part of credential {0} does not read")]
    Unreadable(Id<word::Credential>),
    /// The database does not answer, or refuses.
    #[error("the shelf does not answer: {0}")]
    Database(String),
}
