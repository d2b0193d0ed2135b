//! [`Prepared`]: a PDF with everything in it but the signature's value. EN 319 142-1.

use core::ops::Range;

use domain::{Digest, Time};
use hsm::{RawSignature, ToBeSigned};
use serde::{Deserialize, Serialize};

use super::{
    Intent, Options, PdfError, Permission, extensions,
    file::File,
    hole::{Blank, Hollow},
    object::{Dictionary, Object, Reference},
    permissions::{Rules, of_document, permission_parameters, signature_reference},
    placing::{self, Target},
    seed::{Demands, demands},
    unpacked::Unpacking,
    update::Update,
    xfa,
};
use crate::{Output, SigningCertificate, Source, cms};

/// A PDF that waits for the signature's value.
#[derive(Clone, Debug)]
pub struct Prepared {
    record: Record,
    attributes: cms::Attributes,
}

/// What must be written down of a prepared PDF, so that it is the same after a restart.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    hollow: Hollow,
    field: String,
    shown: Digest,
}

impl Prepared {
    /// Appends a signature to a PDF. Refuses what cannot be signed so that everybody reads it alike.
    pub fn new(
        source: &dyn Source,
        certificate: &SigningCertificate,
        options: &Options<'_>,
    ) -> Result<Self, PdfError> {
        Self::within(source, certificate, options, &Unpacking::default())
    }

    /// The same for one of several PDFs that share what may be unpacked of them.
    pub fn within(
        source: &dyn Source,
        certificate: &SigningCertificate,
        options: &Options<'_>,
        unpacking: &Unpacking,
    ) -> Result<Self, PdfError> {
        let file = File::within(source, unpacking)?;
        xfa::refuse_dynamic(&file)?;
        let (rules, signatures) = of_document(&file)?;
        let target = placing::target(&file, options.field.as_deref())?;
        let demands = match &target {
            Target::Empty(field, _) => demands(&file, field, options.reason.as_deref(), certificate)?,
            Target::New(_) => Demands::default(),
        };
        permit(&rules, signatures, options.intent, &target)?;
        let wanted = demands.intent.unwrap_or(options.intent);
        if let (Target::Empty(field, _), true) = (&target, wanted != options.intent) {
            return Err(PdfError::Field {
                name: field.name.clone(),
                what: "its author demands another kind of signature: approval or certification, with its permission".into(),
            });
        }
        let hash = certificate.profile().hash();
        let reserved = cms::Attributes::new(certificate, &hash.digest(b""))
            .and_then(|attributes| attributes.space(options.reserve.get()))
            .map_err(|error| PdfError::Cms(error.to_string()))?;
        let dictionary = signature(file.root()?, options, &demands);
        let blank = Blank::new(&dictionary, reserved);
        let (hollow, field) = append(&file, &blank, target, options, signatures == 0)?;
        let shown = hollow.digest(source, hash)?;
        let record = Record { hollow, field, shown };
        Self::of(record, certificate)
    }

    /// The same again, of what was written down.
    pub(crate) fn of(record: Record, certificate: &SigningCertificate) -> Result<Self, PdfError> {
        let attributes = cms::Attributes::new(certificate, &record.shown)
            .map_err(|error| PdfError::Cms(error.to_string()))?;
        Ok(Self { record, attributes })
    }

    /// What must be written down.
    pub(crate) const fn record(&self) -> &Record {
        &self.record
    }

    /// How many bytes it holds of its own.
    pub(crate) fn held(&self) -> usize {
        self.record.hollow.length() + self.record.field.len()
    }

    /// The name of the field.
    pub fn field(&self) -> &str {
        &self.record.field
    }

    /// The digest of what the device shows: [`Prepared::output`] without the string of zeros.
    pub const fn shown(&self) -> Digest {
        self.record.shown
    }

    /// The two ranges of the file that are signed: all of it but the string of zeros with its brackets.
    pub fn ranges(&self) -> [Range<u64>; 2] {
        self.record.hollow.ranges()
    }

    /// What the boundary checks and the key signs.
    pub fn to_be_signed(&self) -> ToBeSigned {
        self.attributes.to_be_signed()
    }

    /// The file that the device shows and hashes.
    pub fn output(&self) -> Output {
        self.record.hollow.output()
    }

