//! The program itself, whose reader goes away.

#![expect(clippy::unwrap_used, reason = "a test that fails may fail loudly")]

use std::{
    io::pipe,
    path::Path,
    process::{Command, Stdio},
};

fn openssl(folder: &Path, line: &str) {
    let done = Command::new("openssl")
        .args(line.split(' '))
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// `tamga validate … | head`, and with `2>&1`.
#[test]
fn whoever_stops_reading_ends_the_program_quietly() {
    let folder = tempfile::tempdir().unwrap();
    openssl(
        folder.path(),
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Root -keyout root.key -out root.pem",
    );
    std::fs::write(folder.path().join("unsigned.xml"), "<a/>").unwrap();
    let validate = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tamga"));
        command
            .args(["--config", "none.toml", "validate"])
            .args(arguments)
            .args(["--anchors", "root.pem"])
            .current_dir(folder.path())
            .stdin(Stdio::null());
        command
    };
    let closed = || {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        writer
    };
    for arguments in [&["unsigned.xml"][..], &["--json", "unsigned.xml"]] {
        let done = validate(arguments)
            .stdout(closed())
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(done.status.code(), Some(141), "{done:?}");
        assert_eq!(String::from_utf8(done.stderr).unwrap(), "");
    }
    // What is wrong is told to nobody, and still ends the program as it should.
    let done = validate(&["absent.xml"]).stderr(closed()).output().unwrap();
    assert_eq!(done.status.code(), Some(1), "{done:?}");
}
