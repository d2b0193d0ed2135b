//! PDFs of every shape, made here byte by byte.

use std::fmt::Write as _;

/// A PDF in the making: bodies of objects, numbered from 1 on.
#[derive(Clone, Debug)]
pub(crate) struct Making {
    pub(crate) objects: Vec<String>,
    pub(crate) trailer: String,
    pub(crate) line: &'static str,
    pub(crate) row: &'static str,
}

impl Making {
    /// One page that says something.
    pub(crate) fn page() -> Self {
        let content = "BT /F1 24 Tf 72 720 Td (Agreement) Tj ET";
        Self {
            objects: vec![
                "<</Type/Catalog/Pages 2 0 R>>".into(),
                "<</Type/Pages/Kids[3 0 R]/Count 1>>".into(),
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>".into(),
                format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".into(),
            ],
            trailer: "/Root 1 0 R".into(),
            line: "\n",
            row: "\r\n",
        }
    }

    /// Another body for an object.
    pub(crate) fn with(mut self, number: usize, body: &str) -> Self {
        if self.objects.len() < number {
            self.objects.resize(number, "null".into());
        }
        self.objects[number - 1] = body.into();
        self
    }

    /// With a cross-reference table.
    pub(crate) fn table(&self) -> Vec<u8> {
        let mut text = format!("%PDF-1.7{}", self.line);
        let mut offsets = Vec::new();
        for (number, body) in self.objects.iter().enumerate() {
            offsets.push(text.len());
            write!(
                text,
                "{} 0 obj{}{body}{}endobj{}",
                number + 1,
                self.line,
                self.line,
                self.line
            )
            .unwrap();
        }
        let start = text.len();
        let size = offsets.len() + 1;
        write!(
            text,
            "xref{}0 {size}{}0000000000 65535 f{}",
            self.line, self.line, self.row
        )
        .unwrap();
        for offset in offsets {
            write!(text, "{offset:010} 00000 n{}", self.row).unwrap();
        }
        let line = self.line;
        write!(
            text,
            "trailer{line}<</Size {size}{}>>{line}startxref{line}{start}{line}%%EOF{line}",
            self.trailer
        )
        .unwrap();
        text.into_bytes()
    }
}
