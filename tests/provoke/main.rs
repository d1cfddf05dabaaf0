//! The provocation suite: every refusal of the catalogue that a user of the window can run into is provoked at a real Keycloak,
//! and the diagnosis must name its cause, once without and once with the server's events.
//!
//! A provocation is a row of data: what is set up through the Admin API, which token is sent, the draft, and the id of the
//! entry that must be named. Started by `cargo xtask test` with the addresses of two servers; by hand:
//! `cargo xtask provoke`. `PROVOKE_READS` says what the reader of events can read, `PROVOKE_ONLY` takes some rows.

#![expect(clippy::expect_used, clippy::panic, clippy::disallowed_types, reason = "tests panic and ask servers themselves")]

#[path = "../support/keycloak.rs"]
mod keycloak;

mod assertion;
mod bench;
mod client;
mod exchange;
mod legacy;
mod lifecycle;
mod realm;
mod row;
mod tally;

use std::sync::Mutex;

use bench::Bench;
use row::Row;
use tally::Tally;

/// At least this many are provoked.
const PROVOKED: usize = 50;
/// At least this share is named exactly when events are readable, be it those of users alone, percent.
const WITH_EVENTS: usize = 95;
/// The same without events.
const WITHOUT_EVENTS: usize = 80;

/// Rows for a fresh Keycloak.
const STANDARD: &[&[Row]] = &[exchange::ROWS, client::ROWS, lifecycle::ROWS, assertion::ROWS];
/// Rows for one with the legacy exchange.
const LEGACY: &[&[Row]] = &[legacy::ROWS];

/// What the one who reads events can read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// What users did; the realm saves no admin events.
    UserEvents,
    /// That, and what administrators changed: all that the role `view-events` opens.
    Events,
    /// That, and the settings themselves, with four roles more.
    Settings,
}

fn reads() -> Reads {
    match std::env::var("PROVOKE_READS").as_deref() {
        Err(_) | Ok("events") => Reads::Events,
        Ok("user-events") => Reads::UserEvents,
        Ok("settings") => Reads::Settings,
        Ok(other) => panic!("PROVOKE_READS is user-events, events or settings, not {other}"),
    }
}

fn server(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} names no server; cargo xtask keycloak prints one"))
}

#[tokio::test]
#[ignore = "needs two real Keycloaks; cargo xtask test brings them"]
async fn each_cause_is_named() {
    let only = std::env::var("PROVOKE_ONLY").unwrap_or_default();
    let tally = Mutex::default();
    // Two servers, so neither waits for the other.
    tokio::join!(
        provoke(server("CLAIMSCOPE_KEYCLOAK"), STANDARD, &only, &tally),
        provoke(server("CLAIMSCOPE_KEYCLOAK_LEGACY"), LEGACY, &only, &tally)
    );
    let tally = tally.into_inner().expect("no panic while held");
    tally.print();
    if only.is_empty() {
        tally.holds(PROVOKED, WITH_EVENTS, WITHOUT_EVENTS);
    }
}

async fn provoke(server: String, tables: &[&'static [Row]], only: &str, tally: &Mutex<Tally>) {
    let rows: Vec<&Row> = tables.iter().copied().flatten().filter(|row| row.name.contains(only)).collect();
    if rows.is_empty() {
        return;
    }
    let bench = Bench::at(&server).await;
    for row in rows {
        let outcome = bench.provoke(row).await;
        tally.lock().expect("no panic while held").add(row, outcome);
    }
    bench.leave().await;
}
