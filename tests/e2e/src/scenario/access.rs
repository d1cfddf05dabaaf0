//! For everybody: the keyboard alone, and the rules of axe on every view.

use crate::{
    Result, acts,
    page::{Place, SOON},
    scene::{SMALL, Scene},
    webdriver::key,
};

/// Most presses of Tab that may be needed to reach anything.
const TABS: usize = 60;

pub(super) fn keyboard(scene: &mut Scene) -> Result<()> {
    scene.step("open; Tab to “Start the lab”, Enter", |scene| {
        scene.open()?;
        tab_to(scene, "#start-lab")?;
        scene.page()?.chord(&[key::ENTER])?;
        acts::sign_in(scene, acts::ALICE)?;
        acts::expect(&scene.page()?.ended_after(0)?, "success")
    })?;
    scene.step("palette: Ctrl+K, “exchange”, Enter", |scene| {
        let page = scene.page()?;
        page.chord(&[key::CONTROL, 'k'])?;
        page.see("#palette[open]")?;
        page.keys("token exchange")?;
        page.wait("the palette's answer", SOON, |page| {
            Ok(crate::page::Page::new(page).read("#palette .found", "oken exchange").ok())
        })?;
        page.chord(&[key::ENTER])?;
        page.see("form[aria-label=\"Token exchange\"]").map(drop)
    })?;
    scene.step("Tab to the audience, type it, Ctrl+Enter", |scene| {
        tab_to(scene, "#field-audience")?;
        let page = scene.page()?;
        for _ in 0..3 {
            page.chord(&['\u{e003}'])?;
        }
        page.keys("orders-api")?;
        page.chord(&[key::ENTER])?;
        page.read("section.request", "audience=orders-api")?;
        let before = page.steps()?;
        page.chord(&[key::CONTROL, key::ENTER])?;
        let ended = page.ended_after(before)?;
        acts::expect(&ended, "success")
    })?;
    scene.step("Tab to “Compare with subject”, Enter", |scene| {
        tab_to_words(scene, "Compare with subject")?;
        let page = scene.page()?;
        page.chord(&[key::ENTER])?;
        page.read_all("#view-compare", &["Audience", "narrowed", "preserved"]).map(drop)
    })?;
    scene.step("Ctrl+3: Audit; arrows and Enter open the step", |scene| {
        let page = scene.page()?;
        page.chord(&[key::CONTROL, '3'])?;
        page.read("#view-audit table", "Token exchange")?;
        tab_to(scene, "#view-audit table")?;
        let page = scene.page()?;
        // The newest row may be a server's event that is nobody's step.
            page.wait("the first step to be active", SOON, |page| {
                page.chord(&[key::DOWN])?;
                let is_step = "const t = document.activeElement; const r = document.getElementById(t.getAttribute('aria-activedescendant')); return r !== null && r.classList.contains('step');";
                Ok((page.script(is_step, serde_json::json!([]))? == serde_json::json!(true)).then_some(()))
            })?;
            page.chord(&[key::ENTER])?;
            page.read(".drawer", "HTTP exchange")?;
        page.chord(&[key::ESCAPE])?;
        page.see_no(".drawer")
    })?;
    scene.step("Ctrl+4 and Ctrl+1, ? and Escape", |scene| {
        let page = scene.page()?;
        page.chord(&[key::CONTROL, '4'])?;
        page.see("#view-profiles")?;
        page.chord(&[key::CONTROL, '1'])?;
        page.see("#view-run")?;
        tab_to_words(scene, "Run")?;
        let page = scene.page()?;
        page.chord(&['?'])?;
        page.see("dialog[open]")?;
        page.chord(&[key::ESCAPE])?;
        page.see_no("dialog[open]")
    })
}

