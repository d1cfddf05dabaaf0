//! WSO2 API Manager.

mod faults;
mod refusals;
mod warnings;

use super::habits::{ExchangeForm, FirstType, Habits, LOGOUT_LATE, Parameter, Recognised, Warnings, any_port};
use crate::profile::Endpoints;
use token::finding::Severity;

/// Its habits.
pub(super) static HABITS: Habits = Habits {
    title: "WSO2 API Manager",
    note: "",
    yaml: "wso2",
    recognise,
    has_events: false,
    server_info: |_| None,
    lists_all_grants: false,
    refusals: refusals::REFUSALS,
    successes: &[],
    lessons: &[],
    in_settings: &[],
    one_for_all: &["wso2-900901"],
    userinfo_tells: &[],
    terse: false,
    own_code: faults::gateway_code,
    stray_code: faults::known_fault,
    apis_take_known_issuer: true,
    apis_take_gateways_tokens: true,
    realm_roles: false,
    keys_of_sibling: |_, _| None,
    warnings: Warnings {
        token: |_, _, _, _| {},
        subject: |_, _, _, _, _| {},
        asked: |_, _| {},
        kind: |_, _, _| {},
        public_exchange: Severity::Warning,
        assertion: warnings::assertion,
        introspect: |_, _, _| {},
        ignored: &[
            ("resource", "WSO2 API Manager does not know this parameter."),
            ("actor_token", "WSO2 API Manager does not know this parameter."),
        ],
    },
    exchange: ExchangeForm {
        kinds: false,
        any_subject: false,
        why_not: |_| "it is no access token",
        subject_types: &["jwt", "access_token"],
        subject_type_hint: "WSO2 takes JWTs only",
        subject_type: FirstType::Always("jwt"),
        scope_hint: "What it may do",
        requested_types: &[("", ""), ("jwt", "")],
        requested_hint: "jwt when left out",
        audience_required: false,
        resource: Parameter::Unavailable("WSO2 API Manager does not know it"),
        actor: Parameter::Unavailable("WSO2 API Manager does not know it"),
        actor_type: "",
        standard_ready: &[],
        requester_in_aud: "",
    },
    takes_assertions: false,
    assertion_ready: |_, _| Vec::new(),
    ends_session_by_refresh_token: false,
    portal_scopes: &["openid", "apim:subscribe", "apim:app_manage", "apim:sub_manage"],
    redirect_without_port: any_port,
    logout_late: LOGOUT_LATE,
    links_gateway: false,
};

fn recognise(issuer: &str, endpoints: &Endpoints) -> Option<Recognised> {
    (issuer.ends_with("/oauth2/token") && endpoints.token.ends_with("/oauth2/token"))
        .then(|| Recognised { name: format!("WSO2, {}", super::plain::host(issuer)), events: String::new() })
}
