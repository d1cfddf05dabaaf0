//! Places that are written so that they look like home, names that nobody can read, and words that outlive what they were said of.

use std::sync::atomic::Ordering;

use engine::{gate::Consent, secrets::Owner};
use oauth::profile::{Client, Profile, ServerRole};
use record::operation::{Draft, Operation};
use token::{secret::Secret, text::Pair};
use url::Url;

use super::{
    Change, HOST, ensure,
    loads::{APP, asks, draft, everything_elsewhere, goes, rig, say, token_elsewhere, with},
    rig::{CLIENTS, Rig, metadata, nothing},
};
use crate::row::Attack;

/// The rows of places and words.
pub fn rows() -> Vec<Attack> {
    let mut rows = Vec::new();
    rows.extend(spelled());
    rows.extend(unread());
    rows.extend(lasting());
    rows.extend(beside());
    rows.extend(moved());
    rows.extend(beforehand());
    rows.extend(readings());
    rows
}

/// A place is what a request would reach, however it is written; what is asked about names that and nothing else.
fn spelled() -> Vec<Attack> {
    type Spelling = fn(&Rig) -> String;
    let places: [(&str, Spelling); 22] = [
        ("the own host as a user name", |rig| format!("http://127.0.0.1:{}@127.0.0.1:{}/token", rig.good.port, rig.evil.port)),
        ("a user name and a password at the own host", |rig| format!("http://user:pass@127.0.0.1:{}/token", rig.good.port)),
        ("an empty user name", |rig| format!("http://@127.0.0.1:{}/token", rig.evil.port)),
        ("a dot after the number", |rig| format!("http://127.0.0.1.:{}/token", rig.evil.port)),
        ("a dot after the name", |rig| format!("http://localhost.:{}/token", rig.evil.port)),
        ("backslashes", |rig| format!(r"http:\\127.0.0.1:{}\token", rig.evil.port)),
        ("a decimal number", |rig| format!("http://2130706433:{}/token", rig.evil.port)),
        ("a hexadecimal number", |rig| format!("http://0x7f000001:{}/token", rig.evil.port)),
        ("an octal number", |rig| format!("http://0177.0.0.1:{}/token", rig.evil.port)),
        ("a tab in the port", |rig| {
            let port = rig.evil.port.to_string();
            format!("http://127.0.0.1:{}\t{}/token", &port[..2], &port[2..])
        }),
        ("a new line in the host", |rig| format!("http://127.0\n.0.1:{}/token", rig.evil.port)),
        ("white space around", |rig| format!(" \t{}/token \n", rig.evil.base())),
        ("wide digits", |rig| format!("http://１２７.0.0.1:{}/token", rig.evil.port)),
        ("ideographic full stops", |rig| format!("http://127。0。0。1:{}/token", rig.evil.port)),
        ("a soft hyphen", |rig| format!("http://127.0.0.1\u{ad}:{}/token", rig.evil.port)),
        ("no scheme", |rig| format!("127.0.0.1:{}/token", rig.evil.port)),
        ("no scheme but slashes", |rig| format!("//127.0.0.1:{}/token", rig.evil.port)),
        ("no slashes", |rig| format!("http:127.0.0.1:{}/token", rig.evil.port)),
        ("three slashes", |rig| format!("http:///127.0.0.1:{}/token", rig.evil.port)),
        ("the own address as a query", |rig| format!("{}/token?at={}", rig.evil.base(), rig.good.base())),
        ("a number of the sixth version", |rig| format!("http://[::ffff:127.0.0.1]:{}/token", rig.evil.port)),
        ("TLS at the own port", |rig| format!("https://127.0.0.1:{}/token", rig.good.port)),
    ];
    places
        .into_iter()
        .map(|(name, place)| {
            Attack::new(format!("a place written with {name}"), async move {
                let rig = rig().await;
                let at = place(&rig);
                let mut token = rig.profile.clone();
                token.provider.endpoints.token.clone_from(&at);
                let mut page = rig.profile.clone();
                page.provider.endpoints.authorization.clone_from(&at);
                for (profile, operation, client) in [
                    (&token, Operation::Password, APP),
                    (&token, Operation::Refresh, APP),
                    (&token, Operation::LogIn, APP),
                    (&page, Operation::LogIn, APP),
                    (&page, Operation::LogIn, "basic"),
                    (&token, Operation::ClientCredentials, "basic"),
                ] {
                    rig.good.forget();
                    let ended = rig.run(&draft(&rig, operation, client), profile).await;
                    let told = format!("{operation:?} by {client}: {ended:?}");
                    ensure(rig.good.seen().is_empty() && rig.evil.seen().is_empty(), format!("it was sent; {told}"))?;
                    ensure(rig.doors.0.load(Ordering::Relaxed) == 0, format!("the browser was opened; {told}"))?;
                    for question in rig.bench.questions() {
                        // What leads nowhere is named as it is written.
                        let real = Url::parse(at.trim()).map_or_else(|_| at.clone(), |url| url.origin().ascii_serialization());
                        let named = &question.crossing.origin;
                        ensure(*named == real, format!("{named} was named for {at:?}"))?;
                    }
                    say(&rig, Consent::No).await?;
                }
                Ok(())
            })
        })
        .collect()
}

