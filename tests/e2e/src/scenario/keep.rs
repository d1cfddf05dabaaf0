//! What outlives the window: profiles, the journal, the last view, secrets in the keychain, tokens as evidence.

use serde_json::json;

use crate::{
    Result,
    acts::{self, expect},
    page::{Place, says},
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
        // The view is saved a moment after the last change; a user needs longer to reach the close button.
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
    let issuer = scene.step("start a provider outside the app", |scene| scene.outside()?.issuer().map(str::to_owned))?;
    let secret = scene.outside()?.secret("portal")?.to_owned();
    scene.step("paste its issuer URL: discovery fills the rest", |scene| {
        scene.open()?;
        let page = scene.page()?;
        page.fill("#field-issuer", &issuer)?;
        page.button("Discover")?;
        let words = page.read("#view-first", "Supports")?;
        says(&words, &["PKCE", "Register this redirect URI", "http://127.0.0.1"])
    })?;
    scene.step("save and log in", |scene| {
        let page = scene.page()?;
        page.fill("#field-client_id", "frontend")?;
        page.button("Save and log in")?;
        acts::sign_in(scene, acts::ALICE)?;
        // Discovery is a step of its own; the log in is the one after it.
        let page = scene.page()?;
        let ended = page.wait("the end of the log in", crate::page::STEP, |page| crate::page::Page::new(page).ended())?;
        expect(&ended, "success")?;
        page.token(&[acts::ALICE, "access", "valid"]).map(drop)
    })?;
    scene.step("add the client portal", |scene| {
        let page = scene.page()?;
        page.go(Place::Profiles)?;
        page.button_in("#section-clients", "Add a client")?;
        page.settle()?;
        page.fill_last("#section-clients input[id$='-id']", "portal")?;
        page.button("Save")
    })?;
    scene.step("its secret goes to the keychain", |scene| {
        let page = scene.page()?;
        page.fill_last("#section-clients input[type=password]", &secret)?;
        page.button("Save secret")?;
        page.read("#section-clients .secret-row", "keychain").map(drop)
    })?;
    scene.step("restart, log in again, exchange with the secret from the keychain", |scene| {
        scene.close()?;
        scene.open()?;
        acts::log_in(scene, acts::ALICE)?;
        let page = scene.page()?;
        page.operation("Token exchange")?;
        page.choose("client", "portal")?;
        page.chips("audience", &["orders-api"])?;
        expect(&page.run()?, "success")
    })
}
