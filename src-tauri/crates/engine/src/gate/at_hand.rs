//! Tokens and secrets for building one request, each of which names the address it is for.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use oauth::{
    binding::{self, Load},
    message::{self, Built, Materials, RefusedBefore, TokenMaterial},
    operation::{Flow, of},
    profile::{Client, Profile, ServerRole},
};
use record::operation::{Draft, FieldFault, Operation};
use token::{inspect::TokenView, secret::Secret};
use url::Url;

use super::{
    going::Going,
    loads::{self, Allowed, crossing},
};
use crate::{
    client_assertion,
    fault::Problem,
    ground::Ground,
    secrets::{BoundSecret, Crossing, Destination, Owner, SecretFault, Sort},
    tape::Tape,
    tokens,
};

/// For what a request is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// To be sent or copied because the user said so: a crossing becomes a question.
    Send,
    /// To be sent as part of something else: a crossing is only an end.
    Follow,
    /// To be shown or written without secrets: a crossing shows a placeholder.
    Show,
    /// The same long afterwards: whatever is gone is a placeholder too.
    Write,
}

/// What a draft needs to become a request that is sent: its tokens, and the secret of its client.
pub(crate) async fn materials<'w>(ground: &'w Ground, draft: &Draft, profile: &Profile) -> Result<AtHand<'w>, SecretFault> {
    gathered(ground, draft, profile, Purpose::Send).await
}

/// The same for a request that follows from another without the user's doing.
pub(crate) async fn materials_to_follow<'w>(
    ground: &'w Ground,
    draft: &Draft,
    profile: &Profile,
) -> Result<AtHand<'w>, SecretFault> {
    gathered(ground, draft, profile, Purpose::Follow).await
}

/// The same for a request that is only shown.
pub(crate) async fn materials_to_show<'w>(
    ground: &'w Ground,
    draft: &Draft,
    profile: &Profile,
) -> Result<AtHand<'w>, SecretFault> {
    gathered(ground, draft, profile, Purpose::Show).await
}

/// The same for writing a request down that was sent long ago: what is gone is replaced by a placeholder, so that its
/// place in the request can still be named by a variable.
pub(crate) async fn materials_for_writing<'w>(
    ground: &'w Ground,
    draft: &Draft,
    profile: &Profile,
) -> Result<AtHand<'w>, SecretFault> {
    gathered(ground, draft, profile, Purpose::Write).await
}

async fn gathered<'w>(ground: &'w Ground, draft: &Draft, profile: &Profile, purpose: Purpose) -> Result<AtHand<'w>, SecretFault> {
    let named = |client: &&Client| {
        draft
            .values
            .iter()
            .any(|pair| matches!(pair.name.as_str(), "client" | "consumer_key") && pair.value.trim() == client.client_id)
    };
    let going = Going::here();
    if purpose == Purpose::Send && draft.values.iter().all(|pair| pair.name != "client") {
        for server in [ServerRole::Provider, ServerRole::Gateway] {
            going.joined(Owner::at(&profile.id, server, ""));
        }
    }
    let mut secrets = HashMap::new();
    for client in profile.clients.iter().filter(named) {
        let owner = Owner::of(profile, client);
        if purpose == Purpose::Send {
            going.joined(owner.clone());
        }
        if let Some(secret) = ground.vault.secret(&owner).await? {
            secrets.insert(owner, secret);
        }
    }
    Ok(AtHand {
        ground,
        profile: Box::new(profile.clone()),
        secrets,
        purpose,
        allowed: loads::allowed(ground, profile).await,
        going,
        opened: Mutex::default(),
        stopped: Mutex::default(),
        given: Mutex::default(),
        assertions: Mutex::default(),
    })
}

/// The text of a client's secret for one address; none where it has none.
pub(crate) async fn secret_for(ground: &Ground, profile: &Profile, client: &Client, to: &Url) -> Result<Option<Secret>, Stopped> {
    let owner = Owner::of(profile, client);
    let going = Going::here();
    going.joined(owner.clone());
    let Some(secret) = ground.vault.secret(&owner).await.map_err(Stopped::Store)? else { return Ok(None) };
    let destination = Destination { owner: &owner, profile, url: to };
    match secret.release(&destination, |crossing| going.may(crossing, &ground.gate, ground.world.now_ms())) {
        Ok(text) => Ok(Some(text)),
        Err(crossing) => {
            ground.gate.ask(&crossing);
            Err(Stopped::Crossing(crossing))
        }
    }
}

/// Why a secret was not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// It may not go there.
    Crossing(Box<Crossing>),
    /// The store failed.
    Store(SecretFault),
}

impl From<&Crossing> for Problem {
    fn from(crossing: &Crossing) -> Self {
        Problem::new(crossing.id(), crossing.message(), crossing.advice())
    }
}

