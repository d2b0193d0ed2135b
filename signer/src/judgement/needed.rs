//! [`needed`]: what must travel with a signature so that it can be judged when nobody answers any more.
//!
//! That is, for the signature and for each of its time stamps: the path to an anchor, and what says that nothing on it was
//! revoked. A status that is older than the signature says nothing of the time at which it was made (EN 319 102-1 §5.6.2.2
//! counts it up to its issue only), so as long as a newer one can be had, a newer one is needed. Of the outermost stamp the
//! status of today suffices: nothing proves its age before the next stamp does.

use domain::Time;
use pki::timestamp::Binding;

use super::{
    Context, Finding, SubIndication, Wanted, Weighed,
    chain::{Chain, chains},
    evidence::{Asked, Evidence, Heard, Said},
    judge, library,
    library::Library,
    signature, stamps, weigh,
};
use crate::{Claim, Integrity, Level, Material};

/// What is needed, as far as it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needed {
    /// All that must be inside: what is already, too.
    pub material: Material,
    /// What is not there; with nothing here, the signature passes by [`Self::material`] alone.
    pub lacking: Vec<Lacking>,
    /// Where that is found.
    pub wanted: Wanted,
}

/// Something without which a signature cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lacking {
    /// The certificate of the signer, or of a time stamp's unit.
    #[error("the certificate of {whose} is nowhere; give it beside")]
    Certificate {
        /// Whose.
        whose: &'static str,
    },
    /// A way to an anchor.
    #[error(
        "no way leads from {subject} to a certificate that is believed here; give those of its issuers beside"
    )]
    Path {
        /// Whose certificate.
        subject: String,
    },
    /// A list or an answer of now.
    #[error("no list or answer of now says whether the certificate of {subject} is revoked")]
    Status {
        /// Whose certificate.
        subject: String,
    },
    /// A list or an answer that is not older than what it is to prove.
    #[error(
        "whether the certificate of {subject} is revoked is known up to {known}, and must be known up to {needed} or \
         later; try again when its issuer has spoken anew"
    )]
    Newer {
        /// Whose certificate.
        subject: String,
        /// Up to when it is known.
        known: Time,
        /// Since when the signature or the time stamp is proven to exist.
        needed: Time,
    },
    /// A time stamp that is believed.
    #[error("no time stamp on the signature is believed, so nothing proves its age")]
    Stamp,
    /// The signature does not pass, so that nothing is to be kept.
    #[error("the signature does not pass ({}), so there is nothing to be kept", sub.name())]
    Unfit {
        /// Why.
        sub: SubIndication,
        /// Why in particular.
        findings: Vec<Finding>,
    },
}

impl Lacking {
    /// Whether it may be there later.
    pub const fn may_come(&self) -> bool {
        match self {
            Self::Path { .. } | Self::Status { .. } | Self::Newer { .. } => true,
            Self::Certificate { .. } | Self::Stamp | Self::Unfit { .. } => false,
        }
    }
}

/// What a signature needs to be kept.
pub fn needed(claim: &Claim, context: &Context<'_>) -> Needed {
    let (stamps, tokens) = stamps(claim);
    let library = library(claim, &tokens, context);
    let mut unasked = Wanted::default();
    let Weighed {
        existence,
        stamps: weighed,
        ..
    } = weigh(claim, &tokens, &library, context, &mut unasked);
    let mut gathered = Needed::default();
    let mut leaves = Vec::new();
    match signature::certificate(claim).and_then(|der| library.certificate(der)) {
        Some(signer) => leaves.push((signer, existence.of_signature())),
        None => gathered
            .lacking
            .push(Lacking::Certificate { whose: "the signer" }),
    }
    for ((stamp, token), believed) in stamps.iter().zip(&tokens).zip(&weighed) {
        let Some(token) = token.as_ref().filter(|_| stamp.imprint == Integrity::Intact) else {
            continue;
        };
        let mut units = library.certificates.iter();
        match units.find(|unit| token.binds(unit) == Binding::Bound) {
            // Nothing more will ever be said of it.
            Some(unit) if believed.is_err() && unit.not_after() < context.at => {}
            Some(unit) => leaves.push((unit, existence.of(&stamp.token))),
            None => gathered.lacking.push(Lacking::Certificate {
                whose: "a time stamp's unit",
            }),
        }
    }
    let gathering = Gathering {
        library: &library,
        inside: &claim.material,
        context,
    };
    for (leaf, proven) in leaves {
        let proven = Some(proven).filter(|proven| *proven < context.at);
        match chains(leaf, &library, context, &mut gathered.wanted) {
            Ok(chains) => {
                let all = chains.iter().map(|chain| gathering.through(chain, proven));
                // The shortest way to have everything; of several, the first.
                gathered.add(all.min_by_key(|needed| needed.lacking.len()).unwrap_or_default());
            }
            Err(_) => gathered.lacking.push(Lacking::Path {
                subject: leaf.subject_text(),
            }),
        }
    }
    if gathered.lacking.is_empty() {
        // As it will be found: with what is needed inside, and nothing beside.
        let kept = Claim {
            material: claim.material.clone().and(gathered.material.clone()),
            ..claim.clone()
        };
        let alone = Context {
            material: &Material::default(),
            ..*context
        };
        let report = judge(&kept, &alone);
        let is_kept = report.level.is_some_and(|level| level >= Level::Lt);
        match report.sub_indication {
            Some(sub) => {
                let findings = report.findings;
                gathered.lacking.push(Lacking::Unfit { sub, findings });
                gathered.wanted.add(report.wanted);
            }
            None if !is_kept => gathered.lacking.push(Lacking::Stamp),
            None => {}
        }
    }
    gathered
}

