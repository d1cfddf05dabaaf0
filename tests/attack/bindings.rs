//! Where secrets and tokens may not go: other issuers, hosts that metadata or imports name, copies of profiles.

mod loads;
mod places;
mod rig;
mod words;

use engine::secrets::Owner;
use oauth::{
    binding,
    profile::{Profile, ServerRole},
};
use record::operation::{Draft, Operation};
use rig::{CLIENTS, Rig, Server, metadata, nothing};
use token::{secret::Secret, text::Pair};

use crate::row::Attack;

const ISSUER: &str = "secret-of-another-issuer";
const HOST: &str = "secret-to-another-host";

type Change = fn(&mut Profile, &Rig);
type Edit = fn(&Rig) -> String;

/// The rows of this kind.
pub fn rows() -> Vec<Attack> {
    let mut rows = Vec::new();
    rows.extend(issuers());
    rows.extend(spellings());
    rows.extend(endpoints());
    rows.extend(discoveries());
    rows.extend(moves());
    rows.extend(readers());
    rows.extend(gateways());
    rows.extend(names());
    rows.extend(loads::rows());
    rows.extend(places::rows());
    rows.extend(words::consents());
    rows.extend(words::sorts());
    rows.extend(words::shown());
    rows.extend(words::imports());
    rows
}

fn ensure(holds: bool, why: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why.into()) }
}

/// The issuer of a saved profile becomes another one: no secret goes anywhere, not even to the endpoints it knew.
fn issuers() -> Vec<Attack> {
    let edits: [(&str, Edit); 14] = [
        ("one letter of the realm", |rig| format!("{}/realms/shoq", rig.good.base())),
        ("capitals in the realm", |rig| format!("{}/realms/Shop", rig.good.base())),
        ("another realm", |rig| format!("{}/realms/partner", rig.good.base())),
        ("a trailing slash", |rig| format!("{}/realms/shop/", rig.good.base())),
        ("a longer path", |rig| format!("{}/realms/shop/realms/shop", rig.good.base())),
        ("no path", |rig| rig.good.base()),
        ("a query", |rig| format!("{}/realms/shop?x=1", rig.good.base())),
        ("another scheme", |rig| format!("https://127.0.0.1:{}/realms/shop", rig.good.port)),
        ("another port", |rig| format!("{}/realms/shop", rig.evil.base())),
        ("localhost for 127.0.0.1", |rig| format!("http://localhost:{}/realms/shop", rig.good.port)),
        ("[::1] for 127.0.0.1", |rig| format!("http://[::1]:{}/realms/shop", rig.good.port)),
        ("a user name that looks like the host", |rig| {
            format!("http://127.0.0.1:{}@127.0.0.1:{}/realms/shop", rig.good.port, rig.evil.port)
        }),
        ("a host in another script", |_| "https://іd.example.org/realms/shop".into()),
        ("a percent-encoded letter", |rig| format!("{}/realms/sh%6Fp", rig.good.base())),
    ];
    let mut rows: Vec<Attack> = edits
        .into_iter()
        .map(|(name, edit)| {
            Attack::new(format!("issuer edited: {name}"), async move {
                let rig = Rig::new().await;
                let mut profile = rig.profile.clone();
                profile.provider.issuer = edit(&rig);
                for (client, ..) in &CLIENTS[..4] {
                    rig.stopped(&rig.draft(Operation::ClientCredentials, client, &[]), &profile, ISSUER).await?;
                }
                Ok(())
            })
        })
        .collect();
    rows.push(Attack::new("issuer edited and every endpoint with it", async {
        let rig = Rig::new().await;
        let text = serde_json::to_string(&rig.profile).map_err(|error| error.to_string())?;
        let text = text.replace(&format!(":{}", rig.good.port), &format!(":{}", rig.evil.port));
        let profile: Profile = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        for (client, ..) in CLIENTS {
            rig.stopped(&rig.draft(Operation::ClientCredentials, client, &[]), &profile, ISSUER).await?;
        }
        Ok(())
    }));
    rows.push(Attack::new("issuer emptied", async {
        let rig = Rig::new().await;
        let mut profile = rig.profile.clone();
        profile.provider.issuer.clear();
        profile.provider.endpoints.token = format!("{}/token", rig.evil.base());
        rig.stopped(&rig.draft(Operation::ClientCredentials, "basic", &[]), &profile, ISSUER).await
    }));
    rows
}

