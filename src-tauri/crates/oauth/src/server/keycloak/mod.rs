//! Keycloak.

pub(crate) mod changes;
mod lessons;
pub(crate) mod realms;
mod refusals;
mod settings;
mod warnings;

use super::habits::{ExchangeForm, FirstType, Habits, Parameter, Recognised, Warnings};
use crate::{
    profile::{Dialect, Endpoints, Provider},
    refusal::Fate,
};
use token::{
    finding::Severity,
    inspect::{TokenKind, TokenView},
};

/// The server of this room.
pub(crate) const DIALECT: Dialect = Dialect::Keycloak;

/// Its habits.
pub(super) static HABITS: Habits = Habits {
    title: "Keycloak",
    note: "",
    yaml: "keycloak",
    recognise,
    has_events: true,
    server_info: |issuer| issuer.rsplit_once("/realms/").map(|(server, _)| format!("{server}/admin/serverinfo")),
    lists_all_grants: true,
    refusals: refusals::REFUSALS,
    successes: refusals::SUCCESSES,
    lessons: lessons::LESSONS,
    in_settings: &[
        "kc-v2-not-enabled",
        "kc-v2-not-enabled-public",
        "kc-v2-public-client",
        "kc-client-assertion",
        "kc-client-secret-missing",
        "kc-service-account-off",
        "kc-service-account-public",
        "kc-bearer-only",
        "kc-direct-grant-off",
        "kc-direct-grant-consent",
        "kc-jwt-client-off",
        "kc-jwt-public",
    ],
    one_for_all: &[],
    userinfo_tells: &[
        ("kc-userinfo-session", Fate::SessionOver),
        ("kc-userinfo-revoked", Fate::Revoked),
        ("kc-userinfo-user-disabled", Fate::UserDisabled),
        ("kc-userinfo-client-disabled", Fate::OriginDisabled),
        ("kc-userinfo-not-before", Fate::NotBefore),
    ],
    terse: false,
    own_code: |_, _| None,
    stray_code: |_, _, _| None,
    apis_take_known_issuer: true,
    apis_take_gateways_tokens: false,
    realm_roles: true,
    keys_of_sibling: realms::keys_of_sibling,
    warnings: Warnings {
        token: warnings::other_host,
        subject: warnings::own_token,
        asked: warnings::asked,
        kind: warnings::of_kind,
        public_exchange: Severity::Error,
        assertion: warnings::assertion,
        introspect: warnings::introspect,
        ignored: &[
            ("resource", "Keycloak ignores resource; the token will not be limited to it. Use audience."),
            (
                "actor_token",
                "Delegation is an experimental feature of Keycloak and off by default; without it actor_token is ignored without a word.",
            ),
        ],
    },
    exchange: ExchangeForm {
        kinds: true,
        any_subject: false,
        why_not: |kind| match kind {
            TokenKind::Refresh => "it is a refresh token, and Keycloak exchanges access tokens only",
            TokenKind::Id => "it is an ID token, and Keycloak exchanges access tokens only",
            _ => "it is not one that can be exchanged here",
        },
        subject_types: &["access_token", "jwt", "id_token"],
        subject_type_hint: "Keycloak's own tokens: access_token only",
        subject_type: FirstType::Always("access_token"),
        scope_hint: "Client scopes of the requester; may add to the subject's",
        requested_types: &[
            ("", ""),
            ("access_token", ""),
            ("id_token", "standard only"),
            ("refresh_token", "standard: only if the client allows it"),
            ("saml2", "legacy only"),
        ],
        requested_hint: "Left out: access_token; legacy: refresh_token",
        audience_required: false,
        resource: Parameter::Unavailable("Ignored by Keycloak"),
        actor: Parameter::Sent,
        actor_type: "access_token",
        standard_ready: &[("Known later", "Whether the client has token exchange switched on is known only after sending.")],
        requester_in_aud: ", so Keycloak lets it exchange this token",
    },
    takes_assertions: true,
    assertion_ready,
    ends_session_by_refresh_token: true,
    portal_scopes: &[],
    redirect_without_port: |host, _| {
        (format!("http://{host}/*"), "Keycloak accepts any port for it, because the host is this machine.")
    },
    logout_late: "Look at the page in the browser. It stays there when the client may not be sent to this address after a log out; Keycloak: Valid post logout redirect URIs.",
    links_gateway: true,
};

fn recognise(issuer: &str, endpoints: &Endpoints) -> Option<Recognised> {
    let (base, realm) = issuer.rsplit_once("/realms/").filter(|(_, realm)| !realm.is_empty() && !realm.contains('/'))?;
    endpoints.token.contains("/protocol/openid-connect/").then(|| Recognised {
        name: realms::realm_name(&record::encode::form_decode(&realm.replace('+', "%2B"))),
        events: format!("{base}/admin/realms/{realm}/events"),
    })
}

/// Keycloak takes its issuer or token endpoint as audience, alone, and each assertion once.
fn assertion_ready(provider: &Provider, subject: &TokenView) -> Vec<(&'static str, String)> {
    let said = match subject.audience.as_slice() {
        [one] if *one == provider.issuer || *one == provider.endpoints.token => {
            "The assertion's aud is this realm alone, as it has to be.".to_owned()
        }
        _ => format!(
            "The assertion's aud has to be {} and nothing else. Exchange it for this audience at its own issuer first.",
            provider.issuer
        ),
    };
    vec![("Audience", said), ("Once", "By default Keycloak takes an assertion once and only within five minutes.".into())]
}
