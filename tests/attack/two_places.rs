//! Two environments on loopback that remember what they were sent, and a world without surprises to try them in.

use std::sync::{Arc, Mutex};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use engine::world::{Browser, Clock, Random};
use oauth::profile::{Client, ClientAuth, Dialect, Endpoints, Gateway, Profile, Provider, Resource, ServerRole};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};

/// A server that remembers everything it was sent.
pub struct Place {
    pub base: String,
    sent: Arc<Mutex<Vec<u8>>>,
    task: JoinHandle<()>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Place {
    /// Answers every request with tokens that name it as their issuer.
    pub async fn open(name: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let sent: Arc<Mutex<Vec<u8>>> = Arc::default();
        let (memory, issuer) = (Arc::clone(&sent), format!("{base}/realms/shop"));
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = Vec::new();
                let mut buffer = [0; 16_384];
                while !whole(&request) {
                    match stream.read(&mut buffer).await {
                        Ok(count) if count > 0 => request.extend_from_slice(&buffer[..count]),
                        _ => break,
                    }
                }
                memory.lock().expect("no panic while held").extend_from_slice(&request);
                let body = answer(name, &issuer).to_string();
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all((head + &body).as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { base, sent, task }
    }

    /// Whether this text ever came.
    pub fn got(&self, text: &str) -> bool {
        let sent = self.sent.lock().expect("no panic while held");
        sent.windows(text.len()).any(|window| window == text.as_bytes())
    }

    /// Whether nothing ever came.
    pub fn silent(&self) -> bool {
        self.sent.lock().expect("no panic while held").is_empty()
    }
}

/// Whether a request has come with all of its body.
fn whole(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok()).unwrap_or(0);
    request.len() >= end + 4 + length
}

/// A token of an issuer; the signature is not one.
pub fn jwt(kind: &str, name: &str, issuer: &str) -> String {
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = part(json!({"alg": "RS256", "typ": "JWT", "kid": "k"}));
    let claims = json!({"iss": issuer, "sub": "u-1", "typ": kind, "azp": "app", "scope": "openid", "preferred_username": "dora",
        "aud": "app", "exp": NOW_S + 300, "iat": NOW_S, "jti": format!("{name}-{kind}"), "active": true});
    format!("{header}.{}.{}", part(claims), URL_SAFE_NO_PAD.encode(format!("signature of {name} {kind}")))
}

fn answer(name: &str, issuer: &str) -> serde_json::Value {
    json!({"access_token": jwt("Bearer", name, issuer), "id_token": jwt("ID", name, issuer), "refresh_token": jwt("Refresh", name, issuer),
        "token_type": "Bearer", "expires_in": 300, "refresh_expires_in": 1800, "active": true, "sub": "u-1", "keys": []})
}

/// When everything happens, epoch seconds.
pub const NOW_S: i64 = 1_795_000_000;

/// A clock that stands still.
pub struct Still;

impl Clock for Still {
    fn now_ms(&self) -> i64 {
        NOW_S * 1000
    }
}

/// Never the same bytes twice.
#[derive(Default)]
pub struct Counting(Mutex<u64>);

impl Random for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        let mut count = self.0.lock().expect("no panic while held");
        for chunk in buffer.chunks_mut(8) {
            *count += 1;
            chunk.copy_from_slice(&count.to_be_bytes()[..chunk.len()]);
        }
    }
}

/// A browser that remembers what it was to open.
#[derive(Default)]
pub struct Remembering {
    /// Addresses, in order.
    pub addresses: Mutex<Vec<String>>,
    /// Rung when one was opened.
    pub opened: tokio::sync::Notify,
}

impl Browser for Remembering {
    fn open(&self, address: &str) -> Result<(), String> {
        self.addresses.lock().expect("no panic while held").push(address.to_owned());
        self.opened.notify_one();
        Err("There is no browser here.".into())
    }
}

/// A Keycloak with a gateway, all of it at one address.
pub fn profile(id: &str, name: &str, base: &str) -> Profile {
    let issuer = format!("{base}/realms/shop");
    let at = |path: &str| format!("{base}/{path}");
    let endpoints = Endpoints {
        authorization: at("auth"),
        token: at("token"),
        introspection: at("introspect"),
        revocation: at("revoke"),
        userinfo: at("userinfo"),
        end_session: at("logout"),
        jwks: at("certs"),
    };
    let client = |id: &str| Client {
        client_id: id.into(),
        auth: ClientAuth::ClientSecretPost,
        login: id == "app",
        events: id == "reader",
        ..Client::default()
    };
    Profile {
        id: id.into(),
        name: name.into(),
        provider: Provider {
            issuer,
            dialect: Dialect::Keycloak,
            endpoints: endpoints.clone(),
            events: format!("{base}/admin/realms/shop/events"),
            read_ms: 1,
            ..Provider::default()
        },
        gateway: Some(Gateway {
            base: at("gw"),
            dialect: Dialect::Wso2,
            issuer: at("gw/oauth2/token"),
            portal: at("portal"),
            endpoints,
            ..Gateway::default()
        }),
        clients: vec![client("app"), client("reader"), Client { server: ServerRole::Gateway, ..client("gw-app") }],
        resources: vec![
            Resource { name: "orders".into(), url: at("orders"), ..Resource::default() },
            Resource { name: "catalog".into(), url: at("gw/catalog"), through_gateway: true, ..Resource::default() },
        ],
        ..Profile::default()
    }
}
