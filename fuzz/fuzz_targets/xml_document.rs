//! XML documents: whatever is read has one canonical form, which is its own; an independent reader finds the same
//! elements and texts; and no signature in it, whatever it says, stops the reader.
#![no_main]

use libfuzzer_sys::fuzz_target;
use signer::xml::{Form, Limits, canonical_document, claims, shown_octets};

const METHODS: [&str; 6] = [
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2006/12/xml-c14n11#WithComments",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
];

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    for method in METHODS {
        if let Ok(Some(once)) = canonical_document(bytes, method, &limits) {
            let again = canonical_document(&once, method, &limits);
            assert_eq!(again, Ok(Some(once)));
        }
    }
    let commented = canonical_document(bytes, METHODS[1], &limits);
    if let Ok(Some(canonical)) = commented {
        let canonical = String::from_utf8(canonical).expect("UTF-8");
        let original = std::str::from_utf8(bytes).expect("UTF-8");
        assert_eq!(outline(original), outline(&canonical));
    }
    let _judged = claims(bytes, &[], &limits);
    for form in [Form::National, Form::Enveloping, Form::ById("total".to_owned())] {
        let _shown = shown_octets(bytes, &form, &limits);
    }
});

/// What an independent reader finds: names, attributes and texts in their order.
fn outline(text: &str) -> String {
    let options = roxmltree::ParsingOptions { nodes_limit: u32::MAX, ..roxmltree::ParsingOptions::default() };
    let read = roxmltree::Document::parse_with_options(text, options).expect("what we read, others read");
    let mut outline = String::new();
    for node in read.descendants() {
        if node.is_element() {
            let mut attributes: Vec<_> = node.attributes().map(|one| (one.namespace(), one.name(), one.value())).collect();
            attributes.sort_unstable();
            outline += &format!("<{:?} {attributes:?}>", node.tag_name());
        } else if let Some(text) = node.text() {
            outline += text;
        }
    }
    outline
}
