//! Whatever document is signed, is found signed; whatever byte of it changes, is found changed or means the same.

use proptest::prelude::*;
use signer::xml::{Form, Limits, Others, canonical_document};

use crate::{
    canonical::document,
    signing::{holds, key, prepared, read, sign},
};

const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

fn form() -> impl Strategy<Value = Form> {
    prop_oneof![
        Just(Form::Enveloped(Others::Excluded)),
        Just(Form::Enveloped(Others::Covered)),
        Just(Form::National),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_is_found_signed_and_its_bytes_are_kept(document in document(), forms in prop::collection::vec(form(), 1..4)) {
        let (key, source) = (key("Aigul"), document.as_bytes());
        let mut file = source.to_vec();
        for form in &forms {
            // A signature that would break another is refused, and then the file stays as it is.
            if prepared(&file, form, &key).is_ok() {
                file = sign(&file, form, &key);
            }
        }
        let found = read(&file);
        prop_assert!(!found.is_empty());
        prop_assert!(found.iter().all(|claim| holds(claim, &key)), "{found:?}");
        let text = String::from_utf8(file).unwrap();
        let (before, rest) = text.split_once("<ds:Signature ").unwrap_or((&text, ""));
        let before = before.to_owned();
        prop_assert!(document.starts_with(&before) || before.strip_suffix('>').is_some_and(|cut| document.starts_with(cut)));
        prop_assert!(!rest.is_empty() || text.contains("<ds:Signature"));
    }

    #[test]
    fn no_byte_changes_unseen(document in document(), form in form(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let key = key("Aigul");
        let file = sign(document.as_bytes(), &form, &key);
        let mut altered = file.clone();
        let at = at.index(document.rfind("</r>").unwrap());
        altered[at] = byte;
        let limits = Limits::default();
        let meaning = |file: &[u8]| canonical_document(file, INCLUSIVE, &limits);
        if let Ok(found) = signer::xml::claims(&altered, &[], &limits) {
            let holds = found.iter().any(|claim| holds(claim, &key));
            prop_assert_eq!(holds, meaning(&altered) == meaning(&file), "{} as {:#x}", at, byte);
        }
    }
}
