//! What a step carries beside its client's secret: codes with their verifiers, tokens, passwords. A public client has no secret that
//! could be stopped, and the same question is asked.

use std::sync::atomic::Ordering;

use engine::{
    gate::Consent,
    secrets::{Crossing, Owner},
};
use oauth::{
    acceptance::repeat::RepeatPlan,
    profile::{Client, ClientAuth, Gateway, Profile, ServerRole},
};
use record::operation::{Draft, Operation};
use token::{secret::Secret, text::Pair};

use super::{
    Change, HOST, ensure,
    rig::{CLIENTS, Rig, metadata, nothing},
};
use crate::row::Attack;

pub(super) const APP: &str = "app";
const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";

/// The rows of what is carried.
pub fn rows() -> Vec<Attack> {
    let mut rows = Vec::new();
    rows.extend(each_operation());
    rows.extend(words());
    rows.extend(once());
    rows.extend(others());
    rows.extend(beforehand());
    rows
}

/// A rig with a public client at each server.
pub(super) async fn rig() -> Rig {
    let mut rig = Rig::new().await;
    for server in [ServerRole::Provider, ServerRole::Gateway] {
        let client_id = if server == ServerRole::Provider { APP } else { "gw-app" }.to_owned();
        rig.profile.clients.push(Client { client_id, server, ..Client::default() });
    }
    rig
}

pub(super) fn with(rig: &Rig, change: Change) -> Profile {
    let mut profile = rig.profile.clone();
    change(&mut profile, rig);
    profile
}

pub(super) fn token_elsewhere(profile: &mut Profile, rig: &Rig) {
    profile.provider.endpoints.token = format!("{}/token", rig.evil.base());
}

pub(super) fn everything_elsewhere(profile: &mut Profile, rig: &Rig) {
    let at = rig.evil.base();
    let own = &mut profile.provider.endpoints;
    for address in [&mut own.authorization, &mut own.token, &mut own.introspection, &mut own.revocation, &mut own.userinfo] {
        *address = format!("{at}/x");
    }
    own.end_session = format!("{at}/logout");
    if let Some(gateway) = &mut profile.gateway {
        gateway.endpoints.token = format!("{at}/oauth2/token");
        gateway.portal = at;
    }
}

/// The step ends with the question, no server is asked anything, and the question names both sides.
pub(super) async fn asks(rig: &Rig, draft: &Draft, profile: &Profile) -> Result<Crossing, String> {
    rig.good.forget();
    rig.evil.forget();
    let opened = rig.doors.0.load(Ordering::Relaxed);
    let step = rig.run(draft, profile).await?;
    ensure(step.problem_id.as_deref() == Some(HOST), format!("ended as {:?} {:?}", step.problem_id, step.problem))?;
    ensure(step.exchanges.is_empty() && rig.evil.seen().is_empty() && rig.good.seen().is_empty(), "a request was made")?;
    ensure(rig.doors.0.load(Ordering::Relaxed) == opened, "the browser was opened")?;
    ensure(!format!("{step:?}").contains("wonderland"), "the step holds the password")?;
    let asked = rig.bench.questions().pop().ok_or("nothing is asked")?.crossing;
    let said = asked.message();
    for side in [asked.issuer.as_str(), asked.origin.as_str()] {
        ensure(!side.is_empty() && said.contains(side), format!("{said} does not name {side}"))?;
    }
    let told = step.problem.unwrap_or_default();
    let named = rig.bench.questions().iter().any(|open| told.contains(&open.crossing.origin));
    ensure(named, "the step does not name where it was to go")?;
    Ok(asked)
}

pub(super) async fn say(rig: &Rig, consent: Consent) -> Result<(), String> {
    for question in rig.bench.questions() {
        ensure(rig.bench.answer_question(question.id, consent).await.map_err(|fault| fault.to_string())?, "not open")?;
    }
    Ok(())
}

/// It goes to the other server now.
pub(super) async fn goes(rig: &Rig, draft: &Draft, profile: &Profile) -> Result<(), String> {
    rig.evil.forget();
    let step = rig.run(draft, profile).await?;
    ensure(step.problem_id.is_none() && !rig.evil.seen().is_empty(), format!("did not go: {:?}", step.problem))
}

pub(super) fn draft(rig: &Rig, operation: Operation, client: &str) -> Draft {
    let more: &[(&str, &str)] = &[("subject_token", &rig.token), ("subject_token_type", ACCESS)];
    let mut draft = rig.draft(operation, client, if operation == Operation::TokenExchange { more } else { &[] });
    if operation == Operation::Userinfo {
        draft.values.push(Pair { name: "token".into(), value: rig.token.clone() });
    }
    draft
}

