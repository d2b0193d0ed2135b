//! Foreign programs that read XML and its signatures. A missing one fails the test: a judge that is silent is no judge.

use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

fn answer(mut command: Command, input: &[u8]) -> Output {
    let program = command.get_program().to_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!(
                "{} must be there (tools/setup.sh test): {error}",
                program.display()
            )
        });
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _closed_early = writer.join();
    output
}

fn words(output: &Output) -> Result<(), String> {
    let words = [&*output.stderr, &output.stdout].concat();
    let words = String::from_utf8_lossy(&words).into_owned();
    if output.status.success() {
        Ok(())
    } else {
        Err(words)
    }
}

/// What `xmllint` writes as canonical form, or nothing if it refuses the document.
pub(crate) fn xmllint(mode: &str, document: &[u8]) -> Option<Vec<u8>> {
    let mut command = Command::new("xmllint");
    command.args(["--nonet", "--huge", mode, "-"]);
    let output = answer(command, document);
    output.status.success().then_some(output.stdout)
}

/// Whether `xmlsec1` accepts the signature of this number, with these certificates trusted; else what it says.
pub(crate) fn xmlsec(document: &[u8], number: usize, trusted: &[&str]) -> Result<(), String> {
    xmlsec_beside(document, None, number, trusted)
}

/// The same with a file beside, for detached signatures.
pub(crate) fn xmlsec_beside(
    document: &[u8],
    beside: Option<(&str, &[u8])>,
    number: usize,
    trusted: &[&str],
) -> Result<(), String> {
    const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("signed.xml"), document).unwrap();
    if let Some((name, content)) = beside {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let mut command = Command::new("xmlsec1");
    command.current_dir(folder.path());
    command.args([
        "--verify",
        "--enabled-reference-uris",
        "empty,same-doc,local,remote",
    ]);
    for (at, pem) in trusted.iter().enumerate() {
        let file = format!("{at}.pem");
        std::fs::write(folder.path().join(&file), pem).unwrap();
        command.args(["--trusted-pem", &file]);
    }
    for element in ["Object", "SignatureValue", "Signature"] {
        command.args(["--id-attr:Id", &format!("{DSIG}:{element}")]);
    }
    command.args(["--id-attr:Id", "urn:tamga:test:total"]);
    command.args([
        "--id-attr:Id",
        "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
    ]);
    let signature = format!(
        "(//*[local-name()='Signature' and namespace-uri()='{DSIG}'])[{}]",
        number + 1
    );
    command.args(["--node-xpath", &signature, "signed.xml"]);
    words(&answer(command, b""))
}

/// The document with the signature that `xmlsec1` makes by the template in it.
pub(crate) fn xmlsec_signs(template: &[u8], key: &str, certificate: &str) -> Result<Vec<u8>, String> {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("template.xml", template),
        ("key.pem", key.as_bytes()),
        ("certificate.pem", certificate.as_bytes()),
    ];
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let mut command = Command::new("xmlsec1");
    command.current_dir(folder.path());
    command.args([
        "--sign",
        "--id-attr:Id",
        "urn:tamga:test:total",
        "--privkey-pem",
        "key.pem,certificate.pem",
    ]);
    command.args(["--output", "signed.xml", "template.xml"]);
    words(&answer(command, b""))?;
    Ok(std::fs::read(folder.path().join("signed.xml")).unwrap())
}

/// Whether signxml accepts the signature, with its own reading of `XAdES` where there is some.
pub(crate) fn signxml(document: &[u8], is_xades: bool, trusted: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("signed.xml"), document).unwrap();
    std::fs::write(path("trusted.pem"), trusted).unwrap();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    // Where tools/setup.sh puts it: beside what was compiled, unless it was told otherwise.
    let here = std::env::current_exe().unwrap();
    let beside = here.ancestors().map(|folder| folder.join("python"));
    let mut found = std::env::var_os("TAMGA_JUDGES")
        .map(|folder| root.join(folder))
        .into_iter()
        .chain(beside);
    let python = found.find(|folder| folder.join("bin/python").exists());
    let python = python.unwrap_or_else(|| {
        panic!("the judges of tests/judges.txt are not installed; run tools/setup.sh test")
    });
    let mut command = Command::new(python.join("bin/python"));
    command.arg("-I").arg(root.join("tests/judges/signed_xml.py"));
    command.arg(if is_xades { "xades" } else { "xmldsig" });
    command.args([path("signed.xml"), path("trusted.pem")]);
    words(&answer(command, b""))
}
