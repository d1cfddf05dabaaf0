//! What is remarkable about a set of keys, whoever signs with them: doubles, secrets that are none, keys that prove nothing.

use std::collections::HashMap;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Map, Value};
use x509_parser::{certificate::X509Certificate, prelude::FromDer as _};

use super::{
    algorithm::Algorithm,
    key::Key,
    material::{Family, Material, spki},
    vet,
};
use crate::{
    decode::{error_finding as wrong, note_finding as note, warning_finding as warning},
    finding::Finding,
    shown::shown,
    words,
};

/// Members that only the private half of a key has (RFC 7518 6.2.2, 6.3.2; RFC 8037 2).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "priv"];

/// Whether the private half stands beside the public one.
pub(super) fn is_private(jwk: &Map<String, Value>) -> bool {
    jwk.get("kty").and_then(Value::as_str) != Some("oct") && PRIVATE.iter().any(|name| jwk.contains_key(*name))
}

/// Keys with a remark of one kind, each by its name.
#[derive(Default)]
struct Named<'a>(HashMap<&'static str, Vec<&'a str>>);

impl<'a> Named<'a> {
    fn add(&mut self, id: &'static str, key: &'a Key) {
        self.0.entry(id).or_default().push(&key.kid);
    }

    /// The keys in words, and how many.
    fn take(&self, id: &str) -> Option<String> {
        let kids = self.0.get(id)?;
        let names: Vec<String> = kids.iter().filter(|kid| !kid.is_empty()).map(|kid| shown(kid)).collect();
        Some(match (names.len(), kids.len()) {
            (0, 1) => "the key".into(),
            (0, count) => format!("{count} keys without a name"),
            (1, 1) => format!("the key {}", names[0]),
            (_, count) => format!("{} ({})", words::count(count, "key"), words::few(&names)),
        })
    }
}

/// The remarks, in a stable order. `jwks` stand beside their keys; `published` says that anybody can read the set.
pub(super) fn remarks(jwks: &[&Map<String, Value>], keys: &[Key], published: bool) -> Vec<Finding> {
    let mut named = Named::default();
    for (jwk, key) in jwks.iter().zip(keys) {
        one(jwk, key, &mut named);
    }
    let mut found = Vec::new();
    let mut say = |id: &str, severity: fn(&str, &str, &str, Option<&str>) -> Finding, title: &str, what: &str, rfc: &str| {
        if let Some(which) = named.take(id) {
            let detail = format!("Among the keys: {which}. {what}");
            found.push(severity(id, title, &detail, Some(rfc)));
        }
    };
    if published {
        say(
            "key-set-secret-published",
            wrong,
            "Secret published",
            "A shared secret (oct) that anybody can read is no secret; it is not used.",
            "RFC 7517 9.2",
        );
        say(
            "key-set-private-published",
            wrong,
            "Private key published",
            "The private half stands beside the public one, so anybody can sign; nothing it signed is believed. Replace it now.",
            "RFC 7517 9.2",
        );
    } else {
        say(
            "key-set-private",
            warning,
            "Private key",
            "It is the private one. Verifying needs the public half alone; treat a private key that was passed around as lost.",
            "RFC 7517 9.2",
        );
    }
    say(
        "key-roca",
        wrong,
        "Weak key (ROCA)",
        "It has the fingerprint of CVE-2017-15361: its private half can be calculated, so nothing it signed is believed.",
        "CVE-2017-15361",
    );
    say(
        "key-too-short",
        wrong,
        "Key too short",
        "An RSA key under 2048 bits proves nothing, so nothing it signed is believed.",
        "RFC 7518 3.3",
    );
    say(
        "key-unsound",
        wrong,
        "Key that proves nothing",
        "Its numbers are not those of a key (an exponent of 1, an even number, a point off its curve), so it is not used.",
        "RFC 7518 6",
    );
    say(
        "key-exponent-small",
        warning,
        "Small exponent",
        "The RSA exponent is smaller than 65537. It is legal, and it has made forgeries possible where padding was read loosely.",
        "RFC 8017 3.1",
    );
    say(
        "key-modulus-padded",
        warning,
        "Zero in front of the modulus",
        "Its n begins with a zero octet, which RFC 7518 forbids. The key is used, and Amazon's services and others refuse it.",
        "RFC 7518 6.3.1.1",
    );
    say(
        "key-members-bad-type",
        wrong,
        "Key cannot be read",
        "A member that says what the key is for is of the wrong type, or a number is missing or cannot be read; it is not used.",
        "RFC 7517 4",
    );
    say(
        "key-alg-mismatch-kind",
        wrong,
        "Algorithm of another kind",
        "Its alg names an algorithm for another kind of key, which is how a public key is passed off as a secret; with that alg it verifies nothing.",
        "RFC 8725 3.1",
    );
    say(
        "key-use-contradicts",
        warning,
        "Use and key_ops disagree",
        "Its use and its key_ops do not say the same.",
        "RFC 7517 4.3",
    );
    say(
        "key-x5c-mismatch",
        wrong,
        "Certificate of another key",
        "The first certificate in x5c holds another key than the members say, or cannot be read.",
        "RFC 7517 4.7",
    );
    say(
        "key-not-base64url",
        warning,
        "Numbers not in base64url",
        "Its numbers have padding or letters of standard base64. They are read as they are meant; strict readers refuse the key.",
        "RFC 7518 2",
    );
    say(
        "key-certificate-alone",
        warning,
        "Certificate without the numbers",
        "It has a certificate (x5c) and not the numbers that must stand beside it. The certificate's key is used; other readers find none.",
        "RFC 7517 4.7",
    );
    say("key-unknown-kind", note, "Key of unknown kind", "Its kind or curve is not known here, so it is left out.", "RFC 7517 5");
    doubles(keys, published, &mut found);
    found
}

