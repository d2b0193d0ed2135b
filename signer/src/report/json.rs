//! A report for machines.

use domain::Time;
use serde_json::{Map, Value, json};

use super::{Language, Report, words};
use crate::{
    Coverage, Format, Integrity, StampKind,
    judgement::{
        Finding, Indication, Particular, Person, SignatureReport, StampReport, SubIndication, Wanted,
    },
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
        "name": one.name,
        "format": format(one.format),
        "indication": one.indication().name(),
        "sub_indication": one.sub_indication.map(SubIndication::name),
        "findings": findings(&one.findings, language),
        "remarks": findings(&one.remarks, language),
        "signer": one.signer.as_ref().map(person),
        "algorithm": one.algorithm,
        "level": one.level.map(crate::Level::name),
        "proven_time": one.existed.map(time),
        "claimed": {
            "time": one.properties.time.map(time),
            "policy": one.properties.policy,
            "reason": one.properties.reason,
            "place": one.properties.place,
            "name": one.properties.name,
            "commitments": one.properties.commitments,
        },
        "time_stamps": stamps,
        "covers": covers(one),
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

fn covers(one: &SignatureReport) -> Value {
    let items: Vec<Value> = one
        .covered
        .iter()
        .map(|covered| {
            json!({
                "what": covered.what,
                "integrity": match covered.integrity {
                    Integrity::Intact => "intact",
                    Integrity::Altered => "altered",
                    Integrity::Missing => "missing",
                    Integrity::Unprovable => "unprovable",
                },
                "digest": covered.digest.map(|digest| digest.to_string()),
            })
        })
        .collect();
    let mut not_covered: &[String] = &[];
    let (extent, revision, later) = match &one.coverage {
        Coverage::Whole => ("whole", Value::Null, Vec::new()),
        Coverage::Parts => ("parts", Value::Null, Vec::new()),
        Coverage::Except { uncovered } => {
            not_covered = uncovered;
            ("parts", Value::Null, Vec::new())
        }
        Coverage::Revision { number, of, changes } => {
            let later = changes
                .iter()
                .map(|change| json!({ "what": change.what, "harmless": change.harmless }))
                .collect();
            ("revision", json!({ "number": number, "of": of }), later)
        }
    };
    json!({
        "extent": extent,
        "revision": revision,
        "items": items,
        "added_later": later,
        "not_covered": not_covered,
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
    let one = |finding: &Finding| {
        let particulars: Map<String, Value> = finding
            .particulars
            .iter()
            .map(|(name, particular)| {
                let value = match particular {
                    Particular::Text(text) => text.clone(),
                    Particular::Time(at) => time(*at),
                };
                ((*name).to_owned(), Value::String(value))
            })
            .collect();
        json!({
            "code": finding.code.name(),
            "particulars": particulars,
            "text": words::finding(finding, language),
        })
    };
    findings.iter().map(one).collect()
}

pub(super) const fn format(format: Format) -> &'static str {
    match format {
        Format::Pades => "PAdES",
        Format::PdfCms => "PDF-CMS",
        Format::Xades => "XAdES",
        Format::Xmldsig => "XMLDSig",
        Format::Cades => "CAdES",
        Format::Cms => "CMS",
    }
}

/// RFC 3339, UTC.
fn time(at: Time) -> String {
    at.to_string()
}
