//! Reading a refusal again with what came to light after it: our earlier steps, the server's events, and the settings behind.
//!
//! A step is diagnosed when it ends, from its own exchange. Its event is readable a moment later, and where event and tokens
//! leave several causes, the settings of the provider often leave one. They are asked for with the client that reads events,
//! only when there is something to decide, and nothing but the members named here is looked at. The step stays in the journal
//! as it was; the newer reading lies beside it.

use model::{
    audit::{Actor, Diagnosis, Outcome, Step},
    dialect::{self, ClientSettings, Facts, Known, ProviderSettings, ScopeSettings, Settings},
    operation::{Draft, Operation},
    profile::{Dialect, Profile},
    secret::Secret,
    text::Line,
    token::TokenView,
};
use serde_json::Value;

use crate::{
    journal::{JournalFault, Reread},
    shelf::Held,
    workbench::Workbench,
};

/// What a step has to be read by: its own exchange, as it came or as the journal kept it.
pub(crate) struct Read<'a> {
    pub(crate) draft: &'a Draft,
    pub(crate) profile: &'a Profile,
    pub(crate) from_gateway: bool,
    pub(crate) status: u16,
    pub(crate) error: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) body: &'a str,
    pub(crate) source: Option<&'a Held>,
    pub(crate) issued: &'a [Held],
    pub(crate) events: &'a [model::audit::Event],
    pub(crate) now_s: i64,
}

impl Read<'_> {
    /// The diagnosis of a refusal, or what a success lacks.
    pub(crate) fn by(&self, known: &Known, refused: bool) -> (Option<Diagnosis>, Vec<Diagnosis>) {
        let view = self.source.map(|held| held.view(self.now_s));
        let issued: Vec<TokenView> = self.issued.iter().map(|held| held.view(self.now_s)).collect();
        let gateway = self.profile.gateway.as_ref().map_or(Dialect::Plain, |gateway| gateway.dialect);
        let facts = Facts {
            dialect: if self.from_gateway { gateway } else { self.profile.provider.dialect },
            operation: self.draft.operation,
            status: self.status,
            error: self.error,
            description: self.description,
            body: self.body,
            subject_claims: self.source.and_then(Held::claims),
            draft: self.draft,
            profile: self.profile,
            events: self.events,
            token_in: view.as_ref(),
            issued: &issued,
            issued_claims: self.issued.first().and_then(Held::claims),
            known,
            now_s: self.now_s,
        };
        match (refused, facts.operation) {
            (true, Operation::Portal) => (model::portal::diagnose(&facts), Vec::new()),
            (true, _) => (dialect::diagnose(&facts), Vec::new()),
            (false, _) => (None, dialect::surprises(&facts)),
        }
    }
}

impl Workbench {
    /// What the journal knows of the token that was sent: earlier steps with it and events about it. `before` is the step's own
    /// number, or none while it has none yet.
    pub(crate) fn known(
        &self,
        profile: &Profile,
        source: Option<&Held>,
        before: Option<i64>,
        now_s: i64,
    ) -> Result<Known, JournalFault> {
        let Some(view) = source.map(|held| held.view(now_s)) else { return Ok(Known::default()) };
        Ok(Known {
            past: self.journal.past(&profile.id, &view, before)?,
            around: self.journal.events_about(&profile.id, &view)?,
            settings: Settings::default(),
        })
    }

    /// Reads steps again whose events have come since, and keeps the new readings.
    pub(crate) async fn read_again(&self, profile: &Profile, from_ms: i64) -> Result<(), JournalFault> {
        for id in self.journal.to_be_read_again(&profile.id, from_ms)? {
            let Some(step) = self.journal.step(id)? else { continue };
            let reread = self.reread(profile, &step).await?;
            self.journal.keep_reading(id, &reread)?;
        }
        Ok(())
    }

    async fn reread(&self, profile: &Profile, step: &Step) -> Result<Reread, JournalFault> {
        let unchanged = || Reread { diagnosis: step.diagnosis.clone(), surprises: step.surprises.clone() };
        let (Some(draft), Some(words)) = (&step.draft, &step.words) else { return Ok(unchanged()) };
        let held = |ids: &[String]| ids.iter().filter_map(|id| self.held(id).ok()).collect::<Vec<_>>();
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
        let mut known = self.known(profile, read.source, Some(step.id), read.now_s)?;
        let (mut diagnosis, mut surprises) = read.by(&known, refused);
        let open = |found: &Diagnosis| !found.certain && !found.others.is_empty();
        if diagnosis.iter().chain(&surprises).any(open) {
            known.settings = self.settings(profile, draft, read.source.map(|held| held.view(read.now_s)).as_ref()).await;
            (diagnosis, surprises) = read.by(&known, refused);
        }
        Ok(Reread { diagnosis, surprises })
    }

