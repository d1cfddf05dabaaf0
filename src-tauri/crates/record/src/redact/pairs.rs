//! Secrets that stand beside their name without a sign between them: `["password", "…"]`, `setItem('access_token', '…')`,
//! `s:8:"password";s:3:"…"` of PHP, `INSERT INTO u (name, password) VALUES ('a', '…')`.

use super::{mask::Mask, names, tells};

/// Longest value that is looked at, in bytes.
const LONGEST: usize = 4_096;

/// Values that stand behind a text that is a name.
pub(super) fn find(text: &[u8], found: &mut Vec<Mask>) {
    for at in memchr::memchr2_iter(b',', b';', text) {
        let range = if text[at] == b',' { beside(text, at) } else { serialised(text, at) };
        found.extend(range.map(|(start, end)| Mask::dots(start, end)));
    }
}

/// Whether a text is the name of what stands behind it in a list; also an option of a command.
pub(super) fn is_name(text: &str) -> bool {
    let name = text.trim_start_matches('-');
    names::sensitive_member(name) && !name.eq_ignore_ascii_case("token_type")
}

/// Whether the text behind a name is a value. Lists hold names of fields, grants and methods as well: `["password", "refresh_token"]`.
pub(super) fn is_value(text: &str) -> bool {
    let named =
        names::sensitive_parameter(text) || tells::tells(text.as_bytes()) || text.starts_with('-') || text.contains("://");
    let word = text.bytes().all(|byte| byte.is_ascii_alphabetic() || b"_-. :/".contains(&byte));
    let mixed = text.bytes().any(|byte| byte.is_ascii_lowercase()) && text.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
    let field = mixed && word && text.starts_with(|first: char| first.is_ascii_lowercase()) && text.len() < 16;
    !named && !field && (!word || mixed) && !text.is_empty()
}

/// The same where the two stand in a list of nothing but pairs.
pub(super) fn is_value_of_pair(text: &str) -> bool {
    !(text.is_empty() || names::sensitive_parameter(text) || tells::tells(text.as_bytes()))
}

/// Bytes of white space between two texts at most.
const BLANKS: usize = 16;

fn beside(text: &[u8], comma: usize) -> Option<(usize, usize)> {
    let blanks = text[..comma].iter().rev().take(BLANKS).take_while(|byte| byte.is_ascii_whitespace()).count();
    let close = comma - blanks;
    let quote = *text[..close].last().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
    let name = quoted_before(text, close - 1, quote)?;
    if !is_name(name) {
        return None;
    }
    let start = comma + 1 + text[comma + 1..].iter().take(BLANKS).take_while(|byte| byte.is_ascii_whitespace()).count();
    let (start, end) = quoted(text, start)?;
    std::str::from_utf8(&text[start..end]).is_ok_and(is_value).then_some((start, end))
}

/// The text in quotes whose closing quote stands at a place; the quotes may be escaped.
fn quoted_before(text: &[u8], close: usize, quote: u8) -> Option<&str> {
    let escapes = text[..close].iter().rev().take(8).take_while(|byte| **byte == b'\\').count();
    let end = close - escapes;
    let begin = end.saturating_sub(names::LONGEST);
    let open = memchr::memrchr(quote, &text[begin..end])?;
    std::str::from_utf8(&text[begin + open + 1..end]).ok()
}

/// The inside of the text in quotes that begins at a place.
fn quoted(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = text.get(at..)?;
    let escapes = rest.iter().take(8).take_while(|byte| **byte == b'\\').count();
    let quote = *rest.get(escapes).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
    let start = at + escapes + 1;
    let inside = &text[start..text.len().min(start + LONGEST)];
    let mut before = 0;
    for (index, byte) in inside.iter().enumerate() {
        if *byte == quote && before % (2 * escapes + 2) == escapes {
            return Some((start, start + index - escapes));
        }
        before = if *byte == b'\\' { before + 1 } else { 0 };
    }
    None
}

