//! The visible mark, judged by those who draw and read PDFs: poppler, MuPDF, qpdf and a reader of QR codes.

mod judge;
mod paper;

use domain::Time;
use signer::mark::{
    Accent, Address, Composed, Corner, Design, Language, Layout, Mark, Moment, Phrase, Place, Serial,
    ShownIin,
};

use crate::{judge::Judge, paper::Paper};

const ADDRESS: &str = "https://qol.bank.kz/v/7Q2F-9KXM-31AA";

fn mark(language: Language) -> Mark {
    let phrase = |text: &str| Some(Phrase::new(text).unwrap());
    Mark {
        language,
        signer: Phrase::new("Әйгерім Ғабитқызы Нұрмағамбетова-Өтеғұлова").unwrap(),
        iin: Some(ShownIin::Masked("850412400012".parse().unwrap())),
        time: Moment::new(Time::parse_rfc3339("2026-11-21T11:25:04Z").unwrap()).unwrap(),
        certificate: Serial::new(&[
            0x3A, 0x4F, 0x21, 0xC0, 0x88, 0xE1, 0x5B, 0x02, 0x9D, 0x77, 0x10, 0xFE, 0xA3, 0x64, 0x0C, 0xB8,
        ])
        .unwrap(),
        bank: phrase("«Дала Банк» АҚ"),
        purpose: phrase("Тұтынушылық несие шарты № 24-118/Қ"),
        page: Address::new(ADDRESS).unwrap(),
    }
}

fn design(layout: Layout) -> Design {
    Design {
        layout,
        size: None,
        accent: Accent::TAMGA,
    }
}

#[test]
fn look() {
    for language in Language::ALL {
        let marks: Vec<Composed> = Layout::ALL
            .iter()
            .map(|layout| mark(language).compose(&design(*layout)).unwrap())
            .collect();
        for paper in [Paper::white(), Paper::dark()] {
            let (file, _) = paper.marked(&[
                (&marks[0], Place::In(Corner::LowerRight)),
                (&marks[1], Place::In(Corner::LowerLeft)),
                (&marks[2], Place::In(Corner::UpperRight)),
            ]);
            let judge = Judge::new(&file);
            judge.poppler(150);
            println!("{:?}", judge.scanned());
        }
    }
}
