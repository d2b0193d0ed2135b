//! Signatures of kept files: extended by a job that is cut off, held up, lied to and run twice, and renewed in time.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails may fail loudly"
)]

use std::{
    fmt::Write as _,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use domain::{HashAlgorithm, Id, KeyAlgorithm, Level, SignatureProfile, Time, word};
use futures_util::stream;
use hsm::{ActivateRequest, Clock, Remote, Service};
use rand_core::UnwrapErr;
use server::{
    BeginError, Extender, FetchSettings, Fetcher, NewUpkeep, Round, Stamper, Submitted, Upkeep, UpkeepRules,
    Validator, read_anchors,
};
use signer::{
    Act, Inside, Material, Order, SigningCertificate, Source, Which, Wish, asic,
    cades::Packaging,
    judgement::{Constraints, Indication},
    xml,
};
use store::{
    DocumentKeys, DocumentState, Documents, Due, GetError, NewDocument, PutError, Store, Succession,
    UpkeepFault, UpkeepRow, UpkeepState,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use world::{Client, ManualClock, Pki, Site, World, judges, open_authority_over, rng, run, share_of};

const IIN: &str = "900101300017";
const RIGHT: u8 = 1;
const DAY: Duration = Duration::from_hours(24);

const RULES: UpkeepRules = UpkeepRules {
    margin: Duration::from_hours(90 * 24),
    first_retry: Duration::from_mins(1),
    longest_retry: Duration::from_hours(6),
    most_tries: 3,
    keep_replaced: DAY,
    arriving: DAY,
};

/// Files and what finds their signatures.
struct Kept {
    store: Store,
    documents: Documents,
}

/// A signed file, and what it is detached from.
struct File {
    bytes: Vec<u8>,
    content: Option<Vec<u8>>,
    which: Which,
}

fn fresh<T>(now: Time) -> Id<T> {
    Id::from_random(now, rng())
}

/// A page of PDF.
fn page() -> Vec<u8> {
    let text = "BT /F 12 Tf 72 700 Td (A contract) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
    ];
    let (mut file, mut table) = ("%PDF-1.7\n".to_owned(), "0000000000 65535 f \n".to_owned());
    for (number, object) in (1..).zip(&objects) {
        writeln!(table, "{:010} 00000 n ", file.len()).unwrap();
        writeln!(file, "{number} 0 obj\n{object}\nendobj").unwrap();
    }
    let start = file.len();
    writeln!(
        file,
        "xref\n0 5\n{table}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
    )
    .unwrap();
    file.into_bytes()
}

/// One file of each kind, signed in one act.
async fn signed<S: Service>(
    world: &World<S>,
    client: &Client,
    certificate: &SigningCertificate,
) -> Vec<File> {
    let contents: [Vec<u8>; 4] = [
        page(),
        b"<contract><sum>1000</sum></contract>".to_vec(),
        b"a detached file".to_vec(),
        b"a packed file".to_vec(),
    ];
    let wishes = [
        Wish::Pdf(Box::default()),
        Wish::Xml(xml::Form::Enveloped(xml::Others::Excluded)),
        Wish::Cms {
            packaging: Packaging::Detached,
            mime: None,
        },
        Wish::Container {
            kind: asic::Kind::Simple,
            files: vec![("file.txt".to_owned(), "text/plain".to_owned())],
        },
    ];
    let now = world.now();
    let orders: Vec<_> = wishes
        .into_iter()
        .zip(&contents)
        .map(|(wish, content)| Order {
            id: fresh(now),
            sources: vec![content as _],
            wish,
        })
        .collect();
    let act = Act::new(&orders, certificate, now, &signer::Limits::default()).unwrap();
    let session = world.session();
    let assertion = world.proven(session, client.iin).await;
    let (nonce, sad) = world
        .sad(session, client.credential, (RIGHT, act.shown().collect()))
        .await;
    let request = ActivateRequest {
        assertion,
        nonce,
        sad,
        profile: certificate.profile(),
        list: act.to_be_signed(),
    };
    let batch = world.service.activate(request).await.unwrap();
    let signed = act.finish(&batch).unwrap();
    let files = signed.into_iter().zip(&contents).enumerate();
    files
        .map(|(number, (signed, content))| {
            let mut bytes = Vec::new();
            signed.output.write_to(&[content], &mut bytes).unwrap();
            let which = Which::all(&bytes).unwrap().pop().unwrap();
            File {
                bytes,
                content: (number == 2).then(|| content.clone()),
                which,
            }
        })
        .collect()
}

impl Kept {
    async fn of<S>(world: &World<S>) -> Self {
        let store = Store::open(&world.tokens.engine.line().parse().unwrap())
            .await
            .unwrap();
        let place = format!("file:{}", world.tokens.path("documents").display());
        let documents = Documents::open(store.clone(), &place.parse().unwrap()).unwrap();
        Self { store, documents }
    }

    async fn put(&self, bytes: &[u8], now: Time, keys: &impl DocumentKeys) -> Id<word::Document> {
        let new = NewDocument {
            id: fresh(now),
            most: u64::MAX,
            now,
        };
        let content = stream::iter([Ok::<_, std::io::Error>(Bytes::copy_from_slice(bytes))]);
        let mut chance = UnwrapErr(getrandom::SysRng);
        self.documents
            .put(new, content, keys, &mut chance)
            .await
            .unwrap()
            .id
    }

    async fn whole(&self, id: Id<word::Document>, keys: &impl DocumentKeys) -> Vec<u8> {
        let mut reader = self.documents.get(id, keys).await.unwrap();
        let mut whole = Vec::new();
        while let Some(bytes) = reader.next().await.unwrap() {
            whole.extend_from_slice(&bytes);
        }
        whole
    }

    async fn row(&self, id: Id<word::Upkeep>) -> UpkeepRow {
        self.store.upkeep(id).await.unwrap().unwrap()
    }

    /// An upkeep that asks this authority, and believes the root in this file.
    fn upkeep<K: DocumentKeys, C: Clock>(&self, keys: K, clock: C, tsa: &str, root: &str) -> Upkeep<K, C> {
        let fetch = FetchSettings {
            allowed: true,
            hosts: vec!["127.0.0.1".to_owned()],
            only_hosts: true,
            ..FetchSettings::default()
        };
        Upkeep {
            store: self.store.clone(),
            documents: self.documents.clone(),
            keys,
            extender: Extender {
                validator: Validator {
                    anchors: read_anchors(&[std::path::PathBuf::from(root).into()]).unwrap(),
                    material: Material::default(),
                    constraints: Constraints::default(),
                    limits: signer::Limits::default(),
                    fetcher: Fetcher::new(&fetch).map(Arc::new),
                },
                stamper: Stamper::new(tsa).unwrap(),
                hash: HashAlgorithm::Sha256,
            },
            node: fresh(clock.now()),
            clock,
            rules: RULES,
        }
    }
}

/// Registers files, each with one signature that shall have this level.
async fn begin<K: DocumentKeys + Send + 'static, C: Clock>(
    kept: &Kept,
    upkeep: &Upkeep<K, C>,
    (files, wanted): (&[File], Level),
) -> Vec<Id<word::Upkeep>> {
    let now = upkeep.clock.now();
    let mut begun = Vec::new();
    for file in files {
        let content = match &file.content {
            None => None,
            Some(content) => Some(kept.put(content, now, &upkeep.keys).await),
        };
        let new = NewUpkeep {
            document: kept.put(&file.bytes, now, &upkeep.keys).await,
            content,
            which: file.which.clone(),
            wanted,
        };
        begun.push(upkeep.begin(new).await.unwrap());
    }
    begun
}

