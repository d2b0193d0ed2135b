//! [`Claim`]: what a format's reader found, before anybody believes it.
//!
//! The reader answers for everything that needs the document: what is covered, whether digests agree, whether the
//! structure has one reading only. It does not answer whether the signer or a time is to be trusted.

mod alteration;
mod what;

use std::collections::BTreeSet;

use domain::{Digest, HashAlgorithm, Time};

pub use self::{
    alteration::{Alteration, Part},
    what::{Name, Target, Uncovered, What},
};
use crate::{
    Level, Material,
    asic::ContainerFault,
    cms::CmsFault,
    pdf::PdfFault,
    statement::{Particular, Stated, Statement},
    xml::XmlFault,
};

/// The form of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// PDF, `ETSI.CAdES.detached`.
    Pades,
    /// PDF, an older form (`adbe.pkcs7.detached`).
    PdfCms,
    /// XML with qualifying properties.
    Xades,
    /// XML without them, as the national form is.
    Xmldsig,
    /// CMS with a signing-certificate attribute.
    Cades,
    /// CMS without it.
    Cms,
}

/// A signature as it was found.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its form.
    pub format: Format,
    /// By what the document names it: field, `Id`, file in a container, number.
    pub name: Name,
    /// What is wrong with its form; empty when it is well-formed and has one reading. `FORMAT_FAILURE`.
    pub faults: Vec<Fault>,
    /// Everything that it covers.
    pub covered: Vec<Covered>,
    /// How much of the file that is, and what came later.
    pub coverage: Coverage,
    /// The bytes that the signer's key signed: DER of the attributes, canonical `SignedInfo`, or the content itself.
    pub signed: Vec<u8>,
    /// How.
    pub algorithm: Algorithm,
    /// The signature as CMS carries it: `Ecdsa-Sig-Value` for curves, itself for RSA.
    pub value: Vec<u8>,
    /// Which certificate the signer means.
    pub signer: Named,
    /// What travels inside.
    pub material: Material,
    /// Its time stamps, innermost first.
    pub stamps: Vec<StampClaim>,
    /// What the signer says beside.
    pub properties: Properties,
}

impl Claim {
    /// For which level it carries the parts, whether they are to be believed or not.
    pub fn carried(&self) -> Level {
        let has_status = |material: &Material| !(material.lists.is_empty() && material.answers.is_empty());
        let complete =
            has_status(&self.material) || self.stamps.iter().any(|stamp| has_status(&stamp.covers));
        let has = |kind| self.stamps.iter().any(|stamp| stamp.kind == kind);
        match (has(StampKind::Archive), has(StampKind::Signature)) {
            (true, _) if complete => Level::Lta,
            (false, true) if complete => Level::Lt,
            (true, _) | (_, true) => Level::T,
            (false, false) => Level::B,
        }
    }

    /// Whether it covers what has this digest, and that agrees: a device that was shown these bytes finds here what it
    /// hashed.
    pub fn covers(&self, shown: &Digest) -> bool {
        self.covered
            .iter()
            .any(|covered| covered.integrity == Integrity::Intact && covered.digest == Some(*shown))
    }
}

/// What is wrong with a signature's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// With a signature in CMS.
    Cms(CmsFault),
    /// With the container around it.
    Container(ContainerFault),
    /// With its place in a PDF.
    Pdf(PdfFault),
    /// With a signature in XML.
    Xml(XmlFault),
}

impl Stated for Fault {
    fn statement(&self) -> Statement {
        match self {
            Self::Cms(fault) => fault.statement(),
            Self::Container(fault) => fault.statement(),
            Self::Pdf(fault) => fault.statement(),
            Self::Xml(fault) => fault.statement(),
        }
    }
}

impl From<&Fault> for Particular {
    fn from(fault: &Fault) -> Self {
        Self::Statement(fault.statement())
    }
}

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.statement().text(domain::Language::English))
    }
}

macro_rules! from_faults {
    ($($variant:ident: $fault:ty),+) => {
        $(impl From<$fault> for Fault {
            fn from(fault: $fault) -> Self {
                Self::$variant(fault)
            }
        })+
    };
}

from_faults!(Cms: CmsFault, Container: ContainerFault, Pdf: PdfFault, Xml: XmlFault);

/// A thing that is covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// What: a revision, a file, what a reference points to.
    pub what: What,
    /// Whether it agrees.
    pub integrity: Integrity,
    /// Its digest as the signature states it, if the algorithm is one of ours: what a device would have shown.
    pub digest: Option<Digest>,
    /// Whether the signature is over a manifest that names it, and no time stamp on the signature hashes it again.
    pub by_manifest: bool,
}

