//! Which token exchange is meant, and the request each of them makes.
//!
//! RFC 8693 has one request; Keycloak answers it by two implementations (standard and legacy) and an experiment (delegation),
//! each with parameters the others refuse. The user says which one is meant, so that only its parameters are sent and a refusal
//! can be held against it.

use super::{
    build::Built,
    builder::Builder,
    params::{value, values},
};
use record::operation::Draft;
use url::Url;

/// Name of the form's field that says which exchange is meant; it is not sent.
pub const EXCHANGE_FIELD: &str = "exchange";

/// Which exchange is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExchangeKind {
    /// RFC 8693 as it stands; at Keycloak the standard exchange (V2) from token to token within a realm.
    #[default]
    Standard,
    /// With an actor token (RFC 8693 1.1): the new token says who acts for whom.
    Delegation,
    /// Keycloak's legacy exchange within a realm (V1): another client's mappers and scopes.
    Legacy,
    /// Keycloak's legacy exchange with `requested_subject`: a token of another user.
    Impersonation,
    /// Keycloak's legacy exchange with `subject_issuer`: a foreign token becomes one of the realm.
    ExternalToInternal,
    /// Keycloak's legacy exchange with `requested_issuer`: the token a linked provider gave.
    InternalToExternal,
    /// Impersonation without any subject token: the client alone asks for another user's token.
    DangerNakedImpersonation,
}

impl ExchangeKind {
    /// Whether it is an unsafe choice, with a loud name.
    pub fn is_unsafe(self) -> bool {
        self == Self::DangerNakedImpersonation
    }

    /// All, in the order the form offers them.
    pub const ALL: [Self; 7] = [
        Self::Standard,
        Self::Delegation,
        Self::Legacy,
        Self::Impersonation,
        Self::ExternalToInternal,
        Self::InternalToExternal,
        Self::DangerNakedImpersonation,
    ];

    /// The value in the draft.
    pub fn id(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Delegation => "delegation",
            Self::Legacy => "legacy",
            Self::Impersonation => "impersonation",
            Self::ExternalToInternal => "external_to_internal",
            Self::InternalToExternal => "internal_to_external",
            Self::DangerNakedImpersonation => "danger_naked_impersonation",
        }
    }

    /// The words shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Standard => "Standard exchange",
            Self::Delegation => "Delegation",
            Self::Legacy => "Legacy exchange",
            Self::Impersonation => "Impersonation",
            Self::ExternalToInternal => "External to internal",
            Self::InternalToExternal => "Internal to external",
            Self::DangerNakedImpersonation => "Danger: naked exchange",
        }
    }

    /// Which exchange a draft means. A draft that does not say (another server, an older step) means the standard one, with an
    /// actor token delegation.
    pub fn of(draft: &Draft) -> Self {
        match value(draft, EXCHANGE_FIELD) {
            Some(id) => Self::ALL.into_iter().find(|kind| kind.id() == id).unwrap_or_default(),
            None if value(draft, "actor_token").is_some() => Self::Delegation,
            None => Self::Standard,
        }
    }

    /// Whether Keycloak's legacy implementation (V1) is asked.
    pub fn is_legacy(self) -> bool {
        !matches!(self, Self::Standard | Self::Delegation)
    }

    /// Whether this exchange sends the parameter. Those named nowhere here belong to all of them.
    pub fn sends(self, parameter: &str) -> bool {
        match parameter {
            "subject_token" | "subject_token_type" => self != Self::DangerNakedImpersonation,
            "actor_token" | "actor_token_type" => self == Self::Delegation,
            "resource" => matches!(self, Self::Standard | Self::Delegation),
            "requested_subject" => matches!(self, Self::Impersonation | Self::DangerNakedImpersonation),
            "subject_issuer" => self == Self::ExternalToInternal,
            "requested_issuer" => self == Self::InternalToExternal,
            // The answer is what the provider behind the alias gave; there is nothing to narrow.
            "audience" | "scope" => self != Self::InternalToExternal,
            _ => true,
        }
    }

    /// Id of the capability of the provider it rests on.
    pub fn capability(self) -> &'static str {
        match self {
            Self::Standard => "standard-exchange",
            Self::Delegation => "delegation",
            Self::Legacy => "legacy-exchange",
            Self::Impersonation | Self::DangerNakedImpersonation => "impersonation",
            Self::ExternalToInternal => "external-to-internal",
            Self::InternalToExternal => "internal-to-external",
        }
    }

    /// The words behind the endpoint on the arrow.
    fn word(self) -> &'static str {
        match self {
            Self::Standard => "token-exchange",
            Self::Delegation => "token-exchange, delegation",
            Self::Legacy => "token-exchange, legacy",
            Self::Impersonation => "token-exchange, impersonation",
            Self::ExternalToInternal => "token-exchange, external to internal",
            Self::InternalToExternal => "token-exchange, internal to external",
            Self::DangerNakedImpersonation => "token-exchange, naked impersonation",
        }
    }
}

