//! How somebody is allowed to read events or to evaluate a client: the exact steps, in the console and on the command line.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::address::realm_address;
use crate::profile::{ClientAuth, Profile};

/// What the right is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Reading events and their settings.
    Events,
    /// Asking what a client would get.
    Predict,
}

impl Purpose {
    fn role(self) -> &'static str {
        match self {
            Purpose::Events => "view-events",
            Purpose::Predict => "view-clients",
        }
    }
}

/// One step in the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HelpStep {
    /// Where, e.g. `Clients, audit-reader, Settings`.
    pub place: String,
    /// What to do there.
    pub words: String,
}

/// The steps for a service account, and those for a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RightsHelp {
    /// Role that is needed, with the client that owns it, e.g. `view-events of realm-management`.
    pub role: String,
    /// The client the steps are for.
    pub client: String,
    /// In the console, for a service account.
    pub steps: Vec<HelpStep>,
    /// Lines for `kcadm.sh`, for a service account.
    pub kcadm: String,
    /// In the console, for a user whose token is used instead.
    pub user_steps: Vec<HelpStep>,
    /// Lines for `kcadm.sh`, for a user.
    pub user_kcadm: String,
}

/// The steps at a profile's realm. The client is the one that reads events, else the one a reader would be called.
pub fn rights_help(profile: &Profile, purpose: Purpose) -> RightsHelp {
    let at = realm_address(&profile.provider.events);
    let base = at.as_ref().map_or("http://localhost:8080", |at| at.base.as_str());
    let realm = at.as_ref().map_or_else(|| "REALM".to_owned(), |at| record::encode::form_decode(&at.realm.replace('+', "%2B")));
    // The rights over the realm master belong to a client of another name.
    let owner = if realm == "master" { "master-realm" } else { "realm-management" };
    let role = purpose.role();
    let chosen = profile.clients.iter().find(|client| client.events && client.auth != ClientAuth::None);
    let client = chosen.map_or("audit-reader", |client| client.client_id.as_str());
    let step = |place: String, words: String| HelpStep { place, words };
    let assign = format!("Assign role, Client roles; find {role} of {owner}, tick it, Assign.");
    let mut steps = Vec::new();
    if chosen.is_none() {
        steps.push(step("Clients, Create client".into(), format!("Client ID {client}; Next.")));
    }
    steps.extend([
        step(
            format!("Clients, {client}, Settings, Capability config"),
            "Client authentication on, Service accounts roles on; Save.".into(),
        ),
        step(format!("Clients, {client}, Service accounts roles"), assign.clone()),
        step(
            format!("Clients, {client}, Client scopes, {client}-dedicated, Scope"),
            format!("Full scope allowed on; else the token does not carry {role}."),
        ),
        step(
            format!("Clients, {client}, Credentials"),
            "Copy the client secret and save it at the client in this profile.".into(),
        ),
    ]);
    let login = format!("kcadm.sh config credentials --server '{base}' --realm master --user admin");
    let mut lines = vec![login.clone()];
    if chosen.is_none() {
        lines.push(format!(
            "kcadm.sh create clients -r '{realm}' -s 'clientId={client}' -s publicClient=false -s serviceAccountsEnabled=true -s standardFlowEnabled=false -s fullScopeAllowed=true"
        ));
    }
    lines.push(format!(
        "kcadm.sh add-roles -r '{realm}' --uusername 'service-account-{client}' --cclientid {owner} --rolename {role}"
    ));
    lines.push(format!("kcadm.sh get clients -r '{realm}' -q 'clientId={client}' --fields clientId,secret"));
    RightsHelp {
        role: format!("{role} of {owner}"),
        client: client.to_owned(),
        steps,
        kcadm: lines.join("\n"),
        user_steps: vec![
            step("Users, the user, Role mapping".into(), assign),
            step(
                "Here".into(),
                "Log in again as that user, select the access token on the shelf and choose it as the reader.".into(),
            ),
        ],
        user_kcadm: format!("{login}\nkcadm.sh add-roles -r '{realm}' --uusername USER --cclientid {owner} --rolename {role}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Client;

    #[test]
    fn the_steps_name_the_realm_and_the_client_at_hand() {
        let mut profile = Profile::default();
        profile.provider.events = "http://localhost:8080/admin/realms/shop/events".into();
        let fresh = rights_help(&profile, Purpose::Events);
        assert_eq!((fresh.client.as_str(), fresh.role.as_str()), ("audit-reader", "view-events of realm-management"));
        assert_eq!(fresh.steps.len(), 5);
        assert!(fresh.kcadm.contains("kcadm.sh create clients -r 'shop' -s 'clientId=audit-reader'"), "{}", fresh.kcadm);
        profile.clients.push(Client {
            client_id: "watcher".into(),
            auth: ClientAuth::ClientSecretBasic,
            events: true,
            ..Client::default()
        });
        let own = rights_help(&profile, Purpose::Predict);
        assert_eq!(own.steps[0].place, "Clients, watcher, Settings, Capability config");
        assert!(!own.kcadm.contains("create clients") && own.kcadm.contains("service-account-watcher"), "{}", own.kcadm);
        assert!(own.kcadm.contains("--rolename view-clients"));
        profile.provider.events = "http://localhost:8080/admin/realms/master/events".into();
        assert_eq!(rights_help(&profile, Purpose::Events).role, "view-events of master-realm");
    }
}