/// Names of servers that cannot be read are names all the same: a word for one is none for another.
fn unread() -> Vec<Attack> {
    let names: [(&str, &str, &str); 6] = [
        ("two hosts without a scheme", "id.example.org", "other.example.org"),
        ("words and a file", "not an address", "file:///etc/passwd"),
        ("two users", "http://a@id.example.org/", "http://b@id.example.org/"),
        ("two schemes", "ftp://id.example.org", "ftp://other.example.org"),
        ("a name and none", "id.example.org", ""),
        ("a case", "id.example.org", "ID.example.org"),
    ];
    let mut rows = Vec::new();
    for (name, before, after) in names {
        for (what, operation, client) in
            [("a token", Operation::Password, APP), ("a secret", Operation::ClientCredentials, "basic")]
        {
            rows.push(Attack::new(format!("always for {what} under a name nobody can read: {name}"), async move {
                let rig = rig().await;
                let draft = draft(&rig, operation, client);
                let mut profile = with(&rig, everything_elsewhere);
                profile.provider.issuer = before.into();
                let step = rig.run(&draft, &profile).await?;
                ensure(step.problem_id.is_some() && rig.evil.seen().is_empty(), format!("{:?}", step.problem))?;
                let asked = rig.bench.questions();
                ensure(asked.iter().all(|one| one.crossing.message().contains(before)), format!("{asked:?}"))?;
                say(&rig, Consent::Always).await?;
                goes(&rig, &draft, &profile).await?;
                rig.evil.forget();
                profile.provider.issuer = after.into();
                if after.is_empty() {
                    // Without a name the token endpoint is one, and a secret was not entered for it.
                    profile.provider.endpoints.token = format!("http://localhost:{}/token", rig.evil.port);
                    profile.provider.endpoints.introspection = format!("{}/x", rig.evil.base());
                    let _ = rig.run(&super::loads::draft(&rig, Operation::Introspect, "post"), &profile).await;
                    return ensure(rig.evil.seen().is_empty(), "it went");
                }
                let step = rig.run(&draft, &profile).await?;
                ensure(step.problem_id.is_some() && rig.evil.seen().is_empty(), "it went under another name")
            }));
        }
    }
    for issuer in ["", "id.example.org"] {
        rows.push(Attack::new(format!("a secret entered under the name {issuer:?} is of no earlier version"), async move {
            let rig = Rig::empty().await;
            let mut profile = rig.profile.clone();
            profile.provider.issuer = issuer.into();
            if issuer.is_empty() {
                profile.provider.endpoints.token.clear();
            }
            let kept = rig.bench.keep_secret(&profile, &rig.profile.clients[0], Secret::new(CLIENTS[0].3)).await;
            kept.map_err(|fault| fault.to_string())?;
            let step = rig.run(&draft(&rig, Operation::ClientCredentials, "basic"), &rig.profile).await?;
            nothing(&rig.good)?;
            let told = step.problem.unwrap_or_default();
            ensure(step.problem_id.is_some() && !told.contains("version"), told)
        }));
    }
    rows
}

