//! Content streams as operators with their operands (ISO 32000-2, 7.8.2, 8.9.7).

use super::inline;
use crate::pdf::{
    PdfError,
    lexer::{Lexer, Token},
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
    /// All, in their order.
    pub(super) fn all(&self) -> &[Object] {
        &self.0
    }

    /// The last numbers. One that is missing is no number, and then takes the whole page.
    pub(super) fn numbers<const N: usize>(&self) -> [f64; N] {
        let mut numbers = [f64::NAN; N];
        let values = self.0.iter().rev().filter_map(Object::as_number);
        for (number, value) in numbers.iter_mut().rev().zip(values) {
            *number = value;
        }
        numbers
    }

    /// The first numbers, likewise.
    pub(super) fn first<const N: usize>(&self) -> [f64; N] {
        let mut numbers = [f64::NAN; N];
        for (number, value) in numbers.iter_mut().zip(&self.0) {
            *number = value.as_number().unwrap_or(f64::NAN);
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
    let mut is_image = false;
    let rest = |lexer: &Lexer<'_>| content.get(lexer.at()..).unwrap_or_default();
    loop {
        lexer.skip_white().map_err(broken)?;
        if rest(&lexer).is_empty() {
            // Operands without an operator are of no effect only where nothing comes after them.
            return if is_image {
                Err(PdfError::damaged(0, "an image without an end"))
            } else {
                Ok((Step::End, &[]))
            };
        }
        let before = lexer.clone();
        match lexer.token().map_err(broken)? {
            Token::Keyword(word) => match word.as_slice() {
                b"true" => operands.push(Object::Boolean(true)),
                b"false" => operands.push(Object::Boolean(false)),
                b"null" => operands.push(Object::Null),
                b"BI" if !is_image && operands.is_empty() => is_image = true,
                b"ID" if is_image => return Ok((Step::InlineImage, inline::after(&operands, rest(&lexer))?)),
                _ if is_image => return Err(PdfError::damaged(0, "content that is none")),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_inside_content_are_stepped_over() {
        let content = b"q BI /W 6 /H 1 /BPC 8 /CS /G ID \x00 EI\x01\x90 EI\nQ 1 2 m";
        let (step, rest) = next(content).unwrap();
        assert!(matches!(step, Step::Operator(word, _) if word == b"q"));
        let (step, rest) = next(rest).unwrap();
        assert!(matches!(step, Step::InlineImage));
        let (step, rest) = next(rest).unwrap();
        assert!(matches!(step, Step::Operator(word, _) if word == b"Q"));
        let (step, rest) = next(rest).unwrap();
        assert!(
            matches!(step, Step::Operator(_, operands) if operands.numbers::<2>().map(|number| number.to_string()) == ["1", "2"])
        );
        assert!(matches!(next(rest).unwrap().0, Step::End));
        for wrong in [
            b"BI ID abc".as_slice(),
            b"BI /W 1 /H 1 /BPC 8 /CS /G ID abc EI ",
            b"BI /W 1 /H 1 /IM true",
            b"BI q ID a EI ",
        ] {
            assert!(next(wrong).is_err());
        }
    }
}
