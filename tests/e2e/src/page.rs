//! The window as its user knows it: places, forms, buttons by their words. Nearly every selector of the harness stands here, so a
//! change of the UI's markup is met in one file.

use std::{ops::Deref, time::Duration};

use serde_json::{Value, json};

use crate::{
    Result,
    webdriver::{By, Element, Session, key},
};

/// How long something in the window may take to appear.
pub const SOON: Duration = Duration::from_secs(10);

/// How long a step over HTTP may take.
pub const STEP: Duration = Duration::from_secs(30);

/// A place of the rail: its words and the view's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Run.
    Run,
    /// Compare, or Inspect when one token is selected.
    Compare,
    /// Audit.
    Audit,
    /// Profiles.
    Profiles,
    /// The developer portal of the gateway.
    Portal,
}

impl Place {
    /// All, in the order of the rail.
    pub const ALL: [Self; 5] = [Self::Run, Self::Compare, Self::Audit, Self::Profiles, Self::Portal];

    /// Label on the rail.
    pub fn label(self) -> &'static str {
        match self {
            Self::Run => "Run",
            Self::Compare => "Compare",
            Self::Audit => "Audit",
            Self::Profiles => "Profiles",
            Self::Portal => "Portal",
        }
    }

    /// Id of the view.
    pub fn view(self) -> String {
        format!("#view-{}", self.label().to_lowercase())
    }
}

/// A token on the shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelved {
    /// Its id.
    pub id: String,
    /// What a screen reader says: label, user, state, life.
    pub words: String,
}

/// How a step ended, as the window shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// `success`, `refused`, `failed` or `cancelled`.
    pub outcome: String,
    /// All words of the outcome.
    pub words: String,
}

/// The page in the window. Dereferences to its session.
#[derive(Clone, Copy)]
pub struct Page<'a>(&'a Session);

impl<'a> Page<'a> {
    /// The page a session shows.
    pub fn new(session: &'a Session) -> Self {
        Self(session)
    }

    /// Waits until the app has drawn itself.
    pub fn ready(&self) -> Result<()> {
        self.see(".app, #view-first").map(drop)
    }

    /// Sets the size of the page, not of the frame around it.
    pub fn inner_size(&self, width: u32, height: u32) -> Result<()> {
        self.resize(width, height)?;
        let wanted = json!([width, height]);
        self.wait("the window's new size", SOON, |page| {
            Ok((page.script("return [innerWidth, innerHeight]", json!([]))? == wanted).then_some(()))
        })?;
        self.settle()
    }

    /// Waits until what was changed is drawn.
    pub fn settle(&self) -> Result<()> {
        let frames =
            "const done = arguments[arguments.length - 1]; requestAnimationFrame(() => requestAnimationFrame(() => done(true)));";
        self.script_async(frames, json!([])).map(drop)
    }

