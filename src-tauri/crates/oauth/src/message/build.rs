//! Building the request of every operation that is sent by Claimscope itself (all but the browser's part of a log in).

use http::{Method, Request, header};
use url::Url;

use crate::profile::{Client, ClientAuth, Profile, ServerRole};
use record::{
    audit::Actor,
    encode::{basic, form_pairs},
    operation::{FieldFault, Operation},
};
use token::{inspect::TokenView, secret::Secret};

/// A token that is at hand.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenMaterial {
    /// What is known of it.
    pub view: TokenView,
    /// Its text; none when only decoded evidence is left.
    pub text: Option<Secret>,
}

/// Where secrets come from while a request is built. The engine answers from its stores, a test from a table.
pub trait Materials {
    /// The token with this id.
    fn token(&self, id: &str) -> Option<TokenMaterial>;

    /// The tokens at hand whose very text stands in a text; none where that is not looked for.
    fn written_out(&self, _text: &str) -> Vec<TokenView> {
        Vec::new()
    }

    /// The secret of a client of the profile, for a request to this address. None when it is not at hand.
    ///
    /// # Errors
    /// A sentence, when it is at hand but may not go there, or is no secret.
    fn secret(&self, client: &Client, to: &Url) -> Result<Option<Secret>, String>;
    /// What these materials put into requests for a client: its secret, or the assertions made for it.
    fn given(&self, _client: &Client) -> Vec<Secret> {
        Vec::new()
    }
    /// Every secret at hand, to be hidden wherever something is shown. None of them may be sent.
    fn hidden(&self) -> Vec<Secret> {
        Vec::new()
    }
    /// What the last try of this operation by this client was refused for, where that lies in settings of the server and was
    /// certain; none when it was not tried, or went well.
    fn refused_before(&self, _operation: Operation, _client_id: &str) -> Option<RefusedBefore> {
        None
    }

    /// A signed assertion of a client for a server (RFC 7523 2.2), to be sent to this address; the same one each time it is asked
    /// of the same materials, so that what was shown is what is sent. None when its key is not at hand.
    ///
    /// # Errors
    /// A sentence, when the key is at hand but can not be used, or not for this address.
    fn assertion(&self, client: &Client, audience: &str, to: &Url) -> Result<Option<Secret>, String> {
        let _ = (client, audience, to);
        Ok(None)
    }
    /// Now, epoch seconds, for remarks on lifetimes; none leaves them out.
    fn now_s(&self) -> Option<i64> {
        None
    }
}

/// An earlier refusal that will come again until a setting is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedBefore {
    /// Journal number.
    pub step: i64,
    /// Its cause, a sentence.
    pub cause: String,
}

/// Which reader the answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// RFC 6749 5.1.
    TokenResponse,
    /// RFC 7662 2.2.
    Introspection,
    /// OpenID Connect Core 5.3.2.
    Userinfo,
    /// A status without a meaningful body (revocation, log out).
    Empty,
    /// Whatever an API answers.
    Any,
}

/// A request that is ready to be shown, copied or sent.
#[derive(Clone)]
pub struct Built {
    /// The request, in clear.
    pub request: Request<Vec<u8>>,
    /// Who receives it.
    pub to: Actor,
    /// Words on the arrow, e.g. `POST /token, token-exchange`.
    pub label: String,
    /// Client that asks.
    pub client: Option<String>,
    /// Audience asked for or called.
    pub audience: Option<String>,
    /// Ids of the tokens in it, the subject first.
    pub tokens_in: Vec<String>,
    /// Which reader the answer is for.
    pub reads: Reads,
    /// Title of the step.
    pub title: String,
}

impl std::fmt::Debug for Built {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let host = self.request.uri().authority().map(|authority| authority.as_str().rsplit('@').next().unwrap_or_default());
        f.debug_struct("Built")
            .field("method", self.request.method())
            .field("host", &host)
            .field("body", &self.request.body().len())
            .field("to", &self.to)
            .field("client", &self.client)
            .field("audience", &self.audience)
            .field("tokens_in", &self.tokens_in)
            .field("reads", &self.reads)
            .field("title", &self.title)
            .finish_non_exhaustive()
    }
}

