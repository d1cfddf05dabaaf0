//! What the user's word opens and what it does not; keys and secrets taken for each other; previews, copies and files.

use engine::{gate::Consent, secrets::Sort};
use oauth::{
    import::{self, Import},
    message::Materials as _,
    profile::{ClientAuth, Profile},
};
use record::operation::{Draft, Operation};
use serde_json::json;
use token::secret::Secret;

use super::{
    Change, HOST, ISSUER, ensure,
    rig::{CLIENTS, KEY, Rig, clean, metadata, nothing},
};
use crate::row::Attack;

const NOBODY: &str = "secret-bound-to-nobody";

/// What the user's word opens, and what it does not.
pub fn consents() -> Vec<Attack> {
    async fn crossing() -> Result<(Rig, Profile, Draft), String> {
        let rig = Rig::new().await;
        let mut profile = rig.profile.clone();
        profile.provider.endpoints.token = format!("{}/token", rig.evil.base());
        let draft = rig.draft(Operation::ClientCredentials, "basic", &[]);
        rig.stopped(&draft, &profile, HOST).await?;
        Ok((rig, profile, draft))
    }
    async fn say(rig: &Rig, consent: Consent) -> Result<bool, String> {
        let open = rig.bench.questions();
        let [question] = open.as_slice() else { return Err(format!("{} questions", open.len())) };
        let named = question.crossing.message();
        for side in [&rig.profile.provider.issuer, &rig.evil.base()] {
            ensure(named.contains(side.as_str()), format!("{named} does not name {side}"))?;
        }
        rig.bench.answer_question(question.id, consent).await.map_err(|fault| fault.to_string())
    }
    async fn went(rig: &Rig, draft: &Draft, profile: &Profile) -> Result<(), String> {
        let before = rig.evil.seen().len();
        let step = rig.run(draft, profile).await?;
        ensure(step.problem_id.is_none() && rig.evil.seen().len() == before + 1, format!("{:?}", step.problem))
    }
    async fn stays(rig: &Rig, draft: &Draft, profile: &Profile, problem: &str) -> Result<(), String> {
        rig.evil.forget();
        rig.stopped(draft, profile, problem).await
    }
    vec![
        Attack::new("no means no", async {
            let (rig, profile, draft) = crossing().await?;
            ensure(say(&rig, Consent::No).await?, "the question was not open")?;
            stays(&rig, &draft, &profile, HOST).await
        }),
        Attack::new("once is one time", async {
            let (rig, profile, draft) = crossing().await?;
            ensure(say(&rig, Consent::Once).await?, "the question was not open")?;
            went(&rig, &draft, &profile).await?;
            stays(&rig, &draft, &profile, HOST).await
        }),
        Attack::new("once is for that client only", async {
            let (rig, profile, _) = crossing().await?;
            ensure(say(&rig, Consent::Once).await?, "the question was not open")?;
            stays(&rig, &rig.draft(Operation::ClientCredentials, "post", &[]), &profile, HOST).await
        }),
        Attack::new("once is for that host only", async {
            let (rig, mut profile, draft) = crossing().await?;
            ensure(say(&rig, Consent::Once).await?, "the question was not open")?;
            profile.provider.endpoints.token = format!("http://localhost:{}/token", rig.evil.port);
            stays(&rig, &draft, &profile, HOST).await
        }),
        Attack::new("always is for that host and issuer only", async {
            let (rig, mut profile, draft) = crossing().await?;
            ensure(say(&rig, Consent::Always).await?, "the question was not open")?;
            went(&rig, &draft, &profile).await?;
            went(&rig, &draft, &profile).await?;
            profile.provider.endpoints.token = format!("http://localhost:{}/token", rig.evil.port);
            stays(&rig, &draft, &profile, HOST).await?;
            profile.provider.endpoints.token = format!("{}/token", rig.evil.base());
            profile.provider.issuer = format!("{}/realms/partner", rig.good.base());
            stays(&rig, &draft, &profile, ISSUER).await
        }),
        Attack::new("always leaves the own host open", async {
            let (rig, _, draft) = crossing().await?;
            ensure(say(&rig, Consent::Always).await?, "the question was not open")?;
            rig.passes(&draft, &rig.profile).await
        }),
        Attack::new("a word for one secret is not one for its successor", async {
            let (rig, profile, draft) = crossing().await?;
            ensure(say(&rig, Consent::Always).await?, "the question was not open")?;
            rig.bench
                .keep_secret(&rig.profile, &rig.profile.clients[0], Secret::new("hunter2/of+basic?&="))
                .await
                .map_err(|fault| fault.to_string())?;
            stays(&rig, &draft, &profile, HOST).await
        }),
        Attack::new("a word said once is not one for the successor either", async {
            let (rig, profile, draft) = crossing().await?;
            ensure(say(&rig, Consent::Once).await?, "the question was not open")?;
            let client = &rig.profile.clients[0];
            rig.bench.keep_secret(&rig.profile, client, Secret::new(CLIENTS[0].3)).await.map_err(|fault| fault.to_string())?;
            stays(&rig, &draft, &profile, HOST).await
        }),
        Attack::new("a question about one secret is none about its successor", async {
            for consent in [Consent::Once, Consent::Always] {
                let (rig, profile, draft) = crossing().await?;
                let id = rig.bench.questions()[0].id;
                let client = &rig.profile.clients[0];
                rig.bench
                    .keep_secret(&rig.profile, client, Secret::new(CLIENTS[0].3))
                    .await
                    .map_err(|fault| fault.to_string())?;
                let taken = rig.bench.answer_question(id, consent).await.map_err(|fault| fault.to_string())?;
                ensure(!taken, "the old question was taken")?;
                stays(&rig, &draft, &profile, HOST).await?;
            }
            Ok(())
        }),
        Attack::new("a word for a secret that was cleared is none for a new one", async {
            let (rig, profile, draft) = crossing().await?;
            ensure(say(&rig, Consent::Once).await?, "the question was not open")?;
            let client = &rig.profile.clients[0];
            rig.bench
                .forget_secret(&engine::secrets::Owner::of(&rig.profile, client))
                .await
                .map_err(|fault| fault.to_string())?;
            rig.bench.keep_secret(&rig.profile, client, Secret::new(CLIENTS[0].3)).await.map_err(|fault| fault.to_string())?;
            stays(&rig, &draft, &profile, HOST).await
        }),
        Attack::new("always for one secret leaves the questions about others open", async {
            let (rig, profile, _) = crossing().await?;
            rig.stopped(&rig.draft(Operation::ClientCredentials, "post", &[]), &profile, HOST).await?;
            let [first, second] = rig.bench.questions().try_into().map_err(|_| "not two questions")?;
            for question in [first, second] {
                let taken = rig.bench.answer_question(question.id, Consent::Always).await.map_err(|fault| fault.to_string())?;
                ensure(taken, "a question was closed by another one's answer")?;
            }
            Ok(())
        }),
        Attack::new("a word for a secret of nobody binds it to no other host", async {
            let rig = Rig::empty().await;
            rig.bench.secrets.keep_plain("rig", "basic", Secret::new(CLIENTS[0].3)).await.map_err(|fault| fault.to_string())?;
            let mut profile = rig.profile.clone();
            profile.provider.endpoints.token = format!("{}/token", rig.evil.base());
            let draft = rig.draft(Operation::ClientCredentials, "basic", &[]);
            rig.stopped(&draft, &profile, NOBODY).await?;
            let id = rig.bench.questions()[0].id;
            ensure(rig.bench.answer_question(id, Consent::Always).await.map_err(|fault| fault.to_string())?, "not open")?;
            went(&rig, &draft, &profile).await?;
            rig.evil.forget();
            rig.stopped(&draft, &rig.profile, NOBODY).await
        }),
        Attack::new("an answer nobody asked for opens nothing", async {
            let (rig, profile, draft) = crossing().await?;
            for id in [0, 2, u64::MAX] {
                let taken = rig.bench.answer_question(id, Consent::Always).await.map_err(|fault| fault.to_string())?;
                ensure(!taken, format!("{id} was taken"))?;
            }
            stays(&rig, &draft, &profile, HOST).await
        }),
        Attack::new("an answer is taken once", async {
            let (rig, _, _) = crossing().await?;
            let id = rig.bench.questions()[0].id;
            ensure(rig.bench.answer_question(id, Consent::No).await.map_err(|fault| fault.to_string())?, "not open")?;
            ensure(!rig.bench.answer_question(id, Consent::Always).await.map_err(|fault| fault.to_string())?, "open again")
        }),
        Attack::new("a thousand crossings ask about a few", async {
            let rig = Rig::new().await;
            for port in 0..40_u16 {
                let mut profile = rig.profile.clone();
                profile.provider.endpoints.token = format!("http://127.0.0.1:{}/token", 1000 + port);
                rig.stopped(&rig.draft(Operation::ClientCredentials, "basic", &[]), &profile, HOST).await?;
            }
            ensure(rig.bench.questions().len() <= 16, "questions pile up")
        }),
        Attack::new("a secret of an earlier version is asked about once", async {
            let rig = Rig::empty().await;
            rig.bench.secrets.keep_plain("rig", "basic", Secret::new(CLIENTS[0].3)).await.map_err(|fault| fault.to_string())?;
            let draft = rig.draft(Operation::ClientCredentials, "basic", &[]);
            rig.stopped(&draft, &rig.profile, NOBODY).await?;
            let id = rig.bench.questions()[0].id;
            ensure(rig.bench.answer_question(id, Consent::Always).await.map_err(|fault| fault.to_string())?, "not open")?;
            rig.passes(&draft, &rig.profile).await?;
            rig.passes(&draft, &rig.profile).await?;
            let mut profile = rig.profile.clone();
            profile.provider.issuer = format!("{}/realms/shop", rig.evil.base());
            profile.provider.endpoints.token = format!("{}/token", rig.evil.base());
            rig.stopped(&draft, &profile, ISSUER).await
        }),
    ]
}

