//! HTTP access logs: common and combined, Envoy's, oauth2-proxy's, those of development servers, and a JSON object for each request.

use std::{borrow::Cow, net::IpAddr};

use super::{
    record::{Level, LogKind, Record, set},
    stamps,
    time::{self, Time},
};

/// Methods a request begins with.
const METHODS: [&str; 11] =
    ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE", "PROPFIND", "REPORT"];

fn is_method(word: &str) -> bool {
    METHODS.contains(&word)
}

fn is_status(word: &str) -> bool {
    word.len() == 3 && word.parse::<u16>().is_ok_and(|status| (100..600).contains(&status))
}

/// What a request line says, and what follows it.
struct Request<'a> {
    method: &'a str,
    target: &'a str,
    line: &'a str,
    rest: &'a str,
}

/// `"POST /oauth2/token HTTP/1.1" …`, and the same without quotes, as patterns without them give it.
fn request(text: &str) -> Option<Request<'_>> {
    if let Some(inner) = text.strip_prefix('"') {
        let (line, rest) = inner.split_once('"')?;
        let (method, target) = line.split_once(' ').unwrap_or((line, ""));
        let target = target.split(' ').next().unwrap_or_default();
        let plausible = is_method(method) && !target.is_empty() || line == "-" || !target.is_empty() && line.contains(" HTTP/");
        return plausible.then_some(Request { method, target, line, rest });
    }
    let (method, rest) = text.split_once(' ').filter(|(method, _)| is_method(method))?;
    let (target, rest) = rest.split_once(' ').filter(|(target, _)| target.starts_with('/') || target.contains("://"))?;
    let rest = match rest.split_once(' ') {
        Some((word, after)) if word.starts_with("HTTP/") => after,
        _ => rest,
    };
    let line = text.get(..text.len() - rest.len())?.trim_end();
    Some(Request { method, target, line, rest })
}

/// `127.0.0.1 - alice [20/Nov/2026:14:02:31 +0000] "POST /oauth2/token HTTP/1.1" 401 87 "-" "curl/8.5"` and its relatives; none for
/// other lines.
pub(super) fn line(text: &str) -> Option<Record<'_>> {
    let (caller, rest) = match text.strip_prefix('[') {
        Some(rest) => ("", rest),
        None => text.split_once(" [").filter(|(caller, _)| caller.len() <= 512)?,
    };
    let (stamp, rest) = rest.split_once(']')?;
    let time = time::of_access(stamp).or_else(|| {
        let (time, end, _) = stamps::any(stamp, false)?;
        (end == stamp.len()).then_some(time)
    })?;
    let rest = rest.strip_prefix(' ')?;
    if let Some(asked) = request(rest) {
        let status = asked.rest.split_ascii_whitespace().next()?;
        if !is_status(status) && status != "-" && status != "0" {
            return None;
        }
        return Some(of(text, caller, Some(time), &asked, asked.rest));
    }
    // oauth2-proxy: host, method, upstream, `"/target"`, protocol, `"agent"`, status.
    let mut words = rest.splitn(4, ' ');
    let (_, method, _, rest) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let (target, rest) =
        rest.strip_prefix('"')?.split_once('"').filter(|(target, _)| target.starts_with('/') && is_method(method))?;
    let (_, rest) = rest.strip_prefix(" HTTP/")?.split_once(' ')?;
    let rest = match rest.strip_prefix('"').and_then(|inner| inner.split_once('"')) {
        Some((_, after)) => after,
        None => rest,
    };
    rest.split_ascii_whitespace().next().filter(|status| is_status(status))?;
    let line = text.get(text.len() - rest.len()..)?;
    let mut record = of(text, caller, Some(time), &Request { method, target, line, rest }, rest);
    record.message = Cow::Borrowed(text.get(text.find(method)?..)?);
    Some(record)
}

/// `127.0.0.1:5000 - "GET /orders HTTP/1.1" 401 Unauthorized`: a request as the message of a line that has its time elsewhere.
pub(super) fn untimed(text: &str) -> Option<Record<'_>> {
    let (caller, rest) = text.split_once(" - \"")?;
    address(caller)?;
    let rest = text.get(text.len() - rest.len() - 1..)?;
    let asked = request(rest)?;
    let status = asked.rest.split_ascii_whitespace().next()?;
    is_status(status).then(|| of(text, caller, None, &asked, asked.rest))
}

/// `INFO:     127.0.0.1:5000 - "GET /orders HTTP/1.1" 401 Unauthorized`.
pub(super) fn leveled(text: &str) -> Option<Record<'_>> {
    let (word, rest) = text.split_once(':').filter(|(word, _)| word.len() <= 8)?;
    let level = Level::read(word)?;
    Some(Record { level: Some(level), ..untimed(rest.trim_start())? })
}

/// The address in a word: alone, with a port, or as the first of a list of proxies.
fn address(word: &str) -> Option<&str> {
    let first = word.split(',').next()?.trim();
    let bare = first.trim_start_matches('[');
    if bare.parse::<IpAddr>().is_ok() {
        return Some(bare);
    }
    let (host, port) = bare.rsplit_once(':')?;
    let host = host.trim_end_matches(']');
    (port.bytes().all(|byte| byte.is_ascii_digit()) && host.parse::<IpAddr>().is_ok()).then_some(host)
}

