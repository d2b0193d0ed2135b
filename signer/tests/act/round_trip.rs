//! Whatever is signed is found signed, whole and by its name; whatever byte of it changes, is found changed.

use std::fmt::Write as _;

use domain::SignatureProfile;
use proptest::prelude::*;
use signer::{Integrity, Limits, Wish, asic, cades::Packaging, pdf, xml::Form, xml::Others};

use crate::{
    desk::{Desk, Task, claims, now, written},
    making::Making,
};

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        prop::collection::vec(any::<u8>(), 60_000..70_000),
    ]
}

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9а-яәіңғүұқөһ_ ()-]{1,20}\\.[a-z]{1,4}"
}

fn profile() -> impl Strategy<Value = SignatureProfile> {
    prop::sample::select(
        &[
            SignatureProfile::EcdsaP256Sha256,
            SignatureProfile::EcdsaP384Sha384,
        ][..],
    )
}

/// Several pages with texts of whatever letters, and words about the signature.
fn pdf() -> impl Strategy<Value = Task> {
    let pages = prop::collection::vec("[ -'*-\\[\\]-~]{0,200}", 1..6);
    let words = || prop::option::of("[\\PC]{0,40}");
    let shape = 0..3_usize;
    (pages, words(), words(), any::<[u8; 16]>(), shape).prop_map(|(pages, name, reason, chance, shape)| {
        let mut making = Making::page();
        let mut kids = String::new();
        for (number, text) in pages.iter().enumerate() {
            let (page, content) = (6 + 2 * number, 7 + 2 * number);
            write!(kids, "{page} 0 R ").unwrap();
            let stream = format!("BT /F1 12 Tf 72 700 Td ({text}) Tj ET");
            making = making
                .with(page, &format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents {content} 0 R>>"))
                .with(content, &format!("<</Length {}>>\nstream\n{stream}\nendstream", stream.len()));
        }
        let making = making.with(2, &format!("<</Type/Pages/Kids[{kids}]/Count {}>>", pages.len()));
        let file = match shape {
            0 => making.table(),
            1 => Making { line: "\r\n", ..making }.table(),
            _ => Making { line: "\r", row: " \r", ..making }.table(),
        };
        let options = pdf::Options { name, reason, chance, time: Some(now()), ..pdf::Options::default() };
        Task { sources: vec![file], wish: Wish::Pdf(Box::new(options)) }
    })
}

fn xml() -> impl Strategy<Value = Task> {
    let form = prop_oneof![
        Just(Form::Enveloped(Others::Excluded)),
        Just(Form::Enveloped(Others::Covered)),
        Just(Form::ById("here".to_owned())),
        Just(Form::Enveloping),
        Just(Form::National),
        Just(Form::NationalById("here".to_owned())),
    ];
    (form, "[\\PC&&[^<&>]]{0,200}", "[a-zA-Zа-я]{1,12}").prop_map(|(form, text, element)| {
        let text = text.replace(['<', '&', '>'], "");
        Task {
            sources: vec![
                format!("<{element}><part Id=\"here\">{text}</part><!--c--></{element}>").into_bytes(),
            ],
            wish: Wish::Xml(form),
        }
    })
}

fn file() -> impl Strategy<Value = Task> {
    let cms = |packaging, mime: Option<String>| Wish::Cms { packaging, mime };
    let packaging = prop::sample::select(&[Packaging::Attached, Packaging::Detached][..]);
    let mime = prop::option::of("[a-z]{1,8}/[a-z.+-]{1,20}");
    let wish = prop_oneof![
        (packaging, mime).prop_map(move |(packaging, mime)| cms(packaging, mime)),
        Just(Wish::Xml(Form::EnvelopingFile {
            media_type: "a/b".to_owned()
        })),
        "[a-z]{1,10}\\.bin".prop_map(|uri| Wish::Detached {
            uri,
            media_type: "a/b".to_owned()
        }),
        name().prop_map(|name| Wish::Container {
            kind: asic::Kind::Simple,
            files: vec![(name, "a/b".to_owned())]
        }),
    ];
    (bytes(), wish).prop_map(|(bytes, wish)| Task {
        sources: vec![bytes],
        wish,
    })
}

fn several() -> impl Strategy<Value = Task> {
    prop::collection::btree_map(name().prop_map(|name| name.to_lowercase()), bytes(), 1..8).prop_map(
        |files| {
            let (names, sources): (Vec<_>, Vec<_>) = files.into_iter().unzip();
            let files = names.into_iter().map(|name| (name, "a/b".to_owned()));
            Task {
                sources,
                wish: Wish::Container {
                    kind: asic::Kind::Extended,
                    files: files.collect(),
                },
            }
        },
    )
}

fn task() -> impl Strategy<Value = Task> {
    prop_oneof![pdf(), xml(), file(), several()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_is_found_signed(tasks in prop::collection::vec(task(), 1..5), profile in profile(), at in any::<prop::sample::Index>(), change in 1..=255_u8) {
        let desk = Desk::new(profile);
        let act = desk.prepare(&tasks, &Limits::default()).unwrap();
        let shown: Vec<_> = act.shown().collect();
        let batch = desk.sign(&act);
        let signed = act.finish(&batch).unwrap();
        prop_assert_eq!(signed.len(), tasks.len());
        for ((signed, task), shown) in signed.iter().zip(&tasks).zip(shown) {
            prop_assert_eq!(signed.id, shown.id);
            let file = written(signed, task);
            let found = claims(&file, task);
            prop_assert_eq!(found.len(), 1);
            prop_assert!(desk.holds(&found[0]) && found[0].covers(&shown.digest), "{:#?}", found);
            altered(&desk, task, signed, (at, change))?;
        }
    }
}

/// With one byte of its sources changed, nothing is found to cover what was shown that still agrees.
fn altered(
    desk: &Desk,
    task: &Task,
    signed: &signer::SignedDocument,
    (at, change): (prop::sample::Index, u8),
) -> Result<(), TestCaseError> {
    let is_plain = !matches!(task.wish, Wish::Pdf(_) | Wish::Xml(_));
    if !is_plain || task.sources[0].is_empty() {
        // How PDF and XML answer changes is for tests of their own: not every byte of them has a meaning.
        return Ok(());
    }
    let mut other = task.clone();
    let place = at.index(other.sources[0].len());
    other.sources[0][place] ^= change;
    let file = written(signed, &other);
    let found = match signer::claims(&file, None, &Limits::default()) {
        Ok(_) => claims(&file, &other),
        // A container whose check sums do not agree is not even read.
        Err(_) => return Ok(()),
    };
    for claim in &found {
        let intact = claim
            .covered
            .iter()
            .all(|covered| covered.integrity == Integrity::Intact);
        prop_assert!(!intact || !desk.holds(claim), "{:#?}", claim);
    }
    Ok(())
}
