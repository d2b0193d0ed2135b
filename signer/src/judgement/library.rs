//! [`Library`]: all material at hand, read once.

use std::collections::BTreeSet;

use pki::{Presented, crl, ocsp, timestamp};

use crate::Material;

/// The most certificates that are looked at; a document with more is not judged by the rest.
const MOST_CERTIFICATES: usize = 512;
/// The most lists.
const MOST_LISTS: usize = 64;
/// The most answers.
const MOST_ANSWERS: usize = 256;

/// Certificates, lists and answers; what does not read is left out.
#[derive(Debug)]
pub(super) struct Library<'a> {
    pub(super) certificates: Vec<Presented>,
    pub(super) lists: Vec<(&'a [u8], crl::Received<'a>)>,
    pub(super) answers: Vec<(&'a [u8], ocsp::Received)>,
}

impl<'a> Library<'a> {
    pub(super) fn new(
        materials: &[&'a Material],
        tokens: impl Iterator<Item = &'a timestamp::Received>,
        signer: Option<&'a Vec<u8>>,
    ) -> Self {
        let (mut certificates, mut lists, mut answers) =
            (Shelf::default(), Shelf::default(), Shelf::default());
        certificates.put(signer);
        // In their order: what is at hand comes first, so that nothing inside a document can crowd it out.
        for material in materials {
            certificates.put(&material.certificates);
            lists.put(&material.lists);
            answers.put(&material.answers);
        }
        for token in tokens {
            certificates.put(token.certificates());
            lists.put(token.lists());
            answers.put(token.answers());
        }
        let answers: Vec<(&[u8], ocsp::Received)> = answers
            .all
            .into_iter()
            .filter_map(|der| ocsp::Received::parse(der).ok().map(|answer| (der, answer)))
            .take(MOST_ANSWERS)
            .collect();
        let enclosed = answers.iter().flat_map(|(_, answer)| answer.certificates());
        // Those of answers do not live as long as the rest.
        let mut certificates: Shelf<'_> = certificates;
        certificates.put(enclosed);
        Self {
            certificates: certificates
                .all
                .into_iter()
                .filter_map(|der| Presented::parse(der).ok())
                .take(MOST_CERTIFICATES)
                .collect(),
            lists: lists
                .all
                .into_iter()
                .filter_map(|der| crl::Received::parse(der).ok().map(|list| (der, list)))
                .take(MOST_LISTS)
                .collect(),
            answers,
        }
    }

    /// The certificate with these bytes.
    pub(super) fn certificate(&self, der: &[u8]) -> Option<&Presented> {
        self.certificates
            .iter()
            .find(|certificate| certificate.der() == der)
    }
}

/// Things in the order in which they came, each once.
#[derive(Default)]
struct Shelf<'a> {
    all: Vec<&'a [u8]>,
    known: BTreeSet<&'a [u8]>,
}

impl<'a> Shelf<'a> {
    fn put(&mut self, things: impl IntoIterator<Item = &'a Vec<u8>>) {
        for thing in things {
            if self.known.insert(thing) {
                self.all.push(thing);
            }
        }
    }
}
