//! A desk where acts are prepared, and a key that signs them as the boundary would.

use domain::{Id, SignatureProfile, Time, word};
use hsm::{Expected, Occurrence, RawSignature, SignedBatch, ToBeSigned};
use signer::{
    Act, ActError, Claim, Integrity, Limits, Order, SignedDocument, SigningCertificate, Source, Wish,
};

use crate::keys::Key;

/// Somebody with a key.
pub(crate) struct Desk {
    key: Key,
    pub(crate) certificate: SigningCertificate,
}

/// A document and how it is to be signed.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) sources: Vec<Vec<u8>>,
    pub(crate) wish: Wish<'static>,
}

pub(crate) fn now() -> Time {
    Time::parse_rfc3339("2026-11-21T08:00:00Z").unwrap()
}

pub(crate) fn id(number: usize) -> Id<word::Document> {
    let mut random = [0; 10];
    random[..8].copy_from_slice(&number.to_be_bytes());
    Id::from_random(now(), random)
}

/// Sources as an order takes them.
pub(crate) fn read(sources: &[Vec<u8>]) -> Vec<&dyn Source> {
    sources.iter().map(|source| source as &dyn Source).collect()
}

pub(crate) fn orders(tasks: &[Task]) -> Vec<Order<'_>> {
    let orders = tasks.iter().enumerate().map(|(number, task)| Order {
        id: id(number),
        sources: task.sources.iter().map(|source| source as _).collect(),
        wish: task.wish.clone(),
    });
    orders.collect()
}

impl Desk {
    pub(crate) fn new(profile: SignatureProfile) -> Self {
        let key = Key::new("Aigul", profile);
        Self {
            certificate: key.signer(),
            key,
        }
    }

    pub(crate) fn prepare(&self, tasks: &[Task], limits: &Limits) -> Result<Act, ActError> {
        Act::new(&orders(tasks), &self.certificate, now(), limits)
    }

    /// What the token answers to a message.
    pub(crate) fn value(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message)
    }

    /// What the boundary answers: each structure is checked, then signed.
    pub(crate) fn sign(&self, act: &Act) -> SignedBatch {
        let session = Id::from_random(now(), [7; 10]);
        let profile = self.certificate.profile();
        let each = act.shown().zip(act.to_be_signed());
        let signatures = each.map(|(shown, (covered, structure))| {
            assert_eq!(covered, [shown.id]);
            let expected = Expected {
                shown: &[shown.digest],
                profile,
                certificate: &self.certificate.fingerprint(),
            };
            structure.check(&expected).unwrap();
            let message = match structure {
                ToBeSigned::CmsAttributes(der) => der,
                ToBeSigned::XmlSignedInfo { info, .. } => info,
                ToBeSigned::Digest(digest) => panic!("no structure: {digest:?}"),
            };
            let document = shown.id;
            let raw = RawSignature::from_token(profile, self.value(&message));
            (Occurrence { session, document }, raw)
        });
        SignedBatch {
            activation: Id::from_random(now(), [8; 10]),
            signatures: signatures.collect(),
        }
    }

    /// Whether everything that the claim covers agrees, and this desk's key signed it.
    pub(crate) fn holds(&self, claim: &Claim) -> bool {
        let covered = claim.covered.iter();
        let key = self.certificate.key();
        claim.faults.is_empty()
            && covered
                .map(|covered| covered.integrity)
                .all(|integrity| integrity == Integrity::Intact)
            && key.verifies(self.certificate.profile(), &claim.signed, &claim.value)
    }
}

pub(crate) fn written(signed: &SignedDocument, task: &Task) -> Vec<u8> {
    let mut file = Vec::new();
    signed.output.write_to(&read(&task.sources), &mut file).unwrap();
    file
}

/// What the file claims; detached signatures over their document.
pub(crate) fn claims(file: &[u8], task: &Task) -> Vec<Claim> {
    let content = match &task.wish {
        Wish::Detached { uri, .. } => Some(uri.as_str()),
        Wish::Cms {
            packaging: signer::cades::Packaging::Detached,
            ..
        } => Some("content"),
        Wish::Pdf(_) | Wish::Xml(_) | Wish::Cms { .. } | Wish::Container { .. } => None,
    };
    let content = content.map(|name| (name, &task.sources[0] as &dyn Source));
    signer::claims(&file, content, &Limits::default()).unwrap()
}
