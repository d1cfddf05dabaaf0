//! What a shelf keeps and what it forgets.

use serde_json::json;

use token::{
    decode::json::Exact,
    inspect::{Obtained, Origin, TokenKind},
    truth::{Speaker, Told},
};

use super::*;

#[test]
fn a_removed_token_is_put_back_to_its_place_whole() {
    let shelf = Shelf::default();
    for id in ["a", "b", "c", "d", "e"] {
        shelf.put(Held::live(Secret::new(format!("text-of-{id}")), Origin::new(id, TokenKind::Access, Obtained::LogIn, "login")));
    }
    let ids = || shelf.all().iter().map(|held| held.id().to_owned()).collect::<Vec<_>>();
    for id in ["b", "d", "a", "c"] {
        shelf.remove(id);
    }
    shelf.remove("never there");
    assert_eq!(ids(), ["e"]);
    assert!(shelf.put_back("c") && shelf.put_back("a") && shelf.put_back("d"));
    assert_eq!(ids(), ["a", "c", "d", "e"]);
    for new in 0..100 {
        let id = format!("new-{new}");
        shelf
            .put(Held::live(Secret::new(format!("text-of-{id}")), Origin::new(&id, TokenKind::Access, Obtained::LogIn, "login")));
        shelf.remove(&id);
    }
    assert!(shelf.put_back("b"), "after any number of new ones");
    assert_eq!(ids(), ["a", "b", "c", "d", "e"]);
    assert!(!shelf.put_back("a"), "it is there already");
    let text = shelf.find("a").and_then(|held| held.text().map(|text| text.expose().to_owned()));
    assert_eq!(text.as_deref(), Some("text-of-a"));
}

#[test]
fn what_a_server_says_of_a_token_never_holds_its_text() {
    let origin = Origin::new("t", TokenKind::Access, Obtained::LogIn, "login");
    let mut held = Held::live(Secret::new("0f5c-reference"), origin);
    let answer = json!({"active": true, "jti": "0f5c-reference", "more": {"list": ["Bearer 0f5c-reference", "kept"]}});
    let claims = answer.as_object().cloned().unwrap_or_default();
    held.set_introspection(&claims, Exact::new(), "introspection at https://gw.test", &redact::KnownSecrets::default());
    let told = Told {
        claims: Some(claims),
        exact: Exact::new(),
        status: Some(200),
        problem: None,
        address: String::new(),
        read_ms: 0,
        step: Some(1),
    };
    held.set_told(Speaker::Introspection, told, &redact::KnownSecrets::default());
    let kept = held.kept(0, &redact::KnownSecrets::default());
    for text in [serde_json::to_string(&kept.claims), serde_json::to_string(&kept.told)] {
        let text = text.expect("JSON");
        assert!(!text.contains("0f5c") && text.contains("kept") && text.contains("[the token itself]"), "{text}");
    }
    assert_eq!(held.own_claims(), None, "they are the server's");
}
