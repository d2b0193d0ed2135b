//! [`Prepared`]: a document of whatever format that waits for its value, as the formats' own types prepare it.

use domain::{Digest, Time};
use hsm::{RawSignature, ToBeSigned};
use serde::{Deserialize, Serialize};

use super::{DocumentError, Order, Shown, Wish};
use crate::{
    Caution, Cautions, Limits, Output, SigningCertificate, Source, Which, asic,
    cades::{self, Said},
    pdf::{self, Unpacking},
    xml,
};

#[derive(Clone, Debug)]
pub(super) enum Prepared {
    Pdf(Box<pdf::Prepared>),
    Xml(Box<xml::Prepared>),
    Cms(Box<cades::Prepared>),
    Container(Box<asic::Prepared>),
}

/// What must be written down of one.
#[derive(Serialize)]
pub(super) enum RecordOf<'a> {
    Pdf(&'a pdf::Record),
    Xml(&'a xml::Record),
    Cms(&'a cades::Record),
    Container(&'a asic::Record),
}

/// What was written down of one: [`RecordOf`], read again.
#[derive(Deserialize)]
pub(super) enum Record {
    Pdf(pdf::Record),
    Xml(Box<xml::Record>),
    Cms(cades::Record),
    Container(asic::Record),
}

impl Prepared {
    /// Prepares a document, with what is to be told of it and what the device is to show.
    pub(super) fn new(
        order: &Order<'_>,
        certificate: &SigningCertificate,
        (time, limits): (Time, &Limits),
        unpacking: &Unpacking,
    ) -> Result<(Self, Cautions), DocumentError> {
        let said = |mime: Option<String>| Said {
            time: Some(time),
            mime,
        };
        let none = Cautions::default;
        Ok(match &order.wish {
            Wish::Pdf(options) => {
                let source = only(order)?;
                let found = pdf::hazards(source)?.into_iter().map(Caution::Pdf);
                let cautions = Cautions::new(found, &limits.looks).map_err(DocumentError::Look)?;
                let prepared = pdf::Prepared::within(source, certificate, options, unpacking)?;
                (Self::Pdf(Box::new(prepared)), cautions)
            }
            Wish::Xml(form) => {
                let (source, signer) = (only(order)?, certificate.clone());
                let prepared = xml::Prepared::new(source, signer, form, time, &limits.xml)?;
                let found = prepared.cautions().iter().copied().map(Caution::Xml);
                let cautions = Cautions::new(found, &limits.looks).map_err(DocumentError::Look)?;
                (Self::Xml(Box::new(prepared)), cautions)
            }
            Wish::Detached { uri, media_type } => {
                let digest = Shown::Given.digest(&[only(order)?], certificate.profile().hash())?;
                let external = xml::External {
                    uri: uri.clone(),
                    digest,
                    media_type: media_type.clone(),
                };
                let around = xml::Around::Nothing;
                let prepared = xml::Prepared::detached(&[external], around, certificate.clone(), time)?;
                (Self::Xml(Box::new(prepared)), none())
            }
            Wish::Cms { packaging, mime } => {
                let said = said(mime.clone());
                let prepared = cades::Prepared::new(only(order)?, *packaging, certificate, &said)?;
                (Self::Cms(Box::new(prepared)), none())
            }
            Wish::Container { kind, files } => {
                let payload = payload(order, files)?;
                let prepared = asic::Prepared::new(*kind, &payload, certificate, &said(None))?;
                (Self::Container(Box::new(prepared)), none())
            }
        })
    }

    /// The same again, of what was written down.
    pub(super) fn of(record: Record, certificate: &SigningCertificate) -> Result<Self, DocumentError> {
        Ok(match record {
            Record::Pdf(record) => Self::Pdf(Box::new(pdf::Prepared::of(record, certificate)?)),
            Record::Xml(record) => Self::Xml(Box::new(xml::Prepared::of(*record, certificate.clone())?)),
            Record::Cms(record) => Self::Cms(Box::new(cades::Prepared::of(record, certificate)?)),
            Record::Container(record) => Self::Container(Box::new(asic::Prepared::of(record, certificate)?)),
        })
    }

    /// What must be written down.
    pub(super) const fn record(&self) -> RecordOf<'_> {
        match self {
            Self::Pdf(prepared) => RecordOf::Pdf(prepared.record()),
            Self::Xml(prepared) => RecordOf::Xml(prepared.record()),
            Self::Cms(prepared) => RecordOf::Cms(prepared.record()),
            Self::Container(prepared) => RecordOf::Container(prepared.record()),
        }
    }

    /// The digest of what the device shows.
    pub(super) fn digest(&self) -> Result<Digest, DocumentError> {
        match self {
            Self::Pdf(prepared) => Ok(prepared.shown()),
            Self::Xml(prepared) => match prepared.shown() {
                [digest] => Ok(*digest),
                _ => Err(DocumentError::Covers),
            },
            Self::Cms(prepared) => Ok(*prepared.shown()),
            Self::Container(prepared) => Ok(*prepared.shown()),
        }
    }

    /// What the device shows.
    pub(super) fn shown(
        &self,
        sources: &[&dyn Source],
        limits: &xml::Limits,
    ) -> Result<Shown, DocumentError> {
        let made = |octets: Option<Vec<u8>>| {
            octets.map_or(Shown::Given, |octets| Shown::Made(Output::new().bytes(octets)))
        };
        Ok(match self {
            Self::Pdf(prepared) => Shown::Hollow {
                file: prepared.output(),
                hashed: prepared.ranges(),
            },
            Self::Xml(prepared) => made(prepared.shown_octets(one(sources)?, limits)?),
            Self::Cms(_) => Shown::Given,
            Self::Container(prepared) => made(prepared.manifest().map(<[u8]>::to_vec)),
        })
    }

    pub(super) fn to_be_signed(&self) -> ToBeSigned {
        match self {
            Self::Pdf(prepared) => prepared.to_be_signed(),
            Self::Xml(prepared) => prepared.to_be_signed().clone(),
            Self::Cms(prepared) => prepared.to_be_signed(),
            Self::Container(prepared) => prepared.to_be_signed(),
        }
    }

    /// How many bytes it holds, about.
    pub(super) fn held(&self) -> usize {
        match self {
            Self::Pdf(prepared) => prepared.held(),
            Self::Xml(prepared) => prepared.held(),
            Self::Cms(_) => 0,
            Self::Container(prepared) => prepared.held(),
        }
    }

    pub(super) fn finish(self, raw: &RawSignature) -> Result<(Output, Option<Which>), DocumentError> {
        Ok(match self {
            Self::Pdf(prepared) => {
                let field = prepared.field().to_owned();
                (prepared.finish(raw)?, Some(Which::Field(field)))
            }
            Self::Xml(prepared) => {
                let signed = prepared.finish(raw)?;
                (signed.output, signed.id.map(Which::Id))
            }
            Self::Cms(prepared) => prepared.finish_named(raw)?,
            Self::Container(prepared) => prepared.finish_named(raw)?,
        })
    }
}

fn payload<'a>(
    order: &Order<'a>,
    files: &[(String, String)],
) -> Result<Vec<asic::Payload<'a>>, DocumentError> {
    if files.len() != order.sources.len() {
        return Err(DocumentError::Files {
            given: order.sources.len(),
            wanted: files.len(),
        });
    }
    let files = files.iter().zip(&order.sources);
    let payload = files.map(|((name, mime), source)| asic::Payload {
        name: name.clone(),
        mime: mime.clone(),
        source: *source,
    });
    Ok(payload.collect())
}

fn only<'a>(order: &Order<'a>) -> Result<&'a dyn Source, DocumentError> {
    one(&order.sources).map(|source| source as &dyn Source)
}

fn one<S: Copy>(sources: &[S]) -> Result<S, DocumentError> {
    match sources {
        [source] => Ok(*source),
        others => Err(DocumentError::Files {
            given: others.len(),
            wanted: 1,
        }),
    }
}
