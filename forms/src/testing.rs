//! Testing of Solutions: [`TestAgreement`] and [`TestProtocol`]. R153, R154, R157, R163, R166.
//!
//! What a Solution must reach stands beside what it reached, and the verdict follows from both: nobody types it.

use serde::{Deserialize, Serialize};

use crate::{
    Day, Draft, Form, Number, Official, Organisation, Product, Prose,
    said::{Said, Term},
    terms,
    text::Text,
};

mod measured;
pub use measured::{Measured, Rate, RateError};

/// The agreement on testing a Solution. R166.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestAgreement {
    /// The Supplier.
    pub supplier: Organisation,
    /// Who signs for it: representative, position, basis.
    pub representative: Official,
    /// Who tests.
    pub operator: Organisation,
    /// The full name of the software and its version.
    pub product: Product,
    /// The licence, in calendar days: at least thirty.
    pub licence: LicenceDays,
    /// The container, by the digest of its image.
    pub container: Number,
    /// The documentation of its interface.
    pub documentation: crate::Words,
    /// The day on which the Supplier signed.
    pub signed: Day,
    /// The day on which the Operator received it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Day>,
}

/// Calendar days of a licence for tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct LicenceDays(u16);

/// A licence that is too short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a licence for tests lasts {} days at least", LicenceDays::LEAST)]
pub struct LicenceError;

/// What the tests of a Solution found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestProtocol {
    /// The agreement under which it was tested.
    pub agreement: Number,
    /// The Supplier.
    pub supplier: Organisation,
    /// Who tested.
    pub operator: Organisation,
    /// What was tested.
    pub product: Product,
    /// The first day.
    pub began: Day,
    /// The last.
    pub ended: Day,
    /// What was measured.
    pub measured: Measured,
    /// Remarks.
    pub remarks: Prose,
    /// Who tested, and signs.
    pub members: Vec<Official>,
}

impl LicenceDays {
    const LEAST: u16 = 30;
}

impl TryFrom<u16> for LicenceDays {
    type Error = LicenceError;

    fn try_from(days: u16) -> Result<Self, LicenceError> {
        if days < Self::LEAST {
            return Err(LicenceError);
        }
        Ok(Self(days))
    }
}

impl From<LicenceDays> for u16 {
    fn from(days: LicenceDays) -> Self {
        days.0
    }
}

impl Form for TestAgreement {
    const NAME: &'static str = "test-agreement";
    const SCHEMA: u32 = 1;
    const TITLE: Term = Term::new(
        "Тестілеу туралы келісім",
        "Соглашение о тестировании",
        "Agreement on testing",
    );

    fn text(&self) -> Option<Text> {
        Some(Text::TESTING)
    }

    fn say(&self, draft: &mut Draft) {
        draft.text(Text::TESTING);
        draft.heading(terms::SUPPLIER);
        draft.fields(|fields| {
            self.supplier.fill(fields);
            self.representative.fill(fields);
        });
        draft.heading(terms::OPERATOR);
        draft.fields(|fields| self.operator.fill(fields));
        draft.heading(SUBJECT);
        draft.fields(|fields| {
            self.product.fill(fields);
            fields.plain(LICENCE, self.licence.0);
            fields.said(CONTAINER, &self.container);
            fields.said(DOCUMENTATION, &self.documentation);
            fields.plain(SIGNED, self.signed.written());
            match self.received {
                Some(day) => fields.plain(RECEIVED, day.written()),
                None => fields.term(RECEIVED, NOT_YET),
            };
        });
        draft.signature(terms::SUPPLIER, self.representative.said());
        draft.signature(terms::OPERATOR, Said::from(&self.operator.name));
    }
}

impl Form for TestProtocol {
    const NAME: &'static str = "test-protocol";
    const SCHEMA: u32 = 1;
    const TITLE: Term = Term::new(
        "Биометриялық шешімді тестілеу хаттамасы",
        "Протокол тестирования биометрического решения",
        "Protocol of the tests of a biometric solution",
    );

    fn issuer(&self) -> Option<&Organisation> {
        Some(&self.operator)
    }

    fn say(&self, draft: &mut Draft) {
        let languages = draft.languages;
        draft.fields(|fields| {
            self.product.fill(fields);
            fields.said(AGREEMENT, &self.agreement);
            fields.plain(
                PERIOD,
                format!("{} – {}", self.began.written(), self.ended.written()),
            );
            fields.verdict(VERDICT, if self.measured.passed() { FIT } else { UNFIT });
        });
        draft.heading(terms::SUPPLIER);
        draft.fields(|fields| self.supplier.fill(fields));
        draft.heading(terms::OPERATOR);
        draft.fields(|fields| self.operator.fill(fields));
        draft.heading(MEASURED);
        let rows = self.measured.criteria().into_iter().map(|criterion| {
            vec![
                criterion.name.said(languages),
                Said::plain(&criterion.required),
                Said::plain(&criterion.found),
                if criterion.met { terms::YES } else { terms::NO }.said(languages),
            ]
        });
        draft.table(
            MEASURED,
            &[(46, CRITERION), (18, REQUIRED), (18, FOUND), (18, MET)],
            rows.collect(),
        );
        draft.heading(REMARKS);
        draft.prose(&self.remarks);
        for member in &self.members {
            draft.signature(MEMBER, member.said());
        }
    }
}

const SUBJECT: Term = Term::new("Тестілеу нысаны", "Предмет тестирования", "What is tested");
const LICENCE: Term = Term::new(
    "Лицензия мерзімі, күнтізбелік күн",
    "Срок лицензии, календарных дней",
    "Licence in calendar days",
);
const CONTAINER: Term = Term::new("Docker контейнері", "Контейнер Docker", "Docker container");
const DOCUMENTATION: Term = Term::new(
    "Бағдарламалық интерфейс құжаттамасы",
    "Документация программного интерфейса",
    "Documentation of the interface",
);
const SIGNED: Term = Term::new(
    "Жеткізуші қол қойған күн",
    "Дата подписания Поставщиком",
    "Day of the Supplier's signature",
);
const RECEIVED: Term = Term::new(
    "Оператор алған күн",
    "Дата получения Оператором",
    "Day of receipt by the Operator",
);
const NOT_YET: Term = Term::new("Әлі алынған жоқ", "Ещё не получено", "Not yet received");
const AGREEMENT: Term = Term::new("Келісім нөмірі", "Номер соглашения", "Number of the agreement");
const PERIOD: Term = Term::new("Тестілеу кезеңі", "Период тестирования", "Period of the tests");
const VERDICT: Term = Term::new("Қорытынды", "Вывод", "Verdict");
const FIT: Term = Term::new(
    "Шешім талаптарға сай",
    "Решение отвечает требованиям",
    "The solution meets the requirements",
);
const UNFIT: Term = Term::new(
    "Шешім талаптарға сай емес",
    "Решение не отвечает требованиям",
    "The solution does not meet the requirements",
);
const MEASURED: Term = Term::new("Өлшеу нәтижелері", "Результаты измерений", "What was measured");
const CRITERION: Term = Term::new("Өлшем", "Критерий", "Criterion");
const REQUIRED: Term = Term::new("Талап", "Требование", "Required");
const FOUND: Term = Term::new("Нәтиже", "Получено", "Found");
const MET: Term = Term::new("Орындалды", "Выполнено", "Met");
const REMARKS: Term = Term::new("Ескертпелер", "Примечания", "Remarks");
const MEMBER: Term = Term::new("Тестілеуді жүргізген", "Тестирование провёл", "Tested by");