    /// The signed file, at level B.
    pub fn finish(self, raw: &RawSignature) -> Result<Output, PdfError> {
        let signed = self
            .attributes
            .finish(raw)
            .map_err(|error| PdfError::Cms(error.to_string()))?;
        let der = signed
            .to_der()
            .map_err(|error| PdfError::Cms(error.to_string()))?;
        self.record.hollow.fill(&der)
    }
}

/// Refuses what earlier signatures forbid.
fn permit(rules: &Rules, signatures: usize, intent: Intent, target: &Target) -> Result<(), PdfError> {
    if rules.permission == Some(Permission::Nothing) {
        return Err(PdfError::Forbidden {
            by: "the certification of this document".into(),
            what: "no change at all is permitted, not even another signature",
        });
    }
    if signatures > 0 && matches!(intent, Intent::Certification(_)) {
        return Err(PdfError::Forbidden {
            by: "an earlier signature".into(),
            what: "only the first signature can certify",
        });
    }
    match target {
        Target::Empty(field, _) if rules.locks.iter().any(|lock| lock.holds(&field.name)) => {
            Err(PdfError::Forbidden {
                by: "an earlier signature".into(),
                what: "it has locked this field; use another",
            })
        }
        Target::Empty(..) | Target::New(_) => Ok(()),
    }
}

/// The signature dictionary, but for what is written around the value.
fn signature(root: Reference, options: &Options<'_>, demands: &Demands) -> Dictionary {
    let mut dictionary = Dictionary::new()
        .with("Type", Object::name("Sig"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.CAdES.detached"));
    let words = [
        ("Name", &options.name),
        ("Reason", &options.reason),
        ("Location", &options.location),
        ("ContactInfo", &options.contact),
    ];
    for (key, words) in words {
        if let Some(words) = words {
            dictionary.set(key, Object::text(words));
        }
    }
    if let Some(time) = options.time {
        dictionary.set("M", Object::Text(date(time)));
    }
    let mut references = Vec::new();
    let permission = match options.intent {
        Intent::Approval => demands.permission,
        Intent::Certification(permission) => Some(
            demands
                .permission
                .map_or(permission, |demanded| demanded.min(permission)),
        ),
    };
    if let Some(permission) = permission {
        let parameters = permission_parameters(permission);
        references.push(signature_reference("DocMDP", parameters, root));
    }
    if let Some(lock) = &demands.lock {
        references.push(signature_reference("FieldMDP", lock.parameters(), root));
    }
    if !references.is_empty() {
        dictionary.set("Reference", Object::Array(references));
    }
    dictionary
}

/// `D:YYYYMMDDHHmmSSZ` (7.9.4).
fn date(time: Time) -> Vec<u8> {
    let digits = time.whole_second().to_string();
    let digits = digits.bytes().filter(u8::is_ascii_digit).take(14);
    b"D:".iter().copied().chain(digits).chain([b'Z']).collect()
}

pub(super) fn append(
    file: &File<'_>,
    blank: &Blank,
    target: Target,
    options: &Options<'_>,
    is_first: bool,
) -> Result<(Hollow, String), PdfError> {
    let mut update = Update::new(file);
    let signature = update.reserve();
    let at = update.put_body(signature, &blank.body);
    let place = options.place.as_ref();
    let (name, new) = match target {
        Target::Empty(field, reference) => {
            placing::fill(&mut update, (&field, reference), signature, place);
            (field.name, None)
        }
        Target::New(name) => {
            let field = placing::make(&mut update, file, (&name, signature), place, is_first)?;
            (name, Some(field))
        }
    };
    let mut catalog = file.catalog()?;
    let mut changed = placing::enter(&mut update, file, &mut catalog, new)?;
    if let Intent::Certification(_) = options.intent {
        let permissions = file.dictionary(&catalog, "Perms")?.unwrap_or_default();
        let permissions = permissions.with("DocMDP", Object::Reference(signature));
        catalog.set("Perms", Object::Dictionary(permissions));
        changed = true;
    }
    if is_first {
        changed |= extensions::declare(file, &mut catalog)?;
    }
    if changed {
        update.put(file.root()?, &Object::Dictionary(catalog));
    }
    let tail = update.finish(&options.chance)?;
    let hollow = Hollow::new(file.source().length(), tail, blank, at)?;
    Ok((hollow, name))
}
