//! The open file, which belongs to one thread.

use std::collections::BTreeMap;

use record::audit::{Bin, ChipCount};
use rusqlite::Connection;

/// The open file. It belongs to one thread.
pub(crate) struct Rows {
    pub(super) connection: Connection,
    /// How often it changed.
    pub(super) version: u64,
    pub(super) counts: CountCache,
}

impl Rows {
    pub(crate) fn changed(&mut self) {
        self.version += 1;
    }
}

/// Counts of one filter at one version of the journal.
#[derive(Default)]
pub(super) struct CountCache {
    pub(super) version: u64,
    pub(super) kept: BTreeMap<String, Counts>,
}

#[derive(Clone)]
pub(super) struct Counts {
    pub(super) matching: u32,
    pub(super) total: u32,
    pub(super) chips: Vec<ChipCount>,
    pub(super) bins: Vec<Bin>,
    pub(super) bin_ms: i64,
}
