//! The loopback listener of a log in, attacked by pages, by other processes and by floods of connections.
//!
//! Most rows knock at a listener of their own; some run a whole log in, so that the same holds where it counts.

mod floods;
mod knocks;
mod logins;
mod ports;

use std::time::Duration;

use engine::loopback::Loopback;
use oauth::profile::Redirect;
use token::secret::Secret;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

pub use floods::child;

use crate::row::Attack;

/// How long an answer may take that is no flood.
const SOON: Duration = Duration::from_secs(5);

/// The rows of this kind.
pub fn rows() -> Vec<Attack> {
    let mut rows = knocks::rows();
    rows.extend(ports::rows());
    rows.extend(floods::rows());
    rows.extend(logins::rows());
    rows
}

/// A listener that waits for a state of its own.
struct Open {
    loopback: Loopback,
    state: &'static str,
}

impl Open {
    async fn start() -> Result<Self, String> {
        Self::at(Redirect::default()).await
    }

    async fn at(redirect: Redirect) -> Result<Self, String> {
        let state = "q0-Zr_57ateOfThisLogin";
        let loopback = Loopback::listen(&redirect, &Secret::new(state)).await.map_err(|fault| fault.message)?;
        Ok(Self { loopback, state })
    }

    fn port(&self) -> u16 {
        self.loopback.address().port()
    }

    /// A request with `{port}` and `{state}` filled in.
    fn filled(&self, text: &str) -> String {
        text.replace("{port}", &self.port().to_string()).replace("{state}", self.state)
    }

    /// The right answer over a connection of its own; fails when it is not taken.
    async fn answered(&mut self) -> Result<(), String> {
        let request = self.filled(&get(GOOD, ""));
        let answer = send(self.port(), request.as_bytes()).await?;
        if answer.status != 200 {
            return Err(format!("the right answer got {}", answer.status));
        }
        match timeout(SOON, self.loopback.arrived()).await {
            Ok(Some(query)) if query == self.filled("code=c0de&state={state}") => Ok(()),
            other => Err(format!("the right answer did not arrive: {other:?}")),
        }
    }

    /// Whether the wait is over, which it must not be.
    async fn waits(&mut self) -> Result<(), String> {
        tokio::select! {
            biased;
            arrived = self.loopback.arrived() => Err(format!("the wait ended with {arrived:?}")),
            () = tokio::task::yield_now() => Ok(()),
        }
    }

    fn strays(&self) -> u32 {
        self.loopback.strays().borrow().sum()
    }
}

/// Target of the right answer.
const GOOD: &str = "/callback?code=c0de&state={state}";

/// A GET with the right Host and more headers (each with its line end).
fn get(target: &str, more: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{{port}}\r\n{more}\r\n")
}

/// What came back; status 0 when the connection was closed without an answer.
struct Answer {
    status: u16,
    text: String,
}

async fn send(port: u16, bytes: &[u8]) -> Result<Answer, String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.map_err(|error| error.to_string())?;
    // Who is refused early may not get to the end of what it sends.
    let _ = stream.write_all(bytes).await;
    read(&mut stream).await
}

async fn read(stream: &mut TcpStream) -> Result<Answer, String> {
    let mut answer = Vec::new();
    // A reset after the answer is the end of it as well.
    let _ = timeout(SOON, stream.read_to_end(&mut answer)).await.map_err(|_| "no answer came".to_owned())?;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    Ok(Answer { status, text })
}
