//! [`Stranger`]: what stands in a signature and is no part of one, where programs find it and people read it.
//!
//! The enveloped transform leaves out all of a signature, with whatever somebody put into it afterwards. What a signature
//! may carry without having signed it is known by name; everything else is told.

use super::super::{
    document::Document,
    names::{DSIG, EXCLUSIVE, XADES, XADES141},
    tree::{Element, NodeKind},
};
use crate::{Alteration, Uncovered};

/// Something inside a signature that no signature has.
pub(super) struct Stranger<'t, 'a> {
    pub(super) element: Element<'t, 'a>,
    /// Whether more of them are not told; then this one is, covered or not.
    pub(super) is_last: bool,
}

impl Stranger<'_, '_> {
    /// What it is.
    pub(super) fn what(&self) -> Alteration {
        let path = self.element.path();
        if self.is_last {
            Alteration::Strangers { path }
        } else {
            Alteration::Stranger { path }
        }
    }
}

/// As what no signature of a part covers.
impl From<&Stranger<'_, '_>> for Uncovered {
    fn from(stranger: &Stranger<'_, '_>) -> Self {
        let path = stranger.element.path();
        if stranger.is_last {
            Self::Strangers { path }
        } else {
            Self::Stranger { path }
        }
    }
}

/// All strangers of a document: those around its signatures, where there is nothing but signatures, then those inside, in
/// their order.
pub(super) fn strangers<'t, 'a>(document: &Document<'t, 'a>) -> Vec<Stranger<'t, 'a>> {
    let mut found = Vec::new();
    if let Some(root) = document.tree.root().filter(is_for_signatures) {
        if has_words(root) {
            add(root, &mut found);
        }
        for child in root.children().filter(|child| !child.is(DSIG, "Signature")) {
            add(child, &mut found);
        }
    }
    for signature in document.signatures() {
        for part in signature.children() {
            if part.is(DSIG, "KeyInfo") {
                within(part, KEY_INFO, &mut found);
            } else if part.is(DSIG, "Object") {
                object(part, &mut found);
            } else if !(part.is(DSIG, "SignedInfo") || part.is(DSIG, "SignatureValue")) {
                add(part, &mut found);
            }
        }
    }
    found
}

/// Whether an element is one that a container's signatures stand in (EN 319 162-1, A.5; ODF 1.2, part 3, 5.2).
fn is_for_signatures(element: &Element<'_, '_>) -> bool {
    element.is(ASIC, "XAdESSignatures") || element.is(ODF, "document-signatures")
}

fn object<'t, 'a>(object: Element<'t, 'a>, found: &mut Vec<Stranger<'t, 'a>>) {
    if has_words(object) {
        add(object, found);
        return;
    }
    for child in object.children() {
        if child.is(XADES, "QualifyingProperties") {
            qualifying(child, found);
        } else {
            add(child, found);
        }
    }
}

fn qualifying<'t, 'a>(qualifying: Element<'t, 'a>, found: &mut Vec<Stranger<'t, 'a>>) {
    if has_words(qualifying) {
        add(qualifying, found);
    }
    for child in qualifying.children() {
        if child.is(XADES, "UnsignedProperties") {
            if has_words(child) {
                add(child, found);
            }
            for properties in child.children() {
                if properties.is(XADES, "UnsignedSignatureProperties") {
                    within(properties, UNSIGNED, found);
                } else {
                    add(properties, found);
                }
            }
        } else if !child.is(XADES, "SignedProperties") {
            add(child, found);
        }
    }
}

/// Everything inside an element that is not of these names, and everything with words beside its elements. Signatures
/// inside are looked at for themselves.
fn within<'t, 'a>(around: Element<'t, 'a>, known: &[(&str, &[&str])], found: &mut Vec<Stranger<'t, 'a>>) {
    let mut after = 0;
    for element in around.descendants() {
        if element.id().0 < after {
            continue;
        }
        let is_known = known
            .iter()
            .any(|(namespace, names)| names.contains(&element.local()) && element.namespace() == *namespace);
        let is_signature = element.is(DSIG, "Signature");
        let is_top = element.id() == around.id();
        if is_signature {
            after = element.node.after;
        } else if !(is_known || is_top)
            || (has_words(element) && (is_top || element.children().next().is_some()))
        {
            after = element.node.after;
            add(element, found);
        }
    }
}

