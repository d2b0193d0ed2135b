//! What is to be believed: EN 319 102-1 over the [`Claim`]s of every format.
//!
//! The same claim, anchors, material, time and rules give the same judgement. Nothing is fetched here: what is missing
//! is named with its addresses ([`Wanted`]), so that somebody who may ask the world can fetch it and judge again.
//!
//! The way is that of §5.6, which contains §5.3 and §5.5: time stamps from the outermost inwards, each proving since
//! when the things inside exist; then the signature, now and, where only its age can help, in the past.

mod chain;
mod context;
mod digests;
mod evidence;
mod existence;
mod finding;
mod indication;
mod library;
mod needed;
mod order;
mod reason;
mod renewal;
mod signature;
mod stamp;
mod wanted;

use domain::{Time, hexadecimal, sha256};
use pki::{Holder, Presented, timestamp};

use self::{
    chain::Failure,
    existence::Existence,
    library::Library,
    signature::SignatureJudged,
    stamp::{Believed, Judged},
};
pub use self::{
    context::{Constraints, Context},
    finding::Finding,
    indication::{Indication, SubIndication},
    needed::{Lacking, Needed, needed},
    reason::{AlgorithmFault, RevocationReason, StatusFault},
    renewal::renew_before,
    wanted::{Question, Wanted},
};
use crate::{Claim, Coverage, Covered, Format, Level, Material, Name, Properties, StampClaim, StampKind};

/// More time stamps than any signature has. Those beyond prove nothing, and are told so.
const MOST_STAMPS: usize = 256;

/// Somebody, as a certificate names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub subject: String,
    /// The same in its parts.
    pub holder: Holder,
    /// Who says so.
    pub issuer: String,
    /// The same in its parts.
    pub authority: Holder,
    /// The certificate's number, hexadecimal.
    pub serial: String,
    /// Valid from.
    pub not_before: Time,
    /// Valid until.
    pub not_after: Time,
    /// SHA-256 of the certificate, hexadecimal.
    pub fingerprint: String,
}

impl Person {
    fn of(certificate: &Presented) -> Self {
        Self {
            subject: certificate.subject_text(),
            holder: certificate.holder(),
            issuer: certificate.issuer_text(),
            authority: certificate.authority(),
            serial: hexadecimal(certificate.serial()),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            fingerprint: hexadecimal(&sha256(certificate.der())),
        }
    }
}

/// What was found of a time stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampReport {
    /// On what it is.
    pub kind: StampKind,
    /// Why it is not believed; it is if absent.
    pub sub_indication: Option<SubIndication>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The time that it tells.
    pub time: Option<Time>,
    /// Whose it is.
    pub unit: Option<Person>,
}

/// What was found of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureReport {
    /// By what the document names it.
    pub name: Name,
    /// Its form.
    pub format: Format,
    /// Why it is not passed; it is if absent.
    pub sub_indication: Option<SubIndication>,
    /// Why, in particular.
    pub findings: Vec<Finding>,
    /// What else should be known.
    pub remarks: Vec<Finding>,
    /// Who signed.
    pub signer: Option<Person>,
    /// By which algorithm.
    pub algorithm: Option<String>,
    /// The earliest time at which the signature is proven to exist; none but the time of the judgement if absent.
    pub existed: Option<Time>,
    /// How long it can be judged without asking anybody.
    pub level: Option<Level>,
    /// For which level it carries the parts, whether they are believed or not.
    pub carried: Level,
    /// Its time stamps, innermost first.
    pub stamps: Vec<StampReport>,
    /// What it covers.
    pub covered: Vec<Covered>,
    /// How much of the file that is, and what came later.
    pub coverage: Coverage,
    /// What the signer says beside.
    pub properties: Properties,
    /// What is missing and could be fetched.
    pub wanted: Wanted,
}

impl SignatureReport {
    /// What it is found to be.
    pub fn indication(&self) -> Indication {
        self.sub_indication
            .map_or(Indication::TotalPassed, SubIndication::indication)
    }
}

impl StampReport {
    /// What it is found to be.
    pub fn indication(&self) -> Indication {
        self.sub_indication
            .map_or(Indication::TotalPassed, SubIndication::indication)
    }
}

