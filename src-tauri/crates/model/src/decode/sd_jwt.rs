//! SD-JWT (RFC 9901): a signed token whose claims are hashes, followed by the claims the holder discloses.

use std::collections::HashMap;

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{
    Decoded, compact, json,
    notes::{note, warning, wrong},
    segment,
};
use crate::{finding::Finding, token::TokenFormat};

struct Disclosure {
    name: Option<String>,
    value: Value,
    used: bool,
}

/// Reads `<issuer JWT>~<disclosure>~…~<key binding JWT or nothing>`; the issuer part is decoded already.
pub fn read(token: &str, mut decoded: Decoded) -> Decoded {
    let (issued, rest) = token.split_once('~').unwrap_or((token, ""));
    let parts: Vec<&str> = rest.split('~').collect();
    let (binding, disclosures) = parts.split_last().map_or(("", &[][..]), |(last, rest)| (*last, rest));
    present(&mut decoded, issued, disclosures, binding);
    decoded.size = token.len();
    decoded
}

/// Opens the disclosures and looks at the key binding; `issued` is the compact form of the signed part.
pub fn present(decoded: &mut Decoded, issued: &str, disclosures: &[&str], binding: &str) {
    let algorithm = disclose(decoded, disclosures);
    if binding.is_empty() {
        return;
    }
    let parts: Vec<&str> = binding.split('.').collect();
    let inner = (parts.len() == 3).then(|| compact(&parts, binding.len()));
    let claims = inner.and_then(|inner| inner.claims);
    let shown: String = disclosures.iter().map(|text| format!("{text}~")).collect();
    decoded.findings.push(bound(&format!("{issued}~{shown}"), algorithm, claims.as_ref()));
}

/// Puts the disclosed claims where their hashes stand (RFC 9901 7.1); says by which hash they were found.
fn disclose(decoded: &mut Decoded, disclosures: &[&str]) -> Option<&'static digest::Algorithm> {
    decoded.format = TokenFormat::SdJwt;
    let mut claims = decoded.claims.take()?;
    let name = claims.remove("_sd_alg").and_then(|name| name.as_str().map(str::to_owned));
    let Some(algorithm) = algorithm(name.as_deref()) else {
        decoded.findings.push(wrong(
            "sd-alg",
            "Unknown hash",
            "The hash named by _sd_alg is unknown, so no disclosure can be matched.",
            Some("RFC 9901 4.1.1"),
        ));
        decoded.claims = Some(claims);
        return None;
    };
    let mut known = HashMap::new();
    for text in disclosures {
        match parse(text) {
            Some(disclosure) => {
                if known.insert(hash(algorithm, text), disclosure).is_some() {
                    decoded.findings.push(wrong(
                        "sd-repeated",
                        "Disclosure twice",
                        "A disclosure stands twice.",
                        Some("RFC 9901 7.1"),
                    ));
                }
            }
            None => decoded.findings.push(wrong(
                "sd-broken",
                "Broken disclosure",
                "A disclosure is not a list of salt, name and value.",
                Some("RFC 9901 4.2"),
            )),
        }
    }
    let mut hidden = 0;
    // A disclosed value may hold hashes itself; the depth is that of the JSON reader.
    open_object(&mut claims, &mut known, &mut hidden, 0);
    decoded.findings.push(note(
        "sd-jwt",
        "Selective disclosure",
        &format!(
            "{} disclosed, {hidden} kept back or decoys.",
            crate::words::count(known.values().filter(|one| one.used).count(), "claim")
        ),
        Some("RFC 9901"),
    ));
    if known.values().any(|disclosure| !disclosure.used) {
        decoded.findings.push(wrong(
            "sd-unreferenced",
            "Foreign disclosure",
            "A disclosure matches no hash in the signed part; verifiers refuse the whole token.",
            Some("RFC 9901 7.1"),
        ));
    }
    decoded.claims = Some(claims);
    Some(algorithm)
}

fn algorithm(name: Option<&str>) -> Option<&'static digest::Algorithm> {
    match name {
        None | Some("sha-256") => Some(&digest::SHA256),
        Some("sha-384") => Some(&digest::SHA384),
        Some("sha-512") => Some(&digest::SHA512),
        Some(_) => None,
    }
}

fn hash(algorithm: &'static digest::Algorithm, text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(algorithm, text.as_bytes()))
}

fn parse(text: &str) -> Option<Disclosure> {
    let (bytes, _) = segment::read(text);
    let (Value::Array(mut parts), _) = json::read(&bytes?).ok()? else {
        return None;
    };
    let value = parts.pop()?;
    let name = match parts.len() {
        2 => Some(parts.pop()?.as_str()?.to_owned()),
        1 => None,
        _ => return None,
    };
    Some(Disclosure { name, value, used: false })
}

fn open_object(object: &mut Map<String, Value>, known: &mut HashMap<String, Disclosure>, hidden: &mut usize, depth: usize) {
    if depth > json::MAX_DEPTH {
        return;
    }
    for value in object.values_mut() {
        open(value, known, hidden, depth + 1);
    }
    let Some(Value::Array(hashes)) = object.remove("_sd") else {
        return;
    };
    for digest in hashes.iter().filter_map(Value::as_str) {
        match known.get_mut(digest).filter(|one| !one.used) {
            Some(Disclosure { name: Some(name), value, used }) if !object.contains_key(name) => {
                *used = true;
                let (name, mut value) = (name.clone(), value.clone());
                open(&mut value, known, hidden, depth + 1);
                object.insert(name, value);
            }
            _ => *hidden += 1,
        }
    }
}

fn open(value: &mut Value, known: &mut HashMap<String, Disclosure>, hidden: &mut usize, depth: usize) {
    match value {
        Value::Object(object) => open_object(object, known, hidden, depth),
        Value::Array(members) if depth <= json::MAX_DEPTH => {
            let old = std::mem::take(members);
            for mut member in old {
                let digest = member
                    .as_object()
                    .filter(|object| object.len() == 1)
                    .and_then(|object| object.get("..."))
                    .and_then(Value::as_str);
                let Some(digest) = digest else {
                    open(&mut member, known, hidden, depth + 1);
                    members.push(member);
                    continue;
                };
                match known.get_mut(digest).filter(|one| !one.used && one.name.is_none()) {
                    Some(disclosure) => {
                        disclosure.used = true;
                        let mut value = disclosure.value.clone();
                        open(&mut value, known, hidden, depth + 1);
                        members.push(value);
                    }
                    None => *hidden += 1,
                }
            }
        }
        _ => {}
    }
}

/// Whether the key binding covers exactly the disclosures shown, which stand before it (RFC 9901 4.3).
fn bound(covered: &str, algorithm: Option<&'static digest::Algorithm>, claims: Option<&Map<String, Value>>) -> Finding {
    let expected = algorithm.map(|algorithm| hash(algorithm, covered));
    let found = claims.and_then(|claims| claims.get("sd_hash")).and_then(Value::as_str).map(str::to_owned);
    if found.is_some() && found == expected {
        let detail = "A key binding JWT is attached and covers exactly these disclosures. Its signature is not checked here.";
        note("sd-key-binding", "Key binding", detail, Some("RFC 9901 4.3"))
    } else {
        let detail = "A key binding JWT is attached, but it was made for other disclosures.";
        warning("sd-key-binding-mismatch", "Key binding does not fit", detail, Some("RFC 9901 4.3"))
    }
}
