//! Judging: scenarios over a small infrastructure of our own, and foreign judges over the same.

mod scenarios;
mod world;
