//! The provocation suite: every refusal of the catalogue that a user of the window can run into is provoked at a real Keycloak,
//! and the diagnosis must name its cause, once without and once with the server's events.
//!
//! A provocation is a row of data: what is set up through the Admin API, which token is sent, the draft, and the id of the
//! entry that must be named. Started by `cargo xtask test` with the addresses of two servers; by hand:
//! `CLAIMSCOPE_KEYCLOAK=http://127.0.0.1:… cargo test -p engine --test provoke -- --ignored --nocapture`.

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

use bench::Bench;
use row::Row;
use tally::Tally;

/// At least this many are provoked.
const PROVOKED: usize = 50;
/// At least this share is named exactly when events are readable, percent.
const WITH_EVENTS: usize = 95;
/// The same without events.
const WITHOUT_EVENTS: usize = 80;

/// Rows for a fresh Keycloak.
const STANDARD: &[&[Row]] = &[exchange::ROWS, client::ROWS, lifecycle::ROWS, assertion::ROWS];
/// Rows for one with the legacy exchange.
const LEGACY: &[&[Row]] = &[legacy::ROWS];

/// Whether the reader may see events and no settings, to look at what the settings add. No goals then.
fn events_only() -> bool {
    std::env::var_os("PROVOKE_EVENTS_ONLY").is_some()
}

fn server(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} names no server; cargo xtask keycloak prints one"))
}

#[tokio::test]
#[ignore = "needs two real Keycloaks; cargo xtask test brings them"]
async fn each_cause_is_named() {
    let only = std::env::var("PROVOKE_ONLY").unwrap_or_default();
    let mut tally = Tally::default();
    for (server, tables) in [(server("CLAIMSCOPE_KEYCLOAK"), STANDARD), (server("CLAIMSCOPE_KEYCLOAK_LEGACY"), LEGACY)] {
        let rows: Vec<&Row> = tables.iter().copied().flatten().filter(|row| row.name.contains(&only)).collect();
        if rows.is_empty() {
            continue;
        }
        let bench = Bench::at(&server).await;
        for row in rows {
            tally.add(row, bench.provoke(row).await);
        }
        bench.leave().await;
    }
    tally.print();
    if only.is_empty() && !events_only() {
        tally.holds(PROVOKED, WITH_EVENTS, WITHOUT_EVENTS);
    }
}
