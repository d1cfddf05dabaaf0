//! What others put before a line of a server: Compose, Docker, Kubernetes, syslog, the journal.
//!
//! Each layer is taken off and what is under it is read as if it stood alone. A layer knows who wrote the line and when; where
//! the line under it knows nothing of its own, that is all there is.

use std::borrow::Cow;

use super::{
    record::{Level, Pair},
    stamps::{self, Form},
    time::{self, Time, nearer},
};

/// What a layer says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outer<'a> {
    /// When the line was taken.
    pub(super) time: Option<Time>,
    /// How grave, by the number syslog gives it.
    pub(super) level: Option<Level>,
    /// Who wrote it: container, process.
    pub(super) origin: &'a str,
    /// Names and values beside it.
    pub(super) fields: Vec<Pair<'a>>,
}

impl<'a> Outer<'a> {
    /// What two layers say together; the inner one is nearer to the line.
    pub(super) fn around(mut self, inner: Self) -> Self {
        self.fields.extend(inner.fields);
        let origin = if inner.origin.is_empty() { self.origin } else { inner.origin };
        let time = nearer(inner.time, self.time);
        Self { time, level: inner.level.or(self.level), origin, fields: self.fields }
    }
}

/// Takes one layer off; none when there is none.
pub(super) fn peel(line: &str) -> Option<(Outer<'_>, &str)> {
    match line.as_bytes().first()? {
        b'<' => syslog(line),
        b'[' => bracketed(line),
        b'0'..=b'9' => {
            let first = || counted(line).or_else(|| collected(line)).or_else(|| stamped(line)).or_else(|| epoch(line));
            first().or_else(|| compose(line)).or_else(|| found(line))
        }
        b'A'..=b'Z' => dated(line).or_else(|| compose(line)).or_else(|| found(line)),
        b'a'..=b'z' | b'_' => compose(line).or_else(|| found(line)),
        b'/' | b'.' => found(line),
        _ => None,
    }
}

/// `keycloak.log:12:`, `keycloak.log-` and `12:`, which `grep` puts before a line it found or shows beside one.
fn found(line: &str) -> Option<(Outer<'_>, &str)> {
    let begins = |rest: &str| rest.starts_with("20") || rest.starts_with(['[', '{']) || rest.starts_with("TID");
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = |rest: &'_ str| {
        let length = digits(rest);
        let sign = rest.as_bytes().get(length).copied();
        (length > 0 && length < 10 && matches!(sign, Some(b':' | b'-'))).then_some(length + 1)
    };
    let mut at = 0;
    if let Some(end) = token::bounded::up_to(line, 256).find(".log").map(|end| end + 4) {
        let name = line.get(..end)?;
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
        let rotated = line.get(end..)?.bytes().take(24).take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let sign = line.as_bytes().get(end + rotated).copied();
        if !plain || !matches!(sign, Some(b':' | b'-')) {
            return None;
        }
        at = end + rotated + 1;
    }
    let rest = line.get(at..)?;
    if at > 0 && begins(rest) && numbered(rest).is_none_or(|length| !begins(rest.get(length..).unwrap_or_default())) {
        return Some((Outer::default(), rest));
    }
    let rest = rest.get(numbered(rest)?..)?;
    begins(rest).then(|| (Outer::default(), rest))
}

/// `keycloak-1  | `.
fn compose(line: &str) -> Option<(Outer<'_>, &str)> {
    let end = line.bytes().take(128).position(|byte| matches!(byte, b' ' | b'|'))?;
    let name = line.get(..end)?;
    let rest = line.get(end..)?.trim_start_matches(' ').strip_prefix('|')?;
    let rest = match rest.strip_prefix(' ') {
        Some(rest) => rest,
        None if rest.is_empty() => rest,
        None => return None,
    };
    let named = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'@'));
    let own = named && name.bytes().any(|byte| byte.is_ascii_alphabetic()) && Level::read_any(name).is_none();
    // A time, or a day, is no service.
    let own = own && stamps::any(line, false).is_none();
    own.then(|| (Outer { origin: name, ..Outer::default() }, rest))
}

/// `[pod/keycloak-0/keycloak] ` of `kubectl logs --prefix`, and the one word in brackets that other tools write.
fn bracketed(line: &str) -> Option<(Outer<'_>, &str)> {
    let (name, rest) = line.get(1..)?.split_once("] ")?;
    // journald's `short-monotonic`: seconds since the start, and then as ever.
    let monotonic = name.trim_start().split_once('.').is_some_and(|(seconds, part)| {
        let digits = |text: &str| !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits(seconds) && digits(part)
    });
    if monotonic {
        let (host, origin, inner) = process(rest)?;
        return Some((Outer { origin, fields: vec![pair("host", host)], ..Outer::default() }, inner));
    }
    let pod = name.starts_with("pod/");
    let plain = name.len() <= 160 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
    if !plain || (!pod && (Level::read_any(name).is_some() || !name.bytes().any(|byte| byte.is_ascii_lowercase()))) {
        return None;
    }
    // Only kubectl's own sign is enough by itself: another word in brackets may be anything.
    let begins = pod || rest.as_bytes().first().is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'{' | b'[' | b'T'));
    begins.then(|| (Outer { origin: name, ..Outer::default() }, rest))
}