fn of<'a>(text: &'a str, caller: &'a str, time: Option<Time>, asked: &Request<'a>, rest: &'a str) -> Record<'a> {
    let mut record = Record::new(LogKind::Access, text);
    record.time = time;
    // From the request on.
    if let Some(at) = text.find(asked.line) {
        let at = if at > 0 && text.as_bytes()[at - 1] == b'"' { at - 1 } else { at };
        record.message = Cow::Borrowed(&text[at..]);
    }
    let mut numbers = rest.split_ascii_whitespace();
    let status = numbers.next().unwrap_or_default();
    // Some appenders put a dash of their own first; a name of the host may stand before the address.
    let words = || caller.split(' ').skip_while(|word| *word == "-");
    let ip = words().find_map(address).or_else(|| words().next()).unwrap_or_default();
    let user = words().skip_while(|word| address(word).is_none()).nth(2).or_else(|| words().nth(2));
    // oauth2-proxy puts the request's id before its user.
    let user = if user.is_some_and(is_uuid) { words().last().filter(|last| !is_uuid(last)) } else { user };
    let user = user.filter(|user| *user != "-" && !user.is_empty());
    record.columns.event_type = record.push("method", asked.method);
    record.push("target", asked.target);
    let at = record.push("status", status);
    record.columns.error = at.filter(|_| status.parse::<u16>().is_ok_and(|status| status >= 400));
    let quoted: Vec<&str> = rest.split('"').skip(1).step_by(2).collect();
    let ip = if ip.is_empty() { quoted.iter().copied().find_map(address).unwrap_or_default() } else { ip };
    if !ip.is_empty() {
        record.columns.ip = record.push("address", ip);
    }
    if let Some(user) = user {
        record.columns.user = record.push("user", user);
    }
    if let Some(bytes) = numbers.next().filter(|bytes| *bytes != "-" && bytes.bytes().all(|byte| byte.is_ascii_digit())) {
        record.push("bytes", bytes);
    }
    // The two that the combined layout has; Envoy's own begin with other things.
    if !caller.is_empty() {
        for (name, value) in ["referrer", "agent"].into_iter().zip(&quoted) {
            if *value != "-" {
                record.push(name, *value);
            }
        }
    }
    // A correlation id is the last word where the layout was given one; Envoy's stands in quotes.
    let last = rest.split([' ', '"']).rfind(|word| !word.is_empty()).filter(|last| is_uuid(last));
    let id = last.or_else(|| quoted.iter().copied().find(|word| is_uuid(word)));
    let id = id.or_else(|| caller.split(' ').find(|word| is_uuid(word)));
    if let Some(id) = id {
        record.columns.session = record.push("correlationId", id);
    }
    record
}

/// Makes a record of JSON members one of a request, where they are those of one.
pub(super) fn of_members(record: &mut Record<'_>) {
    let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
    let at = |names: &[&str]| record.fields.iter().position(|(name, value)| names.contains(&last(name).as_str()) && set(value));
    let status =
        at(&["status", "response_code", "downstreamstatus", "status_code", "statuscode", "response_status", "originstatus"]);
    let line = at(&["request", "request_line"]);
    let method = at(&["method", "request_method", "requestmethod", "verb"]);
    let path = at(&["path", "uri", "url", "request_uri", "requestpath", "target", "request_path", "event"]);
    let text = |at: Option<usize>| at.and_then(|at| record.fields.get(at)).map(|(_, value)| value.to_string());
    let Some(code) = text(status).filter(|code| is_status(code)) else { return };
    let words = match (text(line), text(method), text(path)) {
        (Some(line), ..) if line.split(' ').next().is_some_and(is_method) => line,
        (_, Some(method), path) if is_method(&method) => format!("{method} {}", path.unwrap_or_default()),
        _ => return,
    };
    let ip = at(&[
        "remote_addr",
        "remote_ip",
        "clienthost",
        "clientaddr",
        "x_forwarded_for",
        "remote",
        "client_ip",
        "downstream_remote_address",
        "ip",
    ]);
    let user = at(&["remote_user", "clientusername", "user", "username"]);
    let id = at(&["request_id", "x_request_id", "requestid", "correlation_id", "correlationid"]);
    record.kind = LogKind::Access;
    record.columns.ip = record.columns.ip.or(ip);
    record.columns.user = record.columns.user.or(user);
    record.columns.session = record.columns.session.or(id);
    record.columns.error = status.filter(|_| code.as_str() >= "400");
    if record.message.is_empty() {
        record.message = Cow::Owned(format!("{words} {code}"));
    }
    let method = words.split(' ').next().unwrap_or_default().to_owned();
    record.columns.event_type = method_column(record, method);
}

fn method_column(record: &mut Record<'_>, method: String) -> Option<usize> {
    record.push("method", method)
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