/// What was said lasts no longer than it was said for.
fn lasting() -> Vec<Attack> {
    fn events_elsewhere(profile: &mut Profile, rig: &Rig) {
        profile.provider.events = format!("{}/admin/realms/shop/events", rig.evil.base());
    }
    async fn read(rig: &Rig, profile: &Profile) -> Result<Option<&'static str>, String> {
        rig.evil.forget();
        Ok(rig.bench.read_events(profile).await.map_err(|fault| fault.to_string())?.problem_id)
    }
    let mut rows = Vec::new();
    for public in [false, true] {
        let who = if public { "a public reader" } else { "a reader with a secret" };
        rows.push(Attack::new(format!("once for the events of {who} is one reading"), async move {
            let rig = rig().await;
            let mut profile = with(&rig, events_elsewhere);
            if public {
                profile.clients.iter_mut().for_each(|client| client.events = client.client_id == APP);
            }
            ensure(read(&rig, &profile).await? == Some(HOST), "nothing was asked")?;
            say(&rig, Consent::Once).await?;
            ensure(read(&rig, &profile).await?.is_none() && !rig.evil.seen().is_empty(), "it did not go")?;
            let again = read(&rig, &profile).await?;
            ensure(again == Some(HOST) && rig.evil.seen().is_empty(), format!("the second reading went: {again:?}"))
        }));
        rows.push(Attack::new(format!("always for the events of {who} ends when it is forgotten"), async move {
            let rig = rig().await;
            let mut profile = with(&rig, events_elsewhere);
            if public {
                profile.clients.iter_mut().for_each(|client| client.events = client.client_id == APP);
            }
            ensure(read(&rig, &profile).await? == Some(HOST), "nothing was asked")?;
            say(&rig, Consent::Always).await?;
            ensure(read(&rig, &profile).await?.is_none() && !rig.evil.seen().is_empty(), "it did not go")?;
            ensure(read(&rig, &profile).await?.is_none() && !rig.evil.seen().is_empty(), "it did not go again")?;
            if public {
                rig.bench.forget_approvals("rig").await.map_err(|fault| fault.to_string())?;
            } else {
                let client = &rig.profile.clients[4];
                rig.bench
                    .keep_secret(&rig.profile, client, Secret::new(CLIENTS[4].3))
                    .await
                    .map_err(|fault| fault.to_string())?;
            }
            let again = read(&rig, &profile).await?;
            ensure(again == Some(HOST) && rig.evil.seen().is_empty(), format!("it still went: {again:?}"))
        }));
    }
    for (name, user) in [("the own host", "127.0.0.1"), ("a user and a password", "alice:pass"), ("nothing", ""), ("two", "a@b")]
    {
        for client in ["reader", APP] {
            rows.push(Attack::new(
                format!("the question about events names where they are, not {name} before it, {client}"),
                async move {
                    let rig = rig().await;
                    let mut profile = rig.profile.clone();
                    profile.provider.events = format!("http://{user}@127.0.0.1:{}/admin/realms/shop/events", rig.evil.port);
                    profile.clients.iter_mut().for_each(|one| one.events = one.client_id == client);
                    ensure(read(&rig, &profile).await? == Some(HOST) && rig.evil.seen().is_empty(), "nothing was asked")?;
                    let asked = rig.bench.questions().pop().ok_or("nothing is asked")?.crossing;
                    ensure(asked.origin == rig.evil.base() && !asked.message().contains('@'), asked.message())
                },
            ));
        }
    }
    for consent in [Consent::Once, Consent::No] {
        rows.push(Attack::new(format!("a profile that is gone leaves no word and no question: {consent:?}"), async move {
            let rig = rig().await;
            let profile = with(&rig, token_elsewhere);
            let password = draft(&rig, Operation::Password, APP);
            asks(&rig, &password, &profile).await?;
            if consent == Consent::Once {
                say(&rig, consent).await?;
            }
            rig.bench.forget_approvals("rig").await.map_err(|fault| fault.to_string())?;
            ensure(rig.bench.questions().is_empty(), "the question is still open")?;
            asks(&rig, &password, &profile).await.map(drop)
        }));
    }
    rows.push(Attack::new("once is for one of two runs at the same time", async {
        let rig = rig().await;
        let profile = with(&rig, token_elsewhere);
        let password = draft(&rig, Operation::Password, APP);
        asks(&rig, &password, &profile).await?;
        say(&rig, Consent::Once).await?;
        let (first, second) =
            tokio::join!(rig.bench.run("one", &password, &profile, &|_| {}), rig.bench.run("two", &password, &profile, &|_| {}));
        let went = [first, second].into_iter().filter(|one| one.as_ref().is_ok_and(|step| step.problem_id.is_none())).count();
        ensure(went <= 1 && rig.evil.seen().len() <= 1, format!("{went} went"))
    }));
    rows.push(Attack::new("once is not for another profile of the same issuer", async {
        let rig = rig().await;
        let mut profile = with(&rig, token_elsewhere);
        let mut password = draft(&rig, Operation::Password, APP);
        asks(&rig, &password, &profile).await?;
        say(&rig, Consent::Once).await?;
        (profile.id, password.profile) = ("other".into(), "other".into());
        asks(&rig, &password, &profile).await.map(drop)
    }));
    rows.push(Attack::new("once for a secret waits five minutes and no longer", async {
        let rig = rig().await;
        let profile = with(&rig, token_elsewhere);
        let draft = draft(&rig, Operation::ClientCredentials, "basic");
        rig.stopped(&draft, &profile, HOST).await?;
        say(&rig, Consent::Once).await?;
        rig.later(301_000);
        rig.stopped(&draft, &profile, HOST).await
    }));
    rows.push(Attack::new("always in memory is gone with another store", async {
        let rig = rig().await;
        let profile = with(&rig, token_elsewhere);
        let password = draft(&rig, Operation::Password, APP);
        asks(&rig, &password, &profile).await?;
        say(&rig, Consent::Always).await?;
        goes(&rig, &password, &profile).await?;
        rig.bench.secrets.use_memory();
        rig.bench.forget_secrets();
        asks(&rig, &password, &profile).await.map(drop)
    }));
    rows.push(Attack::new("always said after the address was corrected opens the old one only", async {
        let rig = rig().await;
        let profile = with(&rig, token_elsewhere);
        let password = draft(&rig, Operation::Password, APP);
        asks(&rig, &password, &profile).await?;
        say(&rig, Consent::Always).await?;
        let mut other = profile.clone();
        other.provider.endpoints.token = format!("https://127.0.0.1:{}/token", rig.evil.port);
        asks(&rig, &password, &other).await.map(drop)
    }));
    rows
}

