//! Reading signatures to be judged: a [`Claim`] for each, with what it covers and what came after it.

use std::collections::BTreeSet;

use domain::Time;
use pki::timestamp::Token;

use super::{
    PdfError, PdfFault,
    appended::{self, Loose},
    comparison::{Budget, Sound, Standing, compare},
    dss,
    file::File,
    form::signature_fields,
    located::{Located, Prefix},
    object::{Dictionary, Object},
    permissions::of_document,
};
use crate::{
    Algorithm, Alteration, Change, Claim, Coverage, Covered, Fault, Format, Integrity, Material, Name, Named,
    Properties, Source, StampClaim, StampKind, What,
    cms::{Body, Content, SignedData},
    digest_of,
};

/// Each signature is compared with what came later, which costs time.
const MOST_SIGNATURES: usize = 100;

/// What the signatures of a PDF claim, in the order of their revisions. Document time stamps are told with the
/// signatures that they cover.
pub fn claims(source: &dyn Source) -> Result<Vec<Claim>, PdfError> {
    let file = File::open(source)?;
    let mut found = Vec::new();
    for field in signature_fields(&file)? {
        found.extend(Located::read(&file, field)?);
        if found.len() > MOST_SIGNATURES {
            return Err(PdfError::TooMuch {
                what: "signatures",
                most: MOST_SIGNATURES as u64,
            });
        }
    }
    disown_twins(&mut found);
    found.sort_by_key(Located::end);
    let mut ends = found.iter().filter_map(Located::end).collect::<Vec<_>>();
    ends.push(source.length());
    ends.dedup();
    let (stamps, signatures): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|located| is_stamp(&located.dictionary));
    let store = dss::read(&file)?;
    let stamps = stamps
        .into_iter()
        .map(|stamp| Seal::read(&file, stamp))
        .collect::<Result<Vec<_>, _>>()?;
    let loose = match ends.first() {
        Some(first) => appended::loose(&file, *first)?,
        None => Vec::new(),
    };
    let sound = stamps.iter().filter(|stamp| stamp.is_sound());
    let mut later = Later {
        budget: Budget::new(),
        loose,
        sound: sound.map(|stamp| (stamp.name.clone(), Standing::Stamp)).collect(),
    };
    let mut claims = Vec::new();
    // What came later is known first.
    for signature in signatures.into_iter().rev() {
        let number = ends.iter().position(|end| Some(*end) == signature.end());
        let revision = (number.map_or(0, |number| number + 1), ends.len());
        let field = signature.field.name.clone();
        let claim = claim(&file, signature, revision, (&store, &stamps), &later)?;
        if is_sound(&claim) {
            later.sound.insert(field, Standing::Signature);
        }
        claims.push(claim);
    }
    claims.reverse();
    Ok(claims)
}

/// What is known of all that came after a signature.
struct Later {
    budget: Budget,
    loose: Vec<Loose>,
    sound: Sound,
}

/// Whether it stands as it must and agrees with what it covers. Whose it is, is judged by itself.
fn is_sound(claim: &Claim) -> bool {
    claim.faults.is_empty()
        && claim.coverage != Coverage::Parts
        && !claim.covered.is_empty()
        && claim
            .covered
            .iter()
            .all(|covered| covered.integrity == Integrity::Intact)
}

fn is_stamp(dictionary: &Dictionary) -> bool {
    dictionary.says("Type", "DocTimeStamp") || dictionary.says("SubFilter", "ETSI.RFC3161")
}

/// One signature in two fields, or two fields of one name, leave open who signed what.
fn disown_twins(found: &mut [Located]) {
    let places = found
        .iter()
        .map(|located| (located.field.name.clone(), located.gap.clone()));
    let places = places.collect::<Vec<_>>();
    for (number, located) in found.iter_mut().enumerate() {
        let mut others = places.iter().enumerate().filter(|(other, _)| *other != number);
        if others
            .any(|(_, (name, gap))| *name == located.field.name || (!gap.is_empty() && *gap == located.gap))
        {
            located.faults.push(PdfFault::Twin);
        }
    }
}

/// A time stamp on everything before it.
struct Seal {
    name: String,
    end: Option<u64>,
    /// Whether it covers all of a revision.
    is_whole: bool,
    claim: StampClaim,
}

impl Seal {
    fn is_sound(&self) -> bool {
        self.is_whole && self.claim.imprint == Integrity::Intact
    }

