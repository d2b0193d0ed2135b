//! Signatures that were tampered with, made by hand. Every one is told as altered, contradicted or ill-formed.

use domain::{HashAlgorithm, SignatureProfile};
use hsm::ToBeSigned;
use pki::tlv::{Cursor, sequence, wrap};
use signer::{
    Claim, Integrity, Named,
    cades::{Packaging, Reached, open},
    cms::{Attributes, Body, SignedData},
};

use crate::{
    house::{Hand, House},
    levels::{claims, signed, written},
};

const DOCUMENT: &[u8] = b"the document\nof two lines\n";
const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";

type Trick<'a> = (&'a str, Box<dyn Fn(&mut Vec<Vec<u8>>) + 'a>);

/// Whether a judge would be misled: nothing wrong is told, and the signature verifies with the named certificate.
fn misleads(claim: &Claim, hand: &Hand<'_>) -> bool {
    let verified = hand
        .certificate
        .key()
        .verifies(hand.certificate.profile(), &claim.signed, &claim.value);
    claim.faults.is_empty()
        && claim
            .covered
            .iter()
            .all(|covered| covered.integrity == Integrity::Intact)
        && claim.signer == Named::Bound(hand.certificate.der().to_vec())
        && verified
}

/// Signed attributes with some put in place of ours, signed by a hand that signs anything.
fn forged(hand: &Hand<'_>, change: impl Fn(&mut Vec<Vec<u8>>)) -> SignedData {
    let file = signed(hand, Packaging::Detached);
    let mut data = SignedData::read(&file).unwrap();
    let mut attributes = Vec::new();
    let mut set = Cursor::only(data.signers[0].signed.as_ref().unwrap())
        .unwrap()
        .enter(0x31)
        .unwrap();
    while !set.is_done() {
        attributes.push(set.read().unwrap().encoded.to_vec());
    }
    change(&mut attributes);
    let set = wrap(0x31, &attributes.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let value = hand.sign_bytes(&set);
    data.signers[0].signed = Some(set.clone());
    let value = pki::ToSign::new(set, hand.certificate.profile())
        .finish(value.as_bytes(), hand.certificate.key())
        .unwrap();
    data.signers[0].signature = value.value().to_vec();
    data
}

fn judged(data: &SignedData) -> Claim {
    claims(&data.to_der().unwrap()).remove(0)
}

fn oid(dotted: &str) -> Vec<u8> {
    let oid: der::asn1::ObjectIdentifier = dotted.parse().unwrap();
    wrap(0x06, &[oid.as_bytes()])
}

fn attribute(dotted: &str, values: &[&[u8]]) -> Vec<u8> {
    sequence(&[&oid(dotted), &wrap(0x31, values)])
}

fn without(attributes: &mut Vec<Vec<u8>>, dotted: &str) {
    let oid = oid(dotted);
    attributes.retain(|attribute| !attribute.windows(oid.len()).any(|window| window == oid));
}

fn instead(attributes: &mut Vec<Vec<u8>>, dotted: &str, values: &[&[u8]]) {
    without(attributes, dotted);
    attributes.push(attribute(dotted, values));
    attributes.sort();
}

#[test]
fn attributes_that_are_missing_doubled_disordered_or_false_are_told() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let (digest, kind, certificate) = (
        "1.2.840.113549.1.9.4",
        "1.2.840.113549.1.9.3",
        "1.2.840.113549.1.9.16.2.47",
    );
    assert!(
        misleads(&judged(&forged(&hand, |_| {})), &hand),
        "the generator makes sound ones too"
    );

    let other = HashAlgorithm::Sha256.digest(b"another document");
    let right = HashAlgorithm::Sha256.digest(DOCUMENT);
    let (other, right) = (wrap(0x04, &[other.as_bytes()]), wrap(0x04, &[right.as_bytes()]));
    let tricks: Vec<Trick<'_>> = vec![
        ("another digest", Box::new(|all| instead(all, digest, &[&other]))),
        (
            "two digests",
            Box::new(|all| instead(all, digest, &[&other, &right])),
        ),
        (
            "two digest attributes",
            Box::new(|all| {
                all.push(attribute(digest, &[&other]));
                all.sort();
            }),
        ),
        ("no digest", Box::new(|all| without(all, digest))),
        (
            "a digest that is cut",
            Box::new(|all| instead(all, digest, &[&right[..10]])),
        ),
        ("no content type", Box::new(|all| without(all, kind))),
        (
            "another content type",
            Box::new(|all| instead(all, kind, &[&oid("1.2.840.113549.1.9.16.1.4")])),
        ),
        ("no certificate", Box::new(|all| without(all, certificate))),
        (
            "two times",
            Box::new(|all| {
                all.push(attribute(SIGNING_TIME, &[b"\x17\x0d200101000000Z"]));
                all.sort();
            }),
        ),
        ("disorder", Box::new(|all| all.reverse())),
        ("no order at all", Box::new(|all| all.rotate_left(1))),
        (
            "protected algorithms of another hash",
            Box::new(|all| {
                let hash = sequence(&[&oid("2.16.840.1.101.3.4.2.3")]);
                let signature = wrap(0xA1, &[&oid("1.2.840.10045.4.3.2")]);
                instead(all, "1.2.840.113549.1.9.52", &[&sequence(&[&hash, &signature])]);
            }),
        ),
        ("nothing", Box::new(Vec::clear)),
    ];
    for (what, trick) in tricks {
        let data = forged(&hand, trick);
        let told = SignedData::read(&data.to_der().unwrap().as_slice()).map(|_| judged(&data));
        if let Ok(claim) = told {
            assert!(!misleads(&claim, &hand), "{what}: {claim:?}");
        }
    }
}

