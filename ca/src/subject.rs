//! Whom a certificate names, attribute by attribute; the profile decides which must stand there and in what order.

use std::collections::BTreeSet;

use domain::{Bin, Iin};
use pki::{Distinguished, NameError, x509_cert::name::Name};
use policies::{CertificateProfile, NameAttribute, Oid};
use serde::{Deserialize, Serialize};

/// Attributes of a subject. The country is always KZ and not given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Subject {
    /// `CN`.
    pub common_name: Option<String>,
    /// `SN`.
    pub surname: Option<String>,
    /// `GN`: the patronymic.
    pub given_name: Option<String>,
    /// The natural person.
    pub iin: Option<Iin>,
    /// `O`.
    pub organization: Option<String>,
    /// The legal person.
    pub bin: Option<Bin>,
    /// The identifier of an information system, dotted.
    pub system: Option<Oid>,
}

/// A subject does not fit its profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// An attribute is missing.
    #[error("a certificate of this kind must name the subject's {0}")]
    Missing(&'static str),
    /// An attribute has no place.
    #[error("a certificate of this kind does not name the subject's {0}; leave it out")]
    Foreign(&'static str),
    /// An attribute cannot be written.
    #[error(transparent)]
    Name(#[from] NameError),
}

impl Subject {
    /// The name, as the profile orders it.
    pub fn name(&self, profile: &CertificateProfile) -> Result<Name, SubjectError> {
        let given = self.given();
        let known = |attribute| profile.name.iter().any(|rule| rule.attribute == attribute);
        if let Some(foreign) = given.iter().find(|attribute| !known(**attribute)) {
            return Err(SubjectError::Foreign(foreign.name()));
        }
        let legal = [NameAttribute::Bin, NameAttribute::OrganizationIdentifier];
        if self.bin.is_some() && !legal.into_iter().any(known) {
            return Err(SubjectError::Foreign(NameAttribute::Bin.name()));
        }
        let mut name = Distinguished::new();
        for rule in &profile.name {
            name = match self.write(name, rule.attribute)? {
                Ok(written) => written,
                Err(_) if rule.required => return Err(SubjectError::Missing(rule.attribute.name())),
                Err(unchanged) => unchanged,
            };
        }
        Ok(name.finish())
    }

    /// Everything that is given; a legal person is named in one of two ways, by the profile's choice.
    fn given(&self) -> BTreeSet<NameAttribute> {
        let given = [
            (NameAttribute::CommonName, self.common_name.is_some()),
            (NameAttribute::Surname, self.surname.is_some()),
            (NameAttribute::GivenName, self.given_name.is_some()),
            (NameAttribute::Iin, self.iin.is_some()),
            (NameAttribute::Organization, self.organization.is_some()),
            (NameAttribute::System, self.system.is_some()),
        ];
        given
            .into_iter()
            .filter_map(|(attribute, there)| there.then_some(attribute))
            .collect()
    }

    /// The name with the attribute, or the name as it was when nothing is given.
    fn write(
        &self,
        name: Distinguished,
        attribute: NameAttribute,
    ) -> Result<Result<Distinguished, Distinguished>, NameError> {
        let text = |name: Distinguished,
                    value: &Option<String>,
                    write: fn(Distinguished, &str) -> Result<Distinguished, NameError>| {
            match value {
                None => Ok(Err(name)),
                Some(value) => write(name, value).map(Ok),
            }
        };
        match attribute {
            NameAttribute::CommonName => text(name, &self.common_name, Distinguished::common_name),
            NameAttribute::Surname => text(name, &self.surname, Distinguished::surname),
            NameAttribute::GivenName => text(name, &self.given_name, Distinguished::given_name),
            NameAttribute::Organization => text(name, &self.organization, Distinguished::organization),
            NameAttribute::System => match &self.system {
                None => Ok(Err(name)),
                Some(oid) => name.system(oid.as_str()).map(Ok),
            },
            NameAttribute::Country => name.kazakhstan().map(Ok),
            NameAttribute::Iin => self
                .iin
                .map_or(Ok(Err(name.clone())), |iin| name.iin(iin).map(Ok)),
            NameAttribute::Bin => self
                .bin
                .map_or(Ok(Err(name.clone())), |bin| name.bin(bin).map(Ok)),
            NameAttribute::OrganizationIdentifier => self.bin.map_or(Ok(Err(name.clone())), |bin| {
                name.organization_identifier(bin).map(Ok)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::CertificateKind;
    use policies::Certificates;

    use super::*;

    fn person() -> Subject {
        Subject {
            common_name: Some("ӘБДІРАХМАНОВА ҮМІТ".to_owned()),
            surname: Some("ӘБДІРАХМАНОВА".to_owned()),
            iin: Some("990101300016".parse().unwrap_or_else(|_| sample_iin())),
            ..Subject::default()
        }
    }

    /// An IIN whose check digit fits.
    fn sample_iin() -> Iin {
        (0..10)
            .find_map(|digit| format!("99010130001{digit}").parse().ok())
            .unwrap()
    }

    #[test]
    fn the_profile_says_what_stands_in_a_name_and_in_what_order() {
        let profiles = Certificates::shipped().unwrap();
        let profile = profiles.profile(CertificateKind::NaturalPerson).unwrap();
        let name = person().name(profile).unwrap();
        assert_eq!(name.len(), 4);
        let patronymic = Subject {
            given_name: Some("СЕРІКҚЫЗЫ".to_owned()),
            ..person()
        };
        assert_eq!(patronymic.name(profile).unwrap().len(), 5);

        let nameless = Subject {
            surname: None,
            ..person()
        };
        assert_eq!(nameless.name(profile), Err(SubjectError::Missing("surname")));
        let company = Subject {
            organization: Some("Банк".to_owned()),
            ..person()
        };
        assert_eq!(company.name(profile), Err(SubjectError::Foreign("organization")));
        // Characters that nobody sees: in either direction, of no width, or only in the middle.
        for unseen in [
            "А\u{202E}Б",
            "А\u{200D}Б",
            "А\u{AD}Б",
            "А\u{FEFF}Б",
            "А\u{E0041}Б",
            "А\u{2028}Б",
            "А\u{85}Б",
        ] {
            let hidden = Subject {
                surname: Some(unseen.to_owned()),
                ..person()
            };
            assert!(
                matches!(hidden.name(profile), Err(SubjectError::Name(_))),
                "{unseen:?}"
            );
        }
        let padded = Subject {
            surname: Some(" А".to_owned()),
            ..person()
        };
        assert!(matches!(padded.name(profile), Err(SubjectError::Name(_))));
    }
}
