//! A signature judged: EN 319 102-1 §5.3 now, and §5.5 and §5.6 where its age can help.

use der::asn1::ObjectIdentifier;
use domain::Time;
use pki::{KeyUsage, Presented, Scheme, oid, path::Purpose};

use super::{
    Person, SignatureReport, StampReport,
    chain::{Chain, Failure, chains},
    context::Context,
    existence::Existence,
    finding::Finding,
    indication::SubIndication,
    library::Library,
    order::{in_order, is_believed},
    stamp::{scheme_failure, value_failure},
    wanted::Wanted,
};
use crate::{Claim, Coverage, Covered, Format, Integrity, Level, Material, Named, StampKind};

/// What is to be judged with what.
pub(super) struct SignatureJudged<'a, 'c> {
    pub(super) claim: &'a Claim,
    pub(super) context: &'c Context<'a>,
    pub(super) library: &'a Library<'a>,
    pub(super) existence: &'c Existence<'a>,
    /// When the content was proven to exist, before it was signed.
    pub(super) content: Option<Time>,
}

/// The certificate that the claim names, whatever speaks for it.
pub(super) const fn certificate(claim: &Claim) -> Option<&Vec<u8>> {
    match &claim.signer {
        Named::Bound(der) | Named::Unbound(der) | Named::Contradicted(der) => Some(der),
        Named::Absent => None,
    }
}

/// The certificate, if what is signed names it.
pub(super) const fn bound(claim: &Claim) -> Option<&Vec<u8>> {
    match &claim.signer {
        Named::Bound(der) => Some(der),
        Named::Unbound(_) | Named::Contradicted(_) | Named::Absent => None,
    }
}

