//! The graphics state, as far as it decides where something is painted (ISO 32000-2, 8.4, 9.3).

use super::{
    font::Font,
    matrix::{Area, Matrix},
};

/// What `q` keeps and `Q` brings back.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// From user space to the page's own.
    pub(super) ctm: Matrix,
    /// Nothing is painted outside; in the page's own coordinates, and never too small.
    pub(super) clip: Area,
    pub(super) line_width: f64,
    /// Areas are painted with a pattern, not with one colour.
    pub(super) patterned: bool,
    pub(super) font: Font,
    pub(super) size: f64,
    pub(super) letter_space: f64,
    pub(super) word_space: f64,
    /// Of the width.
    pub(super) scale: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
}

/// The line of text that is being written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Where it began.
    pub(super) matrix: Matrix,
    /// How far to the left and to the right (or downwards) of there its end may be by now.
    pub(super) reach: [f64; 2],
}

impl Default for Line {
    fn default() -> Self {
        Self {
            matrix: Matrix::SAME,
            reach: [0.0; 2],
        }
    }
}

impl State {
    pub(super) const fn new(ctm: Matrix, clip: Area, font: Font) -> Self {
        Self {
            ctm,
            clip,
            line_width: 1.0,
            patterned: false,
            font,
            size: 0.0,
            letter_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }

    /// Moves the beginning of the line.
    pub(super) fn step(line: &mut Line, x: f64, y: f64) {
        line.matrix = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(line.matrix);
        line.reach = [0.0; 2];
    }

    /// Writes a text, and returns where it may be.
    pub(super) fn write(&self, line: &mut Line, text: &[u8]) -> Area {
        let (width, letters) = self.font.measure(text);
        let between = letters * (self.letter_space.abs() + self.word_space.abs());
        self.go(line, width * self.size.abs() + between);
        let [back, on] = line.reach;
        let [left, bottom, right, top] = self.font.letter.map(|side| side * self.size.abs());
        // Sizes and scales below nought write the other way round.
        let turned = self.size < 0.0 || self.scale < 0.0;
        let (back, on) = if turned { (back - on, on) } else { (back, on) };
        let (low, high) = if turned {
            (-top.max(-bottom), top.max(-bottom))
        } else {
            (bottom, top)
        };
        let area = if self.font.downwards {
            [left, self.rise + low - on, right, self.rise + high - back]
        } else {
            [back + left, self.rise + low, on + right, self.rise + high]
        };
        line.matrix.then(self.ctm).area(area)
    }

    /// Moves on, or back, by so much.
    pub(super) fn go(&self, line: &mut Line, by: f64) {
        let by = if self.font.downwards {
            by
        } else {
            by * self.scale.abs()
        };
        let [back, on] = &mut line.reach;
        if by < 0.0 {
            *back += by;
        } else {
            *on += by;
        }
    }
}
