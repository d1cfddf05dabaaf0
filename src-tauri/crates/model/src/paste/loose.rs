//! Tokens in text of no shape that is known: whatever a program prints, a person writes, or a file format nobody read here.
//!
//! Two passes. One goes by names: what stands behind `access_token` and a sign that assigns, in whatever quotes, is that token.
//! The other goes by looks and needs no name: three parts with dots, of which the first is a JOSE header. Both look at each
//! letter a fixed number of times.

use std::borrow::Cow;

use super::{Finder, Place, layers, looks, names, place::named};
use crate::{decode, token::TokenKind};

/// Fewest characters of a token that is known by its looks alone.
const SHORTEST: usize = 20;

/// Which line an offset stands in, for texts of several.
pub(super) struct Lines {
    ends: Vec<usize>,
}

impl Lines {
    pub fn of(text: &str) -> Self {
        let trimmed = text.trim_end();
        Self { ends: memchr::memchr_iter(b'\n', trimmed.as_bytes()).collect() }
    }

    /// `, line 3`, or nothing where there is one line.
    pub fn words(&self, at: usize) -> String {
        if self.ends.is_empty() { String::new() } else { format!(", line {}", self.ends.partition_point(|end| *end < at) + 1) }
    }
}

fn name_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.".contains(&byte)
}

/// Values behind names that carry tokens, and behind the word Bearer.
///
/// Gives what looks like the beginning of a token that goes on elsewhere, by name, text and place.
pub(super) fn by_name(text: &str, place: &Place, depth: usize, finder: &mut Finder) -> Vec<(String, String, Place)> {
    let mut cut = Vec::new();
    let bytes = text.as_bytes();
    let lines = Lines::of(text);
    // Values that turn out to be none are read again as names; only so much of that is done.
    let mut left = text.len().saturating_mul(4).saturating_add(4_096);
    let mut at = 0;
    while at < bytes.len() {
        if !name_letter(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && name_letter(bytes[at]) {
            at += 1;
        }
        let name = &text[start..at];
        let scheme = names::SCHEMES[..2].iter().any(|known| name.eq_ignore_ascii_case(known));
        let authorization = names::is_authorization(name);
        let carries = names::carries(name);
        if !(scheme || authorization || carries.is_some() || names::is_cookie(name)) || left == 0 {
            continue;
        }
        let Some(value) = value_after(text, at, scheme, authorization) else { continue };
        left = left.saturating_sub(value.end.saturating_sub(at));
        let mut content: Cow<'_, str> = plain(&text[value.start..value.end], value.quote.is_some());
        if value.queried
            && let Some(decoded) = layers::percent(&content)
        {
            content = Cow::Owned(decoded);
        }
        let place = Place { near: format!("{}{}", lines.words(start), place.near), far: place.far.clone() };
        let before = finder.count();
        let bare = names::after_scheme(&content).map_or(content.trim(), |(_, token)| token);
        if bare.starts_with("eyJ") && !looks::is_compact(bare) && value.quote.is_none() && looks::is_readable(bare) {
            if cut.len() < 50 && carries.is_some() {
                cut.push((name.to_owned(), bare.to_owned(), place));
            }
            continue;
        }
        if authorization {
            finder.header(name, content.trim(), &place, depth);
        } else if scheme {
            let token = content.trim();
            if looks::is_plausible(token) && !looks::is_placeholder(token) && !is_challenge(token) {
                let kind = finder.bearer_kind(token);
                finder.add(token, kind, "scheme Bearer", &place);
            }
        } else if names::is_cookie(name) {
            finder.cookies(&content, &place, depth);
        } else if value.quote.is_some() || looks::is_plausible(content.trim()) || names::after_scheme(&content).is_some() {
            let text = names::after_scheme(&content).map_or(content.trim(), |(_, token)| token);
            // A word after a name in a sentence is what is said of the token, not the token.
            if looks::is_plausible(text)
                || (value.quote.is_some() && carries.is_some_and(|carries| carries.sure) && text.len() >= 3)
            {
                finder.named(name, text, &format!("value of {}", named(name)), &place, depth);
            }
        }
        if finder.count() > before {
            at = value.end;
        }
    }
    cut
}

/// `error="invalid_token"` after Bearer is a challenge and no token (RFC 6750 3).
pub(super) fn is_challenge(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, value)| {
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            && (value.starts_with(['"', '\'', '\\'])
                || matches!(name, "realm" | "error" | "scope" | "resource_metadata" | "error_description"))
    })
}

