//! What an unreadable token is by its looks: prefixes that providers publish so that leaked tokens are found.

use crate::finding::{Finding, Severity};

/// Prefix, finding id, title, sentence.
const SHAPES: &[(&str, &str, &str, &str)] = &[
    (
        "ya29.",
        "google-token-prefix",
        "Google access token",
        "Its prefix says Google; it has a dot and is no JWT. Google's tokeninfo address tells its audience.",
    ),
    ("1//", "google-token-prefix", "Google refresh token", "Its prefix says Google refresh token."),
    ("ghp_", "github-token-prefix", "GitHub personal token", "Its prefix says GitHub personal access token."),
    ("github_pat_", "github-token-prefix", "GitHub personal token", "Its prefix says GitHub fine-grained personal access token."),
    ("gho_", "github-token-prefix", "GitHub OAuth token", "Its prefix says access token of a GitHub OAuth app."),
    ("ghu_", "github-token-prefix", "GitHub user token", "Its prefix says user token of a GitHub App."),
    (
        "ghs_",
        "github-token-prefix",
        "GitHub installation token",
        "Its prefix says installation token of a GitHub App or of Actions.",
    ),
    ("ghr_", "github-token-prefix", "GitHub refresh token", "Its prefix says GitHub refresh token."),
    ("glpat-", "gitlab-token-prefix", "GitLab personal token", "Its prefix says GitLab personal access token."),
    ("xoxb-", "slack-token-prefix", "Slack bot token", "Its prefix says Slack bot token."),
    ("xoxp-", "slack-token-prefix", "Slack user token", "Its prefix says Slack user token."),
    ("xoxe.", "slack-token-prefix", "Slack rotating token", "Its prefix says Slack token that is rotated."),
    ("xapp-", "slack-token-prefix", "Slack app token", "Its prefix says Slack app-level token."),
    ("ory_at_", "ory-token-prefix", "Ory access token", "Its prefix says access token of Ory Hydra; its introspection knows it."),
    ("ory_rt_", "ory-token-prefix", "Ory refresh token", "Its prefix says refresh token of Ory Hydra."),
    ("ory_ac_", "ory-token-prefix", "Ory code", "Its prefix says authorization code of Ory Hydra, which is no token yet."),
    ("authelia_at_", "authelia-token-prefix", "Authelia access token", "Its prefix says access token of Authelia."),
    ("authelia_rt_", "authelia-token-prefix", "Authelia refresh token", "Its prefix says refresh token of Authelia."),
    ("doo_v1_", "digitalocean-token-prefix", "DigitalOcean token", "Its prefix says OAuth access token of DigitalOcean."),
    ("dor_v1_", "digitalocean-token-prefix", "DigitalOcean refresh", "Its prefix says OAuth refresh token of DigitalOcean."),
    ("v4.public.", "paseto", "PASETO", "It is a PASETO: signed like a JWT, in another format that is not read here."),
    ("v4.local.", "paseto", "PASETO", "It is an encrypted PASETO, a format that is not read here."),
    (
        "EwB",
        "microsoft-token-prefix",
        "Microsoft account token",
        "It looks like an access token of a personal Microsoft account.",
    ),
];

/// Whether the text starts like a token of a known provider.
pub fn is_known(text: &str) -> bool {
    SHAPES.iter().any(|(prefix, ..)| text.starts_with(prefix))
}

/// Remarks on an opaque token: that it is one, and whose it looks like.
pub fn findings(text: &str) -> Vec<Finding> {
    let note = |id: &str, title: &str, detail: &str, rfc: Option<&str>| Finding {
        id: id.into(),
        severity: Severity::Note,
        title: title.into(),
        detail: detail.into(),
        rfc: rfc.map(str::to_owned),
        path: None,
    };
    let mut found = vec![note(
        "opaque",
        "Opaque token",
        "Only the server that issued it can say what it holds; ask its introspection endpoint.",
        Some("RFC 6749 1.4"),
    )];
    if let Some((_, id, title, detail)) = SHAPES.iter().find(|(prefix, ..)| text.starts_with(prefix)) {
        found.push(note(id, title, detail, Some("RFC 6749 1.4")));
    } else if is_uuid(text) {
        found.push(note(
            "uuid-token",
            "A UUID",
            "WSO2's reference tokens look like this, and so do many ids that are no tokens.",
            Some("RFC 6749 1.4"),
        ));
    } else if let Some(bits) = random_hex(text) {
        let detail =
            format!("{} hexadecimal digits, which is what {bits} random bits look like; a hash looks the same.", text.len());
        found.push(note("hex-token", "Hexadecimal", &detail, Some("RFC 6749 10.10")));
    }
    found
}

/// Bits of a text that is nothing but hexadecimal digits, of a length keys and hashes have.
fn random_hex(text: &str) -> Option<usize> {
    let usual = matches!(text.len(), 32 | 40 | 48 | 64 | 96 | 128);
    (usual && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(text.len() * 4)
}

/// Eight, four, four, four and twelve hexadecimal digits.
pub fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == lengths.len()
        && parts.iter().zip(lengths).all(|(part, length)| part.len() == length && part.bytes().all(|b| b.is_ascii_hexdigit()))
}
