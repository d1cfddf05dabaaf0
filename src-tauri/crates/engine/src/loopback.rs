//! The loopback redirect (RFC 8252 7.3): a listener on this machine's loopback address that takes one callback.
//!
//! It binds to 127.0.0.1 only (or ::1 never), checks the Host header against DNS rebinding, answers with a static page that
//! repeats nothing of the request, and hands the raw query on; what the query means is decided by the model.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, StatusCode, body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use model::profile::Redirect;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// Longest query that is looked at, in bytes.
const LONGEST_QUERY: usize = 16 * 1024;

/// Why no listener could be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenFault {
    /// `port-in-use` or `no-loopback`.
    pub id: &'static str,
    /// What happened.
    pub message: String,
    /// What to do.
    pub advice: String,
}

/// What arrived at the listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// A GET on the redirect path with this query (in clear).
    Query(String),
    /// A request that is too long to be an authorization response.
    TooLong,
    /// A POST on the redirect path: `form_post` was not asked for.
    Posted,
}

/// An open listener. Dropping it closes it.
pub struct Loopback {
    redirect_uri: String,
    address: SocketAddr,
    arrived: oneshot::Receiver<Arrived>,
    task: JoinHandle<()>,
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Loopback {
    /// Opens the listener on 127.0.0.1, at the wanted port or any free one.
    pub async fn listen(redirect: &Redirect) -> Result<Self, ListenFault> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, redirect.port)).await.map_err(|error| {
            if error.kind() == std::io::ErrorKind::AddrInUse {
                ListenFault {
                    id: "port-in-use",
                    message: format!("Port {} on 127.0.0.1 is taken by another program.", redirect.port),
                    advice: "Close that program, choose another fixed port in the profile, or choose any free port.".into(),
                }
            } else {
                ListenFault {
                    id: "no-loopback",
                    message: format!("Cannot listen on 127.0.0.1:{}: {error}.", redirect.port),
                    advice: "Choose another port in the profile (ports below 1024 need special rights).".into(),
                }
            }
        })?;
        let address = listener.local_addr().map_err(|error| ListenFault {
            id: "no-loopback",
            message: format!("The listener has no address: {error}."),
            advice: "Run it again.".into(),
        })?;
        let host = if redirect.host == "localhost" { "localhost" } else { "127.0.0.1" };
        let redirect_uri = format!("http://{host}:{}{}", address.port(), redirect.path);
        let (sender, arrived) = oneshot::channel();
        let door = Arc::new(Door {
            path: redirect.path.clone(),
            hosts: [format!("127.0.0.1:{}", address.port()), format!("localhost:{}", address.port())],
            sender: Mutex::new(Some(sender)),
        });
        let task = tokio::spawn(serve(listener, door));
        Ok(Self { redirect_uri, address, arrived, task })
    }

    /// The exact `redirect_uri` of this login.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits for the first callback. Later ones get a page that says so, as long as the listener lives.
    pub async fn arrived(&mut self) -> Option<Arrived> {
        (&mut self.arrived).await.ok()
    }
}

struct Door {
    path: String,
    hosts: [String; 2],
    sender: Mutex<Option<oneshot::Sender<Arrived>>>,
}

async fn serve(listener: TcpListener, door: Arc<Door>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        let door = Arc::clone(&door);
        let too_long = Arc::clone(&door);
        connections.spawn(async move {
            let service = service_fn(move |request| {
                let page = door.receive(&request);
                async move { Ok::<_, std::convert::Infallible>(page) }
            });
            let served = hyper::server::conn::http1::Builder::new()
                .keep_alive(false)
                .max_buf_size(256 * 1024)
                .serve_connection(TokioIo::new(stream), service)
                .await;
            // An address of 64 kB is answered with 414 before anybody here sees it, and nothing better will come after it.
            // Any other failure is a browser that hung up early, which is no fault of the login.
            if served.is_err_and(|error| error.is_parse_too_large()) {
                too_long.take(Arrived::TooLong);
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

impl Door {
    fn receive(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let host = request.headers().get(http::header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !self.hosts.iter().any(|allowed| allowed == host) {
            return page(
                StatusCode::MISDIRECTED_REQUEST,
                "Not for this address",
                "This listener answers only for 127.0.0.1 and localhost.",
            );
        }
        if request.uri().path() != self.path {
            return page(StatusCode::NOT_FOUND, "Nothing here", "Claimscope waits for the browser at another path.");
        }
        let arrived = match (request.method(), request.uri().query().unwrap_or_default()) {
            (&http::Method::GET, query) if query.len() > LONGEST_QUERY => Arrived::TooLong,
            (&http::Method::GET, query) => Arrived::Query(query.to_owned()),
            (&http::Method::POST, _) => Arrived::Posted,
            _ => return page(StatusCode::METHOD_NOT_ALLOWED, "Not understood", "Only a redirect by GET is expected here."),
        };
        let answer = match &arrived {
            Arrived::Query(_) => page(
                StatusCode::OK,
                "Back to Claimscope",
                "The answer has arrived. You can close this tab and go back to the window.",
            ),
            Arrived::TooLong => {
                page(StatusCode::URI_TOO_LONG, "Too long", "This is not an authorization response. See Claimscope for details.")
            }
            Arrived::Posted => page(
                StatusCode::METHOD_NOT_ALLOWED,
                "Not understood",
                "Only a redirect by GET is expected here. See Claimscope for details.",
            ),
        };
        if self.take(arrived) {
            answer
        } else {
            page(StatusCode::GONE, "Already used", "This address has been used before. Start again in Claimscope.")
        }
    }

    /// Hands on what arrived, if it is the first; says whether it was.
    fn take(&self, arrived: Arrived) -> bool {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        sender.is_some_and(|sender| sender.send(arrived).is_ok())
    }
}

fn page(status: StatusCode, title: &str, text: &str) -> Response<Full<Bytes>> {
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} · Claimscope</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>:root{{color-scheme:light dark}}body{{font:15px/1.5 system-ui,sans-serif;\
         display:grid;place-content:center;min-height:90vh;margin:0 24px}}h1{{font-size:20px;margin:0 0 4px}}p{{margin:0;max-width:32em}}</style></head>\
         <body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
    );
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("connection", "close"),
    ] {
        response.headers_mut().insert(name, http::HeaderValue::from_static(value));
    }
    response
}
