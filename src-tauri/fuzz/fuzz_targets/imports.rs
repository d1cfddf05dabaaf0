//! A configuration of another program made up by a machine, as it is and as the parts of a realm; its secrets are nowhere but apart.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oauth::import;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let parts = ["clients", "roles", "users", "clientScopes", "attributes"];
    let realms = parts.map(|part| format!("{{\"realm\":\"shop\",\"enabled\":true,\"{part}\":{text}}}"));
    for text in std::iter::once(text.as_ref()).chain(realms.iter().map(String::as_str)) {
        let Ok(read) = import::read(text, "https://id.example.org") else { continue };
        assert!(read.preview.taken.len() <= 501 && read.preview.left.len() <= 501 && read.preview.secrets.len() <= 501);
        assert!(read.profile.id.is_empty());
    }
});