struct Value {
    start: usize,
    end: usize,
    quote: Option<char>,
    /// Written as in a query, where percent encoding belongs to the writing.
    queried: bool,
}

/// The value that a name at an offset is given, if it is given any.
fn value_after(text: &str, mut at: usize, scheme: bool, authorization: bool) -> Option<Value> {
    let rest = |at: usize| text.get(at..).unwrap_or_default();
    let blank = |at: usize| at + (rest(at).len() - rest(at).trim_start_matches([' ', '\t']).len());
    // The quote that closes the name.
    let quoted = quote_at(rest(at));
    at += quoted.map_or(0, |(_, length)| length);
    at += usize::from(rest(at).starts_with(']'));
    at = blank(at);
    let mut queried = false;
    let mut signs = 0;
    loop {
        let rest = rest(at);
        let sign = ["=>", ":=", "==", "->", "=", ":"].iter().find(|sign| rest.starts_with(**sign));
        match sign {
            Some(sign) if signs == 0 => {
                queried = *sign == "=" && quoted.is_none() && !rest[1..].starts_with([' ', '"', '\'']);
                at = blank(at + sign.len());
                signs += 1;
            }
            None if signs == 0 && quoted.is_some() && rest.starts_with(',') => {
                at = blank(at + 1);
                signs += 1;
            }
            None if signs == 0 && rest.starts_with('>') => {
                at = blank(at + 1);
                signs += 1;
            }
            _ => break,
        }
    }
    if signs == 0 {
        // `Bearer T`, and an attribute `name="x" value="T"`.
        let spaced = rest(at.saturating_sub(1)).starts_with([' ', '\t']);
        if !(spaced && (scheme || quoted.is_some()) || (scheme && rest(at).starts_with("%20"))) {
            return None;
        }
        at += if rest(at).starts_with("%20") { 3 } else { 0 };
    }
    // `"key": "access_token", "value": "T"` where no JSON could be read.
    let word = rest(at).trim_start_matches(['"', '\'', '\\', ' ', '\n', '\r', '\t']);
    if quoted.is_some() && word.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("value")) {
        let after = word[5..].trim_start_matches(['"', '\'', '\\', ' ']);
        at = text.len() - after.strip_prefix([':', '='])?.trim_start().len();
    } else if signs == 0 && !scheme {
        return None;
    }
    if authorization {
        at += usize::from(rest(at).starts_with(['[', '{']));
    }
    // Prefixes of a string in Python and C#.
    for prefix in ["b'", "b\"", "u'", "u\"", "r'", "r\"", "f\"", "f'", "@\"", "$\""] {
        at += usize::from(rest(at).starts_with(prefix));
    }
    let opened = quote_at(rest(at));
    let start = at + opened.map_or(0, |(_, length)| length);
    let body = rest(start);
    let end = match opened {
        Some((quote, _)) => {
            // An escaped quote closes a value that an escaped quote opened, and stands inside any other.
            let mut end = None;
            let mut escaped = false;
            for (index, letter) in body.char_indices() {
                if letter == '\n' {
                    break;
                }
                if letter == quote {
                    let escapes = text[at..start].starts_with(['\\', '`']);
                    if escapes || !escaped {
                        end = Some(if escapes && body[..index].ends_with(['\\', '`']) { index - 1 } else { index });
                        break;
                    }
                }
                escaped = letter == '\\' && !escaped;
            }
            end?
        }
        None => {
            let spaces = usize::from(authorization || names::after_scheme(bounded(body)).is_some());
            unquoted(body, spaces)
        }
    };
    (end > 0).then_some(Value { start, end: start + end, quote: opened.map(|(quote, _)| quote), queried })
}

fn bounded(text: &str) -> &str {
    crate::bounded::up_to(text, 64)
}

