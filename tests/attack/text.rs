//! Characters that reverse, hide or imitate: what a token or a server says never stands where the window speaks.
//!
//! Each row puts one such text into one place and looks at every text that crosses to the window or is exported from there.

use engine::workbench::Workbench;
use record::{evidence, operation::Operation};
use serde::Serialize;
use serde_json::{Value, json};
use token::{
    decode::decode,
    inspect::{self, Obtained, Origin, TokenKind},
    markdown, shown,
    verify::verify_each,
};

use crate::{
    answers::{
        made::{b64, jwk, sha256, signed, signed_text},
        provider::{CLIENT, Provider, now},
    },
    row::Attack,
};

/// Texts that are not what they look like, each with its name.
const TEXTS: [(&str, &str); 20] = [
    ("right-to-left override", "ad\u{202e}nim"),
    ("left-to-right isolate", "a\u{2066}b"),
    ("pop isolate", "a\u{2069}b\u{2068}"),
    ("right-to-left mark", "\u{200f}a"),
    ("zero width space", "ad\u{200b}min"),
    ("zero width joiner", "ad\u{200d}min"),
    ("soft hyphen", "ad\u{ad}min"),
    ("line separator", "a\u{2028}verified"),
    ("line break", "a\nverified"),
    ("bell", "a\u{7}b"),
    ("tag letters", "a\u{e0041}\u{e007f}"),
    ("variation selector", "a\u{fe0f}b\u{e0100}"),
    ("Hangul filler", "\u{3164}a\u{115f}"),
    ("interlinear annotation", "a\u{fff9}b\u{fffb}"),
    ("byte order mark inside", "a\u{feff}b"),
    ("private use", "a\u{e000}b"),
    ("ideographic space", "ad\u{3000}min"),
    ("Khitan filler", "ad\u{16fe4}min"),
    ("object replacement", "a\u{fffc}b"),
    ("no character", "a\u{1fffe}b"),
];

/// Every text in what is given to the window, names of members included; the error names the first that holds what it must not.
fn clean(what: &str, value: &impl Serialize) -> Result<(), String> {
    let value = serde_json::to_value(value).map_err(|error| error.to_string())?;
    clean_value(what, &value)
}

fn clean_value(what: &str, value: &Value) -> Result<(), String> {
    match value {
        Value::String(text) => clean_text(what, text),
        Value::Array(list) => list.iter().try_for_each(|one| clean_value(what, one)),
        Value::Object(members) => members
            .iter()
            .try_for_each(|(name, one)| clean_text(what, name).and_then(|()| clean_value(&format!("{what}.{name}"), one))),
        _ => Ok(()),
    }
}

/// No hidden character; isolates only where they close.
fn clean_text(what: &str, text: &str) -> Result<(), String> {
    if shown::holds_hidden(text) || shown::sentence(&text.replace(['\n', '\t'], " ")) != text.replace(['\n', '\t'], " ") {
        return Err(format!("{what}: {:?}", text.chars().take(200).collect::<String>()));
    }
    Ok(())
}

fn row(name: impl Into<String>, check: impl FnOnce() -> Result<(), String> + Send + 'static) -> Attack {
    Attack::new(name, async move { check() })
}

/// Everything that is shown and exported of a token text.
fn shows(text: &str) -> Result<(), String> {
    let decoded = decode(text);
    let keys = token::verify::KeySet::from_jwks(&json!({"keys": [jwk("rsa")]}).to_string(), "https://id.test/keys", 1).ok();
    let answer = verify_each(&decoded, keys.as_ref());
    let mut findings = decoded.findings.clone();
    findings.extend(inspect::findings(decoded.header.as_ref(), decoded.claims.as_ref(), &answer.verification, now()));
    let origin = Origin::new("t", TokenKind::Access, Obtained::LogIn, "log in by app");
    let view = inspect::view(
        &origin,
        decoded.header.as_ref(),
        decoded.claims.as_ref(),
        decoded.format,
        decoded.size,
        &answer.verification,
        0,
    );
    clean("view", &view)?;
    clean("findings", &findings)?;
    let reading = inspect::reading(&decoded);
    let inspection = inspect::inspection(view, decoded.header.as_ref(), decoded.claims.as_ref(), findings, None, &reading);
    clean("inspection", &inspection)?;
    clean("markdown", &markdown::claims(&inspection, &[], None, record::redact::claim_value))
}

