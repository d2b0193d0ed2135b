//! A report for machines.

use domain::{Language, Time};
use serde_json::{Map, Value, json};

use super::{Report, labels};
use crate::{
    Change, Coverage, Integrity, Particular, StampKind, Stated, Statement, Uncovered,
    judgement::{Finding, Indication, Person, SignatureReport, StampReport, SubIndication, Wanted},
};

pub(super) fn report(report: &Report, language: Language) -> Value {
    let signatures: Vec<Value> = report
        .signatures
        .iter()
        .map(|one| signature(one, language))
        .collect();
    json!({
        "file": report.file,
        "judged_for": time(report.at),
        "indication": report.indication().map(Indication::name),
        "signatures": signatures,
    })
}

fn signature(one: &SignatureReport, language: Language) -> Value {
    let stamps: Vec<Value> = one.stamps.iter().map(|one| stamp(one, language)).collect();
    json!({
        "name": told(&one.name.statement(), language),
        "format": labels::format(one.format),
        "indication": one.indication().name(),
        "sub_indication": one.sub_indication.map(SubIndication::name),
        "findings": findings(&one.findings, language),
        "remarks": findings(&one.remarks, language),
        "signer": one.signer.as_ref().map(person),
        "algorithm": one.algorithm,
        "level": one.level.map(crate::Level::name),
        "level_carried": one.carried.name(),
        "proven_time": one.existed.map(time),
        "claimed": {
            "time": one.properties.time.map(time),
            "time_without_zone": one.properties.unzoned,
            "policy": one.properties.policy,
            "reason": one.properties.reason,
            "place": one.properties.place,
            "name": one.properties.name,
            "roles": one.properties.roles,
            "commitments": one.properties.commitments,
        },
        "time_stamps": stamps,
        "covers": covers(one, language),
        "missing": wanted(&one.wanted),
    })
}

fn stamp(one: &StampReport, language: Language) -> Value {
    json!({
        "kind": match one.kind {
            StampKind::Content => "content",
            StampKind::Signature => "signature",
            StampKind::Archive => "archive",
        },
        "indication": one.indication().name(),
        "sub_indication": one.sub_indication.map(SubIndication::name),
        "findings": findings(&one.findings, language),
        "time": one.time.map(time),
        "authority": one.unit.as_ref().map(person),
    })
}

fn covers(one: &SignatureReport, language: Language) -> Value {
    let item = |covered: &crate::Covered| {
        json!({
            "what": told(&covered.what.statement(), language),
            "integrity": match covered.integrity {
                Integrity::Intact => "intact",
                Integrity::Altered => "altered",
                Integrity::Missing => "missing",
                Integrity::Unprovable => "unprovable",
            },
            "digest": covered.digest.map(|digest| digest.to_string()),
        })
    };
    let change = |change: &Change| {
        json!({
            "what": told(&change.what.statement(), language),
            "harmless": change.harmless,
        })
    };
    let (mut file, mut revision) = (None, None);
    let (mut later, mut not_covered): (&[Change], &[Uncovered]) = (&[], &[]);
    let extent = match &one.coverage {
        Coverage::Whole => "whole",
        Coverage::Detached { file: beside } => {
            file = Some(beside);
            "detached"
        }
        Coverage::Parts => "parts",
        Coverage::Except { uncovered } => {
            not_covered = uncovered;
            "parts"
        }
        Coverage::Revision { number, of, changes } => {
            revision = Some(json!({ "number": number, "of": of }));
            later = changes;
            "revision"
        }
    };
    json!({
        "extent": extent,
        "file": file,
        "revision": revision,
        "items": one.covered.iter().map(item).collect::<Vec<_>>(),
        "added_later": later.iter().map(change).collect::<Vec<_>>(),
        "not_covered": not_covered
            .iter()
            .map(|what| told(&what.statement(), language))
            .collect::<Vec<_>>(),
    })
}

fn wanted(wanted: &Wanted) -> Value {
    let answers: Vec<&str> = wanted
        .answers
        .iter()
        .map(|asked| asked.address.as_str())
        .collect();
    json!({
        "issuers": wanted.issuers,
        "revocation_lists": wanted.lists,
        "status_responders": answers,
    })
}

fn person(person: &Person) -> Value {
    json!({
        "subject": person.subject,
        "issuer": person.issuer,
        "serial": person.serial,
        "not_before": time(person.not_before),
        "not_after": time(person.not_after),
        "sha256": person.fingerprint,
    })
}

fn findings(findings: &[Finding], language: Language) -> Vec<Value> {
    let all = findings.iter();
    all.map(|finding| told(&finding.statement(), language)).collect()
}

/// A statement: code, particulars, and its sentence.
fn told(statement: &Statement, language: Language) -> Value {
    let particulars: Map<String, Value> = statement
        .particulars()
        .map(|(name, particular)| {
            let value = match particular {
                Particular::Number(number) => json!(number),
                Particular::Statement(inner) => told(inner, language),
                Particular::Text(text) => json!(text),
                Particular::Time(at) => json!(time(*at)),
            };
            (name.to_owned(), value)
        })
        .collect();
    json!({
        "code": statement.code(),
        "particulars": particulars,
        "text": statement.text(language),
    })
}

/// RFC 3339, UTC.
fn time(at: Time) -> String {
    at.to_string()
}
