//! What is found in each situation that EN 319 102-1 tells apart.

use der::Encode as _;
use domain::Time;
use pki::{crl::Reason, ocsp::CertStatus, path::Purpose};
use signer::{
    Alteration, Change, Claim, Coverage, Integrity, Level, Material, Named, StampKind, Stated as _,
    judgement::{Constraints, Context, Indication, SignatureReport, SubIndication, judge},
    pdf::PdfFault,
};

use crate::world::{Party, World, ca, day, material, person, purpose, responder, sealing, stamp_claim, unit};

/// Its name, what is done to a good claim, and what is found then.
type Case = (&'static str, fn(&mut Claim), &'static str);

fn found(report: &SignatureReport) -> &'static str {
    report.sub_indication.map_or("PASSED", SubIndication::name)
}

#[track_caller]
fn is(report: &SignatureReport, expected: &str) {
    assert_eq!(
        found(report),
        expected,
        "{:#?}",
        (&report.findings, &report.stamps)
    );
}

#[test]
fn a_good_signature_passes_and_asks_for_nothing() {
    let world = World::new();
    let all = material(&[&world.authority], &world.lists(100, &[]), &[]);
    let report = world.judge(&world.alice.claim(), &all, day(101));
    is(&report, "PASSED");
    assert_eq!(report.indication(), Indication::TotalPassed);
    assert_eq!(report.level, Some(Level::B));
    assert!(report.wanted.is_empty());
    assert_eq!(report.signer.unwrap().subject, "CN=Алия, C=KZ");
}

#[test]
fn what_is_wrong_with_the_signature_itself_is_found_first() {
    let world = World::new();
    let all = material(&[&world.authority], &world.lists(100, &[]), &[]);
    let other = world.authority.issue((4, "Алия"), (0, 365), person());
    let cases: [Case; 10] = [
        (
            "form",
            |claim| claim.faults.push(PdfFault::Twin.into()),
            "FORMAT_FAILURE",
        ),
        (
            "altered",
            |claim| claim.covered[0].integrity = Integrity::Altered,
            "HASH_FAILURE",
        ),
        (
            "missing",
            |claim| claim.covered[0].integrity = Integrity::Missing,
            "SIGNED_DATA_NOT_FOUND",
        ),
        ("nothing", |claim| claim.covered.clear(), "SIGNED_DATA_NOT_FOUND"),
        (
            "unprovable",
            |claim| claim.covered[0].integrity = Integrity::Unprovable,
            "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
        ),
        ("value", |claim| claim.value[10] ^= 1, "SIG_CRYPTO_FAILURE"),
        ("signed", |claim| claim.signed.push(0), "SIG_CRYPTO_FAILURE"),
        (
            "absent",
            |claim| claim.signer = Named::Absent,
            "NO_SIGNING_CERTIFICATE_FOUND",
        ),
        (
            "unbound",
            |claim| claim.signer = Named::Unbound(World::new().alice.certificate),
            "SIG_CONSTRAINTS_FAILURE",
        ),
        (
            "changed later",
            |claim| {
                let changes = vec![Change {
                    what: Alteration::PageShared { page: 1 },
                    harmless: false,
                }];
                claim.coverage = Coverage::Revision {
                    number: 1,
                    of: 2,
                    changes,
                };
            },
            "SIG_CONSTRAINTS_FAILURE",
        ),
    ];
    for (name, change, expected) in cases {
        let mut claim = world.alice.claim();
        change(&mut claim);
        let report = world.judge(&claim, &all, day(101));
        assert_eq!(found(&report), expected, "{name}");
        assert!(!report.findings.is_empty(), "{name}");
    }
    // The same key and name in another certificate: the signed attribute names one only.
    let mut claim = world.alice.claim();
    claim.signer = Named::Contradicted(other.certificate);
    is(
        &world.judge(&claim, &all, day(101)),
        "NO_SIGNING_CERTIFICATE_FOUND",
    );
}

