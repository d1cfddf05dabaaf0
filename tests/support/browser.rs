//! The user with a browser: opens what the engine asks for, signs in, and comes back, or does it wrong.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use engine::world::Browser;
use reqwest::{Client, Method, header, redirect::Policy};
use tokio::sync::Notify;
use url::Url;

use super::raw::{self, RawAnswer};

/// What the browser sends to the redirect address, given the address the provider sent it to.
pub type Return = Arc<dyn Fn(Url) -> Vec<Hit> + Send + Sync>;

/// One request to the redirect address.
#[derive(Clone)]
pub struct Hit {
    pub method: &'static str,
    pub url: Url,
    pub host: Option<&'static str>,
}

impl Hit {
    pub fn get(url: Url) -> Self {
        Self { method: "GET", url, host: None }
    }
}

/// What the user does with the page.
#[derive(Clone)]
pub enum Visit {
    /// Signs in; the name is the password, as at the lab.
    SignIn(&'static str),
    /// Presses Cancel.
    Deny,
    /// Signs in, and the way back is altered.
    Altered(&'static str, Return),
    /// Looks at the page for ever.
    Idle,
    /// There is no browser.
    Missing,
}

#[derive(Default)]
struct Seen {
    addresses: Vec<Url>,
    answers: Vec<RawAnswer>,
    failure: Option<String>,
}

/// A browser of a few lines.
pub struct TestBrowser {
    visit: Mutex<Visit>,
    seen: Arc<Mutex<Seen>>,
    /// Rung when an address was opened.
    pub opened: Arc<Notify>,
    /// Rung when all requests of a visit were answered.
    pub done: Arc<Notify>,
}

impl TestBrowser {
    pub fn new() -> Self {
        Self { visit: Mutex::new(Visit::Idle), seen: Arc::default(), opened: Arc::default(), done: Arc::default() }
    }

    pub fn next(&self, visit: Visit) {
        *self.visit.lock().expect("no panic while held") = visit;
    }

    /// The address opened last.
    pub fn address(&self) -> Url {
        self.seen.lock().expect("no panic while held").addresses.last().cloned().expect("an address was opened")
    }

    /// How often an address was opened.
    pub fn opened_times(&self) -> usize {
        self.seen.lock().expect("no panic while held").addresses.len()
    }

    /// What the redirect address answered, in order.
    pub fn answers(&self) -> Vec<RawAnswer> {
        let seen = self.seen.lock().expect("no panic while held");
        assert_eq!(seen.failure, None, "the visit broke off");
        seen.answers.clone()
    }
}

impl Browser for TestBrowser {
    fn open(&self, address: &str) -> Result<(), String> {
        let url = Url::parse(address).expect("the engine opens an address");
        self.seen.lock().expect("no panic while held").addresses.push(url.clone());
        self.opened.notify_one();
        let visit = self.visit.lock().expect("no panic while held").clone();
        let (seen, done) = (Arc::clone(&self.seen), Arc::clone(&self.done));
        let walk = async move |user: Option<&'static str>, back: Return| {
            match follow(url, user).await {
                Ok(home) => {
                    for hit in back(home) {
                        let answer = raw::send(hit.method, &hit.url, hit.host).await;
                        seen.lock().expect("no panic while held").answers.push(answer);
                    }
                }
                Err(why) => {
                    eprintln!("The visit of the login page broke off: {why}");
                    seen.lock().expect("no panic while held").failure = Some(why);
                }
            }
            done.notify_one();
        };
        let straight: Return = Arc::new(|home| vec![Hit::get(home)]);
        match visit {
            Visit::SignIn(user) => drop(tokio::spawn(walk(Some(user), straight))),
            Visit::Deny => drop(tokio::spawn(walk(None, straight))),
            Visit::Altered(user, back) => drop(tokio::spawn(walk(Some(user), back))),
            Visit::Idle => {}
            Visit::Missing => return Err("no program is set for links".into()),
        }
        Ok(())
    }
}

/// Follows redirects with a cookie jar, signing in and agreeing (or, without a user, pressing Cancel) where a form asks for it, until the
/// provider sends the browser to the redirect address. Gives that address without opening it.
async fn follow(start: Url, user: Option<&str>) -> Result<Url, String> {
    let redirect_uri = start
        .query_pairs()
        .find(|(name, _)| name == "redirect_uri" || name == "post_logout_redirect_uri")
        .map(|(_, value)| value.into_owned())
        .ok_or("no redirect_uri")?;
    let client = Client::builder().redirect(Policy::none()).no_proxy().build().map_err(|error| error.to_string())?;
    // By path and name: two realms of one host have cookies of the same names.
    let mut cookies: BTreeMap<(String, String), String> = BTreeMap::new();
    let (mut url, mut form): (Url, Option<String>) = (start, None);
    for _ in 0..12 {
        let here = cookies.iter().filter(|((path, _), _)| url.path().starts_with(path.as_str()));
        let jar = here.map(|((_, name), value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = match form.take() {
            Some(body) => client
                .request(Method::POST, url.clone())
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(body),
            None => client.get(url.clone()),
        };
        let answer = request.header(header::COOKIE, jar).send().await.map_err(|error| error.to_string())?;
        for line in answer.headers().get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap_or_default();
            let mut parts = line.split(';').map(str::trim);
            let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).unwrap_or_default();
            let path = parts.find_map(|part| part.to_ascii_lowercase().starts_with("path=").then(|| &part[5..])).unwrap_or("/");
            cookies.insert((path.to_owned(), name.to_owned()), value.to_owned());
            cookies.retain(|_, value| !value.is_empty());
        }
        if let Some(location) = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()) {
            url = url.join(location).map_err(|error| error.to_string())?;
            if url.as_str().starts_with(&redirect_uri) {
                return Ok(url);
            }
            continue;
        }
        let (status, page) = (answer.status(), answer.text().await.map_err(|error| error.to_string())?);
        let consent = form_action(&page, "/login-actions/consent?");
        let agreed = consent.is_some();
        let mut hidden = Vec::new();
        let action = consent.or_else(|| form_action(&page, "id=\"kc-form-login\"")).or_else(|| {
            let form = page.split("<form").skip(1).find(|form| form.contains("name=\"password\""))?;
            hidden = hidden_fields(form);
            // A form without an address goes to its own page.
            Some(attribute(form, "action").unwrap_or_default())
        });
        let action = action.ok_or_else(|| format!("no login form at {url}: {status} {page}"))?;
        url = url.join(&action).map_err(|error| error.to_string())?;
        let pairs: &[(&str, &str)] = match user {
            Some(_) if agreed => &[("accept", "Yes")],
            Some(user) => &[("username", user), ("password", user)],
            None => &[("cancel", "true")],
        };
        form = Some(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(hidden).extend_pairs(pairs).finish());
    }
    Err("too many redirects".into())
}

/// The address a form is sent to that is known by a mark in its tag. The lab's login page and Keycloak's own have the form's id in
/// common, and little else.
fn form_action(page: &str, mark: &str) -> Option<String> {
    let tag = page.split("<form").find(|rest| rest.split('>').next().is_some_and(|tag| tag.contains(mark)))?;
    Some(tag.split("action=\"").nth(1)?.split('"').next()?.replace("&amp;", "&"))
}

/// The fields of a form that nobody sees, e.g. against forged requests.
fn hidden_fields(form: &str) -> Vec<(String, String)> {
    let form = form.split("</form>").next().unwrap_or_default();
    let inputs = form.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
    let hidden = inputs.filter(|input| attribute(input, "type").as_deref() == Some("hidden"));
    hidden.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()))).collect()
}

/// The value of an attribute in a tag, with either kind of quotes.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = tag.split('>').next()?;
    let rest = tag.split(&format!(" {name}=")).nth(1)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(rest[1..].split(quote).next()?.replace("&amp;", "&"))
}
