//! Detached signatures from their attributes, and time stamps on them.

use domain::{HashAlgorithm, SignatureProfile, Time};
use hsm::RawSignature;
use pki::timestamp::{Asking, Refused};
use signer::cms::{Attributes, AttributesError, Content};

use crate::{
    house::{Hand, House},
    openssl::must,
};

const DOCUMENT: &[u8] = b"the document\n";

fn attributes(hand: &Hand<'_>) -> (Attributes, domain::Digest) {
    let shown = hand.certificate.profile().hash().digest(DOCUMENT);
    (Attributes::new(&hand.certificate, &shown).unwrap(), shown)
}

#[test]
fn every_profile_makes_a_signature_that_openssl_accepts_within_the_estimate() {
    let house = House::new();
    house.write("document", DOCUMENT);
    for profile in SignatureProfile::ALL {
        let hand = house.hand(profile.name(), profile);
        let (attributes, shown) = attributes(&hand);
        let at = Time::parse_rfc3339("2026-11-21T10:00:00Z").unwrap();
        for attributes in [
            attributes.clone(),
            attributes.at(at).unwrap().of_type("text/plain").unwrap(),
        ] {
            let mut signed = attributes
                .finish(&hand.sign(&attributes.to_be_signed(), &shown))
                .unwrap();
            let token = house.token(&signed.signers[0].signature);
            assert!(signed.to_der().unwrap().len() <= attributes.space(0).unwrap());
            signed.stamp(0, &token).unwrap();
            let der = signed.to_der().unwrap();
            let space = attributes.space(token.der().len()).unwrap();
            assert!(der.len() <= space && space < der.len() + 100, "{profile}");
            assert_eq!(
                (signed.length(), &signed.content),
                (der.len(), &Content::Detached)
            );

            house.write("signature", &der);
            must(
                house.path(),
                &[
                    "cms",
                    "-verify",
                    "-cades",
                    "-binary",
                    "-inform",
                    "DER",
                    "-in",
                    "signature",
                    "-content",
                    "document",
                    "-CAfile",
                    "root.pem",
                    "-purpose",
                    "any",
                ],
            );
            must(house.path(), &["asn1parse", "-inform", "DER", "-in", "signature"]);
        }
    }
}

#[test]
fn a_time_stamp_answers_exactly_its_request() {
    let house = House::new();
    let stamped = HashAlgorithm::Sha256.digest(DOCUMENT);
    for nonce in [[0; 16], [0xFF; 16], [1; 16]] {
        let asking = Asking::new(stamped, nonce);
        let answer = house.answer(&asking.to_der().unwrap());
        let token = asking.accept(&answer).unwrap();
        assert_eq!(token.info().digest(), Some(stamped));
        house.write("document", DOCUMENT);
        house.write("token", token.der());
        must(
            house.path(),
            &[
                "ts",
                "-verify",
                "-data",
                "document",
                "-in",
                "token",
                "-token_in",
                "-CAfile",
                "root.pem",
            ],
        );

        let other = Asking::new(stamped, [7; 16]);
        assert_eq!(other.accept(&answer), Err(Refused::Nonce));
        let other = Asking::new(HashAlgorithm::Sha256.digest(b"another"), nonce);
        assert_eq!(other.accept(&answer), Err(Refused::Imprint));
        let policy = "1.3.6.1.4.1.32473.2".parse().unwrap();
        let refused = asking.clone().by_policy(policy).accept(&answer);
        assert!(matches!(refused, Err(Refused::Policy { .. })));
        for end in 0..answer.len() {
            assert!(asking.accept(&answer[..end]).is_err());
        }
    }
    let policy = "1.3.6.1.4.1.32473.2".parse().unwrap();
    let asking = Asking::new(stamped, [9; 16]).by_policy(policy);
    let answer = house.answer(&asking.to_der().unwrap());
    assert!(matches!(
        asking.accept(&answer),
        Err(Refused::Status { status: 2, .. })
    ));
}

#[test]
fn a_value_of_another_key_or_profile_or_over_other_bytes_is_not_joined() {
    let house = House::new();
    let hand = house.hand("one", SignatureProfile::EcdsaP256Sha256);
    let other = house.hand("other", SignatureProfile::EcdsaP256Sha256);
    let (attributes, _) = attributes(&hand);
    let der = attributes.to_der();
    for raw in [other.sign_bytes(&der), hand.sign_bytes(DOCUMENT)] {
        assert!(matches!(
            attributes.finish(&raw),
            Err(AttributesError::Signature(_))
        ));
    }
    let bytes = hand.sign_bytes(&der).as_bytes().to_vec();
    let raw = RawSignature::from_token(SignatureProfile::RsaPkcs1Sha256, bytes);
    assert!(matches!(
        attributes.finish(&raw),
        Err(AttributesError::Profile { .. })
    ));
    let long = HashAlgorithm::Sha512.digest(DOCUMENT);
    assert!(matches!(
        Attributes::new(&hand.certificate, &long),
        Err(AttributesError::HashAlgorithm { .. })
    ));
}
