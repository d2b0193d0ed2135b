//! The house keeps its own rules: who may know whom, where secrets are opened, and that the documents speak of what
//! is there.
//!
//! Each rule is a table; a change that needs another row changes the design, and says so.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails may fail loudly"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// What each crate may know of ours. Arrows point one way; a crate without a row is refused.
const ARROWS: [(&str, &[&str]); 15] = [
    ("domain", &[]),
    ("typeface", &[]),
    ("policies", &["domain"]),
    ("forms", &["policies", "domain", "typeface"]),
    ("pki", &["domain"]),
    ("hsm", &["policies", "domain"]),
    ("sdk", &["domain"]),
    ("ca", &["hsm", "pki", "policies", "domain"]),
    ("ledger", &["pki", "domain"]),
    ("signer", &["hsm", "pki", "policies", "domain", "typeface"]),
    ("identity", &["policies", "domain"]),
    ("store", &["ca", "ledger", "hsm", "pki", "policies", "domain"]),
    ("vault", &["store", "hsm", "policies", "domain"]),
    (
        "server",
        &[
            "store", "ca", "forms", "ledger", "signer", "sdk", "hsm", "pki", "policies", "domain",
        ],
    ),
    (
        "tests",
        &[
            "server", "vault", "store", "ca", "forms", "ledger", "signer", "sdk", "hsm", "pki", "policies",
            "domain",
        ],
    ),
];

/// Crates that must not be anywhere below one of ours, with the features it is looked at with.
const KEPT_OUT: [(&str, &str, &[&str]); 19] = [
    ("vault", "", &HTTP),
    ("server", "", &["cryptoki", "cryptoki-sys"]),
    ("sdk", "", &["cryptoki", "cryptoki-sys"]),
    ("store", "", &HTTP),
    ("store", "s3", &["cryptoki", "cryptoki-sys"]),
    ("hsm", "", &["cryptoki", "cryptoki-sys", "sqlx"]),
    ("hsm", "token", &["sqlx"]),
    ("hsm", "token", &HTTP),
    ("ca", "", &["sqlx", "cryptoki", "cryptoki-sys"]),
    ("ledger", "", &["sqlx", "tokio"]),
    ("pki", "", &["sqlx", "tokio"]),
    ("signer", "", &["sqlx", "cryptoki", "cryptoki-sys"]),
    ("signer", "", &HTTP),
    ("identity", "", &["sqlx", "cryptoki", "cryptoki-sys"]),
    ("identity", "", &HTTP),
    ("forms", "", &["sqlx", "tokio", "cryptoki", "cryptoki-sys"]),
    ("forms", "", &HTTP),
    ("policies", "", &["sqlx", "tokio"]),
    ("domain", "", &["sqlx", "tokio"]),
];

const HTTP: [&str; 8] = [
    "actix-web",
    "axum",
    "h2",
    "http",
    "hyper",
    "reqwest",
    "tower-http",
    "ureq",
];

/// Who may turn on `hsm`'s feature `token`, and so link PKCS#11.
const TOKEN_USERS: [&str; 2] = ["tests", "vault"];

/// Who may name `cryptoki`.
const CRYPTOKI_USERS: [&str; 2] = ["hsm", "tests"];

/// The files that open a secret; in tests and fuzz targets they are their own.
const EXPOSING: [&str; 13] = [
    "domain/src/enrolment.rs",
    "domain/src/hpke.rs",
    "domain/src/sad.rs",
    "domain/src/secret.rs",
    "fuzz/fuzz_targets/sad.rs",
    "hsm/src/boundary/parts.rs",
    "hsm/src/secret_bytes.rs",
    "hsm/src/shelf.rs",
    "hsm/src/token/client_key.rs",
    "hsm/src/token/sealed.rs",
    "hsm/src/token/verifier.rs",
    "sdk/tests/vectors.rs",
    "store/src/part.rs",
];

/// Lines of a file, its tests not counted.
const LONGEST: usize = 400;

#[test]
fn the_arrows_between_crates_are_those_of_the_design() {
    let allowed: BTreeMap<_, _> = ARROWS.into_iter().collect();
    let packages = packages();
    let ours: BTreeSet<_> = packages.iter().map(|package| package.name.as_str()).collect();
    for package in &packages {
        let name = package.name.as_str();
        let may = allowed
            .get(name)
            .unwrap_or_else(|| panic!("{name} has no row in ARROWS"));
        for known in linked(package).filter(|known| ours.contains(known)) {
            assert!(may.contains(&known), "{name} must not know {known}");
        }
    }
}

