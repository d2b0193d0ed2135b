//! Programs of others that look at a page. One that is missing fails the test that needs it.

use std::{path::PathBuf, process::Command};

use tempfile::TempDir;

/// A file that others look at.
pub(crate) struct Judge {
    folder: TempDir,
}

/// A page as a picture: grey, from the upper left corner.
pub(crate) struct Picture {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

impl Judge {
    pub(crate) fn new(file: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("page.pdf"), file).unwrap();
        // `MARK_PICTURES=folder` keeps what is judged, for eyes.
        if let Some(kept) = std::env::var_os("MARK_PICTURES") {
            let name = std::thread::current().name().unwrap_or("page").replace(':', "_");
            let count = std::fs::read_dir(&kept).map_or(0, Iterator::count);
            std::fs::write(PathBuf::from(kept).join(format!("{name}-{count:03}.pdf")), file).unwrap();
        }
        Self { folder }
    }

    /// What a program prints about the file; its arguments name the file `page.pdf`.
    pub(crate) fn says(&self, program: &str, arguments: &[&str]) -> String {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap_or_else(|error| {
                panic!("{program} is needed by this test (tools/setup.sh test): {error}")
            });
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{program} {arguments:?}: {said}{complaint}"
        );
        // What Debian's MuPDF was built without is no fault of the file.
        let complaint = complaint.replace("warning: ICC support is not available\n", "");
        assert_eq!(complaint, "", "{program} {arguments:?}");
        said
    }

    /// The page as poppler draws it, so many pixels to the inch.
    pub(crate) fn poppler(&self, resolution: u32) -> Picture {
        self.resolve(resolution, 1);
        self.drawn()
    }

    /// A page in so many pixels to the inch.
    pub(crate) fn resolve(&self, resolution: u32, page: u32) {
        let (resolution, page) = (resolution.to_string(), page.to_string());
        let look = ["-cropbox", "-gray", "-singlefile", "-r", &resolution, "-f", &page];
        self.says("pdftoppm", &[look.as_slice(), &["page.pdf", "poppler"]].concat());
    }

    /// The last picture that poppler drew.
    pub(crate) fn drawn(&self) -> Picture {
        Picture::read(&std::fs::read(self.folder.path().join("poppler.pgm")).unwrap())
    }

    /// The page as `MuPDF` draws it.
    pub(crate) fn mupdf(&self, resolution: u32) -> Picture {
        let resolution = resolution.to_string();
        self.says(
            "mutool",
            &[
                "draw",
                "-q",
                "-c",
                "gray",
                "-r",
                &resolution,
                "-o",
                "mupdf.pgm",
                "page.pdf",
                "1",
            ],
        );
        Picture::read(&std::fs::read(self.folder.path().join("mupdf.pgm")).unwrap())
    }

    /// What a camera reads from the last picture that poppler drew.
    pub(crate) fn scanned(&self) -> Vec<String> {
        let said = self.says(
            "zbarimg",
            &[
                "--nodbus",
                "--quiet",
                "--raw",
                "-Sdisable",
                "-Sqrcode.enable",
                "poppler.pgm",
            ],
        );
        said.lines().map(str::to_owned).collect()
    }
}

impl Picture {
    /// Reads a portable graymap.
    fn read(file: &[u8]) -> Self {
        let mut rest = file;
        let mut words = Vec::new();
        while words.len() < 4 {
            let end = rest.iter().position(u8::is_ascii_whitespace).unwrap();
            let word = std::str::from_utf8(&rest[..end]).unwrap();
            if word.starts_with('#') {
                rest = &rest[rest.iter().position(|byte| *byte == b'\n').unwrap() + 1..];
                continue;
            }
            words.push(word.to_owned());
            rest = &rest[end + 1..];
        }
        assert_eq!((words[0].as_str(), words[3].as_str()), ("P5", "255"));
        let (width, height) = (words[1].parse().unwrap(), words[2].parse().unwrap());
        assert_eq!(rest.len(), width * height);
        Self {
            width,
            height,
            grey: rest.to_vec(),
        }
    }

    /// How bright a pixel is.
    pub(crate) fn at(&self, x: usize, y: usize) -> u8 {
        self.grey[y * self.width + x]
    }

    /// The least rectangle around all pixels that are not as the page's: left, top, right, bottom.
    pub(crate) fn bounds(&self, background: u8) -> [usize; 4] {
        self.around(|x, y| self.at(x, y).abs_diff(background) > 8)
    }

    /// The least rectangle around all pixels that another picture has otherwise: left, top, right, bottom.
    pub(crate) fn differing(&self, other: &Self) -> [usize; 4] {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let differs = |x: usize, y: usize| self.at(x, y).abs_diff(other.at(x, y)) > 8;
        self.around(differs)
    }

    fn around(&self, differs: impl Fn(usize, usize) -> bool) -> [usize; 4] {
        let columns: Vec<usize> = (0..self.width)
            .filter(|x| (0..self.height).any(|y| differs(*x, y)))
            .collect();
        let rows: Vec<usize> = (0..self.height)
            .filter(|y| (0..self.width).any(|x| differs(x, *y)))
            .collect();
        [
            columns[0],
            rows[0],
            columns[columns.len() - 1] + 1,
            rows[rows.len() - 1] + 1,
        ]
    }

    /// Whether nothing is in a rectangle.
    pub(crate) fn is_of_one_colour(&self, [left, top, right, bottom]: [usize; 4]) -> bool {
        (top..bottom).all(|y| (left..right).all(|x| self.at(x, y) == self.at(left, top)))
    }
}
