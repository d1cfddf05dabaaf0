//! Pasting: from whatever is on the clipboard to the tokens in it.
//!
//! Tokens are seldom copied alone. They come with the word Bearer, in quotes, wrapped by a terminal, inside a curl command, a
//! token response, an archive of a browser, a log line, a Secret. One finder walks them all: it takes a shape off (a command, a
//! message, JSON, percent encoding, base64) and looks at what is inside in the same way. A shape that was recognised and held
//! nothing is no end: in every text, names that carry tokens and tokens that are known by their looks are looked for at last.
//! What has none of them gets one sentence saying what was expected, never a guess.

mod assertions;
mod beside;
mod clean;
mod command;
mod finder;
mod fold;
mod found;
mod headers;
mod layers;
mod looks;
mod loose;
mod members;
mod names;
mod other;
mod place;
mod refusal;
#[cfg(test)]
mod tests;
mod walk;

use finder::Finder;
pub use found::{FoundToken, MOST_TOKENS, Pasting};
use place::Place;
use token::{
    decode::MAX_SIZE,
    finding::Finding,
    inspect::{TokenFormat, TokenKind},
    words,
};

/// Words of every refusal of a private key.
pub const NOTHING_KEPT: &str = "nothing of it was kept";

/// Finds the tokens in a text. The error is a sentence for people that says what was expected.
pub fn find_tokens(text: &str) -> Result<Pasting, String> {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}' | '\0'));
    if text.is_empty() {
        return Err("The clipboard holds no text. Copy a token, a token response or a curl command.".into());
    }
    if text.len() > MAX_SIZE {
        return Err("The text is longer than 1 MiB, which no token is. Copy the token alone.".into());
    }
    let clean = clean::letters(text);
    let text = clean.text.trim();
    let mut notes = clean.notes;
    // Padding at the end of a line of base64 looks like the soft line break of a mail.
    let mail =
        clean::quoted_printable(text).filter(|_| !assertions::found(text).iter().any(|one| one.encoded)).and_then(|plain| {
            let found = search(plain.trim(), notes.clone());
            (!found.0.is_empty()).then_some(found)
        });
    let (tokens, more) = match mail {
        Some(found) => found,
        None => search(text, std::mem::take(&mut notes)),
    };
    if tokens.is_empty() {
        return Err(refusal::words(text));
    }
    let mut message = message(&tokens);
    if more > 0 {
        message.push_str(&format!(" {more} more are in the text and were left there; paste them by themselves."));
    }
    Ok(Pasting { tokens, message })
}

/// Looks at a text, in which a token that was broken into lines is put together first, unless it is all there is.
fn search(text: &str, mut notes: Vec<Finding>) -> (Vec<FoundToken>, usize) {
    let one = text.split_whitespace().count() > 1 && looks::is_compact(&text.split_whitespace().collect::<String>());
    let joined = if one { None } else { fold::unfolded(text) };
    if joined.is_some() {
        notes.extend(finder::unbroken(text, ""));
    }
    let text = joined.as_deref().unwrap_or(text);
    let mut finder = Finder::over(text);
    finder.whole(text);
    finder.note(notes);
    finder.tokens()
}

/// What was found, in one sentence.
pub fn message(tokens: &[FoundToken]) -> String {
    let mut names: Vec<&str> = tokens.iter().map(name).collect();
    names.dedup();
    if names.len() == tokens.len() {
        return format!("Found {}.", words::list(&names));
    }
    format!("Found {} tokens.", tokens.len())
}

fn name(token: &FoundToken) -> &'static str {
    match token.kind {
        TokenKind::Access => "an access token",
        TokenKind::Id => "an ID token",
        TokenKind::Refresh => "a refresh token",
        TokenKind::Other if token.format == TokenFormat::Saml => "a SAML assertion",
        TokenKind::Other => "a token",
    }
}
