//! Tokens in a command: curl, wget, HTTPie and their like, as three shells write them and browsers copy them.
//!
//! The words are cut as the shell would, so that no quote, caret or backslash of its own gets into a token.

use std::borrow::Cow;

use super::{Place, headers, looks, walk::Walk};
use token::{decode::json, inspect::TokenKind};

/// Programs whose options are known.
const PROGRAMS: [(&str, Kind); 9] = [
    ("curl", Kind::Curl),
    ("curl.exe", Kind::Curl),
    ("wget", Kind::Wget),
    ("http", Kind::Items),
    ("https", Kind::Items),
    ("xh", Kind::Items),
    ("xhs", Kind::Items),
    ("httpie", Kind::Items),
    ("curlie", Kind::Curl),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Curl,
    Wget,
    /// HTTPie: headers, fields and the query are words of their own.
    Items,
}

/// Short options of curl that take a value.
const SHORT: &str = "AbcCdDeEFhHKmoPQrtTuUwxXyYz";

/// Collects the tokens of all commands in a text; gives how many there were.
pub(super) fn search(text: &str, place: &Place, depth: usize, finder: &mut dyn Walk) -> usize {
    let plain = uncareted(text);
    let text = plain.as_ref();
    let windows = matches!(plain, Cow::Owned(_));
    let mut starts = Vec::new();
    let mut at = 0;
    while let Some((from, name, kind)) = next(text, at) {
        let (words, end) = split(&text[from + name.len()..], windows);
        starts.push((words, kind, name));
        at = from + name.len() + end.max(1);
        if starts.len() >= 200 || at >= text.len() {
            break;
        }
    }
    let several = starts.len() > 1;
    for (index, (words, kind, name)) in starts.iter().enumerate() {
        let place = if several { place.inside(&format!("the {} command", super::place::ordinal(index))) } else { place.clone() };
        command(words, *kind, name, &place, depth, finder);
    }
    starts.len()
}

/// Whether a text is or holds a command.
pub(super) fn is_command(text: &str) -> bool {
    next(text, 0).is_some()
}

/// Where the next program stands, from an offset on.
fn next(text: &str, mut at: usize) -> Option<(usize, &'static str, Kind)> {
    loop {
        // The letters all their names have.
        let rest = text.get(at..)?;
        let found = rest.find(|letter: char| letter.is_ascii_alphabetic())?;
        let start = at + found;
        let length =
            text[start..].find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '.')).unwrap_or(text.len() - start);
        let word = &text[start..start + length];
        if let Some((name, kind)) = PROGRAMS.iter().find(|(name, _)| word == *name)
            && begins(&text[..start], *kind)
            && text[start + length..].starts_with([' ', '\t', '\\', '\n', '\r'])
        {
            return Some((start, name, *kind));
        }
        at = start + length.max(1);
    }
}

/// Whether a program may stand after this text. Names that are words of addresses too must begin a command.
fn begins(before: &str, kind: Kind) -> bool {
    let before = before.trim_end_matches([' ', '\t']);
    let last = before.chars().next_back();
    match kind {
        Kind::Curl | Kind::Wget => last != Some('-'),
        Kind::Items => {
            last.is_none_or(|last| "\n\r;|&($>%#`".contains(last)) || before.ends_with("sudo") || before.ends_with("time")
        }
    }
}

fn command(words: &[String], kind: Kind, name: &str, place: &Place, depth: usize, finder: &mut dyn Walk) {
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        if let Some(long) = word.strip_prefix("--") {
            let (option, inline) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
            let takes = takes_long(option, kind);
            let value = match takes {
                Takes::Nothing => inline,
                _ => inline.or_else(|| words.next()),
            };
            if let Some(value) = value {
                given(takes, &format!("--{option}"), value, place, depth, finder);
            }
        } else if let Some(short) = word.strip_prefix('-').filter(|short| !short.is_empty()) {
            shorts(short, kind, &mut words, place, depth, finder);
        } else if kind == Kind::Items {
            item(word, place, depth, finder);
        } else {
            let before = finder.count();
            headers::parameters(word, place, depth, finder);
            if finder.count() == before {
                finder.leaf(word, &format!("the {name} command"), place, depth);
            }
        }
    }
}

