//! [`Limits`]: how much of a document is read, and what is refused, in one value for signing, extending and judging.

use policies::{Documents, Looks};

use crate::xml;

/// Upper bounds for documents of every format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of XML.
    pub xml: xml::Limits,
    /// Documents of one act.
    pub together: usize,
    /// Bytes that one act holds, beside the documents themselves.
    pub held: u64,
    /// Which documents are refused because their look may change.
    pub looks: Looks,
}

impl From<&Documents> for Limits {
    fn from(rule: &Documents) -> Self {
        Self {
            xml: xml::Limits {
                bytes: rule.xml,
                depth: count(rule.xml_depth),
                nodes: count(rule.xml_nodes),
                text: count(rule.xml),
                ..xml::Limits::default()
            },
            together: count(rule.together),
            held: rule.held,
            looks: rule.looks.clone(),
        }
    }
}

/// What policy allows as shipped.
impl Default for Limits {
    fn default() -> Self {
        Self::from(&Documents::SHIPPED)
    }
}

fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
