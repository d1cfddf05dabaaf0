//! Which events are asked for: what the server can filter by, and what is left for us.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::days::utc_day;
use record::{audit::Event, encode::form_encode, operation::FieldFault};
use token::text::Pair;

/// Events asked for at once. Keycloak's own default is 100; more make long answers on a busy realm.
pub const PAGE: usize = 200;

/// User event types of Keycloak 26, each of which also exists with `_ERROR`.
pub const KNOWN_TYPES: [&str; 40] = [
    "LOGIN",
    "LOGOUT",
    "CODE_TO_TOKEN",
    "REFRESH_TOKEN",
    "TOKEN_EXCHANGE",
    "JWT_AUTHORIZATION_GRANT",
    "CLIENT_LOGIN",
    "INTROSPECT_TOKEN",
    "USER_INFO_REQUEST",
    "REVOKE_GRANT",
    "REGISTER",
    "IMPERSONATE",
    "GRANT_CONSENT",
    "UPDATE_CONSENT",
    "IDENTITY_PROVIDER_LOGIN",
    "IDENTITY_PROVIDER_FIRST_LOGIN",
    "IDENTITY_PROVIDER_POST_LOGIN",
    "IDENTITY_PROVIDER_RESPONSE",
    "IDENTITY_PROVIDER_RETRIEVE_TOKEN",
    "FEDERATED_IDENTITY_LINK",
    "REMOVE_FEDERATED_IDENTITY",
    "PERMISSION_TOKEN",
    "PUSHED_AUTHORIZATION_REQUEST",
    "OAUTH2_DEVICE_AUTH",
    "OAUTH2_DEVICE_VERIFY_USER_CODE",
    "OAUTH2_DEVICE_CODE_TO_TOKEN",
    "OAUTH2_EXTENSION_GRANT",
    "AUTHREQID_TO_TOKEN",
    "RESTART_AUTHENTICATION",
    "CUSTOM_REQUIRED_ACTION",
    "UPDATE_PROFILE",
    "UPDATE_EMAIL",
    "UPDATE_PASSWORD",
    "UPDATE_CREDENTIAL",
    "VERIFY_EMAIL",
    "VERIFY_PROFILE",
    "RESET_PASSWORD",
    "SEND_RESET_PASSWORD",
    "INVALID_SIGNATURE",
    "USER_SESSION_DELETED",
];

/// What is asked for; empty members ask for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct EventFilter {
    /// Exact type names, e.g. `TOKEN_EXCHANGE_ERROR`.
    pub types: Vec<String>,
    /// `client_id`.
    pub client: String,
    /// User id or name.
    pub user: String,
    /// From, epoch milliseconds, included.
    pub from_ms: Option<i64>,
    /// To, epoch milliseconds, included.
    pub to_ms: Option<i64>,
    /// Admin events (what administrators changed) instead of user events.
    pub admin: bool,
}

impl EventFilter {
    /// What cannot be asked for, at its field.
    pub fn faults(&self) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        let fault = |field: &str, message: String| FieldFault { field: field.into(), message };
        for name in &self.types {
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_') {
                faults.push(fault("types", format!("{name} is no event type: those are capitals, e.g. TOKEN_EXCHANGE_ERROR.")));
            }
        }
        if let (Some(from), Some(to)) = (self.from_ms, self.to_ms)
            && from > to
        {
            faults.push(fault("to_ms", "The end lies before the start, so nothing can be found.".into()));
        }
        faults
    }

    /// Types no version that is known has. The server refuses them; newer ones may know them.
    pub fn unknown_types(&self) -> Vec<&str> {
        self.types
            .iter()
            .map(String::as_str)
            .filter(|name| !KNOWN_TYPES.contains(&name.strip_suffix("_ERROR").unwrap_or(name)))
            .collect()
    }

    /// The query of one page, from the newest event on. `days` writes dates as days, for servers that know no finer ones.
    pub fn query(&self, first: usize, days: bool) -> String {
        let mut pairs: Vec<Pair> = Vec::new();
        let mut put = |name: &str, value: String| pairs.push(Pair { name: name.into(), value });
        put("first", first.to_string());
        put("max", PAGE.to_string());
        if self.admin {
            // Whose client and user it was is a member of the admin event, not of its API's usual filters.
            if is_user_id(&self.user) {
                put("authUser", self.user.clone());
            }
        } else {
            for name in &self.types {
                put("type", name.clone());
            }
            if !self.client.trim().is_empty() {
                put("client", self.client.trim().to_owned());
            }
            if is_user_id(&self.user) {
                put("user", self.user.trim().to_owned());
            }
        }
        if let Some(from) = self.from_ms {
            put("dateFrom", if days { utc_day(from) } else { from.to_string() });
        }
        if let Some(to) = self.to_ms {
            // Before 26.0 a day given as the end was not included itself.
            put("dateTo", if days { utc_day(to + 86_400_000) } else { to.to_string() });
        }
        pairs.iter().map(|pair| format!("{}={}", pair.name, form_encode(&pair.value))).collect::<Vec<_>>().join("&")
    }

    /// What the server may not have filtered: the exact time, the user by name, and everything of admin events.
    pub fn keeps(&self, event: &Event) -> bool {
        let user = self.user.trim();
        (self.types.is_empty() || self.types.contains(&event.event_type))
            && (self.client.trim().is_empty() || event.client.as_deref() == Some(self.client.trim()))
            && (user.is_empty() || event.user_id.as_deref() == Some(user) || event.username.as_deref() == Some(user))
            && self.from_ms.is_none_or(|from| event.time_ms >= from)
            && self.to_ms.is_none_or(|to| event.time_ms <= to)
    }
}