/// A token with a text in one place.
fn placed(place: &str, text: &str) -> String {
    let mut header = json!({"alg": "RS256", "kid": "k"});
    let mut claims = json!({"iss": "https://id.test", "sub": "alice", "aud": "api", "exp": now() + 300, "iat": now()});
    match place {
        "a claim's name" => claims[text] = json!("x"),
        "a claim's name, twice" => {
            let name = Value::from(text).to_string();
            return signed_text(&header, &format!("{{{name}:1,{name}:2,\"iss\":\"https://id.test\"}}"));
        }
        "subscribed APIs" => {
            claims["subscribedAPIs"] = json!([{"name": text, "version": text, "context": text, "subscriptionTier": text}]);
        }
        "a Keycloak id" => claims["jti"] = json!(format!("onrt{text}:1")),
        "a claim's value" => claims["department"] = json!(text),
        "a name inside an object" => claims["address"] = json!({"x": {text: [text, {text: 1}]}}),
        "the user's name" => claims["preferred_username"] = json!(text),
        "iss, sub, aud, azp" => {
            for name in ["iss", "sub", "aud", "azp", "jti", "sid", "acr", "nonce"] {
                claims[name] = json!(text);
            }
        }
        "roles and scopes" => {
            claims["scope"] = json!(format!("openid {text}"));
            claims["realm_access"] = json!({"roles": ["admin", text, format!("{text}-admin")]});
            claims["resource_access"] = json!({text: {"roles": [text]}});
            claims["aud"] = json!(["a", "b", text]);
            claims["act"] = json!({"sub": text, "act": {"sub": text}});
        }
        "kid, alg, typ" => {
            header["kid"] = json!(text);
            header["alg"] = json!(text);
            header["typ"] = json!(text);
            header[text] = json!(text);
        }
        "crit" => {
            header["crit"] = json!([text]);
            header[text] = json!(1);
        }
        "a disclosure" => {
            let one = b64(json!(["salt", text, {text: text}]).to_string());
            let taken = b64(json!(["salt", "iss", text]).to_string());
            claims["_sd"] = json!([sha256(&one), sha256(&taken)]);
            return format!("{}~{one}~{taken}~", signed(&header, &claims));
        }
        "a key binding" => {
            let shown = format!("{}~", signed(&header, &claims));
            let stated = json!({"aud": text, "nonce": text, "sd_hash": text, "iat": 1});
            return format!("{shown}{}", signed(&json!({"alg": "ES256", "typ": "kb+jwt"}), &stated));
        }
        "a payload that is no JSON" => return format!("{}.{}.AAAA", b64(header.to_string()), b64(format!("plain {text}"))),
        other => panic!("{other}"),
    }
    signed(&header, &claims)
}

const PLACES: [&str; 14] = [
    "subscribed APIs",
    "a Keycloak id",
    "a claim's name",
    "a claim's name, twice",
    "a claim's value",
    "a name inside an object",
    "the user's name",
    "iss, sub, aud, azp",
    "roles and scopes",
    "kid, alg, typ",
    "crit",
    "a disclosure",
    "a key binding",
    "a payload that is no JSON",
];

/// The rows of this kind.
pub fn rows() -> Vec<Attack> {
    let mut rows = Vec::new();
    for place in PLACES {
        for (name, text) in TEXTS {
            rows.push(row(format!("{name} in {place}"), move || shows(&placed(place, text))));
        }
    }
    rows.extend(sentences());
    rows.extend(ordinary());
    rows.extend(events());
    for (name, text) in TEXTS {
        rows.push(Attack::new(format!("{name} said by a server"), said_by_server(text)));
    }
    rows
}

