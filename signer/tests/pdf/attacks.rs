//! Known attacks on signed PDFs, each made here: incremental saving, shadow (hide, replace, hide and replace), universal
//! signature forgery, tricks with ranges, and structures with two readings. None of the results may be accepted.

use std::fmt::Write as _;

use self::Entry::{At, Body};

use domain::SignatureProfile;
use signer::{
    Name,
    pdf::{Intent, Options, PdfError, Permission, Prepared, Unpacking, claims},
};

use crate::{
    claims::{is_accepted, is_sound},
    house::House,
    making::Making,
    signing::{options, sign},
};

pub(crate) fn find(document: &[u8], text: &str) -> usize {
    let place = document
        .windows(text.len())
        .rposition(|window| window == text.as_bytes());
    place.unwrap_or_else(|| panic!("{text}"))
}

pub(crate) fn number_after(document: &[u8], text: &str) -> usize {
    let digits = document[find(document, text) + text.len()..].iter().copied();
    let digits = digits
        .skip_while(|byte| !byte.is_ascii_digit())
        .take_while(u8::is_ascii_digit);
    String::from_utf8(digits.collect()).unwrap().parse().unwrap()
}

/// A body for an object, or an offset that its cross-reference is to name; an offset of 0 frees it.
pub(crate) enum Entry<'a> {
    Body(&'a str),
    At(usize),
}