/// Length of a value without quotes, over which one blank may stand where a scheme is before it.
fn unquoted(body: &str, mut spaces: usize) -> usize {
    for (at, letter) in body.char_indices() {
        match letter {
            ' ' if spaces > 0 && at > 0 => spaces -= 1,
            letter
                if letter.is_whitespace() || letter.is_control() || "\"'`<>(){}[],;&".contains(letter) || !letter.is_ascii() =>
            {
                return at;
            }
            '\\' if !body[at + 1..].starts_with(['!', '$', '*', '|', '&', '=', '~', '#', '.', '-']) => return at,
            _ => {}
        }
    }
    body.len()
}

/// A quote, escaped or not, and how many bytes it takes.
fn quote_at(text: &str) -> Option<(char, usize)> {
    let bare = text.trim_start_matches(['\\', '^']);
    let escapes = text.len() - bare.len();
    let bare =
        if escapes == 0 { bare.strip_prefix('`').filter(|rest| rest.starts_with(['"', '\''])).unwrap_or(bare) } else { bare };
    let quote = bare.chars().next().filter(|letter| matches!(letter, '"' | '\'' | '`'))?;
    (escapes <= 8).then_some((quote, text.len() - bare.len() + quote.len_utf8()))
}

/// A value without the escapes of the language it stood in.
fn plain(text: &str, quoted: bool) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some(kind @ ('u' | 'x')) if quoted => {
                let mut code = 0_u32;
                for _ in 0..if kind == 'u' { 4 } else { 2 } {
                    let Some(digit) = letters.next_if(char::is_ascii_hexdigit) else { break };
                    code = code << 4 | digit.to_digit(16).unwrap_or_default();
                }
                out.extend(char::from_u32(code));
            }
            Some('n' | 'r' | 't') => out.push(' '),
            Some(other) => out.push(other),
            None => {}
        }
    }
    Cow::Owned(out)
}

