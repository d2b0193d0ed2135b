//! A signature that grows: a time stamp on its value (T), the material to judge it by (LT), an archive time stamp over all
//! of it (LTA) and further ones as the last grows old (EN 319 132-1, 5.3 to 5.5).
//!
//! Nothing is remembered between the steps but the file: [`open`] says how far a signature is, and each step gives the
//! file with one more property. What is added stands among the unsigned properties and touches no byte before it.

use domain::{Digest, HashAlgorithm};
use pki::timestamp::Token;

use super::{
    Limits, ReadError, SignError,
    canonical::Canonicalisation,
    document::{self, Document, Externals, Unresolved},
    material,
    names::{DSIG, XADES, XADES141},
    prepare::whole,
    signature::Signature,
    slot::Slot,
    stamps,
    written::base64,
};
use crate::{Material, Output, Source, SourceError};

/// A signature cannot be extended.
#[derive(Debug, thiserror::Error)]
pub enum ExtendError {
    /// The document cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The document cannot be fetched.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The document is larger than policy allows.
    #[error("the document has {length} bytes; XML of at most {most} is extended")]
    TooLarge {
        /// How large it is.
        length: u64,
        /// The limit.
        most: u64,
    },
    /// There is no such signature.
    #[error("no signature has the Id {id:?}, or several have")]
    NoSuchSignature {
        /// Which was asked for.
        id: String,
    },
    /// The signature cannot be read.
    #[error("the signature cannot be read: {why}")]
    Unreadable {
        /// In words.
        why: String,
    },
    /// It has no qualifying properties, so there is no place for more.
    #[error("the signature is not XAdES; only XAdES can be extended")]
    NotXades,
    /// Another signature would be broken.
    #[error(
        "signature {name:?} covers this one, which therefore cannot be extended any more; extend that one"
    )]
    Covered {
        /// Which.
        name: String,
    },
    /// The time stamp is over something else.
    #[error("the time stamp is not over the digest that was asked for")]
    Imprint,
    /// There is nothing to be kept that is not there already.
    #[error("there is no certificate, list or answer that the signature does not have already")]
    Nothing,
}

/// A signature by how far it is.
#[derive(Clone, Debug)]
pub enum Opened {
    /// At level B: it wants a time stamp.
    Unstamped(Unstamped),
    /// At level T or higher.
    Stamped(Stamped),
}

/// At level B.
#[derive(Clone, Debug)]
pub struct Unstamped(Place);

/// At level T or higher; whether it has what it needs for the next is judged ([`needed`](crate::judgement::needed)).
#[derive(Clone, Debug)]
pub struct Stamped {
    place: Place,
    /// Whether it has the properties already that a signature has once.
    has_values: bool,
}

/// Where properties are added, and what the next time stamp must be over.
#[derive(Clone, Debug)]
struct Place {
    slot: Slot,
    length: usize,
    asked: Digest,
    known: Material,
}

/// Opens a document at the signature of this Id. The next time stamp will be asked for with this hash function; what a
/// detached signature covers is given beside.
pub fn open(
    source: &(impl Source + ?Sized),
    id: &str,
    externals: &Externals<'_>,
    hash: HashAlgorithm,
    limits: &Limits,
) -> Result<Opened, ExtendError> {
    let limits = &limits.of_signed();
    let bytes = whole(source, limits).map_err(|error| match error {
        SignError::Source(error) => ExtendError::Source(error),
        _ => ExtendError::TooLarge {
            length: source.length(),
            most: limits.bytes,
        },
    })?;
    let tree = document::read(&bytes, limits)?;
    let document = Document::new(&tree, externals, limits);
    let mut elements = document
        .signatures()
        .filter(|element| element.attribute("", "Id") == Some(id));
    let (Some(element), None) = (elements.next(), elements.next()) else {
        return Err(ExtendError::NoSuchSignature { id: id.to_owned() });
    };
    let unreadable = |why| ExtendError::Unreadable { why };
    let signature = Signature::read(element, limits).map_err(unreadable)?;
    let qualifying = signature
        .qualifying()
        .map_err(unreadable)?
        .ok_or(ExtendError::NotXades)?;
    if let Some(name) = document.covering(qualifying, false) {
        return Err(ExtendError::Covered { name });
    }
    let has =
        |namespace: &str, local: &str| signature.unsigned().any(|property| property.is(namespace, local));
    let is_stamped = has(XADES141, "ArchiveTimeStamp") || has(XADES, "SignatureTimeStamp");
    let has_values = has(XADES, "RevocationValues") || has(XADES, "CertificateValues");
    let octets = if is_stamped {
        stamps::archive(&document, &signature, &Canonicalisation::EXCLUSIVE, None)
    } else {
        document.of_element(signature.value, &Canonicalisation::EXCLUSIVE)
    };
    let octets = octets.map_err(|unresolved| match unresolved {
        Unresolved::Source(error) => ExtendError::Source(error),
        Unresolved::Missing(why) | Unresolved::Refused(why) => ExtendError::Unreadable { why },
    })?;
    let place = Place {
        slot: Slot::unsigned(qualifying),
        length: bytes.len(),
        asked: hash.digest(&octets),
        known: material::inside(&signature),
    };
    Ok(if is_stamped {
        Opened::Stamped(Stamped { place, has_values })
    } else {
        Opened::Unstamped(Unstamped(place))
    })
}

