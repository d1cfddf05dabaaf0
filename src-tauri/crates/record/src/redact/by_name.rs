//! Secrets by the name before them: `name=value`, `"name": "value"` at any depth of escapes, `Name: value` of headers, YAML and prose,
//! `{"name":"password","value":"…"}`, parts of a multipart form.

use memchr::memmem;

use super::{
    mask::{DOTS, JWT_DOTS, Mask, Nets},
    names,
    tells::tells,
};

/// Blanks between name, sign and value.
const BLANKS: usize = 24;

/// Least distance of a name from the value beside it at which they do not belong together, in bytes.
const BESIDE: usize = 256;
/// The same of the kind of a key and its members.
const KEY: usize = 4_096;
/// Objects around a place that are remembered.
const DEEPEST: usize = 64;

/// How a name stands before its sign.
struct Name<'a> {
    text: &'a str,
    quoted: bool,
    /// Where it begins.
    start: usize,
}

/// Ranges that are named as secrets.
pub(super) fn find(text: &[u8], nets: Nets, found: &mut Vec<Mask>) {
    // A pair `"name":"password"` makes a secret of the `"value"` beside it.
    let mut beside = false;
    let mut valued: Option<(usize, usize)> = None;
    let key = memmem::find(text, b"\"kty\"").is_some() || memmem::find(text, b"'kty'").is_some();
    // Where a name of a secret stood in `- name: DB_PASSWORD`.
    let mut in_line: Option<usize> = None;
    // Where a key in lines said its kind.
    let mut key_in_line: Option<usize> = None;
    // What was known of the objects around.
    let mut around: Vec<(bool, Option<(usize, usize)>)> = Vec::new();
    let mut from = 0;
    while let Some(at) = memchr::memchr3(b'=', b':', b'}', &text[from..]).map(|at| at + from) {
        from = at + 1;
        if text[at] == b'}' {
            (beside, valued) = around.pop().unwrap_or_default();
            continue;
        }
        let Some(name) = name_before(text, at) else { continue };
        // `=>` and `:=` are signs of two characters.
        let pair = matches!((text[at], text.get(at + 1)), (b'=', Some(b'>')) | (b':', Some(b'=')));
        let after = at + 1 + usize::from(pair);
        let blanks = text[after..].iter().take(BLANKS).take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        let value = Value { text, at: after + blanks, blanks };
        let member = name.quoted && (text[at] == b':' || pair);
        let range = if member {
            let quoted = value.quoted();
            if names::naming(name.text) {
                beside = quoted.is_some_and(|(start, end)| pointed(text, start, end)) || value.list_ends_in_name();
                // The value may have come first.
                found.extend(valued.filter(|_| beside).map(|(start, end)| Mask::dots(start, end)));
            }
            let of_pair = names::beside(name.text);
            if of_pair {
                valued = quoted.filter(|(start, end)| start < end);
            }
            if value.rest().first() == Some(&b'{') && around.len() < DEEPEST {
                around.push((beside, valued));
            }
            let private = key && names::of_key(name.text);
            let code = name.text == "code" && quoted.is_some_and(|(start, end)| redeemable(text, start, end));
            let one = names::of_one(name.text) && quoted.is_some() || is_header(name.text);
            let secret = names::sensitive_member(name.text) || of_pair && beside || private || nets == Nets::All && (code || one);
            let range = if secret { value.of_member(name.text) } else { None };
            // What an object holds begins anew.
            if value.rest().first() == Some(&b'{') {
                (beside, valued) = (false, None);
            }
            range
        } else if nets == Nets::Claims {
            None
        } else if text[at] == b'=' && !pair {
            if let Some(end) =
                Some(&value).filter(|_| names::naming(name.text)).and_then(|value| part_of_form(text, value, found))
            {
                from = end;
                continue;
            }
            if names::naming(name.text) {
                in_line = value.quoted().is_some_and(|(start, end)| pointed(text, start, end)).then_some(at);
            }
            // Of one element only.
            let close = |place: Option<usize>| {
                place.is_some_and(|place| at - place < BESIDE && memchr::memchr(b'>', &text[place..at]).is_none())
            };
            let beside = names::beside(name.text) && close(in_line) || close(key_in_line) && names::of_key(name.text);
            if name.text == "kty" {
                key_in_line = Some(at);
            }
            let digest = names::of_digest(name.text, value.quoted().map_or(&[][..], |(start, end)| &text[start..end]));
            if names::sensitive_parameter(name.text) || digest || names::of_one(name.text) || beside {
                value.of_parameter(&name)
            } else {
                None
            }
        } else if names::naming(name.text) && value.word().is_some_and(|(start, end)| holding(text, start, end)) {
            // `- name: DB_PASSWORD`, and the value on the next line.
            in_line = Some(at);
            None
        } else if names::beside(name.text) && in_line.is_some_and(|named| at - named < BESIDE) {
            in_line = None;
            value.of_line(&name)
        } else if names::of_key(name.text) && key_in_line.is_some_and(|kty| at - kty < KEY) {
            value.of_line(&name)
        } else if name.text == "kty" {
            key_in_line = Some(at);
            None
        } else if names::of_one(name.text)
            || names::sensitive_member(name.text)
            || is_header(name.text)
            || name.text.eq_ignore_ascii_case("code_verifier")
        {
            value.of_line(&name)
        } else {
            None
        };
        if let Some((start, end)) = range.filter(|(start, end)| start < end) {
            if !stands_for(&text[start..end]) && !tells(&text[start..end]) && !counts(name.text, &text[start..end]) {
                found.push(Mask::dots(start, end));
            }
            from = end.max(from);
        }
    }
}

