//! Checkpoints: the size and root of the tree, as a note that the Ledger's key signed. C2SP signed-note, tlog-checkpoint.
//!
//! ```text
//! tamga.example/ledger          the log's name
//! 42                            entries
//! mG2…=                         root
//!
//! — tamga.example/ledger AbC…=  base64 of key id (4 bytes) and signature; one line per signer
//! ```

use core::fmt;

use base64ct::{Base64, Encoding};
use domain::{Digest, HashAlgorithm, KeyAlgorithm, SignatureProfile, hexadecimal};
use pki::PublicKey;

use crate::Hash;

/// The state of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

/// A note with its signatures, some of which may be of witnesses that are not known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<(String, [u8; 4], Vec<u8>)>,
}

/// The key with which a log's notes are verified: its name and a P-256 key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: PublicKey,
}

/// A note is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not a signed note.
    #[error("not a signed note: text, an empty line, and lines that begin with an em dash")]
    Form,
    /// Not a checkpoint.
    #[error("the note is no checkpoint: the log's name, the number of entries and the root, a line each")]
    Checkpoint,
    /// The key does not read.
    #[error("a verifier key is written as NAME+ID+KEY, and the key is P-256")]
    Key,
    /// The keys do not follow each other.
    #[error(
        "keys are written a line each, oldest first, as NAME+ID+KEY FROM-LAST, without a gap between them; the newest has \
         no LAST, and all are of one log"
    )]
    Spans,
    /// A former key signed what was not its turn any more.
    #[error(
        "a key signed this checkpoint at a size at which another key signs: it was renewed, or is not in use yet"
    )]
    Turn,
    /// Nobody whom we know signed it.
    #[error("the note has no signature of the log's key")]
    Unsigned,
    /// The signature does not verify.
    #[error("the signature of the note does not verify: it was altered, or another key signed it")]
    Signature,
    /// It is of another log.
    #[error("the checkpoint is of another log")]
    Origin,
}

/// The signature type of ECDSA in verifier keys.
const ECDSA: u8 = 0x02;
const PROFILE: SignatureProfile = SignatureProfile::EcdsaP256Sha256;

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    /// What the token signs.
    pub fn digest(&self) -> Digest {
        HashAlgorithm::Sha256.digest(self.text().as_bytes())
    }

    /// The note, signed by the log's key: `r ‖ s` as the token gave it. It is checked before it is used.
    pub fn sign(&self, key: &VerifierKey, raw: &[u8]) -> Result<SignedNote, NoteError> {
        let prepared = pki::ToSign::new(self.text().into_bytes(), PROFILE);
        let finished = prepared.finish(raw, &key.key).map_err(|_| NoteError::Signature)?;
        Ok(SignedNote {
            text: self.text(),
            signatures: vec![(key.name.clone(), key.id(), finished.value().to_vec())],
        })
    }

    fn parse(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.lines();
        let mut line = || lines.next().ok_or(NoteError::Checkpoint);
        let (origin, size, root) = (line()?, line()?, line()?);
        let number: u64 = size.parse().map_err(|_| NoteError::Checkpoint)?;
        if origin.is_empty() || number.to_string() != size {
            return Err(NoteError::Checkpoint);
        }
        Ok(Self {
            origin: origin.to_owned(),
            size: number,
            root: Hash::from_base64(root).ok_or(NoteError::Checkpoint)?,
        })
    }
}

impl SignedNote {
    /// Reads a note.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        let (text, signatures) = note.rsplit_once("\n\n").ok_or(NoteError::Form)?;
        if note
            .chars()
            .any(|character| character.is_control() && character != '\n')
            || !note.ends_with('\n')
        {
            return Err(NoteError::Form);
        }
        let mut read = Vec::new();
        for line in signatures.lines() {
            let (name, signature) = line
                .strip_prefix("— ")
                .and_then(|line| line.split_once(' '))
                .ok_or(NoteError::Form)?;
            let bytes = Base64::decode_vec(signature).map_err(|_| NoteError::Form)?;
            let (id, signature) = bytes.split_first_chunk::<4>().ok_or(NoteError::Form)?;
            read.push((name.to_owned(), *id, signature.to_vec()));
        }
        if read.is_empty() {
            return Err(NoteError::Form);
        }
        Ok(Self {
            text: format!("{text}\n"),
            signatures: read,
        })
    }

    /// The checkpoint, if this key signed it for its own log.
    pub fn verify(&self, key: &VerifierKey) -> Result<Checkpoint, NoteError> {
        let ours = |(name, id, _): &&(String, [u8; 4], Vec<u8>)| *name == key.name && *id == key.id();
        let (_, _, signature) = self.signatures.iter().find(ours).ok_or(NoteError::Unsigned)?;
        if !key.key.verifies(PROFILE, self.text.as_bytes(), signature) {
            return Err(NoteError::Signature);
        }
        let checkpoint = Checkpoint::parse(&self.text)?;
        if checkpoint.origin == key.name {
            Ok(checkpoint)
        } else {
            Err(NoteError::Origin)
        }
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for (name, id, signature) in &self.signatures {
            let bytes = [id.as_slice(), signature].concat();
            writeln!(f, "— {name} {}", Base64::encode_string(&bytes))?;
        }
        Ok(())
    }
}

