//! Characters that reverse, hide or imitate: what a token or a server says never stands where the window speaks.

use crate::row::Attack;

/// The rows of this kind.
pub fn rows() -> Vec<Attack> {
    Vec::new()
}
