//! What a form starts with: which client, which token, which audience.
//!
//! The rules prefer what is likely to work: a client that may ask, a token that can still be sent, an audience the
//! subject token already names.

use crate::{
    belongs::{Belongs, belongs},
    form::Choice,
    profile::{Client, ClientAuth, Profile, Resource, ServerRole},
};
use token::inspect::{TokenFormat, TokenKind, TokenView};

/// Everything a form is made from.
pub(crate) struct Context<'a> {
    pub profile: &'a Profile,
    pub shelf: &'a [TokenView],
    pub chosen: Option<&'a str>,
    /// The token the form is about, whoever it came from: somebody asked for it by its id.
    pub about: Option<&'a str>,
}

impl<'a> Context<'a> {
    /// Whether a token is one of this profile's own: only those are ever chosen without the user.
    pub fn own(&self, token: &TokenView) -> bool {
        belongs(token, self.profile) == Belongs::Here || self.about == Some(token.id.as_str())
    }

    /// The selected token when it can be sent and fits, else the newest that does; of the profile's own tokens alone.
    pub fn token(&self, fits: impl Fn(&TokenView) -> bool) -> Option<&'a TokenView> {
        let usable = |token: &&TokenView| !token.evidence_only && self.own(token) && fits(token);
        let selected = self.shelf.iter().filter(usable).find(|token| Some(token.id.as_str()) == self.chosen);
        let key = |token: &&TokenView| (token.issued_at.unwrap_or(0), token.step.unwrap_or(0));
        // `max_by_key` takes the last of equals, which is the newer line of the shelf.
        selected.or_else(|| self.shelf.iter().filter(usable).max_by_key(key))
    }

    /// Whether a token comes from the provider of this profile; tokens without an issuer are given the benefit of the doubt.
    pub fn by_provider(&self, token: &TokenView) -> bool {
        token.issuer.as_deref().map_or_else(|| !self.by_gateway(token), |issuer| issuer == self.profile.provider.issuer)
    }

    /// Whether a token comes from the gateway: by its issuer, or, for one that can not be read, by the client it was issued to.
    pub fn by_gateway(&self, token: &TokenView) -> bool {
        let Some(gateway) = &self.profile.gateway else { return false };
        // Another environment may have a client of the same name.
        if belongs(token, self.profile) == Belongs::Elsewhere {
            return false;
        }
        match &token.issuer {
            Some(issuer) => !gateway.issuer.is_empty() && *issuer == gateway.issuer,
            None => {
                let named = |server| {
                    self.profile
                        .clients
                        .iter()
                        .any(|client| client.server == server && Some(client.client_id.as_str()) == token.client.as_deref())
                };
                named(ServerRole::Gateway) && !named(ServerRole::Provider)
            }
        }
    }

    /// An API behind the gateway that fits the token: one that needs a user for a user's token, one that does not for an application's.
    pub fn behind_gateway(&self, token: Option<&TokenView>) -> Option<&'a Resource> {
        let through = || self.profile.resources.iter().filter(|resource| resource.through_gateway);
        let has_user = token.is_some_and(|token| token.client.as_deref() != Some(token.who.as_str()));
        through().find(|resource| resource.expectations.needs_user == has_user).or_else(|| through().next())
    }

    /// Default subject of an exchange: the selected access token, else the newest of the provider's, a user's login before an exchanged one.
    pub fn subject(&self) -> Option<&'a TokenView> {
        let access = |token: &TokenView| token.kind == TokenKind::Access;
        self.selected(access)
            .or_else(|| {
                self.token(|token| access(token) && self.by_provider(token) && token.parent.is_none() && token.session.is_some())
            })
            .or_else(|| self.token(|token| access(token) && self.by_provider(token)))
            .or_else(|| self.token(access))
    }

    /// The token at the beginning of a token's lineage, as far as it is on the shelf.
    pub fn root(&self, token: &'a TokenView) -> &'a TokenView {
        let mut root = token;
        // A lineage is short; the bound only keeps a damaged record from going in circles.
        for _ in 0..64 {
            match self
                .shelf
                .iter()
                .find(|other| Some(&other.id) == root.parent.as_ref() && other.kind != token::inspect::TokenKind::Refresh)
            {
                Some(parent) => root = parent,
                None => break,
            }
        }
        root
    }

    /// The selected token, only when it is the profile's own and fits.
    pub fn selected(&self, fits: impl Fn(&TokenView) -> bool) -> Option<&'a TokenView> {
        let usable = |token: &&TokenView| Some(token.id.as_str()) == self.chosen && !token.evidence_only && self.own(token);
        self.shelf.iter().filter(usable).find(|token| fits(token))
    }

    /// Default requester: a confidential client of the provider that the subject token names, before others.
    pub fn requester(&self, subject: Option<&TokenView>) -> Option<&'a Client> {
        let confidential =
            |client: &&Client| client.server == ServerRole::Provider && client.auth != ClientAuth::None && !client.events;
        let resource = |client: &Client| self.profile.resources.iter().any(|resource| resource.name == client.client_id);
        let named = |client: &&Client| subject.is_some_and(|token| token.audience.contains(&client.client_id));
        let all = || self.profile.clients.iter().filter(confidential);
        // A client that is an API itself is named as audience, too, but it receives tokens rather than asking for them.
        all()
            .filter(named)
            .find(|client| !resource(client))
            .or_else(|| all().find(named))
            .or_else(|| all().find(|client| !resource(client)))
            .or_else(|| all().next())
    }

    /// Default audience: the first API behind no gateway that the subject token names, else the first one.
    pub fn audience(&self, subject: Option<&TokenView>, requester: Option<&Client>) -> Option<&'a Resource> {
        let fits = |resource: &&Resource| requester.is_none_or(|client| client.client_id != resource.name);
        let direct = || self.profile.resources.iter().filter(fits).filter(|resource| !resource.through_gateway);
        direct()
            .find(|resource| subject.is_some_and(|token| token.audience.contains(&resource.name)))
            .or_else(|| direct().next())
            .or_else(|| self.profile.resources.iter().find(fits))
    }

    /// Clients as choices, those of the preferred server first, each with how it authenticates.
    pub fn clients(&self, prefer: ServerRole, keep: impl Fn(&Client) -> bool) -> Vec<Choice> {
        let (first, second): (Vec<&Client>, Vec<&Client>) =
            self.profile.clients.iter().filter(|client| keep(client)).partition(|client| client.server == prefer);
        first.into_iter().chain(second).map(choice).collect()
    }

    /// The clients and APIs of the profile as audience suggestions.
    pub fn audiences(&self) -> Vec<String> {
        let mut names: Vec<String> = self.profile.resources.iter().map(|resource| resource.name.clone()).collect();
        names.extend(
            self.profile
                .clients
                .iter()
                .filter(|client| client.server == ServerRole::Provider)
                .map(|client| client.client_id.clone()),
        );
        unique(names)
    }

    /// Scopes worth suggesting: those of the profile, those APIs expect, those the provider advertises.
    pub fn scopes(&self) -> Vec<String> {
        let expected = self.profile.resources.iter().flat_map(|resource| resource.expectations.scope.iter());
        unique(self.profile.scopes.iter().chain(expected).chain(self.profile.provider.scopes.iter()).cloned().collect())
    }
}

fn choice(client: &Client) -> Choice {
    let auth = client.auth.words();
    let server = if client.server == ServerRole::Gateway { "gateway, " } else { "" };
    let note = if client.note.is_empty() { String::new() } else { format!("; {}", client.note) };
    Choice {
        value: client.client_id.clone(),
        label: client.client_id.clone(),
        note: format!("{server}{auth}{note}"),
        danger: false,
    }
}

/// Order kept, repetitions and empty ones dropped.
pub(crate) fn unique(names: Vec<String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if !name.is_empty() && !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

/// The token type identifier that fits a token (RFC 8693 3): the role when it is known, the format otherwise.
pub(crate) fn token_type(token: Option<&TokenView>) -> &'static str {
    match token.map(|token| (token.kind, token.format)) {
        Some((TokenKind::Id, _)) => "id_token",
        Some((TokenKind::Refresh, _)) => "refresh_token",
        Some((TokenKind::Other, TokenFormat::Jws | TokenFormat::Jwe | TokenFormat::SdJwt)) => "jwt",
        Some((_, TokenFormat::Saml)) => "saml2",
        _ => "access_token",
    }
}
