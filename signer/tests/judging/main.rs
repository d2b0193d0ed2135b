//! Judging: scenarios over a small infrastructure of our own, and foreign judges over the same.

#![expect(clippy::unwrap_used, reason = "what only tests run may fail loudly")]

mod answers;
mod digests;
mod files;
mod openssl;
mod policies;
mod reports;
mod scale;
mod scenarios;
mod world;
