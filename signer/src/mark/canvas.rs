//! [`Canvas`]: operators of a content stream, written in order (ISO 32000-2 annex A).
//!
//! Colours are those of sRGB by a calibrated space of the drawing's own, so that they are the same in documents made
//! for print, and archives (PDF/A) stay archives whatever their output intent is.

use super::object::{number, numbers};

/// The entry of a resource dictionary that makes the colours.
pub(super) const COLOURS: &str = "/ColorSpace<</S[/CalRGB<</WhitePoint[0.9505 1 1.089]/Gamma[2.2 2.2 2.2]\
    /Matrix[0.4124 0.2126 0.0193 0.3576 0.7152 0.1192 0.1805 0.0722 0.9505]>>]>>";

/// A content stream that is being written.
#[derive(Clone, Debug, Default)]
pub(super) struct Canvas(String);

/// A step of a path.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// Begin here.
    Move(f64, f64),
    /// A straight line to there.
    Line(f64, f64),
    /// A Bézier curve by two control points to a third.
    Curve([f64; 6]),
}

impl Canvas {
    /// The bytes.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }

    /// One operator.
    pub(super) fn op(&mut self, operands: &[f64], operator: &str) {
        if !operands.is_empty() {
            self.0.push_str(&numbers(operands));
            self.0.push(' ');
        }
        self.0.push_str(operator);
        self.0.push('\n');
    }

    /// Something whose operands are not all numbers.
    pub(super) fn raw(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// What follows is filled so.
    pub(super) fn fill_colour(&mut self, colour: [u8; 3]) {
        self.op(&colour.map(|part| f64::from(part) / 255.0), "scn");
    }

    /// What follows is stroked so.
    pub(super) fn stroke_colour(&mut self, colour: [u8; 3]) {
        self.op(&colour.map(|part| f64::from(part) / 255.0), "SCN");
    }

    /// A path; the next operator paints it.
    pub(super) fn path(&mut self, steps: &[Step]) {
        for step in steps {
            match *step {
                Step::Move(x, y) => self.op(&[x, y], "m"),
                Step::Line(x, y) => self.op(&[x, y], "l"),
                Step::Curve(points) => self.op(&points, "c"),
            }
        }
    }

    /// A rectangle with round corners; the next operator paints it.
    pub(super) fn round_rectangle(&mut self, [left, bottom, right, top]: [f64; 4], radius: f64) {
        // How far the control points of a quarter of a circle lie from its ends.
        let near = radius * 0.447_715;
        self.path(&[
            Step::Move(left + radius, bottom),
            Step::Line(right - radius, bottom),
            Step::Curve([right - near, bottom, right, bottom + near, right, bottom + radius]),
            Step::Line(right, top - radius),
            Step::Curve([right, top - near, right - near, top, right - radius, top]),
            Step::Line(left + radius, top),
            Step::Curve([left + near, top, left, top - near, left, top - radius]),
            Step::Line(left, bottom + radius),
            Step::Curve([left, bottom + near, left + near, bottom, left + radius, bottom]),
        ]);
        self.op(&[], "h");
    }

    /// A line of text; the string is one that shows it in the font.
    pub(super) fn text(&mut self, font: &str, size: f64, [x, y]: [f64; 2], string: &str) {
        self.raw(&format!(
            "BT /{font} {} Tf {} Td {string} Tj ET",
            number(size),
            numbers(&[x, y])
        ));
    }
}
