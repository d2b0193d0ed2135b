//! Words into a box: each text in lines, all as large as fits, never smaller than can be read.

use super::font::Face;

/// A text with its style at scale one.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub face: Face,
    pub size: f64,
    pub colour: [u8; 3],
    /// How much air is above, except at the top.
    pub above: f64,
    /// How much room is left before its lines, in its own size.
    pub indent: f64,
    /// Whether it should stand on one line, as long as everything is easy to read.
    pub whole: bool,
    pub text: String,
}

/// A line in its place: from the box's left edge, and down from its top to the baseline.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub face: Face,
    pub size: f64,
    pub colour: [u8; 3],
    pub left: f64,
    pub down: f64,
    pub text: String,
}

/// Lines that fit.
#[derive(Clone, Debug, Default)]
pub(super) struct Fitted {
    pub lines: Vec<Line>,
    /// From the top of the first line to the foot of the last.
    pub height: f64,
}

/// No text is smaller, in points.
pub(super) const SMALLEST: f64 = 5.0;

/// Lines and words are kept whole as long as no text gets smaller, in points.
const EASY: f64 = 5.6;

/// No text is larger than so many times its size at scale one.
const LARGEST_SCALE: f64 = 2.5;

/// The largest that fits, whole lines and words before larger ones; `None` when not even the smallest does.
pub(super) fn fit(blocks: &[Block], width: f64, height: f64) -> Option<Fitted> {
    let largest = |from: f64, whole: bool| {
        let steps = (0_u32..).map(|step| LARGEST_SCALE.max(from) - 0.025 * f64::from(step));
        let mut steps = steps.take_while(|scale| *scale > from).chain([from]);
        steps.find_map(|scale| fit_at(blocks, width, height, scale, whole))
    };
    largest(scale_of(blocks, EASY), true).or_else(|| largest(scale_of(blocks, SMALLEST), false))
}

/// Whether the smallest fits.
pub(super) fn fits(blocks: &[Block], width: f64, height: f64) -> bool {
    fit_at(blocks, width, height, scale_of(blocks, SMALLEST), false).is_some()
}

/// The scale at which the smallest block has this size.
fn scale_of(blocks: &[Block], size: f64) -> f64 {
    let smallest = blocks
        .iter()
        .map(|block| block.size)
        .fold(f64::INFINITY, f64::min);
    size / smallest
}

fn fit_at(blocks: &[Block], width: f64, height: f64, scale: f64, whole: bool) -> Option<Fitted> {
    // In sizes of the line: what reaches above and below the baseline, and how far lines are apart.
    const ABOVE: f64 = 0.9;
    const BELOW: f64 = 0.24;
    const LEADING: f64 = 1.26;
    let mut fitted = Fitted::default();
    let mut down = 0.0;
    for block in blocks {
        let size = block.size * scale;
        let left = block.indent * size;
        let lines = balanced((block.face, size), &block.text, width - left, whole)?;
        if whole && block.whole && lines.len() > 1 {
            return None;
        }
        for (number, text) in lines.into_iter().enumerate() {
            down += match (fitted.lines.is_empty(), number) {
                (true, _) => ABOVE * size,
                (false, 0) => block.above * scale + LEADING * size,
                (false, _) => LEADING * size,
            };
            fitted.height = down + BELOW * size;
            if fitted.height > height {
                return None;
            }
            fitted.lines.push(Line {
                face: block.face,
                size,
                colour: block.colour,
                left,
                down,
                text,
            });
        }
    }
    Some(fitted)
}

/// Lines no wider than asked, and no more than needed, of about the same length: none is left with a last word alone.
fn balanced(style: (Face, f64), text: &str, width: f64, whole: bool) -> Option<Vec<String>> {
    let mut lines = wrap(style, text, width, whole)?;
    if lines.len() > 1 {
        let narrower = (1..=STEPS).map(|step| width * (1.0 - 0.5 * f64::from(step) / f64::from(STEPS)));
        for width in narrower {
            match wrap(style, text, width, whole) {
                Some(narrow) if narrow.len() == lines.len() => lines = narrow,
                _ => break,
            }
        }
    }
    Some(lines)
}

