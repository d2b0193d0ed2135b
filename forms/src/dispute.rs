//! [`DisputeConclusion`]: what an investigation of an authentication found, with all that R190 lists.

use domain::{Percent, Time};
use serde::{Deserialize, Serialize};

use crate::{
    Day, Draft, Form, Number, Official, Organisation, Outcome, Picture, Product, Prose, Subject, Words,
    day::moment,
    said::{Said, Term},
    terms,
};

/// The conclusion on a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisputeConclusion {
    /// Who contests the result.
    pub participant: Organisation,
    /// The number of its request.
    pub request: Number,
    /// The day of its request.
    pub requested: Day,
    /// Whose authentication is contested.
    pub subject: Subject,
    /// In which Session.
    pub session: Number,
    /// When they were authenticated.
    pub authenticated_at: Time,
    /// What the Session ended with.
    pub outcome: Outcome,
    /// The Supplier and the Solution.
    pub product: Product,
    /// What the subsystem that delivers messages says.
    pub messages: Vec<Record>,
    /// What the logs say.
    pub log: Vec<Record>,
    /// What the pictures of the liveness check show.
    pub liveness: Analysis,
    /// What the compared pictures show.
    pub comparison: Analysis,
    /// How alike they were found.
    pub similarity: Percent,
    /// What was found in the end.
    pub finding: Finding,
    /// In more words.
    pub conclusion: Prose,
    /// Who investigated.
    pub operator: Organisation,
    /// Who signs.
    pub expert: Official,
}

/// An entry of a subsystem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// When.
    pub at: Time,
    /// What.
    pub event: Words,
}

/// Pictures and what an expert says of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analysis {
    /// What the expert says.
    pub words: Prose,
    /// Of which pictures.
    pub pictures: Vec<Picture>,
}

/// What an investigation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The result was right.
    Right,
    /// Somebody else was taken for the Client, and the fault is the Operator's. R191.
    FalselyAccepted,
    /// The Client was refused wrongly.
    FalselyRefused,
    /// It cannot be told.
    Open,
}

impl Form for DisputeConclusion {
    const NAME: &'static str = "dispute-conclusion";
    const SCHEMA: u32 = 1;
    const TITLE: Term = Term::new(
        "Даулы аутентификацияны зерделеу қорытындысы",
        "Заключение по спорной аутентификации",
        "Conclusion on a disputed authentication",
    );

    fn issuer(&self) -> Option<&Organisation> {
        Some(&self.operator)
    }

    fn say(&self, draft: &mut Draft) {
        draft.fields(|fields| {
            fields.verdict(FINDING, self.finding.term());
            fields.said(terms::PARTICIPANT, self.participant.said());
            fields.plain(
                REQUEST,
                format!("{}, {}", self.request.as_str(), self.requested.written()),
            );
        });
        draft.heading(AUTHENTICATION);
        draft.fields(|fields| {
            fields.time(AUTHENTICATED_AT, self.authenticated_at);
            fields.said(terms::SESSION, &self.session);
            self.subject.fill(fields);
            fields.term(terms::RESULT, self.outcome.term());
            self.product.fill(fields);
        });
        say_records(draft, MESSAGES, &self.messages);
        say_records(draft, LOG, &self.log);
        say_analysis(draft, LIVENESS, &self.liveness);
        say_analysis(draft, COMPARISON, &self.comparison);
        draft.fields(|fields| {
            fields.plain(SIMILARITY, format!("{} %", self.similarity));
        });
        draft.heading(CONCLUSION);
        draft.prose(&self.conclusion);
        draft.heading(terms::OPERATOR);
        draft.fields(|fields| self.operator.fill(fields));
        draft.signature(EXPERT, self.expert.said());
        draft.seal(terms::OPERATORS_SEAL);
    }
}

fn say_records(draft: &mut Draft, caption: Term, records: &[Record]) {
    draft.heading(caption);
    if records.is_empty() {
        draft.paragraph(NO_RECORDS);
        return;
    }
    let row = |record: &Record| vec![Said::plain(&moment(record.at)), Said::from(&record.event)];
    draft.table(
        caption,
        &[(34, terms::TIME), (66, EVENT)],
        records.iter().map(row).collect(),
    );
}

fn say_analysis(draft: &mut Draft, heading: Term, analysis: &Analysis) {
    draft.heading(heading);
    draft.prose(&analysis.words);
    let captioned = |picture: &Picture| {
        (
            picture.clone(),
            Said::plain(&format!("SHA-256 {}", picture.digest())),
        )
    };
    draft.pictures(3, analysis.pictures.iter().map(captioned));
}

impl Finding {
    const fn term(self) -> Term {
        match self {
            Self::Right => Term::new(
                "Аутентификация нәтижесі дұрыс",
                "Результат аутентификации верен",
                "The result of the authentication was right",
            ),
            Self::FalselyAccepted => Term::new(
                "Оператор тарапынан жалған оң нәтиже расталды",
                "Подтверждён ложноположительный результат на стороне Оператора",
                "A false positive on the Operator's side is proven",
            ),
            Self::FalselyRefused => Term::new(
                "Клиент қате қабылданбаған",
                "Клиенту отказано ошибочно",
                "The Client was refused wrongly",
            ),
            Self::Open => Term::new(
                "Қолда бар деректер бойынша анықтау мүмкін емес",
                "По имеющимся данным установить невозможно",
                "It cannot be told from what is known",
            ),
        }
    }
}

const FINDING: Term = Term::new("Қорытынды шешім", "Итоговый вывод", "Final conclusion");
const REQUEST: Term = Term::new("Ресми сұрау", "Официальный запрос", "Official request");
const AUTHENTICATION: Term = Term::new("Аутентификация", "Аутентификация", "Authentication");
const AUTHENTICATED_AT: Term = Term::new(
    "Аутентификация күні мен уақыты",
    "Дата и время аутентификации",
    "Date and time of the authentication",
);
const MESSAGES: Term = Term::new(
    "SMS жеткізу ішкі жүйесінің деректері",
    "Данные подсистемы доставки SMS",
    "Data of the subsystem that delivers messages",
);
const LOG: Term = Term::new(
    "Журналдау ішкі жүйесінің деректері",
    "Данные подсистемы журналирования",
    "Data of the logging subsystem",
);
const NO_RECORDS: Term = Term::new("Жазба жоқ.", "Записей нет.", "There are no entries.");
const EVENT: Term = Term::new("Оқиға", "Событие", "Event");
const LIVENESS: Term = Term::new(
    "Шынайылықты тексеру бейнелерін талдау",
    "Анализ изображений проверки подлинности",
    "Analysis of the pictures of the liveness check",
);
const COMPARISON: Term = Term::new(
    "Салыстырылған бейнелерді талдау",
    "Анализ сверенных изображений",
    "Analysis of the compared pictures",
);
const SIMILARITY: Term = Term::new("Ұқсастық дәрежесі", "Степень схожести", "Similarity");
const CONCLUSION: Term = Term::new(
    "Негіздеме және қорытынды",
    "Обоснование и заключение",
    "Reasons and conclusion",
);
const EXPERT: Term = Term::new("Қорытындыны жасаған", "Заключение составил", "Concluded by");
