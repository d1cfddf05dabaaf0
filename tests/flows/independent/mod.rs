//! The same flows against servers nobody of this project wrote, so that the lab and the engine cannot agree on a mistake.

mod oauth_as;
mod oidc_provider;
mod prism;
mod strangers;

use std::{sync::Arc, time::Duration};

use engine::{
    secrets::Secrets,
    workbench::{Bounds, Workbench},
    world::{SystemClock, World},
};
use oauth::profile::Profile;
use record::{
    audit::{Outcome, Step},
    operation::{Draft, Operation},
};
use tempfile::TempDir;
use token::{
    inspect::{TokenKind, TokenView},
    secret::Secret,
};

use crate::support::{
    browser::{TestBrowser, Visit},
    desk::filled,
    world::TestRandom,
};

/// A workbench beside somebody else's server. Its clock is the system's, as the server's is.
struct Desk {
    workbench: Workbench,
    browser: Arc<TestBrowser>,
    profile: Profile,
    _folder: TempDir,
}

/// A workbench in a folder of its own.
fn workbench_of(world: World) -> (Workbench, TempDir) {
    let folder = TempDir::new().expect("a temporary folder");
    let store = Secrets::memory(folder.path().join("secrets.sealed"));
    let (workbench, recovered) = Workbench::with(folder.path(), world, store).expect("the journal opens");
    assert_eq!(recovered, []);
    (workbench, folder)
}

/// Enters the secrets of clients for the server the profile names.
async fn enter(workbench: &Workbench, profile: &Profile, secrets: &[(&str, &str)]) {
    for (client, secret) in secrets {
        let client = profile.clients.iter().find(|known| known.client_id == *client).expect("a client of the profile");
        workbench.keep_secret(profile, client, Secret::new(*secret)).await.expect("memory takes it");
    }
}

/// The same without a browser, for a server that needs none.
async fn desk_of(profile: &Profile, secrets: &[(&str, &str)]) -> (Workbench, TempDir) {
    let browser = Arc::new(TestBrowser::new());
    let world = World { clock: Arc::new(SystemClock), random: Arc::new(TestRandom::new(7)), browser };
    let (workbench, folder) = workbench_of(world);
    enter(&workbench, profile, secrets).await;
    (workbench, folder)
}

impl Desk {
    /// Reads the issuer's metadata into a profile of these clients, each with its secret.
    async fn at(issuer: &str, mut profile: Profile, secrets: &[(&str, &str)]) -> Self {
        let browser = Arc::new(TestBrowser::new());
        let world = World { clock: Arc::new(SystemClock), random: Arc::new(TestRandom::new(7)), browser: browser.clone() };
        let (workbench, folder) = workbench_of(world);
        let workbench = workbench.with_bounds(Bounds { login: Duration::from_secs(20), ..Bounds::default() });
        let discovered = workbench.discover(issuer, &profile).await.expect("the journal takes the step");
        profile.provider = discovered.provider.expect("its metadata hold");
        enter(&workbench, &profile, secrets).await;
        Self { workbench, browser, profile, _folder: folder }
    }

    fn draft(&self, operation: Operation, chosen: Option<&str>) -> Draft {
        let form = oauth::form::form(operation, &self.profile, &self.workbench.tokens(), chosen);
        assert_eq!(form.unavailable, None, "{operation:?} can run here");
        filled(&form, &self.profile.id)
    }

    async fn run(&self, draft: &Draft) -> Step {
        let step = self.workbench.run("run", draft, &self.profile, &|_| {}).await.expect("the draft is complete");
        assert_eq!(self.workbench.journal.step(step.id).expect("readable").as_ref(), Some(&step));
        step
    }

    async fn done(&self, draft: &Draft) -> Step {
        let step = self.run(draft).await;
        assert_eq!(step.outcome, Outcome::Success, "{:?} {:?}", step.problem, step.words);
        step
    }

    async fn refused(&self, draft: &Draft, error: &str) -> Step {
        let step = self.run(draft).await;
        let found = step.words.as_ref().and_then(|words| words.error.as_deref());
        assert_eq!((step.outcome, found), (Outcome::Refused, Some(error)), "{:?} {:?}", step.problem, step.words);
        assert!(step.diagnosis.is_some(), "{:?}", step.words);
        step
    }

    async fn log_in(&self, draft: &Draft) -> Step {
        self.browser.next(Visit::SignIn("alice"));
        self.done(draft).await
    }

    fn made(&self, step: &Step, kind: TokenKind) -> TokenView {
        let tokens = self.workbench.tokens();
        tokens.into_iter().find(|token| step.tokens_out.contains(&token.id) && token.kind == kind).expect("the step made one")
    }

    fn claims(&self, id: &str) -> serde_json::Map<String, serde_json::Value> {
        self.workbench.held(id).expect("on the shelf").claims().cloned().expect("readable claims")
    }
}
