//! Steps in which tokens are issued and told about, with a secret of the run in what is said of them.

use record::operation::Operation;

use super::desk::{Answer, Desk, answer, json};
use crate::row::Attack;

/// Steps in which tokens are issued and told about.
pub fn flows() -> Vec<Attack> {
    const SECRET: &str = "ZQ7x-Flow49k02Wm3VuR8";
    let claims = |claims: &str| {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
        format!(
            "{}.{}.{}",
            BASE64.encode(r#"{"alg":"RS256","kid":"k"}"#),
            BASE64.encode(claims),
            BASE64.encode("signature of the token")
        )
    };
    let issued = |token: &str| json(200, &format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":300}}"#));
    let mut rows = Vec::new();
    let mut add = |name: &str, says: Vec<u8>, operation: Operation, opaque: bool| {
        rows.push(Attack::new(format!("flow: {name}"), async move {
            let mut desk = Desk::start(Answer::Fixed(says)).await;
            let draft = match operation {
                Operation::ClientCredentials => {
                    desk.secret(SECRET);
                    desk.draft(operation, &[("client", "app")])
                }
                operation => {
                    let token = desk.paste(if opaque { SECRET } else { "another-opaque-token-of-bob" })?;
                    desk.draft(
                        operation,
                        &[
                            ("client", "app"),
                            ("token", &token),
                            ("refresh_token", &token),
                            ("subject_token", &token),
                            ("assertion", &token),
                        ],
                    )
                }
            };
            desk.run(&draft).await?.has_none_of(&super::spellings(SECRET))
        }));
    };
    let both = Operation::ClientCredentials;
    for (name, said) in [
        ("the secret as a claim", format!(r#"{{"sub":"a","note":"{SECRET}"}}"#)),
        ("the secret as jti", format!(r#"{{"sub":"a","jti":"{SECRET}"}}"#)),
        ("the secret as the subject", format!(r#"{{"sub":"{SECRET}","preferred_username":"{SECRET}"}}"#)),
        ("the secret as audience and scope", format!(r#"{{"sub":"a","aud":["{SECRET}"],"scope":"openid {SECRET}"}}"#)),
        ("the secret as a claim's name", format!(r#"{{"sub":"a","{SECRET}":{{"{SECRET}":[1]}}}}"#)),
        ("a nonce", format!(r#"{{"sub":"a","nonce":"{SECRET}"}}"#)),
        ("a password among the claims", format!(r#"{{"sub":"a","password":"{SECRET}","credentials":{{"api_key":"{SECRET}"}}}}"#)),
        ("a key among the claims", format!(r#"{{"sub":"a","jwk":{{"kty":"oct","k":"{SECRET}"}}}}"#)),
        ("the secret as issuer and client", format!(r#"{{"sub":"a","iss":"https://{SECRET}","azp":"{SECRET}"}}"#)),
        ("the secret twice, so that it is a finding", format!(r#"{{"sub":"a","n":"{SECRET}","n":"{SECRET}"}}"#)),
    ] {
        add(name, issued(&claims(&said)), both, false);
    }
    add("the secret is the token", issued(SECRET), both, false);
    add(
        "the secret is the scope",
        json(200, &format!(r#"{{"access_token":"x-opaque-1","scope":"{SECRET}","token_type":"{SECRET}"}}"#)),
        both,
        false,
    );
    add("the secret is the error", json(400, &format!(r#"{{"error":"{SECRET}","error_description":"{SECRET}"}}"#)), both, false);
    add(
        "an account link",
        json(400, &format!(r#"{{"error":"x","account-link-url":"https://id/link?hash={SECRET}"}}"#)),
        both,
        false,
    );
    add(
        "introspection echoes the token",
        json(200, &format!(r#"{{"active":true,"jti":"{SECRET}","token":"{SECRET}","more":["Bearer {SECRET}"]}}"#)),
        Operation::Introspect,
        true,
    );
    add("introspection refuses the token", json(401, &format!(r#"{{"error":"{SECRET}"}}"#)), Operation::Introspect, true);
    add(
        "userinfo echoes the token",
        json(200, &format!(r#"{{"sub":"a","picture":"https://h/?t={SECRET}","{SECRET}":1}}"#)),
        Operation::Userinfo,
        true,
    );
    add(
        "userinfo refuses the token",
        answer(401, &[("WWW-Authenticate", &format!("Bearer error=\"invalid_token\", error_description=\"{SECRET}\""))], ""),
        Operation::Userinfo,
        true,
    );
    add(
        "revocation echoes the token",
        answer(400, &[("Content-Type", "text/plain")], &format!("unknown: {SECRET}")),
        Operation::Revoke,
        true,
    );
    add(
        "the refresh echoes the token",
        json(400, &format!(r#"{{"error":"invalid_grant","error_description":"{SECRET} is stale"}}"#)),
        Operation::Refresh,
        true,
    );
    add("no HTTP at all", format!("SSH-2.0 {SECRET}\r\n").into_bytes(), Operation::Userinfo, true);
    rows
}
