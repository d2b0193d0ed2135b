//! Who a paper speaks of: an [`Organisation`], a [`Subject`], an [`Official`], a [`Product`].

use domain::{Bin, Iin};
use serde::{Deserialize, Serialize};

use crate::{Languages, Words, draft::Fields, said::Said, terms};

/// An organisation with what identifies it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Its full name.
    pub name: Words,
    /// Its business identification number.
    pub bin: Bin,
    /// Where it has its seat.
    pub address: Words,
    /// How it is reached.
    pub contact: Words,
}

/// A person whom something was done with or for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The national number: the identification data of the sources.
    pub iin: Iin,
    /// The full name, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Words>,
    /// The organisation for which the person acts. R078.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acts_for: Option<Bin>,
}

/// Who signs for an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Official {
    /// The full name.
    pub name: Words,
    /// The position.
    pub position: Words,
    /// Charter, order or power of attorney.
    pub basis: Words,
}

/// A Supplier's product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Who made it.
    pub supplier: Words,
    /// Its full name.
    pub name: Words,
    /// Its version.
    pub version: Words,
}

impl Organisation {
    pub(crate) fn fill(&self, fields: &mut Fields) {
        fields.said(terms::NAME, &self.name);
        fields.plain(terms::BIN, self.bin);
        fields.said(terms::ADDRESS, &self.address);
        fields.said(terms::CONTACT, &self.contact);
    }

    /// As it stands on the head of a paper.
    pub(crate) fn head(&self, languages: Languages) -> Said {
        let below = [
            format!("{} {}", terms::SHORT_BIN.said(languages).line(), self.bin),
            self.address.as_str().into(),
            self.contact.as_str().into(),
        ];
        Said::from(&self.name).and(Said::plain(&below.join(" · ")))
    }

    /// On one line.
    pub(crate) fn said(&self) -> Said {
        Said::plain(&format!("{}, {}", self.name.as_str(), self.bin))
    }
}

impl Subject {
    pub(crate) fn fill(&self, fields: &mut Fields) {
        fields.plain(terms::IIN, self.iin);
        if let Some(name) = &self.name {
            fields.said(terms::FULL_NAME, name);
        }
        if let Some(bin) = self.acts_for {
            fields.plain(ACTS_FOR, bin);
        }
    }

    /// Who signs.
    pub(crate) fn said(&self) -> Said {
        self.name
            .as_ref()
            .map_or_else(|| Said::plain(&self.iin.to_string()), Said::from)
    }
}

impl Official {
    pub(crate) fn fill(&self, fields: &mut Fields) {
        fields.said(terms::FULL_NAME, &self.name);
        fields.said(terms::POSITION, &self.position);
        fields.said(terms::BASIS, &self.basis);
    }

    pub(crate) fn said(&self) -> Said {
        Said::from(&self.name).and(Said::from(&self.position))
    }
}

impl Product {
    pub(crate) fn fill(&self, fields: &mut Fields) {
        fields.said(terms::SUPPLIER, &self.supplier);
        fields.said(
            terms::SOLUTION,
            Said::plain(&format!("{}, {}", self.name.as_str(), self.version.as_str())),
        );
    }
}

const ACTS_FOR: crate::said::Term = crate::said::Term::new(
    "Атынан әрекет ететін заңды тұлғаның БСН-і",
    "БИН юридического лица, от имени которого действует",
    "BIN of the legal entity that is acted for",
);
