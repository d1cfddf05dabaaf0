//! Lines that begin with a time and name a level somewhere behind it, whatever stands between and after.
//!
//! Tracing, MDC, correlation ids, application names, a user's own format: servers can be told to write anything into the head of
//! a line. What stands there becomes fields; the message begins where nothing usual is left.

use std::borrow::Cow;

use super::{
    access, carbon, keycloak,
    parts::{self, Part, Style, of_head},
    record::{Columns, Level, Pair, Record, set},
    stamps,
    time::Time,
};

/// Most parts before the level.
const BEFORE: usize = 24;
/// Most bytes before it.
const BEFORE_BYTES: usize = 2048;
/// Most words among them; more are a sentence.
const WORDS: usize = 3;

/// What stands before a message.
#[derive(Debug, Default)]
pub(super) struct Head<'a> {
    pub(super) time: Option<Time>,
    pub(super) level: Option<Level>,
    pub(super) logger: Cow<'a, str>,
    pub(super) fields: Vec<Pair<'a>>,
}

/// Reads a line by its time and level; a line with a day and a time but no level is one, too.
pub(super) fn line(text: &str, style: Style) -> Option<Record<'_>> {
    if let Some(record) = own(text, style) {
        return Some(record);
    }
    let mut head = Head::default();
    let (first, mut rest) = parts::next(text, style)?;
    match first {
        Part::Time(time, _) => head.time = Some(time),
        Part::Level(level) => head.level = Some(level),
        // `[-1234] [] [2026-…]`, `{"…"}`: a group alone begins nothing, but a time may come behind groups.
        Part::Group(b'[', _) => rest = text,
        _ => return None,
    }
    let after_time = rest;
    if head.time.is_some()
        && let Some((level, after)) = level_behind_time(rest)
    {
        head.level = Some(level);
        let message = head.tail(after, style);
        return Some(head.record(message));
    }
    if head.level.is_some() {
        return level_first(head, rest, style);
    }
    let mut words = 0;
    for _ in 0..BEFORE {
        let Some((part, after)) = parts::next(rest, style).filter(|_| text.len() - rest.len() < BEFORE_BYTES) else {
            break;
        };
        match part {
            Part::Time(time, _) => _ = head.time.get_or_insert(time),
            Part::Level(level) => {
                head.level = Some(level);
                rest = after;
                break;
            }
            Part::Label(_) => break,
            Part::Word(_) if words == WORDS => break,
            Part::Word(word) => {
                words += 1;
                head.word(word);
            }
            Part::Group(open, inner) => head.group(open, inner),
            Part::Pair("type" | "operationType", _) => break,
            Part::Pair(name, value) => head.pair(name, value),
            Part::Sign(_) => {}
        }
        rest = after;
    }
    let time = head.time?;
    if head.level.is_none() {
        // What was taken for parts of a head was the beginning of a message.
        let message = after_time.trim_start_matches([' ', '-', '|', ':', '\t']);
        let fits = time.dated && matches!(first, Part::Time(..)) && !message.is_empty();
        return fits.then(|| Head { time: Some(time), ..Head::default() }.record(message));
    }
    let message = head.tail(rest, style);
    Some(head.record(message))
}

/// A level as many programs write it right behind the time: `ERR`, `warn:`, `\terror\t`. In small letters it is one only where a
/// sign or a tab parts it from what follows, since sentences begin with such words.
fn level_behind_time(rest: &str) -> Option<(Level, &str)> {
    let tab = rest.starts_with('\t');
    let rest = rest.trim_start_matches([' ', '\t']);
    let length = rest.bytes().take(12).take_while(u8::is_ascii_alphabetic).count();
    let (word, after) = (rest.get(..length)?, rest.get(length..)?);
    let level = Level::read_any(word).filter(|_| Level::read(word).is_none() && length > 2 && length < 12)?;
    if word.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let parted = after.starts_with([' ', '\t', ':', '|']) && word != "LOG";
        return parted.then(|| (level, after.trim_start_matches([':', '|'])));
    }
    let parted = after.starts_with('\t') && tab || after.starts_with(": ") || after.starts_with('\t');
    parted.then(|| (level, after.trim_start_matches(':')))
}

