//! Acts that are written down, and read by whoever starts again after a crash.

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
    let desk = Desk::new(SignatureProfile::EcdsaP256Sha256);
    let limits = Limits::default();
    let bytes = desk.prepare(&tasks(&desk), &limits).unwrap().stored().unwrap();
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
        Act::parse(&bytes, &small),
        Err(StoredActError::Length { most: 2_000, .. })
    ));
    let few = Limits {
        together: 3,
        ..Limits::default()
    };
    assert!(matches!(
        Act::parse(&bytes, &few),
        Err(StoredActError::Contradiction(_))
    ));
}

/// The bytes with another digest at their head: what somebody would do who may write them.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let digest = domain::sha256(&bytes[42..]);
    bytes[10..42].copy_from_slice(&digest);
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// No byte changes unseen; and whoever seals again what was changed gets an error, or an act whose every structure is
    /// about what it shows, so that the boundary signs nothing else.
    #[test]
    fn no_byte_of_a_stored_act_changes_unseen(places in prop::collection::vec((any::<prop::sample::Index>(), 1..=255_u8), 1..400)) {
        let desk = Desk::new(SignatureProfile::EcdsaP256Sha256);
        let limits = Limits::default();
        let bytes = desk.prepare(&tasks(&desk), &limits).unwrap().stored().unwrap();
        for (place, change) in places {
            let mut altered = bytes.clone();
            altered[place.index(bytes.len())] ^= change;
            prop_assert!(Act::parse(&altered, &limits).is_err());
            if let Ok(act) = Act::parse(&sealed(altered), &limits) {
                for (shown, (covered, structure)) in act.shown().zip(act.to_be_signed()) {
                    prop_assert_eq!(covered, [shown.id]);
                    let profile = desk.certificate.profile();
                    let own = desk.certificate.fingerprint();
                    let expected = hsm::Expected { shown: &[shown.digest], profile, certificate: &own };
                    // Another certificate is what the boundary refuses.
                    let checked = structure.check(&expected);
                    prop_assert!(checked.is_ok() || matches!(checked, Err(hsm::TbsError::Certificate)), "{:?}", checked);
                }
            }
        }
    }

    #[test]
    fn bytes_of_any_kind_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let head = [b"tamga act\x01".as_slice(), &[0; 32], &bytes].concat();
        prop_assert!(Act::parse(&sealed(head), &Limits::default()).is_err());
    }
}
