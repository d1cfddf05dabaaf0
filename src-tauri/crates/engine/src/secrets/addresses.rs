//! Which addresses beside the one that names a server a user lets a profile use, for whatever its steps carry.
//!
//! They lie in the secret store and not in the profile, so that no imported file can bring them and no copy has them. Servers of ours
//! are allowed at all their addresses for as long as they run.

use std::sync::PoisonError;

use oauth::{
    binding,
    profile::{Profile, ServerRole},
};
use serde::{Deserialize, Serialize};
use token::secret::Secret;

use super::{Approval, SecretFault, Secrets, bound::envelope};

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
fn name(profile: &str, server: ServerRole) -> String {
    let server = match server {
        ServerRole::Provider => "provider",
        ServerRole::Gateway => "gateway",
    };
    format!("{profile}\u{1f}addresses\u{1f}{server}")
}

impl Secrets {
    /// What the user, or the server itself, allowed for a server of a profile. What cannot be read was not allowed.
    pub(crate) async fn approvals(&self, profile: &str, server: ServerRole) -> Result<Vec<Approval>, SecretFault> {
        let stored = self.stored(name(profile, server)).await?;
        let kept = stored.as_ref().and_then(envelope).filter(|(version, _)| *version == Some(1));
        let kept = kept.and_then(|(_, value)| serde_json::from_value::<Sheet>(value).ok());
        Ok(kept.map(|sheet| sheet.approved).unwrap_or_default())
    }

    /// What servers of ours are allowed.
    pub(crate) fn approvals_of_ours(&self, profile: &str, server: ServerRole) -> Vec<Approval> {
        let ours = self.ours.lock().unwrap_or_else(PoisonError::into_inner);
        ours.get(&(profile.to_owned(), server)).cloned().unwrap_or_default()
    }

    /// Keeps what is allowed from now on, in place of what was.
    pub(crate) async fn keep_approvals(
        &self,
        profile: &str,
        server: ServerRole,
        approved: &[Approval],
    ) -> Result<(), SecretFault> {
        let approved: Vec<Approval> = approved.iter().rev().take(MOST).rev().cloned().collect();
        if approved.is_empty() {
            return self.remove(name(profile, server)).await;
        }
        let text = serde_json::to_string(&Sheet { claimscope_secret: 1, approved }).unwrap_or_default();
        self.put(name(profile, server), Secret::new(text)).await
    }

    /// Lets a profile of servers of ours use all its addresses, until [`Secrets::uncover`].
    pub(super) fn open_to_ours(&self, profile: &Profile) {
        let mut ours = self.ours.lock().unwrap_or_else(PoisonError::into_inner);
        for server in [ServerRole::Provider, ServerRole::Gateway] {
            ours.insert((profile.id.clone(), server), all_of(profile, server));
        }
    }
}
