//! A device answers only what the pinned root stands behind, and only for what it was asked.
//!
//! Software keys stand in for the token's; the test opens what was sealed as the token would.

use core::time::Duration;

use domain::{
    ActivationKey, HashAlgorithm, KeyCertificate, KeyUse, Nonce, Salt, SigningInput, base64url,
    hpke::{Point, SharedSecret},
    typ,
};
use p256::{
    PublicKey, SecretKey,
    ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner},
    elliptic_curve::sec1::ToSec1Point,
};
use serde_json::{Value, json};

use super::*;

const ROOT: u8 = 1;
const CHALLENGE: u8 = 2;
const ACTIVATION: u8 = 3;
const THIEF: u8 = 4;
const NOW: Time = Time::from_unix_seconds(1_790_000_000);
const DAY: Duration = Duration::from_hours(24);
const SESSION: Id<word::Session> = Id::from_bytes([0x51; 16]);
const CREDENTIAL: Id<word::Credential> = Id::from_bytes([0x52; 16]);
const PERSONAL: [&str; 2] = ["Айгерим", "900101300017"];

/// A generator whose bytes are a counter: an ephemeral key nobody needs to keep secret here.
struct Counter(u8);

impl rand_core::TryRng for Counter {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.0 = self.0.wrapping_add(1);
        Ok(u32::from_ne_bytes([self.0; 4]))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 = self.0.wrapping_add(1);
        Ok(u64::from_ne_bytes([self.0; 8]))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        self.0 = self.0.wrapping_add(1);
        out.fill(self.0);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Counter {}

fn point(seed: u8) -> Point {
    let public = SecretKey::from_slice(&[seed; 32]).unwrap().public_key();
    public.to_sec1_point(false).as_bytes().try_into().unwrap()
}

fn device() -> Device {
    Device::new(EcPublicKey::from_point(&point(ROOT)).unwrap())
}

fn sign(typ: &str, kid: &str, payload: &Value, seed: u8) -> String {
    let input = SigningInput::new(typ, kid, payload).unwrap();
    let key = SigningKey::from(SecretKey::from_slice(&[seed; 32]).unwrap());
    let signature: Signature = key.sign_prehash(input.digest().as_bytes()).unwrap();
    input.finish(&signature.to_bytes().into())
}

/// What the boundary sends, field by field, so that a test can spoil each.
struct Sent {
    challenge: Value,
    challenge_typ: &'static str,
    challenge_kid: &'static str,
    challenge_key: u8,
    certificate: Value,
    certificate_typ: &'static str,
    certificate_key: u8,
}

impl Sent {
    fn good(purpose: Purpose) -> Self {
        let challenge = Challenge {
            session: SESSION,
            purpose,
            nonce: Nonce::new([0x53; 32]),
            salt: Salt::new([0x54; 16]),
            argon2: Argon2Parameters::STANDARD,
            guesses_log10: 10,
            activation: ActivationKey::new("activation/1", point(ACTIVATION)).unwrap(),
            issued_at: NOW,
            expires_at: NOW.plus(Duration::from_mins(5)),
        };
        let certificate = KeyCertificate::new(
            KeyUse::Challenge,
            "challenge/1",
            &point(CHALLENGE),
            NOW.minus(DAY),
            NOW.plus(DAY),
        );
        Self {
            challenge: serde_json::to_value(challenge).unwrap(),
            challenge_typ: typ::CHALLENGE,
            challenge_kid: "challenge/1",
            challenge_key: CHALLENGE,
            certificate: serde_json::to_value(certificate).unwrap(),
            certificate_typ: typ::KEY_CERTIFICATE,
            certificate_key: ROOT,
        }
    }

