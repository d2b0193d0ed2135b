//! Paths from a certificate to a trust anchor: how they are found, and RFC 5280 §6.1, which says whether they hold.
//!
//! Written by hand: the crates at hand validate for TLS at one moment, and a signature of the past needs the parts
//! apart: what a path says for ever ([`Path::holds`]), and what it says at a time ([`Path::lives_at`]).
//!
//! Names are compared by RFC 5280 §7.1, key identifiers only decide what is tried first, and every link is proved by
//! its signature. Depth, width and the number of verifications are bounded, whatever certificates somebody sends.
//! Policies are processed for the initial set `any`: a path fails where a certificate demands a policy and none is left.

mod build;
mod constraints;
mod policies;

use domain::Time;

pub use self::build::{Found, LONGEST_PATH, paths};
use self::{constraints::Constraints, policies::ValidPolicies};
use crate::{
    Presented,
    presented::{Authority, Extensions, KeyUsage},
};

/// A certificate that is believed because an operator said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    certificate: Presented,
    until: Time,
    purpose: Purpose,
}

/// For what an anchor is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Whatever is signed under it.
    Any,
    /// Signatures of people and seals, not time stamps.
    Signatures,
    /// Time stamps alone.
    Stamps,
}

impl Anchor {
    /// Believed until its own end.
    pub fn new(certificate: Presented) -> Self {
        let until = certificate.not_after();
        Self {
            certificate,
            until,
            purpose: Purpose::Any,
        }
    }

    /// Believed for this alone.
    #[must_use]
    pub fn only_for(self, purpose: Purpose) -> Self {
        Self { purpose, ..self }
    }

    /// Whether it is believed for this.
    pub fn serves(&self, purpose: Purpose) -> bool {
        self.purpose == Purpose::Any || self.purpose == purpose
    }

    /// Believed until then; what it vouched for before stays believed.
    #[must_use]
    pub fn until(self, until: Time) -> Self {
        Self { until, ..self }
    }

    /// The certificate.
    pub const fn certificate(&self) -> &Presented {
        &self.certificate
    }

    /// Until when it is believed.
    pub const fn end(&self) -> Time {
        self.until
    }
}

/// A chain of certificates, each signed by the next, the last by the anchor.
#[derive(Clone, Debug)]
pub struct Path<'a> {
    certificates: Vec<&'a Presented>,
    anchor: &'a Anchor,
}

/// A path does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathFault {
    /// A certificate issued others and may not.
    #[error("{0} is not the certificate of an authority")]
    NotAuthority(String),
    /// A certificate's key usage does not include certificates.
    #[error("the key of {0} may not sign certificates")]
    Usage(String),
    /// More authorities than one of them allows.
    #[error("{0} allows fewer authorities under it")]
    Length(String),
    /// A critical extension that is not known here.
    #[error("{subject} has the critical extension {extension}, which is not known here")]
    Extension {
        /// Whose certificate.
        subject: String,
        /// Which.
        extension: String,
    },
    /// A name outside of what an authority may certify.
    #[error("an authority above {0} may not certify this name")]
    Names(String),
    /// Name constraints on a kind of name that is not understood here.
    #[error("{0} constrains names in a way that is not understood here")]
    Constraints(String),
    /// A policy is demanded and none is left.
    #[error("the path demands a certificate policy, and at {0} none is left")]
    Policy(String),
}

/// A path does not live at a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeFault {
    /// A certificate's time has not come.
    #[error("{subject} is valid from {from}")]
    NotYet {
        /// Whose certificate.
        subject: String,
        /// From when on.
        from: Time,
    },
    /// A certificate's time is over.
    #[error("{subject} was valid until {until}")]
    Ended {
        /// Whose certificate.
        subject: String,
        /// Until when.
        until: Time,
    },
}

impl<'a> Path<'a> {
    const fn new(certificates: Vec<&'a Presented>, anchor: &'a Anchor) -> Self {
        Self { certificates, anchor }
    }

    /// The certificates from the first one up, without the anchor; none if the first is an anchor itself.
    pub fn certificates(&self) -> &[&'a Presented] {
        &self.certificates
    }

