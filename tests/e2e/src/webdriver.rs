//! A client for the part of W3C WebDriver the scenarios need. The window (WebKitWebDriver) and the system browser
//! (chromedriver) are driven by the same type, so a scenario reads the same on both sides of a log in.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{Result, http};

/// Key codes of WebDriver 17.4.2 for the keys the scenarios press.
pub mod key {
    /// Control.
    pub const CONTROL: char = '\u{e009}';
    /// Shift.
    pub const SHIFT: char = '\u{e008}';
    /// Tab.
    pub const TAB: char = '\u{e004}';
    /// Enter.
    pub const ENTER: char = '\u{e007}';
    /// Escape.
    pub const ESCAPE: char = '\u{e00c}';
    /// Space.
    pub const SPACE: char = ' ';
    /// Arrow down.
    pub const DOWN: char = '\u{e015}';
    /// Arrow up.
    pub const UP: char = '\u{e013}';
    /// Arrow right.
    pub const RIGHT: char = '\u{e014}';
    /// Arrow left.
    pub const LEFT: char = '\u{e012}';
    /// Home.
    pub const HOME: char = '\u{e011}';
    /// End.
    pub const END: char = '\u{e010}';
    /// Delete.
    pub const DELETE: char = '\u{e017}';
}

/// The member that holds an element's reference (WebDriver 12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// Scrolls to an element whose middle is not what lies there.
const REACH: &str = "const e = arguments[0], r = e.getBoundingClientRect(); \
     const there = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2); \
     if (there !== e && !e.contains(there)) e.scrollIntoView({ block: 'center' });";

/// How long a single driver command may take; starting the app is the longest.
const COMMAND: Duration = Duration::from_secs(60);

/// How often a condition is looked at while waiting.
const LOOK: Duration = Duration::from_millis(40);

/// A running session; ends when dropped.
pub struct Session {
    port: u16,
    id: String,
}

/// A reference to an element of the page.
#[derive(Clone, Debug)]
pub struct Element(String);

