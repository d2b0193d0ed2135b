//! [`Prepared`]: a document that is ready to be signed, and [`Signed`], what becomes of it.

mod plan;

use domain::{Digest, Time};
use hsm::{Expected, RawSignature, TbsError, ToBeSigned};
use pki::{SignatureError, ToSign};
use serde::{Deserialize, Serialize};

use self::plan::Plan;
use super::{
    Around, Caution, External, Form, Limits, ReadError,
    canonical::{Canonicalisation, Selection, canonical},
    reader,
    written::{self, Reference},
};
use crate::{Output, SigningCertificate, Source, SourceError};

/// A document cannot be signed so.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It cannot be fetched.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// It is larger than policy allows.
    #[error("the document has {length} bytes and XML of at most {most} is signed; sign it as a file instead")]
    TooLarge {
        /// How large it is.
        length: u64,
        /// The limit.
        most: u64,
    },
    /// No element has the Id.
    #[error("no element has the Id {id:?}")]
    NoSuchId {
        /// Which.
        id: String,
    },
    /// The Id means different things to different readers.
    #[error(
        "{count} elements have the Id {id:?}; give each its own, or readers will not agree what is signed"
    )]
    ManyOfId {
        /// Which.
        id: String,
        /// How many have it.
        count: usize,
    },
    /// The Id cannot be written in a reference so that all read the same.
    #[error("the Id {id:?} is no plain name; use letters, digits, '-', '_' and '.'")]
    PlainId {
        /// Which.
        id: String,
    },
    /// The document's root is a signature, which has no room for another one over it.
    #[error("the document is itself a signature; countersign it, or sign it as a file")]
    RootIsSignature,
    /// What is to be signed is or lies inside a signature.
    #[error("the element {id:?} is part of a signature; countersign that signature instead")]
    InsideSignature {
        /// Which.
        id: String,
    },
    /// What is to be countersigned is no signature that can take one up.
    #[error("{id:?} is no XAdES signature with an Id on its value, so it cannot be countersigned")]
    NotCountersignable {
        /// Which.
        id: String,
    },
    /// A change would break a signature that covers its place.
    #[error(
        "signature {name:?} covers the place; what is added there would break it: sign or extend that one instead"
    )]
    Covered {
        /// Which.
        name: String,
    },
    /// A detached signature over nothing.
    #[error("there is nothing to be signed")]
    Nothing,
    /// What we prepared is not what the boundary signs: a fault of ours, or an input that it refuses in words.
    #[error(transparent)]
    Boundary(#[from] TbsError),
    /// The value is not this certificate's over what was prepared.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// Ready to be signed.
#[derive(Clone, Debug)]
pub struct Prepared {
    signer: SigningCertificate,
    record: Record,
    shown: Vec<Digest>,
    to_be_signed: ToBeSigned,
    info: Vec<u8>,
    /// `ds:SignedInfo` as it will stand in the document.
    signed_info: String,
    /// What follows the value: key and properties.
    rest: String,
}

/// What must be written down of a prepared document, so that it is the same after a restart.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    plan: Plan,
    /// None, if it is detached.
    form: Option<Form>,
    time: Time,
}

/// Signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The document, made of the source that it was prepared from.
    pub output: Output,
    /// The signature's Id, if its form has one.
    pub id: Option<String>,
}

impl Prepared {
    /// Reads the document and prepares a signature of this form.
    pub fn new(
        source: &(impl Source + ?Sized),
        signer: SigningCertificate,
        form: &Form,
        time: Time,
        limits: &Limits,
    ) -> Result<Self, SignError> {
        let bytes = whole(source, limits)?;
        let plan = Plan::new(&bytes, form, &signer, time, limits)?;
        let form = Some(form.clone());
        Self::of(Record { plan, form, time }, signer)
    }

    /// Prepares a signature over things that are elsewhere.
    pub fn detached(
        externals: &[External],
        around: Around,
        signer: SigningCertificate,
        time: Time,
    ) -> Result<Self, SignError> {
        let plan = Plan::detached(externals, around, &signer, time)?;
        let form = None;
        Self::of(Record { plan, form, time }, signer)
    }