#[test]
fn exchanged_certificates_and_confused_algorithms_are_told() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let other = house.hand("other", SignatureProfile::EcdsaP256Sha256);
    let sound = forged(&hand, |_| {});

    let mut exchanged = sound.clone();
    exchanged.certificates.clear();
    assert_eq!(judged(&exchanged).signer, Named::Absent);
    exchanged.certificates.push(other.certificate.der().to_vec());
    assert_eq!(judged(&exchanged).signer, Named::Absent);
    let theirs = forged(&other, |_| {});
    exchanged.signers[0].id.clone_from(&theirs.signers[0].id);
    assert_eq!(
        judged(&exchanged).signer,
        Named::Contradicted(other.certificate.der().to_vec())
    );

    // A signature over the attributes as if they were the content (they can be taken for one another without a type).
    let mut bare = sound.clone();
    let set = bare.signers[0].signed.take().unwrap();
    let body = Body::whole("document", &set);
    let claim = bare.claims(Some(&body)).unwrap().remove(0);
    assert!(!claim.faults.is_empty(), "{claim:?}");

    for algorithm in [
        "2.16.840.1.101.3.4.2.3",
        "1.3.14.3.2.26",
        "2.16.840.1.101.3.4.2.2",
    ] {
        let mut confused = sound.clone();
        confused.signers[0].digest_algorithm = sequence(&[&oid(algorithm)]);
        assert!(!misleads(&judged(&confused), &hand));
    }
    for algorithm in ["1.2.840.10045.4.3.4", "1.2.840.113549.1.1.10"] {
        let mut confused = sound.clone();
        confused.signers[0].signature_algorithm = sequence(&[&oid(algorithm)]);
        assert!(!judged(&confused).faults.is_empty());
    }
    let mut version = sound.clone();
    version.signers[0].version = 3;
    assert!(!misleads(&judged(&version), &hand));
    let mut value = sound;
    value.signers[0].signature[20] ^= 1;
    assert!(!misleads(&judged(&value), &hand));
}

#[test]
fn time_stamps_that_were_taken_from_elsewhere_or_changed_are_told() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let base = signed(&hand, Packaging::Detached);
    let document: &dyn signer::Source = &DOCUMENT;
    let Reached::Unstamped(unstamped) = open(&base, Some(document), 0).unwrap() else {
        panic!("not at B");
    };
    let token = house.stamp(unstamped.to_stamp(HashAlgorithm::Sha256).unwrap());
    let file = written(&unstamped.stamp(&token).unwrap(), &base);
    let Ok(Reached::Stamped(stamped)) = open(&file, Some(document), 0) else {
        panic!("not at T");
    };
    let kept = written(
        &stamped
            .keep(signer::Material {
                lists: [house.list()].into(),
                ..Default::default()
            })
            .unwrap(),
        &file,
    );
    let Ok(Reached::Stamped(at_lt)) = open(&kept, Some(document), 0) else {
        panic!("not at LT");
    };
    let seal = house.stamp(at_lt.to_stamp(HashAlgorithm::Sha256).unwrap());
    let sealed = SignedData::read(&written(&at_lt.archive(&seal).unwrap(), &kept)).unwrap();
    let imprints = |data: &SignedData| -> Vec<Integrity> {
        judged(data).stamps.iter().map(|stamp| stamp.imprint).collect()
    };
    assert_eq!(imprints(&sealed), [Integrity::Intact, Integrity::Intact]);

    // A stamp on another signature.
    let mut foreign = SignedData::read(&base).unwrap();
    foreign.stamp(0, &house.token(b"another signature")).unwrap();
    assert_eq!(imprints(&foreign), [Integrity::Altered]);
    // No stamp at all, but what is called one.
    let mut junk = SignedData::read(&base).unwrap();
    junk.add(0, "1.2.840.113549.1.9.16.2.14".parse().unwrap(), vec![0x30, 0])
        .unwrap();
    assert_eq!(imprints(&junk), [Integrity::Altered]);
    // The signature's stamp is taken away from under the archive's, or a list, or a certificate.
    let mut stripped = sealed.clone();
    stripped.signers[0].unsigned.remove(0);
    assert_eq!(imprints(&stripped), [Integrity::Altered]);
    let mut stripped = sealed.clone();
    stripped.revocations.clear();
    assert_eq!(imprints(&stripped), [Integrity::Intact, Integrity::Altered]);
    let mut stripped = sealed.clone();
    stripped.certificates.pop();
    assert_eq!(imprints(&stripped), [Integrity::Intact, Integrity::Altered]);
    // What came later is not sealed, and harms nothing.
    let mut later = sealed;
    later
        .keep(signer::Material {
            answers: [vec![0x30, 3, 0x0A, 1, 6]].into(),
            ..Default::default()
        })
        .unwrap();
    assert_eq!(imprints(&later), [Integrity::Intact, Integrity::Intact]);
    assert!(judged(&later).stamps[1].covers.answers.is_empty());
}

