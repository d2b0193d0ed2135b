//! [`Prepared`]: a container that waits for the value of its CAdES signature.

use domain::Digest;
use hsm::{RawSignature, ToBeSigned};

use super::{ContainerError, Kind, Package, Payload, manifest::manifest, package::fits};
use crate::{
    Output, SigningCertificate,
    cades::{CadesError, Said},
    cms::{Attributes, AttributesError, WriteError},
};

const SIGNATURE: &str = "META-INF/signature.p7s";
const FIRST_SIGNATURE: &str = "META-INF/signature001.p7s";
const FIRST_MANIFEST: &str = "META-INF/ASiCManifest001.xml";

/// A container cannot be signed or examined.
#[derive(Debug, thiserror::Error)]
pub enum AsicError {
    /// The container.
    #[error(transparent)]
    Container(#[from] ContainerError),
    /// The signature.
    #[error(transparent)]
    Signature(#[from] CadesError),
}

impl From<AttributesError> for AsicError {
    fn from(error: AttributesError) -> Self {
        Self::Signature(error.into())
    }
}

impl From<WriteError> for AsicError {
    fn from(error: WriteError) -> Self {
        Self::Signature(error.into())
    }
}

/// A container in the making.
#[derive(Clone, Debug)]
pub struct Prepared {
    package: Package,
    manifest: Option<Vec<u8>>,
    attributes: Attributes,
    shown: Digest,
}

impl Prepared {
    /// A container of these files; each is the source of its number in the output.
    pub fn new(
        kind: Kind,
        payload: &[Payload<'_>],
        certificate: &SigningCertificate,
        said: &Said,
    ) -> Result<Self, AsicError> {
        let hash = certificate.profile().hash();
        let package = Package::new(kind, payload, hash)?;
        let manifest = match kind {
            Kind::Simple => None,
            Kind::Extended => Some(manifest(FIRST_SIGNATURE, &package.files)),
        };
        if let Some(manifest) = &manifest {
            fits(FIRST_MANIFEST, manifest.len())?;
        }
        let shown = match (&manifest, package.digests().next()) {
            (Some(manifest), _) => hash.digest(manifest),
            (None, Some((_, digest))) => *digest,
            (None, None) => hash.digest(&[]),
        };
        Ok(Self {
            attributes: said.attributes(certificate, &shown)?,
            package,
            manifest,
            shown,
        })
    }

    /// The digest of what the device must show: the file, or the manifest with the digests of all files.
    pub const fn shown(&self) -> &Digest {
        &self.shown
    }

    /// The manifest of ASiC-E, which the device shows together with the files that it names.
    pub fn manifest(&self) -> Option<&[u8]> {
        self.manifest.as_deref()
    }

    /// What the key must sign.
    pub fn to_be_signed(&self) -> ToBeSigned {
        self.attributes.to_be_signed()
    }

    /// The container, level B.
    pub fn finish(self, raw: &RawSignature) -> Result<Output, AsicError> {
        let signature = self.attributes.finish(raw)?.to_der()?;
        let meta = match self.manifest {
            // The list of files says nothing that is signed, but some readers of ASiC-E want one.
            Some(manifest) => vec![
                self.package.file_manifest(),
                (FIRST_MANIFEST.to_owned(), manifest),
                (FIRST_SIGNATURE.to_owned(), signature),
            ],
            None => vec![(SIGNATURE.to_owned(), signature)],
        };
        Ok(self.package.with(&meta)?)
    }
}
