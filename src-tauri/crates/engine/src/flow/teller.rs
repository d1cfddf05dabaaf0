//! What the window hears of a step while it runs.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

use oauth::progress::{Progress, Stage, StageState};

/// Tells the window how a step goes.
pub(crate) struct Teller<'a> {
    report: &'a (dyn Fn(Progress) + Send + Sync),
    progress: Mutex<Progress>,
    stage_began: Mutex<Instant>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(
        run: &str,
        headline: &str,
        started_ms: i64,
        stages: &[&str],
        report: &'a (dyn Fn(Progress) + Send + Sync),
    ) -> Self {
        let stages = stages
            .iter()
            .map(|label| Stage { label: (*label).to_owned(), state: StageState::Waiting, note: String::new() })
            .collect();
        let progress = Progress {
            run: run.to_owned(),
            headline: headline.to_owned(),
            detail: String::new(),
            deadline_ms: None,
            started_ms,
            stages,
            browser: false,
            browser_failed: false,
            strays: Vec::new(),
            repetition: None,
        };
        Self { report, progress: Mutex::new(progress), stage_began: Mutex::new(Instant::now()) }
    }

    /// Changes the progress and reports it.
    pub(crate) fn tell(&self, change: impl FnOnce(&mut Progress)) {
        let progress = {
            let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut progress);
            progress.clone()
        };
        (self.report)(progress);
    }

    /// Begins a stage.
    pub(crate) fn begin(&self, index: usize) {
        *self.stage_began.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.tell(|progress| {
            if let Some(stage) = progress.stages.get_mut(index) {
                stage.state = StageState::Running;
            }
        });
    }

    /// Ends a stage; without a note it says how long it took.
    pub(crate) fn end(&self, index: usize, note: Option<String>) {
        let took = self.stage_began.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
        self.tell(|progress| {
            if let Some(stage) = progress.stages.get_mut(index) {
                stage.state = StageState::Done;
                stage.note = note.unwrap_or_else(|| format!("{} ms", took.as_millis()));
            }
        });
    }

    /// Marks a stage as failed.
    pub(crate) fn fail(&self, index: usize) {
        self.tell(|progress| {
            if let Some(stage) = progress.stages.get_mut(index) {
                stage.state = StageState::Failed;
            }
        });
    }
}