#[test]
fn countersignatures_are_noticed_and_bound_to_what_they_are_on() {
    let house = House::new();
    let (hand, witness) = (
        house.hand("signer", SignatureProfile::EcdsaP256Sha256),
        house.hand("witness", SignatureProfile::EcdsaP256Sha256),
    );
    let mut data = forged(&hand, |_| {});
    let over = HashAlgorithm::Sha256.digest(&data.signers[0].signature);
    let attributes = Attributes::new(&witness.certificate, &over).unwrap();
    let ToBeSigned::CmsAttributes(set) = attributes.to_be_signed() else {
        panic!()
    };
    let mut all = Vec::new();
    let mut cursor = Cursor::only(&set).unwrap().enter(0x31).unwrap();
    while !cursor.is_done() {
        all.push(cursor.read().unwrap().encoded.to_vec());
    }
    without(&mut all, "1.2.840.113549.1.9.3");
    let set = wrap(0x31, &all.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let finished = pki::ToSign::new(set.clone(), witness.certificate.profile())
        .finish(witness.sign_bytes(&set).as_bytes(), witness.certificate.key())
        .unwrap();
    let theirs = forged(&witness, |_| {});
    let mut inner = set;
    inner[0] = 0xA0;
    let counter = sequence(&[
        &[0x02, 1, 1],
        &theirs.signers[0].id,
        &theirs.signers[0].digest_algorithm,
        &inner,
        finished.algorithm(),
        &wrap(0x04, &[finished.value()]),
    ]);
    data.certificates.push(witness.certificate.der().to_vec());
    data.add(0, "1.2.840.113549.1.9.6".parse().unwrap(), counter)
        .unwrap();
    let found = claims(&data.to_der().unwrap());
    assert_eq!(found.len(), 2);
    assert_eq!(found[1].name, "countersignature 1 on signature 1");
    assert!(
        misleads(&found[0], &hand) && misleads(&found[1], &witness),
        "{:?}",
        found[1]
    );
    data.signers[0].signature[20] ^= 1;
    assert_eq!(
        claims(&data.to_der().unwrap())[1].covered[0].integrity,
        Integrity::Altered
    );
}

#[test]
fn what_was_cut_off_or_lengthened_is_refused() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    for packaging in [Packaging::Detached, Packaging::Attached] {
        let file = signed(&hand, packaging);
        for end in 0..file.len() {
            assert!(SignedData::read(&&file[..end]).is_err());
        }
        let longer = [&file[..], &[0]].concat();
        assert!(SignedData::read(&longer).is_err());
        assert!(SignedData::read_padded(&longer).is_ok());
        assert!(SignedData::read_padded(&[&longer[..], &[1]].concat()).is_err());
        // One changed byte is noticed wherever it changes what was signed, by whom, or the signature.
        let sound = claims(&file).remove(0);
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 0x01;
            if SignedData::read(&changed).is_err() {
                continue;
            }
            let found = claims(&changed);
            for claim in found.iter().filter(|claim| misleads(claim, &hand)) {
                assert_eq!(
                    (&claim.signed, &claim.signer),
                    (&sound.signed, &sound.signer),
                    "byte {at}"
                );
                assert_eq!(claim.covered[0].digest, sound.covered[0].digest);
            }
        }
    }
}
