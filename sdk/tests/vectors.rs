//! Test vectors that fix every byte of the device side, for the other implementations that follow.
//!
//! Each file of `tests/vectors/device` is made anew here from its inputs and compared byte for byte;
//! `TAMGA_WRITE_VECTORS=1` writes them.

#![expect(clippy::unwrap_used, reason = "a test that fails may fail loudly")]

use std::{fmt::Write, path::PathBuf};

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use domain::{
    ActivationKey, Argon2Parameters, Challenge, Digest, EcPublicKey, Enrolment, HashAlgorithm, Id,
    KeyAlgorithm, KeyCertificate, KeyUse, Nonce, Purpose, Sad, Salt, Sealing, Secret, ShownDocument,
    SignedChallenge, SigningInput, Stretched, Time, base64url,
    hpke::{Point, SharedSecret},
    typ, word,
};
use hkdf::Hkdf;
use p256::{
    PublicKey, SecretKey,
    ecdsa::{SigningKey, signature::hazmat::PrehashSigner},
    elliptic_curve::sec1::ToSec1Point,
};
use sdk::{Device, Password, stretch};
use serde_json::{Value, json};
use sha2::Sha256;

fn hold(name: &str, made: &Value) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/vectors/device")
        .join(name);
    let text = serde_json::to_string_pretty(made).unwrap() + "\n";
    if std::env::var("TAMGA_WRITE_VECTORS").is_ok() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        text,
        "{name} has changed"
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn session() -> Id<word::Session> {
    Id::from_bytes(*b"session-01234567")
}

fn credential() -> Id<word::Credential> {
    Id::from_bytes(*b"credential-45678")
}

/// A fixed key from a seed; never used for anything but these vectors.
fn key(seed: u8) -> SecretKey {
    SecretKey::from_slice(&[seed; 32]).unwrap()
}

fn point(key: &PublicKey) -> Point {
    key.to_sec1_point(false).as_bytes().try_into().unwrap()
}

/// R125, R126: Argon2id of the password as its owner means it.
#[test]
fn argon2id() {
    let cases = [
        ("teal orbit canyon 7 velvet", "latin", 65_536, 3),
        ("қызыл алма, көк тау, 7 жол", "kazakh", 65_536, 3),
        (
            "и\u{306}од и\u{306}од",
            "decomposed: NFC makes it the next one",
            32_768,
            6,
        ),
        ("йод йод", "composed", 32_768, 6),
        ("🦅 steppe 🐎 wind", "emoji", 65_536, 3),
    ];
    let case = |(typed, what, memory, passes): (&str, &str, u32, u32)| {
        let salt = Salt::new(*b"tamga-salt-16-by");
        let parameters = Argon2Parameters::new(memory, passes).unwrap();
        let out = stretch(&Password::new(typed).unwrap(), &salt, parameters).unwrap();
        json!({
            "what": what,
            "typed_utf8": hex(typed.as_bytes()),
            "salt": hex(salt.as_bytes()),
            "memory_kib": memory,
            "passes": passes,
            "lanes": 1,
            "version": 19,
            "s": hex(out.expose()),
        })
    };
    let made: Vec<Value> = cases.into_iter().map(case).collect();
    assert_eq!(made[2]["s"], made[3]["s"], "one password however it is typed");
    hold("argon2id.json", &json!(made));
}

/// HPKE's key schedule by an independent use of HKDF, step by step.
struct Schedule {
    shared_secret: [u8; 32],
    key: [u8; 32],
    base_nonce: [u8; 12],
}

