//! The tour: the main job in the real window, with a picture of every view in both themes. `docs/screenshots` is what it
//! leaves, so the pictures in the README are the product as it is.

use std::{fs, path::Path};

use serde_json::json;

use crate::{
    Result,
    acts::{self, expect},
    leak::Secret,
    page::{Page, Place, SOON, says},
    scene::{LARGE, SMALL, Scene},
    webdriver::key,
};

/// The themes: name on the menu, name in the file.
const THEMES: [(&str, &str); 2] = [("Light", "light"), ("Dark", "dark")];

/// Plays the tour and writes its pictures.
pub fn play(scene: &mut Scene, pictures: &Path) -> Result<()> {
    fs::create_dir_all(pictures).map_err(|e| format!("{}: {e}", pictures.display()))?;
    scene.step("open the window", Scene::open)?;
    scene.step("picture: first start", |scene| picture(scene, pictures, "first-start"))?;
    scene.step("try the lab: log in with the system browser", |scene| acts::try_the_lab(scene).map(drop))?;
    scene.step("picture: logged in", |scene| picture_in(scene, pictures, "run-log-in", &THEMES[..1]))?;
    scene.step("exchange as portal for orders-api", |scene| {
        expect(&acts::exchange(scene.page()?, "portal", "orders-api")?, "success")
    })?;
    scene.step("picture: exchanged", |scene| picture(scene, pictures, "run-exchange"))?;
    let comparison = scene.step("compare", |scene| {
        let page = scene.page()?;
        page.button("Compare with subject")?;
        page.read("#view-compare", "Lifetime")?;
        Ok((texts(page, ".compare .verdicts button")?, texts(page, ".compare .checks, .compare .report")?))
    })?;
    scene.step("picture: comparison", |scene| picture(scene, pictures, "compare"))?;
    scene.step("be refused as reporting", |scene| {
        let ended = acts::exchange(scene.page()?, "reporting", "orders-api")?;
        expect(&ended, "refused")?;
        says(&ended.words, &["Client is not within the token audience", "Cause", "Fix"])
    })?;
    scene.step("picture: refused", |scene| picture(scene, pictures, "run-refused"))?;
    scene.step("user and application tokens, calls through the gateway", |scene| at_the_gateway(scene))?;
    scene.step("picture: called through the gateway", |scene| picture_in(scene, pictures, "run-gateway", &THEMES[..1]))?;
    scene.step("picture: sequence", |scene| {
        scene.page()?.button("Sequence")?;
        scene.page()?.see(".diagram")?;
        picture(scene, pictures, "run-sequence")?;
        scene.page()?.button("Request")
    })?;
    scene.step("picture: audit", |scene| {
        let page = scene.page()?;
        page.go(Place::Audit)?;
        page.wait("joined events", SOON, |page| Ok(Page::new(page).read(".audit table", "TOKEN_EXCHANGE").ok()))?;
        page.press(".audit table tr.step td")?;
        page.see(".drawer")?;
        picture(scene, pictures, "audit")
    })?;
    scene.step("picture: inspect", |scene| {
        let page = scene.page()?;
        page.go(Place::Compare)?;
        let token = acts::login_token(page)?;
        page.select(&token)?;
        page.see(".inspect .side")?;
        picture(scene, pictures, "inspect")
    })?;
    scene.step("picture: trace of the gateway's token", |scene| {
        let page = scene.page()?;
        let user = page.token(&["user", "devportal"])?;
        page.select(&user)?;
        page.button("Trace")?;
        page.see(".doors ol")?;
        let run = if page.has_button("Run again")? { "Run again" } else { "Run the trace" };
        page.button(run)?;
        page.read(".doors", "first to refuse")?;
        picture(scene, pictures, "trace")?;
        scene.page()?.button("Claims")
    })?;
    scene.step("picture: portal", |scene| {
        let page = scene.page()?;
        page.go(Place::Portal)?;
        page.button("Get a portal token")?;
        page.see("form[aria-label=\"User mapping\"]")?;
        page.choose("client", "devportal")?;
        expect(&page.run()?, "success")?;
        page.go(Place::Portal)?;
        page.read("#view-portal .list", "No application yet")?;
        crate::scenario::application(scene, "Web shop")?;
        picture(scene, pictures, "portal")
    })?;
    scene.step("picture: profiles", |scene| {
        scene.page()?.go(Place::Profiles)?;
        scene.page()?.see(".profiles")?;
        picture(scene, pictures, "profiles")
    })?;
    scene.step("picture: palette", |scene| {
        let page = scene.page()?;
        page.go(Place::Run)?;
        page.theme("Light")?;
        page.chord(&[key::CONTROL, 'k'])?;
        page.see("#palette[open]")?;
        page.keys("ex")?;
        shoot(scene, &pictures.join("palette-light.png"))?;
        let page = scene.page()?;
        page.chord(&[key::ESCAPE])?;
        page.see_no("dialog[open]")
    })?;
    scene.step("pictures: the smallest window", |scene| {
        scene.size(SMALL)?;
        for place in [Place::Run, Place::Audit] {
            scene.page()?.go(place)?;
            shoot(scene, &pictures.join(format!("{}-small-light.png", place.label().to_lowercase())))?;
        }
        scene.size(LARGE)
    })?;
    scene.step("close the window", Scene::close)?;
    println!("\n  Comparison of alice's access token with the one portal got for orders-api:");
    for line in comparison.0.iter().chain(&comparison.1) {
        println!("    {line}");
    }
    println!("\n  Pictures: {}", pictures.display());
    Ok(())
}

