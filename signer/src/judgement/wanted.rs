//! [`Wanted`]: what is missing for a judgement, and where certificates say that it is found.

use std::collections::BTreeSet;

use pki::Presented;

/// The most addresses of one kind: a document must not send a server around the world.
const MOST: usize = 16;

/// What could be fetched before judging again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Addresses of issuers' certificates.
    pub issuers: BTreeSet<String>,
    /// Addresses of revocation lists.
    pub lists: BTreeSet<String>,
    /// Questions about a certificate's status.
    pub answers: BTreeSet<Question>,
}

/// A question to be asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// Where.
    pub address: String,
    /// About which certificate, DER.
    pub certificate: Vec<u8>,
    /// Its issuer's, DER.
    pub issuer: Vec<u8>,
}

impl Wanted {
    /// Whether nothing is missing that could be fetched.
    pub fn is_empty(&self) -> bool {
        self.issuers.is_empty() && self.lists.is_empty() && self.answers.is_empty()
    }

    /// This and that.
    pub fn add(&mut self, more: Self) {
        extend(&mut self.issuers, more.issuers);
        extend(&mut self.lists, more.lists);
        extend(&mut self.answers, more.answers);
    }

    pub(super) fn issuer_of(&mut self, certificate: &Presented) {
        extend(
            &mut self.issuers,
            certificate.extensions().issuers.iter().cloned(),
        );
    }

    pub(super) fn status_of(&mut self, certificate: &Presented, issuer: &Presented) {
        let extensions = certificate.extensions();
        extend(&mut self.lists, extensions.lists());
        let questions = extensions.responders.iter().map(|address| Question {
            address: address.clone(),
            certificate: certificate.der().to_vec(),
            issuer: issuer.der().to_vec(),
        });
        extend(&mut self.answers, questions);
    }
}

fn extend<T: Ord>(all: &mut BTreeSet<T>, more: impl IntoIterator<Item = T>) {
    for one in more {
        if all.len() < MOST {
            all.insert(one);
        }
    }
}
