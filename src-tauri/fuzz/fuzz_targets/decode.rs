//! A token made up by a machine: decoded, verified, and everything said about it that the inspector says.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use token::{decode::decode, inspect::{findings, reading}, verify::{KeySet, verify_each}};

/// One key of each kind, so that the signature of a lucky guess is looked at.
static KEYS: LazyLock<Option<KeySet>> = LazyLock::new(|| {
    let keys = r#"{"keys":[
        {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        {"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"},
        {"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}"#;
    KeySet::from_text(keys, "fuzz").ok()
});

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let decoded = decode(&text);
    assert!(decoded.size <= text.len());
    let answer = verify_each(&decoded, KEYS.as_ref());
    let _ = findings(decoded.header.as_ref(), decoded.claims.as_ref(), &answer.verification, 1_800_000_000);
    let _ = reading(&decoded);
    let _ = decoded.with_content("content");
});
