//! [`Measured`]: figures of a test, beside what they must be. R153, R154, R157, R163.

use core::fmt;

use domain::Percent;
use serde::{Deserialize, Serialize};

use crate::said::Term;

/// What the tests of a Solution measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Measured {
    /// Of a Solution that compares faces. R153, R154.
    Match {
        /// False matches by the method of NIST.
        fmr_nist: Rate,
        /// False matches by the Operator's method.
        fmr_operator: Rate,
        /// False non-matches at these.
        fnmr: Rate,
        /// Requests a minute, in one thread.
        per_minute: u32,
        /// The threshold that the Supplier recommends.
        threshold: Percent,
    },
    /// Of a Solution that checks for a living person. R163.
    Liveness {
        /// Attacks that were tried.
        attacks: u32,
        /// Those that got through.
        passed_attacks: u32,
        /// Genuine persons who tried.
        genuine: u32,
        /// Those who were refused.
        refused_genuine: u32,
        /// Requests a minute, in one thread.
        per_minute: u32,
    },
}

/// A rate of errors, in billionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Rate(u32);

/// More errors than tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a rate is 0 to 1,000,000,000 billionths")]
pub struct RateError;

/// A figure and what it must be.
#[derive(Clone, Debug)]
pub(crate) struct Criterion {
    pub name: Term,
    pub required: String,
    pub found: String,
    pub met: bool,
}

impl Measured {
    /// Whether every criterion is met.
    pub fn passed(&self) -> bool {
        self.criteria().iter().all(|criterion| criterion.met)
    }

    pub(crate) fn criteria(&self) -> Vec<Criterion> {
        let rate = |name, most: Rate, found: Rate| Criterion {
            name,
            required: format!("<= {most}"),
            found: found.to_string(),
            met: found <= most,
        };
        let speed = |least: u32, found: u32| Criterion {
            name: SPEED,
            required: format!(">= {least}"),
            found: found.to_string(),
            met: found >= least,
        };
        match *self {
            Self::Match {
                fmr_nist,
                fmr_operator,
                fnmr,
                per_minute,
                threshold,
            } => vec![
                rate(FMR_NIST, Rate(1_000), fmr_nist),
                rate(FMR_OPERATOR, Rate(500_000), fmr_operator),
                rate(FNMR, Rate(10_000_000), fnmr),
                speed(100, per_minute),
                Criterion {
                    name: THRESHOLD,
                    required: "–".to_owned(),
                    found: format!("{threshold} %"),
                    met: true,
                },
            ],
            Self::Liveness {
                attacks,
                passed_attacks,
                genuine,
                refused_genuine,
                per_minute,
            } => vec![
                Criterion {
                    name: ATTACKS,
                    required: format!("0 / {attacks}"),
                    found: format!("{passed_attacks} / {attacks}"),
                    // No attack tried is no attack refused.
                    met: passed_attacks == 0 && attacks > 0,
                },
                Criterion {
                    name: GENUINE,
                    required: "<= 15 %".to_owned(),
                    found: format!("{refused_genuine} / {genuine}"),
                    met: genuine > 0 && u64::from(refused_genuine) * 100 <= u64::from(genuine) * 15,
                },
                speed(10, per_minute),
            ],
        }
    }
}

impl TryFrom<u32> for Rate {
    type Error = RateError;

    fn try_from(billionths: u32) -> Result<Self, RateError> {
        if billionths > 1_000_000_000 {
            return Err(RateError);
        }
        Ok(Self(billionths))
    }
}

impl From<Rate> for u32 {
    fn from(rate: Rate) -> Self {
        rate.0
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{}.{:09}", self.0 / 1_000_000_000, self.0 % 1_000_000_000);
        f.write_str(digits.trim_end_matches('0').trim_end_matches('.'))
    }
}

const SPEED: Term = Term::new(
    "Бір ағында минутына сұрау саны",
    "Запросов в минуту в один поток",
    "Requests a minute in one thread",
);
const FMR_NIST: Term = Term::new(
    "NIST әдістемесі бойынша жалған сәйкестік үлесі (FMR)",
    "Доля ложных совпадений (FMR) по методике NIST",
    "False match rate (FMR) by the method of NIST",
);
const FMR_OPERATOR: Term = Term::new(
    "Оператор әдістемесі бойынша жалған сәйкестік үлесі (FMR)",
    "Доля ложных совпадений (FMR) по методике Оператора",
    "False match rate (FMR) by the Operator's method",
);
const FNMR: Term = Term::new(
    "Жалған сәйкессіздік үлесі (FNMR)",
    "Доля ложных несовпадений (FNMR)",
    "False non-match rate (FNMR)",
);
const THRESHOLD: Term = Term::new(
    "Жеткізуші ұсынған шек",
    "Порог, рекомендованный Поставщиком",
    "Threshold that the Supplier recommends",
);
const ATTACKS: Term = Term::new(
    "Өткізіп жіберілген шабуылдар",
    "Пропущенные атаки",
    "Attacks that got through",
);
const GENUINE: Term = Term::new(
    "Қате қабылданбаған шынайы адамдар",
    "Ошибочно отвергнутые подлинные лица",
    "Genuine persons refused",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_themselves_pass_and_one_beyond_fails() {
        let liveness = |passed_attacks, refused_genuine, per_minute| Measured::Liveness {
            attacks: 400,
            passed_attacks,
            genuine: 100,
            refused_genuine,
            per_minute,
        };
        assert!(liveness(0, 15, 10).passed());
        for failed in [liveness(1, 15, 10), liveness(0, 16, 10), liveness(0, 15, 9)] {
            assert!(!failed.passed(), "{failed:?}");
        }
        let compared = |nist, operator, fnmr, per_minute| Measured::Match {
            fmr_nist: Rate(nist),
            fmr_operator: Rate(operator),
            fnmr: Rate(fnmr),
            per_minute,
            threshold: Percent::new(85),
        };
        assert!(compared(1_000, 500_000, 10_000_000, 100).passed());
        for failed in [
            compared(1_001, 500_000, 10_000_000, 100),
            compared(1_000, 500_001, 10_000_000, 100),
            compared(1_000, 500_000, 10_000_001, 100),
            compared(1_000, 500_000, 10_000_000, 99),
        ] {
            assert!(!failed.passed(), "{failed:?}");
        }
        assert_eq!(Rate(1_000).to_string(), "0.000001");
        assert_eq!(Rate::try_from(1_000_000_001), Err(RateError));
    }
}