/// Headers that carry credentials in several parts.
fn is_header(name: &str) -> bool {
    ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "dpop"]
        .iter()
        .any(|header| name.eq_ignore_ascii_case(header))
        // `Invalid Token: expired` is a sentence; a header has a dash in its name.
        || name.contains('-') && names::sensitive_header(name)
}

fn named(text: &[u8], start: usize, end: usize) -> bool {
    std::str::from_utf8(&text[start..end]).is_ok_and(names::sensitive_parameter)
}

fn holding(text: &[u8], start: usize, end: usize) -> bool {
    std::str::from_utf8(&text[start..end]).is_ok_and(names::sensitive_member)
}

fn pointed(text: &[u8], start: usize, end: usize) -> bool {
    std::str::from_utf8(&text[start..end]).is_ok_and(names::points_to_secret)
}

/// `denied by policy`: what became of an authorization, in words alone, of which the first is no scheme.
fn is_verdict(value: &[u8]) -> bool {
    const SCHEMES: [&[u8]; 8] = [b"basic", b"bearer", b"digest", b"negotiate", b"ntlm", b"mac", b"dpop", b"oauth"];
    let mut words = value.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let Some(first) = words.next() else { return false };
    !SCHEMES.iter().any(|scheme| first.eq_ignore_ascii_case(scheme))
        && tells(first)
        && value.len() <= 120
        && words.all(|word| word.len() <= 12 && word.iter().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b',')))
}

/// `tokens: 12` says how many there are.
fn counts(name: &str, value: &[u8]) -> bool {
    name.ends_with('s') && value.len() <= 6 && value.iter().all(u8::is_ascii_digit)
}

fn redeemable(text: &[u8], start: usize, end: usize) -> bool {
    std::str::from_utf8(&text[start..end]).is_ok_and(names::redeemable)
}

/// Whether a value was masked before, or is one that tells nothing.
fn stands_for(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    // In a command the end of the argument and of its line follow.
    let masked = value.strip_prefix(DOTS.as_bytes());
    if masked.is_some_and(|rest| rest.iter().all(|byte| b" '\"\\`^".contains(byte))) {
        return true;
    }
    let evidence = ["[access,", "[id token,", "[id", "[refresh,", "[token,", "[token itself]", "[the"];
    [DOTS, JWT_DOTS].iter().any(|mask| value == mask.as_bytes())
        || value.starts_with(b"[")
            && evidence.iter().any(|mask| value == mask.as_bytes() || value.starts_with(mask.as_bytes()) && mask.ends_with(','))
        || matches!(value, b"true" | b"false" | b"null" | b"none" | b"None" | b"*" | b"")
}

