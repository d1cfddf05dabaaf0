//! Token, introspection and userinfo of one token, and which token came from which.

use oauth::{profile::Profile, resource::EVERY_API};
use record::operation::Operation;
use token::{
    inspect::TokenKind,
    lineage::Kinship,
    truth::{Agreement, Heard, Truth},
};

use crate::support::{Bench, with};

async fn ask(bench: &Bench, token: &str) -> Truth {
    let before = bench.workbench.journal.steps().expect("the journal");
    let steps = bench.workbench.ask_server("ask", token, &bench.profile, &|_| ()).await.expect("both can be asked");
    let asked: Vec<Operation> = steps.iter().map(|step| step.operation).collect();
    assert_eq!(asked, [Operation::Introspect, Operation::Userinfo]);
    assert_eq!(bench.workbench.journal.steps().expect("the journal"), before + 2, "each is a step");
    bench.workbench.truth(token, Some(&bench.profile)).expect("the token is on the shelf")
}

fn ids(truth: &Truth) -> Vec<&str> {
    truth.findings.iter().map(|finding| finding.id.as_str()).collect()
}

#[tokio::test]
async fn three_agree_until_the_session_ends() {
    let mut bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let access = bench.made(&login, TokenKind::Access).id;
    let silent = bench.workbench.truth(&access, Some(&bench.profile)).expect("a reading");
    assert_eq!(
        silent.sources.iter().map(|source| source.heard).collect::<Vec<_>>(),
        [Heard::Said, Heard::NotAsked, Heard::NotAsked]
    );

    let truth = ask(&bench, &access).await;
    assert_eq!(truth.sources.iter().map(|source| source.heard).collect::<Vec<_>>(), [Heard::Said; 3], "{:?}", truth.sources);
    assert_eq!((truth.sources[1].active, truth.differences), (Some(true), 0), "{:?}", truth.findings);
    let sub = truth.groups.iter().flat_map(|group| &group.rows).find(|row| row.path == "sub").expect("sub");
    assert_eq!((sub.agreement, sub.cells.iter().filter(|cell| cell.value.is_some()).count()), (Agreement::Agree, 3));

    let refresh = bench.made(&login, TokenKind::Refresh).id;
    bench.done(&with(bench.draft(Operation::Revoke, Some(&refresh)), &[("token", &format!("token:{refresh}"))])).await;
    let truth = ask(&bench, &access).await;
    assert_eq!(ids(&truth).first(), Some(&"introspection-inactive"), "{:?}", truth.findings);
    assert_eq!(truth.sources[2].heard, Heard::Refused);

    bench.reopen();
    let kept = bench.workbench.truth(&access, Some(&bench.profile)).expect("evidence");
    assert_eq!((ids(&kept), &kept.sources[1].step), (ids(&truth), &truth.sources[1].step), "what was said is kept");
}

#[tokio::test]
async fn any_ancestor_can_be_held_against_any_descendant() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let root = bench.made(&login, TokenKind::Access).id;
    let exchange = bench.done(&bench.draft(Operation::TokenExchange, Some(&root))).await;
    let child = exchange.tokens_out[0].clone();
    let mapped =
        bench.done(&with(bench.draft(Operation::JwtBearer, Some(&root)), &[("assertion", &format!("token:{root}"))])).await;
    let other = mapped.tokens_out[0].clone();

    let examined = bench.workbench.examine(&child, None, Some(&bench.profile)).expect("a token");
    let line: Vec<(&str, Option<i64>)> =
        examined.lineage.ancestors.iter().map(|relative| (relative.token.id.as_str(), relative.token.step)).collect();
    assert_eq!(line, [(root.as_str(), Some(login.id))]);
    let made: Vec<String> = bench
        .workbench
        .examine(&root, None, Some(&bench.profile))
        .expect("a token")
        .lineage
        .descendants
        .into_iter()
        .map(|relative| relative.token.id)
        .collect();
    let expected: Vec<String> = exchange.tokens_out.iter().chain(&mapped.tokens_out).cloned().collect();
    assert_eq!(made, expected, "a refresh token that came along counts too");

    let compared = bench.workbench.compare(&[root, child, other], None, Some(&bench.profile)).expect("a comparison");
    let kin: Vec<Kinship> = compared.comparison.pairs.iter().map(|pair| pair.kinship).collect();
    assert_eq!(kin, [Kinship::Descendant, Kinship::Descendant]);
    assert!(
        compared.comparison.pairs[1].findings.iter().any(|finding| finding.id == "outlives-subject"),
        "an hour from five minutes"
    );
    assert_eq!(compared.reports.len(), 3);
}

#[tokio::test]
async fn what_every_api_expects_holds_for_each_and_alone_for_a_token_that_names_none() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let root = bench.made(&login, TokenKind::Access).id;
    let exchange = bench.done(&bench.draft(Operation::TokenExchange, Some(&root))).await;
    let child = exchange.tokens_out[0].clone();
    let mut profile = bench.profile.clone();
    let checked = |token: &str, name: Option<&str>, profile: &Profile| {
        let report = bench.workbench.examine(token, name, Some(profile)).expect("a token").report;
        report.map(|checked| (checked.report.resource, checked.report.answer, checked.report.first_failure))
    };
    let every = || Some(EVERY_API.to_owned());
    assert_eq!(checked(&root, Some(EVERY_API), &profile), None, "nothing is stated for all");
    let orders = || Some("orders-api".to_owned());
    assert_eq!(checked(&child, None, &profile), orders().map(|name| (name, Some(200), None)));

    profile.every_api.signature = true;
    profile.every_api.max_lifetime_s = 60;
    assert_eq!(
        checked(&child, None, &profile),
        orders().map(|name| (name, Some(401), Some("lifetime".into()))),
        "the limit of all"
    );
    profile.resources.clear();
    for name in [None, Some(EVERY_API)] {
        assert_eq!(checked(&root, name, &profile), every().map(|name| (name, Some(401), Some("lifetime".into()))));
    }
    profile.every_api.max_lifetime_s = 600;
    assert_eq!(checked(&root, None, &profile), every().map(|name| (name, Some(200), None)));
    assert_eq!(checked(&root, Some("elsewhere"), &profile), None, "that API is not known");
    let compared = bench.workbench.compare(&[root, child], None, Some(&profile)).expect("a comparison");
    assert!(compared.reports.iter().all(|report| report.as_ref().is_some_and(|checked| checked.report.resource == EVERY_API)));
}
