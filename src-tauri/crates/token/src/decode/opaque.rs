//! What an unreadable token is by its looks: prefixes that providers publish so that leaked tokens are found.

use super::named;
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
    ("shpat_", "shopify-token-prefix", "Shopify token", "Its prefix says admin API access token of a Shopify app."),
    ("hf_", "huggingface-token-prefix", "Hugging Face token", "Its prefix says user access token of Hugging Face."),
    ("npm_", "npm-token-prefix", "npm token", "Its prefix says access token of the npm registry."),
    ("hvs.", "vault-token-prefix", "Vault token", "Its prefix says service token of HashiCorp Vault; its lookup-self knows it."),
    ("glrt-", "gitlab-token-prefix", "GitLab runner token", "Its prefix says authentication token of a GitLab runner."),
    ("dckr_pat_", "docker-token-prefix", "Docker token", "Its prefix says personal access token of Docker Hub."),
    ("sk_live_", "stripe-token-prefix", "Stripe key", "Its prefix says secret key of Stripe, which is no OAuth token."),
    (
        "EwB",
        "microsoft-token-prefix",
        "Microsoft account token",
        "It looks like an access token of a personal Microsoft account.",
    ),
];

/// Whether the text starts like a token of a known provider.
pub fn is_known(text: &str) -> bool {
    SHAPES.iter().any(|(prefix, ..)| text.len() > prefix.len() + 6 && text.starts_with(prefix)) || is_salesforce(text)
}

/// Organisation id, an exclamation mark and the session, as Salesforce writes its access tokens.
fn is_salesforce(text: &str) -> bool {
    let Some((organisation, rest)) = text.split_once('!') else { return false };
    organisation.starts_with("00D")
        && matches!(organisation.len(), 15 | 18)
        && rest.len() >= 8
        && organisation.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Remarks on an opaque token: that it is one, and whose it looks like.
pub fn findings(text: &str) -> Vec<Finding> {
    if let Some(named) = named::format(text) {
        return vec![Finding {
            id: named.id.into(),
            severity: Severity::Note,
            title: named.title.into(),
            detail: named.detail.into(),
            rfc: Some("RFC 6749 1.4".into()),
            path: None,
        }];
    }
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
    } else if is_salesforce(text) {
        let detail = "It is written like an access token of Salesforce: organisation, exclamation mark, session. Its userinfo and introspection know it.";
        found.push(note("salesforce-token", "Salesforce token", detail, Some("RFC 6749 A.12")));
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
