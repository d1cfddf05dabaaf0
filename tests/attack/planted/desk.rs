//! A workbench in a folder of its own, a server on loopback that answers as told, and everything that was written in the end.

use std::{fs, path::Path, sync::Arc};

use engine::{
    secrets::Secrets,
    workbench::Workbench,
    world::{Browser, SystemClock, SystemRandom, World},
};
use oauth::{
    form,
    profile::{Client, ClientAuth, Endpoints, Profile, Provider, ServerRole},
    snippet::{self, SnippetFormat},
};
use record::{
    evidence,
    operation::{Draft, Operation},
};
use tempfile::TempDir;
use token::{secret::Secret, text::Pair};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What the server says to every request.
#[derive(Clone)]
pub enum Answer {
    /// This.
    Fixed(Vec<u8>),
    /// The request itself, as a page of text.
    Mirror,
}

struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&self, _: &str) -> Result<(), String> {
        Err("there is none".into())
    }
}

pub struct Desk {
    pub base: String,
    workbench: Workbench,
    profile: Profile,
    folder: TempDir,
    server: JoinHandle<()>,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.server.abort();
    }
}

pub fn pair(name: &str, value: &str) -> Pair {
    Pair { name: name.into(), value: value.into() }
}

/// A whole answer with a JSON body.
pub fn json(status: u16, body: &str) -> Vec<u8> {
    answer(status, &[("Content-Type", "application/json")], body)
}

/// A whole answer.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

/// Reads one request whole, head and body.
async fn request(stream: &mut TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        let head = all.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(head) = head {
            let text = String::from_utf8_lossy(&all[..head]).to_ascii_lowercase();
            let length = text.split("content-length:").nth(1).and_then(|rest| rest.split("\r\n").next()?.trim().parse().ok());
            if all.len() >= head + 4 + length.unwrap_or(0_usize) {
                return all;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 => all.extend_from_slice(&buffer[..count]),
            _ => return all,
        }
    }
}

impl Desk {
    pub async fn start(says: Answer) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let server = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let asked = request(&mut stream).await;
                let bytes = match &says {
                    Answer::Fixed(bytes) => bytes.clone(),
                    Answer::Mirror => answer(200, &[("Content-Type", "text/plain")], &String::from_utf8_lossy(&asked)),
                };
                // A client that hangs up early takes part as well.
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
            }
        });
        let folder = TempDir::new().expect("a temporary folder");
        let world = World { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), browser: Arc::new(NoBrowser) };
        let secrets = Secrets::memory(folder.path().join("secrets.sealed"));
        let (workbench, _) = Workbench::with(folder.path(), world, secrets).expect("the journal opens");
        let at = |path: &str| format!("{base}{path}");
        let endpoints = Endpoints {
            token: at("/token"),
            introspection: at("/introspect"),
            revocation: at("/revoke"),
            userinfo: at("/userinfo"),
            end_session: at("/logout"),
            ..Endpoints::default()
        };
        let client = Client {
            client_id: "app".into(),
            auth: ClientAuth::ClientSecretBasic,
            server: ServerRole::Provider,
            ..Client::default()
        };
        let profile = Profile {
            id: "p".into(),
            name: "P".into(),
            provider: Provider { issuer: at(""), name: "Id".into(), endpoints, ..Provider::default() },
            clients: vec![client],
            ..Profile::default()
        };
        workbench.secrets.overlay(&profile, [("app".to_owned(), Secret::new("an ordinary client secret"))]);
        Self { base, workbench, profile, folder, server }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The secret of the client from now on.
    pub fn secret(&mut self, text: &str) {
        self.workbench.secrets.overlay(&self.profile, [("app".to_owned(), Secret::new(text))]);
        self.workbench.forget_secrets();
    }

    /// Puts an opaque token on the shelf; gives what a draft calls it.
    pub fn paste(&self, text: &str) -> Result<String, String> {
        let (ids, _) = self.workbench.paste(&format!("Bearer {text}")).map_err(|fault| fault.message)?;
        ids.first().map(|id| format!("token:{id}")).ok_or_else(|| "no token was found".into())
    }

    pub fn draft(&self, operation: Operation, values: &[(&str, &str)]) -> Draft {
        let values = values.iter().map(|(name, value)| pair(name, value)).collect();
        Draft { operation, profile: "p".into(), values, extra: Vec::new() }
    }

    /// Runs a draft and gives everything that was written and can be exported.
    pub async fn run(self, draft: &Draft) -> Result<Written, String> {
        let mut all = Written { texts: Vec::new(), files: Vec::new() };
        let materials = self.workbench.materials_for_writing(draft, &self.profile).await.map_err(|fault| fault.to_string())?;
        let preview = self.workbench.preview(draft, &self.profile).await.map_err(|fault| fault.to_string())?;
        all.text("preview", serde_json::to_string(&preview).map_err(|error| error.to_string())?);
        let report = |progress: oauth::progress::Progress| drop(serde_json::to_string(&progress));
        let step =
            self.workbench.run("run", draft, &self.profile, &report).await.map_err(|fault| format!("{fault} {fault:?}"))?;
        let stored =
            self.workbench.journal.step(step.id).map_err(|fault| fault.to_string())?.ok_or("the step is not in the journal")?;
        all.text("what the window is sent", serde_json::to_string(&step).map_err(|error| error.to_string())?);
        all.text("a step's Debug", format!("{step:?} {stored:?}"));
        all.text("a draft's Debug", format!("{draft:?}"));
        all.text("evidence", evidence::markdown(&stored, &|ms| ms.to_string()));
        let page = self.workbench.journal.page(&record::audit::AuditQuery { limit: 100, ..Default::default() });
        all.text("audit", serde_json::to_string(&page.map_err(|fault| fault.to_string())?).map_err(|error| error.to_string())?);
        let drafts = [Some(draft.clone()), stored.draft.clone()];
        for draft in drafts.into_iter().flatten() {
            if let Ok(built) = oauth::message::build(&draft, &self.profile, &materials) {
                all.text("a request's Debug", format!("{built:?}"));
                let sensitive = form::sensitive(&draft, &self.profile, &materials);
                for format in [SnippetFormat::Raw, SnippetFormat::Bash, SnippetFormat::Powershell, SnippetFormat::Cmd] {
                    for secrets in [snippet::Secrets::Environment, snippet::Secrets::Mask] {
                        let written = snippet::write(format, &built.request, &sensitive, secrets, false);
                        all.text(&format!("{format:?} snippet"), format!("{} {:?}", written.text, written.environment));
                    }
                }
            }
        }
        // The kept evidence, as the next start reads it.
        for kept in self.workbench.journal.last_tokens().map_err(|fault| fault.to_string())?.0 {
            all.text("kept token", format!("{kept:?}"));
        }
        let Self { folder, .. } = &self;
        files(folder.path(), &mut all)?;
        Ok(all)
    }
}