    /// The document as it stands.
    pub fn source(&self) -> Result<String> {
        Ok(self.script("return document.documentElement.outerHTML", json!([]))?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits for a visible element.
    pub fn see(&self, css: &str) -> Result<Element> {
        self.wait(css, SOON, |page| visible(page, css))
    }

    /// Waits until nothing visible fits.
    pub fn see_no(&self, css: &str) -> Result<()> {
        self.wait(&format!("{css} to be gone"), SOON, |page| Ok(visible(page, css)?.is_none().then_some(())))
    }

    /// Waits until the words of a visible element that fits contain `words`, and returns them all.
    pub fn read(&self, css: &str, words: &str) -> Result<String> {
        self.read_all(css, &[words])
    }

    /// Waits until the words of what is visible and fits contain all of `words`, and returns them. Parts of a view arrive one after
    /// the other, so all that is expected of a moment is asked for at once.
    pub fn read_all(&self, css: &str, words: &[&str]) -> Result<String> {
        let mut last = String::new();
        let mut missing = "";
        let found = self.wait(&format!("what {css} has to say"), SOON, |page| {
            last = Page(page).words(css)?;
            missing = words.iter().find(|word| !last.contains(**word)).copied().unwrap_or_default();
            Ok(missing.is_empty().then(|| last.clone()))
        });
        found.map_err(|error| format!("{error}; “{missing}” is not said; what is said: {last}"))
    }

    /// The words of everything visible that fits, as a user reads them.
    pub fn words(&self, css: &str) -> Result<String> {
        Ok(spaced(self.script(WORDS, json!([css]))?.as_str().unwrap_or_default()))
    }

    /// Clicks what fits the selector.
    pub fn press(&self, css: &str) -> Result<()> {
        self.wait(&format!("a click on {css}"), SOON, |page| match visible(page, css)? {
            Some(element) => page.click(&element).map(Some),
            None => Ok(None),
        })
    }

    /// Clicks the button with these words (or this label), inside `within`.
    pub fn button_in(&self, within: &str, words: &str) -> Result<()> {
        self.wait(&format!("the button “{words}”"), SOON, |page| {
            let found = page.script(BUTTON, json!([within, words]))?;
            match element_of(&found) {
                Some(element) => page.click(&element).map(Some),
                None => Ok(None),
            }
        })
    }

    /// Clicks the button with these words (or this label), wherever it is.
    pub fn button(&self, words: &str) -> Result<()> {
        self.button_in("body", words)
    }

    /// Whether a button with these words can be pressed now.
    pub fn has_button(&self, words: &str) -> Result<bool> {
        Ok(element_of(&self.script(BUTTON, json!(["body", words]))?).is_some())
    }

    /// Goes to a place of the rail.
    pub fn go(&self, place: Place) -> Result<()> {
        self.press(&format!("nav.rail button[aria-label={}]", place.label()))?;
        self.see(&place.view())?;
        self.settle()
    }

    /// Chooses an operation by its title.
    pub fn operation(&self, title: &str) -> Result<()> {
        if visible(self.0, "#operation-menu")?.is_none() {
            self.go(Place::Run)?;
        }
        self.press("#operation-menu")?;
        self.option(title)?;
        self.see(&format!("form[aria-label={title:?}]")).map(drop)
    }

    /// Picks the first visible option of an open list that begins with or contains these words.
    pub fn option(&self, words: &str) -> Result<()> {
        self.wait(&format!("the choice “{words}”"), SOON, |page| match element_of(&page.script(OPTION, json!([words]))?) {
            Some(element) => page.click(&element).map(Some),
            None => Ok(None),
        })?;
        self.settle()
    }

    /// Chooses a value of a field that has a list.
    pub fn choose(&self, field: &str, words: &str) -> Result<()> {
        self.press(&format!("#field-{field}"))?;
        self.option(words)
    }

    /// Makes a text field hold exactly `text`.
    pub fn fill(&self, css: &str, text: &str) -> Result<()> {
        let field = self.see(css)?;
        self.click(&field)?;
        self.chord(&[key::CONTROL, 'a'])?;
        self.chord(&[key::DELETE])?;
        self.type_into(&field, text)?;
        self.holds(&field, css, text)
    }

    /// Waits until a field holds what was typed into it.
    fn holds(&self, field: &Element, css: &str, text: &str) -> Result<()> {
        self.wait(&format!("{css} to hold what was typed"), SOON, |page| {
            Ok((page.property(field, "value")?.as_deref() == Some(text)).then_some(()))
        })
    }

    /// Types into the last field that fits, e.g. that of a row that was just added.
    pub fn fill_last(&self, css: &str, text: &str) -> Result<()> {
        let field = self.last(css)?;
        self.click(&field)?;
        self.type_into(&field, text)?;
        self.holds(&field, css, text)
    }

    fn last(&self, css: &str) -> Result<Element> {
        self.wait(css, SOON, |page| Ok(page.find_all(By::Css(css))?.pop()))
    }

    /// Makes a field of chips hold exactly these words.
    pub fn chips(&self, field: &str, words: &[&str]) -> Result<()> {
        let css = format!("#field-{field}");
        let input = self.see(&css)?;
        self.click(&input)?;
        let count =
            self.script("return arguments[0].parentElement.querySelectorAll('.chip').length", json!([input.argument()]))?;
        for _ in 0..count.as_u64().unwrap_or(0) {
            self.chord(&['\u{e003}'])?;
        }
        for word in words {
            self.type_into(&input, word)?;
            self.chord(&[key::ENTER])?;
        }
        // Leaves the field, which closes its suggestions.
        self.chord(&[key::TAB])?;
        self.settle()
    }

    /// Number of steps in the journal, as the status line says.
    pub fn steps(&self) -> Result<u64> {
        let text = self.script(STEPS, json!([]))?;
        text.as_str()
            .and_then(|text| text.replace(',', "").parse().ok())
            .ok_or_else(|| "the status line says no number of steps".into())
    }

    /// Presses Run and waits for the end of the step.
    pub fn run(&self) -> Result<Ended> {
        let before = self.steps()?;
        self.press("#run-button")?;
        self.ended_after(before)
    }

    /// Waits until the journal has more than `before` steps and none is running.
    pub fn ended_after(&self, before: u64) -> Result<Ended> {
        self.wait("the end of the step", STEP, |page| {
            let page = Page(page);
            if page.steps()? <= before {
                return Ok(None);
            }
            page.ended()
        })
    }

    /// How the shown step ended; none while it runs.
    pub fn ended(&self) -> Result<Option<Ended>> {
        let Some(element) = self.find(By::Css("#outcome"))? else {
            return Ok(None);
        };
        let outcome = self.attribute(&element, "data-outcome")?.unwrap_or_default();
        if matches!(outcome.as_str(), "running" | "none") {
            return Ok(None);
        }
        Ok(Some(Ended { outcome, words: self.words("#outcome")? }))
    }

    /// The request as the window shows it.
    pub fn request(&self) -> Result<String> {
        let element = self.see("section.request pre")?;
        Ok(self.property(&element, "textContent")?.unwrap_or_default())
    }

    /// Tokens on the shelf, from top to bottom.
    pub fn tokens(&self) -> Result<Vec<Shelved>> {
        let list = self.script(TOKENS, json!([]))?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(list.as_array().into_iter().flatten().map(|one| Shelved { id: text(&one[0]), words: text(&one[1]) }).collect())
    }

    /// The first token on the shelf whose words contain all of these.
    pub fn token(&self, words: &[&str]) -> Result<Shelved> {
        self.wait(&format!("a token called {words:?}"), SOON, |page| {
            Ok(Page(page).tokens()?.into_iter().find(|token| words.iter().all(|word| token.words.contains(word))))
        })
    }

    /// Selects a token on the shelf.
    pub fn select(&self, token: &Shelved) -> Result<()> {
        self.press(&format!("#shelf [data-token={:?}]", token.id))?;
        self.settle()
    }

    /// Adds a token to the selection.
    pub fn select_too(&self, token: &Shelved) -> Result<()> {
        let node = self.see(&format!("#shelf [data-token={:?}]", token.id))?;
        self.control_click(&node)?;
        self.settle()
    }

    /// Chooses the theme: `Light`, `Dark` or `As the system`.
    pub fn theme(&self, label: &str) -> Result<()> {
        self.press("#settings")?;
        self.wait(&format!("the theme “{label}”"), SOON, |page| Page(page).option_of_menu(label).map(Some))?;
        self.settle()
    }

    /// Presses an entry of the open menu.
    pub fn option_of_menu(&self, words: &str) -> Result<()> {
        match element_of(&self.script(MENU_ITEM, json!([words]))?) {
            Some(element) => self.click(&element),
            None => Err(format!("the menu has no “{words}”")),
        }
    }

    /// Waits for a toast with these words and closes all of them.
    pub fn toast(&self, words: &str) -> Result<String> {
        let said = self.read(".toasts", words)?;
        self.close_toasts()?;
        Ok(said)
    }

    /// Closes all toasts, so that they lie over nothing.
    pub fn close_toasts(&self) -> Result<()> {
        self.script("for (const b of document.querySelectorAll('.toasts [aria-label=Close]')) b.click()", json!([]))?;
        self.see_no(".toast")
    }

    /// Asks the backend what one of the window's own buttons asks, and returns the answer. Only for values the harness has
    /// to know in order to look for them later; what the window shows is read from the window.
    pub fn ask(&self, command: &str, arguments: Value) -> Result<Value> {
        let script = "const done = arguments[2]; window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then((a) => done({ answer: a }), (e) => done({ fault: e }));";
        let mut said = self.script_async(script, json!([command, arguments]))?;
        match said.get("fault") {
            Some(fault) => Err(format!("{command}: {fault}")),
            None => Ok(said["answer"].take()),
        }
    }

    /// Label or text of what has the focus.
    pub fn focused(&self) -> Result<String> {
        Ok(self.script(FOCUSED, json!([]))?.as_str().unwrap_or_default().to_owned())
    }
}

impl Deref for Page<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.0
    }
}

