//! An authority for time stamps and status on a real socket, and a file that is led on by what it answers.

use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

use axum::{Router, body::Bytes, extract::State, routing};
use pki::{
    ocsp::CertStatus,
    timestamp::StampRequest,
    tlv::{sequence, wrap},
    x509_cert::ext::Extension as X509Extension,
};
use signer::{
    Limits, SigningCertificate,
    cades::{Packaging, Prepared, Said},
    judgement::Constraints,
};

use self::world::{PROFILE, Party, ca, day, extension, person, unit};
use super::*;
use crate::{FetchSettings, Fetcher};

#[expect(dead_code, reason = "shared with the tests of judging, which use more of it")]
#[path = "../../../signer/tests/judging/world.rs"]
mod world;

const TEXT: &[u8] = b"Loan agreement No. 1\n";

/// Who answers, at which time, and how often they were asked.
struct Office {
    root: Party,
    authority: Party,
    unit: Party,
    alice: Party,
    now: Mutex<Time>,
    /// How far behind the answers about the signer are.
    behind: Mutex<Duration>,
    asked: AtomicU64,
}

impl Office {
    fn now(&self) -> Time {
        *self.now.lock().unwrap()
    }

    fn answer(&self, about: &Party) -> Vec<u8> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let at = self.now().minus(*self.behind.lock().unwrap());
        self.authority
            .answer(&self.authority, about, CertStatus::Good, at)
    }
}

/// Where a certificate says that it is asked about.
fn asked_at(base: &str, path: &str) -> X509Extension {
    let access = pki::x509_cert::der::asn1::ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");
    // id-ad-ocsp
    let method: &[u8] = &[6, 8, 0x2B, 6, 1, 5, 5, 7, 0x30, 1];
    let place = wrap(0x86, &[format!("{base}/{path}").as_bytes()]);
    extension(access, false, sequence(&[&sequence(&[method, &place])]))
}

fn listed_at(base: &str) -> X509Extension {
    let points = pki::x509_cert::der::asn1::ObjectIdentifier::new_unwrap("2.5.29.31");
    let place = wrap(0x86, &[format!("{base}/root.crl").as_bytes()]);
    let name = wrap(0xA0, &[&wrap(0xA0, &[&place])]);
    extension(points, false, sequence(&[&sequence(&[&name])]))
}

async fn office() -> (Arc<Office>, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let root = Party::root(1, "Root");
    let authority = root.issue(
        (2, "Authority"),
        (0, 5_000),
        [ca(Some(0)), vec![listed_at(&base)]].concat(),
    );
    let with = |all: Vec<X509Extension>, path: &str| [all, vec![asked_at(&base, path)]].concat();
    let office = Arc::new(Office {
        unit: authority.issue((3, "Unit"), (0, 2_000), with(unit(), "unit")),
        alice: authority.issue((4, "Алия"), (0, 365), with(person(), "alice")),
        root,
        authority,
        now: Mutex::new(day(100)),
        behind: Mutex::new(Duration::ZERO),
        asked: AtomicU64::new(0),
    });
    let stamp = async |State(office): State<Arc<Office>>, body: Bytes| {
        let request = StampRequest::parse(&body).unwrap();
        office.unit.respond(&request, office.now())
    };
    let router = Router::new()
        .route("/tsa", routing::post(stamp))
        .route(
            "/alice",
            routing::post(async |State(office): State<Arc<Office>>| office.answer(&office.alice)),
        )
        .route(
            "/unit",
            routing::post(async |State(office): State<Arc<Office>>| office.answer(&office.unit)),
        )
        .route(
            "/root.crl",
            routing::get(async |State(office): State<Arc<Office>>| office.root.list(1, office.now(), &[])),
        )
        .with_state(Arc::clone(&office));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (office, base)
}

