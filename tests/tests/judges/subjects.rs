//! One certificate of every kind: what a ceremony makes, and what is issued on demand.

use ca::{CertificateRecord, Subject};
use domain::{CertificateKind, KeyAlgorithm};
use hsm::{Service as _, ServiceKey};
use pki::PublicKey;
use server::{IssueRequest, KeySource};
use store::Search;
use world::Pki;

const IIN: &str = "900101300017";

/// Certificates of a kind with their names; those that are issued on demand, for this key, or for a key of
/// its sort behind the HSM where they promise that.
pub(crate) async fn of_kind(
    pki: &Pki,
    kind: CertificateKind,
    key: &PublicKey,
) -> Vec<(String, CertificateRecord)> {
    let demands = demands(kind);
    if demands.is_empty() {
        return vec![(kind.name().to_owned(), made(pki, kind).await)];
    }
    let mut all = Vec::new();
    for (more, subject) in demands {
        let request = IssueRequest {
            statement: pki.statement(),
            kind,
            subject,
            key: source(pki, kind, key).await,
            hosts: match kind {
                CertificateKind::TlsServer => vec!["pki.example.kz".to_owned(), "ocsp.example.kz".to_owned()],
                _ => Vec::new(),
            },
            published: true,
            issuer: None,
        };
        let issued = pki.authority().issue(request).await.unwrap();
        all.push((format!("{kind}{more}"), issued));
    }
    all
}

/// What the ceremony made of this kind.
pub(crate) async fn made(pki: &Pki, kind: CertificateKind) -> CertificateRecord {
    let search = Search {
        kind: Some(kind),
        most: 1,
        ..Search::default()
    };
    let found = pki.authority().store().certificates(&search).await.unwrap();
    found.into_iter().next().unwrap()
}

/// A natural person's certificate, for a key that nobody uses.
pub(crate) async fn person(pki: &Pki) -> CertificateRecord {
    pki.client(IIN, KeyAlgorithm::P256).await.1
}

/// A key on the boundary's receipt where the certificate promises one behind the HSM, else any key.
async fn source(pki: &Pki, kind: CertificateKind, key: &PublicKey) -> KeySource {
    match kind {
        CertificateKind::NaturalPerson | CertificateKind::Employee => {
            KeySource::Receipt(pki.world.uncertified(IIN, key.algorithm(), 1).await.receipt)
        }
        _ => KeySource::Given(key.clone()),
    }
}

/// A key to be certified.
pub(crate) async fn key(pki: &Pki, algorithm: KeyAlgorithm) -> PublicKey {
    let made = pki.world.service.make_service_key(ServiceKey::Tokens, algorithm);
    PublicKey::from_der(&made.await.unwrap().1).unwrap()
}

/// Whom certificates of a kind name, and how that differs from the usual; nobody if they are made in a ceremony.
fn demands(kind: CertificateKind) -> Vec<(&'static str, Subject)> {
    let usual = |subject| vec![("", subject)];
    match kind {
        CertificateKind::Root
        | CertificateKind::Issuing
        | CertificateKind::EvidenceSeal
        | CertificateKind::Ledger
        | CertificateKind::Ocsp
        | CertificateKind::TimeStamp => Vec::new(),
        CertificateKind::NaturalPerson => {
            let without = Subject {
                given_name: None,
                ..natural_person()
            };
            vec![("", natural_person()), (" without patronymic", without)]
        }
        CertificateKind::Employee => usual(Subject {
            organization: Some("ЖШС «Тамға»".to_owned()),
            bin: Some("960440000151".parse().unwrap()),
            ..natural_person()
        }),
        CertificateKind::InformationSystem => usual(Subject {
            system: Some("1.3.6.1.4.1.32473.7.9.1".to_owned().try_into().unwrap()),
            ..company("Электрондық құжат")
        }),
        CertificateKind::Participant => usual(company("bank.example.kz")),
        CertificateKind::Operator => usual(named("Оператор")),
        CertificateKind::TlsServer => usual(named("pki.example.kz")),
    }
}

fn natural_person() -> Subject {
    world::person(IIN.parse().unwrap())
}

fn named(common_name: &str) -> Subject {
    Subject {
        common_name: Some(common_name.to_owned()),
        ..Subject::default()
    }
}

fn company(common_name: &str) -> Subject {
    Subject {
        organization: Some("АО «Банк»".to_owned()),
        bin: Some("960440000151".parse().unwrap()),
        ..named(common_name)
    }
}