/// Fails unless `text` contains all of `words`.
pub fn says(text: &str, words: &[&str]) -> Result<()> {
    match words.iter().find(|word| !text.contains(**word)) {
        Some(word) => Err(format!("“{word}” is not said; what is said: {}", spaced(text))),
        None => Ok(()),
    }
}

/// Words with single spaces.
pub fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first element that fits and is drawn. The driver's own notion of "displayed" is wrong for tables in scrolling panes.
fn visible(session: &Session, css: &str) -> Result<Option<Element>> {
    Ok(element_of(&session.script(VISIBLE, json!([css]))?))
}

fn element_of(value: &Value) -> Option<Element> {
    value.as_object()?.values().next()?.as_str().map(Element::of)
}

const VISIBLE: &str = "
    return [...document.querySelectorAll(arguments[0])].find((e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden') ?? null;";

const WORDS: &str = "
    return [...document.querySelectorAll(arguments[0])].filter((e) => e.getClientRects().length > 0).map((e) => e.innerText ?? e.textContent).join(' ');";

/// A visible, enabled button in arguments[0] whose words or label are arguments[1]; key hints and counts do not count.
const BUTTON: &str = "
    const said = (e) => { const c = e.cloneNode(true); c.querySelectorAll('kbd, .kbd, .count, .sr').forEach((k) => k.remove()); return c.textContent.replace(/\\s+/g, ' ').trim(); };
    const there = (e) => !e.disabled && e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
    const front = [...document.querySelectorAll('dialog[open]')].at(-1);
    for (const place of document.querySelectorAll(arguments[0]))
      for (const e of (front && place.contains(front) ? front : place).querySelectorAll('button, [role=tab], a'))
        if (there(e) && (said(e) === arguments[1] || e.getAttribute('aria-label') === arguments[1])) return e;
    return null;";

/// A visible option whose words begin with arguments[0], else one that contains them.
const OPTION: &str = "
    const all = [...document.querySelectorAll('[role=option]')].filter((e) => e.getClientRects().length > 0 && e.getAttribute('aria-disabled') !== 'true' && !(e instanceof SVGElement));
    const said = (e) => e.textContent.replace(/\\s+/g, ' ').trim();
    const at = (e) => said(e).split(' ');
    const words = arguments[0];
    return all.find((e) => said(e) === words) ?? all.find((e) => said(e).startsWith(words + ' ')) ?? all.find((e) => said(e).startsWith(words)) ?? all.find((e) => said(e).includes(words)) ?? null;";

/// A visible menu item with exactly these words.
const MENU_ITEM: &str = "
    return [...document.querySelectorAll('[role=menuitem], [role=menuitemradio]')].find((e) => e.getClientRects().length > 0 && !e.disabled && e.textContent.replace(/\\s+/g, ' ').trim().startsWith(arguments[0])) ?? null;";

const STEPS: &str = "
    const line = [...document.querySelectorAll('#status span')].find((e) => e.textContent.trim().startsWith('Journal'));
    return line ? line.querySelector('b').textContent : document.querySelector('#view-first') ? '0' : null;";

const TOKENS: &str = "
    return [...document.querySelectorAll('#shelf [role=treeitem]')].map((e) => [e.dataset.token, (e.closest('[role=tree]').getAttribute('aria-label') ?? '') + ': ' + e.innerText.replace(/\\s+/g, ' ').trim()]);";

const FOCUSED: &str = "
    const e = document.activeElement; return e ? (e.id ? '#' + e.id + ' ' : '') + (e.getAttribute('aria-label') ?? e.textContent).replace(/\\s+/g, ' ').trim().slice(0, 80) : '';";
