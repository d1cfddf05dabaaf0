//! One JSON object a line: Keycloak's JSON console in its own names and in those of the Elastic Common Schema, log4j's, the names
//! other services use, and the wrapping Docker, Fluentd and the journal put around any line.

use std::{borrow::Cow, fmt};

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{
    access,
    colour::uncoloured,
    head,
    layout::Layout,
    record::{Level, LogKind, Pair, Read, Record},
    stamps,
    time::{self, Time, nearer},
    wrap,
};

/// How the line is read that a member holds. It is passed in because such a line may be JSON again, which this module reads.
pub(super) type ReadLine = for<'a> fn(&'a str, &Layout) -> Option<Read<'a>>;

/// Most members of a line that are kept.
const MEMBERS: usize = 200;
/// How deep objects are looked into.
const DEPTH: usize = 4;

/// Members that say nothing somebody looks for in a log.
const NOISE: &[&str] = &[
    "sequence",
    "threadName",
    "process.thread.name",
    "process.thread.id",
    "loggerClassName",
    "threadId",
    "thread_id",
    "threadPriority",
    "ndc",
    "hostName",
    "processName",
    "processId",
    "ecs.version",
    "event.dataset",
    "event.sequence",
    "endOfBatch",
    "loggerFqcn",
    "level_value",
    "@version",
    "stream",
    "log.tag",
    "attrs.tag",
];

/// What a line of JSON turns out to be.
#[derive(Default)]
struct Line<'a> {
    timestamp: Cow<'a, str>,
    /// Nanoseconds that stand beside whole seconds.
    nanos: Option<i64>,
    level: Cow<'a, str>,
    logger: Cow<'a, str>,
    message: Option<Cow<'a, str>>,
    /// The message without its values, where the program writes no other.
    template: Cow<'a, str>,
    /// Docker's own wrapping.
    log: Cow<'a, str>,
    /// Microseconds of the journal.
    journal: Cow<'a, str>,
    priority: Cow<'a, str>,
    origin: Cow<'a, str>,
    others: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Line<'a> {
    fn take(&mut self, name: Cow<'a, str>, value: Cow<'a, str>) {
        let first = |slot: &mut Cow<'a, str>, value| {
            if slot.is_empty() {
                *slot = value;
            }
        };
        // Names differ in their capitals from program to program; the longest that counts is short.
        let lower: Cow<'_, str> = match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true if name.len() <= 64 => Cow::Owned(name.to_ascii_lowercase()),
            _ => Cow::Borrowed(name.as_ref()),
        };
        // What a cloud's collector puts its entry into.
        let lower = lower.strip_prefix("jsonpayload.").or_else(|| lower.strip_prefix("_source.")).unwrap_or(&lower);
        match lower {
            "timestamp"
            | "@timestamp"
            | "time"
            | "ts"
            | "timemillis"
            | "instant.epochsecond"
            | "datetime"
            | "asctime"
            | "eventtime"
            | "@t"
            | "time_local"
            | "time_iso8601"
            | "start_time"
            | "starttime"
            | "startutc"
            | "date"
            | "timestamp.seconds"
            | "written_at"
            | "created_at"
            | "time_generated"
            | "timegenerated"
            | "logtime"
            | "log_time"
            | "timeunixnano"
            | "observedtimeunixnano" => {
                first(&mut self.timestamp, value);
            }
            "instant.nanoofsecond" | "timestamp.nanos" => self.nanos = value.parse().ok(),
            "level" | "log.level" | "severity" | "lvl" | "levelname" | "loglevel" | "log_level" | "severitytext" | "@l" => {
                first(&mut self.level, value)
            }
            "loggername"
            | "log.logger"
            | "logger"
            | "logger_name"
            | "category"
            | "sourcecontext"
            | "properties.sourcecontext"
            | "_loggername"
            | "_log_logger" => first(&mut self.logger, value),
            "message" | "msg" | "textpayload" | "short_message" | "line" | "body" | "@m" | "renderedmessage" => {
                _ = self.message.get_or_insert(value)
            }
            "@mt" | "messagetemplate" => first(&mut self.template, value),
            "log" => first(&mut self.log, value),
            "__realtime_timestamp" => self.journal = value,
            "priority" if name == "PRIORITY" => self.priority = value,
            "syslog_identifier" => self.origin = value,
            _ if self.others.len() < MEMBERS => self.others.push((name, value)),
            _ => {}
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Line<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<'a>(Line<'a>);
        impl<'de: 'a, 'a> Visitor<'de> for Members<'a> {
            type Value = Line<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Line<'a>, A::Error> {
                while let Some(name) = map.next_key::<Text<'a>>()? {
                    map.next_value_seed(Into { line: &mut self.0, name: name.0, depth: 0 })?;
                }
                Ok(self.0)
            }
        }
        deserializer.deserialize_map(Members(Line::default()))
    }
}

