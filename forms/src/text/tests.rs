use super::*;

/// R201: clause for clause the languages say the same number of things, in the same order.
#[test]
fn the_languages_of_a_wording_have_the_same_shape() {
    for text in Text::ALL {
        let shape = |language| {
            let kind = |line: &str| match line {
                line if line.starts_with("# ") => 't',
                line if line.starts_with("## ") => 's',
                line if line.starts_with("- ") => 'i',
                _ => 'c',
            };
            text.published(language).lines().map(kind).collect::<String>()
        };
        let kazakh = shape(Language::Kazakh);
        assert!(kazakh.starts_with('t') && kazakh.len() > 5, "{}", text.name);
        assert_eq!(kazakh, shape(Language::Russian), "{}", text.name);
        assert_eq!(kazakh, shape(Language::English), "{}", text.name);
    }
}

#[test]
fn wordings_have_only_letters_that_can_be_drawn_and_no_hidden_ones() {
    for text in Text::ALL {
        for language in Language::ALL {
            let published = text.published(language);
            for line in published.lines() {
                assert_eq!(crate::face::shown(line), line, "{} {language:?}", text.name);
                assert_eq!(line.trim(), line);
                assert!(!line.is_empty());
            }
            assert!(published.ends_with('\n') && !published.contains(['\r', '\t', '_']));
        }
    }
}

#[test]
fn sections_and_clauses_are_numbered() {
    let blocks = Text::AGREEMENT.blocks(Language::English);
    let number = |block: &Block| match block {
        Block::Clause { number, .. } => Some(number.clone()),
        _ => None,
    };
    let numbers: Vec<_> = blocks.iter().filter_map(number).collect();
    assert_eq!(numbers.first().map(String::as_str), Some("1.1."));
    assert_eq!(numbers.last().map(String::as_str), Some("11.5."));
}
