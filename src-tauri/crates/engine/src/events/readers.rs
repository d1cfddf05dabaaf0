//! Where reading the events of each profile stands, and who reads.

use oauth::profile::{Client, Profile};
use token::secret::Secret;

/// Where reading a profile's admin API stands.
#[derive(Clone, Default)]
pub(crate) struct Reader {
    /// Token of the service account, if one is at hand.
    pub(super) token: Option<Served>,
    /// From when on new events are asked for, epoch milliseconds; 0 = not read yet.
    pub(super) from_ms: i64,
    /// Token on the shelf the user chose instead of the service account.
    pub(super) chosen: Option<String>,
}

/// A token of the service account.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Served {
    pub(super) token: Secret,
    /// Until when it is used, epoch milliseconds.
    pub(super) until_ms: i64,
    /// For which addresses of the profile it was got: it is sent to no others.
    pub(super) of: [String; 4],
}

impl Reader {
    /// Takes over what a reading learned that began with `before` and ended with `after`.
    pub(crate) fn take_over(&mut self, before: &Self, after: &Self) {
        if before.token != after.token {
            self.token.clone_from(&after.token);
        }
        self.from_ms = self.from_ms.max(after.from_ms);
    }
}

/// What a token for reading depends on: a profile that names other servers since needs another.
pub(super) fn servers(profile: &Profile, client: &Client) -> [String; 4] {
    let provider = &profile.provider;
    [provider.issuer.clone(), provider.endpoints.token.clone(), provider.events.clone(), client.client_id.clone()]
}
