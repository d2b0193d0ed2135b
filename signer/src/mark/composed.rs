//! [`Composed`]: a mark in its design, every line in its place; and whether it can be read at all.

use super::{
    Design, Layout, Mark, Size,
    canvas::Canvas,
    code::Code,
    fit::{Block, Fitted, fit, fits},
    font::{Embedded, Face},
    seal,
    words::Words,
};

/// The mark cannot be composed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ComposeError {
    /// In this size its words or its square could not be read.
    #[error(
        "the mark cannot be read at this size: give it {:.0} by {:.0} points, or less to say",
        needed.width(), needed.height()
    )]
    Small {
        /// A size in which it can.
        needed: Size,
    },
    /// Not even the largest mark holds these words.
    #[error("these words do not fit into a mark of any size: shorten the bank's name or the purpose")]
    Long,
    /// The vendored fonts or the square's encoder fail, which tests exclude.
    #[error("the fonts of the mark cannot be read")]
    Fonts,
}

/// A mark with every line in its place.
#[derive(Clone, Debug)]
pub struct Composed {
    pub(super) size: Size,
    pub(super) mark: Mark,
    design: Design,
    fitted: Fitted,
    /// The faces that it needs, cut down to its letters.
    pub(super) fonts: Vec<Embedded>,
    code: Code,
    code_side: f64,
}

impl Mark {
    /// Arranges the mark by a design.
    pub fn compose(&self, design: &Design) -> Result<Composed, ComposeError> {
        let code = Code::new(&self.page).ok_or(ComposeError::Fonts)?;
        let blocks = self.blocks(design);
        let size = match design.size {
            Some(size) if code_side(&blocks, design.layout, size, &code).is_none() => {
                let needed = grown(&blocks, design.layout, size, &code).ok_or(ComposeError::Long)?;
                return Err(ComposeError::Small { needed });
            }
            Some(size) => size,
            None => grown(&blocks, design.layout, design.layout.size(), &code).ok_or(ComposeError::Long)?,
        };
        let code_side = code_side(&blocks, design.layout, size, &code).ok_or(ComposeError::Long)?;
        let (width, height) = room(size, code_side);
        let fitted = match design.layout {
            Layout::Code => Fitted::default(),
            Layout::Wide | Layout::Compact => fit(&blocks, width, height).ok_or(ComposeError::Long)?,
        };
        Ok(Composed {
            size,
            mark: self.clone(),
            design: *design,
            fonts: fonts(&fitted).ok_or(ComposeError::Fonts)?,
            fitted,
            code,
            code_side,
        })
    }

    fn blocks(&self, design: &Design) -> Vec<Block> {
        let words = Words::of(self.language);
        let accent = design.accent.rgb();
        let text = |face, size, colour, above, text| Block {
            face,
            size,
            colour,
            above,
            indent: 0.0,
            whole: true,
            text,
        };
        let heading = Block {
            indent: SEAL + 0.55,
            ..text(Face::Bold, 7.6, accent, 0.0, words.heading.to_owned())
        };
        let fact = |above, words: String| text(Face::Regular, 7.0, GREY, above, words);
        let (time, certificate) = (self.time.words(self.language), self.certificate_words());
        let name = |size| Block {
            whole: false,
            ..text(Face::Bold, size, INK, 3.2, self.signer.as_str().to_owned())
        };
        // Facts stand together, as a paragraph under the name.
        let facts = self.iin_words().into_iter().chain([time, certificate]);
        match design.layout {
            Layout::Wide => {
                let facts = facts.chain(self.bank_words()).enumerate();
                let facts = facts.map(|(number, words)| fact(if number == 0 { 2.4 } else { 0.4 }, words));
                let verify = format!("{}: {}", words.verify, self.page.host());
                let mut blocks = vec![heading, name(11.0)];
                blocks.extend(facts);
                blocks.push(text(Face::Regular, 7.0, accent, 2.4, verify));
                blocks
            }
            Layout::Compact => {
                let facts = facts.enumerate();
                let facts = facts.map(|(number, words)| fact(if number == 0 { 1.8 } else { 0.2 }, words));
                [heading, name(9.6)].into_iter().chain(facts).collect()
            }
            Layout::Code => Vec::new(),
        }
    }
}

impl Composed {
    /// How large the mark is, as it is seen.
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The operators that draw it.
    pub(super) fn content(&self) -> Vec<u8> {
        let mut canvas = Canvas::default();
        canvas.raw("/S cs /S CS");
        canvas.raw("/Artifact BMC");
        self.ground(&mut canvas);
        let (_, room) = room(self.size, self.code_side);
        let top = self.size.height() - PADDING - (room - self.fitted.height) / 2.0;
        if let Some(line) = self.fitted.lines.first() {
            let side = SEAL * line.size;
            let middle = top - line.down + Face::CAPITAL * line.size / 2.0;
            seal::draw(&mut canvas, [LEFT, middle - side / 2.0], side, line.colour);
        }
        canvas.raw("EMC");
        canvas.raw(&format!("/Span <</Lang({})>> BDC", self.mark.language.tag()));
        for line in &self.fitted.lines {
            if let Some(font) = self.fonts.iter().find(|font| font.face() == line.face) {
                canvas.fill_colour(line.colour);
                let at = [LEFT + line.left, top - line.down];
                canvas.text(line.face.resource(), line.size, at, &font.string(&line.text));
            }
        }
        canvas.raw("EMC");
        self.square(&mut canvas);
        canvas.into_bytes()
    }

