//! JSON bodies, laid out one member a line, names inked, secrets masked.
//!
//! The layout walks the text itself instead of a parsed value, so that numbers, escapes, member order and repeated
//! members are shown exactly as the server wrote them. It keeps its own stack: a text of ten thousand brackets is laid out as far
//! as anybody reads and shown flat below. Every byte is looked at a fixed number of times.

use super::{
    lines::{LineRange, Lines, cut, whole_token},
    names,
    needles::Needles,
    pairs,
    plain::running,
    tells::tells,
    value::{masked, visible},
};
use token::text::{Ink, Line, Span};

/// How many containers are laid out inside each other; deeper ones are shown flat.
const DEEPEST: usize = 64;

/// A text with more containers open at once is shown as any other text.
const TOO_DEEP: usize = 100_000;

/// Longest text whose words say what stands beside it, in bytes.
const PEEKED: usize = 4_096;

/// Lays out the lines of a JSON text that are in the range; none when it is not JSON. Of an `answer` a word that tells what happened
/// stays, whatever it stands under.
pub(super) fn lines(text: &str, needles: &Needles, range: LineRange, answer: bool) -> Option<Vec<Line>> {
    let outline = outline(text.as_bytes())?;
    let mut walk = Walk { text, at: 0, needles, answer, outline, opened: 0, out: Lines::new(range), line: Line::new() };
    walk.all();
    Some(walk.out.done())
}

/// What must be known of an object before its members are shown, by the order in which objects and lists are opened.
#[derive(Clone, Copy, Default)]
struct Kind {
    /// It has `kty`: its private members have one-letter names (RFC 7518 6).
    key: bool,
    /// It has `"name": "password"` or the like: its `value` is a secret.
    named: bool,
    /// Its opening bracket.
    start: usize,
    /// Behind its closing bracket.
    end: usize,
}

/// Reads a JSON text once (RFC 8259): none when it is none.
fn outline(text: &[u8]) -> Option<Vec<Kind>> {
    let mut kinds: Vec<Kind> = Vec::new();
    // Number of each open container, and whether it is an object.
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut at = blanks(text, 0);
    loop {
        // A value begins here.
        match text.get(at)? {
            opening @ (b'{' | b'[') => {
                let object = *opening == b'{';
                // Millions of open brackets are nothing anybody wrote, and cost forty times their size.
                if open.len() >= TOO_DEEP {
                    return None;
                }
                open.push((kinds.len(), object));
                kinds.push(Kind { start: at, ..Kind::default() });
                at = blanks(text, at + 1);
                if text.get(at) != Some(if object { &b'}' } else { &b']' }) {
                    if object {
                        at = name(text, at, &mut kinds, &open)?;
                    }
                    continue;
                }
            }
            b'"' => at = string(text, at)?,
            _ => at = word(text, at)?,
        }
        // A value ended here; so may what it stands in.
        loop {
            at = blanks(text, at);
            let Some(&(number, object)) = open.last() else { return (at == text.len()).then_some(kinds) };
            match text.get(at)? {
                b',' => {
                    at = blanks(text, at + 1);
                    if object {
                        at = name(text, at, &mut kinds, &open)?;
                    }
                    break;
                }
                closing if *closing == if object { b'}' } else { b']' } => {
                    at += 1;
                    kinds[number].end = at;
                    open.pop();
                }
                _ => return None,
            }
        }
    }
}

/// Reads a name and its colon, and notes what it says of the object.
fn name(text: &[u8], at: usize, kinds: &mut [Kind], open: &[(usize, bool)]) -> Option<usize> {
    let end = string(text, at)?;
    let colon = blanks(text, end);
    if text.get(colon) != Some(&b':') {
        return None;
    }
    let value = blanks(text, colon + 1);
    let kind = open.last().and_then(|(number, _)| kinds.get_mut(*number))?;
    match &text[at..end] {
        b"\"kty\"" => kind.key = true,
        written
            if text.get(value) == Some(&b'"') && std::str::from_utf8(&written[1..written.len() - 1]).is_ok_and(names::naming) =>
        {
            // A longer text is no name, and its end is looked for once only.
            let close = text[value + 1..].iter().take(names::LONGEST + 1).position(|byte| *byte == b'"');
            let said = close.and_then(|close| std::str::from_utf8(&text[value + 1..value + 1 + close]).ok());
            kind.named |= said.is_some_and(names::points_to_secret);
        }
        written
            if text.get(value) == Some(&b'[') && std::str::from_utf8(&written[1..written.len() - 1]).is_ok_and(names::naming) =>
        {
            // `"loc": ["body", "password"]`: the last text says it, in a list that is short.
            let list = &text[value..text.len().min(value + 256)];
            let list = &list[..list.iter().position(|byte| *byte == b']').unwrap_or(0)];
            let last = list.split(|byte| *byte == b'"').rfind(|part| part.iter().any(u8::is_ascii_alphabetic));
            kind.named |= last.and_then(|last| std::str::from_utf8(last).ok()).is_some_and(names::sensitive_parameter);
        }
        _ => {}
    }
    Some(value)
}