fn has_words(element: Element<'_, '_>) -> bool {
    let mut nodes = element.nodes().filter_map(|id| element.tree.node(id));
    nodes.any(|node| match &node.kind {
        NodeKind::Text(text) => !text.trim_ascii().is_empty(),
        NodeKind::Instruction { .. } => true,
        NodeKind::Element(_) | NodeKind::Comment(_) => false,
    })
}

fn add<'t, 'a>(element: Element<'t, 'a>, found: &mut Vec<Stranger<'t, 'a>>) {
    if found.len() < MOST {
        let is_last = found.len() + 1 == MOST;
        found.push(Stranger { element, is_last });
    }
}

/// What `KeyInfo` may say (XMLDSig 1.1, 4.5; WS-Security X.509 Token Profile, 3.2).
const KEY_INFO: &[(&str, &[&str])] = &[
    (
        DSIG,
        &[
            "KeyName",
            "KeyValue",
            "RSAKeyValue",
            "Modulus",
            "Exponent",
            "DSAKeyValue",
            "P",
            "Q",
            "G",
            "Y",
            "J",
            "RetrievalMethod",
            "X509Data",
            "X509Certificate",
            "X509CRL",
            "X509IssuerName",
            "X509IssuerSerial",
            "X509SerialNumber",
            "X509SKI",
            "X509SubjectName",
        ],
    ),
    (DSIG11, &["ECKeyValue", "NamedCurve", "PublicKey", "X509Digest"]),
    (TOKENS, &["KeyIdentifier", "Reference", "SecurityTokenReference"]),
];

/// Unsigned properties of EN 319 132-1, 5.2.10, 5.3 to 5.5 and annex A, with all that is in them but the description of a
/// policy, which are words that nobody signed.
const UNSIGNED: &[(&str, &[&str])] = &[
    (
        XADES,
        &[
            "ArchiveTimeStamp",
            "AttrAuthoritiesCertValues",
            "AttributeCertificateRefs",
            "AttributeRevocationRefs",
            "AttributeRevocationValues",
            "ByKey",
            "ByName",
            "CRLIdentifier",
            "CRLRef",
            "CRLRefs",
            "CRLValues",
            "Cert",
            "CertDigest",
            "CertRefs",
            "CertificateValues",
            "CompleteCertificateRefs",
            "CompleteRevocationRefs",
            "CounterSignature",
            "DigestAlgAndValue",
            "DocumentationReference",
            "DocumentationReferences",
            "EncapsulatedCRLValue",
            "EncapsulatedOCSPValue",
            "EncapsulatedTimeStamp",
            "EncapsulatedX509Certificate",
            "HashDataInfo",
            "Identifier",
            "Include",
            "IssueTime",
            "Issuer",
            "IssuerSerial",
            "Number",
            "OCSPIdentifier",
            "OCSPRef",
            "OCSPRefs",
            "OCSPValues",
            "ProducedAt",
            "RefsOnlyTimeStamp",
            "ResponderID",
            "RevocationValues",
            "SigAndRefsTimeStamp",
            "SignatureTimeStamp",
        ],
    ),
    (
        XADES141,
        &[
            "ArchiveTimeStamp",
            "AttributeCertificateRefsV2",
            "Cert",
            "CertRefs",
            "CompleteCertificateRefsV2",
            "IssuerSerialV2",
            "RefsOnlyTimeStampV2",
            "SPDocSpecification",
            "SigAndRefsTimeStampV2",
            "SigPolDocLocalURI",
            "SignaturePolicyDocument",
            "SignaturePolicyStore",
            "TimeStampValidationData",
        ],
    ),
    (
        DSIG,
        &[
            "CanonicalizationMethod",
            "DigestMethod",
            "DigestValue",
            "Transform",
            "Transforms",
            "X509IssuerName",
            "X509SerialNumber",
        ],
    ),
    (EXCLUSIVE, &["InclusiveNamespaces"]),
];

const ASIC: &str = "http://uri.etsi.org/02918/v1.2.1#";
const ODF: &str = "urn:oasis:names:tc:opendocument:xmlns:digitalsignature:1.0";
const DSIG11: &str = "http://www.w3.org/2009/xmldsig11#";
const TOKENS: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
/// After so many nobody reads on.
const MOST: usize = 100;
