//! A server that says what a test tells it to say, for what the lab cannot be told to do wrong.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket},
    task::JoinHandle,
};

/// Path to whole response; a path that is not there answers 404.
type Pages = Vec<(String, String)>;

/// Serves fixed pages on loopback until dropped, and remembers the request lines.
pub struct PageServer {
    pub base: String,
    pages: Arc<Mutex<Pages>>,
    asked: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for PageServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl PageServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (pages, asked): (Arc<Mutex<Pages>>, Arc<Mutex<Vec<String>>>) = Default::default();
        let (shown, remembered) = (Arc::clone(&pages), Arc::clone(&asked));
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = Vec::new();
                let mut buffer = [0; 4096];
                while !head.windows(4).any(|window| window == b"\r\n\r\n") {
                    match stream.read(&mut buffer).await {
                        Ok(count) if count > 0 => head.extend_from_slice(&buffer[..count]),
                        _ => break,
                    }
                }
                let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned();
                let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
                remembered.lock().expect("no panic while held").push(line);
                let found = shown
                    .lock()
                    .expect("no panic while held")
                    .iter()
                    .find(|(known, _)| *known == path)
                    .map(|(_, page)| page.clone());
                let page = found.unwrap_or_else(|| response(404, "text/plain", "nothing here"));
                // A client that hangs up early is part of what is tested.
                let _ = stream.write_all(page.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { base, pages, asked, task }
    }

    /// Puts a whole response at a path.
    pub fn put(&self, path: &str, response: String) {
        self.pages.lock().expect("no panic while held").push((path.to_owned(), response));
    }

    /// Request lines so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic while held").clone()
    }
}

/// An address at which nothing listens, and nothing will while this lives: the port is taken and never opened.
pub struct Nobody {
    pub base: String,
    _port: TcpSocket,
}

/// Takes a port nobody answers at.
pub fn nobody() -> Nobody {
    let port = TcpSocket::new_v4().expect("a socket");
    port.bind((std::net::Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
    Nobody { base: format!("http://{}", port.local_addr().expect("an address")), _port: port }
}

/// A whole HTTP response.
pub fn response(status: u16, kind: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}
