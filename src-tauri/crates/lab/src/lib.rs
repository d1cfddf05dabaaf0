//! The lab: an identity provider shaped like Keycloak, a gateway shaped like WSO2 API Manager, and two APIs.
//!
//! It serves two masters. A newcomer presses "Try the lab" and has the whole loop of product and tokens running without
//! an account; and the flow tests have a strict counterpart that remembers every request. Both need the same thing: what
//! the real servers refuse is refused here with the same status, code and words. That is why this crate shares no code
//! with the client it judges.
//!
//! All servers listen on 127.0.0.1 at ports the system picks, on a runtime and thread of their own, so the lab works
//! under any runtime of its host and is really gone when it is dropped. Keys, certificates and client secrets are made
//! anew at every start.

#![forbid(unsafe_code)]
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "a server of its own, with its own clock and client")]
#![expect(clippy::expect_used, clippy::panic, reason = "what its own keys cannot fail at; it runs in nobody's production")]

mod api;
mod caches;
mod description;
mod fault;
mod form;
mod gateway;
mod home;
mod jose;
mod keyset;
mod lab;
mod listen;
mod options;
mod provider;
mod random;
mod serve;
mod start;
mod tls;
mod world;

pub use crate::caches::Caches;
pub use crate::description::{Description, LabClient, LabUser, Partner};
pub use crate::fault::Fault;
pub use crate::gateway::{GatewayRelease, OwnProvider, Way};
pub use crate::jose::KeyError;
pub use crate::lab::{HeldRole, Lab, Standing};
pub use crate::options::Options;
pub use crate::start::{StartError, TrustError};
pub use crate::tls::{Certificate, TlsError};
pub use crate::world::{Answered, Clock, Received, Server};
