//! [`Draft`]: how a form says what it has to say, in the languages that it is asked for.

use domain::Time;

use crate::{
    Language, Languages, Number, Picture,
    day::moment,
    said::{Said, Term},
    sheet::{Block, Field, Figure, Part, Table},
    terms,
    text::Text,
};

/// A form that is being written.
#[derive(Debug)]
pub struct Draft {
    pub(crate) languages: Languages,
    /// In which languages it is said who signs; where a paper says everything in one language and then in the next, it
    /// is signed once, at its end.
    signing: Option<Languages>,
    blocks: Vec<Block>,
}

/// The fields of one table, as they are filled in.
pub(crate) struct Fields {
    languages: Languages,
    fields: Vec<Field>,
}

impl Draft {
    pub(crate) const fn new(languages: Languages, signing: Option<Languages>) -> Self {
        Self {
            languages,
            signing,
            blocks: Vec::new(),
        }
    }

    pub(crate) fn heading(&mut self, heading: Term) {
        self.blocks.push(Block::Heading(heading.said(self.languages)));
    }

    pub(crate) fn paragraph(&mut self, paragraph: Term) {
        self.blocks.push(Block::Paragraph(paragraph.said(self.languages)));
    }

    /// Paragraphs of others, as they wrote them.
    pub(crate) fn prose(&mut self, prose: &crate::Prose) {
        self.blocks
            .push(Block::Paragraph(Said::paragraphs(prose.paragraphs())));
    }

    pub(crate) fn items(&mut self, items: impl IntoIterator<Item = Said>) {
        self.blocks.push(Block::Items(items.into_iter().collect()));
    }

    /// A published wording, below its title.
    pub(crate) fn text(&mut self, text: Text) {
        for language in self.languages.list() {
            self.blocks.extend(text.blocks(*language));
        }
    }

    /// What was filled in.
    pub(crate) fn fields(&mut self, fill: impl FnOnce(&mut Fields)) {
        let mut fields = Fields {
            languages: self.languages,
            fields: Vec::new(),
        };
        fill(&mut fields);
        self.blocks.push(Block::Fields(fields.fields));
    }

    pub(crate) fn table(&mut self, caption: Term, head: &[(u8, Term)], rows: Vec<Vec<Said>>) {
        let said = |term: Term| term.said(self.languages);
        self.blocks.push(Block::Table(Table {
            caption: said(caption),
            head: head.iter().map(|(share, term)| (*share, said(*term))).collect(),
            rows,
        }));
    }

    /// Pictures, so many beside each other, each with what stands below it and what is read aloud.
    pub(crate) fn pictures(&mut self, across: u8, pictures: impl Iterator<Item = (Picture, Said)>) {
        let figures = pictures.map(|(picture, caption)| Figure {
            aloud: caption.line(),
            picture,
            caption,
        });
        self.blocks.push(Block::Pictures {
            across,
            figures: figures.collect(),
        });
    }

    pub(crate) fn signature(&mut self, role: Term, name: Said) {
        if let Some(languages) = self.signing {
            let role = role.said(languages);
            self.blocks.push(Block::Signature { role, name });
        }
    }

    pub(crate) fn seal(&mut self, words: Term) {
        if let Some(languages) = self.signing {
            self.blocks.push(Block::Seal(words.said(languages)));
        }
    }

    /// Everything that was said.
    pub(crate) fn part(self, language: Option<Language>, title: Said, number: &Number, at: Time) -> Part {
        let said = |term: Term| term.said(self.languages);
        let subtitle = said(terms::NUMBER_AND_TIME).0.into_iter().map(|mut span| {
            span.text = span
                .text
                .replace("{number}", number.as_str())
                .replace("{time}", &moment(at));
            span
        });
        Part {
            language,
            issuer: None,
            title,
            subtitle: Said(subtitle.collect()),
            blocks: self.blocks,
        }
    }
}

impl Fields {
    /// A value without a language.
    pub(crate) fn plain(&mut self, label: Term, value: impl core::fmt::Display) -> &mut Self {
        self.said(label, Said::plain(&value.to_string()))
    }

    /// A value in words.
    pub(crate) fn term(&mut self, label: Term, value: Term) -> &mut Self {
        self.said(label, value.said(self.languages))
    }

    /// An instant.
    pub(crate) fn time(&mut self, label: Term, time: Time) -> &mut Self {
        self.plain(label, moment(time))
    }

    /// What was composed already.
    pub(crate) fn said(&mut self, label: Term, value: impl Into<Said>) -> &mut Self {
        self.fields.push(Field {
            label: label.said(self.languages),
            value: value.into(),
            strong: false,
        });
        self
    }

    /// What the paper is about.
    pub(crate) fn verdict(&mut self, label: Term, value: Term) -> &mut Self {
        self.term(label, value);
        if let Some(field) = self.fields.last_mut() {
            field.strong = true;
        }
        self
    }
}
