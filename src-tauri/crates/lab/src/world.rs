//! What every server of the lab shares: the clock, the fault in force, and the memory of what came in.
//!
//! A fake server is only worth having in a test when it remembers. The memory is bounded, because the same lab also
//! runs for hours behind the window, and it is the only place besides the token stores that holds request bodies.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::caches::Caches;
use crate::fault::Fault;

/// Milliseconds since the Unix epoch, whenever it is called. Passed in so that a test owns the time.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Requests kept before the oldest is forgotten.
const REMEMBERED: usize = 4096;

/// Which of the four servers a request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Server {
    /// The Keycloak-shaped provider.
    Provider,
    /// The WSO2-shaped gateway.
    Gateway,
    /// The backend behind `/orders`.
    OrdersApi,
    /// The backend behind `/catalog`.
    CatalogApi,
}

/// One request as it arrived, kept with its tokens and secrets: this is a test's evidence, not a log.
#[derive(Clone)]
pub struct Received {
    /// The server it came to.
    pub server: Server,
    /// The HTTP method.
    pub method: String,
    /// Path and query as sent.
    pub path: String,
    /// Header lines in the order they were read, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text; bytes that are no UTF-8 are replaced.
    pub body: String,
    /// The status of the answer, or none while there is no answer (and for good when the caller gave up).
    pub status: Option<u16>,
    /// When it arrived, in epoch milliseconds of the lab's clock.
    pub at_ms: i64,
    /// What the gateway answered; none for the other servers, whose answers may have no end.
    pub answer: Option<Answered>,
}

/// An answer as it left, kept for whoever holds it against a contract.
#[derive(Clone)]
pub struct Answered {
    /// `Content-Type`, empty when there was none.
    pub content_type: String,
    /// The body as text.
    pub body: String,
}

impl Received {
    /// The first value of a header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Prints no query, header or body: a failed assertion must not print a live token.
impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split('?').next().unwrap_or_default();
        f.debug_struct("Received")
            .field("server", &self.server)
            .field("method", &self.method)
            .field("path", &path)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The state shared by the servers of one lab.
pub(crate) struct World {
    clock: Clock,
    offset_s: AtomicI64,
    fault: Mutex<Fault>,
    caches: Mutex<Caches>,
    received: Mutex<Memory>,
    panics: Mutex<Vec<String>>,
}

#[derive(Default)]
struct Memory {
    forgotten: usize,
    requests: VecDeque<Received>,
}

impl World {
    pub fn new(clock: Clock, caches: Caches) -> Self {
        World {
            clock,
            offset_s: AtomicI64::new(0),
            fault: Mutex::new(Fault::None),
            caches: Mutex::new(caches),
            received: Mutex::default(),
            panics: Mutex::default(),
        }
    }

    pub fn now_ms(&self) -> i64 {
        (self.clock)() + self.offset_s.load(Ordering::Relaxed) * 1000
    }

    /// The unit of every time claim in a JWT (RFC 7519 section 2, NumericDate).
    pub fn now_s(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    pub fn set_offset(&self, seconds: i64) {
        self.offset_s.store(seconds, Ordering::Relaxed);
    }

    pub fn fault(&self) -> Fault {
        *lock(&self.fault)
    }

    pub fn set_fault(&self, fault: Fault) {
        *lock(&self.fault) = fault;
    }

    pub fn caches(&self) -> Caches {
        *lock(&self.caches)
    }

    pub fn set_caches(&self, caches: Caches) {
        *lock(&self.caches) = caches;
    }

    /// Remembers a request at arrival, so that one that never gets an answer is seen too. Gives its number.
    pub fn remember(&self, request: Received) -> usize {
        let mut memory = lock(&self.received);
        if memory.requests.len() == REMEMBERED {
            memory.requests.pop_front();
            memory.forgotten += 1;
        }
        memory.requests.push_back(request);
        memory.forgotten + memory.requests.len() - 1
    }

    pub fn answered(&self, number: usize, status: u16, answer: Option<Answered>) {
        let mut memory = lock(&self.received);
        let Some(index) = number.checked_sub(memory.forgotten) else {
            return;
        };
        if let Some(request) = memory.requests.get_mut(index) {
            request.status = Some(status);
            request.answer = answer;
        }
    }

    pub fn received(&self) -> Vec<Received> {
        lock(&self.received).requests.iter().cloned().collect()
    }

    pub fn panicked(&self, what: String) {
        lock(&self.panics).push(what);
    }

    pub fn panics(&self) -> Vec<String> {
        lock(&self.panics).clone()
    }
}

/// Takes a lock and goes on after a panic elsewhere: the panic itself is reported when the lab is dropped.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
