//! SD-JWT (RFC 9901): a signed token whose claims are hashes, followed by the claims the holder discloses.

use std::collections::{HashMap, HashSet};

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{
    Decoded, json, key_binding,
    notes::{note, wrong},
    segment,
};
use crate::token::{ClaimGroup, ClaimRow, ClaimValue, TokenFormat};

struct Disclosure {
    name: Option<String>,
    value: Value,
    used: bool,
}

/// Disclosures on their way to the hashes they belong to.
#[derive(Default)]
struct Opening {
    known: HashMap<String, Disclosure>,
    /// Hashes met so far: each may stand once only (RFC 9901 7.1 step 4).
    seen: HashSet<String>,
    hidden: usize,
    repeated: bool,
    /// Disclosed names that stood there already.
    taken: Vec<String>,
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
    if !binding.is_empty() {
        let shown: String = disclosures.iter().map(|text| format!("{text}~")).collect();
        let expected = algorithm.map(|algorithm| hash(algorithm, &format!("{issued}~{shown}")));
        key_binding::examine(decoded, binding, expected.as_deref());
    }
}

/// Puts the disclosed claims where their hashes stand (RFC 9901 7.1); says by which hash they were found.
fn disclose(decoded: &mut Decoded, disclosures: &[&str]) -> Option<&'static digest::Algorithm> {
    decoded.format = TokenFormat::SdJwt;
    let mut claims = decoded.claims.take()?;
    // What is shown from here on is no longer what was written.
    decoded.spelled.numbers = decoded.spelled.claims.take().map(|text| json::numbers(&text)).unwrap_or_default();
    for text in disclosures {
        decoded.spelled.numbers.extend(numbers(text));
    }
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
    let found = &mut decoded.findings;
    let mut opening = Opening::default();
    for text in disclosures {
        match parse(text) {
            Some(Disclosure { name: Some(name), .. }) if name == "_sd" || name == "..." => {
                let detail = format!("A disclosure names the claim {name}, which is reserved; verifiers refuse the whole token.");
                found.push(wrong("sd-reserved-name", "Reserved name", &detail, Some("RFC 9901 7.1")));
            }
            Some(disclosure) => {
                if opening.known.insert(hash(algorithm, text), disclosure).is_some() {
                    let detail = "A disclosure stands twice; verifiers refuse the whole token.";
                    found.push(wrong("sd-repeated", "Disclosure twice", detail, Some("RFC 9901 7.1")));
                }
            }
            None => found.push(wrong(
                "sd-broken",
                "Broken disclosure",
                "A disclosure is not a list of salt, name and value.",
                Some("RFC 9901 4.2"),
            )),
        }
    }
    // A disclosed value may hold hashes itself; the depth is that of the JSON reader.
    opening.object(&mut claims, 0);
    let shown = crate::words::count(opening.known.values().filter(|one| one.used).count(), "claim");
    let detail = format!("{shown} disclosed, {} kept back or decoys.", opening.hidden);
    found.push(note("sd-jwt", "Selective disclosure", &detail, Some("RFC 9901")));
    if opening.known.values().any(|disclosure| !disclosure.used) && opening.taken.is_empty() {
        let detail = "A disclosure matches no hash in the signed part; verifiers refuse the whole token.";
        found.push(wrong("sd-unreferenced", "Foreign disclosure", detail, Some("RFC 9901 7.1")));
    }
    if let Some(name) = opening.taken.first() {
        let detail =
            format!("A disclosure names the claim {name}, which stands there already; verifiers refuse the whole token.");
        found.push(wrong("sd-name-taken", "Claim twice", &detail, Some("RFC 9901 7.1")));
    }
    if opening.repeated {
        let detail = "A hash stands twice in the signed part; verifiers refuse the whole token.";
        found.push(wrong("sd-digest-repeated", "Hash twice", detail, Some("RFC 9901 7.1")));
    }
    let name = name.as_deref().unwrap_or("sha-256");
    let rows: Vec<ClaimRow> = disclosures.iter().filter_map(|text| row(text, name, algorithm, &opening.known)).collect();
    if !rows.is_empty() {
        decoded.groups.push(ClaimGroup { id: "disclosures".into(), title: "Disclosures".into(), rows });
    }
    decoded.claims = Some(claims);
    Some(algorithm)
}

