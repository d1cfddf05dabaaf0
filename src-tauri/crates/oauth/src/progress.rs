//! What a running step is doing: stages, the thing waited for, the time left.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::acceptance::repeat::Repetition;

/// A stage of a running step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Stage {
    /// Words, e.g. `Open the system browser`.
    pub label: String,
    /// State.
    pub state: StageState,
    /// Quiet words at the right, e.g. `38 ms`.
    pub note: String,
}

/// State of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StageState {
    /// Not begun.
    Waiting,
    /// Going on.
    Running,
    /// Done.
    Done,
    /// Failed.
    Failed,
}

/// Progress of a running step; sent as the event `progress`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Progress {
    /// The run it belongs to (chosen by the window).
    pub run: String,
    /// Headline, e.g. `Waiting for the browser on 127.0.0.1:49213`.
    pub headline: String,
    /// Second line.
    pub detail: String,
    /// Deadline, epoch milliseconds.
    pub deadline_ms: Option<i64>,
    /// When it began, epoch milliseconds.
    pub started_ms: i64,
    /// Stages in order.
    pub stages: Vec<Stage>,
    /// True while the browser is out: "Open again" and "Copy address" make sense.
    pub browser: bool,
    /// True when no browser could be started: the address must be copied by hand.
    pub browser_failed: bool,
    /// What knocked at the listener meanwhile and was refused, one line a kind with its number; nothing of its content.
    #[serde(default)]
    pub strays: Vec<String>,
    /// The calls so far, of a call that is repeated.
    #[serde(default)]
    pub repetition: Option<Repetition>,
}
