//! JSON bodies, laid out one member a line, names inked, secrets masked.
//!
//! The layout walks the text itself instead of a parsed value, so that numbers, escapes, member order and repeated
//! members are shown exactly as the server wrote them.

use super::{Needles, masked, names, plain::running, visible};
use crate::text::{Ink, Line, Span};

/// Lays out a JSON text; none when it is not JSON.
pub(super) fn lines(text: &str, needles: &Needles) -> Option<Vec<Line>> {
    serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
    let mut walk = Walk { rest: text, needles, lines: Vec::new(), line: Line::new() };
    walk.value(0, Context { secret: false, key_set: false });
    walk.end();
    Some(walk.lines)
}

#[derive(Clone, Copy)]
struct Context {
    /// Everything below stands under a sensitive name.
    secret: bool,
    /// Inside an object with `kty`, whose private members have one-letter names (RFC 7518 6).
    key_set: bool,
}

struct Walk<'a> {
    rest: &'a str,
    needles: &'a Needles,
    lines: Vec<Line>,
    line: Line,
}

impl Walk<'_> {
    fn value(&mut self, depth: usize, context: Context) {
        self.skip();
        match self.rest.as_bytes().first() {
            Some(b'{') => {
                let key_set = self.names_key();
                self.list(depth, '}', |walk| walk.member(depth + 1, Context { key_set, ..context }));
            }
            Some(b'[') => self.list(depth, ']', |walk| walk.value(depth + 1, context)),
            Some(b'"') => {
                let text = self.string();
                self.text(&text, context.secret);
            }
            _ => {
                let end = self.rest.find(|c: char| matches!(c, ',' | '}' | ']') || c.is_whitespace()).unwrap_or(self.rest.len());
                let word = self.take(end);
                // A number under a sensitive name may be a PIN; true, false and null tell nothing.
                if context.secret && word.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
                    self.line.extend(masked(&word, self.needles));
                } else {
                    let word = running(&word, self.needles);
                    self.push(Ink::Plain, word);
                }
            }
        }
    }

    fn list(&mut self, depth: usize, close: char, mut entry: impl FnMut(&mut Self)) {
        let open = self.take(1);
        self.push(Ink::Plain, open);
        self.skip();
        if self.rest.starts_with(close) {
            let close = self.take(1);
            self.push(Ink::Plain, close);
            return;
        }
        loop {
            self.end();
            self.push(Ink::Plain, "  ".repeat(depth + 1));
            entry(self);
            self.skip();
            let sign = self.take(1);
            if !sign.starts_with(',') {
                self.end();
                self.push(Ink::Plain, format!("{}{sign}", "  ".repeat(depth)));
                return;
            }
            self.comma();
        }
    }

    fn member(&mut self, depth: usize, context: Context) {
        self.skip();
        let name = self.string();
        self.push(Ink::Plain, "\"".into());
        let shown = visible(&running(&name, self.needles));
        self.push(Ink::Key, shown);
        self.push(Ink::Plain, "\": ".into());
        self.skip();
        self.take(1);
        self.skip();
        // An object called `token` describes one (claims an API echoes); a text called so is one.
        let secret = context.secret
            || names::sensitive_member(&name) && !(name == "token" && self.rest.starts_with('{'))
            || context.key_set && matches!(name.as_str(), "d" | "p" | "q" | "dp" | "dq" | "qi" | "k" | "oth")
            || name == "code" && self.code();
        self.value(depth, Context { secret, key_set: false });
    }

    /// Whether the value at hand is an OAuth code; gateways call their short numbers `code`, too.
    fn code(&self) -> bool {
        let word: String = self.rest.chars().skip(1).take_while(|c| *c != '"').collect();
        self.rest.starts_with('"') && !(word.len() <= 6 && word.chars().all(|c| c.is_ascii_digit()))
    }

    fn text(&mut self, text: &str, secret: bool) {
        self.push(Ink::Plain, "\"".into());
        if secret && !text.is_empty() {
            let mut spans = masked(text, self.needles).into_iter();
            self.line.extend(spans.next());
            self.push(Ink::Plain, "\"".into());
            self.line.extend(spans);
            return;
        }
        if let Some(evidence) = super::message::whole_token(text, self.needles) {
            let mut spans = evidence.into_iter();
            self.line.extend(spans.next());
            self.push(Ink::Plain, "\"".into());
            self.line.extend(spans);
            return;
        }
        let shown = running(text, self.needles);
        let changed = shown != text;
        let json = serde_json::Value::from(shown).to_string();
        let inner = visible(json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(&json));
        self.push(if changed { Ink::Secret } else { Ink::Plain }, inner);
        self.push(Ink::Plain, "\"".into());
    }

    /// Puts the comma behind the value but before the quiet remark, if there is one.
    fn comma(&mut self) {
        let at = self.line.iter().rposition(|span| span.ink != Ink::Quiet).map_or(0, |at| at + 1);
        self.line.insert(at, Span::new(Ink::Plain, ","));
    }

    fn names_key(&self) -> bool {
        serde_json::Deserializer::from_str(self.rest)
            .into_iter::<serde_json::Value>()
            .next()
            .and_then(Result::ok)
            .is_some_and(|value| value.get("kty").is_some())
    }

    /// Takes a JSON string and returns its text.
    fn string(&mut self) -> String {
        let mut escaped = false;
        let end = self.rest.char_indices().skip(1).find(|(_, c)| {
            let closing = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            closing
        });
        let lexeme = self.take(end.map_or(self.rest.len(), |(at, _)| at + 1));
        serde_json::from_str(&lexeme).unwrap_or(lexeme)
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn take(&mut self, end: usize) -> String {
        let (taken, rest) = self.rest.split_at(end.min(self.rest.len()));
        self.rest = rest;
        taken.to_owned()
    }

    fn push(&mut self, ink: Ink, text: String) {
        match self.line.last_mut() {
            Some(last) if last.ink == ink && ink == Ink::Plain => last.text.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.line.push(Span::new(ink, text)),
        }
    }

    fn end(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
    }
}
