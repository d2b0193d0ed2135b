//! An [`Act`] as bytes, so that a crash between preparing and finishing loses nothing: who starts again reads it, recalls
//! the boundary's outcome, and finishes.
//!
//! Only what cannot be made again is written: of a PDF its update, of XML the plan, and once the certificate. What is to be
//! signed is made from that by the same code as the first time, so an act that was read never asks for a signature on
//! anything but what its documents' digests say. The digest at its head finds what was cut off or damaged; against who
//! may write what is stored, the boundary's own record of the Activation stands.

use domain::{Digest, Id, ShownDocument, SignatureProfile, sha256, word};
use serde::{Deserialize, Serialize};

use super::{
    Act, Document, StoredActError,
    prepared::{Prepared, Record, RecordOf},
};
use crate::{Cautions, Limits, SigningCertificate};

const MAGIC: &[u8; 9] = b"tamga act";
const VERSION: u8 = 1;
/// Magic, version, digest.
const HEAD: usize = MAGIC.len() + 1 + 32;

#[derive(Serialize)]
struct ActOf<'a> {
    certificate: &'a [u8],
    chain: &'a [Vec<u8>],
    profile: SignatureProfile,
    documents: Vec<DocumentOf<'a>>,
}

#[derive(Serialize)]
struct DocumentOf<'a> {
    id: Id<word::Document>,
    digest: Digest,
    cautions: &'a Cautions,
    record: RecordOf<'a>,
}

#[derive(Deserialize)]
struct Written {
    certificate: Vec<u8>,
    chain: Vec<Vec<u8>>,
    profile: SignatureProfile,
    documents: Vec<WrittenDocument>,
}

#[derive(Deserialize)]
struct WrittenDocument {
    id: Id<word::Document>,
    digest: Digest,
    cautions: Cautions,
    record: Record,
}

/// A document is not what its act says of it.
#[derive(Debug, thiserror::Error)]
#[error("document {0} has another digest than its act says")]
struct AnotherDigest(Id<word::Document>);

impl Act {
    /// This act as bytes, to be kept before anybody is asked for a password.
    pub fn stored(&self) -> Result<Vec<u8>, StoredActError> {
        let documents = self.documents.iter().map(|document| DocumentOf {
            id: document.shown.id,
            digest: document.shown.digest,
            cautions: &document.cautions,
            record: document.prepared.record(),
        });
        let written = ActOf {
            certificate: self.certificate.der(),
            chain: self.certificate.chain(),
            profile: self.certificate.profile(),
            documents: documents.collect(),
        };
        let mut bytes = [&MAGIC[..], &[VERSION], &[0; 32]].concat();
        bytes = postcard::to_extend(&written, bytes).map_err(contradiction)?;
        let digest = sha256(bytes.get(HEAD..).unwrap_or_default());
        if let Some(place) = bytes.get_mut(HEAD - digest.len()..HEAD) {
            place.copy_from_slice(&digest);
        }
        Ok(bytes)
    }

    /// Reads an act that was stored.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, StoredActError> {
        // Lengths, names and digests come on top of what an act counts.
        let (length, most) = (bytes.len() as u64, limits.held.saturating_mul(2));
        if length > most {
            return Err(StoredActError::Length { length, most });
        }
        let rest = bytes.strip_prefix(MAGIC).ok_or(StoredActError::Form)?;
        let (version, rest) = rest.split_first().ok_or(StoredActError::Altered)?;
        if *version != VERSION {
            return Err(StoredActError::Version {
                found: *version,
                known: VERSION,
            });
        }
        let (digest, body) = rest.split_first_chunk().ok_or(StoredActError::Altered)?;
        if sha256(body) != *digest {
            return Err(StoredActError::Altered);
        }
        let (written, rest): (Written, _) = postcard::take_from_bytes(body).map_err(contradiction)?;
        if !rest.is_empty() {
            return Err(StoredActError::Altered);
        }
        let certificate = SigningCertificate::new(written.certificate, written.chain, written.profile)?;
        let mut documents = Vec::new();
        for document in written.documents {
            let id = document.id;
            let prepared = Prepared::of(document.record, &certificate).map_err(contradiction)?;
            if prepared.digest().map_err(contradiction)? != document.digest {
                return Err(contradiction(AnotherDigest(id)));
            }
            let digest = document.digest;
            documents.push(Document {
                shown: ShownDocument { id, digest },
                cautions: document.cautions,
                prepared,
            });
        }
        Self::sound(documents, certificate, limits).map_err(contradiction)
    }
}

fn contradiction(error: impl core::error::Error + Send + Sync + 'static) -> StoredActError {
    StoredActError::Contradiction(Box::new(error))
}
