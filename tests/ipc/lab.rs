//! The lab is started, changed and stopped by commands that may come at once.

use std::pin::pin;

use claimscope::commands::{change_lab, start_lab};
use serde_json::json;
use wire::{LabChange, LabRelease};

use super::start;

#[test]
fn whoever_asks_of_the_lab_is_answered_while_it_starts() {
    let (app, _folder) = start();
    tauri::async_runtime::block_on(async {
        let mut starting = pin!(start_lab(app.state(), false, LabRelease::V4_7));
        let told = tokio::select! {
            biased;
            _ = &mut starting => panic!("the lab was read before anything else was answered"),
            told = change_lab(app.state(), LabChange::Caches { short: true }) => told,
        };
        assert_eq!(told.expect_err("it does not run yet").id, "lab-stopped");
        assert!(starting.await.expect("the lab starts").running);
    });
    app.ask("stop_lab", json!({})).expect("the lab stops");
}

#[test]
fn a_lab_that_is_stopped_while_it_starts_is_stopped() {
    let (app, _folder) = start();
    tauri::async_runtime::block_on(async {
        let starting = start_lab(app.state(), false, LabRelease::V4_7);
        let again = start_lab(app.state(), false, LabRelease::V4_7);
        let stopping = claimscope::commands::stop_lab(app.state());
        let (started, again, stopped) = tokio::join!(biased; starting, again, stopping);
        assert!(started.is_ok() && again.is_ok());
        assert!(!stopped.expect("the lab stops").running);
    });
    assert_eq!(app.boot()["lab"]["running"], json!(false));
}
