//! A page with a mark on it, as the smallest file that readers open.

use signer::mark::{Composed, Drawing, Page, Place, Reference, Stand};

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

    /// The page with one mark where it stands.
    pub(crate) fn with_stand(&self, mark: &Composed, stand: &Stand) -> Vec<u8> {
        self.with(&[mark.draw(stand, 20)])
    }

    fn with(&self, drawings: &[Drawing]) -> Vec<u8> {
        let corners = |[left, bottom, right, top]: [f64; 4]| format!("[{left} {bottom} {right} {top}]");
        let crop = self
            .crop
            .map_or_else(String::new, |crop| format!("/CropBox{}", corners(crop)));
        let numbers: Vec<u32> = (0..).map(|n| 1000 + 2 * n).take(drawings.len()).collect();
        let references: String = numbers.iter().map(|number| format!("{number} 0 R ")).collect();
        let mut file = File::default();
        let elements: String = numbers
            .iter()
            .map(|number| format!("{} 0 R ", number + 1))
            .collect();
        file.object(
            1,
            format!(
                "<</Type/Catalog/Pages 2 0 R/Lang(kk)/MarkInfo<</Marked true>>/StructTreeRoot 6 0 R\
                 /AcroForm<</Fields[{references}]/SigFlags 3>>>>"
            )
            .as_bytes(),
        );
        file.object(2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>");
        file.object(
            3,
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox{}{crop}/Rotate {}/UserUnit {}/Tabs/S\
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
        let tree: String = numbers
            .iter()
            .enumerate()
            .map(|(key, number)| format!("{key} {} 0 R ", number + 1))
            .collect();
        file.object(
            6,
            format!("<</Type/StructTreeRoot/K[{elements}]/ParentTree<</Nums[{tree}]>>>>").as_bytes(),
        );
        for (key, (drawing, number)) in drawings.iter().zip(numbers).enumerate() {
            for (number, body) in drawing.objects() {
                file.object(*number, body);
            }
            let mut field =
                format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature{key})/P 3 0 R/StructParent {key}")
                    .into_bytes();
            field.extend(drawing.annotation());
            field.extend(b">>");
            file.object(number, &field);
            let of = |number| Reference {
                number,
                generation: 0,
            };
            file.object(number + 1, &drawing.structure(of(6), of(3), of(number)));
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