/// Appends a revision.
pub(crate) fn append(document: &[u8], objects: &[(usize, Entry<'_>)], trailer: &str) -> Vec<u8> {
    let mut out = document.to_vec();
    let previous = number_after(document, "startxref");
    let size =
        number_after(document, "/Size").max(objects.iter().map(|(number, _)| number + 1).max().unwrap_or(0));
    let mut table = String::from("xref\n");
    for (number, entry) in objects {
        let offset = match entry {
            Body(body) => {
                let offset = out.len();
                out.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
                offset
            }
            At(offset) => *offset,
        };
        let kind = if offset == 0 { 'f' } else { 'n' };
        write!(table, "{number} 1\n{offset:010} 00000 {kind}\r\n").unwrap();
    }
    let start = out.len();
    let root = if trailer.contains("/Root") {
        ""
    } else {
        "/Root 1 0 R"
    };
    out.extend(
        format!(
            "{table}trailer\n<</Size {size}/Prev {previous}{root}{trailer}>>\nstartxref\n{start}\n%%EOF\n"
        )
        .bytes(),
    );
    out
}

/// The body that an object has last.
pub(crate) fn body(document: &[u8], number: usize) -> String {
    let text = String::from_utf8_lossy(document);
    let head = format!("\n{number} 0 obj\n");
    let start = text.rfind(&head).unwrap() + head.len();
    let end = start + text[start..].find("\nendobj").unwrap();
    text[start..end].to_owned()
}

const OTHER: &str = "<</Length 39>>\nstream\nBT /F1 24 Tf 72 720 Td (1000000) Tj ET   \nendstream";

/// A page that an author has prepared: a hidden stream, a reference to something missing, a text field.
fn prepared() -> Vec<u8> {
    Making::page()
        .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]>>>>")
        .with(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>/XObject<</X 40 0 R>>>>/Contents 4 0 R/Annots[7 0 R]>>")
        .with(6, OTHER)
        .with(7, "<</Type/Annot/Subtype/Widget/FT/Tx/T(sum)/V(1)/Rect[10 10 90 30]/P 3 0 R/AP<</N 8 0 R>>>>")
        .with(8, "<</Type/XObject/Subtype/Form/BBox[0 0 80 20]/Length 0>>\nstream\n\nendstream")
        .table()
}

fn signed(options: &Options<'_>) -> Vec<u8> {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    sign(&prepared(), &hand, options)
}

pub(crate) fn accepted(document: &[u8]) -> bool {
    match claims(&document) {
        Ok(found) => !found.is_empty() && found.iter().all(is_accepted),
        Err(_) => false,
    }
}

#[expect(clippy::too_many_lines, reason = "one row for each attack")]
#[test]
fn incremental_saving_that_changes_what_was_signed_is_not_accepted() {
    let signed = signed(&options());
    assert!(accepted(&signed));
    let page = body(&signed, 3);
    let hidden = find(&signed, "6 0 obj");
    let with = |old: &str, new: &str| page.replace(old, new);
    let added = format!("{} ", with("/Annots [7 0 R", "/Annots [7 0 R 50 0 R"));
    let overlay =
        "<</Type/Annot/Subtype/FreeText/Rect[0 0 500 800]/DA(/F1 9 Tf)/Contents(x)/AP<</N 6 0 R>>>>";
    let field = "<</Type/Annot/Subtype/Widget/FT/Tx/T(more)/Rect[0 0 500 800]/AP<</N 6 0 R>>>>";
    let sig = find(&signed, "/Type /Sig");
    let sig = String::from_utf8_lossy(&signed[..sig]).rfind(" 0 obj").unwrap();
    let sig = String::from_utf8_lossy(&signed[..sig])
        .rsplit('\n')
        .next()
        .unwrap()
        .parse::<usize>()
        .unwrap();
    let widget = body(&signed, sig + 1);
    let catalog = body(&signed, 1);
    let cases: Vec<(&str, Vec<u8>)> = vec![
        (
            "page content overwritten",
            append(&signed, &[(4, Body(OTHER))], ""),
        ),
        (
            "page content exchanged by reference",
            append(
                &signed,
                &[(3, Body(&with("/Contents 4 0 R", "/Contents 6 0 R")))],
                "",
            ),
        ),
        (
            "page made larger",
            append(&signed, &[(3, Body(&with("842", "84")))], ""),
        ),
        (
            "font exchanged",
            append(
                &signed,
                &[(5, Body("<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"))],
                "",
            ),
        ),
        (
            "annotation put over the page",
            append(&signed, &[(3, Body(&added)), (50, Body(overlay))], ""),
        ),
        (
            "pages exchanged",
            append(
                &signed,
                &[
                    (2, Body("<</Type/Pages/Kids[50 0 R]/Count 1>>")),
                    (50, Body(&page)),
                ],
                "",
            ),
        ),
        (
            "another catalog",
            append(
                &signed,
                &[(50, Body("<</Type/Catalog/Pages 2 0 R>>"))],
                "/Root 50 0 R",
            ),
        ),
        (
            "catalog opens something",
            append(
                &signed,
                &[(
                    1,
                    Body(&catalog.replace("/Pages", "/OpenAction[3 0 R/Fit]/Pages")),
                )],
                "",
            ),
        ),
        (
            "hidden stream of the signed part put in",
            append(&signed, &[(4, At(hidden))], ""),
        ),
        (
            "what was missing is supplied",
            append(
                &signed,
                &[(
                    40,
                    Body(&OTHER.replace("<<", "<</Type/XObject/Subtype/Form/BBox[0 0 500 500]")),
                )],
                "",
            ),
        ),
        ("object taken away", append(&signed, &[(8, At(0))], "")),
        (
            "value of a field exchanged",
            append(
                &signed,
                &[(7, Body(&body(&signed, 7).replace("/V(1)", "/V(1000)")))],
                "",
            ),
        ),
        (
            "look of a field exchanged",
            append(
                &signed,
                &[(
                    8,
                    Body(&OTHER.replace("<<", "<</Type/XObject/Subtype/Form/BBox[0 0 80 20]")),
                )],
                "",
            ),
        ),
        (
            "field added",
            append(
                &signed,
                &[
                    (50, Body(field)),
                    (1, Body(&catalog.replace("/Fields [", "/Fields [50 0 R "))),
                ],
                "",
            ),
        ),
        (
            "mark of the signature moved",
            append(
                &signed,
                &[(sig + 1, Body(&widget.replace("0 0 0 0", "0 0 500 800")))],
                "",
            ),
        ),
        (
            "signature's own dictionary exchanged",
            append(
                &signed,
                &[(
                    sig,
                    Body("<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached>>"),
                )],
                "",
            ),
        ),
        (
            "signature's value exchanged",
            append(
                &signed,
                &[(
                    sig + 1,
                    Body(&widget.replace(&format!("/V {sig} 0 R"), "/V 4 0 R")),
                )],
                "",
            ),
        ),
        (
            "objects without a revision",
            [signed.clone(), format!("4 0 obj\n{OTHER}\nendobj\n").into_bytes()].concat(),
        ),
        ("encryption declared", append(&signed, &[], "/Encrypt 5 0 R")),
        ("cross-references replaced", {
            let previous = format!("/Prev {}", number_after(&signed, "startxref"));
            let out = append(&signed, &[(4, Body(OTHER))], "");
            let text = find(&out, &previous);
            let oldest = format!(
                "/Prev {:<width$}",
                number_after(&prepared(), "startxref"),
                width = previous.len() - 6
            );
            [&out[..text], oldest.as_bytes(), &out[text + previous.len()..]].concat()
        }),
    ];
    for (what, attack) in cases {
        assert_ne!(attack, signed, "{what}: nothing was changed");
        assert!(!accepted(&attack), "{what}");
    }
}

#[test]
fn a_stream_that_is_both_validation_data_and_page_content_stays_as_it_was() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let page =
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 6 0 R>>";
    let document = Making::page()
        .with(1, "<</Type/Catalog/Pages 2 0 R/DSS<</Certs 6 0 R>>>>")
        .with(3, page)
        .with(6, "[4 0 R]");
    let signed = sign(&document.table(), &hand, &options());
    assert!(accepted(&signed));
    let more = append(&signed, &[(50, Body(OTHER)), (6, Body("[4 0 R 50 0 R]"))], "");
    assert!(!accepted(&more));
    let other = append(&signed, &[(4, Body(OTHER))], "");
    assert!(!accepted(&other));
}

#[test]
fn filling_in_is_harmless_where_it_is_certified_so_and_nowhere_else() {
    let fill = |document: &[u8]| {
        let field = body(document, 7).replace("/V(1)", "/V(1000)");
        append(document, &[(7, Body(&field))], "")
    };
    let certify = |permission| Options {
        intent: Intent::Certification(permission),
        ..options()
    };
    assert!(!accepted(&fill(&signed(&options()))));
    assert!(!accepted(&fill(&signed(&certify(Permission::Nothing)))));
    assert!(accepted(&fill(&signed(&certify(Permission::Forms)))));
    let annotate = |document: &[u8]| {
        let page = body(document, 3).replace("/Annots [7 0 R", "/Annots [7 0 R 50 0 R");
        let note = "<</Type/Annot/Subtype/Text/Rect[0 0 20 20]/Contents(x)>>";
        append(document, &[(3, Body(&page)), (50, Body(note))], "")
    };
    assert!(!accepted(&annotate(&signed(&certify(Permission::Forms)))));
    assert!(accepted(&annotate(&signed(&certify(Permission::Annotations)))));
}

/// Puts other bytes of the same length into a document.
pub(crate) fn patched(document: &[u8], old: &str, new: &str) -> Vec<u8> {
    let place = find(document, old);
    assert!(new.len() <= old.len());
    let new = format!("{new:width$}", width = old.len());
    [&document[..place], new.as_bytes(), &document[place + old.len()..]].concat()
}

#[test]
fn universal_signature_forgery_without_value_ranges_or_form_is_faulted_whatever_its_digest() {
    let signed = signed(&options());
    let start = find(&signed, "/ByteRange [") + "/ByteRange ".len();
    let end = start + signed[start..].iter().position(|byte| *byte == b']').unwrap() + 1;
    let ranges = String::from_utf8(signed[start..end].to_vec()).unwrap();
    let numbers = ranges[1..ranges.len() - 1]
        .split(' ')
        .map(|number| number.parse::<u64>().unwrap())
        .collect::<Vec<_>>();
    let [_, before, second, after] = numbers[..] else {
        panic!()
    };
    // The blanks after them are part of the dictionary too.
    let ranges = ranges + "          ";
    let cases = [
        ("no value", "/Contents <".to_owned(), "/Contentz <".to_owned()),
        ("no ranges", "/ByteRange ".into(), "/ByteRangf ".into()),
        ("ranges are null", ranges.clone(), "null".into()),
        ("ranges are empty", ranges.clone(), "[]".into()),
        ("ranges of zeros", ranges.clone(), "[0 0 0 0]".into()),
        ("one range", ranges.clone(), format!("[0 {before}]")),
        ("ranges are a reference", ranges.clone(), "5 0 R".into()),
        (
            "ranges begin later",
            ranges.clone(),
            format!("[1 {} {second} {after}]", before - 1),
        ),
        (
            "ranges end earlier",
            ranges.clone(),
            format!("[0 {before} {second} {}]", after - 9),
        ),
        (
            "ranges leave out more before",
            ranges.clone(),
            format!("[0 {} {second} {after}]", before - 9),
        ),
        (
            "ranges leave out more after",
            ranges.clone(),
            format!("[0 {before} {} {}]", second + 9, after - 9),
        ),
        (
            "ranges cover the value",
            ranges.clone(),
            format!("[0 {second} {second} {after}]"),
        ),
        (
            "ranges overlap",
            ranges.clone(),
            format!("[0 {second} {before} {}]", after + second - before),
        ),
        (
            "ranges go beyond",
            ranges.clone(),
            format!("[0 {before} {second} {}]", after + 1),
        ),
        ("negative", ranges.clone(), format!("[0 {before} {second} -1]")),
        ("no form", "/SubFilter ".into(), "/SubFiltes ".into()),
        (
            "unknown form",
            "ETSI.CAdES.detached".into(),
            "ETSI.CAdES.detachee".into(),
        ),
        (
            "obsolete form",
            "/ETSI.CAdES.detached".into(),
            "/adbe.x509.rsa_sha1".into(),
        ),
    ];
    for (what, old, new) in cases {
        let attack = patched(&signed, &old, &new);
        // Not read at all is not accepted either.
        if let Ok(found) = claims(&attack) {
            assert!(
                found.len() == 1 && !found[0].faults.is_empty(),
                "{what}: {:?}",
                found.iter().map(|claim| &claim.faults).collect::<Vec<_>>()
            );
        }
    }
}

#[test]
fn byte_range_gap_has_room_for_nothing_but_the_value() {
    let signed = signed(&options());
    let start = find(&signed, "/Contents <") + "/Contents ".len();
    let end = start + signed[start..].iter().position(|byte| *byte == b'>').unwrap() + 1;
    // The digest still agrees in all of these: they change only what is not covered.
    let other = |place: usize, text: &str| {
        [&signed[..place], text.as_bytes(), &signed[place + text.len()..]].concat()
    };
    for (what, attack) in [
        (
            "a second key in the gap",
            other(end - 40, ">/ByteRange[0 1 2 3]/Type/Sig/Reason(a)>"),
        ),
        ("a comment in the gap", other(end - 6, "> %  >")),
        ("white space in the gap", other(end - 6, "00  0>")),
        (
            "the value as a reference",
            other(start, &format!("{:1$}", "5 0 R", end - start)),
        ),
        ("no value", other(start, &format!("{:1$}", "null", end - start))),
        (
            "an empty value",
            other(start, &format!("{:1$}", "<>", end - start)),
        ),
        (
            "a value of zeros",
            other(start, &format!("<{:0<1$}>", "", end - start - 2)),
        ),
        (
            "a value that is cut",
            other(start + 41, &format!("{:0<1$}>", "", end - start - 42)),
        ),
        ("something after the value", other(end - 4, "0f0>")),
    ] {
        // Not read at all is not accepted either.
        if let Ok(found) = claims(&attack) {
            assert!(
                found.iter().all(|claim| !is_sound(claim)),
                "{what}: {:?}",
                found.iter().map(|claim| &claim.faults).collect::<Vec<_>>()
            );
        }
    }
}

#[test]
fn structures_with_two_readings_are_refused() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let refused = |document: &[u8]| {
        let error = signer::pdf::Prepared::new(&document, &hand.certificate, &options()).unwrap_err();
        assert!(
            matches!(error, signer::pdf::PdfError::TwoReadings { .. }),
            "{error}"
        );
    };
    refused(
        &Making::page()
            .with(1, "<</Type/Catalog/Pages 2 0 R/Pages 9 0 R>>")
            .table(),
    );
    refused(
        &Making::page()
            .with(3, "<</Type/Page/Annots[]/Annots[4 0 R]/MediaBox[0 0 9 9]>>")
            .table(),
    );
    let twice = "xref\n4 1\n0000000009 00000 n\r\n4 1\n0000000010 00000 n\r\n";
    let document = Making::page().table();
    let tail = format!(
        "{twice}trailer\n<</Size 6/Root 1 0 R/Prev {}>>\nstartxref\n{}\n%%EOF\n",
        number_after(&document, "startxref"),
        document.len()
    );
    refused(&[document, tail.into_bytes()].concat());
}

