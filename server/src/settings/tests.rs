//! The configuration is read strictly, and the environment replaces what it names.

use super::*;

const TEXT: &str = "database = 'sqlite:tamga.db'\nsockets = 's'\nroot_key = 'ROOT'\nlisten = '127.0.0.1:0'\n\
    [places]\nbase = 'http://pki.example.kz'\n[log]\norigin = 'x'\n[time]\npolicy = '1.3.6.1'\n\
    second_source = 'ntp.example.kz'\n";

const ROOT: &str = "-----BEGIN PUBLIC KEY-----\n\
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEsKqtY2zVhYbhxmK+P0Ci84emd5FE\n\
    AKhrAiq2OxmG+DFJ2FkkyeVV6RZRSANQsah+iBJBqWYA06Xubiu3Bbbb0g==\n-----END PUBLIC KEY-----\n";

fn read(text: &str, environment: &[(&str, &str)]) -> Result<Settings, String> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root.pub.pem");
    std::fs::write(&root, ROOT).unwrap();
    let text = text.replace("ROOT", root.to_str().unwrap());
    let path = folder.path().join("tamga.toml");
    std::fs::write(&path, text).unwrap();
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::read(&path, environment).map_err(|error| error.to_string())
}

#[test]
fn the_example_can_be_used() {
    let text = include_str!("../../../docs/tamga.example.toml").replace("/etc/tamga/root.pub.pem", "ROOT");
    let settings = read(&text, &[]).unwrap();
    assert!(settings.production);
    assert_eq!(
        settings.places.practice.as_deref(),
        Some("http://pki.example.kz/cps")
    );
}

#[test]
fn the_environment_replaces_values() {
    let settings = read(
        TEXT,
        &[
            ("TAMGA_SET_PLACES__BASE", "http://other.example.kz"),
            ("TAMGA_SET_PLACES__SHARDS", "8"),
            ("TAMGA_SET_PRODUCTION", "false"),
            ("TAMGA_LOG", "debug"),
        ],
    )
    .unwrap();
    assert_eq!(settings.places.base, "http://other.example.kz");
    assert_eq!(settings.places.shards, 8);
    assert!(!settings.production);
}

#[test]
fn the_rules_are_those_of_the_policy_and_none_is_laxer() {
    assert_eq!(read(TEXT, &[]).unwrap().policy(), &policies::Policy::SHIPPED);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.toml");
    let by = |rules: &str| {
        std::fs::write(&path, rules).unwrap();
        read(&format!("policy = '{}'\n{TEXT}", path.display()), &[])
    };
    let settings = by("version = 2\ndocuments = { xml = '1 MiB' }").unwrap();
    assert_eq!(settings.policy().documents.xml, 1 << 20);
    for (rules, why) in [
        (
            "version = 2\ndocuments = { xml = '1 GiB' }",
            "documents.xml is 1 GiB",
        ),
        ("version = 2\ndocument = {}", "unknown field `document`"),
    ] {
        let refused = by(rules).unwrap_err();
        assert!(
            refused.contains(why) && refused.contains("policy.toml"),
            "{refused}"
        );
    }
    let refused = read(&format!("rules = {{ version = 2 }}\n{TEXT}"), &[]).unwrap_err();
    assert!(refused.contains("unknown field `rules`"), "{refused}");
    std::fs::remove_file(&path).unwrap();
    let refused = read(&format!("policy = '{}'\n{TEXT}", path.display()), &[]).unwrap_err();
    assert!(refused.contains("cannot be read"), "{refused}");
}

#[test]
fn what_cannot_be_right_is_refused_in_words() {
    for (from, to, why) in [
        ("listen =", "listens =", "unknown field `listens`"),
        ("sqlite:tamga.db", "tamga.db", "a database is sqlite:PATH"),
        (
            "second_source = 'ntp.example.kz'",
            "",
            "time.second_source must name",
        ),
        (
            "http://pki",
            "https://pki",
            "places.base must be an http:// address",
        ),
        ("'1.3.6.1'", "'1.x'", "is no object identifier"),
        (
            "[places]",
            "[upkeep]\ntime_stamps = 'http://tsa.example.kz'\n[places]",
            "[documents] must say",
        ),
        (
            "[places]",
            "[documents]\nplace = '/var'\n[places]",
            "documents.place: a place of documents is",
        ),
        (
            "[places]",
            "[documents]\nplace = 'file:d'\n[upkeep]\ntime_stamps = 'tsa.example.kz'\n[places]",
            "upkeep.time_stamps must be the http:// address",
        ),
        (
            "[places]",
            "[documents]\nplace = 'file:d'\n[upkeep]\ntime_stamps = 'http://x/tsa'\nlevel = 'B'\n[places]",
            "upkeep.level must be T, LT or LTA",
        ),
    ] {
        let refused = read(&TEXT.replace(from, to), &[]).unwrap_err();
        assert!(refused.contains(why), "{to}: {refused}");
    }
    let refused = read(TEXT, &[("TAMGA_SET_PLACE__BASE", "x")]).unwrap_err();
    assert!(refused.contains("unknown field `place`"), "{refused}");
}
