//! What a text is by its looks: a token one can read, one of a known make, one nobody can read, or a place left for one.

use token::{
    decode::{self, json, named, opaque},
    inspect::{TokenFormat, TokenKind, kind_of},
};

/// Fewer characters than this are no token of a kind nobody knows.
pub(super) const SHORTEST: usize = 16;

/// Whether a text is written in the characters of a token (RFC 6749 A.12: VSCHAR), and without white space.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a text is a token that can be read: JWS, JWE, SD-JWT, or an assertion of SAML.
pub(super) fn is_readable(text: &str) -> bool {
    // Everything readable has dots, or is JSON, XML or base64 of it.
    decode::decode(text).format != TokenFormat::Opaque
}

/// Whether a text is in compact serialisation, whole.
pub(super) fn is_compact(text: &str) -> bool {
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)) {
        return false;
    }
    let dots = text.bytes().filter(|byte| *byte == b'.').count();
    let decoded = decode::decode(text);
    match decoded.format {
        TokenFormat::Jws => {
            let mut parts = text.split('.');
            // A session of Flask has three parts as well, and says nothing of an algorithm.
            dots == 2 && is_jose(parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
        }
        TokenFormat::Jwe => dots == 4 && decoded.header.is_some_and(|header| header.contains_key("enc")),
        TokenFormat::SdJwt => true,
        TokenFormat::Saml | TokenFormat::Opaque => false,
    }
}

/// Whether the first part of three is a JOSE header by what it says, or the second an object as claims are.
fn is_jose(header: &str, payload: &str) -> bool {
    let object = |part: &str| decode::bytes_of(part).and_then(|bytes| json::read(&bytes).ok());
    let says = |value: &serde_json::Value| ["alg", "typ", "kid", "crit", "b64"].iter().any(|name| value.get(*name).is_some());
    object(header).is_some_and(|(value, _)| says(&value)) || object(payload).is_some_and(|(value, _)| value.is_object())
}

/// A token without the mark of a sentence behind it, where the token can be read and so is known to end before.
pub(super) fn without_marks(text: &str) -> &str {
    let bare = text.trim_end_matches(['.', ',', ';', ':', '!', '?']);
    if bare.len() == text.len() || is_compact(text) || !is_compact(bare) { text } else { bare }
}

/// A text without the quotes and marks that surround a word in a sentence, a list or a program.
pub(super) fn unmarked(text: &str) -> &str {
    let mut text = text;
    loop {
        let before = text.len();
        text = text.trim().trim_end_matches([',', ';']);
        for (open, close) in [
            ('“', '”'),
            ('„', '“'),
            ('‘', '’'),
            ('«', '»'),
            ('»', '«'),
            ('‹', '›'),
            ('"', '"'),
            ('\'', '\''),
            ('`', '`'),
            ('<', '>'),
            ('(', ')'),
        ] {
            if let Some(inner) = text.strip_prefix(open).and_then(|rest| rest.trim_end_matches('.').strip_suffix(close)) {
                text = inner;
            }
        }
        if text.len() == before {
            return text;
        }
    }
}

/// Whether the make of a token is known by its beginning or its structure.
pub(super) fn is_made(text: &str) -> bool {
    is_token(text) && (opaque::is_known(text) || named::format(text).is_some())
}

/// Whether a value under a name that may carry a token is one: not a word, not a number, not a sign of absence.
pub(super) fn is_plausible(text: &str) -> bool {
    if is_readable(text) || is_made(text) {
        return true;
    }
    let has = |is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
    let (digit, upper, lower) = (has(u8::is_ascii_digit), has(u8::is_ascii_uppercase), has(u8::is_ascii_lowercase));
    is_token(text)
        && text.len() >= 8
        && (upper || lower)
        && (digit || (upper && lower && text.len() >= SHORTEST))
        && !is_other(text)
}