#[test]
fn algorithm_confusion_and_weak_algorithms_are_refused_in_words() {
    let world = World::new();
    let all = material(&[&world.authority], &world.lists(100, &[]), &[]);
    // AlgorithmIdentifiers: ecdsa-with-SHA1, sha1WithRSA, md5WithRSA, sha256WithRSA, ecdsa-with-SHA384, GOST.
    let sha1 = "1.3.14.3.2.26";
    let sha256 = "2.16.840.1.101.3.4.2.1";
    let rsa = |last| {
        vec![
            0x30, 0x0D, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, last, 5, 0,
        ]
    };
    for (signature, digest, expected, code) in [
        (
            vec![0x30, 9, 6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 1],
            sha1,
            "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
            "algorithm-weak",
        ),
        (rsa(5), sha1, "SIG_CRYPTO_FAILURE", "algorithm-confused"),
        (rsa(11), sha256, "SIG_CRYPTO_FAILURE", "algorithm-confused"),
        (
            vec![0x30, 0x0A, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 3],
            sha256,
            "FORMAT_FAILURE",
            "algorithm-confused",
        ),
        (
            vec![0x30, 0x0C, 6, 10, 0x2A, 0x83, 0x0E, 3, 10, 1, 1, 2, 3, 2],
            sha256,
            "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
            "algorithm-unknown",
        ),
    ] {
        let mut claim = world.alice.claim();
        claim.algorithm.signature = signature;
        claim.algorithm.digest = digest.to_owned();
        let report = world.judge(&claim, &all, day(101));
        let told = report.findings[0].statement().code();
        assert_eq!((found(&report), told), (expected, code));
    }
}

#[test]
fn certificates_must_be_for_signing_and_lead_to_an_anchor() {
    let world = World::new();
    let lists = world.lists(100, &[]);
    let all = material(&[&world.authority], &lists, &[]);
    let stranger = Party::root(9, "Root");
    let theirs = stranger.issue((10, "Алия"), (0, 365), person());
    is(
        &world.judge(&theirs.claim(), &all, day(101)),
        "NO_CERTIFICATE_CHAIN_FOUND",
    );
    // Without the authority's certificate nothing leads to the root.
    let report = world.judge(&world.alice.claim(), &material(&[], &lists, &[]), day(101));
    is(&report, "NO_CERTIFICATE_CHAIN_FOUND");

    let encipher = vec![crate::world::extension(
        pki::oid::KEY_USAGE,
        true,
        vec![3, 2, 5, 0x20],
    )];
    let tls = [
        person(),
        vec![purpose("1.3.6.1.5.5.7.3.1".parse().unwrap(), false)],
    ]
    .concat();
    let odd = [
        person(),
        vec![crate::world::extension(
            "1.2.3.4.5".parse().unwrap(),
            true,
            vec![5, 0],
        )],
    ]
    .concat();
    for (extensions, expected) in [
        (encipher, "CHAIN_CONSTRAINTS_FAILURE"),
        (tls, "CHAIN_CONSTRAINTS_FAILURE"),
        (odd, "CERTIFICATE_CHAIN_GENERAL_FAILURE"),
        (crate::world::unit(), "CHAIN_CONSTRAINTS_FAILURE"),
    ] {
        let signer = world.authority.issue((11, "Somebody"), (0, 365), extensions);
        is(&world.judge(&signer.claim(), &all, day(101)), expected);
    }
    // A person who issues certificates, and one authority more than the path length allows.
    let below = world.alice.issue((12, "Below"), (0, 365), person());
    let with_alice = material(&[&world.authority, &world.alice], &lists, &[]);
    is(
        &world.judge(&below.claim(), &with_alice, day(101)),
        "CERTIFICATE_CHAIN_GENERAL_FAILURE",
    );
    let third = world.authority.issue((13, "Third"), (0, 3_650), ca(None));
    let deep = third.issue((14, "Deep"), (0, 365), person());
    let with_third = material(&[&world.authority, &third], &lists, &[]);
    is(
        &world.judge(&deep.claim(), &with_third, day(101)),
        "CERTIFICATE_CHAIN_GENERAL_FAILURE",
    );
}

