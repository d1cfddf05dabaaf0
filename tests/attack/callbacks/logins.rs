//! Whole log ins at the lab, with strangers knocking meanwhile.

use std::sync::Arc;

use engine::workbench::Bounds;
use record::{
    audit::{Outcome, Step},
    operation::Operation,
};
use tokio::sync::OnceCell;
use url::Url;

use crate::{
    row::Attack,
    support::{
        Bench,
        browser::{Hit, Return, Visit},
    },
};

/// What comes back through the browser, given the right address.
type Hits = fn(Url) -> Vec<Hit>;

fn at(home: &Url, path: &str, query: Option<&str>) -> Hit {
    let mut url = home.clone();
    url.set_path(path);
    url.set_query(query);
    Hit::get(url)
}

fn by(method: &'static str, home: &Url, host: Option<&'static str>) -> Hit {
    Hit { method, url: home.clone(), host }
}

/// The browser's visits, with the statuses they get before the right one; the log in then is a success.
const THEN_RIGHT: &[(&str, Hits, &[u16])] = &[
    ("an image of a page", |home| vec![at(&home, "/callback", None)], &[400]),
    ("a code of somebody else's", |home| vec![at(&home, "/callback", Some("code=evil&state=other"))], &[400]),
    ("a refusal without state", |home| vec![at(&home, "/callback", Some("error=access_denied"))], &[400]),
    ("a form of a page", |home| vec![by("POST", &home, None)], &[405]),
    ("a foreign name that leads here", |home| vec![by("GET", &home, Some("evil.example"))], &[421]),
    ("a page at the same port by another name", |home| vec![by("GET", &home, Some("localhost:80"))], &[421]),
    ("an icon", |home| vec![at(&home, "/favicon.ico", None)], &[404]),
    (
        "every method there is",
        |home| ["PUT", "HEAD", "OPTIONS", "DELETE"].map(|method| by(method, &home, None)).into(),
        &[405, 405, 405, 405],
    ),
    ("a long request to any path", |home| vec![at(&home, "/x", Some(&"x".repeat(100_000)))], &[414]),
    (
        "the code with a state that was changed",
        |home| {
            let changed = home.query().unwrap_or_default().replace("state=", "state=x");
            vec![at(&home, "/callback", Some(&changed))]
        },
        &[400],
    ),
    (
        "the state said twice",
        |home| {
            let twice = format!("{0}&{0}", home.query().unwrap_or_default());
            vec![at(&home, "/callback", Some(&twice))]
        },
        &[400],
    ),
];

/// Rows of log ins.
pub fn rows() -> Vec<Attack> {
    let shared: Arc<OnceCell<Bench>> = Arc::default();
    let mut rows: Vec<Attack> = THEN_RIGHT
        .iter()
        .map(|(name, hits, statuses)| {
            Attack::new(format!("log in: {name}, and then the answer"), then_right(shared.clone(), *hits, statuses))
        })
        .collect();
    for (name, change, problem) in [
        (
            "another issuer",
            (|query| query.replace("iss=", "iss=https%3A%2F%2Fevil.example%2F")) as fn(&str) -> String,
            "iss-mismatch",
        ),
        (
            "no issuer where it is promised",
            |query| query.split('&').filter(|part| !part.starts_with("iss=")).collect::<Vec<_>>().join("&"),
            "iss-missing",
        ),
        ("a code and an error", |query| format!("{query}&error=access_denied"), "code-and-error"),
        ("two codes", |query| format!("{query}&code=evil"), "code-repeated"),
    ] {
        rows.push(Attack::new(
            format!("log in: an answer with the state and {name} is refused loudly"),
            refused(shared.clone(), change, problem),
        ));
    }
    rows.push(Attack::new("log in: cancelled while strangers knock", cancelled(shared)));
    rows.push(Attack::new("log in: nobody comes back, and what came instead is said", timed_out()));
    rows
}

async fn shared(cell: &OnceCell<Bench>) -> &Bench {
    cell.get_or_init(Bench::start).await
}

fn redeemed(bench: &Bench) -> usize {
    bench.lab.received().iter().filter(|request| request.body.contains("grant_type=authorization_code")).count()
}

