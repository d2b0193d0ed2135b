//! [`Slot`]: a place inside an element where something of ours is inserted, without touching a byte of anybody's.

use core::ops::Range;

use super::{names::XADES, tree::Element};

/// Where, and with what around it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Slot {
    /// Bytes that are replaced: none, or the `/>` of an element that was empty.
    pub(super) cut: Range<usize>,
    pub(super) before: String,
    pub(super) after: String,
}

impl Slot {
    /// After everything that is in an element.
    pub(super) fn at_end_of(element: Element<'_, '_>) -> Self {
        if let Some(inside) = element.inside() {
            return Self {
                cut: inside.end..inside.end,
                ..Self::default()
            };
        }
        let end = element.place().end;
        Self {
            cut: end.saturating_sub(2)..end,
            before: ">".to_owned(),
            after: format!("</{}>", element.qualified()),
        }
    }

    /// After the last unsigned property of a signature with qualifying properties; they are made if there are none.
    pub(super) fn unsigned(qualifying: Element<'_, '_>) -> Self {
        let unsigned = qualifying.only(XADES, "UnsignedProperties");
        let inner = unsigned.and_then(|unsigned| unsigned.only(XADES, "UnsignedSignatureProperties"));
        if let Some(properties) = inner {
            return Self::at_end_of(properties);
        }
        let colon = if qualifying.prefix().is_empty() { "" } else { ":" };
        let prefix = qualifying.prefix();
        let wrap = |slot: Self, local: &str| Self {
            before: format!("{}<{prefix}{colon}{local}>", slot.before),
            after: format!("</{prefix}{colon}{local}>{}", slot.after),
            cut: slot.cut,
        };
        match unsigned {
            // The schema wants them before those of data objects.
            Some(unsigned) => {
                let mut slot = Self::at_end_of(unsigned);
                if let Some(inside) = unsigned.inside() {
                    slot.cut = inside.start..inside.start;
                }
                wrap(slot, "UnsignedSignatureProperties")
            }
            None => wrap(
                wrap(Self::at_end_of(qualifying), "UnsignedProperties"),
                "UnsignedSignatureProperties",
            ),
        }
    }
}
