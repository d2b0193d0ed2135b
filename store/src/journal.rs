//! The boundary's Journal: writes go to the writer, reads to the readers.

use domain::{Id, Nonce, Time, word};
use hsm::{
    Case, ChallengeRow, CredentialRow, Interrupted, JobRow, Journal, JournalError, LeafRow, LedgerHead,
    NewEnrolment, Outcome, PastLeaf, Reservation, Settlement, TokenKeyRow, Update,
};

use crate::{Store, reading::read, writer::Change};

impl Journal for Store {
    async fn keep_challenge(&self, row: ChallengeRow) -> Result<(), JournalError> {
        self.writer.write(Change::KeepChallenge(row)).await.map(drop)
    }

    async fn case(&self, nonce: Nonce, assertion: Id<word::Assertion>) -> Result<Option<Case>, JournalError> {
        read!(self, activation::case(nonce, assertion))
    }

    async fn credential(&self, id: Id<word::Credential>) -> Result<Option<CredentialRow>, JournalError> {
        read!(self, credential::find(id))
    }

    async fn resident_verifiers(&self) -> Result<u64, JournalError> {
        read!(self, credential::count_resident())
    }

    async fn enrol(&self, new: NewEnrolment) -> Result<LedgerHead, JournalError> {
        self.writer
            .write(Change::Enrol(Box::new(new)))
            .await
            .map(Into::into)
    }

    async fn update(&self, update: Update) -> Result<LedgerHead, JournalError> {
        self.writer
            .write(Change::Update(Box::new(update)))
            .await
            .map(Into::into)
    }

    async fn reserve(&self, reservation: Reservation) -> Result<LedgerHead, JournalError> {
        self.writer
            .write(Change::Reserve(Box::new(reservation)))
            .await
            .map(Into::into)
    }

    async fn settle(&self, settlement: Settlement) -> Result<LedgerHead, JournalError> {
        self.writer
            .write(Change::Settle(Box::new(settlement)))
            .await
            .map(Into::into)
    }

    async fn fail(
        &self,
        activation: Id<word::Activation>,
        leaf: LeafRow,
    ) -> Result<LedgerHead, JournalError> {
        self.writer
            .write(Change::Fail(activation, Box::new(leaf)))
            .await
            .map(Into::into)
    }

    async fn append(&self, leaves: Vec<LeafRow>) -> Result<LedgerHead, JournalError> {
        self.writer.write(Change::Append(leaves)).await.map(Into::into)
    }

    async fn outcome(&self, nonce: Nonce) -> Result<Outcome, JournalError> {
        read!(self, activation::outcome(nonce))
    }

    async fn interrupted(
        &self,
        boot: Id<word::Boot>,
        before: Time,
    ) -> Result<Vec<Interrupted>, JournalError> {
        read!(self, activation::interrupted(boot, before))
    }

    async fn head(&self) -> Result<LedgerHead, JournalError> {
        read!(self, leaf::head())
    }

    async fn leaves_after(&self, position: u64, most: u32) -> Result<Vec<PastLeaf>, JournalError> {
        read!(self, leaf::after(position, most))
    }

    async fn verifiers_before(
        &self,
        kek: u32,
        after: Option<Id<word::Credential>>,
        most: u32,
    ) -> Result<Vec<CredentialRow>, JournalError> {
        read!(self, credential::before_kek(kek, after, most))
    }

    async fn destroyed(
        &self,
        first: Id<word::Credential>,
        last: Id<word::Credential>,
    ) -> Result<Vec<Id<word::Credential>>, JournalError> {
        read!(self, credential::destroyed(first, last))
    }

    async fn count_verifiers_before(&self, kek: u32) -> Result<u64, JournalError> {
        read!(self, credential::count_before_kek(kek))
    }

    async fn keep_token_key(&self, row: TokenKeyRow, leaf: LeafRow) -> Result<LedgerHead, JournalError> {
        self.writer
            .write(Change::KeepTokenKey(Box::new(row), Box::new(leaf)))
            .await
            .map(Into::into)
    }

    async fn token_keys(&self) -> Result<Vec<TokenKeyRow>, JournalError> {
        read!(self, token_key::all())
    }

    async fn keep_job(&self, row: JobRow) -> Result<(), JournalError> {
        self.writer.write(Change::KeepJob(row)).await.map(drop)
    }

    async fn job(&self, name: &'static str) -> Result<Option<JobRow>, JournalError> {
        read!(self, job::find(name))
    }

    async fn forget_challenges(&self, expired_before: Time) -> Result<u64, JournalError> {
        self.writer
            .write(Change::ForgetChallenges(expired_before))
            .await
            .map(|written| written.0)
    }
}
