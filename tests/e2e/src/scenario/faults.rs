//! What goes wrong in a user's hands: cancelled log ins, no browser, no keychain, bad input.

use serde_json::json;

use crate::{
    Result,
    acts::{self, expect},
    page::{Page, Place, SOON, STEP, says},
    scene::Scene,
    webdriver::{By, key},
};

pub(super) fn cancelled(scene: &mut Scene) -> Result<()> {
    scene.step("open, start the lab; cancel while the browser is out", |scene| {
        scene.open()?;
        let page = scene.page()?;
        page.press("#start-lab")?;
        scene.next_login()?;
        let page = scene.page()?;
        page.read_all("#outcome", &["Waiting for the browser", "127.0.0.1", "left"])?;
        page.chord(&[key::ESCAPE])?;
        let ended = page.ended_after(0)?;
        expect(&ended, "cancelled")
    })?;
    scene.step("the window is free at once and the step is in the journal", |scene| {
        let page = scene.page()?;
        page.read("#status", "cancelled")?;
        if page.has_button("Log in")? { Ok(()) } else { Err("Log in cannot be pressed again".into()) }
    })?;
    scene.step("cancel on the provider's page instead", |scene| {
        let page = scene.page()?;
        page.operation("Log in")?;
        let before = page.steps()?;
        page.press("#run-button")?;
        let address = scene.next_login()?;
        let browser = scene.browser()?;
        browser.open(&address)?;
        let button = browser.wait("the login form", SOON, |page| page.find(By::Css("#kc-cancel")))?;
        browser.click(&button)?;
        let ended = scene.page()?.ended_after(before)?;
        if ended.outcome == "success" {
            return Err("a denied log in is shown as a success".into());
        }
        says(&ended.words, &["access_denied", "Cause", "Fix"])
    })?;
    scene.step("and the next log in works", |scene| acts::log_in(scene, acts::ALICE).map(drop))
}

pub(super) fn no_browser(scene: &mut Scene) -> Result<()> {
    let address = scene.step("start the lab: the window says that no browser could be started", |scene| {
        scene.open()?;
        let page = scene.page()?;
        page.press("#start-lab")?;
        page.wait("the words", STEP, |page| Ok(Page::new(page).read("#outcome", "No browser could be opened").ok()))?;
        page.button_in("#outcome", "Copy address")?;
        page.toast("opied")?;
        let address = scene.desk.clipboard()?;
        says(&address, &["http://127.0.0.1:", "code_challenge_method=S256"]).map(|()| address)
    })?;
    scene.step("the copied address works in any browser", |scene| {
        let words = scene.browser()?.sign_in(address.trim(), acts::ALICE, acts::ALICE)?;
        says(&words, &["go back"])?;
        expect(&scene.page()?.ended_after(0)?, "success")
    })
}

pub(super) fn no_keychain(scene: &mut Scene) -> Result<()> {
    scene.step("the first start says that there is no keychain", |scene| {
        scene.open()?;
        let page = scene.page()?;
        page.press("#settings")?;
        page.wait("the menu", SOON, |page| Page::new(page).option_of_menu("Where secrets are kept").map(Some))?;
        page.read_all("dialog[open]", &["Where secrets are kept", "keychain", "Memory only", "Encrypted file"])?;
        if page.find(By::Css("dialog[open] .fault"))?.is_none() {
            return Err("the reason is not said".into());
        }
        page.button("Cancel")
    })?;
    scene.step("the main job works with secrets in memory", |scene| {
        acts::try_the_lab(scene)?;
        expect(&acts::exchange(scene.page()?, "portal", "orders-api")?, "success")
    })
}

pub(super) fn bad_input(scene: &mut Scene) -> Result<()> {
    scene.step("an issuer that is no URL, that nobody answers at, that is another's", |scene| {
        scene.open()?;
        let other = scene.outside()?.issuer()?.to_owned();
        let page = scene.page()?;
        let free = crate::process::free_port()?;
        let nobody = format!("http://127.0.0.1:{free}");
        let wrong = other.replace("127.0.0.1", "localhost");
        for (issuer, words) in [
            ("not a url", "URL"),
            (nobody.as_str(), "127.0.0.1"),
            ("http://example.com/realms/x", "http"),
            (wrong.as_str(), "issuer"),
        ] {
            page.fill("#field-issuer", issuer)?;
            page.button("Discover")?;
            page.wait(&format!("a complaint about {issuer}"), STEP, |page| {
                Ok(Page::new(page).read("#view-first [role=alert], #view-first .banner.failed", words).ok())
            })?;
            let field = page.see("#field-issuer")?;
            if page.property(&field, "value")?.as_deref() != Some(issuer) {
                return Err(format!("what was typed is lost: {issuer}"));
            }
        }
        Ok(())
    })?;
    scene.step("try the lab", |scene| acts::try_the_lab(scene).map(drop))?;
    scene.step("an exchange without an audience field is said at the field, one without a subject token too", |scene| {
        let page = scene.page()?;
        page.operation("Password")?;
        let before = page.steps()?;
        page.press("#run-button")?;
        page.read("form .fault", "")?;
        if page.steps()? == before { Ok(()) } else { Err("a step was made of an incomplete form".into()) }
    })?;
    scene.step("an unknown audience is refused in the server's words", |scene| {
        let ended = acts::exchange(scene.page()?, "portal", "no-such-api")?;
        expect(&ended, "refused")?;
        says(&ended.words, &["invalid_client", "Cause", "Fix"])
    })?;
    scene.step("an API nobody answers at", |scene| {
        let page = scene.page()?;
        let token = acts::login_token(page)?;
        page.select(&token)?;
        page.operation("Call an API")?;
        page.choose("url", "Another value")?;
        let free = crate::process::free_port()?;
        page.fill("#field-url", &format!("http://127.0.0.1:{free}/x"))?;
        let ended = page.run()?;
        expect(&ended, "failed")?;
        says(&ended.words, &["127.0.0.1"])
    })?;
    scene.step("pasted text that is no token", |scene| {
        let page = scene.page()?;
        let paste = |text: &str| {
            page.script(
                "const d = new DataTransfer(); d.setData('text/plain', arguments[0]); document.activeElement.blur(); document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: d, bubbles: true, cancelable: true }));",
                json!([text]),
            )
        };
        let before = page.tokens()?.len();
        paste("hello, this is a sentence")?;
        page.wait("what was said", SOON, |page| Ok(Page::new(page).read(".toasts", "token").ok()))?;
        page.close_toasts()?;
        if page.tokens()?.len() != before {
            return Err("a sentence became a token".into());
        }
        paste("Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWxsb3J5In0.")?;
        page.token(&["mallory"])?;
        page.close_toasts()?;
        page.go(Place::Compare)?;
        let token = page.token(&["mallory"])?;
        page.select(&token)?;
        page.read("#view-compare", "none").map(drop)
    })
}