/// Tokens and secrets for building one request.
pub struct AtHand<'w> {
    ground: &'w Ground,
    /// Boxed: it lies in the future of every step.
    profile: Box<Profile>,
    secrets: HashMap<Owner, BoundSecret>,
    purpose: Purpose,
    /// Addresses that are allowed beside those that name the servers.
    allowed: Allowed,
    /// The run this is for, with what the user allowed once.
    going: Arc<Going>,
    /// Where a client's secret was let go: what goes with it may too.
    opened: Mutex<HashSet<(ServerRole, String)>>,
    /// The crossings that were stopped, the first one first.
    stopped: Mutex<Vec<Crossing>>,
    given: Mutex<HashMap<(ServerRole, String), Vec<Secret>>>,
    /// Assertions made so far, by owner, audience and origin: one and the same for preview, copy and sending.
    assertions: Mutex<HashMap<(Owner, String, String), Secret>>,
}

impl AtHand<'_> {
    /// Builds the request of a draft. What may not go where it was to go is a fault of the form, and [`AtHand::stopped`] says so.
    ///
    /// # Errors
    /// What is wrong, by field.
    pub fn build(&self, draft: &Draft) -> Result<Built, Vec<FieldFault>> {
        let built = message::build(draft, &self.profile, self)?;
        match binding::load(draft, &built).map(|load| self.carries(&load)) {
            Some(Err(message)) => Err(vec![FieldFault { field: "client".into(), message }]),
            _ => Ok(built),
        }
    }

    /// Whether a step through the browser may begin: everything it carries later is asked about now.
    pub(crate) fn browser(&self, draft: &Draft) -> Result<(), Problem> {
        let mut first = None;
        for load in binding::browser_loads(draft, &self.profile) {
            if let Err(message) = self.carries(&load) {
                first.get_or_insert(message);
            }
        }
        match (first, self.stopped()) {
            (None, _) => Ok(()),
            (Some(_), Some(crossing)) => Err(Problem::from(&crossing)),
            (Some(message), None) => Err(Problem::new("secret-to-another-host", message, "Correct the addresses in Profiles.")),
        }
    }

    fn carries(&self, load: &Load) -> Result<(), String> {
        if load.address.trim().is_empty() {
            return Ok(());
        }
        let Some(found) = crossing(&self.profile, load, &self.allowed) else { return Ok(()) };
        let place = (found.owner.server, found.origin.clone());
        // The client's secret was let go there, or is asked about: that is the same question. Of a login page it says nothing.
        let opened = || self.opened.lock().unwrap_or_else(PoisonError::into_inner).contains(&place);
        if !binding::is_page(load) && (opened() || self.asked_about(&found)) {
            return Ok(());
        }
        let sends = matches!(self.purpose, Purpose::Send | Purpose::Follow);
        if sends && self.going.may(&found, &self.ground.gate, self.ground.world.now_ms()) {
            return Ok(());
        }
        Err(self.stop(found))
    }

    /// Whether the client's own secret stands before the same place.
    fn asked_about(&self, found: &Crossing) -> bool {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |other: &Crossing| other.owner.server == found.owner.server && other.origin == found.origin;
        stopped.iter().any(|other| other.load.is_none() && same(other))
    }

    /// What a step of this draft would ask before it sends anything; nothing is asked by this.
    pub(crate) fn questions_of(&self, draft: &Draft) -> Vec<Crossing> {
        if of(draft.operation).flow == Flow::LogIn {
            let named =
                message::value(draft, "client").and_then(|id| message::client_of(&self.profile, id, ServerRole::Provider));
            if let (Some(client), Ok(to)) = (named, Url::parse(self.profile.provider.endpoints.token.trim()))
                && client.auth != oauth::profile::ClientAuth::None
            {
                let _ = self.pass(client, &to);
            }
        }
        let _ = self.browser(draft);
        let _ = self.build(draft);
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every assertion that was made.
    pub fn assertions(&self) -> Vec<Secret> {
        self.assertions.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Tells a tape every secret that was fetched, so that none of them is written down. One that is the client's own name is
    /// told by its place only.
    pub(crate) fn hide_on(&self, tape: &Tape) {
        let telling = |(owner, secret): &(&Owner, &BoundSecret)| *secret.for_its_owner() != Secret::new(owner.client.as_str());
        self.secrets.iter().filter(telling).for_each(|(_, secret)| tape.hide(secret.for_its_owner()));
    }

    /// The crossing that kept a request from being built, if one did.
    pub fn stopped(&self) -> Option<Crossing> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner).first().cloned()
    }

    /// Ends the building of a request, with a question where the user pressed the button.
    fn stop(&self, crossing: Box<Crossing>) -> String {
        if self.purpose == Purpose::Send {
            self.going.joined(crossing.owner.clone());
            self.ground.gate.ask(&crossing);
        }
        let message = format!("{} {}", crossing.message(), crossing.advice());
        let mut stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        if !stopped.contains(&*crossing) {
            stopped.push(*crossing);
        }
        message
    }

    /// The text for a request to this address; what may not go there is an error, or a placeholder where nothing is sent.
    fn pass(&self, client: &Client, to: &Url) -> Result<Option<Secret>, String> {
        let owner = Owner::of(&self.profile, client);
        let sort = Sort::of(client);
        let placeholder = || Secret::new(format!("[{} of {}]", sort.words(), client.client_id));
        let Some(bound) = self.secrets.get(&owner) else {
            return Ok((self.purpose == Purpose::Write).then(placeholder));
        };
        if bound.sort() != sort {
            return Err(format!(
                "What is saved for {} is a {}, but the client authenticates by a {}. Save that in Profiles, under clients.",
                client.client_id,
                bound.sort().words(),
                sort.words()
            ));
        }
        let destination = Destination { owner: &owner, profile: &self.profile, url: to };
        let allowed = |crossing: &Crossing| {
            matches!(self.purpose, Purpose::Send | Purpose::Follow)
                && self.going.may(crossing, &self.ground.gate, self.ground.world.now_ms())
        };
        match bound.release(&destination, allowed) {
            Ok(text) => {
                if let Some(origin) = oauth::binding::origin(to.as_str()) {
                    self.opened.lock().unwrap_or_else(PoisonError::into_inner).insert((client.server, origin));
                }
                Ok(Some(text))
            }
            Err(crossing) => {
                let message = self.stop(crossing);
                if matches!(self.purpose, Purpose::Show | Purpose::Write) { Ok(Some(placeholder())) } else { Err(message) }
            }
        }
    }

    /// What a client signs with, for assertions that are made later for this address.
    pub(crate) fn key(&self, client: &Client, to: &Url) -> Result<Option<Secret>, String> {
        self.pass(client, to)
    }

    /// Remembers what went into a request.
    fn gave(&self, client: &Client, value: &Secret) {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let values = given.entry((client.server, client.client_id.clone())).or_default();
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
}