#[test]
fn a_signature_shown_by_two_fields_or_carried_to_another_document_is_not_accepted() {
    let signed = signed(&options());
    let text = String::from_utf8_lossy(&signed).into_owned();
    let catalog = body(&signed, 1);
    let widget = text.rfind("/FT /Sig").unwrap();
    let widget: usize = text[..text[..widget].rfind(" 0 obj").unwrap()]
        .rsplit('\n')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let twin = body(&signed, widget).replace("(Signature1)", "(Signature2)");
    let catalog = catalog.replace("/Fields [", "/Fields [60 0 R ");
    assert!(!accepted(&append(
        &signed,
        &[(60, Body(&twin)), (1, Body(&catalog))],
        ""
    )));

    let other = signed
        .iter()
        .copied()
        .map(|byte| if byte == b'g' { b'h' } else { byte })
        .collect::<Vec<_>>();
    assert!(!accepted(&other));
}

#[test]
fn a_list_of_fields_that_is_also_a_list_of_annotations_does_not_hide_an_annotation() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots 6 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>";
    let document = Making::page()
        .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields 6 0 R>>>>")
        .with(3, page)
        .with(6, "[7 0 R]")
        .with(
            7,
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(sum)/V(1)/Rect[10 10 90 30]/P 3 0 R>>",
        );
    let signed = sign(&document.table(), &hand, &options());
    assert!(accepted(&signed));
    let list = body(&signed, 6).replace(']', " 50 0 R]");
    let overlay = "<</Type/Annot/Subtype/FreeText/Rect[0 0 500 800]/DA(/F1 9 Tf)/Contents(x)>>";
    let attack = append(&signed, &[(6, Body(&list)), (50, Body(overlay))], "");
    assert!(!accepted(&attack));
}

