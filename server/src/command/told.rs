//! What a command tells on standard output. Whoever reads it may go away at any moment, as `head` does, and then nobody is told
//! that: the command ends quietly, as programs do that a signal ends there.

use core::fmt::Display;
use std::io::{self, Write};

use super::CommandError;

/// Tells a line, or several.
pub(super) fn tell(what: impl Display) -> Result<(), CommandError> {
    tell_to(io::stdout().lock(), what)
}

/// Tells what is wrong, beside what is told; whoever does not listen misses it.
pub(super) fn warn(what: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{what}");
}

fn tell_to(mut to: impl Write, what: impl Display) -> Result<(), CommandError> {
    writeln!(to, "{what}")
        .and_then(|()| to.flush())
        .map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => CommandError::Closed,
            _ => CommandError::File {
                path: "standard output".into(),
                reason: error.to_string(),
            },
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_went_away_is_no_trouble_and_a_full_disk_is() {
        let (reader, writer) = io::pipe().unwrap();
        assert!(tell_to(&writer, "a line").is_ok());
        drop(reader);
        let closed = tell_to(&writer, "another").unwrap_err();
        assert!(matches!(closed, CommandError::Closed), "{closed}");
        assert_eq!(closed.exit_code(), 141);
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let refused = tell_to(full, "a line").unwrap_err();
        assert!(refused.to_string().starts_with("standard output: "), "{refused}");
        assert_eq!(refused.exit_code(), 1);
    }
}