/// A name, borrowed where it has no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct One;
        impl<'de> Visitor<'de> for One {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(One)
    }
}

/// Puts a value under its name into a line; of an object each member under both names with a point between.
struct Into<'l, 'a> {
    line: &'l mut Line<'a>,
    name: Cow<'a, str>,
    depth: usize,
}

impl<'de: 'a, 'a> DeserializeSeed<'de> for Into<'_, 'a> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for Into<'_, 'a> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        self.line.take(self.name, Cow::Borrowed(text));
        Ok(())
    }
    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.line.take(self.name, Cow::Owned(text.to_owned()));
        Ok(())
    }
    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.line.take(self.name, Cow::Owned(number.to_string()));
        Ok(())
    }
    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.line.take(self.name, Cow::Owned(number.to_string()));
        Ok(())
    }
    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.line.take(self.name, Cow::Owned(number.to_string()));
        Ok(())
    }
    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.line.take(self.name, Cow::Borrowed(if value { "true" } else { "false" }));
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(inner)) = map.next_key::<Text<'a>>()? {
            if self.depth >= DEPTH {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let name = Cow::Owned(format!("{}.{inner}", self.name));
            map.next_value_seed(Into { line: &mut *self.line, name, depth: self.depth + 1 })?;
        }
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        // The journal writes what is no text as its bytes; other lists are told by their length.
        if self.name == "MESSAGE" {
            let mut bytes = Vec::new();
            while let Some(byte) = seq.next_element::<u8>()? {
                bytes.push(byte);
            }
            self.line.take(self.name, Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()));
            return Ok(());
        }
        let mut words = String::new();
        while let Some(one) = seq.next_element::<serde_json::Value>()? {
            if words.len() < 300 {
                let text = one.as_str().map_or_else(|| one.to_string(), str::to_owned);
                words = if words.is_empty() { text } else { format!("{words}, {text}") };
            }
        }
        self.line.take(self.name, Cow::Owned(words));
        Ok(())
    }
}

/// Reads a line that begins with a brace; none when it is no object of a log.
pub(super) fn read<'a>(text: &'a str, layout: &Layout, read_line: ReadLine) -> Option<Read<'a>> {
    let line: Line<'_> = serde_json::from_str(text).ok()?;
    if !line.journal.is_empty() {
        return journal(line, layout, read_line);
    }
    if !line.log.is_empty() && line.message.is_none() {
        let time = moment(&line.timestamp, None);
        return within(&line.log, time, None, Cow::Borrowed(""), line.others, layout, read_line);
    }
    let time = moment(&line.timestamp, line.nanos)?;
    let message = line.message.filter(|message| !message.is_empty()).unwrap_or(line.template);
    let wrapped = line.logger.is_empty() && is_line_with_level(&message, layout, read_line);
    if (line.level.is_empty() && line.logger.is_empty() || wrapped) && !message.is_empty() {
        // A collector's wrapping: what it took is a line of its own.
        return within(&message, Some(time), None, Cow::Borrowed(""), line.others, layout, read_line);
    }
    let mut record = match message {
        Cow::Borrowed(message) => head::told(&line.logger, message),
        Cow::Owned(message) => head::told(&line.logger, &message).into_owned(),
    };
    record.time = Some(time);
    // One digit is a severity of syslog, as GELF has it.
    let severity = || line.level.parse().ok().filter(|number| *number < 8).map(wrap::severity);
    record.level = Level::read_any(&line.level).or_else(severity);
    record.logger = line.logger;
    beside(&mut record, line.others);
    access::of_members(&mut record);
    if record.message.is_empty()
        && let Some(event) = record.field("event").map(str::to_owned)
    {
        record.message = Cow::Owned(event);
    }
    Some(Read::firm(record))
}

