//! XML and HTML: fields of forms, elements and attributes that are named as secrets.
//!
//! A SAML or form-post answer hides its code in `<input name="code" value="…">`, where neither name and value stand side by side
//! nor the value has a telling shape; a SOAP fault has `<wsse:Password>…</wsse:Password>`. Tags are read one after the other.

use std::collections::HashMap;

use memchr::memmem;

use super::{mask::Mask, names, tells::tells};

/// Ranges that an element, an attribute or a field names as secret.
pub(super) fn find(text: &[u8], found: &mut Vec<Mask>) {
    let tags = tags(text);
    if tags.is_empty() {
        return;
    }
    // Where each element is closed; one that never is has its text up to the next tag.
    let mut closing: HashMap<&[u8], usize> = HashMap::new();
    let mut closed: Vec<Option<usize>> = vec![None; tags.len()];
    for (tag, closed) in tags.iter().zip(&mut closed).rev() {
        *closed = closing.get(tag.name).copied();
        if tag.closing {
            closing.insert(tag.name, tag.start);
        }
    }
    // Parts of a private key of .NET have names of one letter.
    let key = memmem::find(text, b"RSAKeyValue>").is_some();
    // Tags left in which a value may follow its name: `<td>password</td><td>…</td>`.
    let mut awaited = 0;
    // Up to here, in characters, a secret element goes on.
    let mut until = 0;
    for (index, tag) in tags.iter().enumerate() {
        let next = tags.get(index + 1).map_or(text.len(), |next| next.start);
        // A row of names ends here; the values stand in another.
        if tag.name.eq_ignore_ascii_case(b"tr") || tag.name.eq_ignore_ascii_case(b"th") && !tag.closing {
            awaited = 0;
        }
        let said = text[tag.end..next.max(tag.end)].trim_ascii();
        if !said.is_empty() && said.len() <= names::LONGEST && is_name(said) && !tag.name.eq_ignore_ascii_case(b"option") {
            awaited = FOLLOWING;
        } else if awaited > 0 {
            awaited -= 1;
            if !said.is_empty() {
                // A word of small letters, a large one in front, is a label or a remark.
                let word = said.iter().skip(1).any(|byte| !(byte.is_ascii_lowercase() || b"_-.,:?!".contains(byte)));
                if word && !said.contains(&b' ') && said != b":" && said != b"=" {
                    content(text, tag.end, next, found);
                }
                if said != b":" && said != b"=" {
                    awaited = 0;
                }
            }
        }
        if tag.start < until {
            content(text, tag.end, next.min(until), found);
            continue;
        }
        if tag.closing {
            continue;
        }
        let fields = attributes(text, tag, found);
        if fields.named || fields.input {
            found.extend(fields.values.into_iter().filter(|(start, end)| start < end).map(|(start, end)| Mask::dots(start, end)));
        }
        if fields.named && !tag.empty {
            content(text, tag.end, next, found);
        }
        if !tag.empty && (secret_element(tag.name) || key && matches!(tag.name, b"D" | b"P" | b"Q" | b"DP" | b"DQ" | b"InverseQ"))
        {
            until = closed[index].unwrap_or(next).max(next);
            content(text, tag.end, next, found);
        }
    }
}

/// In how many tags behind a name its value may stand.
const FOLLOWING: usize = 4;

/// Whether what an element holds is the name of a secret; a colon may stand behind it.
fn is_name(said: &[u8]) -> bool {
    let said = said.strip_suffix(b":").unwrap_or(said).trim_ascii();
    !said.contains(&b' ') && std::str::from_utf8(said).is_ok_and(names::sensitive_member)
        || matches!(
            said.to_ascii_lowercase().as_slice(),
            b"client secret" | b"api key" | b"access token" | b"refresh token" | b"private key"
        )
}

struct Tag<'a> {
    /// Without what stands before a colon.
    name: &'a [u8],
    closing: bool,
    empty: bool,
    start: usize,
    /// Behind the `>`.
    end: usize,
    attributes: usize,
}

