//! The order of time stamps, and which of them are believed.

use super::StampReport;
use crate::StampKind;

pub(super) fn is_believed(stamp: &StampReport, kind: StampKind) -> bool {
    stamp.kind == kind && stamp.sub_indication.is_none()
}

/// §5.5.4 and §5.6.2.5: what is on the content comes before what is on the signature, and that before archives. Within a
/// kind nothing tells which came first: several authorities stamp the same thing side by side.
pub(super) fn in_order(stamps: &[StampReport]) -> bool {
    let times = |kind| {
        stamps
            .iter()
            .filter(move |stamp| is_believed(stamp, kind))
            .filter_map(|stamp| stamp.time)
    };
    let mut latest = None;
    [StampKind::Content, StampKind::Signature, StampKind::Archive]
        .into_iter()
        .all(|kind| {
            let follows = times(kind).min().is_none_or(|first| latest <= Some(first));
            latest = latest.max(times(kind).max());
            follows
        })
}
