//! The three things the engine may not make up itself: the time, random bytes and a browser.
//!
//! They are passed in, so that every flow can be tested with a fixed clock, known randomness and a browser that
//! is a few lines of test code (invariant 7).

use std::{fmt, sync::Arc};

/// Wall clock.
pub trait Clock: Send + Sync {
    /// Now, epoch milliseconds.
    fn now_ms(&self) -> i64;
}

/// Source of unpredictable bytes.
pub trait Random: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// The user's own browser.
pub trait Browser: Send + Sync {
    /// Opens an address. The error is a sentence saying what failed.
    fn open(&self, address: &str) -> Result<(), String>;
}

/// All three.
#[derive(Clone)]
pub struct World {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Browser.
    pub browser: Arc<dyn Browser>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}

impl World {
    /// Now, epoch milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Now, epoch seconds.
    pub fn now_s(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    /// A fresh base64url text of `bytes` random bytes.
    pub fn token(&self, bytes: usize) -> String {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        let mut buffer = vec![0; bytes];
        self.random.fill(&mut buffer);
        URL_SAFE_NO_PAD.encode(buffer)
    }
}

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is passed in")]
    fn now_ms(&self) -> i64 {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The system's random number generator.
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(
        clippy::expect_used,
        reason = "without random numbers no state, nonce or verifier may be made; the crash is the answer"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system gives random numbers");
    }
}
