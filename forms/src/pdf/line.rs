//! [`Style`] and [`Line`]: how a text is cut into lines of a width.

use crate::{Language, face::Face, said::Said};

use super::tree::{Node, Role, Tree};

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub face: Face,
    /// In points.
    pub size: f32,
    pub centred: bool,
    /// From black, 0, to white, 255.
    pub grey: u8,
}

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub text: String,
    pub width: f32,
    /// Where it belongs.
    pub node: Node,
}

impl Style {
    pub(super) const BODY: Self = Self::new(Face::Regular, 10.0);
    pub(super) const CELL: Self = Self::new(Face::Regular, 9.0);
    pub(super) const STRONG: Self = Self::new(Face::Bold, 9.0);
    pub(super) const HEAD: Self = Self::new(Face::Bold, 8.5);
    pub(super) const CAPTION: Self = Self::new(Face::Regular, 7.5);
    pub(super) const HEADING: Self = Self::new(Face::Bold, 10.5);
    pub(super) const TITLE: Self = Self {
        centred: true,
        ..Self::new(Face::Bold, 14.0)
    };
    pub(super) const SUBTITLE: Self = Self {
        centred: true,
        grey: 60,
        ..Self::new(Face::Regular, 9.0)
    };
    pub(super) const MARGINAL: Self = Self {
        grey: 90,
        ..Self::new(Face::Regular, 7.5)
    };

    const fn new(face: Face, size: f32) -> Self {
        Self {
            face,
            size,
            centred: false,
            grey: 0,
        }
    }

    /// From one line to the next.
    pub(super) fn leading(self) -> f32 {
        self.size * 1.36
    }

    /// From the top of a line to the feet of its letters.
    pub(super) fn ascent(self) -> f32 {
        self.size * 1.05
    }

    /// How wide a text is.
    pub(super) fn width(self, text: &str) -> f32 {
        let letters = self.face.letters(text);
        letters
            .iter()
            .map(|(_, _, letter)| letter.advance * self.size)
            .sum()
    }

    /// Cuts each of the languages into lines, each below a node of its own.
    pub(super) fn lines(self, said: &Said, width: f32, tree: &mut Tree, parent: Node) -> Vec<Line> {
        let mut lines = Vec::new();
        for span in &said.0 {
            let node = tree.below(parent, Role::Paragraph, span.language);
            lines.extend(self.cut(&span.text, width, node));
        }
        lines
    }

    /// How many lines there would be.
    pub(super) fn count(self, said: &Said, width: f32) -> usize {
        let lines = |text: &str| self.cut(text, width, Node::default()).len();
        said.0.iter().map(|span| lines(&span.text)).sum()
    }

    /// Cuts a text at its spaces, and a word that is wider than the line wherever it must. A line that goes on ends with
    /// a space, so that who copies the text gets its words.
    pub(super) fn cut(self, text: &str, width: f32, node: Node) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut line = Line::empty(node);
        for word in text.split_inclusive(' ') {
            let letters = self.face.letters(word);
            let advance = |sign: char, advance: f32| if sign == ' ' { 0.0 } else { advance * self.size };
            let bare: f32 = letters
                .iter()
                .map(|(_, sign, letter)| advance(*sign, letter.advance))
                .sum();
            if line.width + bare > width && !line.text.is_empty() {
                lines.push(core::mem::replace(&mut line, Line::empty(node)));
            }
            for (_, sign, letter) in letters {
                let wide = letter.advance * self.size;
                if line.width + wide > width && sign != ' ' && !line.text.is_empty() {
                    lines.push(core::mem::replace(&mut line, Line::empty(node)));
                }
                line.text.push(sign);
                line.width += wide;
            }
        }
        if !line.text.is_empty() {
            lines.push(line);
        }
        lines
    }
}

impl Line {
    const fn empty(node: Node) -> Self {
        Self {
            text: String::new(),
            width: 0.0,
            node,
        }
    }
}

/// The language of a text that has but one.
pub(super) fn only_language(said: &Said) -> Option<Language> {
    match said.0.as_slice() {
        [only] => only.language,
        _ => None,
    }
}
