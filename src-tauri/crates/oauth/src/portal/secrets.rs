//! What can be done about a consumer secret, by the release of the portal's server. Up to 4.6 there is one, which can be made
//! anew; since 4.7 there are several beside each other, and the old way ends in a fault of the server. A button that can only
//! fail is not offered, and what is not there is said with its reason.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Since this release there are several secrets.
const SEVERAL: (u32, u32) = (4, 7);

/// What the portal's server offers for the secrets of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SecretWays {
    /// One secret in place of the other.
    pub regenerate: bool,
    /// Further secrets, a list of them, and revoking one.
    pub further: bool,
    /// Why only that, and what to do instead; a sentence or two.
    pub words: String,
}

/// What a release offers; both ways where it is not known. `release` is as the profile has it, e.g. `4.6` or `4.7 or later`.
pub fn secret_ways(release: &str) -> SecretWays {
    let (regenerate, further, words) = match numbers(release) {
        None => (
            true,
            true,
            "The release of this server is not known. Up to 4.6 the one secret is regenerated; since 4.7 a further one is generated and the old one revoked.".to_owned(),
        ),
        Some(known) if known >= SEVERAL => (
            false,
            true,
            "Since 4.7 a key has several secrets, and the server refuses to regenerate one. To replace it, generate a further secret, then revoke the old one.".to_owned(),
        ),
        Some((major, minor)) => (
            true,
            false,
            format!("{major}.{minor} keeps one secret for each key. Regenerating it makes the old one void at once; several secrets exist since 4.7."),
        ),
    };
    SecretWays { regenerate, further, words }
}

/// The first two numbers of a release.
fn numbers(release: &str) -> Option<(u32, u32)> {
    let version = release.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>().ok());
    Some((parts.next()??, parts.next().flatten().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::secret_ways;

    #[test]
    fn by_release() {
        for (release, regenerate, further, said) in [
            ("4.7", false, true, "refuses to regenerate"),
            ("4.7.0", false, true, "revoke the old one"),
            ("4.7 or later", false, true, "several secrets"),
            ("WSO2 API Manager 4.10", false, true, "several secrets"),
            ("5", false, true, "several secrets"),
            ("4.6", true, false, "4.6 keeps one secret"),
            ("4.6.0", true, false, "4.6 keeps one secret"),
            ("3.2", true, false, "3.2 keeps one secret"),
            ("", true, true, "not known"),
            ("newest", true, true, "not known"),
        ] {
            let ways = secret_ways(release);
            assert_eq!((ways.regenerate, ways.further), (regenerate, further), "{release}");
            assert!(ways.words.contains(said), "{release}: {}", ways.words);
        }
    }
}
