//! The server's own record beside ours: each event finds the step that caused it, and says why a refusal was one.

use record::{
    audit::{AuditQuery, Event, JoinedBy, Step},
    operation::Operation,
};
use token::inspect::TokenKind;

use crate::support::{Desk, with};

both! { the_providers_events_are_joined_to_the_steps_that_made_them, every_token_is_found_by_its_id }

fn kept(desk: &Desk, step: &Step) -> Vec<Event> {
    desk.workbench.journal.step(step.id).expect("readable").expect("there").events
}

fn joined(desk: &Desk, step: &Step) -> Vec<(String, Option<JoinedBy>)> {
    kept(desk, step).into_iter().map(|event| (event.event_type, event.joined_by)).collect()
}

async fn read(desk: &Desk) -> u32 {
    let read = desk.workbench.read_events(&desk.profile).await.expect("the journal takes events");
    assert_eq!(read.problem, None);
    read.new
}

async fn the_providers_events_are_joined_to_the_steps_that_made_them(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let subject = desk.made(&login, TokenKind::Access).id;
    let exchange = desk.done(&desk.draft(Operation::TokenExchange, Some(&subject))).await;
    let refused = desk.run(&with(desk.draft(Operation::TokenExchange, Some(&subject)), &[("client", "reporting")])).await;
    let application = desk.done(&with(desk.draft(Operation::ClientCredentials, None), &[("client", "orders-batch")])).await;
    assert!(read(desk).await >= 5);

    let of_login = joined(desk, &login);
    assert!(of_login.contains(&("LOGIN".into(), Some(JoinedBy::Session))), "{of_login:?}");
    assert!(of_login.contains(&("CODE_TO_TOKEN".into(), Some(JoinedBy::TokenId))), "{of_login:?}");
    assert_eq!(joined(desk, &exchange), [("TOKEN_EXCHANGE".into(), Some(JoinedBy::TokenId))]);
    // A refused exchange makes no token: the session of its subject token tells.
    let of_refused = kept(desk, &refused);
    let told = |event: &&Event| format!("{event:?}").contains("client is not within the token audience");
    let error = of_refused.iter().find(told).unwrap_or_else(|| panic!("no reason: {of_refused:?}"));
    assert_eq!(error.event_type, "TOKEN_EXCHANGE_ERROR");
    assert!(matches!(error.joined_by, Some(JoinedBy::Session | JoinedBy::ClientAndTime)), "{error:?}");
    // At a shared server the same client may be refused for another user of it in the same second; only its name and the time
    // tell the events apart, and that is said of each.
    let unsure = |event: &Event| event.joined_by == Some(JoinedBy::ClientAndTime);
    assert!(of_refused.len() == 1 || !desk.profile.simulated && of_refused.iter().all(unsure), "{of_refused:?}");
    assert!(joined(desk, &application).iter().any(|(kind, _)| kind == "CLIENT_LOGIN"), "{:?}", joined(desk, &application));

    // What Claimscope did itself to read the events is no stranger's.
    let query = AuditQuery { limit: 1000, ..AuditQuery::default() };
    read(desk).await;
    let reader = desk.profile.clients.iter().find(|client| client.events).expect("a client that reads");
    let rows = desk.workbench.journal.rows(&query).expect("the timeline");
    let own: Vec<_> = rows.iter().filter(|row| row.is_event && row.client.as_ref() == Some(&reader.client_id)).collect();
    assert!(own.iter().all(|row| row.step.is_none()), "{own:?}");
    let (ours, others): (Vec<_>, Vec<_>) = own.into_iter().partition(|row| row.joined_by == Some(JoinedBy::Reading));
    assert!(!ours.is_empty(), "{others:?}");
    // A lab is this desk's alone; at a shared server others read with the same client, and theirs stay a stranger's.
    assert!(!desk.profile.simulated || others.is_empty(), "{others:?}");
    assert!(others.iter().all(|row| row.joined_by.is_none()), "{others:?}");

    let steps = [&login, &exchange, &refused];
    let before: Vec<Event> = steps.iter().flat_map(|step| kept(desk, step)).collect();
    read(desk).await;
    let after: Vec<Event> = steps.iter().flat_map(|step| kept(desk, step)).collect();
    for event in &before {
        assert_eq!(after.iter().filter(|other| other.id == event.id).count(), 1, "an event read twice is one: {event:?}");
    }
}

async fn every_token_is_found_by_its_id(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let subject = desk.made(&login, TokenKind::Access).id;
    let refreshed = desk.done(&desk.draft(Operation::Refresh, None)).await;
    let password =
        with(desk.draft(Operation::Password, None), &[("client", "portal"), ("username", "alice"), ("password", "alice")]);
    let password = desk.try_run(&password).await.expect("a step");
    let exchange = with(
        desk.draft(Operation::TokenExchange, Some(&subject)),
        &[("client", "gateway"), ("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")],
    );
    let exchange = desk.done(&exchange).await;
    read(desk).await;
    for (step, kind) in
        [(&login, "CODE_TO_TOKEN"), (&refreshed, "REFRESH_TOKEN"), (&password, "LOGIN"), (&exchange, "TOKEN_EXCHANGE")]
    {
        let found = joined(desk, step);
        assert!(found.contains(&(kind.into(), Some(JoinedBy::TokenId))), "{kind}: {found:?}");
    }
}
