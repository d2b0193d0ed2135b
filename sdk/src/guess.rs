//! How many guesses a password costs somebody who knows its owner and the keyboards of Kazakhstan.
//!
//! zxcvbn knows Latin dictionaries and a Latin keyboard, and takes `йцукенгшщз` for ten random letters. So a password
//! is judged in three readings, as typed, by the keys that were pressed and in Latin letters, and the cheapest
//! counts. What the Client is called and when they were born is guessed first, in each form that people use.

use zeroize::Zeroizing;

/// The guesses that `password` costs, as a power of ten, when `personal` is known of its owner.
pub(crate) fn log10(password: &str, personal: &[&str]) -> f64 {
    let forms: Vec<String> = personal.iter().flat_map(|known| forms(known)).collect();
    let first: Vec<&str> = forms.iter().map(String::as_str).chain(COMMON).collect();
    let typed = Zeroizing::new(password.to_owned());
    [typed, reading(password, key_pressed), reading(password, in_latin)]
        .iter()
        .map(|reading| zxcvbn::zxcvbn(reading, &first).guesses_log10())
        .fold(f64::INFINITY, f64::min)
}

/// `password` letter by letter; what has no other reading stays as it is.
fn reading(password: &str, letter: impl Fn(char) -> Option<&'static str>) -> Zeroizing<String> {
    // Reserved in full, so that growing leaves no copies: no letter becomes longer than its two bytes but those of
    // `LONGEST_LETTER`.
    let mut read = Zeroizing::new(String::with_capacity(password.len() * LONGEST_LETTER));
    for typed in password.chars() {
        match typed.to_lowercase().next().and_then(&letter) {
            Some(other) => read.push_str(other),
            None => read.push(typed),
        }
    }
    read
}

/// The forms in which people put what is known of them into passwords.
fn forms(known: &str) -> Vec<String> {
    let digits: String = known.chars().filter(char::is_ascii_digit).collect();
    let mut forms = vec![known.to_owned()];
    forms.extend(
        known
            .split(|letter: char| !letter.is_alphanumeric())
            .map(str::to_owned),
    );
    forms.extend(numbers(known, &digits));
    forms.push(digits);
    let latin: Vec<String> = forms
        .iter()
        .map(|form| reading(form, in_latin).to_string())
        .collect();
    forms.extend(latin);
    forms.retain(|form| form.chars().count() >= SHORTEST_FORM);
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// Dates from an IIN or a date, local forms of a phone; by shape alone, so that a foreigner's count too.
fn numbers(known: &str, digits: &str) -> Vec<String> {
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    let first = known
        .split(|letter: char| !letter.is_ascii_digit())
        .next()
        .unwrap_or_default();
    match (digits.len(), first.len()) {
        // An IIN: the date of birth, then the century.
        (12, 12) => {
            let century = match part(6, 7) {
                "1" | "2" => "18",
                "3" | "4" => "19",
                _ => "20",
            };
            dates(&format!("{century}{}", part(0, 6)))
        }
        // A phone: the country's digit is left out or dialled as 8, and the operator's code is well known.
        (11, _) => vec![
            format!("8{}", part(1, 11)),
            part(1, 11).to_owned(),
            part(4, 11).to_owned(),
        ],
        // Year first, 1990-01-31, or day first, 31.01.1990.
        (8, 4) => dates(digits),
        (8, 2) => dates(&[part(4, 8), part(2, 4), part(0, 2)].concat()),
        _ => Vec::new(),
    }
}

/// The forms of a date that is given as eight digits, year first.
fn dates(date: &str) -> Vec<String> {
    let parts = (date.get(..4), date.get(2..4), date.get(4..6), date.get(6..));
    let (Some(year), Some(short), Some(month), Some(day)) = parts else {
        return Vec::new();
    };
    vec![
        format!("{year}{month}{day}"),
        format!("{day}{month}{year}"),
        format!("{short}{month}{day}"),
        format!("{day}{month}{short}"),
        format!("{day}{month}"),
        year.to_owned(),
    ]
}

/// What the key of a Cyrillic letter gives on a Latin keyboard; Kazakh letters lie in the row of digits.
fn key_pressed(letter: char) -> Option<&'static str> {
    let place = CYRILLIC_KEYS.chars().position(|key| key == letter)?;
    LATIN_KEYS.get(place..=place)
}

