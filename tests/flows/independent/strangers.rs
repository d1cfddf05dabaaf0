//! Three authorization servers of other people (`tests/servers`), each in a process of its own: log in, every grant, and refusals
//! whose causes must be read rightly. `cargo xtask test` builds them; where one is not built, its test says so and does nothing.
//!
//! A refusal is read exactly (the right cause as the only one), ranked (the right one among several), generically (a sentence that
//! would fit any refusal with this code), or wrongly. None may be wrong, and fewer than a tenth generic.

mod django;
mod spring;
mod zitadel;

use std::{
    collections::HashMap,
    io::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use oauth::profile::{Client, ClientAuth, Profile};
use record::{
    audit::{Diagnosis, Outcome, Step},
    operation::{Draft, Operation},
};
use serde_json::Value;
use token::{
    inspect::{TokenKind, TokenView},
    text::Pair,
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use super::Desk;
use crate::support::browser::Visit;

/// How long a server may take to say that it listens; a Java on two busy cores takes its time.
const PATIENCE: Duration = Duration::from_secs(120);

const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID: &str = "urn:ietf:params:oauth:token-type:id_token";
const REFRESH: &str = "urn:ietf:params:oauth:token-type:refresh_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// Sentences that fit every refusal with their code.
const GENERIC: &[&str] = &[
    "invalid-client",
    "unauthorized-client",
    "invalid-scope",
    "invalid-target",
    "invalid-request",
    "invalid-grant",
    "invalid-grant-client",
    "invalid-grant-code",
    "invalid-grant-refresh",
    "invalid-grant-password",
    "invalid-grant-assertion",
    "exchange-subject-dead",
    "exchange-refused",
    "access-denied",
    "server-error",
    "api-invalid-token",
    "api-401",
    "api-403",
];

/// Fields of a form, by the RFC's names.
type Fields = Vec<(&'static str, String)>;

/// Where what is built of the servers lies.
fn built(part: &str) -> PathBuf {
    crate::root().join("target/servers").join(part)
}

fn folder(server: &str) -> PathBuf {
    crate::root().join("tests/servers").join(server)
}

/// A server that runs as long as this is kept, and a desk at it.
struct Place {
    desk: Desk,
    told: Value,
    counts: Counts,
    _server: Child,
}

#[derive(Default)]
struct Counts {
    exact: usize,
    ranked: usize,
    generic: Vec<String>,
    wrong: Vec<String>,
}

/// Starts a server; none when it is not built.
async fn start(server: &str, needs: &Path, mut command: Command) -> Option<(Child, Value)> {
    if !needs.exists() {
        // Past the harness, which would keep the words of a test that passes to itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: {server} is not built. `cargo xtask test --only \"other people\"` builds it, where its tools are there."
        );
        return None;
    }
    command.current_dir(folder(server)).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{server}: {error}"));
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("it comes up").expect("readable");
    let line = line.unwrap_or_else(|| panic!("{server} ended before it listened"));
    Some((child, serde_json::from_str(&line).expect("one line of JSON")))
}

/// A client of a profile.
fn client(id: &str, auth: ClientAuth, login: bool) -> Client {
    Client { client_id: id.into(), auth, login, ..Client::default() }
}

impl Place {
    async fn at(
        server: &str,
        (child, told): (Child, Value),
        clients: Vec<Client>,
        scopes: &[&str],
        secrets: &[(&str, &str)],
    ) -> Self {
        let profile = Profile {
            id: server.into(),
            name: server.into(),
            clients,
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            ..Profile::default()
        };
        let desk = Desk::at(told["issuer"].as_str().expect("its issuer"), profile, secrets).await;
        Self { desk, told, counts: Counts::default(), _server: child }
    }

    fn draft(&self, operation: Operation, values: &[(&str, &str)]) -> Draft {
        let values = values.iter().filter(|(_, value)| !value.is_empty());
        let values = values.map(|(name, value)| Pair { name: (*name).into(), value: (*value).into() }).collect();
        Draft { operation, profile: self.desk.profile.id.clone(), values, extra: Vec::new() }
    }

    /// The same, with tokens of nobody's confirmed as a user does.
    async fn meant(&self, draft: &Draft) -> Draft {
        self.desk.workbench.confirmed(draft, &self.desk.profile).await.expect("secrets in memory can be read")
    }

    async fn done(&self, operation: Operation, values: &[(&str, &str)]) -> Step {
        self.desk.done(&self.meant(&self.draft(operation, values)).await).await
    }

    async fn log_in(&self, client: &str, user: &'static str, scope: &str) -> Came {
        self.desk.browser.next(Visit::SignIn(user));
        let step = self.done(Operation::LogIn, &[("client", client), ("scope", scope)]).await;
        self.came(&step)
    }

    fn came(&self, step: &Step) -> Came {
        let tokens = self.desk.workbench.tokens();
        let mine = tokens.into_iter().filter(|token| step.tokens_out.contains(&token.id));
        Came(mine.map(|token| (token.kind, token)).collect())
    }

    fn token(&self, id: &str) -> TokenView {
        self.desk.workbench.tokens().into_iter().find(|token| token.id == id).expect("on the shelf")
    }

    /// Waits until a token has ended, by the clock of this machine, which is the server's.
    async fn ended(&self, id: &str) {
        let end = self.token(&reference_id(id)).expires_at.expect("it has an end");
        let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
        while i64::try_from(now()).expect("small") <= end {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What is pasted, as `token:<id>`.
    fn paste(&self, text: &str) -> String {
        let (ids, _) = self.desk.workbench.paste(text).expect("a token");
        format!("token:{}", ids[0])
    }

    /// A try that the server must refuse, and the cause that must be read.
    async fn refused(&mut self, name: &str, operation: Operation, values: &[(&str, &str)], cause: &str) -> Step {
        let draft = self.meant(&self.draft(operation, values)).await;
        let step = self.desk.run(&draft).await;
        self.judge(name, &step, cause);
        step
    }

    fn judge(&mut self, name: &str, step: &Step, cause: &str) {
        let said = |found: &Diagnosis| {
            let others: Vec<&str> = found.others.iter().map(|other| other.id.as_str()).collect();
            format!(
                "{name}: {} (certain {}, others {others:?}), expected {cause}; {:?} {:?}",
                found.id,
                found.certain,
                step.status,
                step.words.as_ref().and_then(|words| words.error.clone())
            )
        };
        let Some(found) = step.diagnosis.as_ref().filter(|_| step.outcome == Outcome::Refused) else {
            self.counts.wrong.push(format!("{name}: {:?} {:?} {:?}", step.outcome, step.status, step.problem));
            return;
        };
        let text = format!("{found:?}");
        assert!(!text.contains("Keycloak") && !found.cause.contains('{'), "{name}: {text}");
        match found {
            found if found.id == cause && found.certain => self.counts.exact += 1,
            found if found.id == cause || found.others.iter().any(|other| other.id == cause) => self.counts.ranked += 1,
            found if GENERIC.contains(&found.id.as_str()) => self.counts.generic.push(said(found)),
            found => self.counts.wrong.push(said(found)),
        }
    }

    /// Prints the counts and holds them against the goals.
    fn tally(&self, server: &str) {
        let Counts { exact, ranked, generic, wrong } = &self.counts;
        let all = exact + ranked + generic.len() + wrong.len();
        let _ = writeln!(
            std::io::stderr(),
            "Refusals at {server}: {all}, exact {exact}, ranked {ranked}, generic {}, wrong {}",
            generic.len(),
            wrong.len()
        );
        assert_eq!(wrong, &Vec::<String>::new());
        assert!(all >= 8 && generic.len() * 10 < all, "{generic:?}");
    }
}

/// The tokens of one answer.
struct Came(HashMap<TokenKind, TokenView>);

impl Came {
    fn of(&self, kind: TokenKind) -> String {
        format!("token:{}", self.0.get(&kind).unwrap_or_else(|| panic!("no {kind:?} came")).id)
    }

    fn access(&self) -> String {
        self.of(TokenKind::Access)
    }

    fn id(&self) -> String {
        self.of(TokenKind::Id)
    }

    fn refresh(&self) -> String {
        self.of(TokenKind::Refresh)
    }
}

fn reference_id(reference: &str) -> String {
    reference.strip_prefix("token:").unwrap_or(reference).to_owned()
}
