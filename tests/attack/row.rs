//! A row of the attack suite, and how rows are run and counted.

use std::{future::Future, pin::Pin, time::Duration};

/// No single attack may take longer: what hangs has failed.
const LONGEST: Duration = Duration::from_secs(60);

/// One input from outside and the check that what had to hold did. The error is a sentence.
pub struct Attack {
    name: String,
    run: Pin<Box<dyn Future<Output = Result<(), String>> + Send>>,
}

impl Attack {
    /// A row; `run` attacks and says what did not hold.
    pub fn new(name: impl Into<String>, run: impl Future<Output = Result<(), String>> + Send + 'static) -> Self {
        Self { name: name.into(), run: Box::pin(run) }
    }
}

/// Runs the rows of a kind one after the other and prints one line of counts; panics when a row did not hold, after all ran.
pub async fn hold(kind: &str, rows: Vec<Attack>) {
    let only = std::env::var("ATTACK_ONLY").unwrap_or_default();
    let rows: Vec<Attack> = rows.into_iter().filter(|row| row.name.contains(&only)).collect();
    assert!(!rows.is_empty() || !only.is_empty(), "{kind} has no rows");
    let tried = rows.len();
    let mut failures = Vec::new();
    for Attack { name, run } in rows {
        // On a task of its own: a panic is a failure of this row and of no other.
        let task = tokio::spawn(tokio::time::timeout(LONGEST, run));
        let outcome = match task.await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(format!("did not end within {} s", LONGEST.as_secs())),
            Err(error) => Err(format!("broke off: {error}")),
        };
        if let Err(why) = outcome {
            println!("  did not hold: {kind}: {name}: {why}");
            failures.push(format!("{name}: {why}"));
        }
    }
    println!("attack {kind}: {tried} tried, {} held, {} failed", tried - failures.len(), failures.len());
    assert!(failures.is_empty(), "{kind}: {} of {tried} did not hold:\n{}", failures.len(), failures.join("\n"));
}
