//! Papers that are filled in like real ones: names with every Kazakh letter, long names, pictures that were drawn.

use domain::{Percent, Time};
use forms::*;

pub(crate) const BANK: &str = "«Құрылыс және Ұлттық Әріптестік Үйлестіру Банкі» акционерлік қоғамы";

pub(crate) fn words(text: &str) -> Words {
    text.parse().unwrap()
}

pub(crate) fn prose(text: &str) -> Prose {
    text.parse().unwrap()
}

pub(crate) fn number(text: &str) -> Number {
    text.parse().unwrap()
}

pub(crate) fn at(text: &str) -> Time {
    Time::parse_rfc3339(text).unwrap()
}

pub(crate) fn paper<F>(form: F) -> Paper<F> {
    Paper {
        number: number("019aa5c1-7d0e-7c3a-9b1e-5f2f6b0c4d11"),
        made_at: at("2026-11-21T14:55:50.123456Z"),
        form,
    }
}

pub(crate) fn bank() -> Organisation {
    Organisation {
        name: words(BANK),
        bin: "161140016747".parse().unwrap(),
        address: words("050000, Алматы қаласы, Абылай хан даңғылы, 1"),
        contact: words("+7 727 000 00 01, help@bank.example"),
    }
}

pub(crate) fn provider() -> Organisation {
    Organisation {
        name: words("«Тамға» бұлтты қолтаңба орталығы» АҚ"),
        bin: "960440000151".parse().unwrap(),
        address: words("050040, Алматы қаласы, Көктем-3 ықшам ауданы, 21"),
        contact: words("support@tamga.example"),
    }
}

pub(crate) fn subject() -> Subject {
    Subject {
        iin: "900101300017".parse().unwrap(),
        name: Some(words("Әйгерім Ғабитқызы Нұрмағамбетова-Өтеғұлова")),
        acts_for: None,
    }
}

pub(crate) fn product() -> Product {
    Product {
        supplier: words("ТОО «Көру»"),
        name: words("Көру Liveness"),
        version: words("4.2.1"),
    }
}

pub(crate) fn picture(name: &str) -> Picture {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name);
    Picture::new(std::fs::read(file).unwrap()).unwrap()
}

pub(crate) fn series() -> Series {
    let shot = |signal, at, name| Shot {
        signal,
        at,
        picture: picture(name),
    };
    Series::new(
        vec![Signal::TurnLeft, Signal::Smile, Signal::Light(Colour::Blue)],
        vec![
            shot(0, 480, "straight.jpg"),
            shot(0, 1_250, "left.jpg"),
            shot(1, 3_007, "straight.jpg"),
            shot(1, 3_900, "smile.jpg"),
            shot(2, 6_120, "blue.jpg"),
            shot(2, 6_700, "blue.jpg"),
        ],
    )
    .unwrap()
}

pub(crate) fn liveness() -> LivenessEvidence {
    LivenessEvidence {
        outcome: Outcome::Passed,
        subject: subject(),
        way: Way::Signals {
            series: series(),
            product: product(),
            attestation: Some(prose("integrity: ok\nemulator: no\ncamera: built-in")),
        },
        customer: bank(),
        application: words("mobile.bank.example"),
        session: number("019aa5c1-7d0e-7c3a-9b1e-000000000001"),
        checked_at: at("2026-11-21T14:54:12Z"),
        provider: provider(),
    }
}

pub(crate) fn conversation() -> LivenessEvidence {
    LivenessEvidence {
        way: Way::Conversation {
            operator: words("Серікбаев Ерлан Маратұлы"),
            began_at: at("2026-11-21T14:40:00Z"),
            notes: prose("Клиент показал удостоверение личности.\nОтветы совпали с данными источника."),
            pictures: vec![picture("straight.jpg")],
        },
        ..liveness()
    }
}

pub(crate) fn face_match(similarity: &str) -> MatchEvidence {
    MatchEvidence {
        subject: subject(),
        current: picture("straight.jpg"),
        liveness: number("019aa5c1-7d0e-7c3a-9b1e-5f2f6b0c4d10"),
        reference: Reference {
            source: Source::Available,
            name: words("ГБД «Физические лица»"),
            picture: Some(picture("reference.png")),
        },
        similarity: similarity.parse().unwrap(),
        threshold: Percent::new(85),
        customer: bank(),
        application: words("mobile.bank.example"),
        session: number("019aa5c1-7d0e-7c3a-9b1e-000000000001"),
        compared_at: at("2026-11-21T14:54:20Z"),
        provider: provider(),
        product: product(),
    }
}

pub(crate) fn device() -> Device {
    Device {
        name: words("PalmScan 3"),
        identifier: number("PS3-000417"),
    }
}

pub(crate) fn palm_liveness() -> PalmLivenessEvidence {
    PalmLivenessEvidence {
        outcome: Outcome::Failed,
        subject: Subject {
            acts_for: Some("200240002381".parse().unwrap()),
            ..subject()
        },
        device: device(),
        customer: bank(),
        checked_at: at("2026-11-21T14:54:12Z"),
        provider: provider(),
    }
}

pub(crate) fn palm_match() -> PalmMatchEvidence {
    PalmMatchEvidence {
        template: number("T-77.12/9"),
        outcome: Outcome::Passed,
        subject: subject(),
        device: device(),
        customer: bank(),
        compared_at: at("2026-11-21T14:54:13Z"),
        provider: provider(),
    }
}
