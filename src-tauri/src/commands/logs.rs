//! Server logs and metrics pages that the user opens or pastes.

use std::{sync::Arc, time::Duration};

use engine::logs::{self, LogFault, OpenLog};
use record::logs::{LogLine, LogPage, LogQuery, LogSource, LogState, PathChoice};
use tauri::{AppHandle, Manager as _, Runtime, State};
use wire::{Fault, FaultKind};

use crate::{fault, state::AppState};

/// Opens files or text and begins to read; answers at once, and [`log_state`] tells how far it is.
#[tauri::command(rename_all = "snake_case")]
pub async fn open_log(state: State<'_, AppState>, source: LogSource, profile: String) -> Result<LogState, Fault> {
    let bench = state.bench().await?;
    let opening = Arc::clone(&bench);
    let log = blocking(move || opening.logs.open(&source)).await?.map_err(|error| at_source(&error))?;
    let reading = Arc::clone(&log);
    tokio::task::spawn_blocking(move || {
        // A log that cannot be joined is a log all the same; the window asks again when steps change.
        reading.read(|| drop(bench.join_log(&profile, true)));
    });
    Ok(log.state())
}

/// How the open log stands.
#[tauri::command(rename_all = "snake_case")]
pub async fn log_state(state: State<'_, AppState>) -> Result<LogState, Fault> {
    Ok(state.bench().await?.logs.state())
}

/// A page of its rows.
#[tauri::command(rename_all = "snake_case")]
pub async fn log_page(state: State<'_, AppState>, query: LogQuery) -> Result<LogPage, Fault> {
    let log = current(&state).await?;
    blocking(move || log.page(&query)).await?.map_err(|error| of_log(&error))
}

/// One record in full.
#[tauri::command(rename_all = "snake_case")]
pub async fn log_line(state: State<'_, AppState>, row: u32) -> Result<LogLine, Fault> {
    let log = current(&state).await?;
    blocking(move || log.line(row)).await?.map_err(|error| of_log(&error))
}

/// Ends the reading and keeps what was read.
#[tauri::command(rename_all = "snake_case")]
pub async fn stop_log(state: State<'_, AppState>) -> Result<LogState, Fault> {
    let bench = state.bench().await?;
    if let Ok(log) = bench.logs.current() {
        log.stop();
    }
    Ok(bench.logs.state())
}

/// How often a log that is followed is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Follows what the server appends to the log, or ends that; answers at once, and [`log_state`] tells what has come.
#[tauri::command(rename_all = "snake_case")]
pub async fn follow_log(state: State<'_, AppState>, on: bool, profile: String) -> Result<LogState, Fault> {
    let bench = state.bench().await?;
    let log = bench.logs.current().map_err(|error| of_log(&error))?;
    if !on {
        log.unfollow();
        return Ok(log.state());
    }
    let ticket = log.follow().map_err(|error| of_log(&error))?;
    let answer = log.state();
    tokio::spawn(async move {
        while log.is_followed(ticket) {
            let (looking, joining, whose) = (Arc::clone(&log), Arc::clone(&bench), profile.clone());
            let looked = blocking(move || {
                if looking.poll() {
                    // A log that cannot be joined is a log all the same.
                    drop(joining.join_log(&whose, false));
                }
            });
            if looked.await.is_err() {
                log.unfollow();
            }
            tokio::time::sleep(LOOK).await;
        }
    });
    Ok(answer)
}

/// Closes the log.
#[tauri::command(rename_all = "snake_case")]
pub async fn close_log(state: State<'_, AppState>) -> Result<LogState, Fault> {
    let bench = state.bench().await?;
    bench.logs.close();
    Ok(bench.logs.state())
}

/// Joins the log to the steps of a profile anew, in another zone if one is given (minutes east of UTC).
#[tauri::command(rename_all = "snake_case")]
pub async fn join_log(state: State<'_, AppState>, profile: String, zone: Option<i32>) -> Result<LogState, Fault> {
    let bench = state.bench().await?;
    blocking(move || {
        if let (Some(zone), Ok(log)) = (zone, bench.logs.current()) {
            log.set_zone(zone.clamp(-15 * 60, 15 * 60));
        }
        bench.join_log(&profile, false).map(|()| bench.logs.state())
    })
    .await?
    .map_err(|error| fault::journal(&error))
}

/// What a typed path could become.
#[tauri::command(rename_all = "snake_case")]
pub async fn complete_path<R: Runtime>(app: AppHandle<R>, text: String) -> Result<Vec<PathChoice>, Fault> {
    let home = app.path().home_dir().ok();
    blocking(move || logs::complete(&text, home.as_deref())).await
}

async fn current(state: &State<'_, AppState>) -> Result<Arc<OpenLog>, Fault> {
    state.bench().await?.logs.current().map_err(|error| of_log(&error))
}

/// Reading files and filtering a million rows take a moment; they must not hold up other commands.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| fault::fault(FaultKind::Bug, "log", error.to_string(), "Report this."))
}

fn at_source(error: &LogFault) -> Fault {
    fault::at_field("log", error.id, error.message.clone(), error.advice.clone())
}

fn of_log(error: &LogFault) -> Fault {
    fault::fault(FaultKind::Storage, error.id, error.message.clone(), error.advice.clone())
}
