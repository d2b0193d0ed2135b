//! Component: one of the two halves of a PIN, in the form in which a person types it.
//!
//! The PIN is put into a block with random bytes, and the block is split by XOR with random bytes of its length. Each half
//! alone is random; so is the check value, which is shorter than the random bytes that it covers, so that nobody with one
//! half can try PINs against it. The check value is the same on both halves, and finds a foreign half before the token does.
//!
//! ```text
//! block     = length 1 │ PIN, filled up to 26 │ random 8
//! check     = first 5 of SHA-256("tamga/pin/1" ‖ SHA-256(label) ‖ block)
//! component = form 1 │ number 1 │ first 3 of SHA-256(label) │ check 5 │ half │ first 3 of SHA-256(all before)
//! ```

use core::fmt;

use data_encoding::{DecodeKind, Encoding, Specification};
use domain::{hexadecimal, sha256};
use rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroizing;

const FORM: u8 = 1;
const TOKEN: usize = 3;
const CHECK: usize = 5;
const CHECKSUM: usize = 3;
/// A PIN of up to this length does not tell its length.
const FILLED: usize = 26;
const RANDOM: usize = 8;
/// Letters between two hyphens.
const GROUP: usize = 4;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Number {
    One,
    Two,
}

impl Number {
    pub(crate) const BOTH: [Self; 2] = [Self::One, Self::Two];

    /// 1 or 2.
    pub(crate) const fn value(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value())
    }
}

/// A text is no component, or two of them are no PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ComponentError {
    /// Letters that no component has, or too few of them.
    #[error("this is no component of a PIN: it has letters and digits in groups of four")]
    Form,
    /// A letter is another than it was.
    #[error("there is a typing error in the component; type it again")]
    Typing,
    /// The halves come from two different splits.
    #[error(
        "this component is of another pair than the one that was entered; bring the two that were made together"
    )]
    Pair,
    /// Both were made to look alike, but do not give what was split.
    #[error("the two components do not give the PIN that was split; the token was not asked")]
    Pin,
    /// The PIN is longer than a component can carry.
    #[error("a PIN that is to be split has 1 to 255 bytes")]
    Length,
    /// The system has no randomness.
    #[error("no randomness from the system")]
    Chance,
}

/// One half of a PIN.
pub(crate) struct Component {
    number: Number,
    token: [u8; TOKEN],
    check: [u8; CHECK],
    half: Zeroizing<Vec<u8>>,
}

impl Component {
    /// Longest text that can be one.
    pub(crate) const MOST: usize = 1_024;

    /// Splits the PIN of the token with this label.
    pub(crate) fn split(
        label: &str,
        pin: &[u8],
        rng: &mut impl TryCryptoRng,
    ) -> Result<[Self; 2], ComponentError> {
        let length = u8::try_from(pin.len()).map_err(|_| ComponentError::Length)?;
        if length == 0 {
            return Err(ComponentError::Length);
        }
        let mut block = Zeroizing::new(Vec::with_capacity(1 + pin.len().max(FILLED) + RANDOM));
        block.push(length);
        block.extend_from_slice(pin);
        block.resize(1 + pin.len().max(FILLED), 0);
        block.extend_from_slice(&random(RANDOM, rng)?);
        let half = random(block.len(), rng)?;
        let other = xor(&block, &half);
        let (token, check) = (token(label), check(label, &block));
        let component = |number, half| Self {
            number,
            token,
            check,
            half,
        };
        Ok([component(Number::One, half), component(Number::Two, other)])
    }