/// Whether a letter may be part of a token in compact serialisation, written as strictly as RFC 7515 2 asks.
fn strict(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

/// Tokens in compact serialisation wherever they stand, and those of a known make.
pub(super) fn by_looks(text: &str, place: &Place, finder: &mut Finder) {
    words(text, true, place, finder);
}

/// Tokens in compact serialisation alone.
pub(super) fn readable(text: &str, place: &Place, finder: &mut Finder) {
    words(text, false, place, finder);
}

fn words(text: &str, made_too: bool, place: &Place, finder: &mut Finder) {
    let bytes = text.as_bytes();
    let lines = Lines::of(text);
    // Lines that turn out to be no token are read again one by one; only so much of that is done.
    let mut left = text.len().saturating_mul(3);
    let mut at = 0;
    while at < bytes.len() {
        if !loose(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && loose(bytes[at]) {
            at += 1;
        }
        let word = &text[start..at];
        if word.len() < SHORTEST / 2 || !(word.contains('.') || at < bytes.len() && bytes[at].is_ascii_whitespace()) {
            if made_too {
                made(word, start, text, &lines, place, finder);
            }
            continue;
        }
        // A token that was broken into lines goes on in the next one.
        if let Some((joined, end)) = wrapped(text, start, at, &mut left) {
            let before = finder.count();
            in_word(&joined, start, text, &lines, place, finder);
            if finder.count() > before {
                at = end;
                continue;
            }
        }
        if !in_word(word, start, text, &lines, place, finder) && made_too {
            made(word, start, text, &lines, place, finder);
        }
    }
}

/// With padding and the letters of standard base64, which stand between words as well.
fn loose(byte: u8) -> bool {
    strict(byte) || b"+/=".contains(&byte)
}

/// Tokens of a known make that need no name.
fn made(word: &str, start: usize, text: &str, lines: &Lines, place: &Place, finder: &mut Finder) {
    for part in word.split(['=', '+']).map(|part| part.trim_matches('.')).filter(|part| (12..=4_096).contains(&part.len())) {
        // Google's refresh tokens have slashes; the others stand between them.
        let known = |text: &str| crate::decode::opaque::is_known(text) && !text.contains("//") || text.starts_with("1//");
        for one in std::iter::once(part).chain(part.split('/').filter(|one| one.len() < part.len())) {
            if (known(one) && looks::is_plausible(one)) || (one.starts_with('v') && looks::is_made(one)) {
                finder.add(one, None, &around(text, start, word.len(), one), &with_line(lines, start, place));
                break;
            }
        }
    }
}

/// Takes the tokens of one word; false when it had none.
fn in_word(word: &str, start: usize, text: &str, lines: &Lines, place: &Place, finder: &mut Finder) -> bool {
    if word.bytes().filter(|byte| *byte == b'.').count() < 2 || word.len() < SHORTEST {
        return false;
    }
    let source = |token: &str| around(text, start, word.len(), token);
    let here = with_line(lines, start, place);
    let mut found = false;
    let whole = word.trim_end_matches('.');
    if word.bytes().any(|byte| b"+/=".contains(&byte)) {
        // Padding stands in front of dots and at the end; what stands in front of the header is a name.
        let from =
            whole.split('.').next().and_then(|first| first.trim_end_matches('=').rfind(['=', '/', '+'])).map_or(0, |at| at + 1);
        for from in [0, from] {
            let candidate = &whole[from..];
            let mut parts = candidate.split('.');
            let (header, payload) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let path = candidate.split('.').any(|part| part.contains('/') && part.trim_end_matches('=').contains('='));
            if !path
                && looks::is_header(header, payload).is_some()
                && looks::is_compact(candidate)
                && !candidate.trim_end_matches('=').contains("==/")
                && !tail_is_path(candidate)
            {
                finder.add(candidate, None, &source(candidate), &here);
                return true;
            }
        }
    }
    for part in word.split(['+', '/', '=']) {
        found |= in_run(part, &source, &here, finder);
    }
    found
}

/// A signature of base64url that a slash follows is in an address: `https://a/T/more`.
fn tail_is_path(candidate: &str) -> bool {
    let tail = candidate.rsplit('.').next().unwrap_or_default();
    tail.contains('/') && tail.contains(['-', '_'])
}

fn in_run(run: &str, source: &dyn Fn(&str) -> String, place: &Place, finder: &mut Finder) -> bool {
    let parts: Vec<&str> = run.split('.').collect();
    let mut found = false;
    let mut index = 0;
    while index + 2 < parts.len() {
        let Some((offset, encrypted)) = header_in(parts[index], parts[index + 1]) else {
            index += 1;
            continue;
        };
        let mut need = if encrypted { 5 } else { 3 };
        // A key binding JWT at the end of an SD-JWT brings two dots along.
        if !encrypted
            && let Some((_, binding)) = parts[index + 2].rsplit_once('~')
            && !binding.is_empty()
            && index + 4 < parts.len()
        {
            need = 5;
        }
        if index + need > parts.len() {
            index += 1;
            continue;
        }
        let mut token = parts[index..index + need].join(".");
        token.drain(..offset);
        if token.ends_with('.') && !unsecured(&token) {
            index += 1;
            continue;
        }
        let stood = if finder.wants(&token) { source(&token) } else { String::new() };
        finder.add(&token, None, &stood, place);
        found = true;
        index += need;
    }
    found
}

/// Whether the header says `none`, with which the signature is empty.
fn unsecured(token: &str) -> bool {
    decode::decode(token)
        .header
        .is_some_and(|header| header.get("alg").and_then(|alg| alg.as_str()).is_some_and(|alg| alg.eq_ignore_ascii_case("none")))
}

/// Where in a part the header begins, and whether it is that of an encrypted token. Something may be stuck to it in front.
fn header_in(part: &str, payload: &str) -> Option<(usize, bool)> {
    if let Some(encrypted) = looks::is_header(part, payload) {
        return Some((0, encrypted));
    }
    part.match_indices("eyJ")
        .take(4)
        .filter(|(at, _)| *at > 0)
        .find_map(|(at, _)| Some((at, looks::is_header(&part[at..], payload)?)))
}

/// The token that begins in a line and goes on in the next ones, joined, and where it ends.
fn wrapped(text: &str, start: usize, end: usize, left: &mut usize) -> Option<(String, usize)> {
    let width = end - text[..end].rfind('\n').map_or(0, |at| at + 1);
    let first = &text[start..end];
    if *left == 0 || width < 40 || !text[end..].trim_start_matches([' ', '\\', '^', '`', '\r']).starts_with('\n') {
        return None;
    }
    let header = first.split('.').next().unwrap_or_default();
    let header = header.find("eyJ").map_or(header, |at| &header[at..]);
    let headed = looks::is_header(header, "").is_some();
    // A header of its own may be longer than a line.
    if !headed && !header.starts_with("eyJ") {
        return None;
    }
    let least = shortest_signature(header);
    let mut dots = first.bytes().filter(|byte| *byte == b'.').count();
    let mut joined = first.to_owned();
    let mut at = end;
    for _ in 0..4_000 {
        let signature = joined.len() - joined.rfind('.').map_or(0, |dot| dot + 1);
        if *left == 0 || (dots == 2 && signature >= least) || dots > 4 {
            break;
        }
        let rest = &text[at..];
        let line =
            rest.strip_prefix(" \\").or_else(|| rest.strip_prefix(['\\', '^', '`'])).unwrap_or(rest).trim_start_matches(' ');
        let line = line.strip_prefix('\r').unwrap_or(line);
        let Some(line) = line.strip_prefix('\n') else { break };
        let line = line.trim_start_matches([' ', '\t', '>', '|']);
        let from = text.len() - line.len();
        let length = line.bytes().take_while(|byte| loose(*byte)).count();
        let after = &line[length..];
        let ends = after.chars().next().is_none_or(|next| "\r\n\"'`,;)}]<\\&".contains(next))
            || bounded(after).trim_start_matches([' ', '\t', '\\']).starts_with(['\n', '\r']);
        let piece = &line[..length];
        let has = |is: fn(&u8) -> bool| piece.bytes().any(|byte| is(&byte));
        let mixed = has(u8::is_ascii_digit) || (has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)) || length >= 20;
        // A complete token is left as it is, unless the next line can be nothing else.
        let more = dots < 2 || (mixed && (dots != 2 || length >= 4));
        if length == 0
            || !ends
            || !more
            || (piece.contains('=') && !piece.trim_end_matches('=').bytes().all(strict))
            || is_start(piece)
        {
            break;
        }
        *left = left.saturating_sub(length + 1);
        dots += piece.bytes().filter(|byte| *byte == b'.').count();
        joined.push_str(piece);
        at = from + length;
    }
    (at > end).then_some((joined, at))
}

/// Whether a line begins with a token of its own.
fn is_start(piece: &str) -> bool {
    let mut parts = piece.split('.');
    let header = parts.next().unwrap_or_default();
    piece.contains('.') && header.starts_with("eyJ") && looks::is_header(header, parts.next().unwrap_or_default()).is_some()
}

/// Fewest letters of a signature by the algorithm of the header, so that it is known whether something must follow.
fn shortest_signature(header: &str) -> usize {
    let header = decode::bytes_of(header).and_then(|bytes| decode::json::read(&bytes).ok());
    match header.as_ref().and_then(|(header, _)| header.get("alg")?.as_str()) {
        Some("HS256") => 43,
        Some("ES256" | "EdDSA" | "Ed25519" | "HS512") => 86,
        Some("HS384") => 64,
        Some("ES384") => 128,
        Some("ES512") => 176,
        Some("RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512") => 342,
        _ => 0,
    }
}

/// What stands in front of a token says where it stood.
fn around(text: &str, start: usize, length: usize, token: &str) -> String {
    let word = text.get(start..start + length).unwrap_or_default();
    let before = &text[..start + word.find(bounded(token)).unwrap_or_default()];
    let before = before.trim_end_matches(['"', '\'', '\\', ' ', '`']);
    let Some(before) = before.strip_suffix(['=', ':']) else { return "text around it".into() };
    let before = before.trim_end_matches(['"', '\'', '\\', ' ', ':', '`']);
    let from = before.bytes().rev().take(65).take_while(|byte| name_letter(*byte)).count();
    let name = &before[before.len() - from..];
    // What is longer is no name, and may be a token itself.
    if !(2..=48).contains(&name.len()) || name.contains("eyJ") || !name.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        "text around it".into()
    } else {
        format!("value of {name}")
    }
}

fn with_line(lines: &Lines, start: usize, place: &Place) -> Place {
    Place { near: format!("{}{}", lines.words(start), place.near), far: place.far.clone() }
}

/// The kind of a token sent with a scheme: an access token, unless it says it is something else.
pub(super) fn bearer_kind(token: &str) -> Option<TokenKind> {
    let guess = looks::guess(token);
    Some(if guess == TokenKind::Other { TokenKind::Access } else { guess })
}
