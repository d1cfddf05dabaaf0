//! Token exchange at the provider: what the portal gets, and why the others get nothing.

use model::{
    check::Report,
    diff::VerdictTone,
    operation::Operation,
    token::{TokenKind, Verification},
};

use crate::support::{Bench, with};

#[tokio::test]
async fn the_portal_narrows_a_users_token_to_one_api() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let subject = bench.made(&login, TokenKind::Access);
    let draft = bench.draft(Operation::TokenExchange, Some(&subject.id));
    for (name, value) in [("client", "portal"), ("audience", "orders-api"), ("subject_token", &format!("token:{}", subject.id))] {
        assert!(
            draft.values.iter().any(|pair| pair.name == name && pair.value == value),
            "the form proposes {name} {value}: {:?}",
            draft.values
        );
    }
    let step = bench.done(&draft).await;

    let issued = bench.token(&step.tokens_out[0]);
    assert_eq!((issued.audience.as_slice(), issued.client.as_deref()), (["orders-api".to_owned()].as_slice(), Some("portal")));
    assert_eq!(
        (issued.parent.as_deref(), step.subject.as_deref(), step.audience.as_deref()),
        (Some(subject.id.as_str()), Some("alice"), Some("orders-api"))
    );
    assert!(matches!(issued.verification, Verification::Verified { .. }));

    let words: Vec<(&str, &str)> = step.verdicts.iter().map(|verdict| (verdict.id.as_str(), verdict.word.as_str())).collect();
    for expected in [("identity", "preserved"), ("audience", "narrowed"), ("roles", "narrowed"), ("requester", "changed")] {
        assert!(words.contains(&expected), "{expected:?} in {words:?}");
    }
    let identity = step.verdicts.iter().find(|verdict| verdict.id == "identity").expect("identity");
    assert_eq!(identity.tone, VerdictTone::Same);
    let report = step.report.as_ref().expect("the checks of orders-api");
    assert_eq!(
        (report.resource.as_str(), report.answer, report.first_failure.as_deref()),
        ("orders-api", Some(200), None),
        "{report:?}"
    );

    let compared =
        bench.workbench.compare(&[subject.id.clone(), issued.id.clone()], None, Some(&bench.profile)).expect("a comparison");
    assert_eq!(compared.step, Some(step.id));
    let again = compared.reports[1].as_ref().expect("without a choice the audience's own checks are shown");
    // What a check found may be how long the token has left, and time has passed.
    let outcomes = |report: &Report| report.checks.iter().map(|check| (check.id.clone(), check.outcome)).collect::<Vec<_>>();
    assert_eq!((&again.resource, again.answer, outcomes(again)), (&report.resource, report.answer, outcomes(report)));
    assert_eq!(compared.comparison.pairs[0].verdicts, step.verdicts);
}

#[tokio::test]
async fn the_same_form_says_what_would_be_refused() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let subject = bench.made(&login, TokenKind::Access);
    let draft = with(bench.draft(Operation::TokenExchange, Some(&subject.id)), &[("client", "reporting")]);
    let preview = bench.workbench.preview(&draft, &bench.profile).await.expect("a preview");
    assert_eq!(preview.faults, []);
    assert!(!preview.warnings.is_empty(), "reporting is not in aud, which can be known before sending");
    assert!(preview.masked);
    let raw = super::login::text(&preview.snippets[0].lines);
    let text = bench.workbench.raw_token(&subject.id).expect("a live token");
    assert!(!raw.contains(text.expose()), "the preview names the token and does not hold it");
}

#[tokio::test]
async fn a_requester_outside_the_audience_is_explained() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let subject = bench.made(&login, TokenKind::Access);
    let draft = with(bench.draft(Operation::TokenExchange, Some(&subject.id)), &[("client", "reporting")]);
    let (step, id) = bench.refused(&draft, 403, "access_denied").await;
    assert_eq!(id, "kc-v2-requester-not-in-aud");
    let diagnosis = step.diagnosis.expect("a diagnosis");
    assert!(diagnosis.certain);
    assert_eq!(
        diagnosis.cause,
        "The subject token is not meant for reporting. Keycloak exchanges a token only for a client that its aud names."
    );
    let aud = diagnosis.evidence.iter().find(|evidence| evidence.name == "aud").expect("the audience is shown");
    assert_eq!(aud.missing, ["reporting"]);
    assert!(diagnosis.actions.iter().any(|action| action.operation == Operation::TokenExchange && action.values.iter().any(|pair| pair.value == "portal")), "{:?}", diagnosis.actions);
    let words = step.words.expect("words");
    assert_eq!(words.description.as_deref(), Some("Client is not within the token audience"));
    assert_eq!(words.server, "Lab provider, realm lab");
}

