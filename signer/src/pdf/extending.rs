//! The levels above B, EN 319 142-1 6.3: a time stamp on the signature, a store of validation data, a time stamp on all.
//!
//! Each step opens the file at whatever level it has reached; nothing is remembered between them.

use core::ops::Range;

use domain::{Digest, HashAlgorithm};
use pki::timestamp::Token;

use super::{
    Options, PdfError, dss,
    file::File,
    form::{Field, signature_fields},
    hole::{Blank, Hollow},
    located::Located,
    object::{Dictionary, Object, hex},
    placing,
    prepared::append,
    update::Update,
};
use crate::{Material, Output, Source, cms::SignedData};

/// A signature that waits for its time stamp.
#[derive(Clone, Debug)]
pub struct Unstamped {
    length: u64,
    gap: Range<u64>,
    reserved: usize,
    signed: SignedData,
}

impl Unstamped {
    /// Opens a PDF at the signature of a field.
    pub fn new(source: &dyn Source, field: &str) -> Result<Self, PdfError> {
        let file = File::open(source)?;
        let found = find(&file, field)?;
        let located = Located::read(&file, found)?.ok_or(PdfError::NoSignature {
            name: field.into(),
            what: "the field is empty",
        })?;
        if !located.faults.is_empty() {
            return Err(PdfError::NoSignature {
                name: field.into(),
                what: "it does not stand as a signature must",
            });
        }
        // Whatever came later covers these bytes as they are.
        for other in signature_fields(&file)? {
            let later = Located::read(&file, other)?.and_then(|other| other.end());
            if later > located.end() {
                return Err(PdfError::Level {
                    what: "a later signature or time stamp covers this signature; only an archive time stamp can be added",
                });
            }
        }
        let signed =
            SignedData::read_padded(&located.value).map_err(|error| PdfError::Cms(error.to_string()))?;
        if signed.signers.len() != 1 {
            return Err(PdfError::Level {
                what: "the signature has not exactly one signer",
            });
        }
        Ok(Self {
            length: source.length(),
            gap: located.gap,
            reserved: located.value.len(),
            signed,
        })
    }

    /// The signature value: its digest is what the authority stamps.
    pub fn value(&self) -> &[u8] {
        self.signed
            .signers
            .first()
            .map_or(&[], |signer| &signer.signature)
    }

    /// The file at level T. The bytes around the signature stay as they are.
    pub fn stamp(mut self, token: &Token) -> Result<Output, PdfError> {
        let stamped = token.info().digest();
        if stamped.is_none_or(|digest| digest.algorithm().digest(self.value()) != digest) {
            return Err(PdfError::Level {
                what: "the time stamp is over something else",
            });
        }
        let cms = |error: crate::cms::WriteError| PdfError::Cms(error.to_string());
        self.signed.stamp(0, token).map_err(cms)?;
        let der = self.signed.to_der().map_err(cms)?;
        if der.len() > self.reserved {
            return Err(PdfError::Reserved {
                needed: der.len(),
                reserved: self.reserved,
            });
        }
        let mut digits = hex(&der);
        digits.resize(2 * self.reserved, b'0');
        Ok(Output::new()
            .source(0, 0..self.gap.start + 1)
            .bytes(digits)
            .source(0, self.gap.end - 1..self.length))
    }
}

/// A PDF that waits for its validation data.
#[derive(Clone, Debug)]
pub struct Stamped {
    length: u64,
    known: Material,
}

impl Stamped {
    /// Opens a PDF with signatures.
    pub fn new(source: &dyn Source) -> Result<Self, PdfError> {
        let file = File::open(source)?;
        signed(&file)?;
        Ok(Self {
            length: source.length(),
            known: dss::read(&file)?,
        })
    }

    /// What is in its store already.
    pub const fn known(&self) -> &Material {
        &self.known
    }

    /// The file at level LT: what is new is added to the store. `chance` is for the file's identifier.
    pub fn keep(
        self,
        source: &dyn Source,
        material: Material,
        chance: &[u8; 16],
    ) -> Result<Output, PdfError> {
        let file = File::open(source)?;
        let fresh = material.without(&self.known);
        let whole = Output::new().source(0, 0..self.length);
        if fresh == Material::default() && dss::exists(&file)? {
            return Ok(whole);
        }
        let mut update = Update::new(&file);
        dss::add(&mut update, &file, fresh)?;
        Ok(whole.bytes(update.finish(chance)?))
    }
}

/// A PDF that waits for a time stamp on all of it.
#[derive(Clone, Debug)]
pub struct Kept {
    hollow: Hollow,
    digest: Digest,
}

/// How many bytes are left for a document time stamp.
const RESERVED: usize = 16 * 1024;

impl Kept {
    /// Appends an empty document time stamp to a PDF with signatures; also when an earlier one ages. `chance` is for the
    /// file's identifier.
    pub fn new(source: &dyn Source, algorithm: HashAlgorithm, chance: [u8; 16]) -> Result<Self, PdfError> {
        let file = File::open(source)?;
        signed(&file)?;
        if !dss::exists(&file)? {
            return Err(PdfError::Level {
                what: "it has no validation data yet; they must be under the archive time stamp",
            });
        }
        let dictionary = Dictionary::new()
            .with("Type", Object::name("DocTimeStamp"))
            .with("Filter", Object::name("Adobe.PPKLite"))
            .with("SubFilter", Object::name("ETSI.RFC3161"));
        let options = Options {
            chance,
            ..Options::default()
        };
        let target = placing::target(&file, None)?;
        let (hollow, _) = append(&file, &Blank::new(&dictionary, RESERVED), target, &options, false)?;
        let digest = hollow.digest(source, algorithm)?;
        Ok(Self { hollow, digest })
    }

    /// What the authority stamps.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The file at level LTA.
    pub fn archive(self, token: &Token) -> Result<Output, PdfError> {
        if token.info().digest() != Some(self.digest) {
            return Err(PdfError::Level {
                what: "the time stamp is over something else",
            });
        }
        self.hollow.fill(token.der())
    }
}

fn find(file: &File<'_>, name: &str) -> Result<Field, PdfError> {
    let mut named = signature_fields(file)?
        .into_iter()
        .filter(|field| field.name == name);
    match (named.next(), named.next()) {
        (Some(field), None) => Ok(field),
        (Some(_), Some(_)) => Err(PdfError::two_readings(0, "two fields have one name")),
        (None, _) => Err(PdfError::NoSignature {
            name: name.into(),
            what: "there is no such field",
        }),
    }
}

/// Refuses a file without a signature.
fn signed(file: &File<'_>) -> Result<(), PdfError> {
    let fields = signature_fields(file)?;
    if fields.iter().any(|field| field.dictionary.get("V").is_some()) {
        Ok(())
    } else {
        Err(PdfError::Level {
            what: "it has no signature",
        })
    }
}
