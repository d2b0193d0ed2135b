//! The visible mark of a PDF signature: what it says, how it looks, where it stands, and how it is read aloud.
//!
//! It is drawn in steps, each of which gives what the next needs:
//!
//! | step | gives | fails when |
//! | --- | --- | --- |
//! | [`Mark`] is filled with parsed values | what is said | words cannot be drawn as written |
//! | [`Mark::compose`] by a [`Design`] | [`Composed`]: every line with its size and place | the size is too small to be read; the error says which is needed |
//! | [`Page::stand`] at a [`Place`] | [`Stand`]: rectangle and matrix, upright as the page is seen | it leaves the page or covers another mark |
//! | [`Composed::draw`] | [`Drawing`]: the objects, where they stand, and what is read aloud | never |
//!
//! A mark is no proof: whoever can write a file can draw one. It says where the proof is looked at, so the host of the
//! verification page stands on it in letters. Drawing is pure, and equal input gives equal bytes: the device shows and
//! hashes the file with the mark in place.
//!
//! The writer of the PDF owns files, numbers and references; nothing here knows how a document is kept.

mod accent;
mod address;
mod canvas;
mod code;
mod composed;
mod drawing;
mod fit;
mod font;
mod layout;
mod object;
mod page;
mod phrase;
mod place;
mod room;
mod seal;
mod serial;
mod words;

use domain::Iin;
pub use domain::{Language, Moment};

use self::words::Words;
pub use accent::{Accent, AccentError};
pub use address::{Address, AddressError};
pub use composed::{ComposeError, Composed};
pub use drawing::Drawing;
pub use layout::{Design, Layout, Size, SizeError};
pub use page::{Page, PageError};
pub use phrase::{Phrase, PhraseError};
pub use place::{Corner, Place, PlaceError, Stand};
pub(crate) use room::Room;
pub use serial::{Serial, SerialError};

/// What a mark says.
#[derive(Clone, Debug)]
pub struct Mark {
    /// In which language.
    pub language: Language,
    /// The signer's full name.
    pub signer: Phrase,
    /// The signer's national number, if the bank shows it.
    pub iin: Option<ShownIin>,
    /// When.
    pub time: Moment,
    /// With which certificate.
    pub certificate: Serial,
    /// At which bank.
    pub bank: Option<Phrase>,
    /// What for.
    pub purpose: Option<Phrase>,
    /// Where it can be verified.
    pub page: Address,
}

/// How much of a national number is shown.
#[derive(Clone, Copy, Debug)]
pub enum ShownIin {
    /// All of it.
    Whole(Iin),
    /// Its last four digits: those before say when somebody was born.
    Masked(Iin),
}

impl Mark {
    /// The national number with its name.
    fn iin_words(&self) -> Option<String> {
        let digits = match self.iin? {
            ShownIin::Whole(iin) => iin.to_string(),
            ShownIin::Masked(iin) => {
                let digits = iin.to_string();
                format!("••••••••{}", digits.get(8..).unwrap_or_default())
            }
        };
        Some(format!("{} {digits}", Words::of(self.language).iin))
    }

    fn certificate_words(&self) -> String {
        format!(
            "{} {}",
            Words::of(self.language).certificate,
            self.certificate.grouped()
        )
    }

    /// The bank and the purpose, whichever are there.
    fn bank_words(&self) -> Option<String> {
        match (&self.bank, &self.purpose) {
            (Some(bank), Some(purpose)) => Some(format!("{} · {}", bank.as_str(), purpose.as_str())),
            (Some(only), None) | (None, Some(only)) => Some(only.as_str().into()),
            (None, None) => None,
        }
    }

    /// Everything that the mark says, for those who hear it: in sentences, with the whole address.
    pub fn speech(&self) -> String {
        let words = Words::of(self.language);
        let mut sentences = vec![words.heading.to_owned(), self.signer.as_str().into()];
        sentences.extend(self.iin_words());
        sentences.push(format!("{}: {}", words.time, self.time.words(self.language)));
        sentences.push(self.certificate_words());
        sentences.extend(self.bank_words());
        sentences.push(format!("{}: {}", words.code, self.page.as_str()));
        sentences.join(". ")
    }
}
