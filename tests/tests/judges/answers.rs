//! pkilint reads every kind of status answer, as openssl asks for it.

use pki::crl::Reason;
use server::Wish;
use world::Founding;

use crate::{Court, RSA, docket::Docket, subjects};

#[tokio::test(flavor = "multi_thread")]
async fn status_answers_say_nothing_that_pkilint_minds() {
    let mut docket = Docket::default();
    let mut courts = Vec::new();
    for founding in [Founding::USUAL, RSA] {
        let court = Court::founded(founding).await;
        for (name, wish) in [
            ("good", None),
            ("held", Some(Wish::Hold)),
            ("revoked", Some(Wish::Revoke(Reason::KeyCompromise))),
            (
                "revoked without a reason",
                Some(Wish::Revoke(Reason::Unspecified)),
            ),
        ] {
            let issued = subjects::person(&court.pki).await;
            court.keep_certificate("subject", issued.der.as_ref().unwrap());
            if let Some(wish) = wish {
                court.change(&issued, wish).await;
            }
            let status = name.split(' ').next().unwrap().replace("held", "revoked");
            ask(&court, (name, &status), "-cert subject.pem").await;
            bring(&mut docket, &court, name);
        }
        for (name, about) in [
            ("unknown", "-serial 0x1000000000000000000000000000000000000001"),
            ("unknown, not of the length of ours", "-serial 1"),
            ("several", "-cert subject.pem -serial 1"),
        ] {
            ask(&court, (name, "unknown"), about).await;
            bring(&mut docket, &court, name);
        }
        for (name, question, error) in [
            (
                "unauthorized",
                "openssl ocsp -issuer root.pem -cert issuing.pem -reqout question",
                "unauthorized (6)",
            ),
            ("malformed", "cp root.pem question", "malformedrequest (1)"),
        ] {
            court.says(question).await;
            let line = format!(
                "curl -sf -H Content-Type:application/ocsp-request --data-binary @question {{base}}/ocsp -o {name}.der"
            );
            court.says(&line).await;
            let line = format!("openssl ocsp -noverify -respin {name}.der");
            court.hears(&line, error).await;
            docket.bring(&court, ("ocsp", name), &format!("{name}.der"));
        }
        courts.push(court);
    }
    docket.judge().await;
}

/// Asks with and without a nonce, and keeps both answers.
async fn ask(court: &Court, (name, status): (&str, &str), about: &str) {
    for (nonce, file) in [
        ("-no_nonce", file(name, "plain")),
        ("-nonce", file(name, "nonce")),
    ] {
        let line = format!(
            "openssl ocsp -issuer issuing.pem {about} -url {{base}}/ocsp {nonce} -CAfile root.pem \
             -verify_other issuing.pem -no_cert_checks -respout {file}"
        );
        let said = court.hears(&line, "Response verify OK").await;
        assert!(said.contains(&format!(": {status}")), "{line}: {said}");
    }
}

fn bring(docket: &mut Docket, court: &Court, name: &str) {
    docket.bring(court, ("ocsp", name), &file(name, "plain"));
    docket.bring(
        court,
        ("ocsp", &format!("{name} with a nonce")),
        &file(name, "nonce"),
    );
}

fn file(name: &str, way: &str) -> String {
    format!("{}-{way}.der", name.replace(' ', "-"))
}
