//! Resident keys: how each is made, with only the uses that its role has, and how all are found once.

use std::collections::HashMap;

use cryptoki::{
    error::Result,
    mechanism::Mechanism,
    object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle},
    session::Session,
};
use domain::{Id, KeyAlgorithm, word};

use super::{Desk, Trouble, mechanism, public_key};
use crate::{
    KeyName, KeyRole,
    worker::{Answer, Refusal, SignAsAsk},
};
use domain::SignatureProfile;

/// A resident key.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The private or secret object.
    pub(super) handle: ObjectHandle,
    /// DER, if there is a public half.
    pub(super) public_key: Option<Vec<u8>>,
}

type Index = (
    HashMap<KeyName, Found>,
    HashMap<Id<word::Credential>, ObjectHandle>,
);

/// Lists the token once and sorts what is ours by label.
pub(super) fn find_all(session: &Session) -> Result<Index> {
    let (mut keys, mut verifiers) = (HashMap::<KeyName, Found>::new(), HashMap::new());
    let mut publics = Vec::new();
    for handle in session.find_objects(&[Attribute::Token(true)])? {
        let (class, label) = describe(session, handle)?;
        if let Some(id) = label
            .strip_prefix("tamga/verifier/")
            .and_then(|id| id.parse().ok())
        {
            verifiers.insert(id, handle);
        } else if let Some(name) = KeyName::parse_label(&label) {
            match class {
                Some(ObjectClass::PRIVATE_KEY | ObjectClass::SECRET_KEY) => {
                    keys.insert(
                        name,
                        Found {
                            handle,
                            public_key: None,
                        },
                    );
                }
                Some(ObjectClass::PUBLIC_KEY) => publics.push((name, handle)),
                _ => {}
            }
        }
    }
    for (name, public) in publics {
        if let Some(found) = keys.get_mut(&name) {
            found.public_key = Some(public_key::read(session, public)?);
        }
    }
    Ok((keys, verifiers))
}

fn describe(session: &Session, handle: ObjectHandle) -> Result<(Option<ObjectClass>, String)> {
    let (mut class, mut label) = (None, String::new());
    for attribute in session.get_attributes(handle, &[AttributeType::Class, AttributeType::Label])? {
        match attribute {
            Attribute::Class(found) => class = Some(found),
            Attribute::Label(bytes) => label = String::from_utf8(bytes).unwrap_or_default(),
            _ => {}
        }
    }
    Ok((class, label))
}

impl Desk {
    /// Makes a resident key; a name that exists is never overwritten.
    pub(super) fn make_key(
        &mut self,
        name: KeyName,
        algorithm: Option<KeyAlgorithm>,
    ) -> core::result::Result<Answer, Trouble> {
        if self.keys.contains_key(&name) {
            return Err(Refusal::Token(format!("a key {name} exists already")).into());
        }
        let found = make(&self.session, name, algorithm)?;
        let public_key = found.public_key.clone();
        self.keys.insert(name, found);
        Ok(Answer::KeyMade(public_key))
    }

    /// Destroys a resident key; one that is gone already is no error.
    pub(super) fn destroy_key(&mut self, name: KeyName) -> core::result::Result<Answer, Trouble> {
        for handle in self
            .session
            .find_objects(&[Attribute::Label(name.to_string().into_bytes())])?
        {
            self.session.destroy_object(handle)?;
        }
        self.keys.remove(&name);
        Ok(Answer::Done)
    }

    /// Signs a digest with a resident key.
    pub(super) fn sign_as(
        &self,
        &SignAsAsk { key, profile, digest }: &SignAsAsk,
    ) -> core::result::Result<Answer, Trouble> {
        let signs = matches!(
            key.role,
            KeyRole::Service(_)
                | KeyRole::Challenge
                | KeyRole::Health
                | KeyRole::Root
                | KeyRole::RootAuthority
        );
        let fits = self
            .keys
            .get(&key)
            .and_then(|found| found.public_key.as_deref())
            .map(|spki| fits(profile, spki));
        match fits {
            None => return Err(Refusal::NoKey(key).into()),
            Some(true) if signs && digest.algorithm() == profile.hash() => {}
            Some(_) => return Err(Refusal::Role(key.role).into()),
        }
        let signature = self.session.sign(
            &mechanism::signing(profile),
            self.key(key)?,
            &mechanism::input(profile, &digest),
        )?;
        Ok(Answer::Signature(signature))
    }
}

