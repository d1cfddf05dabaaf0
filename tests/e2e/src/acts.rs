//! What a user does in the window, said once: log in, exchange, map the user, get an application token, call an API. Every
//! act ends when its step is in the journal and gives back how the window says it ended.

use crate::{
    Result,
    page::{Ended, Page, Place, says},
    scene::Scene,
};

/// The lab's user whose exchange narrows.
pub const ALICE: &str = "alice";

/// Words of the page the browser shows after a log in.
const GO_BACK: &str = "go back";

/// First start: the lab is started by its one click, and alice signs in in the system browser.
pub fn try_the_lab(scene: &mut Scene) -> Result<Ended> {
    scene.page()?.see("#view-first")?;
    scene.page()?.press("#start-lab")?;
    sign_in(scene, ALICE)?;
    let ended = scene.page()?.ended_after(0)?;
    expect(&ended, "success")?;
    Ok(ended)
}

/// Log in again, from Run.
pub fn log_in(scene: &mut Scene, user: &str) -> Result<Ended> {
    let before = {
        let page = scene.page()?;
        page.operation("Log in")?;
        // A user who is signed in already is asked again, so that the form can be filled each time.
        page.choose("prompt", "login")?;
        let before = page.steps()?;
        page.press("#run-button")?;
        before
    };
    sign_in(scene, user)?;
    let ended = scene.page()?.ended_after(before)?;
    expect(&ended, "success")?;
    Ok(ended)
}

/// Signs in with the system browser at the address the app opened; demo passwords equal the names.
pub fn sign_in(scene: &mut Scene, user: &str) -> Result<()> {
    let words = scene.sign_in(user, user)?;
    says(&words, &[GO_BACK])
}

/// Exchanges the access token of the log in, as `requester` for `audience`.
pub fn exchange(page: Page, requester: &str, audience: &str) -> Result<Ended> {
    fill_exchange(page, requester, audience)?;
    page.run()
}

/// Fills the form of an exchange.
pub fn fill_exchange(page: Page, requester: &str, audience: &str) -> Result<()> {
    page.go(Place::Run)?;
    page.select(&login_token(page)?)?;
    page.operation("Token exchange")?;
    page.choose("client", requester)?;
    page.chips("audience", &[audience])
}

/// The access token of the log in.
pub fn login_token(page: Page) -> Result<crate::page::Shelved> {
    page.token(&[ALICE, "access"])
}

/// The gateway's user token, from the provider's (RFC 7523).
pub fn map_user(page: Page) -> Result<Ended> {
    page.go(Place::Run)?;
    page.select(&login_token(page)?)?;
    page.operation("User mapping")?;
    page.choose("client", "devportal")?;
    let ended = page.run()?;
    expect(&ended, "success")?;
    Ok(ended)
}

/// A token of the application `client`.
pub fn application_token(page: Page, client: &str) -> Result<Ended> {
    page.operation("Client credentials")?;
    page.choose("client", client)?;
    let ended = page.run()?;
    expect(&ended, "success")?;
    Ok(ended)
}

/// Calls the API called `api` with the selected token.
pub fn call(page: Page, api: &str, token: &crate::page::Shelved) -> Result<Ended> {
    page.go(Place::Run)?;
    page.select(token)?;
    page.operation("Call an API")?;
    page.choose("url", api)?;
    page.run()
}

/// Fails unless the step ended so.
pub fn expect(ended: &Ended, outcome: &str) -> Result<()> {
    if ended.outcome == outcome {
        Ok(())
    } else {
        Err(format!("the step ended {}, not {outcome}: {}", ended.outcome, ended.words))
    }
}
