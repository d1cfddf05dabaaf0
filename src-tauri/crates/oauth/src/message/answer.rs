//! Reading what a token endpoint answered (RFC 6749 5.1 and 5.2, RFC 8693 2.2).
//!
//! A refusal is a value like any other. An answer that is neither a token nor a refusal gets an id and a
//! sentence of its own, because "invalid response" helps nobody to find the proxy in between.

use serde_json::Value;

use super::{
    json::{self, NotObject},
    oauth_error::OAuthError,
    told,
};
use token::{
    decode::{error_finding as wrong, warning_finding as warning},
    finding::Finding,
    secret::Secret,
    shown::shown,
    text::Pair,
};

/// What a token endpoint issued.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenResponse {
    /// `access_token`; in an exchange the issued token whatever its kind (RFC 8693 2.2.1).
    pub access_token: Option<Secret>,
    /// `id_token` (OpenID Connect Core 3.1.3.3).
    pub id_token: Option<Secret>,
    /// `refresh_token`.
    pub refresh_token: Option<Secret>,
    /// `token_type`, e.g. `Bearer`, `DPoP`, `N_A`.
    pub token_type: Option<String>,
    /// `expires_in`, seconds.
    pub expires_in: Option<i64>,
    /// `refresh_expires_in` (Keycloak), seconds; 0 = not issued or no end.
    pub refresh_expires_in: Option<i64>,
    /// `scope`; absent = as asked for.
    pub scope: Option<String>,
    /// `issued_token_type` (RFC 8693 2.2.1).
    pub issued_token_type: Option<String>,
    /// Members without a meaning here, in order; those named like secrets carry dots.
    pub other: Vec<Pair>,
    /// Where the answer is not what RFC 6749 5.1 asks for and can be read all the same.
    pub remarks: Vec<Finding>,
}

/// Longer lifetimes are taken for what they are: no number of seconds anybody meant (100 years).
const LONGEST_S: i64 = 100 * 365 * 86_400;

/// How an answer reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseReading<T> {
    /// As it should be.
    Ok(T),
    /// The server said no, in the form the RFC gives.
    Refused(OAuthError),
    /// Neither; with a stable id, what happened, and what to do.
    Malformed {
        /// Stable, e.g. `token-html`.
        id: &'static str,
        /// What came instead.
        message: String,
        /// What to do.
        advice: String,
    },
}

