//! What is remarkable about the times of a token: spelling, order, length of life.

use serde_json::{Map, Value};

use super::{
    kind::TokenKind,
    remark::{kind_name, on},
};
use crate::{
    claims,
    decode::{error_finding as wrong, note_finding as note, warning_finding as warning},
    finding::Finding,
    words,
};

/// Access tokens that live longer are pointed out, in seconds.
pub const LONG_LIFE_S: i64 = 3600;
/// A time that is written as something else than a number.
pub const NOT_A_NUMBER: &str = "numericdate-not-number";
/// Later than this an epoch is milliseconds, not seconds (it would be the year 5138).
const MILLISECONDS: f64 = 1.0e11;

/// Remarks on `exp`, `nbf`, `iat` and `auth_time` at a moment (epoch seconds).
pub fn findings(claims: &Map<String, Value>, kind: TokenKind, now_s: i64, found: &mut Vec<Finding>) {
    for name in ["exp", "nbf", "iat", "auth_time"] {
        if let Some(value) = claims.get(name) {
            found.extend(number(name, value).map(|finding| on(finding, name)));
        }
    }
    let at = |name: &str| claims::epoch(claims, name);
    let (exp, iat, nbf) = (at("exp"), at("iat"), at("nbf"));
    match exp {
        None if claims.contains_key("exp") => {}
        None if kind == TokenKind::Refresh => {}
        None => {
            let detail = "The token has no exp: whoever gets hold of it may use it for ever.";
            found.push(on(warning("exp-missing", "No end of life", detail, Some("RFC 9068 2.2")), "exp"));
        }
        Some(exp) if exp <= now_s => {
            let detail = format!("It ended {} ago; a conforming API refuses it.", words::duration(now_s.saturating_sub(exp)));
            found.push(on(wrong("expired", "Expired", &detail, Some("RFC 7519 4.1.4")), "exp"));
        }
        Some(_) => {}
    }
    if let Some(begin) = nbf.filter(|begin| *begin > now_s) {
        let detail = format!("It starts to be valid in {}.", words::duration(begin.saturating_sub(now_s)));
        found.push(on(wrong("not-yet-valid", "Not valid yet", &detail, Some("RFC 7519 4.1.5")), "nbf"));
    }
    if let Some(ahead) = iat.map(|iat| iat.saturating_sub(now_s)).filter(|ahead| *ahead > 60) {
        let detail = format!("It says it was issued {} from now. One of the two clocks is wrong.", words::duration(ahead));
        found.push(on(warning("issued-in-future", "Issued in the future", &detail, Some("RFC 7519 4.1.6")), "iat"));
    }
    let (Some(exp), Some(iat)) = (exp, iat) else {
        return;
    };
    if exp <= iat {
        let detail = "It ends before it was issued, so it was never valid.";
        found.push(on(wrong("exp-before-iat", "Ends before it begins", detail, Some("RFC 7519 4.1.4")), "exp"));
    } else if kind != TokenKind::Refresh && exp.saturating_sub(iat) > LONG_LIFE_S {
        let title = format!("Lives {}", words::duration(exp.saturating_sub(iat)));
        let detail =
            "An access token can not be called back before its end at APIs that only check the signature. Minutes are usual.";
        found.push(on(warning("lives-long", &title, detail, Some("RFC 9700 2.2")), "exp"));
    }
}

/// What is wrong with the spelling of a time (RFC 7519 2, NumericDate).
fn number(name: &str, value: &Value) -> Option<Finding> {
    let Some(number) = value.as_f64().filter(|_| value.is_number()) else {
        let detail = format!("{name} must be a number of seconds; here it is {}.", kind_name(value));
        return Some(wrong(NOT_A_NUMBER, "Time is no number", &detail, Some("RFC 7519 2")));
    };
    if number < 0.0 {
        let detail = format!("{name} lies before 1970.");
        return Some(warning("numericdate-negative", "Time before 1970", &detail, Some("RFC 7519 2")));
    }
    if number > MILLISECONDS {
        let detail = format!("{name} is so large that it must be milliseconds; readers take it as seconds and see a far future.");
        return Some(wrong("numericdate-milliseconds", "Time in milliseconds", &detail, Some("RFC 7519 2")));
    }
    if number.fract() != 0.0 {
        let detail = format!("{name} has a fraction of a second. That is allowed, and several verifiers refuse it.");
        return Some(note("numericdate-fractional", "Fraction of a second", &detail, Some("RFC 7519 2")));
    }
    None
}
