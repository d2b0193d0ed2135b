//! A thief with the database, the shelf, the PIN and the token, but neither password nor Sad, goes through a list of ways and
//! gets no signature. Promise 1: sole control by construction.
//!
//! The thief speaks PKCS#11 in this very process: the token is open to it as to a worker.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails may fail loudly"
)]

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{self, Aead, Payload},
};
use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    error::Error,
    mechanism::{Mechanism, MechanismType, ekdf::AesCbcDeriveParams, vendor_defined::VendorDefinedMechanism},
    object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    types::AuthPin,
};
use domain::{
    ActivationKey, Argon2Parameters, Challenge, KeyAlgorithm, Nonce, Purpose, Salt, Sealed, SignedChallenge,
    SigningInput, typ,
};
use hsm::{ActivateError, Service, Unavailable};
use sqlx::{Row, SqlitePool};
use world::{Client, PIN, World, rng};

const IIN: &str = "900101300017";
const RIGHT: u8 = 1;

/// The token, logged in.
struct Loot {
    session: Session,
    pool: SqlitePool,
    shelf: SqlitePool,
}

impl Loot {
    async fn of(world: &World) -> Self {
        let text = std::fs::read_to_string(world.tokens.path("hsm.toml")).unwrap();
        let environment = text.lines().find(|line| line.starts_with("environment")).unwrap();
        let name = environment.split(['{', '=']).nth(2).unwrap().trim();
        let value = environment.split('\'').nth(1).unwrap();
        #[expect(
            unsafe_code,
            reason = "the module reads its configuration from the environment of this process"
        )]
        // SAFETY: this test binary has one test, and no other thread reads the environment meanwhile.
        unsafe {
            std::env::set_var(name, value);
        }
        let module = text
            .lines()
            .find(|line| line.starts_with("module"))
            .unwrap()
            .split('\'')
            .nth(1)
            .unwrap();
        let context = Pkcs11::new(module).unwrap();
        context
            .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
            .unwrap();
        let slots = context.get_slots_with_initialized_token().unwrap();
        let slot = slots
            .into_iter()
            .find(|slot| context.get_token_info(*slot).unwrap().label() == "tamga clients");
        let session = context.open_rw_session(slot.unwrap()).unwrap();
        session
            .login(UserType::User, Some(&AuthPin::new(PIN.into())))
            .unwrap();
        let pool = SqlitePool::connect(&format!("sqlite://{}", world.tokens.path("tamga.db").display()))
            .await
            .unwrap();
        let shelf = SqlitePool::connect(&format!("sqlite://{}", world.tokens.path("shelf.db").display()))
            .await
            .unwrap();
        Self { session, pool, shelf }
    }

    fn key(&self, label: &str) -> ObjectHandle {
        let template = [Attribute::Label(label.into()), Attribute::Private(true)];
        self.session.find_objects(&template).unwrap()[0]
    }

    async fn blob(&self, client: &Client, column: &'static str) -> Vec<u8> {
        let query = match column {
            "key_blob" => "SELECT key_blob FROM credential WHERE id = $1",
            _ => "SELECT verifier_blob FROM credential WHERE id = $1",
        };
        let row = sqlx::query(query)
            .bind(client.credential.as_bytes().as_slice())
            .fetch_one(&self.pool)
            .await
            .unwrap();
        row.get(0)
    }

    /// The wrapped key out of the seal that its part on the shelf opens.
    async fn wrapped_key(&self, client: &Client) -> Vec<u8> {
        let sealed = self.blob(client, "key_blob").await;
        let part: Vec<u8> = sqlx::query_scalar("SELECT value FROM part WHERE credential = $1")
            .bind(client.credential.as_bytes().as_slice())
            .fetch_one(&self.shelf)
            .await
            .unwrap();
        let payload = Payload {
            msg: &sealed[13..],
            aad: &[b"tamga/shelf/\x01", &client.credential.as_bytes()[..]].concat(),
        };
        let nonce = aead::Nonce::<Aes256Gcm>::try_from(&sealed[1..13]).unwrap();
        Aes256Gcm::new_from_slice(&part)
            .unwrap()
            .decrypt(&nonce, payload)
            .unwrap()
    }

    fn unwrap(
        &self,
        wrapping: ObjectHandle,
        blob: &[u8],
        class: ObjectClass,
        key_type: KeyType,
    ) -> Result<ObjectHandle, Error> {
        let template = [
            Attribute::Class(class),
            Attribute::KeyType(key_type),
            Attribute::Token(false),
            Attribute::Sign(true),
            Attribute::Sensitive(false),
            Attribute::Extractable(true),
        ];
        self.session.unwrap_key(&key_wrap(), wrapping, blob, &template)
    }

    fn derive(&self, data: &[u8; 32]) -> ObjectHandle {
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::AES),
            Attribute::ValueLen(32.into()),
            Attribute::Token(false),
            Attribute::Unwrap(true),
            Attribute::Wrap(true),
        ];
        let derive = Mechanism::AesCbcEncryptData(AesCbcDeriveParams::new([0; 16], data));
        self.session
            .derive_key(&derive, self.key("tamga/kdk/1"), &template)
            .unwrap()
    }
}