/// What the step says of the strangers; empty when there were none.
fn told(step: &Step) -> String {
    let exchange = step.exchanges.iter().find(|exchange| exchange.label.ends_with("refused"));
    exchange.map(|one| one.request.iter().flatten().map(|span| span.text.as_str()).collect()).unwrap_or_default()
}

async fn then_right(cell: Arc<OnceCell<Bench>>, hits: Hits, statuses: &'static [u16]) -> Result<(), String> {
    let bench = shared(&cell).await;
    let (before, codes) = (bench.browser.answers().len(), redeemed(bench));
    let back: Return = Arc::new(move |home| {
        let mut all = hits(home.clone());
        all.push(Hit::get(home));
        all
    });
    bench.browser.next(Visit::Altered("alice", back));
    let draft = bench.draft(Operation::LogIn, None);
    let (step, ()) = tokio::join!(bench.run(&draft), bench.browser.done.notified());
    let got: Vec<u16> = bench.browser.answers()[before..].iter().map(|answer| answer.status).collect();
    if step.outcome != Outcome::Success || redeemed(bench) != codes + 1 {
        return Err(format!("{:?} {:?}, {} codes", step.outcome, step.problem, redeemed(bench) - codes));
    }
    if got[..got.len() - 1] != *statuses || got.last() != Some(&200) {
        return Err(format!("they got {got:?}"));
    }
    let words = told(&step);
    if words.is_empty() || words.contains("evil") {
        return Err(format!("the step says: {words}"));
    }
    Ok(())
}

async fn refused(cell: Arc<OnceCell<Bench>>, change: fn(&str) -> String, problem: &'static str) -> Result<(), String> {
    let bench = shared(&cell).await;
    let codes = redeemed(bench);
    let back: Return = Arc::new(move |home| {
        let query = change(home.query().unwrap_or_default());
        vec![at(&home, "/callback", Some(&query))]
    });
    bench.browser.next(Visit::Altered("alice", back));
    let draft = bench.draft(Operation::LogIn, None);
    let (step, ()) = tokio::join!(bench.run(&draft), bench.browser.done.notified());
    let held = step.outcome == Outcome::Failed && step.problem_id.as_deref() == Some(problem) && redeemed(bench) == codes;
    held.then_some(()).ok_or(format!("{:?} {:?}", step.outcome, step.problem_id))
}

async fn cancelled(cell: Arc<OnceCell<Bench>>) -> Result<(), String> {
    let bench = shared(&cell).await;
    bench.browser.next(Visit::Altered(
        "alice",
        Arc::new(|home| vec![at(&home, "/callback", Some("error=access_denied&error_description=evil"))]),
    ));
    let draft = bench.draft(Operation::LogIn, None);
    let (step, ()) = tokio::join!(bench.run(&draft), async {
        bench.browser.done.notified().await;
        while bench.told().last().is_none_or(|progress| progress.strays.is_empty()) {
            tokio::task::yield_now().await;
        }
        bench.workbench.cancel("run");
    });
    let progress = bench.told().into_iter().rev().find(|progress| !progress.strays.is_empty()).ok_or("nothing was told")?;
    let said = progress.strays.join(" ") + &progress.detail;
    if step.outcome != Outcome::Cancelled || said.contains("evil") || !said.contains("1 answer without the right state") {
        return Err(format!("{:?}: {said}", step.outcome));
    }
    told(&step).contains("without the right state").then_some(()).ok_or("the step does not say it".into())
}

async fn timed_out() -> Result<(), String> {
    let bench = Bench::bounded(Bounds { login: std::time::Duration::from_secs(4), ..Bounds::default() }).await;
    bench.browser.next(Visit::Altered("alice", Arc::new(|home| vec![at(&home, "/callback", Some("code=evil"))])));
    let step = bench.run(&bench.draft(Operation::LogIn, None)).await;
    let problem = step.problem.unwrap_or_default();
    let held = step.problem_id.as_deref() == Some("login-timed-out") && problem.contains("1 answer without the right state");
    held.then_some(()).ok_or(problem)
}
