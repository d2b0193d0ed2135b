//! One group of changes: one transaction, one flush of the disk.
//!
//! It first runs without savepoints; if one change fails, the group is rolled back and run again with a savepoint
//! around each, so that a refused change never takes its neighbours with it. A failed statement leaves nothing but a
//! rollback to do on either engine. A connection on which anything unexpected happened is not used again.

use core::time::Duration;

use hsm::JournalError;

use super::{
    activation, certificate, challenge, credential,
    dialect::{BEGIN, Connection, Pool},
    enrolment, job, leaf, list, operator, token_key, tree,
};
use crate::{
    fault::meaning,
    writer::{Change, Written},
};

/// How long a group may take; far beyond what the engine's own limits allow, so that only a dead network meets it.
const LIMIT: Duration = Duration::from_secs(30);

type Results = Vec<Result<Written, JournalError>>;

/// Commits what can be committed. An error says that nobody knows whether anything was.
pub(crate) async fn commit(pool: &Pool, changes: &[Change]) -> Result<Results, JournalError> {
    let mut connection = pool.acquire().await.map_err(|error| meaning(&error))?;
    let stalled = |_| Err(JournalError::Database("the database does not answer".to_owned()));
    let done = tokio::time::timeout(LIMIT, group(&mut connection, changes))
        .await
        .unwrap_or_else(stalled);
    if done.is_err() {
        connection.close_on_drop();
    }
    done
}

async fn group(connection: &mut Connection, changes: &[Change]) -> Result<Results, JournalError> {
    match together(connection, changes).await? {
        Some(results) => Ok(results),
        None => one_by_one(connection, changes).await,
    }
}

/// The group without savepoints; nothing, when one of it failed and all was rolled back.
async fn together(connection: &mut Connection, changes: &[Change]) -> Result<Option<Results>, JournalError> {
    run(connection, BEGIN).await?;
    let mut results = Vec::with_capacity(changes.len());
    for change in changes {
        match apply(connection, change).await {
            Ok(written) => results.push(Ok(written)),
            Err(error) if changes.len() == 1 => {
                run(connection, "ROLLBACK").await?;
                return Ok(Some(vec![Err(error)]));
            }
            Err(_) => {
                run(connection, "ROLLBACK").await?;
                return Ok(None);
            }
        }
    }
    end(connection).await?;
    Ok(Some(results))
}

async fn one_by_one(connection: &mut Connection, changes: &[Change]) -> Result<Results, JournalError> {
    run(connection, BEGIN).await?;
    let mut results = Vec::with_capacity(changes.len());
    for change in changes {
        run(connection, "SAVEPOINT change").await?;
        let result = apply(connection, change).await;
        if result.is_err() {
            run(connection, "ROLLBACK TO change").await?;
        }
        run(connection, "RELEASE change").await?;
        results.push(result);
    }
    end(connection).await?;
    Ok(results)
}

/// Commits; a commit that fails leaves no transaction open.
async fn end(connection: &mut Connection) -> Result<(), JournalError> {
    if let Err(error) = run(connection, "COMMIT").await {
        // The transaction may be gone already; what counts is that none is left.
        let _ = run(connection, "ROLLBACK").await;
        return Err(error);
    }
    Ok(())
}

async fn run(connection: &mut Connection, statement: &'static str) -> Result<(), JournalError> {
    sqlx::raw_sql(statement)
        .execute(&mut *connection)
        .await
        .map(drop)
        .map_err(|error| meaning(&error))
}

async fn apply(connection: &mut Connection, change: &Change) -> Result<Written, JournalError> {
    let position = match change {
        Change::KeepChallenge(row) => challenge::insert(connection, row).await?,
        Change::Enrol(new) => enrolment::insert(connection, new).await?,
        Change::Update(update) => credential::update(connection, update).await?,
        Change::Reserve(reservation) => activation::reserve(connection, reservation).await?,
        Change::Settle(settlement) => activation::settle(connection, settlement).await?,
        Change::Fail(id, row) => activation::fail(connection, *id, row).await?,
        Change::Append(rows) => leaf::insert(connection, rows).await?,
        Change::KeepTokenKey(row, witness) => {
            token_key::upsert(connection, row).await?;
            leaf::insert(connection, core::slice::from_ref(witness)).await?
        }
        Change::KeepJob(row) => job::upsert(connection, row).await?,
        Change::Intend(new) => certificate::intend(connection, new).await?,
        Change::Issue(issue) => certificate::issue(connection, issue).await?,
        Change::Step(step) => certificate::step(connection, step).await?,
        Change::KeyGone(id) => certificate::key_gone(connection, *id).await?,
        Change::RaiseList(scope, number) => list::raise(connection, *scope, *number).await?,
        Change::TakeTurn(turn) => list::take(connection, turn).await?,
        Change::KeepTurn(turn) => list::keep(connection, turn).await?,
        Change::Publish(node, lists) => list::publish(connection, *node, lists).await?,
        Change::Grow(growth) => tree::grow(connection, growth).await?,
        #[cfg(feature = "documents")]
        Change::Document(change) => super::document::change(connection, change).await?,
        #[cfg(feature = "documents")]
        Change::Upkeep(change) => super::upkeep::change(connection, change).await?,
        Change::KeepOperator(row) => operator::upsert(connection, row).await?,
        Change::RemoveOperator(hash, at) => operator::remove(connection, hash, *at).await?,
        Change::KeepOrder(order) => operator::order(connection, order).await?,
        Change::ForgetChallenges(before) => challenge::forget(connection, *before).await?,
    };
    Ok(Written(position))
}
