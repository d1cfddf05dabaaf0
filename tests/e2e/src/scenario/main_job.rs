//! The main job: log in, exchange, compare, be refused, and the same at the gateway.

use crate::{
    Result,
    acts::{self, expect},
    page::{Page, Place, SOON, says},
    scene::Scene,
};

pub(super) fn first_start(scene: &mut Scene) -> Result<()> {
    scene.step("open the window", Scene::open)?;
    scene.step("try the lab and sign in in the browser", |scene| acts::try_the_lab(scene).map(drop))?;
    scene.step("three tokens stand verified on the shelf", |scene| {
        let page = scene.page()?;
        for kind in ["access", "id token", "refresh"] {
            page.token(&[acts::ALICE, kind])?;
        }
        page.token(&[acts::ALICE, "access", "valid"])?;
        let tokens = page.tokens()?;
        if tokens.len() == 3 { Ok(()) } else { Err(format!("not three tokens: {tokens:?}")) }
    })?;
    scene.step("the exact request stands there while the form is filled", |scene| {
        let page = scene.page()?;
        acts::fill_exchange(page, "portal", "orders-api")?;
        page.read("section.request", "orders-api")?;
        says(
            &page.request()?,
            &[
                "POST",
                "/protocol/openid-connect/token",
                "grant_type=urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token=",
                "audience=orders-api",
            ],
        )?;
        page.button_in("section.request", "curl")?;
        page.read("section.request", "curl")?;
        page.button_in("section.request", "Raw HTTP")
    })?;
    scene.step("exchange as portal for orders-api", |scene| {
        let ended = scene.page()?.run()?;
        expect(&ended, "success")?;
        says(&ended.words, &["200", "Identity", "preserved", "Audience", "narrowed"])
    })?;
    scene.step("compare with the subject", |scene| {
        let page = scene.page()?;
        page.button("Compare with subject")?;
        page.see("#view-compare .claims")?;
        let words = page.read("#view-compare", "orders-api")?;
        says(
            &words,
            &["Identity", "preserved", "Requester", "frontend", "portal", "Audience", "narrowed", "Roles", "Lifetime", "passed"],
        )
    })?;
    scene.step("a verdict filters the rows that made it", |scene| {
        let page = scene.page()?;
        let all = rows(scene)?;
        page.press(".compare .verdicts button.narrowed")?;
        let some = page.wait("fewer rows", crate::page::SOON, |_| Ok(Some(rows(scene)?).filter(|count| *count < all)))?;
        if some > 0 { Ok(()) } else { Err("the verdict leaves no row".into()) }
    })
}

pub(super) fn refusal(scene: &mut Scene) -> Result<()> {
    scene.step("open, try the lab", |scene| scene.open().and_then(|()| acts::try_the_lab(scene).map(drop)))?;
    scene.step("reporting is refused: it is not in the audience", |scene| {
        let ended = acts::exchange(scene.page()?, "reporting", "orders-api")?;
        expect(&ended, "refused")?;
        says(&ended.words, &["403", "Client is not within the token audience", "Cause", "Evidence", "Fix", "reporting"])
    })?;
    scene.step("the fix is one press away", |scene| {
        let page = scene.page()?;
        page.press("#outcome .acts .button")?;
        page.settle()?;
        let ended = page.run()?;
        expect(&ended, "success")
    })?;
    scene.step("billing is refused: exchange is switched off for it", |scene| {
        let ended = acts::exchange(scene.page()?, "billing", "orders-api")?;
        expect(&ended, "refused")?;
        says(&ended.words, &["400", "Standard token exchange is not enabled for the requested client", "Cause", "Fix"])
    })?;
    scene.step("refused steps are in the journal", |scene| {
        let page = scene.page()?;
        page.go(Place::Audit)?;
        page.read(".audit table", "access_denied").map(drop)
    })
}

pub(super) fn gateway(scene: &mut Scene) -> Result<()> {
    scene.step("open, try the lab", |scene| scene.open().and_then(|()| acts::try_the_lab(scene).map(drop)))?;
    scene.step("the provider's token becomes the gateway's user token", |scene| acts::map_user(scene.page()?).map(drop))?;
    let user = newest(scene)?;
    scene.step("an application token as JWT", |scene| acts::application_token(scene.page()?, "orders-app").map(drop))?;
    let application = newest(scene)?;
    scene.step("an application token as reference, read by introspection", |scene| {
        acts::application_token(scene.page()?, "orders-app-ref")?;
        let token = newest(scene)?;
        says(&token.words, &["orders-app-ref", "reference"])?;
        let page = scene.page()?;
        page.select(&token)?;
        page.operation("Introspect")?;
        let ended = page.run()?;
        expect(&ended, "success")?;
        says(&ended.words, &["\"active\": true"])?;
        page.go(Place::Compare)?;
        page.select(&token)?;
        page.read("#view-compare", "orders-app-ref").map(drop)
    })?;
    scene.step("/catalog answers to the application", |scene| {
        let ended = acts::call(scene.page()?, "/catalog at the gateway", &application)?;
        expect(&ended, "success")?;
        says(&ended.words, &["200"])
    })?;
    scene.step("/orders refuses the application and the window says why", |scene| {
        let ended = acts::call(scene.page()?, "/orders at the gateway", &application)?;
        expect(&ended, "refused")?;
        says(&ended.words, &["The server's words", "user", "Cause", "Fix"])
    })?;
    scene.step("/orders answers to the user token with both identities", |scene| {
        let ended = acts::call(scene.page()?, "/orders at the gateway", &user)?;
        expect(&ended, "success")?;
        says(&ended.words, &["200", "\"preferred_username\": \"alice\"", "\"client_id\": \"devportal\""])
    })
}

/// The newest access token on the shelf.
pub(crate) fn newest(scene: &Scene) -> Result<crate::page::Shelved> {
    newest_where(scene, |_| true)
}

/// The newest access token a client was given.
pub(crate) fn newest_of(scene: &Scene, client: &str) -> Result<crate::page::Shelved> {
    newest_where(scene, |token| token["client"] == client)
}

fn newest_where(scene: &Scene, wanted: impl Fn(&serde_json::Value) -> bool) -> Result<crate::page::Shelved> {
    let page = scene.page()?;
    let list = page.ask("list_tokens", serde_json::json!({}))?;
    let access = |token: &&serde_json::Value| token["kind"] == "access" && wanted(token);
    let newest = list.as_array().into_iter().flatten().filter(access).max_by_key(|token| token["step"].as_i64());
    let id = newest.and_then(|token| token["id"].as_str()).ok_or("no token is on the shelf")?;
    // The window hears of it a moment after the step has ended.
    page.wait(&format!("the token {id} on the shelf"), SOON, |page| {
        Ok(Page::new(page).tokens()?.into_iter().find(|token| token.id == id))
    })
}

fn rows(scene: &Scene) -> Result<u64> {
    let count = scene
        .page()?
        .script("return document.querySelectorAll('#view-compare .claims [role=row]').length", serde_json::json!([]))?;
    count.as_u64().ok_or_else(|| "no table of claims".into())
}