#[test]
fn status_is_asked_of_the_right_one_and_must_be_of_now() {
    let world = World::new();
    let claim = world.alice.claim();
    let root = world.root.list(100, day(100), &[]);
    let judge = |lists: &[Vec<u8>], answers: &[Vec<u8>]| {
        let lists = [core::slice::from_ref(&root), lists].concat();
        world.judge(&claim, &material(&[&world.authority], &lists, answers), day(101))
    };
    is(&judge(&[], &[]), "TRY_LATER");
    let (good, unknown) = (CertStatus::Good, CertStatus::Unknown);
    let at = day(101);
    let delegate = world
        .authority
        .issue((20, "Responder"), (0, 365), responder(true));
    let asked = world
        .authority
        .issue((21, "Responder 2"), (0, 365), responder(false));
    let plain = world.authority.issue((22, "No responder"), (0, 365), person());
    let foreign = Party::root(23, "Other").issue((24, "Responder"), (0, 365), responder(true));
    let ended = world
        .authority
        .issue((25, "Responder 3"), (0, 50), responder(true));
    let of = |party: &Party, status| vec![party.answer(&world.authority, &world.alice, status, at)];
    is(&judge(&[], &of(&world.authority, good)), "PASSED");
    is(&judge(&[], &of(&delegate, good)), "PASSED");
    is(&judge(&[], &of(&delegate, unknown)), "TRY_LATER");
    is(&judge(&[], &of(&plain, good)), "TRY_LATER");
    is(&judge(&[], &of(&foreign, good)), "TRY_LATER");
    is(&judge(&[], &of(&ended, good)), "TRY_LATER");
    is(&judge(&[], &of(&asked, good)), "TRY_LATER");
    // A responder whose status must be asked, and is known from a list: then the list speaks of the signer too.
    let about_responder = world
        .authority
        .list(5, day(100), &[(&asked, day(90), Reason::KeyCompromise)]);
    let report = world.judge(
        &claim,
        &material(
            &[&world.authority],
            &[root.clone(), about_responder],
            &of(&asked, good),
        ),
        at,
    );
    is(&report, "PASSED");

    // The list of another issuer with the same name, and one of another issuer altogether.
    let impostor = Party::root(30, "Authority");
    is(&judge(&[impostor.list(1, day(100), &[])], &[]), "TRY_LATER");
    is(&judge(&[world.root.list(1, day(100), &[])], &[]), "TRY_LATER");
    // Old lists: one that is over, and one that is not while a newer one says otherwise.
    is(&judge(&[world.authority.list(1, day(80), &[])], &[]), "TRY_LATER");
    let newer = world
        .authority
        .list(2, day(100), &[(&world.alice, day(99), Reason::KeyCompromise)]);
    is(
        &judge(&[world.authority.list(1, day(95), &[]), newer.clone()], &[]),
        "REVOKED_NO_POE",
    );
    // A good answer beside a list that says revoked.
    is(&judge(&[newer], &of(&delegate, good)), "REVOKED_NO_POE");
    // A list of tomorrow is not of today.
    is(
        &judge(&[world.authority.list(3, day(103), &[])], &[]),
        "TRY_LATER",
    );
}

#[test]
fn a_delta_list_completes_its_full_one() {
    let world = World::new();
    let claim = world.alice.claim();
    let root = world.root.list(100, day(100), &[]);
    let full = world.authority.list(10, day(95), &[]);
    let judge = |delta: Vec<u8>| {
        let lists = [root.clone(), full.clone(), delta];
        world.judge(&claim, &material(&[&world.authority], &lists, &[]), day(101))
    };
    let revoked = [(&world.alice, day(99), Reason::KeyCompromise)];
    is(
        &judge(world.authority.list_of((12, Some(10)), day(100), &revoked)),
        "REVOKED_NO_POE",
    );
    is(
        &judge(world.authority.list_of((12, Some(10)), day(100), &[])),
        "PASSED",
    );
    // One to a later list than ours leaves a gap: it is not used, nor is one of somebody else.
    is(
        &judge(world.authority.list_of((12, Some(11)), day(100), &revoked)),
        "PASSED",
    );
    let impostor = Party::root(30, "Authority");
    is(
        &judge(impostor.list_of((12, Some(10)), day(100), &revoked)),
        "PASSED",
    );
}