impl Builder<'_> {
    /// RFC 8693 2.1, with Keycloak's own parameters where the kind has them.
    pub(crate) fn token_exchange(&mut self) -> Option<Built> {
        let kind = ExchangeKind::of(self.draft);
        self.grant();
        if kind.sends("subject_token") {
            self.token("subject_token", true);
            self.one("subject_token_type", true);
        }
        match (kind, value(self.draft, "actor_token")) {
            (ExchangeKind::Delegation, Some(_)) => {
                self.token("actor_token", true);
                // Required with an actor token and forbidden without one (RFC 8693 2.1).
                self.one("actor_token_type", true);
            }
            (ExchangeKind::Delegation, None) => {
                self.fault("actor_token", "Delegation needs the token of who acts. Choose one from the shelf, or paste one.");
            }
            // Without an actor its type must not be sent; the form says so beside it.
            _ => {}
        }
        for (name, missing) in [
            ("requested_subject", "Type the user name or the id of the user whose token is wanted."),
            ("subject_issuer", "Type the alias of the identity provider in this realm, or its issuer."),
            ("requested_issuer", "Type the alias of the identity provider whose token is wanted."),
        ] {
            match value(self.draft, name).map(str::to_owned).filter(|_| kind.sends(name)) {
                Some(text) => self.push(name, &text),
                None if kind.sends(name) => self.fault(name, missing),
                None => {}
            }
        }
        let mut targets = Vec::new();
        if kind.sends("audience") {
            self.many("audience");
            targets.extend(values(self.draft, "audience").map(str::to_owned));
        }
        if kind.sends("resource") {
            self.resources(&mut targets);
        }
        if kind.sends("scope") {
            self.scope();
        }
        self.one("requested_token_type", false);
        let audience = Some(targets.join(" ")).filter(|text| !text.is_empty());
        self.at_token_endpoint(kind.word(), audience)
    }

    fn resources(&mut self, targets: &mut Vec<String>) {
        for resource in values(self.draft, "resource").map(str::to_owned).collect::<Vec<_>>() {
            match Url::parse(&resource) {
                Ok(url) if url.fragment().is_none() => {}
                _ => self.fault(
                    "resource",
                    "A resource is a full address without a # part (RFC 8693 2.1). Correct it, or use audience for a name.",
                ),
            }
            targets.push(resource);
        }
        self.many("resource");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::tests::{Table, draft, profile, view},
        *,
    };
    use crate::message::build;
    use record::operation::Operation;

    const FILLED: [(&str, &str); 11] = [
        ("client", "portal"),
        ("subject_token", "token:t"),
        ("subject_token_type", "x"),
        ("actor_token", "token:a"),
        ("actor_token_type", "y"),
        ("requested_subject", "bob"),
        ("subject_issuer", "partner"),
        ("requested_issuer", "google"),
        ("audience", "orders-api"),
        ("scope", "s"),
        ("requested_token_type", "z"),
    ];

    #[test]
    fn each_kind_sends_its_own_parameters_and_no_others() {
        let table = Table::default().with(view("t", json!({})), Some("T")).with(view("a", json!({})), Some("A"));
        let rows = [
            (ExchangeKind::Standard, "subject_token=T&subject_token_type=x&audience=orders-api&scope=s&requested_token_type=z"),
            (
                ExchangeKind::Delegation,
                "subject_token=T&subject_token_type=x&actor_token=A&actor_token_type=y&audience=orders-api&scope=s&requested_token_type=z",
            ),
            (ExchangeKind::Legacy, "subject_token=T&subject_token_type=x&audience=orders-api&scope=s&requested_token_type=z"),
            (
                ExchangeKind::Impersonation,
                "subject_token=T&subject_token_type=x&requested_subject=bob&audience=orders-api&scope=s&requested_token_type=z",
            ),
            (
                ExchangeKind::ExternalToInternal,
                "subject_token=T&subject_token_type=x&subject_issuer=partner&audience=orders-api&scope=s&requested_token_type=z",
            ),
            (
                ExchangeKind::InternalToExternal,
                "subject_token=T&subject_token_type=x&requested_issuer=google&requested_token_type=z",
            ),
            (ExchangeKind::DangerNakedImpersonation, "requested_subject=bob&audience=orders-api&scope=s&requested_token_type=z"),
        ];
        for (kind, expected) in rows {
            let mut filled = FILLED.to_vec();
            filled.push((EXCHANGE_FIELD, kind.id()));
            let built = build(&draft(Operation::TokenExchange, &filled), &profile(), &table).expect("builds");
            let body = String::from_utf8(built.request.body().clone()).expect("UTF-8");
            let grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&";
            assert_eq!(body, format!("{grant}{expected}"), "{kind:?}");
            assert_eq!(built.tokens_in.first().map(String::as_str), kind.sends("subject_token").then_some("t"));
        }
    }

    #[test]
    fn the_type_of_an_actor_is_not_sent_without_one() {
        let table = Table::default().with(view("t", json!({})), Some("T"));
        for kind in [None, Some(ExchangeKind::Standard)] {
            let mut filled: Vec<_> = FILLED.into_iter().filter(|(name, _)| *name != "actor_token").collect();
            filled.extend(kind.map(|kind| (EXCHANGE_FIELD, kind.id())));
            let built = build(&draft(Operation::TokenExchange, &filled), &profile(), &table).expect("builds");
            let body = String::from_utf8(built.request.body().clone()).expect("UTF-8");
            assert!(!body.contains("actor_token"), "{kind:?}: {body}");
        }
    }

    #[test]
    fn a_kind_says_what_it_lacks() {
        let rows: [(ExchangeKind, &[&str]); 6] = [
            (ExchangeKind::Standard, &["subject_token", "subject_token_type"]),
            (ExchangeKind::Delegation, &["subject_token", "subject_token_type", "actor_token"]),
            (ExchangeKind::Impersonation, &["subject_token", "subject_token_type", "requested_subject"]),
            (ExchangeKind::ExternalToInternal, &["subject_token", "subject_token_type", "subject_issuer"]),
            (ExchangeKind::InternalToExternal, &["subject_token", "subject_token_type", "requested_issuer"]),
            (ExchangeKind::DangerNakedImpersonation, &["requested_subject"]),
        ];
        for (kind, expected) in rows {
            let draft = draft(Operation::TokenExchange, &[("client", "portal"), (EXCHANGE_FIELD, kind.id())]);
            let faults = build(&draft, &profile(), &Table::default()).expect_err("faults");
            assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), expected, "{kind:?}");
        }
    }
}
