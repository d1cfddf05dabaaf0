//! Servers without a room of their own.

pub(crate) mod refusals;
