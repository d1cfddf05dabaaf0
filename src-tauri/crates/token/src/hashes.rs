//! Hashes by which one message vouches for another: `at_hash`, `c_hash` and `s_hash` of ID tokens, `ath` of DPoP proofs.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// The left half of the hash that goes with the signature algorithm (OpenID Connect Core 3.1.3.6); none when the
/// algorithm has no hash that is agreed on.
pub fn half_hash(alg: &str, text: &str) -> Option<String> {
    let algorithm = match alg {
        _ if alg.ends_with("256") || alg == "ES256K" => &digest::SHA256,
        _ if alg.ends_with("384") => &digest::SHA384,
        _ if alg.ends_with("512") || alg == "EdDSA" || alg == "Ed25519" => &digest::SHA512,
        _ => return None,
    };
    let hash = digest::digest(algorithm, text.as_bytes());
    let bytes = hash.as_ref();
    Some(URL_SAFE_NO_PAD.encode(&bytes[..bytes.len() / 2]))
}

/// SHA-256 of an access token, as a DPoP proof carries it (RFC 9449 4.2).
pub fn token_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn published_values_are_recomputed() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/vectors/oidc/hashes.json");
        let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let mut count = 0;
        let mut check = |alg: &Value, text: &Value, hash: &Value| {
            let name = alg.as_str().unwrap().split(' ').next().unwrap();
            assert_eq!(half_hash(name, text.as_str().unwrap()).as_deref(), hash.as_str(), "{alg}");
            count += 1;
        };
        for (list, text) in [("at_hash", "access_token"), ("c_hash", "code"), ("s_hash", "state")] {
            file[list].as_array().unwrap().iter().for_each(|one| check(&one["alg"], &one[text], &one[list]));
        }
        file["computed"].as_array().unwrap().iter().for_each(|one| check(&one["alg"], &one["input"], &one["left_half"]));
        assert_eq!(count, 7);
        let ath = &file["ath"][0];
        assert_eq!(Some(token_hash(ath["access_token"].as_str().unwrap()).as_str()), ath["ath"].as_str());
        assert_eq!(half_hash("XY", "text"), None);
    }
}