impl Needed {
    fn add(&mut self, more: Self) {
        self.material = core::mem::take(&mut self.material).and(more.material);
        self.lacking.extend(more.lacking);
        self.wanted.add(more.wanted);
    }
}

/// Takes what is needed from all that is there.
struct Gathering<'g, 'a> {
    library: &'g Library<'a>,
    inside: &'g Material,
    context: &'g Context<'g>,
}

impl Gathering<'_, '_> {
    /// A path with its status, for something that is proven to exist since then.
    fn through(&self, chain: &Chain<'_, '_>, proven: Option<Time>) -> Needed {
        let mut needed = Needed::default();
        let path = chain.certificates().map(|certificate| certificate.der().to_vec());
        needed.material.certificates.extend(path);
        for (number, (asked, heard)) in chain.known().enumerate() {
            let since = proven.filter(|_| number == 0);
            match self.said(asked, heard, since) {
                Ok(evidence) => self.put(evidence, &mut needed.material),
                Err(lacking) => {
                    needed.lacking.push(lacking);
                    needed.wanted.status_of(asked.certificate, asked.issuer);
                }
            }
        }
        needed
    }

    /// What is said of a certificate: what is inside already, if it suffices, else the newest.
    fn said<'h, 'e>(
        &self,
        asked: Asked<'_>,
        heard: &'h Heard<'e>,
        since: Option<Time>,
    ) -> Result<&'h Evidence<'e>, Lacking> {
        let (at, constraints) = (self.context.at, self.context.constraints);
        let for_good = |evidence: &&Evidence<'_>| matches!(evidence.said, Said::Revoked(..));
        let is_new = |evidence: &Evidence<'_>| since.is_none_or(|since| evidence.issued >= since);
        let is_of_now = |evidence: &Evidence<'_>| {
            constraints.is_fresh((evidence.issued, evidence.next), at) && evidence.believed_until >= at
        };
        let ended = asked.certificate.not_after() < at;
        let best = |evidence: &&Evidence<'_>| (is_inside(evidence, self.inside), evidence.issued);
        if let Some(revoked) = heard.evidence.iter().filter(for_good).max_by_key(best) {
            return Ok(revoked);
        }
        // Of a certificate that has ended, nobody says more.
        let suffices = |evidence: &&Evidence<'_>| is_new(evidence) && (ended || is_of_now(evidence));
        if let Some(good) = heard.evidence.iter().filter(suffices).max_by_key(best) {
            return Ok(good);
        }
        let newest = heard.evidence.iter().max_by_key(|evidence| evidence.issued);
        let subject = asked.certificate.subject_text();
        match (newest, since) {
            (Some(old), _) if ended => Ok(old),
            (Some(old), Some(since)) if is_of_now(old) => Err(Lacking::Newer {
                subject,
                known: old.issued,
                needed: since,
            }),
            _ => Err(Lacking::Status { subject }),
        }
    }

    fn put(&self, evidence: &Evidence<'_>, material: &mut Material) {
        let [maker, list] = evidence.makers;
        material.certificates.extend(maker.map(<[u8]>::to_vec));
        material.lists.extend(list.map(<[u8]>::to_vec));
        for object in evidence.objects.into_iter().flatten() {
            let mut answers = self.library.answers.iter();
            let place = if answers.any(|(der, _)| *der == object) {
                &mut material.answers
            } else {
                &mut material.lists
            };
            place.insert(object.to_vec());
        }
    }
}

/// Whether all of it is among this.
pub(super) fn is_inside(evidence: &Evidence<'_>, material: &Material) -> bool {
    let mut objects = evidence.objects.into_iter().flatten();
    objects.all(|object| material.lists.contains(object) || material.answers.contains(object))
}