fn extender(office: &Office, base: &str) -> Extender {
    let settings = FetchSettings {
        allowed: true,
        hosts: vec!["127.0.0.1".to_owned()],
        only_hosts: true,
        ..FetchSettings::default()
    };
    Extender {
        validator: Validator {
            anchors: vec![office.root.anchor()],
            material: Material::default(),
            constraints: Constraints::default(),
            limits: Limits::default(),
            fetcher: Fetcher::new(&settings).map(Arc::new),
        },
        stamper: Stamper::new(&format!("{base}/tsa")).unwrap(),
        hash: HashAlgorithm::Sha256,
    }
}

fn signed(office: &Office) -> Vec<u8> {
    let (alice, issuer) = (&office.alice, office.authority.certificate.clone());
    let certificate = SigningCertificate::new(alice.certificate.clone(), vec![issuer], PROFILE).unwrap();
    let said = Said {
        time: None,
        mime: None,
    };
    let prepared = Prepared::new(&TEXT, Packaging::Detached, &certificate, &said).unwrap();
    let hsm::ToBeSigned::CmsAttributes(attributes) = prepared.to_be_signed() else {
        panic!("not CMS");
    };
    let raw = hsm::RawSignature::from_token(PROFILE, alice.raw(&attributes));
    written(&prepared.finish(&raw).unwrap(), &TEXT)
}

fn written(output: &Output, source: &dyn Source) -> Vec<u8> {
    let mut bytes = Vec::new();
    output.write_to(&[source], &mut bytes).unwrap();
    bytes
}

fn extendable(file: &[u8]) -> Extendable {
    Extendable {
        file: Arc::new(file.to_vec()),
        externals: vec![("document".to_owned(), Arc::new(TEXT))],
        which: Which::all(&file).unwrap().remove(0),
    }
}

#[tokio::test]
async fn a_file_is_led_on_by_what_is_asked_for_over_http() {
    let (office, base) = office().await;
    let client = extender(&office, &base);
    let mut file = signed(&office);
    for (hour, step, level) in [
        (0, Done::Stamped, Level::T),
        (1, Done::Kept, Level::Lt),
        (2, Done::Archived, Level::Lta),
        (3, Done::Kept, Level::Lta),
        (4, Done::Archived, Level::Lta),
    ] {
        let at = day(100).plus(Duration::from_hours(hour));
        *office.now.lock().unwrap() = at;
        let signature = extendable(&file);
        let extended = client.step(&signature, at).await.unwrap();
        assert_eq!((extended.step, extended.level), (step, level), "hour {hour}");
        file = written(&extended.output, &file);
        let until = client.renew_before(&extendable(&file), at).await.unwrap();
        let expected = match hour {
            0 | 1 => None,
            3 => Some(day(2_000)),
            _ => Some(at),
        };
        assert_eq!(until, expected, "hour {hour}");
    }
}

#[tokio::test]
async fn no_level_is_claimed_while_answers_are_older_than_the_signature_or_do_not_come() {
    let (office, base) = office().await;
    let client = extender(&office, &base);
    let file = signed(&office);
    let extended = client.step(&extendable(&file), day(100)).await.unwrap();
    let stamped = written(&extended.output, &file);

    let at = day(100).plus(Duration::from_hours(1));
    *office.now.lock().unwrap() = at;
    *office.behind.lock().unwrap() = Duration::from_hours(2);
    let refused = client.step(&extendable(&stamped), at).await.unwrap_err();
    assert!(refused.may_succeed_later());
    let ExtendError::File(ExtensionError::Lacking(all)) = refused else {
        panic!("{refused}")
    };
    assert!(matches!(all[..], [Lacking::Newer { .. }]), "{all:?}");
    assert!(office.asked.load(Ordering::Relaxed) > 0);

    let alone = Extender {
        validator: Validator {
            fetcher: None,
            ..client.validator.clone()
        },
        ..client
    };
    let refused = alone.step(&extendable(&stamped), at).await.unwrap_err();
    let ExtendError::File(ExtensionError::Lacking(all)) = refused else {
        panic!("{refused}")
    };
    assert!(
        all.iter()
            .any(|lacking| matches!(lacking, Lacking::Status { .. })),
        "{all:?}"
    );
}
