//! Tokens that were broken into lines: by a terminal, a mail, a quotation, a setting, or a string of code that goes on.

use super::looks::{self, loose};
use token::{
    bounded,
    decode::{self, json},
};

/// Narrower lines are not broken for their width.
const NARROWEST: usize = 40;
/// A line that ends in this many letters of a token may have been broken.
const PIECE: usize = 16;

/// The text with its broken tokens in one line each; none where there are none. Lines after a token keep their numbers.
pub(super) fn unfolded(text: &str) -> Option<String> {
    if !text.contains('\n') && !text.contains("\\n") {
        return None;
    }
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut copied, mut at, mut owed) = (0, 0, 0);
    let mut left = text.len().saturating_mul(3);
    while at < bytes.len() {
        if bytes[at] == b'\n' {
            at += 1;
            if owed > 0 {
                out.push_str(&text[copied..at]);
                out.extend(std::iter::repeat_n('\n', owed));
                (copied, owed) = (at, 0);
            }
            continue;
        }
        if !loose(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && loose(bytes[at]) {
            at += 1;
        }
        if at - start >= PIECE
            && let Some((joined, end)) = wrapped(text, start, at, &mut left)
        {
            out.push_str(&text[copied..start]);
            out.push_str(&joined);
            owed += memchr::memchr_iter(b'\n', &bytes[start..end]).count();
            (copied, at) = (end, end);
        }
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&text[copied..]);
    Some(out)
}

/// The token that begins in a line and goes on in the next ones, joined, and where it ends.
pub(super) fn wrapped(text: &str, start: usize, end: usize, left: &mut usize) -> Option<(String, usize)> {
    let width = end - text[..end].rfind('\n').map_or(0, |at| at + 1);
    let first = &text[start..end];
    if *left == 0 || width < NARROWEST || glue(&text[end..]).is_none() {
        return None;
    }
    let from = first.split('.').next().and_then(|header| header.find("eyJ"));
    let header = first[from.unwrap_or_default()..].split('.').next().unwrap_or_default();
    // A header of its own may be longer than a line.
    if from.is_none() && looks::is_header(header, "").is_none() {
        return None;
    }
    let mut due = due(&first[from.unwrap_or_default()..]);
    let mut dots = first.bytes().filter(|byte| *byte == b'.').count();
    let mut joined = first.to_owned();
    let mut at = end;
    for _ in 0..4_000 {
        let last = joined.len() - joined.rfind('.').map_or(0, |dot| dot + 1);
        // Disclosures of an SD-JWT go on until the last tilde.
        let open = joined.contains('~') && !joined.ends_with('~');
        let whole = due.is_some_and(|due| dots == due.dots && last >= due.last) && !open;
        if *left == 0 || whole || dots > 4 {
            break;
        }
        let Some(skip) = glue(&text[at..]) else { break };
        let line = &text[at + skip..];
        let length = line.bytes().take_while(|byte| loose(*byte)).count();
        let piece = &line[..length];
        let after = &line[length..];
        let has = |is: fn(&u8) -> bool| piece.bytes().any(|byte| is(&byte));
        let mixed = has(u8::is_ascii_digit) || (has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)) || length >= 20;
        // A complete token is left as it is, unless the next line can be nothing else.
        let more = dots < 2 || (mixed && (dots != 2 || length >= 4));
        if length == 0
            || !ends(after)
            || !more
            || (piece.contains('=') && !piece.trim_end_matches('=').bytes().all(|byte| loose(byte) && byte != b'='))
            || is_start(piece)
        {
            break;
        }
        *left = left.saturating_sub(length + 1);
        dots += piece.bytes().filter(|byte| *byte == b'.').count();
        joined.push_str(piece);
        at += skip + length;
        if due.is_none() {
            due = self::due(&joined[from.unwrap_or_default()..]);
        }
    }
    (at > end).then_some((joined, at))
}

/// What stands between two pieces of one token: the end of a line with what a shell, a language, a table or a quotation puts
/// around it. Gives its length.
pub(super) fn glue(rest: &str) -> Option<usize> {
    let whole = bounded::up_to(rest, 200);
    let blanks = |text: &'_ str| text.len() - text.trim_start_matches([' ', '\t']).len();
    let quote = whole.chars().next().filter(|letter| matches!(letter, '"' | '\'' | '`'));
    let mut at = quote.map_or(0, char::len_utf8);
    at += blanks(&whole[at..]);
    // A line break that is written as an escape, in JSON or a log.
    if quote.is_none() && at == 0 {
        let escaped = whole.strip_prefix("\\r").unwrap_or(whole);
        if let Some(next) = escaped.strip_prefix("\\n") {
            return Some(whole.len() - next.len() + blanks(next));
        }
    }
    let signs: &[char] = if quote.is_some() { &['+', '.', '&', '_', '\\', '`', ','] } else { &['\\', '^', '`', '|'] };
    if let Some(sign) = whole[at..].chars().next().filter(|letter| signs.contains(letter)) {
        // What a list puts between its members is no sign that a string goes on.
        if sign == ',' {
            return None;
        }
        at += sign.len_utf8();
        at += blanks(&whole[at..]);
    }
    at += usize::from(whole[at..].starts_with('\r'));
    let line = whole[at..].strip_prefix('\n')?;
    let mut line = line.trim_start_matches([' ', '\t', '>', '|']);
    if let Some(quote) = quote {
        line = line.trim_start_matches(['+', '.', '&', ' ', '\t']).strip_prefix(quote)?;
    }
    Some(whole.len() - line.len())
}

/// Whether a piece ends where a line, a string or a value does.
pub(super) fn ends(after: &str) -> bool {
    after.chars().next().is_none_or(|next| "\r\n\"'`,;)}]<\\&^".contains(next))
        || bounded::up_to(after, 64).trim_start_matches([' ', '\t', '\\', '|', '^']).starts_with(['\n', '\r'])
        || bounded::up_to(after, 64).trim_matches([' ', '\t', '|']).is_empty()
}

/// Whether a line begins with a token of its own.
fn is_start(piece: &str) -> bool {
    let mut parts = piece.split('.');
    let header = parts.next().unwrap_or_default();
    piece.contains('.') && header.starts_with("eyJ") && looks::is_header(header, parts.next().unwrap_or_default()).is_some()
}

/// What a token of a header must have at least.
#[derive(Clone, Copy)]
struct Due {
    /// Dots in all.
    dots: usize,
    /// Letters of the last part.
    last: usize,
}

/// By the algorithm of the header, so that it is known whether something must follow; none while the header is not whole.
fn due(token: &str) -> Option<Due> {
    let (header, _) = token.split_once('.')?;
    let (header, _) = json::read(&decode::bytes_of(header)?).ok()?;
    let text = |name: &str| header.get(name).and_then(serde_json::Value::as_str);
    if let Some(enc) = text("enc") {
        let last = match enc {
            "A192CBC-HS384" => 32,
            "A256CBC-HS512" => 43,
            _ => 22,
        };
        return Some(Due { dots: 4, last });
    }
    let last = match text("alg") {
        Some("HS256") => 43,
        Some("ES256" | "EdDSA" | "Ed25519" | "HS512") => 86,
        Some("HS384") => 64,
        Some("ES384") => 128,
        Some("ES512") => 176,
        Some("RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512") => 342,
        _ => 0,
    };
    Some(Due { dots: 2, last })
}
