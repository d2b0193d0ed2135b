//! Time stamps per second beside the signatures that the unit's key can give. Goal: 0.7 of them.

use std::sync::Arc;

use hsm::ServiceKey;
use world::rng;

use crate::{
    house::Founded,
    pace::{median, rate},
};

const COUNT: usize = 3_000;
const ROUNDS: usize = 3;
/// A `TimeStampReq` for a SHA-256 digest that wants the certificate, up to the digest.
const REQUEST: [u8; 24] = [
    0x30, 0x39, 2, 1, 1, 0x30, 0x31, 0x30, 0x0D, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20,
];

pub(crate) async fn table(founded: &Founded) {
    println!("\ntime stamps per second beside raw signatures of the same key at the boundary; goal: 70 %\n");
    println!("| in flight | raw sign_as | stamps | share |\n| --- | --- | --- | --- |");
    for in_flight in [1, 16, 64] {
        let (mut raws, mut rates) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            raws.push(founded.raw(ServiceKey::TimeStamp, in_flight).await);
            rates.push(rate((0..COUNT).map(|_| stamp(founded)).collect(), in_flight).await);
        }
        let (raw, stamps) = (median(raws), median(rates));
        println!(
            "| {in_flight} | {raw:.0} | {stamps:.0} | {:.0} % |",
            100.0 * stamps / raw
        );
    }
}

fn stamp(founded: &Founded) -> impl Future<Output = ()> + Send + 'static {
    let app = Arc::clone(&founded.app);
    let request = [REQUEST.as_slice(), &rng::<32>(), &[1, 1, 0xFF]].concat();
    async move {
        let answer = app.authority.stamp(&request).await;
        // A refusal fits a hundred bytes.
        assert!(answer.len() > 400, "no stamp");
    }
}
