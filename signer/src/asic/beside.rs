//! [`Beside`]: the files of a container as what its XML signatures are over.

use core::fmt::Write as _;

use super::{Container, ContainerError};
use crate::Source;

/// The files, each by its name and by that name as a reference writes it.
pub(crate) struct Beside<'a>(Vec<(String, String, Box<dyn Source + 'a>)>);

impl<'a> Container<'a> {
    /// All files that are not the container's own.
    pub(crate) fn beside(&self) -> Result<Beside<'a>, ContainerError> {
        let files = self.payload().map(|file| {
            let name = file.name().to_owned();
            Ok((name.clone(), as_reference(&name), file.open()?))
        });
        files.collect::<Result<_, _>>().map(Beside)
    }
}

impl Beside<'_> {
    /// Each file by all its names.
    pub(crate) fn externals(&self) -> Vec<(&str, &dyn Source)> {
        let plain = self
            .0
            .iter()
            .map(|(name, _, file)| (name.as_str(), &**file as &dyn Source));
        let encoded = self.0.iter().filter(|(name, written, _)| name != written);
        plain
            .chain(encoded.map(|(_, written, file)| (written.as_str(), &**file as &dyn Source)))
            .collect()
    }
}

/// A file's name as a URI reference writes it, RFC 3986 §2.
fn as_reference(name: &str) -> String {
    let mut written = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            written.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(written, "%{byte:02X}");
        }
    }
    written
}