/// What is changed in the draft, the status and error of the server, and the id of our diagnosis.
type Refusal<'a> = (&'a [(&'a str, &'a str)], u16, &'a str, &'a str);

#[tokio::test]
async fn other_refusals_have_their_own_cause() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let subject = bench.made(&login, TokenKind::Access);
    let id_token = format!("token:{}", bench.made(&login, TokenKind::Id).id);
    let table: &[Refusal<'_>] = &[
        (&[("client", "billing")], 400, "invalid_request", "kc-v2-not-enabled"),
        (&[("audience", "nobody")], 400, "invalid_client", "kc-v2-audience-not-found"),
        (&[("audience", "legacy-api")], 400, "invalid_client", "kc-v2-audience-disabled"),
        (&[("audience", "billing-api")], 400, "invalid_request", "kc-v2-audience-not-available"),
        (&[("scope", "unheard-of")], 400, "invalid_scope", "kc-invalid-scopes"),
        (&[("subject_token", &id_token)], 400, "invalid_request", "kc-v2-subject-is-id-token"),
        (
            &[("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")],
            400,
            "invalid_request",
            "kc-requested-refresh-session-off",
        ),
    ];
    for (changes, status, error, id) in table {
        let draft = with(bench.draft(Operation::TokenExchange, Some(&subject.id)), changes);
        let (step, found) = bench.refused(&draft, *status, error).await;
        assert_eq!(found, *id, "{changes:?} {:?}", step.words);
    }
    bench.clock.set_ahead(0);
    bench.lab.set_clock_offset(400);
    bench.clock.set_ahead(400);
    let (_, found) = bench.refused(&bench.draft(Operation::TokenExchange, Some(&subject.id)), 400, "invalid_request").await;
    assert_eq!(found, "kc-v2-subject-expired");
}

#[tokio::test]
async fn what_was_done_before_explains_what_comes_after() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let subject = bench.made(&login, TokenKind::Access);
    let draft = bench.draft(Operation::TokenExchange, Some(&subject.id));
    let refresh = format!("token:{}", bench.made(&login, TokenKind::Refresh).id);
    let logout =
        with(bench.draft(Operation::LogOut, None), &[("client", "frontend"), ("refresh_token", &refresh), ("id_token_hint", "")]);
    let logout = bench.done(&logout).await;
    let (step, id) = bench.refused(&draft, 400, "invalid_request").await;
    let diagnosis = step.diagnosis.expect("a diagnosis");
    assert_eq!((id.as_str(), diagnosis.certain, diagnosis.others.len()), ("kc-v2-subject-session-over", true, 0));
    let journal = diagnosis.evidence.iter().find(|evidence| evidence.name == "journal").expect("our own step is the evidence");
    assert_eq!(journal.values, [format!("step {} ended the session", logout.id)]);
}

#[tokio::test]
async fn a_setting_that_refused_once_is_remembered_before_sending() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let subject = bench.made(&login, TokenKind::Access);
    let draft = with(bench.draft(Operation::TokenExchange, Some(&subject.id)), &[("client", "billing")]);
    let remembered = async || {
        let preview = bench.workbench.preview(&draft, &bench.profile).await.expect("a preview");
        preview.warnings.into_iter().find(|finding| finding.id == "refused-before").map(|finding| finding.detail)
    };
    assert_eq!(remembered().await, None);
    let (step, _) = bench.refused(&draft, 400, "invalid_request").await;
    let expected = format!("At step {} the server refused this: Token exchange is switched off for billing.", step.id);
    assert!(remembered().await.is_some_and(|detail| detail.starts_with(&expected)));
}

#[tokio::test]
async fn a_user_without_the_role_gets_no_token_for_the_api() {
    let bench = Bench::start().await;
    let login = bench.log_in("bob").await;
    let subject = bench.made(&login, TokenKind::Access);
    let (step, id) = bench.refused(&bench.draft(Operation::TokenExchange, Some(&subject.id)), 400, "invalid_request").await;
    assert_eq!((id.as_str(), step.subject.as_deref()), ("kc-v2-audience-not-available", Some("bob")));
    assert!(step.tokens_out.is_empty());
}
