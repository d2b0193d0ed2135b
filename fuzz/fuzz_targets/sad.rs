//! What devices send: no bytes make the parsers panic, and what is read is written the same.
#![no_main]

use domain::{Enrolment, Sad, Sealed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(sad) = Sad::parse(bytes) {
        let again = Sad::parse(&sad.to_plaintext()).expect("what we wrote reads");
        assert_eq!(again.documents, sad.documents);
        assert_eq!(again.secret.expose(), sad.secret.expose());
    }
    if let Ok(enrolment) = Enrolment::parse(bytes) {
        assert!(Enrolment::parse(&enrolment.to_plaintext()).is_ok());
    }
    let sealed = core::str::from_utf8(bytes).ok().and_then(|text| Sealed::parse(text).ok());
    if let Some(sealed) = sealed {
        assert!(Sealed::parse(&sealed.to_text()).is_ok_and(|again| again == sealed));
    }
});
