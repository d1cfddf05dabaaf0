//! What the user says to the questions of the gate, and what becomes of them when a secret changes.

use std::sync::PoisonError;

use oauth::profile::{Client, Profile};
use token::secret::Secret;

use super::{
    loads,
    questions::{Consent, Question},
};
use crate::{
    ground::Ground,
    secrets::{Approval, BoundSecret, Crossing, Owner, SecretFault, Sort},
};

/// The crossings the user has not said anything to yet, the oldest first.
pub(crate) fn questions(ground: &Ground) -> Vec<Question> {
    let open = ground.gate.open.lock().unwrap_or_else(PoisonError::into_inner);
    open.iter().map(|(id, crossing)| Question { id: *id, crossing: crossing.clone() }).collect()
}

/// Takes the user's answer. False when the question is no longer open.
pub(crate) async fn answer_question(ground: &Ground, id: u64, consent: Consent) -> Result<bool, SecretFault> {
    let crossing = {
        let mut open = ground.gate.open.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(index) = open.iter().position(|(known, _)| *known == id) else { return Ok(false) };
        open.remove(index).1
    };
    match consent {
        Consent::No => {}
        Consent::Once => {
            ground.gate.once.lock().unwrap_or_else(PoisonError::into_inner).insert(crossing, ground.world.now_ms());
        }
        Consent::Always if crossing.load.is_some() => {
            let Crossing { owner, issuer, origin, .. } = crossing;
            loads::allow(ground, &owner.profile, owner.server, Approval { issuer, origin }).await?;
        }
        Consent::Always => {
            // Read anew: another secret saved meanwhile is not what the user was asked about.
            let Some(mut secret) = ground.vault.secret(&crossing.owner).await? else { return Ok(false) };
            if secret.issuer() != crossing.bound.as_deref() || secret.sort() != crossing.sort {
                return Ok(false);
            }
            secret.approve(&crossing);
            ground.vault.keep(&crossing.owner, secret).await?;
        }
    }
    Ok(true)
}

/// Keeps what the user entered for a client of a profile, bound to the server the profile names for it now.
pub(crate) async fn keep_secret(ground: &Ground, profile: &Profile, client: &Client, text: Secret) -> Result<(), SecretFault> {
    let bound = BoundSecret::entered(text, Sort::of(client), profile, client.server);
    keep_bound(ground, &Owner::of(profile, client), bound).await
}

/// Keeps a secret with what is known of it. What was asked and allowed once was meant for the one that was there.
pub(crate) async fn keep_bound(ground: &Ground, owner: &Owner, secret: BoundSecret) -> Result<(), SecretFault> {
    ground.vault.keep(owner, secret).await?;
    ground.gate.forget(owner);
    Ok(())
}

/// Forgets the secret of a client, wherever it is held.
pub(crate) async fn forget_secret(ground: &Ground, owner: &Owner) -> Result<(), SecretFault> {
    ground.vault.forget(owner).await?;
    ground.gate.forget(owner);
    Ok(())
}

/// Forgets secrets that were read, so that a change in the store is seen.
pub(crate) fn forget_secrets(ground: &Ground) {
    ground.vault.read_anew();
    ground.gate.read_anew();
}
