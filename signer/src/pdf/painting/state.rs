//! The graphics state, as far as it decides where something is painted (ISO 32000-2, 8.4, 9.3).

use super::{
    font::Font,
    matrix::{Area, Matrix, grown},
};

/// What `q` keeps and `Q` brings back.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// From user space to the page's own.
    pub(super) ctm: Matrix,
    /// Nothing is painted outside; in the page's own coordinates, and never too small.
    pub(super) clip: Area,
    /// The clip may let through less than that anywhere in it, or a mask may.
    pub(super) is_cut: bool,
    pub(super) line_width: f64,
    /// How far the points of corners may go, in widths of the line.
    pub(super) miter: f64,
    /// The kind of corners: nought for those with points.
    pub(super) join: f64,
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
    /// Letters are drawn by their outlines.
    pub(super) is_outlined: bool,
}

/// The line of text that is being written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Where it began.
    pub(super) matrix: Matrix,
    /// How far to the left and to the right (or down and up) of there its end may be by now.
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
            is_cut: false,
            line_width: 1.0,
            miter: 10.0,
            join: 0.0,
            patterned: false,
            font,
            size: 0.0,
            letter_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            is_outlined: false,
        }
    }

    /// The state of a letter that the document draws: what it does not set itself is as it happens to be.
    pub(super) fn of_letter(ctm: Matrix, clip: Area) -> Self {
        Self {
            is_cut: true,
            line_width: f64::NAN,
            size: f64::NAN,
            ..Self::new(ctm, clip, Font::default())
        }
    }

    /// How far lines go to each side at most.
    pub(super) fn half_line(&self) -> f64 {
        let share = if self.ctm.is_even() { 4.0 } else { 2.0 };
        self.line_width.abs() * self.ctm.stretch() / share
    }

    /// Moves the beginning of the line.
    pub(super) fn step(line: &mut Line, x: f64, y: f64) {
        line.matrix = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(line.matrix);
        line.reach = [0.0; 2];
    }

    /// Writes a text, and returns where it may be.
    pub(super) fn write(&self, line: &mut Line, text: &[u8]) -> Area {
        let (moves, letters) = self.font.measure(text);
        for by in moves {
            self.go(line, by * self.size);
        }
        self.go(line, letters * self.letter_space);
        self.go(line, letters * self.word_space);
        let [back, on] = line.reach;
        let [left, bottom, right, top] = self.font.letter;
        let sorted = |[one, other]: [f64; 2]| [one.min(other), one.max(other)];
        let [left, right] = sorted([left, right].map(|side| side * self.size * self.scale));
        let [bottom, top] = sorted([bottom, top].map(|side| side * self.size + self.rise));
        let area = if self.font.downwards {
            [left, bottom + back, right, top + on]
        } else {
            [back + left, bottom, on + right, top]
        };
        let area = line.matrix.then(self.ctm).area(area);
        if self.is_outlined {
            grown(area, self.half_line() * self.miter.abs().max(2.0))
        } else {
            area
        }
    }

    /// Moves on, or back, by so much at most.
    pub(super) fn go(&self, line: &mut Line, by: f64) {
        let [back, on] = &mut line.reach;
        if self.font.downwards {
            *back -= by.abs();
            *on += by.abs();
            return;
        }
        let by = by * self.scale;
        if by < 0.0 {
            *back += by;
        } else {
            *on += by;
        }
    }
}
