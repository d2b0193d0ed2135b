//! The Ledger's sequencer and its proofs: leaves that committed become part of the tree within a second.
//!
//! Any node may do it: the state that follows a state is the same for all, and the database keeps the first.

use domain::{Leaf, base64url};
use hsm::{Clock, Journal as _, JournalError, Service, ServiceKey, SignAsError, SignAsRequest};
use ledger::{
    Checkpoint, Edge, Hash, Inclusion, NoteError, Opening, Proof, ProofError, SignedNote, Tile, VerifierKey,
    VerifierKeys, needed_for_inclusion,
};
use store::{Growth, Store};
use tokio::sync::Mutex;

use crate::House;

/// Leaves that become part of the tree in one step.
const STEP: u32 = 16_384;

/// The log of one house.
#[derive(Debug)]
pub struct Log<S, C> {
    store: Store,
    hsm: S,
    clock: C,
    origin: String,
    /// The size of the newest state that was seen.
    signed: Mutex<u64>,
}

/// The log does not grow, or proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The Ledger has no key yet.
    #[error("the Ledger has no key; it is made in the ceremony")]
    NoKey,
    /// The name or the key of the log cannot be used.
    #[error("a log is named by a word without white space, and its key is P-256")]
    Name,
    /// The tree in the database is not whole.
    #[error("the tiles of the tree of {0} entries are missing or cut off; check it with tamga ledger verify")]
    Tiles(u64),
    /// What the database holds is not what was signed before.
    #[error(
        "the log in the database does not continue the checkpoint that was signed last: {0}; nothing is signed. Keep a \
         copy as evidence, and find the difference with tamga ledger verify --earlier"
    )]
    Forked(&'static str),
    /// Another node knows a newer key already, or the newest one was revoked.
    #[error(
        "the last checkpoint was signed by a later key than the one in force here; a new key is read within half a \
         minute; if the later one was revoked or ended, make another: tamga ca renew-service ledger"
    )]
    LaterKey,
    /// The boundary does not sign.
    #[error("the boundary does not sign: {0}")]
    Sign(#[from] SignAsError),
    /// The boundary's signature cannot be used.
    #[error("the checkpoint was not signed: {0}")]
    Note(#[from] NoteError),
    /// There is no such entry.
    #[error("there is no entry {position}; the Ledger has entries 1 to {entries}")]
    NoEntry {
        /// Which was asked for.
        position: u64,
        /// How many there are.
        entries: u64,
    },
    /// No checkpoint covers the entry yet.
    #[error("no checkpoint covers entry {0} yet; ask again in a second")]
    NotYet(u64),
    /// A proof cannot be made.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The database fails.
    #[error(transparent)]
    Store(#[from] JournalError),
}

impl<S: Service, C: Clock> Log<S, C> {
    /// The log of this name.
    pub fn new(store: Store, hsm: S, clock: C, origin: String) -> Self {
        Self {
            store,
            hsm,
            clock,
            origin,
            signed: Mutex::default(),
        }
    }

    /// Where it is kept.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The key that signs its checkpoints now.
    pub fn key(&self, house: &House) -> Result<VerifierKey, LogError> {
        let signer = house.service(ServiceKey::Ledger).ok_or(LogError::NoKey)?;
        VerifierKey::new(&self.origin, signer.key().clone()).ok_or(LogError::Name)
    }

    /// The keys with which its checkpoints are verified, each with the sizes that it signed. A key that signed nothing
    /// yet is not among them, unless there is no checkpoint at all.
    pub async fn keys(&self, house: &House) -> Result<VerifierKeys, LogError> {
        let known = self.known(house)?;
        let signer = |note: &str| -> Result<usize, LogError> {
            let note = SignedNote::parse(note)?;
            let place = known.iter().position(|key| note.verify(key).is_ok());
            Ok(place.ok_or(NoteError::Unsigned)?)
        };
        let key = |place: usize| known.get(place).cloned().ok_or(LogError::NoKey);
        let (Some((size, newest, _)), Some((_, first, _))) = (
            self.store.checkpoint().await?,
            self.store.checkpoint_covering(1).await?,
        ) else {
            return Ok(self.key(house)?.into());
        };
        let newest = signer(&newest)?;
        let mut place = signer(&first)?;
        let mut keys = VerifierKeys::from(key(place)?);
        let mut reached = 1;
        // A later key never makes way for a former one, so that the size at which it took over is found by halving.
        while place < newest {
            let (mut before, mut behind) = (reached, size);
            let mut next = newest;
            while behind - before > 1 {
                let middle = before + (behind - before) / 2;
                let covering = self.store.checkpoint_covering(middle).await?;
                let (_, note, _) = covering.ok_or(LogError::NotYet(middle))?;
                match signer(&note)? {
                    later if later > place => (behind, next) = (middle, later),
                    _ => before = middle,
                }
            }
            keys = keys.followed_by(key(next)?, before)?;
            (place, reached) = (next, behind);
        }
        Ok(keys)
    }

    /// Every key that it had, oldest first.
    fn known(&self, house: &House) -> Result<Vec<VerifierKey>, LogError> {
        house
            .ledger_keys()
            .map(|key| VerifierKey::new(&self.origin, key.clone()).ok_or(LogError::Name))
            .collect()
    }

    /// Takes leaves that committed into the tree; how many, 0 when there was nothing to do.
    pub async fn integrate(&self, house: &House) -> Result<u64, LogError> {
        let signer = house.service(ServiceKey::Ledger).ok_or(LogError::NoKey)?;
        let key = self.key(house)?;
        let last = self.last(&key, &self.known(house)?).await?;
        let after = last.as_ref().map_or(0, |last| last.size);
        let entries = self.store.entries(after, STEP).await?;
        if entries.is_empty() {
            return Ok(0);
        }
        let tiles = self.store.tiles(&Edge::needed(after)).await?;
        let mut edge = Edge::open(after, &tiles).ok_or(LogError::Tiles(after))?;
        if last.is_some_and(|last| last.root != edge.root()) {
            return Err(LogError::Forked("its tiles give another root"));
        }
        for entry in &entries {
            edge.append(Hash::of_leaf(entry));
        }
        let checkpoint = Checkpoint {
            origin: self.origin.clone(),
            size: edge.size(),
            root: edge.root(),
        };
        let request = SignAsRequest {
            key: ServiceKey::Ledger,
            version: Some(signer.generation()),
            profile: signer.profile(),
            digest: checkpoint.digest(),
        };
        let raw = self.hsm.sign_as(request).await?;
        let growth = Growth {
            after,
            size: edge.size(),
            note: checkpoint.sign(&key, &raw)?.to_string(),
            at: self.clock.now(),
            tiles: edge.take_changed(),
        };
        match self.store.grow(growth).await {
            Ok(()) => Ok(edge.size() - after),
            // Another node was faster; its state is as good as this one.
            Err(JournalError::Conflict) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// The last state, if it is one that this log signed, with this key or one before it, and no step back.
    async fn last(&self, key: &VerifierKey, known: &[VerifierKey]) -> Result<Option<Checkpoint>, LogError> {
        let mut signed = self.signed.lock().await;
        let Some((_, note, _)) = self.store.checkpoint().await? else {
            return match *signed {
                0 => Ok(None),
                _ => Err(LogError::Forked("its checkpoints are gone")),
            };
        };
        let note = SignedNote::parse(&note)?;
        let mut turn = known.split(|one| one == key);
        let former = turn.next().unwrap_or_default();
        let by = |keys: &[VerifierKey]| keys.iter().find_map(|key| note.verify(key).ok());
        let last = match note.verify(key) {
            Ok(last) => last,
            Err(error) => match by(former) {
                Some(last) => last,
                None if turn.any(|later| by(later).is_some()) => return Err(LogError::LaterKey),
                None => return Err(error.into()),
            },
        };
        if last.size < *signed {
            return Err(LogError::Forked("it is shorter than it was"));
        }
        *signed = last.size;
        Ok(Some(last))
    }

    /// The proof that the entry at a position is in the log, for those who may know what it commits to.
    pub async fn proof(&self, position: u64) -> Result<Proof, LogError> {
        let entries = self.store.head().await?.position;
        if !(1..=entries).contains(&position) {
            return Err(LogError::NoEntry { position, entries });
        }
        let not_yet = LogError::NotYet(position);
        let (size, note, _) = self.store.checkpoint_covering(position).await?.ok_or(not_yet)?;
        let index = position.checked_sub(1).ok_or(ProofError::Sizes)?;
        let needed: Vec<Tile> = needed_for_inclusion(index, size)?.into_iter().collect();
        let tiles = self.store.tiles(&needed).await?;
        let inclusion = Inclusion::make(index, size, &tiles)?;
        let leaf = self
            .store
            .opened_leaf(position)
            .await?
            .ok_or(LogError::NotYet(position))?;
        Ok(Proof {
            entry: base64url(&leaf.entry),
            opening: Some(Opening {
                salt: base64url(&leaf.salt),
                content: String::from_utf8_lossy(&leaf.content).into_owned(),
            }),
            inclusion,
            checkpoint: note,
        })
    }
}

/// What is wrong with a proof.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProofFault {
    /// Its checkpoint.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The way from the entry to the root.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// It is of a tree of another size than its checkpoint.
    #[error("the proof is of a tree of {proof} entries, its checkpoint of one of {checkpoint}")]
    Size {
        /// The proof's.
        proof: u64,
        /// The checkpoint's.
        checkpoint: u64,
    },
    /// The entry does not read.
    #[error("the entry is not a leaf of this Ledger in base64url")]
    Entry,
    /// Salt and content are not what the entry commits to.
    #[error("salt and content are not what the entry commits to")]
    Content,
}

/// Checks a proof offline: the entry, what it commits to, the way to the root, the signature. The leaf.
pub(crate) fn check_proof(proof: &Proof, keys: &VerifierKeys) -> Result<Leaf, ProofFault> {
    let checkpoint = keys.verify(&SignedNote::parse(&proof.checkpoint)?)?;
    if proof.inclusion.size != checkpoint.size {
        return Err(ProofFault::Size {
            proof: proof.inclusion.size,
            checkpoint: checkpoint.size,
        });
    }
    let bytes = |text: &str| domain::from_base64url(text).map_err(|_| ProofFault::Entry);
    let entry = bytes(&proof.entry)?;
    let leaf = entry
        .as_slice()
        .try_into()
        .ok()
        .and_then(Leaf::decode)
        .ok_or(ProofFault::Entry)?;
    proof.inclusion.verify(Hash::of_leaf(&entry), checkpoint.root)?;
    if let Some(Opening { salt, content }) = &proof.opening {
        let salt: [u8; 16] = bytes(salt)?.try_into().map_err(|_| ProofFault::Content)?;
        let salt = domain::Salt::new(salt);
        if Leaf::new(leaf.kind, leaf.at, leaf.pseudonym, &salt, content.as_bytes()) != leaf {
            return Err(ProofFault::Content);
        }
    }
    Ok(leaf)
}