/// The name that ends at a sign, if there is one.
fn name_before(text: &[u8], sign: usize) -> Option<Name<'_>> {
    let back = |at: usize, is: fn(u8) -> bool, most: usize| {
        at - text[..at].iter().rev().take(most).take_while(|byte| is(**byte)).count()
    };
    let end = back(sign, |byte| matches!(byte, b' ' | b'\t'), BLANKS);
    let end = back(end, |byte| byte == b']', 1);
    let close = back(end, |byte| matches!(byte, b'"' | b'\'' | b'\\' | b'`'), 16);
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$') || byte >= 0x80;
    let mut start = back(close, is_name, names::LONGEST + 1);
    // Of a long run in another script the end is the name; no letter of it is torn apart.
    start += text[start..close].iter().take(4).take_while(|byte| matches!(**byte, 0x80..=0xBF)).count();
    let text = std::str::from_utf8(&text[start..close]).ok()?;
    (!text.is_empty() && text.len() <= names::LONGEST).then_some(Name { text, quoted: close < end, start })
}

/// What follows a sign.
struct Value<'a> {
    text: &'a [u8],
    at: usize,
    blanks: usize,
}

impl Value<'_> {
    fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The inside of a text in quotes, which may be escaped themselves: `\"…\"` within a JSON string.
    fn quoted(&self) -> Option<(usize, usize)> {
        let rest = self.rest();
        let escapes = rest.iter().take(16).take_while(|byte| **byte == b'\\').count();
        let quote = *rest.get(escapes).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
        let start = self.at + escapes + 1;
        let mut before = 0;
        for (index, byte) in self.text[start..].iter().enumerate() {
            // A backslash in the value is written as so many of them that they say nothing of the quote behind.
            if *byte == quote && before % (2 * escapes + 2) == escapes {
                return Some((start, start + index - escapes));
            }
            before = if *byte == b'\\' { before + 1 } else { 0 };
        }
        Some((start, self.text.len()))
    }

    fn until(&self, ends: impl Fn(u8) -> bool) -> (usize, usize) {
        let rest = self.rest();
        (self.at, self.at + rest.iter().position(|byte| ends(*byte)).unwrap_or(rest.len()))
    }

    /// A value of JSON, or of a language that writes its pairs so.
    fn of_member(&self, name: &str) -> Option<(usize, usize)> {
        if let Some(range) = self.quoted() {
            return Some(range);
        }
        match self.rest().first()? {
            // An object called `token` describes one.
            b'{' if name == "token" => None,
            b'{' => Some(self.until(|byte| byte == b'}')),
            b'[' => Some(self.until(|byte| byte == b']')),
            _ => Some(self.until(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b'}' | b']' | b'\\' | b'"'))),
        }
    }

    /// A value after `=`.
    fn of_parameter(&self, name: &Name<'_>) -> Option<(usize, usize)> {
        if let Some(range) = self.quoted() {
            return Some(range);
        }
        let strong = names::sensitive_member(name.text);
        // `state = x` in prose keeps its words, `client_secret = x` in a settings file does not.
        if self.blanks > 0 && !(strong && same_line(self)) {
            return None;
        }
        let before = name.start.checked_sub(1).and_then(|at| self.text.get(at));
        if self.blanks == 0 && matches!(before, Some(b'&' | b'?')) {
            return Some(self.until(|byte| byte.is_ascii_whitespace() || b"&#\"'<>".contains(&byte)));
        }
        let (start, end) = self.until(|byte| byte.is_ascii_whitespace() || b"&\"'<>;,)#".contains(&byte));
        (self.blanks == 0 || !is_prose(self.text, start, end)).then_some((start, end))
    }

    /// A value after a colon without quotes: of a header, of YAML, of a sentence.
    fn of_line(&self, name: &Name<'_>) -> Option<(usize, usize)> {
        // In `urn:ietf:params:oauth:token-type:jwt` and in an address nothing is a name.
        let before = name.start.checked_sub(1).and_then(|at| self.text.get(at));
        if matches!(before, Some(b':' | b'/' | b'@' | b'#')) {
            return None;
        }
        if !same_line(self) {
            return self.below(name);
        }
        if let Some(range) = self.block(name) {
            return range;
        }
        let cookie = name.text.to_ascii_lowercase().ends_with("cookie");
        if cookie {
            // No sentence has a longer word; a line that is none is passed over once.
            let head = &self.rest()[..self.rest().len().min(names::LONGEST)];
            let word = head.iter().position(|byte| byte.is_ascii_whitespace() || b"=;,".contains(byte)).unwrap_or(head.len());
            let line = head.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
            let sentence = !line.contains(&b'=') && (tells(&head[..word]) || is_prose(self.text, self.at, self.at + word));
            return (!sentence).then(|| self.until(|byte| matches!(byte, b'\n' | b'\r')));
        }
        if name.text.to_ascii_lowercase().ends_with("authorization") {
            let (start, mut end) = self.until(|byte| matches!(byte, b'\n' | b'\r' | b'"' | b'\''));
            // `Digest username="a", response="…"`
            if end > start && self.text[end - 1] == b'=' {
                end = self.until(|byte| matches!(byte, b'\n' | b'\r')).1;
            }
            if is_verdict(&self.text[start..end]) {
                return None;
            }
            // The scheme stays; a word that cannot be one goes with the rest.
            let scheme = memchr::memchr(b' ', &self.text[start..end]).filter(|blank| *blank <= 20);
            let scheme = scheme.filter(|blank| {
                self.text[start..start + blank]
                    .iter()
                    .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'4' | b'2' | b'5' | b'6'))
            });
            return Some((scheme.map_or(start, |blank| start + blank + 1), end));
        }
        if let Some(range) = self.quoted() {
            return Some(range);
        }
        // `token://…` is an address.
        if self.rest().starts_with(b"//") {
            return None;
        }
        let header = name.text.contains('-');
        let (start, end) =
            self.until(|byte| byte.is_ascii_whitespace() || b"\"'<>&".contains(&byte) || !header && b",;)}]".contains(&byte));
        let value = &self.text[start..end];
        let end = if matches!(value.last(), Some(b'.' | b'!')) { end - 1 } else { end };
        (!is_prose(self.text, start, end)).then_some((start, end))
    }
}

