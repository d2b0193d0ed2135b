//! Programs that read PDFs and their signatures; missing ones fail the test.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Runs a program in a folder.
pub(crate) fn run(program: impl AsRef<std::ffi::OsStr>, folder: &Path, arguments: &[&str]) -> Output {
    let program = program.as_ref();
    Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}; run tools/setup.sh test", program.display()))
}

fn words(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

/// Python with what `tests/judges.txt` lists: in `TAMGA_JUDGES`, or where `tools/setup.sh` puts it.
pub(crate) fn python() -> PathBuf {
    if let Some(folder) = env::var_os("TAMGA_JUDGES") {
        return PathBuf::from(folder).join("bin/python");
    }
    let here = env::current_exe().unwrap();
    let mut beside = here.ancestors().map(|folder| folder.join("python/bin/python"));
    let found = beside.find(|program| program.exists());
    found.expect("no Python with the judges; run tools/setup.sh test")
}

/// qpdf finds no errors, not even ones that it could repair.
pub(crate) fn qpdf(folder: &Path, file: &str) {
    let output = run("qpdf", folder, &["--check", file]);
    let words = words(&output);
    assert!(
        output.status.success() && !words.contains("WARNING"),
        "qpdf on {file}: {words}"
    );
}

/// `MuPDF` opens it, draws its last page, and has nothing to repair.
pub(crate) fn mutool(folder: &Path, file: &str) {
    let output = run(
        "mutool",
        folder,
        &["draw", "-q", "-r", "20", "-o", "drawn.png", file, "N"],
    );
    let words = words(&output);
    assert!(
        output.status.success() && !words.contains("repair") && !words.contains("error"),
        "mutool on {file}: {words}"
    );
}

/// pdfsig finds so many signatures, all valid, of which the last covers the whole file, unless something was kept after it.
/// It cannot judge document time stamps.
pub(crate) fn pdfsig(folder: &Path, file: &str, signatures: usize, is_whole: bool) {
    let output = run("pdfsig", folder, &["-nocert", file]);
    let words = words(&output);
    let judged = words.matches("Signature #").count() - words.matches("Signature Type: unknown").count();
    assert!(
        words.matches("Signature is Valid").count() == signatures
            && judged == signatures
            && words.matches("  - Total document signed").count() == usize::from(is_whole),
        "pdfsig on {file}: {words}"
    );
}

/// pyHanko finds so many signatures, all intact and by whom we trust; later changes, if any, are admissible.
pub(crate) fn pyhanko(folder: &Path, file: &str, signatures: usize) {
    judged(folder, file, signatures, &[]);
}

fn judged(folder: &Path, file: &str, signatures: usize, modes: &[&str]) {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pdf/judge.py");
    let program = program.to_str().unwrap();
    let mut arguments = [&[program, file, "root.pem"], modes].concat();
    // Its strict mode judges no hybrid files, none with the free entry of MuPDF, and none with the small `Size` of poppler.
    if ["hybrid", "mupdf", "poppler"]
        .iter()
        .any(|lax| file.contains(lax))
    {
        arguments.push("lax");
    }
    let output = run(python(), folder, &arguments);
    let words = words(&output);
    assert!(
        output.status.success() && words.matches("sound").count() == signatures,
        "pyHanko on {file}: {words}"
    );
}

/// All of them, on so many signatures and document time stamps.
pub(crate) fn all(folder: &Path, file: &str, signatures: usize, stamps: usize) {
    qpdf(folder, file);
    pdfsig(folder, file, signatures, true);
    pyhanko(folder, file, signatures + stamps);
}

/// All of them on a file with what it is judged with, by that and nothing beside, and so many document time stamps. It ends
/// with one, or with what was kept.
pub(crate) fn kept(folder: &Path, file: &str, stamps: usize, is_stamped: bool) {
    qpdf(folder, file);
    pdfsig(folder, file, 1, is_stamped);
    judged(folder, file, 1 + stamps, &["kept"]);
}
