//! Names under which tokens stand: of parameters, members, headers, cookies, variables.
//!
//! Every program spells them in its own way (`access_token`, `accessToken`, `ACCESS-TOKEN`, `KC_ACCESS_TOKEN`,
//! `CognitoIdentityServiceProvider.x.alice.accessToken`), so a name is cut into words and told by its last ones.

use token::inspect::TokenKind;

/// What stands under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Carries {
    /// What the token is used for, where the name says so.
    pub kind: Option<TokenKind>,
    /// Nothing but a token stands there, whatever it looks like.
    pub sure: bool,
}

/// Longest end of a name that is looked at.
const LONGEST: usize = 64;

/// What a name says of its value; none where it says nothing of tokens.
pub(super) fn carries(name: &str) -> Option<Carries> {
    let mut words = words(name);
    while words.len() > 1
        && words.last().is_some_and(|last| {
            ["hint", "value", "raw", "string", "text", "enc"].contains(&last.as_str())
                || last.bytes().all(|byte| byte.is_ascii_digit())
        })
    {
        words.pop();
    }
    let last = words.last()?.as_str();
    let before = words.len().checked_sub(2).and_then(|at| words.get(at)).map_or("", String::as_str);
    let pair = format!("{before}{last}");
    let sure = |kind| Some(Carries { kind, sure: true });
    let maybe = |kind| Some(Carries { kind, sure: false });
    for name in [last, pair.as_str()] {
        match name {
            "accesstoken" => return sure(Some(TokenKind::Access)),
            "idtoken" => return sure(Some(TokenKind::Id)),
            "refreshtoken" => return sure(Some(TokenKind::Refresh)),
            "subjecttoken" | "actortoken" | "logouttoken" | "assertion" | "samlresponse" | "bearertoken" => return sure(None),
            _ => {}
        }
    }
    if last == "token"
        && ["csrf", "xsrf", "verification", "page", "next", "continuation", "sync", "antiforgery", "of", "max", "cancellation"]
            .contains(&before)
    {
        return None;
    }
    match (last, pair.as_str()) {
        ("token" | "jwt" | "bearer" | "apikey" | "dpop" | "saml" | "identitytoken", _)
        | (_, "apikey" | "internalkey" | "jwtbearer" | "bearerauth") => maybe(None),
        (joined, _)
            if joined.len() > 5 && joined.ends_with("token") && !joined.starts_with("csrf") && !joined.starts_with("xsrf") =>
        {
            maybe(None)
        }
        _ => None,
    }
}

/// Whether a function of that name takes nothing but a token: `.bearer_auth("…")`, `AccessToken("…")`.
pub(super) fn is_call(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    if last.len() > 32 {
        return false;
    }
    let joined: String = last.chars().filter(|letter| *letter != '_').flat_map(char::to_lowercase).collect();
    let bare = ["set", "with", "add", "new"].iter().find_map(|verb| joined.strip_prefix(verb)).unwrap_or(&joined);
    ["bearerauth", "bearertoken", "bearer", "accesstoken", "authtoken", "oauth2", "idtoken", "refreshtoken", "oauthtoken"]
        .contains(&bare)
}

/// Whether a header carries credentials with a scheme before them.
pub(super) fn is_authorization(name: &str) -> bool {
    let name = name.trim();
    [
        "authorization",
        "proxy-authorization",
        "x-authorization",
        "x-amzn-oidc-authorization",
        "x-forwarded-authorization",
        "http_authorization",
        "auth_header",
    ]
    .iter()
    .any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether a header carries cookies.
pub(super) fn is_cookie(name: &str) -> bool {
    ["cookie", "set-cookie", "cookie2", "document.cookie"].iter().any(|known| name.trim().eq_ignore_ascii_case(known))
}

/// The words of a name in lower case.
fn words(name: &str) -> Vec<String> {
    let from = (name.len().saturating_sub(LONGEST)..=name.len()).find(|at| name.is_char_boundary(*at)).unwrap_or_default();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut small = false;
    for letter in name[from..].chars() {
        let ends = !letter.is_alphanumeric() || (letter.is_uppercase() && small);
        if ends && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        small = letter.is_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Schemes before a token, in lower case (RFC 6750 2.1, RFC 9449 7.1, and what Salesforce, GitHub and others take).
pub(super) const SCHEMES: [&str; 6] = ["bearer", "dpop", "token", "oauth", "jwt", "gnap"];

/// The credentials after a scheme, and the scheme as it was written.
pub(super) fn after_scheme(value: &str) -> Option<(&str, &str)> {
    let value = value.trim().trim_start_matches(['"', '\'', '[', '`']).trim_start();
    let end = value.find(|letter: char| !letter.is_ascii_alphabetic())?;
    let (scheme, rest) = value.split_at(end);
    if !SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return None;
    }
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let token = rest.strip_prefix("%20").or_else(|| rest.strip_prefix('+')).unwrap_or_else(|| rest.trim_start());
    (token.len() < rest.len() && !token.is_empty()).then_some((scheme, token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_by_their_last_words() {
        let kinds: [(&str, TokenKind); 12] = [
            ("access_token", TokenKind::Access),
            ("accessToken", TokenKind::Access),
            ("ACCESS-TOKEN", TokenKind::Access),
            ("x-forwarded-access-token", TokenKind::Access),
            ("KC_ACCESS_TOKEN", TokenKind::Access),
            ("CognitoIdentityServiceProvider.4abc.alice.accessToken", TokenKind::Access),
            ("accesstoken", TokenKind::Access),
            ("id_token_hint", TokenKind::Id),
            ("IDToken", TokenKind::Id),
            ("idToken", TokenKind::Id),
            ("refreshToken", TokenKind::Refresh),
            ("kc.refresh-token.value", TokenKind::Refresh),
        ];
        for (name, kind) in kinds {
            assert_eq!(carries(name), Some(Carries { kind: Some(kind), sure: true }), "{name}");
        }
        for name in ["subject_token", "client_assertion", "assertion", "SAMLResponse", "logout_token"] {
            assert_eq!(carries(name), Some(Carries { kind: None, sure: true }), "{name}");
        }
        for name in [
            "token",
            "TOKEN",
            "apikey",
            "api_key",
            "X-Api-Key",
            "Internal-Key",
            "jwt",
            "authToken",
            "sessiontoken",
            "GITHUB_TOKEN",
        ] {
            assert_eq!(carries(name), Some(Carries { kind: None, sure: false }), "{name}");
        }
        for name in [
            "token_type",
            "isValid",
            "csrf_token",
            "XSRF-TOKEN",
            "next_page_token",
            "tokenizer",
            "key",
            "",
            "state",
            "code",
            "token_endpoint",
            "requested_token_type",
        ] {
            assert_eq!(carries(name), None, "{name}");
        }
    }
}