/// Everything after the log in, without pictures: exchange, comparison, refusals, gateway, audit, sequence, profiles.
pub fn main_job(scene: &mut Scene) -> Result<()> {
    let page = scene.page()?;
    expect(&acts::exchange(page, "portal", "orders-api")?, "success")?;
    page.button("Compare with subject")?;
    page.read("#view-compare", "Lifetime")?;
    expect(&acts::exchange(page, "reporting", "orders-api")?, "refused")?;
    at_the_gateway(scene)?;
    let page = scene.page()?;
    for place in Place::ALL {
        page.go(place)?;
    }
    page.go(Place::Profiles)?;
    page.button("Save as my own")?;
    page.read(".profile-list", "My lab").map(drop)
}

/// The values that must not be found anywhere: all tokens on the shelf, all client secrets, all authorization codes.
pub fn secrets(scene: &Scene) -> Result<Vec<Secret>> {
    let page = scene.page()?;
    let mut secrets: Vec<Secret> = scene.callbacks.iter().filter_map(|address| Secret::of_callback(address)).collect();
    for token in page.tokens()? {
        let text = page.ask("raw_token", json!({ "token": token.id }))?;
        secrets.push(Secret::of_token(&token.words, text.as_str().unwrap_or_default()));
    }
    let profile = page.ask("open_profile", json!({ "id": "lab" }))?;
    for client in profile["profile"]["clients"].as_array().into_iter().flatten().filter(|client| client["auth"] != "none") {
        let id = client["client_id"].as_str().unwrap_or_default();
        let of = json!({ "profile": "lab", "client_id": id, "server": client["server"] });
        let secret = page.ask("reveal_secret", of)?;
        secrets.extend(Secret::of_client(id, secret.as_str().unwrap_or_default()));
    }
    let kinds = ["authorization code", "secret of", "access"];
    match kinds.iter().find(|kind| !secrets.iter().any(|secret| secret.name.contains(**kind))) {
        Some(kind) => Err(format!("no {kind} was learned, so nothing would be proved")),
        None => Ok(secrets),
    }
}

fn at_the_gateway(scene: &Scene) -> Result<()> {
    let page = scene.page()?;
    acts::map_user(page)?;
    let user = crate::scenario::newest(scene)?;
    acts::application_token(page, "orders-app")?;
    let application = crate::scenario::newest(scene)?;
    acts::application_token(page, "orders-app-ref")?;
    expect(&acts::call(page, "/catalog at the gateway", &application)?, "success")?;
    expect(&acts::call(page, "/orders at the gateway", &application)?, "refused")?;
    expect(&acts::call(page, "/orders at the gateway", &user)?, "success")
}

fn picture(scene: &Scene, pictures: &Path, name: &str) -> Result<()> {
    picture_in(scene, pictures, name, &THEMES)
}

fn picture_in(scene: &Scene, pictures: &Path, name: &str, themes: &[(&str, &str)]) -> Result<()> {
    scene.page()?.close_toasts()?;
    for (label, word) in themes {
        scene.page()?.theme(label)?;
        shoot(scene, &pictures.join(format!("{name}-{word}.png")))?;
    }
    Ok(())
}

fn shoot(scene: &Scene, file: &Path) -> Result<()> {
    scene.page()?.settle()?;
    scene.picture(file)
}

fn texts(page: Page, css: &str) -> Result<Vec<String>> {
    let list = page.script(
        "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText.replace(/\\s+/g, ' ').trim())",
        json!([css]),
    )?;
    Ok(list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect())
}