/// Reads the answer of a token endpoint.
pub fn read_token_response(status: u16, content_type: &str, body: &[u8]) -> ResponseReading<TokenResponse> {
    if (300..400).contains(&status) {
        return malformed(
            "token-redirect",
            format!(
                "The token endpoint answered with a redirect ({status}), which a token endpoint must not do; it was not followed."
            ),
            "Take the token endpoint from the server's metadata. A redirect usually means http instead of https, another host name, or a login page of a proxy in front.",
        );
    }
    if body.iter().all(u8::is_ascii_whitespace) {
        // A refusal by its status alone; what is known of the request says more than the server.
        if matches!(status, 400 | 401 | 403) {
            return ResponseReading::Refused(OAuthError::default());
        }
        return malformed(
            "token-empty",
            format!("The token endpoint answered {status} with an empty body."),
            "Check that the address is the token endpoint, and the server's log for this time.",
        );
    }
    let object = match json::object(body) {
        Ok(object) => object,
        Err(_) if json::is_html(content_type, body) && status >= 500 => {
            return malformed(
                "token-server-error-html",
                format!("The token endpoint answered {status} with an HTML error page instead of JSON."),
                "The server or a proxy in front of it failed. Read the server's log for this time, then try again.",
            );
        }
        Err(_) if json::is_html(content_type, body) => {
            return malformed(
                "token-html",
                format!("The token endpoint answered {status} with an HTML page instead of JSON."),
                "The address is probably a login or error page. Take the token endpoint from the server's metadata.",
            );
        }
        Err(_) if content_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") => {
            return malformed(
                "token-form-encoded",
                format!("The token endpoint answered {status} in form encoding instead of JSON."),
                "RFC 6749 5.1 asks for JSON. Some servers give it only for the header Accept: application/json.",
            );
        }
        Err(_) if content_type.to_ascii_lowercase().contains("xml") || body.trim_ascii_start().starts_with(b"<") => {
            return malformed(
                "token-xml",
                format!("The token endpoint answered {status} with XML instead of JSON.{}", quoted(status, body)),
                "The address is probably that of a SOAP service or of an API at the gateway. Take the token endpoint from the server's metadata; WSO2's is on the control plane, as it comes https://localhost:9443/oauth2/token.",
            );
        }
        Err(NotObject::Syntax(place)) => {
            return malformed(
                "token-invalid-json",
                format!(
                    "The token endpoint answered {status}, and the body is not valid JSON ({place}).{}",
                    quoted(status, body)
                ),
                "Look at the response below. A proxy may have cut or changed it; otherwise it is a fault of the server.",
            );
        }
        Err(NotObject::More(place)) => {
            return malformed(
                "token-trailing",
                format!(
                    "The token endpoint answered {status} with a JSON object and something after it ({place}), so two readers could see two answers; nothing of it was used."
                ),
                "Look at the response below. A proxy may have added to it; otherwise it is a fault of the server.",
            );
        }
        Err(NotObject::Script) => {
            return malformed(
                "token-script",
                format!(
                    "The token endpoint answered {status} with JSON that is wrapped into script (JSONP, or a guard against it)."
                ),
                "RFC 6749 5.1 asks for plain JSON. Check that the address is the token endpoint, and take a parameter such as callback out of the request.",
            );
        }
        Err(NotObject::Type(kind)) => {
            return malformed(
                "token-not-object",
                format!("The token endpoint answered {status} with {kind} where a JSON object is due."),
                "Check that the address is the token endpoint.",
            );
        }
    };
    if let Some(name) = object.repeated.first() {
        return malformed(
            "token-duplicate-member",
            format!(
                "The answer has the member {} more than once, so two readers could see two values; nothing of it was used.",
                shown(name)
            ),
            "This is a fault of the server or of something that changes its answers.",
        );
    }
    let members = object.members;
    let refusal = refusal(&members).or_else(|| {
        // Words in another form than the RFC's are words all the same.
        matches!(status, 400..=403 | 405..).then(|| told::in_object(&members, status)).flatten()
    });
    match refusal {
        Some(error) if (200..300).contains(&status) => {
            let description = error.description.map(|text| format!(": {}", shown(&text))).unwrap_or_default();
            malformed(
                "token-error-with-200",
                format!(
                    "The token endpoint answered {status}, as if it had worked, but with the error {}{description}.",
                    shown(&error.error)
                ),
                "Treat it as a refusal. RFC 6749 5.2 asks for status 400 or 401; this server does not keep to it.",
            )
        }
        Some(error) => ResponseReading::Refused(error),
        None if status == 404 => malformed(
            "token-not-there",
            "The server answered 404: there is no token endpoint at this address.".to_owned(),
            "Take the address from the server's metadata. WSO2 4.0 and later has none on the gateway's port; it is on the control plane, as it comes https://localhost:9443/oauth2/token.",
        ),
        None if !(200..300).contains(&status) => malformed(
            "token-refused-without-error",
            format!("The token endpoint answered {status} without the member \"error\", so it does not say why."),
            "Read the response below and the server's log for this time.",
        ),
        None => {
            let bom = json::without_bom(body).1.then(|| {
                let detail =
                    "The answer starts with a byte order mark, which JSON must not (RFC 8259 8.1); some clients refuse it.";
                warning("answer-bom", "Byte order mark", detail, Some("RFC 8259 8.1"))
            });
            issued(members, bom.into_iter().collect())
        }
    }
}

/// What a refusal says in a form that is not read further, as a sentence of its own; its words end without a full stop.
fn quoted(status: u16, body: &[u8]) -> String {
    let words = if (200..300).contains(&status) { None } else { told::in_text(body) };
    words.map(|words| format!(" It says: {}.", shown(words.trim_end_matches('.')))).unwrap_or_default()
}

/// The refusal in an object: the RFC's form, or the nested one some cloud services use.
fn refusal(members: &serde_json::Map<String, Value>) -> Option<OAuthError> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    match members.get("error")? {
        Value::String(error) => Some(OAuthError {
            error: error.clone(),
            description: text(members.get("error_description")),
            uri: text(members.get("error_uri")),
        }),
        Value::Object(nested) => Some(OAuthError {
            error: text(nested.get("status")).or_else(|| nested.get("code").map(plain)).unwrap_or_else(|| "error".into()),
            description: text(nested.get("message")),
            uri: None,
        }),
        Value::Null => None,
        other => Some(OAuthError { error: plain(other), description: text(members.get("error_description")), uri: None }),
    }
}

