//! Status answers per second over HTTP beside the responder of openssl, at the same load. Goals: 8 times as many, p99
//! under 5 ms.
//!
//! That responder closes the connection after each answer; ours is measured that way too, and with connections kept.

use std::{net::SocketAddr, sync::Arc};

use pki::{
    PublicKey,
    ocsp::CertId,
    x509_cert::{der::Encode, name::Name, serial_number::SerialNumber},
};
use world::rng;

use crate::{
    house::Founded,
    load::{Load, post},
    responder::Responder,
};

/// Certificates that are asked about.
const CERTIFICATES: usize = 200;
/// Requests that are prepared.
const REQUESTS: usize = 10_000;
const ROUNDS: usize = 3;

/// One who answers.
struct Answerer<'a> {
    address: SocketAddr,
    issuer: (&'a Name, &'a PublicKey),
    serials: Vec<[u8; 20]>,
}

pub(crate) async fn table(founded: &Founded) {
    let issued = founded.certificates(CERTIFICATES).await;
    let house = founded.authority().house();
    let authority = house.issuing().unwrap();
    let ours = Answerer {
        address: founded.address,
        issuer: (authority.name(), authority.key()),
        serials: issued.iter().map(|record| *record.serial.as_bytes()).collect(),
    };
    let responder = Responder::start(CERTIFICATES);
    let (certificate, key) = responder.issuer();
    let theirs = Answerer {
        address: responder.address,
        issuer: (certificate.tbs_certificate().subject(), &key),
        serials: responder.serials.clone(),
    };
    println!(
        "\nstatus answers per second, 16 askers on the same two cores; goals: 8 times openssl's, p99 under 5 ms\n"
    );
    println!(
        "| nonce | connections | openssl ocsp -multi 2 | p99 ms | lost | asking µs | Tamga | p99 ms | lost | asking µs \
         | times |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for nonce in [false, true] {
        for kept in [false, true] {
            row((&theirs, &ours), nonce, kept).await;
        }
    }
}

async fn row((theirs, ours): (&Answerer<'_>, &Answerer<'_>), nonce: bool, kept: bool) {
    let (mut other, mut own) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        other.push(theirs.load(nonce, false).fire().await);
        own.push(ours.load(nonce, kept).fire().await);
    }
    other.sort_by(|one, two| one.rate.total_cmp(&two.rate));
    own.sort_by(|one, two| one.rate.total_cmp(&two.rate));
    let (other, own) = (other[ROUNDS / 2], own[ROUNDS / 2]);
    println!(
        "| {} | {} | {:.0} | {:.2} | {} | {:.1} | {:.0} | {:.2} | {} | {:.1} | {:.1} |",
        if nonce { "yes" } else { "no, pre-made" },
        if kept { "ours kept" } else { "a new one each" },
        other.rate,
        other.p99,
        other.lost,
        other.asking,
        own.rate,
        own.p99,
        own.lost,
        own.asking,
        own.rate / other.rate
    );
}

impl Answerer<'_> {
    fn load(&self, nonce: bool, kept: bool) -> Load {
        let requests = (0..REQUESTS)
            .map(|number| {
                let question = self.question(number, nonce);
                post("/ocsp", "application/ocsp-request", &question, kept)
            })
            .collect();
        Load {
            address: self.address,
            requests: Arc::new(requests),
            kept,
        }
    }

    /// An `OCSPRequest` about one certificate.
    fn question(&self, number: usize, nonce: bool) -> Vec<u8> {
        const NONCE: [u8; 11] = [6, 9, 0x2B, 6, 1, 5, 5, 7, 0x30, 1, 2];
        let serial = SerialNumber::new(&self.serials[number % self.serials.len()]).unwrap();
        let id = CertId::by_sha1(self.issuer.0, self.issuer.1, serial).unwrap();
        let requests = wrap(0x30, &wrap(0x30, &id.to_der().unwrap()));
        let extensions = if nonce {
            let value = wrap(4, &wrap(4, &rng::<32>()));
            wrap(
                0xA2,
                &wrap(0x30, &wrap(0x30, &[NONCE.as_slice(), &value].concat())),
            )
        } else {
            Vec::new()
        };
        wrap(0x30, &wrap(0x30, &[requests, extensions].concat()))
    }
}

/// A value of at most 255 bytes under a tag.
fn wrap(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u8::try_from(value.len()).unwrap();
    let head: &[u8] = if length < 0x80 {
        &[tag, length]
    } else {
        &[tag, 0x81, length]
    };
    [head, value].concat()
}