/// One word opens one thing: not the other server, not the login page beside the secret, not what is added by hand.
fn beside() -> Vec<Attack> {
    fn both_elsewhere(profile: &mut Profile, rig: &Rig) {
        token_elsewhere(profile, rig);
        profile.provider.endpoints.authorization = format!("{}/auth", rig.evil.base());
    }
    let mut rows = Vec::new();
    for client in ["basic", "post", "signs", "keyed"] {
        rows.push(Attack::new(format!("always for the secret of {client} opens no login page"), async move {
            let rig = rig().await;
            let token = with(&rig, token_elsewhere);
            let credentials = draft(&rig, Operation::ClientCredentials, client);
            rig.stopped(&credentials, &token, HOST).await?;
            say(&rig, Consent::Always).await?;
            goes(&rig, &credentials, &token).await?;
            let profile = with(&rig, both_elsewhere);
            let login = rig.draft(Operation::LogIn, client, &[]);
            let told = rig.bench.preview(&login, &profile).await.map_err(|fault| fault.to_string())?.questions;
            ensure(told.iter().any(|one| one.contains("login page")), format!("not said beforehand: {told:?}"))?;
            let asked = asks(&rig, &login, &profile).await?;
            ensure(asked.message().contains("login page"), asked.message())
        }));
        rows.push(Attack::new(format!("a log in by {client} with all elsewhere names the login page"), async move {
            let rig = rig().await;
            let profile = with(&rig, both_elsewhere);
            let step = rig.run(&rig.draft(Operation::LogIn, client, &[]), &profile).await?;
            ensure(step.problem_id.as_deref() == Some(HOST), format!("{:?}", step.problem))?;
            let asked = rig.bench.questions();
            ensure(asked.iter().any(|one| one.crossing.message().contains("login page")), format!("{asked:?}"))?;
            say(&rig, Consent::Once).await?;
            let step = rig.run(&rig.draft(Operation::LogIn, client, &[]), &profile).await?;
            ensure(rig.doors.0.load(Ordering::Relaxed) == 1, format!("{:?} {:?}", step.problem, rig.bench.questions()))
        }));
    }
    let gateways: [(&str, Operation, Change); 5] = [
        ("an assertion", Operation::JwtBearer, |profile, rig| {
            profile.gateway.iter_mut().for_each(|gateway| gateway.endpoints.token = format!("{}/token", rig.evil.base()));
        }),
        ("an assertion without a gateway's issuer", Operation::JwtBearer, |profile, rig| {
            profile.gateway.iter_mut().for_each(|gateway| {
                gateway.issuer.clear();
                gateway.endpoints.token = format!("{}/token", rig.evil.base());
            });
        }),
        ("a base address that cannot be read", Operation::JwtBearer, |profile, rig| {
            profile.gateway.iter_mut().for_each(|gateway| {
                gateway.issuer.clear();
                gateway.base = format!("http://127.0.0.1:{}@127.0.0.1:{}", rig.good.port, rig.evil.port);
                gateway.endpoints.token = format!("{}/token", rig.evil.base());
            });
        }),
        ("a token of the gateway to introspect", Operation::Introspect, |profile, rig| {
            profile
                .gateway
                .iter_mut()
                .for_each(|gateway| gateway.endpoints.introspection = format!("{}/introspect", rig.evil.base()));
        }),
        ("a token of the gateway to revoke", Operation::Revoke, |profile, rig| {
            profile.gateway.iter_mut().for_each(|gateway| gateway.endpoints.revocation = format!("{}/r", rig.evil.base()));
        }),
    ];
    for (name, operation, change) in gateways {
        rows.push(Attack::new(format!("a gateway's place elsewhere: {name}"), async move {
            let rig = rig().await;
            let profile = with(&rig, change);
            let draft = rig.draft(operation, "gw-app", &[]);
            let step = rig.run(&draft, &profile).await?;
            ensure(step.problem_id.as_deref() == Some(HOST) && rig.evil.seen().is_empty(), format!("{:?}", step.problem))?;
            // A word for the gateway's place is none for the provider's at the same one.
            say(&rig, Consent::Always).await?;
            goes(&rig, &draft, &profile).await?;
            let mut both = profile.clone();
            token_elsewhere(&mut both, &rig);
            asks(&rig, &super::loads::draft(&rig, Operation::Password, APP), &both).await.map(drop)
        }));
    }
    for secret in [false, true] {
        rows.push(Attack::new(
            format!("once for a gateway's client is not for the provider's of its id, secret {secret}"),
            async move {
                let mut rig = rig().await;
                if !secret {
                    let both = [ServerRole::Provider, ServerRole::Gateway];
                    rig.profile.clients.retain(|client| client.client_id != "same");
                    rig.profile.clients.extend(both.map(|server| Client {
                        client_id: "same".into(),
                        server,
                        ..Client::default()
                    }));
                }
                let profile = with(&rig, everything_elsewhere);
                let bearer = rig.draft(Operation::JwtBearer, "same", &[]);
                let step = rig.run(&bearer, &profile).await?;
                ensure(step.problem_id.as_deref() == Some(HOST) && rig.evil.seen().is_empty(), format!("{:?}", step.problem))?;
                say(&rig, Consent::Once).await?;
                let refresh = draft(&rig, Operation::Refresh, "same");
                let step = rig.run(&refresh, &profile).await?;
                ensure(step.problem_id.as_deref() == Some(HOST) && rig.evil.seen().is_empty(), format!("{:?}", step.problem))
            },
        ));
    }
    for operation in [Operation::LogOut, Operation::LogIn] {
        rows.push(Attack::new(format!("{operation:?} elsewhere with a token added by hand"), async move {
            let rig = rig().await;
            let mut profile = with(&rig, everything_elsewhere);
            if operation == Operation::LogIn {
                profile.provider.endpoints.token = rig.profile.provider.endpoints.token.clone();
            }
            let fields = [("client", APP), ("channel", "front_channel"), ("scope", "openid")];
            let values = fields.map(|(name, value)| Pair { name: name.into(), value: value.into() }).to_vec();
            let extra = vec![Pair { name: "id_token_hint".into(), value: rig.token.clone() }];
            let ended = rig.run(&Draft { operation, profile: "rig".into(), values, extra }, &profile).await;
            ensure(rig.doors.0.load(Ordering::Relaxed) == 0, format!("the browser was opened: {ended:?}"))
        }));
    }
    rows.push(Attack::new("a secret that was cleared takes its word with it", async {
        let rig = rig().await;
        let profile = with(&rig, token_elsewhere);
        let credentials = draft(&rig, Operation::ClientCredentials, "basic");
        rig.stopped(&credentials, &profile, HOST).await?;
        say(&rig, Consent::Always).await?;
        goes(&rig, &credentials, &profile).await?;
        rig.bench.forget_secret(&Owner::at("rig", ServerRole::Provider, "basic")).await.map_err(|fault| fault.to_string())?;
        rig.evil.forget();
        asks(&rig, &draft(&rig, Operation::Refresh, "basic"), &profile).await.map(drop).or_else(|why| {
            // A client without its secret may not get as far as being asked.
            ensure(rig.evil.seen().is_empty(), why)
        })
    }));
    rows
}

