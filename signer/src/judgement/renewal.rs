//! [`renew_before`]: until when the outermost time stamp keeps a signature by itself.

use domain::Time;
use pki::{
    Presented,
    path::Purpose,
    timestamp::{Binding, Received},
};

use super::{
    Context, Lacking, SubIndication, Wanted, chain::chains, evidence::Status, finding::Finding, library,
    library::Library, needed::is_inside, reason::AlgorithmFault, signature, stamps,
};
use crate::{Claim, Integrity, StampClaim, StampKind};

/// When a signature with an archive time stamp must be led on at the latest: the earliest end of the last stamp's
/// certificates and algorithms, those of the digests in it among them. None if it has no archive time stamp, and so waits
/// for a first one.
///
/// What the last stamp hashes itself, it proves to be older than the end of any digest that the signature is over. Files
/// that a manifest names it does not hash: these are kept until the manifest's digests end, and no time stamp on the
/// signature leads them further.
///
/// While what is inside is older than that stamp, it is the stamp's own time: an answer that comes after it must be put in
/// while its unit and those before it still live, or the next stamp finds nobody who speaks for them.
pub fn renew_before(claim: &Claim, context: &Context<'_>) -> Result<Option<Time>, Lacking> {
    let (stamps, tokens) = stamps(claim);
    let library = library(claim, &tokens, context);
    let archives = stamps.iter().zip(&tokens);
    let mut archives = archives.filter_map(|(stamp, token)| {
        let intact = stamp.kind == StampKind::Archive && stamp.imprint == Integrity::Intact;
        token.as_ref().filter(|_| intact).map(|token| (stamp, token))
    });
    let Some((stamp, last)) = archives.next_back() else {
        return Ok(None);
    };
    if !is_lasting(claim, (stamps, &tokens), &library, context) {
        return Ok(Some(last.info().at));
    }
    let end = end((stamp, last), &library, context)?;
    let manifest = context.constraints.end_of_manifest(claim);
    Ok(Some(manifest.map_or(end, |manifest| manifest.min(end))))
}

/// The end of a time stamp by the path that lives longest.
fn end(
    (stamp, token): (&StampClaim, &Received),
    library: &Library<'_>,
    context: &Context<'_>,
) -> Result<Time, Lacking> {
    let mut units = library.certificates.iter();
    let unit = units
        .find(|unit| token.binds(unit) == Binding::Bound)
        .ok_or(Lacking::Certificate {
            whose: "a time stamp's unit",
        })?;
    let unknown = |reason: AlgorithmFault| Lacking::Unfit {
        sub: SubIndication::CryptoConstraintsFailureNoPoe,
        findings: vec![Finding::AlgorithmUnknown { reason }],
    };
    let constraints = context.constraints;
    let scheme = token.scheme().map_err(|error| unknown((&error).into()))?;
    let own = constraints.end(scheme, unit.key().kind());
    let imprint = token.info().digest();
    let imprint = imprint
        .ok_or_else(|| {
            unknown(AlgorithmFault::Unknown {
                algorithm: token.info().algorithm.to_string(),
            })
        })?
        .algorithm();
    let own = own.min(constraints.end_of_digests(stamp, imprint).1);
    let paths = chains((unit, Purpose::Stamps), library, context, &mut Wanted::default());
    let ends = paths.into_iter().flatten().filter_map(|chain| chain.end().ok());
    ends.max().map(|end| end.min(own)).ok_or_else(|| Lacking::Path {
        subject: unit.subject_text(),
    })
}

/// Whether of all that still can be asked, something inside is not older than the stamp that proves its age.
fn is_lasting(
    claim: &Claim,
    (stamps, tokens): (&[StampClaim], &[Option<Received>]),
    library: &Library<'_>,
    context: &Context<'_>,
) -> bool {
    let mut proven = None;
    let mut leaves = Vec::new();
    // From the outermost inwards; nothing proves the age of that one yet.
    for (stamp, token) in stamps.iter().zip(tokens).rev() {
        let Some(token) = token.as_ref().filter(|_| stamp.imprint == Integrity::Intact) else {
            continue;
        };
        let mut units = library.certificates.iter();
        let unit = units.find(|unit| token.binds(unit) == Binding::Bound);
        leaves.extend(unit.map(|unit| (unit, Purpose::Stamps)).zip(proven));
        match stamp.kind {
            StampKind::Content => {}
            StampKind::Signature | StampKind::Archive => proven = Some(token.info().at),
        }
    }
    let signer = signature::certificate(claim).and_then(|der| library.certificate(der));
    leaves.extend(signer.map(|signer| (signer, Purpose::Signatures)).zip(proven));
    leaves.into_iter().all(|((certificate, purpose), proven)| {
        // Nobody speaks of one that has ended.
        certificate.not_after() < context.at
            || is_known_since((certificate, purpose), proven, claim, (library, context))
    })
}

/// Whether something inside, not older than that, says whether a certificate is revoked.
fn is_known_since(
    (certificate, purpose): (&Presented, Purpose),
    proven: Time,
    claim: &Claim,
    (library, context): (&Library<'_>, &Context<'_>),
) -> bool {
    let paths = chains((certificate, purpose), library, context, &mut Wanted::default());
    paths.into_iter().flatten().any(|chain| {
        chain.known().next().is_none_or(|(_, heard)| {
            heard.evidence.iter().any(|evidence| {
                let told = evidence.issued >= proven || matches!(evidence.said, Status::Revoked(..));
                told && is_inside(evidence, &claim.material)
            })
        })
    })
}
