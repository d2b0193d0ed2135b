//! Everything that was ever tried on XML signatures, each made by our own generator. None passes as what it is not.

use domain::HashAlgorithm;
use signer::{
    Claim, Coverage, Integrity, Named, Target, Uncovered, What,
    asic::{Kind, Package, Payload},
    xml::{Around, External, Form, Limits, Others, Prepared, ReadError, SignError, XmlFault, claims},
};

use crate::{
    keys::Key,
    signing::{finished, holds, key, now, read, sign, swap},
};

const ORDER: &str = "<order xmlns:wsu=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd\" \
    Id=\"order\"><total Id=\"total\">100</total></order>";
const TOTAL: &str = "<total Id=\"total\">100</total>";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

fn by_id() -> Form {
    Form::ById("total".to_owned())
}

/// A signature whose `SignedInfo` is changed and signed again, by somebody who has a key of their own.
fn resigned(file: &[u8], key: &Key, edit: impl Fn(String) -> String) -> Vec<u8> {
    let text = core::str::from_utf8(file).unwrap();
    let (before, rest) = text.split_once("<ds:SignedInfo>").unwrap();
    let (info, rest) = rest.split_once("</ds:SignedInfo>").unwrap();
    let info = edit(info.to_owned());
    let canonical = format!("<ds:SignedInfo xmlns:ds=\"{DSIG}\">{info}</ds:SignedInfo>");
    let (opening, rest) = rest.split_once('>').unwrap();
    let (_, rest) = rest.split_once("</ds:SignatureValue>").unwrap();
    let value = base64(&key.sign(canonical.as_bytes()));
    format!("{before}<ds:SignedInfo>{info}</ds:SignedInfo>{opening}>{value}</ds:SignatureValue>{rest}")
        .into_bytes()
}

fn base64(bytes: &[u8]) -> String {
    <base64ct::Base64 as base64ct::Encoding>::encode_string(bytes)
}

