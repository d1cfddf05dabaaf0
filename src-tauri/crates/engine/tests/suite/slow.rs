//! A provider that takes requests and never answers keeps nobody waiting who asks another one.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth::profile::{Endpoints, Profile, Provider};
use token::inspect::Verification;

use super::bench::{Bench, Page, Silent, bench, vectors};

const QUICK: &str = "https://issuer.test/realms/demo";
const SLOW: &str = "https://slow.test";

fn profile(id: &str, issuer: &str, address: &str) -> Profile {
    let endpoints = Endpoints { jwks: address.into(), ..Endpoints::default() };
    let provider = Provider { issuer: issuer.into(), endpoints, ..Provider::default() };
    let mut profile = Profile { id: id.into(), provider, ..Profile::default() };
    profile.tls.danger_plain_http = true;
    profile
}

/// A token of the slow provider and one of the quick provider, both on the shelf.
fn pasted(bench: &Bench) -> [String; 2] {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let slow = format!("{}.{}.{}", part(r#"{"alg":"RS256","kid":"a"}"#), part(&format!(r#"{{"iss":"{SLOW}"}}"#)), part("x"));
    let file = vectors("inspector-cases/cases.json");
    let case = file["cases"].as_array().expect("cases").iter().find(|case| case["id"] == "ok-rs256").expect("the good one");
    let quick = case["token"].as_str().expect("text");
    [slow.as_str(), quick].map(|text| bench.workbench.paste(text).expect("a token").0.remove(0))
}

fn is_verified(bench: &Bench, id: &str) -> bool {
    let verification = bench.workbench.inspect(id).expect("on the shelf").token.verification;
    matches!(verification, Verification::Verified { .. })
}

fn keys() -> String {
    vectors("inspector-cases/cases.json")["jwks"].to_string()
}

/// Fails instead of waiting for ever. The bound is far above what anything here takes.
async fn at_once<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), work).await.unwrap_or_else(|_| panic!("{what} waits for the slow provider"))
}

#[tokio::test]
async fn tokens_of_two_providers_are_verified_side_by_side() {
    let (silent, page, bench) = (Silent::serve().await, Page::serve(keys()).await, bench());
    let ids = pasted(&bench);
    let profiles = [profile("slow", SLOW, &silent.url), profile("quick", QUICK, &page.url)];
    let verifying = bench.workbench.verify_with_profiles(&ids, &profiles);
    let quick = async {
        silent.holds(1).await;
        while !is_verified(&bench, &ids[1]) {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        () = at_once("the quick provider's token", quick) => {}
        ended = verifying => panic!("ended with {ended} before the slow provider answered"),
    }
    assert!(!is_verified(&bench, &ids[0]));
}

#[tokio::test]
async fn whoever_asks_another_provider_is_answered_while_one_is_silent() {
    let (silent, page, bench) = (Silent::serve().await, Page::serve(keys()).await, bench());
    let [slow_token, quick_token] = pasted(&bench);
    let (slow, quick) = (profile("slow", SLOW, &silent.url), profile("quick", QUICK, &page.url));
    let ids = [slow_token];
    let waiting =
        async { tokio::join!(bench.workbench.verify_with_profile(&ids, &slow), bench.workbench.discover(&silent.url, &slow),) };
    let asking = async {
        silent.holds(2).await;
        let ids = [quick_token.clone()];
        at_once("a verification", bench.workbench.verify_with_profile(&ids, &quick)).await;
        assert!(is_verified(&bench, &quick_token));
        let found = at_once("a discovery", bench.workbench.discover(&page.url, &quick)).await.expect("an address to ask");
        assert!(!found.step.exchanges.is_empty() && found.provider.is_err(), "a page of keys is no metadata");
        at_once("a preview", bench.workbench.materials(&draft(&quick), &quick)).await.expect("memory");
    };
    tokio::select! {
        biased;
        () = asking => {}
        _ = waiting => panic!("the silent provider answered"),
    }
}

fn draft(profile: &Profile) -> record::operation::Draft {
    record::operation::Draft {
        operation: record::operation::Operation::ClientCredentials,
        profile: profile.id.clone(),
        values: Vec::new(),
        extra: Vec::new(),
    }
}