/// Whether a key with this public half signs so.
fn fits(profile: SignatureProfile, spki: &[u8]) -> bool {
    const P256: &[u8] = &[0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
    const P384: &[u8] = &[0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22];
    const RSA: &[u8] = &[0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
    let names = |oid: &[u8]| {
        spki.get(..32)
            .unwrap_or(spki)
            .windows(oid.len())
            .any(|window| window == oid)
    };
    match profile {
        SignatureProfile::EcdsaP256Sha256 => names(P256),
        SignatureProfile::EcdsaP384Sha384 => names(P384),
        SignatureProfile::RsaPkcs1Sha256
        | SignatureProfile::RsaPkcs1Sha384
        | SignatureProfile::RsaPkcs1Sha512
        | SignatureProfile::RsaPssSha256
        | SignatureProfile::RsaPssSha384
        | SignatureProfile::RsaPssSha512 => names(RSA),
    }
}

/// Makes a resident key with the uses of its role and no others.
pub(super) fn make(
    session: &Session,
    name: KeyName,
    algorithm: Option<KeyAlgorithm>,
) -> core::result::Result<Found, Trouble> {
    let secret = |uses: Vec<Attribute>| -> core::result::Result<Found, Trouble> {
        let handle = session.generate_key(&Mechanism::AesKeyGen, &[resident(name), uses].concat())?;
        Ok(Found {
            handle,
            public_key: None,
        })
    };
    let aes = Attribute::ValueLen(32.into());
    match name.role {
        KeyRole::Kdk => secret(vec![aes, Attribute::Derive(true)]),
        KeyRole::Kek | KeyRole::Documents => {
            secret(vec![aes, Attribute::Wrap(true), Attribute::Unwrap(true)])
        }
        KeyRole::Tag => {
            let uses = [
                aes,
                Attribute::KeyType(KeyType::GENERIC_SECRET),
                Attribute::Sign(true),
                Attribute::Verify(true),
            ];
            let handle = session.generate_key(
                &Mechanism::GenericSecretKeyGen,
                &[resident(name), uses.to_vec()].concat(),
            )?;
            Ok(Found {
                handle,
                public_key: None,
            })
        }
        KeyRole::Activation => Ok(pair(session, name, KeyAlgorithm::P256, Attribute::Derive(true))?),
        KeyRole::Challenge | KeyRole::Health | KeyRole::Root => {
            Ok(pair(session, name, KeyAlgorithm::P256, Attribute::Sign(true))?)
        }
        KeyRole::Service(_) | KeyRole::RootAuthority => Ok(pair(
            session,
            name,
            algorithm.unwrap_or(KeyAlgorithm::P256),
            Attribute::Sign(true),
        )?),
    }
}

/// What every resident private or secret key is.
fn resident(name: KeyName) -> Vec<Attribute> {
    vec![
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Label(name.to_string().into_bytes()),
    ]
}

fn pair(session: &Session, name: KeyName, algorithm: KeyAlgorithm, purpose: Attribute) -> Result<Found> {
    let public = vec![
        Attribute::Token(true),
        Attribute::Label(name.to_string().into_bytes()),
    ];
    let private = [resident(name), vec![purpose]].concat();
    let (public, handle) = generate(session, algorithm, public, &private)?;
    Ok(Found {
        handle,
        public_key: Some(public_key::read(session, public)?),
    })
}

/// Generates a key pair: public and private handle.
pub(super) fn generate(
    session: &Session,
    algorithm: KeyAlgorithm,
    mut public: Vec<Attribute>,
    private: &[Attribute],
) -> Result<(ObjectHandle, ObjectHandle)> {
    const P256: [u8; 10] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
    const P384: [u8; 7] = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22];
    let mut rsa = |bits: u64| {
        public.extend([
            Attribute::ModulusBits(bits.into()),
            Attribute::PublicExponent(vec![1, 0, 1]),
            Attribute::Verify(true),
        ]);
        Mechanism::RsaPkcsKeyPairGen
    };
    let mechanism = match algorithm {
        KeyAlgorithm::Rsa2048 => rsa(2_048),
        KeyAlgorithm::Rsa3072 => rsa(3_072),
        KeyAlgorithm::Rsa4096 => rsa(4_096),
        KeyAlgorithm::P256 => {
            public.push(Attribute::EcParams(P256.to_vec()));
            Mechanism::EccKeyPairGen
        }
        KeyAlgorithm::P384 => {
            public.push(Attribute::EcParams(P384.to_vec()));
            Mechanism::EccKeyPairGen
        }
    };
    session.generate_key_pair(&mechanism, &public, private)
}
