//! The token without Tamga: the PKCS#11 calls that one signature needs at least, in this process.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    mechanism::{
        Mechanism,
        ekdf::AesCbcDeriveParams,
        elliptic_curve::{EcKdf, Ecdh1DeriveParams},
    },
    object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    slot::Slot,
    types::AuthPin,
};
use domain::KeyAlgorithm;

use crate::{PIN, Tokens};

const RUN: Duration = Duration::from_millis(800);
const P256: [u8; 10] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
const P384: [u8; 7] = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22];

/// A token opened in this process.
#[derive(Debug)]
pub struct Raw {
    context: Pkcs11,
    slot: Slot,
    _anchor: Session,
}

impl Raw {
    /// Opens the clients' token of a folder; once per process, since modules read the environment once.
    pub fn open(tokens: &Tokens) -> Self {
        #[expect(
            unsafe_code,
            reason = "the module reads its configuration from the environment of this process"
        )]
        // SAFETY: called at the start of the benchmark, before anything else reads the environment.
        unsafe {
            std::env::set_var("SOFTHSM2_CONF", tokens.setting("environment"));
        }
        let context = Pkcs11::new(tokens.setting("module")).unwrap();
        context
            .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
            .unwrap();
        let slots = context.get_slots_with_initialized_token().unwrap();
        let slot = slots
            .into_iter()
            .find(|slot| context.get_token_info(*slot).unwrap().label() == "tamga clients")
            .unwrap();
        let anchor = context.open_rw_session(slot).unwrap();
        anchor
            .login(UserType::User, Some(&AuthPin::new(PIN.into())))
            .unwrap();
        Self {
            context,
            slot,
            _anchor: anchor,
        }
    }

    /// `C_Sign` with an open key, per second.
    pub fn sign(&self, algorithm: KeyAlgorithm, threads: usize) -> f64 {
        self.measure(threads, |session| {
            let (_, key) = generate(session, algorithm);
            let (mechanism, data) = signing(algorithm);
            Box::new(move || drop(session.sign(&mechanism, key, &data).unwrap()))
        })
    }

    /// Derive, unwrap, sign, destroy, per second; `whole` adds the ECDH and the verifier.
    pub fn sequence(&self, algorithm: KeyAlgorithm, threads: usize, whole: bool) -> f64 {
        self.measure(threads, |session| {
            let parts = Parts::make(session, algorithm);
            Box::new(move || parts.sign_once(session, whole))
        })
    }

    fn measure<F>(&self, threads: usize, prepare: F) -> f64
    where
        F: for<'a> Fn(&'a Session) -> Box<dyn Fn() + 'a> + Sync,
    {
        let done = AtomicU64::new(0);
        let (context, slot) = (&self.context, self.slot);
        let seconds = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|_| {
                    scope.spawn(|| {
                        let session = context.open_rw_session(slot).unwrap();
                        let operation = prepare(&session);
                        let begun = Instant::now();
                        while begun.elapsed() < RUN {
                            operation();
                            done.fetch_add(1, Ordering::Relaxed);
                        }
                        begun.elapsed().as_secs_f64()
                    })
                })
                .collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap())
                .fold(0.0, f64::max)
        });
        #[expect(clippy::cast_precision_loss, reason = "counts of a second's work")]
        let done = done.into_inner() as f64;
        done / seconds
    }
}

/// What one signature needs.
struct Parts {
    algorithm: KeyAlgorithm,
    kdk: ObjectHandle,
    kek: ObjectHandle,
    blob: Vec<u8>,
    verifier: Vec<u8>,
    activation: ObjectHandle,
    peer: Vec<u8>,
}

impl Parts {
    fn make(session: &Session, algorithm: KeyAlgorithm) -> Self {
        let named = |label: &str| {
            session
                .find_objects(&[Attribute::Label(label.into()), Attribute::Private(true)])
                .unwrap()[0]
        };
        let (kdk, kek, activation) = (
            named("tamga/kdk/1"),
            named("tamga/kek/1"),
            named("tamga/activation/1"),
        );
        let (_, key) = generate(session, algorithm);
        let wrapping = derive(session, kdk);
        let blob = session
            .wrap_key(&Mechanism::AesKeyWrapPad, wrapping, key)
            .unwrap();
        let mut template = verifier().to_vec();
        template.extend([Attribute::Value(vec![7; 32]), Attribute::Extractable(true)]);
        let object = session.create_object(&template).unwrap();
        let verifier = session.wrap_key(&Mechanism::AesKeyWrapPad, kek, object).unwrap();
        let (public, _) = generate(session, KeyAlgorithm::P256);
        let Attribute::EcPoint(point) = session
            .get_attributes(public, &[AttributeType::EcPoint])
            .unwrap()
            .remove(0)
        else {
            panic!("a P-256 key has a point");
        };
        Self {
            algorithm,
            kdk,
            kek,
            blob,
            verifier,
            activation,
            peer: point[2..].to_vec(),
        }
    }