impl<'a> SignatureJudged<'a, '_> {
    pub(super) fn report(&self, stamps: Vec<StampReport>, mut wanted: Wanted) -> SignatureReport {
        let signer = certificate(self.claim).and_then(|der| self.library.certificate(der));
        let scheme = self.scheme();
        let mut passed = None;
        let judged = self
            .judge(signer, &stamps, &mut wanted)
            .map(|chain| passed = Some(chain));
        let existed = Some(self.existence.of_signature()).filter(|at| *at < self.context.at);
        let mut remarks: Vec<Finding> = Vec::new();
        remarks.extend(existed.map(|at| Finding::Existed { time: at }));
        if matches!(self.claim.signer, Named::Unbound(_)) {
            remarks.push(Finding::Unbound);
        }
        if self.claim.covered.iter().any(|covered| covered.by_manifest)
            && stamps.iter().any(|stamp| is_believed(stamp, StampKind::Archive))
        {
            remarks.push(Finding::SealsManifest);
        }
        let level = passed.map(|chain| match self.level(&chain, &stamps) {
            Level::Lta => {
                let unsealed = self.context.constraints.unsealed(self.claim, self.context.at);
                let level = if unsealed.is_empty() {
                    Level::Lta
                } else {
                    Level::Lt
                };
                remarks.extend(unsealed);
                level
            }
            level => level,
        });
        let may_be_believed = |stamp: &StampReport| stamp.sub_indication == Some(SubIndication::TryLater);
        if judged.is_ok() && !stamps.iter().any(may_be_believed) {
            // What would only confirm the verdict is not asked for.
            wanted = Wanted::default();
        }
        let (sub_indication, findings) = match judged {
            Ok(()) => (None, Vec::new()),
            Err(Failure { sub, findings, .. }) => (Some(sub), findings),
        };
        SignatureReport {
            name: self.claim.name.clone(),
            format: self.claim.format,
            sub_indication,
            findings,
            remarks,
            signer: signer.map(Person::of),
            algorithm: scheme.ok().map(|scheme| scheme.to_string()),
            existed,
            level,
            carried: self.claim.carried(),
            stamps,
            covered: self.claim.covered.clone(),
            coverage: self.claim.coverage.clone(),
            properties: self.claim.properties.clone(),
            wanted,
        }
    }

    fn judge(
        &self,
        signer: Option<&'a Presented>,
        stamps: &[StampReport],
        wanted: &mut Wanted,
    ) -> Result<Chain<'a, '_>, Failure> {
        self.form()?;
        self.covered()?;
        let signer = self.identified(signer)?;
        let scheme = self.scheme()?;
        signer
            .key()
            .verify(scheme, &self.claim.signed, &self.claim.value)
            .map_err(|error| value_failure(&error))?;
        self.accepted(signer, stamps)?;
        self.enduring(signer, scheme)?;
        let mut first = None;
        for chain in chains((signer, Purpose::Signatures), self.library, self.context, wanted)? {
            match self.by(&chain, signer, wanted) {
                Ok(()) => return Ok(chain),
                Err(failure) => first = first.or(Some(failure)),
            }
        }
        Err(first
            .unwrap_or_else(|| Failure::new(SubIndication::NoCertificateChainFound, Finding::NoCertificate)))
    }

    /// §5.2.2.
    fn form(&self) -> Result<(), Failure> {
        let findings: Vec<Finding> = self
            .claim
            .faults
            .iter()
            .map(|fault| Finding::Form { fault: fault.clone() })
            .collect();
        if findings.is_empty() {
            return Ok(());
        }
        Err(Failure {
            sub: SubIndication::FormatFailure,
            findings,
            revoked: None,
        })
    }

    /// The first part of §5.2.7: what is covered is what was signed. The worst counts.
    fn covered(&self) -> Result<(), Failure> {
        let of = |integrity| {
            self.claim
                .covered
                .iter()
                .filter(move |covered| covered.integrity == integrity)
        };
        for (integrity, sub, found) in [
            (
                Integrity::Altered,
                SubIndication::HashFailure,
                (|covered, claim| {
                    let what = covered.what.clone();
                    if covered.lies_beside(&claim.coverage) {
                        Finding::AlteredOrAnother { what }
                    } else {
                        Finding::Altered { what }
                    }
                }) as Found,
            ),
            (
                Integrity::Missing,
                SubIndication::SignedDataNotFound,
                |covered, _| Finding::Missing {
                    what: covered.what.clone(),
                },
            ),
            (
                Integrity::Unprovable,
                SubIndication::CryptoConstraintsFailureNoPoe,
                |covered, _| Finding::Unprovable {
                    what: covered.what.clone(),
                },
            ),
        ] {
            let findings: Vec<Finding> = of(integrity).map(|covered| found(covered, self.claim)).collect();
            if !findings.is_empty() {
                return Err(Failure {
                    sub,
                    findings,
                    revoked: None,
                });
            }
        }
        if self.claim.covered.is_empty() {
            let finding = Finding::NothingCovered;
            return Err(Failure::new(SubIndication::SignedDataNotFound, finding));
        }
        Ok(())
    }

    /// §5.2.3.
    fn identified(&self, signer: Option<&'a Presented>) -> Result<&'a Presented, Failure> {
        let finding = match (&self.claim.signer, signer) {
            (Named::Bound(_) | Named::Unbound(_), Some(signer)) => return Ok(signer),
            (Named::Bound(_) | Named::Unbound(_), None) => Finding::UnreadableCertificate,
            (Named::Contradicted(_), _) => Finding::AnotherCertificate,
            (Named::Absent, _) => Finding::NoCertificate,
        };
        Err(Failure::new(SubIndication::NoSigningCertificateFound, finding))
    }

    fn scheme(&self) -> Result<Scheme, Failure> {
        let algorithm = &self.claim.algorithm;
        Scheme::parse(&algorithm.signature, Some(&algorithm.digest)).map_err(|error| scheme_failure(&error))
    }

    /// §5.2.8: what the rules ask of the signature and of its certificate.
    fn accepted(&self, signer: &Presented, stamps: &[StampReport]) -> Result<(), Failure> {
        let constraints = self.context.constraints;
        let must_bind = match self.claim.format {
            Format::Pades | Format::Xades | Format::Cades => true,
            Format::PdfCms | Format::Xmldsig | Format::Cms => constraints.binding,
        };
        if must_bind && bound(self.claim).is_none() {
            let finding = Finding::Unbound;
            return Err(Failure::new(SubIndication::SigConstraintsFailure, finding));
        }
        if let Coverage::Revision { changes, .. } = &self.claim.coverage {
            let findings: Vec<Finding> = changes
                .iter()
                .filter(|change| !change.harmless)
                .map(|change| Finding::HarmfulChange {
                    what: change.what.clone(),
                })
                .collect();
            if !findings.is_empty() {
                return Err(Failure {
                    sub: SubIndication::SigConstraintsFailure,
                    findings,
                    revoked: None,
                });
            }
        }
        if !in_order(stamps) {
            let finding = Finding::StampOrder;
            return Err(Failure::new(SubIndication::TimestampOrderFailure, finding));
        }
        let wanted = if constraints.commitment {
            KeyUsage::CONTENT_COMMITMENT
        } else {
            KeyUsage::DIGITAL_SIGNATURE.or(KeyUsage::CONTENT_COMMITMENT)
        };
        let extensions = signer.extensions();
        let subject = signer.subject_text();
        let sub = SubIndication::ChainConstraintsFailure;
        if extensions.usage.is_some_and(|usage| !usage.allows(wanted)) {
            return Err(Failure::new(sub, Finding::Usage { subject }));
        }
        // A certificate for some machine's purposes does not sign documents; one that says nothing may.
        let foreign =
            |purposes: &[_]| !purposes.is_empty() && purposes.iter().all(|purpose| FOREIGN.contains(purpose));
        if extensions
            .purposes
            .as_ref()
            .is_some_and(|(purposes, _)| foreign(purposes))
        {
            return Err(Failure::new(sub, Finding::Purpose { subject }));
        }
        Ok(())
    }

    /// Whether the algorithms, of the signature and of the digests that it is over, were believed when the signature is
    /// proven to have existed.
    fn enduring(&self, signer: &Presented, scheme: Scheme) -> Result<(), Failure> {
        let key = signer.key().kind();
        let (constraints, existed) = (self.context.constraints, self.existence.of_signature());
        let end = constraints.end(scheme, key);
        if existed <= end {
            let findings = constraints.outlived(self.claim, existed);
            if findings.is_empty() {
                return Ok(());
            }
            return Err(Failure {
                sub: SubIndication::CryptoConstraintsFailureNoPoe,
                findings,
                revoked: None,
            });
        }
        let finding = Finding::AlgorithmEnded {
            algorithm: format!("{scheme} ({key})"),
            time: end,
        };
        Err(Failure::new(
            SubIndication::CryptoConstraintsFailureNoPoe,
            finding,
        ))
    }

    /// By one chain: now, else in the past.
    fn by(&self, chain: &Chain<'_, '_>, signer: &Presented, wanted: &mut Wanted) -> Result<(), Failure> {
        let failure = match chain.now(self.existence, wanted) {
            Ok(()) => return Ok(()),
            Err(failure) if !failure.sub.asks_for_the_past() => return Err(failure),
            Err(failure) => failure,
        };
        let existed = self.existence.of_signature();
        // The content was proven to exist first, so the signature came later than that.
        if let Some(content) = self.content {
            let late = |time| Finding::TooLate { time };
            if let Some(revoked) = failure.revoked.filter(|revoked| content >= *revoked)
                && failure.sub == SubIndication::RevokedNoPoe
            {
                return Err(Failure::new(SubIndication::Revoked, late(revoked)));
            }
            if content > signer.not_after() {
                return Err(Failure::new(SubIndication::Expired, late(signer.not_after())));
            }
        }
        if existed < signer.not_before() {
            let finding = if existed < self.context.at {
                Finding::TooEarly { time: existed }
            } else {
                // Nothing proves that it existed then: who asks chose the time.
                let time = signer.not_before();
                Finding::BeginsLater { time }
            };
            return Err(Failure::new(SubIndication::NotYetValid, finding));
        }
        match chain.in_the_past(self.existence) {
            Ok(control) if existed <= control => chain.lived_at(existed).map_err(|_| failure),
            Ok(_) => Err(failure),
            Err(past) => {
                let mut both = failure;
                let new = past.findings.into_iter();
                let new: Vec<Finding> = new.filter(|finding| !both.findings.contains(finding)).collect();
                both.findings.extend(new);
                Err(both)
            }
        }
    }

    /// What the signature has reached by what it carries and what of it is believed.
    fn level(&self, chain: &Chain<'_, '_>, stamps: &[StampReport]) -> Level {
        let believed = |kind| stamps.iter().any(|stamp| is_believed(stamp, kind));
        let archived = believed(StampKind::Archive);
        if !believed(StampKind::Signature) && !archived {
            return Level::B;
        }
        let mut inside: Vec<&Material> = vec![&self.claim.material];
        inside.extend(self.claim.stamps.iter().map(|stamp| &stamp.covers));
        let has = |object: &[u8]| {
            inside.iter().any(|material| {
                let objects = material.lists.iter().chain(&material.answers);
                objects.chain(&material.certificates).any(|known| known == object)
            })
        };
        let own = certificate(self.claim).map(Vec::as_slice);
        let certificates = chain
            .certificates()
            .all(|one| Some(one.der()) == own || has(one.der()) || self.is_anchor(one));
        match certificates && chain.is_covered_by(has) {
            false => Level::T,
            true if archived => Level::Lta,
            true => Level::Lt,
        }
    }

    fn is_anchor(&self, certificate: &Presented) -> bool {
        let mut anchors = self.context.anchors.iter();
        anchors.any(|anchor| anchor.certificate().der() == certificate.der())
    }
}

/// How a thing that is covered is found.
type Found = fn(&Covered, &Claim) -> Finding;

/// Purposes of machines: TLS, code, time stamps, status answers.
const FOREIGN: [ObjectIdentifier; 5] = [
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.3"),
    oid::TIME_STAMPING,
    oid::OCSP_SIGNING,
];
