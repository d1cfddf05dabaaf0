//! The one HTTP client: sends a request, records it with its response or failure, and only then returns.
//!
//! Nothing else in the workspace's product code uses reqwest. Redirects are never followed (a token endpoint that redirects must
//! not be handed a secret twice; RFC 9700 4.12), sizes and times are bounded, trust is the profile's.

#![expect(clippy::disallowed_types, reason = "this is the one client")]

use std::{
    collections::HashMap,
    error::Error as _,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::HeaderMap;
use oauth::profile::Tls;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use token::{bounded, measure};

use crate::world::World;

/// Bounds of one request.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest wait for the whole answer.
    pub timeout: Duration,
    /// Largest body in bytes.
    pub body: usize,
}

impl Limits {
    /// Metadata documents: 1 MiB, 10 s.
    pub const METADATA: Limits = Limits { timeout: Duration::from_secs(10), body: 1 << 20 };
    /// Everything else: 8 MiB, 30 s.
    pub const USUAL: Limits = Limits { timeout: Duration::from_secs(30), body: 8 << 20 };
}

/// All bounds of a workbench. They are passed in, so that a test of patience needs none.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Metadata documents and keys.
    pub metadata: Limits,
    /// Every other request.
    pub usual: Limits,
    /// How long the browser may take with a log in.
    pub login: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { metadata: Limits::METADATA, usual: Limits::USUAL, login: Duration::from_secs(300) }
    }
}

/// What came back, in clear.
#[derive(Clone)]
pub struct HttpAnswer {
    /// Status code.
    pub status: u16,
    /// Headers as sent.
    pub headers: HeaderMap,
    /// Whole body; copies share it.
    pub body: Bytes,
}

impl std::fmt::Debug for HttpAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Answer({}, {} headers, {} bytes)", self.status, self.headers.len(), self.body.len())
    }
}

/// Largest body that is read as a message, in bytes. What a person only looks at may be larger; a message of this size has a
/// fault, and a parsed one costs many times its length.
pub const LARGEST_MESSAGE: usize = 4 << 20;

impl HttpAnswer {
    /// `Content-Type`, or an empty text.
    pub fn content_type(&self) -> &str {
        self.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The coding the body is in, e.g. `gzip`; none when it is as it was meant. No request of ours asks for one (RFC 9110 8.4).
    pub fn coding(&self) -> Option<String> {
        let all: Vec<String> = self
            .headers
            .get_all(http::header::CONTENT_ENCODING)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_ascii_lowercase())
            .filter(|coding| !coding.is_empty() && coding != "identity")
            .collect();
        (!all.is_empty()).then(|| bounded::up_to(&all.join(", "), 80).to_owned())
    }

    /// Whether the body can be read as a message at all; the fault says why not.
    pub fn readable(&self) -> Result<(), NetFault> {
        if let Some(coding) = self.coding() {
            return Err(NetFault {
                id: "unasked-coding",
                message: format!("The answer is in the coding {coding}, which was not asked for."),
                advice:
                    "Switch off compression at the server, or at the proxy before it, for clients that send no Accept-Encoding."
                        .into(),
            });
        }
        if self.body.len() > LARGEST_MESSAGE {
            return Err(NetFault {
                id: "too-large-to-read",
                message: format!(
                    "The answer has {}; a message of more than {} is not read.",
                    measure::size(self.body.len()),
                    size(LARGEST_MESSAGE)
                ),
                advice: "Check the address: this is not what the endpoint should answer.".into(),
            });
        }
        Ok(())
    }
}

/// Why there is no usable answer. It has no source: what reqwest says names the whole address, and a code or a token may stand
/// in that (invariant 6).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NetFault {
    /// Stable id, e.g. `unreachable`, `tls-unknown-ca`, `too-large`, `timeout`.
    pub id: &'static str,
    /// What happened.
    pub message: String,
    /// What to do.
    pub advice: String,
}