    /// Settings that could explain a refusal, as far as the client that reads events may see them. What it may not see stays unknown.
    async fn settings(&self, profile: &Profile, draft: &Draft, token: Option<&TokenView>) -> Settings {
        let mut settings = Settings::default();
        let Some(base) = profile.provider.events.strip_suffix("/events") else { return settings };
        let Some(reader) = profile.clients.iter().find(|client| client.events) else { return settings };
        let Ok((bearer, _)) = self.events_token(profile, &reader.client_id).await else { return settings };
        let asker = Asker { workbench: self, profile, base, bearer: &bearer };
        if let Some(client) = draft.values.iter().find(|pair| pair.name == "client") {
            settings.requester = asker.client(&client.value).await;
        }
        settings.scopes = asker.scopes(&model::oauth::words(draft, "scope")).await;
        let Some(token) = token else { return settings };
        if draft.operation == Operation::JwtBearer {
            settings.identity_providers = asker.identity_providers().await;
            return settings;
        }
        if let Some(client) = &token.client {
            settings.origin = asker.client(client).await;
        }
        settings.realm_not_before = asker.read("", &[]).await.and_then(|realm| number(&realm, "notBefore"));
        if let Some(subject) =
            token.subject.as_deref().filter(|_| token.issuer.as_deref() == Some(profile.provider.issuer.as_str()))
        {
            let user = asker.read(&format!("/users/{subject}"), &[]).await;
            settings.user_enabled = user.as_ref().and_then(|user| user.get("enabled")).and_then(Value::as_bool);
            settings.user_not_before = user.as_ref().and_then(|user| number(user, "notBefore"));
            let sessions = asker.read(&format!("/users/{subject}/sessions"), &[]).await;
            settings.session_alive = token.session.as_deref().and_then(|session| {
                let list = sessions.as_ref()?.as_array()?;
                Some(list.iter().any(|one| one.get("id").and_then(Value::as_str) == Some(session)))
            });
        }
        settings
    }
}

/// Asks the provider's admin API with the rights of the client that reads events.
struct Asker<'a> {
    workbench: &'a Workbench,
    profile: &'a Profile,
    base: &'a str,
    bearer: &'a Secret,
}

impl Asker<'_> {
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
        let answer = self.workbench.http.send(request, &self.profile.tls, self.workbench.bounds.metadata).await.result.ok()?;
        (answer.status == 200).then(|| serde_json::from_slice(&answer.body).ok()).flatten()
    }

    /// The registration holds the client's secret for those who may see it; it is dropped here with the rest.
    async fn client(&self, id: &str) -> Option<ClientSettings> {
        let list = self.read("/clients", &[("clientId", id)]).await?;
        let Some(client) = list.as_array()?.first() else { return Some(ClientSettings::default()) };
        let attribute = |name: &str| client.get("attributes").and_then(|all| all.get(name)).and_then(Value::as_str);
        Some(ClientSettings {
            exists: true,
            // Without it, only part of the registration may be seen, and nothing follows from it.
            enabled: client.get("enabled").and_then(Value::as_bool)?,
            not_before: number(client, "notBefore").unwrap_or(0),
            refresh_tokens: attribute("use.refresh.tokens") != Some("false"),
            exchange_refresh: attribute("standard.token.exchange.enableRefreshRequestedTokenType")
                .is_some_and(|mode| !mode.eq_ignore_ascii_case("NO")),
        })
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
            let named = scope.get("attributes").and_then(|all| all.get("include.in.token.scope")).and_then(Value::as_str);
            found.push(ScopeSettings {
                name: text("name").to_owned(),
                named: named != Some("false"),
                gated: mappings.as_object().is_some_and(|mappings| !mappings.is_empty()),
            });
        }
        Some(found)
    }

    async fn identity_providers(&self) -> Option<Vec<ProviderSettings>> {
        let list = self.read("/identity-provider/instances", &[]).await?;
        let settings = list.as_array()?.iter().map(|provider| {
            let config = |name: &str| {
                provider.get("config").and_then(|config| config.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
            };
            let issuer = config("issuer");
            ProviderSettings {
                enabled: provider.get("enabled").and_then(Value::as_bool).unwrap_or(true),
                jwt_grant: config("jwtAuthorizationGrantEnabled") == "true",
                own_keys: config("useJwksUrl") == "true" && config("jwksUrl").starts_with(&issuer),
                issuer,
            }
        });
        Some(settings.collect())
    }
}

/// A time in seconds. Whoever may see only part of an object does not get it, which is not the same as no limit.
fn number(value: &Value, name: &str) -> Option<i64> {
    value.get(name).and_then(Value::as_i64)
}

fn text(lines: &[Line]) -> String {
    let line = |line: &Line| line.iter().map(|span| span.text.as_str()).collect::<String>();
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}
