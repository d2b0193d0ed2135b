//! Sources: state databases and others that know a person's data, picture and phone. R002, R005, R025, R233.

use domain::{Iin, Phone};
use serde::{Deserialize, Serialize};

/// `POST /v1/person`: who is this?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonAsked {
    /// Whose data.
    pub iin: Iin,
}

/// What it answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", tag = "outcome")]
pub enum PersonAnswer {
    /// The source knows this person.
    Found {
        /// What it knows.
        data: Box<PersonalData>,
        /// The picture, if it has one.
        picture: Option<ReferencePicture>,
    },
    /// It does not.
    Unknown,
}

/// A reference picture.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferencePicture {
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    /// Its bytes, base64url.
    pub content: String,
}

impl core::fmt::Debug for ReferencePicture {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "ReferencePicture({}, {} letters)",
            self.media_type,
            self.content.len()
        )
    }
}

/// The closed list of what personal data are; phone and biometrics are kept elsewhere. R002.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonalData {
    /// Whose.
    pub iin: Iin,
    /// Surname.
    pub surname: String,
    /// Given name.
    pub given_name: String,
    /// Patronymic, for those who have one.
    pub patronymic: Option<String>,
    /// Day of birth, `YYYY-MM-DD`.
    pub born: String,
    /// Sex.
    pub sex: Sex,
    /// Ethnicity, as registered.
    pub ethnicity: Option<String>,
    /// Citizenship, ISO 3166-1 alpha-3.
    pub citizenship: String,
    /// The document that proves identity.
    pub document: IdentityDocument,
    /// Where the person was born.
    pub birth_place: Option<String>,
    /// Where the person is registered.
    pub address: Option<String>,
}

impl core::fmt::Debug for PersonalData {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PersonalData(…)")
    }
}

/// Sex, as registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// An identity document.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityDocument {
    /// Which kind, as the source names it.
    pub kind: String,
    /// Number.
    pub number: String,
    /// Day of issue, `YYYY-MM-DD`.
    pub issued: String,
    /// Last day, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Who issued it.
    pub authority: String,
}

impl core::fmt::Debug for IdentityDocument {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("IdentityDocument(…)")
    }
}

/// `POST /v1/phone-owner`: is this phone this person's? R233.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneAsked {
    /// Whose it should be.
    pub iin: Iin,
    /// Which.
    pub phone: Phone,
}

/// What it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneAnswer {
    /// Whether it is.
    pub owner: bool,
}