/// Short options, which curl lets one write together: `-sSH value`, `-XPOST`.
fn shorts<'a>(
    cluster: &'a str,
    kind: Kind,
    words: &mut impl Iterator<Item = &'a str>,
    place: &Place,
    depth: usize,
    finder: &mut dyn Walk,
) {
    let known = match kind {
        Kind::Curl => SHORT,
        Kind::Wget => "OoadeTUQwtAPIDl",
        Kind::Items => "aAopcPs",
    };
    for (at, letter) in cluster.char_indices() {
        if !known.contains(letter) {
            continue;
        }
        let rest = &cluster[at + letter.len_utf8()..];
        let value = if rest.is_empty() { words.next() } else { Some(rest.strip_prefix('=').unwrap_or(rest)) };
        let takes = match (kind, letter) {
            (Kind::Curl, 'H') => Takes::Header,
            (Kind::Curl, 'd' | 'F') => Takes::Data,
            (Kind::Curl, 'b') => Takes::Cookie,
            (Kind::Curl, 'u') => Takes::User,
            (Kind::Items, 'a') => Takes::Bearer,
            _ => Takes::Other,
        };
        if let Some(value) = value {
            given(takes, &format!("-{letter}"), value, place, depth, finder);
        }
        return;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Header,
    Data,
    Cookie,
    Bearer,
    User,
    Other,
    /// No value, or one that is not looked at.
    Nothing,
}

fn takes_long(option: &str, kind: Kind) -> Takes {
    match option {
        "header" | "proxy-header" => Takes::Header,
        "data" | "data-raw" | "data-ascii" | "data-binary" | "data-urlencode" | "form" | "form-string" | "json" | "url-query"
        | "post-data" | "body-data" | "raw" => Takes::Data,
        "json_" => Takes::Nothing,
        "cookie" => Takes::Cookie,
        "oauth2-bearer" => Takes::Bearer,
        "auth" | "bearer" if kind == Kind::Items => Takes::Bearer,
        "user" | "proxy-user" | "password" | "http-password" => Takes::User,
        "url" | "referer" | "request" | "user-agent" | "output" | "proxy" | "resolve" | "connect-to" | "cacert" | "cert"
        | "key" | "max-time" | "connect-timeout" | "retry" | "write-out" | "config" | "auth-type" | "body-file" | "method"
        | "output-document" => Takes::Other,
        _ => Takes::Nothing,
    }
}

fn given(takes: Takes, option: &str, value: &str, place: &Place, depth: usize, finder: &mut dyn Walk) {
    let before = finder.count();
    match takes {
        Takes::Header => {
            if let Some((name, value)) = value.split_once(':') {
                headers::header(name.trim(), value.trim(), place, depth, finder);
            }
        }
        Takes::Bearer if looks::is_token(value) && !looks::is_placeholder(value) => {
            finder.add(value, Some(TokenKind::Access), &format!("option {option}"), place);
        }
        Takes::Cookie => headers::cookies(value, place, depth, finder),
        Takes::Data => {
            if json::read(value.as_bytes()).is_ok_and(|(value, _)| value.is_object() || value.is_array()) {
                finder.look(value, place, depth + 1);
            } else {
                headers::parameters(value, place, depth, finder);
            }
        }
        Takes::User => {
            if let Some((_, token)) = value.split_once(':') {
                finder.leaf(token, &format!("option {option}"), place, depth);
            }
        }
        Takes::Bearer | Takes::Other | Takes::Nothing => headers::parameters(value, place, depth, finder),
    }
    if finder.count() == before {
        finder.leaf(value, &format!("option {option}"), place, depth);
    }
}

/// `Name:value`, `name==value`, `name=value` and `name:=json` of HTTPie.
fn item(word: &str, place: &Place, depth: usize, finder: &mut dyn Walk) {
    let sign = word.find([':', '=']).filter(|at| *at > 0 && !word.contains("://"));
    let before = finder.count();
    if let Some(at) = sign {
        let (name, value) = word.split_at(at);
        match value.strip_prefix(":=").or_else(|| value.strip_prefix("==")).or_else(|| value.strip_prefix('=')) {
            Some(value) => {
                finder.named(name, value, &format!("parameter {name}"), place, depth);
            }
            None => headers::header(name, value.trim_start_matches(':').trim(), place, depth, finder),
        }
    } else {
        headers::parameters(word, place, depth, finder);
    }
    if finder.count() == before {
        finder.leaf(word, "the command", place, depth);
    }
}

/// A text of cmd without the carets that escape its signs and its line ends; any other text as it is.
fn uncareted(text: &str) -> Cow<'_, str> {
    let escaped =
        ["^\"", "^&", "^|", "^%", "^!", "^$", "^{", "^\r", "^\n", "^^", "^*"].iter().filter(|sign| text.contains(**sign)).count();
    let ends = text.lines().any(|line| line.trim_end().ends_with('^')) || text.contains("^\"");
    if escaped == 0 || !ends {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '^' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some('\r') => {
                letters.next_if_eq(&'\n');
                plain.push(' ');
            }
            Some('\n') => plain.push(' '),
            Some(' ') if letters.peek().is_none_or(|next| *next == '\n' || *next == '\r') => plain.push(' '),
            Some(other) => plain.push(other),
            None => {}
        }
    }
    Cow::Owned(plain)
}

