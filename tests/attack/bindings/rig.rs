//! Two servers on loopback that remember what they were sent, and a workbench whose secrets were entered for one of them.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use engine::{
    secrets::Secrets,
    workbench::{Bounds, Workbench},
    world::{Browser, Clock, SystemClock, SystemRandom, World},
};
use oauth::profile::{Client, ClientAuth, Dialect, Gateway, Profile, ServerRole};
use record::{
    audit::Step,
    operation::{Draft, Operation},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use token::{secret::Secret, text::Pair};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// RFC 8037 appendix A.1.
pub const KEY: &str = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
/// Every client of the rig with its way to prove itself, its server and its secret.
pub const CLIENTS: [(&str, ClientAuth, ServerRole, &str); 9] = [
    ("basic", ClientAuth::ClientSecretBasic, ServerRole::Provider, "hunter2/of+basic?&="),
    ("post", ClientAuth::ClientSecretPost, ServerRole::Provider, "hunter2/of+post?&="),
    ("signs", ClientAuth::ClientSecretJwt, ServerRole::Provider, "hunter2-of-signs-with-thirty-two-bytes"),
    ("keyed", ClientAuth::PrivateKeyJwt, ServerRole::Provider, KEY),
    ("reader", ClientAuth::ClientSecretBasic, ServerRole::Provider, "hunter2-of-reader"),
    ("same", ClientAuth::ClientSecretBasic, ServerRole::Provider, "hunter2-of-same-at-provider"),
    ("same", ClientAuth::ClientSecretBasic, ServerRole::Gateway, "hunter2-of-same-at-gateway"),
    ("ck", ClientAuth::ClientSecretBasic, ServerRole::Gateway, "hunter2-of-consumer-key"),
    ("admin", ClientAuth::ClientSecretBasic, ServerRole::Gateway, "hunter2-of-admin"),
];

/// A server that answers whatever it is asked, and remembers it.
#[derive(Clone)]
pub struct Server {
    pub port: u16,
    seen: Arc<Mutex<Vec<String>>>,
    metadata: Arc<Mutex<Value>>,
}

impl Server {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = Self { port, seen: Arc::default(), metadata: Arc::default() };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let one = own.clone();
                tokio::spawn(async move { one.serve(stream).await });
            }
        });
        server
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Serves this metadata document from now on.
    pub fn tells(&self, metadata: Value) {
        *self.metadata.lock().unwrap_or_else(PoisonError::into_inner) = metadata;
    }

    /// Everything it was sent, a text a request.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn forget(&self) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn serve(&self, mut stream: TcpStream) {
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            let Ok(read) = stream.read(&mut buffer).await else { return };
            if read == 0 {
                return;
            }
            bytes.extend_from_slice(&buffer[..read]);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .and_then(|(_, value)| value.trim().parse::<usize>().ok())
                .unwrap_or(0);
            if body.len() >= length {
                let answer = self.answer(head);
                self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(text);
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
                return;
            }
        }
    }

    fn answer(&self, head: &str) -> String {
        let path = head.split(' ').nth(1).unwrap_or_default();
        let metadata = self.metadata.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (status, body) = if path.contains("/.well-known/") {
            if metadata.is_null() { ("404 Not Found", json!({})) } else { ("200 OK", metadata) }
        } else if path.contains("certs") {
            ("200 OK", json!({"keys": []}))
        } else if path.contains("serverinfo") {
            ("200 OK", json!({"features": [{"name": "DPOP", "enabled": true}]}))
        } else if path.contains("events") {
            ("200 OK", json!([]))
        } else if path.contains("introspect") {
            ("200 OK", json!({"active": true}))
        } else {
            ("200 OK", json!({"access_token": "opaque-access-token", "token_type": "Bearer", "expires_in": 60}))
        };
        let body = body.to_string();
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    }
}

/// Counts how often it was opened.
#[derive(Default)]
pub struct Doors(pub AtomicUsize);

impl Browser for Doors {
    fn open(&self, _address: &str) -> Result<(), String> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Err("there is no browser".into())
    }
}

/// The system's clock, moved.
#[derive(Default)]
struct Moved(AtomicI64);

