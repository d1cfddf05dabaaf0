//! What a step is read by when its cause is looked for: its own exchange, and what the journal knows of the token that was sent.
//!
//! A step is diagnosed when it ends; once its event is there it is read again (`events/reread.rs`).

use oauth::{
    operation::{Flow, of},
    profile::{Dialect, Profile, ServerRole},
    refusal::{self, Background, Behind, RefusalFacts},
};
use record::{
    audit::{Diagnosis, Event, Exchange},
    operation::Draft,
};
use token::inspect::TokenView;

use crate::{ground::Ground, shelf::Held, tokens};

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
    pub(crate) events: &'a [Event],
    pub(crate) now_s: i64,
}

impl Read<'_> {
    /// Whether an API was called that does not lie at the provider's own address.
    fn asks_an_api(&self) -> bool {
        let origin = |address: &str| url::Url::parse(address).ok().map(|url| url.origin());
        let called = oauth::message::value(self.draft, "url").and_then(origin);
        of(self.draft.operation).calls_api() && called != origin(&self.profile.provider.issuer)
    }

    /// The diagnosis of a refusal, or what a success lacks.
    pub(crate) fn by(&self, known: &Background, refused: bool) -> (Option<Diagnosis>, Vec<Diagnosis>) {
        let view = self.source.map(|held| held.view(self.now_s));
        let issued: Vec<TokenView> = self.issued.iter().map(|held| held.view(self.now_s)).collect();
        let gateway = self.profile.gateway.as_ref().map(|gateway| gateway.dialect).unwrap_or_default();
        let facts = RefusalFacts {
            dialect: match self.from_gateway {
                true => gateway,
                // An API that is none of the provider's own has none of its habits.
                false if self.asks_an_api() => Dialect::default(),
                false => self.profile.provider.dialect,
            },
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
        match (refused, of(facts.operation).flow) {
            (true, Flow::Portal) => (oauth::portal::diagnose(&facts), Vec::new()),
            (true, _) => (refusal::diagnose(&facts), Vec::new()),
            (false, _) => (None, refusal::surprises(&facts)),
        }
    }
}

fn is_of_gateway(profile: &Profile, client: &str) -> bool {
    profile.clients.iter().any(|one| one.client_id == client && one.server == ServerRole::Gateway)
}

/// What the journal knows of the token that was sent: earlier steps with it and events about it; and what the step's own
/// `exchanges` tell of a request behind the gateway. `before` is the step's own number, or none while it has none yet.
pub(crate) async fn known(
    ground: &Ground,
    profile: &Profile,
    source: Option<&Held>,
    before: Option<i64>,
    draft: &Draft,
    exchanges: &[Exchange],
    now_s: i64,
) -> Background {
    let secret = match oauth::message::value(draft, "client") {
        // Only a gateway's clients have secrets made at its portal; looking reads many steps.
        Some(client) if of(draft.operation).flow != Flow::Portal && is_of_gateway(profile, client) => {
            ground.journal.made_secret(&profile.id, client, before).await.unwrap_or_default()
        }
        _ => None,
    };
    let behind = Behind::of(exchanges).filter(|_| of(draft.operation).calls_api());
    let known = Background { behind, secret, wanted_scope: Background::wanted_scope(exchanges), ..Background::default() };
    let Some(view) = source.map(|held| held.view(now_s)) else { return known };
    let parent = view.parent.as_deref().and_then(|id| tokens::held(ground, id).ok());
    // What cannot be read is not known; the step is none the less what it is.
    Background {
        past: ground.journal.past(&profile.id, &view, before).await.unwrap_or_default(),
        around: ground.journal.events_about(&profile.id, &view).await.unwrap_or_default(),
        parent_ends_s: parent.and_then(|held| held.view(now_s).expires_at),
        ..known
    }
}
