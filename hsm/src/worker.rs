//! Worker processes: the only ones that load a PKCS#11 module and know a PIN.
//!
//! The supervisor starts them by exec with a pipe on standard input, over which settings and PIN come, and a
//! socket on standard output, over which frames go back and forth. A worker serves one frame at a time and ends
//! when the socket closes. What it is asked and answers is [`Ask`] and [`Answer`]; who keeps how many of them is
//! [`Pool`].

mod ask;
mod desk;
mod pool;
pub(crate) mod process;
mod seal;
mod settings;
mod together;

pub(crate) use ask::{Answer, Ask, Blob, EnrolAsk, Hello, Refusal, SignAsAsk, UseAsk};
pub use desk::run_worker;
pub(crate) use pool::{Pool, PoolSettings};
pub use settings::WorkerSettings;
pub(crate) use together::Together;
