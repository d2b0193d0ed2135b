//! A public key infrastructure with software keys: authorities, people, lists, answers and time stamps, at any time.

use core::time::Duration;

use std::collections::BTreeSet;

use der::{Encode, asn1::ObjectIdentifier};
use domain::{Digest, HashAlgorithm, SignatureProfile, Time};
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use pki::{
    CmsSigner, Content, Distinguished, Presented, PublicKey, ToSign,
    crl::{Entry, List, Reason},
    ocsp::{Answer, CertId, CertStatus, Single},
    oid,
    path::Anchor,
    timestamp::{Stamp, StampRequest},
    tlv::{sequence, wrap},
    x509_cert::{Certificate, der::Decode, ext::Extension, name::Name, serial_number::SerialNumber},
};
use signer::{
    Algorithm, Claim, Coverage, Covered, Format, Integrity, Material, Named, Properties, StampClaim,
    StampKind, What,
    judgement::{Constraints, Context, SignatureReport, judge},
};

pub(crate) const PROFILE: SignatureProfile = SignatureProfile::EcdsaP256Sha256;
const DAY: u64 = 86_400;

/// So many days after the beginning of the world.
pub(crate) fn day(number: u64) -> Time {
    Time::parse_rfc3339("2026-01-01T00:00:00Z")
        .unwrap()
        .plus(Duration::from_secs(number * DAY))
}

/// Somebody with a key.
#[derive(Clone)]
pub(crate) struct Party {
    pub(crate) key: SigningKey,
    pub(crate) name: Name,
    pub(crate) certificate: Vec<u8>,
}

pub(crate) fn public(key: &SigningKey) -> PublicKey {
    use p256::pkcs8::EncodePublicKey as _;
    PublicKey::from_der(key.verifying_key().to_public_key_der().unwrap().as_bytes()).unwrap()
}

pub(crate) fn named(name: &str) -> Name {
    Distinguished::new()
        .common_name(name)
        .unwrap()
        .kazakhstan()
        .unwrap()
        .finish()
}

pub(crate) fn extension(id: ObjectIdentifier, critical: bool, value: Vec<u8>) -> Extension {
    Extension {
        extn_id: id,
        critical,
        extn_value: der::asn1::OctetString::new(value).unwrap(),
    }
}

pub(crate) fn ca(below: Option<u8>) -> Vec<Extension> {
    let length = below.map(|below| wrap(2, &[&[below]])).unwrap_or_default();
    vec![
        extension(oid::BASIC_CONSTRAINTS, true, sequence(&[&[1, 1, 0xFF], &length])),
        // keyCertSign, cRLSign.
        extension(oid::KEY_USAGE, true, vec![3, 2, 1, 6]),
    ]
}

pub(crate) fn person() -> Vec<Extension> {
    // digitalSignature, nonRepudiation.
    vec![extension(oid::KEY_USAGE, true, vec![3, 2, 6, 0xC0])]
}

pub(crate) fn purpose(id: ObjectIdentifier, critical: bool) -> Extension {
    extension(
        oid::EXTENDED_KEY_USAGE,
        critical,
        sequence(&[&id.to_der().unwrap()]),
    )
}

pub(crate) fn unit() -> Vec<Extension> {
    [person(), vec![purpose(oid::TIME_STAMPING, true)]].concat()
}

pub(crate) fn responder(no_check: bool) -> Vec<Extension> {
    let mut all = [person(), vec![purpose(oid::OCSP_SIGNING, false)]].concat();
    if no_check {
        all.push(extension(oid::OCSP_NOCHECK, false, vec![5, 0]));
    }
    all
}

impl Party {
    pub(crate) fn new(seed: u8, name: &str) -> Self {
        Self {
            key: SigningKey::from_slice(&[seed; 32]).unwrap(),
            name: named(name),
            certificate: Vec::new(),
        }
    }

    /// The identifier of its key.
    pub(crate) fn key_identifier(&self) -> [u8; 20] {
        public(&self.key).identifier()
    }

    /// A root.
    pub(crate) fn root(seed: u8, name: &str) -> Self {
        let root = Self::new(seed, name);
        let certificate = root.certify(&root, (seed, day(0), day(7_300)), ca(None));
        Self { certificate, ..root }
    }

