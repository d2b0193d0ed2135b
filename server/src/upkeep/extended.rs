//! [`NextFile`]: what a step gave, before it is kept: judged as a file, and written from the pieces that it is made of.

use std::{collections::HashSet, sync::Arc};

use bytes::Bytes;
use domain::Time;
use futures_util::{Stream, stream};
use signer::{
    Claim, Output, ReadingError, Report, Segment, Source, SourceError, Which,
    judgement::{StampReport, SubIndication},
};
use store::{GetError, UpkeepFault};

use super::{
    kept::KeptFile,
    trouble::{Passes, Trouble},
};
use crate::{Extendable, Shared, Submitted, Validator};

/// The longest piece that is given to whoever writes.
const PIECE: usize = 64 * 1024;

/// A file that was extended.
pub(super) struct NextFile {
    pub(super) output: Arc<Output>,
    pub(super) file: Arc<KeptFile>,
    pub(super) content: Option<Shared>,
}

impl NextFile {
    /// How long it is.
    pub(super) fn length(&self) -> u64 {
        self.output.length()
    }

    /// One of its signatures.
    pub(super) fn extendable(&self, which: Which) -> Extendable {
        let externals = self.content.iter();
        Extendable {
            file: Arc::new(self.source()),
            externals: externals
                .map(|content| (String::new(), Arc::clone(content)))
                .collect(),
            which,
        }
    }

    /// Believes the time stamps that are new in it, as everybody will have to.
    pub(super) async fn judged(&self, validator: &Validator, now: Time) -> Result<(), Trouble> {
        let (old, new, content) = (Arc::clone(&self.file), self.source(), self.content.clone());
        let limits = validator.limits.clone();
        let fresh = tokio::task::spawn_blocking(move || {
            let before = tokens(&signer::claims(&*old, beside(content.as_ref()), &limits)?);
            let claims = signer::claims(&new, beside(content.as_ref()), &limits)?;
            Ok::<_, ReadingError>(fresh(&claims, &before))
        });
        let fresh = fresh
            .await
            .map_err(|error| Trouble::new(UpkeepFault::Slow, Passes::Surely, error))?
            .map_err(|error| Trouble::new(UpkeepFault::File, Passes::Never, error))?;
        let submitted = Submitted {
            name: String::new(),
            file: Box::new(self.source()),
            content: self.content.as_ref().map(|content| {
                (
                    String::new(),
                    Box::new(Arc::clone(content)) as Box<dyn Source + Send>,
                )
            }),
        };
        let report = validator
            .judge(submitted, now)
            .await
            .map_err(|error| Trouble::of_judging(&error))?;
        let mut seen = false;
        for (signature, stamp) in fresh {
            believed(found(&report, signature, stamp)?)?;
            seen = true;
        }
        if !seen {
            let text = "the extended file shows no new time stamp; other programs would see none either";
            return Err(Trouble::new(UpkeepFault::File, Passes::Never, text));
        }
        Ok(())
    }

    fn source(&self) -> NextSource {
        let mut end = 0_u64;
        let ends = self.output.segments().iter().map(|segment| {
            end = end.saturating_add(segment.length());
            end
        });
        NextSource {
            ends: ends.collect(),
            output: Arc::clone(&self.output),
            file: Arc::clone(&self.file),
        }
    }

    /// Its bytes, piece by piece.
    pub(super) fn bytes(&self) -> impl Stream<Item = Result<Bytes, GetError>> + Send + use<> {
        let begin = (Arc::clone(&self.output), Arc::clone(&self.file), 0_usize, 0_u64);
        stream::try_unfold(begin, |(output, file, mut number, mut given)| async move {
            loop {
                let Some(segment) = output.segments().get(number) else {
                    return Ok(None);
                };
                let left = segment.length().saturating_sub(given);
                if left == 0 {
                    (number, given) = (number.saturating_add(1), 0);
                    continue;
                }
                let most = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
                let piece = match segment {
                    Segment::Bytes(bytes) => {
                        let from = usize::try_from(given).unwrap_or(usize::MAX);
                        let rest = bytes.get(from..).unwrap_or_default();
                        Bytes::copy_from_slice(rest.get(..most).unwrap_or(rest))
                    }
                    Segment::Source { range, .. } => {
                        let read = file.read_from(range.start.saturating_add(given)).await?;
                        read.slice(..read.len().min(most))
                    }
                };
                if piece.is_empty() {
                    return Err(GetError::Failed(file.id()));
                }
                let given = given.saturating_add(piece.len() as u64);
                return Ok(Some((piece, (output, file, number, given))));
            }
        })
    }
}

