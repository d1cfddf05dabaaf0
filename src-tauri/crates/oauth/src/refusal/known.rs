//! What is known about a refusal beyond the exchange itself: our own earlier steps, other events, and settings of the server.
//!
//! Everything is optional. The more of it there is, the fewer causes are left; nothing here is ever guessed.

use serde_json::Value;

use super::fate::Fate;
use record::audit::{Actor, Event, Exchange};
use token::{inspect::TokenView, text::Line};

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Background {
    /// Earlier steps with the token that was sent.
    pub past: Past,
    /// Events that name its session or its id, whatever step they belong to.
    pub around: Vec<Event>,
    /// Settings as the provider's admin API told them.
    pub settings: Settings,
    /// What userinfo said of the token when it was asked after the refusal.
    pub userinfo: Option<Fate>,
    /// The gateway's own exchange at the provider, where it was refused and the gateway reports it.
    pub behind: Option<Behind>,
    /// End of the token the sent one was made from, epoch seconds.
    pub parent_ends_s: Option<i64>,
    /// The secret of the client that asked, where Claimscope had it made with an end.
    pub secret: Option<MadeSecret>,
    /// Scopes that the challenge of the refusal names as needed (RFC 6750 3).
    pub wanted_scope: Vec<String>,
}

/// A refusal behind the gateway: what the provider said to the gateway's own exchange during the call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    /// HTTP status.
    pub status: u16,
    /// `error` and `error_description`; empty when the body is not readable.
    pub said: String,
}

/// A consumer secret that was made with an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeSecret {
    /// Step in the journal that made it.
    pub step: i64,
    /// Its end, epoch seconds.
    pub ends_s: i64,
}

impl Behind {
    /// The last exchange of a call that the gateway reports to have had with the provider, if that was refused.
    pub fn of(exchanges: &[Exchange]) -> Option<Self> {
        let asked = |one: &&Exchange| one.reported && one.from == Actor::Gateway && one.to == Actor::Provider;
        let last = exchanges.iter().rfind(asked)?;
        let status = last.status.filter(|status| *status >= 400)?;
        let text = |line: &Line| line.iter().map(|span| span.text.as_str()).collect::<String>();
        let lines: Vec<String> = last.response.iter().map(text).collect();
        let start = lines.iter().position(|line| line.trim_start().starts_with('{')).unwrap_or(lines.len());
        let body: Value = serde_json::from_str(&lines[start..].join("\n")).unwrap_or_default();
        let member = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let said: Vec<String> = [member("error"), member("error_description")].into_iter().flatten().collect();
        Some(Self { status, said: said.join(": ") })
    }

    /// `400 invalid_request: Invalid token`.
    pub fn words(&self) -> String {
        format!("{} {}", self.status, self.said).trim_end().to_owned()
    }
}

/// Most scopes of a challenge that are kept.
const MOST_SCOPES: usize = 32;

impl Background {
    /// The scopes that `WWW-Authenticate` of the last refused exchange names (RFC 6750 3), from the lines as they were recorded.
    pub fn wanted_scope(exchanges: &[Exchange]) -> Vec<String> {
        let refused = |one: &&Exchange| !one.reported && matches!(one.status, Some(401 | 403));
        let Some(exchange) = exchanges.iter().rfind(refused) else { return Vec::new() };
        let text = |line: &Line| line.iter().map(|span| span.text.as_str()).collect::<String>();
        let mut headers = http::HeaderMap::new();
        for line in exchange.response.iter().take_while(|line| !line.is_empty()).take(200).map(text) {
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("www-authenticate")
                && let Ok(value) = value.trim().parse()
            {
                headers.append(http::header::WWW_AUTHENTICATE, value);
            }
        }
        let scope = crate::message::challenged(&headers, "scope").unwrap_or_default();
        scope.split_whitespace().take(MOST_SCOPES).map(str::to_owned).collect()
    }

    /// When an event last shows the session of the token at work, epoch milliseconds by the server's clock; what came after
    /// `until_ms` says nothing about the refusal.
    pub fn alive_ms(&self, token: &TokenView, until_ms: i64) -> Option<i64> {
        let session = token.session.as_deref()?;
        let at_work = |event: &&Event| {
            event.session.as_deref() == Some(session)
                && event.error.is_none()
                && event.time_ms <= until_ms
                && !matches!(event.event_type.as_str(), "LOGOUT" | "REVOKE_GRANT" | "USER_SESSION_DELETED")
                && !event.event_type.ends_with("_ERROR")
        };
        self.around.iter().filter(at_work).map(|event| event.time_ms).max()
    }
}

/// Successful earlier steps with the token that was sent, by journal number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// Its session was logged out.
    pub logged_out: Option<i64>,
    /// The server accepted its revocation, or that of the refresh token of its session, from the client it was issued to.
    pub revoked: Option<i64>,
    /// It was used before where a token may be used once (refresh, assertion).
    pub used: Option<i64>,
    /// It was used before, and another refresh token came in its place (RFC 6749 6).
    pub rotated: Option<i64>,
}

/// Settings that explain a refusal. A member is none when it was not asked for or not told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The client that asked.
    pub requester: Option<ClientSettings>,
    /// The client the token was issued to.
    pub origin: Option<ClientSettings>,
    /// Whether the user behind the token is enabled.
    pub user_enabled: Option<bool>,
    /// Tokens of this user from before are not taken, epoch seconds; 0 = no limit.
    pub user_not_before: Option<i64>,
    /// Whether the session of the token is listed.
    pub session_alive: Option<bool>,
    /// Tokens of the realm from before are not taken, epoch seconds; 0 = no limit.
    pub realm_not_before: Option<i64>,
    /// Identity providers of the realm.
    pub identity_providers: Option<Vec<ProviderSettings>>,
    /// Whether these are all there are: who only read of changes has not seen the others.
    pub providers_complete: bool,
    /// Client scopes of the realm that were asked for.
    pub scopes: Option<Vec<ScopeSettings>>,
    /// Some of it was told by admin events, and not by the settings themselves.
    pub by_admin_events: bool,
}

/// Settings of one client scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeSettings {
    /// Its name.
    pub name: String,
    /// `include.in.token.scope`, true unless switched off.
    pub named: bool,
    /// It has role scope mappings, so that only users with one of the roles get it.
    pub gated: bool,
}

/// Settings of one client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientSettings {
    /// Whether there is one of this id.
    pub exists: bool,
    /// `enabled`.
    pub enabled: bool,
    /// `notBefore`, epoch seconds; 0 = no limit.
    pub not_before: i64,
    /// `use.refresh.tokens`, true unless switched off.
    pub refresh_tokens: bool,
    /// `standard.token.exchange.enableRefreshRequestedTokenType` is not `NO`.
    pub exchange_refresh: bool,
}

/// Settings of one identity provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProviderSettings {
    /// `issuer`.
    pub issuer: String,
    /// `enabled`.
    pub enabled: bool,
    /// `jwtAuthorizationGrantEnabled`.
    pub jwt_grant: bool,
    /// Its keys are read from an address under the issuer.
    pub own_keys: bool,
}