/// How many widths are tried, down to half.
const STEPS: u32 = 25;

/// Lines no wider than asked; `None` when a piece alone is wider.
fn wrap((face, size): (Face, f64), text: &str, width: f64, whole: bool) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text, whole) {
        let longer = format!("{line}{piece}");
        if face.width(longer.trim_end(), size) <= width {
            line = longer;
            continue;
        }
        if face.width(piece.trim_end(), size) > width {
            return None;
        }
        if !line.is_empty() {
            lines.push(line.trim_end().to_owned());
        }
        piece.clone_into(&mut line);
    }
    lines.push(line.trim_end().to_owned());
    Some(lines)
}

/// What is not divided: words or, unless they shall be whole, parts of words up to a hyphen or a dot before a letter.
/// Numbers stay with their sign.
fn pieces(text: &str, whole: bool) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut letters = text.char_indices().peekable();
    while let Some((_, letter)) = letters.next() {
        let Some((next, following)) = letters.peek().copied() else {
            break;
        };
        let taken = text.len() - rest.len();
        let piece = text.get(taken..next).unwrap_or_default();
        let ends = match letter {
            ' ' => !piece.ends_with("№ ") && !piece.ends_with("No. "),
            '-' | '.' => !whole && following.is_alphabetic(),
            _ => false,
        };
        if ends {
            pieces.push(piece);
            rest = text.get(next..).unwrap_or_default();
        }
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Block {
        Block {
            face: Face::Bold,
            size: 10.0,
            colour: [0; 3],
            above: 0.0,
            indent: 0.0,
            whole: false,
            text: text.into(),
        }
    }

    #[test]
    fn lines_break_where_a_reader_would_and_are_of_about_one_length() {
        assert_eq!(
            pieces("Өтеғұлова-Ли № 24-118/Қ от No. 5 на qol.bank.kz", false),
            [
                "Өтеғұлова-",
                "Ли ",
                "№ 24-118/Қ ",
                "от ",
                "No. 5 ",
                "на ",
                "qol.",
                "bank.",
                "kz"
            ]
        );
        assert_eq!(pieces("Өтеғұлова-Ли Ән", true), ["Өтеғұлова-Ли ", "Ән"]);
        let serial = "3A4F 21C0 88E1 5B02 9D77 10FE A364 0CB8 5D10 7E29";
        let width = Face::Regular.width(serial, 10.0) * 0.9;
        let lines = balanced((Face::Regular, 10.0), serial, width, true).unwrap();
        assert_eq!(lines, ["3A4F 21C0 88E1 5B02 9D77", "10FE A364 0CB8 5D10 7E29"]);
    }

    #[test]
    fn words_are_as_large_as_fits_and_no_line_leaves_the_box() {
        let name = block("Әйгерім Ғабитқызы Нұрмағамбетова-Өтеғұлова");
        let mut last = f64::INFINITY;
        for width in [400.0, 200.0, 120.0, 90.0] {
            let fitted = fit(core::slice::from_ref(&name), width, 40.0).unwrap();
            let size = fitted.lines[0].size;
            assert!(size <= last && size >= SMALLEST, "{size} after {last}");
            last = size;
            assert!(fitted.height <= 40.0);
            for line in &fitted.lines {
                assert!(line.face.width(&line.text, line.size) <= width);
            }
            let whole: String = fitted
                .lines
                .iter()
                .map(|line| line.text.replace(' ', ""))
                .collect();
            assert_eq!(whole, name.text.replace(' ', ""));
        }
    }

    #[test]
    fn words_that_would_be_too_small_do_not_fit() {
        let name = [block("Нұрмағамбетова")];
        assert!(fit(&name, 20.0, 100.0).is_none() && !fits(&name, 20.0, 100.0));
        assert!(fit(&name, 100.0, 4.0).is_none() && !fits(&name, 100.0, 4.0));
        assert!(fit(&[], 1.0, 1.0).is_some_and(|fitted| fitted.lines.is_empty()));
    }
}