/// Metadata that move one endpoint of a public client.
fn moved() -> Vec<Attack> {
    [
        ("token_endpoint", Operation::Password),
        ("token_endpoint", Operation::TokenExchange),
        ("authorization_endpoint", Operation::LogIn),
        ("introspection_endpoint", Operation::Introspect),
        ("revocation_endpoint", Operation::Revoke),
        ("userinfo_endpoint", Operation::Userinfo),
        ("end_session_endpoint", Operation::LogOut),
    ]
    .into_iter()
    .map(|(member, operation)| {
        Attack::new(format!("metadata move {member} of a public client: {operation:?}"), async move {
            let rig = rig().await;
            let mut now = metadata(&rig.good, &rig.good);
            now[member] = metadata(&rig.good, &rig.evil)[member].clone();
            rig.good.tells(now);
            let issuer = &rig.profile.provider.issuer;
            let read = rig.bench.discover(issuer, &rig.profile).await.map_err(|fault| fault.to_string())?;
            let mut profile = rig.profile.clone();
            profile.provider = read.provider.map_err(|problem| problem.message)?;
            for before in [None, Some(&rig.profile), Some(&profile)] {
                let allowed = rig.bench.allow_named(&profile, before).await.map_err(|fault| fault.to_string())?;
                ensure(!allowed, "metadata over plain http were believed")?;
            }
            asks(&rig, &draft(&rig, operation, APP), &profile).await.map(drop)
        })
    })
    .collect()
}

