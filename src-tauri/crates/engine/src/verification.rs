//! Whether the signature of a token holds: by the keys of its issuer, or by a key the user gives.

use futures_util::future::join_all;
use oauth::{
    belongs,
    profile::{Profile, ServerRole},
};
use token::{
    decode::Decoded,
    decrypt,
    inspect::{Inspection, TokenFormat, TokenKind, Verification, kind_of},
    secret::Secret,
    shown::shown,
    verify::{self, Doubt, KeySet},
};

use crate::{
    fault::{TokenFault, evidence_only},
    ground::Ground,
    http::Recorded,
    lasting,
    shelf::Held,
    tokens,
};

/// Verifies each token with the keys of its issuer, by the first profile that knows that issuer; what none of them knows is
/// said by the first. A pasted token that names the issuer of exactly one profile is that profile's from then on.
/// It can be stopped as [`lasting::VERIFICATION`]; false when it was.
pub(crate) async fn verify_with_profiles(ground: &Ground, ids: &[String], profiles: &[Profile]) -> bool {
    lasting::until_cancelled(ground, lasting::VERIFICATION, verify_each(ground, ids, profiles)).await.is_some()
}

/// All at the same time: a provider that is slow to give its keys keeps no other's tokens waiting.
async fn verify_each(ground: &Ground, ids: &[String], profiles: &[Profile]) {
    let asking = ids.iter().filter_map(|id| {
        let mut held = ground.shelf.find(id)?;
        if let Some(from) = held.issuer().and_then(|issuer| belongs::provenance_of_issuer(&issuer, profiles)) {
            held.set_provenance(from);
            tokens::keep(ground, held.clone());
        }
        let knows = profiles.iter().find(|profile| issuer_role(&held, profile).is_some());
        let profile = knows.or(profiles.first())?;
        Some(verify_with_profile(ground, std::slice::from_ref(id), profile))
    });
    join_all(asking).await;
}

/// Verifies tokens that name an issuer of this profile with that issuer's keys.
pub(crate) async fn verify_with_profile(ground: &Ground, ids: &[String], profile: &Profile) {
    for id in ids {
        let Some(mut held) = ground.shelf.find(id) else { continue };
        let _ = verify(ground, &mut held, profile).await;
        tokens::keep(ground, held);
    }
}

/// Checks the signature with the keys of the issuer the token names, if the profile knows it. Gives the key request that was needed.
pub(crate) async fn verify(ground: &Ground, held: &mut Held, profile: &Profile) -> Option<Recorded> {
    let decoded = held.decoded()?;
    // What a server signs for itself alone has no published key; where it has one, it is checked like any other token.
    let for_itself = held.kind() == TokenKind::Refresh && (decoded.asks_for_secret() || issuer_role(held, profile).is_none());
    if for_itself || decoded.header.is_none() {
        held.set_verification(verify::verify(&decoded, None));
        return None;
    }
    let Some(url) = keys_address(held, profile) else {
        let named = held.issuer().unwrap_or_default();
        let reason = if decoded.is_dpop_proof() {
            "A DPoP proof is signed with the key in its own header; the findings say whether that signature fits.".into()
        } else if named.is_empty() {
            "The token names no issuer, so it is not known whose keys would verify it.".into()
        } else {
            format!("{} is not an issuer of this profile, so its keys are not known. Verify it with a key.", shown(&named))
        };
        without_keys(held, &decoded, reason);
        return None;
    };
    if url.is_empty() {
        let reason = "The profile has no key address (jwks_uri) for this issuer. Run Discover, or verify it with a key.";
        without_keys(held, &decoded, reason.into());
        return None;
    }
    let kid = held.header().and_then(|header| header.get("kid")).and_then(|kid| kid.as_str()).map(str::to_owned);
    let reading =
        ground.keys.read(&ground.http, &url, &profile.tls, kid.as_deref(), ground.bounds.metadata, ground.world.now_ms()).await;
    match &reading.keys {
        Ok(keys) => {
            held.set_answer(&decoded, verify::verify_each(&decoded, Some(keys)));
            held.set_remarks("key-", keys.remarks().to_vec());
        }
        Err(fault) => without_keys(held, &decoded, format!("{} {}", fault.message, fault.advice)),
    }
    reading.recorded
}