fn each_operation() -> Vec<Attack> {
    let operations: [(&str, Operation, &str, Change); 15] = [
        ("a code with its verifier", Operation::LogIn, APP, token_elsewhere),
        ("the login page", Operation::LogIn, APP, |profile, rig| {
            profile.provider.endpoints.authorization = format!("{}/auth", rig.evil.base());
        }),
        ("a log in where both lie elsewhere", Operation::LogIn, APP, everything_elsewhere),
        ("the login page of a client with a secret", Operation::LogIn, "basic", |profile, rig| {
            profile.provider.endpoints.authorization = format!("{}/auth", rig.evil.base());
        }),
        ("a refresh token", Operation::Refresh, APP, token_elsewhere),
        ("a user's password", Operation::Password, APP, token_elsewhere),
        ("a subject token", Operation::TokenExchange, APP, token_elsewhere),
        ("a token to introspect", Operation::Introspect, APP, everything_elsewhere),
        ("a token to revoke", Operation::Revoke, APP, everything_elsewhere),
        ("a token for userinfo", Operation::Userinfo, APP, everything_elsewhere),
        ("the token of a session", Operation::LogOut, APP, everything_elsewhere),
        ("an assertion at the gateway", Operation::JwtBearer, "gw-app", everything_elsewhere),
        ("a refresh token by another name of this machine", Operation::Refresh, APP, |profile, rig| {
            profile.provider.endpoints.token = format!("http://localhost:{}/token", rig.good.port);
        }),
        ("a refresh token behind a longer host", Operation::Refresh, APP, |profile, rig| {
            profile.provider.endpoints.token = format!("http://127.0.0.1.evil.example:{}/token", rig.good.port);
            profile.tls.danger_plain_http = true;
        }),
        ("a password where the issuer was edited", Operation::Password, APP, |profile, rig| {
            profile.provider.issuer = format!("{}/realms/shop", rig.evil.base());
        }),
    ];
    let mut rows: Vec<Attack> = operations
        .into_iter()
        .map(|(name, operation, client, change)| {
            Attack::new(format!("carried elsewhere: {name}"), async move {
                let rig = rig().await;
                let profile = with(&rig, change);
                let asked = asks(&rig, &draft(&rig, operation, client), &profile).await?;
                ensure(asked.load.is_some(), "the question is about a secret")
            })
        })
        .collect();
    for (name, channel, hint) in [("here", "direct", true), ("the browser", "front_channel", true)] {
        rows.push(Attack::new(format!("carried elsewhere: an ID token to log out by {name}"), async move {
            let rig = rig().await;
            let profile = with(&rig, everything_elsewhere);
            let mut draft = rig.draft(Operation::LogOut, APP, &[]);
            draft.values.retain(|pair| pair.name == "client");
            draft.values.push(Pair { name: "channel".into(), value: channel.into() });
            if hint {
                draft.values.push(Pair { name: "id_token_hint".into(), value: rig.token.clone() });
            }
            asks(&rig, &draft, &profile).await.map(drop)
        }));
    }
    rows.push(Attack::new("carried elsewhere: a portal's token", async {
        let rig = rig().await;
        let profile = with(&rig, everything_elsewhere);
        let fields = [("call", "applications"), ("token", rig.token.as_str())];
        let values = fields.map(|(name, value)| Pair { name: name.into(), value: value.into() }).to_vec();
        asks(&rig, &Draft { operation: Operation::Portal, profile: "rig".into(), values, extra: Vec::new() }, &profile)
            .await
            .map(drop)
    }));
    rows.push(Attack::new("carried home: nothing is asked", async {
        let rig = rig().await;
        for operation in [
            Operation::Refresh,
            Operation::Password,
            Operation::TokenExchange,
            Operation::Introspect,
            Operation::Revoke,
            Operation::LogOut,
            Operation::Userinfo,
        ] {
            rig.good.forget();
            let step = rig.run(&draft(&rig, operation, APP), &rig.profile).await?;
            ensure(step.problem_id.as_deref() != Some(HOST) && !rig.good.seen().is_empty(), format!("{operation:?}"))?;
        }
        ensure(rig.bench.questions().is_empty(), "something was asked")
    }));
    rows
}