impl Value<'_> {
    /// The first word, in quotes or without.
    fn word(&self) -> Option<(usize, usize)> {
        if !same_line(self) {
            return None;
        }
        let most = (self.at + names::LONGEST).min(self.text.len());
        let start = self.at + usize::from(matches!(self.rest().first(), Some(b'"' | b'\'')));
        let length =
            self.text.get(start..most)?.iter().take_while(|byte| !byte.is_ascii_whitespace() && !b"\"',;".contains(byte)).count();
        (length > 0).then_some((start, start + length))
    }

    /// `["body", "password"]`: whether the last text of a short list names a secret.
    fn list_ends_in_name(&self) -> bool {
        let rest = self.rest();
        let rest = &rest[..rest.len().min(256)];
        if !matches!(rest.first(), Some(b'[' | b'(')) {
            return false;
        }
        let Some(end) = rest.iter().position(|byte| matches!(byte, b']' | b')')) else { return false };
        let inside = rest[1..end].trim_ascii_end();
        let inside = inside.strip_suffix(b",").unwrap_or(inside);
        let quoted = inside.split(|byte| matches!(byte, b'"' | b'\'')).rfind(|part| part.iter().any(u8::is_ascii_alphabetic));
        quoted.is_some_and(|name| named(name, 0, name.len()))
    }

    /// A value of YAML that begins on the line below its name and deeper, alone or as a list.
    fn below(&self, name: &Name<'_>) -> Option<(usize, usize)> {
        let line = name.start - self.text[..name.start].iter().rev().take(INDENT).take_while(|byte| **byte != b'\n').count();
        let indent = self.text[line..name.start].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let only = self.text[line..name.start].iter().all(|byte| b" \t-\"'".contains(byte));
        let deep = self.text[..self.at].iter().rev().take(BLANKS).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let newlines = self.text[self.at - self.blanks..self.at].iter().filter(|byte| **byte == b'\n').count();
        let list = self.rest().starts_with(b"- ");
        if !only || newlines != 1 || deep < indent || deep == indent && !list {
            return None;
        }
        if list {
            let start = self.at + 2;
            let mut at = start;
            while self.text.get(at..).is_some_and(|rest| !rest.is_empty()) {
                let rest = &self.text[at..];
                let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
                // Items with names of their own are read by those.
                if rest[..length].contains(&b':') {
                    return None;
                }
                at += length;
                let indent = self.text[at..].iter().take(INDENT).take_while(|byte| **byte == b' ').count();
                if !self.text[at + indent..].starts_with(b"- ") {
                    break;
                }
            }
            let end = start + self.text[start..at].trim_ascii_end().len();
            return (start < end).then_some((start, end));
        }
        let (start, end) = self.until(|byte| matches!(byte, b'\n' | b'\r'));
        let line = &self.text[start..end];
        let word = start + line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
        let mapping = line.ends_with(b":") || memmem::find(line, b": ").is_some();
        (!mapping && !is_prose(self.text, start, word)).then_some((start, end))
    }

    /// The lines of a block of YAML (`password: |`). The outer option is none where there is no block, the inner
    /// where nothing stands in it.
    fn block(&self, name: &Name<'_>) -> Option<Option<(usize, usize)>> {
        let line = name.start - self.text[..name.start].iter().rev().take(INDENT).take_while(|byte| **byte != b'\n').count();
        let before = &self.text[line..name.start];
        let indent = before.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'-')).count();
        let only = before[indent..].iter().all(|byte| matches!(byte, b'"' | b'\''));
        let rest = self.rest();
        let sign = rest.iter().take(4).take_while(|byte| b"|>+-123456789".contains(byte)).count();
        let blank = rest[sign..].iter().take(64).take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        let end = rest.get(sign + blank);
        if !only || !matches!(rest.first(), Some(b'|' | b'>')) || !matches!(end, Some(b'\n' | b'#')) {
            return None;
        }
        let mut at = self.at + sign + memchr::memchr(b'\n', &rest[sign..rest.len().min(REMARK)])? + 1;
        let start = at;
        while at < self.text.len() {
            let rest = &self.text[at..];
            let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let deep = rest[..length].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            if deep <= indent && !rest[..length].trim_ascii().is_empty() {
                break;
            }
            at += length;
        }
        let inside = &self.text[start..at];
        let first = inside.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let last = start + inside.trim_ascii_end().len();
        Some((start + first < last).then_some((start + first, last)))
    }
}