fn one<'a>(jwk: &Map<String, Value>, key: &'a Key, named: &mut Named<'a>) {
    let kty = jwk.get("kty").and_then(Value::as_str).unwrap_or_default();
    if kty == "oct" {
        named.add("key-set-secret-published", key);
    }
    if is_private(jwk) {
        named.add("key-set-private-published", key);
        named.add("key-set-private", key);
    }
    // What was taken out of use is judged by what it was.
    let (material, flaw) = match super::key::material(jwk) {
        Ok(material) => (material.clone(), vet::flaw(&material)),
        Err(_) => {
            let known = matches!(
                (kty, jwk.get("crv").and_then(Value::as_str)),
                ("RSA" | "oct", _) | ("EC", Some("P-256" | "P-384" | "P-521" | "secp256k1")) | ("OKP", Some("Ed25519"))
            );
            let said = jwk.get("kty").is_some_and(Value::is_string) && jwk.get("crv").is_none_or(Value::is_string);
            named.add(if known || !said { "key-members-bad-type" } else { "key-unknown-kind" }, key);
            return;
        }
    };
    if super::key::members(jwk).is_err() {
        named.add("key-members-bad-type", key);
    }
    match (&material, flaw) {
        (Material::Rsa { n, .. }, _) if vet::is_roca(n) => named.add("key-roca", key),
        (_, Some(_)) if kty != "oct" => named.add("key-unsound", key),
        _ if vet::short(&material).is_some() => named.add("key-too-short", key),
        _ => {}
    }
    let modulus = jwk.get("n").and_then(Value::as_str).filter(|_| kty == "RSA");
    if modulus.and_then(|n| URL_SAFE_NO_PAD.decode(n).ok()).is_some_and(|n| n.first() == Some(&0)) {
        named.add("key-modulus-padded", key);
    }
    let odd = |name: &str| jwk.get(name).and_then(Value::as_str).is_some_and(|text| text.contains(['+', '/', '=']));
    if ["n", "e", "x", "y"].into_iter().any(odd) {
        named.add("key-not-base64url", key);
    }
    if super::key::certificate_alone(jwk) {
        named.add("key-certificate-alone", key);
    }
    if vet::tiny_exponent(&material) {
        named.add("key-exponent-small", key);
    }
    if let Some(alg) = &key.alg {
        let family = Algorithm::named(alg).map(Algorithm::family);
        let encrypts =
            ["RSA-OAEP", "RSA1_5", "ECDH-ES", "A128", "A192", "A256", "dir", "PBES2"].iter().any(|known| alg.starts_with(known));
        let of_kind = match family {
            Some(family) => Some(family) == material.family(),
            None if alg.starts_with("RSA") => kty == "RSA",
            None => encrypts || !alg.eq_ignore_ascii_case("none"),
        };
        let curve = Algorithm::named(alg).and_then(Algorithm::curve);
        let on_curve = match (&material, curve) {
            (Material::Ec { curve: own, .. }, Some(curve)) => *own == curve,
            _ => true,
        };
        if !of_kind || !on_curve {
            named.add("key-alg-mismatch-kind", key);
        }
    }
    if let (Some(used), Some(operations)) = (&key.used_for, &key.operations) {
        let signs = ["sign", "verify"];
        let other = operations.iter().any(|one| signs.contains(&one.as_str()) != (used == "sig"));
        if other {
            named.add("key-use-contradicts", key);
        }
    }
    if let Some(chain) = jwk.get("x5c") {
        let first = chain.as_array().and_then(|list| list.first()).and_then(Value::as_str);
        let own = first.and_then(|text| STANDARD.decode(text).ok()).and_then(|der| {
            let (_, certificate) = X509Certificate::from_der(&der).ok()?;
            spki(certificate.public_key()).ok()
        });
        if own.is_none_or(|own| !same(&own, &material)) {
            named.add("key-x5c-mismatch", key);
        }
    }
}

