//! Where a page is painted: its content is followed operator by operator (ISO 32000-2, annex A), and whatever may leave
//! a trace takes its room. Where something is not known, more room is taken than needed, never less.

mod font;
mod matrix;
mod operands;
mod path;
mod resources;
mod state;

use std::rc::Rc;

use self::{
    font::Font,
    matrix::{Area, Matrix, both, grown},
    operands::{Operands, Step, next},
    path::Path,
    resources::{Resources, named},
    state::{Line, State},
};
use super::{
    PdfError, content,
    file::File,
    object::{Object, Stream},
    pages::{Page, rectangle},
};
use crate::mark::Room;

/// Takes all the room of a page that its content paints.
pub(crate) fn take(file: &File<'_>, page: &Page, room: &mut Room) -> Result<(), PdfError> {
    follow(file, page, room, true)
}

/// Takes the room of a page that its words, pictures and drawings take; what is ruled for them to stand in is left free.
pub(crate) fn take_writing(file: &File<'_>, page: &Page, room: &mut Room) -> Result<(), PdfError> {
    follow(file, page, room, false)
}

fn follow(file: &File<'_>, page: &Page, room: &mut Room, ruled: bool) -> Result<(), PdfError> {
    let mut painter = Painter {
        file,
        room,
        ruled,
        left: MOST_WORK,
    };
    let contents = page.dictionary.get("Contents").unwrap_or(&Object::Null);
    let resources = page.value(file, "Resources")?.as_dictionary().cloned();
    let resources = Resources::of(file, &resources.unwrap_or_default())?;
    let all = [-FARTHEST, -FARTHEST, FARTHEST, FARTHEST];
    let state = State::new(Matrix::SAME, all, Font::default());
    content::of_page(file, contents)
        .and_then(|content| painter.follow(&content, &Rc::new(resources), state, 0))
        .map_err(|error| match error {
            PdfError::Source(error) => PdfError::Source(error),
            PdfError::TooMuch { .. } => PdfError::Painted {
                page: page.number,
                what: "more is painted there than is looked through",
            },
            _ => PdfError::Painted {
                page: page.number,
                what: "what is painted there cannot be told",
            },
        })
}

/// Operators, areas and points of curves, with what costs more counted for more.
const MOST_WORK: u32 = 4_000_000;
/// What an object counts that is read from the file, and a form besides its operators and a share of its bytes.
const READING: u32 = 64;
const FORM: u32 = 1_024;
/// How deep forms may be painted inside each other, and states kept.
const DEEPEST: u32 = 16;
const MOST_STATES: usize = 512;
/// Farther than any page.
const FARTHEST: f64 = 1e9;
/// What anti-aliasing may blacken around an edge.
const BLUR: f64 = 0.5;

struct Painter<'p, 'f, 'a> {
    file: &'f File<'a>,
    room: &'p mut Room,
    /// Whether upright lines and areas between them count.
    ruled: bool,
    left: u32,
}

/// One content stream that is being followed.
struct Following {
    resources: Rc<Resources>,
    state: State,
    kept: Vec<State>,
    line: Line,
    path: Path,
    /// The path clips, when it is done.
    clips: bool,
    depth: u32,
}

