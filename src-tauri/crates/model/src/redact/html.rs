//! HTML error pages and auto-submit forms as readable text.
//!
//! A SAML or form-post answer hides its code in `<input name="code" value="…">`, where neither name and value stand
//! side by side nor the value has a telling shape, so fields are masked tag by tag before anything else.

use super::{DOTS, names};

/// Masks the `value` of every tag whose `name` or `id` is sensitive.
pub(super) fn mask_fields(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').map_or(rest.len(), |end| start + end + 1);
        out.push_str(&rest[..start]);
        let tag = &rest[start..end];
        let secret = ["name", "id"]
            .iter()
            .filter_map(|attribute| span_of(tag, attribute))
            .any(|(from, to)| names::sensitive_parameter(&tag[from..to]));
        match span_of(tag, "value").or_else(|| span_of(tag, "content")).filter(|(from, to)| secret && to > from) {
            Some((from, to)) => {
                out.push_str(&tag[..from]);
                out.push_str(DOTS);
                out.push_str(&tag[to..]);
            }
            None => out.push_str(tag),
        }
        rest = &rest[end..];
    }
    out + rest
}

/// Where the value of an attribute stands inside a tag.
fn span_of(tag: &str, attribute: &str) -> Option<(usize, usize)> {
    let lower = tag.to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower[from..].find(attribute) {
        let at = from + found;
        from = at + attribute.len();
        let before = lower[..at].chars().next_back();
        if !before.is_some_and(|c| c.is_ascii_whitespace() || matches!(c, '"' | '\'')) {
            continue;
        }
        let after = &tag[from..];
        let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else { continue };
        let start = tag.len() - value.len();
        return Some(match value.chars().next() {
            Some(quote @ ('"' | '\'')) => (start + 1, start + 1 + value[1..].find(quote).unwrap_or(value.len() - 1)),
            _ => (start, start + value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len())),
        });
    }
    None
}
