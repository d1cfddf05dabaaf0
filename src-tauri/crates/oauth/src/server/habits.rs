//! What a server does in its own way. Every field is written for every server: what is left out does not compile.

use serde_json::Value;

use super::remarks::Remarks;
use crate::{
    message::ExchangeKind,
    profile::{Client, Endpoints, Profile, Provider},
    refusal::{Fate, entry::Refusal, lesson::Lesson},
};
use record::operation::Draft;
use token::{
    finding::Severity,
    inspect::{TokenKind, TokenView},
};

/// See the module.
pub struct Habits {
    /// How it is called where a person chooses one.
    pub title: &'static str,
    /// A few words beside it there; empty where the name says it.
    pub note: &'static str,
    /// How a security block names it, as it begins and in small letters; empty where it goes by its issuer.
    pub yaml: &'static str,
    /// What its metadata (issuer and endpoints) say of it; none where they are not its own.
    pub(crate) recognise: fn(&str, &Endpoints) -> Option<Recognised>,
    /// Whether its events can be read, so that their address is kept when the metadata are read anew.
    pub has_events: bool,
    /// Address of its server info (features and version), by the issuer; none where there is none.
    pub server_info: fn(&str) -> Option<String>,
    /// Whether `grant_types_supported` lists every grant that is switched on, so that what is missing is off.
    pub(crate) lists_all_grants: bool,
    /// Its refusals, by topic, in the order in which they are likely.
    pub(crate) refusals: &'static [&'static [Refusal]],
    /// What its successes may lack.
    pub(crate) successes: &'static [&'static [Refusal]],
    /// What its refusals teach of its features.
    pub(crate) lessons: &'static [Lesson],
    /// Ids of refusals whose cause lies in its settings: the same request is refused again until they are changed.
    pub(crate) in_settings: &'static [&'static str],
    /// Ids of refusals that stand for many causes and name none.
    pub(crate) one_for_all: &'static [&'static str],
    /// Ids of refusals by which its userinfo tells why a token is not taken.
    pub(crate) userinfo_tells: &'static [(&'static str, Fate)],
    /// Whether it says no more than an RFC's code, so that what the shelf knows decides, and its words where it has some.
    pub(crate) terse: bool,
    /// A code of its own in a body (text, and JSON where it is), which decides whatever else is said.
    pub(crate) own_code: fn(&str, Option<&Value>) -> Option<String>,
    /// The same in the answer of an API that is not known to stand behind it: description, body, JSON.
    pub(crate) stray_code: fn(&str, &str, Option<&Value>) -> Option<String>,
    /// Whether it is known whose tokens its APIs take.
    pub(crate) apis_take_known_issuer: bool,
    /// Whether its APIs take tokens of the gateway, and not of the provider.
    pub(crate) apis_take_gateways_tokens: bool,
    /// Whether its tokens carry roles in `realm_access`.
    pub(crate) realm_roles: bool,
    /// Where the keys of an issuer lie that is of the same server; none for any other.
    pub(crate) keys_of_sibling: fn(&str, &Provider) -> Option<String>,
    /// What it is likely to refuse.
    pub(crate) warnings: Warnings,
    /// The form of a token exchange.
    pub(crate) exchange: ExchangeForm,
    /// Whether the provider itself takes assertions of others (RFC 7523 2.1).
    pub(crate) takes_assertions: bool,
    /// Lines, label and sentence, on an assertion that is shown to the provider.
    pub(crate) assertion_ready: fn(&Provider, &TokenView) -> Vec<(&'static str, String)>,
    /// Whether a refresh token ends its session without the browser.
    pub(crate) ends_session_by_refresh_token: bool,
    /// Scopes of its portal, where it is a gateway with one.
    pub(crate) portal_scopes: &'static [&'static str],
    /// The redirect URI to register where any port will do, by host and path, and a sentence on it.
    pub(crate) redirect_without_port: fn(&str, &str) -> (String, &'static str),
    /// What to do when the browser does not come back from a log out.
    pub logout_late: &'static str,
    /// Whether it can know a gateway as an identity provider, by steps we can write down.
    pub links_gateway: bool,
}

