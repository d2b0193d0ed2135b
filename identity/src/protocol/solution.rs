//! Solutions: liveness and comparison of faces. R005, R006, R025, R035, R056, R153, R157, R159.

use domain::{Id, Percent, word};
use serde::{Deserialize, Serialize};

use crate::{Captured, Picture, Session, Signal, Verdict};

/// What a Solution can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Skill {
    /// Judges a series of pictures.
    Liveness,
    /// Compares two faces.
    Comparison,
}

/// `GET /v1/about`: what a Solution says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Its name, as Evidence gives it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Whose it is.
    pub supplier: String,
    /// What it can do.
    pub skills: Vec<Skill>,
    /// Whether it is one that only plays: refused in production.
    #[serde(default, rename = "virtual")]
    pub only_plays: bool,
}

/// `POST /v1/liveness`, the part `request`. The pictures follow as parts `picture-0`, `picture-1`, …
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Liveness {
    /// The series; asked again, it is the same question.
    pub request: Id<word::Capture>,
    /// What was drawn, in order.
    pub signals: Vec<Signal>,
    /// Which pictures come, in order.
    pub pictures: Vec<Picture>,
    /// What the capture software says of itself. R065.
    pub attestation: Option<String>,
}

/// What it answers. R157.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LivenessAnswer {
    /// The question.
    pub request: Id<word::Capture>,
    /// Whether a living person was before a real camera.
    pub live: bool,
    /// Of each signal whether it was followed.
    pub followed: Vec<bool>,
    /// The picture that shows the face best.
    pub best: Option<u8>,
    /// What is wrong with that picture.
    #[serde(default)]
    pub faults: Vec<PictureFault>,
}

/// What is wrong with a picture. R198.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PictureFault {
    /// R198.1: not down to the chest.
    CutOff,
    /// R198.2: the face is too small or too large.
    FaceSize,
    /// R198.3: the head is turned.
    Turned,
    /// R198.4: the eyes are too close to each other in pixels.
    EyeDistance,
    /// R198.5: the picture is too small.
    Small,
    /// R198.6: not one person.
    Persons,
    /// R198.7: the shoulders are turned.
    Shoulders,
    /// R198.8: light comes from one side.
    Uneven,
    /// R198.9, R198.12: bright spots.
    Glare,
    /// R198.10: something covers the head.
    Covered,
    /// R198.11: glasses are tinted, reflect, or cover the eyes.
    Glasses,
    /// R198.13: the look is not straight.
    Gaze,
    /// R198.14: the eyes are closed or covered.
    Eyes,
    /// R198.15: the face is not calm.
    Expression,
    /// R198.16: not sharp.
    Blurred,
}

/// An answer that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LivenessError {
    /// To another question.
    #[error("the solution answers another question")]
    Foreign,
    /// Not one word for each signal.
    #[error("the solution speaks of {found} signals where {asked} were drawn")]
    Signals {
        /// How many it speaks of.
        found: usize,
        /// How many there were.
        asked: usize,
    },
    /// A success without a picture, or with one that was not sent.
    #[error("the solution names no picture that was sent to it")]
    Picture,
}

impl Liveness {
    /// What is asked about a series.
    pub fn about(session: &Session<Captured>) -> Self {
        let captured = session.state();
        Self {
            request: captured.capture().id,
            signals: captured.drawn().sequence().signals().to_vec(),
            pictures: captured.capture().pictures.clone(),
            attestation: captured.capture().attestation.clone(),
        }
    }

    /// The verdict, if this answers that question.
    pub fn verdict(&self, answer: &LivenessAnswer) -> Result<Verdict, LivenessError> {
        if answer.request != self.request {
            return Err(LivenessError::Foreign);
        }
        if answer.followed.len() != self.signals.len() {
            return Err(LivenessError::Signals {
                found: answer.followed.len(),
                asked: self.signals.len(),
            });
        }
        if !answer.live {
            return Ok(Verdict::Spoofed);
        }
        if !answer.followed.iter().all(|followed| *followed) {
            return Ok(Verdict::NotFollowed);
        }
        let sent = |picture: &u8| usize::from(*picture) < self.pictures.len();
        let picture = answer.best.filter(sent).ok_or(LivenessError::Picture)?;
        // A face that cannot be compared was not shown as asked.
        Ok(if answer.faults.is_empty() {
            Verdict::Live { picture }
        } else {
            Verdict::NotFollowed
        })
    }
}

/// `POST /v1/comparison`, the part `request`. The pictures follow as parts `probe` and `reference`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The question; asked again, it is the same.
    pub request: Id<word::Evidence>,
    /// SHA-256 of the picture from the liveness check. R006.
    pub probe: [u8; 32],
    /// SHA-256 of the reference picture.
    pub reference: [u8; 32],
}

/// What it answers. R025, R153.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparisonAnswer {
    /// The question.
    pub request: Id<word::Evidence>,
    /// How much the faces agree.
    pub similarity: Percent,
}
