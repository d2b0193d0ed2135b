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
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(name);
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

pub(crate) fn agreement() -> UserAgreement {
    UserAgreement {
        operator: provider(),
        site: "https://tamga.example/agreement".parse().unwrap(),
        acceptance: Some(Acceptance {
            iin: "900101300017".parse().unwrap(),
            participant: words(BANK),
            application: words("mobile.bank.example"),
            session: number("019aa5c1-7d0e-7c3a-9b1e-000000000001"),
            accepted_at: at("2026-11-21T14:50:01Z"),
        }),
    }
}

pub(crate) fn issue() -> IssueStatement {
    IssueStatement {
        client: subject(),
        phone: "+77010000001".parse().unwrap(),
        authority: provider(),
        participant: words(BANK),
        session: number("019aa5c1-7d0e-7c3a-9b1e-000000000001"),
        algorithm: domain::KeyAlgorithm::P256,
        days: 365,
        consent: number("019aa5c1-7d0e-7c3a-9b1e-0000000000c3"),
    }
}

pub(crate) fn revoke() -> RevokeStatement {
    RevokeStatement {
        client: subject(),
        authority: provider(),
        serial: number("3c9a51b2e4f00d7788aa"),
        reason: RevocationReason::PasswordForgotten,
        session: number("019aa5c1-7d0e-7c3a-9b1e-000000000002"),
    }
}

pub(crate) fn consent(kind: ConsentKind) -> Consent {
    let given = match kind {
        ConsentKind::PersonalData => Given::Branch(words("№ 17 филиал, Шымкент")),
        ConsentKind::Biometrics | ConsentKind::Certificate => {
            Given::Session(number("019aa5c1-7d0e-7c3a-9b1e-000000000001"))
        }
    };
    Consent {
        kind,
        client: subject(),
        operator: provider(),
        participant: bank(),
        given,
        until: (kind == ConsentKind::Biometrics).then(|| "2027-11-21".parse().unwrap()),
    }
}

pub(crate) fn official() -> Official {
    Official {
        name: words("Қасымов Дәулет Өмірбекұлы"),
        position: words("Басқарма төрағасының орынбасары"),
        basis: words("№ 45 сенімхат, 12.01.2026"),
    }
}

pub(crate) fn application() -> ConnectionApplication {
    ConnectionApplication {
        initiator: words(BANK),
        registration: Registration::Bin("161140016747".parse().unwrap()),
        responsible: words("Ізтілеуов Ғани Һамитұлы"),
        system: words("«Bank Mobile» ақпараттық жүйесі"),
        redirect: "https://mobile.bank.example/callback".parse().unwrap(),
        agreement: "https://bank.example/agreement".parse().unwrap(),
        privacy: "https://bank.example/privacy".parse().unwrap(),
        logotype: Some(picture("reference.png")),
        day: "2026-11-21".parse().unwrap(),
        authorised: official(),
    }
}

pub(crate) fn act() -> CommissioningAct {
    CommissioningAct {
        operator: words("«Ұлттық ақпараттық технологиялар» АҚ"),
        initiator: words(BANK),
        operator_system: words("Ұлттық биометриялық аутентификация жүйесі"),
        initiator_system: words("«Bank Mobile» ақпараттық жүйесі"),
        conclusion: prose("Барлық сынақ сәтті өтті.\nҚателер табылған жоқ."),
        scenario: prose("1. Алғашқы салыстыру.\n2. Кейінгі салыстыру.\n3. Бас тарту."),
        decision: Decision::Accepted,
        reasons: prose("Жүйе талаптарға сай."),
        commissioned: "2026-12-01".parse().unwrap(),
        day: "2026-11-21".parse().unwrap(),
        authorised: official(),
    }
}

pub(crate) fn accession() -> AccessionStatement {
    use Attachment::{Appointment, Charter, Licence, NoCrossBorder, Registration, Tax};
    AccessionStatement {
        applicant: bank(),
        category: Category::Bank,
        services: [WantedService::TwoFactor, WantedService::Signing].into(),
        notices: words("legal@bank.example"),
        site: "https://bank.example".parse().unwrap(),
        account: words("ИИК KZ00 000A 0000 0000 0001, БИК AAAAKZKX"),
        signer: official(),
        attachments: Attachments::new(
            [Registration, Appointment, Tax, Charter, Licence, NoCrossBorder].into(),
        )
        .unwrap(),
    }
}

pub(crate) fn test_agreement() -> TestAgreement {
    TestAgreement {
        supplier: bank(),
        representative: official(),
        operator: provider(),
        product: product(),
        licence: 45.try_into().unwrap(),
        container: number("sha256-0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        documentation: words("Көру Liveness API 4.2, 2026 ж."),
        signed: "2026-10-01".parse().unwrap(),
        received: Some("2026-10-03".parse().unwrap()),
    }
}

pub(crate) fn protocol() -> TestProtocol {
    TestProtocol {
        agreement: number("T-2026/14"),
        supplier: bank(),
        operator: provider(),
        product: product(),
        began: "2026-10-05".parse().unwrap(),
        ended: "2026-10-20".parse().unwrap(),
        measured: Measured::Liveness {
            attacks: 400,
            passed_attacks: 0,
            genuine: 200,
            refused_genuine: 11,
            per_minute: 24,
        },
        remarks: prose("Сынақ ескертусіз өтті."),
        members: vec![official()],
    }
}

pub(crate) fn dispute() -> DisputeConclusion {
    let record = |time, event| Record {
        at: at(time),
        event: words(event),
    };
    DisputeConclusion {
        participant: bank(),
        request: number("77-12/2026"),
        requested: "2026-12-02".parse().unwrap(),
        subject: subject(),
        session: number("019aa5c1-7d0e-7c3a-9b1e-000000000001"),
        authenticated_at: at("2026-11-21T14:54:40Z"),
        outcome: Outcome::Passed,
        product: product(),
        messages: vec![
            record(
                "2026-11-21T14:54:25Z",
                "Оператору связи передано сообщение на номер +7701***0001",
            ),
            record("2026-11-21T14:54:28Z", "Сообщение доставлено"),
        ],
        log: vec![record("2026-11-21T14:54:12Z", "Проверка подлинности пройдена")],
        liveness: Analysis {
            words: prose("Кескіндер сигналдарға сәйкес өзгереді."),
            pictures: vec![picture("left.jpg"), picture("smile.jpg")],
        },
        comparison: Analysis {
            words: prose("Бет пропорциялары сәйкес келеді."),
            pictures: vec![picture("straight.jpg"), picture("reference.png")],
        },
        similarity: "97.25".parse().unwrap(),
        finding: Finding::Right,
        conclusion: prose("Аутентификация қағидаларға сай жүргізілді."),
        operator: provider(),
        expert: official(),
    }
}
