//! [`Series`]: the signals that were drawn, and the pictures that were taken while each was followed.

use serde::{Deserialize, Serialize};

use crate::{Picture, said::Term};

/// What the person was told to do, or what the screen did; each changes something in the frame. R066.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// Turn the head to the left.
    TurnLeft,
    /// Turn the head to the right.
    TurnRight,
    /// Raise the chin.
    TurnUp,
    /// Close the eyes and open them.
    Blink,
    /// Smile.
    Smile,
    /// Come closer.
    ComeCloser,
    /// The screen lights the face in this colour.
    Light(Colour),
}

/// A colour of light.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Colour {
    /// Red.
    Red,
    /// Green.
    Green,
    /// Blue.
    Blue,
}

/// A picture and when it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shot {
    /// During which signal, from 0 on.
    pub signal: u8,
    /// How long after the sequence was shown, in milliseconds.
    pub at: u32,
    /// The picture.
    pub picture: Picture,
}

/// Signals and the pictures of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Series {
    signals: Vec<Signal>,
    shots: Vec<Shot>,
}

/// A series that proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// Too few or too many signals.
    #[error("a series has {} to {} signals", Series::LEAST, Series::MOST)]
    Signals,
    /// Too many pictures.
    #[error("a series has at most {} pictures", Series::SHOTS)]
    Shots,
    /// Too many bytes.
    #[error(
        "the pictures have {found} bytes together, and may have {}",
        Picture::MOST_BYTES
    )]
    Bytes {
        /// How many they have.
        found: usize,
    },
    /// Out of order, or of a signal that was not drawn.
    #[error("the pictures are not in the order of the signals that were drawn")]
    Order,
}

impl Series {
    /// The least signals that the sources allow. R066.
    pub const LEAST: usize = 3;
    /// More than are ever drawn.
    pub const MOST: usize = 12;
    /// Pictures of one series.
    pub const SHOTS: usize = 200;

    /// Takes signals and pictures that belong together.
    pub fn new(signals: Vec<Signal>, shots: Vec<Shot>) -> Result<Self, SeriesError> {
        if !(Self::LEAST..=Self::MOST).contains(&signals.len()) {
            return Err(SeriesError::Signals);
        }
        if shots.len() > Self::SHOTS {
            return Err(SeriesError::Shots);
        }
        let found = shots.iter().map(|shot| shot.picture.bytes().len()).sum();
        if found > Picture::MOST_BYTES {
            return Err(SeriesError::Bytes { found });
        }
        let ordered = shots.is_sorted_by(|one, next| one.at < next.at && one.signal <= next.signal);
        if !ordered || shots.iter().any(|shot| usize::from(shot.signal) >= signals.len()) {
            return Err(SeriesError::Order);
        }
        Ok(Self { signals, shots })
    }

    /// The signals, in the order in which they were drawn.
    pub fn signals(&self) -> &[Signal] {
        &self.signals
    }

    /// The pictures, in the order in which they were taken.
    pub fn shots(&self) -> &[Shot] {
        &self.shots
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    signals: Vec<Signal>,
    shots: Vec<Shot>,
}

impl TryFrom<Written> for Series {
    type Error = SeriesError;

    fn try_from(written: Written) -> Result<Self, SeriesError> {
        Self::new(written.signals, written.shots)
    }
}

impl From<Series> for Written {
    fn from(series: Series) -> Self {
        Self {
            signals: series.signals,
            shots: series.shots,
        }
    }
}

impl Signal {
    /// What it is called.
    pub(crate) const fn name(self) -> Term {
        match self {
            Self::TurnLeft => Term::new("Солға бұрылу", "Поворот влево", "Turn left"),
            Self::TurnRight => Term::new("Оңға бұрылу", "Поворот вправо", "Turn right"),
            Self::TurnUp => Term::new("Иекті көтеру", "Поднять подбородок", "Raise the chin"),
            Self::Blink => Term::new("Көзді жыпылықтату", "Моргнуть", "Blink"),
            Self::Smile => Term::new("Жымию", "Улыбнуться", "Smile"),
            Self::ComeCloser => Term::new("Жақындау", "Приблизиться", "Come closer"),
            Self::Light(Colour::Red) => Term::new("Қызыл жарық", "Красный свет", "Red light"),
            Self::Light(Colour::Green) => Term::new("Жасыл жарық", "Зелёный свет", "Green light"),
            Self::Light(Colour::Blue) => Term::new("Көк жарық", "Синий свет", "Blue light"),
        }
    }

    /// What it changes in the frame.
    pub(crate) const fn description(self) -> Term {
        match self {
            Self::TurnLeft => Term::new(
                "Адамға басын солға бұру ұсынылды; бет кадрда бүйірінен көрінеді.",
                "Человеку предложено повернуть голову влево; лицо в кадре видно сбоку.",
                "The person was told to turn the head to the left; the face is seen from the side.",
            ),
            Self::TurnRight => Term::new(
                "Адамға басын оңға бұру ұсынылды; бет кадрда бүйірінен көрінеді.",
                "Человеку предложено повернуть голову вправо; лицо в кадре видно сбоку.",
                "The person was told to turn the head to the right; the face is seen from the side.",
            ),
            Self::TurnUp => Term::new(
                "Адамға иегін көтеру ұсынылды; бет кадрда төменнен көрінеді.",
                "Человеку предложено поднять подбородок; лицо в кадре видно снизу.",
                "The person was told to raise the chin; the face is seen from below.",
            ),
            Self::Blink => Term::new(
                "Адамға көзін жұмып, қайта ашу ұсынылды; қабақтың қозғалысы көрінеді.",
                "Человеку предложено закрыть и открыть глаза; видно движение век.",
                "The person was told to close the eyes and open them; the lids are seen to move.",
            ),
            Self::Smile => Term::new(
                "Адамға жымию ұсынылды; ауыз бен беттің пішіні өзгереді.",
                "Человеку предложено улыбнуться; меняется форма рта и щёк.",
                "The person was told to smile; mouth and cheeks change their shape.",
            ),
            Self::ComeCloser => Term::new(
                "Адамға камераға жақындау ұсынылды; беттің кадрдағы үлесі артады.",
                "Человеку предложено приблизиться к камере; доля лица в кадре растёт.",
                "The person was told to come closer; the face fills more of the frame.",
            ),
            Self::Light(_) => Term::new(
                "Экран бетті осы түспен жарықтандырды; терінің шағылысқан реңкі өзгереді.",
                "Экран осветил лицо этим цветом; меняется отражённый кожей оттенок.",
                "The screen lit the face in this colour; the shade that the skin reflects changes.",
            ),
        }
    }
}