impl Painter<'_, '_, '_> {
    fn follow(
        &mut self,
        content: &[u8],
        resources: &Rc<Resources>,
        state: State,
        depth: u32,
    ) -> Result<(), PdfError> {
        if depth > DEEPEST {
            return Err(too_much());
        }
        let mut following = Following {
            resources: Rc::clone(resources),
            state,
            kept: Vec::new(),
            line: Line::default(),
            path: Path::default(),
            clips: false,
            depth,
        };
        let mut rest = content;
        loop {
            self.work(1)?;
            let (step, after) = next(rest)?;
            rest = after;
            match step {
                Step::Operator(operator, operands) => self.operator(&mut following, &operator, &operands)?,
                Step::InlineImage => self.square(&following.state),
                Step::End => return Ok(()),
            }
        }
    }

    /// Counts what was done, up to what is done for one page.
    fn work(&mut self, amount: u32) -> Result<(), PdfError> {
        self.left = self.left.checked_sub(amount).ok_or(too_much())?;
        Ok(())
    }

    fn operator(
        &mut self,
        following: &mut Following,
        operator: &[u8],
        operands: &Operands,
    ) -> Result<(), PdfError> {
        let Following { state, kept, .. } = following;
        match operator {
            b"q" if kept.len() >= MOST_STATES => return Err(too_much()),
            b"q" => kept.push(state.clone()),
            b"Q" => {
                if let Some(before) = kept.pop() {
                    *state = before;
                }
            }
            b"cm" => state.ctm = Matrix(operands.numbers()).then(state.ctm),
            b"w" => [state.line_width] = operands.numbers(),
            b"gs" => self.parameters(following, operands)?,
            b"Do" => self.external(following, operands)?,
            b"sh" => self.area(state, state.clip),
            b"scn" | b"sc" | b"cs" | b"g" | b"rg" | b"k" => state.patterned = operands.name().is_some(),
            b"m" | b"l" | b"c" | b"v" | b"y" | b"h" | b"re" => {
                self.work(path::PIECES)?;
                construct(following, operator, operands);
            }
            b"W" | b"W*" => following.clips = true,
            b"n" | b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => {
                self.paint(following, operator);
            }
            _ => self.text(following, operator, operands)?,
        }
        Ok(())
    }

    fn paint(&mut self, following: &mut Following, operator: &[u8]) {
        let mut path = core::mem::take(&mut following.path);
        let state = &following.state;
        if matches!(operator, b"s" | b"b" | b"b*") {
            path.close();
        }
        let is_left = !self.ruled && !state.patterned && path.is_upright();
        if !is_left && !matches!(operator, b"n" | b"S" | b"s") {
            // Paper that the document lays under itself is no writing.
            let is_ground = !state.patterned
                && path
                    .only_rectangle()
                    .and_then(|area| both(area, state.clip))
                    .is_some_and(|area| self.room.is_all_of_page(area));
            for inside in path.insides().filter(|_| !is_ground) {
                self.area(state, inside);
            }
        }
        if !is_left && !matches!(operator, b"n" | b"f" | b"F" | b"f*") {
            // Twice what a line has to each side, for the points of its corners.
            let thick = state.line_width.abs() * state.ctm.stretch() / 2.0 * 2.0;
            for piece in path.lines(thick) {
                self.area(state, piece);
            }
        }
        if core::mem::take(&mut following.clips)
            && let Some(area) = path.area()
        {
            let nothing = [0.0; 4];
            following.state.clip = both(following.state.clip, area).unwrap_or(nothing);
        }
    }

    /// Takes what of an area is not clipped away.
    fn area(&mut self, state: &State, area: Area) {
        // What is beyond the limit is told by the next operator.
        self.left = self.left.saturating_sub(1);
        if let Some(area) = both(area, state.clip) {
            self.room.take(grown(area, BLUR));
        }
    }

    /// An image: the unit square (8.9.5).
    fn square(&mut self, state: &State) {
        self.area(state, state.ctm.area([0.0, 0.0, 1.0, 1.0]));
    }

    fn parameters(&mut self, following: &mut Following, operands: &Operands) -> Result<(), PdfError> {
        self.work(READING)?;
        let parameters = self
            .file
            .resolve(&named(&following.resources.parameters, operands))?;
        let Some(parameters) = parameters.as_dictionary() else {
            return Ok(());
        };
        if let Some(width) = self.file.value(parameters, "LW")?.as_number() {
            following.state.line_width = width;
        }
        if let [font, size] = self.file.array(parameters, "Font")?.as_slice() {
            following.state.size = self.file.resolve(size)?.as_number().unwrap_or(f64::NAN);
            if let Some(font) = self.file.resolve(font)?.as_dictionary() {
                let font = Font::read(self.file, font)?;
                self.work(font.cost())?;
                following.state.font = font;
            }
        }
        Ok(())
    }

    fn external(&mut self, following: &Following, operands: &Operands) -> Result<(), PdfError> {
        self.work(READING)?;
        let object = named(&following.resources.objects, operands);
        let Object::Stream(stream) = self.file.resolve(&object)? else {
            return Ok(());
        };
        if self.file.value(&stream.dictionary, "Subtype")?.as_name() == Some(b"Form") {
            return self.form(following, &stream);
        }
        self.square(&following.state);
        Ok(())
    }

    fn form(&mut self, following: &Following, stream: &Stream) -> Result<(), PdfError> {
        let mut state = following.state.clone();
        let matrix = font::matrix(self.file, &stream.dictionary, "Matrix")?;
        state.ctm = matrix.unwrap_or(Matrix::SAME).then(state.ctm);
        if let Some(area) = rectangle(self.file, &self.file.value(&stream.dictionary, "BBox")?)? {
            match both(state.clip, state.ctm.area(area)) {
                Some(clip) => state.clip = clip,
                None => return Ok(()),
            }
        }
        let resources = match self.file.dictionary(&stream.dictionary, "Resources")? {
            Some(resources) => Rc::new(Resources::of(self.file, &resources)?),
            None => Rc::clone(&following.resources),
        };
        let content = content::of_stream(self.file, stream)?;
        let share = u32::try_from(content.len() / 64).unwrap_or(u32::MAX);
        self.work(share.saturating_add(FORM))?;
        self.follow(&content, &resources, state, following.depth + 1)
    }

    fn text(
        &mut self,
        following: &mut Following,
        operator: &[u8],
        operands: &Operands,
    ) -> Result<(), PdfError> {
        let Following { state, line, .. } = following;
        match operator {
            b"BT" => *line = Line::default(),
            b"Tm" => {
                *line = Line {
                    matrix: Matrix(operands.numbers()),
                    ..Line::default()
                }
            }
            b"Td" | b"TD" => {
                let [x, y] = operands.numbers();
                if operator == b"TD" {
                    state.leading = -y;
                }
                State::step(line, x, y);
            }
            b"T*" => State::step(line, 0.0, -state.leading),
            b"Tc" => [state.letter_space] = operands.numbers(),
            b"Tw" => [state.word_space] = operands.numbers(),
            b"Tz" => {
                let [percent] = operands.numbers();
                state.scale = percent / 100.0;
            }
            b"TL" => [state.leading] = operands.numbers(),
            b"Ts" => [state.rise] = operands.numbers(),
            b"Tf" => {
                [state.size] = operands.numbers();
                following.state.font = self.font(following, operands)?;
            }
            b"Tj" | b"TJ" | b"'" | b"\"" => self.show(following, operator, operands),
            _ => {}
        }
        Ok(())
    }

    fn show(&mut self, following: &mut Following, operator: &[u8], operands: &Operands) {
        let Following { state, line, .. } = following;
        if operator == b"\"" {
            [state.word_space, state.letter_space] = operands.numbers();
        }
        if matches!(operator, b"'" | b"\"") {
            State::step(line, 0.0, -state.leading);
        }
        for item in operands.shown() {
            match item {
                Object::Text(text) if !text.is_empty() => {
                    let area = state.write(line, text);
                    self.area(state, area);
                }
                item => {
                    let back = item.as_number().unwrap_or_default();
                    state.go(line, -back / 1000.0 * state.size.abs());
                }
            }
        }
    }

    fn font(&mut self, following: &Following, operands: &Operands) -> Result<Font, PdfError> {
        let name = operands.name().unwrap_or_default();
        let known = following.resources.known.borrow().get(name).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        self.work(READING)?;
        let font = match self.file.resolve(&named(&following.resources.fonts, operands))? {
            Object::Dictionary(font) => Font::read(self.file, &font)?,
            _ => Font::default(),
        };
        self.work(font.cost())?;
        let known = font.clone();
        following
            .resources
            .known
            .borrow_mut()
            .insert(name.to_vec(), known);
        Ok(font)
    }
}

fn construct(following: &mut Following, operator: &[u8], operands: &Operands) {
    let Following { state, path, .. } = following;
    match operator {
        b"m" => path.start(state.ctm.point(operands.numbers())),
        b"l" => path.line(state.ctm.point(operands.numbers())),
        b"c" => {
            let [one_x, one_y, two_x, two_y, x, y] = operands.numbers();
            let points = [[one_x, one_y], [two_x, two_y], [x, y]];
            path.curve(points.map(|point| state.ctm.point(point)));
        }
        b"v" => {
            let [c, d, x, y] = operands.numbers();
            let [control, to] = [[c, d], [x, y]].map(|point| state.ctm.point(point));
            path.curve([path.here().unwrap_or(control), control, to]);
        }
        b"y" => {
            let [a, b, x, y] = operands.numbers();
            let [control, to] = [[a, b], [x, y]].map(|point| state.ctm.point(point));
            path.curve([control, to, to]);
        }
        b"h" => path.close(),
        _ => path.rectangle(operands.numbers(), state.ctm),
    }
}

const fn too_much() -> PdfError {
    PdfError::TooMuch {
        what: "operators painting one page",
        most: MOST_WORK as u64,
    }
}
