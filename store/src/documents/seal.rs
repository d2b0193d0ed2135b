//! How a Document is sealed: STREAM over AES-256-GCM, in chunks of 64 KiB.
//!
//! An object is a header of 16 bytes and the sealed chunks, each 16 bytes longer than what is in it. The header is the
//! name and version of this format and seven random bytes; a chunk's nonce is these, the chunk's number and whether it is
//! the last (`StreamBE32`, eprint 2015/189). So a chunk that was altered, moved, left out or added does not open, and an
//! object that ends early has no last chunk. Header and id of the Document are associated data of every chunk: under
//! another row, even with its key, nothing opens either.
//!
//! Only an empty Document has an empty last chunk, so that each content has one length and one form.

use aead_stream::{DecryptorBE32, EncryptorBE32, NewStream as _, StreamBE32, StreamPrimitive as _};
use aes_gcm::Aes256Gcm;
use domain::{Id, word};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Plain bytes of a chunk; only the last has fewer.
pub(super) const CHUNK: usize = 64 * 1024;
/// What sealing adds to a chunk.
pub(super) const TAG: usize = 16;
/// Bytes before the first chunk.
pub(super) const HEADER: usize = 16;

/// Name and version; what is not this format does not open.
const FORMAT: [u8; 9] = *b"tamgadoc\x01";
const PREFIX: usize = 7;

/// The first bytes of an object.
pub(super) type Header = [u8; HEADER];

/// A key of a Document.
pub(super) type DocumentKey = Zeroizing<[u8; 32]>;

/// Seals the chunks of one Document, in order.
pub(super) struct Sealer {
    stream: EncryptorBE32<Aes256Gcm>,
    associated: [u8; HEADER + 16],
}

/// Opens the chunks of one Document, in order.
pub(super) struct Opener {
    stream: DecryptorBE32<Aes256Gcm>,
    associated: [u8; HEADER + 16],
}

/// Opens the chunks of one Document in any order.
pub(super) struct Pages {
    stream: StreamBE32<Aes256Gcm>,
    associated: [u8; HEADER + 16],
}

/// A chunk does not open, or there are more than the construction can number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SealError;

/// A new key.
pub(super) fn draw_key(rng: &mut impl CryptoRng) -> DocumentKey {
    let mut key = Zeroizing::new([0; 32]);
    rng.fill_bytes(key.as_mut_slice());
    key
}

impl Sealer {
    /// Begins a Document; its key seals nothing else.
    pub(super) fn new(key: &DocumentKey, id: Id<word::Document>, rng: &mut impl CryptoRng) -> (Self, Header) {
        let mut prefix = [0; PREFIX];
        rng.fill_bytes(&mut prefix);
        let mut header = [0; HEADER];
        let (format, rest) = header.split_at_mut(FORMAT.len());
        format.copy_from_slice(&FORMAT);
        rest.copy_from_slice(&prefix);
        let sealer = Self {
            stream: EncryptorBE32::new((&**key).into(), (&prefix).into()),
            associated: associated(header, id),
        };
        (sealer, header)
    }

    /// Seals a chunk in place; another one follows.
    pub(super) fn next(&mut self, chunk: &mut Vec<u8>) -> Result<(), SealError> {
        self.stream
            .encrypt_next_in_place(&self.associated, chunk)
            .map_err(|_| SealError)
    }

    /// Seals the last chunk in place.
    pub(super) fn last(self, chunk: &mut Vec<u8>) -> Result<(), SealError> {
        self.stream
            .encrypt_last_in_place(&self.associated, chunk)
            .map_err(|_| SealError)
    }
}

impl Opener {
    /// Begins a Document; nothing, if its header is of no format that is known here.
    pub(super) fn new(key: &DocumentKey, id: Id<word::Document>, header: &[u8]) -> Option<Self> {
        let (header, prefix) = read(header)?;
        Some(Self {
            stream: DecryptorBE32::new((&**key).into(), (&prefix).into()),
            associated: associated(header, id),
        })
    }

    /// Opens a chunk in place; another one follows.
    pub(super) fn next(&mut self, chunk: &mut Vec<u8>) -> Result<(), SealError> {
        self.stream
            .decrypt_next_in_place(&self.associated, chunk)
            .map_err(|_| SealError)
    }

    /// Opens the last chunk in place.
    pub(super) fn last(self, chunk: &mut Vec<u8>) -> Result<(), SealError> {
        self.stream
            .decrypt_last_in_place(&self.associated, chunk)
            .map_err(|_| SealError)
    }
}

impl Pages {
    /// Begins a Document; nothing, if its header is of no format that is known here.
    pub(super) fn new(key: &DocumentKey, id: Id<word::Document>, header: &[u8]) -> Option<Self> {
        let (header, prefix) = read(header)?;
        Some(Self {
            stream: StreamBE32::new((&**key).into(), (&prefix).into()),
            associated: associated(header, id),
        })
    }

    /// Opens the chunk of this number, which is the last or not.
    pub(super) fn open(&self, number: u64, is_last: bool, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let number = u32::try_from(number).map_err(|_| SealError)?;
        let mut chunk = sealed.to_vec();
        self.stream
            .decrypt_in_place(number, is_last, &self.associated, &mut chunk)
            .map_err(|_| SealError)?;
        Ok(chunk)
    }
}

/// The header, and what begins the nonces.
fn read(header: &[u8]) -> Option<(Header, [u8; PREFIX])> {
    let header: Header = header.try_into().ok()?;
    let prefix = header.strip_prefix(&FORMAT)?.try_into().ok()?;
    Some((header, prefix))
}

fn associated(header: Header, id: Id<word::Document>) -> [u8; HEADER + 16] {
    let mut associated = [0; HEADER + 16];
    let (first, second) = associated.split_at_mut(HEADER);
    first.copy_from_slice(&header);
    second.copy_from_slice(id.as_bytes());
    associated
}

/// The length of the object of so many plain bytes.
pub(super) fn sealed_size(plain: u64) -> u64 {
    let chunks = plain.div_ceil(CHUNK as u64).max(1);
    plain
        .saturating_add(chunks.saturating_mul(TAG as u64))
        .saturating_add(HEADER as u64)
}
