//! A workbench, and a server that says what a row tells it to say.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use engine::{
    secrets::Secrets,
    workbench::{Bounds, Limits, Workbench},
    world::{Browser, SystemClock, SystemRandom, World},
};
use oauth::profile::{Client, ClientAuth, Dialect, Endpoints, Gateway, Profile, Provider};
use record::{
    audit::Step,
    operation::{Draft, Operation},
};
use token::{secret::Secret, text::Pair};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// How an answer comes.
#[derive(Clone)]
pub enum Reply {
    /// Head and body at once.
    Whole(Arc<Vec<u8>>),
    /// These bytes, then one a time for ever.
    Drip(&'static str),
    /// These bytes again and again, as fast as they are taken.
    Stream(&'static str, &'static str),
    /// These bytes, then the end of the connection.
    Cut(&'static str),
    /// Nothing, and the connection stays open.
    Silence,
}

/// A whole answer.
pub fn answer(status: u16, kind: &str, body: &[u8]) -> Reply {
    headed(status, &format!("Content-Type: {kind}\r\n"), body)
}

/// A whole answer with headers of its own.
pub fn headed(status: u16, headers: &str, body: &[u8]) -> Reply {
    let head = format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    Reply::Whole(Arc::new([head.as_bytes(), body].concat()))
}

type Replies = Arc<Mutex<HashMap<String, Reply>>>;

/// The server; it answers 404 where nothing was put.
pub struct Server {
    pub base: String,
    replies: Replies,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let replies = Replies::default();
        let known = Arc::clone(&replies);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&known)));
            }
        });
        Self { base, replies, task }
    }

    /// Puts an answer at a path.
    pub fn put(&self, path: &str, reply: Reply) {
        self.replies.lock().expect("no panic while held").insert(path.to_owned(), reply);
    }
}

async fn serve(mut stream: TcpStream, replies: Replies) {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 => head.extend_from_slice(&buffer[..count]),
            _ => return,
        }
    }
    let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned();
    let path = line.split([' ', '?']).nth(1).unwrap_or_default().to_owned();
    let reply = replies.lock().expect("no panic while held").get(&path).cloned();
    // A client that hangs up early is part of what is tried.
    match reply.unwrap_or_else(|| answer(404, "text/plain", b"nothing here")) {
        Reply::Whole(bytes) => drop(stream.write_all(&bytes).await),
        Reply::Cut(bytes) => drop(stream.write_all(bytes.as_bytes()).await),
        Reply::Drip(first) => {
            let mut more = tokio::time::interval(Duration::from_millis(20));
            let mut sent = stream.write_all(first.as_bytes()).await;
            while sent.is_ok() {
                more.tick().await;
                sent = stream.write_all(b"x").await;
            }
        }
        Reply::Stream(first, again) => {
            let block = again.repeat(1 + 16_384 / again.len());
            let mut sent = stream.write_all(first.as_bytes()).await;
            while sent.is_ok() {
                sent = stream.write_all(block.as_bytes()).await;
            }
            return;
        }
        Reply::Silence => drop(stream.read(&mut buffer).await),
    }
    let _ = stream.shutdown().await;
}

struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&self, _: &str) -> Result<(), String> {
        Err("there is none".into())
    }
}

/// A workbench at a server.
pub struct Desk {
    pub workbench: Arc<Workbench>,
    pub server: Server,
    pub profile: Profile,
    pub folder: tempfile::TempDir,
}

/// A token of alice that nobody signed, to be shown around.
pub const TOKEN: &str = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiJhbGljZSIsInByZWZlcnJlZF91c2VybmFtZSI6ImFsaWNlIiwic2NvcGUiOiJvcGVuaWQiLCJhenAiOiJmcm9udGVuZCJ9.";

impl Desk {
    pub async fn new() -> Self {
        Self::patient(Bounds::default()).await
    }

    /// With other patience than a user has.
    pub async fn hasty(timeout: Duration) -> Self {
        let limits = |limits: Limits| Limits { timeout, ..limits };
        let usual = Bounds::default();
        Self::patient(Bounds { metadata: limits(usual.metadata), usual: limits(usual.usual), ..usual }).await
    }

    async fn patient(bounds: Bounds) -> Self {
        let server = Server::start().await;
        let folder = tempfile::tempdir().expect("a folder");
        let world = World { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), browser: Arc::new(NoBrowser) };
        let secrets = Secrets::memory(folder.path().join("secrets.sealed"));
        let secret = || Secret::new("a-secret-of-the-test");
        let clients = ["frontend", "audit-reader", "orders-app"];
        let profile = profile(&server.base);
        secrets.overlay(&profile, clients.map(|client| (client.to_owned(), secret())));
        let (workbench, _) = Workbench::with(folder.path(), world, secrets).expect("the journal opens");
        Self { workbench: Arc::new(workbench.with_bounds(bounds)), server, profile, folder }
    }

    /// Puts alice's token on the shelf.
    pub fn token(&self) -> String {
        self.workbench.paste(TOKEN).expect("a token").0.remove(0)
    }

    /// A draft with these values.
    pub fn draft(&self, operation: Operation, values: &[(&str, &str)]) -> Draft {
        let pair = |(name, value): &(&str, &str)| Pair { name: (*name).into(), value: (*value).into() };
        Draft { operation, profile: self.profile.id.clone(), values: values.iter().map(pair).collect(), extra: Vec::new() }
    }

    /// Runs a draft; the journal is part of what is tried.
    pub async fn run(&self, draft: &Draft) -> Result<Step, String> {
        self.workbench.run("run", draft, &self.profile, &|_| {}).await.map_err(|fault| format!("nothing was run: {fault:?}"))
    }

    /// Bytes of the journal with its write-ahead log.
    pub fn journal_bytes(&self) -> u64 {
        let size = |name: &str| std::fs::metadata(self.folder.path().join(name)).map_or(0, |data| data.len());
        size("journal.sqlite") + size("journal.sqlite-wal")
    }
}

fn profile(base: &str) -> Profile {
    let issuer = format!("{base}/realms/flood");
    let oidc = format!("{issuer}/protocol/openid-connect");
    let client =
        |id: &str, events| Client { client_id: id.into(), auth: ClientAuth::ClientSecretBasic, events, ..Client::default() };
    Profile {
        id: "flood".into(),
        name: "flood".into(),
        provider: Provider {
            events: format!("{base}/admin/realms/flood/events"),
            dialect: Dialect::Keycloak,
            name: "the flood".into(),
            read_ms: 1,
            endpoints: Endpoints {
                authorization: format!("{oidc}/auth"),
                token: format!("{oidc}/token"),
                introspection: format!("{oidc}/token/introspect"),
                revocation: format!("{oidc}/revoke"),
                userinfo: format!("{oidc}/userinfo"),
                end_session: format!("{oidc}/logout"),
                jwks: format!("{oidc}/certs"),
            },
            issuer,
            ..Provider::default()
        },
        gateway: Some(Gateway {
            base: base.to_owned(),
            name: "gateway".into(),
            dialect: Dialect::Wso2,
            portal: base.to_owned(),
            activity: format!("{base}/activity"),
            ..Gateway::default()
        }),
        clients: vec![client("frontend", false), client("audit-reader", true), client("orders-app", false)],
        resources: vec![oauth::profile::Resource {
            name: "orders".into(),
            url: format!("{base}/orders"),
            through_gateway: true,
            ..Default::default()
        }],
        ..Profile::default()
    }
}

/// The path of an OpenID Connect endpoint.
pub fn oidc(name: &str) -> String {
    format!("/realms/flood/protocol/openid-connect/{name}")
}
