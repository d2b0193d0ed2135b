//! Programs that we did not write, on files of years to come; missing ones fail the test.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use der::pem::LineEnding;
use domain::Time;
use signer::{Inside, Which, asic::Container};

use crate::{files::File, life::Years, world::day};

fn run(folder: &Path, program: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let output =
        output.unwrap_or_else(|error| panic!("{}: {error}; run tools/setup.sh test", program.display()));
    let words = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    if output.status.success() {
        Ok(words)
    } else {
        Err(words)
    }
}

/// Python with what `tests/judges.txt` lists: in `TAMGA_JUDGES`, or where `tools/setup.sh` puts it.
fn python() -> PathBuf {
    if let Some(folder) = env::var_os("TAMGA_JUDGES") {
        return PathBuf::from(folder).join("bin/python");
    }
    let here = env::current_exe().unwrap();
    let mut beside = here.ancestors().map(|folder| folder.join("python/bin/python"));
    beside.find(|program| program.exists()).unwrap()
}

/// The file is accepted: a PDF by its material in years to come; others, whose judges know no archive time stamps, as they
/// would be while their signers' certificates lived.
pub(crate) fn judge(folder: &Path, file: &File, years: &Years) {
    let root = &years.world.root.certificate;
    let pem = der::pem::encode_string("CERTIFICATE", LineEnding::LF, root).unwrap();
    fs::write(folder.join("root.pem"), pem).unwrap();
    fs::write(folder.join("file"), &file.bytes).unwrap();
    for (name, bytes) in &file.externals {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let said = match &file.which {
        Which::Field(_) => {
            let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extending/judge.py");
            let moment = day(2_500).to_string();
            run(
                folder,
                &python(),
                &[program.to_str().unwrap(), "file", "root.pem", &moment],
            )
        }
        Which::Id(id) => xmlsec(folder, "file", id),
        Which::Value(_) => {
            let beside = file.externals.first().map(|(name, _)| *name);
            openssl(folder, "file", beside)
        }
        Which::Within {
            file: name,
            signature,
        } => {
            let container = Container::open(&file.bytes).unwrap();
            let write = |name: &str, entry: &signer::asic::Entry<'_>| {
                fs::write(folder.join(name), entry.read(1 << 20).unwrap()).unwrap();
            };
            match signature {
                Inside::Value(_) => {
                    let found = container.signatures().unwrap().remove(0);
                    write("inside", &found.file);
                    write("over", &found.over);
                    openssl(folder, "inside", Some("over"))
                }
                Inside::Id(id) => {
                    write("inside", container.file(name).unwrap());
                    // It looks for the name as the reference writes it.
                    write("the%20agreement.txt", container.payload().next().unwrap());
                    xmlsec(folder, "inside", id)
                }
            }
        }
    };
    said.unwrap_or_else(|words| panic!("{}: {words}", file.name));
}

fn openssl(folder: &Path, file: &str, over: Option<&str>) -> Result<String, String> {
    let at = seconds(day(150));
    let mut arguments = vec![
        "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", file,
    ];
    arguments.extend([
        "-CAfile", "root.pem", "-purpose", "any", "-attime", &at, "-out", "content",
    ]);
    arguments.extend(over.into_iter().flat_map(|over| ["-content", over]));
    run(folder, Path::new("openssl"), &arguments)
}

fn seconds(at: Time) -> String {
    at.unix_seconds().to_string()
}

fn xmlsec(folder: &Path, file: &str, id: &str) -> Result<String, String> {
    const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
    let path = format!("//*[local-name()='Signature' and @Id='{id}']");
    let arguments = [
        "--verify",
        "--enabled-reference-uris",
        "empty,same-doc,local",
        "--id-attr:Id",
        &format!("{DSIG}:Signature"),
        "--id-attr:Id",
        &format!("{DSIG}:SignatureValue"),
        "--id-attr:Id",
        "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
        "--id-attr:Id",
        &format!("{DSIG}:Object"),
        "--node-xpath",
        &path,
        "--trusted-pem",
        "root.pem",
        "--verification-gmt-time",
        "2026-06-01+00:00:00",
        file,
    ];
    run(folder, Path::new("xmlsec1"), &arguments)
}
