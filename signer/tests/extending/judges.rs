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

/// The file with all that was added in years is accepted as it would be while its signer's certificate lived: some judges
/// know no archive time stamps. By what is inside alone, pyHanko finds the path and the status of its signer at a time and
/// of the units of all its time stamps, of which so many are on all of it.
pub(crate) fn judge(folder: &Path, file: &File, years: &Years, (at, archives): (Time, usize)) {
    let (at, archives) = (at.to_string(), archives.to_string());
    let paths =
        |file: &str, signature: &str| pyhanko(folder, "paths.py", (file, &at), &[signature, &archives]);
    let root = &years.world.root.certificate;
    let pem = der::pem::encode_string("CERTIFICATE", LineEnding::LF, root).unwrap();
    fs::write(folder.join("root.pem"), pem).unwrap();
    fs::write(folder.join("file"), &file.bytes).unwrap();
    for (name, bytes) in &file.externals {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let said = match &file.which {
        Which::Field(_) => pyhanko(folder, "judge.py", ("file", &at), &[&archives]),
        Which::Id(id) => xmlsec(folder, "file", id).and_then(|_| paths("file", id)),
        Which::Value(value) => {
            let beside = file.externals.first().map(|(name, _)| *name);
            openssl(folder, "file", beside).and_then(|_| paths("file", value))
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
                Inside::Value(value) => {
                    let found = container.signatures().unwrap().remove(0);
                    write("inside", &found.file);
                    write("over", &found.over);
                    let said = openssl(folder, "inside", Some("over"));
                    said.and_then(|_| paths("inside", value))
                }
                Inside::Id(id) => {
                    write("inside", container.file(name).unwrap());
                    let over = container.payload().next().unwrap();
                    write(over.name(), over);
                    let said = xmlsec(folder, "inside", id);
                    said.and_then(|_| paths("inside", id))
                }
            }
        }
    };
    said.unwrap_or_else(|words| panic!("{}: {words}", file.name));
}

/// What a script of this folder says of a file at a time.
fn pyhanko(folder: &Path, script: &str, (file, at): (&str, &str), more: &[&str]) -> Result<String, String> {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extending");
    let program = scripts.join(script);
    let arguments = [&[program.to_str().unwrap(), file, "root.pem", at], more].concat();
    run(folder, &python(), &arguments)
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
        "empty,same-doc,local,remote",
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
