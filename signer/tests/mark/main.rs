//! The visible mark, judged by those who draw and read PDFs: poppler, `MuPDF`, qpdf and a reader of QR codes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what only tests run may fail loudly"
)]

#[expect(dead_code, reason = "shared with the tests of PDFs, which use more of it")]
mod judge;
mod paper;

use domain::Time;
use signer::mark::{
    Accent, Address, Composed, Corner, Design, Language, Layout, Mark, Moment, Phrase, Place, Serial,
    ShownIin,
};

use crate::{judge::Judge, paper::Paper};

const ADDRESS: &str = "https://qol.bank.kz/v/7Q2F-9KXM-31AA";
const LONG: &str = "ҚҰЛМҰХАМБЕТОВА-ӘБДІРАХМАНҚЫЗЫ ГҮЛНӘЗІК ӨМІРҒАЛИҚЫЗЫ";
const SHORT: &str = "Ли Анна";

fn mark(language: Language, signer: &str) -> Mark {
    let phrase = |text: &str| Some(Phrase::new(text).unwrap());
    let purpose = match language {
        Language::Kazakh => "Тұтынушылық несие шарты № 24-118/Қ",
        Language::Russian => "Договор потребительского кредита № 24-118/Қ",
        Language::English => "Consumer credit agreement No. 24-118/Қ",
    };
    Mark {
        language,
        signer: Phrase::new(signer).unwrap(),
        iin: Some(ShownIin::Masked("850412400012".parse().unwrap())),
        time: Moment::new(Time::parse_rfc3339("2026-11-21T11:25:04Z").unwrap()).unwrap(),
        certificate: Serial::new(&[
            0x3A, 0x4F, 0x21, 0xC0, 0x88, 0xE1, 0x5B, 0x02, 0x9D, 0x77, 0x10, 0xFE, 0xA3, 0x64, 0x0C, 0xB8,
            0x5D, 0x10, 0x7E, 0x29,
        ])
        .unwrap(),
        bank: phrase("«Дала Банк» АҚ"),
        purpose: phrase(purpose),
        page: Address::new(ADDRESS).unwrap(),
    }
}

fn composed(language: Language, signer: &str, layout: Layout) -> Composed {
    let design = Design {
        layout,
        size: None,
        accent: Accent::TAMGA,
    };
    mark(language, signer).compose(&design).unwrap()
}

#[test]
fn words_fonts_and_squares_are_read_by_others_in_every_language_and_layout() {
    for language in Language::ALL {
        for signer in [LONG, SHORT] {
            let [wide, compact, code] = Layout::ALL.map(|layout| composed(language, signer, layout));
            for paper in [Paper::white(), Paper::dark()] {
                let (file, drawings) = paper.marked(&[
                    (&wide, Place::In(Corner::LowerRight)),
                    (&compact, Place::In(Corner::UpperLeft)),
                    (&code, Place::In(Corner::UpperRight)),
                ]);
                let judge = Judge::new(&file);
                judge.says("qpdf", &["--check", "page.pdf"]);
                judge.poppler(150);
                assert_eq!(judge.scanned(), [ADDRESS; 3], "{language:?} {signer}");
                let text = judge.says("pdftotext", &["-layout", "page.pdf", "-"]);
                let letters: String = text.split_whitespace().collect();
                for words in [signer, "16:25:04(UTC+5)", "3A4F21C0", "qol.bank.kz", "24-118/Қ"] {
                    let words: String = words.split_whitespace().collect();
                    assert!(letters.contains(&words), "{words} is not in {text}");
                }
                let fonts = judge.says("pdffonts", &["page.pdf"]);
                let ours: Vec<&str> = fonts.lines().filter(|line| line.contains("NotoSans")).collect();
                // Type, encoding, embedded, subset, with letters.
                assert!(
                    ours.len() >= 2 && ours.iter().all(|font| font.contains("yes yes yes")),
                    "{fonts}"
                );
                assert!(drawings.iter().all(|drawing| drawing.speech().contains(ADDRESS)));
            }
        }
    }
}

#[test]
fn it_stands_upright_where_it_is_wanted_on_its_own_ground_however_the_page_is_turned_and_cropped() {
    const SCALE: f64 = 2.0;
    let (left, top) = (30.0, 50.0);
    let mark = composed(Language::Kazakh, LONG, Layout::Wide);
    for rotate in [0, 90, 180, 270] {
        for crop in [None, Some([60.0, 40.0, 560.0, 700.0])] {
            for (paper, ground) in [(Paper::white(), 0xFF), (Paper::dark(), 0x1E)] {
                let paper = Paper {
                    crop,
                    rotate,
                    ..paper
                };
                let (file, _) = paper.marked(&[(&mark, Place::At { left, top })]);
                let judge = Judge::new(&file);
                for picture in [judge.mupdf(144), judge.poppler(144)] {
                    let wanted = [left, top, left + mark.size().width(), top + mark.size().height()];
                    let found = picture
                        .bounds(ground)
                        .map(|side| f64::from(u32::try_from(side).unwrap()));
                    for (wanted, found) in wanted.into_iter().zip(found) {
                        assert!(
                            (wanted * SCALE - found).abs() <= 2.0,
                            "{rotate} {crop:?}: {wanted} {found}"
                        );
                    }
                    // White between frame and words, dark in the middle of the bank's stripe.
                    let pixel = |x: f64, y: f64| {
                        let [x, y] = [x, y].map(|side| format!("{:.0}", side * SCALE).parse().unwrap());
                        picture.at(x, y)
                    };
                    assert_eq!(pixel(left + 7.0, top + 20.0), 0xFF);
                    assert!(pixel(left + 1.5, top + 20.0) < 0x60);
                }
                assert_eq!(judge.scanned(), [ADDRESS]);
            }
        }
    }
}