    /// The same again, of what was written down.
    pub(crate) fn of(record: Record, signer: SigningCertificate) -> Result<Self, SignError> {
        let plan = &record.plan;
        let profile = signer.profile();
        let shown: Vec<Digest> = plan.references.iter().map(|reference| reference.digest).collect();
        let mut references = plan.references.clone();
        let mut rest = String::new();
        let mut octets = None;
        if record.is_xades() {
            let id = &plan.id;
            let properties = written::qualifying_properties(id, record.time, &signer, &references);
            let object = format!("<ds:Object>{properties}</ds:Object>");
            let canonical = part(
                &plan.context,
                &[&object],
                &Canonicalisation::EXCLUSIVE,
                "SignedProperties",
            )?;
            let digest = profile.hash().digest(&canonical);
            references.push(Reference::to_properties(&format!("{id}-properties"), digest));
            let chain = signer.chain().iter().map(Vec::as_slice);
            rest.push_str(&written::key_info(core::iter::once(signer.der()).chain(chain)));
            rest.push_str(&object);
            octets = Some(canonical);
        } else {
            rest.push_str(&written::key_info(core::iter::once(signer.der())));
        }
        let signed_info = written::signed_info(&plan.method, profile.xml_uri(), &references);
        let info = part(&plan.context, &[&signed_info], &plan.method, "SignedInfo")?;
        let to_be_signed = ToBeSigned::XmlSignedInfo {
            info: info.clone(),
            properties: octets,
        };
        to_be_signed.check(&Expected {
            shown: &shown,
            profile,
            certificate: &signer.fingerprint(),
        })?;
        Ok(Self {
            signer,
            record,
            shown,
            to_be_signed,
            info,
            signed_info,
            rest,
        })
    }

    /// What must be written down.
    pub(crate) const fn record(&self) -> &Record {
        &self.record
    }

    /// How many bytes it holds of its own.
    pub(crate) fn held(&self) -> usize {
        let ours = [&self.signed_info, &self.rest, &self.record.plan.context];
        self.record.plan.frame.length() + ours.into_iter().map(String::len).sum::<usize>()
    }

    /// The canonical octets of the same document again; nothing for a detached signature, whose documents are shown as
    /// they are.
    pub(crate) fn shown_octets(
        &self,
        source: &dyn Source,
        limits: &Limits,
    ) -> Result<Option<Vec<u8>>, SignError> {
        let form = self.record.form.as_ref();
        form.map(|form| shown_octets(source, form, limits)).transpose()
    }

    /// The digests that the device must show, in order.
    pub fn shown(&self) -> &[Digest] {
        &self.shown
    }

    /// What the boundary checks, and the key signs.
    pub const fn to_be_signed(&self) -> &ToBeSigned {
        &self.to_be_signed
    }

    /// What the signer should know beside.
    pub fn cautions(&self) -> &[Caution] {
        &self.record.plan.cautions
    }

    /// Takes the token's value, after it was checked with the certificate's key.
    pub fn finish(self, raw: &RawSignature) -> Result<Signed, SignError> {
        if raw.profile() != self.signer.profile() {
            return Err(SignatureError::Form.into());
        }
        let raw = raw.as_bytes();
        let to_sign = ToSign::new(self.info, self.signer.profile());
        to_sign.finish(raw, self.signer.key())?;
        let id = self.record.is_xades().then_some(self.record.plan.id);
        let value = written::signature_value(id.as_deref(), raw);
        let parts = [self.signed_info.as_str(), &value, &self.rest];
        let signature = written::signature(id.as_deref(), &parts);
        Ok(Signed {
            output: self.record.plan.frame.output(&signature),
            id,
        })
    }
}

impl Record {
    fn is_xades(&self) -> bool {
        self.form.as_ref().is_none_or(Form::is_xades)
    }
}

/// The canonical octets that a signature of this form digests: what a device shows and hashes.
pub fn shown_octets(
    source: &(impl Source + ?Sized),
    form: &Form,
    limits: &Limits,
) -> Result<Vec<u8>, SignError> {
    plan::shown(whole(source, limits)?, form, limits)
}

/// All bytes of a document, if policy allows so many.
pub(super) fn whole(source: &(impl Source + ?Sized), limits: &Limits) -> Result<Vec<u8>, SignError> {
    let (length, most) = (source.length(), limits.bytes);
    if length > most {
        return Err(SignError::TooLarge { length, most });
    }
    Ok(source.bytes(0..length)?)
}

/// The canonical octets of a part of our own signature, as it will stand in its place.
fn part(context: &str, parts: &[&str], method: &Canonicalisation, local: &str) -> Result<Vec<u8>, SignError> {
    let signature = written::signature(None, parts);
    let text = format!("{context}{signature}</ds:Signature></w>");
    // Ours, around what was within the caller's limits already.
    let limits = Limits {
        attributes: usize::MAX,
        namespaces: usize::MAX,
        ..Limits::default()
    };
    let tree = reader::read(text.as_bytes(), &limits)?;
    let apex = tree.elements().find(|element| element.local() == local);
    let selection = apex.map_or_else(Selection::document, |apex| Selection::subtree(apex.id()));
    Ok(canonical(&tree, &selection, method))
}
