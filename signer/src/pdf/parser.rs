//! Objects out of tokens, with limits on depth and number. Words hidden in comments or strings are never structure.

use core::ops::Range;

use super::{
    lexer::{Fault, Lexer, Token},
    object::{Dictionary, Object, Reference},
};

/// How deep arrays and dictionaries may stand in each other.
const DEEPEST: u32 = 64;
/// How many objects may stand in one.
const MOST: u32 = 500_000;

/// The entries of a dictionary with the place of each value in the window.
pub(crate) type Places = Vec<(Vec<u8>, Range<usize>)>;

/// Reads objects.
#[derive(Debug)]
pub(crate) struct Parser<'l, 'a> {
    lexer: &'l mut Lexer<'a>,
    left: u32,
    places: Places,
}

/// The next object.
pub(crate) fn object(lexer: &mut Lexer<'_>) -> Result<Object, Fault> {
    Parser::new(lexer).next(0)
}

/// The next object and, if it is a dictionary, where its values stand.
pub(crate) fn object_with_places(lexer: &mut Lexer<'_>) -> Result<(Object, Places), Fault> {
    let mut parser = Parser::new(lexer);
    let object = parser.next(0)?;
    Ok((object, parser.places))
}

impl<'l, 'a> Parser<'l, 'a> {
    const fn new(lexer: &'l mut Lexer<'a>) -> Self {
        Self {
            lexer,
            left: MOST,
            places: Vec::new(),
        }
    }

    fn next(&mut self, depth: u32) -> Result<Object, Fault> {
        let token = self.lexer.token()?;
        self.of(token, depth)
    }

    fn of(&mut self, token: Token, depth: u32) -> Result<Object, Fault> {
        if depth > DEEPEST {
            return Err(Fault::TooMuch {
                what: "objects inside each other",
                most: u64::from(DEEPEST),
            });
        }
        self.left = self.left.checked_sub(1).ok_or(Fault::TooMuch {
            what: "values in one object",
            most: u64::from(MOST),
        })?;
        match token {
            Token::Integer(value) => self.number_or_reference(value),
            Token::Real(digits) => Ok(Object::Real(digits)),
            Token::Name(name) => Ok(Object::Name(name)),
            Token::Text(text) => Ok(Object::Text(text)),
            Token::ArrayOpen => self.array(depth),
            Token::DictionaryOpen => self.dictionary(depth).map(Object::Dictionary),
            Token::Keyword(word) => match word.as_slice() {
                b"null" => Ok(Object::Null),
                b"true" => Ok(Object::Boolean(true)),
                b"false" => Ok(Object::Boolean(false)),
                _ => self.form("an unknown word where an object should be"),
            },
            Token::ArrayClose | Token::DictionaryClose => {
                self.form("a closing bracket without an opening one")
            }
        }
    }

    fn form<T>(&self, what: &'static str) -> Result<T, Fault> {
        Err(Fault::Form {
            at: self.lexer.at(),
            what,
        })
    }

    fn number_or_reference(&mut self, value: i64) -> Result<Object, Fault> {
        let Ok(number) = u32::try_from(value) else {
            return Ok(Object::Integer(value));
        };
        let before = self.lexer.clone();
        if let Some(generation) = self.lexer.integer()? {
            let generation = u16::try_from(generation).ok();
            if let Some(generation) = generation
                && self.lexer.keyword(b"R")?
            {
                return Ok(Object::Reference(Reference { number, generation }));
            }
            *self.lexer = before;
        }
        Ok(Object::Integer(value))
    }

    fn array(&mut self, depth: u32) -> Result<Object, Fault> {
        let mut items = Vec::new();
        loop {
            match self.lexer.token()? {
                Token::ArrayClose => return Ok(Object::Array(items)),
                token => items.push(self.of(token, depth + 1)?),
            }
        }
    }

    fn dictionary(&mut self, depth: u32) -> Result<Dictionary, Fault> {
        let mut dictionary = Dictionary::new();
        loop {
            match self.lexer.token()? {
                Token::DictionaryClose => return Ok(dictionary),
                Token::Name(key) => {
                    self.lexer.skip_white()?;
                    let start = self.lexer.at();
                    let value = self.next(depth + 1)?;
                    if depth == 0 {
                        self.places.push((key.clone(), start..self.lexer.at()));
                    }
                    if !dictionary.admit(key, value) {
                        return Err(Fault::TwoReadings {
                            at: start,
                            what: "a dictionary has one key with two values",
                        });
                    }
                }
                _ => return self.form("a dictionary with a key that is no name"),
            }
        }
    }
}
