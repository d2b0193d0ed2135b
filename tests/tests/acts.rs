//! Documents of every kind, signed in one act by a key behind the boundary, and judged.

#![expect(clippy::unwrap_used, reason = "a test that fails may fail loudly")]

use std::fmt::Write as _;

use domain::{Id, KeyAlgorithm, SignatureProfile, Time, word};
use hsm::{ActivateRequest, Outcome, Remote, Service, SignedBatch};
use signer::{
    Act, ActError, Limits, Material, Order, SignedDocument, SigningCertificate, Source, Which, Wish, asic,
    cades::Packaging,
    judgement::{Constraints, Context, Indication, judge},
    xml,
};
use world::{Client, Pki, Vault, World};

const IIN: &str = "900101300017";
const RIGHT: u8 = 1;

/// One client with a certificate, and what it signs with.
struct Desk {
    pki: Pki,
    client: Client,
    certificate: SigningCertificate,
    /// The revocation lists, as anybody fetches them.
    lists: Material,
}

impl Desk {
    async fn of(algorithm: KeyAlgorithm) -> Self {
        let pki = Pki::new().await;
        let (client, issued) = pki.client(IIN, algorithm).await;
        let house = pki.authority().house();
        let certificate = SigningCertificate::new(
            issued.der.unwrap(),
            vec![house.issuing().unwrap().der().to_vec()],
            SignatureProfile::default_for(algorithm),
        )
        .unwrap();
        let mut lists = Material::default();
        for path in ["/pki/root.crl", "/pki/issuing-1.crl"] {
            lists.lists.insert(pki.get(path).await);
        }
        Self {
            pki,
            client,
            certificate,
            lists,
        }
    }

    fn prepare(&self, orders: &[Order<'_>]) -> Result<Act, ActError> {
        let now = self.pki.world.now();
        Act::new(orders, &self.certificate, now, &Limits::default())
    }

    /// One Sad for all of them.
    async fn activate(&self, act: &Act) -> SignedBatch {
        let world = &self.pki.world;
        let session = world.session();
        let assertion = world.proven(session, self.client.iin).await;
        let shown = act.shown().collect();
        let (nonce, sad) = world.sad(session, self.client.credential, (RIGHT, shown)).await;
        let request = ActivateRequest {
            assertion,
            nonce,
            sad,
            profile: self.certificate.profile(),
            list: act.to_be_signed(),
        };
        world.service.activate(request).await.unwrap()
    }

    /// Every signature of a file passes, with the root alone, and is over what the device was shown.
    fn judged(&self, file: &[u8], content: Option<&[u8]>, shown: domain::Digest) {
        let house = self.pki.authority().house();
        let root = house.root().unwrap().der();
        let anchors = [pki::path::Anchor::new(pki::Presented::parse(root).unwrap())];
        let believed = Context {
            anchors: &anchors,
            material: &self.lists,
            at: self.pki.world.now(),
            constraints: &Constraints::default(),
        };
        let file = file.to_vec();
        let content = content.map(<[u8]>::to_vec);
        let content = content
            .as_ref()
            .map(|content| ("content", content as &dyn Source));
        let claims = signer::claims(&file, content, &Limits::default()).unwrap();
        assert_eq!(claims.len(), 1);
        for claim in &claims {
            let report = judge(claim, &believed);
            assert_eq!(report.indication(), Indication::TotalPassed, "{report:#?}");
            let covers = claim.covered.iter().any(|covered| covered.digest == Some(shown));
            assert!(covers, "what was shown is not what is signed: {claim:#?}");
        }
    }
}

/// A page of PDF, another for each number.
fn page(number: usize) -> Vec<u8> {
    let text = format!("BT /F 12 Tf 72 700 Td (Document {number}) Tj ET");
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

fn content(number: usize) -> Vec<u8> {
    match number % 4 {
        0 => page(number),
        1 => format!("<contract number=\"{number}\"><sum>1000</sum></contract>").into_bytes(),
        _ => format!("file {number}").into_bytes(),
    }
}

fn wish(number: usize) -> Wish<'static> {
    match number % 4 {
        0 => Wish::Pdf(Box::default()),
        1 => Wish::Xml(xml::Form::Enveloped(xml::Others::Excluded)),
        2 => Wish::Cms {
            packaging: Packaging::Detached,
            mime: None,
        },
        _ => Wish::Container {
            kind: asic::Kind::Simple,
            files: vec![(format!("file-{number}.txt"), "text/plain".to_owned())],
        },
    }
}

fn orders<'a>(contents: &'a [Vec<u8>], desk: &Desk) -> Vec<Order<'a>> {
    at(contents, desk.pki.world.now())
}

fn at(contents: &[Vec<u8>], now: Time) -> Vec<Order<'_>> {
    let mut random = rand_core::UnwrapErr(getrandom::SysRng);
    contents
        .iter()
        .enumerate()
        .map(|(number, content)| Order {
            id: Id::<word::Document>::new(now, &mut random),
            sources: vec![content],
            wish: wish(number),
        })
        .collect()
}

