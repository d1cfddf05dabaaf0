//! Pasting: from whatever is on the clipboard to the tokens in it.
//!
//! Tokens are seldom copied alone. They come with the word Bearer, in quotes, wrapped by a terminal, inside
//! a curl command, a token response, a form body or a log line. Each of these is recognised by its own
//! shape; what has none of them gets one sentence saying what was expected, never a guess.

mod curl;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use serde_json::Value;

use crate::{
    bounded,
    decode::{self, AUTHORIZATION, MAX_SIZE, QUOTES, json, opaque},
    finding::Finding,
    secret::Secret,
    token::{TokenFormat, TokenKind, kind_of},
    words,
};

/// A token and where in the pasted text it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundToken {
    /// The token itself.
    pub text: Secret,
    /// What it is used for, by the name it stood under or else by its own claims.
    pub kind: TokenKind,
    /// Where it stood, e.g. `member access_token` or `header Authorization`.
    pub source: String,
    /// What was taken away around it.
    pub notes: Vec<Finding>,
}

/// What was found in a pasted text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasting {
    /// The tokens in their order, each once.
    pub tokens: Vec<FoundToken>,
    /// One sentence, e.g. `Found an access token and a refresh token.`
    pub message: String,
}

/// Most tokens that are taken out of one text: nobody copies more on purpose, and each is decoded, checked and kept.
pub const MOST_TOKENS: usize = 50;

/// Parameters and members that carry tokens, with what they carry.
const NAMES: &[(&str, Option<TokenKind>)] = &[
    ("access_token", Some(TokenKind::Access)),
    ("accessToken", Some(TokenKind::Access)),
    ("id_token", Some(TokenKind::Id)),
    ("idToken", Some(TokenKind::Id)),
    ("id_token_hint", Some(TokenKind::Id)),
    ("refresh_token", Some(TokenKind::Refresh)),
    ("refreshToken", Some(TokenKind::Refresh)),
    ("subject_token", None),
    ("actor_token", None),
    ("assertion", None),
    ("client_assertion", None),
    ("token", None),
    ("logout_token", None),
    ("jwt", None),
];

/// Finds the tokens in a text. The error is a sentence for people that says what was expected.
pub fn find_tokens(text: &str) -> Result<Pasting, String> {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    if text.is_empty() {
        return Err("The clipboard holds no text. Copy a token, a token response or a curl command.".into());
    }
    if text.len() > MAX_SIZE {
        return Err("The text is longer than 1 MiB, which no token is. Copy the token alone.".into());
    }
    let mut found = Found::default();
    search(text, &mut found)?;
    if found.tokens.is_empty() {
        return Err(refusal(text));
    }
    let mut message = message(&found.tokens);
    if found.more > 0 {
        message.push_str(&format!(" {} more are in the text and were left there; paste them by themselves.", found.more));
    }
    Ok(Pasting { tokens: found.tokens, message })
}

/// Tokens in the order they were found, without repetition.
#[derive(Default)]
struct Found {
    tokens: Vec<FoundToken>,
    /// Digests of their texts, so that thousands of members are looked up and not compared with each other.
    seen: HashSet<String>,
    /// How many more there were than are taken.
    more: usize,
}

impl Found {
    fn add(&mut self, text: &str, kind: Option<TokenKind>, source: impl Into<String>) {
        let text = text.trim();
        if text.is_empty() || !self.seen.insert(bounded::sha256(text.as_bytes())) {
            return;
        }
        if self.tokens.len() >= MOST_TOKENS {
            self.more += 1;
            return;
        }
        let kind = kind.unwrap_or_else(|| guess(text));
        self.tokens.push(FoundToken { text: Secret::new(text), kind, source: source.into(), notes: Vec::new() });
    }

    /// Says of the only token what was taken away around it.
    fn note(&mut self, notes: Vec<Finding>) {
        if let [token] = self.tokens.as_mut_slice() {
            token.notes.extend(notes);
        }
    }

    fn add_named(&mut self, name: &str, value: &str, place: &str) {
        // A variable of a shell or a template is not the token it stands for.
        let placeholder = value.starts_with(['$', '<', '{']) || value.contains("...");
        if let Some((_, kind)) = NAMES.iter().find(|(known, _)| *known == name)
            && !placeholder
            && !value.contains(char::is_whitespace)
        {
            self.add(value, *kind, format!("{place} {name}"));
        }
    }
}