/// Whoever signs chooses what travels inside; that must not crowd out what the judge brought.
#[test]
fn nothing_inside_a_document_crowds_out_what_is_at_hand() {
    let world = World::new();
    let mut claim = world.alice.claim();
    claim.material = material(
        &[&world.authority],
        &[world.root.list(100, day(100), &[])],
        &[world
            .alice
            .answer(&world.authority, &world.alice, CertStatus::Good, day(100))],
    );
    for number in 40..=240_u8 {
        let stranger = Party::root(number, "A stranger");
        claim.material.lists.insert(stranger.list(1, day(1), &[]));
    }
    let revoked = [(&world.alice, day(99), Reason::KeyCompromise)];
    let at_hand = material(
        &[],
        &[
            world.authority.list(10, day(100), &revoked),
            world.root.list(101, day(100), &[]),
        ],
        &[],
    );
    is(&world.judge(&claim, &at_hand, day(101)), "REVOKED_NO_POE");
}

#[test]
fn a_certificate_on_hold_is_to_be_asked_again() {
    let world = World::new();
    let lists = world.lists(100, &[(&world.alice, day(99), Reason::CertificateHold)]);
    let report = world.judge(
        &world.alice.claim(),
        &material(&[&world.authority], &lists, &[]),
        day(101),
    );
    is(&report, "TRY_LATER");
    assert_eq!(report.findings[0].statement().code(), "on-hold");
}

/// One signature with a stamp of day 100, judged on some day.
fn stamped(world: &World, unit: &Party) -> Claim {
    let mut claim = world.alice.claim();
    let token = unit.stamp(&claim.value, day(100));
    claim.stamps.push(stamp_claim(StampKind::Signature, token));
    claim
}

#[test]
fn revoked_after_the_signing_time_passes_and_revoked_before_it_does_not() {
    let world = World::new();
    let claim = stamped(&world, &world.unit);
    let revoked = |at| world.lists(110, &[(&world.alice, at, Reason::KeyCompromise)]);
    let judge = |claim: &Claim, lists: &[Vec<u8>]| {
        world.judge(claim, &material(&[&world.authority], lists, &[]), day(111))
    };
    let report = judge(&claim, &revoked(day(105)));
    is(&report, "PASSED");
    assert_eq!((report.existed, report.level), (Some(day(100)), Some(Level::T)));
    is(&judge(&claim, &revoked(day(99))), "REVOKED_NO_POE");
    is(&judge(&world.alice.claim(), &revoked(day(105))), "REVOKED_NO_POE");
    // The content was stamped after the revocation: then it is proven that the signature came later.
    let mut late = world.alice.claim();
    let token = world.unit.stamp(b"content", day(106));
    late.stamps.push(stamp_claim(StampKind::Content, token));
    is(&judge(&late, &revoked(day(105))), "REVOKED");
}

#[test]
fn a_stamp_saves_what_was_signed_before_the_certificate_ended() {
    let world = World::new();
    let claim = stamped(&world, &world.unit);
    // The authority's list made while the certificate lived, after the stamp; the others are of now.
    let alive = world.authority.list(104, day(104), &[]);
    let lists = [world.lists(400, &[]), vec![alive]].concat();
    let with = material(&[&world.authority], &lists, &[]);
    // The list of day 104 says so on day 104; but nothing proves that it is of that day.
    let mut inside = claim.clone();
    is(&world.judge(&claim, &with, day(401)), "PASSED");
    is(
        &world.judge(&world.alice.claim(), &with, day(401)),
        "OUT_OF_BOUNDS_NO_POE",
    );
    // Without it nothing is known of her while she had a certificate: lists forget who expired.
    let without = material(&[&world.authority], &world.lists(400, &[]), &[]);
    is(&world.judge(&claim, &without, day(401)), "OUT_OF_BOUNDS_NO_POE");
    // A stamp of a day on which the certificate had not begun.
    inside.stamps[0].token = world.unit.stamp(&inside.value, day(1));
    let young = world.authority.issue((4, "Алия"), (50, 365), person());
    inside.signer = Named::Bound(young.certificate.clone());
    inside.value = young.der_signature(&inside.signed);
    is(&world.judge(&inside, &with, day(401)), "NOT_YET_VALID");
}

