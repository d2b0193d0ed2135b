//! [`Options`]: how a signature is placed into a PDF.

use domain::Time;

use super::Permission;

/// How a PDF is to be signed.
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    /// The signature field: one that is there and empty, or a new one. Without a name, a new one gets a free name.
    pub field: Option<String>,
    /// Where the signature is seen; nowhere, if absent. [`super::Standing`] makes it of a mark.
    pub place: Option<Place<'a>>,
    /// What the signature means.
    pub intent: Intent,
    /// The signer's name, to be shown.
    pub name: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Where.
    pub location: Option<String>,
    /// How to reach the signer.
    pub contact: Option<String>,
    /// When, by the clock of whoever signs.
    pub time: Option<Time>,
    /// How many bytes to leave for what is added to the CMS later (time stamps); the rest is computed.
    pub reserve: Reserve,
    /// Chance for the file's identifier.
    pub chance: [u8; 16],
}

/// How many bytes to leave for time stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reserve(usize);

impl Reserve {
    /// So many bytes, at most 256 KiB.
    pub fn bytes(bytes: usize) -> Self {
        Self(bytes.min(256 * 1024))
    }

    pub(crate) const fn get(self) -> usize {
        self.0
    }
}

impl Default for Reserve {
    /// Room for one time stamp with its chain.
    fn default() -> Self {
        Self(12 * 1024)
    }
}

/// What a signature means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Intent {
    /// The signer agrees with the document.
    #[default]
    Approval,
    /// The author fixes the document and says what may change; only the first signature can.
    Certification(Permission),
}

/// Where and how a signature is seen.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The page, from 1 on.
    pub page: u32,
    /// Left, bottom, right, top in the page's own units. A field that is there keeps its own.
    pub rectangle: [f64; 4],
    /// What is drawn there.
    pub appearance: &'a dyn Appearance,
}

/// A drawing for a signature.
pub trait Appearance: core::fmt::Debug + Sync {
    /// The bodies of consecutive objects, if the first of them has this number and all have generation 0. The first is the
    /// Form `XObject`; its box is fitted into the rectangle.
    fn objects(&self, first: u32) -> Vec<Vec<u8>>;

    /// What it says, for those who hear it read.
    fn words(&self) -> &str;

    /// The tag of the language of these words.
    fn language(&self) -> &str;
}
