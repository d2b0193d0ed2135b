//! The authority's registry: certificates and revocation lists, on either engine.

use ca::{CertificateRecord, Scope, Serial, State};
use domain::{Bin, CertificateKind, Id, Iin, Time, word};
use hsm::{JournalError, LeafRow};
use pki::crl::Entry;

use crate::{Store, reading::read, writer::Change};

/// A certificate that shall be issued, with its witness.
#[derive(Clone, Debug)]
pub struct Intention {
    /// The certificate, prepared.
    pub record: CertificateRecord,
    /// The witness.
    pub leaf: LeafRow,
}

/// The signed form of an intention, with its witness.
#[derive(Clone, Debug)]
pub struct Issue {
    /// Which.
    pub id: Id<word::Certificate>,
    /// The certificate.
    pub der: Vec<u8>,
    /// The witness.
    pub leaf: LeafRow,
}

/// A change of a certificate's state, with its witness.
#[derive(Clone, Debug)]
pub struct CertificateStep {
    /// Which.
    pub id: Id<word::Certificate>,
    /// The position that its row repeated when it was read; a later one is a conflict.
    pub after: u64,
    /// To what.
    pub to: State,
    /// On which demand.
    pub demand: Id<word::Statement>,
    /// What revocation lists say about it.
    pub entry: Option<Entry>,
    /// The witness.
    pub leaf: LeafRow,
}

/// By what certificates are searched; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// By number.
    pub serial: Option<Serial>,
    /// By natural person.
    pub iin: Option<Iin>,
    /// By legal person.
    pub bin: Option<Bin>,
    /// By SHA-256 of the key.
    pub key_sha256: Option<[u8; 32]>,
    /// By Credential.
    pub credential: Option<Id<word::Credential>>,
    /// By kind.
    pub kind: Option<CertificateKind>,
    /// Only those whose owners agreed that they are published.
    pub published_only: bool,
    /// Only those after this one.
    pub after: Option<Id<word::Certificate>>,
    /// At most so many.
    pub most: u16,
}

/// A certificate that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The generation of its authority.
    pub issuer: u32,
    /// Its number.
    pub serial: Serial,
    /// Its part of the revocation list.
    pub shard: u16,
    /// The Ledger's entry that witnesses the change.
    pub position: u64,
}

/// A wish to make the next list of a scope.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// Which scope.
    pub scope: Scope,
    /// Who wants to.
    pub node: Id<word::Node>,
    /// Now.
    pub now: Time,
    /// Until when others wait for it.
    pub until: Time,
}

/// A revocation list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    /// What it covers.
    pub scope: Scope,
    /// Whether it completes a base.
    pub delta: bool,
    /// Its number.
    pub number: u64,
    /// Whether later deltas complete it.
    pub base: bool,
    /// It tells everything up to this position of the Ledger.
    pub position: u64,
    /// When it was made.
    pub made_at: Time,
    /// Until when it may be relied on.
    pub until: Time,
    /// The list.
    pub der: Vec<u8>,
}

/// What is known of a list without reading it: a list may have many megabytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListHead {
    /// Its number.
    pub number: u64,
    /// It tells everything up to this position of the Ledger.
    pub position: u64,
    /// When it was made.
    pub made_at: Time,
    /// Until when it may be relied on.
    pub until: Time,
}

/// A certificate that left the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Its number.
    pub serial: Serial,
    /// When it was released.
    pub at: Time,
}

/// Somebody who may act for the authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorRow {
    /// SHA-256 of the certificate.
    pub certificate_sha256: [u8; 32],
    /// Their name.
    pub name: String,
    /// DER.
    pub certificate: Vec<u8>,
    /// Roles, separated by commas.
    pub roles: String,
    /// Since when.
    pub added_at: Time,
}

/// An order, with its witness.
#[derive(Clone, Debug)]
pub struct KeptOrder {
    /// Which; the statement of what it leads to.
    pub id: Id<word::Statement>,
    /// What was signed.
    pub content: Vec<u8>,
    /// By whom: JSON.
    pub signatures: Vec<u8>,
    /// The witness.
    pub leaf: LeafRow,
}

impl Store {
    /// Everyone who may act for the authority.
    pub async fn operators(&self) -> Result<Vec<OperatorRow>, JournalError> {
        read!(self, operator::all())
    }

    /// Adds an operator, or gives one other roles.
    pub async fn keep_operator(&self, row: OperatorRow) -> Result<(), JournalError> {
        self.write(Change::KeepOperator(Box::new(row))).await.map(drop)
    }

    /// Takes an operator's rights; whether there were any.
    pub async fn remove_operator(
        &self,
        certificate_sha256: [u8; 32],
        at: Time,
    ) -> Result<bool, JournalError> {
        let removed = self.write(Change::RemoveOperator(certificate_sha256, at)).await?;
        Ok(removed > 0)
    }

    /// Keeps an order before it is carried out.
    pub async fn keep_order(&self, order: KeptOrder) -> Result<u64, JournalError> {
        self.write(Change::KeepOrder(Box::new(order))).await
    }

    /// The newest orders: what was signed, and by whom.
    pub async fn orders(&self, most: u16) -> Result<Vec<(Vec<u8>, Vec<u8>)>, JournalError> {
        read!(self, operator::orders(most))
    }

    /// Keeps an intention; a demand that already led to a certificate is a conflict.
    pub async fn intend(&self, new: Intention) -> Result<u64, JournalError> {
        self.write(Change::Intend(Box::new(new))).await
    }

