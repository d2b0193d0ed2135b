//! Foreign programs that read XML and its signatures. A missing one fails the test: a judge that is silent is no judge.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

fn answer(program: &str, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} must be installed (tools/setup.sh test): {error}"));
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _closed_early = writer.join();
    output
}

/// What `xmllint` writes as canonical form, or nothing if it refuses the document.
pub(crate) fn xmllint(mode: &str, document: &[u8]) -> Option<Vec<u8>> {
    let output = answer("xmllint", &["--nonet", "--huge", mode, "-"], document);
    output.status.success().then_some(output.stdout)
}
