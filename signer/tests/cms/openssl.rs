//! openssl, which makes keys, certificates and time stamps here, and judges what we make of them.

use std::{
    path::Path,
    process::{Command, Output},
};

/// Runs it in a folder, whatever comes of it.
pub(crate) fn openssl(folder: &Path, arguments: &[&str]) -> Output {
    Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("openssl is not installed")
}

/// Runs it in a folder, where it must succeed.
pub(crate) fn must(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = openssl(folder, arguments);
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}
