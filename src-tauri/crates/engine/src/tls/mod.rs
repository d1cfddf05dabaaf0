//! Trust beyond the system's: certificates pinned one by one, and reading the certificate a server shows.
//!
//! WSO2 ships with a certificate for `localhost` and nothing else, people make others by hand, and Rust's verifier is strict with both.
//! Switching checks off would let anybody in; a pin lets exactly one certificate in, for one server, and nobody else.

mod pinned;
mod shown;

pub use pinned::OtherCertificate;
pub(crate) use pinned::config;
pub use shown::shown;
