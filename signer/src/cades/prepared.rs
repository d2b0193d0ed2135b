//! [`Prepared`]: a signature that waits for its value, and [`Joining`], one beside others.

use core::iter;

use domain::{Digest, Time};
use hsm::{RawSignature, ToBeSigned};
use serde::{Deserialize, Serialize};

use super::{CadesError, extending::File};
use crate::{
    Output, SigningCertificate, Source, Which,
    cms::{Attributes, AttributesError, Content, SignedData},
    digest_of,
};

/// Where the document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Packaging {
    /// Beside the signature.
    Detached,
    /// Inside the signature.
    Attached,
}

/// What the signer says beside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// When. EN 319 122-1 §6.3 requires it; forms of CMS inside other formats forbid it.
    pub time: Option<Time>,
    /// What kind of file a detached document is.
    pub mime: Option<String>,
}

impl Said {
    /// The signed attributes over a document, with what is said.
    pub(crate) fn attributes(
        &self,
        certificate: &SigningCertificate,
        shown: &Digest,
    ) -> Result<Attributes, AttributesError> {
        let mut attributes = Attributes::new(certificate, shown)?;
        if let Some(time) = self.time {
            attributes = attributes.at(time)?;
        }
        if let Some(mime) = &self.mime {
            attributes = attributes.of_type(mime)?;
        }
        Ok(attributes)
    }
}

/// A signature in the making.
#[derive(Clone, Debug)]
pub struct Prepared {
    record: Record,
    attributes: Attributes,
}

/// What must be written down of a prepared signature, so that it is the same after a restart.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    shown: Digest,
    said: Said,
    packaging: Packaging,
    length: u64,
}

impl Prepared {
    /// A signature over a document, which is source number 0 of the output.
    pub fn new(
        document: &dyn Source,
        packaging: Packaging,
        certificate: &SigningCertificate,
        said: &Said,
    ) -> Result<Self, CadesError> {
        let length = document.length();
        let all: Vec<_> = iter::once(0..length).collect();
        let record = Record {
            shown: digest_of(document, &all, certificate.profile().hash())?,
            said: said.clone(),
            packaging,
            length,
        };
        Self::of(record, certificate)
    }

    /// The same again, of what was written down.
    pub(crate) fn of(record: Record, certificate: &SigningCertificate) -> Result<Self, CadesError> {
        let attributes = record.said.attributes(certificate, &record.shown)?;
        Ok(Self { record, attributes })
    }

    /// What must be written down.
    pub(crate) const fn record(&self) -> &Record {
        &self.record
    }

    /// The digest of what the device must show: the document.
    pub const fn shown(&self) -> &Digest {
        &self.record.shown
    }

    /// What the key must sign.
    pub fn to_be_signed(&self) -> ToBeSigned {
        self.attributes.to_be_signed()
    }

    /// The signature file, level B.
    pub fn finish(self, raw: &RawSignature) -> Result<Output, CadesError> {
        self.finish_named(raw).map(|(output, _)| output)
    }

    /// The same, and the signature in it.
    pub(crate) fn finish_named(self, raw: &RawSignature) -> Result<(Output, Option<Which>), CadesError> {
        let mut signed = self.attributes.finish(raw)?;
        signed.content = match self.record.packaging {
            Packaging::Detached => Content::Detached,
            Packaging::Attached => Content::Attached(iter::once(0..self.record.length).collect()),
        };
        let which = signed
            .signers
            .first()
            .map(|signer| Which::of_value(&signer.signature).into());
        Ok((signed.to_output(0)?, which))
    }
}

/// A further signature in the making, beside those that are in a signature file.
#[derive(Clone, Debug)]
pub struct Joining {
    attributes: Attributes,
    shown: Digest,
    others: SignedData,
}

impl Joining {
    /// A signature over the document of an existing signature file, beside those that are there. The file is source
    /// number 0 of the output. Those that do not stand are not joined.
    pub fn new(
        file: &dyn Source,
        document: Option<&dyn Source>,
        certificate: &SigningCertificate,
        said: &Said,
    ) -> Result<Self, CadesError> {
        let file = File::open(file, document)?;
        file.sound()?;
        let shown = file.digest(certificate.profile().hash())?;
        Ok(Self {
            attributes: said.attributes(certificate, &shown)?,
            shown,
            others: file.data,
        })
    }

    /// The digest of what the device must show: the document.
    pub const fn shown(&self) -> &Digest {
        &self.shown
    }

    /// What the key must sign.
    pub fn to_be_signed(&self) -> ToBeSigned {
        self.attributes.to_be_signed()
    }

    /// The signature file with all of them.
    pub fn finish(self, raw: &RawSignature) -> Result<Output, CadesError> {
        let mut signed = self.attributes.finish(raw)?;
        let mut all = self.others;
        all.digest_algorithms.append(&mut signed.digest_algorithms);
        all.certificates.append(&mut signed.certificates);
        all.signers.append(&mut signed.signers);
        Ok(all.to_output(0)?)
    }
}
