//! A name and its value in places of their own: two elements of XML, two lines of YAML, two cells of a table, two words of a
//! sentence. Nothing assigns one to the other but where they stand.

use super::{Place, headers, looks, loose::Lines, names, other, place::named, walk::Walk};
use token::decode::opaque;

/// Names of what stands between a name and its value in a file of settings.
const VALUES: [&str; 5] = ["value", "currentvalue", "initialvalue", "default", "string"];

/// All of them, in one pass over the lines.
pub(super) fn search(text: &str, place: &Place, depth: usize, finder: &mut dyn Walk) {
    let lines = Lines::of(text);
    let mut at = 0;
    // A name that waits for its value, and how many lines it still may.
    let mut waiting: Option<(String, usize)> = None;
    for whole in text.split('\n') {
        let here = Place { near: format!("{}{}", lines.words(at), place.near), far: place.far.clone() };
        at += whole.len() + 1;
        let line = whole.trim();
        cells(whole, &here, depth, finder);
        if let Some((name, left)) = waiting.take() {
            if let Some(value) = value_of(line) {
                give(&name, value, &here, depth, finder);
                continue;
            }
            // DevTools copies a name and its value as two lines.
            if left == ALONE && !line.is_empty() {
                if looks::is_token(line) && (looks::is_opaque(line) || names::after_scheme(line).is_some()) {
                    give(&name, line, &here, depth, finder);
                }
            } else if left > 0 {
                waiting = Some((name, if line.is_empty() { left } else { left - 1 }));
            }
        }
        if let Some(name) = name_of(line) {
            // Both elements may stand in one line.
            match name.1.and_then(value_of) {
                Some(value) => give(name.0, value, &here, depth, finder),
                None => waiting = Some((name.0.to_owned(), NEAR)),
            }
        } else if waiting.is_none() && is_sure(line.trim_end_matches(':')) && line.len() <= 64 {
            waiting = Some((line.trim_end_matches(':').to_owned(), ALONE));
        }
    }
    said(text, &lines, place, finder);
}

/// Lines a value may be away from its name.
const NEAR: usize = 6;
/// A name that is all its line has waits for the next one only.
const ALONE: usize = usize::MAX;

fn is_sure(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
        && names::carries(name).is_some_and(|carries| carries.sure)
}

fn is_name(name: &str) -> bool {
    (1..=100).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
        && (names::carries(name).is_some() || names::is_authorization(name))
}

fn give(name: &str, value: &str, place: &Place, depth: usize, finder: &mut dyn Walk) {
    let value = value.trim_matches(['"', '\'']);
    if names::is_authorization(name) {
        headers::header(name, value, place, depth, finder);
    } else if looks::is_plausible(value) && !other::is_code(value) {
        finder.named(name, value, &format!("value of {}", named(name)), place, depth);
    }
}

/// `- name: X`, `<key>X</key>`, `variable "X" {`; what follows in the same line as well.
fn name_of(line: &str) -> Option<(&str, Option<&str>)> {
    let plain = line.trim_start_matches(['-', ' ']);
    for key in ["name:", "key:", "Name:", "Key:"] {
        if let Some(rest) = plain.strip_prefix(key) {
            let name = rest.trim().trim_end_matches(',').trim_matches(['"', '\'']);
            return is_name(name).then_some((name, None));
        }
    }
    for word in ["variable ", "output "] {
        if let Some(rest) = plain.strip_prefix(word) {
            let name = rest.trim_end_matches(['{', ' ']).trim_matches('"');
            return is_name(name).then_some((name, None));
        }
    }
    let (open, rest) = plain.strip_prefix('<')?.split_once('>')?;
    let open = open.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    if !["key", "name", "string", "data"].contains(&open.as_str()) {
        return None;
    }
    let (name, rest) = rest.split_once("</")?;
    let after = rest.split_once('>').map(|(_, after)| after.trim()).filter(|after| !after.is_empty());
    is_name(name.trim()).then_some((name.trim(), after))
}