fn search(text: &str, found: &mut Found) -> Result<(), String> {
    if text.starts_with(['{', '[']) {
        return in_json(text, found);
    }
    if curl::is_curl(text) {
        curl::search(text, found);
        return if found.tokens.is_empty() {
            Err("The curl command carries no token: it has neither an Authorization header nor a token parameter.".into())
        } else {
            Ok(())
        };
    }
    in_headers(text, found);
    if found.tokens.is_empty() {
        in_parameters(text, "parameter", found);
    }
    if found.tokens.is_empty() {
        alone(text, found);
    }
    if found.tokens.is_empty() {
        in_prose(text, found);
    }
    Ok(())
}

/// Members of a token response, at any depth; or a token in JSON serialisation.
fn in_json(text: &str, found: &mut Found) -> Result<(), String> {
    let Ok((value, _)) = json::read(text.as_bytes()) else {
        in_prose(text, found);
        return if found.tokens.is_empty() {
            Err("The text starts like JSON and is cut off or broken. Copy the whole token response.".into())
        } else {
            Ok(())
        };
    };
    if decode::decode(text).format != TokenFormat::Opaque {
        found.add(text, None, "JSON serialisation");
        return Ok(());
    }
    members(&value, found);
    if found.tokens.is_empty() {
        return Err("The JSON has no member that carries a token, such as access_token, id_token or refresh_token.".into());
    }
    Ok(())
}

fn members(value: &Value, found: &mut Found) {
    match value {
        Value::Object(object) => {
            for (name, member) in object {
                match member {
                    Value::String(text) => found.add_named(name, text, "member"),
                    other => members(other, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|member| members(member, found)),
        _ => {}
    }
}

/// Lines of an HTTP message: `Authorization: Bearer …` and the API key headers of WSO2.
fn in_headers(text: &str, found: &mut Found) {
    // One header whose value was broken into lines is not a message of several: its first line would be half a token.
    if text.contains('\n') {
        after_scheme(text, found);
    }
    if found.tokens.is_empty() {
        for line in text.lines() {
            if let Some((name, value)) = line.split_once(':') {
                header(name.trim(), value.trim(), found);
            }
        }
    }
    if found.tokens.is_empty() {
        after_scheme(text, found);
    }
}

/// The scheme, wrapped or not, with the header's name before it or without: everything after it is the token.
fn after_scheme(text: &str, found: &mut Found) {
    let (inner, cut) = decode::strip(text);
    let joined = unwrapped(inner);
    // After an empty line a message has its body.
    let body = text.lines().any(|line| line.trim().is_empty());
    if body || !is_token(&joined) || !cut.iter().any(|finding| finding.id == "bearer-prefix-removed") {
        return;
    }
    let named = text.trim_start_matches(QUOTES).trim_start();
    let named = named.get(..AUTHORIZATION.len()).is_some_and(|head| head.eq_ignore_ascii_case(AUTHORIZATION));
    found.add(&joined, bearer_kind(&joined), if named { "header Authorization" } else { "scheme Bearer" });
    found.note(cut);
    found.note(unbroken(inner, &joined));
}

fn header(name: &str, value: &str, found: &mut Found) {
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    if is("authorization") || is("proxy-authorization") {
        let (scheme, token) = value.split_once(' ').unwrap_or(("", value));
        let token = token.trim();
        if (scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("dpop")) && is_token(token) {
            found.add(token, bearer_kind(token), format!("header {name}"));
        }
    } else if ["apikey", "internal-key", "dpop", "txn-token", "x-jwt-assertion", "x-forwarded-access-token"]
        .iter()
        .any(|known| is(known))
        && is_token(value)
    {
        found.add(value, None, format!("header {name}"));
    }
}

/// What is sent as a bearer token is an access token, unless it says it is something else.
fn bearer_kind(token: &str) -> Option<TokenKind> {
    let guess = guess(token);
    Some(if guess == TokenKind::Other { TokenKind::Access } else { guess })
}

/// Form bodies, and the query and fragment of addresses.
fn in_parameters(text: &str, place: &str, found: &mut Found) {
    let query = text.split_once(['?', '#']).filter(|_| text.contains("://")).map_or(text, |(_, query)| query);
    if !query.contains('=') {
        return;
    }
    for (name, value) in url::form_urlencoded::parse(query.replace('#', "&").as_bytes()) {
        found.add_named(name.trim(), &value, place);
    }
}

/// The whole text is the token, possibly in quotes or broken into lines.
fn alone(text: &str, found: &mut Found) {
    let (inner, cut) = decode::strip(text);
    let joined = unwrapped(inner);
    let broken = inner.contains(char::is_whitespace);
    if broken && decode::decode(inner).is_plain() {
        found.add(inner, None, "text");
        return found.note(cut);
    }
    let format = decode::decode(&joined).format;
    if format != TokenFormat::Opaque && is_token(&joined) {
        found.add(&joined, None, if broken { "text broken into lines" } else { "text" });
    } else if !broken && is_opaque(inner) {
        found.add(inner, None, "text");
    }
    found.note(cut);
    found.note(unbroken(inner, &joined));
}

/// What was joined again.
fn unbroken(written: &str, joined: &str) -> Vec<Finding> {
    let detail = "The text was broken into lines or had spaces in it; they are no part of the token and were taken out.";
    let note = || decode::note_finding("line-breaks-removed", "Line breaks removed", detail, Some("RFC 7515 2"));
    (written != joined).then(note).into_iter().collect()
}

/// JWTs inside other text, e.g. a log line.
fn in_prose(text: &str, found: &mut Found) {
    let inside = |letter: char| letter.is_ascii_alphanumeric() || "-_.~".contains(letter);
    for word in text.split(|letter| !inside(letter)) {
        let word = word.trim_matches('.');
        if word.starts_with("eyJ") && word.matches('.').count() >= 2 && decode::decode(word).format != TokenFormat::Opaque {
            found.add(word, None, "text around it");
        }
    }
}

fn unwrapped(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && *letter != '\\').collect()
}

/// Characters a token may have (RFC 6750 2.1, and `~` of SD-JWT is among them).
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte))
}

