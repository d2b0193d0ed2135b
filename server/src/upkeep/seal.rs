//! When a sealed signature is led on: at once to complete a seal, else in time before it ends.

use core::time::Duration;

use domain::Time;

use super::Upkeep;
use crate::{Done, ExtendError, Extendable};

/// A seal is renewed so often at most, however short its life.
const SEAL: Duration = Duration::from_hours(24);

impl<K, C> Upkeep<K, C> {
    /// When a sealed signature is led on, by the file before this step and the one after it.
    pub(super) async fn next_seal(
        &self,
        (before, after): (&Extendable, &Extendable),
        step: Done,
        now: Time,
    ) -> Result<Time, ExtendError> {
        // A new seal whose own proof is not inside yet says that it is due since it was made.
        let end = self.extender.renew_before(after, now).await?.unwrap_or(now);
        if step != Done::Kept {
            return Ok(self.rules.renewal(end, now));
        }
        // Where the last seal was complete before, this was the first step of its renewal: the new one follows at once.
        let ended = self.extender.renew_before(before, now).await?;
        Ok(match ended {
            Some(ended) if ended > now => now,
            Some(_) | None => self.rules.renewal(end, now).max(now.plus(SEAL)),
        })
    }
}
