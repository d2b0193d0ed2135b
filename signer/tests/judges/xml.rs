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

/// Whether `xmlsec1` accepts the signature of this number, with these certificates trusted; else what it says.
pub(crate) fn xmlsec(document: &[u8], number: usize, trusted: &[&str]) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("signed.xml"), document).unwrap();
    let mut arguments = vec![
        "--verify".to_owned(),
        "--enabled-reference-uris".to_owned(),
        "empty,same-doc,local".to_owned(),
    ];
    for (at, pem) in trusted.iter().enumerate() {
        let file = path(&format!("{at}.pem"));
        std::fs::write(&file, pem).unwrap();
        arguments.extend(["--trusted-pem".to_owned(), file]);
    }
    let ids = [
        "urn:tamga:test:total",
        "http://www.w3.org/2000/09/xmldsig#:Object",
        "http://www.w3.org/2000/09/xmldsig#:SignatureValue",
        "http://www.w3.org/2000/09/xmldsig#:Signature",
        "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
    ];
    for element in ids {
        arguments.extend(["--id-attr:Id".to_owned(), element.to_owned()]);
    }
    let found = format!(
        "(//*[local-name()='Signature' and namespace-uri()='http://www.w3.org/2000/09/xmldsig#'])[{}]",
        number + 1
    );
    arguments.extend(["--node-xpath".to_owned(), found, path("signed.xml")]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = answer("xmlsec1", &arguments, b"");
    let words =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        Ok(())
    } else {
        Err(words)
    }
}
