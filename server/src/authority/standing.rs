//! How the work of the jobs stands: which lists are owed, how far the Ledger's tree is behind, what ends soon.
//!
//! A job that is stuck says so only in the log of its process. Here it is read from what it should have made by now, so
//! that any node, and `tamga doctor` without any, sees that nobody makes it.

use core::time::Duration;

use ca::{Issuer, Scope};
use domain::{CertificateKind, Leaf, Time};
use hsm::{Clock, Journal as _, Service, ServiceKey};
use store::UpkeepStanding;

use super::{Authority, StoreError, lists::RENEWED};

/// The root's list is asked for so long before it ends: its token is fetched from a safe.
const ROOT_LIST_LEFT: Duration = Duration::from_hours(30 * 24);

/// A signature may be owed its next level for so long: others are asked for it, and may be away for a night.
const UPKEEP_PATIENCE: Duration = Duration::from_hours(12);

/// How everything stands that goes on by itself, or must be done in time.
#[derive(Clone, Debug)]
pub struct Standing {
    /// When this was seen.
    pub now: Time,
    /// The root's list, and every list that is made online.
    pub lists: Vec<ListStanding>,
    /// The Ledger's tree.
    pub tree: TreeStanding,
    /// Certificates of the house.
    pub certificates: Vec<Ending>,
    /// Signatures that are kept.
    pub upkeep: UpkeepStanding,
    /// For how long something may be owed before that is told.
    patience: Duration,
}

/// How a revocation list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListStanding {
    /// Which.
    pub scope: Scope,
    /// The newest one, by number and end; none was ever made.
    pub newest: Option<(u64, Time)>,
    /// Since when the next one is owed, because of a change or of the schedule.
    pub owed_since: Option<Time>,
}

/// How far the Ledger's tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeStanding {
    /// Entries that there are.
    pub entries: u64,
    /// Entries under the newest checkpoint.
    pub covered: u64,
    /// Since when the first entry waits that is under no checkpoint.
    pub owed_since: Option<Time>,
}

/// A certificate of the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// What it is for.
    pub kind: CertificateKind,
    /// Of an authority or its responder: which generation.
    pub generation: Option<u32>,
    /// Its end; there is none in force, or none whose key is on the token.
    pub until: Option<Time>,
    /// Whether it must be renewed now.
    pub soon: bool,
}

impl Standing {
    /// What is wrong, in words, beyond what passes by itself.
    pub fn wrong(&self) -> Vec<String> {
        let mut wrong: Vec<String> = self.lists.iter().filter_map(|list| self.list(list)).collect();
        if let Some(since) = self.late(self.tree.owed_since) {
            wrong.push(format!(
                "entry {} of the Ledger waits since {since} to become part of its tree",
                self.tree.covered + 1
            ));
        }
        wrong.extend(self.upkeep_late());
        let ended = self
            .certificates
            .iter()
            .filter(|one| one.left(self.now).is_zero());
        wrong.extend(ended.map(|one| format!("there is no valid certificate of {one}")));
        wrong
    }

    /// What is wrong with the keeping of signatures. Those that wait for people are not: the house does what it can.
    pub fn upkeep_late(&self) -> Option<String> {
        let since = self.upkeep.owed_since?;
        let why = self.upkeep.reason.as_deref().unwrap_or("nobody tried");
        (since.plus(UPKEEP_PATIENCE) < self.now).then(|| {
            format!(
                "{} signatures are to be extended, the first since {since}: {why}",
                self.upkeep.owed
            )
        })
    }

    /// For how long the signature that waits longest should have been extended.
    pub fn upkeep_behind(&self) -> Duration {
        let since = self.upkeep.owed_since;
        since.map_or(Duration::ZERO, |since| self.now.since(since))
    }

    /// What is wrong with a list.
    pub fn list(&self, list: &ListStanding) -> Option<String> {
        let name = list.scope.file(false);
        match list.newest {
            Some((_, until)) if until <= self.now => Some(format!("{name} ended at {until}")),
            Some(_) => self
                .late(list.owed_since)
                .map(|since| format!("{name} is to be made anew since {since}")),
            None => Some(format!("{name} was never made")),
        }
    }

    /// The time, if it is so long ago that somebody must look.
    pub fn late(&self, owed_since: Option<Time>) -> Option<Time> {
        owed_since.filter(|since| since.plus(self.patience) < self.now)
    }

    /// For how long lists are owed, at most.
    pub fn lists_behind(&self) -> Duration {
        let owed = self.lists.iter().filter_map(|list| list.owed_since);
        owed.min().map_or(Duration::ZERO, |since| self.now.since(since))
    }

    /// For how long the tree is behind.
    pub fn tree_behind(&self) -> Duration {
        let since = self.tree.owed_since;
        since.map_or(Duration::ZERO, |since| self.now.since(since))
    }

    /// For how long every list holds, the root's or those that are made online.
    pub fn lists_left(&self, root: bool) -> Option<Duration> {
        let asked = self.lists.iter().filter(|list| list.is_root() == root);
        let left = asked.map(|list| {
            list.newest
                .map_or(Duration::ZERO, |(_, until)| until.since(self.now))
        });
        left.min()
    }
}