/// A key is never shown as a secret, nor a secret signed with as a key.
pub fn sorts() -> Vec<Attack> {
    let mut rows = Vec::new();
    for auth in [ClientAuth::ClientSecretBasic, ClientAuth::ClientSecretPost, ClientAuth::ClientSecretJwt] {
        rows.push(Attack::new(format!("a private key after a change to {auth:?}"), async move {
            let rig = Rig::new().await;
            let mut profile = rig.profile.clone();
            profile.clients[3].auth = auth;
            let ended = rig.run(&rig.draft(Operation::ClientCredentials, "keyed", &[]), &profile).await;
            ensure(ended.is_err_and(|fault| fault.contains("is a private key")), "it was not told from a secret")?;
            nothing(&rig.good)
        }));
    }
    rows.push(Attack::new("a secret after a change to a private key", async {
        let rig = Rig::new().await;
        let mut profile = rig.profile.clone();
        profile.clients[0].auth = ClientAuth::PrivateKeyJwt;
        let ended = rig.run(&rig.draft(Operation::ClientCredentials, "basic", &[]), &profile).await;
        ensure(ended.is_err_and(|fault| fault.contains("is a secret")), "it was not told from a key")?;
        nothing(&rig.good)
    }));
    rows.push(Attack::new("a secret of a client that is public now", async {
        let rig = Rig::new().await;
        let mut profile = rig.profile.clone();
        profile.clients[0].auth = ClientAuth::None;
        rig.good.forget();
        let _ = rig.run(&rig.draft(Operation::Password, "basic", &[]), &profile).await?;
        let sent = rig.good.seen().join("\n");
        clean(&sent)?;
        ensure(sent.contains("client_id=basic") && !sent.to_lowercase().contains("authorization"), "it proved itself")
    }));
    let texts = [
        ("hunter2", Some(Sort::Secret)),
        ("{curly}", Some(Sort::Secret)),
        (KEY, Some(Sort::Key)),
        ("  -----BEGIN PRIVATE KEY-----\nAAAA", Some(Sort::Key)),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----", Some(Sort::Key)),
        ("-----BEGIN RSA PRIVATE KEY-----", Some(Sort::Key)),
        ("Bag Attributes\n-----BEGIN EC PRIVATE KEY-----", Some(Sort::Key)),
        ("-----BEGIN PUBLIC KEY-----", None),
        ("-----BEGIN CERTIFICATE-----", None),
        (r#"{"kty":"RSA","n":"AQ","e":"AQAB"}"#, None),
        (r#"{"keys":[{"kty":"RSA","n":"AQ"}]}"#, None),
        (r#"{"keys":[{"kty":"RSA","d":"AQ"}]}"#, Some(Sort::Key)),
    ];
    rows.push(Attack::new("a key and a secret are told apart by their shape", async move {
        for (text, sort) in texts {
            ensure(Sort::recognised(text) == sort, format!("{:?} for {text}", Sort::recognised(text)))?;
        }
        Ok(())
    }));
    rows
}

/// What is only shown or copied.
pub fn shown() -> Vec<Attack> {
    let mut rows: Vec<Attack> = CLIENTS[..4]
        .iter()
        .map(|(client, auth, ..)| {
            Attack::new(format!("a preview and a copy for another host, {auth:?}"), async move {
                let rig = Rig::new().await;
                let mut profile = rig.profile.clone();
                profile.provider.endpoints.token = format!("{}/token", rig.evil.base());
                let draft = rig.draft(Operation::ClientCredentials, client, &[]);
                let preview = rig.bench.preview(&draft, &profile).await.map_err(|fault| fault.to_string())?;
                clean(&format!("{preview:?}"))?;
                let materials = rig.bench.materials_to_show(&draft, &profile).await.map_err(|fault| fault.to_string())?;
                let built = oauth::message::build(&draft, &profile, &materials).map_err(|faults| format!("{faults:?}"))?;
                let head: String = built.request.headers().values().filter_map(|value| value.to_str().ok()).collect();
                let body = String::from_utf8_lossy(built.request.body()).into_owned();
                clean(&format!("{head} {body}"))?;
                ensure(materials.assertions().is_empty(), "an assertion was signed")?;
                let materials = rig.bench.materials(&draft, &profile).await.map_err(|fault| fault.to_string())?;
                ensure(oauth::message::build(&draft, &profile, &materials).is_err(), "a copy with secrets was built")?;
                let client = profile.clients.iter().find(|one| one.client_id == *client).ok_or("no client")?;
                ensure(materials.given(client).is_empty(), "something was given out")
            })
        })
        .collect();
    rows.push(Attack::new("an assertion for another audience", async {
        let rig = Rig::new().await;
        let draft = rig.draft(Operation::ClientCredentials, "keyed", &[]);
        let materials = rig.bench.materials(&draft, &rig.profile).await.map_err(|fault| fault.to_string())?;
        let to = rig.profile.provider.endpoints.token.parse().map_err(|_| "no address")?;
        let made = materials.assertion(&rig.profile.clients[3], &format!("{}/realms/shop", rig.evil.base()), &to);
        ensure(made.is_err() && materials.assertions().is_empty(), "it was signed")
    }));
    rows
}

/// What a file says is not believed.
pub fn imports() -> Vec<Attack> {
    fn of(profile: Profile) -> Import {
        let preview = import::ImportPreview {
            kind: import::ImportKind::Profile,
            title: "Profile".into(),
            name: profile.name.clone(),
            warned: Vec::new(),
            taken: Vec::new(),
            left: Vec::new(),
            secrets: Vec::new(),
            asks_server: false,
            next: String::new(),
        };
        Import { profile, secrets: Vec::new(), preview }
    }
    let claims: [(&str, Change); 8] = [
        ("that the issuer was read", |profile, _| profile.provider.read_ms = 1),
        ("its keys", |profile, _| profile.provider.keys = "2, RS256".into()),
        ("what it supports", |profile, _| profile.provider.capabilities = vec![oauth::profile::Capability::default()]),
        ("that it is the lab", |profile, _| profile.simulated = true),
        ("that any certificate will do", |profile, _| profile.tls.danger_accept_any_certificate = true),
        ("that plain http will do", |profile, _| profile.tls.danger_plain_http = true),
        ("whom to trust", |profile, _| profile.tls.ca_pem = "-----BEGIN CERTIFICATE-----".into()),
        ("which certificate to expect", |profile, _| profile.tls.pins = vec![oauth::profile::Pin::default()]),
    ];
    let mut rows: Vec<Attack> = claims
        .into_iter()
        .map(|(name, change)| {
            Attack::new(format!("a file says {name}"), async move {
                let rig = Rig::empty().await;
                let mut profile = rig.profile.clone();
                profile.provider.read_ms = 0;
                let honest = of(profile.clone()).distrusted().map_err(|fault| fault.message)?;
                change(&mut profile, &rig);
                let read = of(profile).distrusted().map_err(|fault| fault.message)?;
                ensure(read.profile == honest.profile, "it was believed")?;
                ensure(read.preview.left.len() == honest.preview.left.len() + 1, format!("{:?}", read.preview.left))
            })
        })
        .collect();
    rows.push(Attack::new("an imported profile whose token endpoint lies elsewhere", async {
        let rig = Rig::empty().await;
        let mut file = rig.profile.clone();
        file.provider.endpoints.token = format!("{}/token", rig.evil.base());
        let read = of(file).distrusted().map_err(|fault| fault.message)?;
        ensure(read.preview.warned.iter().any(|line| line.words.contains(&rig.evil.base())), "the preview is silent")?;
        // Its user types the secret after the import, for the issuer the profile names.
        let profile = Profile { id: "imported".into(), ..read.profile };
        rig.bench
            .keep_secret(&profile, &profile.clients[0], Secret::new(CLIENTS[0].3))
            .await
            .map_err(|fault| fault.to_string())?;
        rig.stopped(&rig.draft(Operation::ClientCredentials, "basic", &[]), &profile, HOST).await
    }));
    let gateways: [(&str, &str, Change); 4] = [
        ("portal", "Gateway's portal", |profile, rig| profile.gateway.get_or_insert_default().portal = rig.evil.base()),
        ("base", "Gateway's base address", |profile, rig| profile.gateway.get_or_insert_default().base = rig.evil.base()),
        ("token endpoint", "Gateway's token endpoint", |profile, rig| {
            profile.gateway.get_or_insert_default().endpoints.token = format!("{}/token", rig.evil.base());
        }),
        ("portal, and no issuer", "Gateway's portal", |profile, rig| {
            let gateway = profile.gateway.get_or_insert_default();
            gateway.issuer.clear();
            gateway.portal = rig.evil.base();
        }),
    ];
    for (name, what, change) in gateways {
        rows.push(Attack::new(format!("an imported profile whose gateway's {name} lies elsewhere"), async move {
            let rig = Rig::empty().await;
            let mut file = rig.profile.clone();
            let honest = of(file.clone()).distrusted().map_err(|fault| fault.message)?.preview.warned.len();
            change(&mut file, &rig);
            let warned = of(file).distrusted().map_err(|fault| fault.message)?.preview.warned;
            let named = warned.iter().any(|line| line.what == what && line.words.contains(&rig.evil.base()));
            ensure(named && warned.len() == honest + 1, format!("{warned:?}"))
        }));
    }
    rows.push(Attack::new("a metadata document that puts an endpoint elsewhere", async {
        let rig = Rig::empty().await;
        for member in ["token_endpoint", "introspection_endpoint", "revocation_endpoint", "jwks_uri", "userinfo_endpoint"] {
            let mut document = metadata(&rig.good, &rig.good);
            document[member] = json!(format!("{}/x", rig.evil.base()));
            let read = import::read(&document.to_string(), "").map_err(|fault| fault.message)?;
            ensure(read.preview.warned.len() == 1, format!("{member}: {:?}", read.preview.warned))?;
            ensure(read.profile.provider.capabilities.is_empty(), "what it supports was taken from the file")?;
        }
        Ok(())
    }));
    rows.push(Attack::new("a file whose identifiers deceive", async {
        let rig = Rig::empty().await;
        let changes: [Change; 6] = [
            |profile, _| profile.clients[0].client_id = "ba\u{202e}sic".into(),
            |profile, _| profile.provider.issuer = "https://id.example\u{200b}.org/".into(),
            |profile, _| profile.provider.endpoints.token = "https://id.example.org/\u{7}".into(),
            |profile, _| profile.scopes = vec!["open\u{2066}id".into()],
            |profile, _| profile.redirect.path = "/call\nback".into(),
            |profile, _| profile.provider.events = "https://id.example.org/\u{feff}".into(),
        ];
        for (index, change) in changes.into_iter().enumerate() {
            let mut profile = rig.profile.clone();
            change(&mut profile, &rig);
            let fault = of(profile).distrusted().err().ok_or(format!("row {index} was taken"))?;
            ensure(fault.id == "deceptive-characters" && !fault.message.chars().any(import::deceptive), fault.message)?;
        }
        let mut profile = rig.profile.clone();
        profile.name = "Shop \u{202e}gnigats".into();
        profile.clients[0].note = "\u{200f}note".into();
        let read = of(profile).distrusted().map_err(|fault| fault.message)?;
        ensure(
            !format!("{}{}", read.profile.name, read.profile.clients[0].note).chars().any(import::deceptive),
            "it still deceives",
        )
    }));
    rows
}