impl Clock for Moved {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + self.0.load(Ordering::Relaxed)
    }
}

/// See the module.
pub struct Rig {
    pub bench: Workbench,
    pub profile: Profile,
    pub good: Server,
    pub evil: Server,
    pub doors: Arc<Doors>,
    pub token: String,
    clock: Arc<Moved>,
    _folder: TempDir,
}

impl Rig {
    /// With every secret entered for the good server.
    pub async fn new() -> Self {
        let rig = Self::empty().await;
        for (index, (.., secret)) in CLIENTS.iter().enumerate() {
            let client = rig.profile.clients[index].clone();
            rig.bench.keep_secret(&rig.profile, &client, Secret::new(*secret)).await.expect("memory");
        }
        rig
    }

    /// Without any secret.
    pub async fn empty() -> Self {
        let (good, evil) = (Server::start().await, Server::start().await);
        let folder = TempDir::new().expect("a folder");
        let doors = Arc::new(Doors::default());
        let clock = Arc::new(Moved::default());
        let world = World { clock: clock.clone(), random: Arc::new(SystemRandom), browser: doors.clone() };
        let (bench, _) = Workbench::with(folder.path(), world, Secrets::memory(folder.path().join("sealed"))).expect("a journal");
        let bench = bench.with_bounds(Bounds { login: Duration::from_secs(2), ..Bounds::default() });
        let profile = profile(&good);
        let iss = &profile.provider.issuer;
        let claims = json!({"iss": iss, "sub": "alice", "azp": "basic", "exp": 4_102_444_800_i64}).to_string();
        let jwt = format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#), URL_SAFE_NO_PAD.encode(claims));
        let (ids, _) = bench.paste(&jwt).expect("a token");
        good.tells(metadata(&good, &good));
        Self { bench, profile, good, evil, doors, token: format!("token:{}", ids[0]), clock, _folder: folder }
    }

    /// Some time passes.
    pub fn later(&self, by_ms: i64) {
        self.clock.0.fetch_add(by_ms, Ordering::Relaxed);
    }

    /// A draft of one operation by a client, with a token wherever one is wanted.
    pub fn draft(&self, operation: Operation, client: &str, more: &[(&str, &str)]) -> Draft {
        let token = self.token.as_str();
        let fields: &[(&str, &str)] = match operation {
            Operation::Introspect | Operation::Revoke => &[("token", token)],
            Operation::Refresh => &[("refresh_token", token)],
            Operation::LogOut => &[("channel", "back_channel"), ("refresh_token", token)],
            Operation::Password => &[("username", "alice"), ("password", "wonderland")],
            Operation::JwtBearer => &[("assertion", token)],
            Operation::LogIn => &[("scope", "openid")],
            _ => &[],
        };
        let all = [("client", client)].into_iter().chain(fields.iter().copied()).chain(more.iter().copied());
        let values = all.map(|(name, value)| Pair { name: name.into(), value: value.into() }).collect();
        Draft { operation, profile: self.profile.id.clone(), values, extra: Vec::new() }
    }

    pub async fn run(&self, draft: &Draft, profile: &Profile) -> Result<Step, String> {
        self.bench.run("run", draft, profile, &|_| {}).await.map_err(|fault| format!("{fault:?}"))
    }

    /// The draft must end before anything is sent, as this problem, and no server may have got anything of a secret.
    pub async fn stopped(&self, draft: &Draft, profile: &Profile, problem: &str) -> Result<(), String> {
        self.good.forget();
        let step = self.run(draft, profile).await?;
        if step.problem_id.as_deref() != Some(problem) {
            return Err(format!("ended as {:?} ({:?}), not as {problem}", step.problem_id, step.problem));
        }
        if !step.exchanges.is_empty() {
            return Err(format!("{} requests were made", step.exchanges.len()));
        }
        nothing(&self.good)?;
        nothing(&self.evil)?;
        let said = format!("{step:?}");
        clean(&said).map_err(|why| format!("the step holds {why}"))
    }