/// What a client shows of itself at a server: its secret, or an assertion made for this server.
pub(crate) fn credential(
    client: &Client,
    audience: &str,
    to: &Url,
    materials: &(impl Materials + ?Sized),
) -> Result<Option<Secret>, FieldFault> {
    let shown = match client.auth {
        ClientAuth::None => Ok(None),
        auth if auth.by_assertion() => materials.assertion(client, audience, to),
        _ => materials.secret(client, to),
    };
    shown.map_err(|message| FieldFault { field: "client".into(), message })
}

/// Whom an assertion of a client is for: the issuer of the server (RFC 7523 3), or its token endpoint where no issuer is known.
pub fn assertion_audience(profile: &Profile, server: ServerRole) -> String {
    let (first, second) = match (server, &profile.gateway) {
        // WSO2 compares with the address of its token endpoint.
        (ServerRole::Gateway, Some(gateway)) => (&gateway.endpoints.token, &gateway.issuer),
        _ => (&profile.provider.issuer, &profile.provider.endpoints.token),
    };
    if first.is_empty() { second.clone() } else { first.clone() }
}

/// Adds a client's credentials: to the pairs, or as the returned `Authorization` value. Never both (RFC 6749 2.3).
/// `credential` is the secret, or the assertion of a client that shows one.
pub(crate) fn authenticate(
    client: &Client,
    credential: Option<&Secret>,
    pairs: &mut Vec<(String, String)>,
) -> Result<Option<String>, FieldFault> {
    let mut push = |name: &str, text: &str| pairs.push((name.into(), text.into()));
    if client.auth == ClientAuth::None {
        push("client_id", &client.client_id);
        return Ok(None);
    }
    let what = if client.auth == ClientAuth::PrivateKeyJwt { "private key" } else { "secret" };
    let credential = credential.filter(|credential| !credential.is_empty()).ok_or_else(|| FieldFault {
        field: "client".into(),
        message: format!(
            "The {what} of {} is not at hand. Enter it in Profiles, under clients.{}",
            client.client_id,
            if client.server == ServerRole::Gateway {
                " If it is lost, generate a further one in the portal (4.7 shows a secret only once) or regenerate it (up to 4.6)."
            } else {
                ""
            }
        ),
    })?;
    match client.auth {
        ClientAuth::ClientSecretBasic => return Ok(Some(basic(&client.client_id, credential.expose()))),
        ClientAuth::ClientSecretJwt | ClientAuth::PrivateKeyJwt => {
            push("client_id", &client.client_id);
            push("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            push("client_assertion", credential.expose());
        }
        ClientAuth::None | ClientAuth::ClientSecretPost => {
            push("client_id", &client.client_id);
            push("client_secret", credential.expose());
        }
    }
    Ok(None)
}

/// A form-encoded POST.
pub(crate) fn token_request(
    url: &Url,
    authorization: Option<String>,
    pairs: &[(String, String)],
) -> Result<Request<Vec<u8>>, FieldFault> {
    let mut builder = Request::builder().method(Method::POST).uri(url.as_str());
    if let Some(value) = authorization {
        builder = builder.header(header::AUTHORIZATION, value);
    }
    builder
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(form_pairs(pairs).into_bytes())
        .map_err(|_| FieldFault {
            field: "client".into(),
            message: "The endpoint's address can not be sent over HTTP. Correct it in Profiles.".into(),
        })
}

/// The value of an `Authorization` header that shows a token (RFC 6750 2.1).
pub(crate) fn bearer(token: &Secret) -> String {
    format!("Bearer {}", token.expose())
}

/// Who receives what is sent to a server.
pub(crate) fn to_of(server: ServerRole) -> Actor {
    match server {
        ServerRole::Provider => Actor::Provider,
        ServerRole::Gateway => Actor::Portal,
    }
}

/// Whether an address lies below a base address: same origin, and the path continues at a `/`.
pub(crate) fn is_under(url: &Url, base: &str) -> bool {
    let Ok(base) = Url::parse(base.trim()) else { return false };
    let (path, below) = (url.path(), base.path().trim_end_matches('/'));
    base.origin() == url.origin() && path.strip_prefix(below).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