type TestUpkeep = Upkeep<hsm::Boundary<Store, ManualClock>, ManualClock>;

/// A house with a clock that is moved, and four signed files.
struct Desk {
    pki: Pki,
    kept: Kept,
    files: Vec<File>,
    root: String,
}

impl Desk {
    async fn new() -> Self {
        let pki = Pki::new().await;
        let (client, issued) = pki.client(IIN, KeyAlgorithm::P256).await;
        let certificate = SigningCertificate::new(
            issued.der.unwrap(),
            vec![pki.authority().house().issuing().unwrap().der().to_vec()],
            SignatureProfile::default_for(KeyAlgorithm::P256),
        )
        .unwrap();
        let files = signed(&pki.world, &client, &certificate).await;
        let root = pki.chain().0.display().to_string();
        let kept = Kept::of(&pki.world).await;
        Self {
            pki,
            kept,
            files,
            root,
        }
    }

    fn upkeep_by(&self, tsa: &str) -> TestUpkeep {
        let world = &self.pki.world;
        self.kept
            .upkeep(world.service.clone(), world.clock.clone(), tsa, &self.root)
    }

    fn upkeep(&self) -> TestUpkeep {
        self.upkeep_by(&format!("{}/tsa", self.pki.base))
    }

    fn now(&self) -> Time {
        self.pki.world.now()
    }