fn written(signed: &SignedDocument, content: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let content = content.to_vec();
    signed.output.write_to(&[&content], &mut file).unwrap();
    file
}

/// R124: one password, one Sad, a thousand documents of mixed kinds; the results come in their order, and each is over
/// exactly what the device was shown.
#[tokio::test]
async fn a_thousand_documents_of_mixed_kinds_are_signed_in_one_act() {
    let desk = Desk::of(KeyAlgorithm::P256).await;
    let contents: Vec<Vec<u8>> = (0..1_000).map(content).collect();
    let orders = orders(&contents, &desk);
    let act = desk.prepare(&orders).unwrap();
    let shown: Vec<_> = act.shown().collect();
    let in_order = orders.iter().map(|order| order.id);
    assert!(shown.iter().map(|shown| shown.id).eq(in_order.clone()));
    let batch = desk.activate(&act).await;
    let signed = act.finish(&batch).unwrap();
    assert_eq!(signed.len(), 1_000);
    assert!(signed.iter().map(|signed| signed.id).eq(in_order));
    for (number, signed) in signed.iter().enumerate() {
        let which = signed.which.as_ref().unwrap();
        let is_right = match number % 4 {
            0 => matches!(which, Which::Field(_)),
            1 => matches!(which, Which::Id(_)),
            2 => matches!(which, Which::Value(_)),
            _ => matches!(which, Which::Within { .. }),
        };
        assert!(is_right, "{number}: {which:?}");
    }
    for (number, (signed, (content, shown))) in signed.iter().zip(contents.iter().zip(&shown)).enumerate() {
        // All kinds, from the beginning to the end.
        if number % 83 < 4 {
            let file = written(signed, content);
            assert_eq!(Which::all(&file).unwrap(), [signed.which.clone().unwrap()]);
            let detached = (number % 4 == 2).then_some(content.as_slice());
            desk.judged(&file, detached, shown.digest);
        }
    }
}

/// RSA as well: the same act with another kind of key.
#[tokio::test]
async fn documents_of_every_kind_are_signed_with_rsa() {
    let desk = Desk::of(KeyAlgorithm::Rsa2048).await;
    let contents: Vec<Vec<u8>> = (0..4).map(content).collect();
    let act = desk.prepare(&orders(&contents, &desk)).unwrap();
    let shown: Vec<_> = act.shown().collect();
    let batch = desk.activate(&act).await;
    let signed = act.finish(&batch).unwrap();
    for (number, (signed, (content, shown))) in signed.iter().zip(contents.iter().zip(shown)).enumerate() {
        let file = written(signed, content);
        let detached = (number == 2).then_some(content.as_slice());
        desk.judged(&file, detached, shown.digest);
    }
}

/// What cannot be signed is named before anything is: its number, its id, and why.
#[tokio::test]
async fn one_bad_document_is_named_before_anything_is_signed() {
    let desk = Desk::of(KeyAlgorithm::P256).await;
    let mut contents: Vec<Vec<u8>> = (0..8).map(content).collect();
    contents[5] = b"<contract><sum>1000</contract>".to_vec();
    let bad = orders(&contents, &desk);
    match desk.prepare(&bad) {
        Err(ActError::Document { number: 6, id, .. }) => assert_eq!(id, bad[5].id),
        other => panic!("{other:?}"),
    }
    contents[5] = content(5);
    contents[4].truncate(100);
    let cut = orders(&contents, &desk);
    assert!(
        matches!(desk.prepare(&cut), Err(ActError::Document { number: 5, .. })),
        "a PDF that was cut off"
    );
    contents[4] = content(4);
    let mut twice = orders(&contents, &desk);
    twice[7].id = twice[0].id;
    assert!(matches!(desk.prepare(&twice), Err(ActError::Twice(_))));
    assert!(matches!(desk.prepare(&[]), Err(ActError::Count { given: 0, .. })));
    let many: Vec<Vec<u8>> = (0..1_001).map(content).collect();
    let many = orders(&many, &desk);
    assert!(matches!(
        desk.prepare(&many),
        Err(ActError::Count {
            given: 1_001,
            most: 1_000
        })
    ));
}

/// Signatures of another act, or in another order, make no document.
#[tokio::test]
async fn signatures_that_belong_elsewhere_finish_nothing() {
    let desk = Desk::of(KeyAlgorithm::P256).await;
    let contents: Vec<Vec<u8>> = (0..4).map(content).collect();
    let orders = orders(&contents, &desk);
    let act = desk.prepare(&orders).unwrap();
    let batch = desk.activate(&act).await;
    let mut swapped = batch.clone();
    swapped.signatures.swap(0, 1);
    assert!(matches!(act.clone().finish(&swapped), Err(ActError::Batch)));
    let mut short = batch.clone();
    short.signatures.pop();
    assert!(matches!(act.clone().finish(&short), Err(ActError::Batch)));
    let mut exchanged = batch.clone();
    let value = exchanged.signatures[1].1.clone();
    exchanged.signatures[0].1 = value;
    assert!(matches!(
        act.clone().finish(&exchanged),
        Err(ActError::Document { number: 1, .. })
    ));
    act.finish(&batch).unwrap();
}

