//! Telling a server that a token is no longer wanted (RFC 7009).

use super::{
    about_token,
    definition::{
        ByServer, Carries, Definition, Ended, Flow, Headline, Issues, Menu, NOTHING_CHANGED, Offer, Scope, Spends, Target,
        TokenField, any_kind, as_listed, every_field, not_in_browser, nothing_by_browser, nothing_remarkable, token_unremarked,
    },
    needs,
};
use crate::{form::ready, message::Reads, profile::ServerRole};
use record::{join::Caused, operation::Operation};
use token::inspect::TokenKind;

/// The definition.
pub(super) const DEFINITION: Definition = Definition {
    operation: Operation::Revoke,
    menu: Menu::Entry { note: "RFC 7009" },
    title: ByServer::both("Revoke"),
    verb: ByServer::both("Revoke"),
    again: "Get it again",
    listed: ByServer::both("Revocation"),
    step_title: as_listed,
    prefer: ServerRole::Provider,
    target: Target::OfClient(|endpoints| &endpoints.revocation),
    unavailable: |profile| needs::somewhere(profile, |endpoints| &endpoints.revocation, "revocation endpoint"),
    grant: None,
    capability: |_| Some("revocation"),
    fields: |context| about_token::fields(context, "RFC 7009 2.1", "Which token to end", false),
    sends: every_field,
    tokens: &[TokenField {
        name: "token",
        misfit: any_kind,
        may_be_over: true,
        offer: |token| (token.kind != TokenKind::Id).then_some(Offer { label: "Revoke", danger: true }),
        remarks: token_unremarked,
    }],
    secrets: &[],
    as_client: true,
    scope: Scope::None,
    asks_type: false,
    remarks: nothing_remarkable,
    flow: Flow::Request,
    build: |builder| about_token::build(builder, Reads::Empty, |endpoints| &endpoints.revocation, "revocation endpoint"),
    ready: |asked| ready::about(asked, "token"),
    says_client: true,
    browser: not_in_browser,
    carries: Carries::Confidential("The token"),
    browser_loads: nothing_by_browser,
    issues: Issues::Nothing,
    from_token: false,
    sends_on: false,
    spends: Spends::Never,
    speaker: None,
    events: Caused { types: &["REVOKE_GRANT"], by_gateway: false },
    headline,
    stopped: NOTHING_CHANGED,
};

fn headline(_: &Ended<'_>) -> Headline {
    Headline::new("The server accepted the revocation", "The token was not revoked")
}