/// What metadata say of their server.
pub(crate) struct Recognised {
    /// Its name for people.
    pub name: String,
    /// Where its events are read; empty where nowhere.
    pub events: String,
}

/// Remarks of a server's own, each where the general ones of the same thing stand.
pub(crate) struct Warnings {
    /// On any token that is sent to it: profile, token, field.
    pub token: fn(&Profile, &TokenView, &str, &mut Remarks),
    /// On the subject token of a standard exchange.
    pub subject: fn(&Draft, &Profile, Option<&Client>, &TokenView, &mut Remarks),
    /// On what is asked of an exchange.
    pub asked: fn(&Draft, &mut Remarks),
    /// On the kind of exchange.
    pub kind: fn(ExchangeKind, &Profile, &mut Remarks),
    /// How sure it is that a public client may not exchange.
    pub public_exchange: Severity,
    /// On an assertion; now in epoch seconds, where it is known.
    pub assertion: fn(&Profile, &TokenView, Option<i64>, &mut Remarks),
    /// On a token a client asks about.
    pub introspect: fn(&Client, &TokenView, &mut Remarks),
    /// Parameters of an exchange that it leaves unread, each with a sentence.
    pub ignored: &'static [(&'static str, &'static str)],
}

/// A parameter, as a form shows it.
#[derive(Clone, Copy)]
pub(crate) enum Parameter {
    /// It can be sent.
    Sent,
    /// It is of no use, and why.
    Unavailable(&'static str),
}

impl Parameter {
    /// Why it is of no use.
    pub fn why_not(self) -> Option<String> {
        match self {
            Self::Sent => None,
            Self::Unavailable(why) => Some(why.into()),
        }
    }
}

/// The first filling of `subject_token_type`, by the last part of the URN.
pub(crate) enum FirstType {
    /// Always this one.
    Always(&'static str),
    /// What the token is.
    OfToken,
}

/// The form of a token exchange (RFC 8693 2.1).
pub(crate) struct ExchangeForm {
    /// Whether there are several kinds of exchange, with parameters of their own and subjects from outside.
    pub kinds: bool,
    /// Whether the subject may be any token, and not an access token only.
    pub any_subject: bool,
    /// Why a token of this kind is not proposed as subject.
    pub why_not: fn(TokenKind) -> &'static str,
    /// Subject token types, by the last part of the URN.
    pub subject_types: &'static [&'static str],
    /// A line on them.
    pub subject_type_hint: &'static str,
    /// Which of them comes first.
    pub subject_type: FirstType,
    /// A line on `scope`.
    pub scope_hint: &'static str,
    /// Requested token types with a note each; an empty one is not sent.
    pub requested_types: &'static [(&'static str, &'static str)],
    /// A line on them.
    pub requested_hint: &'static str,
    /// Whether `audience` has to be sent.
    pub audience_required: bool,
    /// `resource`.
    pub resource: Parameter,
    /// `actor_token` and its type.
    pub actor: Parameter,
    /// The type of the actor token, where there is one only; empty where it may be left out.
    pub actor_type: &'static str,
    /// Lines, label and sentence, on what of a standard exchange is not known beforehand.
    pub standard_ready: &'static [(&'static str, &'static str)],
    /// What follows "is in the subject token's aud" of the client that asks.
    pub requester_in_aud: &'static str,
}

/// The redirect URI to register where nothing is known of the server's rule for ports (RFC 8252 7.3), and a sentence on it.
pub(super) fn any_port(host: &str, path: &str) -> (String, &'static str) {
    (
        format!("http://{host}{path}"),
        "Registered without a port; RFC 8252 7.3 lets any port answer to it. If your server compares the port as well, choose a fixed port in the profile.",
    )
}

/// What to do when the browser does not come back from a log out, where nothing more is known of the server.
pub(super) const LOGOUT_LATE: &str = "Look at the page in the browser: the session may be over all the same. It stays there when the client may not be sent to this address after a log out (post_logout_redirect_uri), which some servers compare with the port. Introspect a token of the session to see whether it is over.";
