//! Audit: what we did, what the servers noted, and the picture of it.

use crate::{
    Result, acts,
    page::{Place, SOON, says},
    scene::Scene,
};

pub(super) fn audit(scene: &mut Scene) -> Result<()> {
    scene.step("open, try the lab", |scene| scene.open().and_then(|()| acts::try_the_lab(scene).map(drop)))?;
    scene.step("exchange, be refused, call through the gateway", |scene| {
        let page = scene.page()?;
        acts::exchange(page, "portal", "orders-api")?;
        acts::exchange(page, "reporting", "orders-api")?;
        acts::map_user(page)?;
        let user = super::main_job::newest(scene)?;
        acts::call(page, "/orders at the gateway", &user).map(drop)
    })?;
    scene.step("events hang under their steps and say by what they were joined", |scene| {
        let page = scene.page()?;
        page.go(Place::Audit)?;
        let words = page.wait("joined events in the timeline", SOON, |page| {
            let page = crate::page::Page::new(page);
            let words = page.read(".audit table", "Log in")?;
            Ok(Some(words).filter(|words| {
                ["LOGIN", "CODE_TO_TOKEN", "TOKEN_EXCHANGE", "TOKEN_EXCHANGE_ERROR"].iter().all(|event| words.contains(event))
            }))
        })?;
        says(&words, &["Token exchange", "User mapping", "API call", "token id"])
    })?;
    scene.step("errors only", |scene| {
        let page = scene.page()?;
        page.button_in(".chiprow", "Errors")?;
        page.wait("only errors", SOON, |page| {
            let words = crate::page::Page::new(page).read(".audit table", "access_denied")?;
            Ok((!words.contains("User mapping")).then_some(()))
        })?;
        page.button_in(".chiprow", "Errors")
    })?;
    scene.step("a step opens with its exchange and its event", |scene| {
        let page = scene.page()?;
        page.fill(".audit input[type=search]", "reporting")?;
        page.wait("the found step", SOON, |page| {
            let words = crate::page::Page::new(page).read(".audit table", "reporting")?;
            Ok((!words.contains("User mapping")).then_some(()))
        })?;
        page.press(".audit table tr.step td")?;
        page.read_all(
            ".drawer",
            &[
                "Client is not within the token audience",
                "HTTP exchange, secrets masked",
                "POST",
                "TOKEN_EXCHANGE_ERROR",
                "not_allowed",
                "Cause",
                "Fix",
            ],
        )?;
        page.button_in(".drawer", "Copy as evidence")?;
        page.toast("opied")?;
        says(&scene.desk.clipboard()?, &["TOKEN_EXCHANGE_ERROR", "access_denied"])
    })?;
    scene.step("the run is drawn with all its actors", |scene| {
        let page = scene.page()?;
        page.go(Place::Run)?;
        page.button("Sequence")?;
        page.see(".diagram")?;
        let words = page.script("return document.querySelector('.diagram').textContent", serde_json::json!([]))?;
        says(words.as_str().unwrap_or_default(), &["Claimscope", "Provider", "Gateway", "API", "Token exchange"])?;
        let arrows = page.script("return document.querySelectorAll('.diagram [role=option]').length", serde_json::json!([]))?;
        if arrows.as_u64().unwrap_or(0) >= 8 { Ok(()) } else { Err(format!("only {arrows} arrows")) }
    })
}