/// Spellings that are the same address: the owner's own requests still go.
fn spellings() -> Vec<Attack> {
    let edits: [(&str, Edit); 4] = [
        ("capitals in the scheme", |rig| format!("HTTP://127.0.0.1:{}/realms/shop", rig.good.port)),
        ("dot segments", |rig| format!("{}/x/../realms/./shop", rig.good.base())),
        ("white space around", |rig| format!("  {}/realms/shop ", rig.good.base())),
        ("a short form of the number", |rig| format!("http://127.1:{}/realms/shop", rig.good.port)),
    ];
    edits
        .into_iter()
        .map(|(name, edit)| {
            Attack::new(format!("issuer respelled: {name}"), async move {
                let rig = Rig::new().await;
                let mut profile = rig.profile.clone();
                profile.provider.issuer = edit(&rig);
                rig.passes(&rig.draft(Operation::ClientCredentials, "basic", &[]), &profile).await
            })
        })
        .collect()
}

/// An endpoint lies elsewhere than the issuer, for every way to prove oneself.
fn endpoints() -> Vec<Attack> {
    let ways: [(&str, Operation, Change); 7] = [
        ("token endpoint", Operation::ClientCredentials, |profile, rig| {
            profile.provider.endpoints.token = format!("{}/token", rig.evil.base())
        }),
        ("token endpoint of a password", Operation::Password, |profile, rig| {
            profile.provider.endpoints.token = format!("{}/token", rig.evil.base())
        }),
        ("token endpoint of a refresh", Operation::Refresh, |profile, rig| {
            profile.provider.endpoints.token = format!("{}/token", rig.evil.base())
        }),
        ("introspection endpoint", Operation::Introspect, |profile, rig| {
            profile.provider.endpoints.introspection = format!("{}/introspect", rig.evil.base())
        }),
        ("revocation endpoint", Operation::Revoke, |profile, rig| {
            profile.provider.endpoints.revocation = format!("{}/revoke", rig.evil.base())
        }),
        ("end session endpoint", Operation::LogOut, |profile, rig| {
            profile.provider.endpoints.end_session = format!("{}/logout", rig.evil.base())
        }),
        ("token endpoint by another name of this machine", Operation::ClientCredentials, |profile, rig| {
            profile.provider.endpoints.token = format!("http://localhost:{}/token", rig.evil.port);
        }),
    ];
    let mut rows = Vec::new();
    for (name, operation, change) in ways {
        for (client, auth, ..) in &CLIENTS[..4] {
            rows.push(Attack::new(format!("{name} elsewhere, {auth:?}"), async move {
                let rig = Rig::new().await;
                let mut profile = rig.profile.clone();
                change(&mut profile, &rig);
                rig.passes(&rig.draft(operation, client, &[]), &rig.profile).await?;
                rig.stopped(&rig.draft(operation, client, &[]), &profile, HOST).await
            }));
        }
    }
    for (client, auth, ..) in &CLIENTS[..4] {
        rows.push(Attack::new(format!("log in with the token endpoint elsewhere, {auth:?}"), async move {
            let rig = Rig::new().await;
            let mut profile = rig.profile.clone();
            profile.provider.endpoints.token = format!("{}/token", rig.evil.base());
            rig.stopped(&rig.draft(Operation::LogIn, client, &[]), &profile, HOST).await?;
            ensure(rig.doors.0.load(std::sync::atomic::Ordering::Relaxed) == 0, "the browser was opened")
        }));
    }
    rows
}

/// Whatever is typed for Discover, nobody is told who asks.
fn discoveries() -> Vec<Attack> {
    let texts: [(&str, Edit); 5] = [
        ("another host", |rig| format!("{}/realms/shop", rig.evil.base())),
        ("only a host", |rig| rig.evil.base()),
        ("the console of another host", |rig| format!("{}/admin/master/console/#/shop", rig.evil.base())),
        ("another host by name", |rig| format!("http://localhost:{}/realms/shop", rig.evil.port)),
        ("the same host", |rig| format!("{}/realms/shop", rig.good.base())),
    ];
    texts
        .into_iter()
        .map(|(name, text)| {
            Attack::new(format!("discover: {name}"), async move {
                let rig = Rig::new().await;
                rig.evil.tells(metadata(&rig.evil, &rig.evil));
                let text = text(&rig);
                // Both as the profile is saved and as the window sends it, with the typed issuer in it.
                for issuer in [rig.profile.provider.issuer.clone(), text.clone()] {
                    let mut base = rig.profile.clone();
                    base.provider.issuer = issuer;
                    let _ = rig.bench.discover(&text, &base).await.map_err(|fault| fault.to_string())?;
                }
                for server in [&rig.good, &rig.evil] {
                    nothing(server)?;
                    let asked = server.seen();
                    ensure(asked.iter().all(|request| request.starts_with("GET ")), "something else than GET was sent")?;
                }
                ensure(!rig.good.seen().is_empty() || !rig.evil.seen().is_empty(), "nobody was asked")
            })
        })
        .collect()
}

