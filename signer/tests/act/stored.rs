//! Acts that are written down, and read by whoever starts again after a crash.

use std::sync::LazyLock;

use domain::SignatureProfile;
use proptest::prelude::*;
use signer::{Act, Limits, StoredActError};

use crate::{
    desk::{Desk, Task, written},
    documents::every,
};

fn tasks(desk: &Desk) -> Vec<Task> {
    every(desk).into_iter().map(|(_, task)| task).collect()
}

fn files(act: Act, batch: &hsm::SignedBatch, tasks: &[Task]) -> Vec<(Vec<u8>, Option<signer::Which>)> {
    let signed = act.finish(batch).unwrap();
    let signed = signed.into_iter().zip(tasks);
    signed
        .map(|(signed, task)| (written(&signed, task), signed.which))
        .collect()
}

/// Issue 6: each document is signed once or not at all, whenever the process dies.
#[test]
fn an_act_that_was_stored_finishes_byte_for_byte_as_if_nothing_had_happened() {
    for profile in [SignatureProfile::EcdsaP256Sha256, SignatureProfile::RsaPssSha256] {
        let desk = Desk::new(profile);
        let (tasks, limits) = (tasks(&desk), Limits::default());
        let act = desk.prepare(&tasks, &limits).unwrap();
        let bytes = act.stored().unwrap();
        let read = Act::parse(&bytes, &limits).unwrap();
        assert_eq!(read.stored().unwrap(), bytes, "one act has one form");
        assert_eq!(read.to_be_signed(), act.to_be_signed());
        assert!(read.shown().eq(act.shown()) && read.cautions().eq(act.cautions()));
        for (number, task) in tasks.iter().enumerate() {
            let sources = crate::desk::read(&task.sources);
            let show = |act: &Act| {
                act.shown_file(crate::desk::id(number), &sources, &limits)
                    .unwrap()
            };
            assert_eq!(show(&read), show(&act), "{number}");
        }
        let batch = desk.sign(&act);
        assert_eq!(files(read, &batch, &tasks), files(act, &batch, &tasks));
    }
}

#[test]
fn what_is_no_stored_act_is_refused_in_words() {
    let (limits, bytes) = (Limits::default(), &*STORED);
    for cut in [0, 5, 9, 10, 41, 42, 43, bytes.len() / 2, bytes.len() - 1] {
        let refused = Act::parse(&bytes[..cut], &limits);
        assert!(
            matches!(refused, Err(StoredActError::Form | StoredActError::Altered)),
            "{cut}: {refused:?}"
        );
    }
    let longer = [&bytes[..], b"\0"].concat();
    assert!(matches!(
        Act::parse(&longer, &limits),
        Err(StoredActError::Altered)
    ));
    let mut newer = bytes.clone();
    newer[9] = 2;
    assert!(matches!(
        Act::parse(&newer, &limits),
        Err(StoredActError::Version { found: 2, known: 1 })
    ));
    let small = Limits {
        held: 1_000,
        ..Limits::default()
    };
    assert!(matches!(
        Act::parse(bytes, &small),
        Err(StoredActError::Length { most: 2_000, .. })
    ));
    let few = Limits {
        together: 3,
        ..Limits::default()
    };
    assert!(matches!(
        Act::parse(bytes, &few),
        Err(StoredActError::Contradiction(_))
    ));
}

/// An act of every form, as bytes.
static STORED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let desk = Desk::new(SignatureProfile::EcdsaP256Sha256);
    desk.prepare(&tasks(&desk), &Limits::default())
        .unwrap()
        .stored()
        .unwrap()
});

/// The bytes with another digest at their head: what somebody would do who may write them.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let digest = domain::sha256(&bytes[42..]);
    bytes[10..42].copy_from_slice(&digest);
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// No byte changes unseen; and whoever seals again what was changed gets an error, or an act that is stored and read
    /// as it is, of which the boundary signs only what fits what it shows.
    #[test]
    fn no_byte_of_a_stored_act_changes_unseen(places in prop::collection::vec((any::<prop::sample::Index>(), 1..=255_u8), 1..50)) {
        let (limits, bytes) = (Limits::default(), &*STORED);
        for (place, change) in places {
            let mut altered = bytes.clone();
            altered[place.index(bytes.len())] ^= change;
            prop_assert!(Act::parse(&altered, &limits).is_err());
            if let Ok(act) = Act::parse(&sealed(altered), &limits) {
                let again = act.stored().unwrap();
                let read = Act::parse(&again, &limits).unwrap();
                prop_assert!(read.shown().eq(act.shown()));
                prop_assert_eq!(read.to_be_signed(), act.to_be_signed());
                prop_assert_eq!(read.stored().unwrap(), again);
            }
        }
    }

    #[test]
    fn bytes_of_any_kind_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let head = [b"tamga act\x01".as_slice(), &[0; 32], &bytes].concat();
        prop_assert!(Act::parse(&sealed(head), &Limits::default()).is_err());
    }
}