/// RFC 5649 under the number that this token gives it.
fn key_wrap() -> Mechanism<'static> {
    if std::env::var("TAMGA_TOKEN").is_ok_and(|token| token == "kryoptic") {
        #[expect(unsafe_code, reason = "cryptoki has no name for CKM_AES_KEY_WRAP_KWP")]
        // SAFETY: MechanismType is transparent over CK_MECHANISM_TYPE, of which every value is valid.
        let number = unsafe { core::mem::transmute::<u64, MechanismType>(0x210B) };
        return Mechanism::VendorDefined(VendorDefinedMechanism::new::<u8>(number, None));
    }
    Mechanism::AesKeyWrapPad
}

/// R125, R134: the list of ways, one after the other; each ends without a signature.
#[tokio::test]
async fn database_pin_and_token_together_sign_nothing() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let other = world.client("900101300027", KeyAlgorithm::P256, 7).await;
    let loot = Loot::of(&world).await;
    keys_do_not_leave_the_token(&loot);
    unwrapping_with_everything_there_is(&loot, &client).await;
    sealed_messages_of_the_thief(&world, &client).await;
    minted_challenge(&world, &loot, &client);
    edited_rows(&world, &loot, &client, &other).await;
    assert!(
        world.sign(&client, RIGHT, 1).await.is_ok(),
        "the owner still signs"
    );
}

/// Way 1: read the resident keys.
fn keys_do_not_leave_the_token(loot: &Loot) {
    for label in [
        "tamga/kdk/1",
        "tamga/kek/1",
        "tamga/tag/1",
        "tamga/activation/1",
        "tamga/identity/1",
    ] {
        let key = loot.key(label);
        let values = loot
            .session
            .get_attributes(key, &[AttributeType::Value])
            .unwrap_or_default();
        assert!(
            !values
                .iter()
                .any(|value| matches!(value, Attribute::Value(bytes) if !bytes.is_empty())),
            "{label}"
        );
        let wrapping = loot.key("tamga/kek/1");
        assert!(
            loot.session.wrap_key(&key_wrap(), wrapping, key).is_err(),
            "{label} wraps out"
        );
        assert!(
            loot.session
                .update_attributes(key, &[Attribute::Extractable(true)])
                .is_err(),
            "{label} softens"
        );
    }
}

