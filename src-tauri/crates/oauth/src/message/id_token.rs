//! What must hold of an ID token before a log in counts (OpenID Connect Core 3.1.3.7).
//!
//! The signature is checked elsewhere, with the keys; here are the claims. All checks run, none stops the others.

use serde_json::{Map, Value};

use super::json::seconds;
use token::hashes::half_hash;
use token::{secret::Secret, shown::shown, words};

/// What the ID token of this log in has to say.
#[derive(Clone, Copy, Debug)]
pub struct IdTokenExpectation<'a> {
    /// Issuer of the provider, exact.
    pub issuer: &'a str,
    /// Client that logged in.
    pub client_id: &'a str,
    /// Nonce that was sent; none when none was.
    pub nonce: Option<&'a str>,
    /// Now, epoch seconds.
    pub now_s: i64,
    /// Tolerated clock difference, seconds.
    pub clock_tolerance_s: i64,
    /// Access token of the same answer, for `at_hash`.
    pub access_token: Option<&'a Secret>,
    /// Redeemed code, for `c_hash`.
    pub code: Option<&'a Secret>,
    /// State of the log in, for `s_hash` (FAPI 1.0 Part 2 5.1.1).
    pub state: Option<&'a Secret>,
    /// `max_age` of the request, seconds (OpenID Connect Core 3.1.2.1).
    pub max_age_s: Option<i64>,
    /// Members that stand twice in header or claims, by path.
    pub repeated: &'a [String],
}

/// Longest `sub`, ASCII characters (OpenID Connect Core 2).
const MAX_SUBJECT: usize = 255;

/// All complaints about an ID token: stable id and sentence; empty when it may be used.
pub fn id_token_faults(
    claims: &Map<String, Value>,
    header: &Map<String, Value>,
    expected: &IdTokenExpectation<'_>,
) -> Vec<(String, String)> {
    let mut faults = Faults(Vec::new());
    let alg = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    if alg.is_empty() || alg.eq_ignore_ascii_case("none") {
        faults.add("id-token-unsecured", "The ID token is not signed (alg none), so anybody could have written it. Have the provider sign it, e.g. with RS256.".into());
    }
    for path in expected.repeated {
        let name = path.rsplit_once('.').map_or(path.as_str(), |(_, name)| name);
        faults.add(
            "id-token-repeated-member",
            format!(
                "The ID token names {} twice, so two readers see two values; none of it was believed (RFC 7519 4).",
                shown(name)
            ),
        );
    }
    match claims.get("iss") {
        Some(Value::String(iss)) if iss == expected.issuer => {}
        Some(Value::String(iss)) => faults.add("id-token-issuer", format!("The ID token was issued by {}, the log in went to {}. Check the issuer in the profile and the provider's public address.", shown(iss), expected.issuer)),
        Some(_) => faults.add("id-token-issuer", "The issuer (iss) of the ID token is no text.".into()),
        None => faults.add("id-token-issuer", "The ID token names no issuer (iss).".into()),
    }
    match claims.get("sub") {
        Some(Value::String(sub)) if sub.is_empty() => faults.add("id-token-subject", "The subject (sub) of the ID token is empty.".into()),
        Some(Value::String(sub)) if sub.len() > MAX_SUBJECT || !sub.is_ascii() => faults.add(
            "id-token-subject",
            format!("The subject (sub) of the ID token is longer than {MAX_SUBJECT} ASCII characters or holds others (OpenID Connect Core 2)."),
        ),
        Some(Value::String(_)) => {}
        Some(_) => faults.add("id-token-subject", "The subject (sub) of the ID token is no text (OpenID Connect Core 2).".into()),
        None => faults.add(
            "id-token-subject",
            "The ID token names no subject (sub). In Keycloak the client scope basic carries it.".into(),
        ),
    }
    kind(claims, header, &mut faults);
    audience(claims, expected, &mut faults);
    lifetime(claims, expected, &mut faults);
    signed_in(claims, expected, &mut faults);
    match (expected.nonce, claims.get("nonce").and_then(Value::as_str)) {
        (Some(sent), Some(found)) if sent == found => {}
        (Some(_), Some(_)) => faults.add(
            "id-token-nonce",
            "The nonce in the ID token is not the one of this log in, so the token belongs to another one. Log in again.".into(),
        ),
        (Some(_), None) => faults.add(
            "id-token-nonce",
            "A nonce was sent, and the ID token carries none, so it can not be tied to this log in.".into(),
        ),
        (None, _) => {}
    }
    let hashes = [
        ("at_hash", "id-token-at-hash", expected.access_token, "access token"),
        ("c_hash", "id-token-c-hash", expected.code, "code"),
        ("s_hash", "id-token-s-hash", expected.state, "state"),
    ];
    for (claim, id, of, what) in hashes {
        let Some(found) = claims.get(claim) else { continue };
        if !found.is_string() {
            faults.add(id, format!("{claim} in the ID token is no text, so it vouches for nothing."));
        } else if let (Some(found), Some(text)) = (found.as_str(), of)
            && half_hash(alg, text.expose()).is_some_and(|hash| hash != found)
        {
            faults.add(
                id,
                format!("{claim} in the ID token does not fit the {what} of this log in, so the two do not belong together."),
            );
        }
    }
    faults.0
}

