//! The checks WSO2 makes on a Keycloak token used as a grant (RFC 7523 section 3), in its order and with its words.

use serde_json::{Map, Value};

use super::{ALIAS, Gateway, JWT_BEARER};
use crate::jose;
use crate::keyset::Unverified;

/// An assertion may not be older than this, however long it says it lives.
const MAX_AGE_S: i64 = 30 * 60;

/// The claims of a good assertion, or the `error_description` of the `invalid_grant`.
pub(crate) async fn check(gateway: &Gateway, assertion: Option<&str>) -> Result<Map<String, Value>, String> {
    let Some(text) = assertion else {
        return Err(format!("No Valid Assertion was found for {JWT_BEARER}"));
    };
    let Some(token) = jose::parse(text) else {
        return Err("Error when trying to retrieve claimsSet from the JWT".to_owned());
    };
    let (issuer, audience) = (token.text("iss"), token.audience());
    let (Some(issuer), Some(_), Some(expires), false) = (issuer, token.text("sub"), token.number("exp"), audience.is_empty())
    else {
        return Err(
            "Mandatory fields(Issuer, Subject, Expiration time or Audience) are empty in the given JSON Web Token.".to_owned()
        );
    };
    if issuer != gateway.upstream.issuer {
        return Err(format!("No Registered IDP found for the JWT with issuer name : {issuer}"));
    }
    // RSA only, whatever else the key set offers.
    let algorithm = token.header.get("alg").and_then(Value::as_str).unwrap_or("none");
    if !algorithm.starts_with("RS") {
        return Err(format!("Could not create a signature verifier for algorithm type: {algorithm}"));
    }
    match gateway.provider_keys.claims(text).await {
        Ok(_) => {}
        Err(Unverified::NoKeys) => {
            return Err("Unable to locate certificate for Identity Provider".to_owned());
        }
        Err(_) => return Err("Signature or Message Authentication invalid.".to_owned()),
    }
    if !audience.iter().any(|one| one == ALIAS) {
        return Err(format!("None of the audience values matched the tokenEndpoint Alias {ALIAS}"));
    }
    // No clock skew: zero is the default.
    let now = gateway.world.now_s();
    if expires <= now {
        return Err("JSON Web Token is expired.".to_owned());
    }
    if token.number("nbf").is_some_and(|from| from > now) {
        return Err("JSON Web Token is used before Not_Before_Time.".to_owned());
    }
    if token.number("iat").is_some_and(|issued| now - issued > MAX_AGE_S) {
        return Err("JSON Web Token is issued before the allowed time.".to_owned());
    }
    Ok(token.claims)
}

/// The local roles of a federated user: the role claim is the top-level array `groups`, the only form WSO2 reads, and
/// `/engineering` is mapped to the role that may use the developer portal.
pub(crate) fn roles(claims: &Map<String, Value>) -> Vec<&'static str> {
    let groups = claims.get("groups").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if groups.iter().any(|group| group == "/engineering") { vec!["Internal/subscriber"] } else { Vec::new() }
}