pub(super) fn axe(scene: &mut Scene) -> Result<()> {
    scene.step("the first start, in both themes", |scene| {
        scene.open()?;
        both_themes(scene, "first start")
    })?;
    scene.step("try the lab, exchange, be refused", |scene| {
        acts::try_the_lab(scene)?;
        acts::exchange(scene.page()?, "portal", "orders-api")?;
        acts::exchange(scene.page()?, "reporting", "orders-api").map(drop)
    })?;
    scene.step("Run: refused, then each form", |scene| {
        both_themes(scene, "Run, refused")?;
        for operation in
            ["Log in", "User mapping", "Client credentials", "Call an API", "Introspect", "Log out", "Token exchange"]
        {
            scene.page()?.operation(operation)?;
            check(scene, &format!("Run, {operation}"))?;
        }
        Ok(())
    })?;
    scene.step("Sequence", |scene| {
        scene.page()?.button("Sequence")?;
        scene.page()?.see(".diagram")?;
        both_themes(scene, "Sequence")?;
        scene.page()?.button("Request")
    })?;
    scene.step("Inspect and Compare", |scene| {
        let page = scene.page()?;
        let token = acts::login_token(page)?;
        page.select(&token)?;
        page.go(Place::Compare)?;
        page.see(".inspect .side")?;
        both_themes(scene, "Inspect")?;
        scene.page()?.button("Trace")?;
        scene.page()?.see(".doors ol")?;
        both_themes(scene, "Trace")?;
        scene.page()?.button("Claims")?;
        let page = scene.page()?;
        let other = page.token(&["orders-api"])?;
        page.select_too(&other)?;
        page.see(".compare .claims")?;
        both_themes(scene, "Compare")
    })?;
    scene.step("Audit with an open step", |scene| {
        let page = scene.page()?;
        page.go(Place::Audit)?;
        page.press(".audit table tr.step td")?;
        page.see(".drawer")?;
        both_themes(scene, "Audit")
    })?;
    scene.step("Profiles", |scene| {
        scene.page()?.go(Place::Profiles)?;
        scene.page()?.see(".profiles")?;
        both_themes(scene, "Profiles")
    })?;
    scene.step("Portal, with an application and its keys", |scene| {
        super::portal::own_token(scene)?;
        super::portal::application(scene, "Web shop")?;
        both_themes(scene, "Portal")
    })?;
    scene.step("palette, list of keys, place of secrets", |scene| {
        let page = scene.page()?;
        page.chord(&[key::CONTROL, 'k'])?;
        page.see("#palette[open]")?;
        both_themes_of(scene, "Palette")?;
        let page = scene.page()?;
        page.chord(&[key::ESCAPE])?;
        page.see_no("dialog[open]")?;
        page.button("Keyboard")?;
        page.see("dialog[open]")?;
        check(scene, "Keyboard")?;
        scene.page()?.chord(&[key::ESCAPE])
    })?;
    scene.step("the smallest window", |scene| {
        scene.size(SMALL)?;
        for place in Place::ALL {
            scene.page()?.go(place)?;
            check(scene, &format!("{}, small", place.label()))?;
        }
        Ok(())
    })?;
    scene.step("no rule is broken", |scene| match scene.broken.len() {
        0 => Ok(()),
        count => Err(format!("{count} are:\n      {}", scene.broken.join("\n      "))),
    })
}

/// Notes what the page breaks; told all at once at the end, so that one visit shows everything.
fn check(scene: &mut Scene, what: &str) -> Result<()> {
    scene.page()?.settle()?;
    let found = scene.axe.violations(&*scene.page()?)?;
    for rule in found {
        if !scene.broken.iter().any(|known| known.ends_with(&rule)) {
            scene.broken.push(format!("{what}: {rule}"));
        }
    }
    Ok(())
}

fn both_themes(scene: &mut Scene, what: &str) -> Result<()> {
    for theme in ["Light", "Dark"] {
        scene.page()?.theme(theme)?;
        check(scene, &format!("{what}, {}", theme.to_lowercase()))?;
    }
    Ok(())
}

/// For a dialog in front, which keeps the settings menu out of reach.
fn both_themes_of(scene: &mut Scene, what: &str) -> Result<()> {
    for theme in ["light", "dark"] {
        scene.page()?.script("document.documentElement.dataset.theme = arguments[0]", serde_json::json!([theme]))?;
        check(scene, &format!("{what}, {theme}"))?;
    }
    Ok(())
}

fn tab_to(scene: &Scene, css: &str) -> Result<()> {
    tab_until(scene, css, "const e = document.querySelector(arguments[0]); return e !== null && document.activeElement === e;")
}

fn tab_to_words(scene: &Scene, words: &str) -> Result<()> {
    tab_until(
        scene,
        words,
        "const e = document.activeElement; return (e.getAttribute('aria-label') ?? e.textContent).replace(/\\s+/g, ' ').trim().startsWith(arguments[0]);",
    )
}

fn tab_until(scene: &Scene, what: &str, script: &str) -> Result<()> {
    let page = scene.page()?;
    let mut passed = Vec::new();
    for _ in 0..TABS {
        if page.script(script, serde_json::json!([what]))? == serde_json::json!(true) {
            return Ok(());
        }
        page.chord(&[key::TAB])?;
        passed.push(page.focused()?);
    }
    Err(format!("{TABS} times Tab do not reach {what}; passed: {}", passed.join(" | ")))
}