impl Materials for AtHand<'_> {
    fn token(&self, id: &str) -> Option<TokenMaterial> {
        let held = tokens::held(self.ground, id).ok()?;
        let mut view = held.view(self.ground.world.now_s());
        let mut text = held.text().cloned();
        if text.is_none() && self.purpose == Purpose::Write {
            text = Some(Secret::new(format!("[token {id}]")));
            view.evidence_only = false;
        }
        Some(TokenMaterial { view, text })
    }

    fn written_out(&self, text: &str) -> Vec<TokenView> {
        let now_s = self.ground.world.now_s();
        self.ground.shelf.all().iter().filter(|held| held.stands_in(text)).map(|held| held.view(now_s)).collect()
    }

    fn refused_before(&self, operation: Operation, client_id: &str) -> Option<RefusedBefore> {
        // A journal that cannot be read shows up where it is read; a preview goes on without its memory.
        let (step, diagnosis) = self.ground.journal.last_refusal(&self.profile.id, operation, client_id).ok()??;
        oauth::server::lies_in_settings(&diagnosis.id).then_some(RefusedBefore { step, cause: diagnosis.cause })
    }

    fn now_s(&self) -> Option<i64> {
        Some(self.ground.world.now_s())
    }

    fn secret(&self, client: &Client, to: &Url) -> Result<Option<Secret>, String> {
        let passed = self.pass(client, to)?;
        passed.iter().for_each(|value| self.gave(client, value));
        Ok(passed)
    }

    fn given(&self, client: &Client) -> Vec<Secret> {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        given.get(&(client.server, client.client_id.clone())).cloned().unwrap_or_default()
    }

    fn hidden(&self) -> Vec<Secret> {
        let placeholders =
            self.given.lock().unwrap_or_else(PoisonError::into_inner).values().flatten().cloned().collect::<Vec<_>>();
        let mut all: Vec<Secret> = self.secrets.values().map(|secret| secret.for_its_owner().clone()).collect();
        all.extend(placeholders);
        all
    }

    fn assertion(&self, client: &Client, audience: &str, to: &Url) -> Result<Option<Secret>, String> {
        if self.purpose == Purpose::Write {
            let placeholder = Secret::new(format!("[client assertion of {}]", client.client_id));
            self.gave(client, &placeholder);
            return Ok(Some(placeholder));
        }
        let Some(material) = self.pass(client, to)? else { return Ok(None) };
        let owner = Owner::of(&self.profile, client);
        let bound = self.secrets.get(&owner);
        // A preview of what may not be sent shows no assertion that a copy of it could be used as.
        if bound.is_none_or(|bound| *bound.for_its_owner() != material) {
            let placeholder = Secret::new(format!("[client assertion of {}]", client.client_id));
            self.gave(client, &placeholder);
            return Ok(Some(placeholder));
        }
        // Whom the assertion convinces is a destination like the one it is sent to.
        if let Ok(audience) = Url::parse(audience)
            && matches!(audience.scheme(), "http" | "https")
            && self.pass(client, &audience)?.is_none_or(|passed| passed != material)
        {
            let placeholder = Secret::new(format!("[client assertion of {}]", client.client_id));
            self.gave(client, &placeholder);
            return Ok(Some(placeholder));
        }
        let mut made = self.assertions.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (owner, audience.to_owned(), to.origin().ascii_serialization());
        let assertion = match made.get(&key) {
            Some(assertion) => assertion.clone(),
            None => {
                let assertion = client_assertion::fresh(&self.ground.world, client, &material, audience)?;
                made.insert(key, assertion.clone());
                assertion
            }
        };
        self.gave(client, &assertion);
        Ok(Some(assertion))
    }
}
