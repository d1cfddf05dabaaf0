//! Nothing secret is written: after everything a user does, neither the data folder nor the log nor the journal holds a
//! client secret, an authorization code or a token's text.

use crate::{Result, acts, leak, scene::Scene, tour};

pub(super) fn leak(scene: &mut Scene) -> Result<()> {
    scene.step("open, try the lab", |scene| scene.open().and_then(|()| acts::try_the_lab(scene).map(drop)))?;
    scene.step("do the whole main job, with refusals and copies", |scene| {
        tour::main_job(scene)?;
        let page = scene.page()?;
        acts::fill_exchange(page, "portal", "orders-api")?;
        page.button_in("section.request", "Copy")?;
        page.button("Include secrets")?;
        page.close_toasts()
    })?;
    let secrets = scene.step("learn every secret", |scene| tour::secrets(scene))?;
    println!("      {} values are looked for", secrets.len());
    scene.step("nothing is found while the app runs", |scene| look(scene, &secrets))?;
    scene.step("nothing is found after it has ended", |scene| {
        scene.close()?;
        look(scene, &secrets)
    })
}

/// Everything but the browser's own profile and the harness's record of opened addresses.
fn look(scene: &Scene, secrets: &[leak::Secret]) -> Result<()> {
    let folder = scene.desk.folder();
    let mut places: Vec<_> = ["home", "data", "config", "cache"].map(|name| folder.join(name)).into();
    places.push(scene.app_log());
    let files = leak::scan(&places, secrets)?;
    if files >= 3 { Ok(()) } else { Err(format!("only {files} files were found to look in; the data folder must be elsewhere")) }
}