fn schedule(dh: &[u8], enc: &Point, recipient: &Point, info: &[u8]) -> Schedule {
    let kem = b"KEM\x00\x10".as_slice();
    let suite = b"HPKE\x00\x10\x00\x01\x00\x02".as_slice();
    let extract = |salt: &[u8], id: &[u8], label: &[u8], ikm: &[u8]| {
        Hkdf::<Sha256>::extract(Some(salt), &[b"HPKE-v1", id, label, ikm].concat())
    };
    let (_, prk) = extract(b"", kem, b"eae_prk", dh);
    let mut shared_secret = [0; 32];
    let context = [
        b"\x00\x20HPKE-v1".as_slice(),
        kem,
        b"shared_secret",
        enc,
        recipient,
    ]
    .concat();
    prk.expand(&context, &mut shared_secret).unwrap();
    let (psk, _) = extract(b"", suite, b"psk_id_hash", b"");
    let (info_hash, _) = extract(b"", suite, b"info_hash", info);
    let context = [&[0], psk.as_slice(), info_hash.as_slice()].concat();
    let (_, secret) = extract(&shared_secret, suite, b"secret", b"");
    let (mut key, mut base_nonce) = ([0; 32], [0; 12]);
    secret
        .expand(
            &[b"\x00\x20HPKE-v1".as_slice(), suite, b"key", &context].concat(),
            &mut key,
        )
        .unwrap();
    let label = [b"\x00\x0CHPKE-v1".as_slice(), suite, b"base_nonce", &context].concat();
    secret.expand(&label, &mut base_nonce).unwrap();
    Schedule {
        shared_secret,
        key,
        base_nonce,
    }
}

fn documents() -> Vec<ShownDocument> {
    let of = |number: u8, hash: HashAlgorithm| ShownDocument {
        id: Id::from_bytes([number; 16]),
        digest: hash.digest(format!("document {number}").as_bytes()),
    };
    vec![of(1, HashAlgorithm::Sha256), of(2, HashAlgorithm::Sha512)]
}

fn sad() -> Sad {
    Sad {
        session: session(),
        credential: credential(),
        nonce: Nonce::new([0x4E; 32]),
        documents: documents(),
        secret: Stretched::new([0x53; 32]),
        issued_at: Time::from_unix_seconds(1_790_000_000),
    }
}

fn enrolment() -> Enrolment {
    Enrolment {
        session: session(),
        nonce: Nonce::new([0x4E; 32]),
        statement: HashAlgorithm::Sha256.digest(b"statement"),
        algorithm: KeyAlgorithm::P256,
        secret: Stretched::new([0x53; 32]),
    }
}

/// HPKE from fixed keys to the wire, for a Sad and for an Enrolment.
#[test]
fn sealed_messages() {
    let case = |what: &str, sealing: Sealing, plaintext: &[u8]| {
        let (recipient, ephemeral) = (key(0x11), key(0x22));
        let (recipient_point, enc) = (point(&recipient.public_key()), point(&ephemeral.public_key()));
        let dh =
            p256::ecdh::diffie_hellman(ephemeral.to_nonzero_scalar(), recipient.public_key().as_affine());
        let info = sealing.info(session(), &Nonce::new([0x4E; 32]));
        let steps = schedule(dh.raw_secret_bytes(), &enc, &recipient_point, &info);
        let cipher = Aes256Gcm::new((&steps.key).into());
        let sealed = cipher
            .encrypt(
                (&steps.base_nonce).into(),
                Payload {
                    msg: plaintext,
                    aad: b"",
                },
            )
            .unwrap();
        let secret = SharedSecret::from_dh(
            &Secret::new((*dh.raw_secret_bytes()).into()),
            &enc,
            &recipient_point,
        );
        assert_eq!(
            secret.seal(&info, plaintext).unwrap(),
            sealed,
            "our key schedule and this one agree"
        );
        let wire = json!({ "v": 1, "kid": "activation/7", "enc": base64url(&enc), "ct": base64url(&sealed) });
        assert!(
            domain::Sealed::parse(&wire.to_string())
                .unwrap()
                .open(&secret, &info)
                .is_ok()
        );
        json!({
            "what": what,
            "recipient_private": hex(&recipient.to_bytes()),
            "recipient_public": hex(&recipient_point),
            "ephemeral_private": hex(&ephemeral.to_bytes()),
            "enc": hex(&enc),
            "dh": hex(dh.raw_secret_bytes()),
            "info": hex(&info),
            "shared_secret": hex(&steps.shared_secret),
            "key": hex(&steps.key),
            "base_nonce": hex(&steps.base_nonce),
            "plaintext_utf8": String::from_utf8(plaintext.to_vec()).unwrap(),
            "ciphertext": hex(&sealed),
            "wire": wire,
        })
    };
    let sad = case("sad", Sealing::Sad, &sad().to_plaintext());
    let enrolment = case("enrolment", Sealing::Enrolment, &enrolment().to_plaintext());
    hold("sealed.json", &json!([sad, enrolment]));
}

