//! [`Frame`]: what stands around a signature and inside its object, by which the signed document is put together.

use core::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{Output, xml::slot::Slot};

/// Pieces of the source and of our own, in their order.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::xml::prepare) struct Frame {
    source_before: Range<u64>,
    before: String,
    object_opens: String,
    source_inside: Range<u64>,
    object_closes: String,
    after: String,
    source_after: Range<u64>,
}

impl Frame {
    /// In a slot of the source.
    pub(super) fn inserted(slot: &Slot, length: usize) -> Self {
        Self {
            source_before: 0..slot.cut.start as u64,
            before: slot.before.clone(),
            after: slot.after.clone(),
            source_after: slot.cut.end as u64..length as u64,
            ..Self::default()
        }
    }

    /// Around a part of the source.
    pub(super) fn around(object: &str, part: Range<usize>) -> Self {
        Self {
            object_opens: format!("<ds:Object Id=\"{object}\">"),
            source_inside: part.start as u64..part.end as u64,
            object_closes: "</ds:Object>".to_owned(),
            ..Self::default()
        }
    }

    /// Around a file in base64.
    pub(super) fn with_file(object: &str, base64: &str) -> Self {
        Self {
            object_opens: format!(
                "<ds:Object Encoding=\"http://www.w3.org/2000/09/xmldsig#base64\" Id=\"{object}\">{base64}</ds:Object>"
            ),
            ..Self::default()
        }
    }

    /// Within an element of our own.
    pub(super) fn within(before: String, after: String) -> Self {
        Self {
            before,
            after,
            ..Self::default()
        }
    }

    /// How many bytes it holds of its own.
    pub(in crate::xml::prepare) fn length(&self) -> usize {
        let ours = [&self.before, &self.object_opens, &self.object_closes, &self.after];
        ours.into_iter().map(String::len).sum()
    }

    /// The document with a signature that lacks its end tag.
    pub(in crate::xml::prepare) fn output(self, signature: &str) -> Output {
        let before = [&self.before, signature, &self.object_opens].concat();
        let after = [&self.object_closes, "</ds:Signature>", &self.after].concat();
        Output::new()
            .source(0, self.source_before)
            .bytes(before.into_bytes())
            .source(0, self.source_inside)
            .bytes(after.into_bytes())
            .source(0, self.source_after)
    }
}
