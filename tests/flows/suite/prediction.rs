//! What Keycloak says beforehand a client would get, held against what it then issued.

use oauth::events::PredictAsk;
use record::{audit::Outcome, operation::Operation};
use token::inspect::TokenKind;

use crate::support::Desk;

both! { a_prediction_stands_beside_what_was_issued }

async fn a_prediction_stands_beside_what_was_issued(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let subject = desk.made(&login, TokenKind::Access).id;
    let exchange = desk.done(&desk.draft(Operation::TokenExchange, Some(&subject))).await;
    let issued = exchange.tokens_out[0].clone();
    let ask = desk.workbench.open_prediction(&issued).expect("the token is on the shelf");
    assert_eq!((ask.client.as_str(), ask.audience.as_str()), ("portal", "orders-api"));
    let step = desk.workbench.predict(&ask, &desk.profile).await.expect("the journal");
    assert_eq!((step.operation, step.outcome), (Operation::Predict, Outcome::Success), "{:?} {:?}", step.problem, step.words);
    let asked = step.exchanges.iter().find(|exchange| Some(exchange.seq) == step.main_exchange).expect("the request");
    assert!(asked.url.contains("/evaluate-scopes/generate-example-access-token?scope="), "{}", asked.url);
    assert!(
        step.exchanges[0].url.ends_with("/token"),
        "the reader's own token is asked for in the open: {}",
        step.exchanges[0].url
    );
    let written = format!("{:?}", step.exchanges);
    let whole = |word: &str| word.starts_with("eyJ") && word.matches('.').count() == 2;
    assert!(!written.split(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).any(whole), "but not kept");
    let predicted = desk.token(&step.tokens_out[0]);
    assert_eq!((predicted.label.as_str(), predicted.note.as_str(), predicted.evidence_only), ("predicted", "never issued", true));
    assert!(desk.workbench.raw_token(&predicted.id).is_err(), "there is nothing to send");
    let compared = desk.workbench.compare(&[predicted.id.clone(), issued], None, Some(&desk.profile)).expect("comparable");
    let verdicts = &compared.comparison.pairs[0].verdicts;
    let same: Vec<&str> = verdicts
        .iter()
        .filter(|verdict| ["audience", "scope", "roles"].contains(&verdict.id.as_str()))
        .map(|verdict| verdict.word.as_str())
        .collect();
    assert_eq!(same, ["same", "same", "same"], "{verdicts:?}");

    let by_name = PredictAsk { user: "bob".into(), audience: String::new(), ..ask.clone() };
    assert_eq!(desk.workbench.predict(&by_name, &desk.profile).await.expect("the journal").outcome, Outcome::Success);
    for (change, outcome, words) in [
        (PredictAsk { client: "nobody".into(), ..ask.clone() }, Outcome::Failed, "no client named nobody"),
        (PredictAsk { user: "nobody".into(), ..ask.clone() }, Outcome::Failed, "no user named nobody"),
        (PredictAsk { audience: "gateway".into(), ..ask.clone() }, Outcome::Refused, "Requested audience not available: gateway"),
    ] {
        let step = desk.workbench.predict(&change, &desk.profile).await.expect("the journal");
        let said = step.problem.clone().or_else(|| step.words.as_ref().and_then(|words| words.error.clone())).unwrap_or_default();
        assert_eq!(step.outcome, outcome, "{said}");
        assert!(said.contains(words), "{said}");
    }
    assert!(desk.workbench.predict(&PredictAsk::default(), &desk.profile).await.is_err(), "the form is not complete");
}
