//! [`Pages`]: sheets of A4 that are filled from top to bottom, and what stands on them.

use crate::{FormError, Picture, paper::Place};

use super::{
    line::{Line, Style},
    tree::{Node, Tree},
};

/// Something that is painted.
#[derive(Clone, Debug)]
pub(super) enum Ink {
    /// A line of text, by the left end of its feet.
    Text {
        at: (f32, f32),
        style: Style,
        text: String,
    },
    /// A straight line.
    Rule { from: (f32, f32), to: (f32, f32) },
    /// A light ground.
    Ground { at: (f32, f32), size: (f32, f32) },
    /// A picture, by its upper left corner.
    Picture {
        at: (f32, f32),
        size: (f32, f32),
        picture: Picture,
    },
}

/// Ink, and what it belongs to: nothing is an ornament.
#[derive(Clone, Debug)]
pub(super) struct Stroke {
    pub node: Option<Node>,
    pub ink: Ink,
}

/// Where a reader may jump to.
#[derive(Clone, Debug)]
pub(super) struct Bookmark {
    pub title: String,
    pub page: usize,
    pub top: f32,
}

/// Pages that are being filled.
#[derive(Debug)]
pub(super) struct Pages {
    pub tree: Tree,
    pub filled: Vec<Vec<Stroke>>,
    pub places: Vec<Place>,
    pub bookmarks: Vec<Bookmark>,
    /// How far down the last page is filled.
    pub y: f32,
}

impl Pages {
    /// A4.
    pub(super) const WIDTH: f32 = 595.28;
    pub(super) const HEIGHT: f32 = 841.89;
    /// 25 mm, so that it can be bound.
    pub(super) const LEFT: f32 = 70.87;
    pub(super) const RIGHT: f32 = Self::WIDTH - 42.52;
    pub(super) const TOP: f32 = 56.69;
    pub(super) const BOTTOM: f32 = Self::HEIGHT - 62.0;
    pub(super) const BREADTH: f32 = Self::RIGHT - Self::LEFT;
    /// Pages of one paper.
    const MOST: usize = 300;

    pub(super) fn new() -> Self {
        Self {
            tree: Tree::default(),
            filled: vec![Vec::new()],
            places: Vec::new(),
            bookmarks: Vec::new(),
            y: Self::TOP,
        }
    }

    /// What is left of the page.
    pub(super) fn room(&self) -> f32 {
        Self::BOTTOM - self.y
    }

    /// Goes on on the next page.
    pub(super) fn turn(&mut self) -> Result<(), FormError> {
        if self.filled.len() >= Self::MOST {
            return Err(FormError::Long { most: Self::MOST });
        }
        self.filled.push(Vec::new());
        self.y = Self::TOP;
        Ok(())
    }

    /// Turns the page unless so much is left of it.
    pub(super) fn want(&mut self, height: f32) -> Result<(), FormError> {
        if self.room() < height && self.y > Self::TOP {
            self.turn()?;
        }
        Ok(())
    }

    /// Leaves some room, but none at the top of a page.
    pub(super) fn skip(&mut self, height: f32) {
        if self.y > Self::TOP {
            self.y += height;
        }
    }

    /// Lets readers jump to what comes next.
    pub(super) fn bookmark(&mut self, title: String) {
        self.bookmarks.push(Bookmark {
            title,
            page: self.filled.len() - 1,
            top: self.y,
        });
    }

    /// Puts ink on the last page.
    pub(super) fn ink(&mut self, node: Option<Node>, ink: Ink) {
        if let Some(page) = self.filled.last_mut() {
            page.push(Stroke { node, ink });
        }
    }

    /// Puts a line on the last page, `top` being its upper edge.
    pub(super) fn line(&mut self, line: &Line, style: Style, (left, top): (f32, f32), width: f32) {
        let indent = if style.centred {
            // The space at the end of a line is not seen.
            let seen = line.width
                - if line.text.ends_with(' ') {
                    style.width(" ")
                } else {
                    0.0
                };
            (width - seen) / 2.0
        } else {
            0.0
        };
        let ink = Ink::Text {
            at: (left + indent, top + style.ascent()),
            style,
            text: line.text.clone(),
        };
        self.ink(Some(line.node), ink);
    }

    /// Puts lines below each other, over as many pages as they need.
    pub(super) fn lines(
        &mut self,
        lines: &[Line],
        style: Style,
        left: f32,
        width: f32,
    ) -> Result<(), FormError> {
        for line in lines {
            self.want(style.leading())?;
            self.line(line, style, (left, self.y), width);
            self.y += style.leading();
        }
        Ok(())
    }

    /// Draws a frame.
    pub(super) fn frame(&mut self, (left, top): (f32, f32), (width, height): (f32, f32)) {
        let (right, bottom) = (left + width, top + height);
        for (from, to) in [
            ((left, top), (right, top)),
            ((right, top), (right, bottom)),
            ((right, bottom), (left, bottom)),
            ((left, bottom), (left, top)),
        ] {
            self.ink(None, Ink::Rule { from, to });
        }
    }
}
