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

    /// With a table of two parts, free entries among them, and numbers that nothing has.
    pub(crate) fn table_with_gaps(&self) -> Vec<u8> {
        let plain = String::from_utf8(self.table()).unwrap();
        let (start, rest) = plain.split_at(plain.find("xref\n").unwrap());
        let size = self.objects.len() + 1;
        let old = format!("xref\n0 {size}\n");
        let rest = rest.strip_prefix(&old).unwrap();
        let (rows, end) = rest.split_at(rest.find("trailer").unwrap());
        let free = "0000000000 00001 f\r\n".repeat(2);
        let at = start.len() + 1;
        let gap = "9 0 obj\n(kept)\nendobj\n";
        let end = end.replace(&format!("/Size {size}"), "/Size 12");
        let end = end.replace(
            &format!("startxref\n{}\n", start.len()),
            &format!("startxref\n{}\n", at - 1 + gap.len()),
        );
        format!(
            "{start}{gap}xref\n0 {size}\n{rows}9 1\n{:010} 00000 n\r\n10 2\n{free}{end}",
            at - 1
        )
        .into_bytes()
    }

    /// With a table, and a stream for what the table hides: the font (ISO 32000-2, 7.5.8.4).
    pub(crate) fn hybrid(&self) -> Vec<u8> {
        let mut text = String::from("%PDF-1.5\n");
        let mut offsets = Vec::new();
        let container = format!("5 0 {}", self.objects[4]);
        for (number, body) in self.objects.iter().enumerate() {
            offsets.push(text.len());
            if number == 4 {
                let body = format!(
                    "<</Type/ObjStm/N 1/First 4/Length {}>>\nstream\n{container}\nendstream",
                    container.len()
                );
                write!(text, "6 0 obj\n{body}\nendobj\n").unwrap();
            } else {
                write!(text, "{} 0 obj\n{body}\nendobj\n", number + 1).unwrap();
            }
        }
        let stream = text.len();
        let mut bytes = text.into_bytes();
        let plain = "<</Type/XRef/Size 8/W[1 2 2]/Index[5 1]/Length 5>>\nstream\n";
        bytes.extend(format!("7 0 obj\n{plain}").bytes());
        bytes.extend([2, 0, 6, 0, 0]);
        bytes.extend(b"\nendstream\nendobj\n");
        let start = bytes.len();
        let mut table = String::from("xref\n0 8\n0000000000 65535 f\r\n");
        for (number, offset) in offsets.iter().enumerate() {
            if number == 4 {
                table.push_str("0000000000 00000 f\r\n");
            } else {
                write!(table, "{offset:010} 00000 n\r\n").unwrap();
            }
        }
        write!(table, "{:010} 00000 n\r\n{stream:010} 00000 n\r\n", offsets[4]).unwrap();
        write!(
            table,
            "trailer\n<</Size 8/Root 1 0 R/XRefStm {stream}>>\nstartxref\n{start}\n%%EOF\n"
        )
        .unwrap();
        bytes.extend(table.bytes());
        bytes
    }
}
