//! Depth, size and growth: nothing a server or a paste holds may kill, hang or flood the process.

use crate::row::Attack;

/// The rows of this kind.
pub fn rows() -> Vec<Attack> {
    Vec::new()
}