/// `s:8:"password";s:3:"abc";`, `s:3:"pin";i:1234;` and `password|s:3:"abc";` of a session. A private member has its class before its name.
fn serialised(text: &[u8], semicolon: usize) -> Option<(usize, usize)> {
    let close = semicolon.checked_sub(1)?;
    if text[close] != b'"' {
        return None;
    }
    let name = quoted_before(text, close, b'"')?;
    let name = name.rsplit(['\0', '*']).next().unwrap_or(name);
    if !is_name(name) {
        return None;
    }
    php(text, semicolon + 1)
}

/// The value of PHP that begins at a place.
fn php(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = text.get(at..)?;
    let digits = |from: usize| rest[from.min(rest.len())..].iter().take(12).take_while(|byte| byte.is_ascii_digit()).count();
    match rest {
        [b's', b':', ..] => {
            let count = digits(2);
            let length: usize = std::str::from_utf8(&rest[2..2 + count]).ok()?.parse().ok()?;
            let sign = rest.get(2 + count..)?;
            let escapes = sign.iter().skip(1).take(8).take_while(|byte| **byte == b'\\').count();
            if sign.first() != Some(&b':') || sign.get(1 + escapes) != Some(&b'"') {
                return None;
            }
            let start = at + 2 + count + 2 + escapes;
            // A length that does not fit was written by hand.
            let told = text.get(start + length + escapes) == Some(&b'"');
            let end = if told { start + length } else { quoted(text, start - 1 - escapes)?.1 };
            (!tells::tells(&text[start..end]) && start < end).then_some((start, end))
        }
        [b'i' | b'd', b':', ..] => {
            let count = digits(2);
            (count > 0).then_some((at + 2, at + 2 + count))
        }
        _ => None,
    }
}

/// Sessions of PHP: `password|s:3:"abc";`.
pub(super) fn sessions(text: &[u8], found: &mut Vec<Mask>) {
    for at in memchr::memmem::find_iter(text, b"|s:") {
        let length = text[..at]
            .iter()
            .rev()
            .take(names::LONGEST)
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            .count();
        if std::str::from_utf8(&text[at - length..at]).is_ok_and(is_name) {
            found.extend(php(text, at + 1).map(|(start, end)| Mask::dots(start, end)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        find(text.as_bytes(), &mut found);
        sessions(text.as_bytes(), &mut found);
        found.into_iter().filter_map(|mask| text.get(mask.start..mask.end)).collect()
    }

    #[test]
    fn values_behind_their_names() {
        for (text, value) in [
            (r#"["password","kUerbis77"]"#, "kUerbis77"),
            (r#"("client_secret", 'kUerbis77')"#, "kUerbis77"),
            ("setItem('access_token','kUerbis77')", "kUerbis77"),
            (r#"[\"password\", \"kUerbis77\"]"#, "kUerbis77"),
            (r#"["--password","kUerbis77"]"#, "kUerbis77"),
            (r#"["X-Api-Key" , "kUerbis77"]"#, "kUerbis77"),
            (r#"a:1:{s:8:"password";s:3:"abc";}"#, "abc"),
            (r#"s:8:"password";s:9:"a"b;c"d\e";"#, r#"a"b;c"d\e"#),
            (r#"s:8:\"password\";s:3:\"abc\";"#, "abc"),
            ("s:14:\"\0User\0password\";s:3:\"abc\";", "abc"),
            (r#"s:3:"pin";i:1234;"#, "1234"),
            (r#"user|s:1:"a";password|s:3:"abc";"#, "abc"),
        ] {
            assert_eq!(masked(text), [value], "{text}");
        }
    }

    #[test]
    fn names_beside_names_stay() {
        for text in [
            r#"["password","refresh_token"]"#,
            r#"["code","token","id_token"]"#,
            r#"["password","client_credentials","urn:ietf:params:oauth:grant-type:jwt-bearer"]"#,
            r#""required": ["password", "email"]"#,
            r#"["client_secret","redirectUri"]"#,
            r#"["pwd","mfa"]"#,
            r#"["password","expired"]"#,
            r#"s:8:"password";s:7:"expired";"#,
            r#"s:4:"name";s:3:"abc";"#,
            r#"a "password", then "#,
        ] {
            assert!(masked(text).is_empty(), "{text}: {:?}", masked(text));
        }
    }
}
