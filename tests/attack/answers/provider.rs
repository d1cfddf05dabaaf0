//! A provider on loopback that answers what a row says, a user who signs in at once, and a workbench between the two.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use engine::{
    secrets::Secrets,
    workbench::Workbench,
    world::{Browser, SystemClock, SystemRandom, World},
};
use oauth::profile::{Client, ClientAuth, Profile};
use record::{
    audit::Step,
    operation::{Draft, Operation},
};
use serde_json::Value;
use tempfile::TempDir;
use token::{finding::Finding, secret::Secret, text::Pair};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What an endpoint answers: type and body. `NONCE` in a body stands for the nonce of the login under way.
pub type Page = Arc<dyn Fn(&str, &str) -> (String, Vec<u8>) + Send + Sync>;

/// The client of these rows.
pub const CLIENT: &str = "app";
/// Its secret.
pub const SECRET: &str = "a-client-secret-that-is-long-enough";

/// See the module.
pub struct Provider {
    pages: Arc<Mutex<HashMap<String, Page>>>,
    task: JoinHandle<()>,
    pub bench: Workbench,
    pub profile: Profile,
    _folder: TempDir,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Signs in: comes back with a code, at once.
struct User {
    nonce: Arc<Mutex<String>>,
    runtime: tokio::runtime::Handle,
}

impl Browser for User {
    fn open(&self, address: &str) -> Result<(), String> {
        let url = url::Url::parse(address).map_err(|error| error.to_string())?;
        let value =
            |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default();
        *self.nonce.lock().map_err(|error| error.to_string())? = value("nonce");
        let mut back = url::Url::parse(&value("redirect_uri")).map_err(|error| error.to_string())?;
        back.query_pairs_mut().append_pair("code", "the-code").append_pair("state", &value("state"));
        self.runtime.spawn(async move {
            let host = format!("{}:{}", back.host_str().unwrap_or_default(), back.port().unwrap_or_default());
            let Ok(mut stream) = TcpStream::connect(&host).await else { return };
            let head = format!(
                "GET {}?{} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
                back.path(),
                back.query().unwrap_or_default()
            );
            let _ = stream.write_all(head.as_bytes()).await;
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
        });
        Ok(())
    }
}

impl Provider {
    /// A provider that answers nothing yet.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let pages: Arc<Mutex<HashMap<String, Page>>> = Arc::default();
        let nonce: Arc<Mutex<String>> = Arc::default();
        let (served, sent) = (Arc::clone(&pages), Arc::clone(&nonce));
        let issuer = base.clone();
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = Vec::new();
                let mut buffer = [0; 16_384];
                while !head.windows(4).any(|window| window == b"\r\n\r\n") {
                    match stream.read(&mut buffer).await {
                        Ok(count) if count > 0 => head.extend_from_slice(&buffer[..count]),
                        _ => break,
                    }
                }
                let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned();
                let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
                let page = served.lock().expect("no panic while held").get(&path).cloned();
                let nonce = sent.lock().expect("no panic while held").clone();
                let (status, (kind, body)) = page.map_or_else(
                    || (404, ("text/plain".to_owned(), b"nothing here".to_vec())),
                    |page| (200, page(&issuer, &nonce)),
                );
                let head = format!(
                    "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(&[head.as_bytes(), &body].concat()).await;
                let _ = stream.shutdown().await;
            }
        });
        let mut profile = Profile { id: "p".into(), name: "p".into(), ..Profile::default() };
        profile.provider.issuer.clone_from(&base);
        profile.provider.read_ms = 1;
        let ends = &mut profile.provider.endpoints;
        ends.authorization = format!("{base}/auth");
        ends.token = format!("{base}/token");
        ends.introspection = format!("{base}/introspect");
        ends.userinfo = format!("{base}/userinfo");
        ends.jwks = format!("{base}/jwks");
        profile.clients =
            vec![Client { client_id: CLIENT.into(), auth: ClientAuth::ClientSecretBasic, login: true, ..Client::default() }];
        let folder = TempDir::new().expect("a temporary folder");
        let secrets = Secrets::memory(folder.path().join("secrets.sealed"));
        let world = World {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            browser: Arc::new(User { nonce, runtime: tokio::runtime::Handle::current() }),
        };
        let (bench, _) = Workbench::with(folder.path(), world, secrets).expect("the workbench opens");
        bench.secrets.overlay(&profile, [(CLIENT.to_owned(), Secret::new(SECRET))]);
        Self { pages, task, bench, profile, _folder: folder }
    }

    /// Puts an answer at a path.
    pub fn answer(&self, path: &str, page: impl Fn(&str, &str) -> (String, Vec<u8>) + Send + Sync + 'static) {
        self.pages.lock().expect("no panic while held").insert(path.to_owned(), Arc::new(page));
    }

    /// Puts JSON at a path.
    pub fn json(&self, path: &str, body: impl Into<String>) {
        let body = body.into();
        self.answer(path, move |_, _| ("application/json".into(), body.clone().into_bytes()));
    }

    /// Runs an operation.
    pub async fn run(&self, operation: Operation, values: &[(&str, &str)], extra: &[(&str, &str)]) -> Result<Step, String> {
        let pair = |(name, value): &(&str, &str)| Pair { name: (*name).into(), value: (*value).into() };
        let draft = Draft {
            operation,
            profile: "p".into(),
            values: values.iter().map(pair).collect(),
            extra: extra.iter().map(pair).collect(),
        };
        self.bench.run("run", &draft, &self.profile, &|_| ()).await.map_err(|error| format!("{error:?}"))
    }

    /// Everything remarkable about the tokens a step brought, and about the ones it was about.
    pub fn findings(&self, step: &Step) -> Vec<Finding> {
        let ids = step.tokens_out.iter().chain(&step.tokens_in);
        ids.filter_map(|id| self.bench.inspect(id).ok()).flat_map(|inspection| inspection.findings).collect()
    }
}

/// Now, epoch seconds.
pub fn now() -> i64 {
    World { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), browser: Arc::new(Nobody) }.now_s()
}

struct Nobody;

impl Browser for Nobody {
    fn open(&self, _: &str) -> Result<(), String> {
        Err("nobody is there".into())
    }
}

/// JSON with some members replaced; null takes a member out.
pub fn changed(mut base: Value, change: &Value) -> Value {
    for (name, value) in change.as_object().into_iter().flatten() {
        match value {
            Value::Null => drop(base.as_object_mut().and_then(|base| base.remove(name))),
            value => base[name] = value.clone(),
        }
    }
    base
}
