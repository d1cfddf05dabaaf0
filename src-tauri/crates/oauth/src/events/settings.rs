//! What a realm saves: an event that is not saved can not be read, however long one waits for it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::address::RealmAddress;

/// The events settings of a realm (`GET /admin/realms/{realm}/events/config`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct EventSettings {
    /// Whether user events are saved.
    pub events_enabled: bool,
    /// How long, seconds; 0 = until they are cleared.
    pub events_expiration: i64,
    /// Types that are saved; empty = the server's defaults.
    pub enabled_event_types: Vec<String>,
    /// Whether admin events are saved.
    pub admin_events_enabled: bool,
    /// Whether they are saved with what the change left behind.
    pub admin_events_details_enabled: bool,
}

/// Something the realm does not save, and the setting that would change that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingAdvice {
    /// Stable id: `events-off`, `types-not-saved`, `expire-soon`, `admin-events-off`, `admin-details-off`.
    pub id: String,
    /// What it means.
    pub message: String,
    /// Where in Keycloak's console, e.g. `Realm settings, Events, User events settings`.
    pub place: String,
    /// The same for Keycloak's command line.
    pub kcadm: String,
}

/// Types an operation of ours makes, in each version that is supported. Both forms of each are wanted.
const OURS: [&str; 10] = [
    "LOGIN",
    "CODE_TO_TOKEN",
    "TOKEN_EXCHANGE",
    "CLIENT_LOGIN",
    "REFRESH_TOKEN",
    "INTROSPECT_TOKEN",
    "USER_INFO_REQUEST",
    "LOGOUT",
    "REVOKE_GRANT",
    "OAUTH2_EXTENSION_GRANT",
];

/// Those of them Keycloak does not save unless it is told to.
const NOT_BY_DEFAULT: [&str; 3] = ["REFRESH_TOKEN", "INTROSPECT_TOKEN", "USER_INFO_REQUEST"];

/// Below this, events may be gone before anybody looks, seconds.
const SOON_S: i64 = 900;

/// Reads the settings. The error is a sentence.
pub fn read_settings(json: &str) -> Result<EventSettings, String> {
    serde_json::from_str(json).map_err(|error| {
        format!("The events settings of the server cannot be read (line {}, column {}).", error.line(), error.column())
    })
}

impl EventSettings {
    /// Types of ours that are not saved, e.g. `REFRESH_TOKEN`.
    pub fn unsaved(&self) -> Vec<String> {
        let both = |name: &str| [name.to_owned(), format!("{name}_ERROR")];
        if self.enabled_event_types.is_empty() {
            return NOT_BY_DEFAULT.iter().flat_map(|name| both(name)).collect();
        }
        OURS.iter().flat_map(|name| both(name)).filter(|name| !self.enabled_event_types.contains(name)).collect()
    }

