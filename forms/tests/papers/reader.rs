//! Readers that are not ours: poppler, qpdf and mutool.

use std::process::Command;

/// A paper as a file, while it is read.
pub(crate) struct File {
    folder: tempfile::TempDir,
}

impl File {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("paper.pdf"), bytes).unwrap();
        Self { folder }
    }

    /// What a person reads, with the words of broken lines put together.
    pub(crate) fn text(&self) -> String {
        let text = self.run("pdftotext", &["-raw", "paper.pdf", "-"]);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What a program reads.
    pub(crate) fn data(&self) -> Vec<u8> {
        self.run("pdfdetach", &["-save", "1", "-o", "data.json", "paper.pdf"]);
        std::fs::read(self.folder.path().join("data.json")).unwrap()
    }

    /// What its objects are, each as text.
    pub(crate) fn objects(&self) -> serde_json::Value {
        serde_json::from_str(&self.run("qpdf", &["--json=2", "--json-stream-data=none", "paper.pdf"]))
            .unwrap()
    }

    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap_or_else(|fault| panic!("{program}: {fault}"));
        assert!(
            output.status.success(),
            "{program} {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}