#[test]
fn what_a_crate_must_not_know_is_nowhere_below_it() {
    for (name, features, kept_out) in KEPT_OUT {
        let below = tree(name, features);
        assert!(below.contains(name), "the tree of {name} could not be read");
        for unwanted in kept_out {
            assert!(
                !below.contains(*unwanted),
                "{name} with features {features:?} reaches {unwanted}"
            );
        }
    }
    assert!(
        tree("vault", "").contains("cryptoki"),
        "vault is the one that talks to tokens"
    );
}

#[test]
fn only_the_vault_links_pkcs11() {
    for package in packages() {
        let name = package.name.as_str();
        for dependency in &package.dependencies {
            let token =
                dependency.name == "hsm" && dependency.features.iter().any(|feature| feature == "token");
            assert!(
                !token || TOKEN_USERS.contains(&name),
                "{name} turns on hsm's feature token"
            );
            let cryptoki = dependency.name.starts_with("cryptoki");
            assert!(
                !cryptoki || CRYPTOKI_USERS.contains(&name),
                "{name} names {}",
                dependency.name
            );
        }
    }
}

#[test]
fn secrets_are_opened_only_where_it_is_known() {
    let opens = |text: &str| text.contains(".expose(") || text.contains(".expose_mut(");
    let this = Path::new("tests/tests/house.rs");
    let found: BTreeSet<_> = files(&["rs"])
        .into_iter()
        .filter(|path| path != this && opens(&read(path)))
        .collect();
    let known: BTreeSet<_> = EXPOSING.into_iter().map(PathBuf::from).collect();
    assert_eq!(found, known, "left: the files that open secrets; right: EXPOSING");
}

#[test]
fn no_file_holds_two_ideas() {
    for path in files(&["rs"]) {
        if !path.iter().any(|part| part == "src") || path.ends_with("tests.rs") {
            continue;
        }
        let lines = read(&path)
            .lines()
            .take_while(|line| *line != "#[cfg(test)]")
            .count();
        assert!(
            lines <= LONGEST,
            "{} has {lines} lines without its tests",
            path.display()
        );
    }
}

#[test]
fn every_path_that_the_documents_name_exists() {
    for document in files(&["md"]) {
        let beside = document.parent().unwrap();
        for path in paths_named_in(&read(&document)) {
            let from = if path.starts_with("../") {
                beside
            } else {
                Path::new("")
            };
            assert!(
                root().join(from).join(&path).exists(),
                "{} names {path}, which does not exist",
                document.display()
            );
        }
    }
}

#[test]
fn the_table_of_folders_has_every_folder() {
    let text = read(Path::new("README.md"));
    let mut folders: Vec<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') && name != "target")
        .collect();
    folders.sort();
    let mut named: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("/` |"))
        .map(|(name, _)| name)
        .collect();
    named.sort_unstable();
    assert_eq!(named, folders);
}

#[test]
fn every_claimed_requirement_stands_in_its_source_and_in_its_test() {
    for Claim { id, sources, tests } in claims(&read(Path::new("docs/requirements.md"))) {
        assert!(
            !sources.is_empty() && !tests.is_empty(),
            "{id} needs a source and a test"
        );
        for source in sources {
            let said = documentation(&read(Path::new(&source)));
            assert!(
                said.iter().any(|line| names(line, &id)),
                "{source} does not say {id} in a doc comment"
            );
        }
        for test in tests {
            let (path, function) = test
                .split_once("::")
                .unwrap_or_else(|| panic!("{id}: {test} names no test"));
            let said = documentation_of(&read(Path::new(path)), function);
            assert!(
                said.is_some_and(|text| names(&text, &id)),
                "{test} is not there or does not say {id}"
            );
        }
    }
}

#[test]
fn paths_and_claims_are_told_from_other_words() {
    let text = "See `hsm/src/lib.rs`, `vaults/src/main.rs::main`, `../tbs` and `docs/`.\n```\n`store/gone.rs`\n```\n\
                Not paths: `application/json`, `tamga/sad/1`, `s`, `make test`, `openssl.rs`, `hsm::Service`.";
    assert_eq!(
        paths_named_in(text),
        ["hsm/src/lib.rs", "vaults/src/main.rs", "../tbs", "docs/"]
    );
    let rows = "| id | source | test |\n| --- | --- | --- |\n| R125 | `hsm/src/a.rs`, `b.rs` | `tests/tests/x.rs::y` |\n";
    let claim = claims(rows).pop().unwrap();
    assert_eq!(
        (claim.id.as_str(), claim.sources.len(), claim.tests.len()),
        ("R125", 2, 1)
    );
    let source = "//! R001\n/// R125: good.\n#[test]\nfn y() {}\n\n/// R1250\nfn z() {}\n";
    assert!(names(&documentation_of(source, "y").unwrap(), "R125"));
    assert!(!names(&documentation_of(source, "z").unwrap(), "R125"));
    assert_eq!(documentation_of(source, "absent"), None);
}

