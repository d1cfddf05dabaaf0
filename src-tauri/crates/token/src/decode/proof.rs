//! How a DPoP proof is known, and which key it carries (RFC 9449 4.2).

use serde_json::{Map, Value};

use super::decoded::Decoded;
use crate::verify::thumbprint;

impl Decoded {
    /// Whether the header says this is a DPoP proof.
    pub fn is_dpop_proof(&self) -> bool {
        is_proof(self.header.as_ref())
    }
}

/// Whether a header is that of a DPoP proof (RFC 9449 4.2).
pub fn is_proof(header: Option<&Map<String, Value>>) -> bool {
    header.and_then(|header| header.get("typ")).and_then(Value::as_str).is_some_and(|typ| typ.eq_ignore_ascii_case("dpop+jwt"))
}

/// Thumbprint of the key a proof carries.
pub fn proof_thumbprint(header: &Map<String, Value>) -> Option<String> {
    thumbprint(header.get("jwk")?.as_object()?)
}
