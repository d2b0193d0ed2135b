//! The examples of the recommendations, without their document types, which are not read; and what subtrees inherit.

use super::*;
use crate::xml::{
    Limits,
    canonical::method::{Canonicalisation, Version},
    reader::read,
};

const EXCLUSIVE: Canonicalisation = Canonicalisation::EXCLUSIVE;

/// Canonical octets of the document.
fn document(text: &str, method: &Canonicalisation) -> String {
    let tree = read(text.as_bytes(), &Limits::default()).unwrap();
    let selection = Selection::document().with_comments();
    String::from_utf8(canonical(&tree, &selection, method)).unwrap()
}

/// Canonical octets of the first element of this name.
fn subtree(text: &str, name: &str, method: &Canonicalisation) -> String {
    let tree = read(text.as_bytes(), &Limits::default()).unwrap();
    let apex = tree
        .elements()
        .find(|element| element.qualified() == name)
        .unwrap();
    let selection = Selection::subtree(apex.id()).with_comments();
    String::from_utf8(canonical(&tree, &selection, method)).unwrap()
}

#[test]
fn instructions_and_comments_outside_the_root() {
    let text = "<?xml version=\"1.0\"?>\n\n<?xml-stylesheet   href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n\n\
        <doc>Hello, world!<!-- Comment 1 --></doc>\n\n<?pi-without-data     ?>\n\n<!-- Comment 2 -->\n\n<!-- Comment 3 -->\n";
    let plain = "<?xml-stylesheet href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n<doc>Hello, world!</doc>\n<?pi-without-data?>";
    assert_eq!(document(text, &Canonicalisation::INCLUSIVE), plain);
    let commented = "<?xml-stylesheet href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n\
        <doc>Hello, world!<!-- Comment 1 --></doc>\n<?pi-without-data?>\n<!-- Comment 2 -->\n<!-- Comment 3 -->";
    assert_eq!(
        document(text, &Canonicalisation::INCLUSIVE_WITH_COMMENTS),
        commented
    );
}

#[test]
fn white_space_is_kept() {
    let text = "<doc>\n   <clean>   </clean>\n   <dirty>   A   B   </dirty>\n   <mixed>\n      A\n      <clean>   </clean>\n      B\n      \
        <dirty>   A   B   </dirty>\n      C\n   </mixed>\n</doc>";
    assert_eq!(document(text, &Canonicalisation::INCLUSIVE), text);
}

#[test]
fn tags_have_one_form() {
    let text = "<doc>\n   <e1   />\n   <e2   ></e2>\n   <e3   name = \"elem3\"   id=\"elem3\"   />\n   \
        <e4   name=\"elem4\"   id=\"elem4\"   ></e4>\n   <e5 a:attr=\"out\" b:attr=\"sorted\" attr2=\"all\" attr=\"I'm\"\n      \
        xmlns:b=\"http://www.ietf.org\"\n      xmlns:a=\"http://www.w3.org\"\n      xmlns=\"http://example.org\"/>\n   \
        <e6 xmlns=\"\" xmlns:a=\"http://www.w3.org\">\n      <e7 xmlns=\"http://www.ietf.org\">\n         \
        <e8 xmlns=\"\" xmlns:a=\"http://www.w3.org\">\n            <e9 xmlns=\"\" xmlns:a=\"http://www.ietf.org\"/>\n         \
        </e8>\n      </e7>\n   </e6>\n</doc>";
    let expected = "<doc>\n   <e1></e1>\n   <e2></e2>\n   <e3 id=\"elem3\" name=\"elem3\"></e3>\n   \
        <e4 id=\"elem4\" name=\"elem4\"></e4>\n   <e5 xmlns=\"http://example.org\" xmlns:a=\"http://www.w3.org\" \
        xmlns:b=\"http://www.ietf.org\" attr=\"I'm\" attr2=\"all\" b:attr=\"sorted\" a:attr=\"out\"></e5>\n   \
        <e6 xmlns:a=\"http://www.w3.org\">\n      <e7 xmlns=\"http://www.ietf.org\">\n         <e8 xmlns=\"\">\n            \
        <e9 xmlns:a=\"http://www.ietf.org\"></e9>\n         </e8>\n      </e7>\n   </e6>\n</doc>";
    assert_eq!(document(text, &Canonicalisation::INCLUSIVE), expected);
}

