//! Operators: named people with certificates and roles. What they order is written down, signed by each of them with
//! their own key, checked against the rule for that act, and kept in the Ledger before it is carried out.

mod act;

use core::{fmt, str::FromStr};
use std::path::PathBuf;

use ca::{Event, Holder};
use domain::{HashAlgorithm, Id, KeyAlgorithm, LeafKind, SignatureProfile, Time, hexadecimal, sha256, word};
use hsm::JournalError;
use p256::{
    ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner},
    pkcs8::DecodePrivateKey,
};
use pki::{PublicKey, x509_cert::Certificate};
use serde::Serialize;
use store::{KeptOrder, OperatorRow, Store};
use zeroize::Zeroizing;

pub(crate) use self::act::Act;
pub use self::act::OperatorRole;
use crate::authority::{random, salt};

/// What each operator signs.
#[derive(Serialize)]
struct Written<'a> {
    id: Id<word::Statement>,
    at: String,
    #[serde(flatten)]
    act: &'a Act,
}

/// An order is not carried out.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// A file does not read.
    #[error("{path} cannot be read: {reason}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// An operator is named by two files.
    #[error("an operator is named as CERTIFICATE.pem:KEY.pem")]
    Named,
    /// A certificate does not read.
    #[error("{0} holds no certificate with a P-256 key")]
    Certificate(PathBuf),
    /// A private key does not read.
    #[error("{0} holds no P-256 key in PKCS#8, unencrypted, or another than the certificate's")]
    Key(PathBuf),
    /// A private key is in another form.
    #[error("{path} holds {form}; convert it: openssl pkcs8 -topk8 -nocrypt -in {path} -out NEW.key")]
    KeyForm {
        /// Which file.
        path: PathBuf,
        /// What it holds.
        form: &'static str,
    },
    /// A name that cannot be read.
    #[error(
        "an operator has a name of 1 to 128 bytes, without control characters and without white space at its ends"
    )]
    Name,
    /// The certificate is not of an operator.
    #[error("{0} is no operator of this authority")]
    Stranger(String),
    /// The certificate is not valid now.
    #[error("the certificate of {0} is not valid now")]
    Expired(String),
    /// Not enough people, or not the right ones.
    #[error("this needs {needed}; named were {named}")]
    Rule {
        /// Who is needed.
        needed: String,
        /// Who came.
        named: String,
    },
    /// The order cannot be written down or signed.
    #[error("the order could not be written down and signed by everybody; nothing was done")]
    Unwritten,
    /// The registry fails.
    #[error(transparent)]
    Store(#[from] JournalError),
}

/// An operator at the console: certificate and private key.
pub struct Present {
    certificate: Vec<u8>,
    key: SigningKey,
    not_before: Time,
    not_after: Time,
}

impl fmt::Debug for Present {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Present({})", hexadecimal(&sha256(&self.certificate)))
    }
}

/// Two files that name an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

impl FromStr for Files {
    type Err = OrderError;

    fn from_str(text: &str) -> Result<Self, OrderError> {
        let (certificate, key) = text.split_once(':').ok_or(OrderError::Named)?;
        Ok(Self {
            certificate: certificate.into(),
            key: key.into(),
        })
    }
}

impl Present {
    /// Reads an operator's files.
    pub fn read(files: &Files) -> Result<Self, OrderError> {
        let read = |path: &PathBuf| {
            std::fs::read_to_string(path)
                .map(Zeroizing::new)
                .map_err(|reason| OrderError::File {
                    path: path.clone(),
                    reason,
                })
        };
        let (certificate, not_before, not_after) = certificate(&read(&files.certificate)?)
            .ok_or_else(|| OrderError::Certificate(files.certificate.clone()))?;
        let wrong = || OrderError::Key(files.key.clone());
        let text = read(&files.key)?;
        let key = SigningKey::from_pkcs8_pem(&text).map_err(|_| match other_form(&text) {
            Some(form) => OrderError::KeyForm {
                path: files.key.clone(),
                form,
            },
            None => wrong(),
        })?;
        let present = Self {
            certificate,
            key,
            not_before,
            not_after,
        };
        // A signature that verifies shows that both files belong together.
        let public = public_key(&present.certificate).ok_or_else(wrong)?;
        let trial = present.sign(b"tamga").ok_or_else(wrong)?;
        if public.verifies(SignatureProfile::EcdsaP256Sha256, b"tamga", &trial) {
            Ok(present)
        } else {
            Err(wrong())
        }
    }