fn blanks(text: &[u8], at: usize) -> usize {
    at + text.get(at..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count()
}

/// Behind the quote that ends a string.
fn string(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at) != Some(&b'"') {
        return None;
    }
    let mut at = at + 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => match text.get(at + 1)? {
                b'u' if text.get(at + 2..at + 6)?.iter().all(u8::is_ascii_hexdigit) => at += 6,
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => at += 2,
                _ => return None,
            },
            0..=0x1f => return None,
            _ => at += 1,
        }
    }
}

/// Behind a number or one of the three words.
fn word(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let length =
        rest.iter().position(|byte| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r')).unwrap_or(rest.len());
    let word = &rest[..length];
    (matches!(word, b"true" | b"false" | b"null") || number(word)).then_some(at + length)
}

fn number(word: &[u8]) -> bool {
    let digits = |from: usize| word[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(word.first() == Some(&b'-'));
    let whole = digits(at);
    if whole == 0 || whole > 1 && word[at] == b'0' {
        return false;
    }
    at += whole;
    if word.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    }
    if matches!(word.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(word.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at.min(word.len()));
        if exponent == 0 {
            return false;
        }
        at += exponent;
    }
    at == word.len()
}

/// A container that is being laid out.
#[derive(Clone, Copy)]
struct Open {
    kind: Kind,
    object: bool,
    /// Everything in it stands under a sensitive name.
    secret: bool,
    /// How many values were begun in it.
    values: usize,
    /// The value before was the name of a secret: `["password", "…"]`.
    named: bool,
}

struct Walk<'a> {
    text: &'a str,
    at: usize,
    needles: &'a Needles,
    answer: bool,
    outline: Vec<Kind>,
    /// Containers opened so far.
    opened: usize,
    out: Lines,
    line: Line,
}

impl<'a> Walk<'a> {
    fn all(&mut self) {
        let mut open: Vec<Open> = Vec::new();
        self.skip();
        let mut secret = false;
        loop {
            match self.byte() {
                opening @ (b'{' | b'[') => {
                    let kind = self.outline.get(self.opened).copied().unwrap_or_default();
                    let object = opening == b'{';
                    if open.len() >= DEEPEST {
                        self.flat(kind.end, secret);
                    } else {
                        self.opened += 1;
                        self.take(self.at + 1);
                        self.push(Ink::Plain, if object { "{" } else { "[" });
                        self.skip();
                        open.push(Open { kind, object, secret, values: 0, named: false });
                        if !matches!(self.byte(), b'}' | b']') {
                            self.indent(open.len());
                            secret = self.member(&mut open);
                            continue;
                        }
                    }
                }
                b'"' => {
                    let text = self.string();
                    self.value(&text, secret);
                }
                _ => self.word(secret),
            }
            loop {
                let Some(inner) = open.last().copied() else {
                    self.end();
                    return;
                };
                self.skip();
                let sign = self.byte();
                self.take(self.at + 1);
                if sign == b',' {
                    self.comma();
                    self.skip();
                    self.indent(open.len());
                    secret = self.member(&mut open);
                    break;
                }
                open.pop();
                // An empty container is closed on its own line.
                if !self.text[..self.at - 1].trim_end().ends_with(if inner.object { '{' } else { '[' }) {
                    self.indent(open.len());
                }
                self.push(Ink::Plain, if inner.object { "}" } else { "]" });
            }
        }
    }

    /// What stands before a value, in the container opened last; says whether the value is a secret.
    fn member(&mut self, open: &mut [Open]) -> bool {
        let outer = open.len().checked_sub(2).and_then(|outer| open.get(outer)).is_some_and(|outer| !outer.object);
        let Some(inner) = open.last_mut() else { return false };
        inner.values += 1;
        if !inner.object {
            let before = std::mem::take(&mut inner.named);
            let (only, secret) = (outer && inner.values == 2, inner.secret);
            let text = self.peeked();
            inner.named = text.is_some_and(pairs::is_name);
            let value = |text: &str| pairs::is_value(text) || only && self.ends_list() && pairs::is_value_of_pair(text);
            return secret || before && text.map_or(only && self.byte().is_ascii_digit(), value);
        }
        let inner = *inner;
        let name = self.string();
        self.push(Ink::Plain, "\"");
        if self.out.wanted() {
            let shown = visible(&running(&name, self.needles));
            self.push(Ink::Key, &shown);
        }
        self.push(Ink::Plain, "\": ");
        self.skip();
        self.take(self.at + 1);
        self.skip();
        // An object called `token` describes one (claims an API echoes); a text called so is one.
        inner.secret
            || names::sensitive_member(&name) && !(name == "token" && self.byte() == b'{')
            || inner.kind.key && names::of_key(&name)
            || inner.kind.named && names::beside(&name)
            || name == "code" && self.code()
            || names::of_one(&name) && self.byte() == b'"'
            || self.answer && name.contains('-') && self.byte() == b'"' && names::sensitive_header(&name)
    }