/// RFC 3339 and what stands behind it: the runtime's `stdout F `, a host and a process, or the line itself.
fn stamped(line: &str) -> Option<(Outer<'_>, &str)> {
    let (time, at) = time::stamp(line).filter(|(time, _)| time.zoned)?;
    if line.as_bytes().get(10) != Some(&b'T') {
        return None;
    }
    let rest = line.get(at..)?.strip_prefix([' ', '\t'])?;
    let outer = Outer { time: Some(time), ..Outer::default() };
    if let Some((stream, flagged)) = rest.split_once(' ')
        && matches!(stream, "stdout" | "stderr")
        && let Some(("F" | "P", inner)) = flagged.split_once(' ').or(Some((flagged, "")))
    {
        return Some((outer, inner));
    }
    // Two words and a colon begin a sentence, too: then a number of the process, or a name no sentence begins with, is asked for.
    let is_host =
        |host: &str| !host.bytes().any(|byte| byte.is_ascii_uppercase()) && host.bytes().any(|byte| !byte.is_ascii_lowercase());
    let named = rest.split(' ').nth(1).is_some_and(|word| word.ends_with("]:"));
    if let Some((host, origin, inner)) =
        process(rest).filter(|(host, _, _)| named || host.is_empty() || *host == "localhost" || is_host(host))
    {
        return Some((Outer { origin, fields: vec![pair("host", host)], ..outer }, inner));
    }
    Some((outer, rest))
}

/// `1796047351.204123 host keycloak[812]: `, journald's `short-unix`.
fn epoch(line: &str) -> Option<(Outer<'_>, &str)> {
    let (time, at, form) = stamps::any(line, false)?;
    let rest = line.get(at..)?.strip_prefix(' ')?;
    let (host, origin, inner) = process(rest).filter(|_| form == Form::Epoch || form == Form::Iso)?;
    Some((Outer { time: Some(time), origin, fields: vec![pair("host", host)], ..Outer::default() }, inner))
}

/// `2026-11-30 14:02:31.000000000 +0000 kubernetes.kc: {…}`, as Fluentd writes what it collected.
fn collected(line: &str) -> Option<(Outer<'_>, &str)> {
    let head = token::bounded::up_to(line, 200);
    let at = head.find(": {")?;
    let (time, end, _) = stamps::any(line, false)?;
    let origin = line.get(end..at)?.strip_prefix(' ')?.trim_start();
    let plain = !origin.is_empty() && origin.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
    (plain && Level::read(origin).is_none()).then(|| (Outer { time: Some(time), origin, ..Outer::default() }, &line[at + 2..]))
}

/// `Nov 30 14:02:31 host keycloak[812]: `, the traditional file of syslog and journald's `short`, with its relatives.
fn dated(line: &str) -> Option<(Outer<'_>, &str)> {
    let (time, at, form) = stamps::any(line, false)?;
    let rest = line.get(at..)?.strip_prefix(' ').filter(|_| form == Form::MonthFirst)?;
    let (host, origin, inner) = process(rest)?;
    let fields = if host.is_empty() { Vec::new() } else { vec![pair("host", host)] };
    Some((Outer { time: Some(time), origin, fields, ..Outer::default() }, inner))
}

/// `host process[812]: rest` or `process[812]: rest`: host, process and rest.
fn process(rest: &str) -> Option<(&str, &str, &str)> {
    let (first, after) = rest.split_once(' ')?;
    if let Some(tag) = tag(first) {
        // A word with a colon alone is a message as well as a process; a number in brackets tells them apart.
        return first.ends_with("]:").then_some(("", tag, after));
    }
    let host = first.len() <= 255 && first.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte));
    let (second, inner) = after.split_once(' ').unwrap_or((after, ""));
    let tag = tag(second).filter(|_| host && Level::read(first).is_none())?;
    Some((first, tag, inner))
}

/// The name of `keycloak[812]:`, `keycloak:` or `org.keycloak[812]:`.
fn tag(word: &str) -> Option<&str> {
    let word = word.strip_suffix(':')?;
    let name = match word.strip_suffix(']') {
        Some(inner) => {
            let (name, number) = inner.rsplit_once('[')?;
            let digits = !number.is_empty() && number.len() <= 10 && number.bytes().all(|byte| byte.is_ascii_digit());
            // Heroku numbers its processes by their kind: `app[web.1]:`.
            let of_kind = number.split_once('.').is_some_and(|(kind, number)| {
                !kind.is_empty()
                    && kind.len() <= 32
                    && kind.bytes().all(|byte| byte.is_ascii_lowercase())
                    && number.bytes().all(|byte| byte.is_ascii_digit())
            });
            if digits || of_kind { name } else { return None }
        }
        None => word,
    };
    let plain = !name.is_empty()
        && name.len() <= 128
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./@()".contains(&byte));
    (plain && Level::read(name).is_none()).then_some(name)
}

