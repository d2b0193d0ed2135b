//! Which [`Kind`] a file is, by its content, and what its signatures claim.
//!
//! One function for every format, so that whoever judges a file need not know what it is. Names and endings of files
//! say nothing: who made the file chose them.

use std::collections::BTreeSet;

use crate::{
    Claim, Coverage, Source, SourceError,
    asic::{AsicError, Container, ContainerError, Entry, examine, uncovered},
    cades::{ArmourError, unarmoured},
    cms::{Body, Content, ReadError, SignedData},
    pdf::{self, PdfError},
    xml::{self, Externals, Limits, SignError},
};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// PDF.
    Pdf,
    /// XML.
    Xml,
    /// CMS: DER or BER, PEM, or base64.
    Cms,
    /// A zip container.
    Asic,
}

/// A file's signatures cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadingError {
    /// It is nothing that carries signatures here.
    #[error("the file is neither PDF nor XML nor CMS nor a container of signatures")]
    Unknown,
    /// Content was given beside a file that carries its own.
    #[error("the file carries its own content; nothing else can be what it signs")]
    Content,
    /// The source.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// PDF.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// PEM or base64.
    #[error(transparent)]
    Armour(#[from] ArmourError),
    /// CMS.
    #[error(transparent)]
    Cms(#[from] ReadError),
    /// XML.
    #[error(transparent)]
    Xml(#[from] SignError),
    /// A container.
    #[error(transparent)]
    Container(#[from] ContainerError),
    /// Signatures in a container.
    #[error(transparent)]
    Asic(#[from] AsicError),
}

/// Readers of PDF forgive bytes before its head; so do we, and no more.
const HEAD: u64 = 1_024;

impl Kind {
    /// The kind of a file.
    pub fn of(source: &dyn Source) -> Result<Option<Self>, SourceError> {
        let head = source.bytes(0..HEAD.min(source.length()))?;
        let text = head
            .strip_prefix(b"\xEF\xBB\xBF")
            .unwrap_or(&head)
            .trim_ascii_start();
        let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=\r\n \t".contains(byte);
        Ok(if head.starts_with(b"PK\x03\x04") {
            Some(Self::Asic)
        } else if text.starts_with(b"%PDF-") {
            Some(Self::Pdf)
        } else if text.starts_with(b"<") || head.starts_with(b"\xFF\xFE<") || head.starts_with(b"\xFE\xFF\0<")
        {
            Some(Self::Xml)
        } else if head.starts_with(&[0x30])
            || text.starts_with(b"-----BEGIN")
            || (!text.is_empty() && text.iter().all(base64))
        {
            Some(Self::Cms)
        } else if head.windows(5).any(|window| window == b"%PDF-") {
            // After the others: CMS with a PDF inside has these letters too.
            Some(Self::Pdf)
        } else {
            None
        })
    }
}

/// What the signatures of a file claim; over `content`, if they are detached from it.
pub fn claims(source: &dyn Source, content: Option<(&str, &dyn Source)>) -> Result<Vec<Claim>, ReadingError> {
    match Kind::of(source)?.ok_or(ReadingError::Unknown)? {
        Kind::Pdf | Kind::Asic if content.is_some() => Err(ReadingError::Content),
        Kind::Pdf => Ok(pdf::claims(source)?),
        Kind::Cms => match unarmoured(source)? {
            None => cms(source, content),
            Some(der) => cms(&der, content),
        },
        Kind::Xml => {
            let external: Vec<(&str, &dyn Source)> = content.into_iter().collect();
            Ok(xml::claims(source, &external, &Limits::default())?)
        }
        Kind::Asic => asic(source),
    }
}

fn cms(source: &dyn Source, content: Option<(&str, &dyn Source)>) -> Result<Vec<Claim>, ReadingError> {
    let data = SignedData::read(source)?;
    let body = match (&data.content, content) {
        (Content::Attached(_), Some(_)) => return Err(ReadingError::Content),
        (Content::Attached(pieces), None) => Some(Body {
            what: "content inside".to_owned(),
            coverage: Coverage::Whole,
            source,
            ranges: pieces.clone(),
        }),
        (Content::Detached, Some((name, content))) => Some(Body::whole(name, content)),
        (Content::Detached, None) => None,
    };
    Ok(data.claims(body.as_ref())?)
}

/// CAdES by the container's own reader; XAdES by that of XML, with the container's files as what lies outside.
fn asic(source: &dyn Source) -> Result<Vec<Claim>, ReadingError> {
    let container = Container::open(source)?;
    let examined = examine(&container)?;
    let (mut claims, mut covered, mut read) = (examined.claims, examined.covered, examined.read);
    if !examined.xml.is_empty() {
        let beside = container.beside()?;
        let externals = beside.externals();
        for name in &examined.xml {
            for (claim, files) in signatures(container.file(name), &externals)? {
                claims.push(claim);
                read.insert(name.clone());
                for file in files {
                    covered.entry(file).or_default();
                }
            }
        }
    }
    let uncovered = uncovered(&container, &covered, &read)?;
    // Whatever is wrong with the container itself stands against everything that is signed in it.
    for claim in &mut claims {
        claim.faults.extend(examined.faults.iter().cloned());
        let coverage = core::mem::replace(&mut claim.coverage, Coverage::Parts);
        claim.coverage = coverage.except(uncovered.clone());
    }
    Ok(claims)
}

/// The signatures of a file of XML, each with the files beside that it covers.
fn signatures(
    file: Option<&Entry<'_>>,
    externals: &Externals<'_>,
) -> Result<Vec<(Claim, BTreeSet<String>)>, ReadingError> {
    let Some(file) = file else { return Ok(Vec::new()) };
    let limits = Limits::default();
    let bytes = file.read(limits.bytes)?;
    let mut claims = xml::claims_beside(&bytes, externals, &limits)?;
    for (claim, _) in &mut claims {
        claim.name = format!("{}: {}", file.name(), claim.name);
        if claim.coverage == Coverage::Whole {
            // All of its own file is not all of the container.
            claim.coverage = Coverage::Parts;
        }
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_the_kind_and_names_do_not() {
        for (bytes, kind) in [
            (&b"junk %PDF-1.7\n"[..], Some(Kind::Pdf)),
            (b"\xEF\xBB\xBF <?xml version='1.0'?><a/>", Some(Kind::Xml)),
            (b"\x30\x80\x06", Some(Kind::Cms)),
            (b"-----BEGIN CMS-----\n", Some(Kind::Cms)),
            (b"MIIB\r\nAAAA", Some(Kind::Cms)),
            (b"PK\x03\x04", Some(Kind::Asic)),
            (b"\x7FELF", None),
            (b"", None),
        ] {
            assert_eq!(Kind::of(&bytes.to_vec()).unwrap(), kind, "{bytes:?}");
        }
    }
}
