//! The seal: a tamga of ram's horns on a stem, in a disc of the bank's colour. Drawn, so that it is sharp at any size.

use super::canvas::{Canvas, Step};

/// Draws it into the square of that side whose lower left corner is given.
pub(super) fn draw(canvas: &mut Canvas, [left, bottom]: [f64; 2], side: f64, colour: [u8; 3]) {
    canvas.raw("q");
    canvas.op(&[side, 0.0, 0.0, side, left, bottom], "cm");
    canvas.fill_colour(colour);
    canvas.round_rectangle([0.0, 0.0, 1.0, 1.0], 0.5);
    canvas.op(&[], "f");
    canvas.stroke_colour([0xFF; 3]);
    canvas.op(&[0.075], "w");
    canvas.op(&[1.0], "J");
    canvas.op(&[1.0], "j");
    for side in [-1.0, 1.0] {
        canvas.path(&horn(side));
    }
    canvas.path(&STEM);
    canvas.op(&[], "S");
    canvas.raw("Q");
}

/// One horn, to the left or to the right of the stem.
fn horn(side: f64) -> [Step; 4] {
    let x = |offset: f64| 0.5 + side * offset;
    [
        Step::Move(0.5, 0.46),
        Step::Curve([x(0.0), 0.62, x(0.04), 0.78, x(0.17), 0.78]),
        Step::Curve([x(0.27), 0.78, x(0.31), 0.69, x(0.29), 0.61]),
        Step::Curve([x(0.27), 0.53, x(0.17), 0.53, x(0.155), 0.61]),
    ]
}

const STEM: [Step; 4] = [
    Step::Move(0.5, 0.46),
    Step::Line(0.5, 0.2),
    Step::Move(0.36, 0.2),
    Step::Line(0.64, 0.2),
];
