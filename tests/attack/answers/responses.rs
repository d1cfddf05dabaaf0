//! Answers of the token endpoint, of userinfo and of introspection that are not what they should be.

use oauth::message::{ResponseReading, read_token_response};
use record::{
    audit::{Outcome, Step},
    operation::Operation,
};
use serde_json::{Value, json};
use token::inspect::Verification;

use super::{
    expect,
    made::{jwk, signed, signed_text},
    provider::{CLIENT, Provider, changed, now},
    row,
};
use crate::row::Attack;

pub fn rows() -> Vec<Attack> {
    let mut rows = token_responses();
    rows.extend(userinfo());
    rows.extend(introspection());
    rows.extend(refreshes());
    rows
}

/// Id of what is wrong with a token response, `ok`, or the ids of its remarks.
fn reading(body: &[u8]) -> String {
    match read_token_response(200, "application/json", body) {
        ResponseReading::Ok(read) if read.remarks.is_empty() => "ok".into(),
        ResponseReading::Ok(read) => read.remarks.iter().map(|remark| remark.id.as_str()).collect::<Vec<_>>().join(" "),
        ResponseReading::Refused(_) => "refused".into(),
        ResponseReading::Malformed { id, .. } => id.into(),
    }
}

fn token_responses() -> Vec<Attack> {
    let base = || json!({"access_token": "abc", "token_type": "Bearer", "expires_in": 300});
    let mut cases: Vec<(String, Vec<u8>, &str)> = Vec::new();
    for (change, expected) in [
        (json!({}), "ok"),
        (json!({"token_type": "bearer"}), "ok"),
        (json!({"token_type": "DPoP"}), "ok"),
        (json!({"token_type": "N_A", "issued_token_type": "urn:ietf:params:oauth:token-type:refresh_token"}), "ok"),
        (json!({"scope": "openid profile"}), "ok"),
        (json!({"expires_in": null}), "ok"),
        (json!({"token_type": null}), "token-type-missing"),
        (json!({"token_type": "mac"}), "token-type-unknown"),
        (json!({"token_type": "Bearer "}), "token-type-unknown"),
        (json!({"token_type": "Bea\u{200b}rer"}), "token-type-unknown"),
        (json!({"token_type": ["Bearer"]}), "token-type-unknown"),
        (json!({"token_type": 7}), "token-type-unknown"),
        (json!({"token_type": ""}), "token-type-unknown"),
        (json!({"token_type": "N_A"}), "token-type-not-applicable"),
        (json!({"token_type": "n_a"}), "token-type-not-applicable"),
        (
            json!({"token_type": "N_A", "issued_token_type": "urn:ietf:params:oauth:token-type:access_token"}),
            "token-type-not-applicable",
        ),
        (json!({"expires_in": "300"}), "expires-in-text"),
        (json!({"expires_in": "soon"}), "expires-in-unusable"),
        (json!({"expires_in": -1}), "expires-in-unusable"),
        (json!({"expires_in": 300.5}), "expires-in-not-whole"),
        (json!({"expires_in": i64::MAX}), "expires-in-unusable"),
        (json!({"expires_in": u64::MAX}), "expires-in-unusable"),
        (json!({"expires_in": 1e30}), "expires-in-unusable"),
        (json!({"expires_in": true}), "expires-in-unusable"),
        (json!({"expires_in": [300]}), "expires-in-unusable"),
        (json!({"scope": ["openid", "profile"]}), "scope-not-text"),
        (json!({"scope": {"a": 1}}), "scope-not-text"),
        (json!({"scope": "a\u{0}b"}), "scope-bad-characters"),
        (json!({"scope": "a\"b"}), "scope-bad-characters"),
        (json!({"refresh_token": 7}), "token-member-not-text"),
        (json!({"id_token": ""}), "token-member-not-text"),
        (json!({"access_token": null}), "token-missing"),
        (json!({"access_token": 7}), "token-not-text"),
        (json!({"access_token": ""}), "token-not-text"),
        (json!({"access_token": ["abc"]}), "token-not-text"),
        (json!({"access_token": "a b"}), "token-bad-characters"),
        (json!({"access_token": "abc\n"}), "token-bad-characters"),
        (json!({"access_token": "abc\r\nX-Injected: 1"}), "token-bad-characters"),
        (json!({"access_token": "a\u{0}b"}), "token-bad-characters"),
        (json!({"access_token": "ab\u{e9}"}), "token-bad-characters"),
        (json!({"access_token": "a\u{202e}b"}), "token-bad-characters"),
        (json!({"refresh_token": "a b"}), "token-bad-characters"),
        (json!({"error": "invalid_grant"}), "token-error-with-200"),
        (json!({"error": {"code": 7}}), "token-error-with-200"),
    ] {
        cases.push((change.to_string(), changed(base(), &change).to_string().into_bytes(), expected));
    }
    let text = base().to_string();
    for (name, body, expected) in [
        ("a byte order mark", format!("\u{feff}{text}"), "answer-bom"),
        ("garbage after it", format!("{text}garbage"), "token-trailing"),
        ("another object after it", format!("{text}{text}"), "token-trailing"),
        ("another object in the next line", format!("{text}\n{text}"), "token-trailing"),
        ("a null octet after it", format!("{text}\u{0}"), "token-trailing"),
        ("JSONP", format!("callback({text})"), "token-script"),
        ("JSONP with a semicolon", format!("/**/cb.x({text});"), "token-script"),
        ("a guard against script", format!(")]}}',\n{text}"), "token-script"),
        ("a member twice", text.replacen('{', "{\"access_token\":\"other\",", 1), "token-duplicate-member"),
        ("token_type twice", text.replacen('{', "{\"token_type\":\"mac\",", 1), "token-duplicate-member"),
        ("expires_in twice, escaped", text.replacen('{', "{\"expires_\\u0069n\":1,", 1), "token-duplicate-member"),
        ("expires_in beyond every number", text.replace("300", "1e999"), "token-invalid-json"),
        ("a list", format!("[{text}]"), "token-not-object"),
        ("nothing", "  \r\n".into(), "token-empty"),
        ("a comment", format!("// {text}"), "token-invalid-json"),
        ("single quotes", text.replace('"', "'"), "token-invalid-json"),
    ] {
        cases.push((name.into(), body.into_bytes(), expected));
    }
    cases.push(("UTF-16".into(), text.encode_utf16().flat_map(u16::to_le_bytes).collect(), "token-invalid-json"));
    let mut rows: Vec<Attack> = cases
        .into_iter()
        .map(|(name, body, expected)| row(format!("token response: {name}"), move || expect(reading(&body), expected.to_owned())))
        .collect();
    for change in
        [json!({"expires_in": i64::MAX}), json!({"expires_in": 1e30}), json!({"token_type": "mac"}), json!({"expires_in": -1})]
    {
        rows.push(Attack::new(format!("a step with {change}"), async move {
            let provider = Provider::start().await;
            provider.json("/token", changed(base(), &change).to_string());
            let step = provider.run(Operation::ClientCredentials, &[("client", CLIENT)], &[]).await?;
            let found: Vec<String> = provider.findings(&step).into_iter().map(|finding| finding.id).collect();
            let told = found.iter().any(|id| id == "expires-in-unusable" || id == "token-type-unknown");
            expect((step.outcome, told), (Outcome::Success, true)).map_err(|error| format!("{error} {found:?}"))
        }));
    }
    rows
}

