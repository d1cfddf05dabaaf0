//! SD-JWT (RFC 9901): a signed token whose claims are hashes, followed by the claims the holder discloses.

use std::collections::{HashMap, HashSet};

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{
    decoded::Decoded,
    json, key_binding,
    notes::{self, note, wrong},
    segment,
};
use crate::{
    inspect::{ClaimGroup, ClaimRow, ClaimValue, TokenFormat},
    shown::{made_visible, shown},
};

/// What a verifier refuses the whole token for: id, title, what it is, and where the rule stands.
type Rule = (&'static str, &'static str, &'static str, &'static str);

const BROKEN: Rule =
    ("sd-broken", "Broken disclosure", "is not a list of salt, name and value in strict base64url", "RFC 9901 4.2");
const REPEATED: Rule = ("sd-repeated", "Disclosure twice", "stands twice", "RFC 9901 7.1");
const RESERVED: Rule = ("sd-reserved-name", "Reserved name", "names a claim that is reserved", "RFC 9901 7.1");
const TAKEN: Rule = ("sd-name-taken", "Claim twice", "names a claim that stands there already", "RFC 9901 7.1");
const WRONG_PLACE: Rule = (
    "sd-wrong-kind",
    "Disclosure of another kind",
    "belongs to a list and its hash stands in an object, or the other way round",
    "RFC 9901 7.1",
);
const UNREFERENCED: Rule = ("sd-unreferenced", "Foreign disclosure", "matches no hash in the signed part", "RFC 9901 7.1");
const MALFORMED: Rule = (
    "sd-malformed",
    "Hashes of wrong form",
    "uses _sd or ... for something else than hashes: _sd holds a list of texts, and ... stands alone with one text",
    "RFC 9901 4.1",
);
const DIGEST_TWICE: Rule = ("sd-digest-repeated", "Hash twice", "stands twice in the signed part", "RFC 9901 7.1");
const TOO_DEEP: Rule = ("sd-too-deep", "Nested too deep", "lies deeper than is read", "RFC 9901 10");

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
    /// Rules that were broken, with the first thing that broke each and how often. One remark a rule, however long the token.
    broken: Vec<(Rule, String, usize)>,
}