/// `value: V`, `default = "V"`, `<string>V</string>`.
fn value_of(line: &str) -> Option<&str> {
    let known = |name: &str| VALUES.iter().any(|value| name.eq_ignore_ascii_case(value));
    if let Some((open, rest)) = line.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        let open = open.split_whitespace().next().unwrap_or_default().rsplit(':').next().unwrap_or_default();
        return known(open).then(|| rest.split("</").next().unwrap_or_default().trim());
    }
    let plain = line.trim_start_matches(['-', ' ']);
    let (name, value) = plain.split_once([':', '='])?;
    let value = value.trim().trim_end_matches(',');
    (known(name.trim()) && !value.is_empty()).then_some(value)
}

/// Cells of a table that tabs or marks of HTML part: the name, then the value.
fn cells(line: &str, place: &Place, depth: usize, finder: &mut dyn Walk) {
    let rows = line.contains("<td") || line.contains("<th");
    if !rows && !line.contains('\t') {
        return;
    }
    // Of HTML, what stands between its marks.
    let text = |piece: &'_ str| piece.find('>').filter(|_| rows).map_or(0, |at| at + 1);
    let mut cells = line
        .split(if rows { '<' } else { '\t' })
        .map(|piece| piece[text(piece)..].trim())
        .filter(|cell| !rows || !cell.is_empty());
    let mut before = cells.next().unwrap_or_default();
    for cell in cells {
        if is_name(before) && (looks::is_opaque(cell) || names::is_authorization(before)) {
            give(before, cell, place, depth, finder);
        }
        before = cell;
    }
}

/// `my token is X`, and `the token:` with X alone in the next line that has something; and what is known by its make where marks
/// of a token stand that other words do not have.
fn said(text: &str, lines: &Lines, place: &Place, finder: &mut dyn Walk) {
    let mut before: [&str; 8] = [""; 8];
    let mut from = 0;
    for word in text.split_whitespace() {
        let at = text[from..].find(word).map_or(from, |found| from + found);
        from = at + word.len();
        let bare = word
            .trim_start_matches(['"', '\'', '(', '<', '[', '`', '*', '“', '„', '«'])
            .trim_end_matches(['"', '\'', ')', '>', ']', '`', '*', '”', '“', '»', '.', ',', ';', ':', '!', '?']);
        let marked = word.contains('!') && opaque::is_known(bare) && looks::is_plausible(bare) && looks::foreign(bare).is_none();
        if marked || is_said(&before, bare, || alone(text, at, from)) {
            let here = Place { near: format!("{}{}", lines.words(at), place.near), far: place.far.clone() };
            finder.add(bare, None, "text around it", &here);
        }
        before.rotate_left(1);
        before[7] = word;
    }
}

/// Whether nothing else stands in the line.
fn alone(text: &str, start: usize, end: usize) -> bool {
    text[..start].trim_end_matches([' ', '\t', '>', '"', '`', '\'']).ends_with('\n')
        && text[end..].trim_start_matches([' ', '\t', '\r']).starts_with('\n')
        || text[..start].trim_end_matches([' ', '\t']).ends_with('\n') && text[end..].trim().is_empty()
}

/// Whether the words in front of a word say that it is a token.
fn is_said(before: &[&str; 8], word: &str, alone: impl Fn() -> bool) -> bool {
    let last = before[7];
    let verb = ["is", "is:", "was", "was:"].contains(&last);
    let name = if verb { before[6] } else { last };
    if word.len() < 20 || !(verb || (name.ends_with(':') && alone())) {
        return false;
    }
    let name = name.trim_matches([':', '"', '\'', '(', ')']).to_ascii_lowercase();
    let of_what =
        ["hash", "digest", "fingerprint", "thumbprint", "id", "jti", "name", "type", "key", "secret", "length", "sha256"];
    ["token", "jwt", "access_token", "refresh_token", "accesstoken", "bearer"].contains(&name.as_str())
        && !before.iter().take(7).any(|word| of_what.contains(&word.trim_matches([',', '.']).to_ascii_lowercase().as_str()))
        && looks::foreign(word).is_none()
        && looks::is_opaque(word)
        && !opaque::is_uuid(word)
        && !other::is_code(word)
        && word.bytes().filter(u8::is_ascii_digit).count() >= 2
}
