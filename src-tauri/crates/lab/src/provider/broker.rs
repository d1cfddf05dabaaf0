//! The identity providers the realm trusts: another realm under the alias `partner`, and the gateway under `wso2`.
//!
//! Both are asked for the same few things, whichever exchange asks: whether they signed a token, what their userinfo says of it,
//! and which user of the realm is linked to its subject. Real servers ask over HTTP; here they are neighbours.

use super::realm::{GATEWAY, PARTNER, Person};
use super::state::Provider;
use crate::form::words;
use crate::gateway::Gateway;
use crate::jose::Parsed;
use crate::world::lock;

/// One of them.
pub(crate) enum Broker<'a> {
    Partner(&'a Provider),
    Gateway(&'a Gateway),
}

impl<'a> Broker<'a> {
    /// By alias or issuer.
    pub fn named(provider: &'a Provider, name: &str) -> Option<Self> {
        let partner = provider.partner.as_deref().filter(|partner| name == PARTNER || name == partner.issuer);
        let gateway =
            provider.gateway.get().map(|gateway| &**gateway).filter(|gateway| name == GATEWAY || name == gateway.issuer());
        partner.map(Broker::Partner).or(gateway.map(Broker::Gateway))
    }

    pub fn alias(&self) -> &'static str {
        match self {
            Broker::Partner(_) => PARTNER,
            Broker::Gateway(_) => GATEWAY,
        }
    }

    pub fn issuer(&self) -> &str {
        match self {
            Broker::Partner(partner) => &partner.issuer,
            Broker::Gateway(gateway) => gateway.issuer(),
        }
    }

    /// Whether a token carries its signature.
    pub fn signed(&self, token: &Parsed) -> bool {
        match self {
            Broker::Partner(partner) => partner.signed_here(token),
            Broker::Gateway(gateway) => gateway.signed_here(token),
        }
    }

    /// The `sub` its userinfo would answer with: only for a live access token with scope `openid`.
    pub fn by_userinfo(&self, text: &str) -> Option<String> {
        match self {
            Broker::Partner(partner) => {
                let store = lock(&partner.store);
                let valid = partner.valid_access_token(&store, text)?;
                let openid = words(valid.token.text("scope").unwrap_or_default()).any(|word| word == "openid");
                openid.then(|| valid.person.id.to_owned())
            }
            Broker::Gateway(gateway) => gateway.user_of(text),
        }
    }

    /// The user of the realm that is linked to a subject.
    pub fn linked<'p>(&self, provider: &'p Provider, subject: &str) -> Option<&'p Person> {
        match self {
            Broker::Partner(_) => provider.realm.linked(subject),
            Broker::Gateway(_) => provider.realm.person(subject).filter(|person| person.at_gateway),
        }
    }

    /// The name a subject has there, which may be taken here.
    pub fn username(&self, provider: &Provider, subject: &str) -> String {
        let realm = match self {
            Broker::Partner(partner) => &partner.realm,
            // jwt-bearer gave the gateway its users, so it knows them as the realm does.
            Broker::Gateway(_) => &provider.realm,
        };
        realm.person(subject).map(|person| person.username.clone()).unwrap_or_default()
    }
}
