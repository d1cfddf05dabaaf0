//! Debian's chromium as the system browser, headless and driven by chromedriver. It stays open over several log ins, as a
//! user's browser does, so that the provider's session cookie is met as well.

use std::{ops::Deref, path::Path, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::{
    Result,
    desk::Desk,
    process::{Process, free_port},
    webdriver::{By, Session},
};

/// How long a page may take.
const LIMIT: Duration = Duration::from_secs(20);

/// The system browser. Dereferences to its session.
pub struct Browser {
    session: Session,
    _driver: Process,
}

impl Browser {
    /// Starts it on the desk with a profile of its own.
    pub fn start(desk: &Desk) -> Result<Self> {
        let log = desk.logs().join("browser.log");
        let port = free_port()?;
        let number = format!("--port={port}");
        let mut driver = Process::start(&["chromedriver", &number], desk.environment(), &log)?;
        driver.wait_for_port(port, LIMIT)?;
        let data = format!("--user-data-dir={}", desk.new_folder("browser-profile")?.display());
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-proxy-server",
            &data,
        ];
        let session = Session::start(
            port,
            json!({
                "browserName": "chrome",
                "goog:chromeOptions": { "binary": "/usr/bin/chromium", "args": arguments },
            }),
        )
        .map_err(|e| format!("{e}; see {}", log.display()))?;
        Ok(Self { session, _driver: driver })
    }

    /// Signs in on the provider's login page and returns the words of the page that says one can go back.
    pub fn sign_in(&self, address: &str, user: &str, password: &str) -> Result<String> {
        self.open(address)?;
        let form = self.wait("the login form", LIMIT, |page| page.find(By::Css("#username")))?;
        // A provider that knows the user fills the name in.
        self.clear(&form)?;
        self.type_into(&form, user)?;
        let field = self.find(By::Css("#password"))?.ok_or("the login form has no password field")?;
        self.type_into(&field, password)?;
        let button = self.find(By::Css("#kc-login"))?.ok_or("the login form has no button")?;
        self.click(&button)?;
        self.wait("the page after the log in", LIMIT, |page| {
            let here = page.url()?;
            let body = page.find(By::Css("body"))?;
            Ok(match body {
                Some(body) if !here.contains("/protocol/openid-connect/") && !here.contains("/login-actions/") => {
                    Some(page.text(&body)?).filter(|text| !text.trim().is_empty())
                }
                _ => None,
            })
        })
    }

    /// Writes the picture of the page to a file as PNG. Only the browser is asked for one: WebKit's driver may answer never
    /// when a page is painted without graphics, so the app's window is read from the screen ([`crate::screen`]).
    pub fn screenshot_to(&self, path: &Path) -> Result<()> {
        let text = self.get("screenshot")?;
        let picture =
            STANDARD.decode(text.as_str().unwrap_or_default()).map_err(|e| format!("the screenshot is not base64: {e}"))?;
        std::fs::write(path, picture).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// The visible words of the page.
    pub fn words(&self) -> Result<String> {
        let body = self.find(By::Css("body"))?.ok_or("the page has no body")?;
        self.text(&body)
    }
}

impl Deref for Browser {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}
