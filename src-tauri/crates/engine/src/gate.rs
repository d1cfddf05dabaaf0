//! The gate: how a stored secret gets into a request, and what is asked where it must not go by itself.
//!
//! Building a request takes its secrets from [`AtHand`], which has to name the address. What may not go there ends the step
//! before anything is sent; the crossing is remembered as an open question, and the user's answer opens the gate for this one
//! crossing, for one run or from then on. What a step carries beside its client's secret passes the same gate ([`loads`]).

mod going;
mod loads;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use oauth::{
    message::{Materials, RefusedBefore, TokenMaterial},
    profile::{Client, Profile, ServerRole},
};
use record::operation::{Draft, Operation};
use token::{inspect::TokenView, secret::Secret};
use url::Url;

use going::{Going, ONCE_MS};
use loads::Allowed;

use crate::{
    flow::Problem,
    secrets::{Approval, BoundSecret, Crossing, Destination, Owner, SecretFault, Sort},
    tape::Tape,
    workbench::Workbench,
};

/// How many questions wait for an answer at most; the oldest goes.
const OPEN_QUESTIONS: usize = 16;

/// What the user has to say, and said.
#[derive(Default)]
pub(crate) struct Gate {
    open: Mutex<Vec<(u64, Crossing)>>,
    /// What was allowed for one run, and when, epoch milliseconds.
    once: Mutex<HashMap<Crossing, i64>>,
    /// Addresses that are allowed, by profile and server, as the store was read.
    approved: Mutex<HashMap<(String, ServerRole), Vec<Approval>>>,
    /// Origins that the metadata of an issuer named at their first reading.
    named: Mutex<HashMap<String, BTreeSet<String>>>,
    last: AtomicU64,
    /// How often the store was to be read anew.
    readings: AtomicU64,
}

/// A crossing the user is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Names it for [`Workbench::answer_question`].
    pub id: u64,
    /// What was about to happen.
    pub crossing: Crossing,
}

/// What the user says to a crossing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// This once.
    Once,
    /// For this secret from now on.
    Always,
    /// Not at all.
    No,
}

impl Gate {
    fn ask(&self, crossing: &Crossing) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.iter().any(|(_, known)| known == crossing) {
            return;
        }
        if open.len() >= OPEN_QUESTIONS {
            open.remove(0);
        }
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        open.push((id, crossing.clone()));
    }

    /// Takes a consent that was given for one time. One that waited too long is none.
    fn take(&self, crossing: &Crossing, now_ms: i64) -> bool {
        let mut once = self.once.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that went back does not make a consent last.
        once.remove(crossing).is_some_and(|given_ms| (0..=ONCE_MS).contains(&now_ms.saturating_sub(given_ms)))
    }

    /// Drops every question about a client's secret and every consent that was not used: there is another secret now, or none.
    pub(crate) fn forget(&self, owner: &Owner) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).retain(|(_, crossing)| crossing.owner != *owner);
        self.once.lock().unwrap_or_else(PoisonError::into_inner).retain(|crossing, _| crossing.owner != *owner);
    }

    /// The same of all clients of a profile, and of what they carry.
    pub(crate) fn forget_profile(&self, profile: &str) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).retain(|(_, crossing)| crossing.owner.profile != profile);
        self.once.lock().unwrap_or_else(PoisonError::into_inner).retain(|crossing, _| crossing.owner.profile != profile);
    }

    /// Reads from the store anew what is allowed.
    pub(crate) fn read_anew(&self) {
        let mut approved = self.approved.lock().unwrap_or_else(PoisonError::into_inner);
        self.readings.fetch_add(1, Ordering::Relaxed);
        approved.clear();
    }

    /// Which reading of the store this is.
    fn readings(&self) -> u64 {
        self.readings.load(Ordering::Relaxed)
    }
}

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

