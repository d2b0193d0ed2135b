//! What a worker is asked and what it answers. One frame is one whole step on the token.

use domain::{Digest, Id, KeyAlgorithm, Sealed, SignatureProfile, word};
use serde::{Deserialize, Serialize};

use crate::{KeyName, KeyRole, Tag, Tagged, Verifier, VerifierMode, secret_bytes::SecretBytes};

/// The first frame of a worker: what it found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hello {
    /// The token's description of itself.
    pub(crate) token: String,
    /// What the token cannot do, in words.
    pub(crate) missing: Vec<String>,
    /// The resident keys, with DER `SubjectPublicKeyInfo` where there is a public half.
    pub(crate) keys: Vec<(KeyName, Option<Vec<u8>>)>,
}

/// A wrapped thing with the version of the key that wraps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Blob {
    pub(crate) version: u32,
    pub(crate) bytes: Vec<u8>,
}

/// What a worker is asked.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Ask {
    /// Signs with the health key and checks the signature outside the token.
    Health,
    /// Random bytes of the token.
    Random(u16),
    /// Checks tags, then makes tags.
    Tags { check: Vec<Tagged>, make: Vec<Vec<u8>> },
    /// Checks tags, opens what a device sealed, then makes tags.
    Open {
        sealed: Sealed,
        info: Vec<u8>,
        check: Vec<Tagged>,
        make: Vec<Vec<u8>>,
    },
    /// Makes a Client's key.
    Enrol(EnrolAsk),
    /// Checks a password and signs.
    Use(UseAsk),
    /// Signs a digest with a resident key.
    SignAs(SignAsAsk),
    /// The same for several, answered each for itself.
    SignEach(Vec<SignAsAsk>),
    /// Makes a resident key; its public key comes back if it has one.
    MakeKey {
        name: KeyName,
        algorithm: Option<KeyAlgorithm>,
    },
    /// Destroys a resident key.
    DestroyKey(KeyName),
    /// Destroys the resident verifier of a Credential, if there is one.
    DestroyVerifier(Id<word::Credential>),
    /// Moves a verifier from one `kek` to another.
    RewrapVerifier { blob: Blob, to: u32 },
    /// Wraps a document key with this version of the `documents` key.
    WrapDocumentKey { version: u32, key: SecretBytes },
    /// Unwraps one.
    UnwrapDocumentKey(Blob),
    /// The high-water mark that the token remembers.
    ReadMark,
    /// Replaces it.
    WriteMark(Vec<u8>),
}

impl Ask {
    /// How many uses of the token it is.
    pub(crate) fn uses(&self) -> u64 {
        match self {
            Self::SignEach(each) => each.len() as u64,
            _ => 1,
        }
    }
}

/// A digest, and the resident key that signs it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct SignAsAsk {
    pub(crate) key: KeyName,
    pub(crate) profile: SignatureProfile,
    pub(crate) digest: Digest,
}

/// What makes a Client's key.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EnrolAsk {
    pub(crate) key: Id<word::Credential>,
    pub(crate) algorithm: KeyAlgorithm,
    pub(crate) secret: SecretBytes,
    pub(crate) kdk: u32,
    pub(crate) kek: u32,
    pub(crate) mode: VerifierMode,
    /// What the pseudonym is an HMAC of.
    pub(crate) pseudonym_of: Vec<u8>,
}

/// What uses a Client's key.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct UseAsk {
    pub(crate) key: Id<word::Credential>,
    pub(crate) algorithm: KeyAlgorithm,
    pub(crate) secret: SecretBytes,
    pub(crate) verifier: Verifier,
    pub(crate) wrapped: Blob,
    /// The newest `kdk`, if the key is to be wrapped anew under it.
    pub(crate) rewrap_to: Option<u32>,
    pub(crate) profile: SignatureProfile,
    pub(crate) digests: Vec<Digest>,
    /// What to tag once all is signed; not used when the key is wrapped anew, since the row then changes more.
    pub(crate) make: Vec<Vec<u8>>,
}

/// What a worker answers.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Done,
    Random(SecretBytes),
    Tags(Vec<Tag>),
    Opened {
        plaintext: SecretBytes,
        tags: Vec<Tag>,
    },
    Enrolled {
        public_key: Vec<u8>,
        wrapped: Blob,
        verifier: Verifier,
        pseudonym: Tag,
    },
    /// Signatures in order (RSA value, or `r ‖ s`), tags, and the blob under the newest `kdk` if asked for.
    Used {
        signatures: Vec<Vec<u8>>,
        tags: Vec<Tag>,
        rewrapped: Option<Blob>,
    },
    Signature(Vec<u8>),
    /// A signature or a refusal for each, in order.
    Each(Vec<Answer>),
    KeyMade(Option<Vec<u8>>),
    Rewrapped(Blob),
    DocumentKey(SecretBytes),
    DocumentKeyWrapped(Blob),
    Mark(Option<Vec<u8>>),
    Refused(Refusal),
}

/// Why a worker did not do what it was asked; the worker itself is well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub(crate) enum Refusal {
    #[error("tag {position} does not fit its row")]
    Tag { position: u32 },
    #[error("the sealed message does not open")]
    Unopened,
    #[error("the verifier does not know this password")]
    WrongPassword,
    #[error("a wrapped key does not open although the verifier knew the password")]
    BlobRefused,
    #[error("the token holds no {0}")]
    NoKey(KeyName),
    #[error("the token holds no verifier for this credential")]
    NoVerifier,
    #[error("a {0:?} key cannot be made so")]
    Role(KeyRole),
    #[error("the token refused: {0}")]
    Token(String),
}