/// A section that lists nothing, with an object before it that no section lists.
fn unlisted(signed: &[u8], size: &str, startxref: &str) -> Vec<u8> {
    let evil = format!("4 0 obj\n{OTHER}\nendobj\n");
    closed(signed, evil.as_bytes(), "0 0\n", (size, startxref))
}

/// Bytes, and a section with these rows after them.
pub(crate) fn closed(signed: &[u8], bytes: &[u8], rows: &str, (size, startxref): (&str, &str)) -> Vec<u8> {
    let start = signed.len() + bytes.len();
    let previous = number_after(signed, "startxref");
    let table = format!(
        "xref\n{rows}trailer\n<<{size}/Root 1 0 R/Prev {previous}>>\nstartxref\n{startxref}{start}\n%%EOF\n"
    );
    [signed, bytes, table.as_bytes()].concat()
}

#[test]
fn bytes_that_no_table_lists_are_not_accepted_after_a_signature() {
    let signed = signed(&options());
    let right = number_after(&signed, "/Size");
    let size = format!("/Size {right}");
    let sound = closed(&signed, b"\n", "0 0\n", (&size, ""));
    assert!(accepted(&sound), "a section that lists nothing changes nothing");
    let evil = format!("4 0 obj\n{OTHER}\nendobj\n");
    let far = format!("%{}\n", "x".repeat(1_100));
    let font = find(&signed, "5 0 obj");
    let listed = |body: &str| {
        let bytes = format!("{right} 0 obj\n{body}\nendobj\n");
        let row = format!("{right} 1\n{:010} 00000 n\r\n", signed.len());
        closed(
            &signed,
            bytes.as_bytes(),
            &row,
            (&format!("/Size {}", right + 1), ""),
        )
    };
    assert!(accepted(&listed("(kept)")));
    let inside = format!("\nendstream\nendobj\n{evil}");
    for (what, attack) in [
        ("an object that nothing lists", unlisted(&signed, &size, "")),
        ("a comment before the offset", unlisted(&signed, &size, "%1\n")),
        ("a comment alone", closed(&signed, b"", "0 0\n", (&size, "%1\n"))),
        (
            "a sign before the offset",
            closed(&signed, b"", "0 0\n", (&size, "+")),
        ),
        ("no size", closed(&signed, b"", "0 0\n", ("", ""))),
        ("a small size", closed(&signed, b"", "0 0\n", ("/Size 3", ""))),
        (
            "a huge size",
            closed(&signed, b"", "0 0\n", ("/Size 99999999", "")),
        ),
        (
            "a row that is too short",
            closed(&signed, b"", &format!("5 1\n{font} 0 n\n"), (&size, "")),
        ),
        (
            "a comment in the table",
            closed(&signed, b"", "0 0%b\n", (&size, "")),
        ),
        (
            "an object far after the end",
            [&sound, evil.as_bytes(), far.as_bytes()].concat(),
        ),
        (
            "white space that moves the end away",
            [sound.as_slice(), &[b' '; 1_500]].concat(),
        ),
        (
            "white space without a section",
            [signed.as_slice(), &[b' '; 900]].concat(),
        ),
        (
            "an object in the data of a stream",
            listed(&format!(
                "<</Length {}>>\nstream\n{inside}\nendstream",
                inside.len()
            )),
        ),
        ("an object in a string", listed(&format!("({evil})"))),
        (
            "an object behind a comment",
            closed(
                &signed,
                format!("%{}\n", evil.replace('\n', " ")).as_bytes(),
                "0 0\n",
                (&size, ""),
            ),
        ),
    ] {
        assert!(!accepted(&attack), "{what}");
    }
}

