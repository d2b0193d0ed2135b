//! [`Sheet`]: what a form says, before it is known whether paper or a screen shows it.
//!
//! Both writers draw the same blocks, so that a screen cannot say anything else than the paper that is sealed.

use crate::{Language, Picture, said::Said};

/// A whole paper.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    /// What it is, for title bars and bookmarks.
    pub title: Said,
    /// One for each language, or one for all.
    pub parts: Vec<Part>,
}

/// A run of blocks.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Its language, where it has one.
    pub language: Option<Language>,
    /// Who issues it, on its head.
    pub issuer: Option<Said>,
    /// What stands above it.
    pub title: Said,
    /// Below the title: number and day.
    pub subtitle: Said,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A piece of a part.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    /// The heading of a section.
    Heading(Said),
    /// A paragraph; its languages one below the other.
    Paragraph(Said),
    /// A paragraph with its number.
    Clause { number: String, text: Said },
    /// A list without order.
    Items(Vec<Said>),
    /// What is filled in.
    Fields(Vec<Field>),
    /// Rows under headers.
    Table(Table),
    /// Pictures in rows.
    Pictures { across: u8, figures: Vec<Figure> },
    /// Where somebody signs.
    Signature { role: Said, name: Said },
    /// Where the seal is.
    Seal(Said),
}

/// A label and what was filled in.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub label: Said,
    pub value: Said,
    /// What the paper is about: seen before anything else.
    pub strong: bool,
}

/// Rows under headers.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// What the table is about.
    pub caption: Said,
    /// The headers, each with its share of the width.
    pub head: Vec<(u8, Said)>,
    pub rows: Vec<Vec<Said>>,
}

/// A picture and what stands below it.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub picture: Picture,
    pub caption: Said,
    /// What is read aloud in its place.
    pub aloud: String,
}
