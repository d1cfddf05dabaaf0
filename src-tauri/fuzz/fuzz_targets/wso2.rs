//! Answers of WSO2's portal made up by a machine, for every call: read, and a refusal says why.
#![no_main]

use libfuzzer_sys::fuzz_target;
use record::operation::{Draft, Operation};
use token::text::Pair;
use oauth::portal::{Reading, read};

const CALLS: [&str; 21] = [
    "register", "settings", "key_managers", "policies", "apis", "api", "applications", "create_application",
    "delete_application", "keys", "generate_keys", "map_keys", "delete_keys", "generate_token", "regenerate_secret",
    "secrets", "generate_secret", "revoke_secret", "subscriptions", "subscribe", "unsubscribe",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, body)) = bytes.split_first() else { return };
    let call = CALLS[usize::from(*first) % CALLS.len()];
    let draft = Draft {
        operation: Operation::Portal,
        profile: String::new(),
        values: vec![Pair { name: "call".into(), value: call.into() }],
        extra: Vec::new(),
    };
    for status in [200, 201, 400, 401, 500] {
        if let Reading::Malformed { message, advice, .. } = read(&draft, status, "application/json", body) {
            assert!(!message.is_empty() && !advice.is_empty());
        }
    }
});
