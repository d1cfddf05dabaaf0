//! A workbench with a clock that stands until it is told to go, and a server that serves one page and counts.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
};

use engine::{
    secrets::Secrets,
    workbench::Workbench,
    world::{Browser, Clock, SystemRandom, World},
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// Milliseconds since the epoch, moved by hand.
pub struct Hand(AtomicI64);

impl Hand {
    pub fn forward(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for Hand {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&self, _: &str) -> Result<(), String> {
        Err("none here".into())
    }
}

pub struct Bench {
    pub workbench: Workbench,
    pub clock: Arc<Hand>,
    folder: tempfile::TempDir,
}

impl Bench {
    /// What the next start finds on disk.
    pub fn started_again(&self) -> Workbench {
        open(self.folder.path(), &self.clock)
    }

    /// The journal, opened by somebody else.
    pub fn journal(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("journal.sqlite")).expect("the journal")
    }

    /// Everything that was written, as one text.
    pub fn written(&self) -> String {
        let files = std::fs::read_dir(self.folder.path()).expect("a folder").flatten();
        files
            .filter_map(|file| std::fs::read(file.path()).ok())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect()
    }
}

pub fn bench() -> Bench {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(Hand(AtomicI64::new(1_800_000_000_000)));
    Bench { workbench: open(folder.path(), &clock), clock, folder }
}

fn open(folder: &Path, clock: &Arc<Hand>) -> Workbench {
    let world = World { clock: clock.clone(), random: Arc::new(SystemRandom), browser: Arc::new(NoBrowser) };
    Workbench::with(folder, world, Secrets::memory(folder.join("secrets"))).expect("opens").0
}

/// A file of the published vectors.
pub fn vectors(path: &str) -> Value {
    let path = format!("{}/../../../tests/fixtures/vectors/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Serves one page, whatever is asked for.
#[derive(Clone)]
pub struct Page {
    pub url: String,
    text: Arc<Mutex<(u16, String)>>,
    asked: Arc<AtomicUsize>,
}

impl Page {
    pub async fn serve(text: String) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}/certs", listener.local_addr().expect("an address"));
        let page = Self { url, text: Arc::new(Mutex::new((200, text))), asked: Arc::default() };
        let served = page.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (mut head, mut buffer) = (Vec::new(), [0; 4096]);
                while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                    match stream.read(&mut buffer).await {
                        Ok(count) if count > 0 => head.extend_from_slice(&buffer[..count]),
                        _ => break,
                    }
                }
                served.asked.fetch_add(1, Ordering::Relaxed);
                let (status, text) = served.text.lock().expect("not poisoned").clone();
                let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}", text.len());
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        page
    }

    pub fn put(&self, status: u16, text: String) {
        *self.text.lock().expect("not poisoned") = (status, text);
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Takes a request and does not answer it.
pub struct Silent {
    pub url: String,
    asked: tokio::sync::watch::Receiver<usize>,
}

impl Silent {
    pub async fn serve() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}/certs", listener.local_addr().expect("an address"));
        let (came, asked) = tokio::sync::watch::channel(0);
        tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut buffer = [0; 4096];
                let _ = stream.read(&mut buffer).await;
                held.push(stream);
                came.send_replace(held.len());
            }
        });
        Self { url, asked }
    }

    /// Ends once so many requests wait for their answer.
    pub async fn holds(&self, requests: usize) {
        self.asked.clone().wait_for(|asked| *asked >= requests).await.expect("it listens until it is dropped");
    }
}