/// Longest remark behind the sign of a block, in bytes.
const REMARK: usize = 1_024;

/// Widest indent of a name, in bytes.
const INDENT: usize = 256;

fn same_line(value: &Value<'_>) -> bool {
    !value.text[value.at - value.blanks..value.at].contains(&b'\n')
}

/// Whether a word is one of a sentence: small letters only, and the sentence goes on with another such word.
fn is_prose(text: &[u8], start: usize, end: usize) -> bool {
    let word = &text[start..end];
    let small =
        |word: &[u8]| !word.is_empty() && word.iter().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'\'' | b'-'));
    let first = word.first().is_some_and(u8::is_ascii_alphabetic) && word.iter().skip(1).all(u8::is_ascii_lowercase);
    let next = text.get(end..).filter(|rest| rest.first() == Some(&b' ')).map(|rest| {
        let rest = &rest[1..];
        &rest[..rest.iter().take(32).position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len().min(32))]
    });
    first && next.is_some_and(small)
}

/// `name="password"` of a multipart form: its value stands after the blank line, up to the next boundary (RFC 7578 4.2).
fn part_of_form(text: &[u8], value: &Value<'_>, found: &mut Vec<Mask>) -> Option<usize> {
    let (_, end) = value.quoted().filter(|(start, end)| named(text, *start, *end))?;
    let head = &text[end..text.len().min(end + 256)];
    let blank = memmem::find(head, b"\r\n\r\n").map(|at| at + 4).or_else(|| memmem::find(head, b"\n\n").map(|at| at + 2))?;
    let from = end + blank;
    let to = memmem::find(&text[from..], b"\n--").map_or(text.len(), |at| from + at);
    let to = if to > from && text[to - 1] == b'\r' { to - 1 } else { to };
    found.push(Mask::dots(from, to));
    Some(to)
}