/// Judges a signature.
pub fn judge(claim: &Claim, context: &Context<'_>) -> SignatureReport {
    let (stamps, tokens) = stamps(claim);
    let library = library(claim, &tokens, context);
    let mut wanted = Wanted::default();
    let Weighed {
        existence,
        stamps: weighed,
        content,
    } = weigh(claim, &tokens, &library, context, &mut wanted);
    let reports = stamps.iter().zip(&tokens).zip(weighed);
    let reports = reports.map(|((stamp, token), believed)| match believed {
        Ok(believed) => StampReport {
            kind: stamp.kind,
            sub_indication: None,
            findings: Vec::new(),
            time: Some(believed.at),
            unit: Some(Person::of(believed.unit)),
        },
        Err(Failure { sub, findings, .. }) => StampReport {
            kind: stamp.kind,
            sub_indication: Some(sub),
            findings,
            time: token.as_ref().map(|token| token.info().at),
            unit: None,
        },
    });
    // Those beyond are not judged, and prove nothing.
    let beyond = claim.stamps.iter().skip(stamps.len()).map(|stamp| StampReport {
        kind: stamp.kind,
        sub_indication: Some(SubIndication::CryptoConstraintsFailureNoPoe),
        findings: vec![Finding::StampUnprovable],
        time: None,
        unit: None,
    });
    let reports = reports.chain(beyond).collect();
    let signature = SignatureJudged {
        claim,
        context,
        library: &library,
        existence: &existence,
        content,
    };
    signature.report(reports, wanted)
}

/// So many stamps of a claim as are judged, and their tokens as far as they read.
fn stamps(claim: &Claim) -> (&[StampClaim], Vec<Option<timestamp::Received>>) {
    let stamps = claim.stamps.get(..MOST_STAMPS).unwrap_or(&claim.stamps);
    let tokens = stamps
        .iter()
        .map(|stamp| timestamp::Received::parse(&stamp.token).ok());
    (stamps, tokens.collect())
}

/// All material at hand and inside.
fn library<'a>(
    claim: &'a Claim,
    tokens: &'a [Option<timestamp::Received>],
    context: &Context<'a>,
) -> Library<'a> {
    let mut materials: Vec<&Material> = vec![context.material, &claim.material];
    materials.extend(claim.stamps.iter().take(tokens.len()).map(|stamp| &stamp.covers));
    Library::new(&materials, tokens.iter().flatten(), signature::certificate(claim))
}

/// The time stamps of a claim, and what they prove.
struct Weighed<'a> {
    existence: Existence<'a>,
    /// Each stamp, as it is believed or not.
    stamps: Vec<Result<Believed<'a>, Failure>>,
    /// When the content was proven to exist, before it was signed.
    content: Option<Time>,
}

/// From the outermost inwards, each proving since when the things inside exist.
fn weigh<'a>(
    claim: &'a Claim,
    tokens: &'a [Option<timestamp::Received>],
    library: &'a Library<'a>,
    context: &Context<'a>,
    wanted: &mut Wanted,
) -> Weighed<'a> {
    let mut weighed = Weighed {
        existence: Existence::new(context.at),
        stamps: Vec::new(),
        content: None,
    };
    for (number, (stamp, token)) in claim.stamps.iter().zip(tokens).enumerate().rev() {
        let candidate = Judged {
            claim: stamp,
            token: token.as_ref(),
            library,
            context,
        };
        let believed = candidate.judge(&weighed.existence, wanted);
        if let Ok(believed) = &believed {
            match stamp.kind {
                StampKind::Content => weighed.content = weighed.content.max(Some(believed.at)),
                StampKind::Signature | StampKind::Archive => {
                    prove(
                        &mut weighed.existence,
                        claim,
                        claim.stamps.get(..number).unwrap_or_default(),
                        stamp,
                        believed.at,
                    );
                }
            }
        }
        weighed.stamps.push(believed);
    }
    weighed.stamps.reverse();
    weighed
}

/// A believed stamp proves what it covers: the signature, and all that an archive stamp was made over.
fn prove<'a>(
    existence: &mut Existence<'a>,
    claim: &'a Claim,
    inner: &'a [StampClaim],
    stamp: &'a StampClaim,
    at: Time,
) {
    existence.prove_signature(at);
    if let Some(certificate) = signature::bound(claim) {
        existence.prove(certificate, at);
    }
    if stamp.kind == StampKind::Archive {
        existence.prove_all(&stamp.covers, at);
        for token in inner.iter().filter(|token| stamp.seals.contains(&token.digest())) {
            existence.prove(&token.token, at);
        }
    }
}
