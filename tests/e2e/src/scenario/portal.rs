//! The developer portal and the whole loop behind it: a user's token for the portal, an application with keys of its own, calls as
//! the application and as its user, both identities at the API, every actor in the picture, and who refuses which token.

use super::main_job::newest;
use crate::{
    Result,
    acts::{self, expect},
    page::{Page, Place, SOON, STEP, says},
    scene::Scene,
};

const VIEW: &str = "#view-portal";

pub(super) fn portal(scene: &mut Scene) -> Result<()> {
    scene.step("open, try the lab", |scene| scene.open().and_then(|()| acts::try_the_lab(scene).map(drop)))?;
    scene.step("the portal asks for a token of its own, and gets the user's", own_token)?;
    scene.step("the mapping check says which role claim opened the portal", |scene| {
        let page = scene.page()?;
        page.button_in("#view-portal .head", "Mapping")?;
        page.read_all(
            "dialog.mapping",
            &[
                "alice has what was asked for",
                "/engineering",
                "role claim groups",
                "apim:subscribe",
                "granted",
                "nested in an object",
            ],
        )?;
        page.button("Close")?;
        page.see_no("dialog[open]")
    })?;
    scene
        .step("an application with keys; its secret is taken from the answer and kept", |scene| application(scene, "Web shop"))?;
    scene.step("it is subscribed to both APIs", |scene| subscribe(scene, &["Catalog 1.0", "Orders 1.0"]))?;
    scene.step("a name that is taken is refused, and what was typed stays", |scene| {
        let page = scene.page()?;
        page.fill("#view-portal .new input", "Web shop")?;
        page.button_in("#view-portal .new", "Create")?;
        page.read_all("#view-portal .lastcall", &["409", "names are unique", "Cause", "Fix"])?;
        let field = page.see("#view-portal .new input")?;
        match page.property(&field, "value")?.as_deref() {
            Some("Web shop") => Ok(()),
            other => Err(format!("the field holds {other:?}")),
        }
    })?;
    let application = scene.step("the application gets a token of its own", |scene| {
        idle(scene)?;
        let page = scene.page()?;
        page.button_in("#view-portal .keycard", "Open in Run")?;
        page.see("form[aria-label=\"Client credentials\"]")?;
        page.read("section.request", "grant_type=client_credentials")?;
        expect(&page.run()?, "success")?;
        newest(scene)
    })?;
    scene.step("it may read the catalog, and the orders need a user", |scene| {
        let catalog = acts::call(scene.page()?, "/catalog at the gateway", &application)?;
        expect(&catalog, "success")?;
        says(&catalog.words, &["200", "Web shop"])?;
        let orders = acts::call(scene.page()?, "/orders at the gateway", &application)?;
        expect(&orders, "refused")?;
        says(&orders.words, &["900905", "Cause", "Fix"])
    })?;
    let user = scene.step("the application gets a token for alice", |scene| {
        let page = scene.page()?;
        page.go(Place::Portal)?;
        page.button_in("#view-portal .keycard", "Map a user")?;
        page.see("form[aria-label=\"User mapping\"]")?;
        expect(&page.run()?, "success")?;
        newest(scene)
    })?;
    scene.step("the API sees both identities", |scene| {
        let ended = acts::call(scene.page()?, "/orders at the gateway", &user)?;
        expect(&ended, "success")?;
        says(&ended.words, &["200", "\"preferred_username\": \"alice\"", "\"name\": \"Web shop\""])
    })?;
    scene.step("who refuses alice's token first: the API behind, over the issuer", |scene| {
        let words = trace(scene, &user)?;
        says(&words, &["orders-api is the first to refuse it, over iss", "Signature and time", "active", "first to refuse"])
    })?;
    scene.step("and who the application's: the gateway, where a user is needed", |scene| {
        let page = scene.page()?;
        page.select(&application)?;
        page.press(".doors .ask [role=combobox]")?;
        page.option("/orders at the gateway")?;
        let words = trace(scene, &application)?;
        says(&words, &["The gateway is the first to refuse it", "900905"])
    })?;
    scene.step("the run is drawn with all its actors", |scene| {
        let page = scene.page()?;
        page.go(Place::Run)?;
        page.button("Sequence")?;
        page.see(".diagram")?;
        let words = page.script("return document.querySelector('.diagram').textContent", serde_json::json!([]))?;
        says(
            words.as_str().unwrap_or_default(),
            &[
                "User",
                "Claimscope",
                "Gateway",
                "Portal",
                "Provider",
                "API",
                "Generate keys",
                "User mapping",
                "Client credentials",
            ],
        )
    })?;
    scene.step("and every step is in the journal, with the provider's events", |scene| {
        let page = scene.page()?;
        page.go(Place::Audit)?;
        for words in ["Generate keys", "Create an application", "Subscribe", "TOKEN_EXCHANGE"] {
            page.fill(".audit input[type=search]", words)?;
            page.read(".audit table", words)?;
        }
        Ok(())
    })
}

