//! Two environments on one shelf: the lab, and the lab of an earlier run under another address. A form never takes a token of the
//! other one; chosen by hand it is named first, and nothing goes out before that is confirmed. Compare sets apart what two issuers
//! must differ in, and its strip stays whole in the smallest window.

use serde_json::{Value, json};

use crate::{
    Result,
    acts::{self, expect},
    page::{Page, Place, SOON, Shelved, says},
    scene::{LARGE, SMALL, Scene},
};

pub(super) fn environments(scene: &mut Scene) -> Result<()> {
    scene.step("open, try the lab", |scene| scene.open().and_then(|()| acts::try_the_lab(scene).map(drop)))?;
    let earlier = acts::login_token(scene.page()?)?;
    scene.step("the lab runs anew, at another address", |scene| {
        let page = scene.page()?;
        page.press("button.profile")?;
        page.wait("the menu", SOON, |page| Page::new(page).option_of_menu("Restart the lab with gateway 4.6").map(Some))?;
        page.toast("The lab runs anew").map(drop)
    })?;
    scene.step("the form takes none of the earlier tokens, and says why", |scene| {
        let page = scene.page()?;
        page.go(Place::Run)?;
        page.select(&earlier)?;
        page.operation("Token exchange")?;
        page.read_all("#field-subject_token-about", &["came from", "http://127.0.0.1:", "not taken"])?;
        page.read("#field-subject_token", "Choose a token").map(drop)
    })?;
    scene.step("chosen by hand it is named, and nothing is sent before that is confirmed", by_hand)?;
    let (first, second) = scene.step("alice signs in at the new one: its token is taken", |scene| {
        acts::log_in(scene, acts::ALICE)?;
        let page = scene.page()?;
        let now = access_but(page, &earlier)?;
        // What was chosen by hand stays until another one is chosen.
        page.operation("Token exchange")?;
        page.select(&now)?;
        page.read("#outcome", "Ready to send")?;
        Ok((earlier.clone(), now))
    })?;
    scene.step("the shelf shows this profile alone", |scene| {
        let page = scene.page()?;
        page.button_in("#shelf .by", "This profile")?;
        page.see_no(&format!("#shelf [data-token={:?}]", first.id))?;
        page.see(&format!("#shelf [data-token={:?}]", second.id))?;
        page.button_in("#shelf .by", "All")
    })?;
    scene.step("Compare sets the environment apart, and its strip stays whole", |scene| compared(scene, &first, &second))
}

fn by_hand(scene: &mut Scene) -> Result<()> {
    let page = scene.page()?;
    page.choose("client", "portal")?;
    page.choose("subject_token", "alice access")?;
    page.chips("audience", &["orders-api"])?;
    page.read_all("#outcome", &["Confirm before sending", "This token came from", "It will be sent to", "http://127.0.0.1:"])?;
    page.see_no("#outcome .ready li.foreign input:checked")?;
    // The line at the bottom may still be behind the last step.
    page.settle()?;
    let before = page.steps()?;
    page.press("#run-button")?;
    page.settle()?;
    if page.steps()? != before || !page.focused()?.contains("confirm-subject_token") {
        return Err(format!("Run was not stopped at the question: {} steps, {} has the focus", page.steps()?, page.focused()?));
    }
    page.press("#confirm-subject_token")?;
    page.read("#outcome", "Goes to another environment")?;
    let ended = page.run()?;
    // The new run of the lab never issued it.
    expect(&ended, "refused")
}

/// The access token of alice that is not this one.
fn access_but(page: Page, other: &Shelved) -> Result<Shelved> {
    page.wait("another access token", SOON, |page| {
        let fits = |token: &Shelved| token.id != other.id && token.words.contains("access frontend");
        Ok(Page::new(page).tokens()?.into_iter().find(fits))
    })
}

fn compared(scene: &Scene, first: &Shelved, second: &Shelved) -> Result<()> {
    let page = scene.page()?;
    page.select(first)?;
    page.select_too(second)?;
    page.go(Place::Compare)?;
    page.read_all(".compare .verdicts", &["Identity", "same user name", "Lifetime", "Environment", "Issuer"])?;
    page.read_all(".compare .claims", &["Environment", "as two environments must", "iss"])?;
    for (size, label) in [(SMALL, "small"), (LARGE, "large")] {
        scene.size(size)?;
        for theme in ["dark", "light"] {
            page.script("document.documentElement.dataset.theme = arguments[0]", json!([theme]))?;
            page.settle()?;
            whole(page)?;
            scene.picture(&scene.kept().join(format!("environments-{theme}-{label}.png")))?;
        }
    }
    page.script("delete document.documentElement.dataset.theme", json!([]))?;
    // The folded shelf leaves the strip more room.
    scene.size(SMALL)?;
    page.press("#shelf header .strip")?;
    page.settle()?;
    whole(page)?;
    page.press("#shelf header .strip")?;
    scene.size(LARGE)
}

/// Every cell of the strip stands in it with all its words, in one row or two even ones, and the claims begin in the upper part.
fn whole(page: Page) -> Result<()> {
    let seen = page.script(STRIP, json!([]))?;
    let list = |name: &str| seen[name].as_array().cloned().unwrap_or_default();
    if !list("cut").is_empty() || !list("outside").is_empty() {
        return Err(format!("the strip is not whole: {seen}"));
    }
    let rows: Vec<u64> = list("rows").iter().filter_map(Value::as_u64).collect();
    if !matches!(rows.as_slice(), [7] | [4, 3]) {
        return Err(format!("the cells stand in rows of {rows:?}"));
    }
    let (top, height) = (seen["top"].as_f64().unwrap_or(f64::MAX), seen["height"].as_f64().unwrap_or_default());
    if top > height * 0.65 {
        return Err(format!("the claims begin at {top} of {height}"));
    }
    says(seen["issuer"].as_str().unwrap_or_default(), &["127.0.0.1:", "/lab"])
}

const STRIP: &str = "
    const strip = document.querySelector('.compare .verdicts.two'), box = strip.getBoundingClientRect();
    const cells = [...strip.querySelectorAll('.subst button')];
    const shown = (e) => e.getClientRects().length > 0;
    const rows = new Map();
    cells.forEach((e) => rows.set(e.offsetTop, (rows.get(e.offsetTop) ?? 0) + 1));
    const all = [...strip.querySelectorAll('button, .lab')].filter(shown);
    return {
      cut: [...strip.querySelectorAll('button, button span')].filter(shown).filter((e) => !e.classList.contains('sr') && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline').map((e) => e.innerText),
      outside: all.filter((e) => { const r = e.getBoundingClientRect(); return r.left < box.left - 1 || r.right > box.right + 1.5 || r.bottom > box.bottom + 1.5; }).map((e) => e.innerText),
      rows: [...rows.values()],
      top: document.querySelector('.compare .claims').getBoundingClientRect().top,
      height: innerHeight,
      issuer: strip.querySelector('.iss').innerText,
    };";
