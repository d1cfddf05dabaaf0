//! What the provider remembers between requests: sessions, codes, pending logins and revocations.
//!
//! Access tokens are not in here. As at the real server they are looked at by their own content, and they end with the
//! user session or client session they name.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::events::Events;
use super::realm::Realm;
use crate::random;

/// A single sign-on session of one user.
pub(crate) struct Session {
    pub id: String,
    /// The person's id.
    pub user: &'static str,
    pub started: i64,
    pub last_used: i64,
    /// When the user typed a password in a browser; none for the password grant.
    pub auth_time: Option<i64>,
    /// The value of the browser's cookie, for a session a browser began.
    pub cookie: Option<String>,
    pub clients: HashMap<&'static str, ClientSession>,
    /// The partner's token this session was made from.
    pub broker_token: Option<String>,
}

impl Session {
    /// A session that begins now, with one client in it.
    pub fn begun(user: &'static str, client: &'static str, now: i64) -> Self {
        Session {
            id: random::token(18),
            user,
            started: now,
            last_used: now,
            auth_time: None,
            cookie: None,
            clients: [(client, ClientSession::default())].into(),
            broker_token: None,
        }
    }
}

/// What a client holds within a session.
#[derive(Default)]
pub(crate) struct ClientSession {
    /// Entered by cookie, without a password: `acr` is then "0".
    pub by_cookie: bool,
    /// Refresh tokens already used, by id, newest last.
    pub used_refresh: Vec<String>,
    /// The (azp, jti) of the subject tokens this client session was made from by exchange.
    pub exchanged_from: Vec<(String, String)>,
}

/// An authorization request that passed its checks (OpenID Connect Core section 3.1.2.1).
#[derive(Clone)]
pub(crate) struct AuthRequest {
    pub client: &'static str,
    pub redirect_uri: String,
    pub scope: String,
    pub state: Option<String>,
    pub nonce: Option<String>,
    /// Method and challenge (RFC 7636 section 4.3).
    pub pkce: Option<(String, String)>,
    pub fragment: bool,
    pub login_hint: Option<String>,
}

/// An authorization code and everything it is bound to (RFC 6749 section 4.1.2).
pub(crate) struct Code {
    pub request: AuthRequest,
    pub session: String,
    pub expires: i64,
    pub used: bool,
}

/// A login page that was shown and not answered yet.
pub(crate) struct Pending {
    pub request: AuthRequest,
    pub expires: i64,
}

/// How long sessions live, in seconds.
#[derive(Clone, Copy)]
pub(crate) struct Lifespans {
    pub access_token: i64,
    pub sso_idle: i64,
    pub sso_max: i64,
    pub code: i64,
}

/// All of it, behind one lock.
pub(crate) struct Store {
    pub sessions: HashMap<String, Session>,
    pub codes: HashMap<String, Code>,
    pub pending: HashMap<String, Pending>,
    pub disabled: HashSet<&'static str>,
    pub events: Events,
    /// What was changed at the users from outside, newest first, in the shape of Keycloak's admin events.
    pub admin_events: Vec<Value>,
    pub lifespans: Lifespans,
    /// Revoked access tokens by id, with the time the entry may be forgotten.
    revoked: HashMap<String, i64>,
    /// Assertions that were used, by issuer and id, with the time they end.
    spent: HashMap<(String, String), i64>,
}

impl Store {
    pub fn new(realm: &Realm, lifespans: Lifespans) -> Self {
        Store {
            sessions: HashMap::new(),
            codes: HashMap::new(),
            pending: HashMap::new(),
            disabled: realm.people.iter().filter(|person| person.disabled_at_start).map(|person| person.id).collect(),
            events: Events::default(),
            admin_events: Vec::new(),
            lifespans,
            revoked: HashMap::new(),
            spent: HashMap::new(),
        }
    }

    /// The session, if it is neither idle nor at its end.
    pub fn live(&self, id: &str, now: i64) -> Option<&Session> {
        self.sessions.get(id).filter(|session| self.ends(session) > now)
    }

    /// The second the session ends when nothing more happens.
    pub fn ends(&self, session: &Session) -> i64 {
        (session.last_used + self.lifespans.sso_idle).min(session.started + self.lifespans.sso_max)
    }

    /// The live session behind a browser cookie.
    pub fn by_cookie(&self, cookie: &str, now: i64) -> Option<&Session> {
        let session = self.sessions.values().find(|session| session.cookie.as_deref() == Some(cookie))?;
        self.live(&session.id, now)
    }

    pub fn revoke(&mut self, token_id: &str, until: i64) {
        self.revoked.insert(token_id.to_owned(), until);
    }

    /// Takes note of an assertion; false when it was used before.
    pub fn spend(&mut self, issuer: &str, token_id: &str, until: i64) -> bool {
        self.spent.insert((issuer.to_owned(), token_id.to_owned()), until).is_none()
    }

    pub fn is_revoked(&self, token_id: &str) -> bool {
        self.revoked.contains_key(token_id)
    }

    /// Takes a client out of a session and with it every client session that was made from its tokens by exchange,
    /// all the way down. Gives the clients that were removed beyond the first.
    pub fn detach(&mut self, session: &str, client: &str) -> Vec<String> {
        let Some(session) = self.sessions.get_mut(session) else {
            return Vec::new();
        };
        let mut gone = vec![client.to_owned()];
        let mut at = 0;
        while at < gone.len() {
            let parent = gone[at].clone();
            session.clients.remove(parent.as_str());
            let children = session.clients.iter().filter(|(_, held)| held.exchanged_from.iter().any(|(azp, _)| *azp == parent));
            gone.extend(children.map(|(id, _)| (*id).to_owned()).collect::<Vec<_>>());
            at += 1;
        }
        gone.split_off(1)
    }

    /// Removes the client sessions that an exchange made from this very access token.
    pub fn detach_exchanged(&mut self, session: &str, token_id: &str) -> Vec<String> {
        let Some(held) = self.sessions.get(session) else {
            return Vec::new();
        };
        let made_from =
            |(_, client): &(&&'static str, &ClientSession)| client.exchanged_from.iter().any(|(_, jti)| jti == token_id);
        let mut clients: Vec<String> = held.clients.iter().filter(made_from).map(|(id, _)| (*id).to_owned()).collect();
        for client in clients.clone() {
            clients.extend(self.detach(session, &client));
        }
        clients
    }

    /// Forgets what can not matter any more, so that a lab left running does not grow.
    pub fn sweep(&mut self, now: i64) {
        // A used code is kept as long as its session: using it again must still be recognised.
        let Lifespans { sso_idle, sso_max, .. } = self.lifespans;
        self.sessions.retain(|_, session| (session.last_used + sso_idle).min(session.started + sso_max) > now);
        let sessions = &self.sessions;
        self.codes.retain(|_, code| sessions.contains_key(&code.session));
        self.pending.retain(|_, pending| pending.expires > now);
        self.revoked.retain(|_, until| *until > now);
        self.spent.retain(|_, until| *until > now);
    }
}