    /// Keeps what was signed.
    pub async fn issue(&self, issue: Issue) -> Result<u64, JournalError> {
        self.write(Change::Issue(Box::new(issue))).await
    }

    /// Changes a certificate's state.
    pub async fn step(&self, step: CertificateStep) -> Result<u64, JournalError> {
        self.write(Change::Step(Box::new(step))).await
    }

    /// Remembers that the Client's key of a revoked certificate is destroyed.
    pub async fn key_gone(&self, id: Id<word::Certificate>) -> Result<(), JournalError> {
        self.write(Change::KeyGone(id)).await.map(drop)
    }

    /// The certificate that a demand led to.
    pub async fn certificate_by_statement(
        &self,
        statement: Id<word::Statement>,
    ) -> Result<Option<CertificateRecord>, JournalError> {
        read!(self, certificate::by_statement(statement))
    }

    /// One certificate.
    pub async fn certificate(
        &self,
        id: Id<word::Certificate>,
    ) -> Result<Option<CertificateRecord>, JournalError> {
        read!(self, certificate::find(id))
    }

    /// Certificates by what is known of them.
    pub async fn certificates(&self, search: &Search) -> Result<Vec<CertificateRecord>, JournalError> {
        read!(self, certificate::search(search))
    }

    /// What became of the certificate with this number; nothing, if it was never intended.
    pub async fn status(&self, issuer: u32, serial: Serial) -> Result<Option<State>, JournalError> {
        read!(self, certificate::status(issuer, serial))
    }

    /// Certificates that changed after a position of the Ledger, in that order, a thousand at most.
    pub async fn changed(&self, after: u64) -> Result<Vec<Found>, JournalError> {
        read!(self, certificate::changed(after))
    }

    /// Revoked certificates whose Clients' keys may still be there, a hundred at most.
    pub async fn keys_left(
        &self,
    ) -> Result<Vec<(Id<word::Certificate>, Id<word::Credential>)>, JournalError> {
        read!(self, certificate::keys_left())
    }

    /// Certificates whose state the boundary does not know yet, a hundred at most.
    pub async fn lagging(&self) -> Result<Vec<Id<word::Certificate>>, JournalError> {
        read!(self, certificate::lagging())
    }

    /// Intentions older than `before` that were never signed, a hundred at most.
    pub async fn prepared(&self, before: Time) -> Result<Vec<CertificateRecord>, JournalError> {
        read!(self, certificate::prepared(before))
    }

    /// How many certificates there are, by kind and state.
    pub async fn certificate_counts(&self) -> Result<Vec<(String, String, u64)>, JournalError> {
        read!(self, certificate::counts())
    }

    /// The number of the next list of a scope; nothing while another node is making one.
    pub async fn take_turn(&self, turn: Turn) -> Result<Option<u64>, JournalError> {
        let number = self.write(Change::TakeTurn(turn)).await?;
        Ok((number > 0).then_some(number))
    }

    /// The world has a list of this number: the next one gets a higher number, and older ones are not shown any more.
    pub async fn raise_list(&self, scope: Scope, number: u64) -> Result<(), JournalError> {
        self.write(Change::RaiseList(scope, number)).await.map(drop)
    }

    /// Keeps a turn for longer; one that went to another node is a conflict.
    pub async fn keep_turn(&self, turn: Turn) -> Result<(), JournalError> {
        self.write(Change::KeepTurn(turn)).await.map(drop)
    }

    /// Publishes the lists of a turn; a turn that took too long is a conflict, and nothing is published.
    pub async fn publish(&self, node: Id<word::Node>, lists: Vec<ListRow>) -> Result<(), JournalError> {
        self.write(Change::Publish(node, lists)).await.map(drop)
    }

    /// Every scope of which a list was ever begun.
    pub async fn list_scopes(&self) -> Result<Vec<Scope>, JournalError> {
        read!(self, list::scopes())
    }

    /// The newest list of a scope.
    pub async fn newest_list(&self, scope: Scope, delta: bool) -> Result<Option<ListRow>, JournalError> {
        read!(self, list::newest(scope, delta))
    }

    /// The newest list of a scope, unread.
    pub async fn list_head(&self, scope: Scope, delta: bool) -> Result<Option<ListHead>, JournalError> {
        read!(self, list::head(scope, delta))
    }

    /// The list that deltas of a scope complete, unread.
    pub async fn base_list(&self, scope: Scope) -> Result<Option<ListHead>, JournalError> {
        read!(self, list::base(scope))
    }

    /// Encoded entries of a scope that changed after a position, joined, without those that expired before `alive`.
    pub async fn list_entries(&self, scope: Scope, after: u64, alive: Time) -> Result<Vec<u8>, JournalError> {
        read!(self, list::entries(scope, after, alive))
    }

    /// Certificates of a scope that were released from hold after a position.
    pub async fn released(&self, scope: Scope, after: u64) -> Result<Vec<Removed>, JournalError> {
        read!(self, list::released(scope, after))
    }

    /// The position of the last change that a list of this scope has to tell.
    pub async fn last_listed_change(&self, scope: Scope) -> Result<u64, JournalError> {
        read!(self, list::last_change(scope))
    }

    /// The position of the first change after another that a list of this scope has to tell.
    pub async fn first_listed_change(&self, scope: Scope, after: u64) -> Result<Option<u64>, JournalError> {
        read!(self, list::first_change(scope, after))
    }

    async fn write(&self, change: Change) -> Result<u64, JournalError> {
        self.writer.write(change).await.map(|written| written.0)
    }
}