impl Covered {
    /// Whether it is no part of the signed file: somebody put it beside, and it may be another than the signer had.
    pub fn lies_beside(&self, coverage: &Coverage) -> bool {
        let beside = matches!(
            &self.what,
            What::Reference { target, .. } | What::ReferenceUncommented { target, .. } if *target == Target::Beside
        );
        beside || matches!(coverage, Coverage::Detached { .. })
    }
}

/// Whether bytes agree with their digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integrity {
    /// They do.
    Intact,
    /// They do not. `HASH_FAILURE`.
    Altered,
    /// They are not there. `SIGNED_DATA_NOT_FOUND`.
    Missing,
    /// The digest is of an algorithm that proves nothing (MD5, SHA-1) or that we do not know.
    Unprovable,
}

/// How much of a file is covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All of it, but for the place of the signature itself.
    Whole,
    /// All of this file, which lies beside the signature.
    Detached {
        /// Its name.
        file: String,
    },
    /// All that there was when it was signed; these changes came later.
    Revision {
        /// Which, from 1 on.
        number: usize,
        /// Of how many.
        of: usize,
        /// What was added since.
        changes: Vec<Change>,
    },
    /// Named parts only; what they are stands in [`Claim::covered`].
    Parts,
    /// What stands in [`Claim::covered`], and these other things in the file are covered by no signature.
    Except {
        /// What they are.
        uncovered: Vec<Uncovered>,
    },
}

impl Coverage {
    /// This coverage in a file that holds further things that no signature covers. Nobody reads then that the whole file
    /// is covered.
    #[must_use]
    pub fn except(self, further: Vec<Uncovered>) -> Self {
        if further.is_empty() {
            return self;
        }
        match self {
            Self::Whole | Self::Detached { .. } | Self::Parts => Self::Except { uncovered: further },
            Self::Except { mut uncovered } => {
                uncovered.extend(further);
                Self::Except { uncovered }
            }
            Self::Revision {
                number,
                of,
                mut changes,
            } => {
                let further = further.into_iter();
                changes.extend(further.map(|what| Change {
                    what: Alteration::Uncovered { what },
                    harmless: false,
                }));
                Self::Revision { number, of, changes }
            }
        }
    }
}

/// A change that came after a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changed.
    pub what: Alteration,
    /// Whether it leaves untouched what the signer saw and what the signer's own permissions say (a further signature, a
    /// time stamp, validation data, form filling where certified so).
    pub harmless: bool,
}

/// A signature algorithm, as foreign documents name it; what is weak is named too, so that it can be refused in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Algorithm {
    /// DER `AlgorithmIdentifier` of the signature as CMS states it, or the equivalent of an XML URI.
    pub signature: Vec<u8>,
    /// The digest's object identifier, dotted; what `signed` is hashed with.
    pub digest: String,
}

/// Which certificate is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// This one, and the signed attribute says so too. DER.
    Bound(Vec<u8>),
    /// This one, but nothing that is signed says so: it could have been exchanged. DER.
    Unbound(Vec<u8>),
    /// One is there, but the signed attribute names another. `SIGNING_CERTIFICATE` mismatch. DER.
    Contradicted(Vec<u8>),
    /// None that is here. `NO_SIGNING_CERTIFICATE_FOUND`.
    Absent,
}

/// A time stamp on a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampClaim {
    /// On what.
    pub kind: StampKind,
    /// The RFC 3161 token, DER `ContentInfo`.
    pub token: Vec<u8>,
    /// Whether its imprint is the digest of what it must be over.
    pub imprint: Integrity,
    /// By which function what it seals is hashed into the index that its imprint is over, if there is one.
    pub index: Option<HashAlgorithm>,
    /// The validation material that its imprint covers: it existed at the time of this stamp.
    pub covers: Material,
    /// SHA-256 of the tokens that its imprint covers: they existed too. One beside them may have been made later.
    pub seals: BTreeSet<[u8; 32]>,
}

impl StampClaim {
    /// What its token is known by where another stamp seals it.
    pub fn digest(&self) -> [u8; 32] {
        domain::sha256(&self.token)
    }
}

/// What a time stamp is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StampKind {
    /// The content, before it was signed.
    Content,
    /// The signature value.
    Signature,
    /// The whole with its validation material: an archive or document time stamp.
    Archive,
}

/// What the signer says beside; none of it is proof.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// When, by the signer's own clock.
    pub time: Option<Time>,
    /// When, as it stands in a document that does not say in which zone: no moment follows from it.
    pub unzoned: Option<String>,
    /// Under which signature policy: identifier.
    pub policy: Option<String>,
    /// Why, in the document's words.
    pub reason: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// The name that the document shows.
    pub name: Option<String>,
    /// As what the signer signs: claimed roles.
    pub roles: Vec<String>,
    /// Commitment types: identifiers.
    pub commitments: Vec<String>,
}
