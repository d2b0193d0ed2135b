//! The documents of the demonstration, one of each kind, and what becomes of them.

use std::{fmt::Write as _, fs, path::Path, sync::Arc};

use domain::{HashAlgorithm, Id, SignatureProfile, Time, word};
use hsm::{Clock, SystemClock};
use server::{Done, Extendable, Extender, FetchSettings, Fetcher, Shared, Stamper, Validator, read_anchors};
use signer::{
    Act, Limits, Order, Output, SignedDocument, SigningCertificate, Which, Wish, asic,
    cades::Packaging,
    judgement::Constraints,
    mark::{Accent, Address, Composed, Design, Language, Layout, Mark, Moment, Phrase, Serial},
    pdf, xml,
};

use super::{
    DemoError,
    client::{Client, random},
    failed,
    office::Office,
};

/// What is signed: the file, what the signed file is called, and how it is done.
const FILES: [(&str, &str); 4] = [
    ("sample.pdf", "sample.signed.pdf"),
    ("sample.xml", "sample.signed.xml"),
    ("sample.bin", "sample.bin.p7s"),
    ("sample.bin", "sample.asice"),
];

const BLOB: &str = "Loan agreement No. 1\nThe client borrows 1 000 000 tenge for twelve months.\n";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<шарт нөмірі=\"1\">\n  <қарыз валюта=\"KZT\">1000000</қарыз>\n  \
                   <мерзім бірлік=\"ай\">12</мерзім>\n</шарт>\n";

/// The documents, and their ids in one act.
pub(super) struct Documents {
    ids: [Id<word::Document>; 4],
    contents: [Vec<u8>; 4],
}

impl Documents {
    /// New ids for the same documents; the first time they are written.
    pub(super) fn new(out: &Path) -> Result<Self, DemoError> {
        let contents = [page(), XML.into(), BLOB.into(), BLOB.into()];
        for ((name, _), content) in FILES.iter().zip(&contents) {
            fs::write(out.join(name), content)?;
        }
        let now = SystemClock.now();
        Ok(Self {
            ids: [(); 4].map(|()| Id::new(now, &mut random())),
            contents,
        })
    }

    /// All of them, ready to be signed in one act.
    pub(super) fn prepare(&self, client: &Client) -> Result<Act, DemoError> {
        let certificate = SigningCertificate::new(
            client.certificate.clone(),
            vec![client.issuer.clone()],
            SignatureProfile::default_for(client.key.algorithm),
        )
        .map_err(failed("reading the client's certificate"))?;
        let now = SystemClock.now();
        let mark = mark(client, now)?;
        let [page, ..] = &self.contents;
        let (number, stand) =
            pdf::Sheet::free(page, None, mark.size()).map_err(failed("finding free space for the mark"))?;
        let standing = pdf::Standing::new(&mark, stand);
        let options = pdf::Options {
            place: Some(standing.on(number)),
            name: Some("ТЕСТОВ АЛИХАН СЕРІКҰЛЫ".to_owned()),
            reason: Some("Loan agreement No. 1".to_owned()),
            time: Some(now),
            chance: *Id::<word::Document>::new(now, &mut random()).as_bytes(),
            ..pdf::Options::default()
        };
        let wishes = [
            Wish::Pdf(Box::new(options)),
            Wish::Xml(xml::Form::Enveloped(xml::Others::Excluded)),
            Wish::Cms {
                packaging: Packaging::Detached,
                mime: None,
            },
            Wish::Container {
                kind: asic::Kind::Extended,
                files: vec![("sample.bin".to_owned(), "text/plain".to_owned())],
            },
        ];
        let orders: Vec<_> = wishes
            .into_iter()
            .zip(self.ids.iter().zip(&self.contents))
            .map(|(wish, (id, content))| Order {
                id: *id,
                sources: vec![content],
                wish,
            })
            .collect();
        Act::new(&orders, &certificate, now, &Limits::default()).map_err(failed("preparing the documents"))
    }