    /// Every signature passes, and has this level.
    async fn judged(&self, upkeep: &TestUpkeep, row: &UpkeepRow, content: Option<&[u8]>) -> Option<Level> {
        let file = self.kept.whole(row.document, &upkeep.keys).await;
        let submitted = Submitted {
            name: "file".to_owned(),
            file: Box::new(file),
            content: content.map(|content| {
                let content: Box<dyn Source + Send> = Box::new(content.to_vec());
                ("content".to_owned(), content)
            }),
        };
        let report = upkeep
            .extender
            .validator
            .judge(submitted, self.now())
            .await
            .unwrap();
        assert_eq!(report.indication(), Some(Indication::TotalPassed), "{report:#?}");
        report.signatures.first().unwrap().level
    }

    /// By what is inside alone, pyHanko finds the path and the status of the signer and of the unit of every time stamp, of
    /// which one is on all of it.
    async fn judged_elsewhere(&self, upkeep: &TestUpkeep, row: &UpkeepRow, which: &Which) {
        let file = self.kept.whole(row.document, &upkeep.keys).await;
        let (script, name, bytes) = match which {
            Which::Field(_) => ("judge.py", None, file),
            Which::Id(name) | Which::Value(name) => ("paths.py", Some(name), file),
            Which::Within {
                file: inside,
                signature: Inside::Id(name) | Inside::Value(name),
            } => {
                let container = asic::Container::open(&file).unwrap();
                let bytes = container.file(inside).unwrap().read(1 << 20).unwrap();
                ("paths.py", Some(name), bytes)
            }
        };
        let path = self.pki.world.tokens.path("judged");
        std::fs::write(&path, bytes).unwrap();
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../signer/tests/extending");
        let mut command = Command::new(judges());
        command.arg("-I").arg(scripts.join(script)).arg(path);
        command.args([&self.root, &self.now().to_string()]);
        let output = run(command.args(name).arg("1")).await;
        assert!(output.status.success(), "{which}: {output:?}");
    }

    /// What a house does in the meantime: new lists, new services.
    async fn keep_house(&self) {
        let authority = self.pki.authority();
        authority.renew_due().await.unwrap();
        authority.root_list(&self.pki.root).await.unwrap();
        for scope in authority.scopes() {
            authority.refresh_lists(scope).await.unwrap();
        }
    }
}

/// Rounds until nothing is due; all that was done.
async fn all<K: DocumentKeys + Send + 'static, C: Clock>(upkeep: &Upkeep<K, C>) -> Round {
    let mut sum = Round::default();
    for _ in 0..40 {
        let round = upkeep.round().await.unwrap();
        if round == Round::default() {
            return sum;
        }
        sum.made += round.made;
        sum.failed += round.failed;
    }
    panic!("there is no end: {sum:?}");
}

fn due_at(row: &UpkeepRow) -> Time {
    match &row.state {
        UpkeepState::Waiting { due_at, .. } => *due_at,
        other => panic!("{other:?}"),
    }
}

