//! Tokens in text of no shape that is known: whatever a program prints, a person writes, or a file format nobody read here.
//!
//! Two passes. One goes by names: what stands behind `access_token` and a sign that assigns, in whatever quotes, is that token.
//! The other goes by looks and needs no name: three parts with dots, of which the first is a JOSE header. Both look at each
//! letter a fixed number of times.

use std::borrow::Cow;

use super::{Place, fold, headers, layers, looks, names, other, place::named, walk::Walk};
use token::decode;

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
pub(super) fn by_name(text: &str, place: &Place, depth: usize, finder: &mut dyn Walk) -> Vec<(String, String, Place)> {
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
        let joint = Joint { scheme, authorization, apart: is_set(bounded_end(&text[..start])), call: names::is_call(name) };
        let Some(value) = value_after(text, at, joint) else { continue };
        left = left.saturating_sub(value.end.saturating_sub(at));
        let mut content: Cow<'_, str> = plain(&text[value.start..value.end], value.quote.is_some());
        if value.queried
            && let Some(decoded) = layers::percent(&content)
        {
            content = Cow::Owned(decoded);
        }
        if value.after_scheme && authorization {
            content = Cow::Owned(format!("Bearer {content}"));
        }
        // The end of a sentence, and names of a program, which have no quotes around them.
        if value.quote.is_none() {
            let bare = content.trim_end_matches(['.', ':', '!', '?']);
            if bare.len() < content.len() && !content.ends_with("..") && !looks::is_readable(&content) {
                content = Cow::Owned(bare.to_owned());
            }
            if other::is_code(content.trim()) && !authorization && !scheme {
                continue;
            }
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
            headers::header(name, content.trim(), &place, depth, finder);
        } else if scheme {
            let token = content.trim();
            if looks::is_plausible(token) && !looks::is_placeholder(token) && !looks::is_challenge(token) {
                let kind = looks::bearer_kind(token);
                finder.add(token, kind, "scheme Bearer", &place);
            }
        } else if names::is_cookie(name) {
            headers::cookies(&content, &place, depth, finder);
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

struct Value {
    start: usize,
    end: usize,
    quote: Option<char>,
    /// Written as in a query, where percent encoding belongs to the writing.
    queried: bool,
    /// A scheme stood in front of it, in a string of its own.
    after_scheme: bool,
}

/// Words of shells, of make files of containers and of options, after which a name and its value stand with a blank between them.
fn is_set(before: &str) -> bool {
    if before.ends_with("--") {
        return true;
    }
    let line = before.rsplit('\n').next().unwrap_or_default();
    let line = line.trim_start().to_ascii_lowercase();
    if !line.ends_with([' ', '\t']) {
        return false;
    }
    let mut words = line.split_whitespace().rev();
    match (words.next(), words.next()) {
        (Some("setenv" | "setx" | "env" | "arg" | "login"), _) => true,
        (Some(option), Some("set")) => option.starts_with('-'),
        _ => false,
    }
}

/// The end of a text, for looking back a little.
fn bounded_end(text: &str) -> &str {
    let from = (text.len().saturating_sub(120)..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    &text[from..]
}

/// What may stand between a name and its value.
#[derive(Clone, Copy)]
struct Joint {
    /// The name is a scheme, after which a blank is enough.
    scheme: bool,
    /// It is that of a header with a scheme before the token.
    authorization: bool,
    /// A blank is enough, because of the word in front of the name.
    apart: bool,
    /// A bracket is enough, because the name is that of a function.
    call: bool,
}

/// The value that a name at an offset is given, if it is given any.
fn value_after(text: &str, mut at: usize, joint: Joint) -> Option<Value> {
    let Joint { scheme, authorization, apart, call } = joint;
    let rest = |at: usize| text.get(at..).unwrap_or_default();
    let blank = |at: usize| at + (rest(at).len() - rest(at).trim_start_matches([' ', '\t']).len());
    // The quote that closes the name.
    let quoted = quote_at(rest(at));
    at += quoted.map_or(0, |(_, length)| length);
    at += usize::from(rest(at).starts_with(']'));
    // Binaries of Erlang: `<<"name">>,<<"value">>`.
    let binary = quoted.is_some() && rest(at).starts_with(">>");
    at += if binary { 2 } else { 0 };
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
        let called = call && quoted.is_none() && rest(at).starts_with('(') && quote_at(rest(at + 1)).is_some();
        if called {
            at += 1;
        } else if !(spaced && (scheme || apart || quoted.is_some()) || (scheme && rest(at).starts_with("%20"))) {
            return None;
        }
        at += if rest(at).starts_with("%20") { 3 } else { 0 };
    }
    // `"key": "access_token", "value": "T"` where no JSON could be read.
    let word = rest(at).trim_start_matches(['"', '\'', '\\', ' ', '\n', '\r', '\t']);
    if quoted.is_some() && word.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("value")) {
        let after = word[5..].trim_start_matches(['"', '\'', '\\', ' ']);
        at = text.len() - after.strip_prefix([':', '='])?.trim_start().len();
    } else if signs == 0 && !scheme && !apart && !call {
        return None;
    }
    if authorization {
        at += usize::from(rest(at).starts_with(['[', '{']));
    }
    at += if binary && rest(at).starts_with("<<") { 2 } else { 0 };
    // Prefixes of a string in Python and C#.
    for prefix in ["b'", "b\"", "u'", "u\"", "r'", "r\"", "f\"", "f'", "@\"", "$\""] {
        at += usize::from(rest(at).starts_with(prefix));
    }
    let opened = quote_at(rest(at));
    let mut start = at + opened.map_or(0, |(_, length)| length);
    if let Some((quote, _)) = opened {
        start += repeated(rest(start), quote);
    }
    let escapes = text[at..start].starts_with(['\\', '`']);
    let mut end = match opened {
        Some((quote, _)) => closed(rest(start), quote, escapes)?,
        None => {
            let body = rest(start);
            let spaces = usize::from(authorization || names::after_scheme(bounded(body)).is_some());
            unquoted(body, spaces)
        }
    };
    // `"Bearer " + "T"`: the scheme is a string of its own.
    let mut after_scheme = false;
    if let Some((quote, _)) = opened
        && names::SCHEMES.iter().any(|scheme| text[start..start + end].trim().eq_ignore_ascii_case(scheme))
    {
        let after = bounded(rest(start + end + quote.len_utf8()));
        let next = after.trim_start_matches([' ', '+', '.', '&', ',']);
        if next.len() < after.len()
            && let Some((quote, length)) = quote_at(next)
        {
            start += end + quote.len_utf8() + (after.len() - next.len()) + length;
            end = closed(rest(start), quote, false)?;
            after_scheme = true;
        }
    }
    (end > 0).then_some(Value { start, end: start + end, quote: opened.map(|(quote, _)| quote), queried, after_scheme })
}

/// Further quotes of a string that begins with two or three of them.
fn repeated(rest: &str, quote: char) -> usize {
    let more = rest.chars().take_while(|letter| *letter == quote).count();
    let text = rest.chars().nth(more).is_some_and(|next| next.is_ascii_alphanumeric() || next == '\n');
    if (1..=2).contains(&more) && text { more * quote.len_utf8() } else { 0 }
}

/// Where the quote stands that closes a string. An escaped quote closes one that an escaped quote opened, and stands inside any
/// other.
fn closed(body: &str, quote: char, escapes: bool) -> Option<usize> {
    let mut escaped = false;
    for (index, letter) in body.char_indices() {
        if letter == '\n' {
            return None;
        }
        if letter == quote && (escapes || !escaped) {
            return Some(if escapes && body[..index].ends_with(['\\', '`']) { index - 1 } else { index });
        }
        escaped = letter == '\\' && !escaped;
    }
    None
}

fn bounded(text: &str) -> &str {
    token::bounded::up_to(text, 64)
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

/// Tokens in compact serialisation wherever they stand, and those of a known make.
pub(super) fn by_looks(text: &str, place: &Place, finder: &mut dyn Walk) {
    words(text, true, place, finder);
}

/// Tokens in compact serialisation alone.
pub(super) fn readable(text: &str, place: &Place, finder: &mut dyn Walk) {
    words(text, false, place, finder);
}

fn words(text: &str, made_too: bool, place: &Place, finder: &mut dyn Walk) {
    let bytes = text.as_bytes();
    let lines = Lines::of(text);
    // Lines that turn out to be no token are read again one by one; only so much of that is done.
    let mut left = text.len().saturating_mul(3);
    let mut at = 0;
    while at < bytes.len() {
        if !looks::loose(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && looks::loose(bytes[at]) {
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
        if let Some((joined, end)) = fold::wrapped(text, start, at, &mut left) {
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

/// Tokens of a known make that need no name.
fn made(word: &str, start: usize, text: &str, lines: &Lines, place: &Place, finder: &mut dyn Walk) {
    for part in word.split(['=', '+']).map(|part| part.trim_matches('.')).filter(|part| (12..=4_096).contains(&part.len())) {
        // Google's refresh tokens have slashes; the others stand between them.
        let known = |text: &str| token::decode::opaque::is_known(text) && !text.contains("//") || text.starts_with("1//");
        for one in std::iter::once(part).chain(part.split('/').filter(|one| one.len() < part.len())) {
            if (known(one) && looks::is_plausible(one)) || (one.starts_with('v') && looks::is_made(one)) {
                finder.add(one, None, &around(text, start, word.len(), one), &with_line(lines, start, place));
                break;
            }
        }
    }
}

/// Takes the tokens of one word; false when it had none.
fn in_word(word: &str, start: usize, text: &str, lines: &Lines, place: &Place, finder: &mut dyn Walk) -> bool {
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

fn in_run(run: &str, source: &dyn Fn(&str) -> String, place: &Place, finder: &mut dyn Walk) -> bool {
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
        // Emphasis in Markdown, whose sign is a letter of base64url.
        if parts[index][..offset].ends_with('_') && token.ends_with('_') {
            token.pop();
        }
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
