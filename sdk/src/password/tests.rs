//! What is admitted as a password, and that one password is one byte string.

use super::*;

const PERSONAL: [&str; 5] = [
    "Айгерим",
    "Сериккызы",
    "900101300017",
    "+77011234567",
    "1990-01-01",
];

fn judge(typed: &str, floor_log10: u8) -> Result<(), PasswordError> {
    Password::new(typed).unwrap().judge(&PERSONAL, floor_log10)
}

#[test]
fn what_a_thief_tries_first_is_refused() {
    for weak in [
        "qwerty123",
        "Aigerim1990",
        "password!",
        "P@ssw0rd2026",
        "iloveyou123456",
        // The Client's own data, in every alphabet and order.
        "Айгерим1990",
        "айгеримсериккызы",
        "Serikkyzy900101",
        "Aigerim7011234567",
        "айгерим01.01.1990",
        "miregia0991",
        // Cyrillic that zxcvbn alone takes for random letters.
        "йцукенгшщз",
        "йцукенгшщзхъ",
        "Йцукен123456",
        "фывапролдж",
        "зфыыцщкв123",
        "пароль123456",
        "Пароль2026!",
        "казахстан2026",
        "Қазақстан1991",
        "люблютебя123",
        "алматыалматы",
        "әіңғүұқөһ",
        "11111111111a",
        "abcdefghijklm",
    ] {
        assert_eq!(judge(weak, 0), Err(PasswordError::TooWeak), "{weak}");
    }
}

/// Six-digit codes are not admitted, nor any other: the longer ones are phones, dates and IINs of somebody.
#[test]
fn digits_alone_are_refused_at_any_length() {
    for code in [
        "123456",
        "482913",
        "900101300017",
        "87011234567",
        "+7 (707) 765-43-21",
        "31.01.1990 12:45",
        "4829137056218394",
        "48291370562183940572",
        "٤٨٢٩١٣٧٠٥٦٢١",
    ] {
        assert_eq!(judge(code, 0), Err(PasswordError::OnlyDigits), "{code}");
    }
}

#[test]
fn phrases_and_random_letters_are_admitted() {
    for strong in [
        "teal orbit canyon 7 velvet",
        "қызыл-алма көк тау жеті",
        "верблюд считает звёзды 4 раза",
        "vK9#rT2!mQx7",
        "ж7Ңq-ө2Ұ-ыЁ9э",
        "🦅 steppe 🐎 wind 🌾",
        "Айгерим ест жареных 12 ёжиков на мосту",
    ] {
        assert_eq!(judge(strong, 10), Ok(()), "{strong}");
    }
}

#[test]
fn a_challenge_can_raise_the_floor_but_not_lower_it() {
    assert_eq!(
        judge("teal orbit canyon 7 velvet", 60),
        Err(PasswordError::TooWeak)
    );
    assert_eq!(judge("Пароль2026!", 0), Err(PasswordError::TooWeak));
}

#[test]
fn one_password_is_one_byte_string_on_every_keyboard() {
    let bytes = |typed: &str| Password::new(typed).unwrap().as_bytes().to_vec();
    for (typed, meant) in [
        ("и\u{306}-е\u{308}-e\u{301}", "й-ё-é"),
        ("\u{1112}\u{1161}\u{11ab}", "한"),
        ("\u{212b}", "Å"),
        ("teal\u{a0}orbit\u{202f}canyon\u{3000}7", "teal orbit canyon 7"),
        ("\u{2000}\u{2001}\u{200a}", "   "),
    ] {
        assert_eq!(bytes(typed), meant.as_bytes(), "{typed}");
    }
    for (one, other) in [
        ("Teal", "teal"),
        ("teal ", "teal"),
        ("ａ", "a"),
        ("ﬁ", "fi"),
        ("❤\u{fe0f}", "❤"),
    ] {
        assert_ne!(bytes(one), bytes(other), "{one} is meant as it is typed");
    }
}

#[test]
fn what_is_no_password_is_refused() {
    let refused = |typed: &str| Password::new(typed).unwrap_err();
    assert_eq!(refused(""), PasswordError::Empty);
    for typed in ["teal\n", "\tteal", "teal\u{0}", "te\u{7f}al", "teal\u{85}"] {
        assert_eq!(refused(typed), PasswordError::Control, "{typed:?}");
    }
    assert!(Password::new(&"a".repeat(1_024)).is_ok());
    assert_eq!(refused(&"a".repeat(1_025)), PasswordError::TooLong);
    assert_eq!(refused(&"a".repeat(1_000_000)), PasswordError::TooLong);
}

/// However it is typed, the same password is short enough or too long.
#[test]
fn length_is_counted_after_normalisation() {
    assert!(Password::new(&"и\u{306}".repeat(512)).is_ok());
    assert_eq!(
        Password::new(&"й".repeat(513)).unwrap_err(),
        PasswordError::TooLong
    );
    assert_eq!(
        Password::new(&"и\u{306}".repeat(513)).unwrap_err(),
        PasswordError::TooLong
    );
    // The letter that grows most under NFC stays within what was reserved.
    let grown = Password::new(&"\u{1d160}".repeat(85)).unwrap();
    assert_eq!(grown.as_bytes().len(), 85 * 12);
}

#[test]
fn nothing_prints_a_password() {
    assert_eq!(format!("{:?}", Password::new("teal orbit").unwrap()), "Password");
    for error in [
        PasswordError::Empty,
        PasswordError::TooLong,
        PasswordError::Control,
        PasswordError::OnlyDigits,
        PasswordError::TooWeak,
    ] {
        assert!(!error.to_string().is_empty());
    }
}