/// A disclosure as a row: its claim, its value, its hash and whether the issuer signed that.
fn row(text: &str, name: &str, algorithm: &'static digest::Algorithm, known: &HashMap<String, Disclosure>) -> Option<ClaimRow> {
    let digest = hash(algorithm, text);
    let disclosure = known.get(&digest)?;
    let signed = if disclosure.used { "signed by the issuer" } else { "not in the signed part" };
    Some(ClaimRow {
        label: disclosure.name.clone().unwrap_or_else(|| "list member".into()),
        value: match &disclosure.value {
            Value::String(text) => ClaimValue::Text { text: text.clone() },
            other => ClaimValue::Json { text: other.to_string() },
        },
        meaning: Some(format!("Hash ({name}) {digest}, {signed}.")),
        path: digest,
    })
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

/// Texts of the numbers in a disclosure, under the name it discloses; what lies deeper is found by its own name.
fn numbers(text: &str) -> json::Exact {
    let (bytes, _) = segment::read(text);
    let written = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let Some((Disclosure { name: Some(name), .. }, written)) = parse(text).zip(written) else {
        return json::Exact::new();
    };
    let own = |(path, number): (String, String)| Some((format!("{name}{}", path.strip_prefix("[2]")?), number));
    json::numbers(&written).into_iter().filter_map(own).collect()
}

impl Opening {
    /// Notes a hash; false when it stood somewhere before.
    fn first(&mut self, digest: &str) -> bool {
        let first = self.seen.insert(digest.to_owned());
        self.repeated |= !first;
        first
    }

    fn object(&mut self, object: &mut Map<String, Value>, depth: usize) {
        if depth > json::MAX_DEPTH {
            return;
        }
        for value in object.values_mut() {
            self.value(value, depth + 1);
        }
        let Some(Value::Array(hashes)) = object.remove("_sd") else {
            return;
        };
        for digest in hashes.iter().filter_map(Value::as_str) {
            let first = self.first(digest);
            match self.known.get_mut(digest).filter(|one| first && !one.used) {
                Some(Disclosure { name: Some(name), value, used }) if !object.contains_key(name) => {
                    *used = true;
                    let (name, mut value) = (name.clone(), value.clone());
                    self.value(&mut value, depth + 1);
                    object.insert(name, value);
                }
                Some(Disclosure { name: Some(name), .. }) => self.taken.push(name.clone()),
                _ => self.hidden += 1,
            }
        }
    }

    fn value(&mut self, value: &mut Value, depth: usize) {
        match value {
            Value::Object(object) => self.object(object, depth),
            Value::Array(members) if depth <= json::MAX_DEPTH => {
                let old = std::mem::take(members);
                for mut member in old {
                    let digest = member
                        .as_object()
                        .filter(|object| object.len() == 1)
                        .and_then(|object| object.get("..."))
                        .and_then(Value::as_str)
                        .map(str::to_owned);
                    let Some(digest) = digest else {
                        self.value(&mut member, depth + 1);
                        members.push(member);
                        continue;
                    };
                    let first = self.first(&digest);
                    match self.known.get_mut(&digest).filter(|one| first && !one.used && one.name.is_none()) {
                        Some(disclosure) => {
                            disclosure.used = true;
                            let mut value = disclosure.value.clone();
                            self.value(&mut value, depth + 1);
                            members.push(value);
                        }
                        None => self.hidden += 1,
                    }
                }
            }
            _ => {}
        }
    }
}
