//! Tokens, key sets and answers of servers that must not be believed.
//!
//! A row is a genuine thing with one change, and the outcome that is right: the exact finding or problem, and never "verified".
//! The genuine things themselves are rows too, so that nothing holds because everything is refused.

mod keys;
mod login;
pub mod made;
pub mod provider;
mod responses;
mod sd_jwt;
mod sets;

use crate::row::Attack;

/// The rows of this kind.
pub fn rows() -> Vec<Attack> {
    let mut rows = keys::rows();
    rows.extend(sets::rows());
    rows.extend(sd_jwt::rows());
    rows.extend(login::rows());
    rows.extend(responses::rows());
    rows
}

/// A check without waiting, as a row.
fn row(name: impl Into<String>, check: impl FnOnce() -> Result<(), String> + Send + 'static) -> Attack {
    Attack::new(name, async move { check() })
}

/// Says what was expected and what came instead.
fn expect<T: PartialEq + std::fmt::Debug>(found: T, expected: T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("expected {expected:?}, found {found:?}")) }
}
