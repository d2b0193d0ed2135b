//! Documents per second beside the programs that others sign with, on the same cores, the same files, in the same run.
//!
//! Every figure counts from files that are read to files that are written, with two workers on either side. Ours are
//! signed in one act by the Client's key at the boundary, every value is checked with the certificate, and the Sad is
//! made while the clock stands: it is the device's work. Measurements take turns, and medians are told.

mod desk;
mod others;
pub(crate) mod samples;

use std::time::Instant;

use domain::KeyAlgorithm;
use signer::{
    Wish,
    cades::Packaging,
    xml::{Form, Others},
};
use world::{Raw, Vault, World};

use self::{
    desk::{Desk, Pace},
    others::{OpenSsl, PyHanko, XmlSec},
};
use crate::pace::median;

const ROUNDS: usize = 5;
const KIB: usize = 1_024;
const MIB: usize = 1_024 * KIB;

pub(crate) async fn table(world: &World<Vault>, raw: &Raw) {
    pdf(world, raw).await;
    xml(world).await;
    blobs(world).await;
}

/// Goal: 40 times pyHanko, or nearly all that the token gives.
async fn pdf(world: &World<Vault>, raw: &Raw) {
    const COUNT: usize = 1_000;
    const SIZE: usize = 100 * KIB;
    println!(
        "\nPDF of 100 KB, PAdES B-B, RSA-2048, {COUNT} in one act; pyHanko on the same token with a key of its own"
    );
    println!(
        "goal: 40 times one process of pyHanko, or 95 % of what two threads of raw C_Sign give; a Client's act is signed"
    );
    println!(
        "by one worker, so one act can reach half of it; for two acts of two Clients, their devices' work counts too\n"
    );
    println!(
        "| | {} | pyHanko 1 / 2 processes | times pyHanko | raw C_Sign 2 threads | share of raw |",
        Pace::HEAD
    );
    println!("| --- |{} --- | --- | --- | --- |", Pace::RULE);
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(world, KeyAlgorithm::Rsa2048).await;
    let other = Desk::new(world, KeyAlgorithm::Rsa2048).await;
    let files = samples::files(&folder, "pdf", COUNT, |number| samples::pdf(SIZE, number));
    let pyhanko = PyHanko::find(&world.tokens);
    let (mut paces, mut pairs, mut raws) = (Vec::new(), Vec::new(), Vec::new());
    let mut theirs = [Vec::new(), Vec::new()];
    let wish = || Wish::Pdf(Box::default());
    for _ in 0..ROUNDS {
        raws.push(raw.sign(KeyAlgorithm::Rsa2048, 2));
        paces.push(desk.sign(&files, wish).await);
        let begun = Instant::now();
        let (first, second) = files.split_at(COUNT / 2);
        tokio::join!(desk.sign(first, wish), other.sign(second, wish));
        pairs.push(COUNT as f64 / begun.elapsed().as_secs_f64());
        if let Ok(pyhanko) = &pyhanko {
            for (processes, theirs) in (1..).zip(&mut theirs) {
                theirs.push(pyhanko.rate(&files[0], processes));
            }
        }
    }
    let (pace, raw) = (Pace::median(paces), median(raws));
    let pair = median(pairs);
    let row = |name: &str, steps: &str, rate: f64| {
        let others = match &pyhanko {
            Ok(_) => {
                let [one, two] = theirs.each_ref().map(|rates| median(rates.clone()));
                format!("{one:.0} / {two:.0} | {:.1} / {:.1}", rate / one, rate / two)
            }
            Err(missing) => format!("{missing} | "),
        };
        println!(
            "| {name} | {steps} | {others} | {raw:.0} | {:.0} % |",
            100.0 * rate / raw
        );
    };
    row("one act", &pace.to_string(), pace.rate());
    row("two acts of half as many", &format!(" | | | {pair:.0}"), pair);
}

/// Goal: not slower than xmlsec1.
async fn xml(world: &World<Vault>) {
    println!("\nXML beside xmlsec1 with a key of the same kind in a file; goal: not slower");
    println!(
        "xmlsec1 --repeat signs one file again and again, in 2 processes; XMLDSig is what it makes, XAdES is more"
    );
    println!("beside it, what starting a process for each file gives\n");
    println!(
        "| document | {} | xmlsec1 --repeat | times | a process each |",
        Pace::HEAD
    );
    println!("| --- |{} --- | --- | --- |", Pace::RULE);
    let xades = || Wish::Xml(Form::Enveloped(Others::Excluded));
    let dsig = || Wish::Xml(Form::National);
    for algorithm in [KeyAlgorithm::P256, KeyAlgorithm::Rsa2048] {
        let desk = Desk::new(world, algorithm).await;
        for (size, count) in [(KIB, 1_000), (MIB, 100)] {
            let folder = tempfile::tempdir().unwrap();
            let files = samples::files(&folder, "xml", count, |number| samples::xml(size, number));
            let xmlsec = XmlSec::new(&folder, algorithm, &samples::xml(size, 0));
            let mut paces = [Vec::new(), Vec::new()];
            let (mut theirs, mut each) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                paces[0].push(desk.sign(&files, xades).await);
                theirs.push(xmlsec.repeated(count));
                paces[1].push(desk.sign(&files, dsig).await);
                each.push(xmlsec.each(count.min(100)));
            }
            let (theirs, each) = (median(theirs), median(each));
            for (form, paces) in ["XAdES", "XMLDSig"].into_iter().zip(paces) {
                let pace = Pace::median(paces);
                println!(
                    "| {} {form} {algorithm} | {pace} | {theirs:.0} | {:.2} | {each:.0} |",
                    samples::told(size),
                    pace.rate() / theirs
                );
            }
        }
    }
}

/// Goal: not slower than openssl.
async fn blobs(world: &World<Vault>) {
    println!(
        "\nblobs, CAdES detached and attached, beside openssl cms -cades with a P-256 key in a file; goal: not slower"
    );
    println!(
        "openssl signs one file in a process, 2 at a time; starting it is part of its figure, for large files none that counts\n"
    );
    println!("| document | {} | openssl | times |", Pace::HEAD);
    println!("| --- |{} --- | --- |", Pace::RULE);
    let desk = Desk::new(world, KeyAlgorithm::P256).await;
    for (size, count) in [(KIB, 1_000), (MIB, 100), (256 * MIB, 4)] {
        for (name, packaging) in [
            ("detached", Packaging::Detached),
            ("attached", Packaging::Attached),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let files = samples::files(&folder, "bin", count, |number| samples::blob(size, number));
            let openssl = OpenSsl::new(&folder, packaging);
            let wish = || Wish::Cms {
                packaging,
                mime: None,
            };
            let (mut paces, mut theirs) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                paces.push(desk.sign(&files, wish).await);
                theirs.push(openssl.rate(&files[..count.min(100)]));
            }
            let (pace, theirs) = (Pace::median(paces), median(theirs));
            println!(
                "| {} {name} | {pace} | {theirs:.0} | {:.2} |",
                samples::told(size),
                pace.rate() / theirs
            );
        }
    }
}