/// Whether a message is a line of its own with time and level, which a collector has put its own level beside.
fn is_line_with_level(message: &str, layout: &Layout, read_line: ReadLine) -> bool {
    let begins = message.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '[' | '{' | 'T'));
    begins
        && message.len() < 64 * 1024
        && read_line(message, layout).is_some_and(|read| read.record.time.is_some() && read.record.level.is_some())
}

/// An entry of the journal, whose message is a line of the server.
fn journal<'a>(line: Line<'a>, layout: &Layout, read_line: ReadLine) -> Option<Read<'a>> {
    let micros: i64 = line.journal.parse().ok()?;
    let time = Time { ms: micros.div_euclid(1000), zoned: true, dated: true, yearless: false };
    let level = line.priority.parse().ok().map(wrap::severity);
    let message = line.message.unwrap_or_default();
    let kept = |(name, value): (Cow<'a, str>, Cow<'a, str>)| {
        let name = match name.as_ref() {
            "_HOSTNAME" => "host",
            "_SYSTEMD_UNIT" => "unit",
            "_PID" => "process",
            "CONTAINER_NAME" => "container",
            _ => return None,
        };
        Some((Cow::Borrowed(name), value))
    };
    let others = line.others.into_iter().filter_map(kept).collect();
    within(&message, Some(time), level, line.origin, others, layout, read_line)
}

/// An entry of the journal as its export format has it: a field a line.
pub(super) fn exported(fields: Vec<(Cow<'_, str>, Cow<'_, str>)>, layout: &Layout, read_line: ReadLine) -> Option<Read<'static>> {
    let mut line = Line::default();
    for (name, value) in fields {
        line.take(name, value);
    }
    let read = journal(line, layout, read_line)?;
    Some(Read { record: read.record.into_owned(), origin: Cow::Owned(read.origin.into_owned()), firm: read.firm })
}

/// What a layer around a line knows, and the line.
fn within<'a>(
    inner: &str,
    time: Option<Time>,
    level: Option<Level>,
    origin: Cow<'a, str>,
    others: Vec<Pair<'a>>,
    layout: &Layout,
    read_line: ReadLine,
) -> Option<Read<'a>> {
    let inner = inner.trim_end();
    let plain =
        if memchr::memchr(0x1b, inner.as_bytes()).is_some() { Cow::Owned(uncoloured(inner)) } else { Cow::Borrowed(inner) };
    let (record, firm) = match read_line(&plain, layout) {
        Some(read) => (read.record, read.firm),
        None => (Record::new(LogKind::Server, plain.as_ref()), false),
    };
    let mut record: Record<'a> = record.into_owned();
    record.time = nearer(record.time, time);
    record.level = record.level.or(level);
    beside(&mut record, others);
    record.time.is_some().then_some(Read { record, origin, firm })
}

/// The other members, before the fields of the message.
fn beside<'a>(record: &mut Record<'a>, others: Vec<Pair<'a>>) {
    let fields = others
        .into_iter()
        .filter(|(name, value)| !value.is_empty() && !NOISE.contains(&name.as_ref()))
        .map(|(name, value)| match name.as_ref() {
            "thread_name" => (Cow::Borrowed("thread"), value),
            long => {
                let short = long.strip_prefix("mdc.").or_else(|| long.strip_prefix("contextMap.")).map(str::to_owned);
                (short.map_or(name, Cow::Owned), value)
            }
        })
        .collect();
    head::front(record, fields);
}

/// A time in words or as a number.
fn moment(text: &str, nanos: Option<i64>) -> Option<Time> {
    if let Some((time, _)) = time::stamp(text).filter(|(time, _)| time.zoned) {
        return Some(time);
    }
    let (mut time, _, _) = stamps::any(text, false)?;
    time.ms += nanos.map_or(0, |nanos| nanos.div_euclid(1_000_000));
    Some(time)
}
