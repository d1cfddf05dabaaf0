//! Keys of an issuer: asked for once, once more for an unknown `kid`, and not more often than every ten seconds.

use oauth::profile::{Endpoints, Profile, Provider};
use serde_json::{Value, json};
use token::inspect::Verification;

use super::bench::{Bench, Page, bench, vectors};

fn profile(issuer: &str, jwks: &str) -> Profile {
    let endpoints = Endpoints { jwks: jwks.into(), ..Endpoints::default() };
    Profile {
        id: "p".into(),
        provider: Provider { issuer: issuer.into(), endpoints, ..Provider::default() },
        ..Profile::default()
    }
}

/// The set without its RSA key, and with it.
fn sets() -> (String, String) {
    let all = vectors("inspector-cases/cases.json")["jwks"].clone();
    let list: Vec<&Value> = all["keys"].as_array().expect("keys").iter().filter(|key| key["kid"] != "rsa-1").collect();
    (json!({ "keys": list }).to_string(), all.to_string())
}

fn pasted(bench: &Bench) -> String {
    let file = vectors("inspector-cases/cases.json");
    let case = file["cases"].as_array().expect("cases").iter().find(|case| case["id"] == "ok-rs256").expect("the good one");
    let (ids, _) = bench.workbench.paste(case["token"].as_str().expect("text")).expect("a token");
    ids[0].clone()
}

async fn verified(bench: &Bench, id: &str, profile: &Profile) -> Verification {
    bench.workbench.verify_with_profile(&[id.to_owned()], profile).await;
    bench.workbench.inspect(id).expect("on the shelf").token.verification
}

const ISSUER: &str = "https://issuer.test/realms/demo";

#[tokio::test]
async fn a_rotated_key_is_found_by_one_more_reading() {
    let (before, after) = sets();
    let page = Page::serve(before).await;
    let (bench, profile) = (bench(), profile(ISSUER, &page.url));
    let id = pasted(&bench);
    let Verification::Unverifiable { reason } = verified(&bench, &id, &profile).await else { panic!("not yet") };
    assert!(reason.contains("No key with kid rsa-1"), "{reason}");
    assert_eq!(page.asked(), 1);
    // It is looked up anew once, even seconds after; then a token must not be able to make us hammer the issuer.
    for _ in 0..5 {
        assert!(matches!(verified(&bench, &id, &profile).await, Verification::Unverifiable { .. }));
    }
    assert_eq!(page.asked(), 2);
    bench.clock.forward(10_000);
    page.put(200, after);
    assert!(matches!(verified(&bench, &id, &profile).await, Verification::Verified { .. }));
    assert_eq!(page.asked(), 3);
    assert!(matches!(verified(&bench, &id, &profile).await, Verification::Verified { .. }));
    assert_eq!(page.asked(), 3);
    bench.clock.forward(5 * 60_000);
    assert!(matches!(verified(&bench, &id, &profile).await, Verification::Verified { .. }));
    assert_eq!(page.asked(), 4, "keys are not believed for ever");
}

#[tokio::test]
async fn a_key_that_came_seconds_after_the_last_reading_is_found() {
    let (before, after) = sets();
    let page = Page::serve(before).await;
    let (bench, profile) = (bench(), profile(ISSUER, &page.url));
    let id = pasted(&bench);
    assert!(matches!(verified(&bench, &id, &profile).await, Verification::Unverifiable { .. }));
    page.put(200, after);
    bench.clock.forward(2_000);
    assert!(matches!(verified(&bench, &id, &profile).await, Verification::Verified { .. }));
    assert_eq!(page.asked(), 2);
}

#[tokio::test]
async fn a_failing_address_is_not_hammered_for_an_unknown_key() {
    let page = Page::serve(sets().0).await;
    let (bench, profile) = (bench(), profile(ISSUER, &page.url));
    let id = pasted(&bench);
    verified(&bench, &id, &profile).await;
    page.put(500, String::new());
    bench.clock.forward(10_000);
    let Verification::Unverifiable { reason } = verified(&bench, &id, &profile).await else { panic!("no key") };
    assert!(reason.contains("answered 500"), "{reason}");
    for _ in 0..5 {
        verified(&bench, &id, &profile).await;
    }
    assert_eq!(page.asked(), 3, "once anew, then not before the pause is over");
}

#[tokio::test]
async fn readers_at_the_same_time_ask_once() {
    let page = Page::serve(sets().1).await;
    let (bench, profile) = (bench(), profile(ISSUER, &page.url));
    let id = pasted(&bench);
    let one = || verified(&bench, &id, &profile);
    let results = tokio::join!(one(), one(), one(), one());
    assert!(matches!(results.3, Verification::Verified { .. }));
    assert_eq!(page.asked(), 1);
}

#[tokio::test]
async fn a_pasted_set_or_pem_verifies_without_any_server() {
    let bench = bench();
    let id = pasted(&bench);
    let (_, set) = sets();
    let (inspection, _) = bench.workbench.verify_with_key(&id, &set, None).expect("a set");
    let Verification::Verified { key } = inspection.token.verification else { panic!("{:?}", inspection.token.verification) };
    assert_eq!((key.kid.as_str(), key.source.as_str(), key.read_ms), ("rsa-1", "pasted key", None));
    let file = vectors("rfc7515-and-friends/examples.json");
    let (ids, _) = bench.workbench.paste(file["ed25519"]["compact"].as_str().expect("text")).expect("a token");
    let pem =
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----";
    let (inspection, _) = bench.workbench.verify_with_key(&ids[0], pem, None).expect("a key");
    assert!(matches!(inspection.token.verification, Verification::Verified { .. }));
}

#[tokio::test]
async fn a_token_of_another_profiles_issuer_is_verified_by_that_one() {
    let bench = bench();
    let page = Page::serve(sets().1).await;
    let id = pasted(&bench);
    let (own, foreign) = (profile("https://elsewhere.test", &page.url), profile(ISSUER, &page.url));
    bench.workbench.verify_with_profiles(std::slice::from_ref(&id), &[own.clone(), foreign]).await;
    let state = |id: &str| bench.workbench.inspect(id).expect("on the shelf").token.verification;
    assert!(matches!(state(&id), Verification::Verified { .. }), "{:?}", state(&id));
    bench.workbench.verify_with_profiles(std::slice::from_ref(&id), &[own]).await;
    let Verification::Unverifiable { reason } = state(&id) else { panic!("{:?}", state(&id)) };
    assert!(reason.contains("is not an issuer of this profile"), "{reason}");
}
