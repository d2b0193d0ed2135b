//! Distinguished names, attribute by attribute.
//!
//! Text in one's own alphabet is a `UTF8String`; what is made of ASCII by rule (country, `IIN…`, `BIN…`) is a
//! `PrintableString`, as the national certificates have it.

use der::{
    Any, Encode, Tag,
    asn1::{ObjectIdentifier, PrintableString, SetOfVec, Utf8StringRef},
};
use domain::{Bin, Iin};
use x509_cert::{
    attr::AttributeTypeAndValue,
    name::{Name, RdnSequence, RelativeDistinguishedName},
};

const COMMON_NAME: &str = "2.5.4.3";
const SURNAME: &str = "2.5.4.4";
const SERIAL_NUMBER: &str = "2.5.4.5";
const COUNTRY: &str = "2.5.4.6";
const ORGANIZATION: &str = "2.5.4.10";
const UNIT: &str = "2.5.4.11";
const GIVEN_NAME: &str = "2.5.4.42";
const ORGANIZATION_IDENTIFIER: &str = "2.5.4.97";
const USER_ID: &str = "0.9.2342.19200300.100.1.1";

/// A name cannot be written as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Empty, or longer than RFC 5280 allows for this attribute.
    #[error("{attribute} must have 1 to {most} characters, not {found}")]
    Length {
        /// Which.
        attribute: &'static str,
        /// The upper bound of X.520.
        most: usize,
        /// What it has.
        found: usize,
    },
    /// Control or format characters, or white space at an end.
    #[error("{0} has control characters or others that are not seen, or white space at its ends")]
    Text(&'static str),
    /// The value does not fit its string type.
    #[error("{0} has characters that its string type does not know")]
    Alphabet(&'static str),
}

/// Whether a character is not seen where it stands, so that two names that look the same could differ, or one could
/// be read in another order than it is written: controls (Cc), format characters (Cf), separators of lines and
/// paragraphs (Zl, Zp), fillers that are letters by name only, and what Unicode will never assign.
pub fn unseen(character: char) -> bool {
    character.is_control()
        || UNSEEN.iter().any(|(from, to)| (*from..=*to).contains(&character))
        || u32::from(character) & 0xFFFE == 0xFFFE
}

/// Unicode 16: categories Cf, Zl, Zp and Co, variation selectors, fillers, noncharacters.
const UNSEEN: [(char, char); 29] = [
    ('\u{AD}', '\u{AD}'),
    ('\u{34F}', '\u{34F}'),
    ('\u{600}', '\u{605}'),
    ('\u{61C}', '\u{61C}'),
    ('\u{6DD}', '\u{6DD}'),
    ('\u{70F}', '\u{70F}'),
    ('\u{890}', '\u{891}'),
    ('\u{8E2}', '\u{8E2}'),
    ('\u{115F}', '\u{1160}'),
    ('\u{17B4}', '\u{17B5}'),
    ('\u{180B}', '\u{180F}'),
    ('\u{200B}', '\u{200F}'),
    ('\u{2028}', '\u{202E}'),
    ('\u{2060}', '\u{206F}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{E000}', '\u{F8FF}'),
    ('\u{FDD0}', '\u{FDEF}'),
    ('\u{FE00}', '\u{FE0F}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{FFA0}', '\u{FFA0}'),
    ('\u{FFF0}', '\u{FFFC}'),
    ('\u{110BD}', '\u{110BD}'),
    ('\u{110CD}', '\u{110CD}'),
    ('\u{13430}', '\u{1343F}'),
    ('\u{1BCA0}', '\u{1BCA3}'),
    ('\u{1D173}', '\u{1D17A}'),
    ('\u{E0000}', '\u{E0FFF}'),
    ('\u{F0000}', '\u{FFFFD}'),
    ('\u{100000}', '\u{10FFFD}'),
];

/// A distinguished name being written, in the order in which it will stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Distinguished(RdnSequence);

impl Distinguished {
    /// An empty name.
    pub fn new() -> Self {
        Self::default()
    }

    /// `CN`: of a person, surname and name; of a service, what it is.
    pub fn common_name(self, text: &str) -> Result<Self, NameError> {
        self.text("the common name", COMMON_NAME, (text, 64))
    }

    /// `SN`.
    pub fn surname(self, text: &str) -> Result<Self, NameError> {
        self.text("the surname", SURNAME, (text, 40))
    }

    /// `GN`, which holds the patronymic in Kazakh certificates (domain facts 2.2).
    pub fn given_name(self, text: &str) -> Result<Self, NameError> {
        self.text("the patronymic", GIVEN_NAME, (text, 40))
    }

    /// `O`.
    pub fn organization(self, text: &str) -> Result<Self, NameError> {
        self.text("the organization", ORGANIZATION, (text, 64))
    }

    /// `serialNumber` with the individual identification number.
    pub fn iin(self, iin: Iin) -> Result<Self, NameError> {
        self.printable("the IIN", SERIAL_NUMBER, &format!("IIN{iin}"))
    }

    /// `OU` with the business identification number.
    pub fn bin(self, bin: Bin) -> Result<Self, NameError> {
        self.printable("the BIN", UNIT, &format!("BIN{bin}"))
    }

    /// `organizationIdentifier` with the business identification number.
    pub fn organization_identifier(self, bin: Bin) -> Result<Self, NameError> {
        self.text(
            "the organization identifier",
            ORGANIZATION_IDENTIFIER,
            (&format!("NTRKZ-{bin}"), 64),
        )
    }

    /// `UID` with the object identifier of an information system.
    pub fn system(self, oid: &str) -> Result<Self, NameError> {
        self.text("the system's identifier", USER_ID, (oid, 64))
    }

    /// `C=KZ`.
    pub fn kazakhstan(self) -> Result<Self, NameError> {
        self.printable("the country", COUNTRY, "KZ")
    }

    /// The name.
    pub fn finish(self) -> Name {
        Name::hazmat_from_rdn_sequence(self.0)
    }

    fn text(
        self,
        attribute: &'static str,
        oid: &str,
        (text, most): (&str, usize),
    ) -> Result<Self, NameError> {
        let found = text.chars().count();
        if found == 0 || found > most {
            return Err(NameError::Length {
                attribute,
                most,
                found,
            });
        }
        if text.chars().any(unseen) || text.trim() != text {
            return Err(NameError::Text(attribute));
        }
        let value = Utf8StringRef::new(text)
            .and_then(|text| Any::new(Tag::Utf8String, text.as_str().as_bytes()))
            .map_err(|_| NameError::Alphabet(attribute))?;
        self.push(attribute, oid, value)
    }

    fn printable(self, attribute: &'static str, oid: &str, text: &str) -> Result<Self, NameError> {
        let value = PrintableString::new(text)
            .and_then(|text| Any::encode_from(&text))
            .map_err(|_| NameError::Alphabet(attribute))?;
        self.push(attribute, oid, value)
    }

    fn push(mut self, attribute: &'static str, oid: &str, value: Any) -> Result<Self, NameError> {
        let wrong = |_| NameError::Alphabet(attribute);
        let oid = ObjectIdentifier::new(oid).map_err(|_| NameError::Alphabet(attribute))?;
        let pair = AttributeTypeAndValue { oid, value };
        pair.to_der().map_err(wrong)?;
        let set = SetOfVec::try_from(vec![pair]).map_err(wrong)?;
        self.0
            .push(RelativeDistinguishedName::try_from(set.into_vec()).map_err(wrong)?);
        Ok(self)
    }
}
