//! Which passwords are admitted. R124; the number is ours (requirements 1.21, item 5).

/// Passwords are judged by what guessing them costs, not by character classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRule {
    /// Guesses that a password must withstand, as a power of ten; it goes to the device in every challenge.
    pub guesses_log10: u8,
}

impl PasswordRule {
    /// Ten thousand million guesses, each at the price of one Argon2id and one token call.
    pub const SHIPPED: Self = Self { guesses_log10: 10 };
}
