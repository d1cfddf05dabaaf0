//! Clients that prove themselves with a JWT of their own (RFC 7523 section 2.2): `client_secret_jwt`, `private_key_jwt`.
//!
//! Keycloak asks for one audience, the realm's issuer or token endpoint, for an id that was never used, and for an end; each of
//! these is a mistake somebody makes.

use super::realm::{Client, Proof};
use super::refusal::Refusal;
use super::state::Provider;
use crate::form::Form;
use crate::jose::{self, Parsed};
use crate::world::lock;

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The client an assertion names, nothing about it proven yet.
pub(crate) fn subject(form: &Form) -> Option<String> {
    jose::parse(form.filled("client_assertion")?)?.text("sub").map(str::to_owned)
}

/// Checks the assertion of a client. Words and their order are those of 26.7.5, measured.
pub(crate) fn check(provider: &Provider, client: &Client, form: &Form) -> Result<(), Refusal> {
    let refuse = |text: &str| Refusal::new(400, "invalid_client", text, "invalid_client_credentials");
    let Some(kind) = form.filled("client_assertion_type") else {
        return Err(refuse("Parameter client_assertion_type is missing"));
    };
    if kind != TYPE {
        let text = format!("Parameter client_assertion_type has value '{kind}' but expected is '{TYPE}'");
        return Err(refuse(&text));
    }
    let Some(text) = form.filled("client_assertion") else {
        return Err(refuse("client_assertion parameter missing"));
    };
    let Some(token) = jose::parse(text) else {
        return Err(refuse("Invalid token"));
    };
    let Some(subject) = token.text("sub") else {
        return Err(refuse("Token sub claim is required"));
    };
    if subject != client.id || token.text("iss") != Some(client.id) {
        let text = "Invalid client or Invalid client credentials";
        return Err(Refusal::new(401, "invalid_client", text, "client_not_found"));
    }
    for_this_realm(provider, &token).map_err(refuse)?;
    let now = provider.world.now_s();
    let ends = token.number("exp").unwrap_or_default();
    if ends <= now {
        return Err(refuse("Token is not active"));
    }
    let Some(id) = token.text("jti") else {
        return Err(refuse("Token jti claim is required"));
    };
    match client.proof {
        Proof::PrivateKeyJwt if !provider.client_keys.get(client.id).is_some_and(|key| key.verifies(&token)) => {
            return Err(refuse("Client authentication with signed JWT failed: Signature on JWT token failed validation"));
        }
        Proof::SecretJwt if !provider.realm.secret(client.id).is_some_and(|secret| token.signed_with(secret)) => {
            // Two blanks, as the server writes them.
            let text = "Client authentication with client secret signed JWT failed: Signature on JWT token by client secret  failed validation";
            return Err(Refusal::new(400, "unauthorized_client", text, "invalid_client_credentials"));
        }
        _ => {}
    }
    let mut spent = lock(&provider.spent);
    spent.retain(|_, until| *until > now);
    if spent.insert((client.id.to_owned(), id.to_owned()), ends).is_some() {
        return Err(refuse("Token reuse detected"));
    }
    Ok(())
}

/// An assertion is for one audience: the realm's issuer or its token endpoint. The error says what is wrong instead.
pub(crate) fn for_this_realm(provider: &Provider, token: &Parsed) -> Result<(), &'static str> {
    let endpoint = format!("{}/protocol/openid-connect/token", provider.issuer);
    match token.audience().as_slice() {
        [one] if *one == provider.issuer || *one == endpoint => Ok(()),
        [] | [_] => Err("Invalid token audience"),
        _ => Err("Multiple audiences not allowed"),
    }
}
