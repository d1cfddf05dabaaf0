//! The app in its real window, started by WebKitWebDriver without tauri-driver: the driver starts the binary itself when
//! `webkitgtk:browserOptions.binary` names it, and Tauri lets itself be driven when two variables say so.

use std::{
    ops::Deref,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    Result,
    desk::Desk,
    process::{Process, free_port},
    webdriver::Session,
};

/// A window that is driven. Dereferences to its session.
pub struct Window {
    session: Option<Session>,
    driver: Option<Process>,
    name: String,
}

impl Window {
    /// Starts `binary` on the desk. Its output is appended to `app.log` among the desk's logs.
    pub fn start(desk: &Desk, binary: &Path) -> Result<Self> {
        let mut environment = desk.environment().clone();
        for name in ["TAURI_AUTOMATION", "TAURI_WEBVIEW_AUTOMATION"] {
            environment.push((name.into(), "true".into()));
        }
        environment.push(("RUST_BACKTRACE".into(), "1".into()));
        let log = desk.logs().join("app.log");
        let port = free_port()?;
        let (number, binary) = (format!("--port={port}"), binary.display().to_string());
        let mut driver = Process::start(&["WebKitWebDriver", &number, "--host=127.0.0.1"], &environment, &log)?;
        driver.wait_for_port(port, Duration::from_secs(10))?;
        let session = Session::start(port, json!({ "webkitgtk:browserOptions": { "binary": binary, "args": [] } }))
            .map_err(|e| format!("{e}; see {}", log.display()))?;
        let name = Path::new(&binary).file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // The kernel keeps 15 bytes of a command's name.
        let name = name.chars().take(15).collect();
        Ok(Self { session: Some(session), driver: Some(driver), name })
    }

    /// Closes the window and waits until the app has ended, as it would for a user who starts it again at once.
    pub fn close(mut self, desk: &Desk) -> Result<()> {
        self.session = None;
        let end = Instant::now() + Duration::from_secs(15);
        while !desk.processes(&self.name).is_empty() {
            if Instant::now() > end {
                return Err(format!("{} did not end within 15 s after its window was closed", self.name));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.driver = None;
        Ok(())
    }
}

impl Deref for Window {
    type Target = Session;

    fn deref(&self) -> &Session {
        match &self.session {
            Some(session) => session,
            None => unreachable!("the session is taken only by close, which takes the window"),
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // The session first: ending it closes the app.
        self.session = None;
        self.driver = None;
    }
}