/// Every kind of file goes from B to LTA; old files go, and before the seal ends there is a new one.
#[tokio::test(flavor = "multi_thread")]
async fn signatures_of_every_kind_reach_lta_and_are_sealed_anew_in_time() {
    let desk = Desk::new().await;
    let upkeep = desk.upkeep();
    let ids = begin(&desk.kept, &upkeep, (&desk.files, Level::Lta)).await;
    let mut first = Vec::new();
    for id in &ids {
        first.push(desk.kept.row(*id).await.document);
    }
    let done = all(&upkeep).await;
    assert_eq!(done.failed, 0);
    let house = desk.pki.authority().house();
    let unit_ends = house.service(hsm::ServiceKey::TimeStamp).unwrap().validity().1;
    let mut before = Vec::new();
    for (id, file) in ids.iter().zip(&desk.files) {
        let row = desk.kept.row(*id).await;
        assert_eq!(row.reached, Level::Lta);
        assert!(due_at(&row) <= unit_ends.minus(RULES.margin), "{row:?}");
        assert!(due_at(&row) > desk.now().plus(300 * DAY), "{row:?}");
        let level = desk.judged(&upkeep, &row, file.content.as_deref()).await;
        assert_eq!(level, Some(Level::Lta));
        desk.judged_elsewhere(&upkeep, &row, &file.which).await;
        before.push(row);
    }

    // The files that were handed over can be read for a day, and then by nobody.
    upkeep.tidy().await.unwrap();
    desk.kept.whole(first[0], &upkeep.keys).await;
    desk.pki.world.clock.advance(DAY + Duration::from_hours(1));
    upkeep.tidy().await.unwrap();
    let gone = desk.kept.documents.get(first[0], &upkeep.keys).await;
    assert!(matches!(gone, Err(GetError::Shredded { .. })), "{gone:?}");

    // The clock is moved to the day before, and then to the day.
    let due = before.iter().map(due_at).min().unwrap();
    desk.pki.world.clock.advance(due.minus(DAY).since(desk.now()));
    desk.keep_house().await;
    assert_eq!(upkeep.round().await.unwrap(), Round::default());
    desk.pki.world.clock.advance(2 * DAY);
    desk.keep_house().await;
    let done = all(&upkeep).await;
    assert!(done.made >= 4, "{done:?}: {:?}", desk.kept.row(ids[0]).await);
    for (id, before) in ids.iter().zip(&before) {
        let row = desk.kept.row(*id).await;
        assert_ne!(row.document, before.document);
        assert_eq!(row.reached, Level::Lta);
        assert!(due_at(&row) > desk.now().plus(300 * DAY), "{row:?}");
    }
}

/// An authority between the job and the real one, that does what it is told.
struct Between {
    base: String,
    mode: Arc<AtomicU8>,
    /// Told when it holds a request.
    holding: Arc<Notify>,
    asked: Arc<AtomicU64>,
}

const TRUE: u8 = 0;
const DEAD: u8 = 1;
const HOLDING: u8 = 2;
const ALTERED: u8 = 3;
const REPEATED: u8 = 4;

impl Between {
    async fn before(base: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let between = Self {
            base: format!("http://{}/tsa", listener.local_addr().unwrap()),
            mode: Arc::default(),
            holding: Arc::default(),
            asked: Arc::default(),
        };
        let real = base.trim_start_matches("http://").to_owned();
        let (mode, holding, asked) = (
            Arc::clone(&between.mode),
            Arc::clone(&between.holding),
            Arc::clone(&between.asked),
        );
        tokio::spawn(async move {
            let last = Arc::new(tokio::sync::Mutex::new(Vec::new()));
            while let Ok((asker, _)) = listener.accept().await {
                asked.fetch_add(1, Ordering::SeqCst);
                let (mode, holding) = (Arc::clone(&mode), Arc::clone(&holding));
                let (real, last) = (real.clone(), Arc::clone(&last));
                tokio::spawn(async move {
                    // Whoever asks may go away at any moment.
                    let _ = pass(asker, &real, (&mode, &holding), &last).await;
                });
            }
        });
        between
    }

    fn is(&self, mode: u8) {
        self.mode.store(mode, Ordering::SeqCst);
    }
}

