//! Argon2id's cost, with the floor below which a device does not go.
//!
//! The parameters come from the boundary in a signed challenge. The floor here is built into every device, so
//! that whoever stands between cannot make guessing cheap (design §4).

use serde::{Deserialize, Serialize};

/// Argon2id parameters; one lane always. R125.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Argon2Parameters {
    memory_kib: u32,
    passes: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    m: u32,
    t: u32,
}

/// The parameters are outside what a device accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Argon2Error {
    /// Guessing would be too cheap.
    #[error("Argon2id with {memory_kib} KiB and {passes} passes is below the floor of this device")]
    TooWeak {
        /// Memory asked for.
        memory_kib: u32,
        /// Passes asked for.
        passes: u32,
    },
    /// The device would be brought to a halt.
    #[error("Argon2id with {memory_kib} KiB and {passes} passes is more than this device spends")]
    TooCostly {
        /// Memory asked for.
        memory_kib: u32,
        /// Passes asked for.
        passes: u32,
    },
}

impl Argon2Parameters {
    /// Least memory.
    pub const MIN_MEMORY_KIB: u32 = 32 * 1024;
    /// Least passes.
    pub const MIN_PASSES: u32 = 3;
    /// Least memory times passes, in KiB: less memory must be made good by more passes.
    pub const MIN_WORK_KIB: u64 = 192 * 1024;
    /// Most memory.
    pub const MAX_MEMORY_KIB: u32 = 1024 * 1024;
    /// Most passes.
    pub const MAX_PASSES: u32 = 16;
    /// What Tamga asks for: 64 MiB, three passes.
    pub const STANDARD: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
    };

    /// Parameters between floor and ceiling.
    pub const fn new(memory_kib: u32, passes: u32) -> Result<Self, Argon2Error> {
        let work = memory_kib as u64 * passes as u64;
        if memory_kib < Self::MIN_MEMORY_KIB || passes < Self::MIN_PASSES || work < Self::MIN_WORK_KIB {
            Err(Argon2Error::TooWeak { memory_kib, passes })
        } else if memory_kib > Self::MAX_MEMORY_KIB || passes > Self::MAX_PASSES {
            Err(Argon2Error::TooCostly { memory_kib, passes })
        } else {
            Ok(Self { memory_kib, passes })
        }
    }

    /// Memory in KiB.
    pub const fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub const fn passes(self) -> u32 {
        self.passes
    }
}

impl TryFrom<Wire> for Argon2Parameters {
    type Error = Argon2Error;

    fn try_from(wire: Wire) -> Result<Self, Argon2Error> {
        Self::new(wire.m, wire.t)
    }
}

impl From<Argon2Parameters> for Wire {
    fn from(parameters: Argon2Parameters) -> Self {
        Self {
            m: parameters.memory_kib,
            t: parameters.passes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floor_and_ceiling_hold() {
        assert_eq!(Argon2Parameters::new(65_536, 3), Ok(Argon2Parameters::STANDARD));
        assert!(Argon2Parameters::new(32_768, 6).is_ok());
        for (memory_kib, passes) in [(32_768, 3), (65_535, 3), (65_536, 2), (19_456, 10), (0, 0)] {
            assert!(matches!(
                Argon2Parameters::new(memory_kib, passes),
                Err(Argon2Error::TooWeak { .. })
            ));
        }
        assert!(matches!(
            Argon2Parameters::new(2_097_152, 3),
            Err(Argon2Error::TooCostly { .. })
        ));
        assert!(matches!(
            Argon2Parameters::new(65_536, 17),
            Err(Argon2Error::TooCostly { .. })
        ));
    }
}
