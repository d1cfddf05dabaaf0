//! The thread SQLite works on. Whoever asks hands it a closure and awaits the answer, or waits for it without holding up the
//! tasks of an async worker.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{self, RecvTimeoutError, TryRecvError},
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::oneshot,
    task,
};

use super::{fault::JournalFault, rows::Rows};

/// How long nobody has to ask for anything before old rows are looked through.
const QUIET: Duration = Duration::from_millis(500);

type Job = Box<dyn FnOnce(&mut Rows) + Send>;

/// See the module. The thread ends, and the file is closed, when this is dropped.
pub(super) struct Line {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Line {
    /// Begins the thread.
    pub(super) fn begin(rows: Rows) -> Result<Self, JournalFault> {
        let (jobs, waiting) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("journal".into())
            .spawn(move || work(rows, &waiting))
            .map_err(|error| JournalFault::Thread(error.to_string()))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    fn hand(&self, job: Job) -> Result<(), JournalFault> {
        let jobs = self.jobs.as_ref().ok_or_else(ended)?;
        jobs.send(job).map_err(|_| ended())
    }

    /// Waits for the answer. On a worker of an async runtime the other tasks of that worker go on elsewhere meanwhile.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Rows) -> Result<T, JournalFault> + Send + 'static,
    ) -> Result<T, JournalFault> {
        let (tell, told) = mpsc::sync_channel(1);
        // Nobody listens any more where the caller is gone.
        self.hand(Box::new(move |rows| drop(tell.send(work(rows)))))?;
        aside(|| told.recv()).map_err(|_| ended())?
    }

    /// Awaits the answer. The work is done even where the caller is dropped meanwhile.
    pub(super) async fn later<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Rows) -> Result<T, JournalFault> + Send + 'static,
    ) -> Result<T, JournalFault> {
        let (tell, told) = oneshot::channel();
        self.hand(Box::new(move |rows| drop(tell.send(work(rows)))))?;
        told.await.map_err(|_| ended())?
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // Whoever opens the file next finds it closed.
            let _ = thread.join();
        }
    }
}

/// Waits without keeping a worker of an async runtime from its other tasks, where the runtime has others.
fn aside<T>(wait: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => task::block_in_place(wait),
        _ => wait(),
    }
}

fn ended() -> JournalFault {
    JournalFault::Thread("it ended".into())
}

fn work(mut rows: Rows, waiting: &mpsc::Receiver<Job>) {
    let mut behind = true;
    let mut pause = QUIET;
    loop {
        let job = if behind {
            match waiting.recv_timeout(pause) {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        } else {
            match waiting.recv() {
                Ok(job) => Some(job),
                Err(_) => return,
            }
        };
        match job {
            Some(job) => {
                run(&mut rows, job);
                loop {
                    match waiting.try_recv() {
                        Ok(job) => run(&mut rows, job),
                        Err(TryRecvError::Empty) => break,
                        Err(TryRecvError::Disconnected) => return,
                    }
                }
                pause = QUIET;
            }
            None => {
                // A few rows at a time, so that nobody waits for more than those. What fails now is tried at the next start.
                behind = rows.derive_some().unwrap_or(false);
                pause = Duration::from_millis(2);
            }
        }
    }
}

/// A job that panics answers nobody; the others go on.
fn run(rows: &mut Rows, job: Job) {
    let _ = catch_unwind(AssertUnwindSafe(|| job(rows)));
}
