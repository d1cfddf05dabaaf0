//! Depth, size and growth: nothing a server or a paste holds may kill, hang or flood the process.
//!
//! Texts that are only read are read in a process of their own, each on a thread with the stack of a worker: what overflows it
//! ends that process and is one failed row. What servers answer is asked for by a whole workbench.

mod answers;
mod contents;
mod desk;
mod lasting;
mod readers;

use crate::row::Attack;

/// The rows of this kind.
pub fn rows() -> Vec<Attack> {
    if readers::is_child() {
        return vec![Attack::new("texts in a process of their own", async { readers::in_child() })];
    }
    readers::read(&std::env::var("ATTACK_ONLY").unwrap_or_default());
    let mut rows = readers::rows();
    rows.extend(answers::rows());
    rows.extend(lasting::rows());
    rows
}
