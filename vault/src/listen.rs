//! The Unix sockets: one per role, in a folder that only their users reach.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
};

use hsm::Role;
use tokio::net::UnixListener;

use crate::settings::Settings;

/// A listener for each role with the users that it hears.
pub(crate) fn sockets(settings: &Settings) -> io::Result<Vec<(Role, UnixListener, Vec<u32>)>> {
    fs::create_dir_all(&settings.sockets)?;
    let own = fs::metadata("/proc/self")?.uid();
    let mut uids = settings.uids.clone();
    uids.push(own);
    let shared = !settings.uids.is_empty();
    let mode = |private: u32, open: u32| fs::Permissions::from_mode(if shared { open } else { private });
    fs::set_permissions(&settings.sockets, mode(0o700, 0o755))?;
    let open = |role: Role| {
        let path = settings.sockets.join(format!("{}.sock", role.name()));
        // Left behind by a supervisor that was killed; a living one would hold its database.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, mode(0o600, 0o666))?;
        Ok((role, listener, uids.clone()))
    };
    Role::ALL.into_iter().map(open).collect()
}
