//! Properties of the parts: what is written is read, and no window cuts an object unnoticed.

use miniz_oxide::deflate::compress_to_vec_zlib;
use proptest::prelude::*;

use super::{
    filter::unpack,
    lexer::{Fault, Lexer},
    numbers::Numbers,
    object::{Dictionary, Object, Reference},
    parser::{object, object_with_places},
};

fn objects() -> impl Strategy<Value = Object> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..20);
    let leaf = prop_oneof![
        Just(Object::Null),
        any::<bool>().prop_map(Object::Boolean),
        any::<i64>().prop_map(Object::Integer),
        (-1_000_000_i32..1_000_000, 0_u32..1000)
            .prop_map(|(whole, part)| Object::Real(format!("{whole}.{part}").into_bytes())),
        // A zero byte cannot be in a name (7.3.5).
        bytes().prop_map(|name| Object::Name(name.into_iter().filter(|byte| *byte != 0).collect())),
        bytes().prop_map(Object::Text),
        (any::<u32>(), any::<u16>())
            .prop_map(|(number, generation)| Object::Reference(Reference { number, generation })),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Object::Array),
            proptest::collection::vec(("[a-zA-Z#() ]{1,8}", inner), 0..6).prop_map(|entries| {
                let empty = Dictionary::new();
                Object::Dictionary(
                    entries
                        .into_iter()
                        .fold(empty, |all, (key, value)| all.with(&key, value)),
                )
            }),
        ]
    })
}

fn written(object: &Object) -> Vec<u8> {
    let mut bytes = Vec::new();
    object.write(&mut bytes);
    bytes
}

proptest! {
    #[test]
    fn what_is_written_is_read(value in objects()) {
        let bytes = written(&value);
        prop_assert_eq!(object(&mut Lexer::new(&bytes, true)), Ok(value));
    }

    #[test]
    fn a_window_that_cuts_an_object_asks_for_more(value in objects(), cut in any::<prop::sample::Index>()) {
        let mut bytes = written(&value);
        bytes.extend(b" endobj");
        let window = &bytes[..cut.index(bytes.len())];
        match object(&mut Lexer::new(window, false)) {
            Ok(found) => prop_assert_eq!(found, value),
            Err(fault) => prop_assert_eq!(fault, Fault::More),
        }
    }

    #[test]
    fn any_bytes_end_in_an_object_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = object(&mut Lexer::new(&bytes, true));
        let _ = unpack(&Dictionary::new().with("Filter", Object::name("FlateDecode")), bytes, 1 << 16);
    }
}

#[test]
fn words_in_comments_and_strings_are_no_structure() {
    let text = b"<</A(endobj /B 1)/C % /D 4 >>\n 3/E#20F/x/G<41 4>/H 5 0 R/I[6 0 7]>>";
    let (found, places) = object_with_places(&mut Lexer::new(text, true)).unwrap();
    let dictionary = found.as_dictionary().unwrap();
    assert_eq!(
        dictionary.get("A").unwrap().as_text(),
        Some(b"endobj /B 1".as_slice())
    );
    assert_eq!(dictionary.get("B"), None);
    assert_eq!(dictionary.get("C").unwrap().as_integer(), Some(3));
    assert_eq!(dictionary.get("D"), None);
    assert!(dictionary.says("E F", "x"));
    assert_eq!(dictionary.get("G").unwrap().as_text(), Some(b"A@".as_slice()));
    assert_eq!(dictionary.get("H").unwrap().as_reference().unwrap().number, 5);
    assert_eq!(dictionary.get("I").unwrap().as_array().unwrap().len(), 3);
    let (_, place) = places.iter().find(|(key, _)| key == b"G").unwrap();
    assert_eq!(&text[place.clone()], b"<41 4>");
}

#[test]
fn depth_size_and_double_keys_are_refused() {
    let read = |text: &[u8]| object(&mut Lexer::new(text, true));
    assert!(matches!(read(&b"[".repeat(1000)), Err(Fault::TooMuch { .. })));
    assert!(matches!(
        read(&[b"[".as_slice(), &b"0 ".repeat(600_000), b"]"].concat()),
        Err(Fault::TooMuch { .. })
    ));
    assert!(matches!(read(b"<</A 1/A 2>>"), Err(Fault::TwoReadings { .. })));
    assert!(read(b"<</A 1/A 1>>").is_ok());
    assert!(matches!(read(b"<</A 1/#41 2>>"), Err(Fault::TwoReadings { .. })));
}

#[test]
fn packed_data_is_unpacked_to_a_limit_with_every_predictor() {
    let flate = Dictionary::new().with("Filter", Object::name("FlateDecode"));
    let bomb = compress_to_vec_zlib(&vec![0; 1 << 20], 9);
    assert!(matches!(
        unpack(&flate, bomb.clone(), 1000),
        Err(super::PdfError::TooMuch { .. })
    ));
    assert_eq!(unpack(&flate, bomb, 1 << 20).unwrap().len(), 1 << 20);
    let parameters = Dictionary::new()
        .with("Predictor", Object::Integer(15))
        .with("Columns", Object::Integer(3));
    let flate = flate.with("DecodeParms", Object::Dictionary(parameters));
    // None, left, up, average, Paeth: each line is 1 2 3.
    let lines = [
        [0, 1, 2, 3],
        [1, 1, 1, 1],
        [2, 0, 0, 0],
        [3, 1, 1, 1],
        [4, 0, 0, 0],
    ]
    .concat();
    let unpacked = unpack(&flate, compress_to_vec_zlib(&lines, 6), 1000).unwrap();
    assert_eq!(unpacked, [1, 2, 3].repeat(5));
    assert!(unpack(&flate, compress_to_vec_zlib(&[5, 0, 0, 0], 6), 1000).is_err());
}

#[test]
fn numbers_are_met_once() {
    let mut numbers = Numbers::new();
    let mut first = |number, generation| numbers.first(Reference { number, generation }).unwrap();
    assert!(first(0, 0) && first(64, 1) && first(64, 0) && first(8_388_607, 0) && first(u32::MAX, 0));
    assert!(!first(64, 0) && !first(64, 1) && !first(u32::MAX, 0));
}
