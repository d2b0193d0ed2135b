//! What the CAdES signatures of a container claim, and what nobody signed.

use core::iter;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{Digest, HashAlgorithm};

use super::{
    AsicError, Container, ContainerFault, Entry, Kind,
    container::META,
    limits::{MOST_MANIFEST, MOST_SIGNATURE, MOST_SIGNATURES},
    manifest::{self, Manifest, Reference},
};
use crate::{
    Claim, Coverage, Covered, Integrity, Name, SourceError, What,
    cades::CadesError,
    cms::{Body, Content, SignedData},
    digest_of,
};

/// A container, examined.
#[derive(Clone, Debug)]
pub struct Examined {
    /// What the container says that it is.
    pub kind: Option<Kind>,
    /// The CAdES signatures.
    pub claims: Vec<Claim>,
    /// Files with XML signatures, which their own reader examines.
    pub xml: Vec<String>,
    /// Files that no CAdES signature covers.
    pub uncovered: Vec<String>,
    /// Files that some CAdES signature covers, each with the type that is signed with it.
    pub covered: BTreeMap<String, Option<String>>,
    /// Files of META-INF that were read: signatures, and the manifests that they are over.
    pub read: BTreeSet<String>,
    /// What is wrong with the container and no single signature's fault.
    pub faults: Vec<ContainerFault>,
}

/// Examines a container's CAdES signatures. Every file is read once for each digest algorithm that is used on it.
pub fn examine(container: &Container<'_>) -> Result<Examined, AsicError> {
    let mut examined = Examined {
        kind: container.kind(),
        claims: Vec::new(),
        xml: Vec::new(),
        uncovered: Vec::new(),
        covered: BTreeMap::new(),
        read: BTreeSet::new(),
        faults: Vec::new(),
    };
    let mut signatures = BTreeSet::new();
    let mut manifests = Vec::new();
    for entry in container.files() {
        match Part::of(entry.name()) {
            Part::Signature => {
                signatures.insert(entry.name().to_owned());
            }
            Part::Manifest => manifests.push(entry),
            Part::Xml => examined.xml.push(entry.name().to_owned()),
            Part::Other => {}
        }
    }
    if signatures.len() > MOST_SIGNATURES || manifests.len() > MOST_SIGNATURES {
        return Err(super::ContainerError::TooMuch {
            what: "signatures",
            most: MOST_SIGNATURES as u64,
        }
        .into());
    }
    let mut files = Files {
        container,
        digests: HashMap::new(),
        covered: BTreeMap::new(),
    };
    match container.kind() {
        None => examined.faults.push(ContainerFault::NoMimetype),
        Some(Kind::Simple) if !manifests.is_empty() => {
            examined.faults.push(ContainerFault::SimpleWithManifest);
        }
        Some(Kind::Simple | Kind::Extended) => {}
    }
    for entry in manifests {
        by_manifest(&mut files, entry, &mut signatures, &mut examined)?;
    }
    for name in signatures {
        over_the_file(&mut files, &name, &mut examined)?;
    }
    let covered = files.covered;
    let left = container
        .payload()
        .map(Entry::name)
        .filter(|name| !covered.contains_key(*name));
    examined.uncovered = left.map(str::to_owned).collect();
    examined.covered = covered;
    if container.kind() == Some(Kind::Simple) && container.payload().count() != 1 {
        examined.faults.push(ContainerFault::SimpleFiles);
    }
    Ok(examined)
}

/// The files of a container, each hashed once by each algorithm.
struct Files<'a> {
    container: &'a Container<'a>,
    digests: HashMap<(String, HashAlgorithm), Option<Digest>>,
    covered: BTreeMap<String, Option<String>>,
}

/// What a file of META-INF is by its name, EN 319 162-1 §4.3.3 and §4.4.3.
pub(super) enum Part {
    Signature,
    Manifest,
    Xml,
    Other,
}

impl Part {
    /// The most bytes of it that are read.
    pub(super) fn most(self) -> u64 {
        match self {
            Self::Signature => MOST_SIGNATURE,
            Self::Xml => crate::xml::Limits::default().bytes,
            Self::Manifest | Self::Other => MOST_MANIFEST,
        }
    }

    pub(super) fn of(name: &str) -> Self {
        let ends = |ending: &str| name.to_ascii_lowercase().ends_with(ending);
        match name.strip_prefix(META) {
            Some(file) if file.contains("signature") && ends(".p7s") => Self::Signature,
            Some(file) if file.starts_with("ASiCManifest") && ends(".xml") => Self::Manifest,
            Some(file) if file.contains("signatures") && ends(".xml") => Self::Xml,
            _ => Self::Other,
        }
    }
}

