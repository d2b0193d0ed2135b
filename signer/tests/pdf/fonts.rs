//! Fonts of the form: with them values are drawn that have no look of their own. Beside each attack what is honest.

use signer::pdf::{Options, Permission};

use crate::{
    attacks::{Entry::Body, append, body},
    honest::{certified, harm, paper},
    looks::{Desk, note},
    signing::options,
};

#[test]
#[expect(clippy::too_many_lines, reason = "one row for each attack")]
fn fonts_of_the_form_change_no_value_that_was_signed() {
    let desk = Desk::new();
    let mut wrong = String::new();
    let fonts = "/DR<</Font<</F9 40 0 R>>>>";
    let odd = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[48/nine 49/nine]>>>>";
    let changed = |key| match key {
        "DR" => Some("the form was changed: DR"),
        "DA" => Some("the form was changed: DA"),
        _ => Some("the form was changed: NeedAppearances"),
    };
    let drawn = "/AP<</N 8 0 R>>";
    let lock = "/Lock<</Type/SigFieldLock/Action/Include/Fields[(sum)]>>";
    let other = "/Lock<</Type/SigFieldLock/Action/Include/Fields[(other)]>>";
    let forms = certified(Permission::Forms);
    for (name, own, form, later, lock, wish, wanted) in [
        ("dr-font", "", "", fonts, "", &options(), changed("DR")),
        (
            "da-show",
            "",
            fonts,
            "/DA(/F9 20 Tf 0 g)",
            "",
            &options(),
            changed("DA"),
        ),
        (
            "da-both",
            "",
            "",
            "/DR<</Font<</F9 40 0 R>>>>/DA(/F9 20 Tf)",
            "",
            &options(),
            changed("DR"),
        ),
        (
            "da-needed",
            drawn,
            "/NeedAppearances true",
            "/DA(/F9 20 Tf)",
            "",
            &options(),
            changed("DA"),
        ),
        (
            "needed",
            drawn,
            "",
            "/NeedAppearances true",
            "",
            &options(),
            changed("NeedAppearances"),
        ),
        (
            "locked-font",
            drawn,
            "/DR<<>>",
            fonts,
            lock,
            &forms,
            changed("DR"),
        ),
        (
            "locked-other",
            drawn,
            "/DR<<>>",
            fonts,
            other,
            &forms,
            changed("DR"),
        ),
        (
            "locked-needed",
            drawn,
            "",
            "/NeedAppearances true",
            lock,
            &forms,
            changed("NeedAppearances"),
        ),
        ("locked-added", "", "", fonts, lock, &forms, changed("DR")),
        (
            "honest",
            drawn,
            "",
            "/DR<</Font<</F9 40 0 R>>>>/DA(/F9 20 Tf)",
            "",
            &options(),
            None,
        ),
        ("honest-locked", drawn, "", fonts, lock, &forms, None),
        (
            "honest-filling",
            "",
            "/DR<<>>",
            "/NeedAppearances true/DR<</Font<</F9 40 0 R>>>>",
            "",
            &forms,
            None,
        ),
    ] {
        let paper = paper()
            .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 12 0 R>>")
            .with(7, &format!("<</Type/Annot/Subtype/Widget/FT/Tx/T(sum)/V(1)/DA(/F9 20 Tf)/Rect[10 10 90 30]/P 3 0 R{own}>>"))
            .with(10, &format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature1)/Rect[0 0 0 0]/P 3 0 R{lock}>>"))
            .with(12, &format!("<</Fields[7 0 R 10 0 R]{form}>>"));
        let field = Some("Signature1".to_owned());
        let signed = desk.sign(
            &paper,
            &Options {
                field,
                ..wish.clone()
            },
        );
        let was = body(&signed, 12);
        let was = if later.contains("/DR") {
            was.replace("/DR <<>>", "")
        } else {
            was
        };
        let is = was.replacen("<<", &format!("<<{later}"), 1);
        let attack = append(&signed, &[(12, Body(&is)), (40, Body(odd))], "/Info 9 0 R");
        note(&mut wrong, name, &harm(&attack), wanted);
    }
    assert!(wrong.is_empty(), "{wrong}");
}
