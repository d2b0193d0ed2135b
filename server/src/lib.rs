//! The `tamga` program: the authority at work, its HTTP surfaces, its commands.
//!
//! Three floors, called downwards only: `http` and `command` parse and answer; [`Authority`] has one function per step;
//! below are the rooms (`ca`, `pki`, `ledger`), the registry (`store`) and the boundary (`hsm`).

mod authority;
pub mod backup;
pub mod command;
pub mod http;
mod jobs;
mod log;
mod operator;
mod pem;
mod root_token;
mod serve;
mod settings;
mod validation;

pub use authority::{
    Authority, AuthoritySettings, Ceremony, CeremonyError, ChangeError, ClockWatch, House, HouseError,
    IssueError, IssueRequest, KeySource, ListError, Made, ReissueError, RenewError, Reply, SignError,
    StampSettings, Ticks, Transcript, Wish,
};
pub use log::{Log, LogError, ProofFault, check_proof};
pub use operator::{Act, Files, OperatorRole, OrderError, Present, operator_row, order, order_of};
pub(crate) use operator::{fill_every_rule, ordered_before};
pub use pem::pem;
pub use root_token::{RootError, RootToken};
pub use serve::{ServiceError, open, serve};
pub use settings::{BackupSettings, LogSettings, Settings, SettingsError, TimeSettings};
pub use validation::{
    AnchorError, FetchSettings, Fetcher, Submitted, ValidationError, ValidationSettings, Validator,
    read_anchors, read_material,
};
