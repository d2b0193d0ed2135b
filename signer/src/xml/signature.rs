//! [`Signature`]: the parts of a `ds:Signature`, read by a grammar that finds each once and nothing between them.

mod reference;

use base64ct::{Base64, Encoding};

pub(super) use self::reference::Reference;
use super::{
    Limits, XmlFault,
    canonical::Canonicalisation,
    error::told,
    names::{DSIG, EXCLUSIVE, SIGNED_PROPERTIES, XADES},
    tree::{Element, NodeKind},
};

/// A signature as it stands in the document.
pub(super) struct Signature<'t, 'a> {
    pub(super) element: Element<'t, 'a>,
    pub(super) info: Element<'t, 'a>,
    pub(super) canonicalisation: Canonicalisation,
    /// The signature method's URI.
    pub(super) method: &'t str,
    pub(super) references: Vec<Reference<'t>>,
    pub(super) value: Element<'t, 'a>,
    pub(super) raw: Vec<u8>,
    pub(super) key_info: Option<Element<'t, 'a>>,
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) objects: Vec<Element<'t, 'a>>,
}

impl<'t, 'a> Signature<'t, 'a> {
    /// Reads the parts.
    pub(super) fn read(element: Element<'t, 'a>, limits: &Limits) -> Result<Self, XmlFault> {
        only_elements(element)?;
        let mut children = element.children().peekable();
        let mut next = |local: &str| children.next_if(|child| child.is(DSIG, local));
        let info = next("SignedInfo").ok_or(XmlFault::NoSignedInfo)?;
        let value = next("SignatureValue").ok_or(XmlFault::NoValue)?;
        let key_info = next("KeyInfo");
        let mut objects = Vec::new();
        while let Some(object) = next("Object") {
            objects.push(object);
        }
        if let Some(stranger) = children.next() {
            return Err(XmlFault::OutOfPlace {
                element: told(stranger.qualified()),
            });
        }
        let raw = base64_of(value)?;
        if raw.is_empty() {
            return Err(XmlFault::EmptyValue);
        }
        let (canonicalisation, method, references) = signed_info(info, limits)?;
        Ok(Self {
            element,
            info,
            canonicalisation,
            method,
            references,
            value,
            raw,
            key_info,
            certificates: key_info.map(certificates).transpose()?.unwrap_or_default(),
            objects,
        })
    }

    pub(super) fn id(&self) -> Option<&'t str> {
        self.element.attribute("", "Id")
    }

    /// The one `QualifyingProperties`, if there is any.
    pub(super) fn qualifying(&self) -> Result<Option<Element<'t, 'a>>, XmlFault> {
        let inside = self.objects.iter().flat_map(|object| object.children());
        let mut found = inside.filter(|child| child.is(XADES, "QualifyingProperties"));
        let first = found.next();
        if found.next().is_some() {
            return Err(XmlFault::QualifyingTwice);
        }
        let Some(qualifying) = first else { return Ok(None) };
        let target = qualifying
            .attribute("", "Target")
            .and_then(|uri| uri.strip_prefix('#'));
        if target.is_none() || target != self.id() {
            return Err(XmlFault::QualifyingForeign);
        }
        Ok(Some(qualifying))
    }

    /// Properties that the signature carries without having signed them.
    pub(super) fn unsigned(&self) -> impl Iterator<Item = Element<'t, 'a>> + use<'t, 'a> {
        let qualifying = self.qualifying().ok().flatten();
        let properties = qualifying
            .and_then(|qualifying| qualifying.only(XADES, "UnsignedProperties"))
            .and_then(|unsigned| unsigned.only(XADES, "UnsignedSignatureProperties"));
        properties.into_iter().flat_map(Element::children)
    }
}

impl Reference<'_> {
    /// Whether it says that it is to signed properties.
    pub(super) fn is_to_properties(&self) -> bool {
        self.kind == Some(SIGNED_PROPERTIES)
    }
}

