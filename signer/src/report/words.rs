//! The words of a report: for each code its text in Kazakh, Russian and English. `{name}` stands for a particular.

mod table;

use self::table::WORDS;
use super::Language;
use crate::judgement::{Code, Finding, Indication, Particular};

/// What was found, in words.
pub(super) fn finding(finding: &Finding, language: Language) -> String {
    let value = |name: &str| {
        let particular = finding.particulars.iter().find(|(known, _)| *known == name);
        particular.map_or_else(String::new, |(_, particular)| match particular {
            Particular::Text(value) => value.clone(),
            Particular::Time(time) => language.time(*time),
        })
    };
    let mut text = String::new();
    for piece in language.of(words(finding.code)).split('{') {
        match piece.split_once('}') {
            None => text.push_str(piece),
            Some((name, rest)) => {
                text.push_str(&value(name));
                text.push_str(rest);
            }
        }
    }
    text
}

/// The verdict in words.
pub(super) const fn indication(indication: Indication) -> [&'static str; 3] {
    match indication {
        Indication::TotalPassed => [
            "ҚОЛТАҢБА ЖАРАМДЫ",
            "ПОДПИСЬ ДЕЙСТВИТЕЛЬНА",
            "THE SIGNATURE IS VALID",
        ],
        Indication::Indeterminate => [
            "ҚОЛТАҢБА ДӘЛЕЛДЕНБЕДІ",
            "ПОДПИСЬ НЕ ПОДТВЕРЖДЕНА",
            "THE SIGNATURE IS NOT PROVEN",
        ],
        Indication::TotalFailed => [
            "ҚОЛТАҢБА ЖАРАМСЫЗ",
            "ПОДПИСЬ НЕДЕЙСТВИТЕЛЬНА",
            "THE SIGNATURE IS NOT VALID",
        ],
    }
}

fn words(code: Code) -> [&'static str; 3] {
    let row = WORDS.iter().find(|(known, _)| *known == code);
    row.map_or([code.name(); 3], |(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_the_same_particulars_in_every_language() {
        for code in Code::ALL {
            assert_eq!(
                WORDS.iter().filter(|(known, _)| known == code).count(),
                1,
                "{}",
                code.name()
            );
            let places = |text: &str| {
                let mut names: Vec<String> = text
                    .split('{')
                    .skip(1)
                    .filter_map(|rest| rest.split_once('}').map(|(name, _)| name.to_owned()))
                    .collect();
                names.sort();
                names
            };
            let [kazakh, russian, english] = words(*code);
            assert_eq!(places(kazakh), places(english), "{}", code.name());
            assert_eq!(places(russian), places(english), "{}", code.name());
        }
    }
}
