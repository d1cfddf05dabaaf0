//! What a server can do, as far as it is known: from its metadata, from its server info, and from what was tried.
//!
//! Each is known in three states with the evidence beside it, because "not advertised" and "refused at 14:02" lead to
//! different next steps. Of two pieces of definite evidence the newer one counts; not knowing never overwrites knowing.

use serde_json::Value;

use crate::profile::{Capability, Provider, Support};

/// Ids and words of what can be learned beyond the metadata, in the order shown.
const EXCHANGES: [(&str, &str); 6] = [
    ("standard-exchange", "Standard exchange (V2)"),
    ("legacy-exchange", "Legacy exchange (V1)"),
    ("impersonation", "Impersonation (V1)"),
    ("external-to-internal", "External to internal (V1)"),
    ("internal-to-external", "Internal to external (V1)"),
    ("delegation", "Delegation by actor token"),
];

/// The kinds of exchange of a Keycloak as its metadata leave them: the grant is advertised or not, the kind is not told.
pub fn exchanges(grant: Support) -> Vec<Capability> {
    EXCHANGES
        .iter()
        .map(|(id, label)| Capability {
            id: (*id).into(),
            label: (*label).into(),
            support: if grant == Support::NotSupported { Support::NotSupported } else { Support::Unknown },
            source: if grant == Support::NotSupported { "not advertised" } else { "not told by the metadata" }.into(),
            seen_ms: 0,
        })
        .collect()
}

/// Takes a piece of evidence over; says whether anything changed. A capability the list does not have yet is added when it is
/// one of the exchanges.
pub fn learn(provider: &mut Provider, id: &str, support: Support, source: &str, seen_ms: i64) -> bool {
    if support == Support::Unknown {
        return false;
    }
    if let Some(known) = provider.capabilities.iter_mut().find(|known| known.id == id) {
        // The same again is no news; the first evidence of a state is the one to look at.
        if known.support == support && known.seen_ms > 0 {
            return false;
        }
        known.support = support;
        known.source = source.into();
        known.seen_ms = seen_ms;
        return true;
    }
    let Some((id, label)) = EXCHANGES.iter().find(|(known, _)| *known == id) else { return false };
    let capability = Capability { id: (*id).into(), label: (*label).into(), support, source: source.into(), seen_ms };
    provider.capabilities.push(capability);
    true
}

/// Freshly read capabilities with what was learned before: what the reading left open, or only says again, keeps its evidence.
pub fn merge(fresh: &mut Vec<Capability>, before: &[Capability]) {
    for old in before.iter().filter(|old| old.seen_ms > 0) {
        match fresh.iter_mut().find(|new| new.id == old.id) {
            Some(new) if new.support == Support::Unknown || new.support == old.support && new.seen_ms == 0 => *new = old.clone(),
            Some(_) => {}
            None => fresh.push(old.clone()),
        }
    }
}

/// What Keycloak's server info (`GET /admin/serverinfo`) says of the exchanges and grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerInfo {
    /// Version of the server, e.g. `26.7.5`; empty where the asker may not see it.
    pub version: String,
    /// Capability id, state, and the evidence in words.
    pub told: Vec<(&'static str, Support, String)>,
}

/// The exchanges of Keycloak (V2 and V1) that leave an actor token unread, as server info names them.
const WITHOUT_ACTOR: [&str; 2] = ["standard", "default"];

