//! Finds the two sides of a user mapping: the Keycloak token and the WSO2 token that was made from it.

use oauth::{
    form::requester,
    mapping::{self, Back, Mapping, MappingFacts, Side},
    message::words,
    profile::Profile,
};
use token::{
    inspect::{TokenKind, TokenView},
    lineage::ancestors,
};

use crate::{fault::TokenFault, ground::Ground, shelf::Held, tokens};

/// The mapping check of a token of either side. `other` is the other side; without it the one is taken that belongs to it.
/// `claim` is the role claim WSO2 is told to read, when that is known; `plain` an address of the gateway's key manager that
/// other servers reach without TLS, if it has one.
pub(crate) fn mapping(
    ground: &Ground,
    id: &str,
    other: Option<&str>,
    claim: Option<&str>,
    profile: &Profile,
    plain: Option<&str>,
) -> Result<Mapping, TokenFault> {
    let chosen = tokens::held(ground, id)?;
    let other = other.map(|id| tokens::held(ground, id)).transpose()?;
    let now_s = ground.world.now_s();
    let view = chosen.view(now_s);
    let same_side = |other: &Held| of_gateway(&other.view(now_s), profile) == of_gateway(&view, profile);
    if other.as_ref().is_some_and(same_side) {
        return Err(TokenFault {
            id: "one-side-only",
            message: "Both tokens are of one server, so there is no mapping between them.".into(),
            advice: "Choose one token of the identity provider and one of the gateway.".into(),
        });
    }
    let (source, issued) = if of_gateway(&view, profile) {
        (other.or_else(|| made_from(ground, &view, profile)), Some(chosen))
    } else {
        let made = other.or_else(|| made_of(ground, &view, profile));
        (Some(chosen), made)
    };
    let sides =
        |held: &Option<Held>| (held.as_ref().map(|held| held.view(now_s)), held.as_ref().and_then(|held| held.claims().cloned()));
    let ((source_view, source_claims), (issued_view, issued_claims)) = (sides(&source), sides(&issued));
    if source_claims.is_none() && issued_claims.is_none() {
        return Err(TokenFault {
            id: "no-claims",
            message: "The token can not be read, so nothing can be said of its mapping.".into(),
            advice: "Introspect it first, or choose another token.".into(),
        });
    }
    let step = issued_view.as_ref().and_then(|view| view.step).and_then(|step| ground.journal.step(step).ok().flatten());
    let asked = step.and_then(|step| step.draft).map(|draft| words(&draft, "scope").into_iter().map(str::to_owned).collect());
    let gateway = profile.gateway.as_ref().filter(|_| oauth::server::habits(profile.provider.dialect).links_gateway);
    let base = gateway.map(|gateway| {
        let base = if gateway.portal.is_empty() { &gateway.base } else { &gateway.portal };
        plain.unwrap_or(base).trim_end_matches('/').to_owned()
    });
    let userinfo = base.as_ref().map(|base| format!("{base}/oauth2/userinfo"));
    let back = gateway.zip(base.as_deref()).zip(userinfo.as_deref()).map(|((gateway, base), userinfo)| Back {
        issuer: &gateway.issuer,
        base,
        userinfo,
        private_authority: !profile.tls.ca_pem.trim().is_empty() || !profile.tls.pins.is_empty(),
        realm: &profile.provider.issuer,
        requester: requester(profile).map_or("the client", |client| client.client_id.as_str()),
        audience: profile.resources.iter().find(|resource| !resource.through_gateway).map(|resource| resource.name.as_str()),
    });
    Ok(mapping::mapping(&MappingFacts {
        back,
        source: source_view.as_ref().zip(source_claims.as_ref()).map(|(view, claims)| Side { view, claims }),
        issued: issued_view.as_ref().zip(issued_claims.as_ref()).map(|(view, claims)| Side { view, claims }),
        asked,
        claim,
    }))
}

/// The provider's token a token of the gateway was made from; for a pasted one the newest of the same subject.
fn made_from(ground: &Ground, view: &TokenView, profile: &Profile) -> Option<Held> {
    let now_s = ground.world.now_s();
    let find = |id: &str| tokens::held(ground, id).ok().map(|held| held.view(now_s));
    let line = ancestors(view, &find).into_iter().find(|one| !of_gateway(one, profile));
    let same = || {
        let fits = |one: &TokenView| {
            one.kind == TokenKind::Access
                && one.subject.is_some()
                && one.subject == view.subject
                && one.issuer.as_ref() == Some(&profile.provider.issuer)
        };
        ground.shelf.views(now_s).into_iter().rfind(fits)
    };
    tokens::held(ground, &line.or_else(same)?.id).ok()
}

/// The newest token of the gateway that was made from a token.
fn made_of(ground: &Ground, view: &TokenView, profile: &Profile) -> Option<Held> {
    let now_s = ground.world.now_s();
    let find = |id: &str| tokens::held(ground, id).ok().map(|held| held.view(now_s));
    let from = |one: &TokenView| {
        one.kind == TokenKind::Access
            && of_gateway(one, profile)
            && ancestors(one, &find).iter().any(|ancestor| ancestor.id == view.id)
    };
    let made = ground.shelf.views(now_s).into_iter().rfind(from)?;
    tokens::held(ground, &made.id).ok()
}

fn of_gateway(view: &TokenView, profile: &Profile) -> bool {
    let issuer = profile.gateway.as_ref().map(|gateway| &gateway.issuer).filter(|issuer| !issuer.is_empty());
    issuer.is_some() && view.issuer.as_ref() == issuer
}
