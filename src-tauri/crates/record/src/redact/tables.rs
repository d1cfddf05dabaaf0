//! Tables with a secret's name in their first row: CSV with any separator, tables of Markdown and of database clients, and
//! `INSERT INTO u (name, password) VALUES ('a', '…')`.

use super::{
    mask::{DOTS, Mask},
    names,
    tells::tells,
};

/// Longest row that may name columns, in bytes.
const HEAD: usize = 2_048;
/// Columns at most.
const COLUMNS: usize = 128;

/// Values under the name of a secret.
pub(super) fn find(text: &[u8], found: &mut Vec<Mask>) {
    let mut head: Option<Head> = None;
    let mut from = 0;
    while from < text.len() {
        let end = memchr::memchr(b'\n', &text[from..]).map_or(text.len(), |at| from + at);
        let line = &text[from..end];
        match &head {
            Some(_) if is_rule(line) => {}
            Some(head) if row(text, (from, end), head, found) => {}
            _ => head = columns(line),
        }
        from = end + 1;
    }
    inserted(text, found);
}

/// A line between the names and the values: `|---|:--|`, `-----+----`.
fn is_rule(line: &[u8]) -> bool {
    line.len() <= HEAD && line.contains(&b'-') && line.iter().all(|byte| b" \t\r|+-:=".contains(byte))
}

/// The first row of a table.
struct Head {
    separator: u8,
    /// How many columns there are.
    columns: usize,
    /// Those that hold secrets.
    secret: Vec<usize>,
    /// Blanks stand behind the commas, as in a sentence.
    spaced: bool,
}

/// What a line says that names columns, one of them of a secret.
fn columns(line: &[u8]) -> Option<Head> {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    if line.len() > HEAD {
        return None;
    }
    // A table in a text of JSON begins behind its quote.
    let line = memchr::memmem::rfind(line, b":\"").map_or(line, |at| &line[at + 2..]);
    let separator = [b'\t', b';', b'|', b','].into_iter().find(|separator| line.contains(separator))?;
    let fields = split(line, separator);
    let names: Vec<&str> = fields
        .iter()
        .map(|(start, end)| std::str::from_utf8(&line[*start..*end]).ok().map(|name| name.trim_matches(['*', '`', '_'])))
        .collect::<Option<_>>()?;
    let is_name = |name: &&str| {
        name.len() <= names::LONGEST
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '#'))
            // A sentence has commas as well.
            && name.split(' ').count() <= if separator == b',' { 1 } else { 3 }
    };
    let secret: Vec<usize> =
        names.iter().enumerate().filter(|(_, name)| names::sensitive_member(name)).map(|(index, _)| index).collect();
    let table = names.len() > 1 && names.len() <= COLUMNS && names.iter().all(is_name) && !secret.is_empty();
    let spaced = separator == b',' && memchr::memmem::find(line, b", ").is_some();
    table.then_some(Head { separator, columns: names.len(), secret, spaced })
}

/// Masks what is secret in a row; whether it is one of the table.
fn row(text: &[u8], (from, end): (usize, usize), head: &Head, found: &mut Vec<Mask>) -> bool {
    let line = &text[from..end];
    if line.len() > HEAD << 5 {
        return false;
    }
    let fields = split(line, head.separator);
    if fields.len() != head.columns {
        return false;
    }
    for (start, end) in head.secret.iter().filter_map(|column| fields.get(*column)) {
        let value = &line[*start..*end];
        let word = head.spaced && value.iter().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b' ' | b'.'));
        if !value.is_empty() && !word && !tells(value) && value != DOTS.as_bytes() {
            found.push(Mask::dots(from + start, from + end));
        }
    }
    true
}

/// The fields of a row, without blanks and quotes; a separator in quotes is none (RFC 4180 2).
fn split(line: &[u8], separator: u8) -> Vec<(usize, usize)> {
    let mut fields = Vec::new();
    let mut start = 0;
    let mut quote: Option<u8> = None;
    let mut empty = true;
    for at in 0..=line.len() {
        let byte = line.get(at).copied();
        match (byte, quote) {
            (Some(sign), Some(open)) if sign == open => quote = None,
            (Some(_), Some(_)) => {}
            (Some(sign @ (b'"' | b'\'')), None) if empty => (quote, empty) = (Some(sign), false),
            (Some(sign), None) if sign == separator => {
                fields.push(trimmed(line, start, at));
                (start, empty) = (at + 1, true);
            }
            (Some(byte), None) => empty &= byte.is_ascii_whitespace(),
            (None, _) => fields.push(trimmed(line, start, at)),
        }
        if fields.len() > COLUMNS {
            return fields;
        }
    }
    // `| a | b |` has two.
    if separator == b'|' {
        if fields.first().is_some_and(|(start, end)| start == end) {
            fields.remove(0);
        }
        if fields.last().is_some_and(|(start, end)| start == end) {
            fields.pop();
        }
    }
    fields
}

