//! Signed files of every format, of level B, by software keys.

use domain::{HashAlgorithm, Time};
use hsm::{RawSignature, ToBeSigned};
use signer::{
    Inside, Output, SigningCertificate, Source, Which,
    asic::{self, Container, Kind, Package, Payload},
    cades::{self, Packaging, Said},
    pdf,
    xml::{Around, External, Form, Limits, Others, Prepared, Signed},
};

use crate::{
    making::Making,
    world::{PROFILE, Party, day},
};

const TEXT: &[u8] = b"Loan agreement No. 1\n";
const XML: &[u8] = b"<agreement><amount>1000000</amount></agreement>";
/// What the first file of containers and detached signatures is called.
const NAME: &str = "the agreement.txt";

/// A signed file, what it is detached from, and the signature to be extended.
#[derive(Clone)]
pub(crate) struct File {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) externals: Vec<(&'static str, &'static [u8])>,
    pub(crate) which: Which,
}

impl File {
    pub(crate) fn externals(&self) -> Vec<(&str, &dyn Source)> {
        let all = self.externals.iter();
        all.map(|(name, bytes)| (*name, bytes as &dyn Source)).collect()
    }
}

pub(crate) fn written(output: &Output, sources: &[&dyn Source]) -> Vec<u8> {
    let mut bytes = Vec::new();
    output.write_to(sources, &mut bytes).unwrap();
    bytes
}

fn certificate(signer: &Party, issuer: &Party) -> SigningCertificate {
    SigningCertificate::new(
        signer.certificate.clone(),
        vec![issuer.certificate.clone()],
        PROFILE,
    )
    .unwrap()
}

fn raw(signer: &Party, structure: &ToBeSigned) -> RawSignature {
    let message = match structure {
        ToBeSigned::CmsAttributes(der) => der,
        ToBeSigned::XmlSignedInfo { info, .. } => info,
        ToBeSigned::Digest(_) => panic!("a digest is signed"),
    };
    RawSignature::from_token(PROFILE, signer.raw(message))
}

fn said(at: Time) -> Said {
    Said {
        time: Some(at),
        mime: None,
    }
}

/// A PDF, with one more signature.
pub(crate) fn pdf(source: &[u8], signer: &Party, issuer: &Party, number: u8) -> Vec<u8> {
    let options = pdf::Options {
        chance: [number; 16],
        time: Some(day(100)),
        ..pdf::Options::default()
    };
    let prepared = pdf::Prepared::new(&source, &certificate(signer, issuer), &options).unwrap();
    let raw = raw(signer, &prepared.to_be_signed());
    written(&prepared.finish(&raw).unwrap(), &[&source])
}

fn finished(prepared: Prepared, signer: &Party, source: &[u8]) -> (Vec<u8>, String) {
    let raw = raw(signer, prepared.to_be_signed());
    let Signed { output, id, .. } = prepared.finish(&raw).unwrap();
    (written(&output, &[&source]), id.unwrap())
}

/// XML with one more signature, and its `Id`.
pub(crate) fn xml(source: &[u8], form: &Form, signer: &Party, issuer: &Party) -> (Vec<u8>, String) {
    let certificate = certificate(signer, issuer);
    let prepared = Prepared::new(&source, certificate, form, day(100), &Limits::default()).unwrap();
    finished(prepared, signer, source)
}

fn detached_xml(around: Around, uri: &str, signer: &Party, issuer: &Party) -> (Vec<u8>, String) {
    let external = External {
        uri: uri.to_owned(),
        digest: HashAlgorithm::Sha256.digest(TEXT),
        media_type: "text/plain".to_owned(),
    };
    let prepared = Prepared::detached(&[external], around, certificate(signer, issuer), day(100)).unwrap();
    finished(prepared, signer, b"")
}

fn cms(packaging: Packaging, signer: &Party, issuer: &Party) -> Vec<u8> {
    let certificate = certificate(signer, issuer);
    let prepared = cades::Prepared::new(&TEXT, packaging, &certificate, &said(day(100))).unwrap();
    let raw = raw(signer, &prepared.to_be_signed());
    written(&prepared.finish(&raw).unwrap(), &[&TEXT])
}

/// A CMS file with one more signature.
pub(crate) fn beside(
    file: &dyn Source,
    over: Option<&dyn Source>,
    signer: &Party,
    issuer: &Party,
) -> Vec<u8> {
    let certificate = certificate(signer, issuer);
    let prepared = cades::Prepared::beside(file, over, &certificate, &said(day(100))).unwrap();
    let raw = raw(signer, &prepared.to_be_signed());
    written(&prepared.finish(&raw).unwrap(), &[file])
}

