//! Joining the national system: [`ConnectionApplication`] and [`CommissioningAct`]. R219, R220.

use domain::{Bin, Iin};
use serde::{Deserialize, Serialize};

use crate::{
    Day, Draft, Form, Link, Official, Picture, Prose, Words,
    said::{Said, Term},
    terms,
};

/// The application to connect a digital system. R219.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectionApplication {
    /// The name of the organisation that initiates.
    pub initiator: Words,
    /// Its number.
    pub registration: Registration,
    /// The responsible official.
    pub responsible: Words,
    /// The name of the digital system.
    pub system: Words,
    /// Where a person is led after successful authentication.
    pub redirect: Link,
    /// The system's user agreement.
    pub agreement: Link,
    /// Its privacy policy.
    pub privacy: Link,
    /// Its logotype.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logotype: Option<Picture>,
    /// The day of the application.
    pub day: Day,
    /// Who signs.
    pub authorised: Official,
}

/// Who an initiator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Registration {
    /// A person.
    Iin(Iin),
    /// An organisation.
    Bin(Bin),
}

/// The act of testing and commissioning. R220.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommissioningAct {
    /// The operator of digital government.
    pub operator: Words,
    /// The initiator's name.
    pub initiator: Words,
    /// The operator's digital system.
    pub operator_system: Words,
    /// The initiator's digital system.
    pub initiator_system: Words,
    /// What the tests led to.
    pub conclusion: Prose,
    /// What was tested, step by step.
    pub scenario: Prose,
    /// What was decided.
    pub decision: Decision,
    /// In more words.
    pub reasons: Prose,
    /// The day of commissioning.
    pub commissioned: Day,
    /// The day of the act.
    pub day: Day,
    /// Who signs.
    pub authorised: Official,
}

/// What tests led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// The system goes into operation.
    Accepted,
    /// Testing goes on.
    Continued,
}

impl Form for ConnectionApplication {
    const NAME: &'static str = "connection-application";
    const SCHEMA: u32 = 1;
    const TITLE: Term = Term::new(
        "Ұлттық биометриялық аутентификация жүйесіне қосылуға өтінім",
        "Заявка на подключение к Национальной системе биометрической аутентификации",
        "Application to connect to the national biometric authentication system",
    );

    fn say(&self, draft: &mut Draft) {
        draft.heading(INITIATOR);
        draft.fields(|fields| {
            fields.said(INITIATOR_NAME, &self.initiator);
            match self.registration {
                Registration::Iin(iin) => fields.plain(terms::IIN, iin),
                Registration::Bin(bin) => fields.plain(terms::BIN, bin),
            };
            fields.said(RESPONSIBLE, &self.responsible);
        });
        draft.heading(SYSTEM);
        draft.fields(|fields| {
            fields.said(SYSTEM_NAME, &self.system);
            fields.said(REDIRECT, &self.redirect);
            fields.said(AGREEMENT, &self.agreement);
            fields.said(PRIVACY, &self.privacy);
            if self.logotype.is_none() {
                fields.term(LOGOTYPE, NONE);
            }
        });
        if let Some(logotype) = &self.logotype {
            let caption = LOGOTYPE.said(draft.languages);
            draft.pictures(5, core::iter::once((logotype.clone(), caption)));
        }
        say_authorised(draft, self.day, &self.authorised);
    }
}

impl Form for CommissioningAct {
    const NAME: &'static str = "commissioning-act";
    const SCHEMA: u32 = 1;
    const TITLE: Term = Term::new(
        "Тестілеу және пайдалануға беру актісі",
        "Акт тестирования и ввода в эксплуатацию",
        "Act of testing and commissioning",
    );

