//! The judgements that need no token: freshness of assertion and nonce, who belongs to whom, what state it is in.

use domain::{Assertion, AssertionError, JwsError, Purpose, Time, Unverified, typ};
use policies::Freshness;

use super::Inner;
use crate::{
    ActivateError, Case, Certificate, ChallengeRow, Clock, CredentialRecord, CredentialRow, Journal,
    KeyMaterial, KeyName, KeyRole, Refused, ServiceKey,
};

impl<J: Journal, C: Clock> Inner<J, C> {
    /// The assertion, if `identity` signed it with a key that the token still holds.
    pub(super) fn assertion(&self, text: &str) -> Result<Assertion, AssertionError> {
        let kid = Unverified::<Assertion>::parse(text, typ::ASSERTION)?
            .kid()
            .to_owned();
        let name =
            KeyName::parse_kid(&kid).filter(|name| name.role == KeyRole::Service(ServiceKey::Identity));
        let key = name
            .and_then(|name| self.keys().verifier(name).ok())
            .ok_or(JwsError::Signature)?;
        Assertion::verify(text, &key)
    }
}

/// Whether the Client was proven lately enough.
pub(super) fn fresh(assertion: &Assertion, now: Time, rule: &Freshness) -> bool {
    let oldest = now.minus(rule.proofing_life);
    let newest = now.plus(rule.clock_skew);
    assertion.expires_at > now && assertion.proofed_at >= oldest && assertion.proofed_at <= newest
}

/// Whether the challenge may be answered for this assertion at all.
pub(super) fn challenge(case: &Case, assertion: &Assertion, now: Time) -> Result<(), ActivateError> {
    let ChallengeRow {
        session, expires_at, ..
    } = case.challenge;
    if session != assertion.session {
        return Err(ActivateError::UnknownNonce);
    }
    if case.spent {
        return Err(ActivateError::Replayed);
    }
    if expires_at <= now {
        return Err(ActivateError::NonceExpired);
    }
    if case.assertion_activated {
        return Err(ActivateError::AssertionSpent);
    }
    Ok(())
}

/// The Credential that the challenge was issued for, if it is this Client's and may sign now.
pub(super) fn credential<'a>(
    case: &'a Case,
    assertion: &Assertion,
    now: Time,
) -> Result<&'a CredentialRow, ActivateError> {
    let Purpose::Activate(_) = case.challenge.purpose else {
        return Err(ActivateError::UnknownNonce);
    };
    let row = case.credential.as_ref().ok_or(ActivateError::UnknownNonce)?;
    let record = &row.record;
    if record.client != assertion.client {
        return Err(ActivateError::AnotherClient);
    }
    usable(record, now)?;
    if record
        .used_at
        .is_some_and(|used_at| used_at >= case.challenge.issued_at)
    {
        return Err(ActivateError::Superseded);
    }
    if let Some(refused) = record.attempts.refusal(now) {
        return Err(locked(refused));
    }
    Ok(row)
}

/// What a lock answers.
pub(super) const fn locked(refused: Refused) -> ActivateError {
    match refused {
        Refused::Locked { until } => ActivateError::Locked { until },
        Refused::Exhausted => ActivateError::Exhausted,
    }
}

fn usable(record: &CredentialRecord, now: Time) -> Result<(), ActivateError> {
    if let KeyMaterial::Destroyed { .. } = record.material {
        return Err(ActivateError::Destroyed);
    }
    match record.certificate {
        Certificate::Awaited => Err(ActivateError::NotCertified),
        Certificate::Held { .. } => Err(ActivateError::CertificateHeld),
        Certificate::Active {
            not_before,
            not_after,
            ..
        } if now < not_before || now > not_after => Err(ActivateError::CertificateNotValid),
        Certificate::Active { .. } => Ok(()),
    }
}
