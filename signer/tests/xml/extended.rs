//! Levels T, LT and LTA, step by step from the file alone.

use std::time::Duration;

use domain::{Digest, HashAlgorithm};
use pki::{
    CmsSigner, oid,
    timestamp::{Asking, Stamp, StampRequest, Token},
    x509_cert::serial_number::SerialNumber,
};
use signer::{
    Integrity, Material, Named, StampKind,
    xml::{Around, ExtendError, External, Externals, Form, Limits, Opened, Others, Prepared, claims, open},
};

use crate::{
    judges,
    keys::Key,
    signing::{DOCUMENT, finished, holds, key, now, read, sign, swap, written},
};

/// A token over this digest, by somebody's time-stamping unit.
fn token(digest: Digest, unit: &Key) -> Token {
    let asking = Asking::new(digest, [7; 16]);
    let request = StampRequest::parse(&asking.to_der().unwrap()).unwrap();
    let serial = SerialNumber::new(&[1]).unwrap();
    let signer = unit.signer();
    let enclosed = CmsSigner::new(signer.certificate(), signer.profile()).unwrap();
    let stamp = Stamp::new(
        &request,
        (oid::EXTENDED_KEY_USAGE, &serial),
        (now(), Duration::from_secs(1)),
        &enclosed,
    );
    let stamp = stamp.unwrap();
    let to_sign = stamp.prepare().unwrap();
    let raw = unit.sign(to_sign.content());
    let answer = stamp
        .finish(&to_sign.finish(&raw, signer.key()).unwrap())
        .unwrap();
    asking.accept(&answer).unwrap()
}

fn id_of(file: &[u8]) -> String {
    let found = claims(file, &[], &Limits::default()).unwrap();
    found[0].name.split_once('#').unwrap().1.to_owned()
}

fn opened(file: &[u8], id: &str, externals: &Externals<'_>) -> Opened {
    open(file, id, externals, HashAlgorithm::Sha512, &Limits::default()).unwrap()
}

/// One step; what it makes of the file.
fn step(file: &[u8], id: &str, externals: &Externals<'_>, unit: &Key, material: &Material) -> Vec<u8> {
    let output = match opened(file, id, externals) {
        Opened::Unstamped(at) => {
            let other = HashAlgorithm::Sha512.digest(b"other");
            assert!(matches!(
                at.clone().stamp(&token(other, unit)),
                Err(ExtendError::Imprint)
            ));
            let token = token(at.asked(), unit);
            at.stamp(&token)
        }
        Opened::Stamped(at) if !has_material(file, id, externals) => at.keep(material.clone()),
        Opened::Stamped(at) => {
            let token = token(at.asked(), unit);
            at.archive(&token)
        }
    };
    written(&output.unwrap(), file)
}

fn has_material(file: &[u8], id: &str, externals: &Externals<'_>) -> bool {
    let found = claims(file, externals, &Limits::default()).unwrap();
    let claim = found.iter().find(|claim| claim.name.ends_with(&format!("#{id}")));
    !claim.unwrap().material.lists.is_empty()
}

fn material() -> Material {
    Material {
        certificates: [
            key("Root").signer().der().to_vec(),
            key("Unit").signer().der().to_vec(),
        ]
        .into(),
        lists: [b"list".to_vec()].into(),
        answers: [b"answer".to_vec()].into(),
    }
}

#[test]
fn a_signature_grows_to_its_highest_level_and_beyond() {
    let (signer, unit, material) = (key("Aigul"), key("Unit"), material());
    for form in [
        Form::Enveloped(Others::Excluded),
        Form::Enveloped(Others::Covered),
        Form::ById("total".to_owned()),
        Form::Enveloping,
        Form::EnvelopingFile {
            media_type: "text/plain".to_owned(),
        },
    ] {
        let mut file = sign(DOCUMENT.as_bytes(), &form, &signer);
        let id = id_of(&file);
        for stamps in [1, 1, 2, 3] {
            file = step(&file, &id, &[], &unit, &material);
            let claim = &read(&file)[0];
            assert!(holds(claim, &signer), "{form:?}: {claim:?}");
            assert_eq!(claim.stamps.len(), stamps);
            assert!(
                claim
                    .stamps
                    .iter()
                    .all(|stamp| stamp.imprint == Integrity::Intact),
                "{form:?}"
            );
            judges::xmlsec(&file, 0, &[&signer.pem()]).unwrap();
        }
        let claim = &read(&file)[0];
        assert_eq!(claim.stamps[0].kind, StampKind::Signature);
        assert_eq!(
            (claim.stamps[1].kind, claim.stamps[2].kind),
            (StampKind::Archive, StampKind::Archive)
        );
        assert_eq!(claim.stamps[0].covers, Material::default());
        for stamp in &claim.stamps[1..] {
            assert!(
                stamp.covers.lists.contains(b"list".as_slice())
                    && stamp.covers.answers.contains(b"answer".as_slice())
            );
            assert_eq!(stamp.covers.certificates.len(), 3);
        }
        assert!(matches!(claim.signer, Named::Bound(_)));
        let Opened::Stamped(kept) = opened(&file, &id, &[]) else {
            panic!("LTA")
        };
        // Material for the last stamp, and then one more stamp over that.
        let more = Material {
            lists: [b"later".to_vec()].into(),
            ..material.clone()
        };
        file = written(&kept.keep(more).unwrap(), &file);
        file = step(&file, &id, &[], &unit, &material);
        let claim = &read(&file)[0];
        assert_eq!(claim.stamps.len(), 4);
        assert!(
            claim
                .stamps
                .iter()
                .all(|stamp| stamp.imprint == Integrity::Intact)
        );
        assert!(claim.stamps[3].covers.lists.contains(b"later".as_slice()));
        assert!(!claim.stamps[2].covers.lists.contains(b"later".as_slice()));
    }
}