/// A request with what became of it. Bodies are in clear: redact before keeping or showing.
pub struct Recorded {
    /// As sent.
    pub request: http::Request<Vec<u8>>,
    /// Answer or failure.
    pub result: Result<HttpAnswer, NetFault>,
    /// Start, epoch milliseconds.
    pub started_ms: i64,
    /// Until the last byte of the body, microseconds.
    pub duration_us: i64,
}

/// The client; one per application. It keeps connections per trust setting.
pub struct Http {
    world: World,
    clients: Mutex<HashMap<String, reqwest::Client>>,
}

impl Http {
    /// A client that opens no connection yet.
    pub fn new(world: World) -> Self {
        Self { world, clients: Mutex::default() }
    }

    /// Sends one request under the profile's trust and records it.
    pub async fn send(&self, request: http::Request<Vec<u8>>, tls: &Tls, limits: Limits) -> Recorded {
        let started_ms = self.world.now_ms();
        let began = Instant::now();
        let result = match self.client(tls) {
            Ok(client) => match tokio::time::timeout(limits.timeout, exchange(&client, &request, limits)).await {
                Ok(result) => result,
                Err(_) => Err(timed_out(&request, limits)),
            },
            Err(fault) => Err(fault),
        };
        let duration_us = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
        Recorded { request, result, started_ms, duration_us }
    }

    fn client(&self, tls: &Tls) -> Result<reqwest::Client, NetFault> {
        let key = format!("{}|{:?}|{}", tls.danger_accept_any_certificate, tls.pins, tls.ca_pem);
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&key) {
            return Ok(client.clone());
        }
        let client = build_client(tls)?;
        clients.insert(key, client.clone());
        Ok(client)
    }
}

fn build_client(tls: &Tls) -> Result<reqwest::Client, NetFault> {
    let unreadable = || NetFault {
        id: "ca-unreadable",
        message: "The trusted certificate of this profile cannot be read.".into(),
        advice: "Paste one or more PEM blocks (-----BEGIN CERTIFICATE-----) under TLS in the profile.".into(),
    };
    let authorities = if tls.ca_pem.trim().is_empty() {
        Vec::new()
    } else {
        reqwest::Certificate::from_pem_bundle(tls.ca_pem.as_bytes())
            .ok()
            .filter(|list| !list.is_empty())
            .ok_or_else(unreadable)?
    };
    if !tls.pins.is_empty() && !tls.danger_accept_any_certificate {
        return pinning_client(tls).ok_or_else(unreadable);
    }
    let has_own = !authorities.is_empty();
    let base = || plain_client().tls_danger_accept_invalid_certs(tls.danger_accept_any_certificate);
    // A machine without any system certificates refuses to build the merged store; then only the profile's own count.
    base().tls_certs_merge(authorities.clone()).build().or_else(|_| base().tls_certs_only(authorities).build()).map_err(|error| {
        // A PEM block with something else than a certificate in it is noticed only here.
        if has_own && base().build().is_ok() {
            return unreadable();
        }
        NetFault {
            id: "client-setup",
            message: format!("The HTTP client could not be set up: {error}."),
            advice: "Check the certificates of the system.".into(),
        }
    })
}

/// What every client of ours has in common.
fn plain_client() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(Duration::from_secs(10))
        .user_agent(concat!("Claimscope/", env!("CARGO_PKG_VERSION")))
}

/// A client whose trust is the profile's pins, beside the usual. None when the profile's own authorities cannot be used.
fn pinning_client(tls: &Tls) -> Option<reqwest::Client> {
    let authorities = CertificateDer::pem_slice_iter(tls.ca_pem.as_bytes()).collect::<Result<Vec<_>, _>>().ok()?;
    let config = crate::tls::config(&tls.pins, authorities).ok()?;
    plain_client().tls_backend_preconfigured(config).build().ok()
}

