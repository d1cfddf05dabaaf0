//! What tokens at hand say of each other: hashes in ID tokens, DPoP proofs and the tokens bound to their key.
//!
//! A hash in one token is only worth something beside the text it is of; on a shelf both are often there.

use serde_json::{Map, Value};

use super::kind::TokenKind;
use crate::{
    claims,
    decode::{error_finding as wrong, is_proof, note_finding as note, proof_thumbprint},
    finding::Finding,
    hashes::{half_hash, token_hash},
    secret::Secret,
};

/// A token on the shelf, as far as others may refer to it.
#[derive(Clone, Copy)]
pub struct Relative<'a> {
    /// How it is named on the shelf.
    pub label: &'a str,
    /// What it is used for.
    pub kind: TokenKind,
    /// Its header.
    pub header: Option<&'a Map<String, Value>>,
    /// Its claims.
    pub claims: Option<&'a Map<String, Value>>,
    /// Its text, while it is live.
    pub text: Option<&'a Secret>,
    /// Step that produced it.
    pub step: Option<i64>,
}

impl Relative<'_> {
    fn claim(&self, name: &str) -> Option<String> {
        self.claims.and_then(|claims| claims::text(claims, name))
    }

    /// The key it is bound to (RFC 9449 6.1).
    fn bound_to(&self) -> Option<String> {
        let jkt = self.claims.and_then(|claims| claims.get("cnf")).and_then(|cnf| cnf.get("jkt"));
        jkt.and_then(Value::as_str).map(str::to_owned)
    }

    /// The key it proves, when it is a proof.
    fn proves(&self) -> Option<String> {
        self.header.filter(|header| is_proof(Some(header))).and_then(proof_thumbprint)
    }
}

/// What the others say of this token, and it of them.
pub fn relations(this: &Relative<'_>, others: &[Relative<'_>]) -> Vec<Finding> {
    let mut found = Vec::new();
    at_hash(this, others, &mut found);
    for other in others {
        proof(this, other, other.label, &mut found);
        proof(other, this, other.label, &mut found);
    }
    found
}

/// `at_hash` (OpenID Connect Core 3.1.3.6). A token of the same answer that does not fit is a fault; others prove nothing.
fn at_hash(this: &Relative<'_>, others: &[Relative<'_>], found: &mut Vec<Finding>) {
    let alg = this.header.and_then(|header| claims::text(header, "alg"));
    let (Some(hash), Some(alg)) = (this.claim("at_hash"), alg) else { return };
    let rfc = Some("OpenID Connect Core 3.1.3.6");
    let fits = |other: &&Relative<'_>| other.text.is_some_and(|text| half_hash(&alg, text.expose()).as_deref() == Some(&hash));
    let on = |finding: Finding| Finding { path: Some("claims.at_hash".into()), ..finding };
    if let Some(other) = others.iter().find(fits) {
        let detail = format!("at_hash fits the text of {}, so the two were issued together.", other.label);
        found.push(on(note("at-hash-fits", "at_hash fits", &detail, rfc)));
        return;
    }
    let sibling = |other: &&Relative<'_>| {
        other.kind == TokenKind::Access && other.text.is_some() && this.step.is_some() && other.step == this.step
    };
    if let Some(other) = others.iter().find(sibling) {
        let detail =
            format!("at_hash does not fit {}, which came in the same answer; one of them was exchanged on the way.", other.label);
        found.push(on(wrong("at-hash-mismatch", "at_hash does not fit", &detail, rfc)));
    }
}

