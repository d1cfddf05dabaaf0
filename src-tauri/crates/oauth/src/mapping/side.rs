//! What one side of a mapping has: its token, the places of its roles, the scopes of the portal, and what is to be set there.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use token::inspect::TokenView;

/// A token with what it says.
pub struct Side<'a> {
    /// Its line on the shelf.
    pub view: &'a TokenView,
    /// Its claims.
    pub claims: &'a Map<String, Value>,
}

/// A place in the Keycloak token where roles or groups stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RoleClaim {
    /// Path, e.g. `realm_access.roles`.
    pub path: String,
    /// What stands there.
    pub values: Vec<String>,
    /// Whether WSO2 can read it.
    pub usable: bool,
    /// Why, or why not.
    pub why: String,
}

impl RoleClaim {
    /// Whether WSO2 could read it, were something in it: the claim is right, and the user has nothing to stand there.
    pub(super) fn empty(&self) -> bool {
        self.values.is_empty() && names_roles(&self.path)
    }
}

/// One scope of the portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PortalScope {
    /// Scope.
    pub scope: String,
    /// What it opens.
    pub opens: String,
    /// Roles at WSO2 of which one is needed, as it comes.
    pub roles: Vec<String>,
    /// Whether it was asked for; none = not known.
    pub asked: Option<bool>,
    /// Whether it was granted; none when there is no WSO2 token.
    pub granted: Option<bool>,
    /// Why it is there or not.
    pub why: String,
}

/// Something to set at a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Repair {
    /// Stable id: `kc-role-mapper`, `kc-membership`, `kc-audience-mapper`, `wso2-role-claim`, and of the way back `kc-know-gateway`,
    /// `kc-link-user`, `kc-permit-requester`.
    pub id: String,
    /// What it does.
    pub title: String,
    /// Steps in the console, in order.
    pub steps: Vec<String>,
    /// The same as JSON for the admin API; empty where there is none.
    pub json: String,
    /// Where the JSON goes, e.g. `POST {admin address}/clients/{id}/protocol-mappers/models`.
    pub send_to: String,
}

/// A role that says nothing of a user: every one has it.
pub(super) fn ordinary(role: &str) -> bool {
    role.starts_with("default-roles-")
        || matches!(role, "offline_access" | "uma_authorization" | "manage-account" | "manage-account-links" | "view-profile")
}

pub(super) fn names_roles(name: &str) -> bool {
    matches!(name, "roles" | "role" | "groups" | "group" | "realm_roles")
}

pub(super) fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