/// The boundary as a program, with an act that was stored, and no process that remembers it.
struct Stored {
    world: World<Vault>,
    client: Client,
    act: Vec<u8>,
    contents: Vec<Vec<u8>>,
}

impl Stored {
    async fn new() -> Self {
        let world = World::of_program("").await;
        let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
        let certificate =
            SigningCertificate::new(client.certificate.clone(), Vec::new(), client.profile()).unwrap();
        let contents: Vec<Vec<u8>> = (0..8).map(content).collect();
        let now = world.now();
        let act = Act::new(&at(&contents, now), &certificate, now, &Limits::default()).unwrap();
        Self {
            act: act.stored().unwrap(),
            world,
            client,
            contents,
        }
    }

    /// What a process that starts now has of the act.
    fn read(&self) -> Act {
        Act::parse(&self.act, &Limits::default()).unwrap()
    }

    /// A Sad for the act as it is read.
    async fn request(&self) -> ActivateRequest {
        let (world, act) = (&self.world, self.read());
        let session = world.session();
        let assertion = world.proven(session, self.client.iin).await;
        let shown = act.shown().collect();
        let (nonce, sad) = world.sad(session, self.client.credential, (RIGHT, shown)).await;
        ActivateRequest {
            assertion,
            nonce,
            sad,
            profile: self.client.profile(),
            list: act.to_be_signed(),
        }
    }

    async fn start_again(&mut self) {
        self.world.service.kill();
        self.world.service = Vault::start(&self.world.tokens).await;
    }

    /// The signed files, by an act that is read for this.
    fn files(&self, batch: &SignedBatch) -> Vec<Vec<u8>> {
        let signed = self.read().finish(batch).unwrap();
        let signed = signed.iter().zip(&self.contents);
        signed.map(|(signed, content)| written(signed, content)).collect()
    }

    /// Each file bears one signature, which covers what was shown.
    fn signed_once(&self, batch: &SignedBatch) {
        let shown: Vec<_> = self.read().shown().collect();
        let files = self.files(batch);
        for (number, ((file, content), shown)) in files.iter().zip(&self.contents).zip(&shown).enumerate() {
            let content = (number % 4 == 2).then_some(("content", content as &dyn Source));
            let claims = signer::claims(file, content, &Limits::default()).unwrap();
            let [claim] = claims.as_slice() else {
                unreachable!()
            };
            assert!(claim.covers(&shown.digest), "{number}");
        }
    }
}

/// Killed before the Activation: nothing was signed, and the stored act is signed by a new Sad. Killed after it, with the
/// answer lost: the outcome is recalled, and the files are byte for byte those of who was not interrupted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_outlives_kill_9_before_and_after_its_activation() {
    let mut stored = Stored::new().await;
    let lost = stored.request().await;
    stored.start_again().await;
    assert_eq!(
        stored.world.service.outcome(lost.nonce).await,
        Ok(Outcome::Unknown),
        "nothing was signed"
    );
    let request = stored.request().await;
    let batch = stored.world.service.activate(request.clone()).await.unwrap();
    let uninterrupted = stored.files(&batch);
    stored.start_again().await;
    let recalled = stored.world.service.outcome(request.nonce).await.unwrap();
    let Outcome::Signed(recalled) = recalled else {
        panic!("{recalled:?}")
    };
    assert_eq!(stored.files(&recalled), uninterrupted);
    stored.signed_once(&recalled);
}

/// Killed in the midst of the Activation: afterwards all documents are signed, or none is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_that_is_killed_in_the_midst_is_signed_whole_or_not_at_all() {
    let mut stored = Stored::new().await;
    for _ in 0..5 {
        let request = stored.request().await;
        let web = Remote::unix(stored.world.tokens.path("sockets/web.sock"));
        let (sent, nonce) = (request.clone(), request.nonce);
        let call = tokio::spawn(async move { web.activate(sent).await });
        // Whenever that is: the call is on its way.
        tokio::task::yield_now().await;
        stored.start_again().await;
        let answered = call.await.unwrap();
        match stored.world.service.outcome(nonce).await.unwrap() {
            Outcome::Signed(batch) => {
                stored.signed_once(&batch);
                assert!(answered.is_err() || answered == Ok(batch));
            }
            Outcome::Unknown | Outcome::Failed => assert!(answered.is_err()),
            Outcome::Pending => panic!("nothing stays open"),
        }
    }
}
