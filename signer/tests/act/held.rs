//! What an act holds is bounded: documents that are too much together are named before anything is signed.

use domain::SignatureProfile;
use signer::{ActError, Limits, Wish, xml};

use crate::desk::{Desk, Task, id};

#[test]
fn documents_that_are_too_much_together_are_refused_by_name() {
    let desk = Desk::new(SignatureProfile::EcdsaP256Sha256);
    let inside = |_| Task {
        sources: vec![vec![0; 30_000]],
        wish: Wish::Xml(xml::Form::EnvelopingFile {
            media_type: "application/octet-stream".to_owned(),
        }),
    };
    let tasks: Vec<_> = (0..4).map(inside).collect();
    let limits = Limits {
        held: 100_000,
        ..Limits::default()
    };
    match desk.prepare(&tasks, &limits) {
        Err(ActError::Held {
            number: 3,
            id: named,
            most: 100_000,
        }) => assert_eq!(named, id(2)),
        other => panic!("{other:?}"),
    }
    desk.prepare(&tasks[..2], &limits).unwrap();
    let few = Limits {
        together: 3,
        ..Limits::default()
    };
    assert!(matches!(
        desk.prepare(&tasks, &few),
        Err(ActError::Count { given: 4, most: 3 })
    ));
}
