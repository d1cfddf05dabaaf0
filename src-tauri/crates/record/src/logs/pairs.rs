//! `key="value", key="value"` as Keycloak's log listener writes an event.
//!
//! Quoting changed over the years and can be set: double quotes since Keycloak 22, any one character or none by
//! `--spi-events-listener--jboss-logging--quotes`, and before that no quotes but single ones around a value with a blank.
//! Quotes inside a value are escaped with a backslash unless `…--sanitize=false`; a backslash itself is not escaped. So a value
//! ends where a quote is followed by the end or by `, key=`, and not sooner.

use std::borrow::Cow;

use memchr::memmem;

use super::record::Pair;

/// Reads all pairs into `fields`; false when the text is none.
pub(super) fn read<'a>(text: &'a str, fields: &mut Vec<Pair<'a>>) -> bool {
    let Some(first) = key_length(text).and_then(|length| text.get(length + 1..)) else { return false };
    // Types and operations are upper-case words: anything else at that place is the quote.
    let quote = first.chars().next().filter(|c| !c.is_ascii_alphanumeric() && *c != '_');
    let mut rest = text;
    // Once no quote closes a value as it should, none further on does; it is not looked for again with every value.
    let mut strict = true;
    loop {
        let Some(length) = key_length(rest) else { return !fields.is_empty() };
        let (name, after) = (&rest[..length], &rest[length + 1..]);
        let mark = match quote {
            Some(mark) if after.starts_with(mark) => Some(mark),
            None if after.starts_with('\'') => Some('\''),
            _ => None,
        };
        let (value, after) = match mark {
            Some(mark) => quoted(after, mark, &mut strict),
            None => unquoted(after),
        };
        fields.push((Cow::Borrowed(name), value));
        match after.strip_prefix(", ") {
            Some(next) => rest = next,
            None => return true,
        }
    }
}

/// Length of a key that is followed by `=`.
fn key_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let length =
        bytes.iter().take(96).position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':')))?;
    (length > 0 && bytes.get(length) == Some(&b'=')).then_some(length)
}

/// Whether a value can end here.
fn ends(rest: &str) -> bool {
    rest.is_empty() || rest.strip_prefix(", ").is_some_and(|next| key_length(next).is_some())
}

fn quoted<'a>(text: &'a str, mark: char, strict: &mut bool) -> (Cow<'a, str>, &'a str) {
    let width = mark.len_utf8();
    let inner = &text[width..];
    let mut utf8 = [0; 4];
    let needle = mark.encode_utf8(&mut utf8).as_bytes();
    let close = |escaped_too: bool| {
        memmem::find_iter(inner.as_bytes(), needle)
            .find(|at| (escaped_too || !inner[..*at].ends_with('\\')) && ends(&inner[at + width..]))
    };
    // A value that ends in a backslash looks like one that goes on: taken only when nothing else closes it.
    let as_it_should = if *strict { close(false) } else { None };
    *strict &= as_it_should.is_some();
    let Some(at) = as_it_should.or_else(|| close(true)) else {
        return (Cow::Borrowed(before_tail(inner, mark)), "");
    };
    let value = &inner[..at];
    let value = if value.contains('\\') {
        Cow::Owned(value.replace(&format!("\\{mark}"), mark.encode_utf8(&mut [0; 4])))
    } else {
        Cow::Borrowed(value)
    };
    (value, &inner[at + width..])
}

/// The last value of a line whose layout writes something behind the message: `…" [org.keycloak.events] (executor-thread-1)`.
fn before_tail(inner: &str, mark: char) -> &str {
    if let Some(whole) = inner.strip_suffix(mark) {
        return whole;
    }
    match inner.split_once(mark) {
        Some((value, tail))
            if !tail.contains([mark, '=']) && tail.starts_with([' ', '|', '\t']) && tail.ends_with([']', ')', '}']) =>
        {
            value
        }
        _ => inner,
    }
}

fn unquoted(text: &str) -> (Cow<'_, str>, &str) {
    let at = memmem::find_iter(text.as_bytes(), ", ").find(|at| ends(&text[*at..])).unwrap_or(text.len());
    (Cow::Borrowed(&text[..at]), &text[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let mut fields = Vec::new();
        assert!(read(text, &mut fields), "{text}");
        let found: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_quoting() {
        check(
            r#"type="LOGIN", clientId="a, b=c", userId="null""#,
            &[("type", "LOGIN"), ("clientId", "a, b=c"), ("userId", "null")],
        );
        check(
            r#"type="LOGIN", reason="says \"no\", really", x="1""#,
            &[("type", "LOGIN"), ("reason", r#"says "no", really"#), ("x", "1")],
        );
        check(
            "type=LOGIN, username='jo doe', scope='a b', x=1",
            &[("type", "LOGIN"), ("username", "jo doe"), ("scope", "a b"), ("x", "1")],
        );
        check("type=LOGIN, reason=not allowed, here, x=1", &[("type", "LOGIN"), ("reason", "not allowed, here"), ("x", "1")]);
        assert!(!read("type|LOGIN", &mut Vec::new()) && !read("", &mut Vec::new()) && !read("a sentence = 1", &mut Vec::new()));
    }

    #[test]
    fn chosen_quotes_and_odd_ends() {
        check("type=|LOGIN|, reason=|it's, x=y|, z=|1|", &[("type", "LOGIN"), ("reason", "it's, x=y"), ("z", "1")]);
        check("type='LOGIN', username='o\\'neil', x='1'", &[("type", "LOGIN"), ("username", "o'neil"), ("x", "1")]);
        // What looks like an escaped quote is one: else a user name could write fields of its own.
        check(r#"type="LOGIN", path="C:\", x="1""#, &[("type", "LOGIN"), ("path", r#"C:", x="1"#)]);
        check(r#"type="LOGIN", path="C:\""#, &[("type", "LOGIN"), ("path", r"C:\")]);
        // Not sanitised: quotes inside stand as they are.
        check(r#"type="LOGIN", reason="a "b" c", x="1""#, &[("type", "LOGIN"), ("reason", r#"a "b" c"#), ("x", "1")]);
        check(r#"type="LOGIN", x="cut of"#, &[("type", "LOGIN"), ("x", "cut of")]);
        check(r#"type="LOGIN", cookies=[a=1, b=2]"#, &[("type", "LOGIN"), ("cookies", "[a=1"), ("b", "2]")]);
    }
}
