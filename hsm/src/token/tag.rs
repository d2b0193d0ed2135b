//! Tags: HMACs over rows that decide about keys, by a key that never leaves the token.

use cryptoki::mechanism::Mechanism;
use subtle::ConstantTimeEq;

use super::{Desk, Trouble};
use crate::{Tag, Tagged, credential::TAG_KEY, worker::Refusal};

impl Desk {
    /// Makes a tag.
    pub(super) fn make_tag(&self, bytes: &[u8]) -> Result<Tag, Trouble> {
        let mac = self
            .session
            .sign(&Mechanism::Sha256Hmac, self.key(TAG_KEY)?, bytes)?;
        let mac: [u8; 32] = mac
            .as_slice()
            .try_into()
            .map_err(|_| Refusal::Token("an HMAC of another length".to_owned()))?;
        Ok(Tag(mac))
    }

    /// Makes several.
    pub(super) fn make_tags(&self, rows: &[Vec<u8>]) -> Result<Vec<Tag>, Trouble> {
        rows.iter().map(|bytes| self.make_tag(bytes)).collect()
    }

    /// Checks tags; the first that does not fit is named by its position.
    pub(super) fn check_tags(&self, rows: &[Tagged]) -> Result<(), Trouble> {
        for (position, row) in rows.iter().enumerate() {
            if !bool::from(self.make_tag(&row.bytes)?.0.ct_eq(&row.tag.0)) {
                return Err(Refusal::Tag {
                    position: u32::try_from(position).unwrap_or(u32::MAX),
                }
                .into());
            }
        }
        Ok(())
    }
}