    /// The certificate, DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// Their signature over some bytes, as openssl verifies it.
    pub fn sign(&self, content: &[u8]) -> Option<Vec<u8>> {
        let digest = HashAlgorithm::Sha256.digest(content);
        let signature: Signature = self.key.sign_prehash(digest.as_bytes()).ok()?;
        Some(signature.to_der().as_bytes().to_vec())
    }
}

/// The form of a private key that is not unencrypted PKCS#8.
fn other_form(text: &str) -> Option<&'static str> {
    let forms = [
        ("ENCRYPTED PRIVATE KEY-----", "an encrypted key"),
        ("Proc-Type: 4,ENCRYPTED", "an encrypted key"),
        ("EC PRIVATE KEY-----", "a key in SEC1"),
    ];
    let form = forms.into_iter().find(|(mark, _)| text.contains(mark));
    form.map(|(_, form)| form)
}

/// Reads a PEM certificate with a P-256 key: DER and validity.
fn certificate(pem: &str) -> Option<(Vec<u8>, Time, Time)> {
    use der::{DecodePem, Encode};
    let certificate = Certificate::from_pem(pem).ok()?;
    let der = certificate.to_der().ok()?;
    let key = public_key(&der)?;
    let (from, until) = pki::moments(certificate.tbs_certificate().validity());
    (key.algorithm() == KeyAlgorithm::P256).then_some((der, from, until))
}

fn public_key(der: &[u8]) -> Option<PublicKey> {
    use der::Decode;
    let certificate = Certificate::from_der(der).ok()?;
    PublicKey::new(certificate.tbs_certificate().subject_public_key_info().clone()).ok()
}

/// The row of an operator who is added.
pub(crate) fn operator_row(
    name: &str,
    pem_path: &PathBuf,
    roles: &[OperatorRole],
    at: Time,
) -> Result<OperatorRow, OrderError> {
    let pem = std::fs::read_to_string(pem_path).map_err(|reason| OrderError::File {
        path: pem_path.clone(),
        reason,
    })?;
    let (der, not_before, not_after) =
        certificate(&pem).ok_or_else(|| OrderError::Certificate(pem_path.clone()))?;
    if at < not_before || at > not_after {
        return Err(OrderError::Expired(pem_path.display().to_string()));
    }
    if name.trim() != name || name.is_empty() || name.len() > 128 || name.contains(pki::unseen) {
        return Err(OrderError::Name);
    }
    Ok(OperatorRow {
        certificate_sha256: sha256(&der),
        name: name.to_owned(),
        certificate: der,
        roles: roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(","),
        added_at: at,
    })
}

/// Checks who orders what, keeps the order in the Ledger, and gives its id: the statement of what follows.
pub(crate) async fn order(
    store: &Store,
    act: &Act,
    present: &[Present],
    now: Time,
) -> Result<Id<word::Statement>, OrderError> {
    let known = store.operators().await?;
    order_of(store, &known, act, present, now).await
}

/// The same, when the operators are not those of the registry: a ceremony brings its own.
pub(crate) async fn order_of(
    store: &Store,
    known: &[OperatorRow],
    act: &Act,
    present: &[Present],
    now: Time,
) -> Result<Id<word::Statement>, OrderError> {
    check(known, act, present, now)?;
    let id = Id::from_random(now, random());
    let written = Written {
        id,
        at: now.to_string(),
        act,
    };
    let content = serde_json::to_vec(&written).map_err(|_| OrderError::Unwritten)?;
    let mut signatures = Vec::new();
    for one in present {
        let signature = one.sign(&content).ok_or(OrderError::Unwritten)?;
        signatures.push((
            hexadecimal(&sha256(&one.certificate)),
            domain::base64url(&signature),
        ));
    }
    let operators: Vec<String> = signatures.iter().map(|(operator, _)| operator.clone()).collect();
    let act_name = serde_json::to_value(act).ok();
    let name = act_name.as_ref().and_then(|value| value.get("act")?.as_str());
    let event = Event::Ordered {
        order: name.unwrap_or_default(),
        operators: &operators,
        order_sha256: hexadecimal(&sha256(&content)),
    };
    let leaf = event.leaf(LeafKind::Ordered, (Holder::default(), [0; 32]), now, salt())?;
    store
        .keep_order(KeptOrder {
            id,
            content,
            signatures: serde_json::to_vec(&signatures).map_err(|_| OrderError::Unwritten)?,
            leaf,
        })
        .await?;
    Ok(id)
}

