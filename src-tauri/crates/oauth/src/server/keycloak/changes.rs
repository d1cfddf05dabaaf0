//! Settings as admin events tell them.
//!
//! Who may view events may view admin events too, and a realm that saves them with their representation has written down what
//! every change left behind. The newest change before a refusal says how the thing stood then, without the right to look at it.
//! Of a representation only the members named in [`crate::refusal::Settings`] are read: it may hold secrets.

use serde_json::Value;

use crate::refusal::{ClientSettings, ProviderSettings, ScopeSettings, Settings};
use token::inspect::TokenView;

/// What admin events are asked about.
#[derive(Clone, Copy, Debug)]
pub struct ChangesQuery<'a> {
    /// The client that asked.
    pub requester: Option<&'a str>,
    /// The token that was sent.
    pub token: Option<&'a TokenView>,
    /// Scopes that were asked for.
    pub scopes: &'a [&'a str],
    /// When the step ended, epoch milliseconds: what was changed later did not refuse it.
    pub until_ms: i64,
    /// When the server's events last show the session of the token at work, epoch milliseconds by its clock.
    pub alive_ms: Option<i64>,
}

/// One change.
struct Change<'a> {
    time_ms: i64,
    operation: &'a str,
    path: &'a str,
    /// The thing after it; none where the realm does not save that.
    left: Option<Value>,
}

impl<'a> Change<'a> {
    fn of(event: &'a Value) -> Option<Self> {
        // A change that failed changed nothing.
        if event.get("error").is_some_and(|error| !error.is_null()) {
            return None;
        }
        let left = event.get("representation").and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok());
        Some(Self {
            time_ms: event.get("time")?.as_i64()?,
            operation: event.get("operationType")?.as_str()?,
            path: event.get("resourcePath").and_then(Value::as_str).unwrap_or_default(),
            left,
        })
    }

    /// What stands behind the folder in a path with nothing below it: `clients/7c04` is client 7c04.
    fn one_of(&self, folder: &str) -> Option<&'a str> {
        self.path.strip_prefix(folder)?.strip_prefix('/').filter(|id| !id.is_empty() && !id.contains('/'))
    }

    fn writes(&self) -> bool {
        matches!(self.operation, "CREATE" | "UPDATE")
    }

    fn member(&self, name: &str) -> Option<&Value> {
        self.left.as_ref()?.get(name)
    }
}

impl Settings {
    /// Fills what is still unknown from admin events, the newest first, as `GET /admin/realms/{realm}/admin-events` gives them.
    pub fn told_by(&mut self, events: &[Value], asked: &ChangesQuery<'_>) {
        let before = self.clone();
        let changes: Vec<Change<'_>> =
            events.iter().filter_map(Change::of).filter(|change| change.time_ms <= asked.until_ms).collect();
        let client = |name: Option<&str>| client(&changes, name?);
        self.requester = self.requester.take().or_else(|| client(asked.requester));
        if self.scopes.is_none() && !asked.scopes.is_empty() {
            self.scopes = asked.scopes.iter().map(|name| scope(&changes, name)).collect();
        }
        if self.identity_providers.is_none() {
            let providers = providers(&changes);
            self.identity_providers = (!providers.is_empty()).then_some(providers);
        }
        if let Some(token) = asked.token {
            self.origin = self.origin.take().or_else(|| client(token.client.as_deref()));
            let realm = || changes.iter().find(|change| change.path.is_empty() && change.writes())?.member("notBefore")?.as_i64();
            self.realm_not_before = self.realm_not_before.or_else(realm);
            let path = token.subject.as_ref().map(|subject| format!("users/{subject}"));
            let user = |name: &str| {
                let written = |change: &&Change<'_>| Some(change.path) == path.as_deref() && change.writes();
                changes.iter().find(written)?.member(name).cloned()
            };
            self.user_enabled = self.user_enabled.or_else(|| user("enabled")?.as_bool());
            self.user_not_before = self.user_not_before.or_else(|| user("notBefore")?.as_i64());
            if ended(&changes, token, asked.alive_ms) {
                self.session_alive = self.session_alive.or(Some(false));
            }
        }
        self.by_admin_events = *self != before;
    }
}

