//! The two requests of a log in: the address the browser opens, and the redemption of the code.

use url::Url;

use super::{
    address::endpoint,
    build::{Built, Reads, authenticate, token_request},
    params::{client_of, value, words},
};
use crate::profile::{Profile, ServerRole};
use record::{
    audit::Actor,
    operation::{Draft, FieldFault},
};
use token::secret::Secret;

/// What a log in is called.
pub(crate) const LOG_IN: &str = "Log in";

/// The authorization request before it is an address.
#[derive(Clone, PartialEq, Eq)]
pub struct Authorization {
    /// Authorization endpoint; its own query, if any, is kept (RFC 6749 3.1).
    pub endpoint: String,
    /// Parameters in order.
    pub params: Vec<(String, String)>,
}

/// Values that are made new for every log in.
#[derive(Clone, Copy)]
pub struct LoginValues<'a> {
    /// Where the browser is sent back to.
    pub redirect_uri: &'a str,
    /// Ties the answer to this log in (RFC 6749 10.12).
    pub state: &'a str,
    /// Ties the ID token to this log in (OpenID Connect Core 3.1.2.1); sent with scope `openid` only.
    pub nonce: &'a str,
    /// S256 of the verifier (RFC 7636 4.2).
    pub code_challenge: &'a str,
}

impl std::fmt::Debug for Authorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.params.iter().map(|(name, _)| name.as_str()).collect();
        let endpoint = record::redact::url_text(&self.endpoint, &record::redact::KnownSecrets::default());
        f.debug_struct("Authorization").field("endpoint", &endpoint).field("params", &names).finish()
    }
}

impl std::fmt::Debug for LoginValues<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoginValues").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}

/// Parameters the checks of the answer rest on; nobody else may set them.
const OURS: [&str; 7] =
    ["response_type", "client_id", "redirect_uri", "state", "nonce", "code_challenge", "code_challenge_method"];

/// The authorization request (RFC 6749 4.1.1, RFC 7636 4.3, OpenID Connect Core 3.1.2.1).
pub fn authorization_request(
    draft: &Draft,
    profile: &Profile,
    login: &LoginValues<'_>,
) -> Result<Authorization, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let endpoint = match endpoint(&profile.provider.endpoints.authorization, "client", profile) {
        Ok(url) => url.to_string(),
        Err(_) if profile.provider.endpoints.authorization.trim().is_empty() => {
            faults.push(FieldFault {
                field: "client".into(),
                message:
                    "The profile has no authorization endpoint. Read the provider's metadata in Profiles, or enter it there."
                        .into(),
            });
            String::new()
        }
        Err(fault) => {
            faults.push(fault);
            String::new()
        }
    };
    let client = value(draft, "client").unwrap_or_default();
    if client.is_empty() {
        faults.push(FieldFault { field: "client".into(), message: "Choose the client that logs the user in.".into() });
    }
    for pair in &draft.extra {
        if OURS.contains(&pair.name.trim()) {
            faults.push(FieldFault {
                field: "extra".into(),
                message: format!(
                    "{} is set for every log in and checked on return. Remove it from the added parameters.",
                    pair.name.trim()
                ),
            });
        } else if pair.name.trim().is_empty() && !pair.value.is_empty() {
            faults.push(FieldFault {
                field: "extra".into(),
                message: "An added parameter has a value but no name. Name it or remove it.".into(),
            });
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let scope = words(draft, "scope");
    let mut params: Vec<(String, String)> = Vec::new();
    let mut push = |name: &str, text: &str| {
        if !text.is_empty() {
            params.push((name.into(), text.into()));
        }
    };
    push("response_type", "code");
    push("client_id", client);
    push("redirect_uri", login.redirect_uri);
    push("scope", &scope.join(" "));
    push("state", login.state);
    if scope.contains(&"openid") {
        push("nonce", login.nonce);
    }
    push("code_challenge", login.code_challenge);
    // Always S256: `plain` is what a server assumes when the method is left out (RFC 7636 4.3).
    push("code_challenge_method", "S256");
    for name in ["prompt", "login_hint", "acr_values"] {
        push(name, &words_or_text(draft, name));
    }
    for pair in &draft.extra {
        push(pair.name.trim(), &pair.value);
    }
    Ok(Authorization { endpoint, params })
}

/// The address the browser opens.
pub fn authorization(draft: &Draft, profile: &Profile, login: &LoginValues<'_>) -> Result<Url, Vec<FieldFault>> {
    let request = authorization_request(draft, profile, login)?;
    let mut url = endpoint(&request.endpoint, "client", profile).map_err(|fault| vec![fault])?;
    url.query_pairs_mut().extend_pairs(&request.params);
    Ok(url)
}

/// The redemption of a code (RFC 6749 4.1.3, RFC 7636 4.5). `secret` is none for public clients, and the
/// signed assertion of a client that shows one.
pub fn code_request(
    profile: &Profile,
    client_id: &str,
    secret: Option<&Secret>,
    code: &Secret,
    redirect_uri: &str,
    verifier: &Secret,
) -> Result<Built, Vec<FieldFault>> {
    let client = client_of(profile, client_id, ServerRole::Provider)
        .cloned()
        .unwrap_or_else(|| crate::profile::Client { client_id: client_id.into(), ..Default::default() });
    let mut pairs: Vec<(String, String)> = [
        ("grant_type", "authorization_code"),
        ("code", code.expose()),
        ("redirect_uri", redirect_uri),
        ("code_verifier", verifier.expose()),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .to_vec();
    let header = authenticate(&client, secret, &mut pairs).map_err(|fault| vec![fault])?;
    let url = endpoint(&profile.provider.endpoints.token, "client", profile).map_err(|fault| vec![fault])?;
    let request = token_request(&url, header, &pairs).map_err(|fault| vec![fault])?;
    Ok(Built {
        label: format!("POST /{}, authorization_code", super::last_segment(&url)),
        request,
        to: Actor::Provider,
        client: Some(client_id.into()),
        audience: None,
        tokens_in: Vec::new(),
        reads: Reads::TokenResponse,
        title: LOG_IN.into(),
    })
}

fn words_or_text(draft: &Draft, name: &str) -> String {
    match name {
        // A user name may hold blanks; the other two are lists of words.
        "login_hint" => value(draft, name).unwrap_or_default().into(),
        _ => words(draft, name).join(" "),
    }
}
