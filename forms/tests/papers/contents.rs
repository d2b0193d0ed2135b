//! What each paper must contain, read from the file by somebody else's program.

use forms::{ConsentKind, Form, Languages, Paper, Text};

use crate::{reader::File, sample};

fn shows<F: Form>(paper: &Paper<F>, languages: Languages, wanted: &[&str]) {
    let file = File::new(&paper.to_pdf(languages).unwrap().bytes);
    // Long words are broken where they must; what is sought is compared without spaces.
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let text = bare(&file.text());
    for words in wanted {
        assert!(
            text.contains(&bare(words)),
            "{}: {words}\n{}",
            F::NAME,
            file.text()
        );
    }
}

const SUBJECT: [&str; 2] = ["900101300017", "Әйгерім Ғабитқызы Нұрмағамбетова-Өтеғұлова"];
const CUSTOMER: [&str; 2] = [sample::BANK, "161140016747"];
const PROVIDER: [&str; 2] = ["«Тамға» бұлтты қолтаңба орталығы» АҚ", "960440000151"];

/// R068, R065: result, identification data, signals with description and pictures, customer, time, provider.
#[test]
fn the_evidence_of_liveness_has_all_six_points() {
    let paper = sample::paper(sample::liveness());
    let shots = sample::series();
    let digests: Vec<_> = shots.shots().iter().map(|shot| shot.picture.digest()).collect();
    let mut wanted = vec![
        "ОҢ: тексеруден өтті",
        "ПОЛОЖИТЕЛЬНЫЙ: проверка пройдена",
        "Солға бұрылу",
        "Поворот влево",
        "Улыбнуться",
        "Синий свет",
        "Экран осветил лицо этим цветом",
        "21.11.2026 19:54:12 (UTC+05:00)",
        "emulator: no",
    ];
    wanted.extend(SUBJECT.into_iter().chain(CUSTOMER).chain(PROVIDER));
    wanted.extend(digests.iter().map(String::as_str));
    shows(&paper, Languages::Official, &wanted);
    let file = File::new(&paper.to_pdf(Languages::Official).unwrap().bytes);
    let images = file.run("pdfimages", &["-list", "paper.pdf"]);
    assert_eq!(images.matches(" jpeg ").count(), shots.shots().len(), "{images}");
}

/// R096: the conversation leaves the same evidence.
#[test]
fn a_conversation_leaves_the_same_evidence() {
    let mut wanted = vec![
        "Серікбаев Ерлан Маратұлы",
        "оператормен бейнесұхбат",
        "19:40:00",
        "ОҢ",
    ];
    wanted.extend(SUBJECT.into_iter().chain(CUSTOMER).chain(PROVIDER));
    shows(
        &sample::paper(sample::conversation()),
        Languages::Official,
        &wanted,
    );
}

/// R072, R006, R071: the picture of the liveness check, identification data, result, customer, time, provider.
#[test]
fn the_evidence_of_a_match_has_all_six_points() {
    let current = sample::picture("straight.jpg").digest();
    let reference = sample::picture("reference.png").digest();
    let mut wanted = vec![
        current.as_str(),
        reference.as_str(),
        "97.25 %",
        "85 %",
        "Изображение из проверки подлинности",
        "21.11.2026 19:54:20 (UTC+05:00)",
        "ПОЛОЖИТЕЛЬНЫЙ",
    ];
    wanted.extend(SUBJECT.into_iter().chain(CUSTOMER).chain(PROVIDER));
    shows(
        &sample::paper(sample::face_match("97.25")),
        Languages::Official,
        &wanted,
    );
}

/// R030: exactly as alike as needed is alike enough, and a hair less is not.
#[test]
fn the_result_of_a_match_follows_from_its_figures() {
    for (similarity, words) in [("85", "POSITIVE: passed"), ("84.99", "NEGATIVE: not passed")] {
        let paper = sample::paper(sample::face_match(similarity));
        shows(&paper, Languages::All, &[words, &format!("{similarity} %")]);
    }
}

/// R093: result, identification data, device and its identifier, customer, time, provider; R078: who is acted for.
#[test]
fn the_evidence_of_a_real_palm_has_its_points() {
    let mut wanted = vec!["ТЕРІС", "PalmScan 3", "PS3-000417", "19:54:12", "200240002381"];
    wanted.extend(SUBJECT.into_iter().chain(CUSTOMER).chain(PROVIDER));
    shows(
        &sample::paper(sample::palm_liveness()),
        Languages::Official,
        &wanted,
    );
}