    /// The text at hand, as it is written, if it is one and short.
    fn peeked(&self) -> Option<&'a str> {
        let rest = self.text.get(self.at..)?.strip_prefix('"')?;
        rest.get(..memchr::memchr(b'"', rest.as_bytes().get(..PEEKED).unwrap_or(rest.as_bytes()))?)
    }

    /// Whether the text at hand is the last of its list.
    fn ends_list(&self) -> bool {
        let end = string(self.text.as_bytes(), self.at).unwrap_or(self.text.len());
        self.text.as_bytes().get(blanks(self.text.as_bytes(), end)) == Some(&b']')
    }

    /// Whether the value at hand is an OAuth code; gateways call their short numbers `code`, too.
    fn code(&self) -> bool {
        self.peeked().is_some_and(names::redeemable)
    }

    /// A string; its quiet remark stands behind the closing quote.
    fn value(&mut self, text: &str, secret: bool) {
        self.push(Ink::Plain, "\"");
        if !self.out.wanted() {
            return;
        }
        let secret = secret && !text.is_empty() && !(self.answer && tells(text.as_bytes()));
        let whole = if secret { Some(masked(text, self.needles)) } else { whole_token(text, self.needles) };
        if let Some(spans) = whole {
            let mut spans = spans.into_iter();
            self.line.extend(spans.next());
            self.push(Ink::Plain, "\"");
            self.line.extend(spans);
            return;
        }
        let shown = running(text, self.needles);
        let changed = shown != text;
        let json = serde_json::Value::from(shown).to_string();
        let inner = visible(json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(&json));
        let (inner, rest) = cut(inner);
        self.push(if changed { Ink::Secret } else { Ink::Plain }, &inner);
        self.push(Ink::Plain, "\"");
        self.line.extend(rest);
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self, secret: bool) {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.iter().position(|byte| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r'));
        let word = self.take(self.at + length.unwrap_or(rest.len()));
        if !self.out.wanted() {
            return;
        }
        // A number under a sensitive name may be a PIN; true, false and null tell nothing.
        let number = word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        if number && (secret || self.needles.whole(word).is_some()) {
            let spans = masked(word, self.needles);
            self.line.extend(spans);
        } else {
            let (shown, rest) = cut(running(word, self.needles));
            self.push(Ink::Plain, &shown);
            self.line.extend(rest);
        }
    }

    /// Everything up to a place on one line.
    fn flat(&mut self, end: usize, secret: bool) {
        let inside = self.take(end);
        self.opened = self.outline.partition_point(|kind| kind.start < end);
        if !self.out.wanted() {
            return;
        }
        if secret {
            let spans = masked(inside, self.needles);
            self.line.extend(spans);
            return;
        }
        let (shown, rest) = cut(visible(&running(inside, self.needles)));
        self.push(Ink::Plain, &shown);
        self.line.extend(rest);
    }

    /// Puts the comma behind the value but before the quiet remark, if there is one.
    fn comma(&mut self) {
        if self.out.wanted() {
            let at = self.line.iter().rposition(|span| span.ink != Ink::Quiet).map_or(0, |at| at + 1);
            self.line.insert(at, Span::new(Ink::Plain, ","));
        }
    }

    /// Takes a JSON string and returns its text.
    fn string(&mut self) -> String {
        let end = string(self.text.as_bytes(), self.at).unwrap_or(self.text.len());
        let lexeme = self.take(end);
        serde_json::from_str(lexeme).unwrap_or_else(|_| lexeme.to_owned())
    }

    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(b']')
    }

    fn skip(&mut self) {
        self.at = blanks(self.text.as_bytes(), self.at);
    }

    fn take(&mut self, end: usize) -> &'a str {
        let end = end.min(self.text.len());
        let taken = self.text.get(self.at..end).unwrap_or_default();
        self.at = end;
        taken
    }

    fn push(&mut self, ink: Ink, text: &str) {
        if !self.out.wanted() {
            return;
        }
        match self.line.last_mut() {
            Some(last) if last.ink == ink && ink == Ink::Plain => last.text.push_str(text),
            _ if text.is_empty() => {}
            _ => self.line.push(Span::new(ink, text)),
        }
    }

    /// Ends the line and begins the next.
    fn indent(&mut self, depth: usize) {
        self.end();
        self.push(Ink::Plain, &"  ".repeat(depth));
    }

    fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.out.push(line);
    }
}
