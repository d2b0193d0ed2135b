//! `certtool` and `ocsptool` of gnutls read what is published and ask over HTTP, with opinions of their own.

use pki::crl::Reason;
use server::Wish;
use world::{Founding, pem};

use crate::{Court, RSA, subjects};

impl Court {
    async fn fetch_list(&self, published: &str, name: &str) {
        let der = self.pki.get(&format!("/pki/{published}")).await;
        self.keep(name, pem("X509 CRL", &der).as_bytes());
    }

    /// One file of others, as certtool reads a chain with its lists.
    fn join(&self, name: &str, parts: &[&str]) {
        let all = parts.iter().map(|part| std::fs::read(self.path(part)).unwrap());
        self.keep(name, &all.collect::<Vec<_>>().concat());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gnutls_follows_a_certificate_until_it_is_revoked() {
    for founding in [Founding::USUAL, RSA] {
        let court = Court::founded(founding).await;
        let issued = subjects::person(&court.pki).await;
        court.keep_certificate("subject", issued.der.as_ref().unwrap());
        for (wish, chain, answer, revoked) in [
            (
                None,
                "Chain verification output: Verified",
                "Certificate Status: good",
                false,
            ),
            (
                Some(Wish::Revoke(Reason::KeyCompromise)),
                "The certificate chain is revoked",
                "Certificate Status: revoked",
                true,
            ),
        ] {
            if let Some(wish) = wish {
                court.change(&issued, wish).await;
                court.publish().await;
            }
            court.fetch_list("root.crl", "root.crl.pem").await;
            court.fetch_list("issuing-1.crl", "issuing.crl.pem").await;
            court.join(
                "chain.pem",
                &[
                    "subject.pem",
                    "issuing.pem",
                    "root.pem",
                    "root.crl.pem",
                    "issuing.crl.pem",
                ],
            );
            court
                .hears("certtool --verify-chain --infile chain.pem", chain)
                .await;

            for nonce in ["--nonce", ""] {
                let line = format!(
                    "ocsptool --ask={{base}}/ocsp {nonce} --load-cert subject.pem --load-issuer issuing.pem \
                     --load-trust issuing.pem"
                );
                let said = court.hears(&line, answer).await;
                assert!(
                    said.contains("Verifying OCSP Response: Success"),
                    "{line}: {said}"
                );
            }

            let said = court
                .hears("certtool --crl-info --infile issuing.crl.pem", "CRL Number")
                .await;
            assert_eq!(said.contains(&issued.serial.to_string()), revoked, "{said}");
            for (list, issuer) in [("root.crl.pem", "root.pem"), ("issuing.crl.pem", "issuing.pem")] {
                let line = format!("certtool --verify-crl --load-ca-certificate {issuer} --infile {list}");
                court.hears(&line, "Verified").await;
            }
        }
    }
}
