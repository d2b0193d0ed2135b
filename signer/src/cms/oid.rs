//! Object identifiers of CMS and CAdES that `pki::oid` does not name, each with the document that gives it.

use der::asn1::ObjectIdentifier;

/// `id-data`, RFC 5652 §4.
pub(crate) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

/// `id-signingTime`, RFC 5652 §11.3.
pub(crate) const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
/// `id-countersignature`, RFC 5652 §11.4.
pub(crate) const COUNTERSIGNATURE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.6");
/// `id-aa-CMSAlgorithmProtection`, RFC 6211.
pub(crate) const ALGORITHM_PROTECTION: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");
/// `id-aa-signingCertificate`, RFC 2634 §5.4: by SHA-1.
pub(crate) const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
/// `id-aa-ets-mimeType`, EN 319 122-1 §5.2.4.
pub(crate) const MIME_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1733.2.1");
/// `id-aa-ets-sigPolicyId`, EN 319 122-1 §5.2.9.
pub(crate) const SIGNATURE_POLICY: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.15");
/// `id-aa-ets-commitmentType`, EN 319 122-1 §5.2.3.
pub(crate) const COMMITMENT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.16");
/// `id-aa-ets-signerLocation`, EN 319 122-1 §5.2.5.
pub(crate) const SIGNER_LOCATION: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.17");
/// `id-aa-ets-contentTimestamp`, EN 319 122-1 §5.2.8.
pub(crate) const CONTENT_TIME_STAMP: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.20");
/// `adbe-revocationInfoArchival`, ISO 32000-2 §12.8.3.3.2.
pub(crate) const PDF_REVOCATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.8");

/// `id-aa-signatureTimeStampToken`, RFC 3161 appendix A.
pub(crate) const SIGNATURE_TIME_STAMP: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
/// `id-aa-ets-certValues`, EN 319 122-1 §A.1.1.2.
pub(crate) const CERTIFICATE_VALUES: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.23");
/// `id-aa-ets-revocationValues`, EN 319 122-1 §A.1.2.2.
pub(crate) const REVOCATION_VALUES: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.24");
/// `id-aa-ets-archiveTimestampV3`, EN 319 122-1 §5.5.3.
pub(crate) const ARCHIVE_TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1733.2.4");
/// `id-aa-ATSHashIndex-v3`, EN 319 122-1 §5.5.2.
pub(crate) const HASH_INDEX: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.19122.1.5");
/// Time stamps over references and older archives, which are noticed and not relied on: `CAdES-C-timestamp`,
/// `certCRLTimestamp`, `archiveTimestamp` and its second form (TS 101 733).
pub(crate) const OLD_TIME_STAMPS: [ObjectIdentifier; 4] = [
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.25"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.26"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.27"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.48"),
];

/// `id-ri-ocsp-response`, RFC 5940 §2.1.
pub(crate) const OCSP_RESPONSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.16.2");
