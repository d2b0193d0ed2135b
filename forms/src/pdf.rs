//! The writer of paper: PDF/A-3a and PDF/UA-1, tagged, with the data attached as an associated file. R074.
//!
//! First everything is set on pages ([`setting`]), because a page says how many there are; then it is painted
//! ([`painting`]). Equal sheets give equal bytes: no clock, no chance.

mod line;
mod measuring;
mod page;
mod painting;
mod row;
mod setting;
mod tree;

use krilla::{
    Document, SerializeSettings,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    embed::{AssociationKind, EmbeddedFile, MimeType},
    error::KrillaError,
    metadata::{DateTime, Metadata},
};

use crate::{
    FormError, Languages,
    day::local,
    paper::{Form, Paper, Place},
    sheet::Sheet,
    terms,
};

/// Writes a sheet, and says where room was left for marks.
pub(crate) fn write<F: Form>(
    sheet: &Sheet,
    languages: Languages,
    paper: &Paper<F>,
    data: Vec<u8>,
) -> Result<(Vec<u8>, Vec<Place>), FormError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|fault| FormError::Format(format!("{fault:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let made_at = date(paper.made_at);
    let language = languages.first();
    document.set_metadata(
        Metadata::new()
            .title(sheet.title.line())
            .language(language.tag().to_owned())
            .producer("Tamga".to_owned())
            .document_id(format!("{}/{}", F::NAME, paper.number.as_str()))
            .creation_date(made_at),
    );
    let attached = document.embed_file(EmbeddedFile {
        path: Paper::<F>::ATTACHMENT.to_owned(),
        mime_type: MimeType::new("application/json"),
        description: Some(terms::ATTACHMENT.within(language).to_owned()),
        association_kind: AssociationKind::Data,
        data: data.into(),
        modification_date: Some(made_at),
        compress: Some(true),
        location: None,
    });
    if attached.is_none() {
        return Err(FormError::Format("the data were attached twice".to_owned()));
    }
    let title = sheet.title.0.first().map_or("", |span| span.text.as_str());
    let footer = format!("№ {} · {title}", paper.number.as_str());
    let set = setting::set(sheet)?;
    let places = set.places.clone();
    painting::paint(&mut document, set, &footer, language)?;
    let bytes = document.finish().map_err(|fault| match fault {
        KrillaError::Image(..) | KrillaError::SixteenBitImage(..) => FormError::Picture,
        other => FormError::Format(format!("{other:?}")),
    })?;
    Ok((bytes, places))
}

/// The instant as PDF has it.
fn date(time: domain::Time) -> DateTime {
    let at = local(time);
    let (hour, minute, second) = at.to_hms();
    DateTime::new(u16::try_from(at.year()).unwrap_or(0))
        .month(u8::from(at.month()))
        .day(at.day())
        .hour(hour)
        .minute(minute)
        .second(second)
        .utc_offset_hour(5)
        .utc_offset_minute(0)
}
