//! Splitting a PIN: two files, one for each person, which are removed once both have written theirs down.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::component::{Component, ComponentError, drawn_pin};

/// The components were not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SplitError {
    /// The PIN cannot be split.
    #[error(transparent)]
    Component(#[from] ComponentError),
    /// A file.
    #[error(
        "{path} cannot be written: {reason}; components are never written over, since a token may need them; if no token was made \
         with them, remove them and try again"
    )]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
}

/// A new PIN that nobody knows.
pub(crate) fn drawn() -> Result<Zeroizing<Vec<u8>>, SplitError> {
    Ok(drawn_pin(&mut getrandom::SysRng)?)
}

/// Writes the two components of this PIN into a folder, and says what to do with them.
pub(crate) fn split(label: &str, pin: &[u8], folder: &Path) -> Result<(), SplitError> {
    let components = Component::split(label, pin, &mut getrandom::SysRng)?;
    let slug: String = label
        .chars()
        .map(|letter| if letter.is_alphanumeric() { letter } else { '-' })
        .collect();
    let paths = components
        .each_ref()
        .map(|component| folder.join(format!("{slug}-{}.pin", component.number())));
    for path in &paths {
        if path.exists() {
            return Err(SplitError::File {
                path: path.clone(),
                reason: std::io::ErrorKind::AlreadyExists.into(),
            });
        }
    }
    for (component, path) in components.iter().zip(&paths) {
        let text = printed(label, component)?;
        write(path, &text).map_err(|reason| SplitError::File {
            path: path.clone(),
            reason,
        })?;
    }
    let check = components.first().map(Component::check_value).unwrap_or_default();
    let [one, two] = paths.map(|path| path.display().to_string());
    println!(
        "The PIN of '{label}' is split, check value {check}:\n  {one}\n  {two}\nGive each file to another person, who keeps \
         it on paper or on a medium of their own. Try both once:\ntamga-hsm enter-pin --as NAME --key OFFICER.pem < FILE. \
         Then remove the files here. Nobody may have seen\nboth; without either of them the token stays closed for ever, so \
         let each person keep a sealed copy."
    );
    Ok(())
}

fn printed(label: &str, component: &Component) -> Result<Zeroizing<String>, ComponentError> {
    let text = component.text().ok_or(ComponentError::Form)?;
    let number = component.number();
    let check = component.check_value();
    let mut printed = Zeroizing::new(String::with_capacity(Component::MOST + label.len()));
    for line in [
        &format!(
            "# Component {number} of 2 of the PIN of the token '{label}'. Check value {check}, on both the same.\n"
        ),
        "# For one person, who must never see the other one. Lines like these need not be typed.\n",
        text.as_str(),
        "\n",
    ] {
        printed.push_str(line);
    }
    Ok(printed)
}

/// Writes a file that was not there, for its owner only, and lets it reach the disk.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