    fn read(file: &File<'_>, mut located: Located) -> Result<Self, PdfError> {
        let source = file.source();
        let token = SignedData::read_padded(&located.value)
            .ok()
            .and_then(|signed| whole(&signed, &located.value));
        let before = earlier(file, &mut located)?;
        let covers = match before {
            Some(length) => dss::read(&file.earlier(&Prefix::new(source, length))?)?,
            None => Material::default(),
        };
        let parsed = token.as_deref().and_then(|der| Token::parse(der).ok());
        let imprint = match (
            parsed.map(|token| token.info().digest()),
            located.ranges.as_slice(),
        ) {
            _ if !located.faults.is_empty() => Integrity::Altered,
            (None, _) => Integrity::Altered,
            (Some(None), _) => Integrity::Unprovable,
            (Some(Some(stated)), ranges) if !ranges.is_empty() => {
                if digest_of(source, ranges, stated.algorithm())? == stated {
                    Integrity::Intact
                } else {
                    Integrity::Altered
                }
            }
            _ => Integrity::Missing,
        };
        Ok(Self {
            is_whole: before.is_some(),
            end: located.end(),
            name: located.field.name,
            claim: StampClaim {
                kind: StampKind::Archive,
                token: token.unwrap_or_default(),
                imprint,
                index: None,
                covers,
                seals: BTreeSet::new(),
            },
        })
    }
}

/// The token without the zeros after it.
fn whole(signed: &SignedData, padded: &[u8]) -> Option<Vec<u8>> {
    let length = match signed.content {
        Content::Attached(_) => der_length(padded)?,
        Content::Detached => return None,
    };
    padded.get(..length).map(<[u8]>::to_vec)
}

/// How long the first value of definite length is.
fn der_length(bytes: &[u8]) -> Option<usize> {
    let first = *bytes.get(1)?;
    if first < 0x80 {
        return Some(2 + usize::from(first));
    }
    let count = usize::from(first & 0x7F);
    let digits = bytes
        .get(2..2 + count)
        .filter(|digits| (1..=4).contains(&digits.len()))?;
    let length = digits
        .iter()
        .fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
    length.checked_add(2 + count)
}

/// Where the revision ends that a signature covers, if it is one: it must open by itself, with the same signature.
fn earlier(file: &File<'_>, located: &mut Located) -> Result<Option<u64>, PdfError> {
    let Some(end) = located.end() else {
        return Ok(None);
    };
    let prefix = Prefix::new(file.source(), end);
    let there = file.earlier(&prefix).and_then(|before| {
        let mut fields = signature_fields(&before)?.into_iter();
        let field = fields.find(|field| field.name == located.field.name);
        field.map_or(Ok(None), |field| Located::read(&before, field))
    });
    match there {
        Ok(Some(there)) if there.gap == located.gap && there.ranges == located.ranges => Ok(Some(end)),
        Err(PdfError::Source(error)) if matches!(error, crate::SourceError::Io(_)) => Err(error.into()),
        _ => {
            located.faults.push(PdfFault::NoRevision);
            Ok(None)
        }
    }
}

fn claim(
    file: &File<'_>,
    mut located: Located,
    (number, of): (usize, usize),
    (store, seals): (&Material, &[Seal]),
    came: &Later,
) -> Result<Claim, PdfError> {
    let source = file.source();
    let format = form(&mut located);
    let coverage = match earlier(file, &mut located)? {
        Some(end) if end == source.length() => Coverage::Whole,
        Some(end) => Coverage::Revision {
            number,
            of,
            changes: later(file, end, came)?,
        },
        None => Coverage::Parts,
    };
    let what = What::Revision { number, of };
    let read = if let Ok(signed) = SignedData::read_padded(&located.value) {
        if signed.signers.len() != 1 || signed.content != Content::Detached {
            located.faults.push(PdfFault::CmsShape);
        }
        let body = Body {
            what: what.clone(),
            coverage: coverage.clone(),
            source,
            ranges: located.ranges.clone(),
        };
        signed
            .claims((!located.ranges.is_empty()).then_some(&body))?
            .into_iter()
            .next()
    } else {
        located.faults.push(PdfFault::CmsUnreadable);
        None
    };
    let mut claim = read.unwrap_or_else(|| nothing(what));
    claim.format = format;
    claim.name = Name::Field {
        field: located.field.name.clone(),
    };
    claim.coverage = coverage;
    claim
        .faults
        .splice(0..0, located.faults.drain(..).map(Fault::from));
    claim.material = claim.material.and(store.clone());
    for seal in seals.iter().filter(|seal| seal.end > located.end()) {
        let mut stamp = seal.claim.clone();
        if seal.is_whole && stamp.imprint == Integrity::Intact {
            stamp.seals = claim.stamps.iter().map(StampClaim::digest).collect();
        }
        claim.stamps.push(stamp);
    }
    said(file, &located.dictionary, &mut claim.properties)?;
    Ok(claim)
}

