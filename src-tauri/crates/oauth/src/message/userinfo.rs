//! Reading what userinfo answered (OpenID Connect Core 5.3.2).
//!
//! The answer is somebody's record, and it is believed only when it is about the user of the token: a page, a list, a record
//! without `sub` or of another one is no userinfo, whatever the status says.

use serde_json::{Map, Value};

use super::{
    answer::ResponseReading,
    json::{self, NotObject},
};
use token::{
    decode::{self, json::Oddity},
    inspect::TokenFormat,
    secret::Secret,
    shown::shown,
};

/// A readable answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Userinfo {
    /// Its members.
    pub claims: Map<String, Value>,
    /// The JWT they came in, whose signature is still to be checked.
    pub signed: Option<Secret>,
}

/// What the answer has to agree with.
#[derive(Clone, Copy, Debug)]
pub struct UserinfoExpectation<'a> {
    /// `sub` of the ID token, else of the access token; none when neither says one.
    pub subject: Option<&'a str>,
    /// Issuer of the provider.
    pub issuer: &'a str,
    /// Client the token was issued to.
    pub client_id: Option<&'a str>,
    /// Now, epoch seconds.
    pub now_s: i64,
    /// Tolerated clock difference, seconds.
    pub clock_tolerance_s: i64,
}

const ADVICE: &str = "Check userinfo_endpoint in the profile, and look at the response below.";

/// Reads the body of a success.
pub fn read_userinfo(status: u16, content_type: &str, body: &[u8]) -> ResponseReading<Userinfo> {
    let malformed = |id: &'static str, what: String| ResponseReading::Malformed { id, message: what, advice: ADVICE.into() };
    if body.iter().all(u8::is_ascii_whitespace) {
        return malformed("userinfo-empty", format!("Userinfo answered {status} with an empty body."));
    }
    if json::is_html(content_type, body) {
        return malformed("userinfo-html", format!("Userinfo answered {status} with an HTML page instead of JSON or a JWT."));
    }
    match json::object(body) {
        Ok(object) => match object.repeated.first() {
            Some(name) => malformed(
                "userinfo-repeated-member",
                format!(
                    "The answer has the member {} more than once, so two readers could see two users; nothing of it was used.",
                    shown(name)
                ),
            ),
            None if object.members.get("error").is_some_and(Value::is_string) && !object.members.contains_key("sub") => {
                malformed(
                    "userinfo-error-with-200",
                    format!(
                        "Userinfo answered {status}, as if it had worked, but with the error {}.",
                        shown(object.members.get("error").and_then(Value::as_str).unwrap_or_default())
                    ),
                )
            }
            None => ResponseReading::Ok(Userinfo { claims: object.members, signed: None }),
        },
        Err(NotObject::Type(kind)) => {
            malformed("userinfo-not-object", format!("Userinfo answered {status} with {kind} where a JSON object is due."))
        }
        Err(NotObject::More(place)) => malformed(
            "userinfo-trailing",
            format!("Userinfo answered {status} with a JSON object and something after it ({place}); nothing of it was used."),
        ),
        Err(NotObject::Script) => {
            malformed("userinfo-script", format!("Userinfo answered {status} with JSON that is wrapped into script."))
        }
        Err(NotObject::Syntax(place)) => token(status, body).unwrap_or_else(|| {
            malformed("userinfo-not-json", format!("Userinfo answered {status} with neither JSON ({place}) nor a JWT."))
        }),
    }
}

/// The answer as a JWT; none when it is something else.
fn token(status: u16, body: &[u8]) -> Option<ResponseReading<Userinfo>> {
    let text = std::str::from_utf8(body).ok()?.trim();
    let decoded = decode::decode(text);
    let malformed = |id: &'static str, message: String| Some(ResponseReading::Malformed { id, message, advice: ADVICE.into() });
    match decoded.format {
        TokenFormat::Jwe => malformed(
            "userinfo-encrypted",
            format!(
                "Userinfo answered {status} with an encrypted JWT, which can not be read here. Ask the provider to sign without encrypting."
            ),
        ),
        TokenFormat::Jws | TokenFormat::SdJwt if decoded.findings.iter().any(|finding| finding.id == "duplicate-member") => {
            malformed(
                "userinfo-repeated-member",
                "The JWT of userinfo names a member twice, so two readers could see two users; nothing of it was used.".into(),
            )
        }
        TokenFormat::Jws | TokenFormat::SdJwt => match decoded.claims {
            Some(claims) => Some(ResponseReading::Ok(Userinfo { claims, signed: Some(Secret::new(text)) })),
            None => malformed("userinfo-not-object", format!("Userinfo answered {status} with a JWT that holds no claims.")),
        },
        _ => None,
    }
}

