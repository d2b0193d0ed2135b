//! What `tamga validate` ends with.

use std::path::Path;

use super::*;

/// What the program ends with, by the command line alone.
async fn ended(arguments: &[&str]) -> u8 {
    ended_by(None, arguments).await
}

/// The same, where there is a configuration.
async fn ended_by(configuration: Option<&Path>, arguments: &[&str]) -> u8 {
    #[derive(clap::Parser)]
    struct Program {
        #[command(flatten)]
        how: Validate,
    }
    let program = <Program as clap::Parser>::parse_from([&["validate"], arguments].concat());
    let none = || unreachable!("the command line says whom to believe");
    let ended = match configuration {
        None => run(program.how, none, false).await,
        Some(path) => run(program.how, || Settings::read(path, core::iter::empty()), true).await,
    };
    ended.map_or_else(|error| error.exit_code(), |()| 0)
}

fn openssl(folder: &Path, line: &str) {
    let done = std::process::Command::new("openssl")
        .args(line.split(' '))
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// A root in `root.pem`, and its key in `root.key`.
fn root(folder: &Path) {
    openssl(
        folder,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Root -keyout root.key -out root.pem -days 30",
    );
}

#[tokio::test]
async fn a_file_that_does_not_read_ends_nothing_and_the_worst_of_all_files_counts() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    root(folder.path());
    let unsigned = put("unsigned.xml", b"<a/>");
    let junk = put("junk", b"\x7fELF");
    let altered = put(
        "altered.xml",
        br#"<a xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:Signature/></a>"#,
    );
    let absent = folder.path().join("absent").display().to_string();
    let root = folder.path().join("root.pem").display().to_string();
    for (files, code) in [
        (vec![&unsigned], 5),
        (vec![&junk, &unsigned], 1),
        (vec![&absent, &unsigned], 1),
        (vec![&absent, &altered, &junk], 4),
    ] {
        let mut arguments: Vec<&str> = files.iter().map(|file| file.as_str()).collect();
        arguments.extend(["--anchors", &root]);
        assert_eq!(ended(&arguments).await, code, "{files:?}");
        arguments.push("--json");
        assert_eq!(ended(&arguments).await, code, "{files:?}");
    }
}

/// The rules come from the configuration, also where the command line says whom to believe, or from a file that it names.
#[tokio::test]
async fn stricter_rules_change_the_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    root(folder.path());
    write("content", "content");
    openssl(
        folder.path(),
        "cms -sign -cades -binary -nodetach -in content -signer root.pem -inkey root.key -outform DER -out signed.p7m",
    );
    openssl(folder.path(), "ec -in root.key -pubout -out root.pub.pem");
    write("large.xml", &format!("<a>{}</a>", " ".repeat(3 << 16)));
    write("shipped.toml", "version = 1");
    write(
        "stricter.toml",
        "version = 2\nendurance = { curves = '2020-01-01' }\ndocuments = { xml = '64 KiB' }",
    );
    let configuration = |policy: &str| {
        let text = format!(
            "{policy}database = 'sqlite:t.db'\nsockets = 's'\nroot_key = '{}'\nlisten = '127.0.0.1:0'\nproduction = false\n\
             [places]\nbase = 'http://pki.example.kz'\n[log]\norigin = 'x'\n[time]\npolicy = '1.3.6.1'\n\
             [validation]\nanchors = ['{}']\n",
            path("root.pub.pem"),
            path("root.pem"),
        );
        write("tamga.toml", &text);
        folder.path().join("tamga.toml")
    };
    let (signed, large, anchor) = (path("signed.p7m"), path("large.xml"), path("root.pem"));
    for (file, shipped, stricter) in [(&signed, 0, 3), (&large, 5, 1)] {
        let arguments = [file.as_str(), "--anchors", &anchor];
        assert_eq!(ended(&arguments).await, shipped, "{file}");
        let named = path("stricter.toml");
        let with = [arguments.as_slice(), &["--policy", &named]].concat();
        assert_eq!(ended(&with).await, stricter, "{file}");

        let plain = configuration("");
        assert_eq!(ended_by(Some(&plain), &[file]).await, shipped, "{file}");
        let ruled = configuration(&format!("policy = '{named}'\n"));
        assert_eq!(ended_by(Some(&ruled), &[file]).await, stricter, "{file}");
        assert_eq!(ended_by(Some(&ruled), &arguments).await, stricter, "{file}");
        let named = path("shipped.toml");
        let with = [arguments.as_slice(), &["--policy", &named]].concat();
        assert_eq!(ended_by(Some(&ruled), &with).await, shipped, "{file}");
    }
}