/// One question and its answer, in whatever condition.
async fn pass(
    mut asker: TcpStream,
    real: &str,
    (mode, holding): (&AtomicU8, &Notify),
    last: &tokio::sync::Mutex<Vec<u8>>,
) -> std::io::Result<()> {
    let question = message(&mut asker).await?;
    match mode.load(Ordering::SeqCst) {
        DEAD => return Ok(()),
        HOLDING => {
            holding.notify_one();
            // Until the asker is gone.
            let _ = asker.read(&mut [0]).await?;
            return Ok(());
        }
        _ => {}
    }
    let body = question.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    let mut authority = TcpStream::connect(real).await?;
    let head = format!(
        "POST /tsa HTTP/1.1\r\nHost: {real}\r\nContent-Type: application/timestamp-query\r\nContent-Length: {}\r\n\r\n",
        question.len() - body
    );
    authority.write_all(head.as_bytes()).await?;
    authority.write_all(&question[body..]).await?;
    let mut answer = message(&mut authority).await?;
    match mode.load(Ordering::SeqCst) {
        // The end of a token is the signature's value.
        ALTERED => *answer.last_mut().unwrap() ^= 1,
        REPEATED => answer.clone_from(&*last.lock().await),
        _ => last.lock().await.clone_from(&answer),
    }
    asker.write_all(&answer).await?;
    asker.shutdown().await
}

/// Head and body of a message with a length.
async fn message(from: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut read = Vec::new();
    loop {
        let head = read.windows(4).position(|four: &[u8]| four == b"\r\n\r\n");
        if let Some(head) = head {
            let text = String::from_utf8_lossy(&read[..head]).to_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.unwrap().trim().parse().unwrap();
            if read.len() >= head + 4 + length {
                return Ok(read);
            }
        }
        let mut piece = [0; 4_096];
        let count = from.read(&mut piece).await?;
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        read.extend_from_slice(&piece[..count]);
    }
}

/// An authority that is dead, altered on the way, repeats itself or holds its answer: nothing of it gets into the file, the
/// file stays, and it is tried later and later until the authority does better.
#[tokio::test(flavor = "multi_thread")]
async fn an_authority_that_fails_changes_nothing_and_is_asked_again() {
    let desk = Desk::new().await;
    let between = Between::before(&desk.pki.base).await;
    let upkeep = desk.upkeep_by(&between.base);
    // So that there is something to be repeated.
    let digest = HashAlgorithm::Sha256.digest(b"another");
    upkeep.extender.stamper.stamp(digest).await.unwrap();
    let ids = begin(&desk.kept, &upkeep, (&desk.files[2..3], Level::Lta)).await;
    let begun = desk.kept.row(ids[0]).await;
    let bytes = desk.kept.whole(begun.document, &upkeep.keys).await;
    let mut pause = Duration::from_mins(1);
    for (number, (mode, why)) in [
        (DEAD, "does not answer"),
        (ALTERED, "is not believed (SIG_CRYPTO_FAILURE)"),
        (REPEATED, "not over the digest that was asked for"),
        (HOLDING, "nothing came within"),
    ]
    .into_iter()
    .enumerate()
    {
        between.is(mode);
        let done = upkeep.round().await.unwrap();
        assert_eq!((done.made, done.failed), (0, 1), "{why}");
        let row = desk.kept.row(ids[0]).await;
        let UpkeepState::Waiting {
            due_at,
            owed_since,
            failed: Some((failures, reason)),
        } = &row.state
        else {
            panic!("{row:?}")
        };
        assert!(reason.text.contains(why), "{reason:?}");
        assert_eq!(reason.code, UpkeepFault::Authority);
        assert_eq!(usize::try_from(*failures).unwrap(), number + 1);
        assert_eq!((row.document, row.reached), (begun.document, Level::B));
        assert_eq!(
            *owed_since, begun.created_at,
            "what is owed since then is still owed"
        );
        assert!(*due_at > row.changed_at.plus(pause).minus(Duration::from_secs(1)));
        assert_eq!(
            upkeep.round().await.unwrap(),
            Round::default(),
            "not before its time"
        );
        desk.pki.world.clock.advance(pause + Duration::from_secs(1));
        pause *= 2;
    }
    // More often than what may be the file's fault is tried, and still.
    assert_eq!(desk.kept.whole(begun.document, &upkeep.keys).await, bytes);
    let standing = desk.kept.store.upkeep_standing(desk.now()).await.unwrap();
    assert_eq!((standing.owed, standing.stuck), (1, 0));
    assert!(standing.reason.unwrap().contains("nothing came"));
    between.is(TRUE);
    desk.keep_house().await;
    let done = all(&upkeep).await;
    assert_eq!(done.failed, 0);
    let row = desk.kept.row(ids[0]).await;
    let level = desk.judged(&upkeep, &row, desk.files[2].content.as_deref()).await;
    assert_eq!(level, Some(Level::Lta));
}

