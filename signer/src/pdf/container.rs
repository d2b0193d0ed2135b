//! [`Container`]: an object stream (ISO 32000-2, 7.5.7), unpacked.

use super::{
    PdfError,
    lexer::Lexer,
    object::{Dictionary, Object},
    parser::object,
    window::told,
};

/// Unpacked objects without their own place in the file.
#[derive(Debug)]
pub(crate) struct Container {
    at: u64,
    data: Vec<u8>,
    /// Number and offset of each.
    objects: Vec<(u32, usize)>,
}

const MOST_OBJECTS: usize = 200_000;

impl Container {
    /// How large one may be.
    pub(crate) const MOST: u64 = 8 * 1024 * 1024;

    /// Reads the list at its beginning.
    pub(crate) fn new(at: u64, dictionary: &Dictionary, data: Vec<u8>) -> Result<Self, PdfError> {
        let wrong = || PdfError::damaged(at, "an object stream without its list");
        let number = |key| {
            let value = dictionary.get(key).and_then(Object::as_integer);
            value
                .and_then(|value| usize::try_from(value).ok())
                .ok_or_else(wrong)
        };
        let (count, first) = (number("N")?, number("First")?);
        if !dictionary.says("Type", "ObjStm") || count > MOST_OBJECTS {
            return Err(wrong());
        }
        let mut objects = Vec::new();
        let mut lexer = Lexer::new(data.get(..first).ok_or_else(wrong)?, true);
        for _ in 0..count {
            let pair = lexer
                .integer()
                .and_then(|number| Ok(number.zip(lexer.integer()?)));
            let (number, offset) = pair.map_err(|fault| told(fault, at))?.ok_or_else(wrong)?;
            let number = u32::try_from(number).map_err(|_| wrong())?;
            let offset = usize::try_from(offset).map_err(|_| wrong())?;
            objects.push((number, first.checked_add(offset).ok_or_else(wrong)?));
        }
        let mut numbers = objects.iter().map(|(number, _)| *number).collect::<Vec<_>>();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() < objects.len() {
            return Err(PdfError::two_readings(
                at,
                "an object stream has one object twice",
            ));
        }
        Ok(Self { at, data, objects })
    }

    /// How many bytes of memory it takes, about.
    pub(crate) fn size(&self) -> usize {
        self.data.len() + self.objects.len() * size_of::<(u32, usize)>()
    }

    /// The object of this number, which must be at this place of the list.
    pub(crate) fn object(&self, number: u32, index: u32) -> Result<Object, PdfError> {
        let wrong = || {
            PdfError::damaged(
                self.at,
                "an object stream does not have what the cross-references say",
            )
        };
        let place = self.objects.get(index as usize).ok_or_else(wrong)?;
        let (_, offset) = Some(place)
            .filter(|(known, _)| *known == number)
            .ok_or_else(wrong)?;
        let mut lexer = Lexer::new(self.data.get(*offset..).ok_or_else(wrong)?, true);
        object(&mut lexer).map_err(|fault| told(fault, self.at))
    }
}