/// Types in the header that stand for another kind of token, each made so that it is not taken for an ID token (RFC 8725 3.11).
const OTHER_TYPES: &[&str] = &[
    "at+jwt",
    "logout+jwt",
    "dpop+jwt",
    "kb+jwt",
    "secevent+jwt",
    "token-introspection+jwt",
    "oauth-authz-req+jwt",
    "client-authentication+jwt",
    "txntoken+jwt",
    "entity-statement+jwt",
];
/// Kinds Keycloak names in the claim `typ`, where an ID token has `ID`.
const OTHER_KINDS: &[&str] = &["Bearer", "DPoP", "Refresh", "Offline", "Logout"];

/// A token that says of itself that it is another kind is none, however well the rest of it fits.
fn kind(claims: &Map<String, Value>, header: &Map<String, Value>, faults: &mut Faults) {
    let text = |of: &Map<String, Value>| of.get("typ").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (by_header, by_claim) = (text(header), text(claims));
    let typ = by_header.to_ascii_lowercase();
    let found = if OTHER_TYPES.contains(&typ.strip_prefix("application/").unwrap_or(&typ)) {
        by_header
    } else if OTHER_KINDS.contains(&by_claim.as_str()) {
        by_claim
    } else {
        return;
    };
    faults.add(
        "id-token-type",
        format!("The ID token says of itself that it is something else (typ {}), so it is none (RFC 8725 3.11).", shown(&found)),
    );
}

fn audience(claims: &Map<String, Value>, expected: &IdTokenExpectation<'_>, faults: &mut Faults) {
    let found: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) if many.iter().all(Value::is_string) => many.iter().filter_map(Value::as_str).collect(),
        Some(_) => {
            return faults.add(
                "id-token-audience",
                "The audience (aud) of the ID token is neither a text nor a list of texts (RFC 7519 4.1.3).".into(),
            );
        }
        None => Vec::new(),
    };
    if !found.contains(&expected.client_id) {
        let shown: Vec<String> = found.iter().map(|aud| shown(aud)).collect();
        faults.add(
            "id-token-audience",
            format!("The ID token is for {}, not for {} that logged in.", words::few(&shown), shown_id(expected)),
        );
    }
    match claims.get("azp") {
        Some(Value::String(azp)) if azp != expected.client_id => faults.add(
            "id-token-azp",
            format!("The authorized party (azp) of the ID token is {}, not {}.", shown(azp), shown_id(expected)),
        ),
        Some(Value::String(_)) => {}
        Some(_) => faults.add("id-token-azp", "The authorized party (azp) of the ID token is no text.".into()),
        None if found.iter().any(|aud| *aud != expected.client_id) && found.len() > 1 => faults.add(
            "id-token-azp",
            "The ID token has several audiences and does not say which client it was issued to (azp).".into(),
        ),
        None => {}
    }
}

fn shown_id(expected: &IdTokenExpectation<'_>) -> String {
    shown(expected.client_id)
}

/// When the user signed in, where the request limited that (OpenID Connect Core 3.1.3.7 step 13).
fn signed_in(claims: &Map<String, Value>, expected: &IdTokenExpectation<'_>, faults: &mut Faults) {
    let Some(max_age) = expected.max_age_s else { return };
    let tolerance = expected.clock_tolerance_s.max(0);
    match claims.get("auth_time").and_then(seconds) {
        None => faults.add(
            "id-token-auth-time",
            "max_age was asked for, and the ID token does not say when the user signed in (auth_time).".into(),
        ),
        Some(at) if at.saturating_sub(expected.now_s) > tolerance => faults.add(
            "id-token-auth-time",
            "By the ID token the user will sign in only in the future (auth_time), so it does not say how long ago that was. Check this computer's date and time first.".into(),
        ),
        Some(at) if expected.now_s.saturating_sub(at) > max_age.saturating_add(tolerance) => {
            let age = words::duration(expected.now_s.saturating_sub(at));
            faults.add(
                "id-token-auth-time",
                format!("The user signed in {age} ago, longer than the max_age of {max_age} s that was asked for."),
            );
        }
        Some(_) => {}
    }
}

