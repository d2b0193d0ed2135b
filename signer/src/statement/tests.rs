//! Every statement: its words are there in three languages, its code is its own and documented.

use std::collections::BTreeSet;

use super::{Row, is_filled};
use crate::{
    Alteration, Name, Part, Target, Uncovered, What,
    asic::ContainerFault,
    cms::CmsFault,
    judgement::{AlgorithmFault, Finding, RevocationReason, StatusFault},
    pdf::PdfFault,
    xml::XmlFault,
};

const ALL: [&[Row]; 14] = [
    AlgorithmFault::ROWS,
    Alteration::ROWS,
    CmsFault::ROWS,
    ContainerFault::ROWS,
    Finding::ROWS,
    Name::ROWS,
    Part::ROWS,
    PdfFault::ROWS,
    RevocationReason::ROWS,
    StatusFault::ROWS,
    Target::ROWS,
    Uncovered::ROWS,
    What::ROWS,
    XmlFault::ROWS,
];

/// The words without places, numbers, signs, and names that are the same everywhere.
fn own_words(text: &str) -> String {
    let outside = text.split('{').enumerate().map(|(number, piece)| {
        let rest = piece.split_once('}').map(|(_, rest)| rest);
        if number == 0 { piece } else { rest.unwrap_or(piece) }
    });
    outside
        .flat_map(str::chars)
        .filter(|letter| letter.is_alphabetic())
        .collect()
}

fn is_cyrillic(letter: char) -> bool {
    ('\u{400}'..='\u{52F}').contains(&letter)
}

#[test]
fn every_statement_has_its_own_code_and_words_in_each_language() {
    let mut codes = BTreeSet::new();
    for row in ALL.into_iter().flatten() {
        let code = row.code;
        assert!(codes.insert(code), "two statements have the code {code}");
        let [kazakh, russian, english] = row.words.map(own_words);
        if english.is_empty() {
            // Nothing but particulars.
            assert!(kazakh.is_empty() && russian.is_empty(), "{code}");
            continue;
        }
        assert!(!english.contains(is_cyrillic), "{code}: {english}");
        for other in [&kazakh, &russian] {
            assert!(other.contains(is_cyrillic), "{code}: {other}");
        }
        assert_ne!(kazakh, russian, "{code}");
        assert!(
            !russian.contains(['қ', 'ғ', 'ң', 'ә', 'ө', 'ұ', 'ү', 'һ', 'і']),
            "{code}"
        );
    }
}

#[test]
fn every_code_is_documented() {
    let document = include_str!("../../../docs/validation-report.md");
    for row in ALL.into_iter().flatten() {
        let code = row.code;
        assert!(
            document.contains(&format!("| `{code}` |")),
            "{code} is not in the document"
        );
    }
}

#[test]
fn words_are_filled_when_their_places_are_the_particulars() {
    for (text, names, expected) in [
        ("no place", &[][..], true),
        ("{a} and {b}", &["a", "b"], true),
        ("{a}, again {a}, {b}", &["b", "a"], true),
        ("{a}", &["a", "b"], false),
        ("{a} {c}", &["a"], false),
        ("{aa}", &["a"], false),
        ("{a", &["a"], false),
    ] {
        assert_eq!(is_filled(text.as_bytes(), names), expected, "{text}");
    }
}