/// Document time stamps that are none, each over a part of the page.
fn painted(document: &[u8], value: &str, rectangles: &[&str]) -> Vec<u8> {
    let (page, catalog) = (body(document, 3), body(document, 1));
    let look = OTHER.replace("<<", "<</Type/XObject/Subtype/Form/BBox[0 0 500 500]");
    let mut fields = String::new();
    let mut widgets = Vec::new();
    for (number, rectangle) in rectangles.iter().enumerate() {
        let number = 60 + number;
        write!(fields, "{number} 0 R ").unwrap();
        let widget = "<</Type/Annot/Subtype/Widget/FT/Sig/F 132/P 3 0 R/V 50 0 R/AP<</N 51 0 R>>";
        widgets.push((number, format!("{widget}/T(D{number})/Rect{rectangle}>>")));
    }
    let page = page.replace("/Annots [", &format!("/Annots [{fields}"));
    let catalog = catalog.replace("/Fields [", &format!("/Fields [{fields}"));
    let mut objects = vec![
        (1, Body(&catalog)),
        (3, Body(&page)),
        (50, Body(value)),
        (51, Body(&look)),
    ];
    objects.extend(widgets.iter().map(|(number, widget)| (*number, Body(widget))));
    append(document, &objects, "")
}

#[test]
fn a_later_signature_or_time_stamp_that_is_none_does_not_paint_over_the_page() {
    let stamp =
        "<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161/ByteRange[0 1 2 3]/Contents<00>>>";
    let other = stamp
        .replace("DocTimeStamp", "Sig")
        .replace("ETSI.RFC3161", "ETSI.CAdES.detached");
    for permission in [None, Some(Permission::Nothing), Some(Permission::Forms)] {
        let intent = permission.map_or(Intent::Approval, Intent::Certification);
        let signed = signed(&Options { intent, ..options() });
        for value in [stamp, &other, &stamp.replace("/Type/DocTimeStamp", "")] {
            for rectangles in [
                ["[60 680 400 730]"].as_slice(),
                &["[0 0 0 0]"],
                &["[0 0 595 209]", "[0 209 595 418]", "[0 418 595 627]"],
            ] {
                let attack = painted(&signed, value, rectangles);
                let harmed = claims(&attack.as_slice()).map_or(true, |found| {
                    found.iter().all(|claim| {
                        !is_accepted(claim)
                            || claim.name
                                != (Name::Field {
                                    field: "Signature1".to_owned(),
                                })
                    })
                });
                assert!(harmed, "{permission:?} {value} {rectangles:?}");
            }
        }
    }
}

