use core::{net::SocketAddr, time::Duration};

use axum::{Router, middleware, routing::post};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{Instant, sleep},
};

use super::{
    SENDING,
    listen::{HEADERS, LONGEST, serve},
    whole,
};

/// A time that passes only while nobody can do anything: each test takes no longer than its bytes.
const STEP: Duration = Duration::from_secs(1);

async fn serving() -> SocketAddr {
    let router = Router::new()
        .route("/", post(|| async { "heard" }))
        .layer(middleware::from_fn(whole));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, router, core::future::pending()));
    address
}

/// Says this at once and then a byte in each step; what is heard, and after how long the end comes.
async fn slowly(said: &str) -> (String, Duration) {
    let begun = Instant::now();
    let (mut reading, mut writing) = TcpStream::connect(serving().await).await.unwrap().into_split();
    writing.write_all(said.as_bytes()).await.unwrap();
    let dripping = tokio::spawn(async move {
        loop {
            sleep(STEP).await;
            if writing.write_all(b"x").await.is_err() {
                return;
            }
        }
    });
    let mut heard = Vec::new();
    // A connection that is cut off while bytes are under way may end in an error.
    let _ = reading.read_to_end(&mut heard).await;
    let took = begun.elapsed();
    dripping.abort();
    (String::from_utf8(heard).unwrap(), took)
}

fn within(took: Duration, limit: Duration) -> bool {
    (limit..=limit + 2 * STEP).contains(&took)
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_cut_off() {
    let mut silent = TcpStream::connect(serving().await).await.unwrap();
    let begun = Instant::now();
    let mut heard = Vec::new();
    silent.read_to_end(&mut heard).await.unwrap();
    assert!(within(begun.elapsed(), HEADERS), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn who_never_comes_to_the_end_of_the_head_is_cut_off() {
    let (heard, took) = slowly("POST / HTTP/1.1\r\nHost: x\r\nX: ").await;
    assert!(
        !heard.contains("heard") && within(took, HEADERS),
        "{took:?}: {heard}"
    );
}

#[tokio::test(start_paused = true)]
async fn who_sends_a_body_too_slowly_is_told_and_cut_off() {
    for length in ["Content-Length: 1000", "Transfer-Encoding: chunked\r\n\r\n1000"] {
        let (heard, took) = slowly(&format!("POST / HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n")).await;
        assert!(heard.starts_with("HTTP/1.1 408"), "{length}: {heard}");
        assert!(within(took, SENDING), "{length}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_ends_however_busy_it_is() {
    let mut stream = TcpStream::connect(serving().await).await.unwrap();
    let begun = Instant::now();
    let mut answer = [0; 1024];
    loop {
        let asked = stream
            .write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            .await;
        match stream.read(&mut answer).await {
            Ok(1..) if asked.is_ok() => sleep(STEP).await,
            Ok(_) | Err(_) => break,
        }
    }
    assert!(within(begun.elapsed(), LONGEST), "{:?}", begun.elapsed());
}
