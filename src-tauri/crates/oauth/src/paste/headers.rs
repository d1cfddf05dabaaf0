//! Tokens in HTTP: lines of headers, cookies, form bodies and addresses.

use super::{Place, layers, looks, names, other, place::named, walk::Walk};
use token::decode::QUOTES;

/// Lines of an HTTP message. A line that begins with a blank goes on where the one before ended (RFC 9112 5.2).
pub(super) fn headers(text: &str, place: &Place, depth: usize, finder: &mut dyn Walk) {
    let mut lines: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        // As curl -v marks what it sends and gets.
        let line = line.strip_prefix("> ").or_else(|| line.strip_prefix("< ")).unwrap_or(line);
        let goes_on = line.starts_with([' ', '\t']) && looks::is_token(line.trim()) && !line.trim().ends_with([':', ',']);
        if goes_on
            && let Some((_, value)) = lines.last_mut()
            && !value.is_empty()
            && !value.ends_with(['{', '[', '|', '>'])
        {
            value.push_str(line.trim());
            continue;
        }
        let name = line.split_once(':').filter(|(name, value)| is_header_name(name) && !value.starts_with("//"));
        lines.push(name.map_or_else(Default::default, |(name, value)| (name.trim().to_owned(), value.trim().to_owned())));
    }
    for (name, value) in lines.iter().filter(|(name, _)| !name.is_empty()) {
        header(name, value, place, depth, finder);
    }
}

/// A header by its name.
pub(super) fn header(name: &str, value: &str, place: &Place, depth: usize, finder: &mut dyn Walk) {
    let value = value.trim().trim_end_matches([',', ';']).trim_matches(QUOTES).trim_matches([']', ' ']).trim_matches(QUOTES);
    let base = format!("header {}", named(name));
    if names::is_authorization(name) {
        let token = names::after_scheme(value).map(|(_, token)| token.trim_matches(QUOTES).trim());
        match token {
            Some(token)
                if !looks::is_token(token)
                    || looks::is_word(token)
                    || looks::is_placeholder(token)
                    || looks::is_bracketed(token)
                    || looks::is_challenge(token) =>
            {
                finder.readable_in(token, &base, place);
            }
            Some(token) => {
                let kind = looks::bearer_kind(token);
                finder.add(token, kind, &base, place);
            }
            None => finder.readable_in(value, &base, place),
        }
    } else if names::is_cookie(name) {
        cookies(value, place, depth, finder);
    } else if let Some(carries) = names::carries(name)
        && !looks::is_challenge(value)
    {
        let token = names::after_scheme(value).map_or(value, |(_, token)| token);
        // A key that a gateway takes has any form; a word after a colon in a sentence has none.
        let short = looks::is_token(token) && token.len() >= 4 && token.bytes().any(|byte| byte.is_ascii_digit());
        if looks::is_plausible(token) || (carries.sure && short) || (short && name.contains('-') && token.len() >= 8) {
            finder.add(token, carries.kind, &base, place);
        } else {
            finder.readable_in(value, &base, place);
        }
    } else {
        let before = finder.count();
        if let Some((_, token)) = names::after_scheme(value) {
            finder.readable_in(token, &base, place);
        } else if looks::is_token(value) && value.len() > 20 && looks::is_readable(value) && looks::is_compact(value) {
            finder.add(value, None, &base, place);
        }
        if finder.count() == before && value.len() > 20 && value.contains(['?', '#', '{', '%', '=']) {
            finder.look(value, &place.inside(&base), depth + 1);
        }
    }
}

/// Cookies of a header, in both directions.
pub(super) fn cookies(value: &str, place: &Place, depth: usize, finder: &mut dyn Walk) {
    for pair in value.split("; ").flat_map(|pair| pair.split(';')) {
        let Some((name, value)) = pair.trim().split_once('=') else { continue };
        let (name, value) = (name.trim(), value.trim().trim_matches('"'));
        let decoded = layers::percent(value);
        let value = decoded.as_deref().unwrap_or(value);
        let base = format!("cookie {}", named(name));
        let Some(carries) = names::carries(name).filter(|_| looks::is_plausible(value)) else {
            finder.leaf(value, &base, place, depth);
            continue;
        };
        let token = names::after_scheme(value).map_or(value, |(_, token)| token);
        if looks::is_token(token) {
            finder.add(token, carries.kind, &base, place);
        } else {
            finder.leaf(value, &base, place, depth);
        }
    }
}

/// Form bodies, and the query and fragment of addresses.
pub(super) fn parameters(text: &str, place: &Place, depth: usize, finder: &mut dyn Walk) {
    // An address inside a sentence or a program ends where its quotes say.
    let scheme = text.split("://").next().unwrap_or_default();
    let bare = scheme.len() < text.len() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte));
    if scheme.len() < text.len() && !bare && text.contains(['"', '\'', '(']) {
        return;
    }
    let address = text.contains("://") || text.contains(":/") || text.starts_with(['/', '?', '#']);
    let query = text.split_once(['?', '#']).filter(|_| address).map_or(text, |(_, query)| query);
    if !query.contains('=') || query.trim().contains(char::is_whitespace) {
        return;
    }
    for pair in query.split(['&', '#', '?']) {
        let Some((name, value)) = pair.split_once('=') else { continue };
        let decoded_name = layers::percent(name);
        let name = decoded_name.as_deref().unwrap_or(name).trim();
        let decoded = layers::percent(value);
        let value = decoded.as_deref().unwrap_or(value);
        let value = if value.contains("://") { value } else { value.trim_matches(['"', '\'']) };
        // A token before the sign is found by its looks.
        if name.is_empty() || name.contains("eyJ") || name.len() > 200 || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            continue;
        }
        let base = format!("parameter {}", named(name));
        if names::is_authorization(name) {
            header(name, value, place, depth, finder);
        } else if !other::is_code(value) && !finder.named(name, value, &base, place, depth) && value.len() > 12 {
            // A request object (RFC 9101) and a response (JARM) are JWTs, and no tokens one would send to an API.
            finder.leaf(value, &base, place, depth);
        }
    }
}

/// Names of headers are tokens of HTTP (RFC 9110 5.6.2). A plain word in small letters is a name in some other file.
fn is_header_name(name: &str) -> bool {
    let known = names::is_authorization(name)
        || names::is_cookie(name)
        || ["apikey", "dpop"].iter().any(|known| name.eq_ignore_ascii_case(known));
    let written = name.starts_with(|first: char| first.is_ascii_uppercase()) && !name.contains('_')
        || (name.contains('-') && !name.starts_with('-'));
    (known || written) && name.len() <= 100 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