/// Whether a line begins with the header of RFC 5424 (6.2), with the length before it or without: `<PRI>1 `.
pub(super) fn is_headed(line: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let counted = digits(line);
    let line = line.get(counted..).filter(|_| counted > 0).and_then(|rest| rest.strip_prefix(' ')).unwrap_or(line);
    let headed = || {
        let rest = line.strip_prefix('<')?;
        let rest = rest.get(digits(rest)..)?.strip_prefix('>')?;
        let version = digits(rest);
        Some((1..=2).contains(&version) && rest.as_bytes().get(version) == Some(&b' '))
    };
    headed().unwrap_or(false)
}

/// The length RFC 6587 3.4.1 puts before a message: `183 <14>1 …`.
fn counted(line: &str) -> Option<(Outer<'_>, &str)> {
    let (length, rest) = line.split_once(' ')?;
    (length.len() <= 6 && rest.starts_with('<') && length.bytes().all(|byte| byte.is_ascii_digit())).then(|| syslog(rest))?
}

/// RFC 5424, and RFC 3164 with its priority.
fn syslog(line: &str) -> Option<(Outer<'_>, &str)> {
    let (priority, rest) = line.get(1..)?.split_once('>')?;
    let priority: u16 = priority.parse().ok().filter(|number| *number < 192 && priority.len() <= 3)?;
    let level = Some(severity(priority % 8));
    let Some(rest) = rest.strip_prefix("1 ") else {
        let (outer, inner) = dated(rest).or_else(|| stamped(rest)).unwrap_or_else(|| {
            let (host, origin, inner) = process(rest).unwrap_or(("", "", rest));
            let fields = if host.is_empty() { Vec::new() } else { vec![pair("host", host)] };
            (Outer { origin, fields, ..Outer::default() }, inner)
        });
        return Some((Outer { level, ..outer }, inner));
    };
    // RFC 5424 6: TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA [MSG], a dash where there is none.
    let mut words = rest.splitn(6, ' ');
    let (stamp, host, app, process, id) = (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
    let rest = words.next()?;
    let mut outer = Outer { time: time::stamp(stamp).map(|(time, _)| time), level, origin: app, ..Outer::default() };
    if outer.time.is_none() && stamp != "-" {
        return None;
    }
    for (name, value) in [("host", host), ("process", process), ("messageId", id)] {
        if value != "-" {
            outer.fields.push(pair(name, value));
        }
    }
    let rest = match rest.strip_prefix('-') {
        Some(rest) => rest,
        None => structured(rest, &mut outer.fields)?,
    };
    let message = rest.strip_prefix(' ').unwrap_or(rest);
    Some((outer, message.strip_prefix('\u{feff}').unwrap_or(message)))
}

/// `[id name="value" …][…]` (RFC 5424 6.3), and what follows.
fn structured<'a>(mut rest: &'a str, fields: &mut Vec<Pair<'a>>) -> Option<&'a str> {
    rest.starts_with('[').then_some(())?;
    while let Some(inner) = rest.strip_prefix('[') {
        let end = inner.find([' ', ']'])?;
        let mut left = &inner[end..];
        while let Some(parameter) = left.strip_prefix(' ') {
            let (name, value) = parameter.split_once("=\"")?;
            let (value, after) = quoted(value)?;
            if fields.len() < 64 {
                fields.push((Cow::Borrowed(name), value));
            }
            left = after;
        }
        rest = left.strip_prefix(']')?;
    }
    Some(rest)
}

/// Up to a quote that is not escaped, and what follows.
pub(super) fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut escaped = false;
    while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at..]) {
        at += found;
        if bytes[at] == b'"' {
            let value = &text[..at];
            let value = if escaped { Cow::Owned(unescaped(value)) } else { Cow::Borrowed(value) };
            return Some((value, &text[at + 1..]));
        }
        escaped = true;
        // A backslash at the end of the line escapes nothing.
        at = (at + 2).min(bytes.len());
    }
    None
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    plain
}

/// Level of a severity (RFC 5424 6.2.1).
pub(super) fn severity(number: u16) -> Level {
    match number {
        0..=2 => Level::Fatal,
        3 => Level::Error,
        4 => Level::Warn,
        5 | 6 => Level::Info,
        _ => Level::Debug,
    }
}

fn pair<'a>(name: &'static str, value: &'a str) -> Pair<'a> {
    (Cow::Borrowed(name), Cow::Borrowed(value))
}
