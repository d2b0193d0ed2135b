//! The `tamga` program: the authority at work, its HTTP surfaces, its commands.
//!
//! Three floors, called downwards only: `http` and `command` parse and answer; [`Authority`] has one function per step;
//! below are the rooms (`ca`, `pki`, `ledger`), the registry (`store`) and the boundary (`hsm`).

mod authority;
pub mod http;
mod log;
mod root_token;

pub use authority::{
    Authority, AuthoritySettings, Ceremony, CeremonyError, ChangeError, ClockWatch, House, HouseError, IssueError,
    IssueRequest, ListError, Made, ReissueError, RenewError, Reply, SignError, StampSettings, Ticks, Transcript, Wish,
};
pub(crate) use authority::hexadecimal;
pub use log::{Log, LogError, ProofFault, check_proof};
pub use root_token::{RootError, RootToken};
