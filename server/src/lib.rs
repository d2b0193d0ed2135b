//! The `tamga` program: the authority at work, its HTTP surfaces, its commands.
//!
//! Three floors, called downwards only: `http` and `command` parse and answer; [`Authority`] has one function per step;
//! below are the rooms (`ca`, `pki`, `ledger`), the registry (`store`) and the boundary (`hsm`).

mod authority;
pub mod backup;
pub mod command;
mod extension;
pub mod http;
mod jobs;
mod log;
mod operator;
mod pem;
mod root_token;
mod serve;
mod settings;
mod upkeep;
mod validation;
mod witnessed;

pub use authority::{
    Authority, AuthoritySettings, Ceremony, CeremonyError, ChangeError, ClockWatch, Ending, House,
    HouseError, IssueError, IssueRequest, KeySource, ListError, ListStanding, Made, ReissueError, RenewError,
    Reply, SignError, StampSettings, Standing, Ticks, Transcript, TreeStanding, Wish,
};
pub use extension::{Done, ExtendError, Extendable, Extended, Extender, Shared, Stamper};
pub(crate) use log::check_proof;
pub use log::{Log, LogError};
pub(crate) use operator::{
    Act, Files, Present, check, fill_every_rule, operator_row, order, order_of, ordered_before,
};
pub use operator::{OperatorRole, OrderError};
pub use pem::pem;
pub use root_token::{RootError, RootToken};
pub use serve::{ProgramUpkeep, ServiceError, open, serve, upkeep};
pub use settings::{BackupSettings, HealthSettings, LogSettings, Settings, SettingsError, TimeSettings};
pub use upkeep::{
    BeginError, DocumentSettings, NewUpkeep, Round, TidyError, Upkeep, UpkeepRules, UpkeepSettings,
};
pub use validation::{
    AnchorError, Believed, Effort, FetchSettings, Fetcher, Purpose, Submitted, ValidationError,
    ValidationSettings, Validator, read_anchors,
};
