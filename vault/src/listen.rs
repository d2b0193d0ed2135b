//! The Unix sockets: one per role, in a folder that only their users reach.

use std::{fs, io, os::unix::fs::PermissionsExt as _, path::Path};

use hsm::Role;
use tokio::net::UnixListener;

use crate::settings::Settings;

/// A listener for each role with the users that it hears.
pub(crate) fn sockets(settings: &Settings) -> io::Result<Vec<(Role, UnixListener, Vec<u32>)>> {
    folder(settings)?;
    let mut uids = settings.uids.clone();
    uids.push(rustix::process::getuid().as_raw());
    let mode = if settings.uids.is_empty() { 0o600 } else { 0o666 };
    let open = |role: Role| {
        let path = settings.sockets.join(format!("{}.sock", role.name()));
        // Left behind by a supervisor that was killed; a living one would hold its database.
        forget(&path)?;
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        Ok((role, listener, uids.clone()))
    };
    Role::ALL.into_iter().map(open).collect()
}

/// Makes the folder, which is open to others only if others may connect.
pub(crate) fn folder(settings: &Settings) -> io::Result<()> {
    fs::create_dir_all(&settings.sockets)?;
    let mode = if settings.uids.is_empty() { 0o700 } else { 0o755 };
    fs::set_permissions(&settings.sockets, fs::Permissions::from_mode(mode))
}

/// Removes a socket that nobody hears any more, if there is one.
pub(crate) fn forget(path: &Path) -> io::Result<()> {
    fs::remove_file(path).or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })
}