    /// Reads what a person typed or a file holds: lines that begin with `#` are for people.
    pub(crate) fn parse(text: &str) -> Result<Self, ComponentError> {
        let encoding = alphabet().ok_or(ComponentError::Form)?;
        let mut letters = Zeroizing::new(String::with_capacity(text.len()));
        for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            letters.push_str(line.trim());
        }
        let bytes = encoding
            .decode(letters.as_bytes())
            .map_err(|error| match error.kind {
                DecodeKind::Symbol => ComponentError::Form,
                DecodeKind::Length | DecodeKind::Trailing | DecodeKind::Padding => ComponentError::Typing,
            });
        let bytes = Zeroizing::new(bytes?);
        let (body, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(ComponentError::Form)?;
        let (&[form, number], rest) = body.split_first_chunk().ok_or(ComponentError::Form)?;
        let (&token, rest) = rest.split_first_chunk().ok_or(ComponentError::Form)?;
        let (&check, half) = rest.split_first_chunk().ok_or(ComponentError::Form)?;
        if first::<CHECKSUM>(body) != *sum {
            return Err(ComponentError::Typing);
        }
        let number = Number::BOTH.into_iter().find(|known| known.value() == number);
        match number {
            Some(number) if form == FORM && half.len() > RANDOM => Ok(Self {
                number,
                token,
                check,
                half: Zeroizing::new(half.to_vec()),
            }),
            _ => Err(ComponentError::Form),
        }
    }

    /// As it is typed.
    pub(crate) fn text(&self) -> Option<Zeroizing<String>> {
        let length = 2 + TOKEN + CHECK + self.half.len() + CHECKSUM;
        let mut bytes = Zeroizing::new(Vec::with_capacity(length));
        bytes.extend_from_slice(&[FORM, self.number.value()]);
        bytes.extend_from_slice(&self.token);
        bytes.extend_from_slice(&self.check);
        bytes.extend_from_slice(&self.half);
        let sum = first::<CHECKSUM>(&bytes);
        bytes.extend_from_slice(&sum);
        let letters = Zeroizing::new(alphabet()?.encode(&bytes));
        let mut text = Zeroizing::new(String::with_capacity(letters.len() * 5 / GROUP + 1));
        for (position, letter) in letters.chars().enumerate() {
            if position > 0 && position % GROUP == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        Some(text)
    }

    /// Which of the two.
    pub(crate) const fn number(&self) -> Number {
        self.number
    }

    /// The check value, by which people see that two components belong together.
    pub(crate) fn check_value(&self) -> String {
        hexadecimal(&self.check).to_uppercase()
    }

    /// Whether it is of the token with this label.
    pub(crate) fn is_of(&self, label: &str) -> bool {
        self.token == token(label)
    }

    /// The PIN, if these are the two that its split gave.
    pub(crate) fn join(&self, other: &Self, label: &str) -> Result<Zeroizing<Vec<u8>>, ComponentError> {
        if self.check != other.check || self.half.len() != other.half.len() {
            return Err(ComponentError::Pair);
        }
        let block = xor(&self.half, &other.half);
        if self.number == other.number || check(label, &block) != self.check {
            return Err(ComponentError::Pin);
        }
        let pin = block
            .split_first()
            .and_then(|(length, rest)| rest.get(..usize::from(*length)));
        pin.map(|pin| Zeroizing::new(pin.to_vec()))
            .ok_or(ComponentError::Pin)
    }

    /// Whether both come from one split, as far as they tell.
    pub(crate) fn pairs_with(&self, other: &Self) -> bool {
        self.check == other.check
    }
}

fn token(label: &str) -> [u8; TOKEN] {
    first(label.as_bytes())
}

fn check(label: &str, block: &[u8]) -> [u8; CHECK] {
    let mut covered = Zeroizing::new(Vec::with_capacity(64 + block.len()));
    covered.extend_from_slice(b"tamga/pin/1");
    covered.extend_from_slice(&sha256(label.as_bytes()));
    covered.extend_from_slice(block);
    first(&covered)
}

/// The first bytes of a SHA-256.
fn first<const N: usize>(of: &[u8]) -> [u8; N] {
    let mut bytes = [0; N];
    for (byte, value) in bytes.iter_mut().zip(sha256(of)) {
        *byte = value;
    }
    bytes
}

fn xor(one: &[u8], other: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut both = Zeroizing::new(Vec::with_capacity(one.len()));
    both.extend(one.iter().zip(other).map(|(one, other)| one ^ other));
    both
}

fn random(length: usize, rng: &mut impl TryRng) -> Result<Zeroizing<Vec<u8>>, ComponentError> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    rng.try_fill_bytes(&mut bytes)
        .map_err(|_| ComponentError::Chance)?;
    Ok(bytes)
}

