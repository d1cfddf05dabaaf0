//! Starts a binary as a user would, without any driver, and measures it from outside: time to the first usable frame and
//! memory of all its processes.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use crate::{
    Result,
    desk::{Desk, marked},
    process::Process,
    screen::Screen,
};

/// Marks the processes of one launch in their environment.
const MARK: &str = "CLAIMSCOPE_LAUNCH";

/// What one start showed.
#[derive(Clone, Copy, Debug)]
pub struct Launch {
    /// From starting the process to the first usable frame.
    pub usable: Duration,
    /// Sum of the proportional set sizes of all its processes once the picture settled, kB.
    pub pss_kb: u64,
}

/// Starts `binary` on the desk, measures it and ends it.
pub fn measure(desk: &Desk, binary: &Path) -> Result<Launch> {
    let screen = Screen::open(&desk.screen())?;
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let mark = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut environment = desk.environment().clone();
    environment.push((MARK.into(), mark.clone()));
    let binary = binary.display().to_string();
    let start = Instant::now();
    let process = Process::start(&[&binary], &environment, &desk.logs().join("launch.log"))?;
    let usable = screen.watch(start)?;
    let pss_kb = marked(MARK, &mark).into_iter().map(pss).sum();
    drop(process);
    let end = Instant::now() + Duration::from_secs(10);
    while !marked(MARK, &mark).is_empty() {
        if Instant::now() > end {
            return Err(format!("processes of {binary} outlive it"));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(Launch { usable, pss_kb })
}

/// Proportional set size in kB; nothing for a process that has just ended.
fn pss(id: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