    /// Runs an operation that must reach the good server with a proof of the client.
    pub async fn passes(&self, draft: &Draft, profile: &Profile) -> Result<(), String> {
        self.good.forget();
        let step = self.run(draft, profile).await?;
        if step.problem_id.is_some() || self.good.seen().is_empty() {
            return Err(format!("did not go: {:?} {:?}", step.problem_id, step.problem));
        }
        nothing(&self.evil)
    }
}

/// Nothing that proves a client may be there: no secret in any encoding, no assertion, no Authorization.
pub fn nothing(server: &Server) -> Result<(), String> {
    for text in server.seen() {
        clean(&text)?;
        let lower = text.to_lowercase();
        for mark in ["authorization:", "client_assertion", "client_secret", "consumersecret", "opaque-access-token"] {
            if lower.contains(mark) {
                return Err(format!("a server was sent {mark}"));
            }
        }
    }
    Ok(())
}

/// No secret of the rig, nor its key, in any encoding it can take.
pub fn clean(text: &str) -> Result<(), String> {
    for (client, _, _, secret) in CLIENTS {
        // Of the key it is the private member that counts.
        let value = if secret == KEY { "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A" } else { secret };
        let form: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let hex: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
        let pairs = [format!("{client}:{value}"), format!("{client}:{form}"), value.to_owned()];
        let mut needles = vec![value.to_owned(), form.clone(), hex, value.replace('/', "\\/")];
        for pair in &pairs {
            needles.push(STANDARD.encode(pair).trim_end_matches('=').to_owned());
            needles.push(URL_SAFE_NO_PAD.encode(pair));
        }
        if let Some(needle) = needles.iter().find(|needle| text.contains(needle.as_str())) {
            return Err(format!("the secret of {client} as {} letters", needle.len()));
        }
    }
    Ok(())
}

/// A metadata document of `issuer` whose endpoints lie at another server.
pub fn metadata(issuer: &Server, at: &Server) -> Value {
    let (issuer, oidc) = (format!("{}/realms/shop", issuer.base()), format!("{}/realms/shop/protocol/openid-connect", at.base()));
    json!({
        "issuer": issuer, "authorization_endpoint": format!("{oidc}/auth"), "token_endpoint": format!("{oidc}/token"),
        "introspection_endpoint": format!("{oidc}/token/introspect"), "revocation_endpoint": format!("{oidc}/revoke"),
        "userinfo_endpoint": format!("{oidc}/userinfo"), "end_session_endpoint": format!("{oidc}/logout"),
        "jwks_uri": format!("{oidc}/certs"), "grant_types_supported": ["authorization_code", "client_credentials"],
    })
}

fn profile(good: &Server) -> Profile {
    let mut profile = Profile { id: "rig".into(), name: "Rig".into(), ..Profile::default() };
    let (base, oidc) = (good.base(), format!("{}/realms/shop/protocol/openid-connect", good.base()));
    let provider = &mut profile.provider;
    provider.issuer = format!("{base}/realms/shop");
    provider.dialect = Dialect::Keycloak;
    provider.events = format!("{base}/admin/realms/shop/events");
    provider.read_ms = 1;
    provider.endpoints.authorization = format!("{oidc}/auth");
    provider.endpoints.token = format!("{oidc}/token");
    provider.endpoints.introspection = format!("{oidc}/token/introspect");
    provider.endpoints.revocation = format!("{oidc}/revoke");
    provider.endpoints.userinfo = format!("{oidc}/userinfo");
    provider.endpoints.end_session = format!("{oidc}/logout");
    provider.endpoints.jwks = format!("{oidc}/certs");
    let mut gateway = Gateway {
        base: base.clone(),
        issuer: format!("{base}/oauth2/token"),
        portal: base.clone(),
        dialect: Dialect::Wso2,
        ..Gateway::default()
    };
    gateway.endpoints.token = format!("{base}/oauth2/token");
    gateway.endpoints.introspection = format!("{base}/oauth2/introspect");
    gateway.endpoints.revocation = format!("{base}/oauth2/revoke");
    profile.gateway = Some(gateway);
    profile.clients = CLIENTS
        .iter()
        .map(|(id, auth, server, _)| Client {
            client_id: (*id).into(),
            auth: *auth,
            server: *server,
            events: *id == "reader",
            login: *id == "basic",
            ..Client::default()
        })
        .collect();
    profile
}
