//! The lab's own tests: everything over real HTTP, the way a client meets it.

#![expect(clippy::expect_used, clippy::panic, clippy::disallowed_types, reason = "tests panic and ask the lab themselves")]

mod calls;
mod events;
mod exchange;
mod faults;
mod gateway;
mod legacy;
mod lifecycle;
mod login;
mod portal;
mod releases;
mod support;
mod tokens;
mod trusted;
