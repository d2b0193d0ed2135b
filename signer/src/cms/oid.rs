//! Object identifiers of CMS and CAdES that `pki::oid` does not name, each with the document that gives it.

use der::asn1::ObjectIdentifier;

/// `id-data`, RFC 5652 §4.
pub(crate) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
/// `id-signingTime`, RFC 5652 §11.3.
pub(crate) const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
/// `id-aa-signatureTimeStampToken`, RFC 3161 appendix A.
pub(crate) const SIGNATURE_TIME_STAMP: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
/// `id-aa-ets-mimeType`, EN 319 122-1 §5.2.4.
pub(crate) const MIME_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1733.2.1");