/// Metadata that move an endpoint between two readings.
fn moves() -> Vec<Attack> {
    [
        ("token_endpoint", "token endpoint"),
        ("introspection_endpoint", "introspection endpoint"),
        ("revocation_endpoint", "revocation endpoint"),
        ("end_session_endpoint", "end session endpoint"),
        ("jwks_uri", "keys (jwks_uri)"),
        ("authorization_endpoint", "authorization endpoint"),
    ]
    .into_iter()
    .map(|(member, what)| {
        Attack::new(format!("metadata move {member}"), async move {
            let rig = Rig::new().await;
            let first =
                rig.bench.discover(&rig.profile.provider.issuer, &rig.profile).await.map_err(|fault| fault.to_string())?;
            let first = first.provider.map_err(|problem| problem.message)?;
            ensure(binding::moved(&rig.profile.provider, &first).is_empty(), "an honest reading moved something")?;
            let (mut now, other) = (metadata(&rig.good, &rig.good), metadata(&rig.good, &rig.evil));
            now[member] = other[member].clone();
            rig.good.tells(now);
            let second =
                rig.bench.discover(&rig.profile.provider.issuer, &rig.profile).await.map_err(|fault| fault.to_string())?;
            let second = second.provider.map_err(|problem| problem.message)?;
            let moved = binding::moved(&first, &second);
            ensure(moved.len() == 1 && moved[0].what == what && moved[0].found == rig.evil.base(), format!("{moved:?}"))?;
            let mut profile = rig.profile.clone();
            profile.provider = second;
            ensure(binding::elsewhere(&profile).iter().any(|one| one.what == what), "the profile does not show it")?;
            let operation = match member {
                "token_endpoint" => Operation::ClientCredentials,
                "introspection_endpoint" => Operation::Introspect,
                "revocation_endpoint" => Operation::Revoke,
                "end_session_endpoint" => Operation::LogOut,
                _ => return nothing(&rig.evil),
            };
            rig.stopped(&rig.draft(operation, "basic", &[]), &profile, HOST).await
        })
    })
    .collect()
}

/// The client that reads: neither its secret nor a token got with it goes to an address it was not entered for.
fn readers() -> Vec<Attack> {
    let changes: [(&str, Change, &str); 5] = [
        (
            "events address elsewhere",
            |profile, rig| profile.provider.events = format!("{}/admin/realms/shop/events", rig.evil.base()),
            HOST,
        ),
        (
            "events address behind a user name",
            |profile, rig| {
                profile.provider.events =
                    format!("http://127.0.0.1:{}@127.0.0.1:{}/admin/realms/shop/events", rig.good.port, rig.evil.port);
            },
            HOST,
        ),
        (
            "events address by another name",
            |profile, rig| {
                profile.provider.events = format!("http://localhost:{}/admin/realms/shop/events", rig.good.port);
            },
            HOST,
        ),
        (
            "token endpoint elsewhere",
            |profile, rig| profile.provider.endpoints.token = format!("{}/token", rig.evil.base()),
            HOST,
        ),
        ("issuer edited", |profile, rig| profile.provider.issuer = format!("{}/realms/shop", rig.evil.base()), ISSUER),
    ];
    let mut rows = Vec::new();
    for warm in [false, true] {
        for (name, change, problem) in changes {
            let when = if warm { "after a reading" } else { "at the first reading" };
            rows.push(Attack::new(format!("events, {name}, {when}"), async move {
                let rig = Rig::new().await;
                if warm {
                    let read = rig.bench.read_events(&rig.profile).await.map_err(|fault| fault.to_string())?;
                    ensure(read.problem.is_none(), format!("{:?}", read.problem))?;
                }
                rig.good.forget();
                let mut profile = rig.profile.clone();
                change(&mut profile, &rig);
                let read = rig.bench.read_events(&profile).await.map_err(|fault| fault.to_string())?;
                ensure(read.problem_id == Some(problem), format!("{:?} {:?}", read.problem_id, read.problem))?;
                nothing(&rig.good)?;
                nothing(&rig.evil)
            }));
        }
    }
    let infos: [(&str, Change, &str); 3] = [
        ("issuer edited", |profile, rig| profile.provider.issuer = format!("{}/realms/shop", rig.evil.base()), ISSUER),
        ("another realm", |profile, rig| profile.provider.issuer = format!("{}/realms/partner", rig.good.base()), ISSUER),
        (
            "token endpoint elsewhere",
            |profile, rig| profile.provider.endpoints.token = format!("{}/token", rig.evil.base()),
            HOST,
        ),
    ];
    rows.extend(infos.into_iter().map(|(name, change, problem)| {
        Attack::new(format!("server info, {name}"), async move {
            let rig = Rig::new().await;
            let mut profile = rig.profile.clone();
            change(&mut profile, &rig);
            let read = rig.bench.server_info(&profile).await.map_err(|fault| fault.to_string())?;
            let id = read.provider.err().map(|found| found.id);
            ensure(id.as_deref() == Some(problem), format!("{id:?}"))?;
            nothing(&rig.good)?;
            nothing(&rig.evil)
        })
    }));
    rows.push(Attack::new("server info of the profile's own server", async {
        let rig = Rig::new().await;
        let read = rig.bench.server_info(&rig.profile).await.map_err(|fault| fault.to_string())?;
        read.provider.map_err(|problem| problem.message)?;
        ensure(rig.good.seen().len() == 2, "a token and the info are two requests")
    }));
    rows
}