/// Fewer characters than this are no token of a kind nobody knows.
const SHORTEST: usize = 16;

/// Whether a text with no structure can be a token: long, mixed, and neither an address nor a word.
fn is_opaque(text: &str) -> bool {
    if opaque::is_known(text) || opaque::is_uuid(text) {
        return is_token(text);
    }
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let letters = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    text.len() >= SHORTEST && digits && letters && is_token(text) && !text.contains("..") && !text.starts_with(['/', '.'])
}

fn guess(text: &str) -> TokenKind {
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

fn message(tokens: &[FoundToken]) -> String {
    let mut names: Vec<&str> = tokens.iter().map(|token| name(token.kind)).collect();
    names.dedup();
    if names.len() == tokens.len() {
        return format!("Found {}.", words::list(&names));
    }
    format!("Found {} tokens.", tokens.len())
}

fn name(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Access => "an access token",
        TokenKind::Id => "an ID token",
        TokenKind::Refresh => "a refresh token",
        TokenKind::Other => "a token",
    }
}

fn refusal(text: &str) -> String {
    let expected = "Copy a JWT, an opaque token, a token response or a curl command.";
    if text.starts_with("-----BEGIN") {
        return "This is a key or a certificate, no token. Use it to verify a token instead.".into();
    }
    if text.contains("://") && !text.contains(char::is_whitespace) {
        return format!("This is an address without a token in it. {expected}");
    }
    if text.contains(char::is_whitespace) {
        return format!("This is text with spaces and no token in it. {expected}");
    }
    let count = text.chars().count();
    let first = text.chars().next().unwrap_or_default();
    if let Some(other) = text.chars().find(|letter| !is_token(letter.encode_utf8(&mut [0; 4]))) {
        return format!("This has the character {other:?}, which no token has. {expected}");
    }
    if count < SHORTEST {
        return format!("This is too short for a token: {}. {expected}", words::count(count, "character"));
    }
    if text.chars().all(|letter| letter == first) {
        return format!("This is one character, {first}, {count} times over, and no token. {expected}");
    }
    format!(
        "These are {count} characters that are no JWT, and too plain for an opaque token, which mixes letters and digits. {expected}"
    )
}