#[test]
fn stamps_of_another_and_material_exchanged_are_noticed() {
    let (signer, unit) = (key("Aigul"), key("Unit"));
    let mut file = sign(DOCUMENT.as_bytes(), &Form::Enveloped(Others::Excluded), &signer);
    let id = id_of(&file);
    for _ in 0..3 {
        file = step(&file, &id, &[], &unit, &material());
    }
    let (list, answer) = (base64(b"list"), base64(b"answer"));
    let exchanged = swap(&file, &list, &answer[..4]);
    let stamps = &read(&exchanged)[0].stamps;
    assert_eq!(
        (stamps[0].imprint, stamps[1].imprint),
        (Integrity::Intact, Integrity::Altered)
    );
    assert_eq!(stamps[1].covers, Material::default());
    // A foreign time stamp in the place of the first: the signature still holds, the stamp does not.
    let foreign = token(HashAlgorithm::Sha512.digest(b"another signature"), &unit);
    let own = base64(&read(&file)[0].stamps[0].token);
    let exchanged = swap(&file, &own, &base64(foreign.der()));
    let claim = &read(&exchanged)[0];
    assert!(holds(claim, &signer));
    assert!(
        claim
            .stamps
            .iter()
            .all(|stamp| stamp.imprint == Integrity::Altered)
    );
    // A stripped one breaks the archive.
    let text = core::str::from_utf8(&file).unwrap();
    let from = text.find("<xades:SignatureTimeStamp").unwrap();
    let to = text.find("</xades:SignatureTimeStamp>").unwrap() + "</xades:SignatureTimeStamp>".len();
    let stripped = format!("{}{}", &text[..from], &text[to..]);
    let stamps = &read(stripped.as_bytes())[0].stamps;
    assert_eq!((stamps.len(), stamps[0].imprint), (1, Integrity::Altered));
}

fn base64(bytes: &[u8]) -> String {
    <base64ct::Base64 as base64ct::Encoding>::encode_string(bytes)
}

#[test]
fn signatures_beside_one_another_grow_apart() {
    let (keys, unit) = (["Aigul", "Berik"].map(key), key("Unit"));
    let mut file = DOCUMENT.as_bytes().to_vec();
    for key in &keys {
        file = sign(&file, &Form::Enveloped(Others::Excluded), key);
    }
    for claim in read(&file) {
        let id = claim.name.split_once('#').unwrap().1;
        for _ in 0..3 {
            file = step(&file, id, &[], &unit, &material());
        }
    }
    for ((at, claim), key) in read(&file).iter().enumerate().zip(&keys) {
        assert!(holds(claim, key));
        assert_eq!(claim.stamps.len(), 2);
        assert!(
            claim
                .stamps
                .iter()
                .all(|stamp| stamp.imprint == Integrity::Intact)
        );
        judges::xmlsec(&file, at, &[&key.pem()]).unwrap();
    }
}

#[test]
fn what_another_signature_covers_is_not_extended() {
    let keys = ["Aigul", "Berik"].map(key);
    let mut file = DOCUMENT.as_bytes().to_vec();
    for key in &keys {
        file = sign(&file, &Form::Enveloped(Others::Covered), key);
    }
    let id = id_of(&file);
    let refused = open(&file, &id, &[], HashAlgorithm::Sha256, &Limits::default()).unwrap_err();
    assert!(matches!(refused, ExtendError::Covered { .. }));
    let file = sign(DOCUMENT.as_bytes(), &Form::National, &keys[0]);
    let refused = open(&file, "x", &[], HashAlgorithm::Sha256, &Limits::default()).unwrap_err();
    assert!(matches!(refused, ExtendError::NoSuchSignature { .. }));
}

#[test]
fn detached_signatures_grow_with_what_they_cover() {
    let (signer, unit) = (key("Aigul"), key("Unit"));
    let content = b"content".to_vec();
    let external = External {
        uri: "a.txt".to_owned(),
        digest: HashAlgorithm::Sha256.digest(&content),
        media_type: "text/plain".to_owned(),
    };
    let prepared = Prepared::detached(&[external], Around::Container, signer.signer(), now()).unwrap();
    let mut file = finished(prepared, &signer, b"");
    let (id, beside): (_, [(&str, &dyn signer::Source); 1]) = (id_of(&file), [("a.txt", &content)]);
    for _ in 0..3 {
        file = step(&file, &id, &beside, &unit, &material());
    }
    let found = claims(&file, &beside, &Limits::default()).unwrap();
    assert!(holds(&found[0], &signer));
    assert!(
        found[0]
            .stamps
            .iter()
            .all(|stamp| stamp.imprint == Integrity::Intact)
    );
    let other = b"Content".to_vec();
    let found = claims(&file, &[("a.txt", &other)], &Limits::default()).unwrap();
    assert_eq!(found[0].stamps[1].imprint, Integrity::Altered);
}
