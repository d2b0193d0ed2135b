//! Signatures that openssl made, in all its ways.

use std::fs;

use domain::SignatureProfile;
use signer::{
    Format, Integrity, Named,
    cades::{Joining, unarmoured},
    cms::{Body, Content, SignedData},
};

use crate::{house::House, levels::said, openssl::must};

/// A document of several of the pieces that openssl writes.
fn document() -> Vec<u8> {
    (0..100_000_u32).flat_map(u32::to_le_bytes).collect()
}

#[test]
fn foreign_signatures_are_read_in_every_form() {
    let house = House::new();
    let one = house.hand("one", SignatureProfile::RsaPkcs1Sha256);
    let two = house.hand("two", SignatureProfile::EcdsaP256Sha256);
    house.write("document", &document());
    let forms: [&[&str]; 9] = [
        &[],
        &["-nodetach"],
        &["-stream"],
        &["-nodetach", "-stream"],
        &["-nodetach", "-stream", "-keyid"],
        &["-noattr"],
        &["-cades"],
        &["-cades", "-nodetach", "-md", "sha512"],
        &["-nodetach", "-md", "sha1"],
    ];
    for form in forms {
        for signers in 1..=2 {
            let mut arguments = vec![
                "cms",
                "-sign",
                "-binary",
                "-in",
                "document",
                "-outform",
                "DER",
                "-out",
                "signature",
                "-signer",
                "one.pem",
                "-inkey",
                "one.key",
            ];
            if signers == 2 {
                arguments.extend(["-signer", "two.pem", "-inkey", "two.key"]);
            }
            arguments.extend(form);
            must(house.path(), &arguments);
            let file = fs::read(house.path().join("signature")).unwrap();
            let data = SignedData::read(&file).unwrap();
            let content = document();
            let attached = match &data.content {
                Content::Detached => None,
                Content::Attached(pieces) => Some(Body {
                    ranges: pieces.clone(),
                    ..Body::whole("document", &file)
                }),
            };
            // openssl streams into the file, whatever else it is told.
            assert_eq!(
                attached.is_some(),
                form.contains(&"-nodetach") || form.contains(&"-stream")
            );
            let body = attached.unwrap_or(Body::whole("document", &content));
            let claims = data.claims(Some(&body)).unwrap();
            assert_eq!(claims.len(), signers, "{form:?}");
            for claim in &claims {
                assert!(claim.faults.is_empty(), "{form:?} {:?}", claim.faults);
                let cades = form.contains(&"-cades");
                assert_eq!(claim.format, if cades { Format::Cades } else { Format::Cms });
                match &claim.signer {
                    Named::Bound(der) => {
                        assert!(cades && [one.certificate.der(), two.certificate.der()].contains(&&der[..]));
                    }
                    Named::Unbound(der) => {
                        assert!(!cades && [one.certificate.der(), two.certificate.der()].contains(&&der[..]));
                    }
                    other => panic!("{form:?} {other:?}"),
                }
                let expected = if form.contains(&"sha1") {
                    Integrity::Unprovable
                } else {
                    Integrity::Intact
                };
                assert_eq!(claim.covered[0].integrity, expected, "{form:?}");
                if form.contains(&"-noattr") {
                    assert_eq!(claim.signed, content);
                }
            }
            assert!(data.claims(None).unwrap().iter().all(|claim| {
                matches!(
                    claim.covered[0].integrity,
                    Integrity::Missing | Integrity::Unprovable
                )
            }));
        }
    }
}

#[test]
fn we_join_what_openssl_began_and_openssl_reads_both() {
    let house = House::new();
    let one = house.hand("one", SignatureProfile::RsaPkcs1Sha256);
    let two = house.hand("two", SignatureProfile::EcdsaP384Sha384);
    house.write("document", &document());
    for form in [&["-nodetach", "-stream", "-keyid"][..], &["-nodetach"], &[]] {
        let mut arguments = vec![
            "cms",
            "-sign",
            "-binary",
            "-in",
            "document",
            "-outform",
            "PEM",
            "-out",
            "signature.pem",
            "-signer",
            "one.pem",
            "-inkey",
            "one.key",
        ];
        arguments.extend(form);
        must(house.path(), &arguments);
        let text = fs::read(house.path().join("signature.pem")).unwrap();
        let file = unarmoured(&text).unwrap().unwrap();
        let content = document();
        let detached = (!form.contains(&"-nodetach")).then_some(&content as &dyn signer::Source);
        let prepared = Joining::new(&file, detached, &two.certificate, &said()).unwrap();
        let raw = two.sign(&prepared.to_be_signed(), prepared.shown());
        let mut both = Vec::new();
        let output = prepared.finish(&raw).unwrap();
        output.write_to(&[&file], &mut both).unwrap();
        house.write("both", &both);
        let mut arguments = vec![
            "cms", "-verify", "-binary", "-inform", "DER", "-in", "both", "-CAfile", "root.pem", "-purpose",
            "any", "-out", "content",
        ];
        if detached.is_some() {
            arguments.extend(["-content", "document"]);
        }
        must(house.path(), &arguments);
        assert_eq!(fs::read(house.path().join("content")).unwrap(), content);
        assert_eq!(SignedData::read(&both).unwrap().signers.len(), 2);
        assert!(one.certificate.chain().len() == 1);
    }
}
