//! Until when an algorithm proves anything: what a signature of the past is still believed with.
//!
//! Weak algorithms (MD5, SHA-1, SHA-224, RSA below 2048 bits) are not in the table: nothing is believed by them. The dates
//! are ours, after NIST IR 8547 (112 bits until 2030) and ETSI TS 119 312; a file may only bring them forward.

use domain::Time;
use serde::Deserialize;

use crate::RuleError;

/// The last moments at which signatures by these algorithms are believed without proof that they are older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Endurance {
    /// SHA-256.
    pub sha256: Time,
    /// SHA-384.
    pub sha384: Time,
    /// SHA-512.
    pub sha512: Time,
    /// RSA with 2048 to 3071 bits.
    pub rsa_2048: Time,
    /// RSA with 3072 bits and more.
    pub rsa_3072: Time,
    /// P-256, P-384, P-521 and Ed25519.
    pub curves: Time,
}

/// 2031-01-01, UTC.
const YEAR_2031: Time = Time::from_unix_seconds(1_924_992_000);
/// 2100-01-01, UTC: no end is foreseen.
const UNFORESEEN: Time = Time::from_unix_seconds(4_102_444_800);

impl Endurance {
    /// RSA-2048 until the end of 2030, all else without a foreseen end.
    pub const SHIPPED: Self = Self {
        sha256: UNFORESEEN,
        sha384: UNFORESEEN,
        sha512: UNFORESEEN,
        rsa_2048: YEAR_2031,
        rsa_3072: UNFORESEEN,
        curves: UNFORESEEN,
    };
}

impl Default for Endurance {
    fn default() -> Self {
        Self::SHIPPED
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    sha256: Option<String>,
    sha384: Option<String>,
    sha512: Option<String>,
    rsa_2048: Option<String>,
    rsa_3072: Option<String>,
    curves: Option<String>,
}

impl TryFrom<Written> for Endurance {
    type Error = RuleError;

    fn try_from(written: Written) -> Result<Self, RuleError> {
        let shipped = Self::SHIPPED;
        Ok(Self {
            sha256: earlier("endurance.sha256", written.sha256, shipped.sha256)?,
            sha384: earlier("endurance.sha384", written.sha384, shipped.sha384)?,
            sha512: earlier("endurance.sha512", written.sha512, shipped.sha512)?,
            rsa_2048: earlier("endurance.rsa_2048", written.rsa_2048, shipped.rsa_2048)?,
            rsa_3072: earlier("endurance.rsa_3072", written.rsa_3072, shipped.rsa_3072)?,
            curves: earlier("endurance.curves", written.curves, shipped.curves)?,
        })
    }
}

/// A day, written `2031-01-01`, not after the shipped one.
fn earlier(rule: &'static str, day: Option<String>, shipped: Time) -> Result<Time, RuleError> {
    let Some(day) = day else { return Ok(shipped) };
    match Time::parse_rfc3339(&format!("{day}T00:00:00Z")) {
        Ok(time) if time <= shipped => Ok(time),
        _ => Err(RuleError::OutOfBounds {
            rule,
            found: day,
            least: "any day, written as 2031-01-01".to_owned(),
            most: shipped.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_end_an_algorithm_earlier_and_not_later() {
        let read = toml::from_str::<Endurance>;
        let stricter = read("rsa_2048 = '2028-01-01'").unwrap();
        assert_eq!(stricter.rsa_2048.to_string(), "2028-01-01T00:00:00Z");
        assert_eq!(stricter.sha256, Endurance::SHIPPED.sha256);
        assert_eq!(Endurance::SHIPPED.rsa_2048.to_string(), "2031-01-01T00:00:00Z");
        for text in [
            "rsa_2048 = '2031-01-02'",
            "sha256 = '2030'",
            "sha1 = '2020-01-01'",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
