//! A certificate's path judged at a time: X.509 validation now (EN 319 102-1 §5.2.6), and in the past (§5.6.2).

use domain::Time;
use pki::{
    Presented,
    path::{self, Path, PathFault, TimeFault},
};

use super::{
    context::Context,
    evidence::{Asked, Evidence, Heard, Said, hear},
    existence::Existence,
    finding::{Code, Finding},
    indication::SubIndication,
    library::Library,
    wanted::Wanted,
};

/// Why something is not passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) sub: SubIndication,
    pub(super) findings: Vec<Finding>,
    /// When the certificate was revoked, if that is why.
    pub(super) revoked: Option<Time>,
}

impl Failure {
    pub(super) fn new(sub: SubIndication, finding: Finding) -> Self {
        Self {
            sub,
            findings: vec![finding],
            revoked: None,
        }
    }
}

/// A path with all that is known of its certificates.
pub(super) struct Chain<'a, 'c> {
    path: Path<'a>,
    heard: Vec<Heard<'a>>,
    context: &'c Context<'c>,
}

/// All paths of a certificate; none is why.
pub(super) fn chains<'a, 'c>(
    certificate: &'a Presented,
    library: &'a Library<'a>,
    context: &'c Context<'a>,
    wanted: &mut Wanted,
) -> Result<Vec<Chain<'a, 'c>>, Failure>
where
    'a: 'c,
{
    let found = path::paths(certificate, &library.certificates, context.anchors);
    if found.paths.is_empty() {
        for orphan in &found.orphans {
            wanted.issuer_of(orphan);
        }
        let top = found.orphans.first().copied().unwrap_or(certificate);
        let finding = Finding::new(Code::NoChain).text("subject", top.subject_text());
        return Err(Failure::new(SubIndication::NoCertificateChainFound, finding));
    }
    let mut chains = Vec::new();
    for path in found.paths {
        let heard = asked(&path)
            .map(|asked| hear(asked, library, context.constraints, context.at))
            .collect();
        chains.push(Chain { path, heard, context });
    }
    Ok(chains)
}

/// The certificates of a path from the first up.
fn asked<'p>(path: &'p Path<'p>) -> impl DoubleEndedIterator<Item = Asked<'p>> + ExactSizeIterator {
    let certificates = path.certificates();
    certificates
        .iter()
        .enumerate()
        .map(|(number, certificate)| Asked {
            certificate,
            issuer: path.issuer(number),
            above: (number + 1 < certificates.len()).then(|| path.issuer(number + 1)),
        })
}