fn beside(content: Option<&Shared>) -> Option<(&str, &dyn Source)> {
    content.map(|content| ("", &**content as &dyn Source))
}

/// The time stamps of a file.
fn tokens(claims: &[Claim]) -> HashSet<Vec<u8>> {
    let stamps = claims.iter().flat_map(|claim| &claim.stamps);
    stamps.map(|stamp| stamp.token.clone()).collect()
}

/// Time stamps that were not there before: of which signature, and which of its.
fn fresh(claims: &[Claim], before: &HashSet<Vec<u8>>) -> Vec<(usize, usize)> {
    let mut fresh = Vec::new();
    for (signature, claim) in claims.iter().enumerate() {
        for (number, stamp) in claim.stamps.iter().enumerate() {
            if !before.contains(&stamp.token) {
                fresh.push((signature, number));
            }
        }
    }
    fresh
}

fn found(report: &Report, signature: usize, stamp: usize) -> Result<&StampReport, Trouble> {
    let signature = report.signatures.get(signature);
    signature
        .and_then(|signature| signature.stamps.get(stamp))
        .ok_or_else(|| {
            let text = "the signature has more time stamps than are judged; nothing can be added to it";
            Trouble::new(UpkeepFault::File, Passes::Never, text)
        })
}

/// A stamp that nobody believes would be sealed in for ever.
fn believed(stamp: &StampReport) -> Result<(), Trouble> {
    match stamp.sub_indication {
        None => Ok(()),
        Some(SubIndication::TryLater) => Err(Trouble::new(
            UpkeepFault::Evidence,
            Passes::Perhaps,
            "whether the time-stamping authority's certificate is revoked cannot be learnt; look whether its lists or its \
             responder answer, and whether [validation.fetch] lets them be asked",
        )),
        Some(sub) => Err(Trouble::new(
            UpkeepFault::Authority,
            Passes::Surely,
            format!(
                "the time stamp that came is not believed ({}); look whether [upkeep] time_stamps is the right authority and \
                 whether [validation] anchors holds its root",
                sub.name()
            ),
        )),
    }
}

/// An extended file as a source.
struct NextSource {
    /// Where each piece ends.
    ends: Vec<u64>,
    output: Arc<Output>,
    file: Arc<KeptFile>,
}

impl Source for NextSource {
    fn length(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let asked = offset.saturating_add(buffer.len() as u64);
        let beyond = || SourceError::Beyond {
            length: self.length(),
            asked,
        };
        if asked > self.length() {
            return Err(beyond());
        }
        let mut number = self.ends.partition_point(|end| *end <= offset);
        let (mut at, mut rest) = (offset, buffer);
        while !rest.is_empty() {
            let segment = self.output.segments().get(number);
            let (Some(segment), Some(end)) = (segment, self.ends.get(number)) else {
                return Err(beyond());
            };
            let within = at.saturating_sub(end.saturating_sub(segment.length()));
            let length = usize::try_from(end.saturating_sub(at))
                .unwrap_or(usize::MAX)
                .min(rest.len());
            let (now, later) = rest.split_at_mut(length);
            match segment {
                Segment::Bytes(bytes) => bytes.read_at(within, now)?,
                Segment::Source { range, .. } => {
                    self.file.read_at(range.start.saturating_add(within), now)?;
                }
            }
            at = at.saturating_add(length as u64);
            rest = later;
            number = number.saturating_add(1);
        }
        Ok(())
    }
}
