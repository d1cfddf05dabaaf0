//! Tokens in a curl command: its headers, its form data, its address.

use super::{Found, header, in_parameters, members};
use crate::decode::json;

/// Whether a text is a curl command, as shells and browsers write it.
pub fn is_curl(text: &str) -> bool {
    let text = text.trim_start_matches(['$', '>', '%', ' ']);
    text.starts_with("curl ") || text.starts_with("curl.exe ") || text.starts_with("curl\t")
}

/// Collects the tokens of a curl command.
pub fn search(text: &str, found: &mut Found) {
    let words = split(text);
    let mut words = words.iter().map(String::as_str).peekable();
    while let Some(word) = words.next() {
        let (option, inline) = option(word);
        let Some(option) = option else {
            in_parameters(word, "parameter", found);
            continue;
        };
        if !matches!(option, Takes::Header | Takes::Data | Takes::Bearer) {
            continue;
        }
        let Some(value) = inline.or_else(|| words.next()) else {
            return;
        };
        match option {
            Takes::Header => {
                if let Some((name, value)) = value.split_once(':') {
                    header(name.trim(), value.trim(), found);
                }
            }
            Takes::Bearer => found.add(value, Some(crate::token::TokenKind::Access), "option --oauth2-bearer"),
            Takes::Data => match json::read(value.as_bytes()) {
                Ok((value, _)) if value.is_object() => members(&value, found),
                _ => in_parameters(value, "parameter", found),
            },
            Takes::Other => {}
        }
    }
}

#[derive(Clone, Copy)]
enum Takes {
    Header,
    Data,
    Bearer,
    Other,
}

/// What an option carries, and its value when it is written in the same word.
fn option(word: &str) -> (Option<Takes>, Option<&str>) {
    if let Some(long) = word.strip_prefix("--") {
        let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
        let takes = match name {
            "header" => Takes::Header,
            "data" | "data-raw" | "data-ascii" | "data-binary" | "data-urlencode" | "form" | "form-string" | "json" => {
                Takes::Data
            }
            "oauth2-bearer" => Takes::Bearer,
            _ => Takes::Other,
        };
        return (Some(takes), value);
    }
    if let Some(short) = word.strip_prefix('-').filter(|short| !short.is_empty()) {
        let takes = match short.chars().next() {
            Some('H') => Takes::Header,
            Some('d' | 'F') => Takes::Data,
            _ => Takes::Other,
        };
        let value = short.get(1..).filter(|value| !value.is_empty());
        return (Some(takes), value);
    }
    (None, None)
}

/// Splits like a shell: single and double quotes, `$'…'`, backslashes, `^` line ends of Windows.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut open = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' | '"' => {
                open = true;
                let escapes = letter == '"' || word == "$";
                if word == "$" {
                    word.clear();
                }
                while let Some(inner) = letters.next() {
                    match inner {
                        quote if quote == letter => break,
                        '\\' if escapes => word.extend(letters.next()),
                        other => word.push(other),
                    }
                }
            }
            '\\' | '^' if letters.peek().is_some_and(|next| *next == '\n' || *next == '\r') => {
                letters.next();
            }
            '\\' => {
                open = true;
                word.extend(letters.next());
            }
            space if space.is_whitespace() => {
                if open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
            }
            other => word.push(other),
        }
    }
    if open || !word.is_empty() {
        words.push(word);
    }
    words
}
