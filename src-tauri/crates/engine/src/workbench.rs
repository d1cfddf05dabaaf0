//! The workbench: everything of one running app, as the shell sees it. What is asked of it is done in the rooms below; here
//! each question only gets its name.

use std::{path::Path, sync::Arc};

use oauth::{
    acceptance::{Trace, repeat::RepeatPlan},
    drift::DriftOf,
    events::{EventFilter, EventSettings, PredictAsk, SettingAdvice},
    form::Preview,
    mapping::Mapping,
    paste::Pasting,
    profile::{Client, Profile, ServerRole},
    progress::Progress,
};
use record::{
    audit::{Event, Step},
    operation::Draft,
    redact,
};
use token::{
    bounded::{Part, TokenText},
    inspect::{Inspection, TokenView},
    secret::Secret,
    truth::Truth,
};
use url::Url;

use crate::{
    acceptance::{self, Doors},
    asking,
    bodies::{self, Bodies},
    drift::{self, DriftFault, Drifted},
    events::{self, Blocked, EventsRead, Readers, SearchFault},
    flow::{self, CallMade, DiscoverFault, Discovered, InfoRead, RunFault},
    gate::{self, AtHand, Consent, Gate, Question, Stopped},
    ground::Ground,
    http::Http,
    journal::{Journal, JournalFault, Recovered},
    judge::{self, Compared, Examined},
    keys::Keys,
    logs::{self, Logs},
    mapping, pasted, preview,
    repeat::{self, Repeated},
    running::Runs,
    secrets::{Approval, BoundSecret, Installation, Owner, SecretFault, Secrets},
    shelf::{Held, Shelf},
    tokens,
    vault::Vault,
    verification,
    world::World,
};

pub use crate::{
    fault::TokenFault,
    http::{Bounds, Limits},
    lasting,
};

/// See the module.
pub struct Workbench {
    pub(crate) ground: Ground,
    /// Client secrets.
    pub secrets: Arc<Secrets>,
    /// The record.
    pub journal: Arc<Journal>,
    /// The server log that is open.
    pub logs: Logs,
}

impl Workbench {
    /// Opens journal, shelf and secret store under a data folder. What had to be repaired is returned to be shown.
    pub fn open(folder: &Path, world: World) -> Result<(Self, Vec<Recovered>), JournalFault> {
        let installation = Installation::of(folder, &world);
        Self::with(folder, world, Secrets::unasked(folder.join("secrets.sealed")).of(installation))
    }

    /// The same with a secret store of the caller's.
    pub fn with(folder: &Path, world: World, secrets: Secrets) -> Result<(Self, Vec<Recovered>), JournalFault> {
        let (journal, recovered) = Journal::open(folder, world.now_ms())?;
        let mut recovered: Vec<Recovered> = recovered.into_iter().collect();
        // What cannot be read of the last session is missed on the shelf, and keeps nobody from working.
        let unread = match journal.last_tokens() {
            Ok((kept, 0)) => Ok(kept),
            Ok((kept, broken)) => {
                let what = if broken == 1 { "1 token".to_owned() } else { format!("{broken} tokens") };
                Err((kept, format!("The record of {what} of the last session cannot be read.")))
            }
            Err(fault) => Err((Vec::new(), fault.to_string())),
        };
        let kept = unread.unwrap_or_else(|(kept, message)| {
            recovered.push(Recovered {
                id: "journal-tokens",
                message,
                advice: "What can be read is on the shelf as evidence. The steps that gave the others are in Audit.".into(),
                memory_only: false,
            });
            kept
        });
        let shelf = Shelf::with_evidence(kept);
        // Sessions only have to differ and to grow.
        let session = journal.next_session().unwrap_or_else(|_| world.now_ms());
        let (journal, secrets) = (Arc::new(journal), Arc::new(secrets));
        let ground = Ground {
            http: Http::new(world.clone()),
            bounds: Bounds::default(),
            keys: Keys::default(),
            shelf,
            bodies: Bodies::default(),
            runs: Runs::default(),
            readers: Readers::default(),
            vault: Vault::of(Arc::clone(&secrets)),
            gate: Gate::default(),
            journal: Arc::clone(&journal),
            session,
            world,
        };
        let logs = Logs::with(Arc::clone(&ground.world.clock));
        Ok((Self { ground, secrets, journal, logs }, recovered))
    }

    /// The same workbench with other limits of time and size.
    #[must_use]
    pub fn with_bounds(mut self, bounds: Bounds) -> Self {
        self.ground.bounds = bounds;
        self
    }