#[test]
fn foreign_time_stamps_and_strange_ones_prove_nothing() {
    let world = World::new();
    let lists = world.lists(110, &[(&world.alice, day(105), Reason::KeyCompromise)]);
    let with = material(&[&world.authority], &lists, &[]);
    let stranger = Party::root(40, "Stranger").issue((41, "Unit"), (0, 2_000), crate::world::unit());
    let soft = [person(), vec![purpose(pki::oid::TIME_STAMPING, false)]].concat();
    let not_critical = world.authority.issue((42, "Unit 2"), (0, 2_000), soft);
    let no_unit = world.authority.issue((43, "Unit 3"), (0, 2_000), person());
    let young = world
        .authority
        .issue((44, "Unit 4"), (104, 2_000), crate::world::unit());
    for (unit, expected) in [
        (&stranger, "NO_CERTIFICATE_CHAIN_FOUND"),
        (&not_critical, "CHAIN_CONSTRAINTS_FAILURE"),
        (&no_unit, "CHAIN_CONSTRAINTS_FAILURE"),
        (&young, "OUT_OF_BOUNDS_NO_POE"),
    ] {
        let report = world.judge(&stamped(&world, unit), &with, day(111));
        is(&report, "REVOKED_NO_POE");
        assert_eq!(
            report.stamps[0].sub_indication.map(SubIndication::name),
            Some(expected)
        );
    }
    let mut foreign = stamped(&world, &world.unit);
    foreign.stamps[0].imprint = Integrity::Altered;
    let report = world.judge(&foreign, &with, day(111));
    is(&report, "REVOKED_NO_POE");
    assert_eq!(report.stamps[0].sub_indication, Some(SubIndication::HashFailure));
    // Every byte of a token matters.
    let whole = stamped(&world, &world.unit);
    let token = whole.stamps[0].token.clone();
    let mut believed = Vec::new();
    for place in 0..token.len() {
        let mut claim = whole.clone();
        claim.stamps[0].token[place] ^= 0x01;
        let report = world.judge(&claim, &with, day(111));
        if report.indication() == Indication::TotalPassed {
            believed.push(place);
        }
    }
    assert_eq!(believed, [] as [usize; 0], "of {} bytes", token.len());
}

#[test]
fn stamps_must_be_in_the_order_of_their_times() {
    let world = World::new();
    let mut claim = stamped(&world, &world.unit);
    let token = world.unit.stamp(b"archive", day(99));
    claim.stamps.push(stamp_claim(StampKind::Archive, token));
    let with = material(&[&world.authority], &world.lists(100, &[]), &[]);
    is(&world.judge(&claim, &with, day(101)), "TIMESTAMP_ORDER_FAILURE");
}

/// Two authorities stamp the same value side by side: nothing says which came first. Between kinds something does.
#[test]
fn stamps_of_one_kind_have_no_order_and_stamps_of_different_kinds_have() {
    use StampKind::{Archive, Content, Signature};
    let world = World::new();
    let with = material(&[&world.authority], &world.lists(100, &[]), &[]);
    for (stamps, expected) in [
        (vec![(Signature, 100), (Signature, 99)], "PASSED"),
        (vec![(Content, 98), (Content, 97), (Signature, 99)], "PASSED"),
        (vec![(Signature, 98), (Archive, 100), (Archive, 99)], "PASSED"),
        (vec![(Content, 100), (Signature, 100), (Archive, 100)], "PASSED"),
        (vec![(Content, 100), (Signature, 99)], "TIMESTAMP_ORDER_FAILURE"),
        (vec![(Content, 100), (Archive, 99)], "TIMESTAMP_ORDER_FAILURE"),
        (
            vec![(Signature, 98), (Signature, 100), (Archive, 99)],
            "TIMESTAMP_ORDER_FAILURE",
        ),
        (
            vec![(Content, 100), (Archive, 100), (Archive, 99)],
            "TIMESTAMP_ORDER_FAILURE",
        ),
    ] {
        let mut claim = world.alice.claim();
        for (kind, at) in &stamps {
            let token = world.unit.stamp(b"anything", day(*at));
            claim.stamps.push(stamp_claim(*kind, token));
        }
        let report = world.judge(&claim, &with, day(101));
        assert_eq!(found(&report), expected, "{stamps:?}");
    }
}