/// Reads the answer of `GET /admin/serverinfo`.
///
/// # Errors
/// A sentence, when the answer is not what it should be.
pub fn read_server_info(body: &str) -> Result<ServerInfo, String> {
    let json: Value = serde_json::from_str(body).map_err(|error| format!("The server info is not JSON ({error})."))?;
    let Some(features) = json.get("features").and_then(Value::as_array) else {
        return Err("The server info has no list of features; the asker may not see it.".into());
    };
    let version = json.pointer("/systemInfo/version").and_then(Value::as_str).unwrap_or_default().to_owned();
    let from = if version.is_empty() { "server info".to_owned() } else { format!("server info of {version}") };
    let state = |name: &str| {
        let feature = features.iter().find(|feature| feature.get("name").and_then(Value::as_str) == Some(name))?;
        feature.get("enabled").or_else(|| feature.get("isEnabled")).and_then(Value::as_bool)
    };
    let mut told = Vec::new();
    let mut tell = |id: &'static str, needs: &[&str]| {
        // Every feature it needs must be on; one that is off, or that this version does not have, is the reason.
        match needs.iter().find(|name| state(name) != Some(true)) {
            None => told.push((id, Support::Supported, format!("{} on, {from}", needs.join(", ")))),
            Some(name) if state(name).is_none() => {
                told.push((id, Support::NotSupported, format!("no feature {name}, {from}")));
            }
            Some(name) => told.push((id, Support::NotSupported, format!("{name} off, {from}"))),
        }
    };
    tell("standard-exchange", &["TOKEN_EXCHANGE_STANDARD_V2"]);
    tell("legacy-exchange", &["TOKEN_EXCHANGE"]);
    // Without the permissions of version 1 nobody can be given the right to these (Keycloak's own guide on token exchange).
    for id in ["impersonation", "external-to-internal", "internal-to-external"] {
        tell(id, &["TOKEN_EXCHANGE", "ADMIN_FINE_GRAINED_AUTHZ"]);
    }
    tell("delegation", &["TOKEN_EXCHANGE_DELEGATION"]);
    tell("jwt-bearer", &["JWT_AUTHORIZATION_GRANT"]);
    tell("dpop", &["DPOP"]);
    tell("par", &["PAR"]);
    tell("device", &["DEVICE_FLOW"]);
    // With the feature on, 26.7 lets a user agree to delegation at the log in, and no exchange of it reads an actor token.
    let exchanges = json.pointer("/providers/oauth2-token-exchange/providers").and_then(Value::as_object);
    if exchanges.is_some_and(|all| all.keys().all(|name| WITHOUT_ACTOR.contains(&name.as_str()))) {
        for (id, support, words) in &mut told {
            if *id == "delegation" && *support == Support::Supported {
                *support = Support::NotSupported;
                *words = format!("TOKEN_EXCHANGE_DELEGATION on, but no exchange reads an actor token, {from}");
            }
        }
    }
    Ok(ServerInfo { version, told })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn provider() -> Provider {
        Provider { capabilities: exchanges(Support::Supported), ..Provider::default() }
    }

    fn known(provider: &Provider, id: &str) -> (Support, String, i64) {
        let found = provider.capabilities.iter().find(|known| known.id == id).expect("listed");
        (found.support, found.source.clone(), found.seen_ms)
    }

    #[test]
    fn the_newer_definite_evidence_counts() {
        let mut provider = provider();
        assert_eq!(known(&provider, "impersonation").0, Support::Unknown);
        assert!(learn(&mut provider, "impersonation", Support::NotSupported, "step 3", 30));
        assert!(!learn(&mut provider, "impersonation", Support::NotSupported, "step 4", 40), "the same again is no news");
        assert!(!learn(&mut provider, "impersonation", Support::Unknown, "step 5", 50), "not knowing teaches nothing");
        assert_eq!(known(&provider, "impersonation"), (Support::NotSupported, "step 3".into(), 30));
        assert!(learn(&mut provider, "impersonation", Support::Supported, "step 6", 60));
        assert!(!learn(&mut provider, "unheard-of", Support::Supported, "step 7", 70));

        // Read again: what the metadata do not tell keeps its evidence, what they do tell is newer.
        let mut fresh = exchanges(Support::Supported);
        merge(&mut fresh, &provider.capabilities);
        assert_eq!(fresh.iter().filter(|one| one.seen_ms == 60).count(), 1);
        let mut off = exchanges(Support::NotSupported);
        merge(&mut off, &provider.capabilities);
        assert!(off.iter().all(|one| one.support == Support::NotSupported && one.source == "not advertised"));
    }

    #[test]
    fn server_info_names_the_feature_that_is_missing() {
        let body = json!({"systemInfo": {"version": "26.7.5"}, "features": [
            {"name": "TOKEN_EXCHANGE_STANDARD_V2", "enabled": true}, {"name": "TOKEN_EXCHANGE", "enabled": true},
            {"name": "ADMIN_FINE_GRAINED_AUTHZ", "enabled": false}, {"name": "JWT_AUTHORIZATION_GRANT", "enabled": true}]});
        let info = read_server_info(&body.to_string()).expect("readable");
        let told =
            |id: &str| info.told.iter().find(|(known, ..)| *known == id).map(|(_, support, words)| (*support, words.as_str()));
        assert_eq!(told("standard-exchange"), Some((Support::Supported, "TOKEN_EXCHANGE_STANDARD_V2 on, server info of 26.7.5")));
        assert_eq!(told("impersonation"), Some((Support::NotSupported, "ADMIN_FINE_GRAINED_AUTHZ off, server info of 26.7.5")));
        assert_eq!(
            told("delegation"),
            Some((Support::NotSupported, "no feature TOKEN_EXCHANGE_DELEGATION, server info of 26.7.5"))
        );
        // As 26.7.5 lists them with the feature on, and as one with a third exchange would.
        let delegation = |exchanges: Value| {
            let body = json!({"systemInfo": {"version": "26.7.5"}, "providers": {"oauth2-token-exchange": {"providers": exchanges}},
                "features": [{"name": "TOKEN_EXCHANGE_DELEGATION", "enabled": true}]});
            let info = read_server_info(&body.to_string()).expect("readable");
            info.told.into_iter().find(|(known, ..)| *known == "delegation").map(|(_, support, words)| (support, words))
        };
        let (support, words) = delegation(json!({"standard": {"order": 10}, "default": {"order": 0}})).expect("told");
        assert_eq!(support, Support::NotSupported);
        assert_eq!(words, "TOKEN_EXCHANGE_DELEGATION on, but no exchange reads an actor token, server info of 26.7.5");
        let third = json!({"standard": {"order": 10}, "default": {"order": 0}, "delegation": {"order": 15}});
        assert_eq!(delegation(third).map(|(support, _)| support), Some(Support::Supported));
        assert!(read_server_info("{}").is_err() && read_server_info("<html>").is_err());
    }
}
