//! XML signatures of every form, judged by programs that are not ours.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails may fail loudly"
)]

#[path = "judges/xml.rs"]
mod judges;
#[path = "keys/software.rs"]
mod keys;

use domain::{SignatureProfile, Time};
use hsm::{Expected, ToBeSigned};
use keys::Key;
use signer::xml::{Around, External, Form, Limits, Others, Prepared, shown_octets};

const DOCUMENT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!-- before --><құжат xmlns=\"urn:tamga:test\" \
    xmlns:unused=\"urn:unused\" xml:lang=\"kk\">\r\n  <total Id=\"total\" b='2' a=\"1 &amp; &#9; 2\"><![CDATA[<1>]]> ₸</total>\
    <!-- inside --><?look at?><empty/>\n</құжат>\n<!-- after -->";
const PROFILES: [SignatureProfile; 4] = [
    SignatureProfile::EcdsaP256Sha256,
    SignatureProfile::EcdsaP384Sha384,
    SignatureProfile::RsaPkcs1Sha256,
    SignatureProfile::RsaPkcs1Sha512,
];

fn now() -> Time {
    Time::parse_rfc3339("2026-11-20T08:00:00Z").unwrap()
}

/// Signs as the boundary would: only what passes its check.
fn signed(prepared: Prepared, key: &Key, source: &[u8]) -> Vec<u8> {
    let structure = prepared.to_be_signed();
    let expected = Expected {
        shown: prepared.shown(),
        profile: key.signer().profile(),
        certificate: &key.signer().fingerprint(),
    };
    structure.check(&expected).unwrap();
    let ToBeSigned::XmlSignedInfo { info, .. } = structure else {
        panic!("not XML")
    };
    let raw = key.sign(info);
    let output = prepared.finish(&raw).unwrap().output;
    let mut bytes = Vec::new();
    output.write_to(&[&source.to_vec()], &mut bytes).unwrap();
    bytes
}

fn sign(document: &[u8], form: &Form, key: &Key) -> Vec<u8> {
    let prepared = Prepared::new(document, key.signer(), form, now(), &Limits::default()).unwrap();
    let octets = shown_octets(document, form, &Limits::default()).unwrap();
    assert_eq!(prepared.shown(), [key.signer().profile().hash().digest(&octets)]);
    signed(prepared, key, document)
}

#[test]
fn every_form_and_key_is_accepted_by_xmlsec() {
    let forms = [
        Form::Enveloped(Others::Excluded),
        Form::Enveloped(Others::Covered),
        Form::ById("total".to_owned()),
        Form::Enveloping,
        Form::EnvelopingFile {
            media_type: "text/plain".to_owned(),
        },
        Form::National,
        Form::NationalById("total".to_owned()),
    ];
    for profile in PROFILES {
        let key = Key::new("Aigul", profile);
        for form in &forms {
            let file = sign(DOCUMENT.as_bytes(), form, &key);
            judges::xmlsec(&file, 0, &[&key.pem()])
                .unwrap_or_else(|words| panic!("{profile} {form:?}: {words}"));
        }
    }
}