/// What Always opens.
fn words() -> Vec<Attack> {
    async fn approved() -> Result<(Rig, Profile, Draft), String> {
        let rig = rig().await;
        let profile = with(&rig, everything_elsewhere);
        let draft = draft(&rig, Operation::Refresh, APP);
        asks(&rig, &draft, &profile).await?;
        say(&rig, Consent::Always).await?;
        goes(&rig, &draft, &profile).await?;
        Ok((rig, profile, draft))
    }
    vec![
        Attack::new("always is asked once, then quiet", async {
            let (rig, profile, refresh) = approved().await?;
            goes(&rig, &refresh, &profile).await?;
            goes(&rig, &draft(&rig, Operation::Password, APP), &profile).await?;
            rig.bench.forget_secrets();
            goes(&rig, &refresh, &profile).await?;
            ensure(rig.bench.questions().is_empty(), "something was asked")
        }),
        Attack::new("always is not for another host", async {
            let (rig, mut profile, draft) = approved().await?;
            profile.provider.endpoints.token = format!("http://localhost:{}/token", rig.evil.port);
            asks(&rig, &draft, &profile).await.map(drop)
        }),
        Attack::new("always is not for another issuer", async {
            let (rig, mut profile, draft) = approved().await?;
            profile.provider.issuer = format!("{}/realms/partner", rig.good.base());
            // The token on the shelf is of the old one.
            let draft = rig.bench.confirmed(&draft, &profile).await.map_err(|fault| fault.to_string())?;
            asks(&rig, &draft, &profile).await.map(drop)
        }),
        Attack::new("always is not for a copy of the profile, nor for an import of it", async {
            let (rig, profile, _) = approved().await?;
            let text = serde_json::to_string(&profile).map_err(|error| error.to_string())?;
            let mut copy: Profile = serde_json::from_str(&text).map_err(|error| error.to_string())?;
            copy.id = "copy".into();
            let mut password = draft(&rig, Operation::Password, APP);
            password.profile = "copy".into();
            asks(&rig, &password, &copy).await.map(drop)
        }),
        Attack::new("a file cannot bring an approval", async {
            let (_, profile, _) = approved().await?;
            for member in ["approved", "approvals", "addresses"] {
                let mut value = serde_json::to_value(&profile).map_err(|error| error.to_string())?;
                value[member] = serde_json::json!([{"issuer": profile.provider.issuer, "origin": "https://evil.example"}]);
                ensure(serde_json::from_value::<Profile>(value).is_err(), format!("{member} was taken"))?;
            }
            Ok(())
        }),
        Attack::new("always is not for the gateway", async {
            let (rig, profile, _) = approved().await?;
            asks(&rig, &draft(&rig, Operation::JwtBearer, "gw-app"), &profile).await.map(drop)
        }),
        Attack::new("always for a token opens no client's secret", async {
            let (rig, profile, _) = approved().await?;
            for (client, ..) in &CLIENTS[..4] {
                rig.evil.forget();
                rig.stopped(&rig.draft(Operation::Refresh, client, &[]), &profile, HOST).await?;
            }
            Ok(())
        }),
        Attack::new("a new profile of that id has no approvals", async {
            let (rig, profile, draft) = approved().await?;
            rig.bench.forget_approvals("rig").await.map_err(|fault| fault.to_string())?;
            asks(&rig, &draft, &profile).await.map(drop)
        }),
        Attack::new("a word for a secret is one for what goes with it", async {
            let rig = rig().await;
            let profile = with(&rig, everything_elsewhere);
            let draft = draft(&rig, Operation::Refresh, "basic");
            rig.stopped(&draft, &profile, HOST).await?;
            ensure(rig.bench.questions().len() == 1, "asked twice")?;
            say(&rig, Consent::Once).await?;
            goes(&rig, &draft, &profile).await?;
            rig.evil.forget();
            rig.stopped(&draft, &profile, HOST).await
        }),
        Attack::new("a client that loses its secret has no word for its tokens", async {
            let rig = rig().await;
            let mut profile = with(&rig, everything_elsewhere);
            let draft = draft(&rig, Operation::Refresh, "basic");
            rig.stopped(&draft, &profile, HOST).await?;
            say(&rig, Consent::Always).await?;
            goes(&rig, &draft, &profile).await?;
            profile.clients[0].auth = ClientAuth::None;
            asks(&rig, &draft, &profile).await.map(drop)
        }),
        Attack::new("no is for now", async {
            let rig = rig().await;
            let profile = with(&rig, everything_elsewhere);
            let draft = draft(&rig, Operation::Password, APP);
            asks(&rig, &draft, &profile).await?;
            say(&rig, Consent::No).await?;
            asks(&rig, &draft, &profile).await.map(drop)
        }),
    ]
}