#[test]
fn a_reference_to_another_generation_or_to_a_huge_number_does_not_blind_the_comparison() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let page =
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 6 0 R>>";
    let decoys = "/Metadata 4 0 R/PieceInfo<</Contents 6 1 R>>";
    let document = Making::page()
        .with(1, &format!("<</Type/Catalog/Pages 2 0 R{decoys}>>"))
        .with(3, page)
        .with(6, "[4 0 R 90 0 R]")
        .table();
    let signed = sign(&document, &hand, &options());
    assert!(accepted(&signed));
    assert!(!accepted(&append(&signed, &[(4, Body(OTHER))], "")));
    assert!(!accepted(&append(&signed, &[(90, Body(OTHER))], "")));

    let huge = 8_388_700;
    let document = Making::page()
        .with(1, "<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>")
        .with(3, &page.replace("6 0 R", &format!("{huge} 0 R")))
        .table();
    let signed = sign(
        &append(&document, &[(huge, Body("[4 0 R]"))], ""),
        &hand,
        &options(),
    );
    assert!(accepted(&signed));
    assert!(!accepted(&append(&signed, &[(4, Body(OTHER))], "")));
}

/// A document of twelve object streams that are small and unpack to much, with so many fields in each.
fn packed(fields_each: usize) -> Vec<u8> {
    const CONTAINERS: usize = 12;
    let mut document = b"%PDF-1.7\n".to_vec();
    let mut rows = vec![0_u8; 8];
    let mut put = |document: &mut Vec<u8>, body: &str, data: &[u8]| {
        rows.push(1);
        rows.extend(u32::try_from(document.len()).unwrap().to_be_bytes());
        rows.extend([0; 3]);
        let number = rows.len() / 8 - 1;
        document.extend(format!("{number} 0 obj\n{body}").bytes());
        document.extend(data);
        document.extend(b"\nendobj\n");
    };
    let first = 5 + CONTAINERS;
    let made = Making::page();
    let fields = (first..first + CONTAINERS * fields_each)
        .fold(String::new(), |list, number| list + &format!("{number} 0 R "));
    let catalog = format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{fields}]>>>>");
    for (number, body) in made.objects.iter().take(4).enumerate() {
        put(&mut document, if number == 0 { &catalog } else { body }, b"");
    }
    // Each field is in another container than the one before it, and all do not fit into what is kept.
    let numbers = |container| (0..fields_each).map(move |index| first + index * CONTAINERS + container);
    for container in 0..CONTAINERS {
        let (mut head, mut objects) = (String::new(), String::new());
        for number in numbers(container) {
            write!(head, "{number} {} ", objects.len()).unwrap();
            objects.push_str("<</T(a)>> ");
        }
        let data = format!("{head}{objects}{}", " ".repeat(7_500_000));
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(data.as_bytes(), 1);
        let dictionary = format!(
            "<</Type/ObjStm/N {fields_each}/First {}/Filter/FlateDecode/Length {}>>\nstream\n",
            head.len(),
            packed.len()
        );
        put(
            &mut document,
            &dictionary,
            &[packed.as_slice(), b"\nendstream"].concat(),
        );
    }
    for index in 0..fields_each {
        for container in 0..CONTAINERS {
            rows.push(2);
            rows.extend(u32::try_from(5 + container).unwrap().to_be_bytes());
            rows.extend([0, u8::try_from(index).unwrap(), 0]);
        }
    }
    let (start, size) = (document.len(), rows.len() / 8);
    let dictionary = format!(
        "<</Type/XRef/Size {size}/W[1 4 2 ]/Root 1 0 R/Length {}>>",
        size * 7
    );
    document.extend(format!("{size} 0 obj\n{dictionary}\nstream\n").bytes());
    for row in rows.chunks(8) {
        document.extend(&row[..7]);
    }
    document.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
    document
}

const SPENT: &str = "bytes in all packed parts of its structure together";

#[test]
fn object_streams_that_are_unpacked_again_and_again_are_refused_after_a_while() {
    let error = claims(&packed(10)).unwrap_err();
    assert!(
        matches!(error, PdfError::TooMuch { what, .. } if what == SPENT),
        "{error}"
    );
}

#[test]
fn documents_of_one_act_share_what_may_be_unpacked_of_them() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let (document, together) = (packed(1), Unpacking::default());
    let prepare = |unpacking| Prepared::within(&document, &hand.certificate, &options(), unpacking);
    assert!(prepare(&together).is_ok());
    let refused = (0..3).find_map(|_| prepare(&together).err()).unwrap();
    assert!(
        matches!(refused, PdfError::TooMuch { what, .. } if what == SPENT),
        "{refused}"
    );
    assert!(prepare(&Unpacking::default()).is_ok());
}