    fn say(&self, draft: &mut Draft) {
        let languages = draft.languages;
        let prose = |prose: &Prose| Said::paragraphs(prose.paragraphs());
        draft.fields(|fields| {
            fields.said(GOVERNMENT, &self.operator);
            fields.said(INITIATOR_NAME, &self.initiator);
            fields.said(OPERATOR_SYSTEM, &self.operator_system);
            fields.said(INITIATOR_SYSTEM, &self.initiator_system);
            fields.said(CONCLUSION, prose(&self.conclusion));
            fields.said(SCENARIO, prose(&self.scenario));
            fields.said(
                DECISION,
                self.decision.term().said(languages).and(prose(&self.reasons)),
            );
            fields.plain(COMMISSIONED, self.commissioned.written());
        });
        say_authorised(draft, self.day, &self.authorised);
    }
}

fn say_authorised(draft: &mut Draft, day: Day, authorised: &Official) {
    draft.heading(terms::AUTHORISED);
    draft.fields(|fields| {
        authorised.fill(fields);
        fields.plain(DAY, day.written());
    });
    draft.signature(terms::AUTHORISED, authorised.said());
}

impl Decision {
    const fn term(self) -> Term {
        match self {
            Self::Accepted => Term::new(
                "Пайдалануға беріледі",
                "Ввести в эксплуатацию",
                "The system is commissioned",
            ),
            Self::Continued => Term::new(
                "Тестілеу жалғастырылады",
                "Продолжить тестирование",
                "Testing goes on",
            ),
        }
    }
}

const INITIATOR: Term = Term::new(
    "Интеграция бастамашысы",
    "Инициатор интеграции",
    "Initiator of the integration",
);
const INITIATOR_NAME: Term = Term::new(
    "Бастамашының атауы",
    "Наименование инициатора",
    "Name of the initiator",
);
const RESPONSIBLE: Term = Term::new(
    "Жауапты лауазымды тұлға",
    "Ответственное должностное лицо",
    "Responsible official",
);
const SYSTEM: Term = Term::new("Цифрлық жүйе", "Цифровая система", "Digital system");
const SYSTEM_NAME: Term = Term::new(
    "Цифрлық жүйенің атауы",
    "Наименование цифровой системы",
    "Name of the digital system",
);
const REDIRECT: Term = Term::new(
    "Сәтті аутентификациядан кейінгі қайта бағыттау мекенжайы (Redirect URI)",
    "Адрес перенаправления после успешной аутентификации (Redirect URI)",
    "Redirect URI after successful authentication",
);
const AGREEMENT: Term = Term::new(
    "Пайдаланушы келісіміне сілтеме",
    "Ссылка на пользовательское соглашение",
    "User agreement",
);
const PRIVACY: Term = Term::new(
    "Құпиялылық саясатына сілтеме",
    "Ссылка на политику конфиденциальности",
    "Privacy policy",
);
const LOGOTYPE: Term = Term::new("Логотип", "Логотип", "Logotype");
const NONE: Term = Term::new("Берілмеген", "Не представлен", "None");
const DAY: Term = Term::new("Күні", "Дата", "Day");
const GOVERNMENT: Term = Term::new(
    "«Цифрлық үкімет» операторы",
    "Оператор «цифрового правительства»",
    "Operator of digital government",
);
const OPERATOR_SYSTEM: Term = Term::new(
    "Оператордың цифрлық жүйесі",
    "Цифровая система оператора",
    "Digital system of the operator",
);
const INITIATOR_SYSTEM: Term = Term::new(
    "Бастамашының цифрлық жүйесі",
    "Цифровая система инициатора",
    "Digital system of the initiator",
);
const CONCLUSION: Term = Term::new("Қорытынды", "Заключение", "Conclusion");
const SCENARIO: Term = Term::new("Тестілеу сценарийі", "Сценарий тестирования", "Test scenario");
const DECISION: Term = Term::new(
    "Тестілеу нәтижелері бойынша шешім",
    "Решение по результатам тестирования",
    "Decision on the test results",
);
const COMMISSIONED: Term = Term::new(
    "Пайдалануға берілген күні",
    "Дата ввода в эксплуатацию",
    "Day of commissioning",
);