/// What came after a revision.
fn later(file: &File<'_>, end: u64, came: &Later) -> Result<Vec<Change>, PdfError> {
    let prefix = Prefix::new(file.source(), end);
    let before = file.earlier(&prefix)?;
    let (rules, _) = of_document(&before)?;
    let mut changes = match compare(&before, file, (&rules, &came.sound), &came.budget) {
        Ok(changes) => changes,
        Err(PdfError::Source(error)) => return Err(error.into()),
        Err(_) => vec![Change {
            what: Alteration::Incomparable,
            harmless: false,
        }],
    };
    changes.extend(
        came.loose
            .iter()
            .filter(|loose| loose.at >= end)
            .map(|loose| Change {
                what: loose.what.clone(),
                harmless: false,
            }),
    );
    Ok(changes)
}

fn form(located: &mut Located) -> Format {
    let dictionary = &located.dictionary;
    let (format, fault) = match dictionary.get("SubFilter").and_then(Object::as_name) {
        Some(b"ETSI.CAdES.detached") => (Format::Pades, None),
        Some(b"adbe.pkcs7.detached") => (Format::PdfCms, None),
        Some(_) => (Format::PdfCms, Some(PdfFault::FormUnknown)),
        None => (Format::PdfCms, Some(PdfFault::FormMissing)),
    };
    located.faults.extend(fault);
    if !matches!(dictionary.get("Type"), None | Some(Object::Name(_))) || dictionary.get("Filter").is_none() {
        located.faults.push(PdfFault::NotASignature);
    }
    format
}

/// A signature whose CMS cannot be read claims nothing.
fn nothing(what: What) -> Claim {
    Claim {
        format: Format::PdfCms,
        name: Name::Field { field: String::new() },
        faults: Vec::new(),
        covered: vec![Covered {
            what,
            integrity: Integrity::Unprovable,
            digest: None,
            by_manifest: false,
        }],
        coverage: Coverage::Parts,
        signed: Vec::new(),
        algorithm: Algorithm {
            signature: Vec::new(),
            digest: String::new(),
        },
        value: Vec::new(),
        signer: Named::Absent,
        material: Material::default(),
        stamps: Vec::new(),
        properties: Properties::default(),
    }
}

/// What the dictionary says beside; the attributes of the CMS say it better.
fn said(file: &File<'_>, dictionary: &Dictionary, properties: &mut Properties) -> Result<(), PdfError> {
    let words = |key| Ok::<_, PdfError>(file.value(dictionary, key)?.to_words());
    let (name, reason, place, date) = (words("Name")?, words("Reason")?, words("Location")?, words("M")?);
    properties.name = properties.name.take().or(name);
    properties.reason = properties.reason.take().or(reason);
    properties.place = properties.place.take().or(place);
    if properties.time.is_none() {
        match date.as_deref().and_then(time) {
            Some(When::At(time)) => properties.time = Some(time),
            Some(When::Somewhere(time)) => properties.unzoned = Some(time),
            None => {}
        }
    }
    Ok(())
}

/// A date as a document writes it.
enum When {
    At(Time),
    /// In a zone that is not given.
    Somewhere(String),
}

/// `D:YYYYMMDDHHmmSSOHH'mm'` (7.9.4), if it is written to the second.
fn time(date: &str) -> Option<When> {
    let text = date.strip_prefix("D:")?;
    let digits = text
        .get(..14)
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let part = |start: usize, end: usize| digits.get(start..end);
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    let at = |zone: &str| {
        let time = format!("{year}-{month}-{day}T{hour}:{minute}:{second}{zone}");
        Time::parse_rfc3339(&time).ok()
    };
    let zone = text.get(14..)?.replace('\'', "");
    match zone.split_at_checked(3) {
        Some((hours, minutes)) if hours.starts_with(['+', '-']) => {
            let minutes = if minutes.is_empty() { "00" } else { minutes };
            at(&format!("{hours}:{minutes}")).map(When::At)
        }
        _ if zone.starts_with('Z') => at("Z").map(When::At),
        // A date that is one in some zone.
        _ if zone.is_empty() => {
            at("Z").map(|_| When::Somewhere(format!("{year}-{month}-{day} {hour}:{minute}:{second}")))
        }
        _ => None,
    }
}