    /// What to point out, most weighty first.
    pub fn advice(&self, at: &RealmAddress) -> Vec<SettingAdvice> {
        let mut advice = Vec::new();
        let realm = record::encode::form_decode(&at.realm.replace('+', "%2B"));
        let update = |what: &str| format!("kcadm.sh update events/config -r '{realm}' {what}");
        if !self.events_enabled {
            advice.push(SettingAdvice {
                id: "events-off".into(),
                message: "The realm saves no user events, so the server's reasons can not be read.".into(),
                place: "Realm settings, Events, User events settings: Save events on".into(),
                kcadm: update("-s eventsEnabled=true"),
            });
        }
        let unsaved = self.unsaved();
        if !unsaved.is_empty() {
            let all: Vec<String> = self.enabled_event_types.iter().cloned().chain(unsaved.iter().cloned()).collect();
            // Without a list of its own the realm saves the defaults, which a short list would replace.
            let kcadm = if self.enabled_event_types.is_empty() {
                format!(
                    "kcadm.sh get events/config -r '{realm}'   # shows the list the realm saves; add {} to it",
                    unsaved.join(", ")
                )
            } else {
                let list: Vec<String> = all.iter().map(|name| format!("\"{name}\"")).collect();
                update(&format!("-s 'enabledEventTypes=[{}]'", list.join(",")))
            };
            advice.push(SettingAdvice {
                id: "types-not-saved".into(),
                message: format!("The realm does not save {}: steps of that kind stay without an event.", unsaved.join(", ")),
                place: "Realm settings, Events, User events settings: Add saved types".into(),
                kcadm,
            });
        }
        if self.events_enabled && (1..SOON_S).contains(&self.events_expiration) {
            advice.push(SettingAdvice {
                id: "expire-soon".into(),
                message: format!("Events are deleted after {} s, often before anybody looks.", self.events_expiration),
                place: "Realm settings, Events, User events settings: Expiration".into(),
                kcadm: update("-s eventsExpiration=86400"),
            });
        }
        if !self.admin_events_enabled {
            advice.push(SettingAdvice {
                id: "admin-events-off".into(),
                message: "The realm saves no admin events, so it can not be seen who changed a client or a role.".into(),
                place: "Realm settings, Events, Admin events settings: Save events on".into(),
                kcadm: update("-s adminEventsEnabled=true"),
            });
        } else if !self.admin_events_details_enabled {
            advice.push(SettingAdvice {
                id: "admin-details-off".into(),
                message:
                    "The realm saves admin events without what was changed, so they do not tell which setting refused a request."
                        .into(),
                place: "Realm settings, Events, Admin events settings: Include representation on".into(),
                kcadm: update("-s adminEventsDetailsEnabled=true"),
            });
        }
        advice
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::realm_address;

    fn ids(settings: &EventSettings) -> Vec<String> {
        let at = realm_address("http://localhost:8080/admin/realms/shop/events").expect("an address");
        settings.advice(&at).into_iter().map(|one| one.id).collect()
    }

    #[test]
    fn what_is_not_saved_is_pointed_out() {
        let all: Vec<String> = OURS.iter().flat_map(|name| [(*name).to_owned(), format!("{name}_ERROR")]).collect();
        let good = EventSettings {
            events_enabled: true,
            events_expiration: 0,
            enabled_event_types: all,
            admin_events_enabled: true,
            admin_events_details_enabled: true,
        };
        assert_eq!(ids(&good), [""; 0]);
        assert_eq!(ids(&EventSettings { events_enabled: false, ..good.clone() }), ["events-off"]);
        assert_eq!(ids(&EventSettings { events_expiration: 60, ..good.clone() }), ["expire-soon"]);
        assert_eq!(ids(&EventSettings { admin_events_details_enabled: false, ..good.clone() }), ["admin-details-off"]);
        assert_eq!(ids(&EventSettings::default()), ["events-off", "types-not-saved", "admin-events-off"]);
        let mut fewer = good;
        fewer.enabled_event_types.retain(|name| !name.starts_with("REFRESH"));
        assert_eq!(fewer.unsaved(), ["REFRESH_TOKEN", "REFRESH_TOKEN_ERROR"]);
        let at = realm_address("http://localhost:8080/admin/realms/my%20shop/events").expect("an address");
        let kcadm = &fewer.advice(&at)[0].kcadm;
        assert!(kcadm.starts_with("kcadm.sh update events/config -r 'my shop' -s 'enabledEventTypes=[\"LOGIN\","), "{kcadm}");
        assert!(kcadm.contains("\"REFRESH_TOKEN_ERROR\"]'"), "{kcadm}");
    }

    #[test]
    fn settings_are_read_as_the_server_writes_them() {
        let json = r#"{"eventsEnabled":true,"eventsExpiration":86400,"eventsListeners":["jboss-logging"],"enabledEventTypes":["LOGIN"],"adminEventsEnabled":false,"adminEventsDetailsEnabled":false}"#;
        let settings = read_settings(json).expect("settings");
        assert_eq!((settings.events_enabled, settings.events_expiration, settings.admin_events_enabled), (true, 86_400, false));
        assert_eq!(settings.enabled_event_types, ["LOGIN"]);
        assert!(read_settings("<html>").expect_err("html").contains("line 1"));
    }
}
