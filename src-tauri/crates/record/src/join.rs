//! Server events and the steps they belong to.
//!
//! A token id decides: Keycloak writes the `jti` of the token it issued into the event. Where there is none (refusals),
//! the session, the kind of event and the time have to do, and the join says so, since it can be wrong.

use serde_json::Value;

use crate::audit::{Event, JoinedBy};
use token::{bounded, text::Pair};

/// Events an operation may cause at a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caused {
    /// Their types when all goes well, as Keycloak calls them.
    pub types: &'static [&'static str],
    /// Whether a gateway may cause them on the way, in the caller's session but under a client of its own.
    pub by_gateway: bool,
}

impl Caused {
    /// Whether an event of this type, or of the same with an error, can be one of them.
    pub fn fits(&self, event_type: &str) -> bool {
        self.types.contains(&event_type.strip_suffix("_ERROR").unwrap_or(event_type))
    }
}

/// What is known of a step for joining events to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepKey {
    /// Journal number.
    pub step: i64,
    /// Events it may have caused.
    pub caused: Caused,
    /// Client that asked.
    pub client: Option<String>,
    /// Start, epoch milliseconds.
    pub from_ms: i64,
    /// End, epoch milliseconds.
    pub to_ms: i64,
    /// `jti` of all tokens it produced (and, for refresh, of the refresh token it used).
    pub jtis: Vec<String>,
    /// `sid` of its tokens, used and produced.
    pub sessions: Vec<String>,
}

/// Something Claimscope asked for to read with, which is no step of the user's: a token, or what userinfo says of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingLogin {
    /// What the server's event of it is called when all goes well.
    pub event_type: &'static str,
    /// Client that asked; of userinfo the one the token was issued to.
    pub client: String,
    /// `jti` of the token; none when it was refused or is opaque.
    pub jti: Option<String>,
    /// Start, epoch milliseconds.
    pub from_ms: i64,
    /// End, epoch milliseconds.
    pub to_ms: i64,
}

/// The event of a client's own token.
pub const CLIENT_LOGIN: &str = "CLIENT_LOGIN";
/// The event of a question at userinfo.
pub const USERINFO: &str = "USER_INFO_REQUEST";

/// How far server and local clock may be apart for a join by time, milliseconds.
const SLACK_MS: i64 = 2_000;

/// Most details of one event that are kept.
const MOST_DETAILS: usize = 200;
/// Longest id of an event, in bytes; a longer one is no id.
const LONGEST_ID: usize = 200;

/// Details that carry the id of a token (Keycloak).
const TOKEN_IDS: [&str; 3] = ["token_id", "refresh_token_id", "updated_refresh_token_id"];

/// Reads the events API of Keycloak (`GET /admin/realms/{realm}/events`): newest first as it came.
/// Errors name the place, never the content.
pub fn read_events(json: &str, server: &str) -> Result<Vec<Event>, String> {
    let value: Value = serde_json::from_str(json).map_err(|error| {
        format!(
            "The events of {server} are not valid JSON (line {}, column {}). Check the address of its events API.",
            error.line(),
            error.column()
        )
    })?;
    let Value::Array(items) = value else {
        return Err(format!(
            "{server} did not answer with a list of events. Check the address of its events API and the rights of the client that reads it."
        ));
    };
    items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            event(item, server)
                .ok_or_else(|| format!("Event {} of {server} has no type or no time, so it can not be placed.", index + 1))
        })
        .collect()
}

