//! Statements of a Client: [`IssueStatement`] and [`RevokeStatement`]. R130, R135.

use domain::{KeyAlgorithm, Phone};
use serde::{Deserialize, Serialize};

use crate::{Draft, Form, Number, Organisation, Subject, Words, said::Term, terms, text::Text};

/// The statement on whose basis a certificate is issued. R130.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueStatement {
    /// Who asks.
    pub client: Subject,
    /// The number under which they passed two-factor authentication.
    pub phone: Phone,
    /// Who is asked.
    pub authority: Organisation,
    /// At which Participant.
    pub participant: Words,
    /// In which Session.
    pub session: Number,
    /// The algorithm of the keys.
    pub algorithm: KeyAlgorithm,
    /// How long the certificate will be valid, in days.
    pub days: u16,
    /// The consent to making keys and issuing. R136.
    pub consent: Number,
}

/// The statement on whose basis a certificate is revoked. R135.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeStatement {
    /// Who asks.
    pub client: Subject,
    /// Who is asked.
    pub authority: Organisation,
    /// The certificate's serial number.
    pub serial: Number,
    /// Why.
    pub reason: RevocationReason,
    /// In which Session.
    pub session: Number,
}

/// Why a Client revokes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationReason {
    /// The data in the certificate changed.
    DataChanged,
    /// The password was forgotten.
    PasswordForgotten,
    /// Somebody else may know the password or have passed for the Client.
    Compromised,
    /// It is not needed any more.
    NotNeeded,
}

impl Form for IssueStatement {
    const NAME: &'static str = "issue-statement";
    const SCHEMA: u32 = 1;
    const TITLE: Term = Term::new("Шығаруға өтініш", "Заявление на выпуск", "Statement to issue");

    fn text(&self) -> Option<Text> {
        Some(Text::ISSUE)
    }

    fn say(&self, draft: &mut Draft) {
        draft.fields(|fields| {
            fields.said(AUTHORITY, self.authority.said());
        });
        draft.text(Text::ISSUE);
        draft.heading(terms::CLIENT);
        draft.fields(|fields| {
            self.client.fill(fields);
            fields.plain(terms::PHONE, &self.phone);
            fields.said(terms::PARTICIPANT, &self.participant);
            fields.said(terms::SESSION, &self.session);
        });
        draft.heading(CERTIFICATE);
        draft.fields(|fields| {
            fields.term(PURPOSE, SIGNING);
            fields.plain(ALGORITHM, called(self.algorithm));
            fields.plain(DAYS, self.days);
            fields.term(COUNTRY, KAZAKHSTAN);
            fields.said(CONSENT, &self.consent);
        });
        draft.signature(terms::SIGNED_BY_CLIENT, self.client.said());
    }
}

impl Form for RevokeStatement {
    const NAME: &'static str = "revoke-statement";
    const SCHEMA: u32 = 1;
    const TITLE: Term = Term::new(
        "Кері қайтарып алуға өтініш",
        "Заявление на отзыв",
        "Statement to revoke",
    );

    fn text(&self) -> Option<Text> {
        Some(Text::REVOKE)
    }

    fn say(&self, draft: &mut Draft) {
        draft.fields(|fields| {
            fields.said(AUTHORITY, self.authority.said());
        });
        draft.text(Text::REVOKE);
        draft.heading(CERTIFICATE);
        draft.fields(|fields| {
            fields.said(SERIAL, &self.serial);
            fields.term(REASON, self.reason.term());
        });
        draft.heading(terms::CLIENT);
        draft.fields(|fields| {
            self.client.fill(fields);
            fields.said(terms::SESSION, &self.session);
        });
        draft.signature(terms::SIGNED_BY_CLIENT, self.client.said());
    }
}

impl RevocationReason {
    const fn term(self) -> Term {
        match self {
            Self::DataChanged => Term::new(
                "Сертификаттағы деректер өзгерді",
                "Изменились данные в сертификате",
                "Data in the certificate changed",
            ),
            Self::PasswordForgotten => {
                Term::new("Құпиясөз ұмытылды", "Пароль забыт", "The password was forgotten")
            }
            Self::Compromised => Term::new(
                "Кілтті бөтен адам пайдалануы мүмкін",
                "Ключом может воспользоваться другое лицо",
                "Somebody else could use the key",
            ),
            Self::NotNeeded => Term::new(
                "Сертификат енді қажет емес",
                "Сертификат больше не нужен",
                "It is not needed any more",
            ),
        }
    }
}

/// As standards call it.
const fn called(algorithm: KeyAlgorithm) -> &'static str {
    match algorithm {
        KeyAlgorithm::P256 => "ECDSA P-256",
        KeyAlgorithm::P384 => "ECDSA P-384",
        KeyAlgorithm::Rsa2048 => "RSA 2048",
        KeyAlgorithm::Rsa3072 => "RSA 3072",
        KeyAlgorithm::Rsa4096 => "RSA 4096",
    }
}

const AUTHORITY: Term = Term::new(
    "Куәландырушы орталыққа",
    "Удостоверяющему центру",
    "To the certification authority",
);
const CERTIFICATE: Term = Term::new(
    "Тіркеу куәлігі",
    "Регистрационное свидетельство",
    "Registration certificate",
);
const PURPOSE: Term = Term::new("Мақсаты", "Назначение", "Purpose");
const SIGNING: Term = Term::new(
    "Электрондық құжаттарға бұлтты ЭЦҚ қою",
    "Подписание электронных документов облачной ЭЦП",
    "Signing electronic documents with the cloud signature",
);
const ALGORITHM: Term = Term::new("Кілт алгоритмі", "Алгоритм ключа", "Algorithm of the key");
const DAYS: Term = Term::new(
    "Қолданылу мерзімі, күн",
    "Срок действия, дней",
    "Validity in days",
);
const COUNTRY: Term = Term::new("Ел", "Страна", "Country");
const KAZAKHSTAN: Term = Term::new(
    "Қазақстан Республикасы (KZ)",
    "Республика Казахстан (KZ)",
    "Republic of Kazakhstan (KZ)",
);
const CONSENT: Term = Term::new(
    "Кілттер жасауға келісімнің нөмірі",
    "Номер согласия на создание ключей",
    "Number of the consent to making keys",
);
const SERIAL: Term = Term::new("Сериялық нөмірі", "Серийный номер", "Serial number");
const REASON: Term = Term::new("Себебі", "Причина", "Reason");
