//! The client of the demonstration: proven, enrolled.

use domain::{
    Assertion, Factor, FactorKind, HashAlgorithm, Id, Iin, KeyAlgorithm, Purpose, SignatureProfile,
    SignedReceipt, SigningInput, Time, typ, word,
};
use hsm::{ChallengeRequest, Clock, EnrolRequest, Service, ServiceKey, SignAsRequest, SystemClock};
use rand_core::UnwrapErr;
use sdk::Password;

use super::{DemoError, failed, vault::Vault};

const IIN: &str = "900101300017";

/// A client's key behind the boundary.
pub(super) struct Key {
    pub(super) credential: Id<word::Credential>,
    pub(super) algorithm: KeyAlgorithm,
    /// The boundary's word for it.
    pub(super) receipt: SignedReceipt,
}

/// A client with a certificate.
pub(super) struct Client {
    pub(super) key: Key,
    pub(super) serial: ca::Serial,
    pub(super) certificate: Vec<u8>,
    /// The certificate of the authority that issued it.
    pub(super) issuer: Vec<u8>,
}

/// The system's randomness.
pub(super) const fn random() -> UnwrapErr<getrandom::SysRng> {
    UnwrapErr(getrandom::SysRng)
}

/// What a Session of `identity` comes to, played: a living face matched, a code came back.
pub(super) async fn proven(
    vault: &Vault,
    session: Id<word::Session>,
    now: Time,
) -> Result<String, DemoError> {
    let factor = |kind| Factor {
        kind,
        evidence: Id::new(now, &mut random()),
    };
    let assertion = Assertion {
        id: Id::new(now, &mut random()),
        session,
        client: iin()?,
        factors: vec![
            factor(FactorKind::Liveness),
            factor(FactorKind::Match),
            factor(FactorKind::Code),
        ],
        proofed_at: now,
        expires_at: now.plus(core::time::Duration::from_mins(30)),
    };
    let input = SigningInput::new(typ::ASSERTION, "identity/1", &assertion)
        .map_err(failed("writing the assertion"))?;
    let request = SignAsRequest {
        key: ServiceKey::Identity,
        version: None,
        profile: SignatureProfile::EcdsaP256Sha256,
        digest: input.digest(),
    };
    let signature = vault
        .identity
        .sign_as(request)
        .await
        .map_err(failed("signing the assertion"))?;
    let signature = signature
        .try_into()
        .map_err(|_| failed("signing the assertion")("not a P-256 signature"))?;
    Ok(input.finish(&signature))
}

/// Asks for a key under this password.
pub(super) async fn enrol(vault: &Vault, password: &Password) -> Result<Key, DemoError> {
    let now = SystemClock.now();
    let session = Id::new(now, &mut random());
    let assertion = proven(vault, session, now).await?;
    let request = ChallengeRequest {
        session,
        purpose: Purpose::Enrol,
    };
    let challenge = vault
        .web
        .challenge(request)
        .await
        .map_err(failed("asking for a challenge"))?;
    let accepted = vault
        .device
        .accept_enrolment(&challenge, session, now)
        .map_err(failed("checking the challenge"))?;
    let nonce = accepted.nonce();
    let statement = HashAlgorithm::Sha256.digest("Statement: please issue a certificate.".as_bytes());
    let algorithm = KeyAlgorithm::P256;
    let enrolment = accepted
        .enrol(
            password,
            &["Алихан", "Тестов", IIN],
            (statement, algorithm),
            &mut random(),
        )
        .map_err(failed("choosing the password"))?;
    let enrolled = vault
        .web
        .enrol(EnrolRequest {
            assertion,
            nonce,
            enrolment,
        })
        .await
        .map_err(failed("making the key"))?;
    Ok(Key {
        credential: enrolled.credential,
        algorithm,
        receipt: enrolled.receipt,
    })
}

/// Whose IIN the demonstration uses; of nobody.
pub(super) fn iin() -> Result<Iin, DemoError> {
    IIN.parse().map_err(failed("reading the IIN"))
}
