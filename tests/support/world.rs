//! Clock and randomness a test can foresee.

use std::{
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use engine::world::{Clock, Random};

/// The moment every test at the lab begins at, epoch milliseconds.
pub const BEGIN_MS: i64 = 1_795_000_000_000;

/// A clock that begins at a moment of its own, goes at the usual speed and can be set ahead or back.
pub struct TestClock {
    begin_ms: i64,
    began: Instant,
    offset_ms: AtomicI64,
}

impl TestClock {
    /// Begins at [`BEGIN_MS`].
    pub fn new() -> Self {
        Self { begin_ms: BEGIN_MS, began: Instant::now(), offset_ms: AtomicI64::new(0) }
    }

    /// Begins now: for a server that goes by the machine's own clock.
    pub fn real() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970");
        Self { begin_ms: i64::try_from(since.as_millis()).expect("it is not that late"), ..Self::new() }
    }

    /// Sets how far it is ahead; not cumulative.
    pub fn set_ahead(&self, seconds: i64) {
        self.offset_ms.store(seconds * 1000, Ordering::SeqCst);
    }

    /// The time without what was set ahead: what a server's right clock says.
    pub fn right_ms(&self) -> i64 {
        self.begin_ms + i64::try_from(self.began.elapsed().as_millis()).expect("a test ends before that")
    }
}

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.right_ms() + self.offset_ms.load(Ordering::SeqCst)
    }
}

/// The same bytes in every run, and never the same ones twice within it (splitmix64).
pub struct TestRandom(AtomicU64);

impl TestRandom {
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Random for TestRandom {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst).wrapping_add(0x9E37_79B9_7F4A_7C15);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}