fn payload() -> Payload<'static> {
    Payload {
        name: NAME.to_owned(),
        mime: "text/plain".to_owned(),
        source: &TEXT,
    }
}

fn container(kind: Kind, signer: &Party, issuer: &Party) -> Vec<u8> {
    let certificate = certificate(signer, issuer);
    let prepared = asic::Prepared::new(kind, &[payload()], &certificate, &said(day(100))).unwrap();
    let raw = raw(signer, &prepared.to_be_signed());
    written(&prepared.finish(&raw).unwrap(), &[&TEXT])
}

fn xml_container(kind: Kind, signer: &Party, issuer: &Party) -> Vec<u8> {
    let (signature, _) = detached_xml(Around::Container, "the%20agreement.txt", signer, issuer);
    let package = Package::new(kind, &[payload()], HashAlgorithm::Sha256).unwrap();
    let mut meta = vec![("META-INF/signatures.xml".to_owned(), signature)];
    if kind == Kind::Extended {
        meta.push(package.file_manifest());
    }
    written(&package.with(&meta).unwrap(), &[&TEXT])
}

/// The container with a second signature in its CMS file.
fn joined(file: &[u8], signer: &Party, issuer: &Party) -> Vec<u8> {
    let container = Container::open(&file).unwrap();
    let found = container.signatures().unwrap().remove(0);
    let (before, over) = (found.file.open().unwrap(), found.over.open().unwrap());
    let both = beside(&*before, Some(&*over), signer, issuer);
    let name = found.file.name().to_owned();
    written(&container.with(&[(name, both)]).unwrap(), &[&file])
}

/// One of each, and those with several signatures, of which the last is meant.
pub(crate) fn all([first, second]: [&Party; 2], issuer: &Party) -> Vec<File> {
    let mut files = Vec::new();
    let mut add =
        |name, bytes: Vec<u8>, externals: &[(&'static str, &'static [u8])], which: Option<Which>| {
            let which = which.unwrap_or_else(|| Which::all(&bytes).unwrap().pop().unwrap());
            files.push(File {
                name,
                bytes,
                externals: externals.to_vec(),
                which,
            });
        };
    let page = pdf(&Making::page().table(), first, issuer, 1);
    add("pdf", page.clone(), &[], None);
    add("pdf, second signer", pdf(&page, second, issuer, 2), &[], None);
    let enveloped = Form::Enveloped(Others::Excluded);
    let (one, id) = xml(XML, &enveloped, first, issuer);
    add("xades enveloped", one.clone(), &[], None);
    let (two, _) = xml(&one, &enveloped, second, issuer);
    add("xades, second signer", two, &[], None);
    let (countered, counter) = xml(&one, &Form::Counter(id), second, issuer);
    add(
        "xades counter-signature",
        countered,
        &[],
        Some(Which::Id(counter)),
    );
    add(
        "xades enveloping",
        xml(XML, &Form::Enveloping, first, issuer).0,
        &[],
        None,
    );
    let outside: [(&str, &[u8]); 1] = [("agreement.txt", TEXT)];
    let (detached, _) = detached_xml(Around::Nothing, "agreement.txt", first, issuer);
    add("xades detached", detached, &outside, None);
    add(
        "cades attached",
        cms(Packaging::Attached, first, issuer),
        &[],
        None,
    );
    let detached = cms(Packaging::Detached, first, issuer);
    add("cades detached", detached.clone(), &outside, None);
    let both = beside(&detached, Some(&TEXT), second, issuer);
    for (name, number) in [("cades, first of two", 0), ("cades, second of two", 1)] {
        add(
            name,
            both.clone(),
            &outside,
            Some(Which::all(&both).unwrap()[number].clone()),
        );
    }
    for (kind, [plain, double, xades]) in [
        (
            Kind::Simple,
            ["asic-s cades", "asic-s cades, second signer", "asic-s xades"],
        ),
        (
            Kind::Extended,
            ["asic-e cades", "asic-e cades, second signer", "asic-e xades"],
        ),
    ] {
        let one = container(kind, first, issuer);
        add(plain, one.clone(), &[], None);
        let two = joined(&one, second, issuer);
        let which = Which::all(&two).unwrap();
        assert!(matches!(
            &which[1],
            Which::Within {
                signature: Inside::Value(_),
                ..
            }
        ));
        add(double, two, &[], Some(which[1].clone()));
        add(xades, xml_container(kind, first, issuer), &[], None);
    }
    files
}