    /// Where it ends.
    pub const fn anchor(&self) -> &'a Anchor {
        self.anchor
    }

    /// Who issued the certificate of this number.
    pub fn issuer(&self, number: usize) -> &'a Presented {
        let above = self.certificates.get(number.saturating_add(1));
        above.copied().unwrap_or(&self.anchor.certificate)
    }

    /// Whether it holds, leaving out times and revocation: those that are asked at a moment.
    pub fn holds(&self) -> Result<(), PathFault> {
        let mut state = State::new(self.certificates.len());
        state.descend(&self.anchor.certificate, true)?;
        for (number, certificate) in self.certificates.iter().enumerate().rev() {
            state.enter(certificate, number == 0)?;
            if number > 0 {
                state.descend(certificate, false)?;
            }
        }
        match self.certificates.first() {
            Some(target) if !state.policies.suffice_at_end(target) => {
                Err(PathFault::Policy(target.subject_text()))
            }
            _ => Ok(()),
        }
    }

    /// Whether every certificate and the anchor live at this time.
    pub fn lives_at(&self, at: Time) -> Result<(), TimeFault> {
        let anchor = &self.anchor.certificate;
        let ends = self
            .certificates
            .iter()
            .map(|certificate| (*certificate, certificate.not_after()));
        for (certificate, until) in ends.chain([(anchor, self.anchor.until)]) {
            if at < certificate.not_before() {
                return Err(TimeFault::NotYet {
                    subject: certificate.subject_text(),
                    from: certificate.not_before(),
                });
            }
            if at > until {
                return Err(TimeFault::Ended {
                    subject: certificate.subject_text(),
                    until,
                });
            }
        }
        Ok(())
    }
}

/// What the authorities so far demand of what comes below them.
struct State<'a> {
    constraints: Constraints<'a>,
    policies: ValidPolicies,
    /// How many authorities may still follow, and who said so.
    left: Option<(u64, &'a Presented)>,
}

impl<'a> State<'a> {
    fn new(length: usize) -> Self {
        Self {
            constraints: Constraints::default(),
            policies: ValidPolicies::new(length),
            left: None,
        }
    }

    /// §6.1.3: what is asked of every certificate.
    fn enter(&mut self, certificate: &'a Presented, is_target: bool) -> Result<(), PathFault> {
        let subject = || certificate.subject_text();
        if let Some(extension) = certificate.extensions().unknown.first() {
            return Err(PathFault::Extension {
                subject: subject(),
                extension: extension.to_string(),
            });
        }
        if (is_target || !certificate.is_self_issued()) && !self.constraints.admit(certificate) {
            return Err(PathFault::Names(subject()));
        }
        if !self.policies.enter(certificate, is_target) {
            return Err(PathFault::Policy(subject()));
        }
        Ok(())
    }

    /// §6.1.4: what is asked of a certificate that has others below it, and what it demands of them. An anchor is
    /// believed without being asked; what it says about itself binds it all the same, as RFC 5937 has it.
    fn descend(&mut self, certificate: &'a Presented, is_anchor: bool) -> Result<(), PathFault> {
        let subject = || certificate.subject_text();
        let extensions = certificate.extensions();
        if extensions.authority.is_none() && !(is_anchor && *extensions == Extensions::default()) {
            return Err(PathFault::NotAuthority(subject()));
        }
        if extensions
            .usage
            .is_some_and(|usage| !usage.allows(KeyUsage::CERTIFICATES))
        {
            return Err(PathFault::Usage(subject()));
        }
        if !is_anchor && !certificate.is_self_issued() {
            match &mut self.left {
                Some((0, limit)) => return Err(PathFault::Length(limit.subject_text())),
                Some((left, _)) => *left -= 1,
                None => {}
            }
        }
        if let Some(Authority { below: Some(length) }) = extensions.authority
            && self.left.is_none_or(|(left, _)| length < left)
        {
            self.left = Some((length, certificate));
        }
        if let Some(constraints) = &extensions.constraints
            && !self.constraints.add(constraints)
        {
            return Err(PathFault::Constraints(subject()));
        }
        if !is_anchor && !self.policies.descend(certificate) {
            return Err(PathFault::Policy(subject()));
        }
        Ok(())
    }
}