/// Heads of programs that put time and level into one piece, or write no time at all.
fn own(text: &str, style: Style) -> Option<Record<'_>> {
    let mut head = Head::default();
    match text.as_bytes().first()? {
        // Serilog: `[14:02:31 WRN] …`.
        b'[' => {
            let (inner, rest) = text.get(1..)?.split_once(']').filter(|(inner, _)| inner.len() < 64)?;
            let (time, end, _) = stamps::any(inner, style.month_first)?;
            let word = inner.get(end..)?.strip_prefix(' ')?.trim();
            (head.time, head.level) = (Some(time), Some(Level::read_any(word)?));
            let message = head.tail(rest, style);
            Some(head.record(message))
        }
        // klog: `W1130 14:02:31.204123       1 authentication.go:73] …`.
        letter @ (b'I' | b'W' | b'E' | b'F') if text.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => {
            let number = |from: usize| text.get(from..from + 2)?.parse::<i64>().ok();
            let (of_day, end) = super::time::clock_at(text.as_bytes(), 6).filter(|_| text.as_bytes().get(5) == Some(&b' '))?;
            let time = stamps::yearless(number(1)?, number(3)?, of_day)?;
            let (place, message) = text.get(end..)?.split_once("] ").filter(|(place, _)| place.len() < 128)?;
            let (process, place) = place.trim().split_once(' ')?;
            head.time = Some(time);
            head.level = Some(match letter {
                b'I' => Level::Info,
                b'W' => Level::Warn,
                b'E' => Level::Error,
                _ => Level::Fatal,
            });
            head.logger = Cow::Borrowed(place.trim());
            head.named("process", process);
            Some(head.record(message))
        }
        // The console of .NET: `warn: Microsoft.AspNetCore.X[2]`, the message below it.
        b'a'..=b'z' => {
            let (word, rest) = text.split_once(": ")?;
            let level =
                matches!(word, "trce" | "dbug" | "info" | "warn" | "fail" | "crit").then(|| Level::read_any(word)).flatten()?;
            let (category, rest) = rest.split_once('[').filter(|(category, _)| parts::is_logger(category))?;
            let (id, message) =
                rest.split_once(']').filter(|(id, _)| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))?;
            (head.level, head.logger) = (Some(level), Cow::Borrowed(category));
            head.named("id", id);
            Some(head.record(message.trim_start()))
        }
        // Ruby's `W, [2026-11-30T14:02:31.204123 #812]  WARN -- program: …`.
        b'A'..=b'Z' if text.as_bytes().get(1..4) == Some(b", [") => {
            let (inner, rest) = text.get(4..)?.split_once(']').filter(|(inner, _)| inner.len() < 64)?;
            let (stamp, process) = inner.split_once(" #")?;
            let (time, _, _) = stamps::any(stamp, style.month_first)?;
            let (word, rest) = rest.trim_start().split_once(" -- ")?;
            let (program, message) = rest.split_once(':')?;
            (head.time, head.level) = (Some(time), Some(Level::read_any(word)?));
            head.named("process", process);
            head.named("part", program.trim());
            Some(head.record(message.trim_start()))
        }
        // Python's `WARNING:oauthlib.oauth2:…`.
        b'A'..=b'Z' => {
            let (word, rest) = text.split_once(':').filter(|(word, _)| word.len() <= 8)?;
            let (logger, message) = rest.split_once(':')?;
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
            let fits = logger.len() <= 128 && logger.as_bytes().first()?.is_ascii_alphabetic() && logger.bytes().all(plain);
            (head.level, head.logger) = (Some(Level::read(word).filter(|_| fits)?), Cow::Borrowed(logger));
            Some(head.record(message))
        }
        _ => None,
    }
}

/// `INFO  [org.keycloak.x] (main) …`, `WARN 2026-…`: only with a time or a logger right behind it, since sentences begin so, too.
fn level_first<'a>(mut head: Head<'a>, mut rest: &'a str, style: Style) -> Option<Record<'a>> {
    for _ in 0..4 {
        let (part, after) = parts::next(rest, style)?;
        match part {
            Part::Time(time, _) => {
                head.time = Some(time);
                rest = after;
                break;
            }
            Part::Group(b'[', inner) if parts::is_logger(inner) => break,
            Part::Group(open, inner) => head.group(open, inner),
            Part::Sign(_) => {}
            _ => return None,
        }
        rest = after;
    }
    let message = head.tail(rest, style);
    (head.time.is_some() || !head.logger.is_empty()).then(|| head.record(message))
}

