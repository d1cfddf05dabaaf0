//! How far each source of a log is read, and whether it is followed.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use record::logs::Reader;

/// Bytes before the place a file is read to, by which it is known again.
const TAIL: usize = 256;

/// How far a source is read.
#[derive(Default)]
pub(super) struct SourcePosition {
    pub(super) reader: Reader,
    /// Bytes read.
    pub(super) offset: u64,
    /// The last of them.
    pub(super) tail: Vec<u8>,
    /// Whether nothing more comes of it: the server writes to another file.
    pub(super) ended: bool,
}

impl SourcePosition {
    pub(super) fn took(&mut self, bytes: &[u8]) {
        self.offset += bytes.len() as u64;
        self.tail.extend_from_slice(&bytes[bytes.len().saturating_sub(TAIL)..]);
        let over = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..over);
    }
}

/// Whether and by whom a log is followed.
#[derive(Default)]
pub(super) struct Following {
    pub(super) on: AtomicBool,
    /// Counts up with every beginning, so that whoever polls for an earlier one stops.
    pub(super) ticket: AtomicU64,
}

impl Following {
    pub(super) fn end(&self) {
        self.on.store(false, Ordering::Relaxed);
    }
}
