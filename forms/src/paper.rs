//! [`Paper`]: a form that was filled in, with its number and its time; what is rendered, attached and read back.

use domain::{Digest, HashAlgorithm, Time};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    Draft, FormError, Languages, Number, Organisation, html, pdf,
    said::{Said, Term},
    sheet::Sheet,
    text::Text,
};

/// A form: fields with types, and how they are said.
pub trait Form: Serialize + DeserializeOwned {
    /// What its data are called.
    const NAME: &'static str;
    /// The version of its fields; grows when a reader of the former could misread them.
    const SCHEMA: u32;
    /// What it is called, where it has no published wording.
    const TITLE: Term;

    /// The published wording that it bears. A paper with one says everything in one language and then in the next;
    /// a paper without is a set of fields, with each label in all languages.
    fn text(&self) -> Option<Text> {
        None
    }

    /// Who issues it, for the head of the paper.
    fn issuer(&self) -> Option<&Organisation> {
        None
    }

    /// Says what it has to say.
    fn say(&self, draft: &mut Draft);
}

/// A form that was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper<F> {
    /// Its number.
    pub number: Number,
    /// When it was made.
    pub made_at: Time,
    /// What it says.
    pub form: F,
}

/// A paper as a file, ready to be sealed.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The file: PDF/A-3a with the data attached.
    pub bytes: Vec<u8>,
    /// Its SHA-256.
    pub digest: Digest,
    /// Where room was left for the visible marks of seal and signatures, in the order of the paper.
    pub places: Vec<Place>,
}

/// Room for a visible mark, in points from the upper left corner of the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The page, from 0 on.
    pub page: usize,
    /// From the left edge.
    pub left: f32,
    /// From the upper edge.
    pub top: f32,
    /// How wide it is.
    pub width: f32,
    /// How high.
    pub height: f32,
}

/// What stands in the attachment. The wording is named by its digests, so that the data cannot be moved below another.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Attached<F> {
    form: String,
    schema: u32,
    number: Number,
    /// RFC 3339, to the microsecond.
    made_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<Wording>,
    fields: F,
}

#[derive(PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wording {
    name: String,
    number: u32,
    kk: Digest,
    ru: Digest,
    en: Digest,
}

impl<F: Form> Paper<F> {
    /// The name of the attachment.
    pub const ATTACHMENT: &'static str = "data.json";

    /// The paper as PDF/A-3a, with the data attached. Equal papers give equal bytes. R074.
    pub fn to_pdf(&self, languages: Languages) -> Result<Rendered, FormError> {
        let data = self.to_json()?;
        let (bytes, places) = pdf::write(&self.sheet(languages), languages, self, data)?;
        Ok(Rendered {
            digest: HashAlgorithm::Sha256.digest(&bytes),
            bytes,
            places,
        })
    }

    /// The paper as a document for screens: semantic, without scripts and styles of its own.
    pub fn to_html(&self, languages: Languages) -> String {
        html::write(&self.sheet(languages), languages)
    }

    /// What programs read.
    pub fn to_json(&self) -> Result<Vec<u8>, FormError> {
        let attached = Attached {
            form: format!("tamga/{}", F::NAME),
            schema: F::SCHEMA,
            number: self.number.clone(),
            made_at: self.made_at.to_string(),
            text: self.form.text().map(Wording::of),
            fields: &self.form,
        };
        serde_json::to_vec_pretty(&attached).map_err(FormError::Data)
    }

    /// Reads what [`Self::to_json`] wrote, of this form and of this version of its fields.
    pub fn from_json(json: &[u8]) -> Result<Self, FormError> {
        let attached: Attached<F> = serde_json::from_slice(json).map_err(FormError::Data)?;
        let wording = attached.fields.text().map(Wording::of);
        if attached.form.strip_prefix("tamga/") != Some(F::NAME) || attached.schema != F::SCHEMA {
            return Err(FormError::Foreign {
                expected: F::NAME,
                schema: F::SCHEMA,
            });
        }
        if attached.text != wording {
            return Err(FormError::Wording);
        }
        Ok(Self {
            number: attached.number,
            made_at: Time::parse_rfc3339(&attached.made_at).map_err(|_| FormError::Time)?,
            form: attached.fields,
        })
    }

    fn sheet(&self, languages: Languages) -> Sheet {
        let draft = |languages, signing| {
            let mut draft = Draft::new(languages, signing);
            self.form.say(&mut draft);
            draft
        };
        let part = |draft: Draft, language, title: Said| {
            let issuer = self.form.issuer().map(|issuer| issuer.head(draft.languages));
            let mut part = draft.part(language, title, &self.number, self.made_at);
            part.issuer = issuer;
            part
        };
        match self.form.text() {
            None => {
                let title = F::TITLE.said(languages);
                let whole = part(draft(languages, Some(languages)), None, title.clone());
                Sheet {
                    title,
                    parts: vec![whole],
                }
            }
            Some(text) => Sheet {
                title: text.titles(languages),
                parts: languages
                    .list()
                    .iter()
                    .map(|language| {
                        let only = Languages::Only(*language);
                        let last = languages.list().last() == Some(language);
                        let draft = draft(only, last.then_some(languages));
                        part(draft, Some(*language), text.titles(only))
                    })
                    .collect(),
            },
        }
    }
}

impl Wording {
    fn of(text: Text) -> Self {
        let [kk, ru, en] = crate::Language::ALL.map(|language| text.digest(language));
        Self {
            name: text.name.to_owned(),
            number: text.number,
            kk,
            ru,
            en,
        }
    }
}