/// Splits one command like a shell, up to its end: single and double quotes, `$'…'` with its escapes, backslashes. Gives the
/// words and how much of the text they took. Of cmd, quotes are doubled or escaped, and backslashes stand for themselves.
fn split(text: &str, windows: bool) -> (Vec<String>, usize) {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut open = false;
    let mut letters = text.char_indices().peekable();
    let mut end = text.len();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\'' if !windows => {
                open = true;
                let escapes = word.ends_with('$');
                if escapes {
                    word.pop();
                }
                while let Some((_, inner)) = letters.next() {
                    match inner {
                        '\'' => break,
                        '\\' if escapes => escape(&mut letters, &mut word),
                        other => word.push(other),
                    }
                }
            }
            '"' => {
                open = true;
                while let Some((_, inner)) = letters.next() {
                    match inner {
                        '"' if windows && letters.next_if(|(_, next)| *next == '"').is_some() => word.push('"'),
                        '"' => break,
                        '\\' => match letters.peek().map(|(_, next)| *next) {
                            Some(next @ ('"' | '\\')) => {
                                letters.next();
                                word.push(next);
                            }
                            Some(next @ ('$' | '`' | '!')) if !windows => {
                                letters.next();
                                word.push(next);
                            }
                            Some('\n') if !windows => {
                                letters.next();
                            }
                            Some('\r') if !windows => {
                                letters.next();
                                letters.next_if(|(_, next)| *next == '\n');
                            }
                            _ => word.push('\\'),
                        },
                        '`' if letters.peek().is_some_and(|(_, next)| *next == '"') => {
                            letters.next();
                            word.push('"');
                        }
                        other => word.push(other),
                    }
                }
            }
            '\\' if letters
                .peek()
                .is_some_and(|(_, next)| *next == '\n' || *next == '\r' || (*next == ' ' && line_ends(text, at + 1))) =>
            {
                while letters.next_if(|(_, next)| next.is_whitespace()).is_some() {}
                finish(&mut words, &mut word, &mut open);
            }
            '`' if letters.peek().is_some_and(|(_, next)| *next == '\n' || *next == '\r') => {
                letters.next();
                letters.next_if(|(_, next)| *next == '\n');
                finish(&mut words, &mut word, &mut open);
            }
            '\\' if windows => word.push('\\'),
            '\\' => {
                open = true;
                word.extend(letters.next().map(|(_, letter)| letter));
            }
            // The command is over; what follows is looked at again.
            '\n' | ';' => {
                end = at;
                break;
            }
            '&' if letters.peek().is_some_and(|(_, next)| *next == '&' || *next == ' ') => {
                end = at;
                break;
            }
            '|' if word.is_empty() || letters.peek().is_some_and(|(_, next)| *next == ' ' || *next == '|') => {
                end = at;
                break;
            }
            ')' if word.is_empty() => {
                end = at;
                break;
            }
            space if space.is_whitespace() => finish(&mut words, &mut word, &mut open),
            other => word.push(other),
        }
    }
    finish(&mut words, &mut word, &mut open);
    (words, end)
}

/// Whether nothing but blanks stands in front of the end of the line.
fn line_ends(text: &str, at: usize) -> bool {
    text.get(at..).is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with(['\n', '\r']))
}

fn finish(words: &mut Vec<String>, word: &mut String, open: &mut bool) {
    if *open || !word.is_empty() {
        words.push(std::mem::take(word));
    }
    *open = false;
}

/// An escape of `$'…'`.
fn escape(letters: &mut std::iter::Peekable<std::str::CharIndices<'_>>, word: &mut String) {
    let Some((_, letter)) = letters.next() else { return };
    let digits = match letter {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        'n' => return word.push('\n'),
        'r' => return word.push('\r'),
        't' => return word.push('\t'),
        other => return word.push(other),
    };
    let mut code = 0_u32;
    for _ in 0..digits {
        let Some((_, digit)) = letters.next_if(|(_, next)| next.is_ascii_hexdigit()) else { break };
        code = code << 4 | digit.to_digit(16).unwrap_or_default();
    }
    word.extend(char::from_u32(code));
}