/// A gateway's token taken back to the provider by hand: exchanged where the legacy exchange is on, refused as a grant.
pub(super) fn way_back(scene: &mut Scene) -> Result<()> {
    scene.step("open, try the lab", |scene| scene.open().and_then(|()| acts::try_the_lab(scene).map(drop)))?;
    scene.step("the lab runs anew with the legacy exchange", |scene| {
        let page = scene.page()?;
        page.press("button.profile")?;
        page.wait("the menu", SOON, |page| Page::new(page).option_of_menu("Restart the lab with the legacy exchange").map(Some))?;
        page.toast("takes the legacy exchange").map(drop)
    })?;
    let user = scene.step("alice signs in again and becomes the gateway's user", |scene| {
        acts::log_in(scene, acts::ALICE)?;
        let login = newest(scene)?;
        let page = scene.page()?;
        page.select(&login)?;
        page.operation("User mapping")?;
        page.choose("client", "devportal")?;
        // The provider asks userinfo about the token, which only answers to this scope.
        page.chips("scope", &["openid"])?;
        expect(&page.run()?, "success")?;
        newest(scene)
    })?;
    scene.step("one press from her token to the exchange with subject_issuer", |scene| {
        let page = scene.page()?;
        page.select(&user)?;
        page.go(Place::Compare)?;
        page.button("Exchange for a Keycloak token")?;
        page.see("form[aria-label=\"Token exchange\"]")?;
        page.read("section.request", "subject_issuer=")?;
        let ended = page.run()?;
        expect(&ended, "success")?;
        let made = newest(scene)?;
        says(&made.words, &[acts::ALICE, "portal"])
    })?;
    scene.step("and to the authorization grant, which says what its audience lacks", |scene| {
        let page = scene.page()?;
        page.select(&user)?;
        page.go(Place::Compare)?;
        page.button("Show it as an authorization grant")?;
        page.see("form[aria-label=\"User mapping\"]")?;
        page.choose("client", "partner-desk")?;
        let ended = page.run()?;
        expect(&ended, "refused")?;
        says(&ended.words, &["Invalid token audience", "writes the consumer key into aud", "Fix"])
    })
}

/// From a portal without a token to its list of applications, by the button it offers.
pub(super) fn own_token(scene: &mut Scene) -> Result<()> {
    let page = scene.page()?;
    page.go(Place::Portal)?;
    page.read(VIEW, "A token of the portal is needed")?;
    page.button("Get a portal token")?;
    page.see("form[aria-label=\"User mapping\"]")?;
    page.choose("client", "devportal")?;
    page.read("section.request", "scope=openid apim:subscribe")?;
    expect(&page.run()?, "success")?;
    page.go(Place::Portal)?;
    page.read("#view-portal .list", "No application yet")?;
    idle(scene)
}

/// A new application with production keys.
pub(crate) fn application(scene: &mut Scene, name: &str) -> Result<()> {
    let page = scene.page()?;
    page.fill("#view-portal .new input", name)?;
    page.button_in("#view-portal .new", "Create")?;
    page.read("#view-portal .open h2", name)?;
    idle(scene)?;
    let page = scene.page()?;
    page.button_in("#view-portal .newkeys", "Generate keys")?;
    page.read("#view-portal .notes", "was taken from the answer and not shown")?;
    page.wait("where the secret is kept", SOON, |page| {
        let words = Page::new(page).words("#view-portal .keycard")?;
        // The lab's secrets end with it; those of one's own servers are kept.
        let kept = ["held in memory as long as the lab runs", "kept in the secret store"];
        Ok(kept.iter().any(|place| words.contains(place)).then_some(()))
    })?;
    idle(scene)
}

/// Subscribes the open application to APIs, in the order the window offers them.
pub(super) fn subscribe(scene: &Scene, apis: &[&str]) -> Result<()> {
    for api in apis {
        scene.page()?.button_in(VIEW, "Subscribe")?;
        scene.page()?.read("#view-portal .open table", api)?;
        idle(scene)?;
    }
    Ok(())
}

/// Waits until nothing is under way: the buttons of the place can be pressed again.
pub(super) fn idle(scene: &Scene) -> Result<()> {
    scene.page()?.wait("the portal's last call to end", STEP, |page| Ok(Page::new(page).has_button("Read again")?.then_some(())))
}

/// Runs the trace of a token and gives all that is said.
fn trace(scene: &Scene, token: &crate::page::Shelved) -> Result<String> {
    let page = scene.page()?;
    page.select(token)?;
    page.go(Place::Compare)?;
    page.button("Trace")?;
    page.see(".doors ol")?;
    let run = if page.has_button("Run again")? { "Run again" } else { "Run the trace" };
    page.button(run)?;
    page.wait("the last door", STEP, |page| {
        let done = "return [...document.querySelectorAll('.doors li')].every((e) => e.dataset.admission !== 'not_asked') && ![...document.querySelectorAll('.doors button')].some((b) => b.textContent.includes('Asking'));";
        Ok((page.script(done, serde_json::json!([]))? == serde_json::json!(true)).then_some(()))
    })?;
    page.wait("the verdict", SOON, |page| {
        Ok(Some(Page::new(page).words(".doors")?).filter(|words| words.contains("first to refuse")))
    })
}
