//! One scenario while it plays: its desk, its window, its browser, and the name of the step it is at. When a step fails,
//! everything that tells why is kept: pictures of both windows, the logs of all processes, and the app's data folder.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use serde_json::json;

use crate::{
    Result,
    app::Window,
    axe::Axe,
    browser::Browser,
    desk::{Desk, Make},
    outside::Outside,
    page::{Page, SOON},
    run::Paths,
    screen::Screen,
};

/// The inner size of the window the pictures and the design are made for.
pub const LARGE: (u32, u32) = (1280, 800);

/// The smallest size the window must be usable at.
pub const SMALL: (u32, u32) = (960, 600);

/// The app's identifier, which names its data folder.
const IDENTIFIER: &str = "dev.claimscope.desktop";

/// A scenario while it plays.
pub struct Scene {
    // Dropped in this order: the window and the browser before the desk they stand on.
    window: Option<Window>,
    browser: Option<Browser>,
    /// The desktop session.
    pub desk: Desk,
    /// Accessibility rules, read once.
    pub axe: Axe,
    binary: PathBuf,
    lab: Option<PathBuf>,
    keycloak: Option<String>,
    legacy: Option<String>,
    outside: Option<Outside>,
    kept: PathBuf,
    step: String,
    /// Accessibility rules that were broken, each once, with where it was seen first.
    pub broken: Vec<String>,
    /// Authorization responses the browser carried; their codes must not be found anywhere later.
    pub callbacks: Vec<String>,
    logins: usize,
}

impl Scene {
    /// Sets the desk for a scenario; what it leaves goes to `kept/<name>`.
    pub fn set(paths: &Paths, name: &str, make: Make) -> Result<Self> {
        let kept = paths.kept.join(name);
        if kept.exists() {
            fs::remove_dir_all(&kept).map_err(|e| format!("{}: {e}", kept.display()))?;
        }
        let desk = Desk::new(&kept, make)?;
        Ok(Self {
            window: None,
            browser: None,
            desk,
            axe: Axe::read(&paths.axe)?,
            binary: paths.binary.clone(),
            lab: paths.lab.clone(),
            keycloak: paths.keycloak.clone(),
            legacy: paths.legacy.clone(),
            outside: None,
            kept,
            step: "setting the desk".into(),
            broken: Vec::new(),
            callbacks: Vec::new(),
            logins: 0,
        })
    }

    /// Names what is being done, plays it, and puts the name before its failure.
    pub fn step<T>(&mut self, name: &str, play: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.step = name.to_owned();
        let started = Instant::now();
        let result = play(self).map_err(|e| format!("{name}: {e}"));
        if result.is_ok() {
            println!("    {name} ({:.1} s)", started.elapsed().as_secs_f64());
        }
        result
    }

    /// Opens the app's window at its large size.
    pub fn open(&mut self) -> Result<()> {
        let window = Window::start(&self.desk, &self.binary)?;
        self.window = Some(window);
        self.size(LARGE)?;
        self.page()?.ready()
    }

    /// Closes the window and waits until the app has ended.
    pub fn close(&mut self) -> Result<()> {
        match self.window.take() {
            Some(window) => window.close(&self.desk),
            None => Ok(()),
        }
    }

