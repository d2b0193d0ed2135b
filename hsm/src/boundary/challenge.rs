//! `challenge`: a signed nonce for one Session and one purpose.

use domain::{Challenge, Nonce, Purpose, Salt, SignedChallenge, SigningInput, typ};

use super::{Inner, refused, rows, unexpected};
use crate::{
    ChallengeError, ChallengeRequest, ChallengeRow, Clock, Journal, KeyMaterial, KeyName, KeyRole, Tag,
    Unavailable,
    worker::{Answer, Ask, SignAsAsk},
};
use domain::SignatureProfile;

pub(super) async fn challenge<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: ChallengeRequest,
) -> Result<SignedChallenge, ChallengeError> {
    inner.not_behind()?;
    let now = inner.clock.now();
    let random: [u8; Nonce::LENGTH + Salt::LENGTH] = inner.random().await?;
    let (nonce, salt) = split(random)?;
    let (salt, argon2) = match request.purpose {
        Purpose::Enrol => (salt, inner.policy.argon2),
        Purpose::Activate(id) => {
            let row = inner.journal.credential(id).await.map_err(rows::journal_fault)?;
            let row = row.ok_or(ChallengeError::NoCredential)?;
            // Whoever edits salt or cost of a row makes the device compute a wrong hash; they learn nothing, and
            // `activate` refuses the row. Checking here too tells the Client before the password is typed.
            inner.tags(Some(&row), Vec::new()).await?;
            let destroyed = matches!(row.record.material, KeyMaterial::Destroyed { .. });
            if destroyed || inner.part(id).await?.is_none() {
                return Err(ChallengeError::NoCredential);
            }
            (row.record.salt, row.record.argon2)
        }
    };
    let mut row = ChallengeRow {
        nonce,
        session: request.session,
        purpose: request.purpose,
        salt,
        argon2,
        issued_at: now,
        expires_at: now.plus(inner.policy.freshness.nonce_life),
        tag: Tag([0; 32]),
    };
    row.tag = inner
        .tags(None, vec![row.tagged_bytes()])
        .await?
        .pop()
        .ok_or_else(|| unexpected("tags"))?;
    let (name, input) = statement(inner, &row)?;
    let signature = sign(inner, name, &input).await?;
    inner
        .journal
        .keep_challenge(row)
        .await
        .map_err(rows::journal_fault)?;
    Ok(SignedChallenge {
        challenge: input.finish(&signature),
        certificate: inner.challenge_certificate.clone(),
    })
}

fn statement<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    row: &ChallengeRow,
) -> Result<(KeyName, SigningInput), Unavailable> {
    let keys = inner.keys();
    let name = keys.newest(KeyRole::Challenge)?;
    let content = Challenge {
        session: row.session,
        purpose: row.purpose,
        nonce: row.nonce,
        salt: row.salt,
        argon2: row.argon2,
        guesses_log10: inner.policy.password.guesses_log10,
        activation: keys.activation()?,
        issued_at: row.issued_at,
        expires_at: row.expires_at,
    };
    let input = SigningInput::new(typ::CHALLENGE, &name.kid(), &content);
    Ok((
        name,
        input.map_err(|error| Unavailable::Fault(error.to_string()))?,
    ))
}

/// Signs a statement of the boundary with one of its P-256 keys.
pub(super) async fn sign<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    key: KeyName,
    input: &SigningInput,
) -> Result<[u8; 64], Unavailable> {
    let ask = SignAsAsk {
        key,
        profile: SignatureProfile::EcdsaP256Sha256,
        digest: input.digest(),
    };
    match inner.signing.ask(Ask::SignAs(ask)).await? {
        Answer::Signature(signature) => signature.try_into().map_err(|_| unexpected("a P-256 signature")),
        Answer::Refused(refusal) => Err(refused(&refusal)),
        _ => Err(unexpected("a signature")),
    }
}

fn split(random: [u8; Nonce::LENGTH + Salt::LENGTH]) -> Result<(Nonce, Salt), Unavailable> {
    let (nonce, salt) = random
        .split_first_chunk()
        .ok_or_else(|| unexpected("random bytes"))?;
    let salt = salt.try_into().map_err(|_| unexpected("random bytes"))?;
    Ok((Nonce::new(*nonce), Salt::new(salt)))
}