fn event(item: &Value, server: &str) -> Option<Event> {
    let text = |name: &str| item.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(bounded::sentence);
    let details = item.get("details").and_then(Value::as_object);
    let detail = |name: &str| {
        details
            .and_then(|details| details.get(name))
            .map(plain)
            .filter(|text| !text.is_empty() && text != "null")
            .map(|text| bounded::sentence(&text))
    };
    let (event_type, time_ms) = (text("type")?, item.get("time").and_then(Value::as_i64)?);
    let mut pairs: Vec<Pair> = Vec::new();
    for name in ["type", "error", "clientId", "userId", "sessionId", "ipAddress", "realmId"] {
        if let Some(value) = text(name) {
            pairs.push(Pair { name: name.into(), value });
        }
    }
    let mut rest: Vec<Pair> = details
        .into_iter()
        .flatten()
        .map(|(name, value)| Pair { name: bounded::sentence(name), value: detail_text(name, value) })
        .collect();
    // Keycloak writes them in hash order.
    rest.sort_by(|a, b| a.name.cmp(&b.name));
    let more = rest.len().saturating_sub(MOST_DETAILS);
    rest.truncate(MOST_DETAILS);
    pairs.extend(rest);
    if more > 0 {
        pairs.push(Pair { name: "more details".into(), value: format!("{more}, not kept") });
    }
    let event = Event {
        id: text("id").filter(|id| id.len() <= LONGEST_ID).unwrap_or_else(|| digest(item)),
        time_ms,
        server: server.into(),
        event_type,
        error: text("error"),
        client: text("clientId").filter(|client| client != "null"),
        user_id: text("userId").filter(|user| user != "null"),
        username: detail("username"),
        session: text("sessionId").or_else(|| detail("code_id")),
        token_id: detail("token_id"),
        audience: detail("audience"),
        details: pairs,
        step: None,
        joined_by: None,
    };
    Some(event.visible())
}

fn detail_text(name: &str, value: &Value) -> String {
    // Ids of tokens are not tokens; everything else named like a secret is masked.
    if !name.ends_with("_id") && crate::redact::sensitive_member(name) {
        crate::redact::DOTS.into()
    } else {
        bounded::sentence(&crate::redact::text(&plain(value), &crate::redact::KnownSecrets::default()))
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// Servers before 26.2 send no id: the content stands in, so that the same event read twice is one.
fn digest(item: &Value) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, item.to_string().as_bytes());
    hash.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The step an event belongs to and what joined it; none when it is not ours. Steps are given in order of time.
pub fn join(event: &Event, steps: &[StepKey]) -> Option<(i64, JoinedBy)> {
    let ids: Vec<&str> = event
        .details
        .iter()
        .filter(|pair| TOKEN_IDS.contains(&pair.name.as_str()))
        .map(|pair| pair.value.as_str())
        .chain(event.token_id.as_deref())
        .collect();
    let by_id = |step: &&StepKey| step.jtis.iter().any(|jti| ids.contains(&jti.as_str()));
    // An introspection or a call names the token another step issued: among the steps with the id, one that fits the
    // event and was running comes before the one that merely made the token.
    let with_id: Vec<&StepKey> = steps.iter().filter(by_id).collect();
    let best = with_id
        .iter()
        .find(|step| step.caused.fits(&event.event_type) && running(step, event.time_ms))
        .or_else(|| with_id.iter().find(|step| step.caused.fits(&event.event_type)));
    if let Some(step) = best {
        return Some((step.step, JoinedBy::TokenId));
    }
    let candidates: Vec<&StepKey> =
        steps.iter().filter(|step| step.caused.fits(&event.event_type) && running(step, event.time_ms)).collect();
    let same_client = |step: &StepKey| match (&event.client, &step.client) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    };
    // A step of another client is not it, even in the same session: two clients may exchange one user's token at once.
    let by_session: Vec<&&StepKey> = candidates
        .iter()
        .filter(|step| event.session.as_ref().is_some_and(|session| step.sessions.contains(session)))
        .filter(|step| step.client.is_none() || event.client.is_none() || same_client(step))
        .collect();
    if let Some(step) = nearest(&by_session, event.time_ms) {
        return Some((step.step, JoinedBy::Session));
    }
    // What a gateway does at the provider for a call it does under a client of its own, in the caller's session.
    let by_call: Vec<&&StepKey> = candidates
        .iter()
        .filter(|step| step.caused.by_gateway && event.session.as_ref().is_some_and(|session| step.sessions.contains(session)))
        .collect();
    if let Some(step) = nearest(&by_call, event.time_ms).filter(|_| !candidates.iter().any(|step| same_client(step))) {
        return Some((step.step, JoinedBy::Session));
    }
    // Where the provider could not read the token it was shown (userinfo), its event names neither client nor session.
    let nameless = event.client.is_none() && event.session.is_none() && candidates.len() == 1;
    let by_client: Vec<&&StepKey> = candidates.iter().filter(|step| nameless || same_client(step)).collect();
    nearest(&by_client, event.time_ms).map(|step| (step.step, JoinedBy::ClientAndTime))
}

