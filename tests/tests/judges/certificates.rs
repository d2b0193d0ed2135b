//! pkilint reads a certificate of every kind, alone and under its issuer.

use domain::{CertificateKind, KeyAlgorithm};
use world::Founding;

use crate::{Court, RSA, docket::Docket, subjects};

/// R140: natural persons and Participants' systems among them.
#[tokio::test(flavor = "multi_thread")]
async fn certificates_of_every_kind_say_nothing_that_pkilint_minds() {
    let mut docket = Docket::default();
    // The worlds' folders are judged at the end, together.
    let mut courts = Vec::new();
    for (founding, algorithm) in [
        (Founding::USUAL, KeyAlgorithm::P384),
        (RSA, KeyAlgorithm::Rsa3072),
    ] {
        let court = Court::founded(founding).await;
        let key = subjects::key(&court.pki, algorithm).await;
        for kind in CertificateKind::ALL {
            let issuer = if kind.certifies() {
                "root.der"
            } else {
                "issuing.der"
            };
            for (name, issued) in subjects::of_kind(&court.pki, kind, &key).await {
                court.keep_certificate(&name, issued.der.as_ref().unwrap());
                docket.bring_certificate(&court, (&name, &format!("{name}.der")), issuer);
            }
        }
        courts.push(court);
    }
    docket.judge().await;
}
