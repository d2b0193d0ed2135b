//! What people and programs read: reports of every sort of verdict, letter by letter, in three languages.
//!
//! Whoever changes a word reads the whole report that it stands in. With `TAMGA_GOLDEN=write` the tests write what they
//! would compare.

use std::{fs, path::Path};

use domain::Time;
use pki::crl::Reason;
use signer::{
    Alteration, Change, Claim, Coverage, Covered, Format, Integrity, Language, Name, Report, StampKind,
    Uncovered, What, pdf::PdfFault,
};

use crate::world::{World, day, material, stamp_claim};

/// A file's name, the signature in it, when it is judged, and since when its certificate is revoked.
type Case = (&'static str, fn(&World, &mut Claim), u64, Option<u64>);

const CASES: [Case; 14] = [
    ("passed.pdf", |_, _| {}, 101, None),
    ("detached.p7s", detached, 101, None),
    ("wrong-bytes.pdf", wrong_bytes, 101, None),
    ("revoked-before.pdf", content_stamp, 111, Some(105)),
    ("revoked-after.pdf", signature_stamp, 111, Some(105)),
    ("revoked.pdf", |_, _| {}, 111, Some(105)),
    ("expired.pdf", |_, _| {}, 401, None),
    ("changed.pdf", changed, 101, None),
    ("signed-again.pdf", signed_again, 101, None),
    ("not-covered.asice", not_covered, 101, None),
    ("unreadable.pdf", unreadable, 101, None),
    ("another-file.p7s", another_file, 101, None),
    ("unrecognised.xml", unrecognised, 101, None),
    ("refused-but-old.pdf", refused_but_old, 111, None),
];

fn covered(claim: &mut Claim) -> &mut Covered {
    claim.covered.first_mut().unwrap()
}

fn of_revision(claim: &mut Claim, number: usize, of: usize) {
    claim.format = Format::Pades;
    claim.name = Name::Field {
        field: "Signature1".to_owned(),
    };
    covered(claim).what = What::Revision { number, of };
}

fn detached(_: &World, claim: &mut Claim) {
    let file = || "келісім.docx".to_owned();
    claim.coverage = Coverage::Detached { file: file() };
    covered(claim).what = What::File { file: file() };
}

fn wrong_bytes(_: &World, claim: &mut Claim) {
    of_revision(claim, 1, 1);
    covered(claim).integrity = Integrity::Altered;
}

/// The content was stamped after the certificate was revoked, so the signature is younger still.
fn content_stamp(world: &World, claim: &mut Claim) {
    let token = world.unit.stamp(b"content", day(106));
    claim.stamps.push(stamp_claim(StampKind::Content, token));
}

/// The signature was stamped before the certificate was revoked.
fn signature_stamp(world: &World, claim: &mut Claim) {
    let token = world.unit.stamp(&claim.value, day(100));
    claim.stamps.push(stamp_claim(StampKind::Signature, token));
    claim.properties.time = Some(day(99));
    claim.properties.name = Some("Алия Серікқызы".to_owned());
    claim.properties.roles = vec!["Бас бухгалтер".to_owned()];
    claim.properties.reason = Some("Несие шарты".to_owned());
    claim.properties.place = Some("Алматы".to_owned());
    claim.properties.policy = Some("1.2.398.3.1".to_owned());
    claim.properties.commitments = ["1.2.840.113549.1.9.16.6.5", "1.2.3.4"].map(str::to_owned).into();
}

fn revision(claim: &mut Claim, changes: Vec<(Alteration, bool)>) {
    of_revision(claim, 1, 2);
    let changes = changes
        .into_iter()
        .map(|(what, harmless)| Change { what, harmless })
        .collect();
    claim.coverage = Coverage::Revision {
        number: 1,
        of: 2,
        changes,
    };
}

fn changed(_: &World, claim: &mut Claim) {
    let field = "amount\u{202E}\u{1b}[2J".to_owned();
    let changes = vec![
        (Alteration::FieldFilledForbidden { field }, false),
        (
            Alteration::PageEntry {
                page: 3,
                key: "Contents".to_owned(),
            },
            false,
        ),
        (Alteration::ValidationData, true),
    ];
    revision(claim, changes);
}

fn signed_again(_: &World, claim: &mut Claim) {
    let field = "Signature2".to_owned();
    revision(claim, vec![(Alteration::SignatureAdded { field }, true)]);
}

fn not_covered(_: &World, claim: &mut Claim) {
    claim.name = Name::Inside {
        file: "META-INF/signature001.p7s".to_owned(),
        name: Box::new(Name::Numbered { number: 1 }),
    };
    covered(claim).what = What::File {
        file: "шарт.pdf".to_owned(),
    };
    let uncovered = ["extra.pdf", "META-INF/x.docx"].map(|file| Uncovered::File {
        file: file.to_owned(),
    });
    claim.coverage = Coverage::Except {
        uncovered: uncovered.into(),
    };
}

fn unreadable(_: &World, claim: &mut Claim) {
    of_revision(claim, 1, 1);
    claim.faults = vec![PdfFault::RangesGap.into(), PdfFault::CmsUnreadable.into()];
    covered(claim).integrity = Integrity::Unprovable;
}

/// What lies beside is not what was signed: it may be another file.
fn another_file(world: &World, claim: &mut Claim) {
    detached(world, claim);
    covered(claim).integrity = Integrity::Altered;
}

/// A form so wrong that nothing of what is covered is known.
fn unrecognised(_: &World, claim: &mut Claim) {
    claim.faults = vec![PdfFault::CmsUnreadable.into()];
    claim.coverage = Coverage::Parts;
    claim.covered.clear();
}

/// A good remark is not among the reasons of a bad verdict.
fn refused_but_old(world: &World, claim: &mut Claim) {
    signature_stamp(world, claim);
    changed(world, claim);
}

fn report(world: &World, (file, make, at, revoked): Case) -> Report {
    let mut claim = world.alice.claim();
    make(world, &mut claim);
    let revoked: Vec<_> = revoked
        .map(|since| (&world.alice, day(since), Reason::KeyCompromise))
        .into_iter()
        .collect();
    let with = material(&[&world.authority], &world.lists(at - 1, &revoked), &[]);
    Report {
        file: file.to_owned(),
        at: day(at),
        signatures: vec![world.judge(&claim, &with, day(at))],
    }
}

/// Compares with what is kept beside the tests.
fn is_as_kept(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/judging/golden")
        .join(name);
    if std::env::var_os("TAMGA_GOLDEN").is_some() {
        fs::write(&path, found).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap();
    let differing = kept
        .lines()
        .zip(found.lines())
        .find(|(kept, found)| kept != found);
    assert!(kept == found, "{name} differs, first in {differing:?}");
}

#[test]
fn people_read_each_verdict_in_their_language() {
    let world = World::new();
    for language in Language::ALL {
        let mut all: Vec<String> = CASES.map(|case| report(&world, case).to_text(language)).into();
        let mut two = report(&world, CASES[1]);
        two.file = "two-signatures.p7s".to_owned();
        two.signatures.extend(report(&world, CASES[2]).signatures);
        all.push(two.to_text(language));
        let none = Report {
            file: "no-signature.xml".to_owned(),
            at: day(101),
            signatures: Vec::new(),
        };
        all.push(none.to_text(language));
        is_as_kept(&format!("{}.txt", language.code()), &all.join("\n"));
    }
}

/// The codes say the same in every language, and only sentences differ.
#[test]
fn programs_read_the_same_whatever_the_language() {
    let world = World::new();
    for case in CASES {
        let report = report(&world, case);
        let [kazakh, russian, english] = Language::ALL.map(|language| {
            let mut json = report.to_json(language);
            let texts = without_texts(&mut json);
            (json, texts)
        });
        assert_eq!(kazakh.0, english.0, "{}", case.0);
        assert_eq!(russian.0, english.0, "{}", case.0);
        assert_ne!(kazakh.1, russian.1, "{}", case.0);
        assert_ne!(russian.1, english.1, "{}", case.0);
    }
}

fn without_texts(json: &mut serde_json::Value) -> Vec<String> {
    match json {
        serde_json::Value::Object(fields) => {
            let text = fields
                .remove("text")
                .map(|text| text.as_str().unwrap().to_owned());
            let inner = fields.values_mut().flat_map(without_texts);
            text.into_iter().chain(inner).collect()
        }
        serde_json::Value::Array(items) => items.iter_mut().flat_map(without_texts).collect(),
        _ => Vec::new(),
    }
}

/// The example in the documentation is what programs get.
#[test]
fn the_documented_example_is_a_report() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/validation-report.md");
    let document = fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once("```json\n").unwrap();
    let (example, after) = rest.split_once("```\n").unwrap();
    let world = World::new();
    let mut found = report(&world, CASES[4]);
    found.signatures.extend(report(&world, CASES[7]).signatures);
    let found = serde_json::to_string_pretty(&found.to_json(Language::English)).unwrap() + "\n";
    if std::env::var_os("TAMGA_GOLDEN").is_some() {
        fs::write(&path, format!("{before}```json\n{found}```\n{after}")).unwrap();
    } else {
        assert_eq!(example, found);
    }
}

/// Who asks chose a time before the certificate; that is no proof of a signature older than it.
#[test]
fn a_certificate_that_begins_after_the_time_of_the_question_accuses_nobody() {
    let world = World::new();
    let with = material(&[&world.authority], &[], &[]);
    let before = Time::from_unix_seconds(0);
    let report = Report {
        file: "early.pdf".to_owned(),
        at: before,
        signatures: vec![world.judge(&world.alice.claim(), &with, before)],
    };
    let json = report.to_json(Language::English).to_string();
    assert!(!json.contains("too-early"), "{json}");
}
