//! A curl command made up by a machine: its tokens are found, and none of them is longer than what was pasted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oauth::paste::find_tokens;

fuzz_target!(|bytes: &[u8]| {
    let text = format!("curl {}", String::from_utf8_lossy(bytes));
    if let Ok(pasting) = find_tokens(&text) {
        assert!(!pasting.tokens.is_empty());
        assert!(pasting.tokens.iter().all(|token| token.text.len() <= text.len()));
    }
});
