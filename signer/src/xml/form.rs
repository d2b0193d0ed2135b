//! [`Form`]: where a signature stands, and what it covers.

use domain::Digest;
use serde::{Deserialize, Serialize};

/// What becomes of other signatures in the same document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Others {
    /// None is covered: signatures stand beside one another, in whatever order they came. The reference leaves them
    /// out with the `XPath` filter `not(ancestor-or-self::ds:Signature)`.
    Excluded,
    /// All that are there are covered, and none may follow that this one should outlive. The reference has the enveloped
    /// transform alone, which every verifier knows.
    Covered,
}

/// The form of a signature on a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// `XAdES`, the last child of the root, over all the document.
    Enveloped(Others),
    /// `XAdES`, the last child of the root, over the one element of this Id.
    ById(String),
    /// `XAdES`, a document of its own that contains the root element.
    Enveloping,
    /// `XAdES`, a document of its own that contains the file, whatever it is, in base64.
    EnvelopingFile {
        /// Of what kind the file is.
        media_type: String,
    },
    /// `XAdES`, inside the signature of this Id, over its value.
    Counter(String),
    /// The national form: `XMLDSig`, the last child of the root, over all the document with its signatures.
    National,
    /// The national form over the one element of this Id.
    NationalById(String),
}

impl Form {
    /// Whether the signature names its certificate in what it signs.
    pub(super) fn is_xades(&self) -> bool {
        match self {
            Self::Enveloped(_)
            | Self::ById(_)
            | Self::Enveloping
            | Self::EnvelopingFile { .. }
            | Self::Counter(_) => true,
            Self::National | Self::NationalById(_) => false,
        }
    }
}

/// A thing outside that a detached signature covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    /// Where verifiers find it, a URI reference: in a container, the file's name.
    pub uri: String,
    /// The digest of its bytes.
    pub digest: Digest,
    /// Of what kind it is.
    pub media_type: String,
}

/// What stands around a detached signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    /// Nothing: it is the root.
    Nothing,
    /// `asic:XAdESSignatures`, as containers have it.
    Container,
}

/// What about a document may look different to different readers, or is not signed though it is there. For the signer to
/// see, or the bank to refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Caution {
    /// A stylesheet says how it looks; the signature does not cover the stylesheet.
    Stylesheet,
    /// So many comments are in it; the signature covers none, and programs may stop reading a text at one.
    Comments(usize),
}