/// What Once opens, and how long.
fn once() -> Vec<Attack> {
    async fn allowed() -> Result<(Rig, Profile, Draft), String> {
        let rig = rig().await;
        let profile = with(&rig, everything_elsewhere);
        let draft = draft(&rig, Operation::Refresh, APP);
        asks(&rig, &draft, &profile).await?;
        say(&rig, Consent::Once).await?;
        Ok((rig, profile, draft))
    }
    vec![
        Attack::new("once for a token is one time", async {
            let (rig, profile, draft) = allowed().await?;
            goes(&rig, &draft, &profile).await?;
            asks(&rig, &draft, &profile).await.map(drop)
        }),
        Attack::new("once for a refresh token is not for a password", async {
            let (rig, profile, _) = allowed().await?;
            asks(&rig, &draft(&rig, Operation::Password, APP), &profile).await.map(drop)
        }),
        Attack::new("once ends with the next step of its client, used or not", async {
            let (rig, profile, draft) = allowed().await?;
            rig.good.forget();
            let step = rig.run(&draft, &rig.profile).await?;
            ensure(step.problem_id.is_none(), format!("{:?}", step.problem))?;
            asks(&rig, &draft, &profile).await.map(drop)
        }),
        Attack::new("once for a secret ends with the next step of its client, used or not", async {
            let rig = rig().await;
            let profile = with(&rig, everything_elsewhere);
            let draft = rig.draft(Operation::ClientCredentials, "basic", &[]);
            let mut far = profile.clone();
            far.clients.retain(|client| client.client_id != "same");
            rig.evil.forget();
            let mut own = rig.profile.clone();
            own.provider.endpoints.token = format!("{}/token", rig.evil.base());
            rig.stopped(&draft, &own, HOST).await?;
            say(&rig, Consent::Once).await?;
            rig.passes(&draft, &rig.profile).await?;
            rig.stopped(&draft, &own, HOST).await
        }),
        Attack::new("once stays while another client works", async {
            let (rig, profile, draft) = allowed().await?;
            rig.passes(&rig.draft(Operation::ClientCredentials, "basic", &[]), &rig.profile).await?;
            goes(&rig, &draft, &profile).await
        }),
        Attack::new("once waits five minutes and no longer", async {
            for (later_ms, still) in [(0, true), (299_000, true), (301_000, false), (86_400_000, false), (-3_600_000, false)] {
                let (rig, profile, draft) = allowed().await?;
                rig.later(later_ms);
                match still {
                    true => goes(&rig, &draft, &profile).await,
                    false => asks(&rig, &draft, &profile).await.map(drop),
                }
                .map_err(|why| format!("after {later_ms} ms: {why}"))?;
            }
            Ok(())
        }),
        Attack::new("once is for all calls of a row and for nothing after it", async {
            let rig = rig().await;
            let profile = with(&rig, |profile, rig| {
                profile.provider.endpoints.revocation = format!("{}/revoke", rig.evil.base());
            });
            let fields = [("token", rig.token.clone()), ("method", "GET".into()), ("url", format!("{}/orders", rig.good.base()))];
            let values = fields.map(|(name, value)| Pair { name: name.into(), value }).to_vec();
            let call = Draft { operation: Operation::CallApi, profile: "rig".into(), values, extra: Vec::new() };
            let plan = RepeatPlan { every_ms: 100, for_ms: 250, revoke: true };
            let row =
                || async { rig.bench.repeat("r", &call, &plan, &profile, &|_| {}).await.map_err(|fault| format!("{fault:?}")) };
            let first = row().await?.last.ok_or("no step")?;
            ensure(first.problem_id.as_deref() == Some(HOST) && rig.evil.seen().is_empty(), format!("{:?}", first.problem))?;
            say(&rig, Consent::Once).await?;
            let second = row().await?;
            ensure(second.repetition.calls.len() > 1 && rig.evil.seen().len() == 1, format!("{:?}", second.last))?;
            let third = row().await?.last.ok_or("no step")?;
            ensure(third.problem_id.as_deref() == Some(HOST) && rig.evil.seen().len() == 1, format!("{:?}", third.problem))
        }),
        Attack::new("once for the page and the code opens the browser", async {
            let rig = rig().await;
            let profile = with(&rig, everything_elsewhere);
            let draft = rig.draft(Operation::LogIn, APP, &[]);
            asks(&rig, &draft, &profile).await?;
            ensure(rig.bench.questions().len() == 1, "one place is asked about twice")?;
            say(&rig, Consent::Once).await?;
            let step = rig.run(&draft, &profile).await?;
            ensure(rig.doors.0.load(Ordering::Relaxed) == 1, format!("{:?}", step.problem))
        }),
        Attack::new("two places of a log in are asked about at once", async {
            let rig = rig().await;
            let profile = with(&rig, |profile, rig| {
                profile.provider.endpoints.authorization = format!("http://localhost:{}/auth", rig.evil.port);
                profile.provider.endpoints.token = format!("{}/token", rig.evil.base());
            });
            for client in [APP, "basic"] {
                asks(&rig, &rig.draft(Operation::LogIn, client, &[]), &profile).await?;
                ensure(rig.bench.questions().len() == 2, format!("{:?}", rig.bench.questions()))?;
                say(&rig, Consent::No).await?;
            }
            Ok(())
        }),
    ]
}