impl<'a> Chain<'a, '_> {
    /// The certificates from the first up, with the anchor.
    pub(super) fn certificates(&self) -> impl Iterator<Item = &'a Presented> {
        let own = self.path.certificates().to_vec();
        own.into_iter().chain([self.path.anchor().certificate()])
    }

    /// Each certificate below the anchor from the first up, with all that is said of it.
    pub(super) fn known(&self) -> impl Iterator<Item = (Asked<'_>, &Heard<'a>)> {
        asked(&self.path).zip(&self.heard)
    }

    /// Until when all certificates live and the algorithms of their signatures are believed.
    pub(super) fn end(&self) -> Result<Time, Failure> {
        let lives = self.path.certificates().iter();
        let lives = lives.map(|certificate| certificate.not_after());
        let believed = self.ends()?.into_iter().map(|(_, end)| end);
        let end = self.path.anchor().end();
        Ok(lives.chain(believed).fold(end, Time::min))
    }

    /// Whether something of what is kept speaks of every certificate.
    pub(super) fn is_covered_by(&self, kept: impl Fn(&[u8]) -> bool) -> bool {
        self.heard.iter().all(|heard| {
            let mut evidence = heard.evidence.iter();
            evidence.any(|evidence| evidence.objects.into_iter().flatten().all(&kept))
        })
    }

    /// Whether the path holds and all its certificates live and are not revoked now.
    pub(super) fn now(&self, existence: &Existence<'_>, wanted: &mut Wanted) -> Result<(), Failure> {
        self.holds()?;
        let mut unknown = None;
        for (number, asked) in asked(&self.path).enumerate().rev() {
            match self.status_now(number, existence) {
                Ok(()) => {}
                Err(failure) if failure.revoked.is_some() => return Err(failure),
                Err(failure) => {
                    wanted.status_of(asked.certificate, asked.issuer);
                    unknown = unknown.or(Some(failure));
                }
            }
        }
        if let Err(fault) = self.path.lives_at(self.context.at) {
            let sub = if unknown.is_none() {
                SubIndication::OutOfBoundsNotRevoked
            } else {
                SubIndication::OutOfBoundsNoPoe
            };
            let mut failure = Failure::new(sub, bounds(fault));
            failure
                .findings
                .extend(unknown.into_iter().flat_map(|failure| failure.findings));
            return Err(failure);
        }
        if let Some(failure) = unknown {
            return Err(failure);
        }
        for (asked, end) in self.ends()? {
            if end < self.context.at && existence.of(asked.certificate.der()) > end {
                return Err(algorithm_ended(asked, end));
            }
        }
        Ok(())
    }

    /// The control time: up to when what the certificate signed can be believed, EN 319 102-1 §5.6.2.2.
    pub(super) fn in_the_past(&self, existence: &Existence<'_>) -> Result<Time, Failure> {
        self.holds()?;
        let mut control = self.context.at;
        let ends = self.ends()?;
        for ((number, asked), (_, end)) in asked(&self.path).enumerate().zip(ends).rev() {
            let evidence = self.evidence_at(number, asked, control, existence)?;
            let fresh = self
                .context
                .constraints
                .is_fresh((evidence.issued, evidence.next), control);
            let by_period = number > 0 && self.context.constraints.authorities_by_period;
            control = match evidence.said {
                Said::Revoked(at, _) | Said::Hold(at) => control.min(at),
                Said::Good if fresh => control,
                Said::Good if by_period => control.min(evidence.next.unwrap_or(evidence.issued)),
                Said::Good => control.min(evidence.issued),
            };
            if existence.of(asked.certificate.der()) > end {
                control = control.min(end);
            }
        }
        Ok(control)
    }

    /// Whether the path lived at a time.
    pub(super) fn lived_at(&self, at: Time) -> Result<(), Failure> {
        self.path
            .lives_at(at)
            .map_err(|fault| Failure::new(SubIndication::OutOfBoundsNoPoe, bounds(fault)))
    }

    fn holds(&self) -> Result<(), Failure> {
        let sub = SubIndication::CertificateChainGeneralFailure;
        self.path.holds().map_err(|fault| Failure::new(sub, chain(fault)))
    }

    /// The best that is known of a certificate now.
    fn status_now(&self, number: usize, existence: &Existence<'_>) -> Result<(), Failure> {
        let (asked, heard) = self.at(number)?;
        let subject = || asked.certificate.subject_text();
        let at = self.context.at;
        if let Some((since, reason)) = revoked(&heard.evidence) {
            let sub = if number == 0 {
                SubIndication::RevokedNoPoe
            } else {
                SubIndication::RevokedCaNoPoe
            };
            let finding = Finding::new(Code::Revoked)
                .text("subject", subject())
                .time("time", since)
                .text("reason", reason.name());
            return Err(Failure {
                revoked: Some(since),
                ..Failure::new(sub, finding)
            });
        }
        let Some(newest) = heard.evidence.iter().max_by_key(|evidence| evidence.issued) else {
            let finding = Finding::new(Code::StatusUnknown).text("subject", subject());
            let mut failure = Failure::new(SubIndication::TryLater, finding);
            failure.findings.extend(heard.refused.iter().cloned());
            return Err(failure);
        };
        if let Said::Hold(since) = newest.said {
            let finding = Finding::new(Code::OnHold)
                .text("subject", subject())
                .time("time", since);
            return Err(Failure::new(SubIndication::TryLater, finding));
        }
        if !self
            .context
            .constraints
            .is_fresh((newest.issued, newest.next), at)
        {
            let known = newest.next.unwrap_or(newest.issued);
            let finding = Finding::new(Code::StatusOld)
                .text("subject", subject())
                .time("time", known);
            return Err(Failure::new(SubIndication::TryLater, finding));
        }
        if newest.believed_until < at && proven(newest, existence) > newest.believed_until {
            let finding = Finding::new(Code::ResponderEnded)
                .text("subject", subject())
                .time("time", newest.believed_until);
            return Err(Failure::new(SubIndication::RevocationOutOfBoundsNoPoe, finding));
        }
        Ok(())
    }

    /// The newest evidence that is proven to have existed by the control time.
    fn evidence_at(
        &self,
        number: usize,
        asked: Asked<'_>,
        control: Time,
        existence: &Existence<'_>,
    ) -> Result<Evidence<'a>, Failure> {
        let (_, heard) = self.at(number)?;
        // For good is for good, whichever list is looked at, and since the earliest time that anybody tells.
        let for_good = heard
            .evidence
            .iter()
            .filter_map(|evidence| match evidence.said {
                Said::Revoked(since, _) => Some((since, evidence)),
                Said::Good | Said::Hold(_) => None,
            })
            .min_by_key(|(since, _)| *since);
        if let Some((_, evidence)) = for_good {
            return Ok(*evidence);
        }
        let usable = heard.evidence.iter().filter(|evidence| {
            let exists = proven(evidence, existence);
            evidence.issued <= control && exists <= control && exists <= evidence.believed_until
        });
        let subject = asked.certificate.subject_text();
        usable
            .max_by_key(|evidence| evidence.issued)
            .copied()
            .ok_or_else(|| {
                let (sub, code) = if heard.evidence.is_empty() {
                    (SubIndication::TryLater, Code::StatusUnknown)
                } else {
                    (SubIndication::NoPoe, Code::StatusNoProof)
                };
                let mut finding = Finding::new(code).text("subject", subject);
                if code == Code::StatusNoProof {
                    finding = finding.time("time", control);
                }
                let mut failure = Failure::new(sub, finding);
                failure.findings.extend(heard.refused.iter().cloned());
                failure
            })
    }

    fn at(&self, number: usize) -> Result<(Asked<'_>, &Heard<'a>), Failure> {
        let asked = asked(&self.path).nth(number).zip(self.heard.get(number));
        asked.ok_or_else(|| {
            Failure::new(
                SubIndication::NoCertificateChainFound,
                Finding::new(Code::NoCertificate),
            )
        })
    }

    /// Until when each certificate's own signature is believed.
    fn ends(&self) -> Result<Vec<(Asked<'_>, Time)>, Failure> {
        asked(&self.path)
            .map(|asked| {
                let scheme = asked.certificate.scheme().map_err(|error| {
                    let finding = Finding::new(Code::AlgorithmUnknown).text("reason", error);
                    Failure::new(SubIndication::CryptoConstraintsFailureNoPoe, finding)
                })?;
                Ok((
                    asked,
                    self.context.constraints.end(scheme, asked.issuer.key().kind()),
                ))
            })
            .collect()
    }
}

