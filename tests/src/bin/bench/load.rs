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
    /// Connections that were dropped before the answer.
    pub(crate) lost: usize,
    /// 99 of 100 answers took no longer, in milliseconds.
    pub(crate) p99: f64,
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
            runtime.block_on(self.run())
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
        let Some(head) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let text = core::str::from_utf8(&buffer[..head])
            .unwrap()
            .to_ascii_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.unwrap().trim().parse().unwrap();
        let body = &buffer[head + 4..];
        if body.len() >= length {
            assert!(text.contains(" 200"), "{text}");
            // OCSPResponse { responseStatus successful (0), … } with a length of two bytes.
            assert_eq!(body[4..7], [0x0A, 1, 0], "the responder refuses");
            return Ok(());
        }
    }
}