/// What is said beforehand is what is asked, question by question.
fn beforehand() -> Vec<Attack> {
    let changes: [(&str, Change); 5] = [
        ("the token endpoint", token_elsewhere),
        ("the login page", |profile, rig| profile.provider.endpoints.authorization = format!("{}/auth", rig.evil.base())),
        ("both", |profile, rig| {
            token_elsewhere(profile, rig);
            profile.provider.endpoints.authorization = format!("{}/auth", rig.evil.base());
        }),
        ("both, at two places", |profile, rig| {
            token_elsewhere(profile, rig);
            profile.provider.endpoints.authorization = format!("http://localhost:{}/auth", rig.evil.port);
        }),
        ("the issuer", |profile, rig| profile.provider.issuer = format!("{}/realms/shop", rig.evil.base())),
    ];
    let mut rows = Vec::new();
    for (name, change) in changes {
        for client in [APP, "basic", "keyed"] {
            rows.push(Attack::new(format!("what is said before a log in by {client} is what is asked: {name}"), async move {
                let rig = rig().await;
                let profile = with(&rig, change);
                let login = rig.draft(Operation::LogIn, client, &[]);
                let mut told = rig.bench.preview(&login, &profile).await.map_err(|fault| fault.to_string())?.questions;
                let _ = rig.run(&login, &profile).await?;
                let asked = rig.bench.questions();
                let mut asked: Vec<String> = asked.iter().map(|one| one.crossing.beforehand()).collect();
                told.sort();
                asked.sort();
                ensure(!asked.is_empty() && told == asked, format!("said {told:?}, asked {asked:?}"))
            }));
        }
    }
    rows
}

