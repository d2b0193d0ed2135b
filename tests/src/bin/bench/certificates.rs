//! Certificates per second, issued and stored, beside the signatures that the issuing key can give.

use std::sync::Arc;

use domain::{CertificateKind, KeyAlgorithm};
use hsm::ServiceKey;
use server::{IssueRequest, KeySource};
use world::{Raw, person};

use crate::{
    IIN, RIGHT,
    house::{Founded, public_key},
    pace::{median, rate},
};

const IN_FLIGHT: [usize; 3] = [1, 16, 64];
const ROUNDS: usize = 3;
/// Clients that are enrolled before the clock starts.
const CLIENTS: usize = 256;

pub(crate) async fn table(founded: &Founded, raw: &Raw) {
    println!("\ncertificates per second, issued and stored; P-256 under P-256\n");
    println!("| certificate | in flight | raw C_Sign 1 / 2 | raw sign_as | issued | share of sign_as |");
    println!("| --- | --- | --- | --- | --- | --- |");
    let sign = [raw.sign(KeyAlgorithm::P256, 1), raw.sign(KeyAlgorithm::P256, 2)];
    let key = public_key();
    for in_flight in IN_FLIGHT {
        let servers = || (0..64 + 8 * in_flight).map(|_| founded.server(&key)).collect();
        row(founded, ("a server's", sign), servers, in_flight).await;
    }
    for in_flight in IN_FLIGHT {
        let mut prepared = Vec::new();
        for _ in 0..ROUNDS {
            prepared.push(persons(founded, CLIENTS.min(32 * in_flight)).await);
        }
        let next = || prepared.pop().unwrap_or_default();
        row(
            founded,
            ("a client's, told to the boundary", sign),
            next,
            in_flight,
        )
        .await;
    }
}

async fn row(
    founded: &Founded,
    (name, sign): (&str, [f64; 2]),
    mut next: impl FnMut() -> Vec<IssueRequest>,
    in_flight: usize,
) {
    let (mut raws, mut rates) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        raws.push(founded.raw(ServiceKey::Issuing, in_flight).await);
        let demands: Vec<_> = next()
            .into_iter()
            .map(|demand| {
                let app = Arc::clone(&founded.app);
                async move {
                    Box::pin(app.authority.issue(demand)).await.unwrap();
                }
            })
            .collect();
        rates.push(rate(demands, in_flight).await);
    }
    let (raw, issued) = (median(raws), median(rates));
    println!(
        "| {name} | {in_flight} | {:.0} / {:.0} | {raw:.0} | {issued:.0} | {:.0} % |",
        sign[0],
        sign[1],
        100.0 * issued / raw
    );
}

/// Demands for natural persons' certificates, on receipts.
async fn persons(founded: &Founded, count: usize) -> Vec<IssueRequest> {
    let mut demands = Vec::new();
    for _ in 0..count {
        let client = founded.world.uncertified(IIN, KeyAlgorithm::P256, RIGHT).await;
        demands.push(founded.demand(
            CertificateKind::NaturalPerson,
            person(client.iin),
            KeySource::Receipt(client.receipt),
        ));
    }
    demands
}