fn issued(mut members: serde_json::Map<String, Value>, mut remarks: Vec<Finding>) -> ResponseReading<TokenResponse> {
    for name in ["access_token", "refresh_token", "id_token"] {
        // What no header and no form carries unchanged is no token (RFC 6749 A.12, A.17; RFC 6750 2.1).
        if members.get(name).and_then(Value::as_str).is_some_and(|text| text.bytes().any(|byte| !byte.is_ascii_graphic())) {
            return malformed(
                "token-bad-characters",
                format!(
                    "The {name} in the answer holds white space, control characters or letters beyond ASCII, so it can not be sent."
                ),
                "RFC 6749 Appendix A allows printable ASCII only. Look at the response below; a proxy may have wrapped a line.",
            );
        }
    }
    match members.get("access_token") {
        None => {
            return malformed(
                "token-missing",
                "The token endpoint answered 200, but there is no access_token in the answer.".into(),
                "RFC 6749 5.1 requires it. Check that the address is the token endpoint, and which grant the client is allowed.",
            );
        }
        Some(Value::String(text)) if !text.is_empty() => {}
        Some(_) => {
            return malformed(
                "token-not-text",
                "The access_token in the answer is not a text or is empty.".into(),
                "RFC 6749 5.1 asks for a string. This is a fault of the server.",
            );
        }
    }
    // `shift_remove` keeps the order of what is left, which `other` shows.
    let secret = |members: &mut serde_json::Map<String, Value>, name: &str| match members.shift_remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(Secret::new(text)),
        _ => None,
    };
    let text = |members: &mut serde_json::Map<String, Value>, name: &str| match members.shift_remove(name) {
        Some(Value::String(text)) => Some(text),
        Some(Value::Array(items)) => Some(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")),
        _ => None,
    };
    for name in ["refresh_token", "id_token"] {
        if members.get(name).is_some_and(|value| !value.is_null() && value.as_str().is_none_or(str::is_empty)) {
            let detail = format!("The {name} in the answer is not a text or is empty; it is left out.");
            remarks.push(wrong("token-member-not-text", "Token is no text", &detail, Some("RFC 6749 5.1")));
            members.shift_remove(name);
        }
    }
    let numbers = ["expires_in", "refresh_expires_in"].map(|name| {
        let value = members.get(name).map(|value| lifetime(name, value, &mut remarks));
        // What can not be read stays among the other members, as it was sent.
        value.flatten().inspect(|_| drop(members.shift_remove(name)))
    });
    kind(&members, &mut remarks);
    if let Some(finding) = scope(&members) {
        remarks.push(finding);
    }
    ResponseReading::Ok(TokenResponse {
        access_token: secret(&mut members, "access_token"),
        id_token: secret(&mut members, "id_token"),
        refresh_token: secret(&mut members, "refresh_token"),
        token_type: text(&mut members, "token_type"),
        expires_in: numbers[0],
        refresh_expires_in: numbers[1],
        scope: text(&mut members, "scope"),
        issued_token_type: text(&mut members, "issued_token_type"),
        other: members
            .iter()
            .map(|(name, value)| Pair {
                name: name.clone(),
                value: if record::redact::sensitive_member(name) { record::redact::DOTS.into() } else { plain(value) },
            })
            .collect(),
        remarks,
    })
}

