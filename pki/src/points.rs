//! Addresses inside certificates: where lists, answers and issuers are found.

use der::asn1::Ia5String;
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, CrlDistributionPoints, FreshestCrl,
    crl::dp::DistributionPoint,
    name::{DistributionPointName, GeneralName},
};

use crate::oid;

/// The addresses that a certificate names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// Its issuer's certificate.
    pub issuer: String,
    /// The answerer of status questions; none for the root's own issues.
    pub ocsp: Option<String>,
    /// The revocation list that covers it.
    pub crl: String,
    /// The delta to that list.
    pub delta: Option<String>,
}

impl Addresses {
    /// `authorityInfoAccess`.
    pub fn authority_information(&self) -> der::Result<AuthorityInfoAccessSyntax> {
        let describe = |method, address: &str| -> der::Result<_> {
            Ok(AccessDescription {
                access_method: method,
                access_location: GeneralName::UniformResourceIdentifier(uri(address)?),
            })
        };
        let mut all = Vec::new();
        if let Some(ocsp) = &self.ocsp {
            all.push(describe(oid::AD_OCSP, ocsp)?);
        }
        all.push(describe(oid::AD_CA_ISSUERS, &self.issuer)?);
        Ok(AuthorityInfoAccessSyntax(all))
    }

    /// `cRLDistributionPoints`.
    pub fn distribution_points(&self) -> der::Result<CrlDistributionPoints> {
        Ok(CrlDistributionPoints(vec![distribution_point(&self.crl)?]))
    }

    /// `freshestCRL`, if there is a delta.
    pub fn freshest(&self) -> der::Result<Option<FreshestCrl>> {
        match self.delta.as_deref() {
            None => Ok(None),
            Some(address) => Ok(Some(FreshestCrl(vec![distribution_point(address)?]))),
        }
    }
}

/// A distribution point at one address.
pub(crate) fn distribution_point(address: &str) -> der::Result<DistributionPoint> {
    Ok(DistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![
            GeneralName::UniformResourceIdentifier(uri(address)?),
        ])),
        reasons: None,
        crl_issuer: None,
    })
}

/// An address as `IA5String`.
pub(crate) fn uri(address: &str) -> der::Result<Ia5String> {
    Ia5String::new(address)
}
