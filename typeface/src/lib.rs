//! The letters that Tamga draws: Noto Sans in two weights, as files.
//!
//! The visible mark of a signature and the papers of a Session are written in the same letters, so they lie here once.
//! `typeface/fonts/README.md` says where they come from, which letters they have and how they were made.

/// The weight of running text.
pub const REGULAR: &[u8] = include_bytes!("../fonts/NotoSans-Regular.ttf");

/// The weight of headings and names.
pub const BOLD: &[u8] = include_bytes!("../fonts/NotoSans-Bold.ttf");
