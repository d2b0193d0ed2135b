//! Digests end as every algorithm does: what is covered, what a time stamp is over, and what only a manifest names.

use domain::{HashAlgorithm, Time};
use pki::ocsp::CertStatus;
use signer::{
    Claim, Covered, Integrity, Level, Material, StampKind,
    judgement::{Constraints, Context, Finding, SignatureReport, SubIndication, judge, renew_before},
};

use crate::world::{World, day, material, stamp_claim};

const NO_POE: Option<SubIndication> = Some(SubIndication::CryptoConstraintsFailureNoPoe);

/// All in the [`World`] is by SHA-256; what is by SHA-384 ends on this day.
fn until(number: u64) -> Constraints {
    let mut constraints = Constraints::default();
    constraints.endurance.sha384 = day(number);
    constraints
}

fn with<T>(
    world: &World,
    (constraints, material): (&Constraints, &Material),
    at: Time,
    work: impl FnOnce(&Context<'_>) -> T,
) -> T {
    let anchors = [world.root.anchor()];
    work(&Context {
        anchors: &anchors,
        material,
        at,
        constraints,
    })
}

/// What is found on a day, when that day's lists are at hand.
fn judged(world: &World, claim: &Claim, constraints: &Constraints, at: u64) -> SignatureReport {
    let lists = material(&[&world.authority], &world.lists(at - 1, &[]), &[]);
    with(world, (constraints, &lists), day(at), |context| {
        judge(claim, context)
    })
}

/// A signature over a digest by SHA-384.
fn signed(world: &World) -> Claim {
    let mut claim = world.alice.claim();
    claim.covered = vec![Covered {
        digest: Some(HashAlgorithm::Sha384.digest(b"content")),
        ..claim.covered.remove(0)
    }];
    claim
}

/// The same, stamped on day 100.
fn stamped(world: &World) -> Claim {
    let mut claim = signed(world);
    let token = world.unit.stamp(&claim.value, day(100));
    claim.stamps.push(stamp_claim(StampKind::Signature, token));
    claim
}

/// The same, archived on day 105, with what was said of all on day 106.
fn archived(world: &World) -> Claim {
    let said = |at| {
        let answers = [&world.alice, &world.unit];
        let answers = answers.map(|about| {
            world
                .authority
                .answer(&world.authority, about, CertStatus::Good, at)
        });
        let authorities = [&world.authority, &world.root];
        material(&authorities, &[world.root.list(1, at, &[])], &answers)
    };
    let mut claim = stamped(world);
    let mut archive = stamp_claim(StampKind::Archive, world.unit.stamp(b"archive", day(105)));
    archive.covers = said(day(104));
    claim.material = said(day(104)).and(said(day(106)));
    claim.stamps.push(archive);
    claim
}

#[test]
fn a_digest_is_believed_after_its_end_only_of_a_signature_that_is_older() {
    let world = World::new();
    assert_eq!(
        judged(&world, &signed(&world), &until(111), 111).sub_indication,
        None
    );
    let ended = until(105);
    let report = judged(&world, &signed(&world), &ended, 111);
    assert_eq!(report.sub_indication, NO_POE);
    assert!(matches!(
        report.findings[..],
        [Finding::DigestEnded { time, .. }] if time == day(105)
    ));
    let report = judged(&world, &stamped(&world), &ended, 111);
    assert_eq!(
        (report.sub_indication, report.level),
        (None, Some(Level::T)),
        "{:#?}",
        report.findings
    );
    assert_eq!(
        judged(&world, &stamped(&world), &until(99), 111).sub_indication,
        NO_POE
    );
}

#[test]
fn a_time_stamp_proves_as_long_as_the_digests_in_it() {
    let world = World::new();
    let mut claim = world.alice.claim();
    let digest = HashAlgorithm::Sha384.digest(&claim.value);
    let token = world.unit.stamp_on(digest, day(100));
    claim.stamps.push(stamp_claim(StampKind::Signature, token));
    let ended = until(105);
    assert_eq!(judged(&world, &claim, &ended, 104).level, Some(Level::T));
    let late = judged(&world, &claim, &ended, 111);
    assert_eq!(
        (late.level, late.existed, late.stamps[0].sub_indication),
        (Some(Level::B), None, NO_POE)
    );
    let mut claim = archived(&world);
    claim.stamps[1].index = Some(HashAlgorithm::Sha384);
    let (before, after) = (
        judged(&world, &claim, &until(105), 105),
        judged(&world, &claim, &until(105), 111),
    );
    assert_eq!(before.stamps[1].sub_indication, None, "{before:#?}");
    assert_eq!(after.stamps[1].sub_indication, NO_POE);
}

#[test]
fn what_only_a_manifest_names_is_not_archived_beyond_the_manifests_digests() {
    let world = World::new();
    let mut claim = archived(&world);
    let ended = until(250);
    let report = judged(&world, &claim, &ended, 1_001);
    assert_eq!(
        (report.sub_indication, report.level),
        (None, Some(Level::Lta)),
        "{report:#?}"
    );
    claim.covered[0].by_manifest = true;
    let before = judged(&world, &claim, &ended, 111);
    assert_eq!(before.level, Some(Level::Lta), "{before:#?}");
    let seals = |report: &SignatureReport| report.remarks.contains(&Finding::SealsManifest);
    assert!(seals(&before) && !seals(&report));
    // So is read also where a file was altered and the stamp stands.
    let mut altered = claim.clone();
    altered.covered[0].integrity = Integrity::Altered;
    assert!(seals(&judged(&world, &altered, &ended, 111)));
    let after = judged(&world, &claim, &ended, 1_001);
    assert_eq!((after.sub_indication, after.level), (None, Some(Level::Lt)));
    assert!(
        after
            .remarks
            .iter()
            .any(|remark| matches!(remark, Finding::Unsealed { time, .. } if *time == day(250)))
    );
}

#[test]
fn the_next_archive_stamp_comes_before_the_digests_of_the_last_one_end() {
    let world = World::new();
    let (plain, nothing) = (archived(&world), Material::default());
    let renewed = |claim: &Claim| {
        with(&world, (&until(250), &nothing), day(107), |context| {
            renew_before(claim, context).unwrap()
        })
    };
    // The stamp itself hashes what is covered, by SHA-256.
    assert_eq!(renewed(&plain), Some(day(2_000)));
    let mut named = plain.clone();
    named.covered[0].by_manifest = true;
    let mut indexed = plain.clone();
    indexed.stamps[1].index = Some(HashAlgorithm::Sha384);
    let mut imprinted = plain;
    let digest = HashAlgorithm::Sha384.digest(b"archive");
    imprinted.stamps[1].token = world.unit.stamp_on(digest, day(105));
    for claim in [named, indexed, imprinted] {
        assert_eq!(renewed(&claim), Some(day(250)));
    }
}
