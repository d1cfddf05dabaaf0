//! Export: what is copied is run by a real shell against the lab.

use crate::{
    Result, acts,
    page::{SOON, says},
    process::output,
    scene::Scene,
};
use serde_json::{Value, json};

pub(super) fn curl(scene: &mut Scene) -> Result<()> {
    scene.step("open, try the lab", |scene| scene.open().and_then(|()| acts::try_the_lab(scene).map(drop)))?;
    let copied = scene.step("copy the exchange as curl, with environment variables", |scene| {
        let page = scene.page()?;
        acts::fill_exchange(page, "portal", "orders-api")?;
        page.button_in("section.request", "curl")?;
        page.read("section.request", "curl")?;
        page.button_in("section.request", "Copy")?;
        page.see("dialog[open]")?;
        page.button("Use environment variables")?;
        page.toast("CLAIMSCOPE_")?;
        scene.desk.clipboard()
    })?;
    let (secret, token) = scene.step("no secret is in it", |scene| {
        let page = scene.page()?;
        let token = acts::login_token(page)?;
        let secret = text(page.ask("reveal_secret", json!({ "profile": "lab", "client_id": "portal", "server": "provider" }))?)?;
        let token = text(page.ask("raw_token", json!({ "token": token.id }))?)?;
        match copied.contains(&secret) || copied.contains(&token) {
            true => Err("a secret is in the copied command".into()),
            false => says(&copied, &["curl", "token-exchange", "CLAIMSCOPE_"]).map(|()| (secret, token)),
        }
    })?;
    scene.step("bash runs it, and the lab issues a token", |scene| {
        let answer = bash(scene, &copied, &[("SECRET", &secret), ("TOKEN", &token)])?;
        says(&answer, &["access_token", "issued_token_type"])
    })?;
    let with_secrets = scene.step("copy it again with secrets, after being asked again", |scene| {
        let page = scene.page()?;
        page.button_in("section.request", "Copy")?;
        page.read(".toasts", "Ask again next time")?;
        page.button("Ask again next time")?;
        page.close_toasts()?;
        page.button_in("section.request", "Copy")?;
        page.button("Include secrets")?;
        page.toast("opied")?;
        let text = scene.desk.clipboard()?;
        if text.contains(&token) { Ok(text) } else { Err("the token is not in it".into()) }
    })?;
    scene.step("bash runs that as it is", |scene| {
        let answer = bash(scene, &with_secrets, &[])?;
        says(&answer, &["access_token"])
    })?;
    scene.step("a recorded request is copied from Audit", |scene| {
        let page = scene.page()?;
        acts::exchange(page, "portal", "orders-api")?;
        page.go(crate::page::Place::Audit)?;
        page.wait("the step in the timeline", SOON, |page| {
            crate::page::Page::new(page).press(".audit table tr.step td").map(Some)
        })?;
        page.button_in(".drawer", "Copy as curl")?;
        page.toast("opied")?;
        let text = scene.desk.clipboard()?;
        let answer = bash(scene, &text, &[("SECRET", &secret), ("TOKEN", &token)])?;
        says(&answer, &["access_token"])
    })
}

/// Runs a copied command in bash. Each variable it mentions is set to the value whose kind its name ends with; the shell
/// knows the gateway's CA only if the command says where it is, as for a user.
fn bash(scene: &Scene, command: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut environment = scene.desk.environment().clone();
    for name in variables(command) {
        let value = values.iter().find(|(kind, _)| name.contains(kind)).map(|(_, value)| (*value).to_owned());
        let value = match value {
            Some(value) => value,
            None if name.ends_with("BASIC") => basic("portal", values)?,
            None => return Err(format!("no value is known for {name} in: {command}")),
        };
        environment.push((name, value));
    }
    output(&["bash", "-c", command], &environment)
}

fn basic(client: &str, values: &[(&str, &str)]) -> Result<String> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let (_, secret) = values.iter().find(|(kind, _)| *kind == "SECRET").ok_or("no secret is known")?;
    Ok(STANDARD.encode(format!("{client}:{secret}")))
}

/// Names of the variables of ours a command mentions, each once.
fn variables(command: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (at, _) in command.match_indices("CLAIMSCOPE_") {
        let name: String = command[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn text(value: Value) -> Result<String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("not a text: {value}"))
}
