//! SD-JWT: what a verifier of RFC 9901 must reject is never verified, and a disclosure adds what it discloses once.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use token::{
    decode::decode,
    verify::{KeySet, verify},
};

use super::{
    expect,
    made::{b64, jwk, sha256, signed, word},
    row,
};
use crate::row::Attack;

fn disclosure(value: &Value) -> String {
    b64(value.to_string())
}

/// An issuer's token with these claims.
fn issued(claims: &Value) -> String {
    signed(&json!({"alg": "RS256", "kid": "k", "typ": "dc+sd-jwt"}), claims)
}

/// The state of a presentation, its findings, and its claims.
fn read(text: &str) -> (&'static str, Vec<String>, Value) {
    let decoded = decode(text);
    let keys = KeySet::from_jwks(&json!({"keys": [jwk("rsa")]}).to_string(), "https://id.test/keys", 1).expect("keys");
    let state = word(&verify(&decoded, Some(&keys)));
    (
        state,
        decoded.findings.iter().map(|finding| finding.id.clone()).collect(),
        Value::Object(decoded.claims.unwrap_or_default()),
    )
}

fn refused(name: &str, text: String, id: &'static str) -> Attack {
    row(format!("SD-JWT: {name}"), move || {
        let (state, ids, _) = read(&text);
        if !ids.iter().any(|found| found == id) {
            return Err(format!("{id} is not among {ids:?}"));
        }
        expect(state, "unverifiable")
    })
}

fn holds(name: &str, text: String, claims: Value) -> Attack {
    row(format!("SD-JWT: {name}"), move || {
        let (state, ids, found) = read(&text);
        expect((state, found), ("verified", claims)).map_err(|error| format!("{error} {ids:?}"))
    })
}