/// How to look for elements.
#[derive(Clone, Copy)]
pub enum By<'a> {
    /// CSS selector.
    Css(&'a str),
    /// XPath, where the visible words decide.
    XPath(&'a str),
}

impl Session {
    /// Starts a session at a driver that listens on `port`.
    pub fn start(port: u16, capabilities: Value) -> Result<Self> {
        let answer = call(port, "POST", "/session", Some(json!({ "capabilities": { "alwaysMatch": capabilities } })))?;
        match answer["sessionId"].as_str() {
            Some(id) => Ok(Self { port, id: id.to_owned() }),
            None => Err(format!("the driver started no session: {answer}")),
        }
    }

    /// Opens an address.
    pub fn open(&self, url: &str) -> Result<()> {
        self.post("url", json!({ "url": url })).map(drop)
    }

    /// The current address.
    pub fn url(&self) -> Result<String> {
        Ok(self.get("url")?.as_str().unwrap_or_default().to_owned())
    }

    /// The document's title.
    pub fn title(&self) -> Result<String> {
        Ok(self.get("title")?.as_str().unwrap_or_default().to_owned())
    }

    /// The first element that fits, at once.
    pub fn find(&self, by: By) -> Result<Option<Element>> {
        Ok(self.find_all(by)?.into_iter().next())
    }

    /// All elements that fit, in document order.
    pub fn find_all(&self, by: By) -> Result<Vec<Element>> {
        let (using, value) = match by {
            By::Css(text) => ("css selector", text),
            By::XPath(text) => ("xpath", text),
        };
        let found = self.post("elements", json!({ "using": using, "value": value }))?;
        Ok(found.as_array().into_iter().flatten().filter_map(|e| e[ELEMENT].as_str()).map(|id| Element(id.into())).collect())
    }

    /// Clicks as a user does: it is scrolled into view, and the driver refuses when something lies over it.
    pub fn click(&self, element: &Element) -> Result<()> {
        // What is cut by the edge of its pane is scrolled to, as a person would.
        self.script(REACH, json!([element.argument()]))?;
        self.post(&format!("element/{}/click", element.0), json!({})).map(drop)
    }

    /// Types into an element.
    pub fn type_into(&self, element: &Element, text: &str) -> Result<()> {
        self.post(&format!("element/{}/value", element.0), json!({ "text": text })).map(drop)
    }

    /// Empties a field.
    pub fn clear(&self, element: &Element) -> Result<()> {
        self.post(&format!("element/{}/clear", element.0), json!({})).map(drop)
    }

    /// The text a user sees.
    pub fn text(&self, element: &Element) -> Result<String> {
        Ok(self.get(&format!("element/{}/text", element.0))?.as_str().unwrap_or_default().to_owned())
    }

    /// An attribute as written.
    pub fn attribute(&self, element: &Element, name: &str) -> Result<Option<String>> {
        Ok(self.get(&format!("element/{}/attribute/{name}", element.0))?.as_str().map(str::to_owned))
    }

    /// A property as text, e.g. a field's `value`.
    pub fn property(&self, element: &Element, name: &str) -> Result<Option<String>> {
        let value = self.get(&format!("element/{}/property/{name}", element.0))?;
        Ok(match value {
            Value::Null => None,
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        })
    }

    /// Whether it can be seen.
    pub fn displayed(&self, element: &Element) -> Result<bool> {
        Ok(self.get(&format!("element/{}/displayed", element.0))?.as_bool().unwrap_or(false))
    }

    /// Runs a script in the page; `arguments[0]` and so on are the given values.
    pub fn script(&self, script: &str, arguments: Value) -> Result<Value> {
        self.post("execute/sync", json!({ "script": script, "args": arguments }))
    }

    /// Runs a script that calls its last argument when it is done.
    pub fn script_async(&self, script: &str, arguments: Value) -> Result<Value> {
        self.post("execute/async", json!({ "script": script, "args": arguments }))
    }

    /// Presses keys together, e.g. Control and `k`, and lets go in the opposite order.
    pub fn chord(&self, keys: &[char]) -> Result<()> {
        let stroke = |kind: &str, c: &char| json!({ "type": kind, "value": c.to_string() });
        let actions: Vec<Value> =
            keys.iter().map(|c| stroke("keyDown", c)).chain(keys.iter().rev().map(|c| stroke("keyUp", c))).collect();
        self.post("actions", json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] })).map(drop)
    }

    /// Presses one key after the other, wherever the focus is.
    pub fn keys(&self, text: &str) -> Result<()> {
        text.chars().try_for_each(|c| self.chord(&[c]))
    }

    /// Clicks with Control held.
    pub fn control_click(&self, element: &Element) -> Result<()> {
        let pause = json!({ "type": "pause", "duration": 0 });
        let keys = json!([
            { "type": "keyDown", "value": key::CONTROL.to_string() }, pause, pause, pause, { "type": "keyUp", "value": key::CONTROL.to_string() },
        ]);
        let pointer = json!([
            pause, { "type": "pointerMove", "duration": 0, "origin": element.argument(), "x": 0, "y": 0 },
            { "type": "pointerDown", "button": 0 }, { "type": "pointerUp", "button": 0 }, pause,
        ]);
        let actions = json!([
            { "type": "key", "id": "keyboard", "actions": keys },
            { "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": pointer },
        ]);
        self.post("actions", json!({ "actions": actions })).map(drop)
    }

    /// Sets the outer size of the window.
    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.post("window/rect", json!({ "x": 0, "y": 0, "width": width, "height": height })).map(drop)
    }

    /// Looks until `condition` gives a value. A stale or missing element while looking counts as "not yet".
    pub fn wait<T>(&self, what: &str, limit: Duration, mut condition: impl FnMut(&Self) -> Result<Option<T>>) -> Result<T> {
        let end = Instant::now() + limit;
        loop {
            let last = match condition(self) {
                Ok(Some(value)) => return Ok(value),
                Ok(None) => None,
                Err(error) => Some(error),
            };
            if Instant::now() > end {
                let last = last.map(|error| format!("; last error: {error}")).unwrap_or_default();
                return Err(format!("waited {} s for {what}{last}", limit.as_secs()));
            }
            std::thread::sleep(LOOK);
        }
    }

    pub(crate) fn get(&self, tail: &str) -> Result<Value> {
        call(self.port, "GET", &format!("/session/{}/{tail}", self.id), None)
    }

    fn post(&self, tail: &str, body: Value) -> Result<Value> {
        call(self.port, "POST", &format!("/session/{}/{tail}", self.id), Some(body))
    }
}

impl Element {
    /// From a reference a script returned.
    pub(crate) fn of(id: &str) -> Self {
        Self(id.to_owned())
    }

    /// As a script argument.
    pub fn argument(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The driver may be gone already; then there is nothing to end.
        let _ = call(self.port, "DELETE", &format!("/session/{}", self.id), None);
    }
}

fn call(port: u16, method: &str, path: &str, body: Option<Value>) -> Result<Value> {
    let body = body.map(|value| value.to_string());
    let answer = http::send(port, method, path, body.as_deref(), COMMAND)?;
    let mut value: Value =
        serde_json::from_slice(&answer.body).map_err(|e| format!("{method} {path}: the driver's answer is not JSON: {e}"))?;
    let value = value["value"].take();
    if answer.status == 200 {
        return Ok(value);
    }
    Err(format!(
        "{method} {path}: {}: {}",
        value["error"].as_str().unwrap_or("no error code"),
        value["message"].as_str().unwrap_or("").lines().next().unwrap_or("")
    ))
}
