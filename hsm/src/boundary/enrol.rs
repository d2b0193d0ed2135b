//! `enrol`: a new key for a proven Client, under a password that only the Client knows.

use domain::{
    Assertion, Enrolment, HashAlgorithm, Id, KeyAlgorithm, LeafKind, Purpose, Receipt, SealedError, Sealing,
    SignedReceipt, SigningInput, Time, base64url, typ, word,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    Inner, challenge, chance, judge,
    leaves::{About, leaf},
    parts, refused,
    rows::{self, journal_fault},
    unexpected,
};
use crate::{
    Attempts, Case, Certificate, Clock, CredentialRecord, EnrolError, EnrolRequest, Enrolled, EnrolmentRow,
    Journal, JournalError, KeyMaterial, KeyName, KeyRole, NewEnrolment, Part, Unavailable, Verifier,
    VerifierMode, WrapFormat,
    secret_bytes::SecretBytes,
    worker::{Answer, Ask, Blob, EnrolAsk, Refusal},
};

pub(super) async fn enrol<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: EnrolRequest,
) -> Result<Enrolled, EnrolError> {
    inner.not_behind()?;
    let now = inner.clock.now();
    let assertion = inner.assertion(&request.assertion)?;
    let case = inner
        .journal
        .case(request.nonce, assertion.id)
        .await
        .map_err(journal_fault)?;
    let case = case
        .filter(|case| case.challenge.purpose == Purpose::Enrol)
        .ok_or(EnrolError::UnknownNonce)?;
    if case.challenge.session != assertion.session {
        return Err(EnrolError::UnknownNonce);
    }
    let digest = Sha256::digest(request.enrolment.to_text()).into();
    if let Some(answered) = case.enrolled.as_ref().filter(|row| row.request == digest) {
        return Ok(answer(inner, answered));
    }
    judge_case(inner, &case, &assertion, now)?;
    let enrolment = open(inner, &request, &case).await?;
    if enrolment.session != assertion.session || enrolment.nonce != request.nonce {
        return Err(EnrolError::Mismatch);
    }
    if !inner.policy.algorithms.admits_key(enrolment.algorithm) {
        return Err(EnrolError::Algorithm(enrolment.algorithm));
    }
    make(inner, &case, &assertion, &enrolment, digest, now).await
}

fn judge_case<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    case: &Case,
    assertion: &Assertion,
    now: Time,
) -> Result<(), EnrolError> {
    if !judge::fresh(assertion, now, &inner.policy.freshness) {
        return Err(EnrolError::AssertionStale);
    }
    if case.spent {
        return Err(EnrolError::Replayed);
    }
    if case.challenge.expires_at <= now {
        return Err(EnrolError::NonceExpired);
    }
    if case.assertion_enrolled {
        return Err(EnrolError::AssertionSpent);
    }
    Ok(())
}

async fn open<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: &EnrolRequest,
    case: &Case,
) -> Result<Enrolment, EnrolError> {
    let known = KeyName::parse_kid(request.enrolment.kid());
    if !known.is_some_and(|name| name.role == KeyRole::Activation && inner.keys().holds(name)) {
        return Err(SealedError::Field.into());
    }
    let ask = Ask::Open {
        sealed: request.enrolment.clone(),
        info: Sealing::Enrolment.info(case.challenge.session, &case.challenge.nonce),
        check: vec![rows::challenge(&case.challenge)],
        make: Vec::new(),
    };
    match inner.signing.ask(ask).await.map_err(Unavailable::from)? {
        Answer::Opened { plaintext, .. } => Ok(Enrolment::parse(&plaintext.0)?),
        Answer::Refused(Refusal::Unopened) => Err(SealedError::Field.into()),
        Answer::Refused(Refusal::Tag { .. }) => {
            let row = format!("challenge {}", base64url(case.challenge.nonce.as_bytes()));
            Err(Unavailable::Tampered { row }.into())
        }
        Answer::Refused(refusal) => Err(refused(&refusal).into()),
        _ => Err(unexpected("an opened message").into()),
    }
}

#[derive(Serialize)]
struct EnrolledContent<'a> {
    credential: Id<word::Credential>,
    session: Id<word::Session>,
    assertion: Id<word::Assertion>,
    statement: &'a str,
    algorithm: KeyAlgorithm,
    public_key_sha256: String,
}

