//! What cannot be signed is refused with words that say what to do; what may look different is named.

use domain::SignatureProfile;
use signer::pdf::{Finding, Hazard, Options, PdfError, Prepared, Sheet, hazards};

use crate::{
    claims::is_accepted,
    house::{Hand, House},
    judges,
    making::Making,
    signing::{options, sign},
};

fn refusal(document: &[u8], hand: &Hand<'_>, options: &Options<'_>) -> PdfError {
    Prepared::new(&document, &hand.certificate, options).unwrap_err()
}

#[test]
fn encrypted_damaged_and_dynamic_files_are_refused_with_advice() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let plain = Making::page().table();
    std::fs::write(house.path().join("plain.pdf"), &plain).unwrap();
    judges::run(
        "qpdf",
        house.path(),
        &["--encrypt", "", "owner", "256", "--", "plain.pdf", "locked.pdf"],
    );
    let locked = std::fs::read(house.path().join("locked.pdf")).unwrap();
    assert!(matches!(refusal(&locked, &hand, &options()), PdfError::Encrypted));

    let dynamic = Making::page().with(
        1,
        "<</Type/Catalog/Pages 2 0 R/NeedsRendering true/AcroForm<</Fields[]/XFA 4 0 R>>>>",
    );
    assert!(matches!(
        refusal(&dynamic.table(), &hand, &options()),
        PdfError::DynamicForm
    ));

    for cut in (1..plain.len()).step_by(7) {
        assert!(
            Prepared::new(
                &plain[..plain.len() - cut].to_vec(),
                &hand.certificate,
                &options()
            )
            .is_err()
                || cut < 3
        );
    }
    assert!(matches!(
        refusal(&[b"junk\n".as_slice(), &plain].concat(), &hand, &options()),
        PdfError::NotPdf
    ));
    assert!(matches!(refusal(b"", &hand, &options()), PdfError::NotPdf));
    let shifted = [b"%PDF-1.7\n%shifted\n".as_slice(), &plain[9..]].concat();
    assert!(
        refusal(&shifted, &hand, &options())
            .to_string()
            .contains("save it anew")
    );
    assert!(matches!(
        Sheet::read(&plain, 2),
        Err(PdfError::NoPage { page: 2, pages: 1 })
    ));
    let circle = Making::page()
        .with(2, "<</Type/Pages/Kids[2 0 R]/Count 1>>")
        .table();
    assert!(matches!(
        refusal(&circle, &hand, &options()),
        PdfError::TooMuch { .. }
    ));
}

/// A page with an empty signature field.
fn with_field(more: &str) -> Vec<u8> {
    let field =
        format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(client)/Rect[50 50 200 100]/F 4/P 3 0 R{more}>>");
    Making::page()
        .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R 7 0 R]>>>>")
        .with(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[6 0 R]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>")
        .with(6, &field)
        .with(7, "<</FT/Tx/T(sum)/V(1)>>")
        .table()
}

#[test]
fn an_empty_field_is_used_by_its_name_once_and_its_author_is_obeyed() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let named = |name: &str| Options {
        field: Some(name.into()),
        ..options()
    };
    for (name, more) in [
        ("plain.pdf", ""),
        (
            "form.pdf",
            "/SV<</Ff 3/Filter/Adobe.PPKLite/SubFilter[/ETSI.CAdES.detached/adbe.pkcs7.detached]>>",
        ),
        ("reason.pdf", "/SV<</Ff 8/Reasons[(no)(I agree)]>>"),
        ("digest.pdf", "/SV<</Ff 64/DigestMethod[(SHA256)]>>"),
        (
            "lock.pdf",
            "/Lock<</Type/SigFieldLock/Action/Include/Fields[(sum)]>>",
        ),
    ] {
        let signed = sign(&with_field(more), &hand, &named("client"));
        std::fs::write(house.path().join(name), &signed).unwrap();
        judges::all(house.path(), name, 1, 0);
        assert!(signer::pdf::claims(&signed).unwrap().iter().all(is_accepted));
        assert!(matches!(
            refusal(&signed, &hand, &named("client")),
            PdfError::Field { .. }
        ));
        sign(&signed, &hand, &options());
    }
    for more in [
        "/SV<</Ff 1/Filter/Other>>",
        "/SV<</Ff 2/SubFilter[/adbe.pkcs7.detached]>>",
        "/SV<</Ff 8/Reasons[(no)]>>",
        "/SV<</Ff 64/DigestMethod[(SHA512)]>>",
        "/SV<</Ff 16/LegalAttestation[(a)]>>",
        "/SV<</MDP<</P 2>>>>",
        "/SV<</Cert<</Ff 1/Subject[<3000>]>>>>",
        "/SV<</Cert<</Ff 32/URL(x)>>>>",
    ] {
        let error = refusal(&with_field(more), &hand, &named("client"));
        assert!(
            error.to_string().contains("its author demands"),
            "{more}: {error}"
        );
    }
    for name in ["sum", "a.b", "", "\u{7}"] {
        assert!(
            matches!(
                refusal(&with_field(""), &hand, &named(name)),
                PdfError::Field { .. }
            ),
            "{name}"
        );
    }
}

#[test]
fn everything_that_may_look_different_is_named_with_its_page() {
    let annotations = "[<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.kz)>>>><</Subtype/Square/Rect[0 0 9 9]>>\
                       <</Subtype/Widget/Rect[0 0 9 9]/AP<</N 4 0 R>>/A<</S/Launch/F(x)>>>><</Subtype/RichMedia/Rect[0 0 9 9]/AP<</N 4 0 R>>>>\
                       <</Subtype/Link/Rect[0 0 9 9]/A<</S/GoToR/F(x)/Next<</S/SubmitForm>>>>>>]";
    let document = Making::page()
        .with(1, "<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(x)>>/Names<</EmbeddedFiles 9 0 R>>/AcroForm<</Fields[]/CO[9 0 R]/NeedAppearances true/XFA[(a) 4 0 R]>>>>")
        .with(3, &format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/AA<</O<</S/Hide>>>>/Annots{annotations}/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</X 8 0 R>>/Properties<</P<</Type/OCG/Name(a)>>>>>>>>"))
        .with(8, "<</Type/XObject/Subtype/Image/F(other)/Length 0>>\nstream\n\nendstream");
    let found = hazards(&document.table()).unwrap();
    let on = |page: Option<u32>, hazard: Hazard| found.contains(&Finding { page, hazard });
    for hazard in [
        Hazard::Link("https://example.kz".into()),
        Hazard::AnnotationWithoutLook("Square".into()),
        Hazard::Launch,
        Hazard::Multimedia,
        Hazard::ExternalDocument,
        Hazard::Submission,
        Hazard::Switch,
        Hazard::Automatic,
        Hazard::ExternalContent,
        Hazard::OptionalContent,
        Hazard::FontNotEmbedded("Helvetica".into()),
    ] {
        assert!(on(Some(1), hazard.clone()), "{hazard:?} in {found:?}");
    }
    for hazard in [
        Hazard::Automatic,
        Hazard::Script,
        Hazard::Attachment,
        Hazard::Calculation,
        Hazard::ViewerDrawsForm,
        Hazard::Xfa,
    ] {
        assert!(on(None, hazard.clone()), "{hazard:?} in {found:?}");
    }
    assert_eq!(
        hazards(&Making::page().table()).unwrap(),
        [Finding {
            page: Some(1),
            hazard: Hazard::FontNotEmbedded("Helvetica".into())
        }]
    );
}
