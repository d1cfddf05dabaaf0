//! OAuth messages: requests as values, answers as values, and nothing sent in between.
//!
//! A request is built once and then shown, copied, sent and recorded as the very same value, so what the
//! user saw before pressing the button is what the server got. Parameters are an ordered list of pairs,
//! because `audience` and `resource` may repeat (RFC 8693 2.1) and because order is part of "the same".

mod address;
mod answer;
mod build;
pub(crate) mod builder;
mod callback;
mod challenge;
mod discovery;
mod exchange;
mod id_token;
mod instead;
mod json;
mod login;
mod logout;
mod malformed;
mod oauth_error;
mod params;
mod pasted;
mod redirect;
mod registered;
mod told;
mod userinfo;

pub use crate::{
    operation::build,
    server::{imported_realm, realm_name},
};
pub use address::{discovery_urls, endpoint, further_discovery_urls, last_segment};
pub use answer::{ResponseReading, TokenResponse, read_token_response};
pub use build::{Built, Materials, Reads, RefusedBefore, TokenMaterial, assertion_audience};
pub(crate) use build::{bearer, is_under, to_of, token_request};
pub use callback::{Callback, CallbackFault, answers_login, read_callback};
pub use challenge::{Challenge, challenged, challenges};
pub use discovery::{Discovery, complete, named_issuer, read_discovery};
pub use exchange::{EXCHANGE_FIELD, ExchangeKind};

pub use id_token::{IdTokenExpectation, id_token_faults};
pub(crate) use login::LOG_IN;
pub use login::{Authorization, LoginValues, authorization, authorization_request, code_request};
pub use logout::{CHANNEL_FIELD, LogoutChannel, logout_address, logout_request, read_logout_callback};
pub use malformed::Malformed;
pub use oauth_error::OAuthError;
pub use params::{client_of, token_id, value, values, words};
pub use pasted::{Pasted, read_pasted};
pub use redirect::{RedirectFault, redirect_fault};
pub use registered::redirect_hint;
pub use userinfo::{Userinfo, UserinfoExpectation, read_userinfo, repeated_members, userinfo_faults};

#[cfg(test)]
pub(crate) mod tests;
