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
        let mut certificates: BTreeSet<&[u8]> = signer.map(Vec::as_slice).into_iter().collect();
        let mut lists: BTreeSet<&'a [u8]> = BTreeSet::new();
        let mut answers: BTreeSet<&'a [u8]> = BTreeSet::new();
        for material in materials {
            certificates.extend(material.certificates.iter().map(Vec::as_slice));
            lists.extend(material.lists.iter().map(Vec::as_slice));
            answers.extend(material.answers.iter().map(Vec::as_slice));
        }
        for token in tokens {
            certificates.extend(token.certificates().iter().map(Vec::as_slice));
            lists.extend(token.lists().iter().map(Vec::as_slice));
            answers.extend(token.answers().iter().map(Vec::as_slice));
        }
        let answers: Vec<(&[u8], ocsp::Received)> = answers
            .into_iter()
            .filter_map(|der| ocsp::Received::parse(der).ok().map(|answer| (der, answer)))
            .take(MOST_ANSWERS)
            .collect();
        let enclosed = answers.iter().flat_map(|(_, answer)| answer.certificates());
        certificates.extend(enclosed.map(Vec::as_slice));
        Self {
            certificates: certificates
                .into_iter()
                .filter_map(|der| Presented::parse(der).ok())
                .take(MOST_CERTIFICATES)
                .collect(),
            lists: lists
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