impl VerifierKey {
    /// The key of a log; `None` unless it is P-256 and the name has neither white space nor `+`.
    pub fn new(name: &str, key: PublicKey) -> Option<Self> {
        let plain = !name.is_empty() && !name.chars().any(|letter| letter.is_whitespace() || letter == '+');
        (plain && key.algorithm() == KeyAlgorithm::P256).then(|| Self {
            name: name.to_owned(),
            key,
        })
    }

    /// The log's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first bytes of the SHA-256 of the key, as the format has it for ECDSA.
    fn id(&self) -> [u8; 4] {
        let digest = HashAlgorithm::Sha256.digest(self.key.der());
        digest.as_bytes().first_chunk().copied().unwrap_or_default()
    }

    /// Reads `NAME+ID+KEY`.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.trim().splitn(3, '+');
        let mut part = || parts.next().ok_or(NoteError::Key);
        let (name, id, key) = (part()?, part()?, part()?);
        let bytes = Base64::decode_vec(key).map_err(|_| NoteError::Key)?;
        let (ECDSA, der) = bytes
            .split_first()
            .map(|(kind, der)| (*kind, der))
            .ok_or(NoteError::Key)?
        else {
            return Err(NoteError::Key);
        };
        let key = PublicKey::from_der(der).map_err(|_| NoteError::Key)?;
        let read = Self::new(name, key).ok_or(NoteError::Key)?;
        if hexadecimal(&read.id()) == id {
            Ok(read)
        } else {
            Err(NoteError::Key)
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}", self.name, hexadecimal(&self.id()))?;
        let bytes = [&[ECDSA], self.key.der()].concat();
        write!(f, "+{}", Base64::encode_string(&bytes))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use p256::{
        ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner},
        pkcs8::EncodePublicKey,
    };

    use super::*;

    fn secret(number: u8) -> SigningKey {
        SigningKey::from_slice(&[number; 32]).unwrap()
    }

    pub(crate) fn key(number: u8) -> VerifierKey {
        let der = secret(number).verifying_key().to_public_key_der().unwrap();
        VerifierKey::new("example/ledger", PublicKey::from_der(der.as_bytes()).unwrap()).unwrap()
    }

    fn checkpoint(size: u64) -> Checkpoint {
        Checkpoint {
            origin: "example/ledger".to_owned(),
            size,
            root: Hash::of_leaf(b"x"),
        }
    }

    pub(crate) fn signed_by(number: u8, size: u64) -> SignedNote {
        let checkpoint = checkpoint(size);
        let raw: Signature = secret(number)
            .sign_prehash(checkpoint.digest().as_bytes())
            .unwrap();
        checkpoint.sign(&key(number), &raw.to_bytes()).unwrap()
    }

    fn signed() -> (VerifierKey, Checkpoint, SignedNote) {
        (key(7), checkpoint(42), signed_by(7, 42))
    }

    #[test]
    fn a_note_reads_as_it_was_written_and_only_its_key_verifies_it() {
        let (key, checkpoint, note) = signed();
        let read = SignedNote::parse(&note.to_string()).unwrap();
        assert_eq!(read, note);
        assert_eq!(read.verify(&key), Ok(checkpoint));
        assert_eq!(VerifierKey::parse(&key.to_string()), Ok(key.clone()));
        let altered = note.to_string().replacen("\n42\n", "\n43\n", 1);
        let altered = SignedNote::parse(&altered).unwrap();
        assert_eq!(altered.verify(&key), Err(NoteError::Signature));
        let other = VerifierKey {
            name: "other/ledger".to_owned(),
            ..key.clone()
        };
        assert_eq!(note.verify(&other), Err(NoteError::Unsigned));
        let witnessed = format!("{note}— witness AAAAAAAA\n");
        assert!(SignedNote::parse(&witnessed).unwrap().verify(&key).is_ok());
    }

    #[test]
    fn what_is_no_note_or_no_checkpoint_is_refused() {
        for text in [
            "",
            "a\n",
            "a\n\n",
            "a\n\n— b\n",
            "a\n\n- b AAAAAAAA\n",
            "a\r\n\n— b AAAAAAAA\n",
        ] {
            assert_eq!(SignedNote::parse(text), Err(NoteError::Form), "{text:?}");
        }
        for text in ["", "a\n1\n", "a\n01\nx\n", "\n1\nx\n", "a\n1\nAAAA\n"] {
            assert_eq!(Checkpoint::parse(text), Err(NoteError::Checkpoint), "{text:?}");
        }
    }
}
