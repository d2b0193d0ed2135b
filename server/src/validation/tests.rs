//! Fetching from a small authority on this machine, and work that ends when it must.

use core::{net::SocketAddr, time::Duration};
use std::{
    collections::BTreeMap,
    path::Path,
    process::Command,
    sync::{Mutex, mpsc},
    time::Instant,
};

use signer::{SourceError, judgement::Indication};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::Semaphore,
};

use super::*;

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "openssl {arguments}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// What is answered at which path, and what was asked.
#[derive(Default)]
struct Shelves {
    answers: BTreeMap<&'static str, Vec<u8>>,
    asked: Vec<String>,
}

/// Answers every question by its path.
async fn serve(listener: TcpListener, shelves: Arc<Mutex<Shelves>>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let shelves = Arc::clone(&shelves);
        tokio::spawn(async move {
            let mut head = vec![0; 4_096];
            let read = stream.read(&mut head).await.unwrap();
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let found = {
                let mut shelves = shelves.lock().unwrap();
                shelves.asked.push(path.clone());
                shelves.answers.get(path.as_str()).cloned()
            };
            let status = if found.is_some() {
                "200 OK"
            } else {
                "404 Not Found"
            };
            let body = found.unwrap_or_default();
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            stream
                .write_all(&[head.as_bytes(), &body].concat())
                .await
                .unwrap();
        });
    }
}

/// A root, somebody whose certificate says where answers and lists are, and a signature.
struct House {
    folder: tempfile::TempDir,
    shelves: Arc<Mutex<Shelves>>,
}

impl House {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let shelves = Arc::new(Mutex::new(Shelves::default()));
        tokio::spawn(serve(listener, Arc::clone(&shelves)));
        let house = Self {
            folder: tempfile::tempdir().unwrap(),
            shelves,
        };
        let folder = house.folder.path();
        let write = |name: &str, text: String| std::fs::write(folder.join(name), text).unwrap();
        write(
            "x.cnf",
            format!(
                "[leaf]\nkeyUsage=critical,digitalSignature,nonRepudiation\nauthorityInfoAccess=OCSP;URI:http://{address}/\
                 ocsp\ncrlDistributionPoints=URI:http://{address}/list\n[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\n\
                 crlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=5\n"
            ),
        );
        write("content", "content".to_owned());
        write("index.txt", String::new());
        write("crlnumber", "01\n".to_owned());
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        for name in ["ca", "stranger"] {
            openssl(
                folder,
                &format!("req -x509 {key} -subj /CN=Root -keyout {name}.key -out {name}.pem -days 30"),
            );
        }
        openssl(
            folder,
            &format!("req {key} -subj /CN=Alice -keyout a.key -out a.csr"),
        );
        openssl(
            folder,
            "x509 -req -in a.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile x.cnf -extensions leaf -days 30 -out a.pem",
        );
        openssl(
            folder,
            "cms -sign -cades -binary -nodetach -in content -signer a.pem -inkey a.key -outform DER -out signed.p7m",
        );
        openssl(
            folder,
            "ca -config x.cnf -gencrl -keyfile ca.key -cert ca.pem -out list.pem",
        );
        openssl(
            folder,
            "ocsp -issuer ca.pem -cert a.pem -no_nonce -reqout question",
        );
        house
    }

    /// An answer of this one; it knows nobody, so what it says is `unknown`.
    fn answered(&self, who: &str) -> Vec<u8> {
        let folder = self.folder.path();
        openssl(
            folder,
            &format!(
                "ocsp -index index.txt -CA ca.pem -rsigner {who}.pem -rkey {who}.key -ndays 1 -reqin question -respout answer"
            ),
        );
        std::fs::read(folder.join("answer")).unwrap()
    }

    async fn judged(&self, change: impl FnOnce(&mut FetchSettings)) -> (Report, Vec<String>) {
        let mut settings = ValidationSettings {
            anchors: vec![self.folder.path().join("ca.pem").into()],
            fetch: FetchSettings {
                allowed: true,
                hosts: vec!["127.0.0.1".to_owned()],
                ..FetchSettings::default()
            },
            ..ValidationSettings::default()
        };
        change(&mut settings.fetch);
        let file = std::fs::read(self.folder.path().join("signed.p7m")).unwrap();
        let submitted = Submitted {
            name: "signed.p7m".to_owned(),
            file: Box::new(file),
            content: None,
        };
        let certificate = std::fs::read(self.folder.path().join("a.pem")).unwrap();
        let certificate = pki::Presented::parse(&der::pem::decode_vec(&certificate).unwrap().1).unwrap();
        let at = certificate.not_before().plus(Duration::from_hours(1));
        self.shelves.lock().unwrap().asked.clear();
        let report = Validator::new(&settings, &Policy::SHIPPED)
            .unwrap()
            .judge(submitted, at)
            .await
            .unwrap();
        (report, self.shelves.lock().unwrap().asked.clone())
    }
}

