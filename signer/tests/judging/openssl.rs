//! openssl as a judge of paths: the same certificates, the same moment, the same verdict.

use std::{fs, path::Path, process::Command};

use pki::path::paths;

use crate::world::{Party, ca, day, extension, person};

const NAME_CONSTRAINTS: &str = "2.5.29.30";

/// Whether openssl finds a path that holds from the first to the root.
fn openssl_verifies(folder: &Path, first: &Party, between: &[&Party], root: &Party, at: u64) -> bool {
    openssl_finds(folder, first, between, root, (at, &[]))
}

/// The same with further options.
pub(crate) fn openssl_finds(
    folder: &Path,
    first: &Party,
    between: &[&Party],
    root: &Party,
    (at, options): (u64, &[&str]),
) -> bool {
    let pem = |party: &Party| {
        der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, &party.certificate).unwrap()
    };
    let write = |name: &str, text: String| {
        fs::write(folder.join(name), text).unwrap();
        folder.join(name)
    };
    let root = write("root.pem", pem(root));
    let between = write("between.pem", between.iter().map(|party| pem(party)).collect());
    let first = write("first.pem", pem(first));
    let output = Command::new("openssl")
        .args(["verify", "-x509_strict", "-no-CApath", "-no-CAstore", "-attime"])
        .arg(day(at).unix_seconds().to_string())
        .args(options)
        .arg("-CAfile")
        .arg(root)
        .arg("-untrusted")
        .arg(between)
        .arg(first)
        .output()
        .unwrap();
    output.status.success()
}

pub(crate) fn ours(first: &Party, between: &[&Party], root: &Party, at: u64) -> Result<(), String> {
    let anchors = [root.anchor()];
    let target = first.presented();
    let between: Vec<_> = between.iter().map(|party| party.presented()).collect();
    let found = paths(&target, &between, &anchors);
    let mut why = "no path".to_owned();
    for path in &found.paths {
        match path
            .holds()
            .map_err(|fault| fault.to_string())
            .and_then(|()| path.lives_at(day(at)).map_err(|fault| fault.to_string()))
        {
            Ok(()) => return Ok(()),
            Err(fault) => why = fault,
        }
    }
    Err(why)
}

/// `nameConstraints` with one subtree of directory names, permitted or excluded.
fn constrained(permitted: bool, name: &str) -> pki::x509_cert::ext::Extension {
    use der::Encode as _;
    let name = pki::tlv::wrap(0xA4, &[&named_only(name).to_der().unwrap()]);
    let subtrees = pki::tlv::sequence(&[&name]);
    let value = pki::tlv::sequence(&[&pki::tlv::wrap(if permitted { 0xA0 } else { 0xA1 }, &[&subtrees])]);
    extension(NAME_CONSTRAINTS.parse().unwrap(), true, value)
}

fn named_only(name: &str) -> pki::x509_cert::name::Name {
    pki::Distinguished::new().common_name(name).unwrap().finish()
}

/// Key identifiers, which openssl's strict mode asks of every certificate.
fn with_keys(
    issuer: &Party,
    party: &Party,
    extensions: Vec<pki::x509_cert::ext::Extension>,
) -> Vec<pki::x509_cert::ext::Extension> {
    let own = pki::tlv::wrap(4, &[&party.key_identifier()]);
    let above = pki::tlv::sequence(&[&pki::tlv::wrap(0x80, &[&issuer.key_identifier()])]);
    let mut all = extensions;
    all.push(extension(pki::oid::SUBJECT_KEY_IDENTIFIER, false, own));
    all.push(extension(pki::oid::AUTHORITY_KEY_IDENTIFIER, false, above));
    all
}

pub(crate) fn issue(
    issuer: &Party,
    (seed, name): (u8, &str),
    life: (u64, u64),
    extensions: Vec<pki::x509_cert::ext::Extension>,
) -> Party {
    let party = Party::new(seed, name);
    let extensions = with_keys(issuer, &party, extensions);
    issuer.issue((seed, name), life, extensions)
}

