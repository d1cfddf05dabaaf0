//! One HTTP request written by hand, so that a test can also send what no client would: a foreign Host header, a POST to a
//! redirect address, a query of 64 kB.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use url::Url;

/// An answer as text.
#[derive(Clone, Debug)]
pub struct RawAnswer {
    pub status: u16,
    pub text: String,
}

/// Sends one request to an address on this machine; `host` replaces the Host header.
pub async fn send(method: &str, url: &Url, host: Option<&str>) -> RawAnswer {
    let address = format!("{}:{}", url.host_str().expect("a host"), url.port().expect("a port"));
    let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let host = host.unwrap_or(&address);
    let head = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    let mut stream = TcpStream::connect(&address).await.expect("the listener is open");
    stream.write_all(head.as_bytes()).await.expect("the request is sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    RawAnswer { status, text }
}