fn tags(text: &[u8]) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut from = 0;
    while let Some(start) = memchr::memchr(b'<', &text[from..]).map(|at| from + at) {
        if text[start..].starts_with(b"<![CDATA[") {
            from = memmem::find(&text[start..], b"]]>").map_or(text.len(), |at| start + at + 3);
            continue;
        }
        let closing = text.get(start + 1) == Some(&b'/');
        let begin = start + 1 + usize::from(closing);
        let length = text[begin..]
            .iter()
            .take(names::LONGEST * 2)
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(byte))
            .count();
        if length == 0 {
            from = start + 1;
            continue;
        }
        let name = &text[begin..begin + length];
        let name = memchr::memrchr(b':', name).map_or(name, |at| &name[at + 1..]);
        let end = tag_end(text, begin + length);
        let empty = end >= 2 && text.get(end - 2) == Some(&b'/');
        tags.push(Tag { name, closing, empty, start, end, attributes: begin + length });
        from = end;
    }
    tags
}

/// Behind the `>` that ends a tag; one in the quotes of an attribute does not. The next tag ends one that has none.
fn tag_end(text: &[u8], from: usize) -> usize {
    let mut quote = None;
    let mut sign = false;
    for (index, byte) in text[from..].iter().enumerate() {
        match quote {
            None if *byte == b'>' => return from + index + 1,
            None if *byte == b'<' => return from + index,
            None if matches!(byte, b'"' | b'\'') && sign => quote = Some(*byte),
            Some(open) if open == *byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            sign = *byte == b'=';
        }
    }
    text.len()
}

fn secret_element(name: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(name) else { return false };
    names::sensitive_member(name) || matches!(name, "SignatureValue" | "BinarySecurityToken" | "CipherValue" | "code_verifier")
}

/// What the attributes of a tag say.
#[derive(Default)]
struct Fields {
    /// It is a setting or field of a secret name.
    named: bool,
    /// It is an input whose value is secret.
    input: bool,
    /// Where its values stand.
    values: Vec<(usize, usize)>,
}

/// Reads the attributes, and masks those that are secrets themselves.
fn attributes(text: &[u8], tag: &Tag<'_>, found: &mut Vec<Mask>) -> Fields {
    let mut fields = Fields::default();
    let mut at = tag.attributes;
    while at < tag.end {
        let rest = &text[at..tag.end];
        let begin = rest.iter().position(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
        let Some(begin) = begin.map(|begin| at + begin) else { break };
        let length =
            text[begin..tag.end].iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(byte)).count();
        let mut next = begin + length;
        let blanks = |from: usize| text[from..tag.end].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        next += blanks(next);
        if text.get(next) != Some(&b'=') || next >= tag.end {
            at = next.max(begin + 1);
            continue;
        }
        next += 1;
        next += blanks(next);
        let (start, end) = match text.get(next) {
            Some(quote @ (b'"' | b'\'')) if next < tag.end => {
                let end = memchr::memchr(*quote, &text[next + 1..tag.end]).map_or(tag.end, |at| next + 1 + at);
                (next + 1, end)
            }
            _ => {
                let inside = &text[next.min(tag.end)..tag.end];
                (next, next + inside.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'>').unwrap_or(inside.len()))
            }
        };
        at = end.max(next) + 1;
        let (Ok(name), Ok(value)) = (std::str::from_utf8(&text[begin..begin + length]), std::str::from_utf8(&text[start..end]))
        else {
            continue;
        };
        let name = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
        match name.as_str() {
            "name" | "key" | "property" | "field" | "http-equiv" => fields.named |= names::sensitive_parameter(value),
            "id" => fields.input |= names::sensitive_parameter(value),
            "type" => fields.input |= value.eq_ignore_ascii_case("password"),
            "value" | "content" | "default" | "data-value" => fields.values.push((start, end)),
            _ if names::sensitive_member(&name) && start < end && !tells(&text[start..end]) => found.push(Mask::dots(start, end)),
            _ => {}
        }
    }
    fields
}

/// Masks a text between two tags, but not the white space around it; of `<![CDATA[…]]>` the inside.
fn content(text: &[u8], from: usize, to: usize, found: &mut Vec<Mask>) {
    if from >= to {
        return;
    }
    let inside = &text[from..to];
    let before = inside.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let inside = inside.trim_ascii();
    let (mut start, mut end) = (from + before, from + before + inside.len());
    if inside.starts_with(b"<![CDATA[") {
        start += 9;
        end -= if inside.ends_with(b"]]>") { 3 } else { 0 };
    }
    if start < end && !tells(&text[start..end]) {
        found.push(Mask::dots(start, end));
    }
}