fn trimmed(line: &[u8], start: usize, end: usize) -> (usize, usize) {
    let blank = |byte: &u8| byte.is_ascii_whitespace();
    let start = start + line[start..end].iter().take_while(|byte| blank(byte)).count();
    let end = end - line[start..end].iter().rev().take_while(|byte| blank(byte)).count();
    match (line[start..end].first(), line[start..end].last()) {
        (Some(open @ (b'"' | b'\'')), Some(close)) if open == close && end - start >= 2 => (start + 1, end - 1),
        _ => (start, end),
    }
}

/// Values of SQL under the names of their columns.
fn inserted(text: &[u8], found: &mut Vec<Mask>) {
    let mut until = 0;
    for at in memchr::memmem::find_iter(text, b"(") {
        if at < until {
            continue;
        }
        let before = text[..at].trim_ascii_end_within(8);
        if !before.get(before.len().saturating_sub(6)..).is_some_and(|word| word.eq_ignore_ascii_case(b"values")) {
            continue;
        }
        let names = before[..before.len() - 6].trim_ascii_end_within(8);
        let Some(inside) = names.strip_suffix(b")") else { continue };
        let begin = inside.len().saturating_sub(HEAD);
        let Some(open) = memchr::memrchr(b'(', &inside[begin..]) else { continue };
        let columns = &inside[begin + open + 1..];
        let secret: Vec<usize> = split(columns, b',')
            .into_iter()
            .enumerate()
            .filter(|(_, (start, end))| {
                std::str::from_utf8(&columns[*start..*end])
                    .is_ok_and(|name| names::sensitive_member(name.trim_matches(['`', '[', ']'])))
            })
            .map(|(index, _)| index)
            .collect();
        if secret.is_empty() {
            continue;
        }
        let line = &text[at + 1..text.len().min(at + 1 + HEAD)];
        let values =
            &line[..memchr::memrchr(b')', &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())]).unwrap_or(line.len())];
        until = at + values.len();
        // Several rows stand behind each other: `('a', 'x'), ('b', 'y')`.
        let mut from = 0;
        for row in values.split(|byte| *byte == b'(') {
            let fields = split(row, b',');
            for (start, end) in secret.iter().filter_map(|column| fields.get(*column)) {
                let value = row[*start..*end].trim_ascii_end();
                let value = value.strip_suffix(b")").unwrap_or(value);
                let value = value.strip_suffix(b"'").unwrap_or(value);
                let quote = usize::from(value.first() == Some(&b'\''));
                let start = at + 1 + from + start;
                if value.len() > quote
                    && !tells(value)
                    && !value.starts_with(b"?")
                    && !value.starts_with(b":")
                    && !value.starts_with(b"$")
                {
                    found.push(Mask::dots(start + quote, start + value.len()));
                }
            }
            from += row.len() + 1;
        }
    }
}

/// Trims white space of a bounded width.
trait Within {
    fn trim_ascii_end_within(&self, width: usize) -> &[u8];
}

impl Within for [u8] {
    fn trim_ascii_end_within(&self, width: usize) -> &[u8] {
        &self[..self.len() - self.iter().rev().take(width).take_while(|byte| byte.is_ascii_whitespace()).count()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        find(text.as_bytes(), &mut found);
        found.into_iter().filter_map(|mask| text.get(mask.start..mask.end)).collect()
    }

    #[test]
    fn values_under_their_names() {
        for (text, values) in [
            ("user,password\nalice,kUerbis77", &["kUerbis77"][..]),
            ("user;password\r\nalice;kUerbis77\r\nbob;x\r\n", &["kUerbis77", "x"]),
            ("user\tclient_secret\nalice\tkUerbis77", &["kUerbis77"]),
            ("\"user\",\"password\"\n\"alice\",\"a,b\"", &["a,b"]),
            ("\u{feff}password,user\nhunter,alice", &["hunter"]),
            ("| user | password |\n|------|:---------|\n| alice | kUerbis77 |", &["kUerbis77"]),
            (" user  | password\n-------+----------\n alice | hunter\n(1 row)", &["hunter"]),
            ("user, password\nalice, kUerbis77", &["kUerbis77"]),
            ("before\nid,api_key,note\n1,abc,x\n2,def,y\nafter", &["abc", "def"]),
            ("insert into u (name, password) values ('a', 'hunter')", &["hunter"]),
            ("INSERT INTO u (name, pwd) VALUES ('a', 'hunter'), ('b', 'winter')", &["hunter", "winter"]),
        ] {
            assert_eq!(masked(text), values, "{text}");
        }
    }

    #[test]
    fn what_is_no_table_of_secrets_stays() {
        for text in [
            "user,name\nalice,Alice",
            "password, please\nand, now",
            "user,password\nalice,expired\nbob,",
            "token,code\n\nother, text",
            "The token, as it was sent,\nis expired, or revoked, or both",
            "values ('a', 'b')",
            "insert into u (name, password) values (?, ?)",
        ] {
            assert!(masked(text).is_empty(), "{text}: {:?}", masked(text));
        }
    }
}
