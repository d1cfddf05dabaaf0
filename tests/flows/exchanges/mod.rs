//! Every exchange the window offers, run as the window runs it: from the form's own filling to the step in the journal, at
//! the lab.

mod clients;
mod from_gateway;
mod legacy;
mod logout;

use oauth::profile::{Profile, Support};
use record::operation::Operation;
use token::{inspect::TokenKind, secret::Secret};

use crate::support::{Desk, with};

/// Signs a user in by the password grant; gives the access token's id.
pub(super) async fn signed_in(desk: &Desk, client: &str, user: &str) -> String {
    let draft = with(
        desk.draft(Operation::Password, None),
        &[("client", client), ("username", user), ("password", user), ("scope", "openid")],
    );
    let step = desk.try_run(&draft).await.expect("a step");
    assert_eq!(step.status, Some(200), "{:?}", step.words);
    desk.made(&step, TokenKind::Access).id
}

/// Brings another realm to the desk, its metadata read and its secrets at hand.
pub(super) async fn beside(desk: &Desk, profile: Profile, secrets: Vec<(String, Secret)>) -> Profile {
    let found = desk.workbench.discover(&profile.provider.issuer, &profile).await.expect("the journal takes the step");
    let profile = Profile { provider: found.provider.expect("the realm's metadata hold"), ..profile };
    desk.workbench.secrets.overlay(&profile, secrets);
    profile
}

/// What the desk's profile knows of a capability: state and evidence.
pub(super) fn known(desk: &Desk, id: &str) -> (Support, String) {
    let found = desk.profile.provider.capabilities.iter().find(|known| known.id == id);
    found.map(|known| (known.support, known.source.clone())).unwrap_or_default()
}
