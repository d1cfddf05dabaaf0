//! The whole loop with a real Keycloak and the lab's gateway, each trusting the other: alice signs in at Keycloak, becomes a user of the
//! gateway, gets an application and its tokens, and the gateway takes its own token back to Keycloak before it calls an API for
//! her. What Keycloak has to know of the gateway is read off the window and done as an administrator would.

use std::path::Path;

use serde_json::json;

use super::{
    keycloak::{add_clients, connect, read_events_as, sign_in},
    main_job::newest,
    portal::{application, idle, own_token, subscribe},
};
use crate::{
    Result,
    acts::{self, expect},
    admin::Admin,
    page::{Page, Place, SOON, STEP, says},
    scene::{LARGE, SMALL, Scene},
};

/// Alias of the gateway at Keycloak, as the window proposes it.
const ALIAS: &str = "wso2";

/// Clients of the realm the profile needs besides the one that logs in: who exchanges at the gateway, who by hand, and who reads
/// events.
const CLIENTS: [&str; 3] = ["gateway", "portal", READER];

/// The service account that may view events.
const READER: &str = "audit-reader";

pub(super) fn whole_loop(scene: &mut Scene) -> Result<()> {
    let base = scene.legacy_keycloak()?.to_owned();
    let admin = Admin::at(&base, "platform")?;
    scene.step("Keycloak knows no gateway", |_| admin.without_provider(ALIAS))?;
    scene.step("1. sign in at the real Keycloak, in the system browser", |scene| {
        connect(scene, &base).and_then(|()| sign_in(scene))
    })?;
    scene.step("clients of the realm, and who reads its events", |scene| {
        scene.page()?.go(Place::Profiles)?;
        add_clients(scene, &CLIENTS)?;
        read_events_as(scene, READER)
    })?;
    scene.step("the lab's gateway is put in front of that Keycloak, in the profile", put_in_front)?;
    scene.step("2. Keycloak's token becomes a user token of the gateway (jwt-bearer)", own_token)?;
    let mapped = scene.step("it is a token of the gateway for alice", |scene| {
        let token = newest(scene)?;
        says(&token.words, &["Gateway"]).or_else(|_| says(&token.words, &["devportal"]))?;
        Ok(token)
    })?;
    scene.step("before Keycloak knows the gateway it refuses its token, and the window says what is missing", |scene| {
        let ended = back_by_hand(scene, &mapped)?;
        expect(&ended, "refused")?;
        says(&ended.words, &["400", "Invalid subject_issuer parameter", "Cause", "Fix", "Portal, Mapping"])
    })?;
    scene.step("the window writes down what Keycloak needs, and an administrator does just that", |scene| {
        know_the_gateway(scene, &admin)
    })?;
    scene.step("3. an application with consumer key and secret from the portal", |scene| {
        application(scene, "Web shop")?;
        subscribe(scene, &["Catalog 1.0", "Orders 1.0"])
    })?;
    let application = scene.step("4. the application gets a token of its own", |scene| {
        let page = scene.page()?;
        page.button_in("#view-portal .keycard", "Open in Run")?;
        page.see("form[aria-label=\"Client credentials\"]")?;
        expect(&page.run()?, "success")?;
        newest(scene)
    })?;
    scene.step("with it the catalog answers, and the orders need a user", |scene| {
        let catalog = acts::call(scene.page()?, "/catalog at the gateway", &application)?;
        expect(&catalog, "success")?;
        says(&catalog.words, &["200", "Web shop"])?;
        let orders = acts::call(scene.page()?, "/orders at the gateway", &application)?;
        expect(&orders, "refused")?;
        says(&orders.words, &["900905"])
    })?;
    let user = scene.step("the application gets a token for alice", |scene| {
        let page = scene.page()?;
        page.go(Place::Portal)?;
        page.button_in("#view-portal .keycard", "Map a user")?;
        page.see("form[aria-label=\"User mapping\"]")?;
        expect(&page.run()?, "success")?;
        newest(scene)
    })?;
    scene.step("5. and 7. the gateway takes it to Keycloak and calls the API, which sees both identities", |scene| {
        let ended = acts::call(scene.page()?, "/orders at the gateway", &user)?;
        expect(&ended, "success")?;
        says(&ended.words, &["200", "\"preferred_username\": \"alice\"", "\"name\": \"Web shop\"", "\"azp\": \"gateway\""])?;
        pictures(scene, "both-identities")
    })?;
    scene.step("6. by hand: the gateway's token becomes one of Keycloak (subject_issuer)", |scene| {
        let ended = back_by_hand(scene, &user)?;
        expect(&ended, "success")?;
        let made = newest(scene)?;
        says(&made.words, &[acts::ALICE, "portal"])
    })?;
    scene.step("announced as a JWT it is refused, and the fix is one press away", |scene| {
        let page = scene.page()?;
        page.choose("subject_token_type", "jwt")?;
        let ended = page.run()?;
        expect(&ended, "refused")?;
        says(&ended.words, &["token type not supported", "Cause", "claim typ", "Fix"])?;
        let page = scene.page()?;
        page.button_in("#outcome", "Use access_token")?;
        page.settle()?;
        expect(&page.run()?, "success")
    })?;
    scene.step("8. the run is drawn with all its actors", |scene| {
        let page = scene.page()?;
        page.button("Sequence")?;
        page.see(".diagram")?;
        let words = page.script("return document.querySelector('.diagram').textContent", json!([]))?;
        let actors = ["User", "Claimscope", "Gateway", "Portal", "Provider", "API"];
        says(words.as_str().unwrap_or_default(), &actors)?;
        says(
            words.as_str().unwrap_or_default(),
            &["Log in", "User mapping", "Generate keys", "Client credentials", "Token exchange"],
        )?;
        pictures(scene, "sequence")
    })?;
    scene.step("and Keycloak's events stand beside the log in, the call and the exchange", |scene| {
        let page = scene.page()?;
        page.go(Place::Audit)?;
        // The newest rows are drawn; the log in stands further down and is looked up in the journal.
        page.wait("the events in the timeline", STEP, |page| {
            Ok(Page::new(page).words(".audit table")?.contains("TOKEN_EXCHANGE").then_some(()))
        })?;
        page.read_all(".audit table", &["token id", "API call", "Generate keys"])?;
        joined(scene, "log_in", "CODE_TO_TOKEN")?;
        joined(scene, "call_api", "TOKEN_EXCHANGE")?;
        joined(scene, "token_exchange", "TOKEN_EXCHANGE")?;
        pictures(scene, "audit")
    })?;
    scene.step("Keycloak forgets the gateway", |_| admin.without_provider(ALIAS))
}

