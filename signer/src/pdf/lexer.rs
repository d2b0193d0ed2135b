//! Tokens (ISO 32000-2, 7.2) of a window of bytes. A token that touches the window's end is not believed before the
//! window was made larger, unless the file ends there.

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Integer(i64),
    Real(Vec<u8>),
    Name(Vec<u8>),
    Text(Vec<u8>),
    ArrayOpen,
    ArrayClose,
    DictionaryOpen,
    DictionaryClose,
    /// Anything else that is made of regular characters.
    Keyword(Vec<u8>),
}

/// No token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The window ends too early.
    More,
    /// Not the form of PDF, at this place of the window.
    Form { at: usize, what: &'static str },
    /// Two readings, at this place of the window.
    TwoReadings { at: usize, what: &'static str },
    /// An object has more than this of something.
    TooMuch { what: &'static str, most: u64 },
}

/// A place in a window.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'a> {
    window: &'a [u8],
    at: usize,
    ends_file: bool,
}

pub(crate) const fn is_white(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

const fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

pub(crate) const fn is_regular(byte: u8) -> bool {
    !is_white(byte) && !is_delimiter(byte)
}

const fn nibble(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

impl<'a> Lexer<'a> {
    /// Reads a window from its beginning; `ends_file` if nothing comes after it.
    pub(crate) const fn new(window: &'a [u8], ends_file: bool) -> Self {
        Self {
            window,
            at: 0,
            ends_file,
        }
    }

    /// The place of the next byte.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.window.get(self.at).copied()
    }

    /// The next byte, which must be there.
    fn take(&mut self) -> Result<u8, Fault> {
        let byte = self.peek().ok_or(if self.ends_file {
            Fault::Form {
                at: self.at,
                what: "the file ends inside an object",
            }
        } else {
            Fault::More
        })?;
        self.at += 1;
        Ok(byte)
    }

    fn form<T>(&self, what: &'static str) -> Result<T, Fault> {
        Err(Fault::Form { at: self.at, what })
    }

    /// Goes beyond white space and comments.
    pub(crate) fn skip_white(&mut self) -> Result<(), Fault> {
        loop {
            match self.peek() {
                Some(byte) if is_white(byte) => self.at += 1,
                Some(b'%') => {
                    while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                        self.at += 1;
                    }
                }
                None if !self.ends_file => return Err(Fault::More),
                Some(_) | None => return Ok(()),
            }
        }
    }

    /// Goes beyond the end of line that follows the keyword `stream` (7.3.8.1); a lone carriage return is refused there,
    /// because readers disagree on where the data begins.
    pub(crate) fn skip_stream_line(&mut self) -> Result<(), Fault> {
        match self.take()? {
            b'\n' => Ok(()),
            b'\r' if self.take()? == b'\n' => Ok(()),
            _ => self.form("no line end after the word stream"),
        }
    }

    /// The next token.
    pub(crate) fn token(&mut self) -> Result<Token, Fault> {
        self.skip_white()?;
        match self.take()? {
            b'[' => Ok(Token::ArrayOpen),
            b']' => Ok(Token::ArrayClose),
            b'(' => self.literal(),
            b'/' => self.name(),
            b'<' => {
                if self.take()? == b'<' {
                    return Ok(Token::DictionaryOpen);
                }
                self.at -= 1;
                self.hexadecimal()
            }
            b'>' if self.take()? == b'>' => Ok(Token::DictionaryClose),
            byte if is_regular(byte) => {
                self.at -= 1;
                self.regular()
            }
            _ => {
                self.at -= 1;
                self.form("an unexpected character")
            }
        }
    }

    /// The next token if it is an integer; else nothing is taken.
    pub(crate) fn integer(&mut self) -> Result<Option<i64>, Fault> {
        let before = self.at;
        self.skip_white()?;
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at = before;
            return Ok(None);
        }
        if let Token::Integer(value) = self.token()? {
            return Ok(Some(value));
        }
        self.at = before;
        Ok(None)
    }

    /// The next token if it is this keyword; else nothing is taken.
    pub(crate) fn keyword(&mut self, keyword: &[u8]) -> Result<bool, Fault> {
        let before = self.at;
        self.skip_white()?;
        if self.peek().is_some_and(is_regular) && self.token()? == Token::Keyword(keyword.to_vec()) {
            return Ok(true);
        }
        self.at = before;
        Ok(false)
    }

    fn regular_bytes(&mut self) -> Result<&'a [u8], Fault> {
        let rest = self.window.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_regular(*byte));
        if length.is_none() && !self.ends_file {
            return Err(Fault::More);
        }
        let bytes = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        self.at += bytes.len();
        Ok(bytes)
    }

    fn regular(&mut self) -> Result<Token, Fault> {
        let bytes = self.regular_bytes()?;
        let numeric = bytes
            .iter()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.'));
        if !numeric {
            return Ok(Token::Keyword(bytes.to_vec()));
        }
        let digits = core::str::from_utf8(bytes).unwrap_or_default();
        if let Ok(value) = digits.parse::<i64>() {
            return Ok(Token::Integer(value));
        }
        if digits.len() <= 64 && digits.contains('.') && digits.parse::<f64>().is_ok() {
            return Ok(Token::Real(bytes.to_vec()));
        }
        self.form("a number that is none")
    }

    fn name(&mut self) -> Result<Token, Fault> {
        let raw = self.regular_bytes()?;
        let mut name = Vec::with_capacity(raw.len());
        let mut bytes = raw.iter().copied();
        while let Some(byte) = bytes.next() {
            if byte == b'#' {
                let mut pair = bytes.clone();
                let code = pair.next().and_then(nibble).zip(pair.next().and_then(nibble));
                if let Some((high, low)) = code {
                    name.push(high << 4 | low);
                    bytes = pair;
                    continue;
                }
            }
            name.push(byte);
        }
        Ok(Token::Name(name))
    }

    fn hexadecimal(&mut self) -> Result<Token, Fault> {
        let mut digits = Vec::new();
        loop {
            let byte = self.take()?;
            match nibble(byte) {
                Some(digit) => digits.push(digit),
                None if byte == b'>' => break,
                None if is_white(byte) => {}
                None => return self.form("a hexadecimal string with other characters"),
            }
        }
        let pairs = digits.chunks(2).map(|pair| match pair {
            [high, low] => high << 4 | low,
            [high] => high << 4,
            _ => 0,
        });
        Ok(Token::Text(pairs.collect()))
    }

    fn literal(&mut self) -> Result<Token, Fault> {
        let mut text = Vec::new();
        let mut open = 1_u32;
        loop {
            match self.take()? {
                b'\\' => self.escape(&mut text)?,
                b')' if open == 1 => return Ok(Token::Text(text)),
                byte @ (b'(' | b')') => {
                    open = if byte == b'(' {
                        open.saturating_add(1)
                    } else {
                        open.saturating_sub(1)
                    };
                    text.push(byte);
                }
                b'\r' => {
                    self.skip_line_feed()?;
                    text.push(b'\n');
                }
                byte => text.push(byte),
            }
        }
    }

    fn skip_line_feed(&mut self) -> Result<(), Fault> {
        if self.take()? != b'\n' {
            self.at -= 1;
        }
        Ok(())
    }

    fn escape(&mut self, text: &mut Vec<u8>) -> Result<(), Fault> {
        match self.take()? {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\n' => {}
            b'\r' => self.skip_line_feed()?,
            digit @ b'0'..=b'7' => {
                let mut code = u32::from(digit - b'0');
                for _ in 0..2 {
                    let digit @ b'0'..=b'7' = self.take()? else {
                        self.at -= 1;
                        break;
                    };
                    code = code * 8 + u32::from(digit - b'0');
                }
                // High-order overflow is ignored (7.3.4.2).
                text.push(u8::try_from(code & 0xFF).unwrap_or_default());
            }
            byte => text.push(byte),
        }
        Ok(())
    }
}