fn only(file: &[u8]) -> Claim {
    let mut found = read(file);
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// Not one of these is taken for a sound signature, and the words say why.
fn is_at_fault(file: &[u8], words: &str) {
    let claim = &read(file)[0];
    let all: Vec<String> = claim.faults.iter().map(ToString::to_string).collect();
    let all = all.join("; ");
    assert!(all.contains(words), "{words:?} is not among {all:?}");
}

#[test]
fn signature_wrapping_by_a_second_element_of_the_same_id_makes_the_reference_mean_nothing() {
    let key = key("Aigul");
    let file = sign(ORDER.as_bytes(), &by_id(), &key);
    assert!(holds(&only(&file), &key));
    for spelling in ["Id", "ID", "id", "xml:id", "wsu:Id", "AssertionID"] {
        let evil = format!("<total {spelling}=\"total\">999</total>{TOTAL}");
        let claim = only(&swap(&file, TOTAL, &evil));
        assert_eq!(claim.covered[0].integrity, Integrity::Missing, "{spelling}");
        let id = "total".to_owned();
        assert_eq!(
            claim.faults[0],
            XmlFault::ManyOfId { id, count: 2 }.into(),
            "{spelling}"
        );
    }
}

#[test]
fn signature_wrapping_by_moving_the_element_is_named_by_where_it_is_now() {
    let key = key("Aigul");
    let file = sign(ORDER.as_bytes(), &by_id(), &key);
    assert_eq!(
        only(&file).covered[0].what,
        What::Reference {
            number: 1,
            uri: "#total".to_owned(),
            target: Target::Element {
                path: "/order/total".to_owned()
            }
        }
    );
    for (evil, path) in [
        (
            format!("<total>999</total><other>{TOTAL}</other>"),
            "element /order/other/total",
        ),
        (format!("<total>999</total>{TOTAL}"), "element /order/total[2]"),
    ] {
        let claim = only(&swap(&file, TOTAL, &evil));
        assert_eq!(claim.covered[0].integrity, Integrity::Intact);
        assert_eq!(claim.coverage, Coverage::Parts);
        let what = claim.covered[0].what.to_string();
        assert!(what.ends_with(path), "{what}");
    }
    // Into the signature's own object, which by-Id resolvers find as well.
    let moved = swap(
        &swap(&file, TOTAL, "<total>999</total>"),
        "<ds:Object>",
        &format!("<ds:Object>{TOTAL}</ds:Object><ds:Object>"),
    );
    assert!(
        only(&moved).covered[0]
            .what
            .to_string()
            .ends_with("element /order/ds:Signature/ds:Object[1]/total")
    );
}

#[test]
fn signature_wrapping_of_a_document_inside_another_is_not_the_document() {
    let key = key("Aigul");
    let wrap = |file: &[u8]| {
        format!(
            "<evil>{}<total>999</total></evil>",
            core::str::from_utf8(file).unwrap()
        )
        .into_bytes()
    };
    for others in [Others::Excluded, Others::Covered] {
        let claim = only(&wrap(&sign(ORDER.as_bytes(), &Form::Enveloped(others), &key)));
        assert_eq!(claim.covered[0].integrity, Integrity::Altered);
        assert!(!holds(&claim, &key));
    }
    for form in [
        Form::ById("order".to_owned()),
        Form::NationalById("order".to_owned()),
    ] {
        let file = sign(ORDER.as_bytes(), &form, &key);
        assert_eq!(only(&file).coverage, Coverage::Whole);
        let claim = only(&wrap(&file));
        assert_eq!(
            (claim.covered[0].integrity, &claim.coverage),
            (Integrity::Intact, &Coverage::Parts)
        );
        assert!(
            claim.covered[0].what.to_string().contains("element /evil/order"),
            "{}",
            claim.covered[0].what
        );
    }
}

#[test]
fn signature_wrapping_inside_a_signature_that_is_left_out_is_told() {
    let key = key("Aigul");
    let file = sign(ORDER.as_bytes(), &Form::Enveloped(Others::Excluded), &key);
    let evil = format!(
        "<ds:Signature xmlns:ds=\"{DSIG}\"><ds:Object><total>999</total></ds:Object></ds:Signature></order>"
    );
    let found = read(&swap(&file, "</order>", &evil));
    assert!(holds(&found[0], &key));
    let Coverage::Revision { changes, .. } = &found[0].coverage else {
        panic!("{:?}", found[0].coverage)
    };
    assert!(!changes[0].harmless && changes[0].what.to_string().contains("/order/ds:Signature[2]"));
    assert!(!found[1].faults.is_empty());
    // The same in a signature that is well-formed otherwise.
    let second = sign(
        &file,
        &Form::Enveloped(Others::Excluded),
        &crate::signing::key("Berik"),
    );
    let text = String::from_utf8(second).unwrap();
    let at = text.rfind("<ds:Object>").unwrap();
    let evil = format!(
        "{}<ds:Object><total>999</total></ds:Object>{}",
        &text[..at],
        &text[at..]
    );
    let Coverage::Revision { changes, .. } = &read(evil.as_bytes())[0].coverage else {
        panic!("left out")
    };
    assert!(!changes[0].harmless);
}

/// Whatever was put into a signature afterwards, where nothing covers it, is named; the signature's own parts are not.
#[test]
fn what_is_put_into_a_signature_afterwards_is_told_by_its_path() {
    let key = key("Aigul");
    let evil = "<total xmlns=\"\">999</total>";
    let unsigned = |inside: &str| {
        format!("<xades:UnsignedProperties>{inside}</xades:UnsignedProperties></xades:QualifyingProperties>")
    };
    let end = "</xades:QualifyingProperties>";
    let object = |inside: &str| format!("<ds:Object>{inside}</ds:Object></ds:Signature>");
    let own = "<xades:UnsignedSignatureProperties>";
    for others in [Others::Excluded, Others::Covered] {
        let file = sign(ORDER.as_bytes(), &Form::Enveloped(others), &key);
        assert_eq!(only(&file).coverage, Coverage::Whole);
        for (from, to, path) in [
            ("</ds:Signature>", object(evil), "/ds:Object[2]/total "),
            ("</ds:Signature>", object("Loan 999"), "/ds:Object[2] "),
            (
                "</ds:KeyInfo>",
                format!("{evil}</ds:KeyInfo>"),
                "/ds:KeyInfo/total ",
            ),
            (
                "</ds:KeyInfo>",
                "Loan 999</ds:KeyInfo>".to_owned(),
                "/ds:KeyInfo ",
            ),
            (
                "</ds:KeyInfo>",
                format!("<ds:X509Data>{evil}</ds:X509Data></ds:KeyInfo>"),
                "/ds:X509Data[2]/total ",
            ),
            (end, format!("{evil}{end}"), "/xades:QualifyingProperties/total "),
            (end, unsigned(evil), "/xades:UnsignedProperties/total "),
            (
                end,
                unsigned("<xades:UnsignedDataObjectProperties/>"),
                "/xades:UnsignedDataObjectProperties ",
            ),
            (
                end,
                unsigned(&format!("{own}{evil}</xades:UnsignedSignatureProperties>")),
                "/xades:UnsignedSignatureProperties/total ",
            ),
            (
                end,
                unsigned(&format!(
                    "{own}<xades:CertificateValues>Loan 999<xades:CRLRef/></xades:CertificateValues>\
                     </xades:UnsignedSignatureProperties>"
                )),
                "/xades:CertificateValues ",
            ),
        ] {
            let claim = only(&swap(&file, from, &to));
            assert!(holds(&claim, &key), "{path}: {:?}", claim.faults);
            let Coverage::Revision { changes, .. } = &claim.coverage else {
                panic!("{path}: {:?}", claim.coverage)
            };
            assert!(
                !changes[0].harmless && changes[0].what.to_string().contains(path),
                "{changes:?}"
            );
        }
    }
    // The same in the signature of another.
    let first = sign(ORDER.as_bytes(), &Form::Enveloped(Others::Excluded), &key);
    let second = sign(
        &first,
        &Form::Enveloped(Others::Excluded),
        &crate::signing::key("Berik"),
    );
    let text = core::str::from_utf8(&second).unwrap();
    let at = text.rfind("</ds:KeyInfo>").unwrap();
    let both = format!("{}{evil}{}", &text[..at], &text[at..]);
    for claim in read(both.as_bytes()) {
        let Coverage::Revision { changes, .. } = &claim.coverage else {
            panic!("{:?}", claim.coverage)
        };
        let told = changes.iter().find(|change| {
            change
                .what
                .to_string()
                .contains("/order/ds:Signature[2]/ds:KeyInfo/total")
        });
        assert!(told.is_some_and(|change| !change.harmless), "{changes:?}");
    }
}

#[test]
fn what_stands_inside_a_signature_over_a_part_is_told_and_the_store_of_its_policy_is_not() {
    let key = key("Aigul");
    let file = sign(ORDER.as_bytes(), &by_id(), &key);
    assert_eq!(only(&file).coverage, Coverage::Parts);
    let claim = only(&swap(
        &file,
        "</ds:KeyInfo>",
        "<total xmlns=\"\">999</total></ds:KeyInfo>",
    ));
    let Coverage::Except { uncovered } = &claim.coverage else {
        panic!("{:?}", claim.coverage)
    };
    assert!(holds(&claim, &key) && uncovered.len() == 1, "{uncovered:?}");
    let path = uncovered[0].to_string();
    assert!(path.contains("/ds:KeyInfo/total:"), "{uncovered:?}");

    let store = |more: &str| {
        format!(
            "<xades:UnsignedProperties><xades:UnsignedSignatureProperties>\
             <s:SignaturePolicyStore xmlns:s=\"http://uri.etsi.org/01903/v1.4.1#\"><s:SPDocSpecification>\
             <xades:Identifier>urn:policy</xades:Identifier>{more}</s:SPDocSpecification>\
             <s:SignaturePolicyDocument>AAAA</s:SignaturePolicyDocument></s:SignaturePolicyStore>\
             </xades:UnsignedSignatureProperties></xades:UnsignedProperties></xades:QualifyingProperties>"
        )
    };
    let whole = sign(ORDER.as_bytes(), &Form::Enveloped(Others::Excluded), &key);
    let with = |file: &[u8], more: &str| only(&swap(file, "</xades:QualifyingProperties>", &store(more)));
    assert_eq!(with(&whole, "").coverage, Coverage::Whole);
    assert_eq!(with(&file, "").coverage, Coverage::Parts);
    let words = "<xades:Description>Loan 999</xades:Description>";
    assert!(matches!(with(&file, words).coverage, Coverage::Except { .. }));
}

#[test]
fn comments_that_split_a_text_are_counted() {
    let key = key("Aigul");
    for form in [Form::Enveloped(Others::Excluded), Form::National, by_id()] {
        let file = sign(ORDER.as_bytes(), &form, &key);
        let claim = only(&swap(&file, ">100<", ">1<!-- -->00<"));
        // XMLDSig says that these references cover no comments; the report does, too.
        assert!(holds(&claim, &key));
        assert_ne!(claim.coverage, Coverage::Whole);
        assert!(
            matches!(claim.covered[0].what, What::ReferenceUncommented { count: 1, .. }),
            "{}",
            claim.covered[0].what
        );
    }
}

#[test]
fn properties_are_the_signature_s_own_and_there_once() {
    let key = key("Aigul");
    let file = sign(ORDER.as_bytes(), &by_id(), &key);
    let text = core::str::from_utf8(&file).unwrap();
    let from = text.find("<xades:SignedProperties").unwrap();
    let to = text.find("</xades:SignedProperties>").unwrap() + "</xades:SignedProperties>".len();
    let twice = format!(
        "{}{}{}",
        &text[..to],
        text[from..to]
            .replace("-properties", "-other")
            .replace("2026", "1999"),
        &text[to..]
    );
    is_at_fault(twice.as_bytes(), "SignedProperties twice");
    let hidden = format!(
        "{}<xades:Other>{}</xades:Other>{}",
        &text[..to],
        text[from..to].replace("-properties", "-other"),
        &text[to..]
    );
    is_at_fault(hidden.as_bytes(), "SignedProperties twice");
    let from = text.find("<xades:QualifyingProperties").unwrap();
    let to = text.find("</xades:QualifyingProperties>").unwrap() + "</xades:QualifyingProperties>".len();
    let twice = format!(
        "{}{}{}",
        &text[..to],
        &text[from..to].replace("-properties", "-other"),
        &text[to..]
    );
    is_at_fault(twice.as_bytes(), "QualifyingProperties twice");
    is_at_fault(
        &swap(&file, " Target=\"#", " Target=\"#x"),
        "meant for another signature",
    );
    let bare = resigned(&file, &key, |info| {
        let at = info.rfind("<ds:Reference").unwrap();
        info[..at].to_owned()
    });
    is_at_fault(&bare, "properties that it does not cover");
    assert!(matches!(only(&bare).signer, Named::Unbound(_)));
}

#[test]
fn properties_of_another_signature_prove_nothing() {
    let (first, second) = (key("Aigul"), key("Berik"));
    let file = sign(ORDER.as_bytes(), &by_id(), &first);
    let both = sign(&file, &by_id(), &second);
    let text = core::str::from_utf8(&both).unwrap();
    let reference = |part: &str| {
        let from = part.find("<ds:Reference Type=").unwrap();
        let to = part[from..].find("</ds:Reference>").unwrap() + from;
        part[from..to].to_owned()
    };
    let (one, other) = text.split_at(text.rfind("<ds:Signature ").unwrap());
    let forged = resigned(&both, &first, |info| {
        info.replace(&reference(one), &reference(other))
    });
    let claim = &read(&forged)[0];
    assert!(
        claim
            .covered
            .iter()
            .all(|covered| covered.integrity == Integrity::Intact)
    );
    assert_eq!(claim.faults[0], XmlFault::PropertiesForeign.into());
    assert!(!matches!(claim.signer, Named::Bound(_)));
}

#[test]
fn a_certificate_in_the_key_info_is_not_believed_for_being_there() {
    let (own, other) = (key("Aigul"), key("Mallory"));
    let certificate = base64(own.signer().der());
    let foreign = base64(other.signer().der());
    let file = sign(ORDER.as_bytes(), &by_id(), &own);
    let claim = only(&swap(&file, &certificate, &foreign));
    assert!(matches!(claim.signer, Named::Contradicted(der) if der == other.signer().der()));
    let both = format!("{foreign}</ds:X509Certificate><ds:X509Certificate>{certificate}");
    let claim = only(&swap(&file, &certificate, &both));
    assert!(matches!(claim.signer, Named::Bound(der) if der == own.signer().der()));
    let national = sign(ORDER.as_bytes(), &Form::National, &own);
    let claim = only(&national);
    assert!(matches!(claim.signer, Named::Unbound(der) if der == own.signer().der()));
    let claim = only(&swap(&national, &certificate, &both));
    assert!(matches!(claim.signer, Named::Unbound(der) if der == own.signer().der()));
    let claim = only(&swap(&national, &certificate, &foreign));
    assert!(matches!(&claim.signer, Named::Unbound(der) if der == other.signer().der()));
    assert!(!holds(&claim, &other));
}

#[test]
fn methods_that_prove_nothing_are_named_or_refused() {
    let key = key("Aigul");
    let file = sign(ORDER.as_bytes(), &by_id(), &key);
    let method = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    let with = |uri: &str| resigned(&file, &key, |info| info.replace(method, uri));
    for uri in [
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2001/04/xmlenc#sha256",
        "",
    ] {
        is_at_fault(&with(uri), "is not known");
    }
    let weak = only(&with("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1"));
    assert_eq!(weak.algorithm.digest, "1.3.14.3.2.26");
    let short = "\"><ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>";
    let truncated = resigned(&file, &key, |info| {
        info.replace("\"></ds:SignatureMethod>", short)
    });
    is_at_fault(&truncated, "HMACOutputLength");
    let sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";
    let weak = resigned(&file, &key, |info| {
        info.replace("http://www.w3.org/2001/04/xmlenc#sha256", sha1)
    });
    assert!(
        only(&weak)
            .covered
            .iter()
            .all(|covered| covered.integrity == Integrity::Unprovable)
    );
}

#[test]
fn a_digest_is_as_long_as_its_method_makes_it() {
    let key = key("Aigul");
    let file = sign(ORDER.as_bytes(), &by_id(), &key);
    for length in [0, 1, 16, 31, 33] {
        let cut = resigned(&file, &key, |info| {
            let (before, rest) = info.split_once("<ds:DigestValue>").unwrap();
            let (_, after) = rest.split_once('<').unwrap();
            format!("{before}<ds:DigestValue>{}<{after}", base64(&vec![0; length]))
        });
        let claim = only(&cut);
        assert_eq!(claim.covered[0].integrity, Integrity::Altered, "{length}");
        assert!(!claim.faults.is_empty());
    }
    let other = base64(HashAlgorithm::Sha256.digest(b"other").as_bytes());
    let forged = resigned(&file, &key, |info| {
        let (before, rest) = info.split_once("<ds:DigestValue>").unwrap();
        let (_, after) = rest.split_once('<').unwrap();
        format!("{before}<ds:DigestValue>{other}<{after}")
    });
    assert_eq!(only(&forged).covered[0].integrity, Integrity::Altered);
}

#[test]
fn transforms_and_references_outside_the_closed_list_are_refused_in_words() {
    let key = key("Aigul");
    let file = sign(ORDER.as_bytes(), &by_id(), &key);
    let transform = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>";
    let with = |text: &str| resigned(&file, &key, |info| info.replacen(transform, text, 1));
    for (text, words) in [
        ("<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"></ds:Transform>", "is not read"),
        ("<ds:Transform Algorithm=\"http://www.w3.org/2002/06/xmldsig-filter2\"></ds:Transform>", "is not read"),
        (
            "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath>not(self::total)</ds:XPath></ds:Transform>",
            "says something else",
        ),
        (
            "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath xmlns:e=\"urn:e\">not(ancestor-or-self::e:Signature)</ds:XPath></ds:Transform>",
            "says something else",
        ),
        (&transform.repeat(2), "follows one that makes octets"),
        (&"<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>".repeat(9), "more than 8"),
        (&transform.replace("></", "><x></x></"), "is not read"),
    ] {
        is_at_fault(&with(text), words);
    }
    let pointing = |uri: &str| resigned(&file, &key, |info| info.replacen("URI=\"#total\"", uri, 1));
    is_at_fault(&pointing("URI=\"#xpointer(id('total'))\""), "XPointer");
    is_at_fault(&pointing("URI=\"#xpointer(/)\""), "XPointer");
    is_at_fault(&pointing(""), "has no URI");
    for uri in [
        "URI=\"http://example.kz/x\"",
        "URI=\"file:///etc/passwd\"",
        "URI=\"#nothing\"",
    ] {
        assert_eq!(
            only(&pointing(uri)).covered[0].integrity,
            Integrity::Missing,
            "{uri}"
        );
    }
    let twice = resigned(&file, &key, |info| {
        let at = info.find("<ds:Reference Type").unwrap();
        let first = info[info.find("<ds:Reference").unwrap()..at].to_owned();
        info.replacen(&first, &first.repeat(2), 1)
    });
    is_at_fault(&twice, "repeats the URI");
}

#[test]
fn a_signed_info_has_one_reading() {
    let key = key("Aigul");
    let file = sign(ORDER.as_bytes(), &by_id(), &key);
    let text = core::str::from_utf8(&file).unwrap();
    let info =
        text[text.find("<ds:SignedInfo>").unwrap()..text.find("<ds:SignatureValue").unwrap()].to_owned();
    for (from, to, words) in [
        ("<ds:SignedInfo>", "<ds:SignedInfo><!-- -->", "a comment"),
        ("<ds:SignedInfo>", "<ds:SignedInfo>x", "a comment"),
        ("<ds:SignedInfo>", "<ds:SignedInfo><?x?>", "a comment"),
        (
            "<ds:SignedInfo>",
            "<ds:Object></ds:Object><ds:SignedInfo>",
            "does not begin with",
        ),
        (
            "<ds:KeyInfo>",
            "<ds:SignatureValue>AAAA</ds:SignatureValue><ds:KeyInfo>",
            "does not belong",
        ),
        (
            "<ds:SignedInfo>",
            "<evil></evil><ds:SignedInfo>",
            "does not begin with",
        ),
        (
            "<ds:SignedInfo>",
            &format!("{info}<ds:SignedInfo>"),
            "no SignatureValue follows",
        ),
        (
            "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">",
            "<ds:CanonicalizationMethod Algorithm=\"urn:x\">",
            "is not read",
        ),
    ] {
        is_at_fault(&swap(&file, from, to), words);
    }
}

#[test]
fn entities_and_document_types_are_not_read() {
    let laughs = "<!DOCTYPE a [<!ENTITY b \"&c;&c;&c;\"><!ENTITY c \"&d;&d;\">]><a>&b;</a>";
    let outside = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>";
    let defaults = "<!DOCTYPE a [<!ATTLIST a Id ID \"total\">]><a/>";
    for text in [
        laughs,
        outside,
        defaults,
        "<!DOCTYPE a SYSTEM \"http://x/y.dtd\"><a/>",
    ] {
        for form in [Form::National, by_id()] {
            let refused = crate::signing::prepared(text.as_bytes(), &form, &key("Aigul")).unwrap_err();
            assert!(
                matches!(refused, SignError::Read(ReadError::Doctype { at: 0 })),
                "{refused}"
            );
        }
        let refused = claims(text.as_bytes(), &[], &Limits::default()).unwrap_err();
        assert!(matches!(refused, SignError::Read(ReadError::Doctype { .. })));
    }
    let refused = claims(b"<a>&nbsp;</a>".as_slice(), &[], &Limits::default()).unwrap_err();
    assert!(matches!(refused, SignError::Read(ReadError::Entity { .. })));
}

#[test]
fn work_is_bounded() {
    let key = key("Aigul");
    let file = sign(ORDER.as_bytes(), &by_id(), &key);
    let many = resigned(&file, &key, |info| {
        let at = info.find("<ds:Reference Type").unwrap();
        let first = info[info.find("<ds:Reference").unwrap()..at].to_owned();
        info.replacen(&first, &first.repeat(1_001), 1)
    });
    is_at_fault(&many, "more references than are followed (at most 1001)");
    let signatures = format!(
        "<a>{}</a>",
        format!("<ds:Signature xmlns:ds=\"{DSIG}\"/>").repeat(65)
    );
    let refused = claims(signatures.as_bytes(), &[], &Limits::default()).unwrap_err();
    assert!(matches!(
        refused,
        SignError::Read(ReadError::Limit {
            what: "signatures",
            most: 64,
            ..
        })
    ));
    // A thousand references to all of a large document.
    let large = format!(
        "<order><total Id=\"total\">{}</total></order>",
        "x".repeat(1_000_000)
    );
    let file = sign(large.as_bytes(), &by_id(), &key);
    let greedy = resigned(&file, &key, |info| {
        let at = info.find("<ds:Reference Type").unwrap();
        let first = info[info.find("<ds:Reference").unwrap()..at].to_owned();
        let base64 = first.replace(
            "http://www.w3.org/2001/10/xml-exc-c14n#",
            "http://www.w3.org/2006/12/xml-c14n11",
        );
        info.replacen(&first, &(first.repeat(400) + &base64.repeat(400)), 1)
    });
    let limits = Limits {
        bytes: 2_000_000,
        ..Limits::default()
    };
    let started = std::time::Instant::now();
    let found = claims(greedy.as_slice(), &[], &limits).unwrap();
    assert!(!found[0].faults.is_empty());
    assert!(started.elapsed() < std::time::Duration::from_secs(20));
}

#[test]
fn what_a_signature_is_part_of_cannot_be_signed_by_its_id() {
    let key = key("Aigul");
    let file = sign(ORDER.as_bytes(), &by_id(), &key);
    let id = only(&file).name.to_string().split_once('#').unwrap().1.to_owned();
    for id in [id.clone(), format!("{id}-value"), format!("{id}-properties")] {
        let refused = crate::signing::prepared(&file, &Form::ById(id), &key).unwrap_err();
        assert!(matches!(refused, SignError::InsideSignature { .. }), "{refused}");
    }
    let sign_by = |document: &str, id: &str| {
        crate::signing::prepared(document.as_bytes(), &Form::ById(id.to_owned()), &key).unwrap_err()
    };
    assert!(matches!(sign_by(ORDER, "none"), SignError::NoSuchId { .. }));
    assert!(matches!(
        sign_by("<a><b Id=\"x\"/><b id=\"x\"/></a>", "x"),
        SignError::ManyOfId { count: 2, .. }
    ));
    assert!(matches!(
        sign_by("<a Id=\"x y\"/>", "x y"),
        SignError::PlainId { .. }
    ));
    assert!(matches!(
        sign_by("<a Id=\"xpointer(/)\"/>", "xpointer(/)"),
        SignError::PlainId { .. }
    ));
}

/// In a container, files that a XAdES signature covers are known, and those beside them are named.
#[test]
fn a_file_beside_those_that_xades_covers_is_named() {
    let key = key("Aigul");
    let bytes: &[u8] = b"text";
    let payload = ["a b.txt", "extra.txt"].map(|name| Payload {
        name: name.to_owned(),
        mime: "text/plain".to_owned(),
        source: &bytes,
    });
    let external = External {
        uri: "a%20b.txt".to_owned(),
        digest: HashAlgorithm::Sha256.digest(bytes),
        media_type: "text/plain".to_owned(),
    };
    let prepared = Prepared::detached(&[external], Around::Container, key.signer(), now()).unwrap();
    let meta = [(
        "META-INF/signatures.xml".to_owned(),
        finished(prepared, &key, b""),
    )];
    for (count, coverage) in [
        (1, Coverage::Parts),
        (
            2,
            Coverage::Except {
                uncovered: vec![Uncovered::File {
                    file: "extra.txt".to_owned(),
                }],
            },
        ),
    ] {
        let package = Package::new(Kind::Extended, &payload[..count], HashAlgorithm::Sha256).unwrap();
        let mut file = Vec::new();
        let output = package.with(&meta).unwrap();
        output.write_to(&[&bytes, &bytes], &mut file).unwrap();
        let found = signer::claims(&file, None, &signer::Limits::default()).unwrap();
        assert_eq!(found[0].coverage, coverage);
        assert!(holds(&found[0], &key));
    } // Beside the signatures in their own file, where people look for none.
    let (name, xml) = meta.into_iter().next().unwrap();
    let text = String::from_utf8(xml).unwrap();
    let end = text.rfind("</").unwrap();
    let beside = format!("{}<loan xmlns=\"\">999</loan>{}", &text[..end], &text[end..]);
    let package = Package::new(Kind::Extended, &payload[..1], HashAlgorithm::Sha256).unwrap();
    let output = package.with(&[(name, beside.into_bytes())]).unwrap();
    let mut file = Vec::new();
    output.write_to(&[&bytes], &mut file).unwrap();
    let found = signer::claims(&file, None, &signer::Limits::default()).unwrap();
    let Coverage::Except { uncovered } = &found[0].coverage else {
        panic!("{:?}", found[0].coverage)
    };
    assert!(
        uncovered[0].to_string().contains("/asic:XAdESSignatures/loan:"),
        "{uncovered:?}"
    );
}