/// A Cyrillic letter as people write it in Latin.
fn in_latin(letter: char) -> Option<&'static str> {
    Some(match letter {
        'а' | 'ә' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ғ' => "g",
        'д' => "d",
        'е' | 'ё' | 'э' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' | 'й' | 'і' => "i",
        'к' | 'қ' => "k",
        'л' => "l",
        'м' => "m",
        'н' | 'ң' => "n",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ұ' | 'ү' => "u",
        'ф' => "f",
        'х' | 'һ' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' | 'щ' => "sh",
        'ъ' | 'ь' => "",
        'ы' => "y",
        'ю' => "yu",
        'я' => "ya",
        _ => return None,
    })
}

const CYRILLIC_KEYS: &str = "йцукенгшщзхъфывапролджэячсмитьбюёәіңғүұқөһ";
const LATIN_KEYS: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`2345890-=";

/// Shorter than this is in any password by chance.
const SHORTEST_FORM: usize = 3;

/// Bytes of the longest reading of a letter, for a letter of one byte; Cyrillic ones have two.
const LONGEST_LETTER: usize = 2;

/// Words that passwords in Russian and Kazakh are made of, in Latin as [`in_latin`] writes them.
const COMMON: [&str; 72] = [
    "parol",
    "privet",
    "lyubov",
    "lyublyu",
    "tebya",
    "solnyshko",
    "solntse",
    "kotenok",
    "zaika",
    "zhizn",
    "schaste",
    "lyubimaya",
    "lyubimyi",
    "krasotka",
    "koroleva",
    "printsessa",
    "angel",
    "druzhba",
    "druzya",
    "rodina",
    "mama",
    "papa",
    "mamochka",
    "semya",
    "doktor",
    "nachalnik",
    "spartak",
    "zenit",
    "barsik",
    "nastya",
    "natasha",
    "marina",
    "svetlana",
    "tatyana",
    "andrei",
    "aleksandr",
    "sergei",
    "dmitrii",
    "vladimir",
    "maksim",
    "kazahstan",
    "kazakstan",
    "kazak",
    "alemim",
    "almaty",
    "alma-ata",
    "astana",
    "nursultan",
    "shymkent",
    "karaganda",
    "aktobe",
    "aktau",
    "atyrau",
    "pavlodar",
    "semei",
    "taraz",
    "kostanai",
    "zhanym",
    "zhan",
    "mahabbat",
    "suiikti",
    "bakyt",
    "kudai",
    "apam",
    "atam",
    "anashym",
    "balam",
    "aigerim",
    "aruzhan",
    "nurlan",
    "kupiyasoz",
    "salem",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cyrillic_key_has_its_latin_one() {
        assert_eq!(CYRILLIC_KEYS.chars().count(), LATIN_KEYS.len());
        assert_eq!(*reading("Йцукен Әіңғүұқөһ", key_pressed), "qwerty 2345890-=");
        assert_eq!(*reading("Қазақстан-ЩЪЮ7", in_latin), "kazakstan-shyu7");
    }

    #[test]
    fn a_russian_keyboard_run_is_no_riddle() {
        let typed = "йцукенгшщз";
        assert!(
            zxcvbn::zxcvbn(typed, &[]).guesses_log10() >= 10.0,
            "the estimator alone admits it"
        );
        assert!(log10(typed, &[]) < 5.0);
    }

    #[test]
    fn no_reading_outgrows_its_room() {
        for letter in CYRILLIC_KEYS.chars() {
            for other in [key_pressed(letter), in_latin(letter)].into_iter().flatten() {
                assert!(other.len() <= letter.len_utf8() * LONGEST_LETTER, "{letter}");
            }
        }
    }

    #[test]
    fn what_is_known_of_a_person_is_tried_in_the_forms_that_people_use() {
        for (known, expected) in [
            (
                "900131300013",
                &["900131", "310190", "19900131", "31011990", "3101", "1990"][..],
            ),
            ("1990-01-31", &["31011990", "310190", "900131", "3101", "1990"]),
            ("31.01.1990", &["19900131", "310190", "900131"]),
            (
                "+77011234567",
                &["77011234567", "87011234567", "7011234567", "1234567"],
            ),
            ("Айгерім Сериккызы", &["Айгерім", "aigerim", "serikkyzy"]),
            ("Tokaeva-Ng", &["Tokaeva"]),
        ] {
            let found = forms(known);
            for form in expected {
                assert!(found.iter().any(|found| found == form), "{form} in {found:?}");
            }
        }
        assert!(forms("Ли").is_empty());
    }
}
