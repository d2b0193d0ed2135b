//! [`renew_before`]: until when the outermost time stamp keeps a signature by itself.

use domain::Time;
use pki::timestamp::{Binding, Received};

use super::{
    Context, Lacking, SubIndication, Wanted, Weighed,
    chain::chains,
    evidence::Said,
    existence::Existence,
    finding::{Code, Finding},
    library,
    library::Library,
    needed::is_inside,
    signature, stamps, weigh,
};
use crate::{Claim, Integrity, StampKind};

/// When a signature with an archive time stamp must be led on at the latest: the earliest end of the last stamp's
/// certificates and algorithms. None if it has no archive time stamp, and so waits for a first one.
///
/// While what is inside is older than that stamp, it is the stamp's own time: an answer that comes after it must be put in
/// while its unit and those before it still live, or the next stamp finds nobody who speaks for them.
pub fn renew_before(claim: &Claim, context: &Context<'_>) -> Result<Option<Time>, Lacking> {
    let (stamps, tokens) = stamps(claim);
    let library = library(claim, &tokens, context);
    let archives = stamps.iter().zip(&tokens);
    let mut archives = archives.filter_map(|(stamp, token)| {
        let intact = stamp.kind == StampKind::Archive && stamp.imprint == Integrity::Intact;
        token.as_ref().filter(|_| intact)
    });
    let Some(last) = archives.next_back() else {
        return Ok(None);
    };
    let Weighed { existence, .. } = weigh(claim, &tokens, &library, context, &mut Wanted::default());
    if !is_lasting(claim, &tokens, (&library, &existence), context) {
        return Ok(Some(last.info().at));
    }
    end(last, &library, context).map(Some)
}

/// The end of a time stamp by the path that lives longest.
fn end(token: &Received, library: &Library<'_>, context: &Context<'_>) -> Result<Time, Lacking> {
    let mut units = library.certificates.iter();
    let unit = units
        .find(|unit| token.binds(unit) == Binding::Bound)
        .ok_or(Lacking::Certificate {
            whose: "a time stamp's unit",
        })?;
    let unfit = |reason: &dyn core::fmt::Display| Lacking::Unfit {
        sub: SubIndication::CryptoConstraintsFailureNoPoe,
        findings: vec![Finding::new(Code::AlgorithmUnknown).text("reason", reason)],
    };
    let constraints = context.constraints;
    let scheme = token.scheme().map_err(|error| unfit(&error))?;
    let own = constraints.end(scheme, unit.key().kind());
    let imprint = token.info().digest();
    let imprint = imprint.ok_or_else(|| unfit(&token.info().algorithm))?.algorithm();
    let own = own.min(constraints.end_of_hash(imprint));
    let paths = chains(unit, library, context, &mut Wanted::default());
    let ends = paths.into_iter().flatten().filter_map(|chain| chain.end().ok());
    ends.max().map(|end| end.min(own)).ok_or_else(|| Lacking::Path {
        subject: unit.subject_text(),
    })
}

/// Whether of all that still can be asked, something inside is not older than the stamp that proves its age.
fn is_lasting(
    claim: &Claim,
    tokens: &[Option<Received>],
    (library, existence): (&Library<'_>, &Existence<'_>),
    context: &Context<'_>,
) -> bool {
    let signer = signature::certificate(claim).and_then(|der| library.certificate(der));
    let signer = signer.map(|signer| (signer, existence.of_signature()));
    let units = claim.stamps.iter().zip(tokens).filter_map(|(stamp, token)| {
        let mut certificates = library.certificates.iter();
        let unit = certificates.find(|unit| {
            token
                .as_ref()
                .is_some_and(|token| token.binds(unit) == Binding::Bound)
        })?;
        Some((unit, existence.of(&stamp.token)))
    });
    signer.into_iter().chain(units).all(|(certificate, proven)| {
        // Nobody speaks of one that has ended, and nothing proves the age of the outermost.
        if certificate.not_after() < context.at || proven >= context.at {
            return true;
        }
        let paths = chains(certificate, library, context, &mut Wanted::default());
        paths.into_iter().flatten().any(|chain| {
            chain.known().next().is_none_or(|(_, heard)| {
                heard.evidence.iter().any(|evidence| {
                    let told = evidence.issued >= proven || matches!(evidence.said, Said::Revoked(..));
                    told && is_inside(evidence, &claim.material)
                })
            })
        })
    })
}