fn lifetime(claims: &Map<String, Value>, expected: &IdTokenExpectation<'_>, faults: &mut Faults) {
    let (exp, iat) = (claims.get("exp").and_then(seconds), claims.get("iat").and_then(seconds));
    let (now, tolerance) = (expected.now_s, expected.clock_tolerance_s.max(0));
    match iat {
        None => faults.add("id-token-issued-at", "The ID token does not say when it was issued (iat).".into()),
        Some(iat) if iat.saturating_sub(now) > tolerance => {
            let ahead = words::duration(iat.saturating_sub(now));
            faults.add(
                "id-token-future",
                format!("The ID token was issued {ahead} in the future by this computer's clock. Either this computer's clock is {ahead} slow or the provider's is {ahead} fast; check this computer's date and time first."),
            );
        }
        Some(_) => {}
    }
    if claims.get("nbf").is_some_and(|nbf| seconds(nbf).is_none()) {
        faults.add(
            "id-token-not-yet",
            "The ID token says from when on it holds (nbf), but not with a time that can be read.".into(),
        );
    }
    if let Some(nbf) = claims.get("nbf").and_then(seconds).filter(|nbf| nbf.saturating_sub(now) > tolerance) {
        let ahead = words::duration(nbf.saturating_sub(now));
        faults.add("id-token-not-yet", format!("The ID token holds only in {ahead} (nbf), and it has just been issued. Check this computer's date and time first."));
    }
    match exp {
        None => faults.add("id-token-expiry", "The ID token does not say when it ends (exp).".into()),
        Some(exp) if now.saturating_sub(exp) >= tolerance => {
            let mut message =
                format!("The ID token ended {} ago, though it has just been issued.", words::duration(now.saturating_sub(exp)));
            if let Some(age) = iat.map(|iat| now.saturating_sub(iat)).filter(|age| *age > tolerance) {
                let age = words::duration(age);
                message.push_str(&format!(" By this computer's clock it is {age} old: either this computer's clock is {age} fast or the provider's is {age} slow. Check this computer's date and time first."));
            }
            faults.add("id-token-expired", message);
        }
        Some(_) => {}
    }
}

struct Faults(Vec<(String, String)>);

