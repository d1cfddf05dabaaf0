//! Drives the real window the way a person does: a virtual desktop session with a real keychain, Debian's chromium as the
//! system browser, and WebKitWebDriver as the hands. Nothing here is known to the app; it has no door for tests.

pub mod acts;
pub mod admin;
pub mod app;
pub mod axe;
pub mod browser;
pub mod desk;
pub mod http;
pub mod launch;
pub mod leak;
pub mod outside;
pub mod page;
pub mod process;
pub mod run;
pub mod scenario;
pub mod scene;
pub mod screen;
pub mod tour;
pub mod webdriver;

/// Failures are told to a developer in one sentence; nobody branches on them.
pub type Result<T> = std::result::Result<T, String>;