/// The earliest time since which somebody says that it is revoked for good.
fn revoked(evidence: &[Evidence<'_>]) -> Option<(Time, pki::crl::Reason)> {
    let said = evidence.iter().filter_map(|evidence| match evidence.said {
        Said::Revoked(at, reason) => Some((at, reason)),
        Said::Good | Said::Hold(_) => None,
    });
    said.min()
}

fn algorithm_ended(asked: Asked<'_>, end: Time) -> Failure {
    let scheme = asked.certificate.scheme().map(|scheme| scheme.to_string());
    let algorithm = format!("{} ({})", scheme.unwrap_or_default(), asked.issuer.key().kind());
    let finding = Finding::new(Code::AlgorithmEnded)
        .text("algorithm", algorithm)
        .time("time", end);
    Failure::new(SubIndication::CryptoConstraintsFailureNoPoe, finding)
}
/// Since when all parts of it are proven to exist.
fn proven(evidence: &Evidence<'_>, existence: &Existence<'_>) -> Time {
    let parts = evidence.objects.iter().flatten();
    parts
        .map(|part| existence.of(part))
        .max()
        .unwrap_or(evidence.issued)
}

fn bounds(fault: TimeFault) -> Finding {
    match fault {
        TimeFault::NotYet { subject, from } => Finding::new(Code::NotYet)
            .text("subject", subject)
            .time("time", from),
        TimeFault::Ended { subject, until } => Finding::new(Code::Ended)
            .text("subject", subject)
            .time("time", until),
    }
}

fn chain(fault: PathFault) -> Finding {
    let (code, subject) = match fault {
        PathFault::NotAuthority(subject) => (Code::NotAuthority, subject),
        PathFault::Usage(subject) => (Code::MayNotIssue, subject),
        PathFault::Length(subject) => (Code::TooManyAuthorities, subject),
        PathFault::Extension { subject, extension } => {
            let finding = Finding::new(Code::UnknownExtension).text("subject", subject);
            return finding.text("extension", extension);
        }
        PathFault::Names(subject) => (Code::NameNotAllowed, subject),
        PathFault::Constraints(subject) => (Code::ConstraintsNotUnderstood, subject),
        PathFault::Policy(subject) => (Code::PolicyMissing, subject),
    };
    Finding::new(code).text("subject", subject)
}
