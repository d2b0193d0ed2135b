//! What people and programs read.

use pki::crl::Reason;
use signer::{Change, Coverage, Language, Report, StampKind};

use crate::world::{World, day, material, stamp_claim};

fn report() -> Report {
    let world = World::new();
    let mut good = world.alice.claim();
    let token = world.unit.stamp(&good.value, day(100));
    good.stamps.push(stamp_claim(StampKind::Signature, token));
    good.coverage = Coverage::Revision {
        number: 1,
        of: 2,
        changes: vec![Change {
            what: "a further signature\u{202E}\u{1b}[2J".to_owned(),
            harmless: true,
        }],
    };
    let bad = world.alice.claim();
    let lists = world.lists(110, &[(&world.alice, day(105), Reason::KeyCompromise)]);
    let with = material(&[&world.authority], &lists, &[]);
    let signatures = [good, bad].map(|claim| world.judge(&claim, &with, day(111)));
    Report {
        file: "contract.pdf".to_owned(),
        at: day(111),
        signatures: signatures.into(),
    }
}

#[test]
fn people_read_what_it_is_and_what_came_later() {
    let report = report();
    let english = report.to_text(Language::English);
    for words in [
        "contract.pdf — 22 April 2026, 05:00:00 (UTC+05:00)",
        "2 signatures",
        "1. THE SIGNATURE IS VALID — TOTAL-PASSED",
        "Signed by: CN=Алия, C=KZ",
        "CAdES, B-T",
        "The signature covers this revision of the document: 1/2",
        "Added later: 1 change",
        "Time stamp on the signature: 11 April 2026, 05:00:00 (UTC+05:00), CN=Unit, C=KZ — TOTAL-PASSED",
        "2. THE SIGNATURE IS NOT PROVEN — INDETERMINATE / REVOKED_NO_POE",
        "is revoked since 16 April 2026, 05:00:00 (UTC+05:00) (keyCompromise)",
    ] {
        assert!(english.contains(words), "{words}\n{english}");
    }
    assert!(!english.contains(['\u{202E}', '\u{1b}']));
    let russian = report.to_text(Language::Russian);
    assert!(
        russian.contains("2 подписи") && russian.contains("ПОДПИСЬ ДЕЙСТВИТЕЛЬНА"),
        "{russian}"
    );
    let kazakh = report.to_text(Language::Kazakh);
    assert!(
        kazakh.contains("2 қолтаңба") && kazakh.contains("2026 ж. 22 сәуір"),
        "{kazakh}"
    );
    for text in [english, russian, kazakh] {
        assert!(!text.contains(['{', '}']), "{text}");
    }
}

#[test]
fn programs_read_fields_that_stay() {
    let json = report().to_json(Language::English);
    assert_eq!(json["indication"], "INDETERMINATE");
    let first = &json["signatures"][0];
    assert_eq!(first["indication"], "TOTAL-PASSED");
    assert_eq!(first["proven_time"], "2026-04-11T00:00:00Z");
    assert_eq!(first["covers"]["extent"], "revision");
    assert_eq!(first["covers"]["added_later"][0]["harmless"], true);
    assert_eq!(first["time_stamps"][0]["kind"], "signature");
    let second = &json["signatures"][1];
    assert_eq!(second["sub_indication"], "REVOKED_NO_POE");
    assert_eq!(second["findings"][0]["code"], "revoked");
    assert_eq!(second["findings"][0]["particulars"]["reason"], "keyCompromise");
}

#[test]
fn what_no_signature_covers_is_read_by_people_and_programs() {
    let mut report = report();
    let uncovered = vec!["META-INF/x.pdf is in the container, and no signature covers it".to_owned()];
    report.signatures[0].coverage = Coverage::Except { uncovered };
    report.signatures.truncate(1);
    for (language, words) in [
        (Language::Kazakh, "ҚОЛ ҚОЙЫЛМАҒАН:"),
        (Language::Russian, "НЕ ПОДПИСАНО:"),
        (Language::English, "NOT SIGNED:"),
    ] {
        let text = report.to_text(language);
        assert!(
            text.contains(words) && text.contains("– META-INF/x.pdf is"),
            "{text}"
        );
    }
    assert!(!report.to_text(Language::English).contains("whole file"));
    let json = report.to_json(Language::English);
    let covers = &json["signatures"][0]["covers"];
    assert_eq!(covers["extent"], "parts");
    assert!(
        covers["not_covered"][0]
            .as_str()
            .unwrap()
            .starts_with("META-INF/x.pdf ")
    );
}
