//! Reading what came back through the browser (RFC 6749 4.1.2, RFC 9207).
//!
//! The order of the checks is the order of trust: first that the answer belongs to this log in (`state`), then
//! that it is from the right server (`iss`), and only then what it says.

#![expect(clippy::result_large_err, reason = "a log in has one answer; its fault is moved twice and never stored in bulk")]

use url::form_urlencoded;

use super::oauth_error::OAuthError;
use token::secret::Secret;

/// Longest query that is read, in bytes; codes and states are far shorter.
const LONGEST_QUERY: usize = 16 * 1024;

/// A good answer of the authorization endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// `code`, to be redeemed once.
    pub code: Secret,
    /// `iss` (RFC 9207 2), already compared.
    pub iss: Option<String>,
    /// `session_state` (OpenID Connect Session Management 2).
    pub session_state: Option<String>,
}

/// Why an answer was not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackFault {
    /// Stable, e.g. `state-mismatch`, `login-denied`.
    pub id: &'static str,
    /// What happened.
    pub message: String,
    /// What to do.
    pub advice: String,
    /// The server's refusal, when it is one.
    pub error: Option<OAuthError>,
}

/// Whether a query carries the state of this log in or log out, exactly once: only its own server can know that. Everything else
/// is somebody else's, and ends nothing.
pub fn answers_login(query: &str, expected_state: &str) -> bool {
    let mut states = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "state").map(|(_, value)| value);
    let (first, second) = (states.next(), states.next());
    let belongs = first.is_some_and(|state| same(state.as_bytes(), expected_state.as_bytes()));
    belongs && second.is_none() && !expected_state.is_empty()
}

/// Reads the query of the redirect. `expected_iss` is the issuer and whether its metadata promises `iss`.
pub fn read_callback(query: &str, expected_state: &str, expected_iss: Option<(&str, bool)>) -> Result<Callback, CallbackFault> {
    let query = query.strip_prefix('?').unwrap_or(query);
    if query.len() > LONGEST_QUERY {
        return Err(fault(
            "callback-too-long",
            format!("The answer in the browser is {} long; nothing of it was read.", token::measure::size(query.len())),
            "Log in again. If it happens again, look at the provider's configuration.",
        ));
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let all = |name: &str| pairs.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect::<Vec<_>>();

    check_state(&all("state"), expected_state)?;
    // A refusal carries nothing that could be sent to the wrong server, and it knows the state; so one without the promised iss is told
    // as what it is, with that beside it.
    let refuses = !all("error").is_empty() && all("code").is_empty();
    let (iss, unnamed) = match check_issuer(&all("iss"), expected_iss) {
        Err(fault) if fault.id == "iss-missing" && refuses => (None, true),
        checked => (checked?, false),
    };

    let (error, code) = (single(&all("error"), "error")?, single(&all("code"), "code")?);
    if let (Some(_), Some(_)) = (error, code) {
        return Err(fault(
            "code-and-error",
            "The answer in the browser carries a code and an error at once (RFC 6749 4.1.2 knows one or the other).".into(),
            "The code was not sent anywhere. Log in again; if it stays, it is a fault of the provider or of something between.",
        ));
    }
    if let Some(error) = error {
        let text = |name: &str| all(name).first().map(|text| (*text).to_owned());
        let mut fault =
            refused(OAuthError { error: error.into(), description: text("error_description"), uri: text("error_uri") });
        if unnamed {
            fault.message.push_str(" The answer lacks iss, which the metadata promise for refusals as well (RFC 9207 2).");
        }
        return Err(fault);
    }
    if !all("response").is_empty() && all("code").is_empty() {
        return Err(fault(
            "jarm-not-supported",
            "The provider packed its answer into a signed response (JARM), which is not read here.".into(),
            "Set the client's response mode to query at the provider, then log in again.",
        ));
    }
    match code.filter(|code| !code.is_empty()) {
        Some(code) => Ok(Callback {
            code: Secret::new(code),
            iss,
            session_state: all("session_state").first().map(|text| (*text).to_owned()),
        }),
        None => Err(fault(
            "code-missing",
            "The provider sent the browser back without a code and without an error.".into(),
            "Check that the client is allowed the authorization code flow (response type code), then log in again.",
        )),
    }
}

pub(super) fn check_state(states: &[&str], expected: &str) -> Result<(), CallbackFault> {
    let advice = "Nothing was sent on. Log in again from here, and do not reuse an old browser tab.";
    match states {
        [] => Err(fault(
            "state-missing",
            "The answer in the browser carries no state, so it can not be told whether it belongs to this log in.".into(),
            advice,
        )),
        [state] if same(state.as_bytes(), expected.as_bytes()) => Ok(()),
        [_] => Err(fault(
            "state-mismatch",
            "The answer in the browser carries another state than this log in, so it belongs to a different one.".into(),
            advice,
        )),
        _ => Err(fault(
            "state-repeated",
            "The answer in the browser carries state more than once (RFC 6749 3.1 allows one).".into(),
            advice,
        )),
    }
}

/// RFC 9207 2.4: compared as plain strings; a promised one that is missing is refused like a wrong one.
fn check_issuer(found: &[&str], expected: Option<(&str, bool)>) -> Result<Option<String>, CallbackFault> {
    let advice =
        "The code was not sent anywhere. Check the issuer in the profile, and that no other provider answers at this address.";
    match (found, expected) {
        ([_, _, ..], _) => Err(fault("iss-repeated", "The answer in the browser carries iss more than once.".into(), advice)),
        ([iss], Some((issuer, _))) if *iss != issuer => Err(fault(
            "iss-mismatch",
            format!("The answer comes from {}, this log in was started at {issuer}.", shown(iss)),
            advice,
        )),
        ([], Some((issuer, true))) => Err(fault(
            "iss-missing",
            format!("The metadata of {issuer} promises the parameter iss in every answer, and it is missing."),
            advice,
        )),
        ([iss], _) => Ok(Some((*iss).to_owned())),
        ([], _) => Ok(None),
    }
}

fn single<'a>(found: &[&'a str], name: &str) -> Result<Option<&'a str>, CallbackFault> {
    match found {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        _ => Err(fault(
            if name == "code" { "code-repeated" } else { "error-repeated" },
            format!("The answer in the browser carries {name} more than once (RFC 6749 3.1 allows one)."),
            "Nothing was sent on. Log in again; if it stays, it is a fault of the provider or of something between.",
        )),
    }
}