impl Opening {
    fn breaks(&mut self, rule: Rule, what: impl FnOnce() -> String) {
        match self.broken.iter_mut().find(|(other, ..)| other.0 == rule.0) {
            Some((.., count)) => *count += 1,
            None => self.broken.push((rule, what(), 1)),
        }
    }
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

/// Whether claims are those of an SD-JWT, so that a text without `~` lacks it.
pub fn undisclosed(decoded: &mut Decoded) {
    let typ = decoded.header.as_ref().and_then(|header| header.get("typ")).and_then(Value::as_str).unwrap_or_default();
    let typ = typ.to_ascii_lowercase();
    let by_type = typ == "sd+jwt" || typ.ends_with("+sd-jwt") || typ == "sd-jwt";
    let claims = decoded.claims.as_ref();
    if by_type || claims.is_some_and(|claims| claims.contains_key("_sd") || claims.contains_key("_sd_alg")) {
        let detail = "The claims are hashes to be disclosed, and the ~ that ends the signed part is missing. It may have been cut when it was copied; verifiers refuse it.";
        decoded.findings.push(wrong("sd-tilde-missing", "End of the signed part missing", detail, Some("RFC 9901 4")));
        decoded.refuse_all(
            "The text is an SD-JWT without the ~ that ends its signed part, so verifiers must refuse it (RFC 9901 4).",
        );
    }
}

/// Opens the disclosures and looks at the key binding; `issued` is the compact form of the signed part.
pub fn present(decoded: &mut Decoded, issued: &str, disclosures: &[&str], binding: &str) {
    let algorithm = disclose(decoded, disclosures);
    if !binding.is_empty() {
        let shown: String = disclosures.iter().flat_map(|text| [*text, "~"]).collect();
        let expected = algorithm.map(|algorithm| hash(algorithm, &format!("{issued}~{shown}")));
        key_binding::examine(decoded, binding, expected.as_deref());
    }
}

/// Puts the disclosed claims where their hashes stand (RFC 9901 7.1); says by which hash they were found.
///
/// What a verifier must reject refuses the token here too; its claims are shown all the same, each hash filled once.
fn disclose(decoded: &mut Decoded, disclosures: &[&str]) -> Option<&'static digest::Algorithm> {
    decoded.format = TokenFormat::SdJwt;
    let Some(mut claims) = decoded.claims.take() else {
        decoded.refuse_all("The signed part holds no claims, so there is nothing to disclose (RFC 9901 7.1).");
        return None;
    };
    // What is shown from here on is no longer what was written.
    decoded.spelled.numbers = decoded.spelled.claims.take().map(|text| json::numbers(&text)).unwrap_or_default();
    let name = match claims.remove("_sd_alg") {
        None => Some("sha-256".to_owned()),
        Some(Value::String(name)) => Some(name),
        Some(_) => None,
    };
    let Some((name, algorithm)) = name.and_then(|name| algorithm(&name).map(|found| (name, found))) else {
        decoded.findings.push(wrong(
            "sd-alg",
            "Unknown hash",
            "The hash named by _sd_alg is unknown or no text, so no disclosure can be matched; verifiers refuse the whole token.",
            Some("RFC 9901 4.1.1"),
        ));
        decoded.refuse_all("The hash named by _sd_alg is not known, so no disclosure can be matched and verifiers must refuse it (RFC 9901 7.1).");
        decoded.claims = Some(claims);
        return None;
    };
    let mut opening = Opening::default();
    let mut odd = Vec::new();
    let mut hashes = Vec::with_capacity(disclosures.len());
    for text in disclosures {
        let place = || crate::measure::middle_cut(text, 24, 8);
        match parse(text) {
            None => opening.breaks(BROKEN, place),
            Some((Disclosure { name: Some(name), .. }, ..)) if name == "_sd" || name == "..." => {
                opening.breaks(RESERVED, || name.clone());
            }
            Some((disclosure, written, remarks)) => {
                let digest = hash(algorithm, text);
                if odd.len() < MAX_ODD {
                    odd.extend(remarks);
                }
                decoded.spelled.numbers.extend(numbers(disclosure.name.as_deref(), &written));
                if opening.known.insert(digest.clone(), disclosure).is_some() {
                    opening.breaks(REPEATED, place);
                } else {
                    hashes.push(digest);
                }
            }
        }
    }
    // A disclosed value may hold hashes itself; the depth is that of the JSON reader.
    opening.object(&mut claims, 0);
    for digest in &hashes {
        if opening.known.get(digest).is_some_and(|one| !one.used) {
            let name = opening.known.get(digest).and_then(|one| one.name.clone()).unwrap_or_else(|| "a list member".into());
            opening.breaks(UNREFERENCED, || name);
        }
    }
    let count = crate::words::count(opening.known.values().filter(|one| one.used).count(), "claim");
    let detail = format!("{count} disclosed, {} kept back or decoys.", opening.hidden);
    decoded.findings.push(note("sd-jwt", "Selective disclosure", &detail, Some("RFC 9901")));
    odd.truncate(MAX_ODD);
    for oddity in odd {
        let twice = matches!(oddity, json::Oddity::Duplicate(_));
        decoded.findings.push(notes::oddity(oddity, "disclosure"));
        if twice {
            decoded.refuse_all("A disclosure names a member twice, so its meaning depends on the reader (RFC 8725 2.4).");
        }
    }
    for ((id, title, what, rfc), first, count) in &opening.broken {
        let subject = match *id {
            "sd-malformed" => "The signed part",
            "sd-digest-repeated" => "A hash",
            _ => "A disclosure",
        };
        let times = if *count > 1 { format!(" {count} times") } else { String::new() };
        let detail = format!("{subject} {what}{times}: {}. Verifiers refuse the whole token.", shown(first));
        decoded.findings.push(wrong(id, title, &detail, Some(rfc)));
        decoded.refuse_all(&format!("{subject} {what}, so verifiers must refuse the whole token ({rfc})."));
    }
    let rows: Vec<ClaimRow> = hashes.into_iter().filter_map(|digest| row(digest, &name, &opening.known)).collect();
    if !rows.is_empty() {
        decoded.groups.push(ClaimGroup { id: "disclosures".into(), title: "Disclosures".into(), rows });
    }
    decoded.claims = Some(claims);
    Some(algorithm)
}

/// Remarks on the spelling of disclosures that are shown.
const MAX_ODD: usize = 50;

/// A disclosure as a row: its claim, its value, its hash and whether the issuer signed that.
fn row(digest: String, name: &str, known: &HashMap<String, Disclosure>) -> Option<ClaimRow> {
    let disclosure = known.get(&digest)?;
    let signed = if disclosure.used { "signed by the issuer" } else { "not in the signed part" };
    Some(ClaimRow {
        label: made_visible(disclosure.name.clone().unwrap_or_else(|| "list member".into())),
        value: match &disclosure.value {
            Value::String(text) => ClaimValue::Text { text: made_visible(text.clone()) },
            other => ClaimValue::Json { text: crate::shown::json(&other.to_string()).into_owned() },
        },
        meaning: Some(format!("Hash ({name}) {digest}, {signed}.")),
        path: digest,
    })
}