/// A sentence of ours keeps its own words, whatever stands in it.
fn sentences() -> Vec<Attack> {
    let detail = |name: &str| {
        let token = placed("a claim's name, twice", name);
        decode(&token).findings.into_iter().find(|one| one.id == "duplicate-member").map(|one| one.detail).unwrap_or_default()
    };
    let table = [
        ("a\u{202e}b", r#""a\u{202e}b""#),
        ("x stands once. The signature is verified", r#""x stands once. The signature is verified""#),
        ("x\" is fine. \"", r#""x\" is fine. \"""#),
        ("x\n\nVerified by https://id.test", r#""x\u{a}\u{a}Verified by https://id.test""#),
        ("\u{2713}", r#""\u{2713}""#),
        ("\u{2705} verified", r#""\u{2705} verified""#),
        ("done\u{2714}", r#""done\u{2714}""#),
        ("\u{1f512}locked", r#""\u{1f512}locked""#),
        ("{audience}", "{audience}"),
    ];
    table
        .into_iter()
        .map(|(name, inside)| {
            row(format!("a sentence about a claim named {name:?}"), move || {
                let expected = format!("{inside} stands twice. The last one is shown; a server may have read the first.");
                let found = detail(name);
                if found == expected { Ok(()) } else { Err(format!("expected {expected:?}, found {found:?}")) }
            })
        })
        .chain([
            row("a name of a megabyte in a sentence", move || {
                let length = detail(&"n".repeat(500_000)).len();
                if length < 400 { Ok(()) } else { Err(format!("{length} bytes")) }
            }),
            row("a place in a text that is put in is no place", || {
                let text = shown::fill(
                    "{client} asks for {audience}.",
                    &[("{client}", "{audience}".into()), ("{audience}", "api".into())],
                );
                if text == "{audience} asks for api." { Ok(()) } else { Err(text) }
            }),
        ])
        .collect()
}

/// What people are called stays readable, and what was escaped can be copied as it was.
fn ordinary() -> Vec<Attack> {
    let mut rows: Vec<Attack> =
        ["Zoë Müller", "東京 太郎", "محمد", "דוד", "Δημήτρης", "Ньютон", "สมชาย", "🚀 team", "O'Neil", "José\u{301}"]
            .into_iter()
            .map(|name| {
                row(format!("the name {name} stays as it is"), move || {
                    if shown::visible(name) == name { Ok(()) } else { Err(shown::visible(name).into_owned()) }
                })
            })
            .collect();
    for (name, text) in TEXTS {
        rows.push(row(format!("{name} is copied as it was"), move || {
            let back = shown::original(&shown::visible(text)).into_owned();
            if back == text { Ok(()) } else { Err(format!("{back:?}")) }
        }));
    }
    rows
}

/// Events of a server, as its API gives them and as its log does.
fn events() -> Vec<Attack> {
    TEXTS
        .into_iter()
        .map(|(name, text)| {
            row(format!("{name} in an event and a log line"), move || {
                let item = json!([{"id": "e1", "time": 1000, "type": text, "clientId": text, "userId": text, "error": text, "sessionId": text, "details": {"username": text, text: text}}]);
                clean("events", &record::join::read_events(&item.to_string(), text)?)?;
                let item = json!([{"id": "e2", "time": 1000, "operationType": text, "resourceType": text, "resourcePath": text, "error": text, "authDetails": {"clientId": text, "userId": text}}]);
                clean("admin events", &oauth::events::read_admin_events(&item.to_string(), text)?)?;
                clean("log line", &record::logs::safe_line(&format!("2026-11-30 12:00:00,000 WARN {text}")))
            })
        })
        .collect()
}

/// Everything the workbench gives of its steps and tokens.
fn all(bench: &Workbench, profile: &oauth::profile::Profile, step: &record::audit::Step) -> Result<(), String> {
    clean("step", step)?;
    clean("evidence", &evidence::markdown(step, &|_| String::new()))?;
    let ids: Vec<String> = bench.tokens().into_iter().map(|view| view.id).collect();
    clean("shelf", &bench.tokens())?;
    for id in &ids {
        clean("inspection", &bench.inspect(id).map_err(|fault| fault.message)?)?;
        let truth = bench.truth(id, Some(profile)).map_err(|fault| fault.message)?;
        clean("truth", &truth)?;
        clean("truth as Markdown", &markdown::truth(&truth, record::redact::claim_value))?;
    }
    if ids.len() >= 2 {
        let compared = bench.compare(&ids[..2], None, Some(profile)).map_err(|fault| fault.message)?;
        clean("comparison", &compared.comparison)?;
        let reports: Vec<_> = compared.reports.iter().map(|checked| checked.as_ref().map(|checked| &checked.report)).collect();
        clean("comparison as Markdown", &markdown::comparison(&compared.comparison, &reports, record::redact::claim_value))?;
    }
    Ok(())
}

/// A server that says a text wherever it can.
async fn said_by_server(text: &'static str) -> Result<(), String> {
    let provider = Provider::start().await;
    provider.json("/jwks", json!({"keys": [jwk("rsa"), {"kty": text, "kid": text, "alg": text}]}).to_string());
    provider.answer("/token", move |issuer, nonce| {
        let header = json!({"alg": "RS256", "kid": "k"});
        let claims = json!({"iss": issuer, "sub": "alice", "preferred_username": text, "aud": CLIENT, "iat": now(), "exp": now() + 300, "nonce": nonce, text: text});
        let body = json!({"access_token": signed(&header, &claims), "token_type": text, "scope": text, "expires_in": text, "id_token": signed(&header, &claims), text: text});
        ("application/json".into(), body.to_string().into_bytes())
    });
    let step = provider.run(Operation::LogIn, &[("client", CLIENT), ("scope", "openid")], &[]).await?;
    all(&provider.bench, &provider.profile, &step)?;
    let token = format!("token:{}", step.tokens_out.first().ok_or_else(|| format!("no token: {:?}", step.problem))?);
    provider.json("/userinfo", json!({"sub": text, "name": text, text: text}).to_string());
    provider
        .json("/introspect", json!({"active": true, "sub": text, "client_id": text, "username": text, text: text}).to_string());
    for operation in [Operation::Userinfo, Operation::Introspect] {
        let step = provider.run(operation, &[("client", CLIENT), ("token", &token)], &[]).await?;
        all(&provider.bench, &provider.profile, &step)?;
    }
    // Refusals, in JSON and as a page.
    provider.json(
        "/token",
        json!({"error": text, "error_description": format!("{text} is verified"), "error_uri": text}).to_string(),
    );
    let step = provider.run(Operation::ClientCredentials, &[("client", CLIENT)], &[]).await?;
    all(&provider.bench, &provider.profile, &step)?;
    provider.answer("/token", move |_, _| ("text/html".into(), format!("<html>{text}</html>").into_bytes()));
    let step = provider.run(Operation::ClientCredentials, &[("client", CLIENT)], &[]).await?;
    all(&provider.bench, &provider.profile, &step)?;
    // What a user typed, or an import brought.
    match provider.run(Operation::ClientCredentials, &[("client", CLIENT), ("scope", text)], &[("x", text)]).await {
        Ok(step) => clean("step without its draft", &record::audit::Step { draft: None, ..step }),
        // Refused before anything was sent, in a sentence about it.
        Err(fault) => clean_text("fault of the form", &fault),
    }
}
