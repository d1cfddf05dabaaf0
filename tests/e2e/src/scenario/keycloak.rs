//! The main job at a real Keycloak, in the real window and on Keycloak's own login page, from pasting an address to the log out.

use serde_json::json;

use crate::{
    Result,
    acts::{self, expect},
    page::{Ended, Place, SOON, STEP, says},
    scene::Scene,
};

/// Clients of the realm the profile needs besides the one that logs in.
const CLIENTS: [&str; 3] = ["portal", "legacy-api", READER];

/// The service account that may view events.
const READER: &str = "audit-reader";

pub(super) fn real_server(scene: &mut Scene) -> Result<()> {
    let base = scene.keycloak()?.to_owned();
    scene.step("paste the address of the account page: the realm is found", |scene| {
        connect(scene, &base)?;
        picture(scene, "connected")
    })?;
    scene.step("save, and sign in on Keycloak's own page", |scene| {
        sign_in(scene)?;
        picture(scene, "logged-in")
    })?;
    scene.step("add the other clients, their secrets go to the keychain", |scene| {
        scene.page()?.go(Place::Profiles)?;
        add_clients(scene, &CLIENTS)
    })?;
    scene.step("events are read by the service account", |scene| {
        read_events_as(scene, READER).and_then(|()| picture(scene, "profile"))
    })?;
    scene.step("exchange as portal for orders-api, and compare", |scene| {
        let page = scene.page()?;
        expect(&acts::exchange(page, "portal", "orders-api")?, "success")?;
        beside(scene, "TOKEN_EXCHANGE", "token id")?;
        picture(scene, "exchanged")?;
        let page = scene.page()?;
        page.button("Compare with subject")?;
        page.see("#view-compare .claims")?;
        page.read_all(
            "#view-compare",
            &["orders-api", "Identity", "preserved", "Requester", "frontend", "portal", "Audience", "narrowed", "Roles"],
        )?;
        picture(scene, "compared")
    })?;
    scene.step("a refusal shows the reason that only the server knows", |scene| {
        let page = scene.page()?;
        page.operation("Client credentials")?;
        page.choose("client", "legacy-api")?;
        let ended = page.run()?;
        expect(&ended, "refused")?;
        says(&ended.words, &["401", "Invalid client or Invalid client credentials"])?;
        let words = noted(scene, "client_disabled")?;
        says(&words, &["not told to the client", "CLIENT_LOGIN_ERROR", "The client legacy-api is disabled."])?;
        picture(scene, "refused")
    })?;
    scene.step("log out in the browser", |scene| expect(&log_out(scene)?, "success"))?;
    scene.step("the token of the ended session is refused, and the window says why", |scene| {
        let ended = acts::exchange(scene.page()?, "portal", "orders-api")?;
        expect(&ended, "refused")?;
        says(&ended.words, &["400", "Invalid token", "session", "Cause", "Fix"])?;
        says(&noted(scene, "subject_token validation failure")?, &["TOKEN_EXCHANGE_ERROR"])?;
        picture(scene, "session-over")
    })?;
    scene.step("every step stands in the audit with its event", |scene| {
        let page = scene.page()?;
        page.go(Place::Audit)?;
        // The server's log out is read by the next look at its events.
        let words = page.wait("the events in the timeline", STEP, |page| {
            let words = crate::page::Page::new(page).words(".audit table")?;
            Ok(words.contains("LOGOUT").then_some(words))
        })?;
        says(&words, &["CODE_TO_TOKEN", "TOKEN_EXCHANGE", "CLIENT_LOGIN_ERROR", "TOKEN_EXCHANGE_ERROR", "token id"])?;
        picture(scene, "audit")
    })
}

/// The first start: the address of the account page is pasted, and the realm is found.
pub(super) fn connect(scene: &mut Scene, base: &str) -> Result<()> {
    scene.open()?;
    let page = scene.page()?;
    page.fill("#field-issuer", &format!("{base}/realms/platform/account/"))?;
    page.button("Discover")?;
    page.read_all("#view-first", &["Supports", "PKCE", "Register this redirect URI"]).map(drop)
}

/// What was found is saved, and alice signs in on Keycloak's own page.
pub(super) fn sign_in(scene: &mut Scene) -> Result<()> {
    let page = scene.page()?;
    page.fill("#field-client_id", "frontend")?;
    page.button("Save and log in")?;
    acts::sign_in(scene, acts::ALICE)?;
    let page = scene.page()?;
    // Finding the realm is a step of its own; the log in is the one after it.
    let ended = page.wait("the end of the log in", STEP, |page| crate::page::Page::new(page).ended())?;
    expect(&ended, "success")?;
    page.token(&[acts::ALICE, "access", "valid"]).map(drop)
}

/// Adds clients with their secrets to the profile, which has one client without, and saves both.
pub(super) fn add_clients(scene: &Scene, clients: &[&str]) -> Result<()> {
    let page = scene.page()?;
    for (index, client) in clients.iter().enumerate() {
        page.button_in("#section-clients", "Add a client")?;
        page.settle()?;
        page.fill_last("#section-clients input[id$='-id']", client)?;
        save(scene)?;
        page.fill_last("#section-clients input[type=password]", &format!("secret-of-{client}"))?;
        page.button_in("#section-clients", "Save secret")?;
        let saved = "return [...document.querySelectorAll('#section-clients .secret-row')].length";
        page.wait("the secret in the keychain", SOON, |page| {
            Ok((page.script(saved, json!([]))? == json!(index + 1)).then_some(()))
        })?;
    }
    Ok(())
}

/// Chooses who reads the server's events.
pub(super) fn read_events_as(scene: &Scene, client: &str) -> Result<()> {
    let page = scene.page()?;
    page.press("#section-events [aria-label^='Client that reads events']")?;
    page.option(client)?;
    save(scene)
}

/// Saves the profile, which leaves nothing to save.
pub(super) fn save(scene: &Scene) -> Result<()> {
    let page = scene.page()?;
    page.button("Save")?;
    page.wait("the profile to be saved", SOON, |page| Ok((!crate::page::Page::new(page).has_button("Save")?).then_some(())))
}

/// Waits until the server's event stands beside the answer, joined as said.
fn beside(scene: &Scene, event: &str, joined: &str) -> Result<()> {
    let page = scene.page()?;
    page.button_in("#outcome", "Server event")?;
    page.read_all("#outcome .event", &[event, joined]).map(drop)
}

/// Waits until the outcome shows what the server noted; gives all its words.
fn noted(scene: &Scene, reason: &str) -> Result<String> {
    let page = scene.page()?;
    page.read("#outcome .noted", reason)?;
    page.words("#outcome")
}

/// The front channel: the browser is sent to Keycloak, which ends the session and sends it back.
fn log_out(scene: &mut Scene) -> Result<Ended> {
    let before = {
        let page = scene.page()?;
        page.operation("Log out")?;
        page.choose("channel", "Front channel")?;
        let before = page.steps()?;
        page.press("#run-button")?;
        before
    };
    let address = scene.next_login()?;
    scene.browser()?.open(&address)?;
    scene.page()?.ended_after(before)
}

/// What the window looks like now, in both themes, kept beside the logs.
fn picture(scene: &Scene, name: &str) -> Result<()> {
    let page = scene.page()?;
    for theme in ["light", "dark"] {
        page.script("document.documentElement.dataset.theme = arguments[0]", json!([theme]))?;
        page.settle()?;
        scene.picture(&scene.kept().join(format!("{name}-{theme}.png")))?;
    }
    page.script("document.documentElement.dataset.theme = 'light'", json!([])).map(drop)
}
