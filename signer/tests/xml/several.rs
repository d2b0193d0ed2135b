//! Several signatures on one document.

use signer::{
    Alteration, Change, Coverage, Integrity, Name, Uncovered,
    xml::{Form, Others, SignError, XmlFault},
};

use crate::{
    judges,
    signing::{DOCUMENT, holds, key, prepared, read, sign, swap},
};

const BESIDE: Form = Form::Enveloped(Others::Excluded);

fn id_of(name: &Name) -> String {
    name.to_string().split_once('#').unwrap().1.to_owned()
}

#[test]
fn signatures_beside_one_another_stay_valid_in_any_order() {
    let keys = ["Aigul", "Berik", "Saule"].map(key);
    let mut file = DOCUMENT.as_bytes().to_vec();
    for (number, key) in keys.iter().enumerate() {
        file = sign(&file, &BESIDE, key);
        let found = read(&file);
        assert_eq!(found.len(), number + 1);
        for (at, key) in keys.iter().enumerate().take(number + 1) {
            judges::xmlsec(&file, at, &[&key.pem()]).unwrap();
            assert!(holds(&found[at], key), "{:?}", found[at]);
        }
    }
    let Coverage::Revision { number, of, changes } = &read(&file)[1].coverage else {
        panic!("the others are left out")
    };
    assert_eq!((*number, *of, changes.len()), (2, 3, 3));
    assert!(changes.iter().all(|change| change.harmless));
}

#[test]
fn by_the_national_rule_the_last_covers_those_before() {
    for form in [Form::National, Form::Enveloped(Others::Covered)] {
        let keys = ["Aigul", "Berik", "Saule"].map(key);
        let mut file = DOCUMENT.as_bytes().to_vec();
        for key in &keys {
            file = sign(&file, &form, key);
        }
        let found = read(&file);
        for (claim, key) in found.iter().zip(&keys) {
            assert!(holds(claim, key), "{claim:?}");
        }
        let uncovered = vec![Uncovered::Comments { count: 1 }];
        assert_eq!(found[2].coverage, Coverage::Except { uncovered });
        let Coverage::Revision {
            number: 1,
            of: 3,
            changes,
        } = &found[0].coverage
        else {
            panic!("{:?}", found[0].coverage)
        };
        assert!(matches!(
            &changes[..],
            [
                Change { harmless: true, .. },
                Change { harmless: true, .. },
                Change { harmless: true, what }
            ] if *what == Alteration::Uncovered { what: Uncovered::Comments { count: 1 } }
        ));
        // Foreign verifiers know the last only, until it is taken away.
        judges::xmlsec(&file, 2, &[&keys[2].pem()]).unwrap();
        assert!(judges::xmlsec(&file, 0, &[&keys[0].pem()]).is_err());
        let altered = swap(&file, "₸", "$");
        assert!(
            read(&altered)
                .iter()
                .zip(&keys)
                .all(|(claim, key)| !holds(claim, key))
        );
    }
}

#[test]
fn a_signature_that_would_break_another_is_refused() {
    let (first, second) = (key("Aigul"), key("Berik"));
    let file = sign(DOCUMENT.as_bytes(), &Form::National, &first);
    assert!(matches!(
        prepared(&file, &BESIDE, &second),
        Err(SignError::Covered { .. })
    ));
    let file = sign(DOCUMENT.as_bytes(), &BESIDE, &first);
    let id = id_of(&read(&file)[0].name);
    let file = sign(&file, &Form::National, &second);
    assert!(matches!(
        prepared(&file, &Form::Counter(id), &second),
        Err(SignError::Covered { .. })
    ));
}

#[test]
fn a_signature_is_countersigned_inside() {
    let keys = ["Aigul", "Berik", "Saule"].map(key);
    let mut file = sign(DOCUMENT.as_bytes(), &BESIDE, &keys[0]);
    file = sign(&file, &BESIDE, &keys[2]);
    let id = id_of(&read(&file)[0].name);
    for _ in 0..2 {
        file = sign(&file, &Form::Counter(id.clone()), &keys[1]);
    }
    let found = read(&file);
    assert_eq!(found.len(), 4);
    for (at, key) in [&keys[0], &keys[1], &keys[1], &keys[2]].into_iter().enumerate() {
        assert!(holds(&found[at], key), "{:?}", found[at]);
        judges::xmlsec(&file, at, &[&key.pem()]).unwrap();
    }
    assert_eq!(found[1].coverage, Coverage::Parts);
    assert!(
        found[1].covered[0].what.to_string().contains("SignatureValue"),
        "{:?}",
        found[1].covered
    );
    let (_, value) = core::str::from_utf8(&file)
        .unwrap()
        .split_once("-value\">")
        .unwrap();
    let altered = swap(&file, &value[..20], "AAAAAAAAAAAAAAAAAAAA");
    assert_eq!(read(&altered)[1].covered[0].integrity, Integrity::Altered);
    // Taken to another signature, a counter-signature proves nothing about that one.
    let text = core::str::from_utf8(&file).unwrap();
    let from = text.find("<xades:UnsignedProperties>").unwrap();
    let to = text.find("</xades:UnsignedProperties>").unwrap() + "</xades:UnsignedProperties>".len();
    let (unsigned, without) = (&text[from..to], [&text[..from], &text[to..]].concat());
    let at = without.rfind("</xades:QualifyingProperties>").unwrap();
    let moved = [&without[..at], unsigned, &without[at..]].concat();
    let found = read(moved.as_bytes());
    assert!(holds(&found[0], &keys[0]) && holds(&found[1], &keys[2]));
    assert_eq!(found[2].faults, [XmlFault::CounterSignature.into()]);
}