    /// Somebody certified by this one.
    pub(crate) fn issue(
        &self,
        (seed, name): (u8, &str),
        (from, until): (u64, u64),
        extensions: Vec<Extension>,
    ) -> Self {
        let party = Self::new(seed, name);
        let certificate = self.certify(&party, (seed, day(from), day(until)), extensions);
        Self { certificate, ..party }
    }

    pub(crate) fn certify(
        &self,
        party: &Self,
        (serial, not_before, not_after): (u8, Time, Time),
        extensions: Vec<Extension>,
    ) -> Vec<u8> {
        let content = Content {
            serial: SerialNumber::new(&[serial]).unwrap(),
            issuer: self.name.clone(),
            subject: party.name.clone(),
            not_before,
            not_after,
            key: public(&party.key),
            extensions,
        };
        self.sign(content.prepare(&public(&self.key), PROFILE).unwrap())
    }

    pub(crate) fn sign(&self, prepared: ToSign) -> Vec<u8> {
        let raw = self.raw(prepared.content());
        prepared.finish(&raw, &public(&self.key)).unwrap().into_der()
    }

    pub(crate) fn raw(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.key.sign(message);
        signature.to_bytes().to_vec()
    }

    pub(crate) fn der_signature(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.key.sign(message);
        signature.to_der().as_bytes().to_vec()
    }

    pub(crate) fn presented(&self) -> Presented {
        Presented::parse(&self.certificate).unwrap()
    }

    pub(crate) fn anchor(&self) -> Anchor {
        Anchor::new(self.presented())
    }

    fn serial(&self) -> SerialNumber {
        let certificate = Certificate::from_der(&self.certificate).unwrap();
        certificate.tbs_certificate().serial_number().clone()
    }

    /// A list of this authority, valid ten days.
    pub(crate) fn list(&self, number: u64, made: Time, revoked: &[(&Self, Time, Reason)]) -> Vec<u8> {
        self.list_of((number, None), made, revoked)
    }

    /// A delta list to the list of this number.
    pub(crate) fn list_of(
        &self,
        (number, base): (u64, Option<u64>),
        made: Time,
        revoked: &[(&Self, Time, Reason)],
    ) -> Vec<u8> {
        let entries: Vec<u8> = revoked
            .iter()
            .flat_map(|(party, at, reason)| {
                Entry::revoked(&party.serial(), *at, *reason)
                    .unwrap()
                    .as_bytes()
                    .to_vec()
            })
            .collect();
        let list = List {
            issuer: &self.name,
            issuer_key: public(&self.key).identifier(),
            profile: PROFILE,
            number,
            made_at: made,
            valid: Duration::from_secs(10 * DAY),
            distribution_point: None,
            base,
            freshest: None,
        };
        self.sign(list.prepare(&entries).unwrap())
    }

    /// An answer of this responder about a certificate of that issuer, valid one day.
    pub(crate) fn answer(&self, issuer: &Self, about: &Self, status: CertStatus, at: Time) -> Vec<u8> {
        let id = CertId::by_sha1(&issuer.name, &public(&issuer.key), about.serial()).unwrap();
        let single = Single::new(&id, status, (at, Duration::from_secs(DAY))).unwrap();
        let key = public(&self.key);
        let answer = Answer {
            responder: &key,
            profile: PROFILE,
            made_at: at,
            nonce: None,
        };
        let prepared = answer.prepare(&[single]).unwrap();
        let raw = self.raw(prepared.content());
        Answer::finish(prepared.finish(&raw, &key).unwrap(), &self.certificate).unwrap()
    }

    /// A time stamp of this unit over these bytes.
    pub(crate) fn stamp(&self, over: &[u8], at: Time) -> Vec<u8> {
        self.stamp_on(HashAlgorithm::Sha256.digest(over), at)
    }

    /// A time stamp of this unit over what has this digest.
    pub(crate) fn stamp_on(&self, digest: Digest, at: Time) -> Vec<u8> {
        let request = request(digest);
        let response = self.respond(&StampRequest::parse(&request).unwrap(), at);
        // PKIStatusInfo of five bytes, then the token.
        let mut fields = pki::tlv::Cursor::only(&response).unwrap().enter(0x30).unwrap();
        fields.read().unwrap();
        fields.read().unwrap().encoded.to_vec()
    }

