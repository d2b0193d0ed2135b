//! Canonical XML beside libxml2's: the same octets for whatever document.

use proptest::prelude::*;
use signer::xml::{Limits, canonical_document};

use crate::{
    judges,
    signing::{holds, key, read},
};

/// Our canonicalisations and the names that xmllint has for them; its are all with comments.
const METHODS: [(&str, &str); 3] = [
    (
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        "--c14n",
    ),
    ("http://www.w3.org/2006/12/xml-c14n11#WithComments", "--c14n11"),
    (
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        "--exc-c14n",
    ),
];

/// Documents of few names and prefixes, so that declarations often hide and repeat one another.
pub(crate) fn document() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        text(),
        text().prop_map(|text| format!("<!--{}-->", text.replace(['-', '&'], "."))),
        "[a-z<>&\"\r\n\t ]{0,8}".prop_map(|text| format!("<![CDATA[{text}]]>")),
        "[a-z<>&\"\r\n\t]{0,8}".prop_map(|text| format!("<?p{text}?>").replace("<?p", "<?p ")),
    ];
    let element = leaf.prop_recursive(6, 60, 6, |inner| {
        (name(), attributes(), prop::collection::vec(inner, 0..6)).prop_map(|(name, attributes, inside)| {
            let attributes: String = attributes.concat();
            if inside.is_empty() {
                format!("<{name}{attributes}/>")
            } else {
                format!("<{name}{attributes} >{}</{name} >", inside.concat())
            }
        })
    });
    let beside = prop_oneof![Just(""), Just("<!-- c -->\n"), Just("<?i  d ?>"), Just("\r\n")];
    (
        beside.clone(),
        prop::collection::vec(element, 1..5),
        attributes(),
        beside,
    )
        .prop_map(|(before, inside, attributes, after)| {
            let declared = "xmlns:a=\"urn:1\" xmlns:b=\"urn:2\"";
            let repeated = ["xmlns:a", "xmlns:b"];
            let attributes = attributes.into_iter();
            let attributes: String = attributes
                .filter(|one| !repeated.iter().any(|name| one.contains(name)))
                .collect();
            format!("{before}<r {declared}{attributes}>{}</r>{after}", inside.concat())
        })
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zA-ZәіңғүұқөһА-я €𝄞>'\"\r\n\t]{1,8}",
        Just("&amp;".to_owned()),
        Just("&lt;&gt;&quot;&apos;".to_owned()),
        Just("&#13;&#xA;&#9;".to_owned()),
        Just("&#x1D11E;".to_owned()),
        Just("\r\n".to_owned()),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["x", "y", "a:x", "b:x", "a:y", "құжат"])
}

/// Each of the attributes that an element may have, or not; so that none is there twice and few documents are refused.
fn attributes() -> impl Strategy<Value = Vec<String>> {
    let slots: [&[&str]; 9] = [
        &[" xmlns='urn:1'", " xmlns='urn:2'", " xmlns=''"],
        &[" xmlns:a='urn:1'", " xmlns:a='urn:3'"],
        &[" xmlns:b='urn:2'", " xmlns:b='urn:4'"],
        &[" xmlns:c='urn:1'"],
        &[" a:k='1'", " b:k='2'", " a:j='  x  ' b:i=''"],
        &[" k='&#xD;&#10;\r\n\t\"'", " k=\"'&lt;&amp;>\""],
        &[" A=''", " z='z' Z='Z'"],
        &[" xml:lang='kk'", " xml:space='preserve'"],
        &[" xml:base='http://x/y'", " xml:base='../z'"],
    ];
    let slots: Vec<_> = slots
        .into_iter()
        .map(|slot| prop::option::weighted(0.2, prop::sample::select(slot)))
        .collect();
    slots.prop_map(|picked| picked.into_iter().flatten().map(str::to_owned).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Documents that both read have the same canonical form, and that form is its own.
    #[test]
    fn libxml2_writes_the_same_octets(document in document()) {
        for (uri, mode) in METHODS {
            let ours = canonical_document(document.as_bytes(), uri, &Limits::default());
            let theirs = judges::xmllint(mode, document.as_bytes());
            let Ok(Some(ours)) = ours else {
                prop_assert!(theirs.is_none(), "only libxml2 reads {document:?}: {ours:?}");
                continue;
            };
            let theirs = theirs.unwrap_or_else(|| panic!("only we read {document:?}"));
            prop_assert_eq!(String::from_utf8(ours.clone()).unwrap(), String::from_utf8(theirs).unwrap());
            let again = canonical_document(&ours, uri, &Limits::default());
            prop_assert_eq!(again, Ok(Some(ours)));
        }
    }
}

/// How a subtree is canonicalised, for foreign signers.
const TRANSFORMS: [&str; 5] = [
    "<ds:Transform Algorithm='http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments'/>",
    "<ds:Transform Algorithm='http://www.w3.org/2006/12/xml-c14n11'/>",
    "<ds:Transform Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/>",
    "<ds:Transform Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'><i:InclusiveNamespaces \
     xmlns:i='http://www.w3.org/2001/10/xml-exc-c14n#' PrefixList='#default a c none'/></ds:Transform>",
    "",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// What xmlsec signs of a subtree, with namespaces and attributes inherited from around it, is what we find signed.
    #[test]
    fn subtrees_that_xmlsec_signs_are_intact(
        around in attributes(),
        between in attributes(),
        own in attributes(),
        inside in document(),
        transform in prop::sample::select(TRANSFORMS.to_vec()),
    ) {
        let root = inside.find("<r ").unwrap();
        let end = inside.rfind("</r>").unwrap() + 4;
        let without = |attributes: Vec<String>| attributes.into_iter().filter(|one| !one.contains("xmlns:")).collect::<String>();
        let (around, between, own) = (without(around), between.concat(), own.concat());
        let document = format!(
            "<o xmlns:a='urn:1' xmlns:b='urn:2'{around}><m{between}><q:total xmlns:q='urn:tamga:test' Id='total'{own}>{}</q:total></m>\
             <ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><ds:SignedInfo><ds:CanonicalizationMethod \
             Algorithm='http://www.w3.org/TR/2001/REC-xml-c14n-20010315'/><ds:SignatureMethod \
             Algorithm='http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'/><ds:Reference URI='#total'><ds:Transforms>{transform}\
             </ds:Transforms><ds:DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/><ds:DigestValue/></ds:Reference>\
             </ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature></o>",
            &inside[root..end],
        );
        let document = document.replace("<ds:Transforms></ds:Transforms>", "");
        let key = key("Aigul");
        match judges::xmlsec_signs(document.as_bytes(), &key.private_pem(), &key.pem()) {
            Ok(file) => {
                let found = &read(&file)[0];
                prop_assert!(holds(found, &key), "{found:?} of {}", String::from_utf8_lossy(&file));
            }
            Err(words) => prop_assert!(
                canonical_document(document.as_bytes(), METHODS[0].0, &Limits::default()).is_err(),
                "only we read {document}: {words}"
            ),
        }
    }
}