#[test]
fn characters_and_references_have_one_form() {
    let text = "<doc>\n   <text>First line&#x0d;&#10;Second line</text>\n   <value>&#x32;</value>\n   \
        <compute><![CDATA[value>\"0\" && value<\"10\" ?\"valid\":\"error\"]]></compute>\n   \
        <compute expr='value>\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"'>valid</compute>\n   \
        <norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/>\n</doc>";
    let expected = "<doc>\n   <text>First line&#xD;\nSecond line</text>\n   <value>2</value>\n   \
        <compute>value&gt;\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"</compute>\n   \
        <compute expr=\"value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot; ?&quot;valid&quot;:&quot;error&quot;\">valid</compute>\n   \
        <norm attr=\" '    &#xD;&#xA;&#x9;   ' \"></norm>\n</doc>";
    assert_eq!(document(text, &Canonicalisation::INCLUSIVE), expected);
    assert_eq!(
        document("<doc>&#169;</doc>", &Canonicalisation::INCLUSIVE),
        "<doc>©</doc>"
    );
}

#[test]
fn exclusive_form_does_not_depend_on_what_is_around() {
    let around = |before: &str, after: &str| {
        format!(
            "{before}<n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\">\n     \
             <n3:stuff xmlns:n3=\"ftp://example.org\"/>\n  </n1:elem2>{after}"
        )
    };
    let expected = "<n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\">\n     \
        <n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff>\n  </n1:elem2>";
    let local = around(
        "<n0:local xmlns:n0=\"foo:bar\" xmlns:n3=\"ftp://example.org\">",
        "</n0:local>",
    );
    let pdu = around(
        "<n2:pdu xmlns:n1=\"http://example.com\" xmlns:n2=\"http://foo.example\" xml:lang=\"fr\" xml:space=\"retain\">\n  ",
        "\n</n2:pdu>",
    );
    assert_eq!(subtree(&local, "n1:elem2", &EXCLUSIVE), expected);
    assert_eq!(subtree(&pdu, "n1:elem2", &EXCLUSIVE), expected);
    assert_eq!(
        subtree(&pdu, "n1:elem2", &Canonicalisation::INCLUSIVE),
        "<n1:elem2 xmlns:n1=\"http://example.net\" xmlns:n2=\"http://foo.example\" xml:lang=\"en\" xml:space=\"retain\">\n     \
         <n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff>\n  </n1:elem2>"
    );
    let listed = EXCLUSIVE.including(vec!["n0".to_owned(), "n3".to_owned(), "none".to_owned()]);
    assert_eq!(
        subtree(&local, "n1:elem2", &listed),
        "<n1:elem2 xmlns:n0=\"foo:bar\" xmlns:n1=\"http://example.net\" xmlns:n3=\"ftp://example.org\" xml:lang=\"en\">\n     \
         <n3:stuff></n3:stuff>\n  </n1:elem2>"
    );
}

#[test]
fn a_subtree_inherits_what_its_canonicalisation_says() {
    let text = "<a xmlns='urn:a' xml:base='http://example.kz/a/b?q' xml:id='i' xml:lang='kk'><b xml:base='../c/'>\
        <t xml:base='d/./e/../f' xml:space='default'><u xml:base='x'/></t></b></a>";
    let inside = "<u xml:base=\"x\"></u></t>";
    assert_eq!(
        subtree(text, "t", &Canonicalisation::INCLUSIVE),
        format!(
            "<t xmlns=\"urn:a\" xml:base=\"d/./e/../f\" xml:id=\"i\" xml:lang=\"kk\" xml:space=\"default\">{inside}"
        )
    );
    assert_eq!(
        subtree(text, "t", &Canonicalisation::new(Version::Inclusive11, false)),
        format!(
            "<t xmlns=\"urn:a\" xml:base=\"http://example.kz/c/d/f\" xml:lang=\"kk\" xml:space=\"default\">{inside}"
        )
    );
    assert_eq!(
        subtree(text, "t", &EXCLUSIVE),
        format!("<t xmlns=\"urn:a\" xml:base=\"d/./e/../f\" xml:space=\"default\">{inside}")
    );
}

#[test]
fn what_is_left_out_leaves_no_trace() {
    let text = "<a xmlns:x='urn:x'><x:b xmlns:y='urn:y'><c/></x:b>t<d/><x:b/></a>";
    let tree = read(text.as_bytes(), &Limits::default()).unwrap();
    let without = tree
        .elements()
        .filter(|element| element.local() == "b")
        .map(Element::id);
    let selection = Selection::document().without(without);
    assert_eq!(canonical(&tree, &selection, &EXCLUSIVE), b"<a>t<d></d></a>");
}