/// Many nodes at once: every step is made once.
#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_never_make_a_step_twice() {
    let desk = Desk::new().await;
    let (first, second) = (desk.upkeep(), desk.upkeep());
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.extend(begin(&desk.kept, &first, (&desk.files, Level::Lta)).await);
    }
    let (a, b) = tokio::join!(all(&first), all(&second));
    assert_eq!((a.failed, b.failed), (0, 0));
    // Whoever finds nothing due may stop while the other is at work.
    let rest = all(&first).await;
    let steps = i64::try_from(a.made + b.made + rest.made).unwrap();
    let engine = &desk.pki.world.tokens.engine;
    assert_eq!(
        engine.number("SELECT COUNT(*) FROM replaced_document").await,
        steps
    );
    let documents = engine
        .number("SELECT COUNT(*) FROM document WHERE state = 'kept'")
        .await;
    assert_eq!(documents, steps + 12 + 3, "and no file that nobody knows of");
    for id in ids {
        let row = desk.kept.row(id).await;
        assert_eq!(row.reached, Level::Lta);
    }
}

/// A node that is suspended in its turn comes too late: its file is nobody's, and goes.
#[tokio::test(flavor = "multi_thread")]
async fn who_wakes_after_its_turn_changes_nothing() {
    let desk = Desk::new().await;
    let upkeep = desk.upkeep();
    let ids = begin(&desk.kept, &upkeep, (&desk.files[..1], Level::T)).await;
    let row = desk.kept.row(ids[0]).await;
    let now = desk.now();
    let due = Due {
        now,
        longest: now.plus(Duration::from_mins(2)),
        most: 8,
    };
    let sleeper = fresh(now);
    let until = now.plus(Duration::from_secs(12));
    let turn = desk
        .kept
        .store
        .take_upkeep(&row, sleeper, until, due)
        .await
        .unwrap()
        .unwrap();
    let again = desk
        .kept
        .store
        .take_upkeep(&row, fresh(now), until, due)
        .await
        .unwrap();
    assert_eq!(again, None);
    assert_eq!(
        upkeep.round().await.unwrap(),
        Round::default(),
        "it is another's turn"
    );
    desk.pki.world.clock.advance(Duration::from_secs(13));
    assert_eq!(upkeep.round().await.unwrap().made, 1);
    let after = desk.kept.row(ids[0]).await;
    assert_eq!((after.reached, &after.state), (Level::T, &UpkeepState::Settled));

    let new = NewDocument {
        id: fresh(desk.now()),
        most: 1_000,
        now: desk.now(),
    };
    let succession = Succession {
        turn,
        from: row.document,
        reached: Level::T,
        due_at: None,
        now: desk.now(),
    };
    let late = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"late"))]);
    let mut chance = UnwrapErr(getrandom::SysRng);
    let witness = |_: &store::DocumentRow| hsm::LeafRow {
        leaf: domain::Leaf::new(
            domain::LeafKind::Extended,
            now,
            [0; 32],
            &domain::Salt::new([0; 16]),
            b"{}",
        ),
        salt: domain::Salt::new([0; 16]),
        content: b"{}".to_vec(),
        credential: None,
        client: None,
        repeats: None,
    };
    let leaves = desk
        .pki
        .world
        .tokens
        .engine
        .number("SELECT COUNT(*) FROM leaf")
        .await;
    let refused = desk
        .kept
        .documents
        .succeed((succession, new), late, &upkeep.keys, &mut chance, witness)
        .await;
    assert!(
        matches!(refused, Err(PutError::Database(hsm::JournalError::Conflict))),
        "{refused:?}"
    );
    let engine = &desk.pki.world.tokens.engine;
    assert_eq!(engine.number("SELECT COUNT(*) FROM leaf").await, leaves);
    assert_eq!(engine.number("SELECT COUNT(*) FROM loose_object").await, 0);
    assert_eq!(desk.kept.store.document(new.id).await.unwrap(), None);
    assert_eq!(desk.kept.row(ids[0]).await, after);
}

