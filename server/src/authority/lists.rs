//! Making revocation lists: full and delta of one scope in one turn, under one number.

use core::time::Duration;
use std::sync::Arc;

use ca::{Issuer, Scope};
use domain::Time;
use hsm::{Clock, Journal as _, Service, ServiceKey};
use moka::sync::Cache;
use pki::crl::{Entry, List};
use store::{ListHead, ListRow, Turn};

use super::{Authority, HouseError, SignError, StoreError};
use crate::root_token::{RootError, RootToken};

/// For how long a list may be relied on.
const LIFE: Duration = Duration::from_hours(24);
/// After this time a list is made anew even if nothing changed.
pub(super) const RENEWED: Duration = Duration::from_hours(8);
/// After this time the list that deltas complete is made anew.
const BASE_LIFE: Duration = Duration::from_hours(8);
/// Others wait so long for a node that took a turn and says nothing more; whoever is at work says so in time.
const TURN: Duration = Duration::from_secs(6);
/// Expired certificates stay listed so long, so that each stood on a list after its end (RFC 5280 §3.3).
const KEPT: Duration = Duration::from_hours(7 * 24);

/// A published list is compared with the registry at most so often.
const SHOWN: Duration = Duration::from_millis(500);
/// Lists that are kept to be shown; as many as there are scopes in a large house.
const MOST_SHOWN: u64 = 2_048;

type Shown = Cache<(Scope, bool), Option<Arc<ListRow>>>;

/// Lists as they are shown to the world.
#[derive(Debug)]
pub(super) struct Lists {
    /// Compared with the registry a little while ago.
    fresh: Shown,
    /// Read from the registry before; read again only if there is another by now.
    known: Shown,
}

impl Default for Lists {
    fn default() -> Self {
        let builder = || Cache::builder().max_capacity(MOST_SHOWN);
        Self {
            fresh: builder().time_to_live(SHOWN).build(),
            known: builder().build(),
        }
    }
}