/// All complaints about a readable answer: stable id and sentence; empty when it may be used.
pub fn userinfo_faults(userinfo: &Userinfo, expected: &UserinfoExpectation<'_>) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    let claims = &userinfo.claims;
    match (claims.get("sub"), expected.subject) {
        (None, _) => faults.push((
            "userinfo-without-sub",
            "Userinfo does not say whose record it is (sub), so it must not be used (OpenID Connect Core 5.3.2).".to_owned(),
        )),
        (Some(Value::String(theirs)), _) if theirs.is_empty() => {
            faults.push((
                "userinfo-without-sub",
                "The sub of userinfo is empty, so it must not be used (OpenID Connect Core 5.3.2).".into(),
            ));
        }
        (Some(Value::String(theirs)), Some(ours)) if theirs != ours => faults.push((
            "userinfo-other-sub",
            format!(
                "The log in is about {}, and userinfo answers about {}, so it must not be used (OpenID Connect Core 5.3.2).",
                shown(ours),
                shown(theirs)
            ),
        )),
        (Some(Value::String(_)), _) => {}
        (Some(_), _) => {
            faults.push((
                "userinfo-without-sub",
                "The sub of userinfo is no text, so it must not be used (OpenID Connect Core 5.3.2).".into(),
            ));
        }
    }
    if userinfo.signed.is_some() {
        match claims.get("iss") {
            Some(Value::String(iss)) if iss == expected.issuer => {}
            Some(Value::String(iss)) => faults.push((
                "userinfo-issuer",
                format!("The JWT of userinfo was issued by {}, and the profile is for {}.", shown(iss), expected.issuer),
            )),
            _ => faults.push(("userinfo-issuer", "The JWT of userinfo names no issuer (iss), which it must.".into())),
        }
        // RFC 7519 4.1.4 and 4.1.5: a signed record of yesterday, played again, still has a sound signature.
        let tolerance = expected.clock_tolerance_s.max(0);
        let ended = |at: i64| expected.now_s.saturating_sub(at) >= tolerance;
        let ahead = |at: i64| at.saturating_sub(expected.now_s) > tolerance;
        for (name, faulty, what) in [
            ("exp", &ended as &dyn Fn(i64) -> bool, "has ended"),
            ("nbf", &ahead, "does not hold yet"),
            ("iat", &ahead, "was issued in the future"),
        ] {
            match claims.get(name).map(json::seconds) {
                None => {}
                Some(Some(at)) if !faulty(at) => {}
                Some(Some(_)) => {
                    faults.push(("userinfo-time", format!("The JWT of userinfo {what} ({name}), so it must not be used.")))
                }
                Some(None) => faults.push((
                    "userinfo-time",
                    format!("The {name} of the JWT of userinfo is no time, so nobody knows whether it holds."),
                )),
            }
        }
        let audience = token::claims::audience(claims);
        if let Some(client) = expected.client_id
            && !audience.is_empty()
            && !audience.iter().any(|one| one == client)
        {
            faults.push((
                "userinfo-audience",
                format!("The JWT of userinfo is for {}, not for {}.", shown(&audience[0]), shown(client)),
            ));
        }
    }
    faults
}