/// R094: template, identification data, result, device, customer, time, provider.
#[test]
fn the_evidence_of_a_palm_match_has_its_points() {
    let mut wanted = vec!["T-77.12/9", "ОҢ", "PalmScan 3", "PS3-000417", "19:54:13"];
    wanted.extend(SUBJECT.into_iter().chain(CUSTOMER).chain(PROVIDER));
    shows(&sample::paper(sample::palm_match()), Languages::Official, &wanted);
}

/// R051, R113, R199, R202, R203, R204: every point of the agreement, and the record of who accepted which version when.
#[test]
fn the_agreement_covers_every_point_and_records_its_acceptance() {
    let paper = sample::paper(sample::agreement());
    shows(
        &paper,
        Languages::Only(forms::Language::English),
        &[
            "joins the agreement as a whole",
            "version in force at that moment",
            "published on the Operator's site",
            "To pass two-factor authentication",
            "the data are not handed abroad",
            "consents to handing over personal data are recorded",
            "biometric data: photograph and video recording",
            "valid until it is withdrawn",
            "article 9",
            "To refuse authentication or match",
            "To complain of unlawful action",
            "on their own behalf only",
            "To tell nobody the one-time code",
            "means of passing for somebody else",
            "Not to overload",
            "unlawful access",
            "money laundering",
            "end the agreement on its own",
            "force majeure",
            "let another person pass",
            "disagreeing with a negative result",
            "in force from the day of its publication",
            "an obligatory claim before court",
            "equal legal force",
            "https://tamga.example/agreement",
            "21.11.2026 19:50:01",
        ],
    );
    shows(
        &paper,
        Languages::Official,
        &[
            "Пайдаланушы келісімі",
            "Пользовательское соглашение",
            "900101300017",
        ],
    );
}

/// R109, R106, R136: three kinds, in a Session and at a branch, with a term and without.
#[test]
fn the_three_consents_say_to_what_for_how_long_and_where() {
    let shown = |kind, wanted: &[&str]| {
        let mut all = wanted.to_vec();
        all.extend(SUBJECT.into_iter().chain(CUSTOMER).chain(PROVIDER));
        shows(&sample::paper(sample::consent(kind)), Languages::Official, &all);
    };
    shown(
        ConsentKind::PersonalData,
        &[
            "за пределы Республики Казахстан",
            "№ 17 филиал, Шымкент",
            "До отзыва",
            "Кері қайтарып алынғанға дейін",
        ],
    );
    shown(
        ConsentKind::Biometrics,
        &["сигналы", "видеобеседу с оператором", "21.11.2027"],
    );
    shown(
        ConsentKind::Certificate,
        &["аппараттық қауіпсіздік модулінде", "пароль не хранится"],
    );
}

/// R130: on this statement keys are made and a certificate is issued.
#[test]
fn the_statement_to_issue_says_who_asks_for_what() {
    let mut wanted = vec![
        "Прошу удостоверяющий центр",
        "+77010000001",
        "365",
        "019aa5c1-7d0e-7c3a-9b1e-0000000000c3",
    ];
    wanted.extend(SUBJECT.into_iter().chain(PROVIDER));
    shows(&sample::paper(sample::issue()), Languages::Official, &wanted);
}

/// R135: on this statement a certificate is revoked.
#[test]
fn the_statement_to_revoke_says_which_certificate_and_why() {
    let mut wanted = vec![
        "3c9a51b2e4f00d7788aa",
        "Пароль забыт",
        "Құпиясөз ұмытылды",
        "аннулировать",
    ];
    wanted.extend(SUBJECT.into_iter().chain(PROVIDER));
    shows(&sample::paper(sample::revoke()), Languages::Official, &wanted);
}

/// R219: all eight fields, the day and who signs.
#[test]
fn the_application_to_connect_has_every_field() {
    shows(
        &sample::paper(sample::application()),
        Languages::Official,
        &[
            sample::BANK,
            "161140016747",
            "Ізтілеуов Ғани Һамитұлы",
            "«Bank Mobile» ақпараттық жүйесі",
            "https://mobile.bank.example/callback",
            "https://bank.example/agreement",
            "https://bank.example/privacy",
            "Логотип",
            "21.11.2026",
            "Қасымов Дәулет Өмірбекұлы",
        ],
    );
}