async fn exchange(client: &reqwest::Client, request: &http::Request<Vec<u8>>, limits: Limits) -> Result<HttpAnswer, NetFault> {
    let sent = reqwest::Request::try_from(request.clone()).map_err(|error| NetFault {
        id: "bad-request",
        message: format!("The request cannot be sent as it is: {error}."),
        advice: "Check the address and the headers.".into(),
    })?;
    let response = client.execute(sent).await.map_err(|error| explain(&error, request))?;
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let too_large = || NetFault {
        id: "too-large",
        message: format!("The answer of {} is larger than {}.", place(request), size(limits.body)),
        advice: "Check the address: this is not what the endpoint should answer.".into(),
    };
    // What is announced need not be read to be refused.
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
    if announced > limits.body {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(announced);
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| explain(&error, request))?;
        if body.len() + chunk.len() > limits.body {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(HttpAnswer { status, headers, body: body.into() })
}

fn size(bytes: usize) -> String {
    format!("{} MiB", bytes >> 20)
}

fn place(request: &http::Request<Vec<u8>>) -> String {
    request.uri().authority().map_or_else(|| "the server".into(), |authority| authority.to_string())
}

fn timed_out(request: &http::Request<Vec<u8>>, limits: Limits) -> NetFault {
    NetFault {
        id: "timeout",
        message: format!("{} did not finish its answer within {}.", place(request), patience(limits.timeout)),
        advice: "Check that the address is the right one and the server is not overloaded, then run it again.".into(),
    }
}

fn patience(timeout: Duration) -> String {
    if timeout.as_secs() == 0 { format!("{} ms", timeout.as_millis()) } else { format!("{} s", timeout.as_secs()) }
}

fn explain(error: &reqwest::Error, request: &http::Request<Vec<u8>>) -> NetFault {
    let place = place(request);
    if let Some(tls) = in_chain::<rustls::Error>(error) {
        return explain_tls(tls, &place);
    }
    if error.is_timeout() {
        return NetFault {
            id: "timeout",
            message: format!("{place} did not answer in time."),
            advice: "Check the address, a VPN or a proxy, then run it again.".into(),
        };
    }
    if in_chain::<hyper::Error>(error).is_some_and(hyper::Error::is_parse_too_large) {
        return NetFault {
            id: "head-too-large",
            message: format!(
                "The head of {place}'s answer is more than is read: over 100 headers, over 400 kB of them, or a length beyond all bounds."
            ),
            advice: "Check the address, and what a proxy before it adds to its answers.".into(),
        };
    }
    if let Some(io) = in_chain::<std::io::Error>(error) {
        if io.kind() == std::io::ErrorKind::ConnectionRefused {
            return NetFault {
                id: "unreachable",
                message: format!("Nothing listens at {place} (connection refused)."),
                advice: "Start the server, or correct the host and port. The lab has to be running for its own addresses.".into(),
            };
        }
        if error.is_connect() {
            return NetFault {
                id: "unreachable",
                message: format!("{place} cannot be reached: {io}."),
                advice: "Check the spelling of the host name, the network and a VPN.".into(),
            };
        }
    }
    if error.is_connect() {
        return NetFault {
            id: "unreachable",
            message: format!("{place} cannot be reached."),
            advice: "Check the spelling of the host name, the network and a VPN.".into(),
        };
    }
    NetFault {
        id: "broken-answer",
        message: format!("{place} broke off its answer, or it is not HTTP."),
        advice: "Check the port, and whether it speaks http or https.".into(),
    }
}

fn explain_tls(error: &rustls::Error, place: &str) -> NetFault {
    use rustls::CertificateError as Cert;
    let (id, message, advice) = match error {
        rustls::Error::InvalidCertificate(Cert::UnknownIssuer) => (
            "tls-unknown-ca",
            format!("The certificate of {place} is signed by an authority this machine does not trust."),
            "Paste the authority's certificate (PEM) under TLS in the profile, or trust exactly the one the server shows by its fingerprint. Nothing has to be switched off.",
        ),
        rustls::Error::InvalidCertificate(Cert::NotValidForNameContext { presented, .. }) if !presented.is_empty() => (
            "tls-wrong-name",
            format!(
                "The certificate of {place} is for {} and for no other name.",
                presented.iter().map(|name| bare_name(name)).collect::<Vec<_>>().join(", ")
            ),
            "Use that name in the address (WSO2's own certificate is for localhost, so 127.0.0.1 fails), or trust exactly this certificate by its fingerprint, under TLS in the profile.",
        ),
        rustls::Error::InvalidCertificate(Cert::NotValidForName | Cert::NotValidForNameContext { .. }) => (
            "tls-wrong-name",
            format!("The certificate of {place} is for another host name."),
            "Use the host name the certificate was made for (for WSO2's default certificate: localhost, not 127.0.0.1), or trust exactly this certificate by its fingerprint, under TLS in the profile.",
        ),
        rustls::Error::InvalidCertificate(Cert::BadSignature) => (
            "tls-other-key",
            format!("The certificate of {place} has the name of one you trust and another key."),
            "It is probably of another release of the server: each WSO2 release brings its own certificate. Read the one it shows now, under TLS in the profile.",
        ),
        rustls::Error::InvalidCertificate(Cert::Other(other)) => match other.0.downcast_ref::<crate::tls::OtherCertificate>() {
            Some(found) => (
                "tls-pin-mismatch",
                format!("{place} shows the certificate {} and not the one you pinned, {}.", found.shown, found.pinned),
                "Ask whoever runs the server whether it was renewed. If so, read and pin the new one, under TLS in the profile. If not, somebody may be in between.",
            ),
            None => (
                "tls-not-a-server-s",
                format!("The certificate of {place} is not one a server may show: {other}."),
                "A self-signed certificate that also says it is an authority is refused even when trusted. Make a server certificate signed by that authority, or trust exactly this one by its fingerprint, under TLS in the profile.",
            ),
        },
        rustls::Error::InvalidCertificate(Cert::Expired | Cert::ExpiredContext { .. }) => (
            "tls-expired",
            format!("The certificate of {place} has expired."),
            "Renew it at the server, and check this machine's clock.",
        ),
        rustls::Error::InvalidCertificate(Cert::NotValidYet | Cert::NotValidYetContext { .. }) => {
            ("tls-not-yet", format!("The certificate of {place} is not valid yet."), "Check this machine's clock.")
        }
        // The first bytes are no TLS record: this is how a server of plain http answers the greeting.
        rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => (
            "tls-plain-http",
            format!("{place} does not speak https: its answer is not TLS."),
            "The port probably speaks plain http. Write http:// if that is meant, or take the server's https port.",
        ),
        other => (
            "tls",
            format!("No TLS connection to {place}: {other}."),
            "Check that the port speaks https and which certificate it shows.",
        ),
    };
    NetFault { id, message, advice: advice.into() }
}

/// A name out of rustls's words: `DnsName("localhost")` is `localhost`.
fn bare_name(name: &str) -> &str {
    name.split_once('"').and_then(|(_, rest)| rest.split_once('"')).map_or(name, |(name, _)| name)
}

/// The first error of a type in a chain of causes, looking into wrapped I/O errors as well.
fn in_chain<E: std::error::Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    let mut next: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(current) = next {
        if let Some(found) = current.downcast_ref::<E>() {
            // An I/O error that only carries another error says less than what it carries.
            let carries = current.downcast_ref::<std::io::Error>().is_some_and(|io| io.get_ref().is_some());
            if !carries {
                return Some(found);
            }
        }
        if let Some(inner) = current.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            if let Some(found) = inner.downcast_ref::<E>() {
                return Some(found);
            }
            // `source` of an I/O error skips what it carries, which may be the next I/O error of the chain.
            next = Some(inner);
            continue;
        }
        next = current.source();
    }
    None
}