/// Members of an object that stand twice in a body, at its top.
pub fn repeated_members(body: &[u8]) -> Vec<String> {
    match decode::json::read(json::without_bom(body).0) {
        Ok((_, odd)) => odd
            .into_iter()
            .filter_map(|one| match one {
                Oddity::Duplicate(path) if !path.contains(['.', '[']) => Some(path),
                _ => None,
            })
            .collect(),
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::json;

    use super::*;

    fn id(body: &str, content_type: &str) -> String {
        match read_userinfo(200, content_type, body.as_bytes()) {
            ResponseReading::Malformed { id, .. } => id.into(),
            ResponseReading::Refused(_) => "refused".into(),
            ResponseReading::Ok(read) => {
                let expected = UserinfoExpectation {
                    subject: Some("u1"),
                    issuer: "https://id",
                    client_id: Some("app"),
                    now_s: 1_000,
                    clock_tolerance_s: 60,
                };
                userinfo_faults(&read, &expected).first().map_or_else(|| "ok".into(), |(id, _)| (*id).into())
            }
        }
    }

    #[test]
    fn only_the_record_of_this_user_is_one() {
        let jwt = |header: Value, claims: Value| {
            format!("{}.{}.AAAA", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
        };
        let json_type = "application/json";
        let signed = |claims: Value| jwt(json!({"alg": "RS256"}), claims);
        let table: Vec<(String, &str, &str)> = vec![
            (r#"{"sub":"u1","name":"A"}"#.into(), json_type, "ok"),
            ("\u{feff}{\"sub\":\"u1\"}".into(), json_type, "ok"),
            (r#"{"sub":"u2"}"#.into(), json_type, "userinfo-other-sub"),
            (r#"{"sub":"U1"}"#.into(), json_type, "userinfo-other-sub"),
            (r#"{"sub":"u1 "}"#.into(), json_type, "userinfo-other-sub"),
            (r#"{"name":"A"}"#.into(), json_type, "userinfo-without-sub"),
            (r#"{"sub":""}"#.into(), json_type, "userinfo-without-sub"),
            (r#"{"sub":["u1"]}"#.into(), json_type, "userinfo-without-sub"),
            (r#"{"sub":null}"#.into(), json_type, "userinfo-without-sub"),
            (r#"{"sub":"u2","sub":"u1"}"#.into(), json_type, "userinfo-repeated-member"),
            (r#"{"sub":"u1","s\u0075b":"u2"}"#.into(), json_type, "userinfo-repeated-member"),
            ("<!DOCTYPE html><p>u1".into(), "text/html", "userinfo-html"),
            (r#"{"sub":"u1"}"#.into(), "text/html; charset=utf-8", "userinfo-html"),
            ("".into(), json_type, "userinfo-empty"),
            (" \r\n".into(), json_type, "userinfo-empty"),
            (r#"[{"sub":"u1"}]"#.into(), json_type, "userinfo-not-object"),
            ("null".into(), json_type, "userinfo-not-object"),
            (r#"{"sub":"u1"}{"sub":"u2"}"#.into(), json_type, "userinfo-trailing"),
            (r#"cb({"sub":"u1"});"#.into(), "application/javascript", "userinfo-script"),
            (r#"{"error":"invalid_token"}"#.into(), json_type, "userinfo-error-with-200"),
            ("sub=u1".into(), "text/plain", "userinfo-not-json"),
            (signed(json!({"sub": "u1", "iss": "https://id", "aud": "app"})), "application/jwt", "ok"),
            (signed(json!({"sub": "u1", "iss": "https://id", "aud": ["x", "app"]})), "application/jwt", "ok"),
            (signed(json!({"sub": "u1", "iss": "https://evil"})), "application/jwt", "userinfo-issuer"),
            (signed(json!({"sub": "u1"})), "application/jwt", "userinfo-issuer"),
            (signed(json!({"sub": "u1", "iss": "https://id", "aud": "x"})), "application/jwt", "userinfo-audience"),
            (signed(json!(["u1"])), "application/jwt", "userinfo-not-object"),
            (signed(json!({"sub": "u1", "iss": "https://id", "exp": 941})), "application/jwt", "ok"),
            (signed(json!({"sub": "u1", "iss": "https://id", "exp": 940})), "application/jwt", "userinfo-time"),
            (signed(json!({"sub": "u1", "iss": "https://id", "exp": "soon"})), "application/jwt", "userinfo-time"),
            (signed(json!({"sub": "u1", "iss": "https://id", "nbf": 1_061})), "application/jwt", "userinfo-time"),
            (signed(json!({"sub": "u1", "iss": "https://id", "iat": 1_061})), "application/jwt", "userinfo-time"),
            (signed(json!({"sub": "u1", "iss": "https://id", "iat": 1e300})), "application/jwt", "userinfo-time"),
        ];
        for (body, content_type, expected) in table {
            assert_eq!(id(&body, content_type), expected, "{body}");
        }
    }
}
