//! One Client who signs files: the whole way, from the files to the signed files.

use core::fmt;
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use domain::{Id, KeyAlgorithm, word};
use hsm::{ActivateRequest, Service, SignedBatch};
use signer::{Act, Limits, Order, SignedDocument, SigningCertificate, Source, Wish};
use world::{Client, Vault, World, rng};

use crate::{IIN, RIGHT};

/// A Client with a certificate.
pub(crate) struct Desk<'w> {
    world: &'w World<Vault>,
    client: Client,
    certificate: SigningCertificate,
}

/// Seconds that an act took, by its steps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    documents: usize,
    prepare: f64,
    activate: f64,
    finish: f64,
}

impl<'w> Desk<'w> {
    pub(crate) async fn new(world: &'w World<Vault>, algorithm: KeyAlgorithm) -> Self {
        let client = world.client(IIN, algorithm, RIGHT).await;
        let certificate =
            SigningCertificate::new(client.certificate.clone(), Vec::new(), client.profile()).unwrap();
        Self {
            world,
            client,
            certificate,
        }
    }

    /// Signs the files in one act and writes what comes of it beside them.
    pub(crate) async fn sign(&self, files: &[PathBuf], wish: impl Fn() -> Wish<'static>) -> Pace {
        let begun = Instant::now();
        let sources = opened(files);
        let orders: Vec<_> = sources
            .iter()
            .map(|source| Order {
                id: Id::<word::Document>::from_random(self.world.now(), rng()),
                sources: vec![source.as_ref()],
                wish: wish(),
            })
            .collect();
        let act = Act::new(&orders, &self.certificate, self.world.now(), &Limits::default()).unwrap();
        let prepare = begun.elapsed().as_secs_f64();

        let request = self.request(&act).await;
        let begun = Instant::now();
        let batch = self.world.service.activate(request).await.unwrap();
        let activate = begun.elapsed().as_secs_f64();

        let begun = Instant::now();
        finish(act, &batch, files, &sources);
        let finish = begun.elapsed().as_secs_f64();
        Pace {
            documents: files.len(),
            prepare,
            activate,
            finish,
        }
    }

    /// The device's work, and what the boundary is asked.
    async fn request(&self, act: &Act) -> ActivateRequest {
        let session = self.world.session();
        let assertion = self.world.proven(session, self.client.iin).await;
        let shown = act.shown().collect();
        let (nonce, sad) = self
            .world
            .sad(session, self.client.credential, (RIGHT, shown))
            .await;
        ActivateRequest {
            assertion,
            nonce,
            sad,
            profile: self.certificate.profile(),
            list: act.to_be_signed(),
        }
    }
}

type Opened = Box<dyn Source + Send + Sync>;

/// Small files are read, and large ones are opened.
fn opened(files: &[PathBuf]) -> Vec<Opened> {
    const SMALL: u64 = 4 << 20;
    let open = |path: &PathBuf| -> Opened {
        if fs::metadata(path).unwrap().len() <= SMALL {
            Box::new(fs::read(path).unwrap())
        } else {
            Box::new(File::open(path).unwrap())
        }
    };
    files.iter().map(open).collect()
}

fn finish(act: Act, batch: &SignedBatch, files: &[PathBuf], sources: &[Opened]) {
    let signed = act.finish(batch).unwrap();
    let mut works: Vec<_> = signed.iter().zip(files).zip(sources).collect();
    let second = works.split_off(works.len() / 2);
    std::thread::scope(|scope| {
        for half in [works, second] {
            scope.spawn(move || {
                for ((signed, path), source) in half {
                    write(signed, path, source);
                }
            });
        }
    });
}

fn write(signed: &SignedDocument, path: &Path, source: &Opened) {
    let mut sink = BufWriter::new(File::create(path.with_extension("signed")).unwrap());
    signed.output.write_to(&[source.as_ref()], &mut sink).unwrap();
    sink.flush().unwrap();
}

impl Pace {
    pub(crate) const HEAD: &'static str = "prepare | activate | finish | documents/s";
    pub(crate) const RULE: &'static str = " --- | --- | --- | --- |";

    /// The one in the middle.
    pub(crate) fn median(mut paces: Vec<Self>) -> Self {
        paces.sort_by(|one, other| one.rate().total_cmp(&other.rate()));
        paces[paces.len() / 2]
    }

    /// Documents per second.
    pub(crate) fn rate(&self) -> f64 {
        self.documents as f64 / (self.prepare + self.activate + self.finish)
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [prepare, activate, finish] =
            [self.prepare, self.activate, self.finish].map(|seconds| 1_000.0 * seconds);
        let rate = self.rate();
        write!(
            f,
            "{prepare:.0} ms | {activate:.0} ms | {finish:.0} ms | {rate:.0}"
        )
    }
}