#[test]
fn a_flag_takes_one_value_and_leaves_the_files() {
    #[derive(clap::Parser)]
    struct Program {
        #[command(flatten)]
        how: Validate,
    }
    let line = [
        "validate",
        "--anchors",
        "a.pem",
        "--material",
        "a.crl",
        "--anchors",
        "b",
        "one.pdf",
        "two.pdf",
    ];
    let how = <Program as clap::Parser>::parse_from(line).how;
    assert_eq!(how.anchors, ["a.pem", "b"].map(PathBuf::from));
    assert_eq!(how.material, ["a.crl"].map(PathBuf::from));
    assert_eq!(how.files, ["one.pdf", "two.pdf"].map(PathBuf::from));
}

#[tokio::test]
async fn what_is_no_certificate_in_a_folder_is_passed_over_unless_nothing_else_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::create_dir(path("believed")).unwrap();
    std::fs::write(path("believed/README"), "roots").unwrap();
    std::fs::write(path("unsigned.xml"), "<a/>").unwrap();
    let (file, believed) = (path("unsigned.xml"), path("believed"));
    for what in ["--anchors", "--material"] {
        root(folder.path());
        let anchor = path("root.pem");
        let arguments = [what, &believed, "--anchors", &anchor, &file];
        assert_eq!(ended(&arguments).await, 1, "{what}: nothing is there");
        std::fs::rename(path("root.pem"), path("believed/root.pem")).unwrap();
        let anchor = path("believed/root.pem");
        let arguments = [what, &believed, "--anchors", &anchor, &file];
        assert_eq!(ended(&arguments).await, 5, "{what}");
        let named = path("believed/README");
        let arguments = [what, &named, "--anchors", &anchor, &file];
        assert_eq!(
            ended(&arguments).await,
            1,
            "{what}: a file that is named must be right"
        );
        std::fs::remove_file(anchor).unwrap();
    }
    let mut over = Vec::new();
    root(&folder.path().join("believed"));
    let found = anchors_of(&[PathBuf::from(&believed).into()], |path| {
        over.push(path.to_owned());
    })
    .unwrap();
    assert_eq!(found.len(), 1);
    // The key beside it, too, is no certificate.
    let expected = ["README", "root.key"].map(|name| folder.path().join("believed").join(name));
    assert_eq!(over, expected);
}

#[tokio::test]
async fn a_file_that_carries_its_content_is_not_judged_beside_another() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("signed.pdf");
    std::fs::write(&file, "%PDF-1.7\n").unwrap();
    let validator = Validator::new(&ValidationSettings::default(), &policies::Policy::SHIPPED).unwrap();
    let refused = judged(&validator, &file, Some(&file), Time::from_unix_seconds(0)).await;
    let told = refused.unwrap_err().to_string();
    assert!(
        told.contains("signed.pdf: it carries") && told.contains("without --detached"),
        "{told}"
    );
}

/// `docs/validation-report.md` names what the command and the server take and give.
#[test]
fn the_report_s_document_knows_the_command_and_the_server() {
    let text = include_str!("../../../../docs/validation-report.md");
    assert!(text.contains("`--lang`") && text.contains("`?language=`") && !text.contains("?lang="));
    let keys: Vec<String> = unread("a", "b").as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["error", "file"]);
    for key in keys {
        assert!(text.contains(&format!("| `{key}` |")), "{key}");
    }
}
