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
    }
    found
}

/// Eight, four, four, four and twelve hexadecimal digits.
pub fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == lengths.len()
        && parts.iter().zip(lengths).all(|(part, length)| part.len() == length && part.bytes().all(|b| b.is_ascii_hexdigit()))
}
