//! PINs: from a file, or entered by two people of whom neither knows it.
//!
//! A PIN that two people enter is nowhere written down. It is split once ([`mod@split`], by `init` or `split-pin`) into two
//! components, each of which alone is random; whoever starts `tamga-hsm` waits ([`entered`]) until two officers have brought
//! ([`mod@enter`]) one each. Only a PIN whose check value fits reaches the token, since tokens lock after wrong ones.

mod component;
mod enter;
mod gate;
mod officers;
mod parts;
mod proof;
mod split;
mod terminal;

use std::collections::BTreeMap;

use hsm::PinActs;
use zeroize::Zeroizing;

pub(crate) use self::{
    enter::enter,
    gate::entered,
    officers::{EnteredBy, OfficerError, PinEntry, PinEntrySettings, PinPlace},
    split::{drawn, split},
};

/// The PINs that people entered, by the token's label.
pub(crate) type Pins = BTreeMap<String, Zeroizing<Vec<u8>>>;

/// What an entry gave: the PINs, and who did what.
#[derive(Default)]
pub(crate) struct Entered {
    pub(crate) pins: Pins,
    pub(crate) acts: PinActs,
}
