//! Settings as Keycloak's admin API has them.

use serde_json::Value;

use crate::refusal::{ClientSettings, ProviderSettings, ScopeSettings};

impl ClientSettings {
    /// Reads a client as Keycloak's admin API has it; its secret stays where it is. None where only part of it may be seen:
    /// nothing follows from that.
    pub fn of(client: &Value) -> Option<Self> {
        let attribute = |name: &str| client.get("attributes").and_then(|all| all.get(name)).and_then(Value::as_str);
        Some(Self {
            exists: true,
            enabled: client.get("enabled").and_then(Value::as_bool)?,
            not_before: client.get("notBefore").and_then(Value::as_i64).unwrap_or(0),
            refresh_tokens: attribute("use.refresh.tokens") != Some("false"),
            exchange_refresh: attribute("standard.token.exchange.enableRefreshRequestedTokenType")
                .is_some_and(|mode| !mode.is_empty() && !mode.eq_ignore_ascii_case("NO")),
        })
    }
}

impl ScopeSettings {
    /// Reads a client scope as Keycloak's admin API has it; its roles stand elsewhere.
    pub fn of(scope: &Value, gated: bool) -> Self {
        let named = scope.get("attributes").and_then(|all| all.get("include.in.token.scope")).and_then(Value::as_str);
        let name = scope.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { name, named: named != Some("false"), gated }
    }
}

impl ProviderSettings {
    /// Reads an identity provider as Keycloak's admin API has it; its secret stays where it is.
    pub fn of(provider: &Value) -> Self {
        let config = |name: &str| {
            provider.get("config").and_then(|config| config.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let issuer = config("issuer");
        Self {
            enabled: provider.get("enabled").and_then(Value::as_bool).unwrap_or(true),
            jwt_grant: config("jwtAuthorizationGrantEnabled") == "true",
            own_keys: config("useJwksUrl") == "true" && config("jwksUrl").starts_with(&issuer),
            issuer,
        }
    }
}