fn same(one: &Material, other: &Material) -> bool {
    match (one, other) {
        (Material::Rsa { n, e }, Material::Rsa { n: other_n, e: other_e }) => n == other_n && e == other_e,
        (Material::Ec { curve, point }, Material::Ec { curve: other_curve, point: other }) => {
            curve == other_curve && point == other
        }
        (Material::Ed25519(one), Material::Ed25519(other)) => one == other,
        _ => false,
    }
}

/// Names that stand twice, and secrets beside public keys.
fn doubles(keys: &[Key], published: bool, found: &mut Vec<Finding>) {
    let mut kids: HashMap<&str, usize> = HashMap::new();
    for key in keys.iter().filter(|key| !key.kid.is_empty()) {
        *kids.entry(&key.kid).or_default() += 1;
    }
    let mut twice: Vec<&str> = kids.into_iter().filter(|(_, count)| *count > 1).map(|(kid, _)| kid).collect();
    twice.sort_unstable();
    if !twice.is_empty() {
        let names: Vec<String> = twice.iter().map(|kid| shown(kid)).collect();
        let detail = format!(
            "More than one key has the name {}. Each of them is tried, and other verifiers may take only the first.",
            words::few(&names)
        );
        found.push(warning("key-set-duplicate-kid", "Two keys of one name", &detail, Some("RFC 7517 4.5")));
    }
    let secret = |key: &Key| key.material.family() == Some(Family::Hmac) || key.was_secret;
    if keys.iter().any(secret) && keys.iter().any(|key| !secret(key)) {
        let detail = if published {
            "Shared secrets and public keys stand in one set. A verifier that lets the header choose takes one for the other."
        } else {
            "Shared secrets and public keys stand in one set; a set with a secret in it must not be passed on."
        };
        found.push(warning("key-set-mixed", "Secrets beside public keys", detail, Some("RFC 8725 2.1")));
    }
}

/// Everything a public key is known by that somebody could take for a secret: its numbers, and how they are usually written.
pub(super) fn spellings(material: &Material) -> Vec<Vec<u8>> {
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
    let mut numbers: Vec<Vec<u8>> = match material {
        Material::Rsa { n, e } => vec![n.clone(), [&[0][..], n].concat(), [&n[..], e].concat()],
        Material::Ec { point, .. } => {
            let (x, y) = point[1..].split_at(point.len() / 2);
            let sign = 2 + (y.last().copied().unwrap_or_default() & 1);
            vec![point.clone(), point[1..].to_vec(), x.to_vec(), y.to_vec(), [&[sign][..], x].concat()]
        }
        Material::Ed25519(key) => vec![key.clone()],
        Material::Secret(_) | Material::Unusable(_) => Vec::new(),
    };
    let written: Vec<Vec<u8>> = numbers
        .iter()
        .flat_map(|number| {
            let lower: String = number.iter().map(|byte| format!("{byte:02x}")).collect();
            [
                STANDARD.encode(number),
                STANDARD_NO_PAD.encode(number),
                URL_SAFE.encode(number),
                URL_SAFE_NO_PAD.encode(number),
                lower.to_uppercase(),
                lower,
            ]
            .map(String::into_bytes)
        })
        .collect();
    numbers.extend(written);
    numbers
}
