//! Refusals a user can run into with this profile, each with the words of the server and the cause we make of them.

use record::operation::{Draft, Operation};
use token::{inspect::TokenKind, text::Pair};

use crate::support::{Desk, with};

both! {
    a_requester_outside_the_audience_is_explained,
    exchanges_are_refused_each_for_its_own_cause,
    a_subject_token_that_is_over_is_refused,
    a_setting_that_refused_once_is_remembered_before_sending,
    parameters_of_legacy_exchange_are_refused,
    a_user_without_the_role_gets_no_token_for_the_api,
    a_subject_without_a_session_gives_no_refresh_token,
    clients_are_refused_each_for_its_own_cause,
    users_are_refused_each_for_its_own_cause,
}

const REFRESH: &str = "urn:ietf:params:oauth:token-type:refresh_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
const ID: &str = "urn:ietf:params:oauth:token-type:id_token";

/// What is changed in the draft, the status and error of the server, its words, and the id of our diagnosis.
type Refusal<'a> = (&'a [(&'a str, &'a str)], u16, &'a str, &'a str, &'a str);

async fn holds(desk: &Desk, draft: &Draft, table: &[Refusal<'_>]) {
    for (changes, status, error, said, id) in table {
        let (step, found) = desk.refused(&with(draft.clone(), changes), *status, error).await;
        let words = step.words.expect("words");
        assert_eq!((words.description.as_deref(), found.as_str()), (Some(*said), *id), "{changes:?}");
    }
}

async fn a_requester_outside_the_audience_is_explained(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let subject = desk.made(&login, TokenKind::Access);
    let draft = with(desk.draft(Operation::TokenExchange, Some(&subject.id)), &[("client", "reporting")]);
    let (step, id) = desk.refused(&draft, 403, "access_denied").await;
    assert_eq!(id, "kc-v2-requester-not-in-aud");
    let diagnosis = step.diagnosis.expect("a diagnosis");
    assert!(diagnosis.certain);
    assert_eq!(
        diagnosis.cause,
        "The subject token is not meant for reporting. Keycloak exchanges a token only for a client that its aud names."
    );
    let aud = diagnosis.evidence.iter().find(|evidence| evidence.name == "aud").expect("the audience is shown");
    assert_eq!(aud.missing, ["reporting"]);
    let way_out = |action: &record::audit::FixAction| {
        action.operation == Operation::TokenExchange && action.values.iter().any(|pair| pair.value == "portal")
    };
    assert!(diagnosis.actions.iter().any(way_out), "{:?}", diagnosis.actions);
    let words = step.words.expect("words");
    assert_eq!(words.description.as_deref(), Some("Client is not within the token audience"));
    assert_eq!(words.server, desk.profile.provider.name);
}

async fn exchanges_are_refused_each_for_its_own_cause(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let subject = desk.made(&login, TokenKind::Access);
    let id_token = format!("token:{}", desk.made(&login, TokenKind::Id).id);
    let not_enabled = "Standard token exchange is not enabled for the requested client";
    let unsupported = "requested_token_type unsupported";
    let draft = desk.draft(Operation::TokenExchange, Some(&subject.id));
    holds(
        desk,
        &draft,
        &[
            (&[("client", "billing")], 400, "invalid_request", not_enabled, "kc-v2-not-enabled"),
            (
                &[("client", "mobile")],
                400,
                "invalid_client",
                "Public client is not allowed to exchange token",
                "kc-v2-public-client",
            ),
            (&[("audience", "nobody")], 400, "invalid_client", "Audience not found", "kc-v2-audience-not-found"),
            (&[("audience", "legacy-api")], 400, "invalid_client", "Client disabled", "kc-v2-audience-disabled"),
            (
                &[("audience", "billing-api")],
                400,
                "invalid_request",
                "Requested audience not available: billing-api",
                "kc-v2-audience-not-available",
            ),
            (
                &[("audience", "orders-api"), ("audience", "billing-api")],
                400,
                "invalid_request",
                "Requested audience not available: billing-api",
                "kc-v2-audience-not-available",
            ),
            (&[("scope", "unheard-of")], 400, "invalid_scope", "Invalid scopes: unheard-of", "kc-invalid-scopes"),
            (&[("subject_token", &id_token)], 400, "invalid_request", "Invalid token", "kc-v2-subject-is-id-token"),
            (
                &[("subject_token", &id_token), ("subject_token_type", ID)],
                400,
                "invalid_request",
                "Parameter 'subject_token' supports access tokens only",
                "kc-v2-access-tokens-only",
            ),
            (&[("requested_token_type", REFRESH)], 400, "invalid_request", unsupported, "kc-requested-refresh-session-off"),
            (&[("requested_token_type", JWT)], 400, "invalid_request", unsupported, "kc-requested-type"),
            (
                &[("client", "gateway"), ("audience", ""), ("requested_token_type", REFRESH), ("scope", "offline_access")],
                400,
                "invalid_request",
                "Scope offline_access not allowed for token exchange",
                "kc-v2-offline-access",
            ),
        ],
    )
    .await;
}

async fn a_subject_token_that_is_over_is_refused(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let subject = desk.made(&login, TokenKind::Access).id;
    let draft = desk.draft(Operation::TokenExchange, Some(&subject));
    let logout = desk.done(&with(desk.draft(Operation::LogOut, None), &[("channel", "back_channel")])).await;
    let (step, id) = desk.refused(&draft, 400, "invalid_request").await;
    assert_eq!(step.words.and_then(|words| words.description).as_deref(), Some("Invalid token"));
    let diagnosis = step.diagnosis.expect("a diagnosis");
    assert_eq!((id.as_str(), diagnosis.certain, diagnosis.others.len()), ("kc-v2-subject-session-over", true, 0));
    let journal = diagnosis.evidence.iter().find(|evidence| evidence.name == "journal").expect("our own step is the evidence");
    assert_eq!(journal.values, [format!("step {} ended the session", logout.id)]);
}

async fn a_setting_that_refused_once_is_remembered_before_sending(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let subject = desk.made(&login, TokenKind::Access);
    let draft = with(desk.draft(Operation::TokenExchange, Some(&subject.id)), &[("client", "billing")]);
    let remembered = async || {
        let preview = desk.workbench.preview(&draft, &desk.profile).await.expect("a preview");
        preview.warnings.into_iter().find(|finding| finding.id == "refused-before").map(|finding| finding.detail)
    };
    assert_eq!(remembered().await, None);
    let (step, _) = desk.refused(&draft, 400, "invalid_request").await;
    let expected = format!("At step {} the server refused this: Token exchange is switched off for billing.", step.id);
    assert!(remembered().await.is_some_and(|detail| detail.starts_with(&expected)));
}

async fn parameters_of_legacy_exchange_are_refused(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let subject = desk.made(&login, TokenKind::Access).id;
    for (name, id) in [
        ("requested_subject", "kc-v2-requested-subject"),
        ("requested_issuer", "kc-v2-requested-issuer"),
        ("subject_issuer", "kc-v2-subject-issuer"),
    ] {
        let mut draft = desk.draft(Operation::TokenExchange, Some(&subject));
        draft.extra.push(Pair { name: name.into(), value: "bob".into() });
        let said = format!("Parameter '{name}' is not supported for standard token exchange");
        holds(desk, &draft, &[(&[], 400, "invalid_request", &said, id)]).await;
    }
    let mut draft = with(desk.draft(Operation::TokenExchange, Some(&subject)), &[("scope", "orders:read")]);
    draft.extra.push(Pair { name: "scope".into(), value: "orders:write".into() });
    holds(desk, &draft, &[(&[], 400, "invalid_request", "duplicated parameter", "kc-duplicated-parameter")]).await;
}

async fn a_user_without_the_role_gets_no_token_for_the_api(desk: &Desk) {
    let login = desk.log_in("bob").await;
    let subject = desk.made(&login, TokenKind::Access);
    let (step, id) = desk.refused(&desk.draft(Operation::TokenExchange, Some(&subject.id)), 400, "invalid_request").await;
    assert_eq!((id.as_str(), step.subject.as_deref()), ("kc-v2-audience-not-available", Some("bob")));
    assert!(step.tokens_out.is_empty());
}

async fn a_subject_without_a_session_gives_no_refresh_token(desk: &Desk) {
    let application = desk.done(&with(desk.draft(Operation::ClientCredentials, None), &[("client", "gateway")])).await;
    let subject = &application.tokens_out[0];
    let draft = with(desk.draft(Operation::TokenExchange, Some(subject)), &[("client", "gateway"), ("audience", "")]);
    let exchanged = desk.done(&draft).await;
    let claims = desk.claims(&exchanged.tokens_out[0]);
    assert!(claims["jti"].as_str().is_some_and(|jti| jti.starts_with("trrtte:")) && !claims.contains_key("sid"), "{claims:?}");
    let said = "Refresh token not valid as requested_token_type because creating a new session is needed";
    let refresh = ("requested_token_type", REFRESH);
    holds(desk, &draft, &[(&[refresh], 400, "invalid_request", said, "kc-v2-refresh-needs-session")]).await;
}

async fn clients_are_refused_each_for_its_own_cause(desk: &Desk) {
    let draft = desk.draft(Operation::ClientCredentials, None);
    let said = "Client not enabled to retrieve service account";
    holds(desk, &draft, &[(&[("client", "portal")], 401, "unauthorized_client", said, "kc-service-account-off")]).await;
    let said = "Invalid client or Invalid client credentials";
    let (step, id) = desk.refused(&with(draft.clone(), &[("client", "legacy-api")]), 401, "invalid_client").await;
    assert_eq!(step.words.expect("words").description.as_deref(), Some(said));
    assert!(["kc-client-unknown", "kc-client-disabled"].contains(&id.as_str()), "the words are the same: {id}");
    let wrong = [("orders-batch".to_owned(), token::secret::Secret::new("wrong"))];
    desk.workbench.secrets.overlay(&desk.profile, wrong);
    holds(desk, &draft, &[(&[("client", "orders-batch")], 401, "unauthorized_client", said, "kc-client-secret")]).await;
}

async fn users_are_refused_each_for_its_own_cause(desk: &Desk) {
    let draft = with(desk.draft(Operation::Password, None), &[("client", "portal")]);
    for (changes, status, error, said, id) in [
        ([("username", "alice"), ("password", "wrong")], 400, "invalid_grant", "Invalid user credentials", "kc-user-credentials"),
        (
            [("username", "nobody"), ("password", "wrong")],
            400,
            "invalid_grant",
            "Invalid user credentials",
            "kc-user-credentials",
        ),
        ([("username", "carol"), ("password", "carol")], 400, "invalid_grant", "Account disabled", "kc-user-disabled"),
    ] {
        let step = desk.try_run(&with(draft.clone(), &changes)).await.expect("a step");
        let words = step.words.expect("words");
        assert_eq!((words.status, words.error.as_deref(), words.description.as_deref()), (status, Some(error), Some(said)));
        assert_eq!(step.diagnosis.map(|diagnosis| diagnosis.id).as_deref(), Some(id));
    }
    let off = with(draft, &[("client", "gateway"), ("username", "alice"), ("password", "alice")]);
    let step = desk.try_run(&off).await.expect("a step");
    let words = step.words.expect("words");
    assert_eq!((words.status, words.error.as_deref()), (400, Some("unauthorized_client")), "{words:?}");
    assert_eq!(step.diagnosis.map(|diagnosis| diagnosis.id).as_deref(), Some("kc-direct-grant-off"));
}
