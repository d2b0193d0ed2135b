//! Namespaces and attributes of the apex, and the prefix list: what each canonicalisation writes, and nothing else.

use super::{
    signed_info::{TRANSFORMS, info, reference},
    *,
};

const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// A good `SignedInfo` whose canonicalisation is inclusive, with `more` at the apex.
fn inherited(more: &str) -> String {
    info(&reference(" URI=\"\"", TRANSFORMS, "shown"))
        .replacen(EXCLUSIVE, INCLUSIVE, 1)
        .replacen("xmldsig#\">", &format!("xmldsig#\"{more}>"), 1)
}

/// A good `SignedInfo` whose canonicalisation is exclusive, with `more` at the apex and `inside` the method.
fn listing(more: &str, inside: &str) -> String {
    info(&reference(" URI=\"\"", TRANSFORMS, "shown"))
        .replacen("xmldsig#\">", &format!("xmldsig#\"{more}>"), 1)
        .replacen(
            "></ds:CanonicalizationMethod>",
            &format!(">{inside}</ds:CanonicalizationMethod>"),
            1,
        )
}

fn list(prefix: &str, declaration: &str, attributes: &str) -> String {
    format!("<{prefix}InclusiveNamespaces{declaration}{attributes}></{prefix}InclusiveNamespaces>")
}

#[test]
fn the_apex_has_what_its_canonicalisation_writes_there() {
    let own = format!(" xmlns:e=\"{EXCLUSIVE}\"");
    let x = list("e:", &own, " PrefixList=\"#default x\"");
    for (name, text) in [
        ("inherited declaration", inherited(" xmlns:x=\"urn:x\"")),
        ("inherited language", inherited(" xml:lang=\"kk\"")),
        ("an Id", inherited(" Id=\"i\" xml:space=\"preserve\"")),
        ("a listed declaration", listing(" xmlns:x=\"urn:x\"", &x)),
        ("a list of prefixes", listing("", &x)),
        (
            "an inherited prefix for the list",
            listing(&own, &list("e:", "", " PrefixList=\"e\"")),
        ),
        (
            "the list by default",
            listing(
                "",
                &list("", &format!(" xmlns=\"{EXCLUSIVE}\""), " PrefixList=\"\""),
            ),
        ),
    ] {
        assert_eq!(xml(&text), Ok(digest(&text)), "{name}");
    }
    for (name, text) in [
        ("unlisted declaration", listing(" xmlns:x=\"urn:x\"", "")),
        ("another listed", listing(" xmlns:y=\"urn:x\"", &x)),
        ("inherited language", listing(" xml:lang=\"kk\"", "")),
        ("a prefix undeclared", inherited(" xmlns:x=\"\"")),
        (
            "xml declared",
            inherited(" xmlns:xml=\"http://www.w3.org/XML/1998/namespace\""),
        ),
        ("xmlns declared", inherited(" xmlns:xmlns=\"urn:x\"")),
        (
            "a prefix for xml",
            inherited(" xmlns:x=\"http://www.w3.org/XML/1998/namespace\""),
        ),
        ("a relative namespace", inherited(" xmlns:x=\"x/y\"")),
        ("declarations out of order", inherited(" xmlns:a=\"urn:x\"")),
        (
            "a declaration twice",
            inherited(" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\""),
        ),
        (
            "a declaration after an attribute",
            inherited(" Id=\"i\" xmlns:x=\"urn:x\""),
        ),
        ("xml before Id", inherited(" xml:lang=\"kk\" Id=\"i\"")),
        ("a foreign attribute", inherited(" xmlns:x=\"urn:x\" x:a=\"1\"")),
        (
            "an undeclared default",
            inherited("").replacen(" xmlns:ds", " xmlns=\"\" xmlns:ds", 1),
        ),
        ("no list", listing("", &list("e:", &own, ""))),
        (
            "a list that is none",
            listing("", &list("e:", &own, " PrefixList=\"&lt;\"")),
        ),
        (
            "a list with more",
            listing("", &list("e:", &own, " A=\"\" PrefixList=\"a\"")),
        ),
        (
            "a list in no namespace",
            listing("", &list("", "", " PrefixList=\"a\"")),
        ),
        (
            "a list in XMLDSig's",
            listing("", &list("ds:", "", " PrefixList=\"a\"")),
        ),
        (
            "a needless declaration",
            listing(&own, &list("e:", &own, " PrefixList=\"e\"")),
        ),
        (
            "a list for an inclusive one",
            inherited("").replacen("></ds:Can", &format!(">{x}</ds:Can"), 1),
        ),
        ("another end", listing("", &x.replacen("</e:", "</f:", 1))),
    ] {
        assert!(
            matches!(xml(&text), Err(TbsError::Xml { .. })),
            "{name}: {:?}",
            xml(&text)
        );
    }
}
