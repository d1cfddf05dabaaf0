//! Logins whose ID token does not hold (OpenID Connect Core 3.1.3.7): each ends as what it is.

use record::{audit::Outcome, operation::Operation};
use serde_json::{Value, json};

use super::{
    expect,
    made::{b64, forged, jwk, sha256, signed_text},
    provider::{CLIENT, Provider, SECRET, changed, now},
};
use crate::row::Attack;

/// What the token endpoint and the keys say.
struct Case {
    name: String,
    header: Value,
    claims: Value,
    /// Put at the front of the claims' text, for members that stand twice.
    twice: &'static str,
    answer: Value,
    jwks: Option<Value>,
    scope: &'static str,
    extra: &'static [(&'static str, &'static str)],
    mac: Option<&'static str>,
    expected: Expected,
}

/// The outcome that is right.
#[derive(Clone, Copy)]
enum Expected {
    /// Logged in, and no complaint.
    In,
    /// Logged in, with this finding on a token.
    With(&'static str),
    /// Ended with this problem, and no token of it can be used.
    Refused(&'static str),
    /// Ended with this problem, and the tokens are kept as what they are.
    Open(&'static str),
}

fn case(name: &str, expected: Expected) -> Case {
    Case {
        name: name.into(),
        header: json!({"alg": "RS256", "kid": "k"}),
        claims: json!({}),
        twice: "",
        answer: json!({}),
        jwks: Some(json!({"keys": [jwk("rsa")]})),
        scope: "openid",
        extra: &[],
        mac: None,
        expected,
    }
}

const ACCESS: &str = "access-token-of-alice";

async fn run(case: Case) -> Result<(), String> {
    let provider = Provider::start().await;
    if let Some(jwks) = &case.jwks {
        provider.json("/jwks", jwks.to_string());
    }
    let (header, claims, twice, answer, mac) =
        (case.header.clone(), case.claims.clone(), case.twice, case.answer.clone(), case.mac);
    provider.answer("/token", move |issuer, nonce| {
        let mut base = json!({"iss": issuer, "sub": "alice", "aud": CLIENT, "iat": now(), "exp": now() + 300});
        if !nonce.is_empty() {
            base["nonce"] = json!(nonce);
        }
        let claims = changed(base, &claims).to_string().replacen('{', &format!("{{{twice}"), 1);
        let token = match mac {
            Some(secret) => forged(&header, &serde_json::from_str(&claims).unwrap_or_default(), secret.as_bytes()),
            None => signed_text(&header, &claims),
        };
        let body =
            changed(json!({"access_token": ACCESS, "token_type": "Bearer", "expires_in": 300, "id_token": token}), &answer);
        ("application/json".into(), body.to_string().into_bytes())
    });
    let values = [("client", CLIENT), ("scope", case.scope)];
    let values: Vec<(&str, &str)> = values.into_iter().chain(case.extra.iter().copied()).collect();
    let step = provider.run(Operation::LogIn, &values, &[]).await?;
    let found: Vec<String> = provider.findings(&step).into_iter().map(|finding| finding.id).collect();
    let usable = step.tokens_out.iter().filter(|id| provider.bench.raw_token(id).is_ok()).count();
    let problem = step.problem_id.as_deref();
    let said = format!("{problem:?} {:?} {found:?}", step.problem);
    match case.expected {
        Expected::In => {
            expect((step.outcome, problem), (Outcome::Success, None)).map_err(|error| format!("{error} {said}"))?;
            expect(found.iter().any(|id| id.starts_with("id-token-") && id != "id-token"), false)
                .map_err(|error| format!("{error} {said}"))
        }
        Expected::With(id) => {
            expect(step.outcome, Outcome::Success).map_err(|error| format!("{error} {said}"))?;
            if found.iter().any(|found| found == id) { Ok(()) } else { Err(format!("{id} was not found: {said}")) }
        }
        Expected::Refused(id) => {
            expect((step.outcome, problem), (Outcome::Failed, Some(id))).map_err(|error| format!("{error} {said}"))?;
            expect(usable, 0).map_err(|error| format!("usable tokens: {error}"))
        }
        Expected::Open(id) => {
            expect((step.outcome, problem), (Outcome::Failed, Some(id))).map_err(|error| format!("{error} {said}"))?;
            let reasoned = step.problem.as_ref().is_some_and(|text| text.len() > 60);
            expect((usable, reasoned), (2, true)).map_err(|error| format!("tokens kept: {error}"))
        }
    }
}

pub fn rows() -> Vec<Attack> {
    use Expected::{In, Open, Refused, With};
    let mut cases = vec![
        case("control", In),
        Case { extra: &[("max_age", "60")], claims: json!({"auth_time": now()}), ..case("max_age kept", In) },
        Case { scope: "profile", answer: json!({"id_token": null}), ..case("no openid asked, no ID token", In) },
        Case { header: json!({"alg": "HS256"}), mac: Some(SECRET), ..case("a MAC with the client's secret", In) },
        Case { claims: json!({"aud": [CLIENT, "api"], "azp": CLIENT}), ..case("two audiences with azp", In) },
        Case { answer: json!({"id_token": null}), ..case("openid asked and no ID token issued", With("id-token-missing")) },
        Case {
            extra: &[("acr_values", "gold")],
            claims: json!({"acr": "1"}),
            ..case("another acr than asked", With("id-token-acr"))
        },
        Case { extra: &[("acr_values", "gold")], ..case("no acr although asked", With("id-token-acr")) },
        Case {
            header: json!({"alg": "HS256"}),
            mac: Some("another-secret-that-is-long-enough!"),
            ..case("a MAC with another secret", Refused("id-token-signature"))
        },
        Case {
            header: json!({"alg": "RS256", "kid": "never-published"}),
            ..case("unknown kid", Refused("id-token-unknown-key"))
        },
        Case { header: json!({"alg": "RS256", "kid": "k/../k"}), ..case("kid with a path", Refused("id-token-unknown-key")) },
        Case { header: json!({"alg": "RS256", "kid": 7}), ..case("kid that is a number", Refused("id-token-malformed")) },
        Case {
            header: json!({"alg": "RS256", "kid": "k", "crit": ["b64"], "b64": true}),
            ..case("crit with b64 in a JWT", Refused("id-token-critical"))
        },
        Case {
            header: json!({"alg": "RS256", "kid": "k", "crit": ["x"], "x": 1}),
            ..case("unknown crit", Refused("id-token-critical"))
        },
        Case { header: json!({"alg": "RS256", "kid": "k", "crit": []}), ..case("empty crit", Refused("id-token-critical")) },
        Case {
            header: json!({"alg": "RS256", "kid": "k", "crit": "exp"}),
            ..case("crit that is a text", Refused("id-token-critical"))
        },
        Case {
            header: json!({"alg": "RS256", "kid": "k", "crit": ["exp"]}),
            jwks: None,
            ..case("unknown crit and no keys", Refused("id-token-critical"))
        },
        Case { header: json!({"alg": "none"}), ..case("alg none", Refused("id-token-alg-none")) },
        Case { header: json!({"alg": "NonE"}), ..case("alg none in capitals", Refused("id-token-alg-none")) },
        Case { header: json!({"alg": "none"}), jwks: None, ..case("alg none and no keys", Refused("id-token-alg-none")) },
        Case {
            header: json!({"alg": "RS256", "kid": "k"}),
            jwks: Some(json!({"keys": [{"kty": "RSA", "kid": "k", "e": "AQAB", "n": b64([0xf1_u8; 256])}]})),
            ..case("another key of that name", Refused("id-token-signature"))
        },
        Case {
            jwks: Some(json!({"keys": [changed(jwk("rsa"), &json!({"alg": "HS256"}))]})),
            ..case("an RSA key with alg HS256", Refused("id-token-signature"))
        },
        Case {
            jwks: Some(json!({"keys": [changed(jwk("rsa"), &json!({"use": "enc"}))]})),
            ..case("a key for encryption", Refused("id-token-unfit-key"))
        },
        Case {
            jwks: Some(json!({"keys": [changed(jwk("rsa"), &json!({"d": "AQAB"}))]})),
            ..case("a private key published", Refused("id-token-unfit-key"))
        },
        Case { jwks: None, ..case("keys cannot be read", Open("id-token-not-verified")) },
        Case {
            header: json!({"alg": "XY256", "kid": "k"}),
            mac: Some("x"),
            ..case("an unknown algorithm", Open("id-token-not-verified"))
        },
        Case { jwks: Some(json!({"keys": 7})), ..case("keys that are no list", Open("id-token-not-verified")) },
        Case {
            jwks: None,
            claims: json!({"nonce": "other"}),
            ..case("keys cannot be read and another nonce", Refused("id-token-nonce"))
        },
        Case { answer: json!({"id_token": "no.token"}), ..case("an ID token that is none", Refused("id-token-unreadable")) },
        Case { extra: &[("max_age", "60")], ..case("max_age asked and no auth_time", Refused("id-token-auth-time")) },
        Case {
            extra: &[("max_age", "60")],
            claims: json!({"auth_time": now() + 7200}),
            ..case("signed in in the future", Refused("id-token-auth-time"))
        },
        Case {
            extra: &[("max_age", "60")],
            claims: json!({"auth_time": now() - 7200}),
            ..case("signed in longer ago than max_age", Refused("id-token-auth-time"))
        },
    ];
    for (name, twice) in [
        ("nonce", "\"nonce\":\"other\","),
        ("nonce, escaped", "\"n\\u006fnce\":\"other\","),
        ("iss", "\"iss\":\"https://evil.test\","),
        ("aud", "\"aud\":\"other\","),
        ("exp", "\"exp\":1,"),
        ("sub", "\"sub\":\"mallory\","),
        ("a claim of its own", "\"x\":1,\"x\":2,"),
    ] {
        cases.push(Case { twice, ..case(&format!("{name} twice"), Refused("id-token-repeated-member")) });
    }
    for (claims, id) in [
        (json!({"nonce": "other"}), "id-token-nonce"),
        (json!({"nonce": null}), "id-token-nonce"),
        (json!({"nonce": ["other"]}), "id-token-nonce"),
        (json!({"iss": "https://evil.test"}), "id-token-signature-or-issuer"),
        (json!({"aud": "other"}), "id-token-audience"),
        (json!({"aud": ["other"]}), "id-token-audience"),
        (json!({"aud": []}), "id-token-audience"),
        (json!({"aud": {"app": 1}}), "id-token-audience"),
        (json!({"aud": [CLIENT, 7]}), "id-token-audience"),
        (json!({"aud": [CLIENT, "api"]}), "id-token-azp"),
        (json!({"aud": [CLIENT, "api"], "azp": "api"}), "id-token-azp"),
        (json!({"azp": "other"}), "id-token-azp"),
        (json!({"azp": 7}), "id-token-azp"),
        (json!({"sub": null}), "id-token-subject"),
        (json!({"sub": ""}), "id-token-subject"),
        (json!({"sub": 7}), "id-token-subject"),
        (json!({"sub": "x".repeat(256)}), "id-token-subject"),
        (json!({"sub": "al\u{202e}ice"}), "id-token-subject"),
        (json!({"exp": now() - 3600}), "id-token-expired"),
        (json!({"exp": -1}), "id-token-expired"),
        (json!({"exp": "soon"}), "id-token-expiry"),
        (json!({"iat": now() + 7200}), "id-token-future"),
        (json!({"iat": "x"}), "id-token-issued-at"),
        (json!({"nbf": now() + 7200}), "id-token-not-yet"),
        (json!({"nbf": 1e300}), "id-token-not-yet"),
        (json!({"nbf": "soon"}), "id-token-not-yet"),
        (json!({"nbf": [now()]}), "id-token-not-yet"),
        (json!({"typ": "Bearer"}), "id-token-type"),
        (json!({"typ": "Refresh"}), "id-token-type"),
        (json!({"typ": "Logout"}), "id-token-type"),
        (json!({"at_hash": "AAAA"}), "id-token-at-hash"),
        (json!({"at_hash": sha256(ACCESS)}), "id-token-at-hash"),
        (json!({"at_hash": 7}), "id-token-at-hash"),
        (json!({"c_hash": "AAAA"}), "id-token-c-hash"),
        (json!({"s_hash": "AAAA"}), "id-token-s-hash"),
    ] {
        let name = format!("claims {}", claims.to_string().chars().take(60).collect::<String>());
        // The keys of a foreign issuer are nobody's here, so that one is refused by its name.
        let id = if id == "id-token-signature-or-issuer" { "id-token-issuer" } else { id };
        cases.push(Case { claims, ..case(&name, Refused(id)) });
    }
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "logout+jwt", "dpop+jwt", "kb+jwt", "secevent+jwt"] {
        let header = json!({"alg": "RS256", "kid": "k", "typ": typ});
        cases.push(Case { header, ..case(&format!("a token of type {typ}"), Refused("id-token-type")) });
    }
    for typ in ["JWT", "jwt"] {
        cases.push(Case { header: json!({"alg": "RS256", "kid": "k", "typ": typ}), ..case(&format!("type {typ}"), In) });
    }
    cases.into_iter().map(|case| Attack::new(format!("login: {}", case.name), run(case))).collect()
}