    /// Brings every signed document to level LTA and writes it.
    pub(super) async fn keep(
        &self,
        signed: Vec<SignedDocument>,
        office: &Office,
        out: &Path,
    ) -> Result<String, DemoError> {
        let extender = extender(office, out)?;
        let mut told = Vec::new();
        for (signed, (content, (_, name))) in signed.into_iter().zip(self.contents.iter().zip(FILES)) {
            let mut file = written(&signed.output, content)?;
            let nameless = || DemoError::Promise(format!("the signature of {name} has no name"));
            let which = signed.which.ok_or_else(nameless)?;
            let externals = match which {
                Which::Value(_) => vec![(String::new(), Arc::new(content.clone()) as Shared)],
                Which::Field(_) | Which::Id(_) | Which::Within { .. } => Vec::new(),
            };
            loop {
                let extendable = Extendable {
                    file: Arc::new(file.clone()),
                    externals: externals.clone(),
                    which: which.clone(),
                };
                let next = extender
                    .step(&extendable, SystemClock.now())
                    .await
                    .map_err(failed("extending a signature"))?;
                file = written(&next.output, &file)?;
                if next.step == Done::Archived {
                    break;
                }
            }
            fs::write(out.join(name), &file)?;
            told.push(format!("{name}, {} bytes", file.len()));
        }
        Ok(told.join("\n    "))
    }
}

/// What is seen on the page.
fn mark(client: &Client, now: Time) -> Result<Composed, DemoError> {
    let mark = Mark {
        language: Language::Kazakh,
        signer: Phrase::new("ТЕСТОВ АЛИХАН СЕРІКҰЛЫ").map_err(failed("writing a name"))?,
        iin: None,
        time: Moment::new(now).map_err(failed("writing the time"))?,
        certificate: Serial::new(client.serial.as_bytes()).map_err(failed("writing a number"))?,
        bank: Some(Phrase::new("«Дала Банк» АҚ").map_err(failed("writing a name"))?),
        purpose: None,
        page: Address::new("https://tamga.example/verify").map_err(failed("writing an address"))?,
    };
    let design = Design {
        layout: Layout::Wide,
        size: None,
        accent: Accent::TAMGA,
    };
    mark.compose(&design).map_err(failed("drawing the mark"))
}

/// Time stamps and validation data from the service, as anybody gets them.
fn extender(office: &Office, out: &Path) -> Result<Extender, DemoError> {
    let host = office
        .base()
        .trim_start_matches("http://")
        .split(':')
        .next()
        .unwrap_or_default();
    let settings = FetchSettings {
        allowed: true,
        hosts: vec![host.to_owned()],
        only_hosts: true,
        ..FetchSettings::default()
    };
    Ok(Extender {
        validator: Validator {
            anchors: read_anchors(&[out.join("root.pem").into()]).map_err(failed("reading the root"))?,
            material: signer::Material::default(),
            constraints: Constraints::default(),
            limits: Limits::default(),
            fetcher: Fetcher::new(&settings).map(Arc::new),
        },
        stamper: Stamper::new(&format!("{}/tsa", office.base()))
            .map_err(failed("finding the time-stamping authority"))?,
        hash: HashAlgorithm::Sha256,
    })
}

fn written(output: &Output, source: &[u8]) -> Result<Vec<u8>, DemoError> {
    let (source, mut bytes) = (source.to_vec(), Vec::new());
    output
        .write_to(&[&source], &mut bytes)
        .map_err(failed("writing a signed document"))?;
    Ok(bytes)
}

/// A page of PDF with the text of the agreement.
fn page() -> Vec<u8> {
    let mut text = String::from("BT /F 18 Tf 72 740 Td 26 TL\n");
    for line in BLOB.lines() {
        // Plain ASCII without brackets, so that nothing is to be escaped.
        let _ = writeln!(text, "({line}) Tj T*");
    }
    text.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (en) >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.7\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (number, object) in (1..).zip(&objects) {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let start = file.len();
    let count = objects.len() + 1;
    let _ = write!(
        file,
        "xref\n0 {count}\n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}