/// Renewed a hundred times: the newest stamp proves the rest, and none of them is a fault. Those beyond all measure are told
/// as unproven.
#[test]
fn many_stamps_are_judged_and_too_many_are_told() {
    let world = World::new();
    let with = material(&[&world.authority], &world.lists(100, &[]), &[]);
    let mut claim = stamped(&world, &world.unit);
    let archive = stamp_claim(StampKind::Archive, world.unit.stamp(b"archive", day(100)));
    claim.stamps.extend(vec![archive.clone(); 100]);
    let report = world.judge(&claim, &with, day(101));
    is(&report, "PASSED");
    assert!(report.stamps.iter().all(|stamp| stamp.sub_indication.is_none()));
    claim.stamps.extend(vec![archive; 200]);
    let report = world.judge(&claim, &with, day(101));
    is(&report, "PASSED");
    let unproven = report
        .stamps
        .iter()
        .filter(|stamp| stamp.sub_indication.is_some());
    assert_eq!((report.stamps.len(), unproven.count()), (301, 301 - 256));
}

/// Level LTA: everything of day 104 inside, an archive stamp of day 105, judged when the signer and the authority's
/// delegate have long ended.
#[test]
fn an_archive_stamp_keeps_what_was_known_when_it_was_made() {
    let world = World::new();
    let delegate = world
        .authority
        .issue((20, "Responder"), (0, 120), responder(true));
    let answers: Vec<Vec<u8>> = [&world.alice, &world.unit]
        .map(|about| delegate.answer(&world.authority, about, CertStatus::Good, day(104)))
        .into();
    let kept = material(
        &[&world.authority, &world.root],
        &[world.root.list(104, day(104), &[])],
        &answers,
    );
    let mut claim = stamped(&world, &world.unit);
    claim.material = kept.clone();
    // Now: lists of today, from which the signer is gone; the unit that made the archive stamp still lives.
    let today = Material {
        lists: world.lists(1_000, &[]).into_iter().collect(),
        ..Material::default()
    };
    let none = Material::default();
    is(&world.judge(&claim, &none, day(104)), "PASSED");
    is(&world.judge(&claim, &today, day(1_001)), "OUT_OF_BOUNDS_NO_POE");
    let mut archive = sealing(&claim, world.unit.stamp(b"archive", day(105)));
    archive.covers = kept;
    claim.stamps.push(archive);
    let report = world.judge(&claim, &today, day(1_001));
    is(&report, "PASSED");
    assert_eq!(report.level, Some(Level::Lta));
    assert_eq!(report.existed, Some(day(100)));
}

/// Who has the key of a unit that was revoked later makes a stamp of whatever time. It is not older than what seals it.
#[test]
fn time_stamp_forged_beside_an_archive_that_does_not_seal_it_proves_nothing() {
    let world = World::new();
    let stolen = world.authority.issue((21, "Stolen Unit"), (0, 2_000), unit());
    let compromised = [
        (&world.alice, day(40), Reason::KeyCompromise),
        (&stolen, day(80), Reason::KeyCompromise),
    ];
    let with = material(&[&world.authority, &stolen], &world.lists(100, &compromised), &[]);
    let mut claim = world.alice.claim();
    let forged = stolen.stamp(&claim.value, day(20));
    claim.stamps.push(stamp_claim(StampKind::Signature, forged));
    let mut honest = claim.clone();
    let archive = world.unit.stamp(b"archive", day(60));
    claim
        .stamps
        .push(stamp_claim(StampKind::Archive, archive.clone()));
    is(&world.judge(&claim, &with, day(101)), "REVOKED_NO_POE");

    // The same stamp under the seal was there before the key was stolen.
    let sealed = sealing(&honest, archive);
    honest.stamps.push(sealed);
    is(&world.judge(&honest, &with, day(101)), "PASSED");
}

