//! A generator of load over HTTP on loopback: plain sockets, the same requests to whoever answers.
//!
//! It runs on a thread of its own and asks again as soon as it is answered, so the figures are those of the responder
//! at its limit. Connections are kept where the responder keeps them.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// Who is asked, and how.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    /// Where.
    pub(crate) address: SocketAddr,
    /// Whole HTTP requests; asked in turn.
    pub(crate) requests: Arc<Vec<Vec<u8>>>,
    /// Whether connections are kept.
    pub(crate) kept: bool,
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    /// Answers per second.
    pub(crate) rate: f64,
    /// Answers in all.
    pub(crate) answers: usize,
    /// Connections that were dropped before the answer.
    pub(crate) lost: usize,
    /// 99 of 100 answers took no longer, in milliseconds.
    pub(crate) p99: f64,
    /// Processor time that asking took, per answer, in microseconds: what of a core the responder did not have.
    pub(crate) asking: f64,
}

/// Askers at once.
const ASKERS: usize = 16;
/// A run ends after this time, or this many answers.
const RUN: Duration = Duration::from_secs(3);
const MOST: usize = 200_000;

/// An HTTP request that posts a body.
pub(crate) fn post(path: &str, kind: &str, body: &[u8], kept: bool) -> Vec<u8> {
    let connection = if kept { "keep-alive" } else { "close" };
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: {connection}\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

impl Load {
    /// Asks for a while; every answer must be a successful `OCSPResponse`.
    pub(crate) async fn fire(self) -> Figures {
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let before = spent();
            let mut figures = runtime.block_on(self.run());
            figures.asking = (spent() - before) / figures.answers as f64;
            figures
        };
        tokio::task::spawn_blocking(run).await.unwrap()
    }

    async fn run(self) -> Figures {
        let asked = Arc::new(AtomicUsize::new(0));
        let begun = Instant::now();
        let mut askers = JoinSet::new();
        for _ in 0..ASKERS {
            askers.spawn(ask(self.clone(), Arc::clone(&asked), begun));
        }
        let (mut times, mut lost) = (Vec::new(), 0);
        while let Some(done) = askers.join_next().await {
            let (of_one, lost_by_one) = done.unwrap();
            times.extend(of_one);
            lost += lost_by_one;
        }
        assert!(
            lost * 100 <= times.len(),
            "{lost} connections to {} were dropped",
            self.address
        );
        let seconds = begun.elapsed().as_secs_f64();
        times.sort_unstable();
        Figures {
            asking: 0.0,
            answers: times.len(),
            rate: times.len() as f64 / seconds,
            lost,
            p99: times[times.len() * 99 / 100].as_secs_f64() * 1_000.0,
        }
    }
}

async fn ask(load: Load, asked: Arc<AtomicUsize>, begun: Instant) -> (Vec<Duration>, usize) {
    let mut times = Vec::new();
    let mut lost = 0;
    let mut line = None;
    let mut buffer = Vec::with_capacity(4_096);
    while begun.elapsed() < RUN {
        let number = asked.fetch_add(1, Ordering::Relaxed);
        if number >= MOST {
            break;
        }
        let sent = Instant::now();
        let mut stream = match line.take() {
            Some(stream) => stream,
            None => connect(load.address).await,
        };
        let request = &load.requests[number % load.requests.len()];
        // A responder under load may drop a connection; whoever asked asks again, and it is told.
        if stream.write_all(request).await.is_err() || answer(&mut stream, &mut buffer).await.is_err() {
            lost += 1;
            continue;
        }
        times.push(sent.elapsed());
        line = load.kept.then_some(stream);
    }
    (times, lost)
}

async fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Reads one answer to its end.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<()> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let Some((head, body)) = parts(buffer) else {
            continue;
        };
        if body.len() >= length(head) {
            assert!(head.starts_with(b"HTTP/1.1 200") || head.starts_with(b"HTTP/1.0 200"));
            // OCSPResponse { responseStatus successful (0), … } with a length of two bytes.
            assert_eq!(body[4..7], [0x0A, 1, 0], "the responder refuses");
            return Ok(());
        }
    }
}

/// Head and body, once the head has come whole.
fn parts(answer: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut from = 0;
    loop {
        from += answer[from..].iter().position(|byte| *byte == b'\r')?;
        if answer[from..].starts_with(b"\r\n\r\n") {
            return Some((&answer[..from], &answer[from + 4..]));
        }
        from += 1;
    }
}

/// What the head says of the body's length.
fn length(head: &[u8]) -> usize {
    const NAME: &[u8] = b"content-length:";
    let mut lines = head.split(|byte| *byte == b'\n');
    let line = lines
        .find(|line| line.len() > NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME))
        .unwrap();
    let value = core::str::from_utf8(&line[NAME.len()..]).unwrap();
    value.trim().parse().unwrap()
}

/// Processor time of this thread in microseconds.
fn spent() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds: f64 = told.split(' ').next().unwrap().parse().unwrap();
    nanoseconds / 1_000.0
}