/// In Profiles: the lab's gateway takes this Keycloak's tokens and exchanges its own there.
fn put_in_front(scene: &mut Scene) -> Result<()> {
    let page = scene.page()?;
    page.button_in("#section-gateway", "Use the lab's gateway")?;
    page.see("dialog.joinlab")?;
    page.read("dialog.joinlab", "its secret is at hand").or_else(|_| page.read("dialog.joinlab", "gateway"))?;
    page.press("dialog.joinlab [aria-label^='Token the gateway exchanges']")?;
    page.option("its own token")?;
    page.fill("dialog.joinlab input", "/engineering")?;
    pictures(scene, "put-in-front")?;
    let page = scene.page()?;
    page.button("Connect")?;
    page.see_no("dialog[open]")?;
    page.toast("takes the tokens of")?;
    page.read("#section-gateway", "Connect the lab's gateway again")?;
    page.script("document.querySelector('#section-gateway').scrollIntoView()", json!([]))?;
    pictures(scene, "in-front")
}

/// From the gateway's token to the exchange with `subject_issuer`, by the button that leads there, as client portal.
fn back_by_hand(scene: &Scene, token: &crate::page::Shelved) -> Result<crate::page::Ended> {
    let page = scene.page()?;
    page.select(token)?;
    page.go(Place::Compare)?;
    page.button("Exchange for a Keycloak token")?;
    page.see("form[aria-label=\"Token exchange\"]")?;
    page.choose("client", "portal")?;
    page.read("section.request", "subject_issuer=")?;
    page.run()
}

/// Reads the way back off the mapping check and does it: the identity provider, the link of the user, and who may ask.
fn know_the_gateway(scene: &mut Scene, admin: &Admin) -> Result<()> {
    let page = scene.page()?;
    page.go(Place::Portal)?;
    idle(scene)?;
    page.button_in("#view-portal .head", "Mapping")?;
    page.read("dialog.mapping", "alice has what was asked for")?;
    page.press("dialog.mapping .wayback > summary")?;
    let words = page.read("dialog.mapping .wayback", "know the gateway as an identity provider")?;
    says(&words, &["link alice", "exchange the gateway's tokens", "token-exchange:v1"])?;
    for repair in ["kc-know-gateway", "kc-link-user", "kc-permit-requester"] {
        let shown = |part: &str| {
            let script =
                "return document.querySelector(`dialog.mapping [data-repair=${arguments[0]}] ${arguments[1]}`).textContent";
            let text = page.script(script, json!([repair, part]))?;
            text.as_str().map(str::to_owned).ok_or_else(|| format!("{repair} shows no {part}"))
        };
        admin.follow(&shown(".to")?, &shown("pre")?)?;
    }
    let provider = format!("identity-provider/instances/{ALIAS}");
    for client in ["gateway", "portal"] {
        admin.permit(&provider, client)?;
    }
    admin.permit(&admin.client_place("orders-api")?, "gateway")?;
    page.script("document.querySelector('dialog.mapping .wayback').scrollIntoView()", json!([]))?;
    pictures(scene, "way-back")?;
    let page = scene.page()?;
    page.button("Close")?;
    page.see_no("dialog[open]")
}

/// The newest step of an operation that went well has an event of this type, joined by the token's id.
fn joined(scene: &Scene, operation: &str, event: &str) -> Result<()> {
    let page = scene.page()?;
    page.wait(&format!("{event} beside {operation}"), SOON, |page| {
        let page = Page::new(page);
        let newest = page.steps()?;
        for id in (1..=newest).rev() {
            let step = page.ask("read_step", json!({ "step": id }))?;
            if step["operation"] != operation || step["outcome"] != "success" {
                continue;
            }
            let fits = |one: &&serde_json::Value| one["event_type"] == event && one["joined_by"] == "token_id";
            if step["events"].as_array().is_some_and(|events| events.iter().any(|one| fits(&one))) {
                return Ok(Some(()));
            }
        }
        Ok(None)
    })
}

/// What the window looks like now, in both themes and sizes, kept beside the logs.
fn pictures(scene: &Scene, name: &str) -> Result<()> {
    let folder = scene.kept().join("pictures");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (size, label) in [(SMALL, "small"), (LARGE, "large")] {
        scene.size(size)?;
        for theme in ["dark", "light"] {
            scene.page()?.script("document.documentElement.dataset.theme = arguments[0]", json!([theme]))?;
            scene.page()?.settle()?;
            scene.picture(Path::new(&folder.join(format!("{name}-{label}-{theme}.png"))))?;
        }
    }
    Ok(())
}
