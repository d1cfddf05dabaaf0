//! Secrets by the name before them: `name=value`, `"name": "value"` at any depth of escapes, `Name: value` of headers, YAML and prose,
//! `{"name":"password","value":"…"}`, parts of a multipart form.

use memchr::memmem;

use super::{
    names,
    scan::{Mask, Nets},
};

/// Blanks between name, sign and value.
const BLANKS: usize = 8;

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
    let mut from = 0;
    while let Some(at) = memchr::memchr3(b'=', b':', b'}', &text[from..]).map(|at| at + from) {
        from = at + 1;
        if text[at] == b'}' {
            (beside, valued) = (false, None);
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
                beside = quoted.is_some_and(|(start, end)| named(text, start, end));
                // The value may have come first.
                found.extend(valued.filter(|_| beside).map(|(start, end)| Mask::dots(start, end)));
            }
            let of_pair = names::beside(name.text);
            if of_pair {
                valued = quoted.filter(|(start, end)| start < end);
            }
            let private = key && matches!(name.text, "d" | "p" | "q" | "dp" | "dq" | "qi" | "k");
            let code = name.text == "code" && quoted.is_some_and(|(start, end)| redeemable(text, start, end));
            let secret = names::sensitive_member(name.text) || of_pair && beside || private || nets == Nets::All && code;
            if secret { value.of_member(name.text) } else { None }
        } else if nets == Nets::Claims {
            None
        } else if text[at] == b'=' && !pair {
            if let Some(end) =
                Some(&value).filter(|_| names::naming(name.text)).and_then(|value| part_of_form(text, value, found))
            {
                from = end;
                continue;
            }
            if names::sensitive_parameter(name.text) { value.of_parameter(&name) } else { None }
        } else if names::sensitive_member(name.text) || is_header(name.text) || name.text.eq_ignore_ascii_case("code_verifier") {
            value.of_line(&name)
        } else {
            None
        };
        if let Some((start, end)) = range.filter(|(start, end)| start < end) {
            if !stands_for(&text[start..end]) {
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

fn redeemable(text: &[u8], start: usize, end: usize) -> bool {
    std::str::from_utf8(&text[start..end]).is_ok_and(names::redeemable)
}

/// Whether a value was masked before, or is one that tells nothing.
fn stands_for(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    let evidence = ["[access,", "[id token,", "[id", "[refresh,", "[token,", "[token itself]", "[the"];
    [super::DOTS, super::JWT_DOTS].iter().any(|mask| value == mask.as_bytes())
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
        if !same_line(self) || matches!(before, Some(b':' | b'/' | b'@' | b'#')) {
            return None;
        }
        let cookie = name.text.to_ascii_lowercase().ends_with("cookie");
        if cookie {
            let (start, end) = self.until(|byte| matches!(byte, b'\n' | b'\r'));
            return Some((start, end));
        }
        if name.text.to_ascii_lowercase().ends_with("authorization") {
            let (start, end) = self.until(|byte| matches!(byte, b'\n' | b'\r' | b'"' | b'\''));
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
