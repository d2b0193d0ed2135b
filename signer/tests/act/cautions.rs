//! Documents whose look may change: told, or refused by policy before anything is signed.

use std::{collections::BTreeSet, fmt::Write as _};

use domain::SignatureProfile;
use policies::{Look, Looks};
use signer::{Act, ActError, Caution, DocumentError, Limits, Wish, xml};

use crate::{
    desk::{Desk, Task, id},
    documents::{XML, page},
    making::Making,
};

fn refusing(looks: Looks) -> Limits {
    Limits {
        looks,
        ..Limits::default()
    }
}

fn tasks() -> Vec<Task> {
    let script = Making::page().with(
        1,
        "<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
    );
    let styled = format!(
        "<?xml-stylesheet href=\"look.xsl\"?>{}",
        XML.split_once("?>").unwrap().1.trim_start()
    );
    let enveloped = || Wish::Xml(xml::Form::Enveloped(xml::Others::Excluded));
    vec![
        Task {
            sources: vec![b"<plain/>".to_vec()],
            wish: enveloped(),
        },
        page(script.table()),
        Task {
            sources: vec![styled.into_bytes()],
            wish: enveloped(),
        },
    ]
}

#[test]
fn what_may_look_different_is_told_of_each_document() {
    let desk = Desk::new(SignatureProfile::EcdsaP256Sha256);
    let act = desk.prepare(&tasks(), &Limits::default()).unwrap();
    let read = Act::parse(&act.stored().unwrap(), &Limits::default()).unwrap();
    for act in [act, read] {
        let told: Vec<_> = act.cautions().collect();
        assert_eq!(
            told.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
            [id(0), id(1), id(2)]
        );
        assert!(told[0].1.told().is_empty());
        let looks =
            |number: usize| -> BTreeSet<Look> { told[number].1.told().iter().map(Caution::look).collect() };
        assert_eq!(
            looks(1),
            [Look::Automatic, Look::FontNotEmbedded, Look::Script].into()
        );
        assert_eq!(looks(2), [Look::Stylesheet, Look::Comments].into());
        assert!(
            told[2]
                .1
                .told()
                .contains(&Caution::Xml(xml::Caution::Comments(1)))
        );
    }
}

#[test]
fn policy_refuses_kinds_or_all_and_the_document_is_named() {
    let desk = Desk::new(SignatureProfile::EcdsaP256Sha256);
    let refused = |looks| match desk.prepare(&tasks(), &refusing(looks)) {
        Ok(_) => None,
        Err(ActError::Document {
            number,
            id: named,
            reason: DocumentError::Look(caution),
        }) => {
            assert_eq!(named, id(number - 1));
            Some((number, caution.look()))
        }
        Err(other) => panic!("{other:?}"),
    };
    assert_eq!(refused(Looks::Named), None);
    assert_eq!(refused(Looks::Refused([Look::Link, Look::Xfa].into())), None);
    assert_eq!(
        refused(Looks::Refused([Look::Script].into())),
        Some((2, Look::Script))
    );
    assert_eq!(
        refused(Looks::Refused([Look::Comments].into())),
        Some((3, Look::Comments))
    );
    assert!(matches!(refused(Looks::Static), Some((2, _))));
}

#[test]
fn of_what_is_everywhere_some_is_told_and_the_rest_counted() {
    let mut links = String::new();
    for number in 0..300 {
        let action = format!("<</S/URI/URI(https://example.com/{number})>>");
        write!(links, "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A{action}>>").unwrap();
    }
    let making = Making::page().with(
        3,
        &format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[{links}]>>"),
    );
    let desk = Desk::new(SignatureProfile::EcdsaP256Sha256);
    let act = desk.prepare(&[page(making.table())], &Limits::default()).unwrap();
    let (_, cautions) = act.cautions().next().unwrap();
    let kinds: BTreeSet<_> = cautions.told().iter().map(Caution::look).collect();
    assert_eq!(kinds, [Look::FontNotEmbedded, Look::Link].into());
    assert!(cautions.told().len() <= 101, "{}", cautions.told().len());
    assert_eq!(cautions.told().len() as u64 + cautions.further(), 301);
}
