//! Prints what one token says and what is remarkable about it: `inspect < token.txt`, or `inspect KEYS.json < token.txt` to check
//! its signature with a JWKS (RFC 7517 5) too.

#![expect(clippy::disallowed_methods, reason = "a program of its own asks the clock itself")]

use std::{
    error::Error,
    io::Read as _,
    time::{SystemTime, UNIX_EPOCH},
};

use token::{
    decode::decode,
    inspect::{self, Obtained, Origin},
    markdown,
    verify::{KeySet, verify},
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text)?;
    let keys = match std::env::args().nth(1) {
        Some(path) => Some(KeySet::from_text(&std::fs::read_to_string(&path)?, &path)?),
        None => None,
    };
    let now_s = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
    let decoded = decode(&text);
    let (header, claims) = (decoded.header.as_ref(), decoded.claims.as_ref());
    let verification = verify(&decoded, keys.as_ref());
    let findings = inspect::with_text(&decoded.findings, inspect::findings(header, claims, &verification, now_s));
    let origin = Origin::new("t", inspect::kind_of(header, claims), Obtained::Pasted, "standard input");
    let view = inspect::view(&origin, header, claims, decoded.format, decoded.size, &verification, findings.len());
    let shown = inspect::inspection(view, header, claims, findings, None, &inspect::reading(&decoded));
    println!("{}", markdown::claims(&shown, &[], None, |_, value| value));
    Ok(())
}
