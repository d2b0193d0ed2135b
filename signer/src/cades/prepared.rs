//! [`Prepared`]: a signature that waits for its value.

use core::iter;

use domain::{Digest, Time};
use hsm::{RawSignature, ToBeSigned};

use super::{CadesError, extending::File};
use crate::{
    Output, SigningCertificate, Source,
    cms::{Attributes, AttributesError, Content, SignedData},
    digest_of,
};

/// Where the document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packaging {
    /// Beside the signature.
    Detached,
    /// Inside the signature.
    Attached,
}

/// What the signer says beside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    attributes: Attributes,
    shown: Digest,
    others: Option<SignedData>,
    content: Content,
}

impl Prepared {
    /// A signature over a document, which is source number 0 of the output.
    pub fn new(
        document: &dyn Source,
        packaging: Packaging,
        certificate: &SigningCertificate,
        said: &Said,
    ) -> Result<Self, CadesError> {
        let all: Vec<_> = iter::once(0..document.length()).collect();
        let shown = digest_of(document, &all, certificate.profile().hash())?;
        Ok(Self {
            attributes: said.attributes(certificate, &shown)?,
            shown,
            others: None,
            content: match packaging {
                Packaging::Detached => Content::Detached,
                Packaging::Attached => Content::Attached(all),
            },
        })
    }

    /// A further signature over the document of an existing signature file, beside those that are there. The file is
    /// source number 0 of the output. Those that do not stand are not joined.
    pub fn beside(
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
            content: file.data.content.clone(),
            others: Some(file.data),
        })
    }

    /// The digest of what the device must show.
    pub const fn shown(&self) -> &Digest {
        &self.shown
    }

    /// What the key must sign.
    pub fn to_be_signed(&self) -> ToBeSigned {
        self.attributes.to_be_signed()
    }

    /// The signature file, level B.
    pub fn finish(self, raw: &RawSignature) -> Result<Output, CadesError> {
        let mut signed = self.attributes.finish(raw)?;
        signed.content = self.content;
        if let Some(mut others) = self.others {
            others.digest_algorithms.append(&mut signed.digest_algorithms);
            others.certificates.append(&mut signed.certificates);
            others.signers.append(&mut signed.signers);
            signed = others;
        }
        Ok(signed.to_output(0)?)
    }
}
