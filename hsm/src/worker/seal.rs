//! Shutting a worker in before it sees a PIN's token: no core dumps, no debugger, no sockets.

use std::collections::BTreeMap;

use rustix::process::{DumpableBehavior, set_dumpable_behavior};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch, apply_filter};

/// The process could not be shut in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealError {
    /// The kernel refused to make it non-dumpable.
    #[error("the process cannot be made non-dumpable: {0}")]
    Dumpable(#[from] rustix::io::Errno),
    /// The filter was refused.
    #[error("the system call filter is refused: {0}")]
    Filter(#[from] seccompiler::Error),
    /// No filter for this processor.
    #[error("the system call filter knows no processor like this one: {0}")]
    Processor(#[from] seccompiler::BackendError),
}

/// Calls by which a process reaches others; x86-64 and AArch64 numbers come from the C library's headers.
#[cfg(target_arch = "x86_64")]
const REACHING_OUT: [i64; 9] = [41, 42, 43, 49, 50, 101, 288, 310, 311];
#[cfg(target_arch = "aarch64")]
const REACHING_OUT: [i64; 9] = [198, 203, 202, 200, 201, 117, 242, 270, 271];

/// Makes this process non-dumpable and, for a local module, takes away sockets and debugging for good.
pub(crate) fn seal_off(without_sockets: bool) -> Result<(), SealError> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    if !without_sockets {
        return Ok(());
    }
    let rules: BTreeMap<i64, Vec<seccompiler::SeccompRule>> = REACHING_OUT
        .into_iter()
        .map(|number| (number, Vec::new()))
        .collect();
    let refuse = SeccompAction::Errno(13);
    let filter = SeccompFilter::new(
        rules,
        SeccompAction::Allow,
        refuse,
        TargetArch::try_from(std::env::consts::ARCH)?,
    )?;
    let program: BpfProgram = filter.try_into()?;
    apply_filter(&program)?;
    Ok(())
}