pub fn rows() -> Vec<Attack> {
    let name = disclosure(&json!(["salt", "given_name", "Erika"]));
    let role = disclosure(&json!(["salt2", "role", "admin"]));
    let member = disclosure(&json!(["salt3", "DE"]));
    let with = |claims: Value, disclosures: &[&str]| {
        let shown: String = disclosures.iter().flat_map(|one| [*one, "~"]).collect();
        format!("{}~{shown}", issued(&claims))
    };
    let one = |claims: Value| with(claims, &[&name]);
    let raw = |text: &str| {
        let made = b64(text);
        with(json!({"_sd": [sha256(&made)]}), &[&made])
    };
    let inner = disclosure(&json!(["salt4", "address", {"_sd": [sha256(&name)]}]));
    let mut rows = vec![
        holds("control", one(json!({"_sd": [sha256(&name)]})), json!({"given_name": "Erika"})),
        holds("nothing disclosed", with(json!({"_sd": [sha256(&name), "decoy"], "a": 1}), &[]), json!({"a": 1})),
        holds(
            "a list member",
            with(json!({"nations": [{"...": sha256(&member)}, "FR", {"...": "decoy"}]}), &[&member]),
            json!({"nations": ["DE", "FR"]}),
        ),
        holds(
            "nested disclosures",
            with(json!({"_sd": [sha256(&inner)]}), &[&inner, &name]),
            json!({"address": {"given_name": "Erika"}}),
        ),
        refused("the same disclosure twice", with(json!({"_sd": [sha256(&name)]}), &[&name, &name]), "sd-repeated"),
        refused("the same hash twice in one object", one(json!({"_sd": [sha256(&name), sha256(&name)]})), "sd-digest-repeated"),
        refused(
            "the same hash in two objects",
            one(json!({"_sd": [sha256(&name)], "a": {"_sd": [sha256(&name)]}})),
            "sd-digest-repeated",
        ),
        refused(
            "the same hash in an object and a list",
            one(json!({"_sd": [sha256(&name)], "a": [{"...": sha256(&name)}]})),
            "sd-digest-repeated",
        ),
        refused("a decoy twice", with(json!({"_sd": ["decoy", "decoy"]}), &[]), "sd-digest-repeated"),
        refused(
            "the same hash in the payload and in a disclosure",
            with(json!({"_sd": [sha256(&inner), sha256(&name)]}), &[&inner, &name]),
            "sd-digest-repeated",
        ),
        refused("a disclosure nobody refers to", with(json!({"_sd": [sha256(&name)]}), &[&name, &role]), "sd-unreferenced"),
        refused("a disclosure without its parent", with(json!({"_sd": [sha256(&inner)]}), &[&name]), "sd-unreferenced"),
        refused(
            "a claim that stands there already",
            with(json!({"role": "viewer", "_sd": [sha256(&role)]}), &[&role]),
            "sd-name-taken",
        ),
        refused(
            "a claim disclosed twice by two disclosures",
            {
                let second = disclosure(&json!(["salt9", "role", "viewer"]));
                with(json!({"_sd": [sha256(&role), sha256(&second)]}), &[&role, &second])
            },
            "sd-name-taken",
        ),
        refused("a disclosure named _sd", raw(r#"["salt","_sd",["x"]]"#), "sd-reserved-name"),
        refused("a disclosure named ...", raw(r#"["salt","...","x"]"#), "sd-reserved-name"),
        refused("four members", raw(r#"["salt","a","b","c"]"#), "sd-broken"),
        refused("one member", raw(r#"["salt"]"#), "sd-broken"),
        refused("no member", raw("[]"), "sd-broken"),
        refused("an object", raw(r#"{"salt":"a"}"#), "sd-broken"),
        refused("a text", raw(r#""salt""#), "sd-broken"),
        refused("no JSON", raw("salt"), "sd-broken"),
        refused("a salt that is a number", raw(r#"[7,"role","admin"]"#), "sd-broken"),
        refused("a salt that is null", raw(r#"[null,"role","admin"]"#), "sd-broken"),
        refused("a name that is a number", raw(r#"["salt",7,"admin"]"#), "sd-broken"),
        refused("a name that is a list", raw(r#"["salt",["role"],"admin"]"#), "sd-broken"),
        refused("two arrays in one", raw(r#"["salt","a",1]["salt","b",2]"#), "sd-broken"),
        refused(
            "padding",
            {
                let made = format!("{}=", b64(r#"["salt","a",1]"#));
                with(json!({"_sd": [sha256(&made)]}), &[&made])
            },
            "sd-broken",
        ),
        refused("an empty disclosure", with(json!({"_sd": [sha256(&name)]}), &[&name, ""]), "sd-broken"),
        refused("a list member where a claim is due", with(json!({"_sd": [sha256(&member)]}), &[&member]), "sd-wrong-kind"),
        refused("a claim where a list member is due", with(json!({"a": [{"...": sha256(&name)}]}), &[&name]), "sd-wrong-kind"),
        refused("_sd that is a text", one(json!({"_sd": sha256(&name)})), "sd-malformed"),
        refused("_sd with a number in it", one(json!({"_sd": [sha256(&name), 7]})), "sd-malformed"),
        refused("_sd that is an object", with(json!({"_sd": {"a": 1}}), &[]), "sd-malformed"),
        refused("... that is a number", with(json!({"a": [{"...": 7}]}), &[]), "sd-malformed"),
        refused("... with a neighbour", with(json!({"a": [{"...": sha256(&member), "b": 1}]}), &[&member]), "sd-malformed"),
        refused("... outside a list", with(json!({"a": {"...": sha256(&member)}}), &[&member]), "sd-malformed"),
        refused("an unknown _sd_alg", one(json!({"_sd_alg": "md5", "_sd": [sha256(&name)]})), "sd-alg"),
        refused("_sd_alg in capitals", one(json!({"_sd_alg": "SHA-256", "_sd": [sha256(&name)]})), "sd-alg"),
        refused("_sd_alg that is a list", one(json!({"_sd_alg": ["sha-256"], "_sd": [sha256(&name)]})), "sd-alg"),
        refused("_sd_alg that is null", one(json!({"_sd_alg": null, "_sd": [sha256(&name)]})), "sd-alg"),
        refused("a member twice in a disclosure", raw(r#"["salt","a",{"b":1,"b":2}]"#), "duplicate-member"),
        refused("no ~ at the end", issued(&json!({"_sd": [sha256(&name)]})), "sd-tilde-missing"),
        refused(
            "no ~ after the last disclosure",
            format!("{}~{name}", issued(&json!({"_sd": [sha256(&name)]}))),
            "sd-key-binding-broken",
        ),
        refused(
            "a chain deeper than is read",
            {
                let mut last = disclosure(&json!(["s", "x", 1]));
                let mut all = vec![last.clone()];
                for _ in 0..200 {
                    last = disclosure(&json!(["s", "x", {"_sd": [sha256(&last)]}]));
                    all.push(last.clone());
                }
                with(json!({"_sd": [sha256(&last)]}), &all.iter().map(String::as_str).collect::<Vec<_>>())
            },
            "sd-too-deep",
        ),
    ];
    rows.push(row("SD-JWT: a repeated hash adds no claim", {
        let text = one(json!({"_sd": [sha256(&name)], "a": {"_sd": [sha256(&name)]}, "b": {"_sd": [sha256(&name)]}}));
        move || {
            let claims = read(&text).2.to_string();
            expect(claims.matches("given_name").count(), 1)
        }
    }));
    rows.extend(bindings());
    rows.push(row("SD-JWT: 10,000 disclosures in a second, and no more than ten times what 1,000 take", || {
        let text = |count: usize| {
            let all: Vec<String> = (0..count).map(|at| disclosure(&json!(["salt", format!("c{at}"), at]))).collect();
            let hashes: Vec<String> = all.iter().map(|one| sha256(one)).collect();
            format!("{}~{}~", issued(&json!({"_sd": hashes})), all.join("~"))
        };
        let took = |text: &str| {
            let began = Instant::now();
            let (state, ..) = read(text);
            (state, began.elapsed())
        };
        let (small, large) = (text(1_000), text(10_000));
        let (state, _) = took(&small);
        expect(state, "verified")?;
        let fastest = |text: &str| (0..3).map(|_| took(text).1).min().unwrap_or(Duration::MAX);
        let (few, many) = (fastest(&small), fastest(&large));
        println!("  disclosures read and verified: 1,000 in {few:?}, 10,000 in {many:?}");
        // A debug build; ten times the work at an exponent of 1.1 is 12.6 times the time, with room for a busy machine.
        if many > few * 25 + Duration::from_millis(50) { Err(format!("{few:?} for 1,000, {many:?} for 10,000")) } else { Ok(()) }
    }));
    rows
}

/// Presentations with a key binding.
fn bindings() -> Vec<Attack> {
    let name = disclosure(&json!(["salt", "given_name", "Erika"]));
    let claims = json!({"_sd": [sha256(&name)], "cnf": {"jwk": jwk("p256")}, "iat": 1_000, "exp": 9_000});
    let token = issued(&claims);
    let shown = format!("{token}~{name}~");
    let bound = |header: Value, change: Value| {
        let mut stated = json!({"iat": 2_000, "aud": "https://verifier.test", "nonce": "n", "sd_hash": sha256(&shown)});
        for (name, value) in change.as_object().into_iter().flatten() {
            if value.is_null() {
                stated.as_object_mut().map(|stated| stated.remove(name));
            } else {
                stated[name] = value.clone();
            }
        }
        format!("{shown}{}", signed(&header, &stated))
    };
    let header = json!({"alg": "ES256", "typ": "kb+jwt"});
    let no_key = format!("{}~{name}~", issued(&json!({"_sd": [sha256(&name)]})));
    let other_key = format!("{}~{name}~", issued(&json!({"_sd": [sha256(&name)], "cnf": {"jwk": jwk("rsa")}})));
    let for_shown = |shown: &str| {
        format!("{shown}{}", signed(&header, &json!({"iat": 2_000, "aud": "a", "nonce": "n", "sd_hash": sha256(shown)})))
    };
    let good = bound(header.clone(), json!({}));
    vec![
        row("SD-JWT: control with key binding", {
            let good = good.clone();
            move || expect(read(&good).0, "verified")
        }),
        refused("another type", bound(json!({"alg": "ES256", "typ": "JWT"}), json!({})), "sd-key-binding-type"),
        refused("no type", bound(json!({"alg": "ES256"}), json!({})), "sd-key-binding-type"),
        refused("alg none", bound(json!({"alg": "none", "typ": "kb+jwt"}), json!({})), "sd-key-binding-bad"),
        refused(
            "signed by a key of another kind",
            bound(json!({"alg": "RS256", "typ": "kb+jwt"}), json!({})),
            "sd-key-binding-unclear",
        ),
        refused("no sd_hash", bound(header.clone(), json!({"sd_hash": null})), "sd-key-binding-incomplete"),
        refused("another sd_hash", bound(header.clone(), json!({"sd_hash": sha256("other")})), "sd-key-binding-mismatch"),
        refused("no aud", bound(header.clone(), json!({"aud": null})), "sd-key-binding-incomplete"),
        refused("an aud that is a list", bound(header.clone(), json!({"aud": ["a"]})), "sd-key-binding-incomplete"),
        refused("no nonce", bound(header.clone(), json!({"nonce": null})), "sd-key-binding-incomplete"),
        refused("an empty nonce", bound(header.clone(), json!({"nonce": ""})), "sd-key-binding-incomplete"),
        refused("no iat", bound(header.clone(), json!({"iat": null})), "sd-key-binding-incomplete"),
        refused("an iat that is a text", bound(header.clone(), json!({"iat": "2000"})), "sd-key-binding-incomplete"),
        refused("made before the token", bound(header.clone(), json!({"iat": 10})), "sd-key-binding-time"),
        refused("made after the token's end", bound(header.clone(), json!({"iat": 90_000})), "sd-key-binding-time"),
        refused("no cnf", for_shown(&no_key), "sd-key-binding-no-key"),
        refused("cnf of another kind", for_shown(&other_key), "sd-key-binding-unclear"),
        refused("a disclosure after the binding", format!("{good}~{name}~"), "sd-broken"),
        refused("a disclosure left out", good.replacen(&format!("{name}~"), "", 1), "sd-key-binding-mismatch"),
    ]
}