/// Ways 2 to 4: open the blob with the keys that are there, and with keys derived from what the database knows.
async fn unwrapping_with_everything_there_is(loot: &Loot, client: &Client) {
    let blob = loot.wrapped_key(client).await;
    for label in ["tamga/kek/1", "tamga/documents/1"] {
        let opened = loot.unwrap(loot.key(label), &blob, ObjectClass::PRIVATE_KEY, KeyType::EC);
        assert!(opened.is_err(), "{label} opens a client's key");
    }
    let mut guesses = vec![[0; 32], [0xFF; 32], rng()];
    guesses.push(
        <[u8; 32]>::try_from(
            domain::HashAlgorithm::Sha256
                .digest(client.credential.as_bytes())
                .as_bytes(),
        )
        .unwrap(),
    );
    // Even the opened verifier is a hash apart from the wrapping key's.
    let verifier = loot.blob(client, "verifier_blob").await;
    if let Ok(opened) = loot.unwrap(
        loot.key("tamga/kek/1"),
        &verifier,
        ObjectClass::SECRET_KEY,
        KeyType::GENERIC_SECRET,
    ) {
        let values = loot
            .session
            .get_attributes(opened, &[AttributeType::Value])
            .unwrap();
        if let Some(Attribute::Value(value)) = values.first() {
            guesses.push(value.as_slice().try_into().unwrap());
        }
    }
    for data in guesses {
        let opened = loot.unwrap(loot.derive(&data), &blob, ObjectClass::PRIVATE_KEY, KeyType::EC);
        assert!(opened.is_err(), "a guess opens a client's key");
    }
}

/// Way 5: a minted assertion (the identity key is on the token) with a Sad of the thief's own; it counts as a try.
async fn sealed_messages_of_the_thief(world: &World, client: &Client) {
    assert_eq!(
        world.sign(client, 2, 1).await,
        Err(ActivateError::WrongPassword { left: 4 })
    );
    let request = world.request(client, 3, 1).await;
    let text = request.sad.to_text().replace("activation/1", "kek/1");
    let request = hsm::ActivateRequest {
        sad: Sealed::parse(&text).unwrap(),
        ..request
    };
    assert_eq!(world.service.activate(request).await, Err(ActivateError::SadKey));
}

/// Ways 6 and 7: a challenge signed by the token's own key but with the thief's activation key under the right name,
/// or with weak parameters. The thief who holds the token can sign one: that is an altered tamga-hsm, which the
/// threat model names. Without the token's key, a device refuses it.
fn minted_challenge(world: &World, loot: &Loot, client: &Client) {
    let session = world.session();
    let now = world.now();
    let thief = rcgen::KeyPair::generate().unwrap();
    let point = rcgen::PublicKeyData::der_bytes(&thief).try_into().unwrap();
    let content = Challenge {
        session,
        purpose: Purpose::Activate(client.credential),
        nonce: Nonce::new(rng()),
        salt: Salt::new(rng()),
        argon2: Argon2Parameters::STANDARD,
        guesses_log10: 0,
        activation: ActivationKey::new("activation/1", point).unwrap(),
        issued_at: now,
        expires_at: now.plus(std::time::Duration::from_mins(1)),
    };
    let input = SigningInput::new(typ::CHALLENGE, "challenge/1", &content).unwrap();
    let signature = loot
        .session
        .sign(
            &Mechanism::Ecdsa,
            loot.key("tamga/identity/1"),
            input.digest().as_bytes(),
        )
        .unwrap();
    let certificate = std::fs::read_to_string(world.tokens.path("challenge.jws")).unwrap();
    let challenge = SignedChallenge {
        challenge: input.finish(&signature.try_into().unwrap()),
        certificate,
    };
    assert!(
        world
            .device
            .accept_activation(&challenge, (session, client.credential), now)
            .is_err()
    );
    let weak = format!("{{\"m\":{},\"t\":1}}", 8);
    assert!(
        serde_json::from_str::<Argon2Parameters>(&weak).is_err(),
        "weakened parameters do not parse"
    );
}

