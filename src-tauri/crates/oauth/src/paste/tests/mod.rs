//! Pasting: every wrapping people copy tokens in, and the sentences for what is none.

mod again;
mod hostile;
mod kinds;
mod more;
mod none;
mod saml;
mod wild;

use proptest::prelude::*;

use super::*;

const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJ0eXAiOiJCZWFyZXIiLCJzdWIiOiJhIn0.AAAA";
const ID: &str = "eyJhbGciOiJSUzI1NiJ9.eyJ0eXAiOiJJRCIsInN1YiI6ImEifQ.AAAA";

fn found(text: &str) -> Vec<(String, TokenKind, String)> {
    let pasting = find_tokens(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    pasting.tokens.into_iter().map(|token| (token.text.expose().to_owned(), token.kind, token.source)).collect()
}

fn one(text: &str, token: &str, kind: TokenKind, source: &str) {
    assert_eq!(found(text), [(token.to_owned(), kind, source.to_owned())], "{text}");
}

#[test]
fn tokens_are_found_in_every_wrapping() {
    use TokenKind::{Access, Id, Other, Refresh};
    one(JWT, JWT, Access, "text");
    one(&format!("  \"{JWT}\" "), JWT, Access, "text");
    one(&format!("Bearer {JWT}"), JWT, Access, "scheme Bearer");
    one(&format!("Authorization: Bearer {JWT}"), JWT, Access, "header Authorization");
    one(&format!("GET / HTTP/1.1\r\nHost: a\r\nauthorization: bearer {JWT}\r\n"), JWT, Access, "header authorization");
    one(&format!("{}\n{}", &JWT[..30], &JWT[30..]), JWT, Access, "text broken into lines");
    one(ID, ID, Id, "text");
    let plain = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.This is the payload string!.ciks0B6Hs-amhOqxI5_iG6mPKnMDlWCb7J2Wu7mtIcg";
    one(plain, plain, Other, "text");
    one("8f14e45f-ceea-467a-9575-2c3a1d1b7b0e", "8f14e45f-ceea-467a-9575-2c3a1d1b7b0e", Other, "text");
    one("ya29.a0AfH6SMBx", "ya29.a0AfH6SMBx", Access, "text");
    one("ory_rt_1B4a2e77838347a7", "ory_rt_1B4a2e77838347a7", Refresh, "text");
    one("ghr_1B4a2e77838347a7", "ghr_1B4a2e77838347a7", Refresh, "text");
    one(&format!("2026-11-20 INFO token=[{JWT}] accepted"), JWT, Access, "text around it");
    one(&format!("http://127.0.0.1/cb#access_token={JWT}&state=1"), JWT, Access, "parameter access_token");
    one(&format!("grant_type=x&subject_token={JWT}&audience=b"), JWT, Access, "parameter subject_token");
    one("Bearer abcdef", "abcdef", Access, "header Bearer".replace("header", "scheme").as_str());
}

#[test]
fn what_was_taken_away_around_a_token_is_said() {
    let ids = |text: &str| -> Vec<String> {
        let pasting = find_tokens(text).unwrap();
        pasting.tokens.into_iter().flat_map(|token| token.notes).map(|finding| finding.id).collect()
    };
    assert_eq!(ids(JWT), Vec::<String>::new());
    assert_eq!(ids(&format!("'Bearer {JWT}'")), ["quotes-removed", "bearer-prefix-removed"]);
    assert_eq!(ids(&format!("\"{JWT}\"")), ["quotes-removed"]);
    assert_eq!(ids(&format!("{}\n{}", &JWT[..30], &JWT[30..])), ["line-breaks-removed"]);
    assert_eq!(ids(&format!("Bearer {}\n  {}", &JWT[..30], &JWT[30..])), ["bearer-prefix-removed", "line-breaks-removed"]);
}

#[test]
fn a_header_may_be_quoted_and_broken_at_once() {
    let (head, tail) = JWT.split_at(30);
    for text in [
        format!("Authorization: Bearer {head}\n{tail}"),
        format!("Authorization: Bearer \"{JWT}\""),
        format!("Authorization: Bearer \"{head}\n{tail}\""),
        format!("\"Authorization: Bearer {head}\r\n  {tail}\""),
        format!("'authorization: bearer \"{head}\n{tail}\"'"),
    ] {
        one(&text, JWT, TokenKind::Access, "header Authorization");
    }
    one(&format!("Bearer \"{head}\n{tail}\""), JWT, TokenKind::Access, "scheme Bearer");
    let ids: Vec<String> = find_tokens(&format!("Authorization: Bearer \"{head}\n{tail}\""))
        .unwrap()
        .tokens
        .into_iter()
        .flat_map(|token| token.notes)
        .map(|finding| finding.id)
        .collect();
    assert_eq!(ids, ["bearer-prefix-removed", "quotes-removed", "line-breaks-removed"]);
    // What follows in a message is not the rest of the token.
    one(&format!("Authorization: Bearer {JWT}\nAccept: */*"), JWT, TokenKind::Access, "header Authorization");
    one(&format!("Authorization: Bearer {JWT}\n\nbody"), JWT, TokenKind::Access, "header Authorization");
}

#[test]
fn token_responses_give_all_their_tokens() {
    let text =
        format!(r#"{{"access_token":"{JWT}","expires_in":300,"refresh_token":"r-1","id_token":"{ID}","token_type":"Bearer"}}"#);
    let tokens = found(&text);
    let kinds: Vec<(TokenKind, &str)> = tokens.iter().map(|(_, kind, source)| (*kind, source.as_str())).collect();
    let expected = [
        (TokenKind::Access, "member access_token"),
        (TokenKind::Refresh, "member refresh_token"),
        (TokenKind::Id, "member id_token"),
    ];
    assert_eq!(kinds, expected);
    let message = find_tokens(&text).map(|pasting| pasting.message);
    assert_eq!(message.as_deref(), Ok("Found an access token, a refresh token and an ID token."));
}

#[test]
fn curl_commands_give_headers_and_parameters() {
    one(
        &format!("curl -s -H 'Authorization: Bearer {JWT}' http://localhost/api"),
        JWT,
        TokenKind::Access,
        "header Authorization",
    );
    one(
        &format!("curl http://a \\\n  --header \"authorization: Bearer {JWT}\" \\\n  --compressed"),
        JWT,
        TokenKind::Access,
        "header authorization",
    );
    one(
        &format!("$ curl --data-urlencode assertion={JWT} --data grant_type=x http://a"),
        JWT,
        TokenKind::Access,
        "parameter assertion",
    );
    one(&format!("curl -d'token={ID}&x=1' http://a"), ID, TokenKind::Id, "parameter token");
    one(
        &format!("curl --json '{{\"subjectToken\":\"no\",\"access_token\":\"{JWT}\"}}' http://a"),
        JWT,
        TokenKind::Access,
        "member access_token",
    );
    one(&format!("curl http://a --oauth2-bearer {JWT}"), JWT, TokenKind::Access, "option --oauth2-bearer");
}

#[test]
fn what_is_no_token_says_what_was_expected() {
    let check = |text: &str, expected: &str| {
        let reason = find_tokens(text).map(|pasting| pasting.tokens.len()).unwrap_err();
        assert!(reason.contains(expected), "{text}: {reason}");
    };
    check("", "no text");
    check(" \n ", "no text");
    check("please send me the token", "text with spaces");
    check("https://issuer.test/realms/shop", "an address");
    check("hello", "too short for a token: 5 characters");
    check(&"A".repeat(300_000), "one character, A, 300000 times over");
    check("correcthorsebatterystaple", "25 characters that are no JWT, and too plain");
    check("hello,world", "the character ','");
    check("{\"a\":1}", "no member");
    check("{\"access_token\":\"ey", "cut off");
    check("curl http://localhost", "carries no token");
    check("curl -H 'Authorization: Bearer $TOKEN' http://localhost", "carries no token");
    check("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "a key");
    check(&"a".repeat(MAX_SIZE + 1), "longer than 1 MiB");
}

#[test]
fn a_token_is_listed_once() {
    let text = format!(r#"{{"access_token":"{JWT}","token":"{JWT}"}}"#);
    assert_eq!(found(&text).len(), 1);
}

proptest! {
    #[test]
    fn never_panics(text in ".{0,200}") {
        let _ = find_tokens(&text);
        let _ = find_tokens(&format!("curl {text}"));
        let _ = find_tokens(&format!("{{{text}"));
    }
}
