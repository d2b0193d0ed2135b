//! Who entered which PIN, and what was refused: leaves of the house, written before the first call is answered.

use domain::{LeafKind, Time};
use serde::Serialize;

use super::{
    Boundary,
    leaves::{About, leaf},
    rows::journal_fault,
};
use crate::{Clock, Journal, LedgerHead, Unavailable};

/// Refusals that become leaves; what comes beyond is counted.
const MOST: usize = 64;

/// What happened while PINs were entered.
#[derive(Debug, Default)]
pub struct PinActs {
    /// PINs that two people entered.
    pub entered: Vec<PinEntered>,
    refused: Vec<PinRefused>,
    more: u64,
}

/// A PIN that two people entered.
#[derive(Debug, Serialize)]
pub struct PinEntered {
    /// The token's label.
    pub token: String,
    /// Who entered which component.
    pub components: [PinComponent; 2],
    /// When the second one came.
    pub at: String,
}

/// A component with who entered it.
#[derive(Clone, Debug, Serialize)]
pub struct PinComponent {
    /// 1 or 2.
    pub number: u8,
    /// The officer's name.
    pub officer: String,
    /// SHA-256 of the officer's public key (the uncompressed point), hexadecimal.
    pub key_sha256: String,
    /// The officer's signature, a JWS over nonce, token, number and digest of the component.
    pub proof: String,
}

/// A component that was refused.
#[derive(Debug, Serialize)]
pub struct PinRefused {
    /// Who the other side said to be; nobody has checked it.
    pub claimed: String,
    /// Why, in words.
    pub reason: String,
    /// When.
    pub at: String,
}

#[derive(Serialize)]
struct MoreRefused {
    more_refused: u64,
}

impl PinActs {
    /// Notes a refusal; of very many, only the number.
    pub fn refuse(&mut self, refused: PinRefused) {
        if self.refused.len() < MOST {
            self.refused.push(refused);
        } else {
            self.more += 1;
        }
    }

    /// Keeps what happened in the Ledger; `None` if nothing did. For a program without a boundary, such as `init`.
    pub async fn keep<J: Journal>(&self, journal: &J, now: Time) -> Result<Option<LedgerHead>, Unavailable> {
        let mut leaves = Vec::new();
        for refused in &self.refused {
            leaves.push(leaf(LeafKind::PinRefused, now, About::HOUSE, refused, None)?);
        }
        if self.more > 0 {
            let more = MoreRefused {
                more_refused: self.more,
            };
            leaves.push(leaf(LeafKind::PinRefused, now, About::HOUSE, &more, None)?);
        }
        for entered in &self.entered {
            leaves.push(leaf(LeafKind::PinEntered, now, About::HOUSE, entered, None)?);
        }
        if leaves.is_empty() {
            return Ok(None);
        }
        journal.append(leaves).await.map(Some).map_err(journal_fault)
    }
}

impl<J: Journal, C: Clock> Boundary<J, C> {
    /// Keeps in the Ledger who entered the PINs that this boundary was started with; call it before anybody is served.
    pub async fn keep_pin_acts(&self, acts: &PinActs) -> Result<(), Unavailable> {
        if let Some(head) = acts.keep(&self.0.journal, self.0.clock.now()).await? {
            self.0.advanced(head);
        }
        Ok(())
    }
}
