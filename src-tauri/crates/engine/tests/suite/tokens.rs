//! What the window is told of tokens that are more than one signature over claims.

use token::inspect::{TokenFormat, Verification};

use super::bench::{bench, vectors};

fn ids(inspection: &token::inspect::Inspection) -> Vec<&str> {
    inspection.findings.iter().map(|finding| finding.id.as_str()).collect()
}

#[tokio::test]
async fn a_decrypted_token_shows_its_claims_and_puts_the_inner_one_on_the_shelf() {
    let file = vectors("jose-cookbook/6.nesting_signatures_and_encryption.json");
    let bench = bench();
    let (pasted, _) = bench.workbench.paste(file["encrypt"]["output"]["compact"].as_str().expect("text")).expect("a token");
    let closed = bench.workbench.inspect(&pasted[0]).expect("on the shelf");
    assert_eq!((closed.token.format, closed.json.as_str()), (TokenFormat::Jwe, ""));
    let wrong =
        bench.workbench.verify_with_key(&pasted[0], &file["sign"]["input"]["key"].to_string(), None).expect_err("the other key");
    assert_eq!(wrong.id, "bad-key");
    let (opened, added) =
        bench.workbench.verify_with_key(&pasted[0], &file["encrypt"]["input"]["key"].to_string(), None).expect("the key");
    assert!(opened.token.decrypted && opened.json.contains("hobbiton.example"), "{}", opened.json);
    assert_eq!(opened.claims_source.as_deref(), Some("decryption with pasted key, RSA-OAEP and A128GCM"));
    assert!(ids(&opened).contains(&"jwe-decrypted") && ids(&opened).contains(&"nested-token"), "{:?}", ids(&opened));
    assert!(matches!(opened.token.verification, Verification::Unverifiable { .. }), "encryption vouches for nothing");
    let (inner, _) = bench.workbench.verify_with_key(&added[0], &file["sign"]["input"]["key"].to_string(), None).expect("a key");
    assert_eq!(
        (inner.token.parent.as_deref(), inner.token.origin.as_str()),
        (Some(pasted[0].as_str()), "inside the encrypted token")
    );
    assert!(matches!(inner.token.verification, Verification::Verified { .. }));
    let (_, again) =
        bench.workbench.verify_with_key(&pasted[0], &file["encrypt"]["input"]["key"].to_string(), None).expect("the key");
    assert!(again.is_empty(), "the inner token is there already");
}

#[tokio::test]
async fn what_grows_too_large_when_it_is_unpacked_is_said_and_stays_said() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let bench = bench();
    // 300,000 letters in DEFLATE, sealed with a key of zeros.
    let token = sealed(&[0; 16], r#"{"alg":"dir","enc":"A128GCM","zip":"DEF"}"#, &deflated());
    let (pasted, _) = bench.workbench.paste(&token).expect("a token");
    let key = format!(r#"{{"kty":"oct","k":"{}"}}"#, URL_SAFE_NO_PAD.encode([0; 16]));
    let fault = bench.workbench.verify_with_key(&pasted[0], &key, None).expect_err("too large");
    assert!(fault.message.contains("grows to more than 250000 bytes"), "{}", fault.message);
    assert!(ids(&bench.workbench.inspect(&pasted[0]).expect("on the shelf")).contains(&"decompression-limit"));
}

/// A final block of DEFLATE with one letter and 300,000 times itself, written by hand (RFC 1951 3.2.6).
fn deflated() -> Vec<u8> {
    let mut bits: Vec<bool> = Vec::new();
    let huffman = |bits: &mut Vec<bool>, value: u32, length: u32| bits.extend((0..length).rev().map(|at| value >> at & 1 == 1));
    bits.extend([true, true, false]);
    huffman(&mut bits, 0x30 + u32::from(b'a'), 8);
    for _ in 0..300_000 / 258 {
        huffman(&mut bits, 0b1100_0101, 8);
        huffman(&mut bits, 0, 5);
    }
    huffman(&mut bits, 0, 7);
    bits.chunks(8).map(|byte| byte.iter().enumerate().map(|(at, bit)| u8::from(*bit) << at).sum()).collect()
}

fn sealed(key: &[u8], header: &str, content: &[u8]) -> String {
    use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let header = URL_SAFE_NO_PAD.encode(header);
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, key).expect("a key"));
    let mut both = content.to_vec();
    let tag = key
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key([0; 12]), Aad::from(header.as_bytes()), &mut both)
        .expect("sealed");
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    format!("{header}..{}.{}.{}", part(&[0; 12]), part(&both), part(tag.as_ref()))
}

