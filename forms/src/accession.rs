//! [`AccessionStatement`]: how an organisation becomes a Participant. R141, R170.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Draft, Form, Link, Official, Organisation, Words, said::Term, terms, text::Text};

/// The statement of accession.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessionStatement {
    /// Who joins.
    pub applicant: Organisation,
    /// What it is.
    pub category: Category,
    /// Which services it wants.
    pub services: BTreeSet<WantedService>,
    /// Where notices are sent. R151.
    pub notices: Words,
    /// Where its Clients find it.
    pub site: Link,
    /// Its bank account.
    pub account: Words,
    /// Who signs.
    pub signer: Official,
    /// What is attached.
    pub attachments: Attachments,
}

/// What may join. R141.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// A second-tier bank.
    Bank,
    /// An organisation that carries out certain banking operations.
    BankingOperations,
    /// A payment organisation, or one with a licence of the financial regulator.
    Payment,
    /// The entity of deposit guarantees and pension contributions.
    DepositsAndPensions,
    /// The entity of the unified insurance database.
    InsuranceDatabase,
    /// An entity of electronic commerce.
    Commerce,
    /// A licensee of the international financial centre.
    InternationalCentre,
    /// An accredited participant of open interfaces.
    OpenInterfaces,
}

/// A service that is wanted. R013.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WantedService {
    /// Comparing pictures.
    Match,
    /// Two-factor authentication.
    TwoFactor,
    /// Signing in the cloud.
    Signing,
}

/// What is attached to a statement. R170.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attachment {
    /// The certificate of registration, or an extract.
    Registration,
    /// The decision and the order by which the head was appointed.
    Appointment,
    /// The certificate of value added tax.
    Tax,
    /// The charter.
    Charter,
    /// The power of attorney of a signer who is not the head.
    PowerOfAttorney,
    /// The certificate of the regulator's register, if there is one.
    Register,
    /// The licence of the financial regulator, if there is one.
    Licence,
    /// The licence of the international financial centre, if there is one.
    CentreLicence,
    /// The signed promise that data are not used abroad.
    NoCrossBorder,
}

/// Attachments among which none is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeSet<Attachment>", into = "BTreeSet<Attachment>")]
pub struct Attachments(BTreeSet<Attachment>);

/// An attachment is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the statement needs the attachment {missing:?}")]
pub struct AttachmentError {
    /// Which.
    pub missing: Attachment,
}

impl Attachments {
    /// Takes attachments with all that every applicant has to attach.
    pub fn new(attached: BTreeSet<Attachment>) -> Result<Self, AttachmentError> {
        match Attachment::ALL
            .into_iter()
            .find(|one| one.is_always_needed() && !attached.contains(one))
        {
            Some(missing) => Err(AttachmentError { missing }),
            None => Ok(Self(attached)),
        }
    }
}

impl TryFrom<BTreeSet<Attachment>> for Attachments {
    type Error = AttachmentError;

    fn try_from(attached: BTreeSet<Attachment>) -> Result<Self, AttachmentError> {
        Self::new(attached)
    }
}

impl From<Attachments> for BTreeSet<Attachment> {
    fn from(attachments: Attachments) -> Self {
        attachments.0
    }
}

impl Form for AccessionStatement {
    const NAME: &'static str = "accession-statement";
    const SCHEMA: u32 = 1;
    const TITLE: Term = Term::new(
        "Шартқа қосылу туралы өтініш",
        "Заявление о присоединении",
        "Statement of accession",
    );

    fn text(&self) -> Option<Text> {
        Some(Text::ACCESSION)
    }

    fn say(&self, draft: &mut Draft) {
        let languages = draft.languages;
        draft.text(Text::ACCESSION);
        draft.heading(APPLICANT);
        draft.fields(|fields| {
            self.applicant.fill(fields);
            fields.term(CATEGORY, self.category.term());
            fields.said(NOTICES, &self.notices);
            fields.said(SITE, &self.site);
            fields.said(ACCOUNT, &self.account);
        });
        draft.heading(SERVICES);
        draft.items(self.services.iter().map(|service| service.term().said(languages)));
        draft.heading(ATTACHED);
        let rows = Attachment::ALL
            .into_iter()
            .zip(1_u8..)
            .map(|(attachment, number)| {
                let there = if self.attachments.0.contains(&attachment) {
                    terms::YES
                } else {
                    terms::NO
                };
                vec![
                    crate::said::Said::plain(&number.to_string()),
                    attachment.term().said(languages),
                    there.said(languages),
                ]
            });
        draft.table(
            ATTACHED,
            &[(6, Term::new("№", "№", "No.")), (74, DOCUMENT), (20, THERE)],
            rows.collect(),
        );
        draft.heading(REGISTRATION);
        draft.paragraph(REGISTERED);
        draft.heading(terms::AUTHORISED);
        draft.fields(|fields| self.signer.fill(fields));
        draft.signature(terms::AUTHORISED, self.signer.said());
    }
}

impl Attachment {
    /// Every attachment, in the order of R170.
    pub const ALL: [Self; 9] = [
        Self::Registration,
        Self::Appointment,
        Self::Tax,
        Self::Charter,
        Self::PowerOfAttorney,
        Self::Register,
        Self::Licence,
        Self::CentreLicence,
        Self::NoCrossBorder,
    ];

    const fn is_always_needed(self) -> bool {
        match self {
            Self::Registration | Self::Appointment | Self::Tax | Self::Charter | Self::NoCrossBorder => true,
            Self::PowerOfAttorney | Self::Register | Self::Licence | Self::CentreLicence => false,
        }
    }