/// Whether a text with no structure that stands alone can be a token: long, mixed, and nothing else that people copy.
pub(super) fn is_opaque(text: &str) -> bool {
    if is_made(text) || opaque::is_uuid(text) {
        return is_token(text);
    }
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let letters = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    text.len() >= SHORTEST
        && digits
        && letters
        && is_token(text)
        && foreign(text).is_none()
        && !text.contains("..")
        && !is_other(text)
}

/// A character that is legal in a token, and stands in code and sentences and in no token anybody ever saw.
pub(super) fn foreign(text: &str) -> Option<char> {
    text.chars().find(|letter| !letter.is_ascii_graphic() || "\"'`\\<>{}()[],;".contains(*letter))
}

/// Addresses, file names, times, versions and their like, which have letters and digits too.
fn is_other(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let path = text.starts_with(['/', '.', '-', '#', '@']) || lower.contains("://") || lower.starts_with("www.");
    let mail = text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
    });
    let pair = text.split_once('=').is_some_and(|(name, value)| {
        !value.trim_matches('=').is_empty()
            && !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphabetic() || b"_-".contains(&byte))
    });
    let colon = text.split_once(':').is_some_and(|(before, after)| {
        let host = before.contains('.') && after.bytes().take_while(u8::is_ascii_digit).count() > 0;
        // Times, ratios, sha256:…, urn:….
        let time = before.bytes().rev().take(2).all(|byte| byte.is_ascii_digit())
            && after.bytes().take(2).all(|byte| byte.is_ascii_digit());
        let scheme = ["urn", "sha256", "sha512", "sha1", "md5", "did", "data", "mailto", "tel"]
            .contains(&before.to_ascii_lowercase().as_str());
        host || (time && after.contains(':')) || scheme
    });
    let file = [
        "json", "txt", "jpg", "png", "html", "pdf", "zip", "gz", "jar", "yaml", "yml", "xml", "log", "pem", "com", "org", "net",
        "local", "test",
    ];
    let ending = lower.rsplit_once('.').is_some_and(|(_, end)| file.contains(&end));
    path || mail || pair || colon || ending
}

/// Whether a value stands for a token that is put in later: a variable, a template, stars.
pub(super) fn is_placeholder(text: &str) -> bool {
    let name = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte));
    let text = text.trim();
    let lower = text.get(..24.min(text.len())).unwrap_or_default().to_ascii_lowercase();
    let Some(first) = text.chars().next() else { return true };
    text.strip_prefix('$').is_some_and(|rest| {
        rest.is_empty()
            || rest.starts_with(['{', '('])
            || (name(rest) && !rest.starts_with(|letter: char| letter.is_ascii_digit()) && rest.len() < 48 && !rest.contains('.'))
            || rest.starts_with("env:")
    }) || (text.starts_with('<') && text.ends_with('>') && !text.contains("</"))
        || text.starts_with("{{")
        || (text.starts_with('{') && text.ends_with('}') && name(&text[1..text.len() - 1]))
        || (text.len() > 2 && text.starts_with('%') && text.ends_with('%') && name(&text[1..text.len() - 1]))
        || text.contains("...")
        || text.contains('…')
        || (text.starts_with("#{") && text.ends_with('}'))
        || (text.starts_with([':', '@'])
            && text.len() > 1
            && text[1..].bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'))
        || (text.starts_with('[') && text.ends_with(']') && name(&text[1..text.len() - 1]))
        || is_stand_in(text)
        || text == "eyJ"
        || (text.chars().all(|letter| letter == first) && !first.is_ascii_digit() && text.len() > 1)
        || ["your_", "your-", "your ", "my_token", "replace", "changeme", "[redacted", "redacted", "***", "xxx"]
            .iter()
            .any(|known| lower.starts_with(known))
        || ["null", "undefined", "none", "true", "false", "nil", "n/a", "todo", "%s", "?"].contains(&lower.as_str())
}

