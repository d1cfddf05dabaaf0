//! One encoded part of a token: its octets with remarks on their spelling, and the header in them.

use serde_json::Value;

use super::{
    decoded::Decoded,
    json,
    notes::{self, wrong},
    segment,
};

/// Reads one base64url part and notes what is wrong with its spelling (RFC 7515 2).
pub(super) fn encoded(decoded: &mut Decoded, part: &str, name: &str) -> Option<Vec<u8>> {
    let (bytes, flaw) = segment::read(part);
    if let Some(flaw) = flaw {
        decoded.findings.push(notes::flaw(flaw, name));
        decoded.refuse(format!("The {name} is not strict base64url, a verifier refuses that before it looks at the signature."));
    }
    bytes
}

/// Reads the JSON of a header.
pub(super) fn read_header(decoded: &mut Decoded, bytes: Option<&[u8]>) {
    let Some(bytes) = bytes else { return };
    match json::read(bytes) {
        Ok((Value::Object(header), odd)) => {
            decoded.header = Some(header);
            decoded.spelled.header = std::str::from_utf8(bytes).ok().map(str::to_owned);
            decoded.findings.extend(odd.into_iter().map(|oddity| notes::oddity(oddity, "header")));
        }
        Ok(_) => {
            decoded.findings.push(wrong(
                "header-not-object",
                "Header is no object",
                "The header must be a JSON object; every verifier refuses this token.",
                Some("RFC 7515 4"),
            ));
            decoded.refuse("The header is no JSON object.");
        }
        Err(broken) => {
            decoded.findings.push(notes::broken(broken, "header"));
            decoded.refuse("The header is no JSON.");
        }
    }
    if decoded.findings.iter().any(|finding| finding.id == "duplicate-member") {
        decoded.refuse("The header names a parameter twice, so its meaning depends on the reader (RFC 7515 4).");
    }
}