/// Whether the same was ordered before; looked for among the newest orders.
pub(crate) async fn ordered_before(store: &Store, act: &Act) -> Result<bool, OrderError> {
    let wanted = serde_json::to_value(act).map_err(|_| OrderError::Unwritten)?;
    let same = |(content, _): &(Vec<u8>, Vec<u8>)| {
        let kept: Option<serde_json::Value> = serde_json::from_slice(content).ok();
        let kept = kept.as_ref().and_then(serde_json::Value::as_object);
        wanted.as_object().is_some_and(|wanted| {
            wanted
                .iter()
                .all(|(key, value)| kept.and_then(|kept| kept.get(key)) == Some(value))
        })
    };
    Ok(store.orders(u16::MAX).await?.iter().any(same))
}

fn fits(person: &OperatorRow, roles: &[OperatorRole]) -> bool {
    person
        .roles
        .split(',')
        .filter_map(OperatorRole::parse)
        .any(|role| roles.contains(&role))
}

/// Two people have two names and two keys, however many certificates.
fn different(one: &OperatorRow, other: &OperatorRow) -> bool {
    let key = |row: &OperatorRow| public_key(&row.certificate).map(|key| key.der().to_vec());
    one.name != other.name && key(one) != key(other)
}

/// Whether these operators can still order everything between them.
pub(crate) fn fill_every_rule<'a>(left: impl Iterator<Item = &'a OperatorRow>) -> bool {
    let left: Vec<&OperatorRow> = left.collect();
    left.iter().any(|person| {
        fits(person, &[OperatorRole::Administrator])
            && left
                .iter()
                .any(|other| different(person, other) && fits(other, &[OperatorRole::SecurityOfficer]))
    })
}

/// Whether these people, whose certificates are valid, may order this.
pub(crate) fn check(
    known: &[OperatorRow],
    act: &Act,
    present: &[Present],
    now: Time,
) -> Result<(), OrderError> {
    let mut people: Vec<&OperatorRow> = Vec::new();
    for one in present {
        let hash = sha256(&one.certificate);
        let row = known
            .iter()
            .find(|row| row.certificate_sha256 == hash)
            .ok_or_else(|| OrderError::Stranger(hexadecimal(&hash)))?;
        if now < one.not_before || now > one.not_after {
            return Err(OrderError::Expired(row.name.clone()));
        }
        if people.iter().all(|person| person.certificate_sha256 != hash) {
            people.push(row);
        }
    }
    allowed(act, &people)
}

/// Whether different people fill every line of the rule.
fn allowed(act: &Act, people: &[&OperatorRow]) -> Result<(), OrderError> {
    let rule = act.rule();
    let filled = match rule {
        [one] => people.iter().any(|person| fits(person, one)),
        [first, second] => people.iter().any(|person| {
            fits(person, first)
                && people
                    .iter()
                    .any(|other| different(person, other) && fits(other, second))
        }),
        _ => false,
    };
    if filled {
        return Ok(());
    }
    let needed: Vec<String> = rule
        .iter()
        .map(|roles| {
            roles
                .iter()
                .map(|role| role.name())
                .collect::<Vec<_>>()
                .join(" or ")
        })
        .collect();
    let named: Vec<String> = people
        .iter()
        .map(|person| format!("{} ({})", person.name, person.roles))
        .collect();
    Err(OrderError::Rule {
        needed: needed.join(" and another person as "),
        named: if named.is_empty() {
            "nobody".to_owned()
        } else {
            named.join(", ")
        },
    })
}