    fn signed(&self) -> SignedChallenge {
        let Self {
            challenge_typ,
            challenge_kid,
            certificate_typ,
            ..
        } = self;
        SignedChallenge {
            challenge: sign(challenge_typ, challenge_kid, &self.challenge, self.challenge_key),
            certificate: sign(certificate_typ, "root/1", &self.certificate, self.certificate_key),
        }
    }
}

fn refusal(spoil: impl FnOnce(&mut Sent)) -> DeviceError {
    let mut sent = Sent::good(Purpose::Activate(CREDENTIAL));
    spoil(&mut sent);
    device()
        .accept_activation(&sent.signed(), (SESSION, CREDENTIAL), NOW)
        .unwrap_err()
}

type Spoil = fn(&mut Sent);

/// R126: the password is sealed to nobody else's key, and not made cheap to guess on the way.
#[test]
#[expect(clippy::too_many_lines, reason = "one table, one row per refusal")]
fn each_challenge_that_is_not_genuine_or_not_safe_is_refused() {
    let rows: [(&str, Spoil, JwsError); 23] = [
        (
            "another root",
            |sent| sent.certificate_key = THIEF,
            JwsError::Signature,
        ),
        (
            "certified by itself",
            |sent| sent.certificate_key = CHALLENGE,
            JwsError::Signature,
        ),
        (
            "signed by another key",
            |sent| sent.challenge_key = THIEF,
            JwsError::Signature,
        ),
        (
            "signed by the root itself",
            |sent| sent.challenge_key = ROOT,
            JwsError::Signature,
        ),
        (
            "signed by the activation key",
            |sent| sent.challenge_key = ACTIVATION,
            JwsError::Signature,
        ),
        (
            "another key certified",
            |sent| sent.certificate["point"] = json!(base64url(&point(THIEF))),
            JwsError::Signature,
        ),
        (
            "another key's name",
            |sent| sent.challenge_kid = "challenge/2",
            JwsError::Payload,
        ),
        (
            "a key for another use",
            |sent| sent.certificate["use"] = json!("evidence"),
            JwsError::Payload,
        ),
        (
            "an expired certificate",
            |sent| sent.certificate["exp"] = json!(1_790_000_000),
            JwsError::OutOfTime,
        ),
        (
            "a certificate not yet in force",
            |sent| sent.certificate["nbf"] = json!(1_790_000_001),
            JwsError::OutOfTime,
        ),
        (
            "an expired challenge",
            |sent| sent.challenge["exp"] = json!(1_790_000_000),
            JwsError::OutOfTime,
        ),
        (
            "an assertion",
            |sent| sent.challenge_typ = typ::ASSERTION,
            JwsError::Header,
        ),
        (
            "a receipt",
            |sent| sent.challenge_typ = typ::RECEIPT,
            JwsError::Header,
        ),
        (
            "a challenge as certificate",
            |sent| sent.certificate_typ = typ::CHALLENGE,
            JwsError::Header,
        ),
        (
            "one pass less",
            |sent| sent.challenge["argon2"]["t"] = json!(2),
            JwsError::Payload,
        ),
        (
            "less memory",
            |sent| sent.challenge["argon2"]["m"] = json!(65_535),
            JwsError::Payload,
        ),
        (
            "32 MiB without more passes",
            |sent| sent.challenge["argon2"] = json!({"m": 32_768, "t": 5}),
            JwsError::Payload,
        ),
        (
            "no cost",
            |sent| sent.challenge["argon2"] = json!({"m": 8, "t": 1}),
            JwsError::Payload,
        ),
        (
            "a halting cost",
            |sent| sent.challenge["argon2"]["m"] = json!(u32::MAX),
            JwsError::Payload,
        ),
        (
            "a short salt",
            |sent| sent.challenge["salt"] = json!("AAAA"),
            JwsError::Payload,
        ),
        (
            "an empty nonce",
            |sent| sent.challenge["nonce"] = json!(""),
            JwsError::Payload,
        ),
        (
            "a point off the curve",
            |sent| sent.challenge["activation"]["point"] = json!(base64url(&[4; 65])),
            JwsError::Payload,
        ),
        (
            "an unknown field",
            |sent| sent.challenge["s"] = json!("AAAA"),
            JwsError::Payload,
        ),
    ];
    for (reason, spoil, refused) in rows {
        assert!(
            matches!(refusal(spoil), DeviceError::Challenge(found) if found == refused),
            "{reason}"
        );
    }
}

#[test]
fn a_challenge_for_something_else_is_refused() {
    let rows: [(&str, Spoil, DeviceError); 3] = [
        (
            "another Session",
            |sent| sent.challenge["session"] = json!("99999999-9999-9999-9999-999999999999"),
            DeviceError::OtherSession,
        ),
        (
            "another Credential",
            |sent| sent.challenge["purpose"]["activate"] = json!("99999999-9999-9999-9999-999999999999"),
            DeviceError::OtherPurpose,
        ),
        (
            "an enrolment",
            |sent| sent.challenge["purpose"] = json!("enrol"),
            DeviceError::OtherPurpose,
        ),
    ];
    for (reason, spoil, refused) in rows {
        assert_eq!(refusal(spoil), refused, "{reason}");
    }
    let sent = Sent::good(Purpose::Activate(CREDENTIAL)).signed();
    assert_eq!(
        device().accept_enrolment(&sent, SESSION, NOW).unwrap_err(),
        DeviceError::OtherPurpose,
        "a use of a key where a new one is asked for"
    );
}

/// Whoever stands between swaps the key that is sealed to, without the private key that signs challenges.
#[test]
fn a_swapped_activation_key_breaks_the_signature() {
    let genuine = Sent::good(Purpose::Activate(CREDENTIAL));
    let mut swapped = Sent::good(Purpose::Activate(CREDENTIAL));
    swapped.challenge["activation"]["point"] = json!(base64url(&point(THIEF)));
    let (genuine, swapped) = (genuine.signed(), swapped.signed());
    let (_, signature) = genuine.challenge.rsplit_once('.').unwrap();
    let (content, _) = swapped.challenge.rsplit_once('.').unwrap();
    let spliced = SignedChallenge {
        challenge: format!("{content}.{signature}"),
        ..genuine
    };
    let refused = device().accept_activation(&spliced, (SESSION, CREDENTIAL), NOW);
    assert_eq!(refused.unwrap_err(), DeviceError::Challenge(JwsError::Signature));
}

fn activation() -> ForActivation {
    let sent = Sent::good(Purpose::Activate(CREDENTIAL)).signed();
    device()
        .accept_activation(&sent, (SESSION, CREDENTIAL), NOW)
        .unwrap()
}

fn enrolment() -> ForEnrolment {
    device()
        .accept_enrolment(&Sent::good(Purpose::Enrol).signed(), SESSION, NOW)
        .unwrap()
}

/// Opens a message as the token does: it has the activation key, and session and nonce from its own records.
fn open(sealing: Sealing, sealed: &Sealed) -> Vec<u8> {
    let sender = PublicKey::from_sec1_bytes(sealed.enc()).unwrap();
    let private = SecretKey::from_slice(&[ACTIVATION; 32]).unwrap();
    let dh = p256::ecdh::diffie_hellman(private.to_nonzero_scalar(), sender.as_affine());
    let dh = domain::Secret::new((*dh.raw_secret_bytes()).into());
    let shared = SharedSecret::from_dh(&dh, sealed.enc(), &point(ACTIVATION));
    sealed
        .open(&shared, &sealing.info(SESSION, &Nonce::new([0x53; 32])))
        .unwrap()
        .to_vec()
}

fn document(number: u16) -> ShownDocument {
    let mut id = [0; 16];
    id[..2].copy_from_slice(&number.to_be_bytes());
    ShownDocument {
        id: Id::from_bytes(id),
        digest: HashAlgorithm::Sha256.digest(&number.to_be_bytes()),
    }
}

/// R124, R126: what the token opens is the hash of this password for exactly what was shown.
#[test]
fn a_sad_says_what_was_shown_and_holds_the_hash_of_the_password() {
    let accepted = activation();
    assert_eq!(accepted.nonce(), Nonce::new([0x53; 32]));
    let (salt, cost) = accepted.cost();
    let password = Password::new("teal orbit canyon 7 velvet").unwrap();
    let documents = vec![document(1), document(2)];
    let sealed = accepted
        .sign(&password, documents.clone(), NOW, &mut Counter(0))
        .unwrap();
    assert_eq!(sealed.kid(), "activation/1");
    let expected = Sad {
        session: SESSION,
        credential: CREDENTIAL,
        nonce: Nonce::new([0x53; 32]),
        documents,
        secret: stretch(&password, &salt, cost).unwrap(),
        issued_at: NOW,
    };
    assert_eq!(open(Sealing::Sad, &sealed), *expected.to_plaintext());
}

#[test]
fn a_hash_that_was_kept_gives_the_same_sad() {
    let kept = activation()
        .sign_with(Stretched::new([7; 32]), vec![document(1)], NOW, &mut Counter(0))
        .unwrap();
    let sad = Sad::parse(&open(Sealing::Sad, &kept)).unwrap();
    let again = activation()
        .sign_with(sad.secret, vec![document(1)], NOW, &mut Counter(0))
        .unwrap();
    assert_eq!(kept, again);
    let other = activation()
        .sign_with(Stretched::new([7; 32]), vec![document(1)], NOW, &mut Counter(1))
        .unwrap();
    assert_ne!(
        kept.enc(),
        other.enc(),
        "each answer has an ephemeral key of its own"
    );
}

#[test]
fn an_act_signs_one_to_a_thousand_documents_each_once() {
    let sign = |documents: Vec<ShownDocument>| {
        activation()
            .sign_with(Stretched::new([7; 32]), documents, NOW, &mut Counter(0))
            .map(drop)
    };
    assert_eq!(sign((0..1_000).map(document).collect()), Ok(()));
    assert_eq!(
        sign((0..1_001).map(document).collect()),
        Err(DeviceError::Documents)
    );
    assert_eq!(sign(Vec::new()), Err(DeviceError::Documents));
    let again = ShownDocument {
        digest: document(2).digest,
        ..document(1)
    };
    assert_eq!(sign(vec![document(1), again]), Err(DeviceError::Documents));
    // Refused before a minute of hashing.
    let refused = activation().sign(&Password::new("teal").unwrap(), Vec::new(), NOW, &mut Counter(0));
    assert_eq!(refused.unwrap_err(), DeviceError::Documents);
}

/// R124, R130.
#[test]
fn an_enrolment_holds_the_hash_of_an_admitted_password() {
    let statement = HashAlgorithm::Sha256.digest(b"please issue");
    let accepted = enrolment();
    assert_eq!(accepted.nonce(), Nonce::new([0x53; 32]));
    let (salt, cost) = accepted.cost();
    let password = Password::new("қызыл-алма көк тау жеті").unwrap();
    let choice = (statement, KeyAlgorithm::P384);
    let sealed = accepted
        .enrol(&password, &PERSONAL, choice, &mut Counter(0))
        .unwrap();
    let expected = Enrolment {
        session: SESSION,
        nonce: Nonce::new([0x53; 32]),
        statement,
        algorithm: KeyAlgorithm::P384,
        secret: stretch(&password, &salt, cost).unwrap(),
    };
    assert_eq!(open(Sealing::Enrolment, &sealed), *expected.to_plaintext());
}

#[test]
fn an_enrolment_under_a_weak_password_is_not_sealed() {
    let statement = HashAlgorithm::Sha256.digest(b"please issue");
    let enrol = |accepted: ForEnrolment, typed: &str| {
        let password = Password::new(typed).unwrap();
        accepted
            .enrol(
                &password,
                &PERSONAL,
                (statement, KeyAlgorithm::P256),
                &mut Counter(0),
            )
            .unwrap_err()
    };
    assert_eq!(
        enrol(enrolment(), "482913"),
        DeviceError::Password(PasswordError::OnlyDigits)
    );
    assert_eq!(
        enrol(enrolment(), "Айгерим1990"),
        DeviceError::Password(PasswordError::TooWeak)
    );
    let floor = |floor: u8| {
        let mut sent = Sent::good(Purpose::Enrol);
        sent.challenge["guesses_log10"] = json!(floor);
        device().accept_enrolment(&sent.signed(), SESSION, NOW).unwrap()
    };
    assert_eq!(
        enrol(floor(0), "Айгерим1990"),
        DeviceError::Password(PasswordError::TooWeak),
        "a floor of none"
    );
    let admitted_elsewhere = "teal orbit canyon 7 velvet";
    assert_eq!(
        enrol(floor(60), admitted_elsewhere),
        DeviceError::Password(PasswordError::TooWeak),
        "a higher one"
    );
}

#[test]
fn a_statement_is_named_by_its_sha_256() {
    let choice = (HashAlgorithm::Sha512.digest(b"please issue"), KeyAlgorithm::P256);
    let refused = enrolment().enrol_with(Stretched::new([7; 32]), choice, &mut Counter(0));
    assert_eq!(refused.unwrap_err(), DeviceError::Statement);
}