/// Whether an administrator ended the session of the token after it was issued. `iat` is a whole second and changes are told to
/// the millisecond: what happened within that second counts only where an event shows the session at work before it.
fn ended(changes: &[Change<'_>], token: &TokenView, alive_ms: Option<i64>) -> bool {
    let (Some(session), Some(issued)) = (&token.session, token.issued_at) else { return false };
    let second = issued.saturating_mul(1000);
    let alive_ms = alive_ms.filter(|alive| *alive >= second).unwrap_or(second.saturating_add(999));
    changes.iter().filter(|change| change.time_ms > alive_ms).any(|change| match change.operation {
        "ACTION" => {
            change.path == "logout-all"
                || token.subject.as_ref().is_some_and(|subject| change.path == format!("users/{subject}/logout"))
        }
        "DELETE" => change.one_of("sessions") == Some(session),
        _ => false,
    })
}

fn client(changes: &[Change<'_>], name: &str) -> Option<ClientSettings> {
    let named = |change: &&Change<'_>| change.member("clientId").and_then(Value::as_str) == Some(name);
    let at = changes.iter().position(|change| change.writes() && change.one_of("clients").is_some() && named(&change))?;
    let id = changes[at].one_of("clients");
    if changes[..at].iter().any(|change| change.operation == "DELETE" && change.one_of("clients") == id) {
        return Some(ClientSettings::default());
    }
    changes[at].left.as_ref().and_then(ClientSettings::of)
}

/// A client scope whose making was seen: only then are all of its roles known.
fn scope(changes: &[Change<'_>], name: &str) -> Option<ScopeSettings> {
    let named = |change: &&Change<'_>| {
        change.one_of("client-scopes").is_some() && change.member("name").and_then(Value::as_str) == Some(name)
    };
    let made = changes.iter().find(|change| change.operation == "CREATE" && named(change))?;
    let last = changes.iter().find(|change| change.writes() && named(change))?;
    let below = format!("{}/scope-mappings", made.path);
    let count = |operation: &str| {
        changes.iter().filter(|change| change.operation == operation && change.path.starts_with(&below)).count()
    };
    Some(ScopeSettings::of(last.left.as_ref()?, count("CREATE") > count("DELETE")))
}

/// Identity providers that were written, each as it was written last, and not deleted since.
fn providers(changes: &[Change<'_>]) -> Vec<ProviderSettings> {
    let mut seen: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for change in changes {
        let Some(alias) = change.one_of("identity-provider/instances").or_else(|| made(change)) else { continue };
        if seen.contains(&alias) || !(change.writes() || change.operation == "DELETE") {
            continue;
        }
        seen.push(alias);
        if change.writes() {
            found.extend(change.left.as_ref().map(ProviderSettings::of));
        }
    }
    found
}

/// The alias of a provider that was made: some versions give the folder as path.
fn made<'a>(change: &'a Change<'_>) -> Option<&'a str> {
    let is = change.operation == "CREATE" && change.path == "identity-provider/instances";
    change.member("alias").and_then(Value::as_str).filter(|_| is)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::message::tests::view;

    fn change(time: i64, operation: &str, path: &str, left: &Value) -> Value {
        let mut event = json!({"time": time, "operationType": operation, "resourcePath": path});
        if !left.is_null() {
            event["representation"] = json!(left.to_string());
        }
        event
    }

    fn told(events: &[Value]) -> Settings {
        // Issued at second 1000 to frontend, user u, session s.
        let token = view("t", json!({"client": "frontend", "subject": "u", "session": "s", "issued_at": 1_000}));
        let asked = ChangesQuery {
            requester: Some("portal"),
            token: Some(&token),
            scopes: &["gate"],
            until_ms: 1_100_000,
            alive_ms: None,
        };
        let mut settings = Settings::default();
        settings.told_by(events, &asked);
        settings
    }

    #[test]
    fn the_newest_change_before_the_refusal_counts() {
        let user = |time, enabled| change(time, "UPDATE", "users/u", &json!({"enabled": enabled}));
        assert_eq!(told(&[user(1_200_000, true), user(1_050_000, false), user(900_000, true)]).user_enabled, Some(false));
        assert_eq!(told(&[user(1_050_000, true), user(900_000, false)]).user_enabled, Some(true));
        assert_eq!(told(&[change(1_050_000, "UPDATE", "users/other", &json!({"enabled": false}))]), Settings::default());
        // Without a representation nothing is known, and a change that failed is none.
        assert_eq!(told(&[change(1_050_000, "UPDATE", "users/u", &Value::Null)]), Settings::default());
        let mut failed = user(1_050_000, false);
        failed["error"] = json!("not allowed");
        assert_eq!(told(&[failed]), Settings::default());
    }

    #[test]
    fn an_administrator_ends_a_session() {
        for (time, operation, path, ends) in [
            (1_050_000, "ACTION", "users/u/logout", true),
            (1_050_000, "ACTION", "users/v/logout", false),
            (900_000, "ACTION", "users/u/logout", false),
            (1_050_000, "ACTION", "logout-all", true),
            (1_050_000, "DELETE", "sessions/s", true),
            (1_050_000, "DELETE", "sessions/r", false),
        ] {
            let settings = told(&[change(time, operation, path, &Value::Null)]);
            assert_eq!(settings.session_alive, ends.then_some(false), "{operation} {path} at {time}");
            assert_eq!(settings.by_admin_events, ends);
        }
    }

    #[test]
    fn who_was_logged_out_before_the_session_began_was_not_logged_out_of_it() {
        // The token's iat is a whole second, 1000, and stands for any moment of it.
        let ends = |alive_ms, time| {
            let token = view("t", json!({"subject": "u", "session": "s", "issued_at": 1_000}));
            let asked = ChangesQuery { requester: None, token: Some(&token), scopes: &[], until_ms: i64::MAX, alive_ms };
            let mut settings = Settings::default();
            settings.told_by(&[change(time, "ACTION", "users/u/logout", &Value::Null)], &asked);
            settings.session_alive == Some(false)
        };
        for (alive_ms, time, over, why) in [
            (None, 1_000_100, false, "in the second of the iat, before or after it"),
            (None, 1_001_000, true, "after the second of the iat"),
            (Some(1_000_600), 1_000_100, false, "before the log in"),
            (Some(1_000_600), 1_000_600, false, "with the log in"),
            (Some(1_000_600), 1_000_700, true, "after the log in, in its second"),
            (Some(1_050_000), 1_020_000, false, "the session was at work later"),
            (Some(1_050_000), 1_060_000, true, "after it was at work"),
            (Some(900_000), 1_000_500, false, "the token is a later one of the session"),
            (Some(900_000), 1_001_500, true, "after the later token"),
        ] {
            assert_eq!(ends(alive_ms, time), over, "at {time}, alive at {alive_ms:?}: {why}");
        }
    }

    #[test]
    fn clients_are_known_by_the_id_in_their_representation() {
        let off = json!({"clientId": "frontend", "enabled": false, "notBefore": 1_050, "secret": "hunter2",
            "attributes": {"use.refresh.tokens": "false"}});
        let settings = told(&[change(1_050_000, "UPDATE", "clients/7c", &off)]);
        let origin = settings.origin.clone().expect("frontend is told of");
        assert_eq!((origin.exists, origin.enabled, origin.not_before, origin.refresh_tokens), (true, false, 1_050, false));
        assert_eq!(settings.requester, None);
        assert!(!format!("{settings:?}").contains("hunter2"));
        let gone = told(&[
            change(1_060_000, "DELETE", "clients/7c", &Value::Null),
            change(900_000, "CREATE", "clients/7c", &json!({"clientId": "portal", "enabled": true})),
        ]);
        assert!(gone.requester.is_some_and(|client| !client.exists));
        let mapper =
            change(1_050_000, "UPDATE", "clients/7c/protocol-mappers/models/1", &json!({"clientId": "portal", "enabled": false}));
        assert_eq!(told(&[mapper]).requester, None, "a thing below a client is not the client");
    }

    #[test]
    fn the_realm_its_scopes_and_its_providers() {
        assert_eq!(told(&[change(1_050_000, "UPDATE", "", &json!({"notBefore": 1_040}))]).realm_not_before, Some(1_040));
        let made = change(
            900_000,
            "CREATE",
            "client-scopes/1",
            &json!({"name": "gate", "attributes": {"include.in.token.scope": "true"}}),
        );
        let gated = change(910_000, "CREATE", "client-scopes/1/scope-mappings/realm", &json!([]));
        let scopes = |events: &[Value]| told(events).scopes.map(|scopes| (scopes[0].named, scopes[0].gated));
        assert_eq!(scopes(&[gated.clone(), made.clone()]), Some((true, true)));
        assert_eq!(scopes(std::slice::from_ref(&made)), Some((true, false)));
        assert_eq!(scopes(&[gated]), None, "who did not see the making does not know all roles");
        let config = json!({"issuer": "https://partner", "jwtAuthorizationGrantEnabled": "true"});
        let provider = |time, enabled| {
            change(time, "UPDATE", "identity-provider/instances/p", &json!({"alias": "p", "enabled": enabled, "config": config}))
        };
        let settings = told(&[provider(1_050_000, false), provider(900_000, true)]);
        assert!(!settings.providers_complete);
        let providers = settings.identity_providers.expect("one");
        assert_eq!(providers.iter().map(|one| (one.enabled, one.jwt_grant)).collect::<Vec<_>>(), [(false, true)]);
    }

    #[test]
    fn what_was_looked_at_itself_counts_more() {
        let token = view("t", json!({"subject": "u", "issued_at": 1_000}));
        let asked = ChangesQuery { requester: None, token: Some(&token), scopes: &[], until_ms: i64::MAX, alive_ms: None };
        let mut settings = Settings { user_enabled: Some(true), ..Settings::default() };
        settings.told_by(&[change(1_050_000, "UPDATE", "users/u", &json!({"enabled": false}))], &asked);
        assert_eq!(settings.user_enabled, Some(true));
    }
}
