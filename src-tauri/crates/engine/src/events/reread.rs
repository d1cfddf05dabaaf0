//! Reading a refusal again with what came to light after it: our earlier steps, the server's events, and the settings behind.
//!
//! A step is diagnosed when it ends, from its own exchange. Its event is readable a moment later, and where event and tokens
//! leave several causes, the settings of the provider often leave one. They are asked for with the client that reads events,
//! only when there is something to decide, and nothing but the members named here is looked at. Where they may not be read
//! either, userinfo of the same realm is asked about the same token: it names causes that other endpoints keep to themselves.
//! The step stays in the journal as it was; the newer reading lies beside it.

use oauth::{
    cut::Shown as _,
    message,
    operation::of,
    profile::{Profile, ServerRole},
    refusal::{self, Background, ClientSettings, Fate, ProviderSettings, ScopeSettings, Settings, UserinfoAnswer},
    server::ChangesQuery,
};
use record::{
    audit::{Actor, Diagnosis, Event, Outcome, Step},
    join,
    operation::{Draft, Operation},
    redact,
};
use serde_json::Value;
use token::{inspect::TokenView, secret::Secret, text::Line};

use super::reader::{self, token_of};
use crate::{
    diagnosis::{self, Read},
    gate,
    ground::Ground,
    http::HttpAnswer,
    journal::{JournalFault, Reread},
    shelf::Held,
    tokens,
};

/// How many refused questions at userinfo are looked at.
const QUESTIONS: &str = "20";

/// How many changes of one kind are looked through.
const CHANGES: &str = "100";

/// The times changes of the server are held against.
#[derive(Clone, Copy)]
struct Moment {
    /// When the step was answered: by the clock of the server where an event of it tells, else by ours.
    until_ms: i64,
    /// When the session of its token was last seen at work.
    alive_ms: Option<i64>,
}

impl Moment {
    fn of(step: &Step, known: &Background, token: Option<&TokenView>) -> Self {
        let ours = step.started_ms + step.duration_us / 1000;
        let until_ms = step.events.iter().map(|event| event.time_ms).max().unwrap_or(ours);
        Self { until_ms, alive_ms: token.and_then(|token| known.alive_ms(token, until_ms)) }
    }
}

/// Reads steps again whose events have come since, and keeps the new readings.
pub(crate) async fn read_again(ground: &Ground, profile: &Profile, from_ms: i64) -> Result<(), JournalFault> {
    for id in ground.journal.to_be_read_again(&profile.id, from_ms).await? {
        // One that cannot be read keeps nobody from the others.
        let Ok(Some(step)) = ground.journal.step_later(id).await else { continue };
        let mut reread = reread(ground, profile, &step).await?;
        let secret = tokens::known_here(ground);
        reread.diagnosis.iter_mut().chain(&mut reread.surprises).for_each(|found| redact::diagnosis(found, &secret));
        ground.journal.keep_reading(id, reread).await?;
    }
    Ok(())
}

async fn reread(ground: &Ground, profile: &Profile, step: &Step) -> Result<Reread, JournalFault> {
    let unchanged = || Reread { diagnosis: step.diagnosis.clone(), surprises: step.surprises.clone() };
    let (Some(draft), Some(words)) = (&step.draft, &step.words) else { return Ok(unchanged()) };
    let held = |ids: &[String]| ids.iter().filter_map(|id| tokens::held(ground, id).ok()).collect::<Vec<_>>();
    let (sources, issued) = (held(&step.tokens_in), held(&step.tokens_out));
    let body = text(&words.body);
    let main = step.main_exchange.and_then(|seq| step.exchanges.iter().find(|exchange| exchange.seq == seq));
    let read = Read {
        draft,
        profile,
        from_gateway: main.is_some_and(|exchange| matches!(exchange.to, Actor::Gateway | Actor::Portal)),
        status: words.status,
        error: words.error.as_deref(),
        description: words.description.as_deref(),
        body: &body,
        source: sources.first(),
        issued: &issued,
        events: &step.events,
        now_s: (step.started_ms + step.duration_us / 1000).div_euclid(1000),
    };
    let refused = step.outcome == Outcome::Refused;
    let mut known = diagnosis::known(ground, profile, read.source, Some(step.id), draft, &step.exchanges, read.now_s).await;
    let (mut diagnosis, mut surprises) = read.by(&known, refused);
    let open = |found: &Diagnosis| !found.certain && !found.others.is_empty();
    if diagnosis.iter().chain(&surprises).any(open) {
        let token = read.source.map(|held| held.view(read.now_s));
        let at = Moment::of(step, &known, token.as_ref());
        if let Some(asker) = asker(ground, profile).await {
            known.settings = asker.settings(draft, token.as_ref(), at).await;
            (diagnosis, surprises) = read.by(&known, refused);
            let tells = |found: &Diagnosis, token| refusal::userinfo_could_tell(found, token, profile, ground.world.now_s());
            if let (Some(held), Some(token)) = (read.source, &token)
                && diagnosis.iter().chain(&surprises).any(|found| tells(found, token))
            {
                known.userinfo = asker.userinfo(held, token).await;
                (diagnosis, surprises) = read.by(&known, refused);
            }
        }
    }
    Ok(Reread { diagnosis: diagnosis.shown(), surprises: surprises.shown() })
}

