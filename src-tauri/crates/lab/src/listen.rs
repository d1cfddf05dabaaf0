//! Listening, TLS, and the one layer every request of every server goes through.
//!
//! The layer keeps the request in memory before anything judges it, and turns a panic of ours into an answer and a
//! note: a lab whose server died quietly would make its tests fail somewhere else, for a reason nobody finds.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::home::Home;
use crate::serve::header_pairs;
use crate::world::{Answered, Received, Server, World};

/// More than any OAuth message needs; a larger body is refused with 413.
const BODY_LIMIT: usize = 1 << 20;

/// Puts the recording layer around a server's routes, and before it the one that lets in only who asked for this very server.
pub(crate) fn recorded(routes: Router, world: Arc<World>, server: Server, home: Home) -> Router {
    routes.layer(from_fn_with_state((world, server), record)).layer(from_fn_with_state(Arc::new(home), at_home))
}

async fn at_home(State(home): State<Arc<Home>>, request: Request, next: Next) -> Response {
    match home.refusal(&request) {
        None => next.run(request).await,
        Some(refusal) => refusal,
    }
}

async fn record(State((world, server)): State<(Arc<World>, Server)>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, BODY_LIMIT).await;
    let number = world.remember(Received {
        server,
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        headers: header_pairs(&parts.headers),
        body: body.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default(),
        status: None,
        at_ms: world.now_ms(),
        answer: None,
    });
    let what = format!("{server:?} {} {}", parts.method, parts.uri.path());
    let response = match body {
        Err(_) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Ok(body) => {
            let request = Request::from_parts(parts, Body::from(body));
            AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|panic| {
                let why = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
                world.panicked(format!("{what}: {}", why.unwrap_or("no message")));
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            })
        }
    };
    let (response, answer) = match server {
        Server::Gateway => kept(response).await,
        _ => (response, None),
    };
    world.answered(number, response.status().as_u16(), answer);
    response
}

/// A copy of an answer's body beside the answer.
async fn kept(response: Response) -> (Response, Option<Answered>) {
    let (parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return (StatusCode::INTERNAL_SERVER_ERROR.into_response(), None);
    };
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let answer = Answered { content_type, body: String::from_utf8_lossy(&bytes).into_owned() };
    (Response::from_parts(parts, Body::from(bytes)), Some(answer))
}

/// Accepts connections until the runtime goes away.
pub(crate) async fn run(listener: TcpListener, tls: Option<TlsAcceptor>, routes: Router) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, or a peer that left between SYN and accept: neither ends the server.
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let (tls, routes) = (tls.clone(), routes.clone());
        tokio::spawn(async move {
            match tls {
                None => connection(stream, routes).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        connection(stream, routes).await;
                    }
                }
            }
        });
    }
}

async fn connection(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, routes: Router) {
    let service = TowerToHyperService::new(routes);
    // A connection that breaks is the peer's affair.
    let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}
