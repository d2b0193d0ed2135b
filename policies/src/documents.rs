//! How large documents may be, and which are refused for their looks. R124 speaks of one password for all documents of
//! a Session; the numbers are ours: what a machine of two cores reads without being held up by one document.

use serde::Deserialize;

use crate::{Looks, RuleError, bounds::within, size::Size};

/// Upper bounds of documents that are signed and judged.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Documents {
    /// Documents that one Activation signs. R124.
    pub together: u64,
    /// Bytes that a service holds for all documents of one Activation, beside the documents themselves.
    pub held: u64,
    /// Bytes of an XML document: canonicalising needs all of it in memory.
    pub xml: u64,
    /// Elements inside one another.
    pub xml_depth: u64,
    /// Elements, texts, comments and instructions of an XML document.
    pub xml_nodes: u64,
    /// Which documents are refused because their look may change.
    pub looks: Looks,
}

impl Documents {
    /// What Tamga runs with; a file may only lower it.
    pub const SHIPPED: Self = Self {
        together: 1_000,
        held: 256 << 20,
        xml: 32 << 20,
        xml_depth: 256,
        xml_nodes: 2_000_000,
        looks: Looks::Named,
    };

    /// Below, documents that people have would be refused.
    const LEAST: Self = Self {
        together: 1,
        held: 4 << 20,
        xml: 64 << 10,
        xml_depth: 32,
        xml_nodes: 10_000,
        looks: Looks::Named,
    };
}

impl Default for Documents {
    fn default() -> Self {
        Self::SHIPPED
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    together: u64,
    held: Size,
    xml: Size,
    xml_depth: u64,
    xml_nodes: u64,
    looks: Looks,
}

impl Default for Written {
    fn default() -> Self {
        let shipped = Documents::SHIPPED;
        Self {
            together: shipped.together,
            held: Size::new(shipped.held),
            xml: Size::new(shipped.xml),
            xml_depth: shipped.xml_depth,
            xml_nodes: shipped.xml_nodes,
            looks: shipped.looks,
        }
    }
}

impl TryFrom<Written> for Documents {
    type Error = RuleError;

    fn try_from(written: Written) -> Result<Self, RuleError> {
        let (least, most) = (Self::LEAST, Self::SHIPPED);
        let size = |rule, found, least, most| {
            within(rule, found, &(Size::new(least)..=Size::new(most))).map(Size::bytes)
        };
        let count = |rule, found, least, most| within(rule, found, &(least..=most));
        Ok(Self {
            together: count(
                "documents.together",
                written.together,
                least.together,
                most.together,
            )?,
            held: size("documents.held", written.held, least.held, most.held)?,
            xml: size("documents.xml", written.xml, least.xml, most.xml)?,
            xml_depth: count(
                "documents.xml_depth",
                written.xml_depth,
                least.xml_depth,
                most.xml_depth,
            )?,
            xml_nodes: count(
                "documents.xml_nodes",
                written.xml_nodes,
                least.xml_nodes,
                most.xml_nodes,
            )?,
            looks: written.looks,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Look;

    #[test]
    fn a_file_may_lower_sizes_and_refuse_looks() {
        let read = toml::from_str::<Documents>;
        assert_eq!(read("").unwrap(), Documents::SHIPPED);
        let stricter = read("xml = '1 MiB'\ntogether = 10\nlooks = ['script', 'xfa']").unwrap();
        assert_eq!((stricter.xml, stricter.together), (1 << 20, 10));
        assert!(stricter.looks.refuse(Look::Script) && !stricter.looks.refuse(Look::Link));
        assert_eq!(stricter.held, Documents::SHIPPED.held);
        for (text, why) in [
            (
                "xml = '33 MiB'",
                "documents.xml is 33 MiB, but may be 64 KiB to 32 MiB",
            ),
            ("together = 0", "documents.together is 0, but may be 1 to 1000"),
            ("held = '1 GiB'", "documents.held is 1 GiB"),
            ("xml = 1024", "invalid type"),
            ("pages = 3", "unknown field `pages`"),
        ] {
            let refused = read(text).unwrap_err().to_string();
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }
}
