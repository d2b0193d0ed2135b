//! Damaged signatures and containers: read or refused, never half of each. The fuzzers' seeds, changed at random.

use std::{fs, path::Path};

use proptest::{collection::vec, prelude::*, sample::Index};
use signer::{
    asic::{Container, examine},
    cms::{Body, Content, SignedData},
};

/// All seeds of a fuzzer.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(target);
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// One of the seeds with some bytes changed, and some taken out or put in.
fn damaged(target: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let changes = vec((any::<Index>(), any::<u8>()), 0..4);
    let cut = (any::<Index>(), 0..4_usize, vec(any::<u8>(), 0..4));
    (proptest::sample::select(seeds(target)), changes, cut).prop_map(
        |(mut bytes, changes, (at, out, more))| {
            for (place, value) in changes {
                let place = place.index(bytes.len());
                bytes[place] = value;
            }
            let at = at.index(bytes.len());
            let end = bytes.len().min(at + out);
            bytes.splice(at..end, more);
            bytes
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5000))]

    #[test]
    fn damaged_signatures_are_examined_and_written_as_they_were_read(bytes in damaged("cms_signed_data")) {
        if let Ok(data) = SignedData::read(&bytes) {
            let body = match &data.content {
                Content::Detached => None,
                Content::Attached(pieces) => Some(Body { ranges: pieces.clone(), ..Body::whole("content", &bytes) }),
            };
            let claims = data.claims(body.as_ref()).unwrap();
            prop_assert!(claims.len() >= data.signers.len());
            let mut written = Vec::new();
            data.to_output(0).unwrap().write_to(&[&bytes], &mut written).unwrap();
            prop_assert_eq!(written.len(), data.length());
            let again = SignedData::read(&written).unwrap();
            prop_assert_eq!(again.material(), data.material());
            prop_assert_eq!(again.content_type, data.content_type);
        }
    }

    #[test]
    fn damaged_containers_are_examined_and_rewritten_with_the_same_files(bytes in damaged("asic_container")) {
        if let Ok(container) = Container::open(&bytes) {
            drop(examine(&container));
            let mut written = Vec::new();
            container.with(&[]).unwrap().write_to(&[&bytes], &mut written).unwrap();
            let again = Container::open(&written).unwrap();
            let names = |container: &Container<'_>| -> Vec<String> {
                container.files().map(|file| file.name().to_owned()).collect()
            };
            prop_assert_eq!(names(&again), names(&container));
        }
    }
}