#[tokio::test]
async fn lists_are_fetched_when_answers_do_not_help_and_nothing_is_asked_twice() {
    let house = House::new().await;
    let list = std::fs::read(house.folder.path().join("list.pem")).unwrap();
    house.shelves.lock().unwrap().answers.insert("/list", list);
    let answers = [
        ("nobody answers", None),
        ("what comes is no answer", Some(b"hello".to_vec())),
        ("the responder does not know", Some(house.answered("ca"))),
        ("the answer is a stranger's", Some(house.answered("stranger"))),
    ];
    for (name, answer) in answers {
        let had = answer.is_some();
        house
            .shelves
            .lock()
            .unwrap()
            .answers
            .extend(answer.map(|answer| ("/ocsp", answer)));
        let (report, asked) = house.judged(|_| {}).await;
        assert_eq!(
            report.indication(),
            Some(Indication::TotalPassed),
            "{name}, {had}: {:?}",
            report.signatures[0].findings
        );
        assert_eq!(asked, ["/ocsp", "/list"], "{name}");
    }
}

#[tokio::test]
async fn hosts_inside_are_not_asked_unless_they_are_named() {
    let house = House::new().await;
    let (report, asked) = house.judged(|fetch| fetch.hosts.clear()).await;
    assert_eq!(report.indication(), Some(Indication::Indeterminate));
    assert_eq!(asked, [] as [&str; 0]);
    let only_others = |fetch: &mut FetchSettings| {
        fetch.only_hosts = true;
        fetch.hosts = vec!["ocsp.example".to_owned()];
    };
    assert_eq!(house.judged(only_others).await.1, [] as [&str; 0]);
}

#[tokio::test]
async fn a_redirection_is_not_followed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 4_096];
            let read = stream.read(&mut head).await.unwrap();
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            seen.lock().unwrap().push(path);
            let answer = "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let settings = FetchSettings {
        allowed: true,
        hosts: vec!["127.0.0.1".to_owned()],
        ..FetchSettings::default()
    };
    let fetcher = Fetcher::new(&settings).unwrap();
    let wanted = signer::judgement::Wanted {
        lists: [format!("http://{address}/list")].into(),
        ..Default::default()
    };
    let mut errand = Errand::new(&fetcher, None);
    let came = fetcher.fetch(&wanted, &Material::default(), &mut errand).await;
    assert_eq!(came, Material::default());
    assert_eq!(*asked.lock().unwrap(), ["/list"]);
    // Nor is anything asked when the time is over.
    let mut errand = Errand::new(&fetcher, Some(Instant::now()));
    fetcher.fetch(&wanted, &Material::default(), &mut errand).await;
    assert_eq!(asked.lock().unwrap().len(), 1);
}

/// Bytes that come when the test lets them, and tell that they are asked for.
struct Held {
    begun: Mutex<Option<tokio::sync::oneshot::Sender<()>>>,
    let_go: Mutex<mpsc::Receiver<()>>,
}

impl Source for Held {
    fn length(&self) -> u64 {
        4
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        if let Some(begun) = self.begun.lock().unwrap().take() {
            begun.send(()).unwrap();
            let _ = self.let_go.lock().unwrap().recv();
        }
        b"<a/>".as_slice().read_at(offset, buffer)
    }
}

