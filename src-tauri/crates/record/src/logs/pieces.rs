//! Lines that a container runtime cut because they were too long for it, and how their pieces are put together.

use std::borrow::Cow;

use super::time;

/// Longest line that is read whole, in bytes; of a longer one the rest is counted and passed over.
pub const LONGEST_LINE: usize = 256 * 1024;

/// Length of a piece Docker writes of a line that is longer, less what a character at its end may take.
const DOCKER_PIECE: usize = 16 * 1024 - 4;

/// A piece of a line that a container runtime has cut: when it was taken, of which stream, what it holds, and whether more follows.
pub(super) type Piece<'a> = (&'a str, &'a str, Cow<'a, str>, bool);

/// Reads a line as a piece; none for lines of other layouts. `going_on` when a piece came before, so that its end is looked for.
pub(super) fn piece(line: &str, going_on: bool) -> Option<Piece<'_>> {
    if line.starts_with("{\"log\":") {
        return if going_on || line.len() > DOCKER_PIECE { docker(line) } else { None };
    }
    let bytes = line.as_bytes();
    if bytes.get(10) != Some(&b'T') || !bytes.first()?.is_ascii_digit() {
        return None;
    }
    let (stamp, rest) = line.split_once(' ')?;
    let (stream, rest) = rest.split_once(' ')?;
    if !matches!(stream, "stdout" | "stderr") || time::stamp(stamp).is_none() {
        return None;
    }
    let (flag, inner) = rest.split_once(' ').unwrap_or((rest, ""));
    matches!(flag, "F" | "P").then_some((stamp, stream, Cow::Borrowed(inner), flag == "P"))
}

/// What Docker's json-file driver has of a line that was too long for it: the piece ends without a line end.
fn docker(line: &str) -> Option<(&str, &str, Cow<'_, str>, bool)> {
    #[derive(serde::Deserialize)]
    struct Piece<'a> {
        #[serde(borrow)]
        log: Cow<'a, str>,
        stream: &'a str,
        time: &'a str,
    }
    let piece: Piece<'_> = serde_json::from_str(line).ok()?;
    let more = !piece.log.ends_with('\n') && piece.log.len() >= DOCKER_PIECE;
    let log = match piece.log {
        Cow::Borrowed(log) => Cow::Borrowed(log),
        Cow::Owned(mut log) => {
            log.truncate(log.trim_end_matches('\n').len());
            Cow::Owned(log)
        }
    };
    Some((piece.time, piece.stream, log, more))
}

/// The first line of a record, put together from its pieces; none where it was not cut.
pub(super) fn joined(record: &str) -> Option<String> {
    let mut lines = record.lines();
    let (stamp, stream, first, more) = piece(lines.next()?, false)?;
    if !more {
        return None;
    }
    let mut whole = format!("{stamp} {stream} F {first}");
    for line in lines {
        let Some((_, _, next, more)) = piece(line, true) else { break };
        if whole.len() + next.len() <= LONGEST_LINE {
            whole.push_str(&next);
        }
        if !more {
            break;
        }
    }
    Some(whole)
}