/// Ways 8 to 11: swapped blobs, an edited counter, an old row put back, a foreign key under a known name.
async fn edited_rows(world: &World, loot: &Loot, client: &Client, other: &Client) {
    let tampered = |client: &Client| {
        Err(ActivateError::Unavailable(Unavailable::Tampered {
            row: format!("credential {}", client.credential),
        }))
    };
    let old = dump(loot, client).await;
    let request = world.request(client, RIGHT, 1).await;
    let swap = "UPDATE credential SET key_blob = (SELECT key_blob FROM credential WHERE id = $2), \
                verifier_blob = (SELECT verifier_blob FROM credential WHERE id = $2), salt = (SELECT salt FROM credential WHERE id = $2) WHERE id = $1";
    let ids = (
        client.credential.as_bytes().as_slice(),
        other.credential.as_bytes().as_slice(),
    );
    sqlx::query(swap)
        .bind(ids.0)
        .bind(ids.1)
        .execute(&loot.pool)
        .await
        .unwrap();
    assert_eq!(
        world.service.activate(request).await,
        tampered(client),
        "swapped blobs"
    );
    restore(loot, client, &old).await;

    let request = world.request(client, RIGHT, 1).await;
    sqlx::query("UPDATE credential SET tries = 0, tries_base = 0 WHERE id = $1")
        .bind(ids.0)
        .execute(&loot.pool)
        .await
        .unwrap();
    assert_eq!(
        world.service.activate(request).await,
        tampered(client),
        "an edited counter"
    );
    restore(loot, client, &old).await;

    let before = dump(loot, client).await;
    world.sign(client, 9, 1).await.unwrap_err();
    let request = world.request(client, RIGHT, 1).await;
    restore(loot, client, &before).await;
    assert_eq!(
        world.service.activate(request).await,
        tampered(client),
        "an old row put back"
    );
    let fresh = "UPDATE credential SET version = version + 2 WHERE id = $1";
    sqlx::query(fresh).bind(ids.0).execute(&loot.pool).await.unwrap();
    let refused = world.service.challenge(hsm::ChallengeRequest {
        session: world.session(),
        purpose: Purpose::Activate(client.credential),
    });
    assert!(refused.await.is_err(), "a row with a raised version");
    forward(loot, client, &before).await;
}

/// A row as the database has it.
type Dump = (i64, i64, i64, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);

const COLUMNS: &str =
    "SELECT version, tries, tries_base, key_blob, verifier_blob, salt, tag FROM credential WHERE id = $1";

async fn dump(loot: &Loot, client: &Client) -> Dump {
    let row = sqlx::query(COLUMNS)
        .bind(client.credential.as_bytes().as_slice())
        .fetch_one(&loot.pool)
        .await
        .unwrap();
    (
        row.get(0),
        row.get(1),
        row.get(2),
        row.get(3),
        row.get(4),
        row.get(5),
        row.get(6),
    )
}

async fn restore(loot: &Loot, client: &Client, dump: &Dump) {
    let text = "UPDATE credential SET version = $1, tries = $2, tries_base = $3, key_blob = $4, verifier_blob = $5, \
                salt = $6, tag = $7 WHERE id = $8";
    let (version, tries, base, key, verifier, salt, tag) = dump;
    sqlx::query(text)
        .bind(version)
        .bind(tries)
        .bind(base)
        .bind(key)
        .bind(verifier)
        .bind(salt)
        .bind(tag)
        .bind(client.credential.as_bytes().as_slice())
        .execute(&loot.pool)
        .await
        .unwrap();
}

/// Puts the genuine newest row back, from what the last leaf says of it.
async fn forward(loot: &Loot, client: &Client, before: &Dump) {
    let leaf = "SELECT row_version, row_tag FROM leaf WHERE credential = $1 AND row_version IS NOT NULL ORDER BY row_version DESC";
    let row = sqlx::query(leaf)
        .bind(client.credential.as_bytes().as_slice())
        .fetch_one(&loot.pool)
        .await
        .unwrap();
    let (version, tag): (i64, Vec<u8>) = (row.get(0), row.get(1));
    let newest = (
        version,
        before.1 + 1,
        before.2,
        before.3.clone(),
        before.4.clone(),
        before.5.clone(),
        tag,
    );
    restore(loot, client, &newest).await;
}
