//! What the reader refuses, and that libxml2 refuses it too (but for document types and relative namespaces, which are
//! XML and yet nothing that is signed).

use signer::xml::{Limits, ReadError, canonical_document};

use crate::judges;

const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments";

fn read(document: &[u8]) -> Result<Vec<u8>, ReadError> {
    canonical_document(document, INCLUSIVE, &Limits::default()).map(Option::unwrap)
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for document in [
        "",
        " ",
        "x",
        "<a>",
        "</a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>x",
        "x<a/>",
        "<a><b></a></b>",
        "<a b></a>",
        "<a b=c/>",
        "<a b='1'c='2'/>",
        "<a b='<'/>",
        "<a b='&'/>",
        "<a>&amp</a>",
        "<a>&#0;</a>",
        "<a>&#xD800;</a>",
        "<a>&#x110000;</a>",
        "<a>&#+65;</a>",
        "<a>&#;</a>",
        "<a>&#x;</a>",
        "<a>]]></a>",
        "<a><!-- -- --></a>",
        "<a><!-- ---></a>",
        "<a><!--</a>",
        "<a><![CDATA[</a>",
        "<![CDATA[x]]><a/>",
        "<a><?xml version='1.0'?></a>",
        " <?xml version='1.0'?><a/>",
        "<a><?XML x?></a>",
        "<a><?p</a>",
        "<a><??></a>",
        "<a b='1' b='2'/>",
        "<a xmlns:x='urn:1' xmlns:y='urn:1' x:b='1' y:b='2'/>",
        "<a xmlns='urn:1' xmlns='urn:1'/>",
        "<x:a/>",
        "<a x:b='1'/>",
        "<a xmlns:x=''/>",
        "<a xmlns:xmlns='urn:1'/>",
        "<a xmlns:x='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns:xml='urn:1'/>",
        "<a xmlns:x='http://www.w3.org/2000/xmlns/'/>",
        "<:a/>",
        "<a:/>",
        "<a:b:c/>",
        "<1/>",
        "<-a/>",
        "< a/>",
        "<a / >",
        "<a\u{1}/>",
        "<a>\u{FFFE}</a>",
        "<a>\u{FFFF}</a>",
        "<?xml?><a/>",
        "<?xml version='1.1'?><a/>",
        "<?xml version='1.0' standalone='maybe'?><a/>",
        "<?xml encoding='UTF-8'?><a/>",
        "<a xml:id='x'><b xml:id='x'/></a>",
    ] {
        let ours = read(document.as_bytes());
        assert!(ours.is_err(), "{document:?}");
        // libxml2 minds neither 1.1, nor colons where names allow them but namespaces do not, nor two xml:ids.
        let lenient = ["1.1", "<:a/>", "<a:/>", "<a:b:c/>", "xml:id", "x:", "xmlns"];
        if !lenient.iter().any(|part| document.contains(part)) {
            assert_eq!(
                judges::xmllint("--c14n", document.as_bytes()),
                None,
                "{document:?}"
            );
        }
    }
}

#[test]
fn other_encodings_are_refused_by_name() {
    let utf16: Vec<u8> = "\u{FEFF}<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for document in [
        utf16.as_slice(),
        b"<\0a\0/\0>\0",
        b"<?xml version='1.0' encoding='windows-1251'?><a/>",
    ] {
        assert!(matches!(read(document), Err(ReadError::Encoding { .. })));
    }
    for document in [&b"<a>\xC0\x80</a>"[..], b"<a>\xED\xA0\x80</a>", b"<a>\xFF</a>"] {
        assert!(matches!(read(document), Err(ReadError::Utf8 { at: 3 })));
    }
    assert_eq!(
        read("\u{FEFF}<?xml version='1.0' encoding='utf-8'?><a/>".as_bytes()).unwrap(),
        b"<a></a>"
    );
}

#[test]
fn every_size_has_a_limit() {
    let limits = Limits {
        bytes: 10_000,
        depth: 8,
        nodes: 50,
        attributes: 4,
        namespaces: 4,
        name: 10,
        text: 100,
        ..Limits::default()
    };
    let refused = |document: String| {
        let refused = canonical_document(document.as_bytes(), INCLUSIVE, &limits).unwrap_err();
        let ReadError::Limit { what, .. } = refused else {
            panic!("{refused}")
        };
        what
    };
    assert_eq!(refused("x".repeat(10_001)), "bytes");
    assert_eq!(refused("<a>".repeat(9)), "elements inside one another");
    assert_eq!(refused(format!("<a>{}</a>", "<b/>".repeat(50))), "nodes");
    assert_eq!(
        refused("<a a='' b='' c='' d='' e=''/>".to_owned()),
        "attributes at one element"
    );
    let nested = (0..6).fold(String::new(), |text, number| {
        text + &format!("<a xmlns:p{number}='urn:x'>")
    });
    assert_eq!(refused(nested), "namespaces in scope");
    assert_eq!(refused(format!("<{}/>", "a".repeat(11))), "bytes in a name");
    for long in [
        format!("<a>{}</a>", "x".repeat(101)),
        format!("<a b='{}'/>", "x".repeat(101)),
        format!("<a><!--{}--></a>", "x".repeat(101)),
        format!("<a><![CDATA[{}]]></a>", "x".repeat(101)),
    ] {
        assert_eq!(refused(long), "bytes in one text");
    }
}