/// The gateway's clients and its portal.
fn gateways() -> Vec<Attack> {
    fn at(profile: &mut Profile) -> &mut oauth::profile::Gateway {
        profile.gateway.get_or_insert_default()
    }
    let portal = |call: &'static str, more: &'static [(&'static str, &'static str)]| {
        move |rig: &Rig| -> Draft {
            let all = [("call", call)].into_iter().chain(more.iter().copied());
            let mut values: Vec<Pair> = all.map(|(name, value)| Pair { name: name.into(), value: value.into() }).collect();
            values.push(Pair { name: "token".into(), value: rig.token.clone() });
            Draft { operation: Operation::Portal, profile: "rig".into(), values, extra: Vec::new() }
        }
    };
    let changes: [(&str, Change, &str); 4] = [
        (
            "token endpoint elsewhere",
            |profile, rig| at(profile).endpoints.token = format!("{}/oauth2/token", rig.evil.base()),
            HOST,
        ),
        ("issuer edited", |profile, rig| at(profile).issuer = format!("{}/oauth2/token", rig.evil.base()), ISSUER),
        (
            "issuer emptied and base elsewhere",
            |profile, rig| {
                at(profile).issuer.clear();
                at(profile).base = rig.evil.base();
            },
            ISSUER,
        ),
        (
            "everything elsewhere",
            |profile, rig| {
                at(profile).issuer = format!("{}/oauth2/token", rig.evil.base());
                at(profile).base = rig.evil.base();
                at(profile).endpoints.token = format!("{}/oauth2/token", rig.evil.base());
            },
            ISSUER,
        ),
    ];
    let mut rows: Vec<Attack> = changes
        .into_iter()
        .map(|(name, change, problem)| {
            Attack::new(format!("gateway, {name}"), async move {
                let rig = Rig::new().await;
                let mut profile = rig.profile.clone();
                change(&mut profile, &rig);
                rig.passes(&rig.draft(Operation::ClientCredentials, "ck", &[]), &rig.profile).await?;
                for operation in [Operation::ClientCredentials, Operation::JwtBearer] {
                    rig.stopped(&rig.draft(operation, "ck", &[]), &profile, problem).await?;
                }
                Ok(())
            })
        })
        .collect();
    rows.push(Attack::new("portal elsewhere: its owner's password", async move {
        let rig = Rig::new().await;
        let mut profile = rig.profile.clone();
        at(&mut profile).portal = rig.evil.base();
        let fields: &[(&str, &str)] = &[("client", "admin"), ("name", "mine"), ("grant", "client_credentials")];
        rig.stopped(&portal("register", fields)(&rig), &profile, HOST).await
    }));
    rows.push(Attack::new("portal elsewhere: the secret of a consumer key", async move {
        let rig = Rig::new().await;
        let mut profile = rig.profile.clone();
        at(&mut profile).portal = rig.evil.base();
        let fields: &[(&str, &str)] = &[("client", "ck"), ("application", "a"), ("key", "m")];
        rig.stopped(&portal("generate_token", fields)(&rig), &profile, HOST).await
    }));
    rows.push(Attack::new("a provider's client mapped at a portal elsewhere", async move {
        let rig = Rig::new().await;
        let mut profile = rig.profile.clone();
        at(&mut profile).portal = rig.evil.base();
        let fields: &[(&str, &str)] = &[("consumer_key", "basic"), ("application", "a")];
        rig.stopped(&portal("map_keys", fields)(&rig), &profile, HOST).await
    }));
    rows
}