/// Crates of the workspace, with what their manifests say.
fn packages() -> Vec<Package> {
    let mut command = MetadataCommand::new();
    command
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(["--locked".to_owned()]);
    command.exec().unwrap().packages
}

/// What a crate links or builds with; what only its tests use is its own affair.
fn linked(package: &Package) -> impl Iterator<Item = &str> {
    let linked = package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind != DependencyKind::Development);
    linked.map(|dependency| dependency.name.as_str())
}

/// Everything below one crate, features resolved for it alone: a build of the whole workspace would unite them.
fn tree(name: &str, features: &str) -> BTreeSet<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command
        .current_dir(root())
        .args(["tree", "--locked", "--edges", "normal,build", "--prefix", "none"]);
    command.args(["--format", "{p}", "--package", name, "--features", features]);
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Files of the checkout with one of these extensions, from its top; what is built or hidden is left out.
fn files(extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !name.starts_with('.') && name != "target" {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|found| extensions.iter().any(|wanted| found == *wanted))
            {
                found.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// Words in backticks that are paths of this checkout: with a folder of ours or `..` in front, or with a source's ending.
fn paths_named_in(text: &str) -> Vec<String> {
    let outside_code: String = text.split("```").step_by(2).collect();
    let words = outside_code.split('`').skip(1).step_by(2);
    let is_path = |path: &&str| {
        let (folder, _) = path.split_once('/').unwrap_or_default();
        let plain = path
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "/._-".contains(letter));
        let ours = !folder.is_empty() && root().join(folder).is_dir() && folder != "target";
        let source = [".rs", ".sql", ".sh", ".md"]
            .iter()
            .any(|ending| path.ends_with(ending));
        plain && !path.contains("//") && (ours || source && !folder.is_empty())
    };
    words
        .filter_map(|word| word.split("::").next())
        .filter(is_path)
        .map(str::to_owned)
        .collect()
}

/// A row of `docs/requirements.md`.
struct Claim {
    id: String,
    sources: Vec<String>,
    tests: Vec<String>,
}

fn claims(text: &str) -> Vec<Claim> {
    let list = |cell: &str| -> Vec<String> {
        cell.split(',')
            .map(|item| item.trim().trim_matches('`').to_owned())
            .filter(|item| !item.is_empty())
            .collect()
    };
    let claim = |line: &str| {
        let cells: Vec<_> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
        let [id, sources, tests, ..] = cells.as_slice() else {
            return None;
        };
        let digits = id.strip_prefix('R')?;
        let numbered = digits.len() == 3 && digits.chars().all(|digit| digit.is_ascii_digit());
        numbered.then(|| Claim {
            id: (*id).to_owned(),
            sources: list(sources),
            tests: list(tests),
        })
    };
    text.lines().filter_map(claim).collect()
}

/// Whether a text names exactly this requirement.
fn names(text: &str, id: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_alphanumeric())
        .any(|word| word == id)
}

/// Doc comments of Rust, comments of SQL.
fn documentation(source: &str) -> Vec<String> {
    let is_doc = |line: &&str| ["///", "//!", "--"].iter().any(|mark| line.starts_with(mark));
    source
        .lines()
        .map(str::trim_start)
        .filter(is_doc)
        .map(str::to_owned)
        .collect()
}

/// The doc comment above a function; `None` if there is no such function.
fn documentation_of(source: &str, function: &str) -> Option<String> {
    let lines: Vec<_> = source.lines().map(str::trim_start).collect();
    let start = format!("fn {function}(");
    let at = lines
        .iter()
        .position(|line| line.starts_with(&start) || line.starts_with(&format!("async {start}")))?;
    let above = lines[..at]
        .iter()
        .rev()
        .take_while(|line| line.starts_with("///") || line.starts_with("#["));
    Some(above.copied().collect::<Vec<_>>().join("\n"))
}
