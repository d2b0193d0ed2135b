//! A certificate as the registry keeps it.

use domain::{Bin, CertificateKind, Id, Iin, Time, word};

use crate::{Serial, State};

/// Whom a certificate belongs to, as far as the registry is searched by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The natural person.
    pub iin: Option<Iin>,
    /// The legal person.
    pub bin: Option<Bin>,
    /// The Client's key behind the HSM.
    pub credential: Option<Id<word::Credential>>,
}

/// One certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateRecord {
    /// Which.
    pub id: Id<word::Certificate>,
    /// Its number.
    pub serial: Serial,
    /// What it is for.
    pub kind: CertificateKind,
    /// The generation of the authority that issues it; 0 is the root.
    pub issuer: u32,
    /// The part of the revocation list into which it falls.
    pub shard: u16,
    /// Whose it is.
    pub holder: Holder,
    /// SHA-256 of its DER `SubjectPublicKeyInfo`.
    pub key_sha256: [u8; 32],
    /// The demand on which it is issued; one demand leads to one certificate.
    pub statement: Id<word::Statement>,
    /// Its content, DER `TBSCertificate`: the intention.
    pub content: Vec<u8>,
    /// The certificate, DER, once it is signed.
    pub der: Option<Vec<u8>>,
    /// Valid from.
    pub not_before: Time,
    /// Valid until.
    pub not_after: Time,
    /// Whether its owner agreed that it is published.
    pub published: bool,
    /// What became of it.
    pub state: State,
    /// The Ledger's entry that witnesses this state.
    pub position: u64,
}