fn refused(error: OAuthError) -> CallbackFault {
    let said = match &error.description {
        Some(text) if !text.is_empty() => format!("{}: {}", shown(&error.error), shown(text)),
        _ => shown(&error.error),
    };
    let (id, message, advice) = match error.error.as_str() {
        "access_denied" => (
            "login-denied",
            format!("The log in was denied at the provider ({said})."),
            "Log in again and give consent, or ask an administrator whether this user may use the client.",
        ),
        "invalid_scope" => (
            "login-refused",
            format!("The provider refused a scope ({said})."),
            "Remove the scope from the form, or add it to the client at the provider.",
        ),
        "unauthorized_client" | "unsupported_response_type" => (
            "login-refused",
            format!("The provider does not let this client log users in ({said})."),
            "Switch the authorization code flow (standard flow) on for the client at the provider.",
        ),
        "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => (
            "login-refused",
            format!("The provider needs to show a page, and prompt=none forbids it ({said})."),
            "Log in again without prompt=none.",
        ),
        "temporarily_unavailable" | "server_error" => (
            "login-refused",
            format!("The provider failed ({said})."),
            "Try again in a moment; read the provider's log for this time.",
        ),
        "invalid_request" => (
            "login-refused",
            format!("The provider found the request wrong ({said})."),
            "Compare the request in the step with the client's settings: redirect URI, PKCE method, required parameters.",
        ),
        _ => (
            "login-refused",
            format!("The provider refused the log in ({said})."),
            "Read the provider's words and its events for this time.",
        ),
    };
    CallbackFault { id, message, advice: advice.into(), error: Some(error) }
}

/// Compares in a time that depends on the lengths only.
fn same(a: &[u8], b: &[u8]) -> bool {
    let mut difference = a.len() ^ b.len();
    for index in 0..a.len().max(b.len()) {
        let (x, y) = (a.get(index).copied().unwrap_or(0), b.get(index).copied().unwrap_or(0));
        difference |= usize::from(std::hint::black_box(x ^ y));
    }
    difference == 0
}

/// Text from outside inside a sentence: no hidden characters, no novel, and nothing that could be taken for words of ours.
fn shown(text: &str) -> String {
    let clean: String = text.chars().take(200).collect();
    token::shown::shown(&record::redact::text(&clean, &record::redact::KnownSecrets::default()))
}