/// Names that are the same, used again or changed.
fn names() -> Vec<Attack> {
    vec![
        Attack::new("a provider's and a gateway's client of one id have a secret each", async {
            let rig = Rig::new().await;
            for (server, mine, other) in [
                (ServerRole::Provider, "hunter2-of-same-at-provider", "hunter2-of-same-at-gateway"),
                (ServerRole::Gateway, "hunter2-of-same-at-gateway", "hunter2-of-same-at-provider"),
            ] {
                let kept = rig.bench.secret(&Owner::at("rig", server, "same")).await.map_err(|fault| fault.to_string())?;
                let text = kept.map(|kept| kept.for_its_owner().expose().to_owned()).unwrap_or_default();
                ensure(text == mine && text != other, format!("{server:?} got the other's secret"))?;
            }
            Ok(())
        }),
        Attack::new("the provider's client has none where only the gateway's was entered", async {
            let rig = Rig::empty().await;
            let client = rig.profile.clients[6].clone();
            rig.bench.keep_secret(&rig.profile, &client, Secret::new(CLIENTS[6].3)).await.map_err(|fault| fault.to_string())?;
            let mut profile = rig.profile.clone();
            profile.clients.remove(6);
            let ended = rig.run(&rig.draft(Operation::ClientCredentials, "same", &[]), &profile).await;
            ensure(ended.is_err_and(|fault| fault.contains("not at hand")), "a secret was found")?;
            nothing(&rig.good)
        }),
        Attack::new("a client moved from provider to gateway leaves its secret behind", async {
            let rig = Rig::new().await;
            let mut profile = rig.profile.clone();
            profile.clients[0].server = ServerRole::Gateway;
            rig.good.forget();
            let ended = rig.run(&rig.draft(Operation::ClientCredentials, "basic", &[]), &profile).await;
            ensure(ended.is_err(), "it went to the gateway")?;
            nothing(&rig.good)
        }),
        Attack::new("a profile of the same id and another server gets nothing", async {
            let rig = Rig::new().await;
            let evil = Server::start().await;
            let mut stranger = rig.profile.clone();
            stranger.name = "Imported".into();
            stranger.provider.issuer = format!("{}/realms/shop", evil.base());
            stranger.provider.endpoints.token = format!("{}/token", evil.base());
            rig.stopped(&rig.draft(Operation::ClientCredentials, "basic", &[]), &stranger, ISSUER).await?;
            nothing(&evil)
        }),
        Attack::new("a profile of another id gets nothing of the same client", async {
            let rig = Rig::new().await;
            let mut copy = rig.profile.clone();
            copy.id = "rig-2".into();
            rig.good.forget();
            let ended = rig.run(&rig.draft(Operation::ClientCredentials, "basic", &[]), &copy).await;
            ensure(ended.is_err_and(|fault| fault.contains("not at hand")), "a secret was found")?;
            nothing(&rig.good)
        }),
        Attack::new("a renamed client gets nothing of the old name", async {
            let rig = Rig::new().await;
            let mut profile = rig.profile.clone();
            profile.clients[0].client_id = "renamed".into();
            rig.good.forget();
            let ended = rig.run(&rig.draft(Operation::ClientCredentials, "renamed", &[]), &profile).await;
            ensure(ended.is_err_and(|fault| fault.contains("not at hand")), "a secret was found")?;
            nothing(&rig.good)
        }),
        Attack::new("a client named like another one's place in the store", async {
            let rig = Rig::new().await;
            for name in ["provider\u{1f}basic", "gateway\u{1f}same", "\u{1f}basic", "basic\u{0}"] {
                let kept =
                    rig.bench.secret(&Owner::at("rig", ServerRole::Provider, name)).await.map_err(|fault| fault.to_string())?;
                ensure(kept.is_none(), format!("{name:?} has a secret"))?;
            }
            Ok(())
        }),
        Attack::new("what is forgotten is gone under every name", async {
            let rig = Rig::new().await;
            let owner = Owner::at("rig", ServerRole::Provider, "basic");
            rig.bench.forget_secret(&owner).await.map_err(|fault| fault.to_string())?;
            ensure(rig.bench.secret(&owner).await.map_err(|fault| fault.to_string())?.is_none(), "it is still there")?;
            let ended = rig.run(&rig.draft(Operation::ClientCredentials, "basic", &[]), &rig.profile).await;
            ensure(ended.is_err(), "it was sent")
        }),
    ]
}
