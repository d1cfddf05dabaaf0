//! JSON made up by a machine, pasted: read, its exact numbers kept, its tokens found.
#![no_main]

use libfuzzer_sys::fuzz_target;
use token::decode::json;
use oauth::paste::find_tokens;

fuzz_target!(|bytes: &[u8]| {
    let _ = json::read(bytes);
    let text = String::from_utf8_lossy(bytes);
    let _ = json::exact(&text);
    let _ = find_tokens(&text);
    let _ = find_tokens(&format!("{{\"access_token\":{text}}}"));
});