fn sign(key: &SigningKey, input: SigningInput) -> String {
    let signature: p256::ecdsa::Signature = key.sign_prehash(input.digest().as_bytes()).unwrap();
    input.finish(&signature.to_bytes().into())
}

/// Who signs challenges in these vectors.
struct Signers {
    root: SigningKey,
    challenge: SigningKey,
    stranger: SigningKey,
}

impl Signers {
    fn new() -> Self {
        let signer = |seed| SigningKey::from(&key(seed));
        Self {
            root: signer(0x31),
            challenge: signer(0x32),
            stranger: signer(0x33),
        }
    }

    fn root_key(&self) -> EcPublicKey {
        EcPublicKey::from_point(&point(&PublicKey::from(self.root.verifying_key()))).unwrap()
    }

    fn certificate(&self, by: &SigningKey, (from, until): (i64, i64)) -> String {
        let (from, until) = (Time::from_unix_seconds(from), Time::from_unix_seconds(until));
        let point = point(&PublicKey::from(self.challenge.verifying_key()));
        let statement = KeyCertificate::new(KeyUse::Challenge, "challenge/1", &point, from, until);
        sign(
            by,
            SigningInput::new(typ::KEY_CERTIFICATE, "root/1", &statement).unwrap(),
        )
    }

    fn challenge(by: &SigningKey, content: &Value) -> String {
        sign(
            by,
            SigningInput::new(typ::CHALLENGE, "challenge/1", content).unwrap(),
        )
    }
}

fn content() -> Challenge {
    Challenge {
        session: session(),
        purpose: Purpose::Activate(credential()),
        nonce: Nonce::new([0x4E; 32]),
        salt: Salt::new(*b"tamga-salt-16-by"),
        argon2: Argon2Parameters::STANDARD,
        guesses_log10: 10,
        activation: ActivationKey::new("activation/7", point(&key(0x11).public_key())).unwrap(),
        issued_at: Time::from_unix_seconds(1_790_000_000),
        expires_at: Time::from_unix_seconds(1_790_000_300),
    }
}