impl Unstamped {
    /// What the time stamp must be over.
    pub fn asked(&self) -> Digest {
        self.0.asked
    }

    /// The document at level T.
    pub fn stamp(self, token: &Token) -> Result<Output, ExtendError> {
        self.0.stamped(token, ("xades", XADES, "SignatureTimeStamp"))
    }
}

impl Stamped {
    /// The document with everything that it takes to judge the signature and its time stamps: level LT; and for the last
    /// archive time stamp, before the next is put over that.
    pub fn keep(self, material: Material) -> Result<Output, ExtendError> {
        let values = self.place.values(material)?;
        Ok(self.place.with(&if self.has_values {
            format!(
                "<xades141:TimeStampValidationData xmlns:xades141=\"{XADES141}\">{values}\
                 </xades141:TimeStampValidationData>"
            )
        } else {
            values
        }))
    }

    /// What the archive time stamp must be over.
    pub fn asked(&self) -> Digest {
        self.place.asked
    }

    /// The document at level LTA, or with one more archive time stamp.
    pub fn archive(self, token: &Token) -> Result<Output, ExtendError> {
        self.place
            .stamped(token, ("xades141", XADES141, "ArchiveTimeStamp"))
    }
}

impl Place {
    fn with(self, property: &str) -> Output {
        let added = [&self.slot.before, property, &self.slot.after].concat();
        Output::new()
            .source(0, 0..self.slot.cut.start as u64)
            .bytes(added.into_bytes())
            .source(0, self.slot.cut.end as u64..self.length as u64)
    }

    fn stamped(
        self,
        token: &Token,
        (prefix, namespace, local): (&str, &str, &str),
    ) -> Result<Output, ExtendError> {
        if token.info().digest() != Some(self.asked) {
            return Err(ExtendError::Imprint);
        }
        let method = Canonicalisation::EXCLUSIVE.uri();
        let value = base64(token.der());
        Ok(self.with(&format!(
            "<{prefix}:{local} xmlns:{prefix}=\"{namespace}\"><ds:CanonicalizationMethod xmlns:ds=\"{DSIG}\" \
             Algorithm=\"{method}\"></ds:CanonicalizationMethod><x:EncapsulatedTimeStamp xmlns:x=\"{XADES}\">{value}\
             </x:EncapsulatedTimeStamp></{prefix}:{local}>"
        )))
    }

    /// `CertificateValues` and `RevocationValues` with what is not there yet.
    fn values(&self, material: Material) -> Result<String, ExtendError> {
        let material = material.without(&self.known);
        let list = |local: &str, values: &std::collections::BTreeSet<Vec<u8>>| -> String {
            let all = values.iter().map(|der| base64(der));
            all.fold(String::new(), |text, der| {
                text + &["<xades:", local, ">", &der, "</xades:", local, ">"].concat()
            })
        };
        let certificates = list("EncapsulatedX509Certificate", &material.certificates);
        let lists = list("EncapsulatedCRLValue", &material.lists);
        let answers = list("EncapsulatedOCSPValue", &material.answers);
        let wrapped = |local: &str, inside: &str| match inside {
            "" => String::new(),
            _ => ["<xades:", local, ">", inside, "</xades:", local, ">"].concat(),
        };
        let revocation = wrapped("CRLValues", &lists) + &wrapped("OCSPValues", &answers);
        let property = |local: &str, inside: &str| {
            wrapped(local, inside).replacen('>', &format!(" xmlns:xades=\"{XADES}\">"), 1)
        };
        let values =
            property("CertificateValues", &certificates) + &property("RevocationValues", &revocation);
        if values.is_empty() {
            Err(ExtendError::Nothing)
        } else {
            Ok(values)
        }
    }
}
