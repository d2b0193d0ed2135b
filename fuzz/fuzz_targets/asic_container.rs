//! ASiC containers: whatever opens holds sound names, is examined without harm, and stays the same when it is rewritten.
#![no_main]

use libfuzzer_sys::fuzz_target;
use signer::asic::{Container, examine};

fuzz_target!(|bytes: &[u8]| {
    let Ok(container) = Container::open(&bytes) else { return };
    let mut names = std::collections::HashSet::new();
    for entry in container.files() {
        let name = entry.name();
        assert!(!name.starts_with('/') && !name.contains('\\') && name.split('/').all(|part| part != ".."));
        assert!(names.insert(name.to_lowercase()));
        if entry.length() < 1 << 16 {
            let _ = entry.read(1 << 16);
        }
    }
    let _ = examine(&container);

    let mut written = Vec::new();
    let output = container.with(&[]).expect("what was read is written");
    output.write_to(&[&bytes], &mut written).expect("its pieces are there");
    let again = Container::open(&written).expect("what was written is read");
    assert_eq!(again.files().count(), container.files().count());
    for (before, after) in container.files().zip(again.files()) {
        assert_eq!((before.name(), before.length()), (after.name(), after.length()));
    }
});