/// Everything that reads a realm's events or predicts: asked about once for all it does, and again the next time.
fn readings() -> Vec<Attack> {
    async fn read(rig: &Rig, profile: &Profile, how: &str) -> Result<Option<String>, String> {
        rig.good.forget();
        rig.evil.forget();
        let said = |fault: &dyn std::fmt::Debug| format!("{fault:?}");
        Ok(match how {
            "reading" => rig.bench.read_events(profile).await.map_err(|fault| said(&fault))?.problem_id.map(str::to_owned),
            "a search" => {
                let filter = oauth::events::EventFilter::default();
                rig.bench.search_events(profile, &filter).await.map_err(|fault| said(&fault))?.problem_id.map(str::to_owned)
            }
            "settings" => rig.bench.event_settings(profile).await.err().map(|blocked| blocked.id.to_owned()),
            _ => {
                let ask = oauth::events::PredictAsk { client: "basic".into(), user: "alice".into(), ..Default::default() };
                rig.bench.predict(&ask, profile).await.map_err(|fault| said(&fault))?.problem_id
            }
        })
    }
    let mut rows = Vec::new();
    for how in ["reading", "a search", "settings", "a prediction"] {
        for client in ["reader", APP] {
            for (what, token) in
                [("events", ""), ("events and tokens", "127.0.0.1"), ("events and, at a third place, tokens", "localhost")]
            {
                rows.push(Attack::new(format!("once for {how} by {client} is one, {what} elsewhere"), async move {
                    let rig = rig().await;
                    let mut profile = with(&rig, |profile, rig| {
                        profile.provider.events = format!("{}/admin/realms/shop/events", rig.evil.base());
                    });
                    if !token.is_empty() {
                        profile.provider.endpoints.token = format!("http://{token}:{}/token", rig.evil.port);
                    }
                    profile.clients.iter_mut().for_each(|one| one.events = one.client_id == client);
                    let ended = read(&rig, &profile, how).await?;
                    let sent = !rig.evil.seen().is_empty() || !rig.good.seen().is_empty();
                    ensure(ended.as_deref() == Some(HOST) && !sent, format!("{ended:?}"))?;
                    say(&rig, Consent::Once).await?;
                    let ended = read(&rig, &profile, how).await?;
                    ensure(ended.as_deref() != Some(HOST) && !rig.evil.seen().is_empty(), format!("did not go: {ended:?}"))?;
                    let again = read(&rig, &profile, how).await?;
                    ensure(again.as_deref() == Some(HOST) && rig.evil.seen().is_empty(), format!("it went again: {again:?}"))
                }));
            }
        }
    }
    rows
}
