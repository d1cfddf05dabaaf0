//! Servers without a room of their own: nothing beyond the RFCs.

mod refusals;

use super::habits::{ExchangeForm, FirstType, Habits, LOGOUT_LATE, Parameter, Recognised, Warnings, any_port};
use crate::profile::Endpoints;
use token::finding::Severity;

/// Its habits.
pub(super) static HABITS: Habits = Habits {
    title: "Any OAuth server",
    note: "nothing beyond the RFCs",
    yaml: "",
    recognise,
    has_events: false,
    server_info: |_| None,
    lists_all_grants: false,
    refusals: refusals::REFUSALS,
    successes: refusals::SUCCESSES,
    lessons: &[],
    in_settings: &[],
    one_for_all: &[],
    userinfo_tells: &[],
    terse: true,
    own_code: |_, _| None,
    stray_code: |_, _, _| None,
    apis_take_known_issuer: false,
    apis_take_gateways_tokens: false,
    realm_roles: false,
    keys_of_sibling: |_, _| None,
    warnings: Warnings {
        token: |_, _, _, _| {},
        subject: |_, _, _, _, _| {},
        asked: |_, _| {},
        kind: |_, _, _| {},
        public_exchange: Severity::Warning,
        assertion: |_, _, _, _| {},
        introspect: |_, _, _| {},
        ignored: &[],
    },
    exchange: ExchangeForm {
        kinds: false,
        any_subject: true,
        why_not: |_| "it is not one that can be exchanged here",
        subject_types: &["access_token", "jwt", "id_token", "refresh_token", "saml2"],
        subject_type_hint: "What the subject token is",
        subject_type: FirstType::OfToken,
        scope_hint: "What it may do",
        requested_types: &[("", ""), ("access_token", ""), ("id_token", ""), ("refresh_token", ""), ("jwt", ""), ("saml2", "")],
        requested_hint: "access_token when left out",
        audience_required: false,
        resource: Parameter::Sent,
        actor: Parameter::Sent,
        actor_type: "",
        standard_ready: &[],
        requester_in_aud: "",
    },
    takes_assertions: false,
    assertion_ready: |_, _| Vec::new(),
    ends_session_by_refresh_token: false,
    portal_scopes: &[],
    redirect_without_port: any_port,
    logout_late: LOGOUT_LATE,
    links_gateway: false,
};

fn recognise(issuer: &str, _: &Endpoints) -> Option<Recognised> {
    Some(Recognised { name: host(issuer), events: String::new() })
}

/// The host of an address; empty where it has none.
pub(super) fn host(address: &str) -> String {
    url::Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}
