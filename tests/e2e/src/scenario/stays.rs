//! The window goes nowhere, and it opens whatever stands in the data folder.

use std::{fs, io::Read, net::TcpListener};

use serde_json::json;

use crate::{
    Result,
    page::{Page, Place, STEP},
    scene::Scene,
};

/// What a page could try to get away, or to get somebody else in; `arguments[0]` is an address.
const WAYS: &[(&str, &str)] = &[
    ("its location", "location.href = arguments[0];"),
    ("its location, replaced", "location.replace(arguments[0]);"),
    ("a new window", "window.open(arguments[0]);"),
    ("a new window in its own place", "window.open(arguments[0], '_self');"),
    ("a link", "const a = document.createElement('a'); a.href = arguments[0]; document.body.append(a); a.click(); a.remove();"),
    (
        "a link to a new window",
        "const a = document.createElement('a'); a.href = arguments[0]; a.target = '_blank'; document.body.append(a); a.click(); a.remove();",
    ),
    (
        "a form",
        "const f = document.createElement('form'); f.action = arguments[0]; f.method = 'post'; document.body.append(f); f.submit(); f.remove();",
    ),
    (
        "a refresh",
        "const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = '0;url=' + arguments[0]; document.head.append(m);",
    ),
    (
        "a frame",
        "const f = document.createElement('iframe'); f.src = arguments[0]; document.body.append(f); setTimeout(() => f.remove(), 300);",
    ),
];

pub(super) fn stays(scene: &mut Scene) -> Result<()> {
    scene.step("open", |scene| scene.open())?;
    scene.step("nothing a page can do leads the window away", |scene| {
        let page = scene.page()?;
        let server = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| error.to_string())?;
        server.set_nonblocking(true).map_err(|error| error.to_string())?;
        let there = format!("http://127.0.0.1:{}/", server.local_addr().map_err(|error| error.to_string())?.port());
        let home = page.url()?;
        for address in [there.as_str(), "data:text/html,<p>Log in", "file:///etc/passwd", "tauri://localhost/other.html"] {
            for (name, script) in WAYS {
                page.script(script, json!([address]))?;
                // A navigation that is let through takes the mark away with the page.
                page.script("window.stays = true;", json!([]))?;
                page.settle()?;
                if page.url()? != home || page.script("return window.stays === true;", json!([]))? != json!(true) {
                    return Err(format!("{name} led to {} from {home}", page.url()?));
                }
            }
        }
        page.see("#start-lab")?;
        // WebKit may open a connection for an address before it asks whether to go there; what counts is that nothing is said on it.
        while let Ok((mut stream, _)) = server.accept() {
            stream.set_nonblocking(true).map_err(|error| error.to_string())?;
            let mut said = [0; 256];
            if let Ok(length @ 1..) = stream.read(&mut said) {
                let said = String::from_utf8_lossy(&said[..length]);
                return Err(format!("the window asked somebody else: {}", said.lines().next().unwrap_or_default()));
            }
        }
        Ok(())
    })
}

pub(super) fn broken_start(scene: &mut Scene) -> Result<()> {
    scene.step("a profile, and everything of it broken", |scene| {
        scene.open()?;
        scene.page()?.press("#start-lab")?;
        scene.next_login()?;
        scene.wait_written("profiles.json", &["\"lab\""])?;
        scene.close()?;
        let folder = scene.data_folder();
        fs::write(folder.join("profiles.json"), "{\"schema\":1,\"profiles\":null}").map_err(|error| error.to_string())?;
        for name in ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"] {
            let _ = fs::remove_file(folder.join(name));
        }
        fs::create_dir(folder.join("journal.sqlite")).map_err(|error| error.to_string())
    })?;
    scene.step("the window opens, says both, and works", |scene| {
        scene.open()?;
        let page = scene.page()?;
        page.wait("the words", STEP, |page| {
            Ok(Page::new(page).read_all(".notices", &["last good copy was put in its place", "kept in memory only"]).ok())
        })?;
        pictures(scene, "notices")?;
        let page = scene.page()?;
        page.go(Place::Profiles)?;
        page.read(".profile-list", "Lab").map(drop)
    })
}

/// The window in both sizes and themes, to look at.
fn pictures(scene: &mut Scene, name: &str) -> Result<()> {
    for (theme, dark) in [("light", false), ("dark", true)] {
        let page = scene.page()?;
        page.script(
            "if (arguments[0]) document.documentElement.dataset.theme = 'dark'; else document.documentElement.dataset.theme = 'light';",
            json!([dark]),
        )?;
        for size in [(1280, 800), (960, 600)] {
            scene.size(size)?;
            scene.page()?.settle()?;
            scene.picture(&scene.kept().join(format!("{name}-{theme}-{}.png", size.0)))?;
        }
        scene.size((1280, 800))?;
    }
    Ok(())
}