    const fn term(self) -> Term {
        match self {
            Self::Registration => Term::new(
                "Мемлекеттік тіркеу туралы анықтама не үзінді көшірме",
                "Справка или выписка о государственной регистрации",
                "Certificate of registration or extract",
            ),
            Self::Appointment => Term::new(
                "Бірінші басшыны тағайындау туралы шешім мен бұйрық",
                "Решение и приказ о назначении первого руководителя",
                "Decision and order appointing the head",
            ),
            Self::Tax => Term::new(
                "ҚҚС бойынша есепке қою туралы куәлік",
                "Свидетельство о постановке на учёт по НДС",
                "Certificate of value added tax",
            ),
            Self::Charter => Term::new("Жарғы", "Устав", "Charter"),
            Self::PowerOfAttorney => Term::new(
                "Сенімхат (басшы қол қоймаса)",
                "Доверенность (если подписывает не руководитель)",
                "Power of attorney (if the signer is not the head)",
            ),
            Self::Register => Term::new(
                "Реттеушінің тізілімінен өту туралы куәлік (бар болса)",
                "Свидетельство об учётной регистрации у регулятора (при наличии)",
                "Certificate of the regulator's register (if any)",
            ),
            Self::Licence => Term::new(
                "Қаржы нарығын реттеу агенттігінің лицензиясы (бар болса)",
                "Лицензия агентства по регулированию финансового рынка (при наличии)",
                "Licence of the financial regulator (if any)",
            ),
            Self::CentreLicence => Term::new(
                "«Астана» халықаралық қаржы орталығының лицензиясы (бар болса)",
                "Лицензия Международного финансового центра «Астана» (при наличии)",
                "Licence of the Astana International Financial Centre (if any)",
            ),
            Self::NoCrossBorder => Term::new(
                "Деректерді шетелде пайдаланбау туралы қол қойылған келісім",
                "Подписанное согласие не использовать данные за границей",
                "Signed consent not to use the data abroad",
            ),
        }
    }
}

impl Category {
    const fn term(self) -> Term {
        match self {
            Self::Bank => Term::new(
                "Екінші деңгейдегі банк",
                "Банк второго уровня",
                "Second-tier bank",
            ),
            Self::BankingOperations => Term::new(
                "Банк операцияларының жекелеген түрлерін жүзеге асыратын ұйым",
                "Организация, осуществляющая отдельные виды банковских операций",
                "Organisation with certain banking operations",
            ),
            Self::Payment => Term::new(
                "Төлем ұйымы немесе қаржы реттеушісінің лицензиаты",
                "Платёжная организация или лицензиат финансового регулятора",
                "Payment organisation or licensee of the financial regulator",
            ),
            Self::DepositsAndPensions => Term::new(
                "Депозиттерге кепілдік беру, зейнетақы жарналары мен төлемдері субъектісі",
                "Субъект гарантирования депозитов, пенсионных взносов и выплат",
                "Entity of deposit guarantees, pension contributions and payments",
            ),
            Self::InsuranceDatabase => Term::new(
                "Сақтандырудың бірыңғай дерекқорының субъектісі",
                "Субъект единой страховой базы данных",
                "Entity of the unified insurance database",
            ),
            Self::Commerce => Term::new(
                "Электрондық сауда субъектісі",
                "Субъект электронной коммерции",
                "Entity of electronic commerce",
            ),
            Self::InternationalCentre => Term::new(
                "«Астана» халықаралық қаржы орталығының лицензиаты",
                "Лицензиат Международного финансового центра «Астана»",
                "Licensee of the Astana International Financial Centre",
            ),
            Self::OpenInterfaces => Term::new(
                "Open Banking және OpenAPI аккредиттелген қатысушысы",
                "Аккредитованный участник Open Banking и OpenAPI",
                "Accredited participant of Open Banking and OpenAPI",
            ),
        }
    }
}

impl WantedService {
    const fn term(self) -> Term {
        match self {
            Self::Match => Term::new(
                "бейнелерді салыстыру",
                "сопоставление изображений",
                "comparing pictures",
            ),
            Self::TwoFactor => Term::new(
                "екі факторлы аутентификация және дербес деректер беру",
                "двухфакторная аутентификация и предоставление персональных данных",
                "two-factor authentication and personal data",
            ),
            Self::Signing => Term::new(
                "бұлтты ЭЦҚ-мен қол қою",
                "подписание облачной ЭЦП",
                "signing with the cloud signature",
            ),
        }
    }
}

const APPLICANT: Term = Term::new("Өтініш беруші", "Заявитель", "Applicant");
const CATEGORY: Term = Term::new("Санаты", "Категория", "Category");
const NOTICES: Term = Term::new(
    "Хабарламаларға арналған пошта",
    "Почта для уведомлений",
    "Address for notices",
);
const SITE: Term = Term::new("Сайты", "Сайт", "Site");
const ACCOUNT: Term = Term::new("Банк деректемелері", "Банковские реквизиты", "Bank account");
const SERVICES: Term = Term::new(
    "Сұралатын қызметтер",
    "Запрашиваемые услуги",
    "Services asked for",
);
const ATTACHED: Term = Term::new(
    "Қоса берілетін құжаттар",
    "Прилагаемые документы",
    "Attached documents",
);
const DOCUMENT: Term = Term::new("Құжат", "Документ", "Document");
const THERE: Term = Term::new("Берілді", "Приложен", "Attached");
const REGISTRATION: Term = Term::new(
    "Шартты тіркеу",
    "Регистрация договора",
    "Registration of the contract",
);
const REGISTERED: Term = Term::new(
    "Шарттың нөмірі мен күнін Оператор өтінішті қарағаннан кейін береді; олар тіркеу туралы хабарламада көрсетіледі.",
    "Номер и дату договора Оператор присваивает после рассмотрения заявления; они указываются в уведомлении о регистрации.",
    "The Operator gives the contract its number and date after review; the notice of registration states them.",
);