fn signed_info<'t>(
    info: Element<'t, '_>,
    limits: &Limits,
) -> Result<(Canonicalisation, &'t str, Vec<Reference<'t>>), XmlFault> {
    only_elements(info)?;
    let mut children = info.children().peekable();
    let mut next = |local: &str| children.next_if(|child| child.is(DSIG, local));
    let canonical = next("CanonicalizationMethod").ok_or(XmlFault::NoCanonicalisation)?;
    let canonicalisation = canonicalisation(canonical)?;
    let method = next("SignatureMethod").ok_or(XmlFault::NoMethod)?;
    if let Some(parameter) = method.children().next() {
        // HMACOutputLength shortens what must agree; parameters of RSA-PSS replace what the method says.
        return Err(XmlFault::MethodParameter {
            parameter: told(parameter.qualified()),
        });
    }
    let algorithm = method.attribute("", "Algorithm").ok_or(XmlFault::MethodUnnamed)?;
    let mut references = Vec::new();
    while let Some(reference) = next("Reference") {
        if references.len() == limits.references {
            return Err(XmlFault::TooManyReferences {
                most: limits.references,
            });
        }
        references.push(Reference::read(reference)?);
    }
    match children.next() {
        Some(stranger) => Err(XmlFault::OutOfPlace {
            element: told(stranger.qualified()),
        }),
        None if references.is_empty() => Err(XmlFault::NoReference),
        None => Ok((canonicalisation, algorithm, references)),
    }
}

/// The canonicalisation that an element's `Algorithm` names, with its prefix list.
pub(super) fn canonicalisation(element: Element<'_, '_>) -> Result<Canonicalisation, XmlFault> {
    let uri = element.attribute("", "Algorithm").unwrap_or_default();
    let named = Canonicalisation::named(uri);
    let method = named.ok_or_else(|| XmlFault::CanonicalisationUnknown { uri: told(uri) })?;
    let mut children = element.children();
    let Some(list) = children.next() else {
        return Ok(method);
    };
    let prefixes = list.attribute("", "PrefixList");
    match prefixes {
        Some(prefixes)
            if !method.is_inclusive()
                && list.is(EXCLUSIVE, "InclusiveNamespaces")
                && children.next().is_none() =>
        {
            let prefixes = prefixes.split_ascii_whitespace();
            let prefixes = prefixes.map(|prefix| if prefix == "#default" { "" } else { prefix }.to_owned());
            Ok(method.including(prefixes.collect()))
        }
        _ => Err(XmlFault::CanonicalisationParameters { uri: told(uri) }),
    }
}

/// Every certificate in `ds:X509Data`. Whatever else `KeyInfo` says (names, bare keys, where to fetch one) is not signed
/// and not used.
fn certificates(key_info: Element<'_, '_>) -> Result<Vec<Vec<u8>>, XmlFault> {
    const MOST: usize = 32;
    let data = key_info.children().filter(|child| child.is(DSIG, "X509Data"));
    let found = data
        .flat_map(Element::children)
        .filter(|child| child.is(DSIG, "X509Certificate"));
    let found: Vec<_> = found.take(MOST + 1).collect();
    if found.len() > MOST {
        return Err(XmlFault::TooManyCertificates { most: MOST });
    }
    found.into_iter().map(base64_of).collect()
}

/// The bytes that an element's text stands for.
pub(super) fn base64_of(element: Element<'_, '_>) -> Result<Vec<u8>, XmlFault> {
    let refused = || XmlFault::NotBase64 {
        element: told(element.qualified()),
    };
    let text = element.text().ok_or_else(refused)?;
    let packed: String = text
        .chars()
        .filter(|character| !matches!(character, ' ' | '\t' | '\r' | '\n'))
        .collect();
    Base64::decode_vec(&packed).map_err(|_| refused())
}

/// Nothing but elements and white space stands in what is signed as structure: text or a comment there would be shown by
/// some and skipped by others.
fn only_elements(element: Element<'_, '_>) -> Result<(), XmlFault> {
    let strange = element
        .nodes()
        .filter_map(|id| element.tree.node(id))
        .any(|node| match &node.kind {
            NodeKind::Element(_) => false,
            NodeKind::Text(text) => !text.trim_matches([' ', '\t', '\r', '\n']).is_empty(),
            NodeKind::Comment(_) | NodeKind::Instruction { .. } => true,
        });
    if strange {
        return Err(XmlFault::Loose {
            element: told(element.qualified()),
        });
    }
    Ok(())
}
