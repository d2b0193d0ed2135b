//! The last look before a certificate is signed: its very bytes are read again and held against profile, issuer and
//! RFC 5280, by code that shares nothing with the code that wrote them but the profile.

mod extensions;

use core::fmt;

use der::Decode;
use domain::{KeyAlgorithm, SignatureProfile, Time};
use pki::{
    Finished, PublicKey, SignatureError, ToSign, moments,
    x509_cert::{TbsCertificate, certificate::Version},
};
use policies::CertificateProfile;

use crate::Signer;

/// Proof that nothing was found in exactly these bytes. Only [`lint`] makes one; signing spends it.
#[must_use]
#[derive(Debug)]
pub struct Linted {
    to_sign: ToSign,
    validity: (Time, Time),
}

impl Linted {
    /// What the issuer's key must sign.
    pub const fn to_sign(&self) -> &ToSign {
        &self.to_sign
    }

    /// From when to when it will be valid.
    pub const fn validity(&self) -> (Time, Time) {
        self.validity
    }

    /// Joins the token's value, checked with the issuer's key.
    pub fn finish(self, raw: &[u8], issuer: &PublicKey) -> Result<Vec<u8>, SignatureError> {
        self.to_sign.finish(raw, issuer).map(Finished::into_der)
    }
}

/// What is wrong with a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that it breaks.
    pub rule: &'static str,
    /// How.
    pub what: String,
}

/// Everything that is wrong with a certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Findings(pub Vec<Finding>);

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the certificate would break rules and was not signed")?;
        self.0
            .iter()
            .try_for_each(|finding| write!(f, "; {}: {}", finding.rule, finding.what))
    }
}

/// Collects findings.
pub(crate) struct Report(Vec<Finding>);

impl Report {
    pub(crate) fn demand(&mut self, holds: bool, rule: &'static str, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push(Finding { rule, what: what() });
        }
    }
}

/// Reads the bytes again and looks for everything that the profile or RFC 5280 forbids.
pub fn lint(to_sign: ToSign, profile: &CertificateProfile, signer: Signer<'_>) -> Result<Linted, Findings> {
    let mut report = Report(Vec::new());
    let content = TbsCertificate::from_der(to_sign.content()).map_err(|error| {
        Findings(vec![Finding {
            rule: "RFC 5280 §4.1",
            what: error.to_string(),
        }])
    })?;
    let validity = moments(content.validity());
    basics(&mut report, &content, &to_sign);
    lasts(&mut report, validity, profile, signer);
    key(&mut report, &content, signer, to_sign.profile());
    extensions::look(&mut report, &content, profile, signer);
    if report.0.is_empty() {
        Ok(Linted { to_sign, validity })
    } else {
        Err(Findings(report.0))
    }
}

fn basics(report: &mut Report, content: &TbsCertificate, to_sign: &ToSign) {
    report.demand(content.version() == Version::V3, "RFC 5280 §4.1.2.1", || {
        "the version is not 3".to_owned()
    });
    let serial = content.serial_number().as_bytes();
    let positive = serial.first().is_some_and(|byte| byte & 0x80 == 0);
    report.demand(serial.len() == 20 && positive, "RFC 5280 §4.1.2.2", || {
        "the serial number is not a positive one of 20 bytes".to_owned()
    });
    report.demand(
        content.signature().oid.to_string() == to_sign.profile().oid(),
        "RFC 5280 §4.1.2.3",
        || "the content names another signature algorithm than it will be signed with".to_owned(),
    );
    report.demand(!content.subject().is_empty(), "RFC 5280 §4.1.2.6", || {
        "the subject is empty".to_owned()
    });
    report.demand(
        content.issuer_unique_id().is_none() && content.subject_unique_id().is_none(),
        "RFC 5280 §4.1.2.8",
        || "unique identifiers are not used".to_owned(),
    );
}

fn lasts(report: &mut Report, (from, until): (Time, Time), profile: &CertificateProfile, signer: Signer<'_>) {
    report.demand(from < until, "RFC 5280 §4.1.2.5", || {
        "it ends before it begins".to_owned()
    });
    report.demand(until.since(from) <= profile.life(), "profile: life", || {
        format!("it lives from {from} to {until}, longer than the profile allows")
    });
    if let Signer::Issuer(issuer) = signer {
        let (first, last) = issuer.validity();
        let inside = |at: Time| first <= at && at <= last;
        report.demand(inside(from) && inside(until), "RFC 5280 §6.1.3", || {
            format!("it is not valid within its issuer's validity, {first} to {last}")
        });
    }
}

fn key(report: &mut Report, content: &TbsCertificate, signer: Signer<'_>, way: SignatureProfile) {
    let issued_by = match signer {
        Signer::Itself => {
            report.demand(content.issuer() == content.subject(), "RFC 5280 §6.1", || {
                "a root's issuer is itself".to_owned()
            });
            PublicKey::new(content.subject_public_key_info().clone()).map(|key| key.algorithm())
        }
        Signer::Issuer(issuer) => {
            report.demand(content.issuer() == issuer.name(), "RFC 5280 §4.1.2.4", || {
                "the issuer is not named as its certificate names it".to_owned()
            });
            report.demand(content.subject() != issuer.name(), "RFC 5280 §3.2", || {
                "the subject bears its issuer's name".to_owned()
            });
            Ok(issuer.key().algorithm())
        }
    };
    report.demand(
        issued_by.is_ok_and(|algorithm: KeyAlgorithm| way.fits(algorithm)),
        "profile: signature",
        || "the issuer's key does not sign so".to_owned(),
    );
    match PublicKey::new(content.subject_public_key_info().clone()) {
        Err(error) => report.demand(false, "profile: key", || error.to_string()),
        Ok(key) => {
            let same = matches!(signer, Signer::Issuer(issuer) if issuer.key() == &key);
            report.demand(!same, "RFC 5280 §3.2", || {
                "the key is its issuer's own".to_owned()
            });
            report.demand(key.exponent_is_usual(), "RFC 8017 §3.1", || {
                "the RSA exponent is not 65537".to_owned()
            });
        }
    }
}
