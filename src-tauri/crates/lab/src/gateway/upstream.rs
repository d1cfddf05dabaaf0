//! The calls the gateway makes itself: to the provider for an exchange, and to the backends. All are recorded.

use std::time::Instant;

use axum::Extension;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::activity::{ActivityId, keep, safe_body, safe_form, safe_headers};
use super::caller::{Caller, User};
use super::grants::TOKEN_EXCHANGE;
use super::state::{Exchange, Exchanged, Gateway};
use super::trusted::Way;
use crate::jose;
use crate::serve::header_pairs;
use crate::world::lock;

/// An answer from upstream.
pub(crate) struct UpstreamAnswer {
    pub status: u16,
    pub media_type: String,
    pub challenge: Option<String>,
    pub body: String,
}

/// What the gateway asks for, and what is known about the token in it.
pub(crate) struct Ask<'a> {
    pub to: &'static str,
    /// The client to send with, where it is not the gateway's own.
    pub http: Option<&'a reqwest::Client>,
    pub method: reqwest::Method,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// The exchanged token in it, and whether that came from the cache.
    pub used: Option<(&'a Exchanged, bool)>,
}

/// Why an exchange gave no token.
pub(crate) enum NoToken {
    /// The provider could not be reached or did not speak OAuth.
    Unavailable,
    /// The subject token is not valid any more.
    Subject,
    /// The provider refused: error and description.
    Refused(String),
}

impl Gateway {
    /// Sends a request and keeps the exchange under the caller's activity. None when nothing came back.
    pub(super) async fn send(&self, activity: &Extension<ActivityId>, ask: Ask<'_>) -> Option<UpstreamAnswer> {
        let started_ms = self.world.now_ms();
        let clock = Instant::now();
        let http = ask.http.unwrap_or(&self.http);
        let mut request = http.request(ask.method.clone(), &ask.url).body(ask.body.clone());
        for (name, value) in &ask.headers {
            request = request.header(name, value);
        }
        let outcome = request.send().await;
        let (status, headers, body) = match outcome {
            Ok(answer) => {
                let (status, headers) = (answer.status().as_u16(), header_pairs(answer.headers()));
                (status, headers, answer.text().await.ok())
            }
            Err(_) => (0, Vec::new(), None),
        };
        let obtained = body.as_deref().and_then(access_token).and_then(|token| token_id(&token));
        keep(
            self,
            activity,
            Exchange {
                from: "gateway",
                to: ask.to,
                method: ask.method.to_string(),
                url: ask.url,
                request_headers: safe_headers(&ask.headers),
                request_body: safe_form(&ask.body),
                status,
                response_headers: safe_headers(&headers),
                response_body: safe_body(body.as_deref().unwrap_or_default()),
                started_ms,
                duration_ms: u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX),
                token_id: obtained.or(ask.used.map(|(token, _)| token.id.clone())),
                cached: ask.used.is_some_and(|(_, cached)| cached),
                exchanged: ask.used.and_then(|(token, _)| told(token)),
            },
        );
        let header = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        Some(UpstreamAnswer {
            status,
            media_type: header("content-type").unwrap_or_default(),
            challenge: header("www-authenticate"),
            body: body?,
        })
    }

    /// A token of the caller's provider for `orders-api` in place of the caller's (RFC 8693), from the cache if it still lives.
    /// The flag says whether it was cached.
    pub(super) async fn exchanged(
        &self,
        activity: &Extension<ActivityId>,
        caller: &Caller,
        user: &User,
        scope: Option<&str>,
    ) -> Result<(Exchanged, bool), NoToken> {
        // One more scope makes another token, so it is part of the key.
        let key = format!("{} {}", caller.token_id, scope.unwrap_or_default());
        let now = self.world.now_s();
        let cached = lock(&self.state).exchanged.get(&key).filter(|held| held.expires > now).cloned();
        if let Some(held) = cached {
            return Ok((held, true));
        }
        let provider = &user.provider;
        let credentials = STANDARD.encode(format!("{}:{}", provider.at.client_id, provider.at.client_secret));
        let (body, subject) = match (provider.at.way, caller.token.as_deref()) {
            (Way::OwnToken, Some(own)) => (exchange_form(own, Some(&self.issuer), None), Some(caller.token_id.clone())),
            _ => (exchange_form(&user.subject_token, None, scope), token_id(&user.subject_token)),
        };
        let ask = Ask {
            to: "provider",
            http: Some(&provider.http),
            method: reqwest::Method::POST,
            url: provider.at.token_endpoint.clone(),
            headers: vec![
                ("authorization".to_owned(), format!("Basic {credentials}")),
                ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
            ],
            body,
            used: None,
        };
        let at_ms = self.world.now_ms();
        let answer = self.send(activity, ask).await.ok_or(NoToken::Unavailable)?;
        let body: Value = serde_json::from_str(&answer.body).map_err(|_| NoToken::Unavailable)?;
        if answer.status != 200 {
            let member = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
            return Err(match (member("error"), member("error_description")) {
                ("", _) => NoToken::Unavailable,
                ("invalid_request", "Invalid token") => NoToken::Subject,
                (error, description) => NoToken::Refused(format!("{error}: {description}")),
            });
        }
        let token = access_token(&answer.body).ok_or(NoToken::Unavailable)?;
        let parsed = jose::parse(&token).ok_or(NoToken::Unavailable)?;
        let expires = parsed.number("exp").ok_or(NoToken::Unavailable)?;
        let held = Exchanged {
            id: parsed.text("jti").unwrap_or_default().to_owned(),
            token,
            expires,
            at_ms,
            scope: scope.map(str::to_owned),
            subject,
            client: provider.at.client_id.clone(),
        };
        let cache = &mut lock(&self.state).exchanged;
        cache.retain(|_, held| held.expires > now);
        cache.insert(key, held.clone());
        Ok((held, false))
    }
}

/// What may be said of a token the gateway holds: all that is in it, without the signature that makes it one.
fn told(token: &Exchanged) -> Option<Value> {
    let parsed = jose::parse(&token.token)?;
    Some(json!({
        "header": parsed.header, "claims": parsed.claims, "obtained_ms": token.at_ms, "client": token.client, "audience": AUDIENCE,
        "scope": token.scope, "subject_token_id": token.subject,
    }))
}

/// Whom the gateway asks tokens for.
const AUDIENCE: &str = "orders-api";

/// RFC 8693 section 2.1, for one audience. `issuer` stands where the subject token is the gateway's own, for a provider that knows
/// the gateway as an identity provider: such a token is announced as an access token, so that the provider asks userinfo about it,
/// since Keycloak reads the kind of a JWT from its claim `typ`, which WSO2 does not write.
fn exchange_form(subject_token: &str, issuer: Option<&str>, scope: Option<&str>) -> String {
    let access_token = "urn:ietf:params:oauth:token-type:access_token";
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", TOKEN_EXCHANGE)
        .append_pair("subject_token", subject_token)
        .append_pair("subject_token_type", access_token);
    if let Some(issuer) = issuer {
        form.append_pair("subject_issuer", issuer);
    }
    form.append_pair("requested_token_type", access_token).append_pair("audience", AUDIENCE);
    if let Some(scope) = scope {
        form.append_pair("scope", scope);
    }
    form.finish()
}

fn access_token(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    body.get("access_token")?.as_str().map(str::to_owned)
}

fn token_id(token: &str) -> Option<String> {
    jose::parse(token)?.text("jti").map(str::to_owned)
}
