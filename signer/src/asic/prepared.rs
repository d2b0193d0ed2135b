//! [`Prepared`]: a container that waits for the value of its CAdES signature.

use domain::Digest;
use hsm::{RawSignature, ToBeSigned};
use serde::{Deserialize, Serialize};

use super::{ContainerError, Kind, Package, Payload, manifest::manifest, package::fits};
use crate::{
    Output, SigningCertificate, Which,
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
    record: Record,
    manifest: Option<Vec<u8>>,
    attributes: Attributes,
    shown: Digest,
}

/// What must be written down of a prepared container, so that it is the same after a restart.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    package: Package,
    said: Said,
}

impl Prepared {
    /// A container of these files; each is the source of its number in the output.
    pub fn new(
        kind: Kind,
        payload: &[Payload<'_>],
        certificate: &SigningCertificate,
        said: &Said,
    ) -> Result<Self, AsicError> {
        let package = Package::new(kind, payload, certificate.profile().hash())?;
        let said = said.clone();
        Self::of(Record { package, said }, certificate)
    }

    /// The same again, of what was written down.
    pub(crate) fn of(record: Record, certificate: &SigningCertificate) -> Result<Self, AsicError> {
        let hash = certificate.profile().hash();
        let package = &record.package;
        let manifest = match package.kind() {
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
            attributes: record.said.attributes(certificate, &shown)?,
            record,
            manifest,
            shown,
        })
    }

    /// What must be written down.
    pub(crate) const fn record(&self) -> &Record {
        &self.record
    }

    /// How many bytes it holds of its own.
    pub(crate) fn held(&self) -> usize {
        let names = self.record.package.files.iter();
        names
            .map(|file| file.name.len() + file.mime.len())
            .chain(self.manifest.as_ref().map(Vec::len))
            .sum()
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
        self.finish_named(raw).map(|(output, _)| output)
    }

    /// The same, and the signature in it.
    pub(crate) fn finish_named(self, raw: &RawSignature) -> Result<(Output, Option<Which>), AsicError> {
        let signed = self.attributes.finish(raw)?;
        let file = if self.manifest.is_some() {
            FIRST_SIGNATURE
        } else {
            SIGNATURE
        };
        let which = signed
            .signers
            .first()
            .map(|signer| Which::of_value(&signer.signature).within(file));
        let signature = signed.to_der()?;
        let package = self.record.package;
        let meta = match self.manifest {
            // The list of files says nothing that is signed, but some readers of ASiC-E want one.
            Some(manifest) => vec![
                package.file_manifest(),
                (FIRST_MANIFEST.to_owned(), manifest),
                (FIRST_SIGNATURE.to_owned(), signature),
            ],
            None => vec![(SIGNATURE.to_owned(), signature)],
        };
        Ok((package.with(&meta)?, which))
    }
}