/// What cannot be extended ends with a reason, is not tried for ever, and goes on when people had it tried again.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_extended_waits_for_people() {
    let desk = Desk::new().await;
    let upkeep = desk.upkeep();
    let ids = begin(&desk.kept, &upkeep, (&desk.files[..2], Level::Lta)).await;
    // No such signature, no such level, and one that is kept already.
    let row = desk.kept.row(ids[0]).await;
    let new = |which, wanted| NewUpkeep {
        document: row.document,
        content: None,
        which,
        wanted,
    };
    let refused = upkeep.begin(new(Which::Field("none".to_owned()), Level::T)).await;
    assert!(matches!(refused, Err(BeginError::File(_))), "{refused:?}");
    let refused = upkeep.begin(new(desk.files[0].which.clone(), Level::B)).await;
    assert!(matches!(refused, Err(BeginError::Wanted)), "{refused:?}");
    let refused = upkeep.begin(new(desk.files[0].which.clone(), Level::T)).await;
    assert!(matches!(refused, Err(BeginError::Kept)), "{refused:?}");

    // The first file's object is lost; of the second, nobody may ask whether the time stamp's unit is revoked.
    let object = desk
        .kept
        .store
        .document(row.document)
        .await
        .unwrap()
        .unwrap()
        .object;
    let path = found(&desk.pki.world.tokens.path("documents"), &object.to_string());
    let saved = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let mut alone = desk.upkeep();
    alone.extender.validator.fetcher = None;
    let mut failed = 0;
    for _ in 0..8 {
        failed += alone.round().await.unwrap().failed;
        desk.pki.world.clock.advance(Duration::from_hours(7));
    }
    assert_eq!(
        failed,
        1 + 3,
        "what is lost is tried once, what may come three times"
    );
    for (id, code, words) in [
        (
            ids[0],
            UpkeepFault::Document,
            "restore it from a backup of the place",
        ),
        (ids[1], UpkeepFault::Evidence, "validation.fetch"),
    ] {
        let stuck = desk.kept.row(id).await;
        assert_eq!(stuck.reached, Level::B);
        let UpkeepState::Stuck(reason) = &stuck.state else {
            panic!("{stuck:?}")
        };
        assert_eq!(reason.code, code);
        assert!(reason.text.contains(words), "{reason:?}");
    }
    let standing = desk.pki.authority().standing().await.unwrap();
    assert_eq!((standing.upkeep.owed, standing.upkeep.stuck), (0, 2));
    let metrics = String::from_utf8(desk.pki.get("/metrics").await).unwrap();
    assert!(metrics.contains("tamga_upkeep_stuck 2"), "{metrics}");

    std::fs::write(&path, saved).unwrap();
    desk.keep_house().await;
    assert_eq!(desk.kept.store.retry_upkeeps(None, desk.now()).await.unwrap(), 2);
    assert_eq!(all(&upkeep).await.failed, 0);
    for id in ids {
        assert_eq!(desk.kept.row(id).await.reached, Level::Lta);
    }
    let kept = desk.kept.store.document(row.document).await.unwrap().unwrap();
    assert!(matches!(kept.state, DocumentState::Kept(_)), "until the tidying");
}

/// The file whose name ends so.
fn found(folder: &std::path::Path, name: &str) -> std::path::PathBuf {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(name) {
                return path;
            }
        }
    }
    panic!("{name}");
}

fn count_files(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path| if path.is_dir() { count_files(&path) } else { 1 })
        .sum()
}

