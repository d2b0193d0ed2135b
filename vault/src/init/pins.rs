//! PINs that two people enter, while tokens are set up: made and split for a token that is not there yet, waited for where
//! it is.

use std::path::Path;

use hsm::{Clock as _, SystemClock, is_initialised};
use store::Store;

use super::{InitError, Which, child};
use crate::{
    pin::{self, PinEntry, PinPlace, Pins},
    settings::{self, Settings},
};

/// What [`look`] prints for a token that is there.
const THERE: &str = "there";

/// The hidden command that only looks: whether the token is initialised.
pub(crate) fn look(settings: &Settings, which: Which) -> Result<(), Box<dyn std::error::Error>> {
    let token = settings.token(which).ok_or(InitError::NoToken(which))?;
    println!(
        "{}",
        if is_initialised(&token.settings)? {
            THERE
        } else {
            "absent"
        }
    );
    Ok(())
}

/// `tamga-hsm split-pin`: components of a PIN that a token has already.
pub(crate) fn split(
    settings: &Settings,
    which: Which,
    (pin_file, components): (&Path, &Path),
) -> Result<(), Box<dyn std::error::Error>> {
    if matches!(which, Which::Root) {
        return Err(pin::OfficerError::Root.into());
    }
    let token = settings.token(which).ok_or(InitError::NoToken(which))?;
    pin::split(&token.settings.label, &settings::pin(pin_file)?, components)?;
    Ok(())
}

/// The PINs of the tokens that two people open. Those of tokens that are there are waited for first, so that no component
/// is written for an `init` that comes to nothing.
pub(super) fn gather(
    settings: &Settings,
    config: &Path,
    components: Option<&Path>,
) -> Result<Pins, Box<dyn std::error::Error>> {
    let Some(entry) = PinEntry::of(settings)? else {
        return Ok(Pins::new());
    };
    let (mut there, mut absent) = (Vec::new(), Vec::new());
    for which in [Which::Clients, Which::Services] {
        let Some(token) = settings
            .token(which)
            .filter(|token| matches!(token.pin, PinPlace::TwoPeople))
        else {
            continue;
        };
        let label = token.settings.label.clone();
        if there.contains(&label) || absent.contains(&label) {
            continue;
        }
        if child(settings, config, (which, None), &["--look".to_owned()])?.trim() == THERE {
            there.push(label);
        } else if token.so_pin_file.is_none() {
            return Err(InitError::NoOfficer(label).into());
        } else {
            absent.push(label);
        }
    }
    let folder = match absent.first() {
        Some(label) => components.ok_or_else(|| InitError::NoFolder(label.clone()))?,
        None => Path::new(""),
    };
    let mut pins = wait(settings, entry.only(&there))?;
    for label in absent {
        let drawn = pin::drawn()?;
        pin::split(&label, &drawn, folder)?;
        pins.insert(label, drawn);
    }
    Ok(pins)
}

fn wait(settings: &Settings, entry: PinEntry) -> Result<Pins, Box<dyn std::error::Error>> {
    if entry.tokens.is_empty() {
        return Ok(Pins::new());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::open(&settings.database).await?;
        let entered = pin::entered(settings, Some(entry)).await?;
        entered.acts.keep(&store, SystemClock.now()).await?;
        Ok(entered.pins)
    })
}
