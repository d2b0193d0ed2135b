//! Phrases that are put together by the grammar of each language: which of several revisions, and which algorithm.

use domain::Language;

/// Which of how many revisions, as people say it.
pub(super) fn revision(number: usize, of: usize, language: Language) -> String {
    if of == 1 {
        let only = ["жалғыз нұсқа", "единственная редакция", "the only revision"];
        return language.of(only).to_owned();
    }
    let known = number.checked_sub(1).and_then(|index| ORDINALS.get(index));
    let ordinal = known.map_or_else(
        || numeral(number, language),
        |words| language.of(*words).to_owned(),
    );
    let known = of.checked_sub(2).and_then(|index| COUNTS.get(index));
    let count = known.map_or_else(|| of.to_string(), |words| language.of(*words).to_owned());
    // One and what ends in it has the noun in the singular, even after a preposition.
    let noun = if of % 10 == 1 && of % 100 != 11 {
        "редакции"
    } else {
        "редакций"
    };
    match language {
        Language::Kazakh => format!("{count} нұсқаның {ordinal}"),
        Language::Russian => format!("{ordinal} из {count} {noun}"),
        Language::English => format!("the {ordinal} of {count} revisions"),
    }
}

/// An ordinal in figures.
fn numeral(number: usize, language: Language) -> String {
    match (language, number % 10, number % 100) {
        // The ending follows the vowels of the last word of the numeral.
        (Language::Kazakh, 6 | 9, _) | (Language::Kazakh, 0, 10 | 30 | 40 | 60 | 90) => {
            format!("{number}-сы")
        }
        (Language::Kazakh, ..) => format!("{number}-сі"),
        (Language::Russian, ..) => format!("{number}-я"),
        (Language::English, 1, tens) if tens != 11 => format!("{number}st"),
        (Language::English, 2, tens) if tens != 12 => format!("{number}nd"),
        (Language::English, 3, tens) if tens != 13 => format!("{number}rd"),
        (Language::English, ..) => format!("{number}th"),
    }
}

/// An algorithm's name: names of schemes and digests are the same everywhere, the word between them is not.
pub(super) fn algorithm(name: &str, language: Language) -> String {
    match (name.split_once(" with "), language) {
        (Some((scheme, digest)), Language::Kazakh) => format!("{digest} дайджестімен {scheme}"),
        (Some((scheme, digest)), Language::Russian) => format!("{scheme} с {digest}"),
        (Some(_), Language::English) | (None, _) => name.to_owned(),
    }
}

const ORDINALS: [[&str; 3]; 10] = [
    ["біріншісі", "первая", "first"],
    ["екіншісі", "вторая", "second"],
    ["үшіншісі", "третья", "third"],
    ["төртіншісі", "четвёртая", "fourth"],
    ["бесіншісі", "пятая", "fifth"],
    ["алтыншысы", "шестая", "sixth"],
    ["жетіншісі", "седьмая", "seventh"],
    ["сегізіншісі", "восьмая", "eighth"],
    ["тоғызыншысы", "девятая", "ninth"],
    ["оныншысы", "десятая", "tenth"],
];

/// From two on; in Russian as they stand after “из”.
const COUNTS: [[&str; 3]; 9] = [
    ["екі", "двух", "two"],
    ["үш", "трёх", "three"],
    ["төрт", "четырёх", "four"],
    ["бес", "пяти", "five"],
    ["алты", "шести", "six"],
    ["жеті", "семи", "seven"],
    ["сегіз", "восьми", "eight"],
    ["тоғыз", "девяти", "nine"],
    ["он", "десяти", "ten"],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_are_counted_as_people_say_it() {
        for (number, of, words) in [
            (
                1,
                1,
                ["жалғыз нұсқа", "единственная редакция", "the only revision"],
            ),
            (
                1,
                2,
                [
                    "екі нұсқаның біріншісі",
                    "первая из двух редакций",
                    "the first of two revisions",
                ],
            ),
            (
                21,
                21,
                [
                    "21 нұсқаның 21-сі",
                    "21-я из 21 редакции",
                    "the 21st of 21 revisions",
                ],
            ),
            (
                12,
                40,
                [
                    "40 нұсқаның 12-сі",
                    "12-я из 40 редакций",
                    "the 12th of 40 revisions",
                ],
            ),
            (
                16,
                111,
                [
                    "111 нұсқаның 16-сы",
                    "16-я из 111 редакций",
                    "the 16th of 111 revisions",
                ],
            ),
        ] {
            assert_eq!(
                Language::ALL.map(|language| revision(number, of, language)),
                words
            );
        }
    }

    #[test]
    fn algorithms_are_named_in_the_language_of_the_report() {
        let said = Language::ALL.map(|language| algorithm("ECDSA with SHA-256", language));
        assert_eq!(
            said,
            [
                "SHA-256 дайджестімен ECDSA",
                "ECDSA с SHA-256",
                "ECDSA with SHA-256"
            ]
        );
    }
}