/// Names that documentation writes where a token goes: `ACCESS_TOKEN`, `my-token`, `TOKEN_HERE`.
fn is_stand_in(text: &str) -> bool {
    let constant = text.len() <= 48 && text.bytes().all(|byte| byte.is_ascii_uppercase() || b"_-".contains(&byte));
    let named = ["TOKEN", "JWT", "BEARER", "HERE", "YOUR"].iter().any(|word| text.contains(word));
    let known = [
        "my-token",
        "mytoken",
        "my-access-token",
        "my_access_token",
        "access-token",
        "access_token",
        "accesstoken",
        "id_token",
        "refresh_token",
        "auth-token",
        "auth_token",
        "the-token",
        "some-token",
        "sometoken",
        "jwt-token",
        "jwt_token",
        "bearer-token",
        "user-token",
        "token-here",
    ];
    (constant && named) || known.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether nothing but a placeholder stands between brackets or signs of a template, of which one may have been cut off.
pub(super) fn is_bracketed(text: &str) -> bool {
    let core = text.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
    core.is_empty()
        || (core.len() < text.len()
            && text.starts_with(['[', '{', '<', '#', ':', '('])
            && (is_word(core) || is_placeholder(core)))
}

/// Words that say of a token what became of it.
pub(super) fn is_word(text: &str) -> bool {
    const WORDS: [&str; 30] = [
        "no", "yes", "missing", "expired", "invalid", "none", "present", "absent", "valid", "revoked", "unknown", "ok",
        "required", "string", "token", "hidden", "active", "inactive", "disabled", "enabled", "empty", "unset", "notset",
        "value", "optional", "jwt", "opaque", "bearer", "masked", "removed",
    ];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// What the token is used for by its own words or its make.
pub(super) fn guess(text: &str) -> TokenKind {
    let decoded = decode::decode(text);
    match kind_of(decoded.header.as_ref(), decoded.claims.as_ref()) {
        TokenKind::Other
            if ["ghr_", "1//", "ory_rt_", "authelia_rt_", "dor_v1_"].iter().any(|prefix| text.starts_with(prefix)) =>
        {
            TokenKind::Refresh
        }
        TokenKind::Other if opaque::is_known(text) => TokenKind::Access,
        kind => kind,
    }
}

/// Whether the first part of a compact token is a header, where nothing but the text says so: an object that names an
/// algorithm, a type or a key, or one whose payload is an object as well.
pub(super) fn is_header(part: &str, payload: &str) -> Option<bool> {
    let first = part.as_bytes().first()?;
    // `{`, white space or a byte order mark in base64url.
    if part.len() < 2 || !b"eIDC7".contains(first) {
        return None;
    }
    let object = |part: &str| match json::read(&decode::bytes_of(part)?) {
        Ok((serde_json::Value::Object(object), _)) => Some(object),
        _ => None,
    };
    let header = object(part)?;
    let says = ["alg", "enc", "typ", "kid"].iter().any(|name| header.contains_key(*name));
    (says || object(payload).is_some()).then(|| header.contains_key("enc"))
}

/// Whether a letter may be part of a token in compact serialisation, written as strictly as RFC 7515 2 asks.
pub(super) fn strict(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

/// With padding and the letters of standard base64, which stand between words as well.
pub(super) fn loose(byte: u8) -> bool {
    strict(byte) || b"+/=".contains(&byte)
}

/// `error="invalid_token"` after Bearer is a challenge and no token (RFC 6750 3).
pub(super) fn is_challenge(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, value)| {
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            && (value.starts_with(['"', '\'', '\\'])
                || matches!(name, "realm" | "error" | "scope" | "resource_metadata" | "error_description"))
    })
}

/// The kind of a token sent with a scheme: an access token, unless it says it is something else.
pub(super) fn bearer_kind(token: &str) -> Option<TokenKind> {
    let guess = guess(token);
    Some(if guess == TokenKind::Other { TokenKind::Access } else { guess })
}
