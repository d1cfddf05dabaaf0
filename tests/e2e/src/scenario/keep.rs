//! What outlives the window: profiles, the journal, the last view, secrets in the keychain, tokens as evidence.

use serde_json::json;

use crate::{
    Result,
    acts::{self, expect},
    page::{Page, Place, SOON, STEP},
    scene::Scene,
};

pub(super) fn restart(scene: &mut Scene) -> Result<()> {
    scene.step("open, try the lab, exchange", |scene| {
        scene.open()?;
        acts::try_the_lab(scene)?;
        expect(&acts::exchange(scene.page()?, "portal", "orders-api")?, "success")
    })?;
    scene.step("save the environment as a profile of one's own", |scene| {
        let page = scene.page()?;
        page.go(Place::Profiles)?;
        page.button("Save as my own")?;
        page.read(".profile-list", "My lab").map(drop)
    })?;
    let before = scene.step("leave in Audit, dark, and close", |scene| {
        let page = scene.page()?;
        page.go(Place::Audit)?;
        page.theme("Dark")?;
        page.read(".audit table", "Token exchange")?;
        let steps = page.steps()?;
        let tokens = page.tokens()?.len();
        scene.wait_written("preferences.json", &["\"audit\"", "\"dark\""])?;
        scene.close()?;
        Ok((steps, tokens))
    })?;
    scene.step("start again: the view, the theme and the journal are back", |scene| {
        scene.open()?;
        let page = scene.page()?;
        page.see("#view-audit")?;
        let theme = page.script("return document.documentElement.dataset.theme", json!([]))?;
        if theme != json!("dark") {
            return Err(format!("the theme is {theme}"));
        }
        page.read(".audit table", "Token exchange")?;
        let now = (page.steps()?, page.tokens()?.len());
        if now == before { Ok(()) } else { Err(format!("steps and tokens were {before:?} and are {now:?}")) }
    })?;
    scene.step("tokens are evidence now: claims without text, marked as such", |scene| {
        let page = scene.page()?;
        let token = acts::login_token(page)?;
        page.select(&token)?;
        page.see("#view-compare .inspect")?;
        page.read(".inspect", "evidence")?;
        page.button("Raw")?;
        page.read(".inspect", "The token's text is gone")?;
        match page.ask("raw_token", json!({ "token": token.id })) {
            Err(_) => Ok(()),
            Ok(_) => Err("the text of a token outlived the app".into()),
        }
    })?;
    scene.step("the profile is there", |scene| {
        let page = scene.page()?;
        page.go(Place::Profiles)?;
        page.read(".profile-list", "My lab").map(drop)
    })
}

pub(super) fn own_provider(scene: &mut Scene) -> Result<()> {
    connect(scene, false)?;
    let secret = add_portal(scene)?;
    scene.step("its secret goes to the keychain", |scene| save_secret(scene, &secret, "keychain"))?;
    scene.step("restart, log in again, exchange with the secret from the keychain", |scene| {
        scene.close()?;
        scene.open()?;
        acts::log_in(scene, acts::ALICE)?;
        exchange_as_portal(scene)
    })
}

pub(super) fn encrypted_file(scene: &mut Scene) -> Result<()> {
    const PASSPHRASE: &str = "a horse that nobody rode";
    scene.step("no keychain: choose the encrypted file and a passphrase", |scene| {
        scene.open()?;
        let page = scene.page()?;
        ask_where(page)?;
        page.press("dialog[open] fieldset label:nth-of-type(2) input")?;
        page.fill("#field-passphrase", PASSPHRASE)?;
        page.button_in("dialog[open]", "Keep secrets there")?;
        page.toast("encrypted file")
    })?;
    connect(scene, true)?;
    let secret = add_portal(scene)?;
    scene.step("its secret goes to the file", |scene| save_secret(scene, &secret, "encrypted file"))?;
    scene.step("after a restart the secret is locked, and the window says so", |scene| {
        scene.close()?;
        scene.open()?;
        scene.page()?.read(".notices", "The encrypted file of secrets is locked")?;
        acts::log_in(scene, acts::ALICE)?;
        let page = scene.page()?;
        page.operation("Token exchange")?;
        page.choose("client", "portal")?;
        page.chips("audience", &["orders-api"])?;
        let before = page.steps()?;
        page.press("#run-button")?;
        page.read("form .fault", "secret of portal is not at hand")?;
        if page.steps()? == before { Ok(()) } else { Err("a request was sent without the secret".into()) }
    })?;
    scene.step("a wrong passphrase is refused, the right one opens the file", |scene| {
        let page = scene.page()?;
        page.button_in(".notices", "Unlock")?;
        page.fill("#field-passphrase", "a horse that somebody rode")?;
        page.button_in("dialog[open]", "Unlock")?;
        page.read("dialog[open] [role=alert]", "passphrase")?;
        page.fill("#field-passphrase", PASSPHRASE)?;
        page.button_in("dialog[open]", "Unlock")?;
        page.toast("encrypted file")
    })?;
    scene.step("the exchange has its secret", |scene| exchange_as_portal(scene))
}

/// Opens the question where secrets are kept.
fn ask_where(page: Page) -> Result<()> {
    page.press("#settings")?;
    page.wait("the menu", SOON, |page| Page::new(page).option_of_menu("Where secrets are kept").map(Some))?;
    page.read("dialog[open]", "Where secrets are kept").map(drop)
}

/// A provider outside the app is connected by its issuer URL, and alice logs in.
fn connect(scene: &mut Scene, open: bool) -> Result<()> {
    let issuer = scene.step("start a provider outside the app", |scene| scene.outside()?.issuer().map(str::to_owned))?;
    scene.step("paste its issuer URL: discovery fills the rest", |scene| {
        if !open {
            scene.open()?;
        }
        let page = scene.page()?;
        page.fill("#field-issuer", &issuer)?;
        page.button("Discover")?;
        page.read_all("#view-first", &["Supports", "PKCE", "Register this redirect URI", "http://127.0.0.1"]).map(drop)
    })?;
    scene.step("save and log in", |scene| {
        let page = scene.page()?;
        page.fill("#field-client_id", "frontend")?;
        page.button("Save and log in")?;
        acts::sign_in(scene, acts::ALICE)?;
        // Discovery is a step of its own; the log in is the one after it.
        let page = scene.page()?;
        let ended = page.wait("the end of the log in", STEP, |page| Page::new(page).ended())?;
        expect(&ended, "success")?;
        page.token(&[acts::ALICE, "access", "valid"]).map(drop)
    })
}

/// Adds the client portal to the profile; its secret is given back, not saved.
fn add_portal(scene: &mut Scene) -> Result<String> {
    scene.step("add the client portal", |scene| {
        let page = scene.page()?;
        page.go(Place::Profiles)?;
        page.button_in("#section-clients", "Add a client")?;
        page.settle()?;
        page.fill_last("#section-clients input[id$='-id']", "portal")?;
        page.button("Save")
    })?;
    Ok(scene.outside()?.secret("portal")?.to_owned())
}

/// Saves the last client's secret, and reads where the window says that it is kept.
fn save_secret(scene: &Scene, secret: &str, place: &str) -> Result<()> {
    let page = scene.page()?;
    page.fill_last("#section-clients input[type=password]", secret)?;
    page.button("Save secret")?;
    page.read("#section-clients .secret-row", place).map(drop)
}

fn exchange_as_portal(scene: &Scene) -> Result<()> {
    let page = scene.page()?;
    page.operation("Token exchange")?;
    page.choose("client", "portal")?;
    page.chips("audience", &["orders-api"])?;
    expect(&page.run()?, "success")
}