/// Whether a text is a user's id (Keycloak: a UUID) and not a name.
pub fn is_user_id(text: &str) -> bool {
    let text = text.trim();
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter() -> EventFilter {
        EventFilter {
            types: vec!["LOGIN".into(), "TOKEN_EXCHANGE_ERROR".into()],
            client: " portal & co ".into(),
            user: "2f9a61c4-5b1e-4c39-9d07-0a3c1f7be0a1".into(),
            from_ms: Some(1_763_640_000_123),
            to_ms: Some(1_763_640_001_000),
            admin: false,
        }
    }

    #[test]
    fn the_query_repeats_types_and_encodes() {
        assert_eq!(
            filter().query(400, false),
            "first=400&max=200&type=LOGIN&type=TOKEN_EXCHANGE_ERROR&client=portal+%26+co&user=2f9a61c4-5b1e-4c39-9d07-0a3c1f7be0a1&dateFrom=1763640000123&dateTo=1763640001000"
        );
        assert!(filter().query(0, true).ends_with("dateFrom=2025-11-20&dateTo=2025-11-21"));
        assert_eq!(EventFilter::default().query(0, false), "first=0&max=200");
        let named = EventFilter { user: "alice".into(), ..EventFilter::default() };
        assert_eq!(named.query(0, false), "first=0&max=200", "a name is no id, so the server cannot filter by it");
        let admin = EventFilter { admin: true, ..filter() };
        assert_eq!(
            admin.query(0, false),
            "first=0&max=200&authUser=2f9a61c4-5b1e-4c39-9d07-0a3c1f7be0a1&dateFrom=1763640000123&dateTo=1763640001000"
        );
    }

    #[test]
    fn what_the_server_leaves_is_filtered_here() {
        let read = |json: &str| record::join::read_events(json, "Lab").expect("events").remove(0);
        let event =
            read(r#"[{"id":"a","time":5000,"type":"LOGIN","clientId":"portal","userId":"u","details":{"username":"alice"}}]"#);
        let table: [(EventFilter, bool); 9] = [
            (EventFilter::default(), true),
            (EventFilter { user: "alice".into(), ..EventFilter::default() }, true),
            (EventFilter { user: "u".into(), ..EventFilter::default() }, true),
            (EventFilter { user: "bob".into(), ..EventFilter::default() }, false),
            (EventFilter { client: "portal".into(), ..EventFilter::default() }, true),
            (EventFilter { client: "other".into(), ..EventFilter::default() }, false),
            (EventFilter { from_ms: Some(5001), ..EventFilter::default() }, false),
            (EventFilter { to_ms: Some(5000), ..EventFilter::default() }, true),
            (EventFilter { types: vec!["LOGOUT".into()], ..EventFilter::default() }, false),
        ];
        for (filter, kept) in table {
            assert_eq!(filter.keeps(&event), kept, "{filter:?}");
        }
    }

    #[test]
    fn faults_stand_at_their_fields() {
        assert_eq!(filter().faults(), []);
        assert_eq!(filter().unknown_types(), [""; 0]);
        let wrong =
            EventFilter { types: vec!["login".into()], from_ms: Some(2), to_ms: Some(1), ..EventFilter::default() }.faults();
        assert_eq!(wrong.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["types", "to_ms"]);
        let newer = EventFilter { types: vec!["LOGIN_ERROR".into(), "BRAND_NEW".into()], ..EventFilter::default() };
        assert_eq!((newer.faults(), newer.unknown_types()), (Vec::new(), vec!["BRAND_NEW"]));
    }
}