/// ASiC-E: the signature is over the manifest, and the manifest over files.
fn by_manifest(
    files: &mut Files<'_>,
    entry: &Entry<'_>,
    signatures: &mut BTreeSet<String>,
    examined: &mut Examined,
) -> Result<(), AsicError> {
    let bytes = entry.read(MOST_MANIFEST)?;
    let manifest = Manifest::parse(entry.name(), &bytes)?;
    if manifest
        .mime
        .as_deref()
        .is_some_and(|mime| mime != manifest::SIGNATURE_TYPE)
    {
        let found = manifest.mime.unwrap_or_default();
        examined.faults.push(ContainerFault::TypeUnknown {
            file: manifest.signature,
            found,
        });
        return Ok(());
    }
    let Some(signature) = files.container.file(&manifest.signature) else {
        let (manifest, file) = (entry.name().to_owned(), manifest.signature);
        examined
            .faults
            .push(ContainerFault::SignatureMissing { manifest, file });
        return Ok(());
    };
    if !signatures.remove(&manifest.signature) {
        examined.faults.push(ContainerFault::SignatureShared {
            file: manifest.signature,
        });
        return Ok(());
    }
    let mut covered = Vec::new();
    for reference in &manifest.references {
        covered.push(files.compare(reference)?);
    }
    let names: BTreeMap<String, Option<String>> = manifest
        .references
        .into_iter()
        .map(|reference| (reference.name, reference.mime))
        .collect();
    let whole = files
        .container
        .payload()
        .all(|file| names.contains_key(file.name()));
    examined
        .read
        .extend([entry.name().to_owned(), manifest.signature.clone()]);
    for mut claim in claims(signature, Some(&Body::whole(entry.name(), &bytes)))? {
        let manifest = claim.covered.first();
        let is_signed = manifest.is_some_and(|manifest| manifest.integrity == Integrity::Intact);
        // What a manifest names that nobody signed so is not signed, whether its digest agrees or not.
        if is_signed {
            let names = names.iter().map(|(name, mime)| (name.clone(), mime.clone()));
            files.covered.extend(names);
            claim.covered.extend(covered.iter().cloned());
        }
        let is_whole = whole && is_signed;
        claim.coverage = if is_whole {
            Coverage::Whole
        } else {
            Coverage::Parts
        };
        examined.claims.push(claim);
    }
    Ok(())
}

/// ASiC-S: the signature is over the one file. In ASiC-E, a signature without manifest is over nothing.
fn over_the_file(files: &mut Files<'_>, name: &str, examined: &mut Examined) -> Result<(), AsicError> {
    let container = files.container;
    let Some(signature) = container.file(name) else {
        return Ok(());
    };
    let mut payload = container.payload();
    let only = payload
        .next()
        .filter(|_| payload.next().is_none() && container.kind() != Some(Kind::Extended));
    let opened = only.map(Entry::open).transpose()?;
    let body = only
        .zip(opened.as_deref())
        .map(|(file, source)| Body::whole(file.name(), source));
    examined.read.insert(name.to_owned());
    for mut claim in claims(signature, body.as_ref())? {
        match only {
            Some(file) => {
                // The container holds nothing else.
                claim.coverage = Coverage::Whole;
                files.covered.insert(file.name().to_owned(), None);
            }
            None => claim.faults.push(ContainerFault::NoManifest.into()),
        }
        examined.claims.push(claim);
    }
    Ok(())
}

fn claims(entry: &Entry<'_>, body: Option<&Body<'_>>) -> Result<Vec<Claim>, AsicError> {
    let bytes = entry.read(MOST_SIGNATURE)?;
    let data = SignedData::read(&bytes).map_err(CadesError::Read)?;
    let mut claims = data.claims(body).map_err(CadesError::Source)?;
    for claim in &mut claims {
        claim.name = Name::Inside {
            file: entry.name().to_owned(),
            name: Box::new(claim.name.clone()),
        };
        if data.content != Content::Detached {
            claim.faults.push(ContainerFault::ContentInside.into());
        }
    }
    Ok(claims)
}

impl Files<'_> {
    /// Whether the file that a manifest refers to is there and has its digest.
    fn compare(&mut self, reference: &Reference) -> Result<Covered, AsicError> {
        let stated = reference.hash.and_then(|hash| hash.parse(&reference.value).ok());
        let integrity = match (self.container.file(&reference.name), reference.hash) {
            (None, _) => Integrity::Missing,
            (Some(_), None) => Integrity::Unprovable,
            (Some(entry), Some(hash)) => match (stated, self.digest(entry, hash)?) {
                (Some(stated), Some(found)) if stated == found => Integrity::Intact,
                _ => Integrity::Altered,
            },
        };
        Ok(Covered {
            what: What::File {
                file: reference.name.clone(),
            },
            integrity,
            digest: stated,
            by_manifest: true,
        })
    }

    fn digest(&mut self, entry: &Entry<'_>, hash: HashAlgorithm) -> Result<Option<Digest>, AsicError> {
        let key = (entry.name().to_owned(), hash);
        if let Some(known) = self.digests.get(&key) {
            return Ok(*known);
        }
        let source = entry.open()?;
        let all: Vec<_> = iter::once(0..source.length()).collect();
        let digest = match digest_of(&*source, &all, hash) {
            Ok(digest) => Some(digest),
            // What cannot be unpacked as the container says is not what was signed.
            Err(SourceError::Io(_)) => None,
            Err(error) => return Err(CadesError::Source(error).into()),
        };
        self.digests.insert(key, digest);
        Ok(digest)
    }
}
