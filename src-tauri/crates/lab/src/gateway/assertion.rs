//! The checks WSO2 makes on a Keycloak token used as a grant, in its order and with its words.
//!
//! jwt-bearer (RFC 7523 section 3) and token exchange (RFC 8693) make the same checks and refuse with other errors, other
//! words and another limit of age, so the flaw is one thing and its wording another.

use serde_json::{Map, Value};

use super::grants::JWT_BEARER;
use super::issue::granted;
use super::refusal::Refusal;
use super::state::{ALIAS, Gateway, Issued};
use crate::jose;
use crate::keyset::Unverified;

/// A subject token may not be older than this, in seconds, however long it says it lives.
pub(crate) const SUBJECT_AGE_S: i64 = 60 * 60;

/// What is wrong with a token somebody wants another one for.
pub(crate) enum Flaw {
    Absent,
    Unreadable,
    Incomplete,
    UnknownIssuer(String),
    Algorithm(String),
    NoKeys,
    Signature,
    Audience,
    Expired,
    NotYet,
    TooOld,
}

/// The claims of a good token, which may be no older than `max_age_s` however long it says it lives.
pub(crate) async fn check(gateway: &Gateway, text: Option<&str>, max_age_s: i64) -> Result<Map<String, Value>, Flaw> {
    let text = text.ok_or(Flaw::Absent)?;
    let token = jose::parse(text).ok_or(Flaw::Unreadable)?;
    let (issuer, audience) = (token.text("iss"), token.audience());
    let (Some(issuer), Some(_), Some(expires), false) = (issuer, token.text("sub"), token.number("exp"), audience.is_empty())
    else {
        return Err(Flaw::Incomplete);
    };
    let Some(provider) = gateway.provider(issuer) else {
        return Err(Flaw::UnknownIssuer(issuer.to_owned()));
    };
    // RSA only, whatever else the key set offers.
    let algorithm = token.header.get("alg").and_then(Value::as_str).unwrap_or("none");
    if !algorithm.starts_with("RS") {
        return Err(Flaw::Algorithm(algorithm.to_owned()));
    }
    match provider.keys.claims(text).await {
        Ok(_) => {}
        Err(Unverified::NoKeys) => return Err(Flaw::NoKeys),
        Err(_) => return Err(Flaw::Signature),
    }
    if !audience.iter().any(|one| one == ALIAS) {
        return Err(Flaw::Audience);
    }
    // No clock skew: zero is the default.
    let now = gateway.world.now_s();
    if expires <= now {
        return Err(Flaw::Expired);
    }
    if token.number("nbf").is_some_and(|from| from > now) {
        return Err(Flaw::NotYet);
    }
    if token.number("iat").is_some_and(|issued| now - issued > max_age_s) {
        return Err(Flaw::TooOld);
    }
    Ok(token.claims)
}

impl Flaw {
    /// The refusal of the jwt-bearer grant.
    pub fn of_jwt_bearer(self) -> Refusal {
        let text = match self {
            Flaw::Absent => format!("No Valid Assertion was found for {JWT_BEARER}"),
            Flaw::Unreadable => "Error when trying to retrieve claimsSet from the JWT".to_owned(),
            Flaw::Incomplete => {
                "Mandatory fields(Issuer, Subject, Expiration time or Audience) are empty in the given JSON Web Token.".to_owned()
            }
            Flaw::UnknownIssuer(issuer) => format!("No Registered IDP found for the JWT with issuer name : {issuer}"),
            Flaw::Algorithm(name) => format!("Could not create a signature verifier for algorithm type: {name}"),
            Flaw::NoKeys => "Unable to locate certificate for Identity Provider".to_owned(),
            Flaw::Signature => "Signature or Message Authentication invalid.".to_owned(),
            Flaw::Audience => format!("None of the audience values matched the tokenEndpoint Alias {ALIAS}"),
            Flaw::Expired => "JSON Web Token is expired.".to_owned(),
            Flaw::NotYet => "JSON Web Token is used before Not_Before_Time.".to_owned(),
            Flaw::TooOld => "JSON Web Token is issued before the allowed time.".to_owned(),
        };
        Refusal(400, "invalid_grant", text)
    }

    /// The refusal of the token exchange grant.
    pub fn of_exchange(self) -> Refusal {
        let error = if matches!(self, Flaw::Audience) { "invalid_target" } else { "invalid_request" };
        let text = match self {
            Flaw::Absent => "Subject token is empty".to_owned(),
            Flaw::Audience => "Invalid audience values provided".to_owned(),
            Flaw::Signature => "Signature or Message Authentication invalid".to_owned(),
            other => {
                let Refusal(_, _, text) = other.of_jwt_bearer();
                text
            }
        };
        Refusal(400, error, text)
    }
}

/// The local roles of a federated user: one role of the provider is mapped to the one that may use the developer portal.
fn roles(gateway: &Gateway, claims: &Map<String, Value>) -> Vec<&'static str> {
    let issuer = claims.get("iss").and_then(Value::as_str).unwrap_or_default();
    let subscriber = gateway.provider(issuer).is_some_and(|provider| provider.subscriber(claims));
    if subscriber { vec!["Internal/subscriber"] } else { Vec::new() }
}

/// A token for the user of a Keycloak token with these claims, in place of the consumer's own.
pub(crate) fn federated(
    gateway: &Gateway,
    issue: Issued,
    text: Option<&str>,
    claims: Map<String, Value>,
    requested: &str,
) -> Issued {
    Issued {
        sub: claims.get("sub").and_then(Value::as_str).unwrap_or_default().to_owned(),
        user: true,
        scope: granted(requested, &roles(gateway, &claims)),
        subject_token: text.map(str::to_owned),
        subject: claims,
        ..issue
    }
}
