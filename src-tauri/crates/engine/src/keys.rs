//! Signing keys of issuers: read once, kept for a while, read again when a token names a key that is not there.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use oauth::profile::Tls;
use token::verify::KeySet;

use crate::http::{Http, Limits, NetFault, Recorded};

/// How long keys are used without asking again, milliseconds.
const KEEP_MS: i64 = 5 * 60 * 1000;
/// Shortest time between two readings because of an unknown `kid`, milliseconds (a token must not be able to make us hammer a server).
/// One is let through before: a key may be seconds old.
const PAUSE_MS: i64 = 10_000;

/// What is known of one address.
#[derive(Clone)]
struct KeysAt {
    keys: KeySet,
    read_ms: i64,
    /// When it was last asked, whatever came of it.
    asked_ms: i64,
    /// Whether it was asked anew before the pause was over, so that it is not once more.
    hurried: bool,
}

/// Keys by JWKS address.
#[derive(Default)]
pub struct Keys {
    known: Mutex<HashMap<String, KeysAt>>,
    /// One reading of an address at a time: the second one finds what the first brought.
    reading: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Failed>>>>,
}

/// When the last reading of an address failed, and why.
type Failed = Option<(Instant, NetFault)>;

/// What asking for keys gave.
pub struct KeyReading {
    /// The keys, or why there are none.
    pub keys: Result<KeySet, NetFault>,
    /// The HTTP exchange, when one was needed.
    pub recorded: Option<Recorded>,
}

impl Keys {
    /// The keys at an address, fresh enough, and read again once when `kid` is not among them.
    pub async fn read(&self, http: &Http, url: &str, tls: &Tls, kid: Option<&str>, limits: Limits, now_ms: i64) -> KeyReading {
        let came = Instant::now();
        let turn = Arc::clone(self.reading.lock().unwrap_or_else(PoisonError::into_inner).entry(url.to_owned()).or_default());
        let mut turn = turn.lock().await;
        // Whoever waited for a reading that failed does not wait for the next one to fail as well.
        if let Some((_, fault)) = turn.as_ref().filter(|(ended, _)| *ended >= came) {
            return KeyReading { keys: Err(fault.clone()), recorded: None };
        }
        let kept = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(url).cloned();
        let mut hurried = false;
        if let Some(KeysAt { keys, read_ms, asked_ms, hurried: before }) = kept {
            let knows = kid.is_none_or(|kid| keys.has_kid(kid));
            let fresh = (0..KEEP_MS).contains(&(now_ms - read_ms));
            let paused = (0..PAUSE_MS).contains(&(now_ms - asked_ms));
            if fresh && (knows || (paused && before)) {
                return KeyReading { keys: Ok(keys), recorded: None };
            }
            hurried = fresh && paused;
        }
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get_mut(url) {
            known.asked_ms = now_ms;
            known.hurried = hurried;
        }
        let request = match http::Request::get(url).header(http::header::ACCEPT, "application/json").body(Vec::new()) {
            Ok(request) => request,
            Err(error) => {
                let fault = NetFault {
                    id: "bad-jwks-address",
                    message: format!("The key address {url} is not usable: {error}."),
                    advice: "Correct jwks_uri in the profile, or run Discover again.".into(),
                };
                return KeyReading { keys: Err(fault), recorded: None };
            }
        };
        let recorded = http.send(request, tls, limits).await;
        let keys = match &recorded.result {
            Err(fault) => Err(fault.clone()),
            Ok(answer) if answer.status != 200 => Err(NetFault {
                id: "jwks-status",
                message: format!("The issuer's keys could not be read: {url} answered {}.", answer.status),
                advice: "Check jwks_uri in the profile.".into(),
            }),
            Ok(answer) => answer.readable().and_then(|()| {
                let text = String::from_utf8_lossy(&answer.body);
                KeySet::from_jwks(&text, url, recorded.started_ms).map_err(|message| NetFault {
                    id: "jwks-unreadable",
                    message,
                    advice: "The address must serve a JWK Set (RFC 7517 5).".into(),
                })
            }),
        };
        *turn = keys.as_ref().err().map(|fault| (Instant::now(), fault.clone()));
        if let Ok(keys) = &keys {
            let known = KeysAt { keys: keys.clone(), read_ms: now_ms, asked_ms: now_ms, hurried };
            self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(url.to_owned(), known);
        }
        KeyReading { keys, recorded: Some(recorded) }
    }

    /// Every set of keys that was read: what is published is nobody's secret.
    pub fn published(&self) -> Vec<KeySet> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).values().map(|known| known.keys.clone()).collect()
    }

    /// Forgets everything (the lab was started anew, a profile changed).
    pub fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
