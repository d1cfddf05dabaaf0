//! Why a text has no token, in one sentence that says what was expected.

use super::{
    command,
    looks::{SHORTEST, foreign},
    other,
};
use token::{decode::json, words::count};

const EXPECTED: &str = "Copy a JWT, an opaque token, a token response or a curl command.";

/// The sentence for a text without tokens.
pub(super) fn words(text: &str) -> String {
    if let Some(what) = other::whole(text) {
        return what.into();
    }
    if text.starts_with(['{', '[']) {
        return if json::read(text.as_bytes()).is_ok() {
            "The JSON has no member that carries a token, such as access_token, id_token or refresh_token.".into()
        } else {
            "The text starts like JSON and is cut off or broken, and no token stands in it. Copy the whole token response.".into()
        };
    }
    if command::is_command(text) {
        return "The command carries no token: it has neither an Authorization header nor a token parameter. If it names a variable, \
                paste what the variable holds."
            .into();
    }
    if text.contains("://") && !text.contains(char::is_whitespace) {
        return format!("This is an address without a token in it. {EXPECTED}");
    }
    if text.contains(char::is_whitespace) {
        return format!("This is text with spaces and no token in it. {EXPECTED}");
    }
    let length = text.chars().count();
    let first = text.chars().next().unwrap_or_default();
    if let Some(other) = foreign(text) {
        return format!("This has the character {other:?}, which no token has. {EXPECTED}");
    }
    if length < SHORTEST {
        return format!("This is too short for a token: {}. {EXPECTED}", count(length, "character"));
    }
    if text.chars().all(|letter| letter == first) {
        return format!("This is one character, {first}, {length} times over, and no token. {EXPECTED}");
    }
    format!(
        "These are {length} characters that are no JWT, and too plain for an opaque token, which mixes letters and digits. {EXPECTED}"
    )
}
