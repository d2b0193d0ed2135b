//! [`Holder`]: whom a name names, in the parts that a person looks for.

use domain::{Bin, Iin};

use crate::distinguished::attributes;

/// Whom a certificate names. What the name does not have, or not as its standard has it, is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Surname, given name and patronymic; of a machine, what it is.
    pub name: Option<String>,
    /// The individual identification number.
    pub iin: Option<Iin>,
    /// The organization.
    pub organization: Option<String>,
    /// Its business identification number.
    pub bin: Option<Bin>,
    /// The country.
    pub country: Option<String>,
}

impl Holder {
    /// Reads a DER `Name`; one that does not read names nobody.
    pub(crate) fn of(name: &[u8]) -> Self {
        let attributes = attributes(name).unwrap_or_default();
        let text = |id: &str| {
            let found = attributes.iter().flatten().find(|one| one.id.to_string() == id)?;
            let text: String = found
                .text()?
                .chars()
                .map(|letter| if letter.is_control() { ' ' } else { letter })
                .collect();
            Some(text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let number = |id, prefix| text(id).and_then(|text| Some(text.strip_prefix(prefix)?.to_owned()));
        let iin: Option<Iin> = number("2.5.4.5", "IIN").and_then(|digits| digits.parse().ok());
        let bin = number("2.5.4.11", "BIN").or_else(|| number("2.5.4.97", "NTRKZ-"));
        let [common, surname, given] = ["2.5.4.3", "2.5.4.4", "2.5.4.42"].map(text);
        let has = |whole: &str, part: &str| whole.split_whitespace().any(|word| word == part);
        let name = match (common, surname, given) {
            // In national certificates the common name is surname and name, and GN is the patronymic.
            (Some(common), _, Some(given)) if iin.is_some() && !has(&common, &given) => {
                Some(format!("{common} {given}"))
            }
            (Some(common), ..) => Some(common),
            (None, Some(surname), Some(given)) => Some(format!("{surname} {given}")),
            (None, surname, given) => surname.or(given),
        };
        Self {
            name,
            iin,
            organization: text("2.5.4.10"),
            bin: bin.and_then(|digits| digits.parse().ok()),
            country: text("2.5.4.6"),
        }
    }
}

#[cfg(test)]
mod tests {
    use der::Encode as _;

    use super::*;
    use crate::Distinguished;

    #[test]
    fn a_national_name_is_told_in_the_parts_that_people_know() {
        let iin: Iin = "850412400012".parse().unwrap();
        let name = Distinguished::new()
            .common_name("ТЕСТОВ АЛИХАН, IIN=1")
            .and_then(|name| name.surname("ТЕСТОВ"))
            .and_then(|name| name.iin(iin))
            .and_then(Distinguished::kazakhstan)
            .and_then(|name| name.given_name("СЕРІКҰЛЫ"))
            .and_then(|name| name.organization("«Дала Банк» АҚ"))
            .unwrap();
        let holder = Holder::of(&name.finish().to_der().unwrap());
        assert_eq!(holder.name.as_deref(), Some("ТЕСТОВ АЛИХАН, IIN=1 СЕРІКҰЛЫ"));
        assert_eq!(holder.iin, Some(iin));
        assert_eq!(holder.organization.as_deref(), Some("«Дала Банк» АҚ"));
        assert_eq!((holder.bin, holder.country.as_deref()), (None, Some("KZ")));
        assert_eq!(Holder::of(b"junk"), Holder::default());
    }
}
