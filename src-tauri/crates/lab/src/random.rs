//! Randomness, from the same library that signs: ids, secrets and codes are fresh at every start, so nothing secret is
//! ever written in the source.

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// `bytes` random bytes in unpadded base64url (RFC 4648 section 5).
pub(crate) fn token(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    // The generator of the library fails only when the process can not have random numbers at all.
    rand::fill(&mut buffer).expect("the operating system gives random numbers");
    URL_SAFE_NO_PAD.encode(buffer)
}

/// A random UUID, the form Keycloak gives codes, events and token ids.
pub(crate) fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}
