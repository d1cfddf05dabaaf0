//! Server events: read from the provider's own events API and joined to our steps.
//!
//! Reading goes on while the window shows the audit, every few seconds; those requests are not steps of the user and are not
//! journaled one by one. What is journaled is what they found.

use std::collections::HashMap;

use model::{
    audit::Event,
    join::{self, StepKey},
    oauth::Reading,
    operation::{Draft, Operation, Pair},
    profile::Profile,
    secret::Secret,
};

use crate::{journal::JournalFault, workbench::Workbench};

/// How far back the first reading goes, milliseconds.
const FIRST_MS: i64 = 15 * 60 * 1000;
/// Overlap of two readings, milliseconds: a server may save an event late.
const OVERLAP_MS: i64 = 10_000;
/// Clock difference and saving delay allowed when steps for an event are looked up, milliseconds.
const AROUND_MS: i64 = 60_000;

/// Where reading a profile's events stands.
#[derive(Default)]
pub(crate) struct Reader {
    token: Option<(Secret, i64)>,
    from_ms: i64,
}

/// What one reading gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventsRead {
    /// How many events were new.
    pub new: u32,
    /// When, epoch milliseconds.
    pub read_ms: i64,
    /// Why they cannot be read, and what would help.
    pub problem: Option<String>,
}

impl Workbench {
    /// Reads new events of a profile's provider, joins them to steps and keeps them.
    pub async fn read_events(&self, profile: &Profile) -> Result<EventsRead, JournalFault> {
        let read_ms = self.world.now_ms();
        let problem = |text: String| Ok(EventsRead { new: 0, read_ms, problem: Some(text) });
        if profile.provider.events.is_empty() {
            return problem("This profile has no events address. Keycloak: {base}/admin/realms/{realm}/events, under Audit events in the profile.".into());
        }
        let Some(client) = profile.clients.iter().find(|client| client.events) else {
            return problem(
                "No client of this profile reads events. Add a service account client that has the role view-events of realm-management.".into(),
            );
        };
        let mut readers = self.readers.lock().await;
        let reader = readers.entry(profile.id.clone()).or_default();
        let token = match &reader.token {
            Some((token, until_ms)) if *until_ms > read_ms => token.clone(),
            _ => match self.events_token(profile, &client.client_id).await {
                Ok((token, seconds)) => {
                    reader.token = Some((token.clone(), read_ms + (seconds - 10).max(0) * 1000));
                    token
                }
                Err(text) => return problem(text),
            },
        };
        if reader.from_ms == 0 {
            reader.from_ms = read_ms - FIRST_MS;
        }
        let address = format!("{}?max=500&dateFrom={}", profile.provider.events, reader.from_ms);
        let request = http::Request::get(&address)
            .header(http::header::ACCEPT, "application/json")
            .header(http::header::AUTHORIZATION, format!("Bearer {}", token.expose()))
            .body(Vec::new());
        let Ok(request) = request else {
            return problem(format!("The events address {} is not usable.", profile.provider.events));
        };
        let recorded = self.http.send(request, &profile.tls, self.bounds.usual).await;
        let answer = match recorded.result {
            Ok(answer) => answer,
            Err(fault) => return problem(format!("{} {}", fault.message, fault.advice)),
        };
        match answer.status {
            200 => {}
            401 => {
                reader.token = None;
                return problem(format!(
                    "The provider no longer accepts the token of {}. It is fetched anew at the next reading.",
                    client.client_id
                ));
            }
            403 => {
                return problem(format!(
                    "{} may not read events (403). Give its service account the role view-events of realm-management.",
                    client.client_id
                ));
            }
            status => {
                return problem(format!("The events address answered {status}. Check it under Audit events in the profile."));
            }
        }
        let events = match join::read_events(&String::from_utf8_lossy(&answer.body), &profile.provider.name) {
            Ok(events) => events,
            Err(text) => return problem(text),
        };
        let oldest = events.iter().map(|event| event.time_ms).min().unwrap_or(read_ms);
        let new = self.take_events(profile, events)?;
        self.read_again(profile, oldest - AROUND_MS).await?;
        if let Some(newest) = self.journal.newest_event(&profile.id)? {
            reader.from_ms = reader.from_ms.max(newest - OVERLAP_MS);
        }
        Ok(EventsRead { new, read_ms, problem: None })
    }

    /// Joins events to steps and keeps them; events read before their step was written are joined now.
    pub fn take_events(&self, profile: &Profile, mut events: Vec<Event>) -> Result<u32, JournalFault> {
        let now_ms = self.world.now_ms();
        let oldest = events.iter().map(|event| event.time_ms).min().unwrap_or(now_ms).min(now_ms - AROUND_MS);
        let keys = self.journal.marks(&profile.id, oldest - 10 * AROUND_MS, now_ms + AROUND_MS)?;
        // Some event types carry only the user's id; another event of the same user often has the name.
        let names: HashMap<String, String> =
            events.iter().filter_map(|event| Some((event.user_id.clone()?, event.username.clone()?))).collect();
        for event in &mut events {
            set_join(event, &keys);
            if event.username.is_none() {
                event.username = event.user_id.as_ref().and_then(|id| names.get(id)).cloned();
            }
        }
        let new = self.journal.add_events(&profile.id, &events)?;
        for mut event in self.journal.loose_events(&profile.id, oldest - AROUND_MS)? {
            set_join(&mut event, &keys);
            if event.step.is_some() {
                self.journal.join_event(&profile.id, &event)?;
            }
        }
        Ok(new)
    }

    pub(crate) async fn events_token(&self, profile: &Profile, client: &str) -> Result<(Secret, i64), String> {
        let draft = Draft {
            operation: Operation::ClientCredentials,
            profile: profile.id.clone(),
            values: vec![Pair { name: "client".into(), value: client.to_owned() }],
            extra: Vec::new(),
        };
        let materials = self.materials(&draft, profile).await.map_err(|fault| fault.to_string())?;
        let built = model::oauth::build(&draft, profile, &materials)
            .map_err(|faults| faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>().join(" "))?;
        let recorded = self.http.send(built.request, &profile.tls, self.bounds.usual).await;
        let answer = recorded.result.map_err(|fault| format!("{} {}", fault.message, fault.advice))?;
        match model::oauth::read_token_response(answer.status, answer.content_type(), &answer.body) {
            Reading::Ok(response) => match response.access_token {
                Some(token) => Ok((token, response.expires_in.unwrap_or(60))),
                None => Err(format!("{client} got no access token for reading events.")),
            },
            Reading::Refused(error) => Err(format!(
                "{client} got no token for reading events: {}{}. Check its secret in the profile.",
                error.error,
                error.description.map(|text| format!(" ({text})")).unwrap_or_default()
            )),
            Reading::Malformed { message, .. } => Err(message),
        }
    }
}

fn set_join(event: &mut Event, keys: &[StepKey]) {
    if let Some((step, by)) = join::join(event, keys) {
        event.step = Some(step);
        event.joined_by = Some(by);
    }
}
