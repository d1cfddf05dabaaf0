//! Redaction of running text and of addresses.

use url::Url;

use super::{
    DOTS, Known, names,
    needles::Needles,
    scan::{Nets, redacted},
    tells::tells,
};
use crate::oauth::form_decode;

/// An address with everything secret in its path, query, fragment and user part masked.
pub fn url(url: &Url, known: &Known) -> String {
    address(url.as_str(), known.needles())
}

/// The same for an address as text, or a part of one; a broken one as well.
pub fn url_text(text: &str, known: &Known) -> String {
    address(text, known.needles())
}

/// Running text: known values, `name=value` and `"name": "value"` by name, and everything that looks like a credential.
pub fn text(text: &str, known: &Known) -> String {
    running(text, known.needles())
}

/// What a token says, or is said of one: known values, and what looks like a token or a key. Words that merely sound like
/// credentials stay.
pub fn claim(text: &str, known: &Known) -> String {
    redacted(text, known.needles(), Nets::Claims)
}

pub(super) fn running(text: &str, needles: &Needles) -> String {
    redacted(text, needles, Nets::All)
}

/// An address as text, parsed only as far as needed, so that broken ones are redacted as well.
pub(super) fn address(address: &str, needles: &Needles) -> String {
    // First as a whole, so that no secret is torn apart by a sign in it.
    let address = running(address, needles);
    let (address, fragment) = address.split_once('#').map_or((address.as_str(), None), |(a, f)| (a, Some(f)));
    let (base, query) = address.split_once('?').map_or((address, None), |(a, q)| (a, Some(q)));
    let mut out = match base.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find(['/', '\\']).unwrap_or(rest.len());
            let host = match rest[..end].rsplit_once('@') {
                Some((_, host)) => format!("{DOTS}@{host}"),
                None => rest[..end].to_owned(),
            };
            format!("{scheme}://{host}{}", path(&rest[end..]))
        }
        None => path(base),
    };
    for (sign, part) in [('?', query), ('#', fragment)] {
        if let Some(part) = part {
            out.push(sign);
            out.push_str(&pairs(part, needles));
        }
    }
    out
}

/// A path; a part of it that looks like a key (`/hooks/T0/B0/4fT9sKq2LmN8pQr1`) is one.
fn path(path: &str) -> String {
    path.split('/').map(|part| if names::opaque(part) { DOTS } else { part }).collect::<Vec<_>>().join("/")
}

/// What the names and looks of parameters tell, of a query that was read as text before.
fn pairs(query: &str, needles: &Needles) -> String {
    let masked: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, value))
                if secret_parameter(name) && !value.is_empty() && !value.starts_with('[') && !tells(value.as_bytes()) =>
            {
                format!("{name}={DOTS}")
            }
            Some((name, value)) if names::opaque(value) && !names::public_parameter(name) => format!("{name}={DOTS}"),
            // However short it is, a known value may stand alone.
            Some((name, value)) => match needles.whole(&form_decode(value)) {
                Some(evidence) => format!("{name}={}", evidence.unwrap_or(DOTS)),
                None => pair.to_owned(),
            },
            None => pair.to_owned(),
        })
        .collect();
    masked.join("&")
}

/// Whether a parameter is masked, also inside brackets (`user[password]`).
pub(super) fn secret_parameter(name: &str) -> bool {
    let name = form_decode(name);
    let inner = name.rsplit('[').next().unwrap_or_default().trim_end_matches(']');
    names::sensitive_parameter(&name) || names::sensitive_parameter(inner)
}