/// A genuine challenge is accepted, and each bad one refused: wrong root, expired statement, another signer, weakened
/// parameters, a swapped key, another session, purpose or time.
#[test]
#[expect(clippy::too_many_lines, reason = "one table, one row per fault")]
fn challenges() {
    let signers = Signers::new();
    let good = serde_json::to_value(content()).unwrap();
    let changed = |field: &str, value: Value| {
        let mut content = good.clone();
        content[field] = value;
        Signers::challenge(&signers.challenge, &content)
    };
    let life = (1_780_000_000, 1_800_000_000);
    let certificate = signers.certificate(&signers.root, life);
    let genuine = Signers::challenge(&signers.challenge, &good);
    let mut swapped = genuine.clone();
    swapped.replace_range(120..121, if &genuine[120..121] == "A" { "B" } else { "A" });
    let other = Id::<word::Session>::from_bytes([9; 16]).to_string();
    let cases = [
        ("genuine", genuine.clone(), certificate.clone(), true),
        ("altered", swapped, certificate.clone(), false),
        (
            "signed by a stranger",
            Signers::challenge(&signers.stranger, &good),
            certificate.clone(),
            false,
        ),
        (
            "certified by a stranger",
            genuine.clone(),
            signers.certificate(&signers.stranger, life),
            false,
        ),
        (
            "certified too late",
            genuine.clone(),
            signers.certificate(&signers.root, (1_780_000_000, 1_790_000_000)),
            false,
        ),
        (
            "weak memory",
            changed("argon2", json!({ "m": 8, "t": 3 })),
            certificate.clone(),
            false,
        ),
        (
            "weak passes",
            changed("argon2", json!({ "m": 65_536, "t": 1 })),
            certificate.clone(),
            false,
        ),
        (
            "another session",
            changed("session", json!(other)),
            certificate.clone(),
            false,
        ),
        (
            "another purpose",
            changed("purpose", json!("enrol")),
            certificate.clone(),
            false,
        ),
        (
            "expired",
            changed("exp", json!(1_790_000_000)),
            certificate.clone(),
            false,
        ),
        (
            "an unknown field",
            changed("more", json!(1)),
            certificate.clone(),
            false,
        ),
        (
            "a point off the curve",
            changed(
                "activation",
                json!({ "kid": "activation/7", "point": base64url(&[4; 65]) }),
            ),
            certificate,
            false,
        ),
    ];
    let device = Device::new(signers.root_key());
    let now = Time::from_unix_seconds(1_790_000_010);
    let mut made = Vec::new();
    for (what, challenge, certificate, genuine) in cases {
        let signed = SignedChallenge {
            challenge,
            certificate,
        };
        let accepted = device.accept_activation(&signed, (session(), credential()), now);
        assert_eq!(accepted.is_ok(), genuine, "{what}: {accepted:?}");
        made.push(json!({ "what": what, "challenge": signed.challenge, "certificate": signed.certificate, "accepted": genuine }));
    }
    hold(
        "challenge.json",
        &json!({
            "root_public": hex(&signers.root_key().point()),
            "session": session(),
            "credential": credential(),
            "now": 1_790_000_010,
            "cases": made,
        }),
    );
}

/// What the device hashes for each kind, and what it puts into the Sad.
#[test]
fn to_be_signed() {
    let shown = b"bytes that were shown".as_slice();
    let entry = |digest: Digest| json!({ "alg": digest.algorithm(), "digest": base64url(digest.as_bytes()) });
    let made = json!({
        "shown": hex(shown),
        "docs": HashAlgorithm::ALL.map(|hash| entry(hash.digest(shown))),
        "structures": "../tbs/vectors.json",
    });
    hold("to-be-signed.json", &made);
}

/// The device's whole answer: accepted, hashed, sealed, opened again by the holder of the activation key.
#[test]
fn an_accepted_challenge_is_answered_for_exactly_what_was_shown() {
    let signers = Signers::new();
    let challenge = SignedChallenge {
        challenge: Signers::challenge(&signers.challenge, &serde_json::to_value(content()).unwrap()),
        certificate: signers.certificate(&signers.root, (1_780_000_000, 1_800_000_000)),
    };
    let now = Time::from_unix_seconds(1_790_000_010);
    let device = Device::new(signers.root_key());
    let accepted = device
        .accept_activation(&challenge, (session(), credential()), now)
        .unwrap();
    let nonce = accepted.nonce();
    let password = Password::new("teal orbit canyon 7 velvet").unwrap();
    let mut random = rand_core::UnwrapErr(getrandom::SysRng);
    let sealed = accepted.sign(&password, documents(), now, &mut random).unwrap();
    let sender = PublicKey::from_sec1_bytes(sealed.enc()).unwrap();
    let recipient = key(0x11);
    let dh = p256::ecdh::diffie_hellman(recipient.to_nonzero_scalar(), sender.as_affine());
    let secret = Secret::new((*dh.raw_secret_bytes()).into());
    let shared = SharedSecret::from_dh(&secret, sealed.enc(), &point(&recipient.public_key()));
    let sad = Sad::parse(
        &sealed
            .open(&shared, &Sealing::Sad.info(session(), &nonce))
            .unwrap(),
    )
    .unwrap();
    let expected = stretch(&password, &content().salt, Argon2Parameters::STANDARD).unwrap();
    assert_eq!(
        (sad.documents, sad.secret.expose()),
        (documents(), expected.expose())
    );
    assert!(
        sealed
            .open(&shared, &Sealing::Enrolment.info(session(), &nonce))
            .is_err(),
        "a Sad is no Enrolment"
    );
}