/// A proof beside a token: the same key, and the hash of its text (RFC 9449 4.3, 7).
fn proof(proof: &Relative<'_>, token: &Relative<'_>, label: &str, found: &mut Vec<Finding>) {
    let Some(proven) = proof.proves() else { return };
    let bound = token.bound_to();
    let hashed = token.text.is_some_and(|text| proof.claim("ath").as_deref() == Some(&token_hash(text.expose())));
    if bound.as_deref() == Some(&proven) {
        let detail = format!("The key of the proof is the one in cnf.jkt; it goes with {label}.");
        found.push(note("dpop-key-fits", "Key fits", &detail, Some("RFC 9449 6.1")));
    } else if bound.is_some() && hashed {
        let detail = format!(
            "The proof was made for this token with another key than the one in cnf.jkt; it goes with {label}, and an API refuses the pair."
        );
        found.push(wrong("dpop-key-mismatch", "Key does not fit", &detail, Some("RFC 9449 7.1")));
    }
    if hashed {
        let detail = format!("ath in the proof is the hash of the token's text; it goes with {label}.");
        found.push(note("dpop-ath-fits", "ath fits", &detail, Some("RFC 9449 4.2")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::decode;

    fn vectors() -> Value {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/vectors/rfc9449/examples.json");
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    #[test]
    fn proofs_of_the_rfc_show_their_key() {
        let file = vectors();
        let mut proofs = 0;
        for case in file["tokens"].as_array().unwrap() {
            let decoded = decode(case["token"].as_str().unwrap());
            assert_eq!(decoded.claims.clone().map(Value::Object), Some(case["claims"].clone()));
            let Some(jkt) = case["jkt"].as_str() else { continue };
            assert!(decoded.is_dpop_proof());
            assert_eq!(proof_thumbprint(decoded.header.as_ref().unwrap()).as_deref(), Some(jkt));
            let ids: Vec<&str> = decoded.findings.iter().map(|finding| finding.id.as_str()).collect();
            assert_eq!(ids, ["dpop-proof", "dpop-signature-fits"]);
            let text = case["token"].as_str().unwrap();
            let forged = format!("{}AAAA", &text[..text.len() - 4]);
            assert!(decode(&forged).findings.iter().any(|finding| finding.id.starts_with("dpop-signature-bad")));
            proofs += 1;
        }
        assert_eq!(proofs, 3);
    }

    #[test]
    fn a_token_and_its_proof_know_each_other() {
        let file = vectors();
        let read = |at: usize| decode(file["tokens"][at]["token"].as_str().unwrap());
        let (token, proof) = (read(2), read(3));
        let text = Secret::new(file["access_token"].as_str().unwrap());
        let bound = Relative {
            label: "the token",
            kind: TokenKind::Access,
            header: token.header.as_ref(),
            claims: token.claims.as_ref(),
            text: Some(&text),
            step: None,
        };
        let shown = Relative {
            label: "the proof",
            kind: TokenKind::Other,
            header: proof.header.as_ref(),
            claims: proof.claims.as_ref(),
            text: None,
            step: None,
        };
        let ids = |this: &Relative<'_>, other: &Relative<'_>| -> Vec<String> {
            relations(this, &[*other]).into_iter().map(|finding| finding.id).collect()
        };
        assert_eq!(ids(&bound, &shown), ["dpop-key-fits", "dpop-ath-fits"]);
        assert_eq!(ids(&shown, &bound), ["dpop-key-fits", "dpop-ath-fits"]);
        let Value::Object(other) = serde_json::json!({"cnf": {"jkt": "another"}}) else { panic!() };
        assert_eq!(ids(&Relative { claims: Some(&other), ..bound }, &shown), ["dpop-key-mismatch", "dpop-ath-fits"]);
        assert!(ids(&bound, &bound).is_empty());
    }

    #[test]
    fn an_id_token_knows_the_access_token_it_came_with() {
        let Value::Object(header) = serde_json::json!({"alg": "RS256"}) else { panic!() };
        let Value::Object(claims) = serde_json::json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}) else { panic!() };
        let (right, wrong) = (Secret::new("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), Secret::new("other"));
        let id = Relative {
            label: "id token",
            kind: TokenKind::Id,
            header: Some(&header),
            claims: Some(&claims),
            text: None,
            step: Some(7),
        };
        let access = |text, step| Relative {
            label: "access",
            kind: TokenKind::Access,
            header: None,
            claims: None,
            text: Some(text),
            step,
        };
        let ids =
            |others: &[Relative<'_>]| -> Vec<String> { relations(&id, others).into_iter().map(|finding| finding.id).collect() };
        assert_eq!(ids(&[access(&wrong, Some(7)), access(&right, None)]), ["at-hash-fits"]);
        assert_eq!(ids(&[access(&wrong, Some(7))]), ["at-hash-mismatch"]);
        assert!(ids(&[access(&wrong, Some(8)), access(&wrong, None)]).is_empty());
    }
}