fn fault(id: &'static str, message: String, advice: &str) -> CallbackFault {
    CallbackFault { id, message, advice: advice.into(), error: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Callback, &'static str> {
        read_callback(query, "st4te", Some(("https://id.example.org", true))).map_err(|fault| fault.id)
    }

    #[test]
    fn a_good_answer() {
        let callback = read("code=c%2B1&state=st4te&iss=https%3A%2F%2Fid.example.org&session_state=s").expect("good");
        assert_eq!((callback.code.expose(), callback.session_state.as_deref()), ("c+1", Some("s")));
        // Parameters nobody knows are ignored, even when they repeat (RFC 6749 4.1.2).
        assert!(read("code=c&state=st4te&iss=https://id.example.org&scope=a&scope=b").is_ok());
    }

    #[test]
    fn every_bad_answer_has_its_own_id() {
        let iss = "&iss=https://id.example.org";
        let table = [
            ("".to_owned(), "state-missing"),
            (format!("code=c{iss}"), "state-missing"),
            (format!("code=c&state={iss}"), "state-mismatch"),
            (format!("code=c&state=st4tf{iss}"), "state-mismatch"),
            (format!("code=c&state=st4te2{iss}"), "state-mismatch"),
            (format!("code=c&state=st4te&state=st4te{iss}"), "state-repeated"),
            ("code=c&state=st4te".to_owned(), "iss-missing"),
            ("code=c&state=st4te&iss=https://id.example.org/".to_owned(), "iss-mismatch"),
            (format!("code=c&state=st4te{iss}{iss}"), "iss-repeated"),
            (format!("state=st4te{iss}"), "code-missing"),
            (format!("code=&state=st4te{iss}"), "code-missing"),
            (format!("code=a&code=b&state=st4te{iss}"), "code-repeated"),
            (format!("response=eyJ&state=st4te{iss}"), "jarm-not-supported"),
            (format!("error=access_denied&state=st4te{iss}"), "login-denied"),
            (format!("error=access_denied&code=c&state=st4te{iss}"), "code-and-error"),
            (format!("error=access_denied&error=x&state=st4te{iss}"), "error-repeated"),
            (format!("error=invalid_scope&error_description=x&state=st4te{iss}"), "login-refused"),
            ("error=access_denied".to_owned(), "state-missing"),
            (format!("code=c&state=st4te{iss}&x={}", "a".repeat(65_536)), "callback-too-long"),
        ];
        for (query, id) in table {
            assert_eq!(read(&query).map(|_| ()), Err(id), "{}", &query[..query.len().min(80)]);
        }
    }

    #[test]
    fn a_refusal_without_the_promised_iss_is_told_as_a_refusal() {
        for (query, id, said) in [
            ("error=login_required&state=st4te", "login-refused", "prompt=none"),
            ("error=access_denied&state=st4te", "login-denied", "denied"),
            ("error=invalid_scope&state=st4te", "login-refused", "scope"),
            ("error=server_error&state=st4te", "login-refused", "failed"),
            ("error=consent_required&error_description=x&state=st4te", "login-refused", "prompt=none"),
        ] {
            let fault = read_callback(query, "st4te", Some(("https://id.example.org", true))).expect_err("a refusal");
            assert_eq!(fault.id, id, "{query}");
            assert!(fault.message.contains(said) && fault.message.ends_with("(RFC 9207 2)."), "{}", fault.message);
        }
        // With a code beside it, or from another issuer, nothing of it is believed.
        assert_eq!(read("error=access_denied&code=c&state=st4te").err(), Some("iss-missing"));
        assert_eq!(read("error=login_required&state=st4te&iss=https://evil.example").err(), Some("iss-mismatch"));
    }

    #[test]
    fn only_the_own_state_once_makes_an_answer() {
        for query in ["state=st4te", "code=c&state=st4te&iss=x", "error=x&st%61te=st4%74e", "&&state=st4te&&"] {
            assert!(answers_login(query, "st4te"), "{query}");
        }
        for query in [
            "",
            "state",
            "state=",
            "state=st4te%00",
            "state=St4te",
            "state=st4te+",
            "state=+st4te",
            "State=st4te",
            "state[]=st4te",
            "state=st4te&state=st4te",
            "state=x&state=st4te",
            "state=st4te&state=",
            "xstate=st4te",
            "#state=st4te",
            "state=st4te;code=c",
        ] {
            assert!(!answers_login(query, "st4te"), "{query}");
        }
        assert!(!answers_login("state=", ""), "an empty state is nobody's");
    }

    #[test]
    fn an_unpromised_iss_is_still_compared() {
        let expected = Some(("https://id.example.org", false));
        assert!(read_callback("code=c&state=s", "s", expected).is_ok());
        assert_eq!(
            read_callback("code=c&state=s&iss=https://evil.example", "s", expected).map_err(|f| f.id).map(|_| ()),
            Err("iss-mismatch")
        );
    }

    #[test]
    fn a_refusal_keeps_the_servers_words() {
        let fault = read_callback("error=access_denied&error_description=User+said+no&state=s", "s", None).expect_err("refused");
        assert_eq!(fault.error.as_ref().and_then(|e| e.description.as_deref()), Some("User said no"));
        assert!(fault.message.contains("User said no"));
    }
}
