//! What administrators do with the built `tamga`: found, issue, find, change, renew, replace; two people where two are
//! needed, and every order in the Ledger.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails may fail loudly"
)]

use std::time::Duration;

use world::{Site, ceremony_file};

const BOTH: &[&str] = &["aigul", "daniyar"];
const OFFICER: &[&str] = &["saule"];

/// A certificate of a bank's system, issued by the registration officer on a request that openssl made; its number.
async fn participant(site: &Site, name: &str) -> String {
    site.ask(&format!(
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj /CN=ignored -keyout @/{name}.key \
         -out @/{name}.csr"
    ))
    .await
    .well();
    site.write(
        &format!("{name}.toml"),
        &format!("common_name = '{name}.example.kz'\norganization = 'АО «Банк»'\nbin = '960440000151'\n"),
    );
    let issued = site
        .tamga(
            OFFICER,
            &format!(
                "ca issue participant --request @/{name}.csr --subject @/{name}.toml --out @/{name}.pem"
            ),
        )
        .await
        .well();
    issued.split_whitespace().nth(1).unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ceremony_needs_two_people_and_is_held_once() {
    let site = Site::new().await;
    let count = "SELECT COUNT(*) FROM certificate";
    let engine = &site.world.tokens.engine;
    let ceremony = "ca ceremony @/ceremony.toml --hsm-config @/hsm.toml --transcript @/transcript.txt";

    let rehearsed = site.tamga(BOTH, &format!("{ceremony} --dry-run")).await.well();
    assert!(
        rehearsed.contains("Tamga Root") && rehearsed.ends_with("Nothing was made.\n"),
        "{rehearsed}"
    );
    for (people, words) in [
        (
            &["aigul"][..],
            "this needs administrator and another person as security-officer; named were Айгүл",
        ),
        (&["aigul", "aigul"], "this needs administrator and another person"),
        (&["saule", "daniyar"], "this needs administrator"),
    ] {
        site.tamga(people, ceremony).await.refused(words);
    }
    site.card("stranger", "Бөтен").await;
    site.tamga(&["aigul", "stranger"], ceremony)
        .await
        .refused("is no operator of this authority");
    assert_eq!(engine.number(count).await, 0);

    let held = site.hold("ceremony.toml").await.well();
    assert_eq!(engine.number(count).await, 6);
    assert_eq!(
        site.read("transcript.txt").trim(),
        held.split("The transcript is in").next().unwrap().trim()
    );
    for (number, person) in [(1, "aigul"), (2, "daniyar")] {
        let key = site
            .ask(&format!("openssl x509 -noout -pubkey -in @/{person}.pem"))
            .await;
        site.write("person.pub", &key.well());
        let verdict = site
            .ask(&format!(
                "openssl dgst -sha256 -verify @/person.pub -signature @/transcript.txt.{number}.sig @/transcript.txt"
            ))
            .await;
        assert_eq!(verdict.well(), "Verified OK\n");
    }
    site.hold("ceremony.toml")
        .await
        .refused("a transcript is not overwritten");
    std::fs::rename(
        site.world.tokens.path("transcript.txt"),
        site.world.tokens.path("kept.txt"),
    )
    .unwrap();
    site.hold("ceremony.toml")
        .await
        .refused("this ceremony was held already; its root is");
    site.write(
        "other.toml",
        &ceremony_file("01a1fcd7-aa29-7f27-b01e-dbdee5886f12"),
    );
    site.hold("other.toml").await.refused("there is a root already");
    assert_eq!(engine.number(count).await, 6);
}

/// `kill -9` after each certificate that is intended; the same file goes on, and nothing is made twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_ceremony_that_was_cut_off_goes_on() {
    let site = Site::new().await;
    let engine = &site.world.tokens.engine;
    for steps in [1, 2, 4] {
        let line = "ca ceremony @/ceremony.toml --hsm-config @/hsm.toml --transcript @/transcript.txt";
        let mut running = site
            .command(BOTH, line)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        while running.try_wait().unwrap().is_none() {
            if engine.number("SELECT COUNT(*) FROM certificate").await >= steps {
                running.kill().unwrap();
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        running.wait().unwrap();
        assert!(!site.world.tokens.path("transcript.txt").exists());
    }
    // Nobody else finishes it: neither with another file, nor with another card under the same name.
    let file = site.read("ceremony.toml");
    site.write("other.toml", &file.replace("'Almaty'", "'Astana'"));
    site.hold("other.toml")
        .await
        .refused("this ceremony was begun with another file");
    std::fs::rename(
        site.world.tokens.path("daniyar.pem"),
        site.world.tokens.path("kept.pem"),
    )
    .unwrap();
    std::fs::rename(
        site.world.tokens.path("daniyar.key"),
        site.world.tokens.path("kept.key"),
    )
    .unwrap();
    site.card("daniyar", "Данияр").await;
    site.hold("ceremony.toml")
        .await
        .refused("or with other operators' certificates");
    std::fs::rename(
        site.world.tokens.path("kept.pem"),
        site.world.tokens.path("daniyar.pem"),
    )
    .unwrap();
    std::fs::rename(
        site.world.tokens.path("kept.key"),
        site.world.tokens.path("daniyar.key"),
    )
    .unwrap();
    site.hold("ceremony.toml").await.well();
    assert_eq!(
        engine
            .number("SELECT COUNT(*) FROM certificate WHERE state = 'good'")
            .await,
        6
    );
    assert_eq!(engine.number("SELECT COUNT(*) FROM certificate").await, 6);
    let node = site.serve().await;
    let client = participant(&site, "bank").await;
    assert!(
        node.get(&format!("/pki/certificates/{client}.crt"))
            .await
            .text
            .is_empty()
    );
    site.tamga(&[], "ledger verify").await.well();
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_find_and_change_certificates_and_every_order_is_kept() {
    let site = Site::founded("").await;
    let engine = &site.world.tokens.engine;
    let number = participant(&site, "bank").await;
    let issued = site
        .ask("openssl x509 -noout -subject -nameopt utf8 -in @/bank.pem")
        .await;
    let subject = issued.well();
    assert!(
        subject.contains("CN=bank.example.kz") && subject.contains("BIN960440000151"),
        "{subject}"
    );

    let key = site.ask("openssl x509 -noout -pubkey -in @/bank.pem").await;
    site.write("bank.pub", &key.well());
    for by in [
        format!("--serial {number}"),
        "--bin 960440000151 --kind participant".to_owned(),
        "--key @/bank.pub".to_owned(),
    ] {
        let found = site.tamga(&["timur"], &format!("ca find {by}")).await.well();
        assert!(
            found.contains(&number) && found.contains("good") && found.lines().count() == 1,
            "{by}: {found}"
        );
    }
    site.tamga(&["timur"], "ca find --iin 900101300017")
        .await
        .refused("no certificate was found");
    site.tamga(&["timur"], &format!("ca hold {number}"))
        .await
        .refused("this needs registration-officer or security-officer; named were Тимур (auditor)");
    for (line, state) in [
        (format!("ca hold {number}"), "on hold since"),
        (format!("ca hold {number}"), "on hold since"),
        (format!("ca release {number}"), "good"),
        (
            format!("ca revoke {number} --reason cessationOfOperation"),
            "cessationOfOperation",
        ),
        (
            format!("ca revoke {number} --reason cessationOfOperation"),
            "cessationOfOperation",
        ),
    ] {
        let told = site.tamga(OFFICER, &line).await.well();
        assert!(told.contains(state), "{line}: {told}");
    }
    for (line, words) in [
        (format!("ca release {number}"), "revoked"),
        (
            format!("ca revoke {number} --reason certificateHold"),
            "known reasons are",
        ),
        (
            format!("ca revoke {number} --reason cACompromise"),
            "is for certificates of authorities",
        ),
        (
            "ca revoke 4000000000000000000000000000000000000000 --reason keyCompromise".to_owned(),
            "no certificate has the number",
        ),
    ] {
        site.tamga(OFFICER, &line).await.refused(words);
    }
    let report = site.tamga(&["timur"], "ca report").await.well();
    assert!(
        report.contains("participant  revoked") && report.contains("Айгүл"),
        "{report}"
    );

    // Each order says what was ordered, and its signatures are those of the people.
    let kept = "SELECT COUNT(*) FROM operator_order";
    let before = engine.number(kept).await;
    site.tamga(&["timur"], "ca report").await.well();
    assert_eq!(engine.number(kept).await, before + 1);
    signed_by_officer(&site).await;

    // Another officer comes and goes.
    site.card("marat", "Марат").await;
    let add = "ca add-operator --name Марат --certificate @/marat.pem --role registration-officer";
    site.tamga(&["aigul"], add)
        .await
        .refused("another person as security-officer");
    site.tamga(BOTH, add).await.well();
    let other = participant(&site, "other").await;
    site.tamga(&["marat"], &format!("ca hold {other}")).await.well();
    site.tamga(BOTH, "ca remove-operator --certificate @/marat.pem")
        .await
        .well();
    site.tamga(&["marat"], &format!("ca release {other}"))
        .await
        .refused("is no operator of this authority");

    let orders = engine.number("SELECT COUNT(*) FROM operator_order").await;
    let witnessed = engine.number("SELECT COUNT(DISTINCT l.position) FROM operator_order AS o JOIN leaf AS l ON l.position = o.leaf").await;
    assert_eq!(orders, witnessed);
    assert!(orders >= 14, "{orders}");
}

/// The registration officer's order to issue, as openssl verifies it with the officer's certificate.
async fn signed_by_officer(site: &Site) {
    let told = site.tamga(&["timur"], "ca orders").await.well();
    let line = told
        .lines()
        .find(|line| line.contains(r#"\"act\":\"issue\""#))
        .unwrap();
    let told: serde_json::Value = serde_json::from_str(line).unwrap();
    let content = told["order"].as_str().unwrap();
    let order: serde_json::Value = serde_json::from_str(content).unwrap();
    assert_eq!(order["subject"]["common_name"], "bank.example.kz");
    let signature = told["signatures"][0][1].as_str().unwrap();
    site.write("order", content);
    std::fs::write(
        site.world.tokens.path("order.sig"),
        domain::from_base64url(signature).unwrap(),
    )
    .unwrap();
    site.write(
        "saule.pub",
        &site
            .ask("openssl x509 -noout -pubkey -in @/saule.pem")
            .await
            .well(),
    );
    let verdict = site
        .ask("openssl dgst -sha256 -verify @/saule.pub -signature @/order.sig @/order")
        .await;
    assert_eq!(verdict.well(), "Verified OK\n");
}

/// Nobody alone touches what the house signs with, and a service's certificate is for the house's own key.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_house_signs_with_takes_two_people() {
    let site = Site::founded("").await;
    participant(&site, "own").await;
    for kind in ["ocsp", "time-stamp", "evidence-seal", "ledger"] {
        site.write("service.toml", "common_name = 'OCSP RESPONDER'\n");
        site.tamga(
            OFFICER,
            &format!("ca issue {kind} --request @/own.csr --subject @/service.toml --out @/service.pem"),
        )
        .await
        .refused("is for a key of this house on its token");
    }
    let report = site.tamga(&["timur"], "ca find --kind issuing").await.well();
    let issuing = report.split_whitespace().next().unwrap();
    site.tamga(OFFICER, &format!("ca revoke {issuing} --reason superseded"))
        .await
        .refused("this needs administrator and another person as security-officer");
    let report = site.tamga(&["timur"], "ca find --kind root").await.well();
    let root = report.split_whitespace().next().unwrap();
    site.tamga(BOTH, &format!("ca revoke {root} --reason keyCompromise"))
        .await
        .refused("the root cannot be revoked or held");
    site.tamga(BOTH, "ca remove-operator --certificate @/aigul.pem")
        .await
        .refused("after this nobody could act any more");
    site.tamga(
        BOTH,
        "ca add-operator --name Айгүл --certificate @/aigul.pem --role auditor",
    )
    .await
    .refused("after this nobody could act any more");
    // One person with two certificates over one key is one person.
    site.ask("openssl req -x509 -key @/aigul.key -subj /CN=again -days 9 -out @/again.pem")
        .await
        .well();
    std::fs::copy(
        site.world.tokens.path("aigul.key"),
        site.world.tokens.path("again.key"),
    )
    .unwrap();
    let add = "ca add-operator --name Басқа --certificate @/again.pem --role security-officer";
    site.tamga(BOTH, add).await.well();
    site.tamga(
        &["aigul", "again"],
        &format!("ca revoke {issuing} --reason superseded"),
    )
    .await
    .refused("another person as security-officer");
    site.tamga(BOTH, &format!("ca revoke {issuing} --reason superseded"))
        .await
        .well();
}

/// A client's or an employee's certificate promises a key behind the HSM: no request leads to one.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_from_elsewhere_gets_no_certificate_that_promises_the_hsm() {
    let site = Site::founded("").await;
    participant(&site, "bank").await;
    site.write(
        "person.toml",
        "common_name = 'ТЕСТОВ АЛИХАН'\nsurname = 'ТЕСТОВ'\niin = '900101300017'\n",
    );
    for kind in ["natural-person", "employee"] {
        site.tamga(
            OFFICER,
            &format!("ca issue {kind} --request @/bank.csr --subject @/person.toml --out @/person.pem"),
        )
        .await
        .refused("is for a key behind the HSM");
    }
    assert!(!site.world.tokens.path("person.pem").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_is_replaced_and_the_old_one_stays_for_what_it_issued() {
    let site = Site::founded("").await;
    let old = participant(&site, "old").await;
    site.write(
        "next.toml",
        "algorithm = 'p256'\nsubject = { common_name = 'Tamga Issuing 2', organization = 'Тамға' }\n",
    );
    let rollover = "ca rollover @/next.toml --hsm-config @/hsm.toml";
    site.tamga(&["aigul"], rollover)
        .await
        .refused("another person as security-officer");
    site.tamga(BOTH, rollover).await.well();
    let list = site
        .tamga(BOTH, "ca root-crl --hsm-config @/hsm.toml")
        .await
        .well();
    assert!(list.contains("number 2"), "{list}");
    let renewed = site.tamga(&["aigul"], "ca renew-service time-stamp").await.well();
    assert!(renewed.contains("time-stamp has the certificate"), "{renewed}");
    participant(&site, "new").await;

    let node = site.serve().await;
    site.tamga(OFFICER, &format!("ca revoke {old} --reason superseded"))
        .await
        .well();
    for (name, der) in [
        ("root", "/pki/root.crt"),
        ("issuing-1", "/pki/issuing-1.crt"),
        ("issuing-2", "/pki/issuing-2.crt"),
    ] {
        site.write(
            &format!("{name}.pem"),
            &world::pem("CERTIFICATE", &node.bytes(der).await),
        );
    }
    for (name, issuer, status) in [
        ("old", "issuing-1", "old.pem: revoked"),
        ("new", "issuing-2", "new.pem: good"),
    ] {
        site.ask(&format!(
            "openssl verify -x509_strict -CAfile @/root.pem -untrusted @/{issuer}.pem @/{name}.pem"
        ))
        .await
        .well();
        let asked = format!(
            "openssl ocsp -issuer @/{issuer}.pem -cert @/{name}.pem -url {}/ocsp -CAfile @/root.pem -verify_other \
             @/{issuer}.pem",
            site.base
        );
        let heard = site.ask(&asked).await.text;
        assert!(
            heard.contains("Response verify OK") && heard.contains(status),
            "{heard}"
        );
    }
}

/// Whoever errs at the console is told what to type instead; a stranger is told nothing.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_wrong_is_answered_with_what_is_right() {
    let site = Site::founded("").await;
    let number = participant(&site, "bank").await;
    for (reason, words) in [
        (
            "forgotten",
            "known reasons are unspecified, keyCompromise, cACompromise",
        ),
        ("CACOMPROMISE", "cACompromise is for certificates of authorities"),
        ("CertificateHold", "known reasons are unspecified"),
    ] {
        site.tamga(OFFICER, &format!("ca revoke {number} --reason {reason}"))
            .await
            .refused(words);
    }

    // Keys as other programs write them.
    for (line, words) in [
        (
            "openssl ec -in @/saule.key -out @/other.key",
            "holds a key in SEC1; convert it: openssl pkcs8 -topk8 -nocrypt",
        ),
        (
            "openssl pkcs8 -topk8 -v2 aes-256-cbc -passout pass:x -in @/saule.key -out @/other.key",
            "holds an encrypted key; convert it: openssl pkcs8 -topk8 -nocrypt",
        ),
        (
            "openssl ec -aes128 -passout pass:x -in @/saule.key -out @/other.key",
            "holds an encrypted key; convert it: openssl pkcs8 -topk8 -nocrypt",
        ),
        ("cp @/timur.key @/other.key", "or another than the certificate's"),
    ] {
        site.ask(line).await.well();
        site.ask("cp @/saule.pem @/other.pem").await.well();
        site.tamga(&["other"], &format!("ca hold {number}"))
            .await
            .refused(words);
    }

    site.tamga(BOTH, "ca root-crl --hsm-config @/nowhere.toml")
        .await
        .refused("nowhere.toml: is not there; name the configuration of tamga-hsm");
    let entries = site
        .world
        .tokens
        .engine
        .number("SELECT MAX(position) FROM leaf")
        .await;
    site.tamga(&[], "ledger prove 99999999").await.refused(&format!(
        "there is no entry 99999999; the Ledger has entries 1 to {entries}"
    ));
    site.tamga(&[], "ledger proof 99999999 --key x")
        .await
        .refused("tamga ledger prove 99999999 prints one");

    // A stranger hears the same of every number.
    site.card("stranger", "Бөтен").await;
    let asked = site.tamga(&["stranger"], &format!("ca hold {number}")).await;
    let other = site
        .tamga(&["stranger"], &format!("ca hold 4{}", "0".repeat(39)))
        .await;
    assert_eq!(asked.text, other.text);
    other.refused("is no operator of this authority");
    assert!(site.tamga(OFFICER, &format!("ca hold {number}")).await.well);

    // Names that no certificate says.
    site.write("server.toml", "common_name = 'pki.example.kz'\n");
    for host in ["localhost", "10.0.0.1", "xn--a.kz"] {
        site.tamga(
            OFFICER,
            &format!("ca issue tls-server --request @/bank.csr --subject @/server.toml --host {host} --out @/server.pem"),
        )
        .await
        .refused(&format!("\"{host}\" is no name of a host"));
    }
    for (subject, words) in [
        (
            "common_name = 'Жүйе\\u202E'\nsystem = '1.3.6.1.4'",
            "or others that are not seen",
        ),
        (
            "common_name = 'Жүйе'\nsystem = 'oid'",
            "oid is no object identifier such as 1.3.6.1",
        ),
        (
            "common_name = 'Жүйе'\nsystem = '1.40.1'",
            "1.40.1 is no object identifier",
        ),
    ] {
        let subject = subject.replacen('\'', "\"", 2);
        site.write(
            "system.toml",
            &format!("{subject}\norganization = 'АО «Банк»'\nbin = '960440000151'\n"),
        );
        site.tamga(
            OFFICER,
            "ca issue information-system --request @/bank.csr --subject @/system.toml --out @/system.pem",
        )
        .await
        .refused(words);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_what_is_wrong_and_what_to_do() {
    let mut site = Site::new().await;
    site.tamga(&[], "doctor")
        .await
        .refused("hold the ceremony: tamga ca ceremony FILE");
    site.hold("ceremony.toml").await.well();
    let well = site.tamga(&[], "doctor").await.well();
    assert!(well.contains("Everything is as it should be."), "{well}");
    site.world.service.kill();
    site.tamga(&[], "doctor").await.refused("start tamga-hsm");
    site.tamga(OFFICER, "ca report")
        .await
        .refused("the boundary does not answer");
}

/// A fault in the configuration is told in words, before any port is opened.
#[tokio::test(flavor = "multi_thread")]
async fn settings_are_checked_before_anything_starts() {
    let site = Site::new().await;
    let checked = site.tamga(&[], "serve --check").await.well();
    assert!(checked.contains("can be used"), "{checked}");
    let text = site.read("tamga.toml");
    for (from, to, words) in [
        (
            "production = false",
            "production = true",
            "time.second_source must name an NTP server",
        ),
        (
            "production = false",
            "products = false",
            "unknown field `products`",
        ),
        ("root.pub.pem", "ceremony.toml", "holds no P-256 public key"),
    ] {
        site.write("tamga.toml", &text.replace(from, to));
        site.tamga(&[], "serve --check").await.refused(words);
    }
}
