//! What leads to the developer portal: the token it wants, and what a step opens there.

use record::{
    audit::{FixAction, Step},
    operation::Operation,
};
use serde::{Deserialize, Serialize};
use token::{
    inspect::{TokenKind, TokenView},
    text::Pair,
};
use ts_rs::TS;

use super::{Key, standing};
use crate::{
    belongs::{Belongs, belongs},
    profile::{Client, Profile, ServerRole},
};

/// What every scope of WSO2's portal and admin APIs begins with.
const PREFIX: &str = "apim:";

/// Scopes with which all of the portal can be used and its release be read.
const WHOLE: [&str; 5] = ["openid", "apim:subscribe", "apim:app_manage", "apim:sub_manage", "apim:store_settings"];

/// Row of the catalogue for a caller whose application has no subscription.
const NOT_SUBSCRIBED: &str = "wso2-900908";

/// What the portal is good for after a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PortalWays {
    /// Scopes of the portal were asked for, and the token that was issued has some of them.
    pub usable: bool,
    /// Id of the issued token where scopes of the portal were asked for and some are missing.
    pub lacking: Option<String>,
    /// Consumer key of the application that has to be subscribed, where the gateway refused the call for want of that.
    pub subscribe: Option<String>,
}

/// What a step opens at the portal of its profile. `shelf` has the tokens at hand.
pub fn portal_ways(step: &Step, shelf: &[TokenView], profile: &Profile) -> PortalWays {
    let find = |id: Option<&String>| id.and_then(|id| shelf.iter().find(|token| token.id == *id));
    let asked = step.draft.as_ref().is_some_and(|draft| {
        let scopes = draft.values.iter().filter(|pair| pair.name == "scope");
        scopes.flat_map(|pair| pair.value.split_whitespace()).any(|scope| scope.starts_with(PREFIX))
    });
    let at_hand = step.tokens_out.iter().find_map(|id| find(Some(id)));
    let issued = at_hand.filter(|token| asked && takes(token, profile));
    let can = issued.map(|token| standing(&token.scope)).unwrap_or_default();
    let refused = step.diagnosis.as_ref().is_some_and(|diagnosis| diagnosis.id == NOT_SUBSCRIBED);
    let has_portal = profile.gateway.as_ref().is_some_and(|gateway| !gateway.portal.is_empty());
    PortalWays {
        usable: !can.has.is_empty(),
        lacking: issued.filter(|_| !can.lacks.is_empty()).map(|token| token.id.clone()),
        subscribe: find(step.tokens_in.first()).filter(|_| refused && has_portal).and_then(|token| token.client.clone()),
    }
}

/// Whether the portal takes a token: an access token of the gateway's own token endpoint whose text is at hand.
pub fn takes(token: &TokenView, profile: &Profile) -> bool {
    let Some(gateway) = &profile.gateway else { return false };
    let client_of_gateway = || {
        let known = |client: &&Client| client.server == ServerRole::Gateway && token.client.as_ref() == Some(&client.client_id);
        token.issuer.is_none() && profile.clients.iter().any(|client| known(&client))
    };
    token.kind == TokenKind::Access
        && !token.evidence_only
        // Another environment's gateway may have the same issuer or a client of the same name.
        && belongs(token, profile) == Belongs::Here
        && (token.issuer.as_ref() == Some(&gateway.issuer) || client_of_gateway())
}

/// The form that gets a token for all of the portal.
pub fn get_token() -> FixAction {
    FixAction {
        label: "Get a portal token".into(),
        operation: Operation::JwtBearer,
        values: WHOLE.iter().map(|scope| pair("scope", scope)).collect(),
    }
}

/// Forms a pair can be used in. What is asked for its user starts anew: the portal's own scopes are no use to an application.
pub(super) fn uses(key: &Key) -> Vec<FixAction> {
    // Keycloak and WSO2 list a grant by its whole URN or by its last part.
    let may = |grant: &str| key.grants.iter().any(|one| one.rsplit(':').next() == Some(grant));
    let own = || pair("client", &key.consumer_key);
    let open = may("client_credentials").then(|| FixAction {
        label: "Open in Run".into(),
        operation: Operation::ClientCredentials,
        values: vec![own()],
    });
    let map = may("jwt-bearer").then(|| FixAction {
        label: "Map a user".into(),
        operation: Operation::JwtBearer,
        values: vec![own(), pair("scope", "openid")],
    });
    open.into_iter().chain(map).collect()
}

fn pair(name: &str, value: &str) -> Pair {
    Pair { name: name.into(), value: value.into() }
}
