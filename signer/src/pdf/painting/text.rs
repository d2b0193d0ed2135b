//! Text as it is painted (ISO 32000-2, 9.4), and fonts whose letters the document draws (9.6.4).

use std::rc::Rc;

use super::{
    FARTHEST, FORM, Following, Painter, READING, Sink,
    font::{self, Font},
    matrix::Matrix,
    operands::Operands,
    resources::{Resources, named},
    state::{Line, State},
    unclear,
};
use crate::pdf::{
    PdfError, content,
    object::{Dictionary, Object},
};

impl Painter<'_, '_, '_> {
    pub(super) fn text(
        &mut self,
        following: &mut Following,
        operator: &[u8],
        operands: &Operands,
    ) -> Result<(), PdfError> {
        let Following {
            state, line, is_text, ..
        } = following;
        let is_in_place = match operator {
            b"BT" => !*is_text,
            b"ET" | b"Tm" | b"Td" | b"TD" | b"T*" | b"Tj" | b"TJ" | b"'" | b"\"" => *is_text,
            _ => true,
        };
        if !is_in_place {
            return Err(unclear());
        }
        match operator {
            b"BT" => (*line, *is_text) = (Line::default(), true),
            b"ET" => *is_text = false,
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
            b"Tr" => {
                let [mode] = operands.numbers();
                state.is_outlined = [1.0, 2.0, 5.0, 6.0].contains(&mode);
                // Letters that clip.
                state.is_cut |= mode > 3.0;
            }
            b"d0" | b"d1" => {
                let [width, height] = operands.first();
                if height != 0.0 {
                    return Err(unclear());
                }
                self.widest = self.widest.max(width.abs());
            }
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
                    state.go(line, -back / 1000.0 * state.size);
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
            Object::Dictionary(font) => self.read(&font, following)?,
            _ => Font::default(),
        };
        let known = font.clone();
        following
            .resources
            .known
            .borrow_mut()
            .insert(name.to_vec(), known);
        Ok(font)
    }

    /// Reads a font that content uses.
    pub(super) fn read(&mut self, font: &Dictionary, following: &Following) -> Result<Font, PdfError> {
        let font = match self.file.value(font, "Subtype")?.as_name() {
            Some(b"Type3") => self.drawn(font, following)?,
            _ => Font::read(self.file, font)?,
        };
        self.work(font.cost())?;
        Ok(font)
    }

    /// A font whose letters the document draws: they are as large as what they paint, whatever the font says.
    fn drawn(&mut self, font: &Dictionary, following: &Following) -> Result<Font, PdfError> {
        let matrix = font::matrix(self.file, font, "FontMatrix")?.ok_or(unclear())?;
        let Matrix([a, b, c, ..]) = matrix;
        if b != 0.0 || c != 0.0 {
            return Err(unclear());
        }
        let resources = match self.file.dictionary(font, "Resources")? {
            Some(resources) => Rc::new(Resources::of(self.file, &resources)?),
            None => Rc::clone(&following.resources),
        };
        let procedures = self.file.dictionary(font, "CharProcs")?.unwrap_or_default();
        let mut around = None;
        let mut painter = Painter {
            file: self.file,
            sink: Sink::Around(&mut around),
            ruled: self.ruled,
            left: self.left,
            widest: 0.0,
        };
        let all = [-FARTHEST, -FARTHEST, FARTHEST, FARTHEST];
        for (_, procedure) in procedures.entries() {
            painter.work(READING)?;
            let Object::Stream(stream) = self.file.resolve(procedure)? else {
                return Err(unclear());
            };
            let content = content::of_stream(self.file, &stream)?;
            let share = u32::try_from(content.len() / 64).unwrap_or(u32::MAX);
            painter.work(share.saturating_add(FORM / 16))?;
            let state = State::of_letter(matrix, all);
            painter.follow(&content, &resources, state, following.depth + 1)?;
        }
        let mut widest = painter.widest;
        self.left = painter.left;
        let descriptor = self.file.dictionary(font, "FontDescriptor")?.unwrap_or_default();
        let mut widths = self.file.array(font, "Widths")?;
        widths.extend(descriptor.get("MissingWidth").cloned());
        for width in widths {
            let width = self.file.resolve(&width)?.as_number().ok_or(unclear())?;
            widest = if width < 0.0 {
                f64::INFINITY
            } else {
                widest.max(width)
            };
        }
        let on = widest * a;
        Ok(Font {
            advance: [on.min(0.0), on.max(0.0)],
            letter: around.unwrap_or_default(),
            ..Font::default()
        })
    }
}