/// R220: all eight fields, the day and who signs.
#[test]
fn the_commissioning_act_has_every_field() {
    shows(
        &sample::paper(sample::act()),
        Languages::Official,
        &[
            "«Ұлттық ақпараттық технологиялар» АҚ",
            sample::BANK,
            "Ұлттық биометриялық аутентификация жүйесі",
            "«Bank Mobile» ақпараттық жүйесі",
            "Қателер табылған жоқ.",
            "2. Кейінгі салыстыру.",
            "Ввести в эксплуатацию",
            "01.12.2026",
            "21.11.2026",
            "Қасымов Дәулет Өмірбекұлы",
        ],
    );
}

/// R170: the applicant, and for each of nine attachments whether it is there; R141, R013: category and services.
#[test]
fn the_accession_statement_lists_nine_attachments() {
    shows(
        &sample::paper(sample::accession()),
        Languages::Only(forms::Language::English),
        &[
            sample::BANK,
            "Second-tier bank",
            "signing with the cloud signature",
            "1 Certificate of registration or extract Yes",
            "2 Decision and order appointing the head Yes",
            "3 Certificate of value added tax Yes",
            "4 Charter Yes",
            "5 Power of attorney (if the signer is not the head) No",
            "6 Certificate of the regulator's register (if any) No",
            "7 Licence of the financial regulator (if any) Yes",
            "8 Licence of the Astana International Financial Centre (if any) No",
            "9 Signed consent not to use the data abroad Yes",
            "joins the service contract",
        ],
    );
    let attached = [forms::Attachment::Charter].into();
    let refused = forms::Attachments::new(attached).unwrap_err();
    assert_eq!(refused.missing, forms::Attachment::Registration);
}

/// R166: parties, software and version, licence, container, documentation, publication, thirty days, who signs, receipt.
#[test]
fn the_agreement_on_testing_has_every_point() {
    shows(
        &sample::paper(sample::test_agreement()),
        Languages::Official,
        &[
            sample::BANK,
            PROVIDER[0],
            "Көру Liveness, 4.2.1",
            "45",
            "sha256-0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "Көру Liveness API 4.2",
            "публикуются на сайте",
            "тридцать календарных дней",
            "Қасымов Дәулет Өмірбекұлы",
            "Басқарма төрағасының орынбасары",
            "№ 45 сенімхат",
            "01.10.2026",
            "03.10.2026",
        ],
    );
    assert!(forms::LicenceDays::try_from(29).is_err());
}

/// R163: what was measured stands beside what it must be.
#[test]
fn the_protocol_says_what_was_measured_and_whether_it_suffices() {
    shows(
        &sample::paper(sample::protocol()),
        Languages::Official,
        &[
            "Решение отвечает требованиям",
            "0 / 400",
            "11 / 200",
            ">= 10",
            "24",
            "05.10.2026 – 20.10.2026",
            "T-2026/14",
        ],
    );
}

/// R190: time, Supplier, Solution, messages, logs, both analyses, conclusion.
#[test]
fn the_conclusion_on_a_dispute_has_all_eight_points() {
    shows(
        &sample::paper(sample::dispute()),
        Languages::Official,
        &[
            "21.11.2026 19:54:40 (UTC+05:00)",
            "ТОО «Көру»",
            "Көру Liveness, 4.2.1",
            "Сообщение доставлено",
            "Проверка подлинности пройдена",
            "Кескіндер сигналдарға сәйкес өзгереді.",
            "Бет пропорциялары сәйкес келеді.",
            "97.25 %",
            "Результат аутентификации верен",
            "Аутентификация қағидаларға сай жүргізілді.",
            "77-12/2026, 02.12.2026",
        ],
    );
}

/// R200, R201: whoever changes a published wording publishes another number.
#[test]
fn published_wordings_are_what_their_numbers_say() {
    let found: Vec<_> = Text::ALL
        .iter()
        .flat_map(|text| {
            forms::Language::ALL.map(|language| {
                format!(
                    "{} {} {} {}",
                    text.name,
                    text.number,
                    language.tag(),
                    text.digest(language)
                )
            })
        })
        .collect();
    let known = include_str!("../vectors/wordings.txt");
    assert_eq!(
        found.join("\n"),
        known.trim_end(),
        "a wording changed: publish it under another number"
    );
}