impl<'a> Head<'a> {
    /// Takes what stands behind the level and before the message, and gives the message.
    pub(super) fn tail(&mut self, mut rest: &'a str, style: Style) -> &'a str {
        let (mut thread, mut dashed) = (false, false);
        for at in 0..12 {
            let Some((part, after)) = parts::next(rest, style) else { break };
            match part {
                Part::Group(b'[' | b'{', inner) if self.logger.is_empty() && parts::is_logger(inner) => {
                    self.logger = Cow::Borrowed(inner);
                }
                Part::Group(b'{', inner) if inner.is_empty() || inner.contains('=') => self.group(b'{', inner),
                Part::Group(b'[', inner)
                    if inner.is_empty() || !parts::map(inner).is_empty() || super::access::is_uuid(inner) =>
                {
                    self.group(b'[', inner);
                }
                Part::Group(b'(', inner) if !thread && (!self.logger.is_empty() || parts::is_thread(inner)) => {
                    thread = true;
                    self.named("thread", inner);
                }
                Part::Group(b'[', inner) if at == 0 && self.logger.is_empty() && is_category(inner) => {
                    self.logger = Cow::Borrowed(inner)
                }
                Part::Group(b'[', inner)
                    if !thread && (parts::is_thread(inner) || self.logger.is_empty()) && !inner.contains(". ") =>
                {
                    thread = parts::is_thread(inner);
                    self.group(b'[', inner);
                }
                Part::Pair(name, value) if of_head(name) => self.pair(name, value),
                Part::Label(_) => return self.label(after),
                Part::Time(time, _) if self.time.is_none() => self.time = Some(time),
                Part::Word(word) if self.logger.is_empty() && behind_logger(word, after) => self.logger = Cow::Borrowed(word),
                // Java's own logging writes class and method.
                Part::Word(word) if self.logger.is_empty() && !is_fault(word) && is_method_of_class(word) => {
                    self.logger = Cow::Borrowed(word)
                }
                // Spring shortens the names of its servlets to `o.a.c.c.C.[.[.[/].[dispatcherServlet]`.
                Part::Word(_) if self.logger.is_empty() && dashed && servlet(rest).is_some() => {
                    if let Some((logger, message)) = servlet(rest) {
                        self.logger = Cow::Borrowed(logger);
                        return message.trim_start();
                    }
                }
                // Spring writes the process and three dashes.
                Part::Word(word) if word.bytes().all(|byte| byte.is_ascii_digit()) && after.trim_start().starts_with("--- ") => {
                    self.named("process", word);
                }
                Part::Sign("---") => dashed = true,
                Part::Sign(_) => {}
                _ => break,
            }
            rest = after;
        }
        rest.trim_start()
    }

    /// `msg="…" name=value`: the message, and the pairs behind it.
    pub(super) fn label(&mut self, after: &'a str) -> &'a str {
        let Some(inner) = after.strip_prefix('"') else { return after };
        let mut escaped = false;
        let end = inner.bytes().position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        let Some(end) = end else { return inner };
        for (name, value) in parts::map(&inner[end + 1..]) {
            self.pair(name, value);
        }
        &inner[..end]
    }

    pub(super) fn named(&mut self, name: &'static str, value: &'a str) {
        if !value.is_empty() {
            self.fields.push((Cow::Borrowed(name), Cow::Borrowed(value)));
        }
    }

    pub(super) fn pair(&mut self, name: &'a str, value: &'a str) {
        if self.logger.is_empty() && matches!(name, "logger" | "category" | "class") {
            self.logger = Cow::Borrowed(value);
        } else {
            self.fields.push((Cow::Borrowed(name), Cow::Borrowed(value)));
        }
    }

    fn word(&mut self, word: &'a str) {
        if self.logger.is_empty() && parts::is_logger(word) {
            self.logger = Cow::Borrowed(word);
        } else {
            self.named(if parts::is_thread(word) { "thread" } else { "part" }, word);
        }
    }

    pub(super) fn group(&mut self, open: u8, inner: &'a str) {
        let pairs = if open == b'(' { Vec::new() } else { parts::map(inner) };
        if !pairs.is_empty() {
            for (name, value) in pairs {
                self.pair(name, value);
            }
        } else if open != b'(' && access::is_uuid(inner) {
            self.named("correlationId", inner);
        } else if self.logger.is_empty() && parts::is_logger(inner) && !parts::is_thread(inner) {
            self.logger = Cow::Borrowed(inner);
        } else {
            self.named(if open == b'(' || parts::is_thread(inner) { "thread" } else { "part" }, inner);
        }
    }

    /// The head and its message as a record.
    pub(super) fn record(self, message: &'a str) -> Record<'a> {
        let mut record = told(&self.logger, message);
        record.time = self.time.or(record.time);
        record.level = self.level;
        record.logger = self.logger;
        front(&mut record, self.fields);
        record
    }
}

/// Whether what stands in brackets behind the level is a category that was cut to its last part.
fn is_category(inner: &str) -> bool {
    let plain = inner.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$'));
    plain && inner.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && inner.len() <= 100 && !parts::is_thread(inner)
}

/// Whether a word is the name of a fault, which begins a message.
fn is_fault(word: &str) -> bool {
    word.ends_with("Exception") || word.ends_with("Error") || word.ends_with("Throwable")
}

/// `org.apache.catalina.core.StandardService.startInternal`.
fn is_method_of_class(word: &str) -> bool {
    let mut parts = word.rsplit('.');
    let (Some(method), Some(class)) = (parts.next(), parts.next()) else { return false };
    let small = |part: &str| part.starts_with(|first: char| first.is_ascii_lowercase());
    let packages = parts.clone().count();
    parts::is_logger(word)
        && small(method)
        && class.starts_with(|first: char| first.is_ascii_uppercase())
        && packages >= 2
        && parts.all(small)
}

/// A name in brackets and points before ` : `, as Spring shortens it, and the message.
fn servlet(rest: &str) -> Option<(&str, &str)> {
    let (logger, message) = rest.trim_start().split_once(" : ")?;
    let logger = logger.trim_end();
    (logger.len() <= 128 && logger.contains(".[") && !logger.contains(' ')).then_some((logger, message))
}

/// Whether a word is a logger because of what follows it.
fn behind_logger(word: &str, after: &str) -> bool {
    let after = after.trim_start_matches(' ');
    parts::is_logger(word) && !is_fault(word) && (after.starts_with(['-', ':', '|', '(', '[', '>']) || after.is_empty())
}

/// A message as what its logger says it is: an event, WSO2's audit, an access, a line of the server.
pub(super) fn told<'a>(logger: &str, message: &'a str) -> Record<'a> {
    if logger == "AUDIT_LOG" || message.starts_with("{AUDIT_LOG}") {
        let message = message.strip_prefix("{AUDIT_LOG}").unwrap_or(message).trim_start_matches([' ', '-']);
        return carbon::audit(message);
    }
    if (logger.contains("access-log") || logger.contains("access_log") || logger.ends_with("AccessLog"))
        && let Some(record) = access::line(message)
    {
        return record;
    }
    if let Some(record) = access::untimed(message) {
        return record;
    }
    if logger.starts_with("org.wso2.") || logger.starts_with("org.apache.synapse") {
        return carbon::server(message);
    }
    keycloak::message_of(Cow::Borrowed(message))
}

/// Puts what stood before a message before its fields, and fills the columns that the message left empty.
pub(super) fn front<'a>(record: &mut Record<'a>, mut fields: Vec<Pair<'a>>) {
    if fields.is_empty() {
        return;
    }
    let by = fields.len();
    fields.append(&mut record.fields);
    record.fields = fields;
    let columns = &mut record.columns;
    let moved = |column: Option<usize>| column.map(|at| at + by);
    *columns = Columns {
        event_type: moved(columns.event_type),
        realm: moved(columns.realm),
        client: moved(columns.client),
        user: moved(columns.user),
        session: moved(columns.session),
        ip: moved(columns.ip),
        error: moved(columns.error),
    };
    for (at, (name, value)) in record.fields.iter().enumerate().take(by) {
        let column = match name.to_ascii_lowercase().as_str() {
            "kc.realmname" | "realm" | "realmname" | "tenant" => &mut columns.realm,
            "kc.clientid" | "clientid" | "client_id" => &mut columns.client,
            "kc.userid" | "kc.username" | "userid" | "user_id" | "user" | "username" => &mut columns.user,
            "kc.ipaddress" | "ipaddress" | "sourceip" => &mut columns.ip,
            "correlationid" | "correlation-id" | "correlation_id" | "x-correlation-id" | "activityid" | "kc.sessionid"
            | "sessionid" => &mut columns.session,
            _ => continue,
        };
        if column.is_none() && set(value) {
            *column = Some(at);
        }
    }
}
