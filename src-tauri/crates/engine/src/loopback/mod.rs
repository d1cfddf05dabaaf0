//! The loopback redirect (RFC 8252 7.3): a listener on this machine's loopback address that takes one callback.
//!
//! Any page in the browser and any process of this machine can knock here, so nothing they send may end a log in. Only a GET
//! that went to the right path and Host and carries the state of this very log in, each exactly once, is taken; everything else
//! is answered, counted by kind ([`Strays`]) and forgotten. What the taken query means is decided by the model.
//!
//! Where the redirect host is `localhost`, both of its addresses are held: a browser may try `[::1]` first, and whoever
//! listened there would read the code.

mod door;
mod serve;
mod strays;

use std::{
    io::{self, ErrorKind},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use oauth::{message, profile::Redirect};
use token::secret::Secret;
use tokio::{
    net::TcpListener,
    sync::{oneshot, watch},
    task::JoinHandle,
};

use door::Listener;
pub use strays::Strays;

/// How many free ports are tried until one is free at both addresses of `localhost`.
const PORTS_TRIED: usize = 32;

/// Why no listener could be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenFault {
    /// `port-in-use`, `no-loopback` or `bad-redirect`.
    pub id: &'static str,
    /// What happened.
    pub message: String,
    /// What to do.
    pub advice: String,
}

/// An open listener. Dropping it closes it.
pub struct Loopback {
    redirect_uri: String,
    address: SocketAddr,
    arrived: oneshot::Receiver<String>,
    strays: watch::Receiver<Strays>,
    task: JoinHandle<()>,
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Loopback {
    /// Opens the listener at the redirect's host and port, or at any free port, for the answer that carries `state`.
    ///
    /// # Errors
    /// When the redirect is none that can arrive here, or when the port is not free at every address its host stands for.
    pub async fn listen(redirect: &Redirect, state: &Secret) -> Result<Self, ListenFault> {
        if let Some(fault) = message::redirect_fault(redirect) {
            return Err(ListenFault { id: "bad-redirect", message: fault.message, advice: fault.advice });
        }
        let listeners =
            if redirect.host == "localhost" { both(redirect.port).await? } else { vec![bind(V4, redirect.port).await?] };
        let address = listeners[0].local_addr().map_err(|error| ListenFault {
            id: "no-loopback",
            message: format!("The listener has no address: {error}."),
            advice: "Run it again.".into(),
        })?;
        let place = format!("{}:{}", redirect.host, address.port());
        let redirect_uri = format!("http://{place}{}", redirect.path);
        let (sender, arrived) = oneshot::channel();
        let (door, strays) = Listener::new(place, redirect.path.clone(), state.clone(), sender);
        let task = tokio::spawn(serve::serve(listeners, Arc::new(door)));
        Ok(Self { redirect_uri, address, arrived, strays, task })
    }

    /// The exact `redirect_uri` of this login.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Where it listens; of the two addresses of `localhost` the IPv4 one.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits for the query of the answer that carries the state. Later ones get a page that says so, as long as the listener
    /// lives.
    pub async fn arrived(&mut self) -> Option<String> {
        (&mut self.arrived).await.ok()
    }

    /// What came and was not the answer, so far.
    pub fn strays(&self) -> watch::Receiver<Strays> {
        self.strays.clone()
    }
}

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// Binds one address. Nobody else can bind the same port afterwards: it is never shared (no `SO_REUSEPORT`).
async fn bind(address: IpAddr, port: u16) -> Result<TcpListener, ListenFault> {
    TcpListener::bind((address, port)).await.map_err(|error| fault(address, port, &error))
}

/// Binds the same port at both addresses of `localhost`; where the machine has no `[::1]`, nobody else can answer there either.
async fn both(port: u16) -> Result<Vec<TcpListener>, ListenFault> {
    let tries = if port == 0 { PORTS_TRIED } else { 1 };
    let mut last = None;
    for _ in 0..tries {
        let four = bind(V4, port).await?;
        let chosen = four.local_addr().map_or(port, |address| address.port());
        match TcpListener::bind((V6, chosen)).await {
            Ok(six) => return Ok(vec![four, six]),
            Err(error) if no_such_address(&error) => return Ok(vec![four]),
            Err(error) => last = Some(fault(V6, chosen, &error)),
        }
    }
    Err(last.unwrap_or_else(|| fault(V6, port, &io::Error::from(ErrorKind::AddrInUse))))
}

/// Whether this machine speaks no IPv6, or has no loopback address in it.
fn no_such_address(error: &io::Error) -> bool {
    const NO_SUCH_FAMILY: &[i32] = if cfg!(windows) {
        &[10047]
    } else if cfg!(target_os = "linux") {
        &[97]
    } else {
        &[47]
    };
    error.kind() == ErrorKind::AddrNotAvailable || error.raw_os_error().is_some_and(|code| NO_SUCH_FAMILY.contains(&code))
}

fn fault(address: IpAddr, port: u16, error: &io::Error) -> ListenFault {
    let place = SocketAddr::new(address, port);
    match (error.kind(), address) {
        (ErrorKind::AddrInUse, IpAddr::V6(_)) => ListenFault {
            id: "port-in-use",
            message: format!(
                "{place} is taken by another program. Browsers may go there for localhost, and it would read the authorization code."
            ),
            advice: "Choose 127.0.0.1 as redirect host in the profile, which leads to one place only. Or close that program, or choose another port."
                .into(),
        },
        (ErrorKind::AddrInUse, IpAddr::V4(_)) => ListenFault {
            id: "port-in-use",
            message: format!("Port {port} on 127.0.0.1 is taken by another program."),
            advice: "Close that program, choose another fixed port in the profile, or choose any free port.".into(),
        },
        _ => ListenFault {
            id: "no-loopback",
            message: format!("Cannot listen on {place}: {error}."),
            advice: "Choose another port in the profile (ports below 1024 need special rights).".into(),
        },
    }
}
