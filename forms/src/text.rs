//! [`Text`]: wording that was published under a number, byte for byte as it lies in `forms/texts`.
//!
//! The digest of the file is what records of acceptance keep, one for each language; whoever changes a file publishes
//! another number, which a test holds. R200, R201. Files have one small form, so that lawyers can write them:
//! `# title`, `## section`, `- item`, anything else is a clause, and empty lines separate.

use domain::{Digest, HashAlgorithm};

use crate::{
    Language, Languages,
    said::{Said, Span},
    sheet::Block,
};

/// A published wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// What it is called in records.
    pub name: &'static str,
    /// Grows with every publication.
    pub number: u32,
    kazakh: &'static str,
    russian: &'static str,
    english: &'static str,
}

macro_rules! text {
    ($name:literal, $number:literal) => {
        Text {
            name: $name,
            number: $number,
            kazakh: include_str!(concat!("../texts/", $name, ".", $number, ".kk.txt")),
            russian: include_str!(concat!("../texts/", $name, ".", $number, ".ru.txt")),
            english: include_str!(concat!("../texts/", $name, ".", $number, ".en.txt")),
        }
    };
}

impl Text {
    /// The user agreement. R051, R113, R199-R204.
    pub const AGREEMENT: Self = text!("user-agreement", 1);
    /// The consent to collecting and processing personal data, biometric ones included. R109.
    pub const PERSONAL_DATA: Self = text!("consent-personal-data", 1);
    /// The consent to biometric authentication. R109.
    pub const BIOMETRICS: Self = text!("consent-biometrics", 1);
    /// The consent to making keys and issuing a certificate. R109, R136.
    pub const CERTIFICATE: Self = text!("consent-certificate", 1);
    /// The statement to issue a certificate. R130.
    pub const ISSUE: Self = text!("statement-issue", 1);
    /// The statement to revoke a certificate. R135.
    pub const REVOKE: Self = text!("statement-revoke", 1);
    /// The statement of accession. R170.
    pub const ACCESSION: Self = text!("accession", 1);
    /// The agreement on testing a Solution. R166.
    pub const TESTING: Self = text!("test-agreement", 1);

    /// Every wording in force.
    pub const ALL: [Self; 8] = [
        Self::AGREEMENT,
        Self::PERSONAL_DATA,
        Self::BIOMETRICS,
        Self::CERTIFICATE,
        Self::ISSUE,
        Self::REVOKE,
        Self::ACCESSION,
        Self::TESTING,
    ];

    /// The wording, byte for byte as it was published.
    pub const fn published(self, language: Language) -> &'static str {
        match language {
            Language::Kazakh => self.kazakh,
            Language::Russian => self.russian,
            Language::English => self.english,
        }
    }

    /// The SHA-256 of the published wording. R201.
    pub fn digest(self, language: Language) -> Digest {
        HashAlgorithm::Sha256.digest(self.published(language).as_bytes())
    }

    /// Its title in one language.
    pub fn title(self, language: Language) -> &'static str {
        let first = self.published(language).lines().next();
        first
            .and_then(|line| line.strip_prefix("# "))
            .unwrap_or(self.name)
    }

    /// Its titles, one below the other.
    pub(crate) fn titles(self, languages: Languages) -> Said {
        Said(
            languages
                .list()
                .iter()
                .map(|language| span(*language, self.title(*language)))
                .collect(),
        )
    }

    /// What it says below the title.
    pub(crate) fn blocks(self, language: Language) -> Vec<Block> {
        let said = |text: &str| Said(vec![span(language, text)]);
        let mut blocks = Vec::new();
        let (mut section, mut clause) = (0_u32, 0_u32);
        for line in self.published(language).lines().skip(1) {
            if line.is_empty() {
                continue;
            }
            if let Some(heading) = line.strip_prefix("## ") {
                (section, clause) = (section + 1, 0);
                blocks.push(Block::Heading(said(&format!("{section}. {heading}"))));
            } else if let Some(item) = line.strip_prefix("- ") {
                if let Some(Block::Items(items)) = blocks.last_mut() {
                    items.push(said(item));
                } else {
                    blocks.push(Block::Items(vec![said(item)]));
                }
            } else if section == 0 {
                blocks.push(Block::Paragraph(said(line)));
            } else {
                clause += 1;
                blocks.push(Block::Clause {
                    number: format!("{section}.{clause}."),
                    text: said(line),
                });
            }
        }
        blocks
    }
}

fn span(language: Language, text: &str) -> Span {
    Span {
        language: Some(language),
        text: text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
