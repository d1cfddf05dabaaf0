//! The events of a server: which to ask for, which it saves at all, and how to be allowed to read them.
//!
//! Keycloak's events API (`/admin/realms/{realm}/events`, `/admin-events`, `/events/config`) is the only place where the
//! reason of a refusal stands. This module knows its addresses, filters and settings; how an event is joined to a step is
//! [`record::join`]'s affair.

mod address;
mod admin;
mod days;
mod filter;
mod help;
mod predict;
mod settings;

pub use address::{RealmAddress, realm_address};
pub use admin::read_admin_events;
pub use days::utc_day;
pub use filter::{EventFilter, KNOWN_TYPES, PAGE, is_user_id};
pub use help::{HelpStep, Purpose, RightsHelp, rights_help};
pub use predict::{PredictAsk, id_of_first};
pub use settings::{EventSettings, SettingAdvice, read_settings};
