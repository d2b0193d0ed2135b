//! Which canonicalisations there are, and the prefix list that an exclusive one may have.

use super::{super::TbsError, element::Elements, named};

const EXCLUSIVE: [&str; 2] = [
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
];
const INCLUSIVE: [&str; 4] = [
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2006/12/xml-c14n11#WithComments",
];

/// Reads `CanonicalizationMethod`, which says how these very octets were written, and holds them to it.
pub(super) fn method(elements: &mut Elements<'_>) -> Result<(), TbsError> {
    let uri = elements.open_algorithm("CanonicalizationMethod")?;
    if !is_canonicalisation(&uri) {
        return Err(TbsError::Canonicalisation { uri: named(&uri) });
    }
    let listed = prefix_list(elements, &uri)?;
    if is_exclusive(&uri) && !elements.suits_exclusive(&listed) {
        return Err(elements
            .cursor
            .fault("no more at the apex than exclusive canonicalisation writes"));
    }
    elements.cursor.space();
    elements.close("CanonicalizationMethod")
}

/// Whether this is one of the six.
pub(super) fn is_canonicalisation(uri: &str) -> bool {
    is_exclusive(uri) || INCLUSIVE.contains(&uri)
}

/// What may stand inside an element that names this canonicalisation.
pub(super) fn prefix_list(elements: &mut Elements<'_>, uri: &str) -> Result<Vec<String>, TbsError> {
    elements.cursor.space();
    if is_exclusive(uri) {
        elements.inclusive_namespaces()
    } else {
        Ok(Vec::new())
    }
}

fn is_exclusive(uri: &str) -> bool {
    EXCLUSIVE.contains(&uri)
}
