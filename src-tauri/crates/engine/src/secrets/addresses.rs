//! Which addresses beside the one that names a server a user lets a profile use, for whatever its steps carry.
//!
//! They lie in the secret store and not in the profile, so that no imported file can bring them and no copy has them. Servers of ours
//! are allowed at all their addresses for as long as they run.

use oauth::{
    binding,
    profile::{Profile, ServerRole},
};
use serde::{Deserialize, Serialize};
use token::secret::Secret;

use super::bound::{Approval, envelope};

/// Most addresses a server of a profile has; the oldest go.
const MOST: usize = 64;

#[derive(Serialize, Deserialize)]
struct Sheet {
    /// Also keeps it from being taken for a secret of an earlier version.
    claimscope_secret: u32,
    approved: Vec<Approval>,
}

/// Every address a profile has, allowed for one of its servers as it names it now.
pub(super) fn all_of(profile: &Profile, server: ServerRole) -> Vec<Approval> {
    let Some(issuer) = binding::anchor(profile, server) else { return Vec::new() };
    binding::origins(profile).into_iter().map(|origin| Approval { issuer: issuer.clone(), origin }).collect()
}

/// Name in the store; no client's secret has one of this shape.
pub(super) fn name(profile: &str, server: ServerRole) -> String {
    let server = match server {
        ServerRole::Provider => "provider",
        ServerRole::Gateway => "gateway",
    };
    format!("{profile}\u{1f}addresses\u{1f}{server}")
}

/// What an entry of the store allows. What cannot be read was not allowed.
pub(super) fn read(stored: Option<&Secret>) -> Vec<Approval> {
    let kept = stored.and_then(envelope).filter(|(version, _)| *version == Some(1));
    let kept = kept.and_then(|(_, value)| serde_json::from_value::<Sheet>(value).ok());
    kept.map(|sheet| sheet.approved).unwrap_or_default()
}

/// The entry of the store for what is allowed; none where nothing is.
pub(super) fn written(approved: &[Approval]) -> Option<Secret> {
    let approved: Vec<Approval> = approved.iter().rev().take(MOST).rev().cloned().collect();
    if approved.is_empty() {
        return None;
    }
    Some(Secret::new(serde_json::to_string(&Sheet { claimscope_secret: 1, approved }).unwrap_or_default()))
}