/// A token of alice at the workbench, with the ID token it came with.
async fn with_token(provider: &Provider) -> Result<Step, String> {
    provider.json("/jwks", json!({"keys": [jwk("rsa")]}).to_string());
    provider.answer("/token", |issuer, nonce| {
        let header = json!({"alg": "RS256", "kid": "k"});
        let claims = json!({"iss": issuer, "sub": "alice", "aud": CLIENT, "iat": now(), "exp": now() + 300, "nonce": nonce});
        let access = json!({"iss": issuer, "sub": "alice", "azp": CLIENT, "aud": "api", "jti": "j1", "iat": now(), "exp": now() + 300, "scope": "openid"});
        let body = json!({"access_token": signed(&header, &access), "token_type": "Bearer", "expires_in": 300, "id_token": signed(&header, &claims)});
        ("application/json".into(), body.to_string().into_bytes())
    });
    let step = provider.run(Operation::LogIn, &[("client", CLIENT), ("scope", "openid")], &[]).await?;
    expect(step.outcome, Outcome::Success).map_err(|error| format!("the login: {error} {:?}", step.problem))?;
    Ok(step)
}

type Body = fn(&str) -> (&'static str, String);

fn userinfo() -> Vec<Attack> {
    fn jwt(issuer: &str, header: &Value, change: &Value) -> (&'static str, String) {
        let base = json!({"iss": issuer, "aud": CLIENT, "sub": "alice"});
        ("application/jwt", signed(header, &changed(base, change)))
    }
    let cases: Vec<(&str, Body, &str)> = vec![
        ("control", |_| ("application/json", json!({"sub": "alice", "name": "Alice"}).to_string()), ""),
        ("a signed one", |issuer| jwt(issuer, &json!({"alg": "RS256", "kid": "k"}), &json!({})), ""),
        ("another sub", |_| ("application/json", json!({"sub": "mallory"}).to_string()), "userinfo-other-sub"),
        ("another sub by case", |_| ("application/json", json!({"sub": "Alice"}).to_string()), "userinfo-other-sub"),
        (
            "a hidden character in sub",
            |_| ("application/json", json!({"sub": "alice\u{200b}"}).to_string()),
            "userinfo-other-sub",
        ),
        ("no sub", |_| ("application/json", json!({"name": "Alice"}).to_string()), "userinfo-without-sub"),
        ("a sub that is a list", |_| ("application/json", json!({"sub": ["alice"]}).to_string()), "userinfo-without-sub"),
        ("an empty sub", |_| ("application/json", json!({"sub": ""}).to_string()), "userinfo-without-sub"),
        ("sub twice", |_| ("application/json", r#"{"sub":"mallory","sub":"alice"}"#.into()), "userinfo-repeated-member"),
        ("HTML", |_| ("text/html", "<html>alice</html>".into()), "userinfo-html"),
        ("HTML that says JSON", |_| ("application/json", "<!doctype html><p>alice".into()), "userinfo-html"),
        ("nothing", |_| ("application/json", String::new()), "userinfo-empty"),
        ("a list", |_| ("application/json", json!([{"sub": "alice"}]).to_string()), "userinfo-not-object"),
        ("a text", |_| ("application/json", "\"alice\"".into()), "userinfo-not-object"),
        ("JSONP", |_| ("application/javascript", "cb({\"sub\":\"alice\"})".into()), "userinfo-script"),
        ("two objects", |_| ("application/json", "{\"sub\":\"alice\"}{\"sub\":\"mallory\"}".into()), "userinfo-trailing"),
        ("an error", |_| ("application/json", json!({"error": "invalid_token"}).to_string()), "userinfo-error-with-200"),
        ("alg none", |issuer| jwt(issuer, &json!({"alg": "none"}), &json!({})), "userinfo-unsecured"),
        ("alg nOnE", |issuer| jwt(issuer, &json!({"alg": "nOnE"}), &json!({})), "userinfo-unsecured"),
        (
            "signed by another key",
            |issuer| jwt(issuer, &json!({"alg": "RS256", "kid": "other"}), &json!({})),
            "userinfo-not-verified",
        ),
        (
            "another issuer",
            |issuer| jwt(issuer, &json!({"alg": "RS256", "kid": "k"}), &json!({"iss": "https://evil.test"})),
            "userinfo-not-verified",
        ),
        ("no issuer", |issuer| jwt(issuer, &json!({"alg": "RS256", "kid": "k"}), &json!({"iss": null})), "userinfo-not-verified"),
        (
            "of yesterday, played again",
            |issuer| jwt(issuer, &json!({"alg": "RS256", "kid": "k"}), &json!({"iat": now() - 86_400, "exp": now() - 86_000})),
            "userinfo-time",
        ),
        (
            "that holds from tomorrow on",
            |issuer| jwt(issuer, &json!({"alg": "RS256", "kid": "k"}), &json!({"nbf": now() + 86_400})),
            "userinfo-time",
        ),
        (
            "issued in the future",
            |issuer| jwt(issuer, &json!({"alg": "RS256", "kid": "k"}), &json!({"iat": now() + 86_400})),
            "userinfo-time",
        ),
        (
            "whose end is no time",
            |issuer| jwt(issuer, &json!({"alg": "RS256", "kid": "k"}), &json!({"exp": "soon"})),
            "userinfo-time",
        ),
        (
            "that holds now",
            |issuer| {
                jwt(issuer, &json!({"alg": "RS256", "kid": "k"}), &json!({"nbf": now() - 5, "iat": now(), "exp": now() + 60}))
            },
            "",
        ),
        (
            "another audience",
            |issuer| jwt(issuer, &json!({"alg": "RS256", "kid": "k"}), &json!({"aud": "other"})),
            "userinfo-audience",
        ),
        (
            "signed, another sub",
            |issuer| jwt(issuer, &json!({"alg": "RS256", "kid": "k"}), &json!({"sub": "mallory"})),
            "userinfo-other-sub",
        ),
    ];
    cases
        .into_iter()
        .map(|(name, body, problem)| {
            Attack::new(format!("userinfo: {name}"), async move {
                let provider = Provider::start().await;
                let login = with_token(&provider).await?;
                provider.answer("/userinfo", move |issuer, _| {
                    let (kind, body) = body(issuer);
                    (kind.into(), body.into_bytes())
                });
                let token = format!("token:{}", login.tokens_out[0]);
                let step = provider.run(Operation::Userinfo, &[("token", &token)], &[]).await?;
                let said = format!("{:?} {:?}", step.problem_id, step.problem);
                if problem.is_empty() {
                    return expect((step.outcome, step.headline.as_str()), (Outcome::Success, "Userinfo of alice"))
                        .map_err(|error| format!("{error} {said}"));
                }
                expect((step.outcome, step.problem_id.as_deref()), (Outcome::Failed, Some(problem)))
                    .map_err(|error| format!("{error} {said}"))?;
                expect(step.headline.contains("alice"), false)?;
                let told = provider.bench.truth(&login.tokens_out[0], Some(&provider.profile)).map_err(|fault| fault.message)?;
                expect(told.groups.iter().flat_map(|group| &group.rows).any(|row| row.cells[2].value.is_some()), false)
            })
        })
        .collect()
}

fn introspection() -> Vec<Attack> {
    let cases: Vec<(Value, &str)> = vec![
        (json!({}), ""),
        (json!({"sub": "mallory"}), "introspection-other-subject"),
        (json!({"client_id": "other"}), "introspection-other-client"),
        (json!({"jti": "j2"}), "introspection-other-token"),
        (json!({"iss": "https://evil.test"}), "introspection-other-issuer"),
        (json!({"exp": now() - 60}), "introspection-active-after-end"),
        (json!({"exp": 0}), "introspection-active-after-end"),
        (json!({"nbf": now() + 7200}), "introspection-active-before-start"),
        (json!({"iat": now() + 7200}), "introspection-issued-ahead"),
        (json!({"active": "true"}), "introspection-active-bad-type"),
        (json!({"active": 1}), "introspection-active-bad-type"),
        (json!({"exp": "tomorrow"}), "introspection-time-bad-type"),
        (json!({"sub": {"a": 1}}), "introspection-member-bad-type"),
    ];
    let mut rows: Vec<Attack> = cases
        .into_iter()
        .map(|(change, finding)| {
            Attack::new(format!("introspection: {change}"), async move {
                let provider = Provider::start().await;
                let login = with_token(&provider).await?;
                // The end the token has: a second that passed meanwhile would be a difference.
                let ends = provider.bench.inspect(&login.tokens_out[0]).map_err(|fault| fault.message)?.token.expires_at;
                let answer =
                    changed(json!({"active": true, "sub": "alice", "client_id": CLIENT, "jti": "j1", "exp": ends}), &change);
                provider.json("/introspect", answer.to_string());
                let token = format!("token:{}", login.tokens_out[0]);
                let step = provider.run(Operation::Introspect, &[("client", CLIENT), ("token", &token)], &[]).await?;
                expect(step.outcome, Outcome::Success).map_err(|error| format!("{error} {:?}", step.problem))?;
                let found: Vec<String> = provider
                    .findings(&step)
                    .into_iter()
                    .map(|one| one.id)
                    .filter(|id| id.starts_with("introspection-"))
                    .collect();
                let truth = provider.bench.truth(&login.tokens_out[0], Some(&provider.profile)).map_err(|fault| fault.message)?;
                let expected: Vec<String> = if finding.is_empty() { Vec::new() } else { vec![finding.into()] };
                expect(found, expected.clone())?;
                let severe = truth.findings.iter().any(|one| one.severity > token::finding::Severity::Note);
                expect(severe, !expected.is_empty())
            })
        })
        .collect();
    for (name, body, problem) in [
        ("HTML", "<html></html>", "introspection-not-json"),
        ("a list", "[{\"active\":true}]", "introspection-not-json"),
        ("no active", "{\"sub\":\"alice\"}", "introspection-without-active"),
        ("active twice", "{\"active\":false,\"active\":true}", "introspection-repeated-member"),
        ("sub twice", "{\"active\":true,\"sub\":\"mallory\",\"s\\u0075b\":\"alice\"}", "introspection-repeated-member"),
    ] {
        rows.push(Attack::new(format!("introspection: {name}"), async move {
            let provider = Provider::start().await;
            let login = with_token(&provider).await?;
            provider.json("/introspect", body);
            let token = format!("token:{}", login.tokens_out[0]);
            let step = provider.run(Operation::Introspect, &[("client", CLIENT), ("token", &token)], &[]).await?;
            expect((step.outcome, step.problem_id.as_deref()), (Outcome::Failed, Some(problem)))
        }));
    }
    rows.push(Attack::new("a later answer that agrees takes the complaint away", async {
        let provider = Provider::start().await;
        let login = with_token(&provider).await?;
        let token = format!("token:{}", login.tokens_out[0]);
        let mut seen = Vec::new();
        for sub in ["mallory", "alice"] {
            provider.json("/introspect", json!({"active": true, "sub": sub}).to_string());
            let step = provider.run(Operation::Introspect, &[("client", CLIENT), ("token", &token)], &[]).await?;
            seen.push(provider.findings(&step).iter().any(|one| one.id == "introspection-other-subject"));
        }
        let held = provider.bench.held(&login.tokens_out[0]).map_err(|fault| fault.message)?;
        expect(matches!(held.verification(), Verification::Verified { .. }), true)?;
        expect(seen, vec![true, false])
    }));
    rows
}

/// A refresh that brings an ID token: of the same user, and of what it must not be.
fn refreshes() -> Vec<Attack> {
    let cases: Vec<(&str, Value, &str, &str)> = vec![
        ("of the same user", json!({}), "", ""),
        ("of another user", json!({"sub": "mallory"}), "", "id-token-other-sub"),
        ("of the user in capitals", json!({"sub": "Alice"}), "", "id-token-other-sub"),
        ("for another client", json!({"aud": "other"}), "", "id-token-audience"),
        ("of another kind", json!({"typ": "Bearer"}), "", "id-token-type"),
        ("that names the user twice", json!({}), "\"sub\":\"mallory\",", "id-token-repeated-member"),
        ("that has ended", json!({"exp": now() - 3600}), "", "id-token-expired"),
    ];
    let row = |(name, change, twice, wanted): (&'static str, Value, &'static str, &'static str)| {
        Attack::new(format!("refresh: an ID token {name}"), async move {
            let provider = Provider::start().await;
            provider.json("/jwks", json!({"keys": [jwk("rsa")]}).to_string());
            let answer = move |change: Value, twice: &'static str| {
                move |issuer: &str, nonce: &str| {
                    let header = json!({"alg": "RS256", "kid": "k"});
                    let mut base = json!({"iss": issuer, "sub": "alice", "aud": CLIENT, "iat": now(), "exp": now() + 300});
                    if !nonce.is_empty() {
                        base["nonce"] = json!(nonce);
                    }
                    let claims = changed(base, &change).to_string().replacen('{', &format!("{{{twice}"), 1);
                    let body = json!({"access_token": "opaque-access-token", "token_type": "Bearer", "expires_in": 300,
                        "refresh_token": "opaque-refresh-token", "id_token": signed_text(&header, &claims)});
                    ("application/json".to_owned(), body.to_string().into_bytes())
                }
            };
            provider.answer("/token", answer(json!({}), ""));
            let login = provider.run(Operation::LogIn, &[("client", CLIENT), ("scope", "openid")], &[]).await?;
            expect(login.outcome, Outcome::Success).map_err(|error| format!("the login: {error} {:?}", login.problem))?;
            let is_refresh =
                |id: &&String| provider.bench.raw_token(id).is_ok_and(|text| text.expose() == "opaque-refresh-token");
            let refresh = login.tokens_out.iter().find(is_refresh).ok_or("no refresh token")?;
            let held = format!("token:{refresh}");
            provider.answer("/token", answer(change, twice));
            let step = provider.run(Operation::Refresh, &[("client", CLIENT), ("refresh_token", &held)], &[]).await?;
            expect(step.outcome, Outcome::Success).map_err(|error| format!("the refresh: {error} {:?}", step.problem))?;
            let found: Vec<String> = provider.findings(&step).into_iter().map(|finding| finding.id).collect();
            let complaints: Vec<&String> = found.iter().filter(|id| id.starts_with("id-token-") && *id != "id-token").collect();
            if wanted.is_empty() {
                expect(complaints.is_empty(), true)
            } else {
                expect(complaints.iter().any(|id| *id == wanted), true)
            }
            .map_err(|error| format!("{error} {found:?} {:?}", step.problem))
        })
    };
    cases.into_iter().map(row).collect()
}