/// `kill -9` of the service at each step, and of two nodes at random: nothing is lost, nothing is done twice, and the next
/// start goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_service_goes_on_where_it_was() {
    let site = Site::founded("").await;
    let world = &site.world;
    let between = Between::before(&site.base).await;
    let socket = |role: &str| Remote::unix(world.tokens.path(&format!("sockets/{role}.sock")));
    let authority = open_authority_over(world, socket("ca"), (&site.base, 1)).await;
    let client = world.uncertified(IIN, KeyAlgorithm::P256, RIGHT).await;
    let issued = authority
        .issue(server::IssueRequest {
            statement: fresh(world.now()),
            kind: domain::CertificateKind::NaturalPerson,
            subject: world::person(client.iin),
            key: server::KeySource::Receipt(client.receipt.clone()),
            hosts: Vec::new(),
            published: true,
            issuer: None,
        })
        .await
        .unwrap();
    let house = authority.house();
    let certificate = SigningCertificate::new(
        issued.der.unwrap(),
        vec![house.issuing().unwrap().der().to_vec()],
        SignatureProfile::default_for(KeyAlgorithm::P256),
    )
    .unwrap();
    site.write(
        "root.pem",
        &world::pem("CERTIFICATE", house.root().unwrap().der()),
    );
    let folder = world.tokens.folder().display();
    let settings = format!(
        "[documents]\nplace = 'file:{folder}/documents'\n[upkeep]\ntime_stamps = '{}'\nfirst_retry_seconds = 1\n\
         [validation]\nanchors = ['{folder}/root.pem']\n[validation.fetch]\nallowed = true\nhosts = ['127.0.0.1']\n\
         only_hosts = true\n",
        between.base
    );
    site.write("tamga.toml", &(site.read("tamga.toml") + &settings));
    let files = signed(world, &client, &certificate).await;
    let kept = Kept::of(world).await;
    let root = world.tokens.path("root.pem").display().to_string();
    let upkeep = kept.upkeep(socket("jobs"), world.clock.clone(), &between.base, &root);
    let ids = begin(&kept, &upkeep, (&files, Level::Lta)).await;

    // Cut off in the first step, which waits for its time stamps.
    between.is(HOLDING);
    let mut node = site.serve().await;
    between.holding.notified().await;
    node.kill();
    for id in &ids {
        assert_eq!(kept.row(*id).await.reached, Level::B);
    }
    // Cut off wherever it is, again and again, beside another node.
    between.is(TRUE);
    let mut other = site.serve_elsewhere().await;
    for _ in 0..share_of(200).max(2) {
        let mut node = site.serve().await;
        let [random] = rng::<1>();
        // The random point at which the power fails: nothing waits for this.
        tokio::time::sleep(Duration::from_millis(u64::from(random) * 4)).await;
        node.kill();
    }
    other.kill();
    // Certificates say that lists are at the first node.
    let node = site.serve().await;
    for id in &ids {
        let mut row = kept.row(*id).await;
        for _ in 0..1_200 {
            if row.reached == Level::Lta && due_at(&row) > world.now().plus(DAY) {
                break;
            }
            assert!(!matches!(row.state, UpkeepState::Stuck(_)), "{row:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
            row = kept.row(*id).await;
        }
        assert_eq!(row.reached, Level::Lta, "{row:?}: {}", node.log());
        assert!(due_at(&row) > world.now().plus(100 * DAY), "{row:?}");
    }
    drop(node);
    let engine = &world.tokens.engine;
    let replaced = engine.number("SELECT COUNT(*) FROM replaced_document").await;
    let documents = engine
        .number("SELECT COUNT(*) FROM document WHERE state = 'kept'")
        .await;
    assert_eq!(
        documents,
        replaced + 4 + 1,
        "every file is the newest, or was replaced"
    );
    kept.documents.sweep(Time::from_micros(i64::MAX)).await.unwrap();
    let files = count_files(&world.tokens.path("documents"));
    assert_eq!(
        files,
        usize::try_from(documents).unwrap(),
        "what crashes left is swept"
    );
    assert!(between.asked.load(Ordering::SeqCst) >= 8);
}
