//! Keys in text that is no JSON and no PEM by the letter: with comments, in the notation of a program, between other words, in
//! XML. Whoever pastes one means the key, and none of it may ever be taken for a shared secret.

use serde_json::Value;

use super::{
    material::{Material, trim},
    nested::jwks,
};
use crate::{
    bounded,
    decode::{
        self,
        json::{self, Oddity},
    },
};

/// Where JSON may begin in a text is tried this many times.
const STARTS: usize = 12;

/// A text without what only its way here put into it: zeros of UTF-16, marks of the byte order, blanks that are none.
pub(super) fn plain(text: &str) -> String {
    let text = ["ï»¿", "ÿþ", "þÿ", "\u{fffd}\u{fffd}"].iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text);
    text.chars()
        .filter(|letter| !matches!(letter, '\0' | '\u{feff}' | '\u{200b}' | '\u{2060}' | '\u{ad}'))
        .map(|letter| if matches!(letter, '\u{a0}' | '\u{202f}') { ' ' } else { letter })
        .collect()
}

/// JSON as programs write it: with comments, single quotes, names without quotes, Python's words. None where nothing was changed.
pub(super) fn relaxed(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 64);
    let mut letters = text.char_indices().peekable();
    let mut changed = false;
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' | '\'' => {
                changed |= letter == '\'';
                out.push('"');
                let mut escaped = false;
                for (_, inner) in letters.by_ref() {
                    if inner == letter && !escaped {
                        break;
                    }
                    if letter == '\'' && inner == '"' && !escaped {
                        out.push('\\');
                    }
                    escaped = inner == '\\' && !escaped;
                    out.push(inner);
                }
                out.push('"');
            }
            '/' | '#' if letter == '#' || letters.peek().is_some_and(|(_, next)| matches!(next, '/' | '*')) => {
                changed = true;
                let long = letters.next_if(|(_, next)| letter == '/' && *next == '*').is_some();
                let mut last = ' ';
                for (_, inner) in letters.by_ref() {
                    if (!long && inner == '\n') || (long && last == '*' && inner == '/') {
                        break;
                    }
                    last = inner;
                }
                out.push(' ');
            }
            letter if letter.is_ascii_alphabetic() || letter == '_' => {
                let mut end = at + letter.len_utf8();
                while letters.next_if(|(_, next)| next.is_ascii_alphanumeric() || *next == '_').is_some_and(|(at, next)| {
                    end = at + next.len_utf8();
                    true
                }) {}
                let word = &text[at..end];
                if bounded::up_to(&text[end..], 32).trim_start().starts_with(':') {
                    changed = true;
                    out.push_str(&format!("\"{word}\""));
                } else {
                    let plain = match word {
                        "None" | "nil" | "undefined" => "null",
                        "True" => "true",
                        "False" => "false",
                        other => other,
                    };
                    changed |= plain != word;
                    out.push_str(plain);
                }
            }
            other => out.push(other),
        }
    }
    changed.then_some(out)
}

/// The first JSON in a text that holds keys, with words around it; also several texts one after the other, as one list.
pub(super) fn between(text: &str) -> Option<(Value, Vec<Oddity>)> {
    if !text.contains("kty") && !text.contains("keys") {
        return None;
    }
    let mut found: Vec<Value> = Vec::new();
    let mut odd = Vec::new();
    let (mut at, mut tries) = (0, 0);
    while let Some(start) = text[at..].find(['{', '[']).map(|found| at + found) {
        tries += 1;
        if tries > STARTS {
            break;
        }
        let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<serde::de::IgnoredAny>();
        let read = values.next().is_some_and(|value| value.is_ok());
        let end = start + values.byte_offset();
        match text.get(start..end).filter(|_| read).map(|slice| json::read(slice.as_bytes())) {
            Some(Ok((value, seen))) if end > start => {
                if jwks(&value, 4).is_some() {
                    found.push(value);
                    odd.extend(seen);
                }
                at = end;
            }
            _ => at = start + 1,
        }
    }
    match found.len() {
        0 => None,
        1 => found.pop().map(|value| (value, odd)),
        _ => Some((Value::Array(found), odd)),
    }
}

/// DER in base64 that is broken into lines, or stands among words: its own length says where it ends.
pub(super) fn der_among(text: &str) -> Option<Vec<u8>> {
    let mut tries = 0;
    for (at, _) in text.match_indices("MI") {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|letter| letter.is_ascii_alphanumeric() || "+/-_".contains(letter)) {
            continue;
        }
        tries += 1;
        if tries > STARTS {
            return None;
        }
        let letters = |most: usize| -> String {
            text[at..]
                .chars()
                .filter(|letter| !letter.is_whitespace())
                .take(most)
                .take_while(|letter| letter.is_ascii_alphanumeric() || "+/-_=".contains(*letter))
                .map(|letter| match letter {
                    '+' => '-',
                    '/' => '_',
                    other => other,
                })
                .collect()
        };
        let Some(head) = decode::bytes_of(&letters(8)) else { continue };
        let length = match head.as_slice() {
            [0x30, 0x81, low, ..] => usize::from(*low) + 3,
            [0x30, 0x82, high, low, ..] => (usize::from(*high) << 8 | usize::from(*low)) + 4,
            _ => continue,
        };
        let due = length.div_ceil(3) * 4;
        let body = letters(due);
        if let Some(bytes) = decode::bytes_of(body.trim_end_matches('=')).filter(|bytes| bytes.len() == length) {
            return Some(bytes);
        }
    }
    None
}

/// A key of .NET (`RSAKeyValue`) or of XML signatures, by its elements; whether it is private.
pub(super) fn rsa_of_xml(text: &str) -> Option<(Material, bool)> {
    let element = |name: &str| {
        let (_, rest) = text.split_once(&format!("{name}>"))?;
        let inner: String = rest.split("</").next()?.chars().filter(|letter| !letter.is_whitespace()).collect();
        decode::bytes_of(inner.replace('+', "-").replace('/', "_").trim_end_matches('='))
    };
    if !text.contains("Modulus>") {
        return None;
    }
    let private = text.contains("<D>") || text.contains("<InverseQ>");
    Some((Material::Rsa { n: trim(&element("Modulus")?), e: trim(&element("Exponent")?) }, private))
}
