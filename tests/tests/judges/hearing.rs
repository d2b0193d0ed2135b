//! pkilint is not deaf: it finds what is wrong in each way of judging, so that finding nothing means something.

use domain::KeyAlgorithm;
use world::{Authority, Founding};

use crate::{Court, docket::Docket, subjects};

const CRL_NUMBER: [u8; 5] = [0x06, 0x03, 0x55, 0x1D, 0x14];
const UNKNOWN_EXTENSION: [u8; 5] = [0x06, 0x03, 0x55, 0x1D, 0x63];

const SUCCESSFUL: [u8; 3] = [0x0A, 0x01, 0x00];
const UNAUTHORIZED: [u8; 3] = [0x0A, 0x01, 0x06];

#[tokio::test(flavor = "multi_thread")]
async fn pkilint_hears_what_is_wrong() {
    let court = Court::founded(Founding::USUAL).await;
    let key = subjects::key(&court.pki, KeyAlgorithm::P256).await;
    court.keep("stranger.der", &Authority::new().certify(key.der(), (2026, 2027)));
    let mut docket = Docket::default();
    docket.bring_certificate(&court, ("stranger", "stranger.der"), "issuing.der");

    let list = court.pki.get("/pki/root.crl").await;
    court.keep("unnumbered.crl", &spoilt(&list, &CRL_NUMBER, &UNKNOWN_EXTENSION));
    docket.bring(&court, ("crl", "unnumbered"), "unnumbered.crl");

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
