//! The high-water mark as a private data object. Tokens do not all change such objects, so it is replaced: the new
//! one is written before the old one is destroyed, and of two that a crash left behind the greater counts.

use cryptoki::{
    error::Result,
    object::{Attribute, AttributeType, ObjectClass, ObjectHandle},
};

use super::{Desk, Trouble};
use crate::worker::Answer;

const LABEL: &[u8] = b"tamga/mark";

impl Desk {
    /// The mark; its first bytes are a big-endian number, so the greatest is the newest.
    pub(super) fn read_mark(&self) -> core::result::Result<Answer, Trouble> {
        let marks = self.marks()?;
        Ok(Answer::Mark(marks.into_iter().map(|(_, value)| value).max()))
    }

    /// Replaces the mark.
    pub(super) fn write_mark(&self, value: &[u8]) -> core::result::Result<Answer, Trouble> {
        let old = self.marks()?;
        self.session.create_object(&[
            Attribute::Class(ObjectClass::DATA),
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Label(LABEL.to_vec()),
            Attribute::Value(value.to_vec()),
        ])?;
        for (handle, _) in old {
            self.session.destroy_object(handle)?;
        }
        Ok(Answer::Done)
    }

    fn marks(&self) -> Result<Vec<(ObjectHandle, Vec<u8>)>> {
        let template = [
            Attribute::Class(ObjectClass::DATA),
            Attribute::Label(LABEL.to_vec()),
        ];
        let mut marks = Vec::new();
        for handle in self.session.find_objects(&template)? {
            for attribute in self.session.get_attributes(handle, &[AttributeType::Value])? {
                if let Attribute::Value(value) = attribute {
                    marks.push((handle, value));
                }
            }
        }
        Ok(marks)
    }
}
