//! A workbench on a desk of its own: what every flow test works with, whichever server stands behind it.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use engine::{
    flow::RunFault,
    secrets::Secrets,
    workbench::{Bounds, Workbench},
    world::World,
};
use oauth::{
    form::Form,
    profile::{Client, Profile},
    progress::Progress,
};
use record::{
    audit::{Outcome, Step},
    operation::{Draft, Operation},
};
use tempfile::TempDir;
use token::{
    inspect::{TokenKind, TokenView},
    secret::Secret,
    text::Pair,
};

use super::{
    browser::{TestBrowser, Visit},
    differences::Target,
    world::{TestClock, TestRandom},
};

/// See the module.
pub struct Desk {
    pub workbench: Arc<Workbench>,
    /// What stands behind it.
    pub target: Target,
    pub profile: Profile,
    pub clock: Arc<TestClock>,
    pub browser: Arc<TestBrowser>,
    pub folder: TempDir,
    world: World,
    secrets: Vec<(String, Secret)>,
    told: Mutex<Vec<Progress>>,
}

/// A draft as the window makes it: every field with what the form starts with.
pub fn filled(form: &Form, profile: &str) -> Draft {
    let mut values = Vec::new();
    for field in form.fields.iter().filter(|field| field.unavailable.is_none()) {
        values.extend(field.initial.iter().map(|value| Pair { name: field.name.clone(), value: value.clone() }));
    }
    Draft { operation: form.operation, profile: profile.to_owned(), values, extra: Vec::new() }
}

/// The draft with other values in some fields; an empty value clears a field.
pub fn with(mut draft: Draft, changes: &[(&str, &str)]) -> Draft {
    for (name, _) in changes {
        draft.values.retain(|pair| pair.name != *name);
    }
    let kept = changes.iter().filter(|(_, value)| !value.is_empty());
    draft.values.extend(kept.map(|(name, value)| Pair { name: (*name).into(), value: (*value).into() }));
    draft
}

impl Desk {
    /// A desk at the provider of `profile`, whose metadata are read before any `bounds` hold. `secrets` are its clients'; `seed` makes
    /// this desk's randomness its own.
    pub async fn at(
        target: Target,
        mut profile: Profile,
        secrets: Vec<(String, Secret)>,
        clock: Arc<TestClock>,
        seed: u64,
        bounds: Bounds,
    ) -> Self {
        let browser = Arc::new(TestBrowser::new());
        let world = World { clock: clock.clone(), random: Arc::new(TestRandom::new(seed)), browser: browser.clone() };
        let folder = TempDir::new().expect("a temporary folder");
        let workbench = open(folder.path(), &world, &profile, secrets.clone());
        let discovered = workbench.discover(&profile.provider.issuer, &profile).await.expect("the journal takes the step");
        let name = std::mem::take(&mut profile.provider.name);
        profile.provider = discovered.provider.expect("the provider's metadata hold");
        profile.provider.name = name;
        workbench.secrets.overlay(&profile, secrets.clone());
        let workbench = Arc::new(workbench.with_bounds(bounds));
        Self { workbench, target, profile, clock, browser, folder, world, secrets, told: Mutex::default() }
    }

    /// Adds a client to the profile, with its secret.
    pub fn know(&mut self, client: Client, secret: Secret) {
        self.secrets.push((client.client_id.clone(), secret));
        self.profile.clients.push(client);
        self.workbench.secrets.overlay(&self.profile, self.secrets.clone());
    }

    /// The secrets are entered once more, for the addresses the profile has now: what stands in it was meant.
    pub fn agree(&self) {
        self.workbench.secrets.overlay(&self.profile, self.secrets.clone());
        self.workbench.forget_secrets();
    }

    /// Reads the server info into the profile, as its user may ask for it.
    pub async fn read_server_info(&mut self) {
        let read = self.workbench.server_info(&self.profile).await.expect("the journal takes the step");
        self.profile.provider = read.provider.expect("the client that reads events may");
    }

    /// Another start of the app in the same folder: live tokens are gone, evidence stays.
    pub fn reopen(&mut self) {
        self.workbench = Arc::new(open(self.folder.path(), &self.world, &self.profile, self.secrets.clone()));
    }

    /// Closes the app and gives its folder.
    pub fn close(self) -> TempDir {
        let Self { folder, workbench, .. } = self;
        drop(workbench);
        folder
    }

    /// The form's own filling for an operation; `chosen` is a token id.
    pub fn draft(&self, operation: Operation, chosen: Option<&str>) -> Draft {
        let form = oauth::form::form(operation, &self.profile, &self.workbench.tokens(), chosen);
        assert_eq!(form.unavailable, None, "{operation:?} can run here");
        filled(&form, &self.profile.id)
    }