/// Whether an event names the very token Claimscope reads with.
pub fn names_reading(event: &Event, logins: &[ReadingLogin]) -> bool {
    event.token_id.is_some() && logins.iter().any(|login| login.jti == event.token_id)
}

/// Whether an event that belongs to no step is Claimscope's own login to read: same client, at that time, and nothing that
/// names another token.
pub fn looks_like_reading(event: &Event, logins: &[ReadingLogin]) -> bool {
    let kind = event.event_type.strip_suffix("_ERROR").unwrap_or(&event.event_type);
    // Where userinfo could not take the token, its event names neither client nor session.
    let nameless = kind == USERINFO && event.client.is_none() && event.session.is_none();
    logins.iter().any(|login| {
        login.event_type == kind
            && (login.jti.is_none() || event.token_id.is_none())
            && (nameless || event.client.as_ref() == Some(&login.client))
            && (login.from_ms - SLACK_MS..=login.to_ms + SLACK_MS).contains(&event.time_ms)
    })
}

/// The step whose time the event is in, before one it is only near; of those the one that ended closest to the event.
fn nearest<'a>(steps: &[&'a &'a StepKey], time_ms: i64) -> Option<&'a StepKey> {
    steps
        .iter()
        .map(|step| **step)
        .min_by_key(|step| (!(step.from_ms..=step.to_ms).contains(&time_ms), (time_ms - step.to_ms).abs(), step.step))
}

