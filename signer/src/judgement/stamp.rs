//! A time stamp judged: EN 319 102-1 §5.4, and in the past by what outer stamps prove.

use domain::Time;
use pki::{
    KeyUsage, NotIssued, Presented, SchemeError, VerifyError, oid,
    path::Purpose,
    timestamp::{Binding, Received},
};

use super::{
    chain::{Chain, Failure, chains},
    context::Context,
    existence::Existence,
    finding::Finding,
    indication::SubIndication,
    library::Library,
    wanted::Wanted,
};
use crate::{Integrity, StampClaim, What};

/// What is to be judged with what.
pub(super) struct Judged<'a, 'c> {
    pub(super) claim: &'a StampClaim,
    pub(super) token: Option<&'a Received>,
    pub(super) library: &'a Library<'a>,
    pub(super) context: &'c Context<'a>,
}

/// A time stamp that is believed.
pub(super) struct Believed<'a> {
    /// The time that it proves: something existed then.
    pub(super) at: Time,
    /// Whose it is.
    pub(super) unit: &'a Presented,
}

impl<'a> Judged<'a, '_> {
    /// Believes the stamp, or says why not.
    pub(super) fn judge(
        &self,
        existence: &Existence<'_>,
        wanted: &mut Wanted,
    ) -> Result<Believed<'a>, Failure> {
        let token = self
            .token
            .ok_or_else(|| Failure::new(SubIndication::FormatFailure, Finding::StampUnreadable))?;
        match self.claim.imprint {
            Integrity::Intact => {}
            Integrity::Altered => {
                return Err(Failure::new(SubIndication::HashFailure, Finding::StampForeign));
            }
            Integrity::Missing => {
                return Err(Failure::new(
                    SubIndication::SignedDataNotFound,
                    Finding::StampMissing,
                ));
            }
            Integrity::Unprovable => {
                let sub = SubIndication::CryptoConstraintsFailureNoPoe;
                return Err(Failure::new(sub, Finding::StampUnprovable));
            }
        }
        let unit = self.unit(token)?;
        if !token.content_agrees() {
            let finding = Finding::Altered { what: What::Stamp };
            return Err(Failure::new(SubIndication::HashFailure, finding));
        }
        token.verify(unit.key()).map_err(not_issued)?;
        let at = token.info().at;
        if at > self.context.at.plus(self.context.constraints.skew) {
            let finding = Finding::StampFuture { time: at };
            return Err(Failure::new(SubIndication::SigConstraintsFailure, finding));
        }
        if !is_unit(unit) {
            let finding = Finding::NotForStamps {
                subject: unit.subject_text(),
            };
            return Err(Failure::new(SubIndication::ChainConstraintsFailure, finding));
        }
        let proven = existence.of(&self.claim.token);
        let mut first = None;
        for chain in chains((unit, Purpose::Stamps), self.library, self.context, wanted)? {
            let judged = self.by(&chain, token, (unit, proven), existence, wanted);
            match judged {
                Ok(()) => return Ok(Believed { at, unit }),
                Err(failure) => first = first.or(Some(failure)),
            }
        }
        Err(first
            .unwrap_or_else(|| Failure::new(SubIndication::NoCertificateChainFound, Finding::NoCertificate)))
    }

    fn by(
        &self,
        chain: &Chain<'_, '_>,
        token: &Received,
        (unit, proven): (&Presented, Time),
        existence: &Existence<'_>,
        wanted: &mut Wanted,
    ) -> Result<(), Failure> {
        // The token tells a time at which its unit could tell it.
        chain.lived_at(token.info().at)?;
        let end = match token.scheme() {
            Ok(scheme) => self.context.constraints.end(scheme, unit.key().kind()),
            Err(error) => return Err(scheme_failure(&error)),
        };
        if proven > end {
            let time = end;
            let algorithm = token
                .scheme()
                .map(|scheme| scheme.to_string())
                .unwrap_or_default();
            let sub = SubIndication::CryptoConstraintsFailureNoPoe;
            return Err(Failure::new(sub, Finding::AlgorithmEnded { algorithm, time }));
        }
        if let Some(digest) = token.info().digest() {
            let (hash, time) = self
                .context
                .constraints
                .end_of_digests(self.claim, digest.algorithm());
            if proven > time {
                let (sub, algorithm) = (SubIndication::CryptoConstraintsFailureNoPoe, hash.to_string());
                return Err(Failure::new(sub, Finding::AlgorithmEnded { algorithm, time }));
            }
        }
        match chain.now(existence, wanted) {
            Ok(()) => Ok(()),
            Err(failure) if failure.sub.asks_for_the_past() => match chain.in_the_past(existence) {
                Ok(control) if proven <= control => chain.lived_at(proven).map_err(|_| failure),
                Ok(_) | Err(_) => Err(failure),
            },
            Err(failure) => Err(failure),
        }
    }

    /// The unit's certificate: the one that the signed attributes name.
    fn unit(&self, token: &Received) -> Result<&'a Presented, Failure> {
        let mut contradicted = false;
        for certificate in &self.library.certificates {
            match token.binds(certificate) {
                Binding::Bound => return Ok(certificate),
                Binding::Contradicted => contradicted = true,
                Binding::Elsewhere => {}
            }
        }
        let finding = if contradicted {
            Finding::AnotherCertificate
        } else {
            Finding::NoCertificate
        };
        Err(Failure::new(SubIndication::NoSigningCertificateFound, finding))
    }
}

/// RFC 3161 §2.3: one purpose, critical; and a key for signatures.
fn is_unit(certificate: &Presented) -> bool {
    let extensions = certificate.extensions();
    let signs = KeyUsage::DIGITAL_SIGNATURE.or(KeyUsage::CONTENT_COMMITMENT);
    matches!(&extensions.purposes, Some((purposes, true)) if *purposes == [oid::TIME_STAMPING])
        && extensions.usage.is_none_or(|usage| usage.allows(signs))
        && extensions.authority.is_none()
}

/// What it means that a value is not believed to be a key's.
pub(super) fn not_issued(error: NotIssued) -> Failure {
    match error {
        NotIssued::Scheme(error) => scheme_failure(&error),
        NotIssued::Value(error) => value_failure(&error),
    }
}

pub(super) fn scheme_failure(error: &SchemeError) -> Failure {
    let reason = error.into();
    let (sub, finding) = match error {
        SchemeError::Unknown(_) => (
            SubIndication::CryptoConstraintsFailureNoPoe,
            Finding::AlgorithmUnknown { reason },
        ),
        SchemeError::Form(_) | SchemeError::Parameters(_) | SchemeError::Digest { .. } => (
            SubIndication::FormatFailure,
            Finding::AlgorithmConfused { reason },
        ),
    };
    Failure::new(sub, finding)
}

pub(super) fn value_failure(error: &VerifyError) -> Failure {
    match error {
        VerifyError::Invalid => Failure::new(SubIndication::SigCryptoFailure, Finding::WrongValue),
        VerifyError::Confused { .. } => {
            let finding = Finding::AlgorithmConfused { reason: error.into() };
            Failure::new(SubIndication::SigCryptoFailure, finding)
        }
        VerifyError::Weak(algorithm) => {
            let finding = Finding::AlgorithmWeak {
                algorithm: algorithm.clone(),
            };
            Failure::new(SubIndication::CryptoConstraintsFailureNoPoe, finding)
        }
        VerifyError::Unknown(_) => {
            let finding = Finding::AlgorithmUnknown { reason: error.into() };
            Failure::new(SubIndication::CryptoConstraintsFailureNoPoe, finding)
        }
    }
}
