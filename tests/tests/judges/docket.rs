//! What pkilint shall judge, and its findings against those that `tests/pkilint.toml` accepts with our reason.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use domain::KeyAlgorithm;
use world::{Authority, Founding};

use crate::{Court, python, subjects};

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

    /// Fails unless exactly the accepted is found, as far as it is about what was brought.
    pub(crate) async fn judge(&self) {
        let found = self.findings().await;
        let brought: BTreeSet<&String> = self.0.iter().map(|[_, kind, _]| kind).collect();
        let mut accepted = accepted();
        accepted.retain(|(_, kind), _| brought.contains(kind));
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

/// What is among these but not among those, line by line.
fn lacking(these: &Findings, those: &Findings) -> String {
    let lines = these
        .iter()
        .filter(|(key, _)| !those.contains_key(key))
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
        let twice = accepted.insert((finding, kind), reason);
        assert_eq!(twice, None, "{row} stands twice in tests/pkilint.toml");
    }
    accepted
}

#[tokio::test(flavor = "multi_thread")]
async fn pkilint_hears_what_is_wrong() {
    let court = Court::founded(Founding::USUAL).await;
    let key = subjects::key(&court.pki, KeyAlgorithm::P256).await;
    court.keep("stranger.der", &Authority::new().certify(key.der(), (2026, 2027)));
    let mut docket = Docket::default();
    docket.bring_certificate(&court, ("stranger", "stranger.der"), "issuing.der");

    const CRL_NUMBER: [u8; 5] = [0x06, 0x03, 0x55, 0x1D, 0x14];
    const UNKNOWN_EXTENSION: [u8; 5] = [0x06, 0x03, 0x55, 0x1D, 0x63];
    let list = court.pki.get("/pki/root.crl").await;
    court.keep("unnumbered.crl", &spoilt(&list, &CRL_NUMBER, &UNKNOWN_EXTENSION));
    docket.bring(&court, ("crl", "unnumbered"), "unnumbered.crl");

    const SUCCESSFUL: [u8; 3] = [0x0A, 0x01, 0x00];
    const UNAUTHORIZED: [u8; 3] = [0x0A, 0x01, 0x06];
    court
        .says("openssl ocsp -issuer issuing.pem -serial 1 -url {base}/ocsp -noverify -respout answer.der")
        .await;
    let answer = std::fs::read(court.path("answer.der")).unwrap();
    court.keep("answer.der", &spoilt(&answer, &SUCCESSFUL, &UNAUTHORIZED));
    docket.bring(&court, ("ocsp", "contradictory"), "answer.der");

    let found = docket.findings().await;
    for (kind, finding) in [
        (
            "certificate stranger",
            "pkix.authority_key_identifier_extension_absent",
        ),
        ("chain stranger", "pkix.signature_verification_failed"),
        ("crl unnumbered", "pkix.crl_number_missing"),
        ("ocsp contradictory", "pkix.ocsp_error_response_has_response_body"),
    ] {
        let key = (finding.to_owned(), kind.to_owned());
        assert!(found.contains_key(&key), "{kind}, {finding}: {found:#?}");
    }
}

/// These bytes with the first such part put in the place of another of its length.
fn spoilt(bytes: &[u8], part: &[u8], other: &[u8]) -> Vec<u8> {
    let at = bytes
        .windows(part.len())
        .position(|window| window == part)
        .unwrap();
    [&bytes[..at], other, &bytes[at + part.len()..]].concat()
}
