//! Revocation lists of others: an independent reader finds the same of every certificate in what both accept.
#![no_main]

use std::sync::LazyLock;

use der::{Decode, Encode};
use libfuzzer_sys::fuzz_target;
use pki::{
    Presented,
    crl::{Listed, Received},
};
use x509_cert::crl::CertificateList;

static UNIT: LazyLock<Presented> =
    LazyLock::new(|| Presented::parse(include_bytes!("../unit.der")).expect("a certificate"));

fuzz_target!(|bytes: &[u8]| {
    let Ok(list) = Received::parse(bytes) else { return };
    let _ = list.covers(&UNIT);
    let _ = list.completes(&list);
    assert!(list.verify(UNIT.key()).is_err(), "nobody signed this");
    let other = CertificateList::<x509_cert::certificate::Rfc5280>::from_der(bytes);
    let Ok(other) = other else {
        let _ = list.find(UNIT.serial());
        return;
    };
    assert_eq!(other.tbs_cert_list.issuer.to_der().expect("a name"), list.issuer());
    for entry in other.tbs_cert_list.revoked_certificates.iter().flatten() {
        let serial = entry.serial_number.to_der().expect("a number");
        // Tag and a length of one byte.
        let serial = serial.get(2..).unwrap_or_default();
        assert!(!matches!(list.find(serial), Ok(Listed::No)), "an entry was passed over");
    }
});