/// Whoever may ask the admin API for this profile: the client that reads events.
async fn asker<'a>(ground: &'a Ground, profile: &'a Profile) -> Option<Asker<'a>> {
    let base = profile.provider.events.strip_suffix("/events")?;
    let reader = profile.clients.iter().find(|client| client.events)?;
    let bearer = reader::events_token(ground, profile, reader).await.ok()?;
    Some(Asker { ground, profile, base, bearer })
}

/// Asks the provider with the rights of the client that reads events.
struct Asker<'a> {
    ground: &'a Ground,
    profile: &'a Profile,
    base: &'a str,
    bearer: Secret,
}

impl Asker<'_> {
    /// Settings that could explain a refusal, as far as the client that reads events may see them. What it may not look at it may
    /// still read of in admin events; the rest stays unknown.
    async fn settings(&self, draft: &Draft, token: Option<&TokenView>, at: Moment) -> Settings {
        let mut settings = Settings::default();
        let requester = oauth::message::value(draft, "client");
        let mut scopes = oauth::message::words(draft, "scope");
        // These two have a meaning of their own and are judged by it.
        scopes.retain(|scope| !matches!(*scope, "openid" | "offline_access"));
        if let Some(client) = requester {
            settings.requester = self.client(client).await;
        }
        settings.scopes = self.scopes(&scopes).await;
        match token {
            Some(_) if of(draft.operation).asserts() => {
                settings.identity_providers = self.identity_providers().await;
                settings.providers_complete = settings.identity_providers.is_some();
            }
            Some(token) => self.about(token, &mut settings).await,
            None => {}
        }
        let wanted = wanted(&settings, draft.operation, token, &scopes);
        settings.told_by(
            &self.changes(wanted).await,
            &ChangesQuery { requester, token, scopes: &scopes, until_ms: at.until_ms, alive_ms: at.alive_ms },
        );
        settings
    }

    /// What userinfo says of a token that was refused. Where its answer names no cause, the event of the question may; it names no
    /// token, so it counts only if nothing else came to userinfo meanwhile that was refused for another reason.
    async fn userinfo(&self, held: &Held, token: &TokenView) -> Option<Fate> {
        let now_s = self.ground.world.now_s();
        let tells = |answer: &HttpAnswer, events: &[Event]| {
            let (error, description) =
                (message::challenged(&answer.headers, "error"), message::challenged(&answer.headers, "error_description"));
            let words = UserinfoAnswer { status: answer.status, error: error.as_deref(), description: description.as_deref() };
            refusal::userinfo_tells(words, events, token, self.profile, now_s)
        };
        let answer = self.ask_userinfo(held, token).await?;
        let told = tells(&answer, &[]);
        if told.is_some() || answer.status != 401 {
            return told;
        }
        let before = self.refused_questions().await?;
        let answer = self.ask_userinfo(held, token).await?;
        let mut since = self.refused_questions().await?;
        since.retain(|event| before.iter().all(|old| old.id != event.id));
        let told: Vec<Option<Fate>> = since.into_iter().map(|event| tells(&answer, &[event])).collect();
        told.first().copied().flatten().filter(|first| told.iter().all(|other| *other == Some(*first)))
    }

    async fn ask_userinfo(&self, held: &Held, token: &TokenView) -> Option<HttpAnswer> {
        // Nobody asked for this question, so it goes to the provider itself or to nobody.
        let load = token_of("", &self.profile.provider.endpoints.userinfo);
        gate::may_go(self.ground, self.profile, &load, false).await.ok()?;
        let request = http::Request::get(&self.profile.provider.endpoints.userinfo)
            .header(http::header::ACCEPT, "application/json")
            .header(http::header::AUTHORIZATION, format!("Bearer {}", held.text()?.expose()))
            .body(Vec::new())
            .ok()?;
        let from_ms = self.ground.world.now_ms();
        let answer = self.ground.http.send(request, &self.profile.tls, self.ground.bounds.metadata).await.result;
        reader::note_asked(
            self.ground,
            &self.profile.id,
            join::USERINFO,
            token.client.as_deref().unwrap_or_default(),
            None,
            from_ms,
        );
        answer.ok()
    }

    /// The newest events of questions at userinfo that were refused.
    async fn refused_questions(&self) -> Option<Vec<Event>> {
        let kind = format!("{}_ERROR", join::USERINFO);
        let list = self.read("/events", &[("type", &kind), ("first", "0"), ("max", QUESTIONS)]).await?;
        join::read_events(&list.to_string(), &self.profile.place(ServerRole::Provider)).ok()
    }

    /// What stands behind a token: the client it was issued to, its user and its session.
    async fn about(&self, token: &TokenView, settings: &mut Settings) {
        if let Some(client) = &token.client {
            settings.origin = self.client(client).await;
        }
        settings.realm_not_before = self.read("", &[]).await.and_then(|realm| number(&realm, "notBefore"));
        let own = token.issuer.as_deref() == Some(self.profile.provider.issuer.as_str());
        if let Some(subject) = token.subject.as_deref().filter(|_| own) {
            let user = self.read(&format!("/users/{subject}"), &[]).await;
            settings.user_enabled = user.as_ref().and_then(|user| user.get("enabled")).and_then(Value::as_bool);
            settings.user_not_before = user.as_ref().and_then(|user| number(user, "notBefore"));
            let sessions = self.read(&format!("/users/{subject}/sessions"), &[]).await;
            settings.session_alive = token.session.as_deref().and_then(|session| {
                let list = sessions.as_ref()?.as_array()?;
                Some(list.iter().any(|one| one.get("id").and_then(Value::as_str) == Some(session)))
            });
        }
    }

    /// The last changes by administrators, newest first; none where they are not saved or may not be read.
    async fn changes(&self, wanted: Vec<(&str, String)>) -> Vec<Value> {
        let mut changes: Vec<Value> = Vec::new();
        for (filter, value) in wanted {
            let found = self.read("/admin-events", &[(filter, &value), ("first", "0"), ("max", CHANGES)]).await;
            changes.extend(found.as_ref().and_then(Value::as_array).into_iter().flatten().cloned());
        }
        changes.sort_by_key(|change| std::cmp::Reverse(number(change, "time")));
        changes
    }

    /// The answer as JSON; none when it may not be read or is not there.
    async fn read(&self, path: &str, query: &[(&str, &str)]) -> Option<Value> {
        let mut url = url::Url::parse(&format!("{}{path}", self.base)).ok()?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = http::Request::get(url.as_str())
            .header(http::header::ACCEPT, "application/json")
            .header(http::header::AUTHORIZATION, format!("Bearer {}", self.bearer.expose()))
            .body(Vec::new())
            .ok()?;
        let answer = self.ground.http.send(request, &self.profile.tls, self.ground.bounds.metadata).await.result.ok()?;
        (answer.status == 200 && answer.readable().is_ok()).then(|| serde_json::from_slice(&answer.body).ok()).flatten()
    }

    /// The registration holds the client's secret for those who may see it; it is dropped here with the rest.
    async fn client(&self, id: &str) -> Option<ClientSettings> {
        let list = self.read("/clients", &[("clientId", id)]).await?;
        match list.as_array()?.first() {
            Some(client) => ClientSettings::of(client),
            None => Some(ClientSettings::default()),
        }
    }

    /// The client scopes of these names.
    async fn scopes(&self, names: &[&str]) -> Option<Vec<ScopeSettings>> {
        let list = self.read("/client-scopes", &[]).await?;
        let mut found = Vec::new();
        for scope in list.as_array()? {
            let text = |name: &str| scope.get(name).and_then(Value::as_str).unwrap_or_default();
            if !names.contains(&text("name")) {
                continue;
            }
            let mappings = self.read(&format!("/client-scopes/{}/scope-mappings", text("id")), &[]).await?;
            found.push(ScopeSettings::of(scope, mappings.as_object().is_some_and(|mappings| !mappings.is_empty())));
        }
        Some(found)
    }

    async fn identity_providers(&self) -> Option<Vec<ProviderSettings>> {
        let list = self.read("/identity-provider/instances", &[]).await?;
        Some(list.as_array()?.iter().map(ProviderSettings::of).collect())
    }
}