    /// The page in the window.
    pub fn page(&self) -> Result<Page<'_>> {
        self.window.as_ref().map(|window| Page::new(window)).ok_or_else(|| "no window is open".into())
    }

    /// The system browser; started at first use.
    pub fn browser(&mut self) -> Result<&Browser> {
        if self.browser.is_none() {
            self.browser = Some(Browser::start(&self.desk)?);
        }
        self.browser.as_ref().ok_or_else(|| "no browser".into())
    }

    /// The provider outside the app; started at first use.
    pub fn outside(&mut self) -> Result<&Outside> {
        if self.outside.is_none() {
            let lab = self.lab.as_ref().ok_or("the outside lab was not built")?;
            self.outside = Some(Outside::start(&self.desk, lab)?);
        }
        self.outside.as_ref().ok_or_else(|| "no outside provider".into())
    }

    /// Address of the real Keycloak, without a path.
    pub fn keycloak(&self) -> Result<&str> {
        self.keycloak.as_deref().ok_or_else(|| "no real Keycloak runs".into())
    }

    /// Address of the real Keycloak with the legacy exchange, without a path.
    pub fn legacy_keycloak(&self) -> Result<&str> {
        self.legacy.as_deref().ok_or_else(|| "no real Keycloak with the legacy exchange runs".into())
    }

    /// Waits for the next address the app hands to the system browser.
    pub fn next_login(&mut self) -> Result<String> {
        let address = self.desk.wait_opened(self.logins)?;
        self.logins += 1;
        Ok(address)
    }

    /// Signs in with the system browser at the next address the app opens; returns the words of the last page.
    pub fn sign_in(&mut self, user: &str, password: &str) -> Result<String> {
        let address = self.next_login()?;
        let browser = self.browser()?;
        let words = browser.sign_in(&address, user, password)?;
        let callback = browser.url()?;
        self.callbacks.push(callback);
        Ok(words)
    }

    /// Sets the inner size of the window.
    pub fn size(&self, (width, height): (u32, u32)) -> Result<()> {
        self.page()?.inner_size(width, height)
    }

    /// Waits until a file of the app's data folder contains all of these words.
    pub fn wait_written(&self, name: &str, words: &[&str]) -> Result<()> {
        let path = self.data_folder().join(name);
        self.page()?.wait(&format!("{words:?} in {name}"), SOON, |_| {
            // The file is not there before it is written first.
            let text = fs::read_to_string(&path).unwrap_or_default();
            Ok(words.iter().all(|word| text.contains(word)).then_some(()))
        })
    }

    /// The app's data folder.
    pub fn data_folder(&self) -> PathBuf {
        self.desk.folder().join("data").join(IDENTIFIER)
    }

    /// Writes what stands in the window to a file, as it stands on the screen: WebKit's driver gives no picture of a page that is
    /// painted without graphics.
    pub fn picture(&self, path: &Path) -> Result<()> {
        let place = self.page()?.script("return [screenX, screenY, innerWidth, innerHeight]", json!([]))?;
        let part: Vec<u32> = place.as_array().into_iter().flatten().filter_map(|value| value.as_u64()?.try_into().ok()).collect();
        let part = part.try_into().map_err(|_| format!("the window is at {place}"))?;
        let file = Screen::open(&self.desk.screen())?.png(part)?;
        fs::write(path, file).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// The app's output so far.
    pub fn app_log(&self) -> PathBuf {
        self.desk.logs().join("app.log")
    }

    /// Where everything of this scenario is kept.
    pub fn kept(&self) -> &Path {
        &self.kept
    }

    /// Keeps what tells why a step failed, and says where.
    pub fn keep_evidence(&mut self) {
        let mut notes = vec![format!("failed at: {}", self.step)];
        if let Some(window) = &self.window {
            let page = Page::new(window);
            notes.extend(self.picture(&self.kept.join("window.png")).err());
            let write = |source: String| fs::write(self.kept.join("window.html"), source).map_err(|e| e.to_string());
            notes.extend(page.source().and_then(write).err());
        }
        if let Some(browser) = &self.browser {
            notes.extend(browser.screenshot_to(&self.kept.join("browser.png")).err());
        }
        notes.extend(copy(&self.desk.folder().join("data"), &self.kept.join("data")).err().map(|e| e.to_string()));
        notes.extend(copy(&self.desk.folder().join("config"), &self.kept.join("config")).err().map(|e| e.to_string()));
        // The notes are the last thing that can be told; if even they cannot be written, the console has them.
        if let Err(error) = fs::write(self.kept.join("failure.txt"), notes.join("\n")) {
            eprintln!("{}: {error}", notes.join("\n"));
        }
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let to = to.join(entry.file_name());
        if kind.is_dir() {
            copy(&entry.path(), &to)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