fn running(step: &StepKey, time_ms: i64) -> bool {
    (step.from_ms - SLACK_MS..=step.to_ms + SLACK_MS).contains(&time_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a step of one kind causes by itself.
    const fn own(types: &'static [&'static str]) -> Caused {
        Caused { types, by_gateway: false }
    }

    const LOGIN: Caused = own(&["LOGIN", "CODE_TO_TOKEN"]);
    const EXCHANGE: Caused = own(&["TOKEN_EXCHANGE"]);
    const REFRESH: Caused = own(&["REFRESH_TOKEN"]);
    const INTROSPECTION: Caused = own(&["INTROSPECT_TOKEN"]);
    const ASKING: Caused = own(&[USERINFO]);
    const CALL: Caused = Caused { types: &["TOKEN_EXCHANGE", "INTROSPECT_TOKEN", USERINFO], by_gateway: true };

    const EVENTS: &str = r#"[
      {"id":"1f","time":1000,"type":"TOKEN_EXCHANGE","realmId":"r","clientId":"portal","userId":"u","sessionId":"s1","ipAddress":"127.0.0.1",
       "details":{"username":"alice","audience":"orders-api","token_id":"ntrtte:1","scope":"profile","subject_token_client_id":"frontend"}},
      {"time":2000,"type":"TOKEN_EXCHANGE_ERROR","clientId":"reporting","sessionId":"s1","error":"not_allowed","details":{"reason":"client is not within the token audience","client_secret":"hunter2"}}]"#;

    fn key(step: i64, caused: Caused, client: &str, from_ms: i64, jtis: &[&str], sessions: &[&str]) -> StepKey {
        let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        StepKey {
            step,
            caused,
            client: Some(client.into()),
            from_ms,
            to_ms: from_ms + 40,
            jtis: own(jtis),
            sessions: own(sessions),
        }
    }

    #[test]
    fn events_are_read_in_stable_order() {
        let events = read_events(EVENTS, "Lab").expect("events");
        assert_eq!(
            (events[0].token_id.as_deref(), events[0].audience.as_deref(), events[0].username.as_deref()),
            (Some("ntrtte:1"), Some("orders-api"), Some("alice"))
        );
        let names: Vec<&str> = events[0].details.iter().map(|pair| pair.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "type",
                "clientId",
                "userId",
                "sessionId",
                "ipAddress",
                "realmId",
                "audience",
                "scope",
                "subject_token_client_id",
                "token_id",
                "username"
            ]
        );
        assert_eq!(events[1].id.len(), 32);
        assert!(events[1].details.iter().all(|pair| !pair.value.contains("hunter2")));
        assert_eq!(events[1].id, read_events(EVENTS, "Lab").expect("events")[1].id);
    }

    #[test]
    fn bad_answers_say_so() {
        assert!(read_events("<html>", "Lab").expect_err("html").contains("not valid JSON"));
        assert!(read_events("{\"error\":\"x\"}", "Lab").expect_err("object").contains("list of events"));
        assert!(read_events("[{\"type\":\"LOGIN\"}]", "Lab").expect_err("no time").contains("Event 1"));
        assert_eq!(read_events("[]", "Lab"), Ok(Vec::new()));
    }

    #[test]
    fn token_id_before_session_before_client() {
        let events = read_events(EVENTS, "Lab").expect("events");
        let steps = [
            key(1, EXCHANGE, "portal", 500, &["ntrtte:1"], &["s1"]),
            key(2, EXCHANGE, "portal", 990, &["ntrtte:2"], &["s1"]),
            key(3, EXCHANGE, "reporting", 1_990, &[], &["s1"]),
            key(4, CALL, "reporting", 1_990, &[], &["s1"]),
        ];
        assert_eq!(join(&events[0], &steps), Some((1, JoinedBy::TokenId)));
        assert_eq!(join(&events[0], &steps[1..]), Some((2, JoinedBy::Session)));
        assert_eq!(join(&events[1], &steps), Some((3, JoinedBy::Session)));
        let mut nameless = steps[2].clone();
        nameless.sessions.clear();
        assert_eq!(join(&events[1], &[nameless.clone()]), Some((3, JoinedBy::ClientAndTime)));
        nameless.from_ms = 60_000;
        nameless.to_ms = 60_040;
        assert_eq!(join(&events[1], &[nameless]), None);
    }

    #[test]
    fn another_clients_event_is_not_ours() {
        let events = read_events(EVENTS, "Lab").expect("events");
        assert_eq!(join(&events[1], &[key(1, EXCHANGE, "portal", 1_990, &[], &["s1"])]), None);
        assert_eq!(join(&events[1], &[key(1, REFRESH, "reporting", 1_990, &[], &["s1"])]), None);
    }

    #[test]
    fn a_gateways_exchange_belongs_to_the_call_that_caused_it() {
        let event = &read_events(
            r#"[{"id":"a","time":5000,"type":"TOKEN_EXCHANGE","clientId":"gateway","sessionId":"s1","details":{}}]"#,
            "Lab",
        )
        .expect("events")[0];
        let call = key(1, CALL, "orders-app", 4_990, &[], &["s1"]);
        assert_eq!(join(event, std::slice::from_ref(&call)), Some((1, JoinedBy::Session)));
        let own = key(2, EXCHANGE, "gateway", 4_990, &[], &[]);
        assert_eq!(join(event, &[call, own]), Some((2, JoinedBy::ClientAndTime)));
        assert_eq!(join(event, &[key(1, CALL, "orders-app", 4_990, &[], &["s2"])]), None);
    }

    #[test]
    fn an_event_without_any_name_belongs_to_the_only_step_it_fits() {
        let event = &read_events(
            r#"[{"id":"a","time":5000,"type":"USER_INFO_REQUEST_ERROR","error":"invalid_token","details":{"reason":"Failed to parse JWT"}}]"#,
            "Lab",
        )
        .expect("events")[0];
        let mut one = key(1, ASKING, "frontend", 4_990, &[], &[]);
        one.client = None;
        let mut other = one.clone();
        other.step = 2;
        assert_eq!(join(event, &[one.clone()]), Some((1, JoinedBy::ClientAndTime)));
        assert_eq!(join(event, &[one, other]), None, "two steps at once: nobody can tell");
    }

    #[test]
    fn the_login_of_the_reader_is_told_from_a_strangers() {
        let event = |kind: &str, client: &str, time: i64, id: &str| {
            let details = if id.is_empty() { String::new() } else { format!("\"token_id\":\"{id}\"") };
            let json = format!(
                "[{{\"id\":\"a\",\"time\":{time},\"type\":\"{kind}\",\"clientId\":\"{client}\",\"details\":{{{details}}}}}]"
            );
            read_events(&json, "Lab").expect("events").remove(0)
        };
        let login = |jti: Option<&str>| ReadingLogin {
            event_type: CLIENT_LOGIN,
            client: "audit-reader".into(),
            jti: jti.map(str::to_owned),
            from_ms: 5_000,
            to_ms: 5_040,
        };
        let known = [login(Some("r1"))];
        assert!(names_reading(&event("CLIENT_LOGIN", "audit-reader", 90_000, "r1"), &known), "whatever the clocks say");
        assert!(!names_reading(&event("CLIENT_LOGIN", "audit-reader", 5_010, "r2"), &known));
        assert!(!names_reading(&event("CLIENT_LOGIN", "audit-reader", 5_010, ""), &[login(None)]));
        for (kind, client, time, id, jti, own) in [
            ("CLIENT_LOGIN", "audit-reader", 5_010, "", Some("r1"), true),
            ("CLIENT_LOGIN", "audit-reader", 5_010, "x", None, true),
            ("CLIENT_LOGIN_ERROR", "audit-reader", 5_010, "", None, true),
            ("CLIENT_LOGIN", "audit-reader", 5_010, "another", Some("r1"), false),
            ("CLIENT_LOGIN", "reporting", 5_010, "", None, false),
            ("CLIENT_LOGIN", "audit-reader", 60_000, "", None, false),
            ("LOGIN", "audit-reader", 5_010, "", None, false),
        ] {
            let event = event(kind, client, time, id);
            assert_eq!(looks_like_reading(&event, &[login(jti)]), own, "{kind} {client} {time} {id} {jti:?}");
        }
    }

    #[test]
    fn a_question_at_userinfo_is_told_from_a_strangers() {
        let event = |kind: &str, client: Option<&str>, session: Option<&str>, time: i64| {
            let item = serde_json::json!([{"id": "a", "time": time, "type": kind, "clientId": client, "sessionId": session}]);
            read_events(&item.to_string(), "Lab").expect("events").remove(0)
        };
        let asked = ReadingLogin { event_type: USERINFO, client: "frontend".into(), jti: None, from_ms: 5_000, to_ms: 5_040 };
        for (kind, client, session, time, own) in [
            ("USER_INFO_REQUEST_ERROR", Some("frontend"), Some("s"), 5_010, true),
            ("USER_INFO_REQUEST_ERROR", None, None, 5_010, true),
            ("USER_INFO_REQUEST_ERROR", Some("portal"), Some("s"), 5_010, false),
            ("USER_INFO_REQUEST_ERROR", None, None, 60_000, false),
            ("CLIENT_LOGIN", Some("frontend"), None, 5_010, false),
            ("INTROSPECT_TOKEN_ERROR", None, None, 5_010, false),
        ] {
            let event = event(kind, client, session, time);
            assert_eq!(looks_like_reading(&event, std::slice::from_ref(&asked)), own, "{kind} {client:?} {time}");
        }
    }

    #[test]
    fn an_introspection_is_joined_to_its_own_step() {
        let event = &read_events(
            r#"[{"id":"a","time":5000,"type":"INTROSPECT_TOKEN","clientId":"portal","details":{"token_id":"j"}}]"#,
            "Lab",
        )
        .expect("events")[0];
        let steps = [key(1, LOGIN, "frontend", 100, &["j"], &[]), key(2, INTROSPECTION, "portal", 4_990, &["j"], &[])];
        assert_eq!(join(event, &steps), Some((2, JoinedBy::TokenId)));
        assert_eq!(join(event, &steps[..1]), None);
    }
}
