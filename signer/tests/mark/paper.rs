//! A page with a mark on it, as the smallest file that readers open.

use signer::mark::{Composed, Drawing, Page, Place};

/// A page before it is marked.
#[derive(Clone)]
pub(crate) struct Paper {
    pub(crate) media: [f64; 4],
    pub(crate) crop: Option<[f64; 4]>,
    pub(crate) rotate: i64,
    pub(crate) unit: f64,
    /// What is drawn on it; the font `/F` is Helvetica.
    pub(crate) content: String,
}

impl Paper {
    pub(crate) const A4: [f64; 4] = [0.0, 0.0, 595.0, 842.0];

    pub(crate) fn white() -> Self {
        Self {
            media: Self::A4,
            crop: None,
            rotate: 0,
            unit: 1.0,
            content: String::new(),
        }
    }

    /// A page of one colour.
    pub(crate) fn dark() -> Self {
        Self {
            content: "0.11 0.12 0.14 rg -5000 -5000 10000 10000 re f".into(),
            ..Self::white()
        }
    }

    pub(crate) fn page(&self) -> Page {
        Page::new(self.media, self.crop, self.rotate, Some(self.unit)).unwrap()
    }

    /// The page with marks where they are wanted, one after the other.
    pub(crate) fn marked(&self, marks: &[(&Composed, Place)]) -> (Vec<u8>, Vec<Drawing>) {
        let mut taken = Vec::new();
        let mut next = 20;
        let drawings: Vec<Drawing> = marks
            .iter()
            .map(|(mark, place)| {
                let stand = self.page().stand(*place, mark.size(), &taken).unwrap();
                taken.push(stand.rect());
                let drawing = mark.draw(&stand, next);
                next += mark.count();
                drawing
            })
            .collect();
        (self.with(&drawings), drawings)
    }

    fn with(&self, drawings: &[Drawing]) -> Vec<u8> {
        let corners = |[left, bottom, right, top]: [f64; 4]| format!("[{left} {bottom} {right} {top}]");
        let crop = self
            .crop
            .map_or_else(String::new, |crop| format!("/CropBox{}", corners(crop)));
        let numbers: Vec<u32> = (1000..).take(drawings.len()).collect();
        let references: Vec<String> = numbers.iter().map(|number| format!("{number} 0 R")).collect();
        let references = references.join(" ");
        let mut file = File::default();
        file.object(
            1,
            format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{references}]/SigFlags 3>>>>").as_bytes(),
        );
        file.object(2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>");
        file.object(
            3,
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox{}{crop}/Rotate {}/UserUnit {}\
                 /Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R/Annots[{references}]>>",
                corners(self.media),
                self.rotate,
                self.unit
            )
            .as_bytes(),
        );
        let content = format!(
            "<</Length {}>>stream\n{}\nendstream",
            self.content.len(),
            self.content
        );
        file.object(4, content.as_bytes());
        file.object(5, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
        for (drawing, number) in drawings.iter().zip(numbers) {
            for (number, body) in drawing.objects() {
                file.object(*number, body);
            }
            // MuPDF draws its own words over a field without a value.
            let field = format!(
                "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature{number})/P 3 0 R/F 132/Rect{}/AP<</N {} 0 R>>\
                 /V<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 0 0 0]/Contents<00>>>>>",
                corners(drawing.rect()),
                drawing.form()
            );
            file.object(number, field.as_bytes());
        }
        file.finish()
    }
}

/// A file that is being written.
struct File {
    bytes: Vec<u8>,
    offsets: Vec<(u32, usize)>,
}

impl Default for File {
    fn default() -> Self {
        Self {
            bytes: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
            offsets: Vec::new(),
        }
    }
}

impl File {
    fn object(&mut self, number: u32, body: &[u8]) {
        self.offsets.push((number, self.bytes.len()));
        self.bytes.extend(format!("{number} 0 obj\n").bytes());
        self.bytes.extend(body);
        self.bytes.extend(b"\nendobj\n");
    }

    fn finish(mut self) -> Vec<u8> {
        let start = self.bytes.len();
        self.bytes.extend(b"xref\n0 1\n0000000000 65535 f \n");
        for (number, offset) in &self.offsets {
            self.bytes
                .extend(format!("{number} 1\n{offset:010} 00000 n \n").bytes());
        }
        let size = self
            .offsets
            .iter()
            .map(|(number, _)| number + 1)
            .max()
            .unwrap_or(1);
        self.bytes
            .extend(format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes());
        self.bytes
    }
}