/// What goes by itself, and what follows from something else.
fn others() -> Vec<Attack> {
    vec![
        Attack::new("an opaque token is not introspected elsewhere by itself", async {
            let rig = rig().await;
            let profile = with(&rig, |profile, rig| {
                profile.provider.endpoints.introspection = format!("{}/introspect", rig.evil.base());
            });
            rig.good.forget();
            let step = rig.run(&draft(&rig, Operation::Refresh, APP), &profile).await?;
            ensure(step.problem_id.is_none() && rig.good.seen().len() == 1, format!("{:?}", step.problem))?;
            ensure(rig.evil.seen().is_empty() && rig.bench.questions().is_empty(), "it was shown elsewhere")
        }),
        Attack::new("a token chosen to read events with, at an events address elsewhere", async {
            let rig = rig().await;
            let profile = with(&rig, |profile, rig| {
                profile.provider.events = format!("{}/admin/realms/shop/events", rig.evil.base());
            });
            rig.bench.choose_reader("rig", rig.token.strip_prefix("token:").map(str::to_owned)).await;
            let read = rig.bench.read_events(&profile).await.map_err(|fault| fault.to_string())?;
            ensure(read.problem_id == Some(HOST) && rig.evil.seen().is_empty(), format!("{:?}", read.problem))?;
            ensure(rig.bench.questions().len() == 1, "nothing is asked")?;
            say(&rig, Consent::Once).await?;
            let read = rig.bench.read_events(&profile).await.map_err(|fault| fault.to_string())?;
            ensure(read.problem.is_none() && !rig.evil.seen().is_empty(), format!("{:?}", read.problem))?;
            rig.evil.forget();
            let read = rig.bench.read_events(&profile).await.map_err(|fault| fault.to_string())?;
            ensure(read.problem_id == Some(HOST) && rig.evil.seen().is_empty(), "once was more than one time")
        }),
        Attack::new("a reader without a secret, at an events address elsewhere", async {
            let rig = rig().await;
            let mut profile = with(&rig, |profile, rig| {
                profile.provider.events = format!("{}/admin/realms/shop/events", rig.evil.base());
            });
            profile.clients.iter_mut().for_each(|client| client.events = client.client_id == APP);
            let read = rig.bench.read_events(&profile).await.map_err(|fault| fault.to_string())?;
            ensure(read.problem_id == Some(HOST) && rig.evil.seen().is_empty(), format!("{:?}", read.problem))?;
            nothing(&rig.good)
        }),
        Attack::new("metadata that move the token endpoint of a public client", async {
            let rig = rig().await;
            let mut now = metadata(&rig.good, &rig.good);
            now["token_endpoint"] = metadata(&rig.good, &rig.evil)["token_endpoint"].clone();
            rig.good.tells(now);
            let issuer = &rig.profile.provider.issuer;
            let read = rig.bench.discover(issuer, &rig.profile).await.map_err(|fault| fault.to_string())?;
            let mut profile = rig.profile.clone();
            profile.provider = read.provider.map_err(|problem| problem.message)?;
            // Read over plain http, so nobody vouches for the document.
            let allowed = rig.bench.allow_named(&profile, None).await.map_err(|fault| fault.to_string())?;
            ensure(!allowed, "metadata over plain http were believed")?;
            for operation in [Operation::LogIn, Operation::Refresh, Operation::Password] {
                asks(&rig, &draft(&rig, operation, APP), &profile).await?;
            }
            Ok(())
        }),
        Attack::new("without an issuer the token endpoint is home and nothing else", async {
            let rig = rig().await;
            let mut profile = rig.profile.clone();
            profile.provider.issuer.clear();
            profile.provider.endpoints.userinfo = format!("{}/userinfo", rig.evil.base());
            profile.provider.endpoints.revocation = format!("http://localhost:{}/revoke", rig.good.port);
            profile.gateway = Some(Gateway::default());
            for operation in [Operation::Userinfo, Operation::Revoke] {
                let draft = draft(&rig, operation, APP);
                let draft = rig.bench.confirmed(&draft, &profile).await.map_err(|fault| fault.to_string())?;
                asks(&rig, &draft, &profile).await?;
            }
            rig.good.forget();
            let step = rig.run(&draft(&rig, Operation::Password, APP), &profile).await?;
            ensure(step.problem_id.is_none() && !rig.good.seen().is_empty(), format!("{:?}", step.problem))
        }),
        Attack::new("an issuer that cannot be read is nobody", async {
            let rig = rig().await;
            for issuer in ["id.example.org", "not an address", "file:///etc/passwd", "http://a@b.example/realms/shop"] {
                let mut profile = rig.profile.clone();
                profile.provider.issuer = issuer.into();
                rig.good.forget();
                let step = rig.run(&draft(&rig, Operation::Password, APP), &profile).await?;
                ensure(step.problem_id.as_deref() == Some(HOST), format!("{issuer}: {:?}", step.problem_id))?;
                ensure(rig.good.seen().is_empty(), "it was sent")?;
            }
            Ok(())
        }),
        Attack::new("a question about an address goes with no secret of that client", async {
            let rig = rig().await;
            let profile = with(&rig, everything_elsewhere);
            asks(&rig, &draft(&rig, Operation::Refresh, APP), &profile).await?;
            let id = rig.bench.questions()[0].id;
            rig.bench.forget_secret(&Owner::at("rig", ServerRole::Provider, APP)).await.map_err(|fault| fault.to_string())?;
            ensure(!rig.bench.answer_question(id, Consent::Always).await.map_err(|fault| fault.to_string())?, "it stayed open")
        }),
    ]
}

