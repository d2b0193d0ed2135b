//! Where a page is painted: its content is followed operator by operator (ISO 32000-2, annex A), and whatever may leave
//! a trace takes its room. Where something is not known, more room is taken than needed, never less.

mod font;
mod inline;
mod kept;
mod matrix;
mod operands;
mod operators;
mod path;
mod resources;
mod state;
mod text;

use std::rc::Rc;

pub(super) use self::kept::Painted;
use self::{
    font::Font,
    matrix::{Area, Matrix, both, grown, hull},
    operands::{Operands, Step, next},
    path::Path,
    resources::{Resources, named},
    state::{Line, State},
};
use super::{
    PdfError, content,
    file::File,
    object::{Dictionary, Object, Stream},
    pages::{Page, rectangle},
};
use crate::mark::Room;

/// Takes all the room of a page that its content paints. What was found for the same content in another revision, or on
/// another page, is taken again; and all that are looked through for one file come together to no more than it may paint.
pub(crate) fn take(file: &File<'_>, page: &Page, room: Room) -> Result<Room, PdfError> {
    follow(file, page, room, true)
}

/// Takes the room of a page that its words, pictures and drawings take; what is ruled for them to stand in is left free.
pub(crate) fn take_writing(file: &File<'_>, page: &Page, room: Room) -> Result<Room, PdfError> {
    follow(file, page, room, false)
}

fn follow(file: &File<'_>, page: &Page, room: Room, ruled: bool) -> Result<Room, PdfError> {
    let contents = page.dictionary.get("Contents").unwrap_or(&Object::Null);
    let resources = page.value(file, "Resources")?.as_dictionary().cloned();
    let resources = resources.unwrap_or_default();
    let key = ((room.page(), ruled), contents.clone(), resources.clone());
    let told = if let Some(known) = file.painted().find(file, &key)? {
        known
    } else {
        let (told, read) = file.recorded(|| looked(file, (contents, &resources), room, ruled));
        let told = match told {
            Ok(room) => Ok(room),
            Err(PdfError::Source(error)) => return Err(PdfError::Source(error)),
            Err(PdfError::TooMuch { .. }) => Err("more is painted there than is looked through"),
            Err(_) => Err("what is painted there cannot be told"),
        };
        file.painted().keep(key, read, told.clone());
        told
    };
    told.map_err(|what| PdfError::Painted {
        page: page.number,
        what,
    })
}

fn looked(
    file: &File<'_>,
    (contents, resources): (&Object, &Dictionary),
    mut room: Room,
    ruled: bool,
) -> Result<Room, PdfError> {
    let most = file.painted().left().min(MOST_WORK);
    let mut painter = Painter {
        file,
        sink: Sink::Room(&mut room),
        ruled,
        left: most,
        widest: 0.0,
    };
    let resources = Rc::new(Resources::of(file, resources)?);
    let all = [-FARTHEST, -FARTHEST, FARTHEST, FARTHEST];
    let state = State::new(Matrix::SAME, all, Font::default());
    let done =
        content::of_page(file, contents).and_then(|content| painter.follow(&content, &resources, state, 0));
    // What ended for its amount used all that there was.
    let left = match done {
        Err(PdfError::TooMuch { .. }) => 0,
        _ => painter.left,
    };
    file.painted().spend(most.saturating_sub(left));
    done.map(|()| room)
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
    sink: Sink<'p>,
    /// Whether upright lines and areas between them count.
    ruled: bool,
    left: u32,
    /// The widest letter that was drawn.
    widest: f64,
}

/// What takes the areas that are painted.
enum Sink<'p> {
    Room(&'p mut Room),
    /// The least area around all of them.
    Around(&'p mut Option<Area>),
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
    /// Between `BT` and `ET`.
    is_text: bool,
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
            is_text: false,
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
        if !operands.are_of(operator) {
            return Err(unclear());
        }
        let Following { state, kept, .. } = following;
        match operator {
            b"q" | b"Q" if following.is_text => return Err(unclear()),
            b"q" if kept.len() >= MOST_STATES => return Err(too_much()),
            b"q" => kept.push(state.clone()),
            b"Q" => {
                match kept.pop() {
                    Some(before) => *state = before,
                    // Whose state it is that comes back, is not said.
                    None if following.depth > 0 => return Err(unclear()),
                    None => {}
                }
            }
            b"cm" => state.ctm = Matrix(operands.numbers()).then(state.ctm),
            b"w" => [state.line_width] = operands.numbers(),
            b"M" => [state.miter] = operands.numbers(),
            b"j" => [state.join] = operands.numbers(),
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
                && !state.is_cut
                && path
                    .only_rectangle()
                    .and_then(|area| both(area, state.clip))
                    .is_some_and(|area| matches!(&self.sink, Sink::Room(room) if room.is_all_of_page(area)));
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
            let (half, limit) = (state.half_line(), state.miter.abs());
            if state.join < 1.0 {
                for point in path.points(half, limit, state.ctm.is_even()) {
                    self.area(state, point);
                }
            }
        }
        if core::mem::take(&mut following.clips)
            && let Some(area) = path.area()
        {
            let nothing = [0.0; 4];
            following.state.is_cut |= path.only_rectangle().is_none();
            following.state.clip = both(following.state.clip, area).unwrap_or(nothing);
        }
    }

    /// Takes what of an area is not clipped away.
    fn area(&mut self, state: &State, area: Area) {
        // What is beyond the limit is told by the next operator.
        self.left = self.left.saturating_sub(1);
        let Some(area) = both(area, state.clip) else {
            return;
        };
        match &mut self.sink {
            Sink::Room(room) => room.take(grown(area, BLUR)),
            Sink::Around(around) => {
                let known = around.unwrap_or(area);
                let corners = [known, area].into_iter();
                let corners = corners.flat_map(|[left, bottom, right, top]| [[left, bottom], [right, top]]);
                **around = Some(hull(corners));
            }
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
        if let Some(limit) = self.file.value(parameters, "ML")?.as_number() {
            following.state.miter = limit;
        }
        if let Some(join) = self.file.value(parameters, "LJ")?.as_number() {
            following.state.join = join;
        }
        match self.file.value(parameters, "SMask")? {
            Object::Null => {}
            mask => following.state.is_cut |= mask.as_name() != Some(b"None"),
        }
        if let [font, size] = self.file.array(parameters, "Font")?.as_slice() {
            following.state.size = self.file.resolve(size)?.as_number().unwrap_or(f64::NAN);
            if let Some(font) = self.file.resolve(font)?.as_dictionary() {
                following.state.font = self.read(font, following)?;
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
        match self.file.value(&stream.dictionary, "Subtype")?.as_name() {
            Some(b"Form") => return self.form(following, &stream),
            Some(b"Image") => self.square(&following.state),
            _ => return Err(unclear()),
        }
        Ok(())
    }

    fn form(&mut self, following: &Following, stream: &Stream) -> Result<(), PdfError> {
        let mut state = following.state.clone();
        let matrix = font::matrix(self.file, &stream.dictionary, "Matrix")?;
        state.ctm = matrix.unwrap_or(Matrix::SAME).then(state.ctm);
        if let Some(area) = rectangle(self.file, &self.file.value(&stream.dictionary, "BBox")?)? {
            state.is_cut |= !state.ctm.is_straight();
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

/// What one reader paints and another does not, or elsewhere.
const fn unclear() -> PdfError {
    PdfError::damaged(0, "content that readers read in different ways")
}

const fn too_much() -> PdfError {
    PdfError::TooMuch {
        what: "operators painting one page",
        most: MOST_WORK as u64,
    }
}