pub(crate) fn root() -> Party {
    let root = Party::new(1, "Root");
    let extensions = with_keys(&root, &root, ca(None));
    let certificate = root.certify(&root, (1, day(0), day(7_300)), extensions);
    Party { certificate, ..root }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table with its parties")]
fn openssl_finds_the_same_of_every_path() {
    let folder = tempfile::tempdir().unwrap();
    let root = root();
    let long = (0, 3_000);
    let authority = issue(&root, (2, "Authority"), long, ca(Some(0)));
    let free = issue(&root, (3, "Free"), long, ca(None));
    let below_free = issue(&free, (4, "Below"), long, ca(None));
    let below_limited = issue(&authority, (5, "Below limited"), long, ca(None));
    let no_usage = vec![
        ca(None).remove(0),
        extension(pki::oid::KEY_USAGE, true, vec![3, 2, 1, 2]),
    ];
    let lists_only = issue(&root, (6, "Lists only"), long, no_usage);
    let permits = issue(
        &root,
        (7, "Permits"),
        long,
        [ca(None), vec![constrained(true, "Алия")]].concat(),
    );
    let excludes = issue(
        &root,
        (8, "Excludes"),
        long,
        [ca(None), vec![constrained(false, "Алия")]].concat(),
    );
    let unknown = extension("1.2.3.4.5".parse().unwrap(), true, vec![5, 0]);
    let impostor = Party {
        certificate: authority.certificate.clone(),
        ..Party::new(60, "Authority")
    };
    // A chain of twelve.
    let mut deep = vec![free.clone()];
    for number in 0..10_u8 {
        let above = deep.last().unwrap();
        let next = issue(above, (70 + number, &format!("Deep {number}")), long, ca(None));
        deep.push(next);
    }
    let alice = |issuer: &Party, extensions| issue(issuer, (20, "Алия"), (10, 365), extensions);
    let plain = alice(&authority, person());
    let cases: Vec<(&str, Party, Vec<&Party>, u64, bool)> = vec![
        ("good", plain.clone(), vec![&authority], 100, true),
        ("too early", plain.clone(), vec![&authority], 9, false),
        ("ended", plain.clone(), vec![&authority], 366, false),
        (
            "authority ended",
            issue(&authority, (21, "Late"), (0, 4_000), person()),
            vec![&authority],
            3_500,
            false,
        ),
        ("missing link", plain.clone(), vec![], 100, false),
        (
            "links to spare",
            plain.clone(),
            vec![&free, &authority, &below_free],
            100,
            true,
        ),
        (
            "two authorities",
            alice(&below_free, person()),
            vec![&free, &below_free],
            100,
            true,
        ),
        (
            "path length",
            alice(&below_limited, person()),
            vec![&authority, &below_limited],
            100,
            false,
        ),
        (
            "usage",
            alice(&lists_only, person()),
            vec![&lists_only],
            100,
            false,
        ),
        (
            "person issues",
            alice(&plain, person()),
            vec![&authority, &plain],
            100,
            false,
        ),
        (
            "unknown critical",
            alice(&authority, [person(), vec![unknown]].concat()),
            vec![&authority],
            100,
            false,
        ),
        (
            "outside of what is permitted",
            issue(&permits, (22, "Берик"), (0, 365), person()),
            vec![&permits],
            100,
            false,
        ),
        (
            "excluded",
            alice(&excludes, person()),
            vec![&excludes],
            100,
            false,
        ),
        (
            "same name, other key",
            alice(&impostor, person()),
            vec![&authority],
            100,
            false,
        ),
    ];
    for (name, first, between, at, expected) in cases {
        let openssl = openssl_verifies(folder.path(), &first, &between, &root, at);
        let found = ours(&first, &between, &root, at);
        assert_eq!(openssl, expected, "openssl: {name}");
        assert_eq!(found.is_ok(), expected, "{name}: {found:?}");
    }
    // Longer than anything that we follow; openssl's own limit is far above.
    let last = deep.last().unwrap();
    let first = alice(last, person());
    assert!(ours(&first, &deep.iter().collect::<Vec<_>>(), &root, 100).is_err());
}

#[test]
fn certificates_that_certify_one_another_end_the_search() {
    let root = root();
    let (one, other) = (Party::new(30, "One"), Party::new(31, "Other"));
    let mut ring: Vec<Party> = Vec::new();
    for serial in 0..40_u8 {
        let (above, below) = if serial % 2 == 0 {
            (&one, &other)
        } else {
            (&other, &one)
        };
        let certificate = above.certify(below, (serial + 1, day(0), day(3_000)), ca(None));
        ring.push(Party {
            certificate,
            ..below.clone()
        });
    }
    let lost = one.issue((32, "Lost"), (0, 365), person());
    assert!(ours(&lost, &ring.iter().collect::<Vec<_>>(), &root, 100).is_err());
}
