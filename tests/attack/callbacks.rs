//! The loopback listener of a log in, attacked by pages, by other processes and by floods of connections.

use crate::row::Attack;

/// The rows of this kind.
pub fn rows() -> Vec<Attack> {
    Vec::new()
}