/// Whoever asked is gone; the work is not, and neither is its place.
#[tokio::test]
async fn a_place_is_held_until_the_work_has_truly_ended() {
    let places = Arc::new(Semaphore::new(1));
    let place = Arc::clone(&places).acquire_owned().await.unwrap();
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (let_go, waits) = mpsc::channel();
    let submitted = Submitted {
        name: "held".to_owned(),
        file: Box::new(Held {
            begun: Mutex::new(Some(begun)),
            let_go: Mutex::new(waits),
        }),
        content: None,
    };
    let validator = Validator::new(&ValidationSettings::default(), &Policy::SHIPPED).unwrap();
    let effort = Effort::unbounded().holding(place);
    let asking = tokio::spawn(async move {
        validator
            .judge_within(submitted, Time::from_unix_seconds(0), effort)
            .await
    });
    has_begun.await.unwrap();
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    assert_eq!(places.available_permits(), 0);
    let_go.send(()).unwrap();
    // Comes when the work ends, and only then.
    drop(places.acquire().await.unwrap());
}

#[tokio::test]
async fn work_ends_at_its_bounds_of_time_bytes_and_signatures() {
    let house = House::new().await;
    let file = std::fs::read(house.folder.path().join("signed.p7m")).unwrap();
    let validator = Validator::new(&ValidationSettings::default(), &Policy::SHIPPED).unwrap();
    let judged = async |effort| {
        let submitted = Submitted {
            name: "signed.p7m".to_owned(),
            file: Box::new(file.clone()),
            content: None,
        };
        validator
            .judge_within(submitted, Time::from_unix_seconds(0), effort)
            .await
    };
    let (now, hour) = (Instant::now(), Duration::from_hours(1));
    assert!(judged(Effort::bounded(now + hour, 1 << 20, 1)).await.is_ok());
    let late = judged(Effort::bounded(now, 1 << 20, 1)).await;
    assert!(matches!(late, Err(ValidationError::Effort)), "{late:?}");
    let much = judged(Effort::bounded(now + hour, 100, 1)).await;
    assert!(matches!(much, Err(ValidationError::Effort)), "{much:?}");
    let many = judged(Effort::bounded(now + hour, 1 << 20, 0)).await;
    assert!(
        matches!(many, Err(ValidationError::Signatures { found: 1, most: 0 })),
        "{many:?}"
    );
}

#[test]
fn anchors_are_files_and_folders_each_for_its_purpose() {
    let settings: ValidationSettings = toml::from_str(
        "anchors = ['a.pem', { path = 'kz', for = 'signatures' }, { path = 'eu', for = 'time-stamps', until = \
         '2030-01-01T00:00:00Z' }]",
    )
    .unwrap();
    assert_eq!(settings.anchors[0], std::path::PathBuf::from("a.pem").into());
    assert_eq!(settings.anchors.len(), 3);
    for wrong in [
        "{ path = 'a', for = 'tls' }",
        "{ path = 'a', until = 'soon' }",
        "{ for = 'signatures' }",
    ] {
        assert!(
            toml::from_str::<ValidationSettings>(&format!("anchors = [{wrong}]")).is_err(),
            "{wrong}"
        );
    }

    let folder = tempfile::tempdir().unwrap();
    for name in ["kz", "eu"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
        openssl(
            folder.path(),
            &format!(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN={name} -keyout key -out {name}/root.pem"
            ),
        );
    }
    let text = format!(
        "anchors = [{{ path = '{0}/kz', for = 'signatures' }}, {{ path = '{0}/eu', for = 'time-stamps', until = \
         '2026-01-01T00:00:00Z' }}]",
        folder.path().display()
    );
    let settings: ValidationSettings = toml::from_str(&text).unwrap();
    let anchors = read_anchors(&settings.anchors).unwrap();
    let [national, european] = anchors.as_slice() else {
        panic!("{anchors:?}")
    };
    assert!(national.serves(Purpose::Signatures) && !national.serves(Purpose::Stamps));
    assert!(!european.serves(Purpose::Signatures) && european.serves(Purpose::Stamps));
    assert_eq!(
        european.end(),
        Time::parse_rfc3339("2026-01-01T00:00:00Z").unwrap()
    );
}