impl ListStanding {
    /// Whether it is the root's, which is made by hand.
    pub const fn is_root(&self) -> bool {
        self.scope.issuer == 0
    }

    /// Whether the root's list must be made anew now.
    pub fn ends_soon(&self, now: Time) -> bool {
        self.is_root()
            && self
                .newest
                .is_some_and(|(_, until)| until < now.plus(ROOT_LIST_LEFT))
    }
}

impl Ending {
    fn of(kind: CertificateKind, generation: Option<u32>, found: Option<&Issuer>, now: Time) -> Self {
        Self {
            kind,
            generation,
            until: found.map(|found| found.validity().1),
            soon: found.is_some_and(|found| found.ends_soon(now)),
        }
    }

    /// What is left of it.
    pub fn left(&self, now: Time) -> Duration {
        self.until.map_or(Duration::ZERO, |until| until.since(now))
    }
}

impl core::fmt::Display for Ending {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.generation {
            None => write!(f, "{}", self.kind),
            Some(generation) => write!(f, "{}-{generation}", self.kind),
        }
    }
}

/// Services that the house has one of.
const SERVICES: [(ServiceKey, CertificateKind); 3] = [
    (ServiceKey::TimeStamp, CertificateKind::TimeStamp),
    (ServiceKey::Evidence, CertificateKind::EvidenceSeal),
    (ServiceKey::Ledger, CertificateKind::Ledger),
];

impl<S: Service, C: Clock> Authority<S, C> {
    /// Looks at what the jobs should have done by now. A house that is not founded owes nothing.
    pub async fn standing(&self) -> Result<Standing, StoreError> {
        let now = self.clock.now();
        let root = self.house().root().map(|_| Scope {
            issuer: 0,
            shard: None,
        });
        let mut lists = Vec::new();
        for scope in root.into_iter().chain(self.scopes()) {
            lists.push(self.list_standing(scope, now).await?);
        }
        Ok(Standing {
            now,
            lists,
            tree: self.tree_standing().await?,
            certificates: self.endings(now),
            upkeep: self.store.upkeep_standing(now).await?,
            patience: self.settings.patience,
        })
    }

    async fn list_standing(&self, scope: Scope, now: Time) -> Result<ListStanding, StoreError> {
        let newest = self.store.list_head(scope, false).await?;
        let owed_since = match newest {
            // The root's list is made by hand, when it ends.
            Some(_) if scope.issuer == 0 => None,
            None => None,
            Some(list) => {
                let schedule = Some(list.made_at.plus(RENEWED)).filter(|due| *due <= now);
                let change = if self.tells_changes(scope) {
                    self.first_untold(scope, list.position).await?
                } else {
                    None
                };
                schedule.into_iter().chain(change).min()
            }
        };
        Ok(ListStanding {
            scope,
            newest: newest.map(|list| (list.number, list.until)),
            owed_since,
        })
    }

    /// When the first change happened that a list up to a position does not tell.
    async fn first_untold(&self, scope: Scope, position: u64) -> Result<Option<Time>, StoreError> {
        match self.store.first_listed_change(scope, position).await? {
            None => Ok(None),
            Some(change) => self.written_after(change.saturating_sub(1)).await,
        }
    }

    /// When the entry after a position was written.
    async fn written_after(&self, position: u64) -> Result<Option<Time>, StoreError> {
        let entries = self.store.entries(position, 1).await?;
        let [entry] = entries.as_slice() else {
            return Ok(None);
        };
        // An entry that does not read is a fault that `tamga ledger verify` names; here it only has no time.
        Ok(Leaf::decode(entry).map(|leaf| leaf.at))
    }

    async fn tree_standing(&self) -> Result<TreeStanding, StoreError> {
        let covered = self.store.checkpoint().await?.map_or(0, |(size, _, _)| size);
        // Read after the checkpoint: what grew meanwhile is no gap.
        let entries = self.store.head().await?.position;
        let owed_since = match self.house().issuing() {
            Some(_) if entries > covered => self.written_after(covered).await?,
            Some(_) | None => None,
        };
        Ok(TreeStanding {
            entries,
            covered,
            owed_since,
        })
    }

    fn endings(&self, now: Time) -> Vec<Ending> {
        let house = self.house();
        let mut all = Vec::new();
        if house.issuing().is_none() {
            return all;
        }
        all.push(Ending::of(CertificateKind::Root, None, house.root(), now));
        for (generation, issuer) in house.generations() {
            let generation = Some(*generation);
            all.push(Ending::of(
                CertificateKind::Issuing,
                generation,
                Some(issuer),
                now,
            ));
            let responder = house.responder(issuer.generation());
            all.push(Ending::of(CertificateKind::Ocsp, generation, responder, now));
        }
        for (key, kind) in SERVICES {
            all.push(Ending::of(kind, None, house.service(key), now));
        }
        all
    }
}