#[tokio::test]
async fn each_of_several_signatures_is_shown() {
    let file = vectors("jose-cookbook/jws/4_8.multiple_signatures.json");
    let bench = bench();
    let (pasted, _) = bench.workbench.paste(&file["output"]["json"].to_string()).expect("a token");
    let (inspection, _) = bench.workbench.verify_with_key(&pasted[0], &file["input"]["key"][2].to_string(), None).expect("a key");
    let words: Vec<&str> = inspection.signatures.iter().filter_map(|one| one.alg.as_deref()).collect();
    assert_eq!(words, ["RS256", "ES512", "HS256"]);
    assert!(matches!(inspection.token.verification, Verification::Verified { .. }));
    assert_eq!(inspection.token.alg.as_deref(), Some("HS256"), "the header shown is that of the signature that decides");
    assert!(inspection.content.is_some_and(|content| content.starts_with("It’s a dangerous business")));
}

#[tokio::test]
async fn what_was_decrypted_is_known_after_a_restart_without_text_or_key() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let content = br#"{"iss":"https://id.test","sub":"alice","account":12345678901234567890123,"sub":"bob"}"#;
    let token = sealed(&[7; 16], r#"{"alg":"dir","enc":"A128GCM","kid":"k1"}"#, content);
    let secret = URL_SAFE_NO_PAD.encode([7; 16]);
    let bench = bench();
    let (pasted, _) = bench.workbench.paste(&token).expect("a token");
    let key = format!(r#"{{"kty":"oct","kid":"k1","k":"{secret}"}}"#);
    let (before, _) = bench.workbench.verify_with_key(&pasted[0], &key, None).expect("the key");
    let again = bench.started_again();
    let after = again.inspect(&pasted[0]).expect("kept");
    assert!(after.token.evidence_only && after.token.decrypted);
    assert_eq!((&after.groups, &after.header, &after.json), (&before.groups, &before.header, &before.json));
    assert_eq!((&after.claims_source, ids(&after)), (&before.claims_source, ids(&before)));
    assert!(ids(&after).contains(&"jwe-decrypted") && ids(&after).contains(&"duplicate-member"), "{:?}", ids(&after));
    assert!(after.json.contains("12345678901234567890123") && after.json.contains("\"sub\": \"alice\""), "{}", after.json);
    let Verification::Unverifiable { reason } = &after.token.verification else { panic!("{:?}", after.token.verification) };
    assert!(reason.starts_with("Kept as evidence") && reason.contains("Whoever has the key"), "{reason}");
    assert_eq!(again.raw_token(&pasted[0]).expect_err("no text").id, "evidence-only");
    let written = bench.written();
    assert!(written.contains("12345678901234567890123"), "the claims are there");
    let last = token.rsplit('.').next().expect("a tag");
    for gone in [token.as_str(), secret.as_str(), last] {
        assert!(!written.contains(gone), "{gone} was written");
    }
}

#[tokio::test]
async fn what_each_signature_came_to_is_known_after_a_restart() {
    let file = vectors("jose-cookbook/jws/4_8.multiple_signatures.json");
    let bench = bench();
    let text = file["output"]["json"].to_string();
    let (pasted, _) = bench.workbench.paste(&text).expect("a token");
    let (before, _) = bench.workbench.verify_with_key(&pasted[0], &file["input"]["key"][2].to_string(), None).expect("a key");
    let after = bench.started_again().inspect(&pasted[0]).expect("kept");
    let of = |inspection: &token::inspect::Inspection| -> Vec<_> {
        inspection.signatures.iter().map(|one| (one.alg.clone(), one.kid.clone())).collect()
    };
    assert_eq!((of(&after), &after.content, after.token.alg.as_deref()), (of(&before), &before.content, Some("HS256")));
    let reasons: Vec<&str> = after
        .signatures
        .iter()
        .map(|one| match &one.verification {
            Verification::Unverifiable { reason } => reason.as_str(),
            other => panic!("nothing of the past looks verified: {other:?}"),
        })
        .collect();
    assert!(reasons[2].starts_with("While its text was at hand, the key 018c0ae5-4d9b-471b-bfd6-eef314bc7037"), "{reasons:?}");
    assert!(reasons[0].contains("The token names") || reasons[0].contains("No key"), "{reasons:?}");
    let written = bench.written();
    for signature in file["output"]["json"]["signatures"].as_array().expect("signatures") {
        let signature = signature["signature"].as_str().expect("text");
        assert!(!written.contains(signature), "{signature} was written");
    }
}

#[tokio::test]
async fn secrets_among_claims_are_not_kept() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let inner = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLW9mLWFub3RoZXI";
    // A private key is what RFC 7517 Appendix C encrypts.
    let claims =
        format!(r#"{{"sub":"alice","upstream":"{inner}","kty":"OKP","crv":"Ed25519","x":"pub","d":"private-part","n":1.50}}"#);
    let jws =
        format!("{}.{}.c2lnbmF0dXJlLW9mLXRoaXM", URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#), URL_SAFE_NO_PAD.encode(claims));
    let bench = bench();
    let (pasted, _) = bench.workbench.paste(&jws).expect("a token");
    assert!(bench.workbench.inspect(&pasted[0]).expect("there").json.contains("private-part"), "whoever pasted it sees it");
    let after = bench.started_again().inspect(&pasted[0]).expect("kept");
    assert!(after.json.contains("\"sub\": \"alice\"") && after.json.contains("1.50"), "{}", after.json);
    let written = bench.written();
    for secret in ["c2lnbmF0dXJlLW9mLWFub3RoZXI", "c2lnbmF0dXJlLW9mLXRoaXM", "private-part"] {
        assert!(!written.contains(secret) && !after.json.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn detached_content_is_asked_for_and_verifies() {
    let file = vectors("jose-cookbook/jws/4_5.signature_with_detached_content.json");
    let bench = bench();
    let (pasted, _) = bench.workbench.paste(file["output"]["compact"].as_str().expect("text")).expect("a token");
    let key = file["input"]["key"].to_string();
    let (before, _) = bench.workbench.verify_with_key(&pasted[0], &key, None).expect("a key");
    assert!(ids(&before).contains(&"payload-empty"));
    assert!(matches!(before.token.verification, Verification::Unverifiable { .. }));
    let content = file["input"]["payload"].as_str();
    let (after, _) = bench.workbench.verify_with_key(&pasted[0], &key, content).expect("a key");
    assert!(matches!(after.token.verification, Verification::Verified { .. }));
    assert_eq!(after.content.as_deref(), content);
    let (changed, _) = bench.workbench.verify_with_key(&pasted[0], &key, Some("other")).expect("a key");
    assert!(matches!(changed.token.verification, Verification::BadSignature { .. }));
}

#[tokio::test]
async fn numbers_and_repeated_members_are_shown_as_they_were_signed() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let payload = r#"{"sub":"a","sub":"b","account":12345678901234567890123,"limits":{"max":1.50,"list":[1e400]}}"#;
    let token = format!("{}.{}.AAAA", URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","kid":"k"}"#), URL_SAFE_NO_PAD.encode(payload));
    let bench = bench();
    let (pasted, _) = bench.workbench.paste(&token).expect("a token");
    let inspection = bench.workbench.inspect(&pasted[0]).expect("on the shelf");
    for line in ["\"sub\": \"a\",", "\"sub\": \"b\",", "\"account\": 12345678901234567890123,", "\"max\": 1.50,", "1e400"] {
        assert!(inspection.json.contains(line), "{line} is not in\n{}", inspection.json);
    }
    let markdown = token::markdown::claims(&inspection, &[], None, record::redact::claim_value);
    assert!(markdown.contains("| account | 12345678901234567890123 |") && markdown.contains("1e400"), "{markdown}");
    let rows = inspection.groups.iter().flat_map(|group| &group.rows);
    let shown: Vec<String> = rows.map(|row| format!("{}={:?}", row.path, row.value)).collect();
    assert!(shown.iter().any(|row| row.contains("1.50")), "{shown:?}");
    assert!(ids(&inspection).contains(&"duplicate-member") && ids(&inspection).contains(&"number-loses-precision"));
}

#[tokio::test]
async fn a_proof_and_the_token_bound_to_its_key_find_each_other() {
    let file = vectors("rfc9449/examples.json");
    let bench = bench();
    let text = |at: usize| file["tokens"][at]["token"].as_str().expect("text").to_owned();
    let (token, _) = bench.workbench.paste(&text(2)).expect("a token");
    assert!(!ids(&bench.workbench.inspect(&token[0]).expect("there")).contains(&"dpop-key-fits"));
    let (proof, _) = bench.workbench.paste(&text(0)).expect("a proof");
    for id in [&token[0], &proof[0]] {
        let inspection = bench.workbench.inspect(id).expect("there");
        assert!(ids(&inspection).contains(&"dpop-key-fits"), "{:?}", ids(&inspection));
    }
    let shown = bench.workbench.inspect(&proof[0]).expect("there");
    assert!(ids(&shown).contains(&"dpop-proof") && ids(&shown).contains(&"dpop-signature-fits"), "{:?}", ids(&shown));
    assert!(shown.groups.iter().any(|group| group.id == "dpop"));
}
