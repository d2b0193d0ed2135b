//! Namespaces and identifiers of XMLDSig 1.1 and EN 319 132-1.

pub(super) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
pub(super) const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
pub(super) const XADES141: &str = "http://uri.etsi.org/01903/v1.4.1#";
pub(super) const ASIC: &str = "http://uri.etsi.org/02918/v1.2.1#";
pub(super) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(super) const SECURITY: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

pub(super) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub(super) const BASE64: &str = "http://www.w3.org/2000/09/xmldsig#base64";
pub(super) const XPATH: &str = "http://www.w3.org/TR/1999/REC-xpath-19991116";

pub(super) const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
pub(super) const COUNTERSIGNED: &str = "http://uri.etsi.org/01903#CountersignedSignature";