fn algorithm(name: &str) -> Option<&'static digest::Algorithm> {
    match name {
        "sha-256" => Some(&digest::SHA256),
        "sha-384" => Some(&digest::SHA384),
        "sha-512" => Some(&digest::SHA512),
        _ => None,
    }
}

fn hash(algorithm: &'static digest::Algorithm, text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(algorithm, text.as_bytes()))
}

/// A disclosure with its JSON and what is odd about it: salt, name and value, or salt and value (RFC 9901 4.2.1, 4.2.2).
fn parse(text: &str) -> Option<(Disclosure, String, Vec<json::Oddity>)> {
    let (bytes, flaw) = segment::read(text);
    if flaw.is_some() {
        return None;
    }
    let written = String::from_utf8(bytes?).ok()?;
    let (Value::Array(mut parts), odd) = json::read(written.as_bytes()).ok()? else {
        return None;
    };
    let value = parts.pop()?;
    let name = match parts.len() {
        2 => Some(parts.pop()?.as_str()?.to_owned()),
        1 => None,
        _ => return None,
    };
    if !parts.pop()?.is_string() {
        return None;
    }
    Some((Disclosure { name, value, used: false }, written, odd))
}

/// Texts of the numbers in a disclosure, under the name it discloses; what lies deeper is found by its own name.
fn numbers(name: Option<&str>, written: &str) -> json::Exact {
    let Some(name) = name else { return json::Exact::new() };
    let own = |(path, number): (String, String)| Some((format!("{name}{}", path.strip_prefix("[2]")?), number));
    json::numbers(written).into_iter().filter_map(own).collect()
}

impl Opening {
    /// Notes a hash; false when it stood somewhere before.
    fn first(&mut self, digest: &str) -> bool {
        let first = self.seen.insert(digest.to_owned());
        if !first {
            self.breaks(DIGEST_TWICE, || digest.to_owned());
        }
        first
    }

    fn object(&mut self, object: &mut Map<String, Value>, depth: usize) {
        if depth > json::MAX_DEPTH {
            return self.breaks(TOO_DEEP, || "an object".into());
        }
        for value in object.values_mut() {
            self.value(value, depth + 1);
        }
        // A placeholder of a list member stands in a list, alone.
        if object.contains_key("...") {
            self.breaks(MALFORMED, || "...".into());
        }
        let hashes = match object.remove("_sd") {
            None => return,
            Some(Value::Array(hashes)) => hashes,
            Some(_) => return self.breaks(MALFORMED, || "_sd".into()),
        };
        if !hashes.iter().all(Value::is_string) {
            self.breaks(MALFORMED, || "_sd".into());
        }
        for digest in hashes.iter().filter_map(Value::as_str) {
            let first = self.first(digest);
            match self.known.get_mut(digest).filter(|one| first && !one.used) {
                Some(Disclosure { name: Some(name), value, used }) => {
                    *used = true;
                    // Its row keeps what it discloses itself: with what its hashes open, a chain would be written out
                    // as often as it is deep.
                    let (name, mut value) = (name.clone(), value.clone());
                    if object.contains_key(&name) {
                        self.breaks(TAKEN, || name);
                        continue;
                    }
                    self.value(&mut value, depth + 1);
                    object.insert(name, value);
                }
                Some(disclosure) => {
                    disclosure.used = true;
                    self.breaks(WRONG_PLACE, || digest.to_owned());
                }
                None => self.hidden += 1,
            }
        }
    }

    fn value(&mut self, value: &mut Value, depth: usize) {
        match value {
            Value::Object(object) => self.object(object, depth),
            Value::Array(_) if depth > json::MAX_DEPTH => self.breaks(TOO_DEEP, || "a list".into()),
            Value::Array(members) => {
                let old = std::mem::take(members);
                members.reserve(old.len());
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
                    match self.known.get_mut(&digest).filter(|one| first && !one.used) {
                        Some(disclosure) if disclosure.name.is_none() => {
                            disclosure.used = true;
                            let mut value = disclosure.value.clone();
                            self.value(&mut value, depth + 1);
                            members.push(value);
                        }
                        Some(disclosure) => {
                            disclosure.used = true;
                            self.breaks(WRONG_PLACE, || digest.clone());
                        }
                        None => self.hidden += 1,
                    }
                }
            }
            _ => {}
        }
    }
}
