//! What pkilint shall judge, and its findings against those that `tests/pkilint.toml` accepts with our reason.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::{Court, python};

/// How things are judged; the first word of every kind.
const WAYS: [&str; 4] = ["certificate", "chain", "crl", "ocsp"];

/// Finding and kind, and what there is to say about it.
pub(crate) type Findings = BTreeMap<(String, String), String>;

/// What shall be judged: how, its kind, its file.
#[derive(Debug, Default)]
pub(crate) struct Docket(Vec<[String; 3]>);

impl Docket {
    /// Adds a file of a world's folder. Kinds may repeat; their findings are joined.
    pub(crate) fn bring(&mut self, court: &Court, (how, kind): (&str, &str), file: &str) {
        self.0.push([
            how.to_owned(),
            format!("{how} {kind}"),
            court.path(file).display().to_string(),
        ]);
    }

    /// Adds a certificate, alone and under its issuer's.
    pub(crate) fn bring_certificate(&mut self, court: &Court, (kind, file): (&str, &str), issuer: &str) {
        self.bring(court, ("certificate", kind), file);
        let both = format!("{},{}", court.path(issuer).display(), court.path(file).display());
        self.0.push(["chain".to_owned(), format!("chain {kind}"), both]);
    }

    /// Everything that pkilint finds.
    pub(crate) async fn findings(&self) -> Findings {
        let said = python("lint.py", self.0.as_flattened()).await;
        for [_, kind, file] in &self.0 {
            let looks = said["looks"][kind].as_u64();
            assert!(looks > Some(0), "nobody looked at {kind}, {file}");
        }
        let text =
            |finding: &serde_json::Value, field: &str| finding[field].as_str().unwrap_or_default().to_owned();
        let findings = said["findings"].as_array().unwrap().iter().map(|finding| {
            let more = format!("at {}: {}", text(finding, "where"), text(finding, "message"));
            ((text(finding, "finding"), text(finding, "kind")), more)
        });
        findings.collect()
    }

    /// Fails unless exactly the accepted is found, as far as it is about things that are judged like these. So whoever
    /// judges lists judges lists of every kind.
    pub(crate) async fn judge(&self) {
        let found = self.findings().await;
        let ways: BTreeSet<&str> = self.0.iter().map(|[how, _, _]| how.as_str()).collect();
        let mut accepted = accepted();
        accepted.retain(|(_, kind), _| kind.split(' ').next().is_some_and(|how| ways.contains(how)));
        let new = lacking(&found, &accepted);
        assert!(
            new.is_empty(),
            "pkilint finds what tests/pkilint.toml does not accept; mend it, or say there why it stays:\n{new}"
        );
        let gone = lacking(&accepted, &found);
        assert!(
            gone.is_empty(),
            "tests/pkilint.toml accepts what pkilint does not find any more; take it out:\n{gone}"
        );
    }
}

/// What is among some but not among the others, line by line.
fn lacking(some: &Findings, others: &Findings) -> String {
    let lines = some
        .iter()
        .filter(|(key, _)| !others.contains_key(key))
        .map(|((finding, kind), more)| format!("  {kind}: {finding}: {more}\n"));
    lines.collect()
}

fn accepted() -> Findings {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("pkilint.toml");
    let file: toml::Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut accepted = Findings::new();
    for row in file["finding"].as_array().unwrap() {
        let [finding, kind, reason] =
            ["finding", "kind", "reason"].map(|field| row[field].as_str().unwrap().to_owned());
        assert!(
            !reason.is_empty(),
            "{finding} of {kind} is accepted without a reason"
        );
        assert!(
            kind.split(' ').next().is_some_and(|how| WAYS.contains(&how)),
            "nothing is judged as {kind}"
        );
        let twice = accepted.insert((finding, kind), reason);
        assert_eq!(twice, None, "{row} stands twice in tests/pkilint.toml");
    }
    accepted
}