async fn make<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    case: &Case,
    assertion: &Assertion,
    enrolment: &Enrolment,
    request: [u8; 32],
    now: Time,
) -> Result<Enrolled, EnrolError> {
    let id = Id::from_random(now, chance()?);
    let made = make_key(inner, id, assertion, enrolment).await?;
    let part = Part::new(inner.random().await?);
    let record = CredentialRecord {
        id,
        version: 1,
        client: assertion.client,
        pseudonym: made.pseudonym,
        algorithm: enrolment.algorithm,
        public_key: made.public_key,
        material: KeyMaterial::Wrapped {
            format: WrapFormat::Rfc5649Pkcs8,
            kdk: made.wrapped.version,
            blob: parts::seal(id, &part, &made.wrapped.bytes)?,
            verifier: made.verifier,
        },
        salt: case.challenge.salt,
        argon2: case.challenge.argon2,
        attempts: Attempts::NONE,
        certificate: Certificate::Awaited,
        used_at: None,
    };
    let tag = inner.tag(None, &record).await?;
    let statement = base64url(enrolment.statement.as_bytes());
    let receipt = receipt(inner, &record, assertion.session, &statement, now).await?;
    let content = EnrolledContent {
        credential: id,
        session: assertion.session,
        assertion: assertion.id,
        statement: &statement,
        algorithm: record.algorithm,
        public_key_sha256: HashAlgorithm::Sha256.digest(&record.public_key).to_string(),
    };
    let leaf = leaf(
        LeafKind::Enrolled,
        now,
        About::owner(&record),
        &content,
        Some((1, tag)),
    )?;
    let row = EnrolmentRow {
        request,
        credential: id,
        public_key: record.public_key.clone(),
        receipt,
    };
    let new = NewEnrolment {
        nonce: case.challenge.nonce,
        assertion: assertion.id,
        session: assertion.session,
        row: row.clone(),
        record,
        tag,
        leaf,
        at: now,
    };
    // First the part, then the row: a part without a row is harmless, a row without its part is a lost key.
    inner.shelf.put(id, &part).await.map_err(parts::shelf_fault)?;
    match inner.journal.enrol(new).await {
        Ok(head) => {
            inner.advanced(head);
            Ok(answer(inner, &row))
        }
        Err(error) => {
            forget_verifier(inner, id).await?;
            Err(match error {
                JournalError::NonceSpent => EnrolError::Replayed,
                JournalError::AssertionSpent => EnrolError::AssertionSpent,
                JournalError::Conflict
                | JournalError::AlreadySigned
                | JournalError::Ended
                | JournalError::Unreadable { .. }
                | JournalError::Database(_) => journal_fault(error).into(),
            })
        }
    }
}

/// A resident verifier of a Credential that never came to be is not left on the token.
async fn forget_verifier<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    id: Id<word::Credential>,
) -> Result<(), Unavailable> {
    if inner.verifier == VerifierMode::Resident {
        inner.making.ask(Ask::DestroyVerifier(id)).await?;
    }
    Ok(())
}

struct Made {
    public_key: Vec<u8>,
    wrapped: Blob,
    verifier: Verifier,
    pseudonym: [u8; 32],
}

async fn make_key<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    id: Id<word::Credential>,
    assertion: &Assertion,
    enrolment: &Enrolment,
) -> Result<Made, EnrolError> {
    if inner.verifier == VerifierMode::Resident {
        let kept = inner.journal.resident_verifiers().await.map_err(journal_fault)?;
        if kept >= inner.policy.resident.most() {
            return Err(EnrolError::ResidentFull);
        }
    }
    let (kdk, kek) = {
        let keys = inner.keys();
        (
            keys.newest(KeyRole::Kdk)?.version,
            keys.newest(KeyRole::Kek)?.version,
        )
    };
    let ask = EnrolAsk {
        key: id,
        algorithm: enrolment.algorithm,
        secret: SecretBytes::of(&enrolment.secret),
        kdk,
        kek,
        mode: inner.verifier,
        pseudonym_of: format!("tamga/pseudonym/1{}", assertion.client).into_bytes(),
    };
    match inner
        .making
        .ask(Ask::Enrol(ask))
        .await
        .map_err(Unavailable::from)?
    {
        Answer::Enrolled {
            public_key,
            wrapped,
            verifier,
            pseudonym,
        } => Ok(Made {
            public_key,
            wrapped,
            verifier,
            pseudonym: pseudonym.0,
        }),
        Answer::Refused(refusal) => Err(refused(&refusal).into()),
        _ => Err(unexpected("a new key").into()),
    }
}

async fn receipt<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    record: &CredentialRecord,
    session: Id<word::Session>,
    statement: &str,
    now: Time,
) -> Result<String, Unavailable> {
    let name = inner.keys().newest(KeyRole::Challenge)?;
    let content = Receipt {
        credential: record.id,
        client: record.client,
        session,
        statement: statement.to_owned(),
        algorithm: record.algorithm,
        public_key: base64url(&record.public_key),
        issued_at: now,
    };
    let input = SigningInput::new(typ::RECEIPT, &name.kid(), &content)
        .map_err(|error| Unavailable::Fault(error.to_string()))?;
    let signature = challenge::sign(inner, name, &input).await?;
    Ok(input.finish(&signature))
}

fn answer<J: Journal, C: Clock>(inner: &Inner<J, C>, row: &EnrolmentRow) -> Enrolled {
    Enrolled {
        credential: row.credential,
        public_key: row.public_key.clone(),
        receipt: SignedReceipt {
            receipt: row.receipt.clone(),
            certificate: inner.challenge_certificate.clone(),
        },
    }
}