    fn sign_once(&self, session: &Session, whole: bool) {
        if whole {
            let agree = Mechanism::Ecdh1Derive(Ecdh1DeriveParams::new(EcKdf::null(), &self.peer));
            let template = [
                Attribute::Class(ObjectClass::SECRET_KEY),
                Attribute::KeyType(KeyType::GENERIC_SECRET),
                Attribute::ValueLen(32.into()),
                Attribute::Token(false),
                Attribute::Sensitive(false),
                Attribute::Extractable(true),
            ];
            let shared = session.derive_key(&agree, self.activation, &template).unwrap();
            session.get_attributes(shared, &[AttributeType::Value]).unwrap();
            session.destroy_object(shared).unwrap();
            let object = session
                .unwrap_key(&Mechanism::AesKeyWrapPad, self.kek, &self.verifier, &verifier())
                .unwrap();
            let challenge = session.generate_random_vec(32).unwrap();
            session.sign(&Mechanism::Sha256Hmac, object, &challenge).unwrap();
            session.destroy_object(object).unwrap();
        }
        let wrapping = derive(session, self.kdk);
        let key = session
            .unwrap_key(
                &Mechanism::AesKeyWrapPad,
                wrapping,
                &self.blob,
                &private(self.algorithm),
            )
            .unwrap();
        let (mechanism, data) = signing(self.algorithm);
        session.sign(&mechanism, key, &data).unwrap();
        session.destroy_object(key).unwrap();
        session.destroy_object(wrapping).unwrap();
    }
}

const fn verifier() -> [Attribute; 6] {
    [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::GENERIC_SECRET),
        Attribute::Token(false),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Sign(true),
    ]
}

fn private(algorithm: KeyAlgorithm) -> [Attribute; 6] {
    let elliptic = matches!(algorithm, KeyAlgorithm::P256 | KeyAlgorithm::P384);
    [
        Attribute::Class(ObjectClass::PRIVATE_KEY),
        Attribute::KeyType(if elliptic { KeyType::EC } else { KeyType::RSA }),
        Attribute::Token(false),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Sign(true),
    ]
}

fn derive(session: &Session, kdk: ObjectHandle) -> ObjectHandle {
    let derive = Mechanism::AesCbcEncryptData(AesCbcDeriveParams::new([0; 16], &[5; 32]));
    let template = [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::AES),
        Attribute::ValueLen(32.into()),
        Attribute::Token(false),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Wrap(true),
        Attribute::Unwrap(true),
    ];
    session.derive_key(&derive, kdk, &template).unwrap()
}

fn generate(session: &Session, algorithm: KeyAlgorithm) -> (ObjectHandle, ObjectHandle) {
    let rsa = |bits: u64| {
        let public = vec![
            Attribute::ModulusBits(bits.into()),
            Attribute::PublicExponent(vec![1, 0, 1]),
        ];
        (Mechanism::RsaPkcsKeyPairGen, public)
    };
    let (mechanism, public) = match algorithm {
        KeyAlgorithm::P256 => (Mechanism::EccKeyPairGen, vec![Attribute::EcParams(P256.to_vec())]),
        KeyAlgorithm::P384 => (Mechanism::EccKeyPairGen, vec![Attribute::EcParams(P384.to_vec())]),
        KeyAlgorithm::Rsa2048 => rsa(2_048),
        KeyAlgorithm::Rsa3072 => rsa(3_072),
        KeyAlgorithm::Rsa4096 => rsa(4_096),
    };
    let private = [
        Attribute::Token(false),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(true),
        Attribute::Sign(true),
    ];
    session.generate_key_pair(&mechanism, &public, &private).unwrap()
}

fn signing(algorithm: KeyAlgorithm) -> (Mechanism<'static>, Vec<u8>) {
    match algorithm {
        KeyAlgorithm::P256 => (Mechanism::Ecdsa, vec![9; 32]),
        KeyAlgorithm::P384 => (Mechanism::Ecdsa, vec![9; 48]),
        KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096 => {
            (Mechanism::RsaPkcs, vec![9; 51])
        }
    }
}