/// No list was made.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// There is no authority of that generation.
    #[error("there is no authority of generation {0}")]
    NoAuthority(u32),
    /// The root's list is made with its token.
    #[error("the root's list is made with its token: tamga ca root-crl")]
    Root,
    /// Somebody else makes it now.
    #[error("another process is making this list, or was cut off making it; try again in a few seconds")]
    Busy,
    /// The root's token.
    #[error(transparent)]
    RootToken(#[from] RootError),
    /// The house cannot be read.
    #[error(transparent)]
    House(#[from] HouseError),
    /// It cannot be encoded.
    #[error("the list cannot be encoded: {0}")]
    Der(#[from] der::Error),
    /// It was not signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The registry fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<S: Service, C: Clock> Authority<S, C> {
    /// The newest list of a scope, for the world to read.
    pub async fn list_shown(&self, scope: Scope, delta: bool) -> Result<Option<Arc<ListRow>>, StoreError> {
        let key = (scope, delta);
        if let Some(shown) = self.lists.fresh.get(&key) {
            return Ok(shown);
        }
        let newest = self.store.list_head(scope, delta).await?.map(|head| head.number);
        let known = self.lists.known.get(&key).flatten();
        let read = if known.as_ref().map(|list| list.number) == newest {
            known
        } else {
            self.store.newest_list(scope, delta).await?.map(Arc::new)
        };
        self.lists.known.insert(key, read.clone());
        self.lists.fresh.insert(key, read.clone());
        Ok(read)
    }

    /// Every scope that lists are made for online.
    pub fn scopes(&self) -> Vec<Scope> {
        let shards = self.settings.places.shards;
        let parts = |issuer| {
            let all = Scope { issuer, shard: None };
            let parts = (0..shards).map(move |shard| Scope {
                issuer,
                shard: Some(shard),
            });
            core::iter::once(all).chain(parts.filter(move |_| shards > 1))
        };
        self.house()
            .generations()
            .keys()
            .flat_map(|issuer| parts(*issuer))
            .collect()
    }

    /// Whether a change leads to a new list at once. Of many parts the list of all is made on schedule only: nobody's
    /// certificate names it.
    pub(super) const fn tells_changes(&self, scope: Scope) -> bool {
        scope.shard.is_some() || self.settings.places.shards <= 1
    }

    /// Makes the lists of a scope if something changed or the old ones grow old; whether it did.
    pub async fn refresh_lists(&self, scope: Scope) -> Result<bool, ListError> {
        let now = self.clock.now();
        let newest = self.store.list_head(scope, false).await?;
        let delta = self.store.list_head(scope, true).await?;
        let due = match (&newest, &delta) {
            (None, _) | (_, None) => true,
            (Some(list), Some(_)) => {
                list.made_at.plus(RENEWED) <= now
                    || (self.tells_changes(scope)
                        && self.store.last_listed_change(scope).await? > list.position)
            }
        };
        if due {
            self.make_lists(scope).await
        } else {
            Ok(false)
        }
    }

    /// Makes the lists of a scope, unless another node is doing so.
    pub async fn make_lists(&self, scope: Scope) -> Result<bool, ListError> {
        if scope.issuer == 0 {
            return Err(ListError::Root);
        }
        let _one = self.making.lock().await;
        let house = self.house();
        let issuer = house
            .generation(scope.issuer)
            .ok_or(ListError::NoAuthority(scope.issuer))?;
        let now = self.clock.now();
        let turn = Turn {
            scope,
            node: self.node,
            now,
            until: now.plus(TURN),
        };
        let Some(number) = self.store.take_turn(turn).await? else {
            return Ok(false);
        };
        let made = self
            .in_turn(turn, self.lists_of(issuer, (scope, number), now))
            .await;
        let rows = match made {
            Err(ListError::Store(StoreError::Conflict)) => return Ok(false),
            made => made?,
        };
        match self.store.publish(self.node, rows).await {
            Ok(()) => {
                self.lists.fresh.invalidate(&(scope, false));
                self.lists.fresh.invalidate(&(scope, true));
                Ok(true)
            }
            // The turn took too long and went to another node: its list stands, this one never was.
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Does the work of a turn, and keeps the turn as long as that takes.
    async fn in_turn<T>(
        &self,
        turn: Turn,
        work: impl Future<Output = Result<T, ListError>>,
    ) -> Result<T, ListError> {
        let keep = async {
            loop {
                tokio::time::sleep(TURN / 3).await;
                let until = self.clock.now().plus(TURN);
                if let Err(error) = self.store.keep_turn(Turn { until, ..turn }).await {
                    break error;
                }
            }
        };
        tokio::select! {
            done = work => done,
            lost = keep => Err(lost.into()),
        }
    }

    /// The full list and its delta, under one number.
    async fn lists_of(
        &self,
        issuer: &Issuer,
        (scope, number): (Scope, u64),
        now: Time,
    ) -> Result<Vec<ListRow>, ListError> {
        // Read before the entries: a list tells at least everything up to its position.
        let position = self.store.head().await?.position;
        let base = self.store.base_list(scope).await?;
        let full = self
            .full(issuer, (scope, number, position), base.as_ref(), now)
            .await?;
        let mut rows = vec![full];
        if let Some(base) = base {
            rows.push(self.delta(issuer, (scope, number, position), &base, now).await?);
        }
        Ok(rows)
    }

    async fn full(
        &self,
        issuer: &Issuer,
        (scope, number, position): (Scope, u64, u64),
        base: Option<&ListHead>,
        now: Time,
    ) -> Result<ListRow, ListError> {
        let entries = self.store.list_entries(scope, 0, now.minus(KEPT)).await?;
        let delta = self.settings.places.file(&scope.file(true));
        let list = List {
            freshest: Some(&delta),
            ..list(issuer, number, now)
        };
        let address = scope.shard.map(|_| self.settings.places.file(&scope.file(false)));
        let list = List {
            distribution_point: address.as_deref(),
            ..list
        };
        let prepared = list.prepare(&entries)?;
        drop(entries);
        let der = self.sign_list(issuer, prepared).await?;
        Ok(ListRow {
            scope,
            delta: false,
            number,
            base: base.is_none_or(|base| base.made_at.plus(BASE_LIFE) <= now),
            position,
            made_at: now,
            until: now.plus(LIFE),
            der,
        })
    }

    async fn delta(
        &self,
        issuer: &Issuer,
        (scope, number, position): (Scope, u64, u64),
        base: &ListHead,
        now: Time,
    ) -> Result<ListRow, ListError> {
        let mut entries = self
            .store
            .list_entries(scope, base.position, now.minus(KEPT))
            .await?;
        for removed in self.store.released(scope, base.position).await? {
            let entry = Entry::removed(&removed.serial.number()?, removed.at)?;
            entries.extend_from_slice(entry.as_bytes());
        }
        let address = scope.shard.map(|_| self.settings.places.file(&scope.file(false)));
        let list = List {
            base: Some(base.number),
            distribution_point: address.as_deref(),
            ..list(issuer, number, now)
        };
        let prepared = list.prepare(&entries)?;
        drop(entries);
        let der = self.sign_list(issuer, prepared).await?;
        Ok(ListRow {
            scope,
            delta: true,
            number,
            base: false,
            position,
            made_at: now,
            until: now.plus(LIFE),
            der,
        })
    }

    async fn sign_list(&self, issuer: &Issuer, prepared: pki::ToSign) -> Result<Vec<u8>, ListError> {
        let key = (ServiceKey::Issuing, issuer.generation());
        Ok(self.sign(key, prepared, issuer.key()).await?.into_der())
    }
}

/// A full, whole list, as far as all lists are the same.
fn list(issuer: &Issuer, number: u64, now: Time) -> List<'_> {
    List {
        issuer: issuer.name(),
        issuer_key: issuer.identifier(),
        profile: issuer.profile(),
        number,
        made_at: now,
        valid: LIFE,
        distribution_point: None,
        base: None,
        freshest: None,
    }
}

/// For how long the root's list may be relied on: its token is fetched from a safe to make the next one.
const ROOT_LIFE: Duration = Duration::from_hours(180 * 24);

impl<S: Service, C: Clock> Authority<S, C> {
    /// Makes the root's list with its token.
    pub async fn root_list(&self, root: &RootToken) -> Result<u64, ListError> {
        let _one = self.making.lock().await;
        self.reload().await?;
        let house = self.house();
        let issuer = house.root().ok_or(ListError::NoAuthority(0))?;
        let scope = Scope {
            issuer: 0,
            shard: None,
        };
        let now = self.clock.now();
        let turn = Turn {
            scope,
            node: self.node,
            now,
            until: now.plus(TURN),
        };
        let number = self.store.take_turn(turn).await?.ok_or(ListError::Busy)?;
        let position = self.store.head().await?.position;
        // The next list comes when this one ends: by then each certificate stood on one after its own end.
        let entries = self
            .store
            .list_entries(scope, 0, now.minus(ROOT_LIFE + KEPT))
            .await?;
        let list = List {
            valid: ROOT_LIFE,
            ..list(issuer, number, now)
        };
        let prepared = list.prepare(&entries)?;
        let signing = async { Ok(root.sign(prepared, issuer.key()).await?.into_der()) };
        let der = self.in_turn(turn, signing).await?;
        let row = ListRow {
            scope,
            delta: false,
            number,
            base: true,
            position,
            made_at: now,
            until: now.plus(ROOT_LIFE),
            der,
        };
        self.store.publish(self.node, vec![row]).await?;
        Ok(number)
    }
}
