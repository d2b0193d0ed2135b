//! One task of every kind and form.

use hsm::RawSignature;
use signer::{
    Wish, asic,
    cades::Packaging,
    pdf,
    xml::{self, Form, Others},
};

use crate::{
    desk::{Desk, Task, now},
    making::Making,
};

pub(crate) const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!-- before --><құжат \
    xmlns=\"urn:tamga:test\" xmlns:unused=\"urn:unused\" xml:lang=\"kk\">\r\n  <total Id=\"total\" b='2' \
    a=\"1 &amp; &#9; 2\"><![CDATA[<1>]]> ₸</total><!-- inside --><?look at?><empty/>\n</құжат>\n<!-- after -->";

const FILE: &[u8] = b"any file \0\xFF";

fn xml(form: Form) -> Task {
    Task {
        sources: vec![XML.into()],
        wish: Wish::Xml(form),
    }
}

fn cms(packaging: Packaging, mime: Option<&str>) -> Task {
    Task {
        sources: vec![FILE.into()],
        wish: Wish::Cms {
            packaging,
            mime: mime.map(str::to_owned),
        },
    }
}

fn container(kind: asic::Kind, names: &[&str]) -> Task {
    let files = names
        .iter()
        .map(|name| ((*name).to_owned(), "text/plain".to_owned()));
    Task {
        sources: names
            .iter()
            .map(|name| format!("content of {name}").into_bytes())
            .collect(),
        wish: Wish::Container {
            kind,
            files: files.collect(),
        },
    }
}

/// A document with a signature that can be countersigned, and the signature's name.
fn signed(desk: &Desk) -> (Vec<u8>, String) {
    let form = Form::Enveloped(Others::Excluded);
    let limits = xml::Limits::default();
    let prepared =
        xml::Prepared::new(XML.as_bytes(), desk.certificate.clone(), &form, now(), &limits).unwrap();
    let hsm::ToBeSigned::XmlSignedInfo { info, .. } = prepared.to_be_signed() else {
        panic!("not XML")
    };
    let raw = RawSignature::from_token(desk.certificate.profile(), desk.value(info));
    let signed = prepared.finish(&raw).unwrap();
    let mut file = Vec::new();
    signed.output.write_to(&[&XML.as_bytes()], &mut file).unwrap();
    (file, signed.id.unwrap())
}

/// Every kind and form, each with what it is.
pub(crate) fn every(desk: &Desk) -> Vec<(&'static str, Task)> {
    let (file, name) = signed(desk);
    let counter = Task {
        sources: vec![file],
        wish: Wish::Xml(Form::Counter(name)),
    };
    let enveloping_file = Task {
        sources: vec![FILE.into()],
        wish: Wish::Xml(Form::EnvelopingFile {
            media_type: "application/octet-stream".to_owned(),
        }),
    };
    let detached = Task {
        sources: vec![FILE.into()],
        wish: Wish::Detached {
            uri: "file.bin".to_owned(),
            media_type: "application/octet-stream".to_owned(),
        },
    };
    vec![
        ("pdf", page(Making::page().table())),
        (
            "pdf with a stream of cross-references",
            page(Making::page().hybrid()),
        ),
        ("xml enveloped", xml(Form::Enveloped(Others::Excluded))),
        ("xml enveloped over others", xml(Form::Enveloped(Others::Covered))),
        ("xml by Id", xml(Form::ById("total".to_owned()))),
        ("xml enveloping", xml(Form::Enveloping)),
        ("xml enveloping a file", enveloping_file),
        ("xml counter", counter),
        ("xml national", xml(Form::National)),
        ("xml national by Id", xml(Form::NationalById("total".to_owned()))),
        ("xml detached", detached),
        ("cms detached", cms(Packaging::Detached, None)),
        (
            "cms detached of a type",
            cms(Packaging::Detached, Some("text/plain")),
        ),
        ("cms attached", cms(Packaging::Attached, None)),
        ("asic-s", container(asic::Kind::Simple, &["шарт.txt"])),
        (
            "asic-e",
            container(asic::Kind::Extended, &["a.txt", "b/c.txt", "д.txt"]),
        ),
    ]
}

pub(crate) fn page(file: Vec<u8>) -> Task {
    let options = pdf::Options {
        time: Some(now()),
        reason: Some("келісім".to_owned()),
        chance: [3; 16],
        ..pdf::Options::default()
    };
    Task {
        sources: vec![file],
        wish: Wish::Pdf(Box::new(options)),
    }
}