/// Verifies one token with a key the user pasted (JWKS, JWK or PEM); `content` is the payload of a token that carries
/// none. An encrypted token is decrypted instead. Gives the ids of tokens that came up inside it.
pub(crate) fn verify_with_key(
    ground: &Ground,
    id: &str,
    key: &str,
    content: Option<&str>,
) -> Result<(Inspection, Vec<String>), TokenFault> {
    let mut held = tokens::held(ground, id)?;
    let mut decoded = held.decoded().ok_or_else(evidence_only)?;
    if decoded.format == TokenFormat::Jwe {
        return decrypt(ground, held, &decoded, key);
    }
    if let Some(content) = content.filter(|content| !content.is_empty()) {
        decoded = decoded.with_content(content);
        held.set_content(&decoded);
    }
    let mut keys = KeySet::for_token(&decoded, key, "pasted key").map_err(|message| TokenFault {
        id: "bad-key",
        message,
        advice: "Paste a JWK Set, one JWK, a PEM public key or certificate; for HS algorithms the shared secret.".into(),
    })?;
    for published in ground.keys.published() {
        keys.unlike(&published);
    }
    held.set_answer(&decoded, verify::verify_each(&decoded, Some(&keys)));
    held.set_remarks("key-", keys.remarks().to_vec());
    let inspection = tokens::inspection(ground, &held);
    tokens::keep(ground, held);
    Ok((inspection, Vec::new()))
}

/// Opens an encrypted token with a key the user pasted; a token inside it goes on the shelf under it.
fn decrypt(ground: &Ground, mut held: Held, decoded: &Decoded, key: &str) -> Result<(Inspection, Vec<String>), TokenFault> {
    let fault = |message| TokenFault {
        id: "bad-key",
        message,
        advice: "Paste the private key (JWK, JWK Set or PEM), the shared secret, or the password it was encrypted for.".into(),
    };
    let keys = decrypt::Keys::from_text(key, "pasted key").map_err(fault)?;
    let opened = match decrypt::decrypt(decoded, &keys) {
        Ok(opened) => opened,
        Err(closed) => {
            if let Some(finding) = closed.finding {
                held.add_finding(*finding);
                tokens::keep(ground, held);
            }
            return Err(fault(closed.reason));
        }
    };
    held.set_opened(&opened);
    let mut added = Vec::new();
    if let Some(nested) = opened.nested.clone().map(Secret::new)
        && ground.shelf.find_text(&nested).is_none()
    {
        let inner = &opened.decoded.claims;
        let origin = held.origin_of_nested(tokens::new_token_id(ground), kind_of(None, inner.as_ref()));
        let inside = Held::live(nested, origin);
        added.push(inside.id().to_owned());
        tokens::keep(ground, inside);
    }
    let inspection = tokens::inspection(ground, &held);
    tokens::keep(ground, held);
    Ok((inspection, added))
}

/// What can be said of a signature without keys: why there are none, unless the token says by itself why it is refused.
fn without_keys(held: &mut Held, decoded: &Decoded, reason: String) {
    let answer = verify::verify_each(decoded, None);
    match answer.doubt {
        Some(Doubt::NoKey | Doubt::Unreadable | Doubt::Algorithm) => held.set_verification(Verification::Unverifiable { reason }),
        _ => held.set_answer(decoded, answer),
    }
}

/// Which server of the profile issued a token, by the issuer it names.
fn issuer_role(held: &Held, profile: &Profile) -> Option<ServerRole> {
    let issuer = held.issuer()?;
    if issuer == profile.provider.issuer {
        return Some(ServerRole::Provider);
    }
    profile.gateway.as_ref().filter(|gateway| gateway.issuer == issuer).map(|_| ServerRole::Gateway)
}

/// Where the keys are that would verify a token: those of its issuer, if that is a server of the profile or another realm beside
/// it. Empty where the profile does not know them.
fn keys_address(held: &Held, profile: &Profile) -> Option<String> {
    Some(match issuer_role(held, profile) {
        Some(ServerRole::Provider) => profile.provider.endpoints.jwks.clone(),
        Some(ServerRole::Gateway) => {
            profile.gateway.as_ref().map_or(&profile.provider.endpoints.jwks, |gateway| &gateway.endpoints.jwks).clone()
        }
        None => oauth::server::keys_of_sibling(&held.issuer()?, &profile.provider)?,
    })
}