    /// What this unit answers.
    pub(crate) fn respond(&self, request: &StampRequest, at: Time) -> Vec<u8> {
        let certificate = Certificate::from_der(&self.certificate).unwrap();
        let policy = ObjectIdentifier::new_unwrap("1.2.3.4");
        let serial = SerialNumber::new(&[7]).unwrap();
        let unit = CmsSigner::new(&certificate, PROFILE).unwrap();
        let told = (at, Duration::from_secs(1));
        let stamp = Stamp::new(request, (policy, &serial), told, &unit).unwrap();
        let prepared = stamp.prepare().unwrap();
        let raw = self.raw(prepared.content());
        stamp
            .finish(&prepared.finish(&raw, &public(&self.key)).unwrap())
            .unwrap()
    }

    /// A signature of this one over a digest that is all it says.
    pub(crate) fn claim(&self) -> Claim {
        let signed = b"signed attributes".to_vec();
        let algorithm = pki::signature_algorithm(PROFILE).unwrap().to_der().unwrap();
        Claim {
            format: Format::Cades,
            name: signer::Name::Numbered { number: 1 },
            faults: Vec::new(),
            covered: vec![Covered {
                what: What::Content,
                integrity: Integrity::Intact,
                digest: Some(HashAlgorithm::Sha256.digest(b"content")),
                by_manifest: false,
            }],
            coverage: Coverage::Whole,
            value: self.der_signature(&signed),
            signed,
            algorithm: Algorithm {
                signature: algorithm,
                digest: HashAlgorithm::Sha256.oid().to_owned(),
            },
            signer: Named::Bound(self.certificate.clone()),
            material: Material::default(),
            stamps: Vec::new(),
            properties: Properties::default(),
        }
    }
}

fn request(digest: Digest) -> Vec<u8> {
    pki::timestamp::Asking::new(digest, [9; 16]).to_der().unwrap()
}

/// A time stamp as a reader found it: over what it should be over.
pub(crate) fn stamp_claim(kind: StampKind, token: Vec<u8>) -> StampClaim {
    StampClaim {
        kind,
        token,
        imprint: Integrity::Intact,
        index: None,
        covers: Material::default(),
        seals: BTreeSet::new(),
    }
}

/// One that also seals those that are there.
pub(crate) fn sealing(claim: &Claim, token: Vec<u8>) -> StampClaim {
    StampClaim {
        seals: claim.stamps.iter().map(StampClaim::digest).collect(),
        ..stamp_claim(StampKind::Archive, token)
    }
}

pub(crate) fn material(certificates: &[&Party], lists: &[Vec<u8>], answers: &[Vec<u8>]) -> Material {
    Material {
        certificates: certificates
            .iter()
            .map(|party| party.certificate.clone())
            .collect(),
        lists: lists.iter().cloned().collect(),
        answers: answers.iter().cloned().collect(),
    }
}

/// Root, authority, and somebody, with all that shows that nobody is revoked on day 100.
pub(crate) struct World {
    pub(crate) root: Party,
    pub(crate) authority: Party,
    pub(crate) unit: Party,
    pub(crate) alice: Party,
}

impl World {
    pub(crate) fn new() -> Self {
        let root = Party::root(1, "Root");
        let authority = root.issue((2, "Authority"), (0, 3_650), ca(Some(0)));
        let unit = authority.issue((3, "Unit"), (0, 2_000), unit());
        let alice = authority.issue((4, "Алия"), (0, 365), person());
        Self {
            root,
            authority,
            unit,
            alice,
        }
    }

    /// Lists of root and authority of that day.
    pub(crate) fn lists(&self, made: u64, revoked: &[(&Party, Time, Reason)]) -> Vec<Vec<u8>> {
        vec![
            self.root.list(made, day(made), &[]),
            self.authority.list(made, day(made), revoked),
        ]
    }

    pub(crate) fn judge(&self, claim: &Claim, material: &Material, at: Time) -> SignatureReport {
        judged_by(&self.root, claim, material, at)
    }
}

/// Judged by whoever believes this root.
pub(crate) fn judged_by(root: &Party, claim: &Claim, material: &Material, at: Time) -> SignatureReport {
    let anchors = [root.anchor()];
    let constraints = Constraints::default();
    let context = Context {
        anchors: &anchors,
        material,
        at,
        constraints: &constraints,
    };
    judge(claim, &context)
}
