//! The rules in force, in one value, so that a decision can say under which version it was made.

use domain::Argon2Parameters;
use serde::Deserialize;

use crate::{Algorithms, Documents, Endurance, Freshness, Lockout, PasswordRule, Proofing, ResidentRule};

/// The rules in force. A file names its version and the rules that it changes; the others stay as shipped.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Grows with every change of a rule; the shipped rules are version 1.
    pub version: u32,
    /// How wrong passwords lock.
    #[serde(default)]
    pub lockout: Lockout,
    /// What Argon2id costs a device, and so a thief: memory `m` in KiB and passes `t`. R125; the number is ours
    /// (requirements 1.21, item 5), and the least is built into every device ([`Argon2Parameters`]).
    #[serde(default = "standard")]
    pub argon2: Argon2Parameters,
    /// Which passwords are admitted.
    #[serde(default)]
    pub password: PasswordRule,
    /// How long proofs, nonces and keys live.
    #[serde(default)]
    pub freshness: Freshness,
    /// Which keys and signatures are made.
    #[serde(default)]
    pub algorithms: Algorithms,
    /// How many verifiers live on the token.
    #[serde(default)]
    pub resident: ResidentRule,
    /// Until when algorithms prove anything.
    #[serde(default)]
    pub endurance: Endurance,
    /// How a Client is proven.
    #[serde(default)]
    pub proofing: Proofing,
    /// How large documents may be, and which are refused for their looks.
    #[serde(default)]
    pub documents: Documents,
}

impl Policy {
    /// The rules as shipped.
    pub const SHIPPED: Self = Self {
        version: 1,
        lockout: Lockout::SHIPPED,
        argon2: Argon2Parameters::STANDARD,
        password: PasswordRule::SHIPPED,
        freshness: Freshness::SHIPPED,
        algorithms: Algorithms::SHIPPED,
        resident: ResidentRule::SHIPPED,
        endurance: Endurance::SHIPPED,
        proofing: Proofing::SHIPPED,
        documents: Documents::SHIPPED,
    };
}

impl Default for Policy {
    fn default() -> Self {
        Self::SHIPPED
    }
}

const fn standard() -> Argon2Parameters {
    Argon2Parameters::STANDARD
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every rule as shipped, written out; also the form in which a lawyer reads them.
    const WRITTEN: &str = r#"
        version = 1
        lockout = { tries = 5, locks = ["15 min", "1 h", "24 h"] }
        argon2 = { m = 65536, t = 3 }
        password = { guesses_log10 = 10 }
        resident = { most = 1000 }
        endurance = { rsa_2048 = "2031-01-01" }

        [freshness]
        nonce_life = "5 min"
        proofing_life = "30 min"
        clock_skew = "2 min"
        activation_key_life = "1 d"
        activation_key_kept = "2 d"
        reservation_life = "60 s"

        [proofing]
        signals = 3
        repeats = 3
        checks = 4
        block = "15 min"
        similarity = "85"
        failed_matches = 3
        messages = 2
        code_digits = 6
        code_life = "3 min"
        code_tries = 3
        sequence_life = "2 min"
        session_life = "20 min"
        capture_bytes = 5000000
        sessions_an_hour = 10
        phone_an_hour = 10
        address_an_hour = 300

        [documents]
        together = 1000
        held = "256 MiB"
        xml = "32 MiB"
        xml_depth = 256
        xml_nodes = 2000000
        looks = "named"

        [algorithms]
        keys = ["p256", "p384", "rsa-2048", "rsa-3072", "rsa-4096"]
        default = "p256"
        profiles = [
            "ecdsa-p256-sha256", "ecdsa-p384-sha384",
            "rsa-pkcs1-sha256", "rsa-pkcs1-sha384", "rsa-pkcs1-sha512",
            "rsa-pss-sha256", "rsa-pss-sha384", "rsa-pss-sha512",
        ]
    "#;

    #[test]
    fn the_shipped_rules_are_these() {
        assert_eq!(toml::from_str::<Policy>(WRITTEN), Ok(Policy::default()));
        assert_eq!(toml::from_str::<Policy>("version = 1"), Ok(Policy::SHIPPED));
    }

    #[test]
    fn a_file_that_loosens_or_misspells_a_rule_does_not_parse() {
        for (text, why) in [
            ("", "missing field `version`"),
            ("version = 1\nlockouts = {}", "unknown field `lockouts`"),
            ("version = 1\nlockout = { trys = 3 }", "unknown field `trys`"),
            ("version = 1\nargon2 = { m = 65536, t = 2 }", "below the floor"),
            (
                "version = 1\nargon2 = { m = 65536, t = 3, p = 4 }",
                "unknown field `p`",
            ),
            ("version = 1\npassword = { guesses_log10 = 9 }", "may be 10 to 16"),
            ("version = 1\nresident = { most = 1001 }", "may be 0 to 1000"),
        ] {
            let refused = toml::from_str::<Policy>(text).unwrap_err().to_string();
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }
}