    /// Now, epoch milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.ground.world.now_ms()
    }

    /// Forgets keys and event positions of servers that were started anew.
    pub async fn forget_servers(&self) {
        self.ground.keys.forget();
        self.ground.readers.forget();
        gate::forget_secrets(&self.ground);
    }

    /// Shelf lines, oldest first. What a token has beyond the one it was made from counts among its findings.
    pub fn tokens(&self) -> Vec<TokenView> {
        judge::views(&self.ground)
    }

    /// Finds tokens in pasted text, and puts none of them anywhere.
    ///
    /// # Errors
    /// When there is none; the message says what was expected.
    pub fn found_in(&self, text: &str) -> Result<Pasting, TokenFault> {
        pasted::found_in(text)
    }

    /// Finds tokens in pasted text and puts them on the shelf.
    pub fn paste(&self, text: &str) -> Result<(Vec<String>, String), TokenFault> {
        pasted::paste(&self.ground, text)
    }

    /// Puts those of the tokens of a pasted text on the shelf that were chosen, by their places in [`Workbench::found_in`].
    ///
    /// # Errors
    /// When there is none of them, or the journal failed.
    pub fn paste_chosen(&self, text: &str, chosen: &[usize]) -> Result<(Vec<String>, String), TokenFault> {
        pasted::paste_chosen(&self.ground, text, chosen)
    }

    /// A copy of a token on the shelf, or of its evidence in the journal.
    pub fn held(&self, id: &str) -> Result<Held, TokenFault> {
        tokens::held(&self.ground, id)
    }

    /// The inspector's reading of a token.
    pub fn inspect(&self, id: &str) -> Result<Inspection, TokenFault> {
        tokens::inspect(&self.ground, id)
    }

    /// The part of a long text of a token's reading that begins at a line.
    ///
    /// # Errors
    /// When the token is gone.
    pub fn token_part(&self, id: &str, what: TokenText, from: usize) -> Result<Part, TokenFault> {
        tokens::token_part(&self.ground, id, what, from)
    }

    /// The text of a token, in clear: only for the user's own visible request.
    pub fn raw_token(&self, id: &str) -> Result<Secret, TokenFault> {
        tokens::raw_token(&self.ground, id)
    }

    /// Takes a token off the shelf.
    pub fn remove_token(&self, id: &str) -> Result<(), JournalFault> {
        tokens::remove_token(&self.ground, id)
    }

    /// Puts a token back that was taken off the shelf, with its text. False when it was not removed since the app was opened.
    pub fn restore_token(&self, id: &str) -> Result<bool, JournalFault> {
        tokens::restore_token(&self.ground, id)
    }

    /// Verifies each token with the keys of its issuer, by the first profile that knows that issuer; what none of them knows is
    /// said by the first. A pasted token that names the issuer of exactly one profile is that profile's from then on.
    /// It can be stopped as [`lasting::VERIFICATION`]; false when it was.
    pub async fn verify_with_profiles(&self, ids: &[String], profiles: &[Profile]) -> bool {
        verification::verify_with_profiles(&self.ground, ids, profiles).await
    }

    /// Verifies tokens that name an issuer of this profile with that issuer's keys.
    pub async fn verify_with_profile(&self, ids: &[String], profile: &Profile) {
        verification::verify_with_profile(&self.ground, ids, profile).await;
    }

    /// Verifies one token with a key the user pasted (JWKS, JWK or PEM); `content` is the payload of a token that carries
    /// none. An encrypted token is decrypted instead. Gives the ids of tokens that came up inside it.
    pub fn verify_with_key(&self, id: &str, key: &str, content: Option<&str>) -> Result<(Inspection, Vec<String>), TokenFault> {
        verification::verify_with_key(&self.ground, id, key, content)
    }

    /// Puts two to four tokens side by side, each with the checks of one resource. Without a chosen resource the one whose
    /// name is in the audience of the last token that has one is taken.
    pub fn compare(&self, ids: &[String], resource: Option<&str>, profile: Option<&Profile>) -> Result<Compared, TokenFault> {
        judge::compare(&self.ground, ids, resource, profile)
    }

    /// What the inspector says beside the token's own reading.
    pub fn examine(&self, id: &str, resource: Option<&str>, profile: Option<&Profile>) -> Result<Examined, TokenFault> {
        judge::examine(&self.ground, id, resource, profile)
    }

    /// The mapping check of a token of either side. `other` is the other side; without it the one is taken that belongs to it.
    /// `claim` is the role claim WSO2 is told to read, when that is known; `plain` an address of the gateway's key manager that
    /// other servers reach without TLS, if it has one.
    ///
    /// # Errors
    /// When a token is gone or has no claims to read.
    pub fn mapping(
        &self,
        id: &str,
        other: Option<&str>,
        claim: Option<&str>,
        profile: &Profile,
        plain: Option<&str>,
    ) -> Result<Mapping, TokenFault> {
        mapping::mapping(&self.ground, id, other, claim, profile, plain)
    }

    /// A client's secret; the keychain is asked once.
    pub async fn secret(&self, owner: &Owner) -> Result<Option<BoundSecret>, SecretFault> {
        self.ground.vault.secret(owner).await
    }

    /// Keeps what the user entered for a client of a profile, bound to the server the profile names for it now.
    pub async fn keep_secret(&self, profile: &Profile, client: &Client, text: Secret) -> Result<(), SecretFault> {
        gate::keep_secret(&self.ground, profile, client, text).await
    }

    /// Keeps a secret with what is known of it. What was asked and allowed once was meant for the one that was there.
    pub async fn keep_bound(&self, owner: &Owner, secret: BoundSecret) -> Result<(), SecretFault> {
        gate::keep_bound(&self.ground, owner, secret).await
    }

    /// Forgets the secret of a client, wherever it is held.
    pub async fn forget_secret(&self, owner: &Owner) -> Result<(), SecretFault> {
        gate::forget_secret(&self.ground, owner).await
    }

    /// Forgets secrets that were read, so that a change in the store is seen.
    pub fn forget_secrets(&self) {
        gate::forget_secrets(&self.ground);
    }

    /// Closes every question about a profile, and forgets what was said once and not used.
    pub fn forget_words(&self, profile: &str) {
        self.ground.gate.forget_profile(profile);
    }

    /// What is secret of all that is at hand: for what is written or copied outside a step.
    pub fn known_here(&self) -> redact::KnownSecrets {
        tokens::known_here(&self.ground)
    }

    /// The crossings the user has not said anything to yet, the oldest first.
    pub fn questions(&self) -> Vec<Question> {
        gate::questions(&self.ground)
    }

    /// Takes the user's answer. False when the question is no longer open.
    ///
    /// # Errors
    /// The store did not keep the consent; nothing goes then.
    pub async fn answer_question(&self, id: u64, consent: Consent) -> Result<bool, SecretFault> {
        gate::answer_question(&self.ground, id, consent).await
    }

    /// The text of a client's secret for one address; none where it has none.
    ///
    /// # Errors
    /// What was about to happen, when it may not go there; the user is asked about it.
    pub async fn secret_for(&self, profile: &Profile, client: &Client, to: &Url) -> Result<Option<Secret>, Stopped> {
        gate::secret_for(&self.ground, profile, client, to).await
    }

    /// What is allowed at a profile's servers beside the host that names each, by the user or by that server itself.
    pub async fn allowed_addresses(&self, profile: &str) -> Vec<(ServerRole, Approval)> {
        gate::allowed_addresses(&self.ground, profile).await
    }

    /// Takes back what was allowed: from now on it is asked about. What was said once and not used yet goes with it.
    ///
    /// # Errors
    /// When the store fails; it is still allowed then.
    pub async fn take_back(&self, profile: &str, server: ServerRole, approval: &Approval) -> Result<(), SecretFault> {
        gate::take_back(&self.ground, profile, server, approval).await
    }

    /// Forgets every address that was allowed for a profile: one that is new has none, and one that is gone leaves none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget_approvals(&self, profile: &str) -> Result<(), SecretFault> {
        gate::forget_approvals(&self.ground, profile).await
    }

    /// Allows the addresses of a profile that is saved which its issuer named itself, read while this app runs. `before` is the
    /// profile as it was saved: where it had been read from this issuer already, a later reading allows nothing, however often it is
    /// saved. True when one was allowed.
    ///
    /// # Errors
    /// When the store did not keep them; the user is asked then.
    pub async fn allow_named(&self, profile: &Profile, before: Option<&Profile>) -> Result<bool, SecretFault> {
        gate::allow_named(&self.ground, profile, before).await
    }

    /// The live preview of a draft.
    pub async fn preview(&self, draft: &Draft, profile: &Profile) -> Result<Preview, SecretFault> {
        preview::preview(&self.ground, draft, profile).await
    }

    /// The draft with the tokens of other environments in it confirmed, as somebody does who was asked about each.
    ///
    /// # Errors
    /// When the secret store failed.
    pub async fn confirmed(&self, draft: &Draft, profile: &Profile) -> Result<Draft, SecretFault> {
        preview::confirmed(&self.ground, draft, profile).await
    }

    /// What a draft needs to become a request that is sent: its tokens, and the secret of its client.
    pub async fn materials(&self, draft: &Draft, profile: &Profile) -> Result<AtHand<'_>, SecretFault> {
        gate::materials(&self.ground, draft, profile).await
    }

    /// The same for a request that is only shown.
    pub async fn materials_to_show(&self, draft: &Draft, profile: &Profile) -> Result<AtHand<'_>, SecretFault> {
        gate::materials_to_show(&self.ground, draft, profile).await
    }

    /// The same for writing a request down that was sent long ago: what is gone is replaced by a placeholder, so that its
    /// place in the request can still be named by a variable.
    pub async fn materials_for_writing(&self, draft: &Draft, profile: &Profile) -> Result<AtHand<'_>, SecretFault> {
        gate::materials_for_writing(&self.ground, draft, profile).await
    }

    /// Runs a draft at a profile and records it as a step. `run` names it for [`Workbench::cancel`]; `report` hears how it goes.
    ///
    /// # Errors
    /// Only when nothing was sent (incomplete form, secret store) or the journal failed. Everything a server or the network does is in the step.
    pub async fn run(
        &self,
        run: &str,
        draft: &Draft,
        profile: &Profile,
        report: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Step, RunFault> {
        flow::run(&self.ground, run, draft, profile, report).await
    }

    /// Sends a call of the portal and records it as a step. `run` names it for [`Workbench::cancel`].
    ///
    /// # Errors
    /// Only when nothing was sent (incomplete draft, secret store) or the journal failed.
    pub async fn portal(
        &self,
        run: &str,
        draft: &Draft,
        profile: &Profile,
        report: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<CallMade, RunFault> {
        flow::portal(&self.ground, run, draft, profile, report).await
    }

    /// Reads the metadata and keys of what was typed under the trust of `base`, and records that as a step. Nobody is told who
    /// asks: no secret and no token goes to an address that was only typed.
    pub async fn discover(&self, text: &str, base: &Profile) -> Result<Discovered, DiscoverFault> {
        flow::discover(&self.ground, text, base).await
    }

    /// The same with the user's answer to the question which realm of the server is meant (problem `realm-needed`).
    pub async fn discover_realm(&self, text: &str, realm: &str, base: &Profile) -> Result<Discovered, DiscoverFault> {
        flow::discover_realm(&self.ground, text, realm, base).await
    }

    /// Asks the provider of a saved profile for its server info as the client that reads events, and records that as a step.
    ///
    /// # Errors
    /// Only when the journal or the secret store failed.
    pub async fn server_info(&self, profile: &Profile) -> Result<InfoRead, RunFault> {
        flow::server_info(&self.ground, profile).await
    }

    /// What to ask so that the answer can be compared with a token: its client and user, and the scope and audience that were
    /// asked for when it was issued, or, where that is not known, those it has.
    pub fn open_prediction(&self, token: &str) -> Result<PredictAsk, TokenFault> {
        flow::open_prediction(&self.ground, token)
    }

    /// Asks what a client would get for a user, records that as a step, and puts the answer on the shelf.
    ///
    /// # Errors
    /// When something to ask with is missing, or the journal failed. What the server refuses is in the step.
    pub async fn predict(&self, ask: &PredictAsk, profile: &Profile) -> Result<Step, RunFault> {
        flow::predict(&self.ground, ask, profile).await
    }

    /// Takes over into the profile what a finished step taught about its provider; says whether anything changed.
    pub fn teach(&self, profile: &mut Profile, step: &Step) -> bool {
        flow::teach(&self.ground, profile, step)
    }

    /// The part of an exchange's response that begins at a line. It is laid out here and now, so this may take a moment.
    ///
    /// # Errors
    /// When there is no such exchange, or its body is no longer at hand.
    pub fn response_part(&self, step: i64, seq: u32, from: usize) -> Result<Part, TokenFault> {
        bodies::response_part(&self.ground.bodies, &self.journal, step, seq, from)
    }

    /// What the token, introspection and userinfo say, as far as they were asked. Nothing is sent.
    pub fn truth(&self, id: &str, profile: Option<&Profile>) -> Result<Truth, TokenFault> {
        asking::truth(&self.ground, id, profile)
    }

    /// Asks introspection and userinfo about a token, as far as the profile has them. Each is a step in the journal; a
    /// refusal is an answer too.
    ///
    /// # Errors
    /// As [`Workbench::run`].
    pub async fn ask_server(
        &self,
        run: &str,
        id: &str,
        profile: &Profile,
        report: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Vec<Step>, RunFault> {
        asking::ask_server(&self.ground, run, id, profile, report).await
    }

    /// What is known of a token at all doors. Nothing is sent.
    ///
    /// # Errors
    /// When the token is gone, or the journal can not be read.
    pub fn trace(&self, id: &str, profile: &Profile, doors: &Doors) -> Result<Trace, TokenFault> {
        acceptance::trace(&self.ground, id, profile, doors)
    }

    /// Shows a token at every door there is: all of them, whoever refuses. Each question is a step; `run` names them for
    /// [`Workbench::cancel`], which leaves out the rest.
    ///
    /// # Errors
    /// As [`Workbench::run`].
    pub async fn walk(
        &self,
        run: &str,
        id: &str,
        profile: &Profile,
        doors: &Doors,
        report: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Vec<Step>, RunFault> {
        acceptance::walk(&self.ground, run, id, profile, doors, report).await
    }

    /// Makes a call again and again until it is answered otherwise, the plan ends or it is cancelled. With `revoke` it is called
    /// once, so that whoever keeps answers knows the token, which is then revoked. `run` names it for [`Workbench::cancel`];
    /// `report` hears of every call.
    ///
    /// # Errors
    /// As [`Workbench::run`], and when the plan or the operation does not fit.
    pub async fn repeat(
        &self,
        run: &str,
        draft: &Draft,
        plan: &RepeatPlan,
        profile: &Profile,
        report: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Repeated, RunFault> {
        repeat::repeat(&self.ground, run, draft, plan, profile, report).await
    }

    /// Makes the exchange of a kept token anew, and says what differs. `run` names it for [`Workbench::cancel`].
    ///
    /// # Errors
    /// When the kept token is not known, or as [`Workbench::run`]. A refusal of the exchange is a drift.
    pub async fn drift(
        &self,
        run: &str,
        of: &DriftOf,
        profile: &Profile,
        report: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Drifted, DriftFault> {
        drift::drift(&self.ground, run, of, profile, report).await
    }

    /// Stops everything that runs under a name: a step by the name of its run, what is no step by its name in [`lasting`].
    pub fn cancel(&self, run: &str) {
        self.ground.runs.cancel(run);
    }

    /// Does something that may last under a name, as one run; none when the user stopped it.
    pub async fn until_cancelled<T>(&self, run: &str, work: impl Future<Output = T>) -> Option<T> {
        lasting::until_cancelled(&self.ground, run, work).await
    }

    /// The address a running log in waits for.
    pub fn login_address(&self, run: &str) -> Option<Secret> {
        self.ground.runs.login_address(run)
    }

    /// Opens the browser once more for a running log in. The error is a sentence.
    pub fn open_again(&self, run: &str) -> Result<(), String> {
        self.ground.runs.open_again(run, self.ground.world.browser.as_ref())
    }

    /// Reads new events of a profile's provider, joins them to steps and keeps them.
    pub async fn read_events(&self, profile: &Profile) -> Result<EventsRead, JournalFault> {
        events::read_events(&self.ground, profile).await
    }

    /// Reads the events that fit a filter, page by page until its range is covered, joins them to steps and keeps them.
    ///
    /// # Errors
    /// When the filter cannot be asked for, or the journal failed. What the server refuses is in the answer.
    pub async fn search_events(&self, profile: &Profile, filter: &EventFilter) -> Result<EventsRead, SearchFault> {
        events::search_events(&self.ground, profile, filter).await
    }

    /// What the realm saves, and what to point out of it.
    pub async fn event_settings(&self, profile: &Profile) -> Result<(EventSettings, Vec<SettingAdvice>), Blocked> {
        events::event_settings(&self.ground, profile).await
    }

    /// Joins events to steps and keeps them; events read before their step was written are joined now.
    pub async fn take_events(&self, profile: &Profile, events: Vec<Event>) -> Result<u32, JournalFault> {
        events::take_events(&self.ground, profile, events).await
    }

    /// Makes a token on the shelf the reader of a profile's admin API; none goes back to the service account.
    pub async fn choose_reader(&self, profile: &str, token: Option<String>) {
        events::choose_reader(&self.ground, profile, token).await;
    }

    /// The token on the shelf that was chosen to read, if any.
    pub async fn chosen_reader(&self, profile: &str) -> Option<String> {
        events::chosen_reader(&self.ground, profile).await
    }

    /// Joins the open log to the steps of a profile, and finds the zone of its times by our own tokens where it names none.
    /// Blocking.
    pub fn join_log(&self, profile: &str, find_zone: bool) -> Result<(), JournalFault> {
        logs::join_steps(&self.logs, &self.journal, profile, find_zone)
    }
}
