//! The head of a line cut into what layouts are made of: times, levels, groups in brackets, `name=value`, signs and words.
//!
//! Both readers of unknown layouts stand on it: [`super::head`], which knows what usually comes in which order, and
//! [`super::learn`], which learns the order from many lines.

use super::{
    record::Level,
    stamps::{self, Form},
    time::Time,
};

/// Longest part, in bytes; a longer one is a message.
const LONGEST: usize = 512;

/// What is known of the whole file that decides how a line is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// Whether `4/5/2026` is the fifth of April.
    pub(super) month_first: bool,
    /// Whether commas part the columns of a line, rather than standing within words.
    pub(super) commas: bool,
    /// A sign that parts the columns of the head where somebody chose one, e.g. `/`.
    pub(super) sign: Option<u8>,
}

/// A piece of a head.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part<'a> {
    /// A time, alone, in brackets or behind `time=`.
    Time(Time, Form),
    /// A level, alone, in brackets or behind `level=`.
    Level(Level),
    /// What stands in brackets or quotes, with the sign that opens it.
    Group(u8, &'a str),
    /// `name=value`.
    Pair(&'a str, &'a str),
    /// `msg=`, behind which the message stands.
    Label(&'a str),
    /// A sign between two parts.
    Sign(&'a str),
    /// Anything else up to a blank.
    Word(&'a str),
}

/// The next part of a text and what follows it; none at its end.
pub(super) fn next(text: &str, style: Style) -> Option<(Part<'_>, &str)> {
    let text = text.trim_start_matches([' ', '\t']);
    let first = *text.as_bytes().first()?;
    if style.sign == Some(first) {
        return Some((Part::Sign(text.get(..1)?), text.get(1..)?));
    }
    match first {
        b'[' | b'(' | b'{' | b'<' | b'"' => group(text, first, style).or_else(|| Some((Part::Word(&text[..1]), &text[1..]))),
        b'|' | b'-' | b':' | b',' | b';' | b'~' | b'*' | b'#' | b'=' | b'>' | b'/' => {
            let length = text.bytes().take_while(|byte| b"|-:,;~*#=>/".contains(byte)).count();
            let alone = text.as_bytes().get(length).is_none_or(|byte| matches!(byte, b' ' | b'\t'));
            if alone || matches!(first, b'|' | b',' | b';' | b':') {
                let length = if alone { length } else { 1 };
                return Some((Part::Sign(&text[..length]), &text[length..]));
            }
            Some(word(text, style))
        }
        0xe2 if text.starts_with(['\u{2013}', '\u{2014}', '\u{2502}', '\u{2192}', '\u{2022}']) => {
            Some((Part::Sign(&text[..3]), &text[3..]))
        }
        _ => {
            if (first.is_ascii_digit() || first.is_ascii_uppercase())
                && let Some((time, at, form)) = stamps::any(text, style.month_first)
            {
                return Some((Part::Time(time, form), &text[at..]));
            }
            Some(pair(text, style).unwrap_or_else(|| word(text, style)))
        }
    }
}

fn group(text: &str, open: u8, style: Style) -> Option<(Part<'_>, &str)> {
    let close = match open {
        b'[' => b']',
        b'(' => b')',
        b'{' => b'}',
        b'<' => b'>',
        _ => b'"',
    };
    let mut depth = 0_u32;
    let end = text.bytes().take(LONGEST).enumerate().find_map(|(at, byte)| {
        if byte == close && (open != close || at > 0) {
            depth = depth.saturating_sub(1);
            return (open == close || depth == 0).then_some(at);
        }
        depth += u32::from(byte == open);
        None
    })?;
    let inner = text[1..end].trim();
    // `[auth_openidc:error]` is Apache's.
    let last = inner.rsplit(':').next().filter(|last| last.len() < inner.len() && open == b'[').unwrap_or(inner);
    let part = if let Some(level) = Level::read_any(last).filter(|_| last.bytes().all(|byte| byte.is_ascii_alphabetic())) {
        Part::Level(level)
    } else if let Some((time, _, form)) = stamps::any(inner, style.month_first).filter(|(_, at, _)| *at == inner.len()) {
        Part::Time(time, form)
    } else {
        Part::Group(open, inner)
    };
    Some((part, &text[end + 1..]))
}

/// Length of a name that `=` follows.
pub(super) fn name_length(text: &str) -> Option<usize> {
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@' | b'/');
    let length = text.as_bytes().iter().take(64).take_while(|byte| name(byte)).count();
    (length > 0 && text.as_bytes().get(length) == Some(&b'=') && text.as_bytes()[0].is_ascii_alphabetic()).then_some(length)
}

fn pair(text: &str, style: Style) -> Option<(Part<'_>, &str)> {
    let length = name_length(text)?;
    let (name, value) = (&text[..length], &text[length + 1..]);
    if style.sign.is_some_and(|sign| name.as_bytes().contains(&sign)) {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "msg" | "message" | "text" => return Some((Part::Label(name), value)),
        "time" | "ts" | "timestamp" | "date" | "datetime" | "t" | "@timestamp" => {
            let bare = value.strip_prefix('"').unwrap_or(value);
            if let Some((time, at, form)) = stamps::any(bare, style.month_first) {
                let rest = &bare[at..];
                return Some((Part::Time(time, form), comma(rest.strip_prefix('"').unwrap_or(rest))));
            }
        }
        _ => {}
    }
    let (value, rest) = match value.strip_prefix('"') {
        Some(inner) => {
            let end = inner.bytes().take(LONGEST).position(|byte| byte == b'"')?;
            (&inner[..end], &inner[end + 1..])
        }
        None => {
            let end = value.bytes().take(LONGEST).position(|byte| matches!(byte, b' ' | b'\t' | b'|' | b']' | b')' | b';'));
            let end = end.unwrap_or(value.len().min(LONGEST));
            if !value.is_char_boundary(end) {
                return None;
            }
            (value[..end].trim_end_matches(','), &value[end..])
        }
    };
    if matches!(lower.as_str(), "level" | "lvl" | "severity" | "priority" | "loglevel" | "log.level")
        && let Some(level) = Level::read_any(value)
    {
        return Some((Part::Level(level), comma(rest)));
    }
    Some((Part::Pair(name, value), comma(rest)))
}

fn comma(rest: &str) -> &str {
    rest.strip_prefix(',').unwrap_or(rest)
}

/// Up to a blank, a bar, a semicolon or an opening bracket; a colon before a blank or behind a level is a sign of its own.
fn word(text: &str, style: Style) -> (Part<'_>, &str) {
    let bytes = text.as_bytes();
    let stops = |at: usize| {
        at > 0
            && match bytes[at] {
                byte if style.sign == Some(byte) => true,
                b' ' | b'\t' | b'|' | b'[' | b'(' | b'{' | b';' => true,
                b',' => style.commas || bytes.get(at + 1).is_none_or(|byte| matches!(byte, b' ' | b'\t')),
                b':' => {
                    bytes.get(at + 1).is_none_or(|byte| matches!(byte, b' ' | b'\t'))
                        || (at < 8 && Level::read(&text[..at]).is_some())
                }
                _ => false,
            }
    };
    let mut end = (0..bytes.len().min(LONGEST)).find(|at| stops(*at)).unwrap_or(bytes.len().min(LONGEST));
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let word = &text[..end];
    (Level::read(word).map_or(Part::Word(word), Part::Level), &text[end..])
}

/// Whether a text can be the name of a logger: a class with its package, or a class alone.
pub(super) fn is_logger(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$' | b'-' | b'/' | b'~' | b':');
    let bytes = text.as_bytes();
    if bytes.is_empty() || bytes.len() > 200 || !bytes.iter().all(|byte| plain(*byte)) || !bytes[0].is_ascii_alphabetic() {
        return false;
    }
    let dotted = text.contains('.') && !text.ends_with('.') && !text.contains("..");
    // `AbCd`: a class without its package; a word of a sentence has no capital but its first.
    let camel = bytes[0].is_ascii_uppercase()
        && bytes.iter().skip(1).any(u8::is_ascii_uppercase)
        && bytes.iter().any(u8::is_ascii_lowercase);
    dotted || camel || text == "AUDIT_LOG" || text == "API_LOG"
}

/// Whether a text can be the name of a thread.
pub(super) fn is_thread(text: &str) -> bool {
    let numbered = text.rsplit_once('-').is_some_and(|(name, number)| {
        !name.is_empty()
            && name.bytes().any(|byte| byte.is_ascii_alphabetic())
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && !number.is_empty()
    });
    let lower = text.to_ascii_lowercase();
    text == "main"
        || (numbered && text.len() <= 100)
        || lower.contains("thread")
        || lower.contains("worker")
        || lower.contains("executor")
}

/// The pairs of `a=b, c=d`, as Java writes a map; empty when the text is none.
pub(super) fn map(text: &str) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    let mut rest = text.trim();
    while let Some(length) = name_length(rest).filter(|_| pairs.len() < 64) {
        let (name, value) = (&rest[..length], &rest[length + 1..]);
        // A value may hold a comma: it ends where the next name begins.
        let mut from = 0;
        let end = loop {
            match value[from..].find([',', ' ']) {
                Some(at) if name_length(value[from + at..].trim_start_matches([',', ' '])).is_some() => break from + at,
                Some(at) => from += at + 1,
                None => break value.len(),
            }
        };
        pairs.push((name, value[..end].trim_matches('"')));
        rest = value[end..].trim_start_matches([',', ' ']);
    }
    if rest.is_empty() { pairs } else { Vec::new() }
}

/// Names that stand in a head and in no message.
pub(super) fn of_head(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.starts_with("kc.")
        || lower.starts_with("mdc.")
        || lower.starts_with("dd.")
        || lower.contains("trace")
        || lower.contains("span")
        || lower.contains("correlation")
        || matches!(
            lower.as_str(),
            "sampled"
                | "parentid"
                | "requestid"
                | "request_id"
                | "thread"
                | "logger"
                | "caller"
                | "pid"
                | "host"
                | "app"
                | "tenant"
                | "level"
                | "component"
        )
}
