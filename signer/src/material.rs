//! [`Material`]: what a signature is judged with, whether it travels inside the document or was fetched.

use std::collections::BTreeSet;

/// Certificates, revocation lists and status answers, each once, DER.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Material {
    /// Certificates.
    pub certificates: BTreeSet<Vec<u8>>,
    /// `CertificateList`s.
    pub lists: BTreeSet<Vec<u8>>,
    /// `OCSPResponse`s, whole.
    pub answers: BTreeSet<Vec<u8>>,
}

impl Material {
    /// This and that.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.certificates.extend(more.certificates);
        self.lists.extend(more.lists);
        self.answers.extend(more.answers);
        self
    }

    /// What is here and not there.
    #[must_use]
    pub fn without(mut self, known: &Self) -> Self {
        self.certificates.retain(|der| !known.certificates.contains(der));
        self.lists.retain(|der| !known.lists.contains(der));
        self.answers.retain(|der| !known.answers.contains(der));
        self
    }
}