#[test]
fn what_is_missing_is_named_with_its_addresses() {
    let world = World::new();
    let address = |text: &str| pki::Addresses {
        issuer: format!("http://ca.example/{text}.crt"),
        ocsp: Some("http://ocsp.example/".to_owned()),
        crl: format!("http://ca.example/{text}.crl"),
        delta: None,
    };
    let places = address("authority");
    let encode = |value: Vec<u8>, id| crate::world::extension(id, false, value);
    let extensions = [
        person(),
        vec![
            encode(
                places.authority_information().unwrap().to_der().unwrap(),
                pki::oid::AUTHORITY_INFO_ACCESS,
            ),
            encode(
                places.distribution_points().unwrap().to_der().unwrap(),
                pki::oid::CRL_DISTRIBUTION_POINTS,
            ),
        ],
    ]
    .concat();
    let bob = world.authority.issue((50, "Bob"), (0, 365), extensions);
    let report = world.judge(&bob.claim(), &Material::default(), day(101));
    is(&report, "NO_CERTIFICATE_CHAIN_FOUND");
    assert_eq!(
        report.wanted.issuers.first().map(String::as_str),
        Some("http://ca.example/authority.crt")
    );
    let with = material(&[&world.authority], &[world.root.list(1, day(100), &[])], &[]);
    let report = world.judge(&bob.claim(), &with, day(101));
    is(&report, "TRY_LATER");
    assert_eq!(
        report.wanted.lists.first().map(String::as_str),
        Some("http://ca.example/authority.crl")
    );
    assert_eq!(
        report.wanted.answers.first().map(|asked| asked.address.as_str()),
        Some("http://ocsp.example/")
    );
}

/// National authorities for signatures, European ones for time stamps: each is believed for its own alone.
#[test]
fn an_anchor_is_believed_for_its_purpose_alone() {
    let world = World::new();
    let stamps = Party::root(40, "Stamps");
    let unit = stamps.issue((41, "Unit"), (0, 2_000), crate::world::unit());
    let lists = [
        world.lists(110, &[(&world.alice, day(105), Reason::KeyCompromise)]),
        vec![stamps.list(1, day(110), &[])],
    ]
    .concat();
    let with = material(&[&world.authority], &lists, &[]);
    let claim = stamped(&world, &unit);
    let judged = |for_people: Purpose, for_stamps: Purpose| {
        let anchors = [
            world.root.anchor().only_for(for_people),
            stamps.anchor().only_for(for_stamps),
        ];
        let context = Context {
            anchors: &anchors,
            material: &with,
            at: day(111),
            constraints: &Constraints::default(),
        };
        judge(&claim, &context)
    };
    is(&judged(Purpose::Signatures, Purpose::Stamps), "PASSED");
    is(&judged(Purpose::Any, Purpose::Any), "PASSED");
    // The unit is nobody's then, so nothing proves that she signed before she was revoked.
    is(&judged(Purpose::Any, Purpose::Signatures), "REVOKED_NO_POE");
    is(
        &judged(Purpose::Stamps, Purpose::Any),
        "NO_CERTIFICATE_CHAIN_FOUND",
    );
}

/// Whose time stamp was taken away is judged as if there had been none.
#[test]
fn stripped_time_stamps_save_nothing() {
    let world = World::new();
    let revoked = world.lists(110, &[(&world.alice, day(105), Reason::KeyCompromise)]);
    let with = material(&[&world.authority], &revoked, &[]);
    let mut claim = stamped(&world, &world.unit);
    is(&world.judge(&claim, &with, day(111)), "PASSED");
    claim.stamps.clear();
    is(&world.judge(&claim, &with, day(111)), "REVOKED_NO_POE");
}

#[test]
fn the_same_is_found_every_time() {
    let world = World::new();
    let all = material(&[&world.authority], &world.lists(100, &[]), &[]);
    let claim = stamped(&world, &world.unit);
    let judge = |at: Time| world.judge(&claim, &all, at);
    assert_eq!(judge(day(101)), judge(day(101)));
}
