//! HTTP access logs in the common and combined layout, as WSO2's gateway and its management port write them.

use super::{LogKind, Record, time};

/// `127.0.0.1 - alice [20/Nov/2026:14:02:31 +0000] "POST /oauth2/token HTTP/1.1" 401 87 "-" "curl/8.5"`; none for other lines.
pub(super) fn line(text: &str) -> Option<Record<'_>> {
    let (caller, rest) = text.split_once(" [")?;
    let (stamp, rest) = rest.split_once("] \"")?;
    let time = time::of_access(stamp)?;
    let (request, rest) = rest.split_once('"')?;
    let mut words = request.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let mut numbers = rest.split_ascii_whitespace();
    let status = numbers.next()?;
    let mut record = Record::new(LogKind::Access, text);
    record.time = Some(time);
    record.message = std::borrow::Cow::Borrowed(&text[text.len() - rest.len() - request.len() - 2..]);
    // Some appenders put a dash of their own first.
    let mut caller = caller.split(' ').skip_while(|word| *word == "-");
    let ip = caller.next().unwrap_or_default();
    let user = caller.nth(1).filter(|user| *user != "-");
    record.columns.event_type = record.push("method", method);
    record.push("target", target);
    let at = record.push("status", status);
    record.columns.error = at.filter(|_| status.parse::<u16>().is_ok_and(|status| status >= 400));
    record.columns.ip = record.push("address", ip);
    if let Some(user) = user {
        record.columns.user = record.push("user", user);
    }
    if let Some(bytes) = numbers.next().filter(|bytes| *bytes != "-") {
        record.push("bytes", bytes);
    }
    let quoted: Vec<&str> = rest.split('"').skip(1).step_by(2).collect();
    for (name, value) in ["referrer", "agent"].into_iter().zip(quoted) {
        if value != "-" {
            record.push(name, value);
        }
    }
    // A correlation id is the last word where the layout was given one.
    if let Some(last) = rest.split([' ', '"']).rfind(|word| !word.is_empty())
        && is_uuid(last)
    {
        record.columns.session = record.push("correlationId", last);
    }
    Some(record)
}

/// Whether a word has the form of a UUID.
pub(super) fn is_uuid(word: &str) -> bool {
    word.len() == 36
        && word.bytes().enumerate().all(
            |(at, byte)| {
                if matches!(at, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() }
            },
        )
}
