//! [`Reference`]: what is referenced, and by which steps of a closed list it becomes octets.

use super::{base64_of, canonicalisation, only_elements};
use crate::xml::{
    XmlFault,
    canonical::Canonicalisation,
    error::told,
    names::{BASE64, DSIG, ENVELOPED, XPATH},
    tree::Element,
};

const MOST_TRANSFORMS: usize = 8;

/// `ds:Reference`.
pub(in crate::xml) struct Reference<'t> {
    pub(in crate::xml) uri: Option<&'t str>,
    /// Its `Type`.
    pub(in crate::xml) kind: Option<&'t str>,
    pub(in crate::xml) transforms: Transforms,
    /// The digest method's URI.
    pub(in crate::xml) method: &'t str,
    pub(in crate::xml) digest: Vec<u8>,
}

/// The steps, in the one order in which they mean something: parts are left out, then octets are made.
#[derive(Clone, Debug, Default)]
pub(in crate::xml) struct Transforms {
    /// Without the signature itself.
    pub(in crate::xml) enveloped: bool,
    /// Without any signature.
    pub(in crate::xml) no_signatures: bool,
    /// As the bytes that base64 text stands for.
    pub(in crate::xml) base64: bool,
    /// As canonical octets.
    pub(in crate::xml) canonical: Option<Canonicalisation>,
}

impl<'t> Reference<'t> {
    pub(super) fn read(element: Element<'t, '_>) -> Result<Self, XmlFault> {
        only_elements(element)?;
        let mut children = element.children().peekable();
        let mut next = |local: &str| children.next_if(|child| child.is(DSIG, local));
        let transforms = next("Transforms").map(Transforms::read).transpose()?;
        let method = next("DigestMethod").and_then(|method| method.attribute("", "Algorithm"));
        let method = method.ok_or(XmlFault::NoDigestMethod)?;
        let value = next("DigestValue").ok_or(XmlFault::NoDigest)?;
        if let Some(stranger) = children.next() {
            return Err(XmlFault::OutOfPlace {
                element: told(stranger.qualified()),
            });
        }
        Ok(Self {
            uri: element.attribute("", "URI"),
            kind: element.attribute("", "Type"),
            transforms: transforms.unwrap_or_default(),
            method,
            digest: base64_of(value)?,
        })
    }
}

impl Transforms {
    fn read(element: Element<'_, '_>) -> Result<Self, XmlFault> {
        only_elements(element)?;
        let mut steps = Self::default();
        for (number, transform) in element.children().enumerate() {
            let uri = transform.attribute("", "Algorithm").unwrap_or_default();
            if number == MOST_TRANSFORMS || !transform.is(DSIG, "Transform") {
                return Err(XmlFault::Transforms {
                    most: MOST_TRANSFORMS,
                });
            }
            if steps.base64 || steps.canonical.is_some() {
                return Err(XmlFault::TransformOrder { uri: told(uri) });
            }
            match uri {
                ENVELOPED => steps.enveloped = true,
                XPATH if leaves_signatures_out(transform) => steps.no_signatures = true,
                XPATH => return Err(XmlFault::TransformXPath),
                BASE64 => steps.base64 = true,
                _ => match canonicalisation(transform) {
                    Ok(method) => steps.canonical = Some(method),
                    Err(_) => return Err(XmlFault::TransformUnknown { uri: told(uri) }),
                },
            }
        }
        Ok(steps)
    }
}

/// `not(ancestor-or-self::ds:Signature)`, the one expression that is read, with whatever prefix means `XMLDSig` there.
fn leaves_signatures_out(transform: Element<'_, '_>) -> bool {
    let expression = transform
        .only(DSIG, "XPath")
        .filter(|_| transform.children().count() == 1);
    expression.is_some_and(|expression| {
        let text = expression.text().unwrap_or_default();
        let name = text
            .trim_matches([' ', '\t', '\r', '\n'])
            .strip_prefix("not(ancestor-or-self::")
            .and_then(|rest| rest.strip_suffix(":Signature)"));
        name.is_some_and(|prefix| expression.in_scope().contains(&(prefix, DSIG)))
    })
}