    /// Its own ground, so that it looks the same on every page.
    fn ground(&self, canvas: &mut Canvas) {
        const RADIUS: f64 = 3.0;
        const LINE: f64 = 0.6;
        let (width, height) = (self.size.width(), self.size.height());
        let edge = [LINE / 2.0, LINE / 2.0, width - LINE / 2.0, height - LINE / 2.0];
        canvas.raw("q");
        canvas.round_rectangle(edge, RADIUS);
        canvas.raw("W n");
        canvas.fill_colour([0xFF; 3]);
        canvas.op(&[0.0, 0.0, width, height], "re");
        canvas.op(&[], "f");
        if self.design.layout != Layout::Code {
            canvas.fill_colour(self.design.accent.rgb());
            canvas.op(&[0.0, 0.0, BAR, height], "re");
            canvas.op(&[], "f");
        }
        canvas.raw("Q");
        canvas.stroke_colour(FRAME);
        canvas.op(&[LINE], "w");
        canvas.round_rectangle(edge, RADIUS);
        canvas.op(&[], "S");
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a square has at most 45 modules a side"
    )]
    fn square(&self, canvas: &mut Canvas) {
        let modules = (self.code.side() + 2 * Code::QUIET) as f64;
        let module = self.code_side / modules;
        let left = match self.design.layout {
            Layout::Code => (self.size.width() - self.code_side) / 2.0,
            Layout::Wide | Layout::Compact => self.size.width() - EDGE - self.code_side,
        };
        let top = (self.size.height() - self.code_side) / 2.0 + self.code_side;
        canvas.raw("/Artifact BMC");
        canvas.fill_colour(INK);
        for run in self.code.runs() {
            let x = left + (run.column + Code::QUIET) as f64 * module;
            let y = top - (run.row + Code::QUIET + 1) as f64 * module;
            canvas.op(&[x, y, run.length as f64 * module, module], "re");
        }
        canvas.op(&[], "f");
        canvas.raw("EMC");
    }
}

/// The faces of the lines, each cut down to its letters.
fn fonts(fitted: &Fitted) -> Option<Vec<Embedded>> {
    let mut fonts = Vec::new();
    for face in Face::ALL {
        let lines = fitted.lines.iter().filter(|line| line.face == face);
        let texts: Vec<&str> = lines.map(|line| line.text.as_str()).collect();
        if !texts.is_empty() {
            fonts.push(Embedded::new(face, &texts)?);
        }
    }
    Some(fonts)
}

/// The side of the square with its quiet zone, the largest at which everything can be read.
#[expect(
    clippy::cast_precision_loss,
    reason = "a square has at most 45 modules a side"
)]
fn code_side(blocks: &[Block], layout: Layout, size: Size, code: &Code) -> Option<f64> {
    let least = MODULE * (code.side() + 2 * Code::QUIET) as f64;
    let inner = size.width().min(size.height()) - 2.0 * EDGE;
    let mut shares = layout
        .code_share()
        .into_iter()
        .map(|share| (share * size.width()).min(inner));
    shares.find(|side| {
        let (width, height) = room(size, *side);
        *side >= least && (layout == Layout::Code || fits(blocks, width, height))
    })
}

/// The room for words beside the square.
fn room(size: Size, code_side: f64) -> (f64, f64) {
    (
        size.width() - LEFT - EDGE - code_side,
        size.height() - 2.0 * PADDING,
    )
}

/// The first size from this one on, higher and then wider, in which everything can be read.
fn grown(blocks: &[Block], layout: Layout, size: Size, code: &Code) -> Option<Size> {
    let widths = (0..40).map(|step| size.width() * (1.0 + 0.1 * f64::from(step)));
    widths.take_while(|width| *width <= Size::MOST).find_map(|width| {
        let heights = (0..40).map(|step| size.height() + 4.0 * f64::from(step));
        heights
            .take_while(|height| *height <= Size::MOST && *height <= size.height().max(width))
            .filter_map(|height| Size::new(width.ceil(), height.ceil()).ok())
            .find(|size| code_side(blocks, layout, *size, code).is_some())
    })
}

/// How wide the stripe of the bank's colour is.
const BAR: f64 = 3.2;
/// Where words begin.
const LEFT: f64 = BAR + 8.0;
/// The air above and below the words.
const PADDING: f64 = 6.0;
/// The air between the frame and the square's quiet zone.
const EDGE: f64 = 1.0;
/// The seal's side, in sizes of the heading.
const SEAL: f64 = 1.7;
/// No module of the square is smaller, in points: a quarter of a millimetre, what telephones tell apart on paper.
const MODULE: f64 = 0.72;

const INK: [u8; 3] = [0x12, 0x18, 0x20];
const GREY: [u8; 3] = [0x3D, 0x47, 0x52];
const FRAME: [u8; 3] = [0xC3, 0xCA, 0xD1];
