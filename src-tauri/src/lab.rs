//! The lab as the window's commands know it: its profile, and what its gateway is told of another provider.

use lab::{OwnProvider, Way};
pub use lab_profile::{ID, follow, join, of_lab, profile, secrets};
use oauth::profile::Profile;
use token::secret::Secret;
use wire::{LabJoin, LabWay};

/// What the lab's gateway has to know to stand before the provider of a profile.
pub fn trusted(own: &Profile, how: &LabJoin, secret: &Secret) -> OwnProvider {
    OwnProvider {
        issuer: own.provider.issuer.clone(),
        jwks: own.provider.endpoints.jwks.clone(),
        token_endpoint: own.provider.endpoints.token.clone(),
        ca_pem: lab_profile::without_lab_authority(&own.tls.ca_pem),
        client_id: how.client.clone(),
        client_secret: secret.expose().to_owned(),
        way: match how.way {
            LabWay::UserToken => Way::UserToken,
            LabWay::OwnToken => Way::OwnToken,
        },
        portal_role: how.role.trim().to_owned(),
    }
}