/// Crockford's base32: no letter that looks like a digit, and capitals, blanks and hyphens do not matter.
fn alphabet() -> Option<Encoding> {
    let mut form = Specification::new();
    form.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    form.translate.from.push_str("abcdefghjkmnpqrstvwxyzOoIiLl");
    form.translate.to.push_str("ABCDEFGHJKMNPQRSTVWXYZ001111");
    form.ignore.push_str(" -\t");
    form.encoding().ok()
}

/// A new PIN of 130 bits: letters and digits, which every token takes.
pub(super) fn drawn_pin(rng: &mut impl TryCryptoRng) -> Result<Zeroizing<Vec<u8>>, ComponentError> {
    let bytes = random(FILLED, rng)?;
    let letters = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let letter = |byte: &u8| letters.get(usize::from(byte % 32)).copied();
    let mut pin = Zeroizing::new(Vec::with_capacity(FILLED));
    pin.extend(bytes.iter().filter_map(letter));
    Ok(pin)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABEL: &str = "tamga clients";

    fn pair(pin: &[u8]) -> [Component; 2] {
        Component::split(LABEL, pin, &mut getrandom::SysRng).unwrap()
    }

    #[test]
    fn both_give_the_pin_however_they_are_typed() {
        for pin in [&b"1234"[..], b"fa1ry-tale-9021", &[7; 255]] {
            let [one, two] = pair(pin).map(|part| part.text().unwrap());
            let sloppy = format!(
                "# for people\n  {} \n",
                one.to_lowercase().replace('-', " ").replace('0', "o")
            );
            let one = Component::parse(&sloppy).unwrap();
            let two = Component::parse(&two).unwrap();
            assert_eq!(**one.join(&two, LABEL).unwrap(), *pin);
            assert_eq!(**two.join(&one, LABEL).unwrap(), *pin);
            assert_eq!(one.check_value(), two.check_value());
        }
    }

    #[test]
    fn every_wrong_letter_is_found() {
        let [one, _] = pair(b"1234").map(|part| part.text().unwrap());
        for position in 0..one.len() {
            let mut typed = one.as_bytes().to_vec();
            typed[position] = match typed[position] {
                b'-' => continue,
                b'7' => b'8',
                _ => b'7',
            };
            let refused = Component::parse(core::str::from_utf8(&typed).unwrap()).err();
            assert!(refused.is_some(), "at {position}");
        }
        assert_eq!(Component::parse(&one[5..]).err(), Some(ComponentError::Typing));
        assert_eq!(Component::parse("").err(), Some(ComponentError::Form));
        assert_eq!(Component::parse("пароль").err(), Some(ComponentError::Form));
    }

    #[test]
    fn what_does_not_belong_together_gives_no_pin() {
        let ([one, _], [_, foreign]) = (pair(b"1234"), pair(b"1234"));
        assert_eq!(one.join(&foreign, LABEL).err(), Some(ComponentError::Pair));
        let forged = Component {
            check: one.check,
            ..foreign
        };
        assert_eq!(one.join(&forged, LABEL).err(), Some(ComponentError::Pin));
        assert_eq!(one.join(&one, LABEL).err(), Some(ComponentError::Pin));
        let [one, two] = pair(b"1234");
        assert_eq!(one.join(&two, "tamga services").err(), Some(ComponentError::Pin));
        assert!(one.is_of(LABEL) && !one.is_of("tamga services"));
        assert!(Component::split(LABEL, b"", &mut getrandom::SysRng).is_err());
    }
}