/// What is asked is said before anything is sent.
fn beforehand() -> Vec<Attack> {
    async fn said(rig: &Rig, draft: &Draft, profile: &Profile) -> Result<Vec<String>, String> {
        let preview = rig.bench.preview(draft, profile).await.map_err(|fault| fault.to_string())?;
        ensure(rig.bench.questions().is_empty(), "a preview asked")?;
        Ok(preview.questions)
    }
    let cases: [(&str, Operation, &str, Change); 6] = [
        ("a code", Operation::LogIn, APP, token_elsewhere),
        ("a secret and a code", Operation::LogIn, "basic", token_elsewhere),
        ("a refresh token", Operation::Refresh, APP, token_elsewhere),
        ("a secret", Operation::ClientCredentials, "basic", token_elsewhere),
        ("an assertion", Operation::ClientCredentials, "keyed", token_elsewhere),
        ("a secret of another issuer", Operation::ClientCredentials, "basic", |profile, rig| {
            profile.provider.issuer = format!("{}/realms/partner", rig.good.base());
        }),
    ];
    let mut rows: Vec<Attack> = cases
        .into_iter()
        .map(|(name, operation, client, change)| {
            Attack::new(format!("said beforehand: {name}"), async move {
                let rig = rig().await;
                let profile = with(&rig, change);
                let draft = draft(&rig, operation, client);
                ensure(said(&rig, &draft, &rig.profile).await?.is_empty(), "something is said of its own server")?;
                let told = said(&rig, &draft, &profile).await?;
                ensure(told.len() == 1 && told[0].contains(&profile.provider.issuer), format!("{told:?}"))?;
                let _ = rig.run(&draft, &profile).await?;
                say(&rig, Consent::Always).await?;
                ensure(said(&rig, &draft, &profile).await?.is_empty(), "it is still said after Always")
            })
        })
        .collect();
    rows.push(Attack::new("said beforehand: a secret nobody knows whom it is for", async {
        let rig = Rig::empty().await;
        rig.bench.secrets.keep_plain("rig", "basic", Secret::new(CLIENTS[0].3)).await.map_err(|fault| fault.to_string())?;
        let told = said(&rig, &rig.draft(Operation::ClientCredentials, "basic", &[]), &rig.profile).await?;
        ensure(told.len() == 1, format!("{told:?}"))
    }));
    rows
}