/// A lifetime in seconds, and what is odd about it. A number that no clock can be moved by is none.
fn lifetime(name: &str, value: &Value, remarks: &mut Vec<Finding>) -> Option<i64> {
    let rfc = Some("RFC 6749 5.1");
    let ignored = |what: &str| {
        let detail = format!("{name} is {what}, so it says nothing about the end of the token and is ignored.");
        wrong("expires-in-unusable", "Lifetime unusable", &detail, rfc)
    };
    let seconds = match value {
        Value::Number(number) if number.is_f64() => {
            let seconds = json::seconds(value);
            match seconds {
                Some(_) => {
                    let detail = format!("{name} is {number}, and a whole number of seconds is due. Its fraction is left out.");
                    remarks.push(warning("expires-in-not-whole", "Lifetime with a fraction", &detail, rfc));
                }
                None => remarks.push(ignored("larger than any time")),
            }
            seconds
        }
        Value::Number(_) => {
            let seconds = json::seconds(value);
            if seconds.is_none() {
                remarks.push(ignored("larger than any time"));
            }
            seconds
        }
        Value::String(text) => match json::seconds(value) {
            Some(seconds) => {
                let detail = format!("{name} is a text, and a number is due. Strict clients ignore it or refuse the answer.");
                remarks.push(warning("expires-in-text", "Lifetime as text", &detail, rfc));
                Some(seconds)
            }
            None => {
                remarks.push(ignored(&format!("the text {}", shown(text))));
                None
            }
        },
        Value::Null => {
            remarks.push(ignored("null"));
            None
        }
        _ => {
            remarks.push(ignored("no number"));
            None
        }
    }?;
    if seconds < 0 {
        remarks.push(ignored("negative"));
        return None;
    }
    if seconds > LONGEST_S {
        remarks.push(ignored(&format!("{seconds} seconds, more than a hundred years")));
        return None;
    }
    Some(seconds)
}

/// What is odd about `token_type`: a client must not use a token whose type it does not understand (RFC 6749 7.1).
fn kind(members: &serde_json::Map<String, Value>, remarks: &mut Vec<Finding>) {
    let exchanged = members.get("issued_token_type").and_then(Value::as_str);
    let rfc = Some("RFC 6749 7.1");
    match members.get("token_type") {
        None | Some(Value::Null) => {
            let detail = "The answer does not say how the token is to be used (token_type), which it must; it is shown, and Bearer is not taken for granted.";
            remarks.push(wrong("token-type-missing", "No token type", detail, Some("RFC 6749 5.1")));
        }
        Some(Value::String(kind)) if kind.eq_ignore_ascii_case("Bearer") || kind.eq_ignore_ascii_case("DPoP") => {}
        Some(Value::String(kind)) if kind == "N_A" && exchanged.is_some_and(|issued| !issued.ends_with(":access_token")) => {}
        Some(Value::String(kind)) if kind.eq_ignore_ascii_case("N_A") => {
            let detail = "token_type N_A says the token is no access token, and the answer does not say what else it is (issued_token_type of a token exchange).";
            remarks.push(wrong("token-type-not-applicable", "Token type N_A", detail, Some("RFC 8693 2.2.1")));
        }
        Some(Value::String(kind)) => {
            let detail = format!(
                "The token is of type {}. Bearer and DPoP are known here; a client must not use a token of a type it does not know.",
                shown(kind)
            );
            remarks.push(wrong("token-type-unknown", "Unknown token type", &detail, rfc));
        }
        Some(_) => {
            let detail = "token_type is no text, so it is not known how the token is to be used.";
            remarks.push(wrong("token-type-unknown", "Token type is no text", detail, rfc));
        }
    }
}

/// What is odd about `scope`: one text of names with spaces between them (RFC 6749 3.3). Absent it is as asked for.
fn scope(members: &serde_json::Map<String, Value>) -> Option<Finding> {
    let rfc = Some("RFC 6749 3.3");
    match members.get("scope")? {
        Value::String(text)
            if text.chars().all(|letter| letter == ' ' || letter.is_ascii_graphic() && !matches!(letter, '"' | '\\')) =>
        {
            None
        }
        Value::String(_) => {
            let detail = "The scope of the answer holds characters that no scope may have.";
            Some(warning("scope-bad-characters", "Odd characters in scope", detail, rfc))
        }
        Value::Null => None,
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let detail = "The scope of the answer is a list, and one text with spaces is due. It is read as one; many clients find nothing in it.";
            Some(warning("scope-not-text", "Scope is a list", detail, rfc))
        }
        _ => {
            let detail = "The scope of the answer is neither a text nor a list of texts, so it is not known what was granted.";
            Some(wrong("scope-not-text", "Scope is no text", detail, rfc))
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn malformed<T>(id: &'static str, message: String, advice: &str) -> ResponseReading<T> {
    ResponseReading::Malformed { id, message, advice: advice.into() }
}
