//! Where reading the events of each profile stands, and who reads.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use oauth::profile::{Client, Profile};
use record::join::ReadingLogin;
use token::secret::Secret;

/// How many of its own logins Claimscope remembers: a service account's token often lives a minute, so about eight hours.
const KEPT_LOGINS: usize = 500;

/// Of all profiles. Nobody holds a lock of it while a server is asked, but for the turn, which is a profile's own.
#[derive(Default)]
pub(crate) struct Readers {
    of: Mutex<HashMap<String, Reader>>,
    /// Steps of a profile are read again one after the other, so that what one reading asks is not taken for another's.
    turns: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// Tokens that were asked for to read with, the newest last, with the profile they are for.
    logins: Mutex<VecDeque<(String, ReadingLogin)>>,
}

impl Readers {
    /// A copy of where reading a profile's events stands, to ask a server with.
    pub(crate) fn of(&self, profile: &str) -> Reader {
        self.of.lock().unwrap_or_else(PoisonError::into_inner).entry(profile.to_owned()).or_default().clone()
    }

    /// Changes where reading a profile's events stands.
    pub(super) fn change(&self, profile: &str, change: impl FnOnce(&mut Reader)) {
        change(self.of.lock().unwrap_or_else(PoisonError::into_inner).entry(profile.to_owned()).or_default());
    }

    /// Takes over what a reading learned. What was forgotten meanwhile stays forgotten, and so does a token that was not got anew.
    pub(crate) fn keep(&self, profile: &str, before: &Reader, after: &Reader) {
        if let Some(kept) = self.of.lock().unwrap_or_else(PoisonError::into_inner).get_mut(profile) {
            kept.take_over(before, after);
        }
    }

    /// Forgets where reading stands, of servers that were started anew.
    pub(crate) fn forget(&self) {
        self.of.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The turn of a profile's readings.
    pub(super) fn turn(&self, profile: &str) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(self.turns.lock().unwrap_or_else(PoisonError::into_inner).entry(profile.to_owned()).or_default())
    }

    /// Remembers a question the server makes an event of.
    pub(super) fn note(&self, profile: &str, login: ReadingLogin) {
        let mut logins = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        if logins.len() >= KEPT_LOGINS {
            logins.pop_front();
        }
        logins.push_back((profile.to_owned(), login));
    }

    /// The tokens that were asked for to read a profile's admin API with, as far back as events are still joined.
    pub(super) fn logins(&self, profile: &str) -> Vec<ReadingLogin> {
        let logins = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        logins.iter().filter(|(of, _)| of == profile).map(|(_, login)| login.clone()).collect()
    }
}

/// Where reading one profile's admin API stands.
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
