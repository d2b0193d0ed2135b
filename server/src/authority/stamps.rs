//! Time stamps, RFC 3161: refused with the reason that fits, above all when the clock cannot be trusted.

use core::{num::NonZeroU32, time::Duration};
use std::sync::{Mutex, PoisonError};

use ca::{ClockFault, ClockGuard, ClockRule, Reading, Serial};
use der::asn1::ObjectIdentifier;
use domain::Time;
use hsm::{Clock, Service, ServiceKey};
use pki::timestamp::{Rejected, Stamp, StampRequest, rejection};

use super::{Authority, random};

/// How times are stamped.
#[derive(Clone, Debug)]
pub struct StampSettings {
    /// The policy that every stamp follows.
    pub policy: ObjectIdentifier,
    /// How far clocks may differ.
    pub clock: ClockRule,
    /// Stamps in a second.
    pub per_second: NonZeroU32,
}

/// Stamps are true within this: whole seconds, and the clock rule's tolerance.
const ACCURACY: Duration = Duration::from_secs(2);

/// The clock's guard, shared by those who stamp and by the one who asks the second source.
#[derive(Debug)]
pub struct ClockWatch(Mutex<ClockGuard>);

impl ClockWatch {
    pub(super) const fn new(rule: ClockRule, anchor: Reading) -> Self {
        Self(Mutex::new(ClockGuard::new(rule, anchor)))
    }

    /// Hears the second source.
    pub fn hear(&self, now: Reading, second: Time) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .hear(now, second);
    }

    /// The time, if it can be trusted.
    pub fn judge(&self, now: Reading) -> Result<Time, ClockFault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).judge(now)
    }
}

impl<S: Service, C: Clock> Authority<S, C> {
    /// Whether one more stamp may be asked for now: each is a signature on the token.
    pub fn may_stamp(&self) -> bool {
        self.stamping.check().is_ok()
    }

    /// Answers a `TimeStampReq` with a `TimeStampResp`, granting or refusing.
    pub async fn stamp(&self, request: &[u8]) -> Vec<u8> {
        match self.try_stamp(request).await {
            Ok(granted) => granted,
            Err(rejected) => rejection(rejected),
        }
    }

    async fn try_stamp(&self, request: &[u8]) -> Result<Vec<u8>, Rejected> {
        let request = StampRequest::parse(request)?;
        let policy = self.settings.stamps.policy;
        if request.policy.is_some_and(|asked| asked != policy) {
            return Err(Rejected::Policy);
        }
        let now = self.watch.judge(self.reading()).map_err(|fault| {
            tracing::error!(%fault, "no time is stamped");
            Rejected::Clock
        })?;
        let house = self.house();
        let unit = house.service(ServiceKey::TimeStamp);
        let (unit, signer) = unit.zip(house.stamper()).ok_or(Rejected::Unavailable)?;
        let failed = |error: der::Error| {
            tracing::error!(%error, "a time stamp could not be encoded");
            Rejected::Unavailable
        };
        let serial = Serial::from_random(random()).number().map_err(failed)?;
        let stamp = Stamp::new(&request, (policy, &serial), (now, ACCURACY), signer).map_err(failed)?;
        let prepared = stamp.prepare().map_err(failed)?;
        let key = (ServiceKey::TimeStamp, unit.generation());
        let finished = self.sign(key, prepared, unit.key()).await.map_err(|error| {
            tracing::error!(%error, "a time stamp was not signed");
            Rejected::Unavailable
        })?;
        stamp.finish(&finished).map_err(failed)
    }
}
