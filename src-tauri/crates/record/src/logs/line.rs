//! One line, in whatever layout and under whatever layers it is written.

use std::borrow::Cow;

use super::{
    access, carbon, head, json, keycloak,
    layout::Layout,
    record::{Level, LogKind, Read, Record},
    stamps,
    time::nearer,
    wrap,
};

/// Most layers around a line.
pub(super) const LAYERS: usize = 4;

/// Reads one line in whatever layout it has; none when it begins no record, so that it belongs to the one before.
pub fn parse(line: &str) -> Option<Record<'_>> {
    read(line, &Layout::default()).map(|read| read.record)
}

/// Reads a line: as it is, else without the layers around it, else in a layout that was learned, else by its time and level.
pub(super) fn read<'a>(line: &'a str, layout: &Layout) -> Option<Read<'a>> {
    // Stack traces are most of what is no record; a level may be set to the right in its column, so one blank is none of them.
    if line.starts_with('\t') || line.starts_with("  ") {
        return None;
    }
    if let Some(read) = known(line, layout).or_else(|| exported(line, layout)) {
        return Some(read);
    }
    let (mut rest, mut outer) = (line, None::<wrap::Outer<'a>>);
    let mut found = None;
    for _ in 0..LAYERS {
        let Some((layer, inner)) = wrap::peel(rest) else { break };
        rest = inner;
        outer = Some(match outer {
            Some(outer) => outer.around(layer),
            None => layer,
        });
        found = known(rest, layout);
        if found.is_some() {
            break;
        }
    }
    let style = layout.style();
    let found = found.or_else(|| layout.parse(rest).map(Read::firm));
    let weak = || head::line(rest, style).map(Read::firm);
    let Some(outer) = outer else { return found.or_else(weak) };
    let found = match found {
        Some(read) => read,
        None => match weak() {
            Some(read) if read.record.level.is_some() => read,
            // A stamp with a level further behind it is no layer but the line itself.
            weak => match layout.parse(line).or_else(|| head::line(line, style)).filter(|record| record.level.is_some()) {
                Some(record) => return Some(Read::firm(record)),
                None => weak.unwrap_or_else(|| loose(rest)),
            },
        },
    };
    let Read { mut record, origin, firm } = found;
    record.time = nearer(record.time, outer.time);
    record.level = record.level.or(outer.level);
    if record.time.is_none() && !firm {
        record.kind = LogKind::Text;
    }
    head::front(&mut record, outer.fields);
    let origin = if origin.is_empty() { Cow::Borrowed(outer.origin) } else { origin };
    Some(Read { record, origin, firm })
}

/// `1796047351204,"2026-11-30 14:02:31,204 WARN …"`: a row of a table that a cloud's log was exported to, the line in its last column.
fn exported<'a>(line: &'a str, layout: &Layout) -> Option<Read<'a>> {
    if !line.as_bytes().first()?.is_ascii_digit() || !line.ends_with('"') {
        return None;
    }
    let (stamp, inner) = line.split_once(",\"")?;
    let (time, end, _) = stamps::any(stamp, false)?;
    let inner = inner.strip_suffix('"').filter(|inner| end == stamp.len() && !inner.starts_with('"'))?;
    let inner = inner.replace("\"\"", "\"");
    let read = read(&inner, layout)?;
    let mut record = read.record.into_owned();
    record.time = nearer(record.time, Some(time));
    Some(Read { record, origin: Cow::Owned(read.origin.into_owned()), firm: true })
}

/// A line that only the layer around it says something of; a level may begin it.
fn loose(rest: &str) -> Read<'_> {
    let mut record = Record::new(LogKind::Server, rest);
    let word = rest.split([' ', ':']).next().unwrap_or_default();
    record.level = Level::read(word);
    let firm = record.level.is_some();
    Read { record, origin: Cow::Borrowed(""), firm }
}

/// The layouts that are told by their first characters.
fn known<'a>(line: &'a str, layout: &Layout) -> Option<Read<'a>> {
    let record = match line.as_bytes().first()? {
        b'{' => return json::read(line, layout, read),
        // Server-sent events and sequences of JSON (RFC 7464), as the journal can write them.
        b'd' if line.starts_with("data: {") => return json::read(line.get(6..)?, layout, read),
        0x1e => return json::read(line.get(1..)?, layout, read),
        b'T' if line.starts_with("TID") => carbon::line(line),
        b'[' => carbon::line(line).or_else(|| access::line(line)),
        b't' | b'o' => keycloak::message_alone(line).or_else(|| access::line(line)),
        b' ' | b'\t' | b'}' => None,
        _ => keycloak::line(line)
            .or_else(|| carbon::correlation(line))
            .or_else(|| access::line(line))
            .or_else(|| access::leveled(line)),
    };
    record.map(Read::firm)
}