impl Workbench {
    /// What a draft needs to become a request that is sent: its tokens, and the secret of its client.
    pub async fn materials(&self, draft: &Draft, profile: &Profile) -> Result<AtHand<'_>, SecretFault> {
        self.gathered(draft, profile, Purpose::Send).await
    }

    /// The same for a request that follows from another without the user's doing.
    pub(crate) async fn materials_to_follow(&self, draft: &Draft, profile: &Profile) -> Result<AtHand<'_>, SecretFault> {
        self.gathered(draft, profile, Purpose::Follow).await
    }

    /// The same for a request that is only shown.
    pub async fn materials_to_show(&self, draft: &Draft, profile: &Profile) -> Result<AtHand<'_>, SecretFault> {
        self.gathered(draft, profile, Purpose::Show).await
    }

    /// The same for writing a request down that was sent long ago: what is gone is replaced by a placeholder, so that its
    /// place in the request can still be named by a variable.
    pub async fn materials_for_writing(&self, draft: &Draft, profile: &Profile) -> Result<AtHand<'_>, SecretFault> {
        self.gathered(draft, profile, Purpose::Write).await
    }

    async fn gathered(&self, draft: &Draft, profile: &Profile, purpose: Purpose) -> Result<AtHand<'_>, SecretFault> {
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
            if let Some(secret) = self.secret(&owner).await? {
                secrets.insert(owner, secret);
            }
        }
        Ok(AtHand {
            workbench: self,
            profile: Box::new(profile.clone()),
            secrets,
            purpose,
            allowed: self.allowed(profile).await,
            going,
            opened: Mutex::default(),
            stopped: Mutex::default(),
            given: Mutex::default(),
            assertions: Mutex::default(),
        })
    }

    /// The text of a client's secret for one address; none where it has none.
    ///
    /// # Errors
    /// What was about to happen, when it may not go there; the user is asked about it.
    pub async fn secret_for(&self, profile: &Profile, client: &Client, to: &Url) -> Result<Option<Secret>, Stopped> {
        let owner = Owner::of(profile, client);
        let going = Going::here();
        going.joined(owner.clone());
        let Some(secret) = self.secret(&owner).await.map_err(Stopped::Store)? else { return Ok(None) };
        let destination = Destination { owner: &owner, profile, url: to };
        match secret.release(&destination, |crossing| going.may(crossing, &self.gate, self.world.now_ms())) {
            Ok(text) => Ok(Some(text)),
            Err(crossing) => {
                self.gate.ask(&crossing);
                Err(Stopped::Crossing(crossing))
            }
        }
    }

    /// The crossings the user has not said anything to yet, the oldest first.
    pub fn questions(&self) -> Vec<Question> {
        let open = self.gate.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.iter().map(|(id, crossing)| Question { id: *id, crossing: crossing.clone() }).collect()
    }

    /// Takes the user's answer. False when the question is no longer open.
    ///
    /// # Errors
    /// The store did not keep the consent; nothing goes then.
    pub async fn answer_question(&self, id: u64, consent: Consent) -> Result<bool, SecretFault> {
        let crossing = {
            let mut open = self.gate.open.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(index) = open.iter().position(|(known, _)| *known == id) else { return Ok(false) };
            open.remove(index).1
        };
        match consent {
            Consent::No => {}
            Consent::Once => {
                self.gate.once.lock().unwrap_or_else(PoisonError::into_inner).insert(crossing, self.world.now_ms());
            }
            Consent::Always if crossing.load.is_some() => {
                let Crossing { owner, issuer, origin, .. } = crossing;
                self.allow(&owner.profile, owner.server, Approval { issuer, origin }).await?;
            }
            Consent::Always => {
                // Read anew: another secret saved meanwhile is not what the user was asked about.
                let Some(mut secret) = self.secret(&crossing.owner).await? else { return Ok(false) };
                if secret.issuer() != crossing.bound.as_deref() || secret.sort() != crossing.sort {
                    return Ok(false);
                }
                secret.approve(&crossing);
                self.keep_as_it_is(&crossing.owner, secret).await?;
            }
        }
        Ok(true)
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
    workbench: &'w Workbench,
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
            self.workbench.gate.ask(&crossing);
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
                && self.going.may(crossing, &self.workbench.gate, self.workbench.world.now_ms())
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
        let held = self.workbench.held(id).ok()?;
        let mut view = held.view(self.workbench.world.now_s());
        let mut text = held.text().cloned();
        if text.is_none() && self.purpose == Purpose::Write {
            text = Some(Secret::new(format!("[token {id}]")));
            view.evidence_only = false;
        }
        Some(TokenMaterial { view, text })
    }

    fn written_out(&self, text: &str) -> Vec<TokenView> {
        let now_s = self.workbench.world.now_s();
        self.workbench.shelf.all().iter().filter(|held| held.stands_in(text)).map(|held| held.view(now_s)).collect()
    }

    fn refused_before(&self, operation: Operation, client_id: &str) -> Option<RefusedBefore> {
        // A journal that cannot be read shows up where it is read; a preview goes on without its memory.
        let (step, diagnosis) = self.workbench.journal.last_refusal(&self.profile.id, operation, client_id).ok()??;
        oauth::server::lies_in_settings(&diagnosis.id).then_some(RefusedBefore { step, cause: diagnosis.cause })
    }

    fn now_s(&self) -> Option<i64> {
        Some(self.workbench.world.now_s())
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
                let assertion = self.workbench.assertion(client, &material, audience)?;
                made.insert(key, assertion.clone());
                assertion
            }
        };
        self.gave(client, &assertion);
        Ok(Some(assertion))
    }
}