/// Every file as it lies there, and the journal's columns.
fn files(folder: &Path, all: &mut Written) -> Result<(), String> {
    for entry in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            files(&path, all)?;
            continue;
        }
        let bytes = fs::read(&path).map_err(|error| error.to_string())?;
        all.files.push((name.clone(), String::from_utf8_lossy(&bytes).into_owned()));
        if name.ends_with(".sqlite") {
            columns(&path, all).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

fn columns(path: &Path, all: &mut Written) -> rusqlite::Result<()> {
    use rusqlite::types::ValueRef;
    let connection = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut tables = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table'")?;
    let tables: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for table in tables {
        // Shadow tables of the full-text index hold words apart; the files are searched as they lie.
        let Ok(mut rows) = connection.prepare(&format!("SELECT * FROM \"{table}\"")) else { continue };
        let count = rows.column_count();
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..count {
                match row.get_ref(column)? {
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                        all.text(&format!("journal, {table}"), String::from_utf8_lossy(bytes).into_owned());
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(())
}

/// Everything that was written or can be exported.
pub struct Written {
    texts: Vec<(String, String)>,
    /// Files as they lie on disk; what is no text in them is replaced, what is stays.
    files: Vec<(String, String)>,
}

impl Written {
    fn text(&mut self, name: &str, text: String) {
        // A text of JSON in a column says what its escapes say, too.
        if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
            let mut plain = String::new();
            unescaped(&value, &mut plain);
            self.texts.push((format!("{name}, read"), plain));
        }
        self.texts.push((name.to_owned(), text));
    }

    /// The error says where it was found and what stands there.
    pub fn has_none_of(&self, planted: &[String]) -> Result<(), String> {
        for (name, text) in &self.texts {
            for spelling in planted {
                if let Some(at) = text.find(spelling.as_str()) {
                    let around: String = text[..at].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
                    return Err(format!("{spelling:?} stands in {name} after {around:?}"));
                }
            }
        }
        for (name, text) in &self.files {
            for spelling in planted {
                if text.contains(spelling.as_str()) {
                    return Err(format!("{spelling:?} stands in the file {name}"));
                }
            }
        }
        Ok(())
    }

    /// Every word stands in the evidence and in the record.
    pub fn has_all_of(&self, words: &[&str]) -> Result<(), String> {
        for place in ["evidence", "what the window is sent, read"] {
            let Some((_, text)) = self.texts.iter().find(|(name, _)| name == place) else { return Err(format!("no {place}")) };
            for word in words {
                if !text.contains(word) {
                    return Err(format!("{word:?} is not in {place}: {text}"));
                }
            }
        }
        Ok(())
    }
}

/// All strings of a JSON value, spans of one line together.
fn unescaped(value: &serde_json::Value, out: &mut String) {
    match value {
        serde_json::Value::String(text) => {
            out.push_str(text);
            out.push('\n');
        }
        serde_json::Value::Array(list) => {
            let spans: Option<Vec<&str>> = list.iter().map(|span| span.get("text").and_then(|text| text.as_str())).collect();
            match spans {
                Some(spans) if !spans.is_empty() => {
                    out.push_str(&spans.concat());
                    out.push('\n');
                }
                _ => list.iter().for_each(|value| unescaped(value, out)),
            }
        }
        serde_json::Value::Object(members) => members.iter().for_each(|(name, value)| {
            out.push_str(name);
            out.push('\n');
            unescaped(value, out);
        }),
        _ => {}
    }
}