impl Faults {
    fn add(&mut self, id: &str, message: String) {
        self.0.push((id.into(), message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ids(change: Value, header: Value, access: Option<&str>) -> Vec<String> {
        let mut claims = json!({"iss": "https://id", "aud": "app", "sub": "u", "exp": 1_300, "iat": 1_000, "nonce": "n"});
        for (name, value) in change.as_object().expect("object") {
            match value {
                Value::Null => drop(claims.as_object_mut().expect("object").shift_remove(name)),
                value => claims[name] = value.clone(),
            }
        }
        let access = access.map(Secret::new);
        let expected = IdTokenExpectation {
            issuer: "https://id",
            client_id: "app",
            nonce: Some("n"),
            now_s: 1_010,
            clock_tolerance_s: 60,
            access_token: access.as_ref(),
            code: None,
            state: None,
            max_age_s: None,
            repeated: &[],
        };
        id_token_faults(claims.as_object().expect("object"), header.as_object().expect("object"), &expected)
            .into_iter()
            .map(|(id, _)| id)
            .collect()
    }

    #[test]
    fn each_rule_has_its_fault() {
        let table: Vec<(Value, &[&str])> = vec![
            (json!({}), &[]),
            (json!({"iss": "https://id/"}), &["id-token-issuer"]),
            (json!({"iss": null}), &["id-token-issuer"]),
            (json!({"sub": null}), &["id-token-subject"]),
            (json!({"aud": "other"}), &["id-token-audience"]),
            (json!({"aud": ["app", "x"], "azp": "app"}), &[]),
            (json!({"aud": ["app", "x"]}), &["id-token-azp"]),
            (json!({"azp": "x"}), &["id-token-azp"]),
            (json!({"nonce": "m"}), &["id-token-nonce"]),
            (json!({"nonce": null}), &["id-token-nonce"]),
            (json!({"exp": 950}), &["id-token-expired"]),
            (json!({"exp": 951}), &[]),
            (json!({"exp": null, "iat": null}), &["id-token-issued-at", "id-token-expiry"]),
            (json!({"iat": 1_071}), &["id-token-future"]),
            (json!({"iat": 1_070}), &[]),
            (json!({"exp": "1300", "iat": 1_000.5}), &[]),
            (json!({"sub": 7}), &["id-token-subject"]),
            (json!({"sub": "x".repeat(256)}), &["id-token-subject"]),
            (json!({"sub": "ä"}), &["id-token-subject"]),
            (json!({"aud": {"app": true}}), &["id-token-audience"]),
            (json!({"aud": ["app", 7]}), &["id-token-audience"]),
            (json!({"aud": ["app", "app"]}), &[]),
            (json!({"azp": ["app"]}), &["id-token-azp"]),
            (json!({"iss": ["https://id"]}), &["id-token-issuer"]),
            (json!({"nbf": 1_071}), &["id-token-not-yet"]),
            (json!({"nonce": ["n"]}), &["id-token-nonce"]),
            (json!({"nbf": 1e300}), &["id-token-not-yet"]),
            (json!({"nbf": "soon"}), &["id-token-not-yet"]),
            (json!({"nbf": null}), &[]),
            (json!({"typ": "ID"}), &[]),
            (json!({"typ": "Bearer"}), &["id-token-type"]),
            (json!({"typ": "Refresh"}), &["id-token-type"]),
            (json!({"typ": "Logout"}), &["id-token-type"]),
            (json!({"at_hash": 7}), &["id-token-at-hash"]),
        ];
        for (change, expected) in table {
            assert_eq!(ids(change.clone(), json!({"alg": "RS256"}), None), expected, "{change}");
        }
        for alg in [json!({"alg": "none"}), json!({"alg": "nOnE"}), json!({})] {
            assert_eq!(ids(json!({}), alg, None), ["id-token-unsecured"]);
        }
    }

    #[test]
    fn a_token_of_another_kind_is_no_id_token() {
        for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt"] {
            assert_eq!(ids(json!({}), json!({"alg": "RS256", "typ": typ}), None), ["id-token-type"], "{typ}");
        }
        for typ in [json!("JWT"), json!("jwt"), json!("application/jwt"), json!(7)] {
            assert!(ids(json!({}), json!({"alg": "RS256", "typ": typ}), None).is_empty(), "{typ}");
        }
    }

    #[test]
    fn at_hash_of_the_specification() {
        // OpenID Connect Core Appendix A.3.
        let token = Some("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
        assert!(ids(json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}), json!({"alg": "RS256"}), token).is_empty());
        assert_eq!(ids(json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RR"}), json!({"alg": "RS256"}), token), ["id-token-at-hash"]);
        assert!(ids(json!({"at_hash": "x"}), json!({"alg": "XY"}), token).is_empty());
    }

    #[test]
    fn code_and_state_of_the_specification() {
        // OpenID Connect Core Appendix A.4, and the state of its examples.
        let code = Secret::new("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk");
        let state = Secret::new("af0ifjsldkj");
        let ids = |c_hash: &str, s_hash: &str| -> Vec<String> {
            let claims = json!({"iss": "https://id", "aud": "app", "sub": "u", "exp": 1_300, "iat": 1_000, "c_hash": c_hash, "s_hash": s_hash});
            let expected = IdTokenExpectation {
                issuer: "https://id",
                client_id: "app",
                nonce: None,
                now_s: 1_010,
                clock_tolerance_s: 60,
                access_token: None,
                code: Some(&code),
                state: Some(&state),
                max_age_s: None,
                repeated: &[],
            };
            let header = json!({"alg": "RS256"});
            let faults = id_token_faults(claims.as_object().expect("object"), header.as_object().expect("object"), &expected);
            faults.into_iter().map(|(id, _)| id).collect()
        };
        assert!(ids("LDktKdoQak3Pk0cnXxCltA", "bOhtX8F73IMjSPeVAqxyTQ").is_empty());
        assert_eq!(ids("x", "bOhtX8F73IMjSPeVAqxyTQ"), ["id-token-c-hash"]);
        assert_eq!(ids("LDktKdoQak3Pk0cnXxCltA", "x"), ["id-token-s-hash"]);
    }

    #[test]
    fn a_clock_an_hour_off_is_named() {
        let claims = json!({"iss": "https://id", "aud": "app", "sub": "u", "exp": 4_900, "iat": 4_600});
        let expected = |now_s| IdTokenExpectation {
            issuer: "https://id",
            client_id: "app",
            nonce: None,
            now_s,
            clock_tolerance_s: 60,
            access_token: None,
            code: None,
            state: None,
            max_age_s: None,
            repeated: &[],
        };
        let header = json!({"alg": "RS256"});
        let faults =
            |now| id_token_faults(claims.as_object().expect("object"), header.as_object().expect("object"), &expected(now));
        assert!(faults(1_000)[0].1.contains("1 h in the future") && faults(1_000)[0].1.contains("slow"));
        assert!(faults(8_200)[0].1.contains("ended 55 min ago") && faults(8_200)[0].1.contains("1 h fast"));
    }
}
