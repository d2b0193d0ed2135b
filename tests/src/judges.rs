//! Where the judges are that are written in Python.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Python with what `tests/judges.txt` lists: in `TAMGA_JUDGES`, or where `tools/setup.sh` puts it.
pub fn judges() -> PathBuf {
    // The script leaves a copy of the list when everything on it is installed.
    let complete = |folder: &PathBuf| {
        fs::read(folder.join("judges.txt"))
            .is_ok_and(|installed| installed == include_bytes!("../judges.txt"))
    };
    let here = env::current_exe().unwrap();
    let found = match env::var_os("TAMGA_JUDGES") {
        // Relative to the workspace, as the script reads it.
        Some(folder) => Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder)).filter(complete),
        None => here
            .ancestors()
            .map(|folder| folder.join("python"))
            .find(complete),
    };
    let Some(folder) = found else {
        panic!("the judges of tests/judges.txt are not installed; run tools/setup.sh test");
    };
    folder.join("bin/python")
}
