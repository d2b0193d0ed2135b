//! Content streams as operators with their operands (ISO 32000-2, 7.8.2, 8.9.7).

use crate::pdf::{
    PdfError,
    lexer::{Lexer, Token, is_white},
    object::Object,
    parser::object,
};

/// What comes next.
#[derive(Debug)]
pub(super) enum Step {
    Operator(Vec<u8>, Operands),
    InlineImage,
    End,
}

/// What stands before an operator.
#[derive(Debug, Default)]
pub(super) struct Operands(Vec<Object>);

/// No operator has more.
const MOST: usize = 64;

impl Operands {
    /// The last numbers. One that is missing is no number, and then takes the whole page.
    pub(super) fn numbers<const N: usize>(&self) -> [f64; N] {
        let mut numbers = [f64::NAN; N];
        let values = self.0.iter().rev().filter_map(Object::as_number);
        for (number, value) in numbers.iter_mut().rev().zip(values) {
            *number = value;
        }
        numbers
    }

    /// The last name.
    pub(super) fn name(&self) -> Option<&[u8]> {
        self.0.iter().rev().find_map(Object::as_name)
    }

    /// The text that is shown: one, or several with moves between them.
    pub(super) fn shown(&self) -> &[Object] {
        match self.0.as_slice() {
            [.., Object::Array(items)] => items,
            [.., last] => core::slice::from_ref(last),
            [] => &[],
        }
    }
}

/// Reads up to the next operator. Returns what comes after it.
pub(super) fn next(content: &[u8]) -> Result<(Step, &[u8]), PdfError> {
    let broken = |_| PdfError::damaged(0, "content that is none");
    let mut lexer = Lexer::new(content, true);
    let mut operands = Vec::new();
    let rest = |lexer: &Lexer<'_>| content.get(lexer.at()..).unwrap_or_default();
    loop {
        lexer.skip_white().map_err(broken)?;
        if rest(&lexer).is_empty() {
            return Ok((Step::End, &[]));
        }
        let before = lexer.clone();
        match lexer.token().map_err(broken)? {
            Token::Keyword(word) => match word.as_slice() {
                b"true" | b"false" | b"null" => {}
                b"ID" => return Ok((Step::InlineImage, after_image(rest(&lexer))?)),
                _ => return Ok((Step::Operator(word, Operands(operands)), rest(&lexer))),
            },
            Token::ArrayOpen | Token::DictionaryOpen => {
                lexer = before;
                operands.push(object(&mut lexer).map_err(broken)?);
            }
            Token::Integer(value) => operands.push(Object::Integer(value)),
            Token::Real(digits) => operands.push(Object::Real(digits)),
            Token::Name(name) => operands.push(Object::Name(name)),
            Token::Text(text) => operands.push(Object::Text(text)),
            Token::ArrayClose | Token::DictionaryClose => {
                return Err(PdfError::damaged(0, "content that is none"));
            }
        }
        if operands.len() > MOST {
            return Err(PdfError::damaged(0, "content that is none"));
        }
    }
}

/// What comes after `EI`: a word by itself, followed by what can be content.
fn after_image(data: &[u8]) -> Result<&[u8], PdfError> {
    const LOOK: usize = 12;
    let ends = |place: &usize| {
        let tail = data.get(*place..).unwrap_or_default();
        let [white, b'E', b'I', after @ ..] = tail else {
            return false;
        };
        let mut after = after.iter().take(LOOK);
        is_white(*white)
            && after.clone().next().is_none_or(|byte| is_white(*byte))
            && after.all(|byte| is_white(*byte) && *byte != 0 || (0x20..0x7F).contains(byte))
    };
    let end = (0..data.len()).find(ends);
    end.and_then(|end| data.get(end + 3..))
        .ok_or(PdfError::damaged(0, "an image without an end"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_inside_content_are_stepped_over() {
        let content = b"q BI /W 2 /H 1 /BPC 8 ID \x00 EI\x01\x90 EI\nQ 1 2 m";
        let (step, rest) = next(content).unwrap();
        assert!(matches!(step, Step::Operator(word, _) if word == b"q"));
        let (step, rest) = next(rest).unwrap();
        assert!(matches!(step, Step::Operator(word, _) if word == b"BI"));
        let (step, rest) = next(rest).unwrap();
        assert!(matches!(step, Step::InlineImage));
        let (step, rest) = next(rest).unwrap();
        assert!(matches!(step, Step::Operator(word, _) if word == b"Q"));
        let (step, rest) = next(rest).unwrap();
        assert!(
            matches!(step, Step::Operator(_, operands) if operands.numbers::<2>().map(|number| number.to_string()) == ["1", "2"])
        );
        assert!(matches!(next(rest).unwrap().0, Step::End));
        assert!(next(b"BI ID abc").is_ok_and(|(_, rest)| next(rest).is_err()));
    }
}
