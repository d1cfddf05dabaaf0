//! Keys made up by a machine: as a published set, as a pasted key, and as a private key that decrypts.
#![no_main]

use libfuzzer_sys::fuzz_target;
use token::{decode::decode, decrypt::Keys, verify::{KeySet, verify}};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let token = decode("eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.e30.AAAA");
    for keys in [KeySet::from_jwks(&text, "fuzz", 0), KeySet::from_text(&text, "fuzz")].into_iter().flatten() {
        let _ = (keys.words(), verify(&token, Some(&keys)));
    }
    let _ = Keys::from_text(&text, "fuzz");
});