/// Which admin events could tell what is still unknown: a filter of the admin events API and its value.
fn wanted(settings: &Settings, operation: Operation, token: Option<&TokenView>, scopes: &[&str]) -> Vec<(&'static str, String)> {
    let mut wanted = Vec::new();
    let mut kind = |unknown: bool, kinds: &[&str]| {
        wanted.extend(kinds.iter().filter(|_| unknown).map(|kind| ("resourceTypes", (*kind).to_owned())));
    };
    let about = token.filter(|_| !of(operation).asserts());
    kind(settings.requester.is_none() || about.is_some_and(|_| settings.origin.is_none()), &["CLIENT"]);
    kind(!scopes.is_empty() && settings.scopes.is_none(), &["CLIENT_SCOPE", "REALM_SCOPE_MAPPING", "CLIENT_SCOPE_MAPPING"]);
    kind(of(operation).asserts() && settings.identity_providers.is_none(), &["IDENTITY_PROVIDER"]);
    kind(about.is_some() && settings.realm_not_before.is_none(), &["REALM"]);
    kind(about.is_some() && settings.session_alive.is_none(), &["USER_SESSION"]);
    let user = about.filter(|_| settings.user_enabled.is_none()).and_then(|token| token.subject.as_ref());
    wanted.extend(user.map(|subject| ("resourcePath", format!("users/{subject}*"))));
    wanted
}

/// A time, in whatever unit it is. Whoever may see only part of an object does not get it, which is not the same as no limit.
fn number(value: &Value, name: &str) -> Option<i64> {
    value.get(name).and_then(Value::as_i64)
}

fn text(lines: &[Line]) -> String {
    let line = |line: &Line| line.iter().map(|span| span.text.as_str()).collect::<String>();
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}
