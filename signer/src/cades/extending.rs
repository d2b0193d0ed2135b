//! A signature file at whatever level it has reached, and the one step that leads on.

use domain::{Digest, HashAlgorithm};
use pki::timestamp::Token;

use super::CadesError;
use crate::{
    Integrity, Material, Output, Source,
    cms::{self, Body, Content, SignedData, TimeStamp, WriteError},
    digest_of,
};

/// How far a signature has come.
#[derive(Clone)]
pub enum Reached<'a> {
    /// Level B.
    Unstamped(Unstamped<'a>),
    /// Level T or higher.
    Stamped(Stamped<'a>),
}

/// Opens a file for the extension of one of its signatures, counted from 0. The document is given if it is detached.
/// Every output has the file as its source number 0.
pub fn open<'a>(
    file: &'a dyn Source,
    document: Option<&'a dyn Source>,
    signer: usize,
) -> Result<Reached<'a>, CadesError> {
    let file = File::open(file, document)?;
    let signers = file.data.signers.len();
    let Some(found) = file.data.signers.get(signer) else {
        let number = signer;
        return Err(WriteError::Signer { number, signers }.into());
    };
    let is_stamped = found.is_stamped() || found.is_archived();
    let one = One { file, signer };
    Ok(if is_stamped {
        Reached::Stamped(Stamped(one))
    } else {
        Reached::Unstamped(Unstamped(one))
    })
}

/// A signature of level B.
#[derive(Clone)]
pub struct Unstamped<'a>(One<'a>);

impl Unstamped<'_> {
    /// What a time-stamping authority must stamp.
    pub fn to_stamp(&self, hash: HashAlgorithm) -> Result<Digest, CadesError> {
        Ok(hash.digest(&self.0.signer()?.signature))
    }

    /// Adds the time stamp: level T.
    pub fn stamp(mut self, token: &Token) -> Result<Output, CadesError> {
        let wanted = self.to_stamp(hash_of(token)?)?;
        sound(token, &wanted)?;
        self.0.file.data.stamp(self.0.signer, token)?;
        self.0.output()
    }
}

/// A signature of level T or higher. What is inside serves all signatures of the file, so whether it is all that this one
/// needs is judged ([`needed`](crate::judgement::needed)), not seen.
#[derive(Clone)]
pub struct Stamped<'a>(One<'a>);

impl Stamped<'_> {
    /// Adds what it is judged with: the certificates of signer and authority, lists and answers on them. Level LT; also
    /// for the last archive time stamp, before the next is made over that.
    pub fn keep(mut self, material: Material) -> Result<Output, CadesError> {
        self.0.file.data.keep(material)?;
        self.0.output()
    }

    /// What a time-stamping authority must stamp to seal everything that is there now.
    pub fn to_stamp(&self, hash: HashAlgorithm) -> Result<Digest, CadesError> {
        let index = self.0.index(hash)?;
        let content = self.0.file.digest(hash)?;
        let imprint = cms::archive_imprint(&self.0.file.data, self.0.signer()?, &content, &index)?;
        Ok(hash.digest(&imprint))
    }

    /// Seals everything that is there now: level LTA.
    pub fn archive(mut self, token: &Token) -> Result<Output, CadesError> {
        let hash = hash_of(token)?;
        sound(token, &self.to_stamp(hash)?)?;
        let index = self.0.index(hash)?;
        self.0.file.data.seal(self.0.signer, token, index)?;
        self.0.output()
    }
}

/// One signature of a file.
#[derive(Clone)]
struct One<'a> {
    file: File<'a>,
    signer: usize,
}

impl One<'_> {
    fn signer(&self) -> Result<&cms::SignerInfo, WriteError> {
        let signers = &self.file.data.signers;
        signers.get(self.signer).ok_or(WriteError::Signer {
            number: self.signer,
            signers: signers.len(),
        })
    }

    fn index(&self, hash: HashAlgorithm) -> Result<Vec<u8>, CadesError> {
        Ok(cms::archive_index(&self.file.data, self.signer()?, hash)?)
    }

    fn output(self) -> Result<Output, CadesError> {
        Ok(self.file.data.to_output(0)?)
    }
}

/// A signature file with the document that it is over.
#[derive(Clone)]
pub(super) struct File<'a> {
    pub(super) data: SignedData,
    body: Body<'a>,
}

impl<'a> File<'a> {
    pub(super) fn open(file: &'a dyn Source, document: Option<&'a dyn Source>) -> Result<Self, CadesError> {
        let data = SignedData::read(file)?;
        let body = match (&data.content, document) {
            (Content::Detached, Some(document)) => Body::whole("document", document),
            (Content::Attached(pieces), None) => Body {
                source: file,
                ranges: pieces.clone(),
                ..Body::whole("document", file)
            },
            (Content::Detached, None) => return Err(CadesError::Detached),
            (Content::Attached(_), Some(_)) => return Err(CadesError::Attached),
        };
        Ok(Self { data, body })
    }

    pub(super) fn digest(&self, hash: HashAlgorithm) -> Result<Digest, CadesError> {
        Ok(digest_of(self.body.source, &self.body.ranges, hash)?)
    }

    /// Every signature that is there is of one form and over this document.
    pub(super) fn sound(&self) -> Result<(), CadesError> {
        for claim in self.data.claims(Some(&self.body))? {
            let altered = claim
                .covered
                .iter()
                .find(|covered| covered.integrity == Integrity::Altered);
            let fault = match altered {
                Some(_) => Some("it is over another document".to_owned()),
                None => claim.faults.first().cloned(),
            };
            if let Some(fault) = fault {
                return Err(CadesError::Broken {
                    name: claim.name,
                    fault,
                });
            }
        }
        Ok(())
    }
}

fn hash_of(token: &Token) -> Result<HashAlgorithm, CadesError> {
    token
        .info()
        .digest()
        .map(|digest| digest.algorithm())
        .ok_or(CadesError::Imprint)
}

/// The token is over this, and its signature over what it says.
fn sound(token: &Token, wanted: &Digest) -> Result<(), CadesError> {
    if token.info().digest().as_ref() != Some(wanted) {
        return Err(CadesError::Imprint);
    }
    let claim = TimeStamp::read(token.der())?.claim()?;
    let intact = claim
        .covered
        .iter()
        .all(|covered| covered.integrity == Integrity::Intact);
    match claim.faults.into_iter().next() {
        Some(fault) => Err(CadesError::Unsound { fault }),
        None if !intact => Err(CadesError::Unsound {
            fault: "its signature is over something else".to_owned(),
        }),
        None => Ok(()),
    }
}