    /// A form with a token of another environment, as the action for it fills it in and the user confirms it.
    pub async fn brought(&self, operation: Operation, token: &str) -> Draft {
        let actions = oauth::form::onward(&self.token(token), &self.profile);
        let action = actions.into_iter().find(|action| action.operation == operation).expect("the token can go there");
        let mut draft = self.draft(operation, None);
        draft.values.retain(|pair| action.values.iter().all(|other| other.name != pair.name));
        draft.values.extend(action.values.into_iter().filter(|pair| !pair.value.is_empty()));
        self.workbench.confirmed(&draft, &self.profile).await.expect("secrets in memory can be read")
    }

    pub async fn try_run(&self, draft: &Draft) -> Result<Step, RunFault> {
        self.told.lock().expect("no panic while held").clear();
        let report = |progress: Progress| self.told.lock().expect("no panic while held").push(progress);
        self.workbench.run("run", draft, &self.profile, &report).await
    }

    /// Runs a draft and proves what holds of every step: it stands in the journal as it was given back, with all that was typed.
    pub async fn run(&self, draft: &Draft) -> Step {
        let step = self.try_run(draft).await.expect("the draft is complete and the journal takes the step");
        let kept = self.workbench.journal.step(step.id).expect("the journal can be read").expect("the step is in the journal");
        assert_eq!(kept, step);
        assert_eq!(kept.draft.as_ref(), Some(draft), "nothing typed is lost");
        step
    }

    /// The same, which must succeed.
    pub async fn done(&self, draft: &Draft) -> Step {
        let step = self.run(draft).await;
        assert_eq!(step.outcome, Outcome::Success, "{:?} {:?} {:?}", step.problem, step.words, step.status);
        step
    }

    /// The same, which must fail with this problem.
    pub async fn fails(&self, draft: &Draft, problem: &str) -> Step {
        self.ends(draft, Outcome::Failed, problem).await
    }

    /// The same for a log in that the provider refuses through the browser.
    pub async fn denied(&self, draft: &Draft, problem: &str) -> Step {
        self.ends(draft, Outcome::Refused, problem).await
    }

    async fn ends(&self, draft: &Draft, outcome: Outcome, problem: &str) -> Step {
        let step = self.run(draft).await;
        assert_eq!((step.outcome, step.problem_id.as_deref()), (outcome, Some(problem)), "{:?}", step.problem);
        assert!(step.problem.as_ref().is_some_and(|text| text.ends_with('.')), "{:?}", step.problem);
        assert!(step.advice.as_ref().is_some_and(|text| text.ends_with('.')), "{:?}", step.advice);
        assert!(self.usable().is_empty(), "no token of a failed step can be used");
        step
    }

    /// The same, which the server must refuse; gives its diagnosis' id with the step.
    pub async fn refused(&self, draft: &Draft, status: u16, error: &str) -> (Step, String) {
        let step = self.run(draft).await;
        let words = step.words.clone().expect("the server's words");
        assert_eq!((step.outcome, words.status, words.error.as_deref()), (Outcome::Refused, status, Some(error)), "{words:?}");
        let id = step.diagnosis.as_ref().map(|diagnosis| diagnosis.id.clone()).unwrap_or_default();
        (step, id)
    }

    /// Signs a user in through the browser.
    pub async fn log_in(&self, user: &'static str) -> Step {
        self.browser.next(Visit::SignIn(user));
        self.done(&self.draft(Operation::LogIn, None)).await
    }

    /// How the last run went, as the window heard it.
    pub fn told(&self) -> Vec<Progress> {
        self.told.lock().expect("no panic while held").clone()
    }

    pub fn token(&self, id: &str) -> TokenView {
        self.workbench.tokens().into_iter().find(|token| token.id == id).expect("the token is on the shelf")
    }

    /// The first token of a step with this kind.
    pub fn made(&self, step: &Step, kind: TokenKind) -> TokenView {
        step.tokens_out.iter().map(|id| self.token(id)).find(|token| token.kind == kind).expect("the step made one")
    }

    /// Tokens that could be sent.
    pub fn usable(&self) -> Vec<TokenView> {
        self.workbench.tokens().into_iter().filter(|token| !token.evidence_only).collect()
    }

    /// Claims of a token on the shelf.
    pub fn claims(&self, id: &str) -> serde_json::Map<String, serde_json::Value> {
        self.workbench.held(id).expect("the token is on the shelf").claims().cloned().expect("readable claims")
    }
}

fn open(folder: &Path, world: &World, profile: &Profile, of_clients: Vec<(String, Secret)>) -> Workbench {
    let secrets = Secrets::memory(folder.join("secrets.sealed"));
    secrets.overlay(profile, of_clients);
    let (workbench, recovered) = Workbench::with(folder, world.clone(), secrets).expect("the journal opens");
    assert_eq!(recovered, []);
    workbench
}
