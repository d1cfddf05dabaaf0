//! Tokens of one environment at another: however one gets into a draft, nothing of it reaches the other environment's servers
//! before the user was told where it came from and said that it may go there.

use std::sync::Arc;

use engine::{
    acceptance::Doors,
    flow::{FOREIGN_TOKEN, RunFault},
    secrets::Secrets,
    workbench::Workbench,
    world::World,
};
use oauth::{
    acceptance::repeat::RepeatPlan,
    form::{self, CONFIRMED_FIELD},
    profile::Profile,
};
use record::{
    audit::{Outcome, Step},
    operation::{Draft, Operation},
};
use tempfile::TempDir;
use token::{inspect::TokenKind, secret::Secret, text::Pair};

use crate::{
    row::Attack,
    two_places::{Counting, Place, Remembering, Still, jwt, profile},
};

/// The rows of this kind.
pub fn rows() -> Vec<Attack> {
    let mut rows = Vec::new();
    for (name, operation, field) in SENT {
        for way in [Way::Received, Way::Pasted, Way::OtherRun, Way::Edited] {
            let title = format!("{name}, a token {}", way.words());
            rows.push(Attack::new(title, async move { Scene::new(way).await.by_hand(operation, field).await }));
        }
        rows.push(Attack::new(format!("{name}, the form's own filling"), async move {
            Scene::new(Way::Received).await.by_itself(operation).await
        }));
    }
    for (name, place) in
        [("a header line", "headers"), ("the body", "body"), ("the address", "url"), ("an added parameter", "extra")]
    {
        let title = format!("call an API, the token's text in {name}");
        rows.push(Attack::new(title, async move { Scene::new(Way::Received).await.written_out(place).await }));
    }
    rows.push(Attack::new("a confirmation for another token", async {
        Scene::new(Way::Received).await.wrong_confirmation(0).await
    }));
    rows.push(Attack::new("a confirmation for another profile", async {
        Scene::new(Way::Received).await.wrong_confirmation(1).await
    }));
    rows.push(Attack::new("a confirmation for another host", async {
        Scene::new(Way::Received).await.wrong_confirmation(2).await
    }));
    for (name, operation, field) in SENT.into_iter().filter(|(_, operation, _)| *operation != Operation::CallApi) {
        rows.push(Attack::new(format!("{name}, confirmed before the address moved"), async move {
            Scene::new(Way::Received).await.moved(operation, field).await
        }));
    }
    rows.push(Attack::new("a confirmation of any text", async { Scene::new(Way::Received).await.wrong_confirmation(3).await }));
    rows.push(Attack::new("every door of a trace", async { Scene::new(Way::Received).await.walked().await }));
    rows.push(Attack::new("asking introspection and userinfo", async { Scene::new(Way::Received).await.asked().await }));
    rows.push(Attack::new("a call repeated", async { Scene::new(Way::Received).await.repeated(false).await }));
    rows.push(Attack::new("a call repeated after its token is revoked", async {
        Scene::new(Way::Received).await.repeated(true).await
    }));
    rows.push(Attack::new("reading events with a token of the shelf", async { Scene::new(Way::Received).await.reader().await }));
    rows.push(Attack::new("reading events after the profile was edited", async {
        Scene::new(Way::Edited).await.reader_edited().await
    }));
    rows.push(Attack::new("a log out in the browser", async { Scene::new(Way::Received).await.logged_out().await }));
    rows.push(Attack::new("a twin profile whose endpoints lie elsewhere", async {
        Scene::new(Way::Received).await.twin(false).await
    }));
    rows.push(Attack::new("a twin profile at the issuer itself", async { Scene::new(Way::Received).await.twin(true).await }));
    rows.push(Attack::new("a call of the portal", async { Scene::new(Way::Received).await.portal().await }));
    rows.push(Attack::new("a token whose source is not known is no default", async {
        Scene::new(Way::Unknown).await.unknown().await
    }));
    rows.push(Attack::new("after a restart the source is still known", async {
        Scene::new(Way::Received).await.restarted().await
    }));
    rows.push(Attack::new("its own token goes where it came from", async { Scene::new(Way::Received).await.at_home().await }));
    rows
}

/// Operations that send a token, and the field it stands in.
const SENT: [(&str, Operation, &str); 10] = [
    ("exchange", Operation::TokenExchange, "subject_token"),
    ("delegate", Operation::TokenExchange, "actor_token"),
    ("show as an assertion", Operation::JwtBearer, "assertion"),
    ("refresh", Operation::Refresh, "refresh_token"),
    ("call an API", Operation::CallApi, "token"),
    ("introspect", Operation::Introspect, "token"),
    ("userinfo", Operation::Userinfo, "token"),
    ("revoke", Operation::Revoke, "token"),
    ("log out by the refresh token", Operation::LogOut, "refresh_token"),
    ("log out by the ID token", Operation::LogOut, "id_token_hint"),
];

/// How the token of environment A came here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// In an answer of A, through A's profile.
    Received,
    /// From the clipboard, naming A's issuer.
    Pasted,
    /// Through a profile of the same id as B's whose issuer had another port then, as the lab's has after each start.
    OtherRun,
    /// Through B's own profile, before its issuer was edited.
    Edited,
    /// From the clipboard, naming nobody.
    Unknown,
}

impl Way {
    fn words(self) -> &'static str {
        match self {
            Way::Received => "of another profile",
            Way::Pasted => "that was pasted",
            Way::OtherRun => "of another run of the lab",
            Way::Edited => "from before the issuer was edited",
            Way::Unknown => "of unknown source",
        }
    }
}

/// Environment A with a token at hand, and environment B that must not get it.
struct Scene {
    bench: Workbench,
    world: World,
    browser: Arc<Remembering>,
    folder: TempDir,
    home: Profile,
    there: Profile,
    a: Place,
    b: Place,
    /// What `there` is called in an error.
    from: String,
}

fn pair(name: &str, value: impl Into<String>) -> Pair {
    Pair { name: name.into(), value: value.into() }
}

fn hold(what: &str, holds: bool) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

impl Scene {
    async fn new(way: Way) -> Self {
        let (a, b) = (Place::open("A").await, Place::open("B").await);
        let browser: Arc<Remembering> = Arc::default();
        let world = World { clock: Arc::new(Still), random: Arc::new(Counting::default()), browser: browser.clone() };
        let folder = TempDir::new().expect("a folder");
        let bench = open(&folder, &world);
        let home = profile("dev", "Shop dev", &b.base);
        let there = match way {
            Way::OtherRun | Way::Edited => profile("dev", "Shop dev", &a.base),
            _ => profile("prod", "Shop prod", &a.base),
        };
        let from = format!("{} ({}/realms/shop)", there.name, a.base);
        let scene = Self { bench, world, browser, folder, home, there, a, b, from };
        scene.bench.secrets.overlay(&scene.there, secrets());
        match way {
            Way::Pasted => scene.paste_all().await,
            Way::Unknown => {
                scene.bench.paste("Bearer 0123456789-abcdefghij-opaque").expect("a token");
            }
            _ => scene.receive_all().await,
        }
        scene.now_at(&scene.home);
        scene
    }

    /// The clients of a profile have their secrets for it as it is now.
    fn now_at(&self, profile: &Profile) {
        self.bench.secrets.overlay(profile, secrets());
        self.bench.forget_secrets();
    }

    /// A's tokens by a grant through A's profile.
    async fn receive_all(&self) {
        let draft = Draft {
            operation: Operation::Password,
            profile: self.there.id.clone(),
            values: vec![pair("client", "app"), pair("username", "dora"), pair("password", "dora")],
            extra: Vec::new(),
        };
        let step = self.bench.run("r", &draft, &self.there, &|_| {}).await.expect("a step");
        assert_eq!(step.tokens_out.len(), 3, "{:?} {:?}", step.problem, step.words);
    }

    /// The same texts by the clipboard.
    async fn paste_all(&self) {
        let issuer = &self.there.provider.issuer;
        for kind in ["Bearer", "ID", "Refresh"] {
            let (ids, _) = self.bench.paste(&jwt(kind, "A", issuer)).expect("a token");
            self.bench.verify_with_profiles(&ids, &[self.home.clone(), self.there.clone()]).await;
        }
    }

    /// Id and text of A's token for a field.
    fn token(&self, field: &str) -> (String, String) {
        let kind = match field {
            "refresh_token" => TokenKind::Refresh,
            "id_token_hint" => TokenKind::Id,
            _ => TokenKind::Access,
        };
        let view = self.bench.tokens().into_iter().find(|token| token.kind == kind).expect("it is on the shelf");
        let text = self.bench.raw_token(&view.id).expect("its text").expose().to_owned();
        (view.id, text)
    }

    /// A complete draft at B with A's token in a field.
    fn draft(&self, operation: Operation, field: &str) -> Draft {
        let (id, _) = self.token(field);
        let mut values = vec![pair("client", "app"), pair(field, format!("token:{id}"))];
        match (operation, field) {
            (Operation::TokenExchange, "actor_token") => {
                let own = self.own();
                values.extend([
                    pair("exchange", "delegation"),
                    pair("subject_token", own),
                    pair("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
                    pair("actor_token_type", "urn:ietf:params:oauth:token-type:access_token"),
                ]);
            }
            (Operation::TokenExchange, _) => {
                values.push(pair("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"));
            }
            (Operation::CallApi, _) => values.extend([pair("method", "GET"), pair("url", format!("{}/orders", self.b.base))]),
            (Operation::LogOut, "id_token_hint") => values.push(pair("channel", "direct")),
            (Operation::LogOut, _) => values.push(pair("channel", "back_channel")),
            _ => {}
        }
        Draft { operation, profile: self.home.id.clone(), values, extra: Vec::new() }
    }

    /// A token of B itself, by the clipboard.
    fn own(&self) -> String {
        let (ids, _) = self.bench.paste(&jwt("Bearer", "B", &self.home.provider.issuer)).expect("a token");
        format!("token:{}", ids[0])
    }

    async fn run(&self, draft: &Draft) -> Result<Step, String> {
        self.bench.run("r", draft, &self.home, &|_| {}).await.map_err(|fault| format!("{fault}: {fault:?}"))
    }

    /// The step was stopped, and says from where and to where.
    fn stopped(&self, step: &Step) -> Result<(), String> {
        hold("the step failed", step.outcome == Outcome::Failed)?;
        hold(&format!("its problem is our own: {:?}", step.problem_id), step.problem_id.as_deref() == Some(FOREIGN_TOKEN))?;
        let said = step.problem.clone().unwrap_or_default();
        let source = if self.there.id == "prod" { self.from.clone() } else { format!("{}/realms/shop", self.a.base) };
        hold(&format!("it names where the token came from: {said}"), said.contains(&source))?;
        hold(&format!("it names where it would have gone: {said}"), said.contains(&self.b.base) && said.contains("Shop dev"))?;
        hold("nothing went out", step.exchanges.is_empty())
    }

    /// Chosen by hand: named and stopped, and sent once it is confirmed.
    async fn by_hand(&self, operation: Operation, field: &str) -> Result<(), String> {
        let draft = self.draft(operation, field);
        let (_, text) = self.token(field);
        let preview = self.bench.preview(&draft, &self.home).await.map_err(|error| error.to_string())?;
        hold(&format!("the draft is complete: {:?}", preview.faults), preview.faults.is_empty())?;
        let [named] = preview.foreign.as_slice() else { return Err(format!("one token is named: {:?}", preview.foreign)) };
        hold("by its field, not confirmed", named.field == field && !named.confirmed)?;
        let (source, goal) = (format!("{}/realms/shop", self.a.base), "Shop dev");
        hold(&format!("with both: {}", named.message), named.message.contains(&source) && named.message.contains(goal))?;
        self.stopped(&self.run(&draft).await?)?;
        hold("B heard nothing", self.b.silent())?;
        let confirmed = self.bench.confirmed(&draft, &self.home).await.map_err(|error| error.to_string())?;
        let step = self.run(&confirmed).await?;
        hold(&format!("confirmed, it is sent: {:?}", step.problem), self.b.got(&text))
    }

    /// The form never takes it by itself, selected on the shelf or not.
    async fn by_itself(&self, operation: Operation) -> Result<(), String> {
        let shelf = self.bench.tokens();
        let chosen = shelf.iter().map(|token| Some(token.id.as_str())).chain([None]);
        for chosen in chosen {
            let form = form::form(operation, &self.home, &shelf, chosen);
            let filled = form.fields.iter().flat_map(|field| field.initial.iter()).find(|value| value.starts_with("token:"));
            hold(&format!("with {chosen:?} selected nothing is taken: {filled:?}"), filled.is_none())?;
            let said = form.fields.iter().filter_map(|field| field.empty.as_deref()).any(|why| why.contains("Shop dev"));
            hold("and it says why", said)?;
            let values =
                form.fields.iter().flat_map(|field| field.initial.iter().map(|value| pair(&field.name, value.clone()))).collect();
            let mut draft = Draft { operation, profile: self.home.id.clone(), values, extra: Vec::new() };
            // Nobody comes back from the browser here.
            draft.values.retain(|pair| pair.name != "channel");
            draft.values.push(pair("channel", "direct"));
            let _ = self.bench.run("r", &draft, &self.home, &|_| {}).await;
        }
        for token in &shelf {
            let text = self.bench.raw_token(&token.id).expect("its text");
            hold("none of its tokens came to B", !self.b.got(text.expose()))?;
        }
        Ok(())
    }

    /// The text itself, typed where no token is expected.
    async fn written_out(&self, place: &str) -> Result<(), String> {
        let (_, text) = self.token("token");
        let url = format!("{}/orders", self.b.base);
        let mut draft = Draft {
            operation: Operation::CallApi,
            profile: self.home.id.clone(),
            values: vec![pair("method", "POST")],
            extra: Vec::new(),
        };
        match place {
            "headers" => draft.values.extend([pair("url", url), pair("headers", format!("X-Forwarded-Token: {text}"))]),
            "body" => draft.values.extend([pair("url", url), pair("body", format!("{{\"token\":\"{text}\"}}"))]),
            "url" => draft.values.push(pair("url", format!("{url}?access_token={text}"))),
            _ => {
                draft.values.push(pair("url", url));
                draft.extra.push(pair("access_token", text.clone()));
            }
        }
        self.stopped(&self.run(&draft).await?)?;
        hold("B heard nothing", self.b.silent())?;
        let confirmed = self.bench.confirmed(&draft, &self.home).await.map_err(|error| error.to_string())?;
        self.run(&confirmed).await?;
        hold("confirmed, B was asked", !self.b.silent())
    }

    /// A confirmation that was given for something else.
    async fn wrong_confirmation(&self, which: usize) -> Result<(), String> {
        let draft = self.draft(Operation::CallApi, "token");
        let mut other = draft.clone();
        let mut at = self.home.clone();
        match which {
            0 => {
                let (refresh, _) = self.token("refresh_token");
                other.values.retain(|pair| pair.name != "token");
                other.values.push(pair("token", format!("token:{refresh}")));
            }
            1 => at.id = "staging".into(),
            2 => {
                other.values.retain(|pair| pair.name != "url");
                other.values.push(pair("url", "http://127.0.0.1:9/orders"));
            }
            _ => {}
        }
        let confirmed = self.bench.confirmed(&other, &at).await.map_err(|error| error.to_string())?;
        let said = confirmed.values.iter().find(|pair| pair.name == CONFIRMED_FIELD).map(|pair| pair.value.clone());
        let mut tried = draft;
        tried
            .values
            .push(pair(CONFIRMED_FIELD, if which == 3 { "yes".to_owned() } else { said.ok_or("nothing was confirmed")? }));
        self.stopped(&self.run(&tried).await?)?;
        hold("B heard nothing", self.b.silent())
    }

    /// Confirmed for B, and then the same issuer has its endpoints at another host.
    async fn moved(&self, operation: Operation, field: &str) -> Result<(), String> {
        let draft = self.draft(operation, field);
        let (_, text) = self.token(field);
        let confirmed = self.bench.confirmed(&draft, &self.home).await.map_err(|error| error.to_string())?;
        let c = Place::open("C").await;
        let mut home = self.home.clone();
        let gateway = home.gateway.as_mut().map(|gateway| &mut gateway.endpoints);
        for own in gateway.into_iter().chain([&mut home.provider.endpoints]) {
            for address in [&mut own.token, &mut own.introspection, &mut own.revocation, &mut own.userinfo, &mut own.end_session]
            {
                *address = address.replace(&self.b.base, &c.base);
            }
        }
        let step = self.bench.run("r", &confirmed, &home, &|_| {}).await.map_err(|fault| fault.to_string())?;
        hold(&format!("it is asked anew: {:?}", step.problem_id), step.problem_id.as_deref() == Some(FOREIGN_TOKEN))?;
        hold("naming the new place", step.problem.is_some_and(|told| told.contains(&c.base)))?;
        hold("nobody heard anything", c.silent() && self.b.silent() && step.exchanges.is_empty())?;
        let preview = self.bench.preview(&confirmed, &home).await.map_err(|error| error.to_string())?;
        hold("the form shows it open", preview.foreign.iter().any(|one| !one.confirmed && one.to.contains(&c.base)))?;
        // And confirmed for there it is still no token of that host: the address itself is asked about.
        let there = self.bench.confirmed(&draft, &home).await.map_err(|error| error.to_string())?;
        let _ = self.bench.run("r", &there, &home, &|_| {}).await.map_err(|fault| fault.to_string())?;
        hold("the new place got it without its own question", !c.got(&text))
    }

    /// A profile that says to be of A's issuer: asked at A itself it is no other place, anywhere else it is.
    async fn twin(&self, at_home: bool) -> Result<(), String> {
        let (id, _) = self.token("token");
        let mut twin = if at_home { self.there.clone() } else { self.home.clone() };
        (twin.id, twin.name) = ("staging".into(), "Twin".into());
        twin.provider.issuer = self.there.provider.issuer.clone();
        self.now_at(&twin);
        let values = vec![pair("client", "app"), pair("token", format!("token:{id}"))];
        let draft = Draft { operation: Operation::Introspect, profile: twin.id.clone(), values, extra: Vec::new() };
        let step = self.bench.run("r", &draft, &twin, &|_| {}).await.map_err(|fault| fault.to_string())?;
        hold(&format!("{:?}", step.problem), step.problem_id.as_deref() == (!at_home).then_some(FOREIGN_TOKEN))?;
        let shelf = self.bench.tokens();
        let form = form::form(Operation::CallApi, &twin, &shelf, Some(&id));
        let taken = form.fields.iter().any(|field| field.initial.iter().any(|value| value.starts_with("token:")));
        hold("no form takes it by itself", !taken)?;
        hold("B heard nothing", self.b.silent())
    }

    async fn walked(&self) -> Result<(), String> {
        let (id, _) = self.token("token");
        let doors = Doors { gateway: Some("catalog".into()), api: Some("orders".into()) };
        let steps = self.bench.walk("r", &id, &self.home, &doors, &|_| {}).await.map_err(|fault| fault.to_string())?;
        hold(&format!("no door is tried: {}", steps.len()), steps.is_empty())?;
        let trace = self.bench.trace(&id, &self.home, &doors).map_err(|fault| fault.message)?;
        hold("the trace says why", format!("{trace:?}").contains(&self.from))?;
        hold("B heard nothing", self.b.silent())
    }

    async fn asked(&self) -> Result<(), String> {
        let (id, _) = self.token("token");
        let steps = self.bench.ask_server("r", &id, &self.home, &|_| {}).await.map_err(|fault| fault.to_string())?;
        hold("nobody is asked", steps.is_empty())?;
        let truth = self.bench.truth(&id, Some(&self.home)).map_err(|fault| fault.message)?;
        hold("it says why", format!("{truth:?}").contains(&self.from))?;
        hold("B heard nothing", self.b.silent())?;
        let steps = self.bench.ask_server("r", &id, &self.there, &|_| {}).await.map_err(|fault| fault.to_string())?;
        hold("its own servers are asked", !steps.is_empty())
    }

    async fn repeated(&self, revoke: bool) -> Result<(), String> {
        let draft = self.draft(Operation::CallApi, "token");
        let plan = RepeatPlan { every_ms: 1_000, for_ms: 1_000, revoke };
        let refused = |result: Result<_, RunFault>| match result {
            Err(RunFault::Foreign(problem)) if problem.id == FOREIGN_TOKEN && problem.message.contains(&self.from) => Ok(()),
            Err(other) => Err(format!("another fault: {other}")),
            Ok(_) => Err("it was repeated".to_owned()),
        };
        refused(self.bench.repeat("r", &draft, &plan, &self.home, &|_| {}).await)?;
        hold("B heard nothing", self.b.silent())?;
        if revoke {
            // That the calls may show it says nothing of the provider's revocation endpoint.
            let confirmed = self.bench.confirmed(&draft, &self.home).await.map_err(|error| error.to_string())?;
            refused(self.bench.repeat("r", &confirmed, &plan, &self.home, &|_| {}).await)?;
            hold("B heard nothing", self.b.silent())?;
        }
        Ok(())
    }

    async fn reader(&self) -> Result<(), String> {
        let (id, _) = self.token("token");
        self.bench.choose_reader(&self.home.id, Some(id)).await;
        let read = self.bench.read_events(&self.home).await.map_err(|fault| fault.to_string())?;
        hold("it says why", format!("{read:?}").contains(&self.from))?;
        hold("B heard nothing", self.b.silent())
    }

    /// The token that reads events is kept for its minutes; not for another server.
    async fn reader_edited(&self) -> Result<(), String> {
        self.now_at(&self.there);
        let _ = self.bench.read_events(&self.there).await;
        let text = jwt("Bearer", "A", &self.there.provider.issuer);
        hold("A's token reads at A", self.a.got(&text))?;
        self.now_at(&self.home);
        let _ = self.bench.read_events(&self.home).await;
        hold("it does not read at B", !self.b.got(&text))
    }

    async fn logged_out(&self) -> Result<(), String> {
        let mut draft = self.draft(Operation::LogOut, "id_token_hint");
        draft.values.retain(|pair| pair.name != "channel");
        draft.values.push(pair("channel", "front_channel"));
        self.stopped(&self.run(&draft).await?)?;
        let opened = self.browser.addresses.lock().expect("no panic while held").len();
        hold("no page is opened with it", opened == 0)?;
        let confirmed = self.bench.confirmed(&draft, &self.home).await.map_err(|error| error.to_string())?;
        // The page is never left again: it is enough that it was opened.
        tokio::select! {
            ended = self.run(&confirmed) => return Err(format!("it ended before a page was opened: {:?}", ended?.problem)),
            () = self.browser.opened.notified() => {}
        }
        let (_, text) = self.token("id_token_hint");
        let opened = self.browser.addresses.lock().expect("no panic while held").clone();
        hold("confirmed, the page is opened", opened.iter().any(|address| address.contains(&text)))
    }

    async fn portal(&self) -> Result<(), String> {
        let (id, _) = self.token("token");
        let values = vec![pair("call", "applications"), pair("token", format!("token:{id}"))];
        let draft = Draft { operation: Operation::Portal, profile: self.home.id.clone(), values, extra: Vec::new() };
        self.stopped(&self.run(&draft).await?)?;
        hold("B heard nothing", self.b.silent())
    }

    async fn unknown(&self) -> Result<(), String> {
        let shelf = self.bench.tokens();
        let id = shelf.first().map(|token| token.id.clone()).ok_or("a token")?;
        for operation in [Operation::Introspect, Operation::CallApi, Operation::Refresh, Operation::Revoke, Operation::LogOut] {
            let form = form::form(operation, &self.home, &shelf, Some(&id));
            let taken = form.fields.iter().any(|field| field.initial.iter().any(|value| value.contains(&id)));
            hold(&format!("{operation:?} does not take it"), !taken)?;
        }
        let values = vec![pair("client", "app"), pair("token", format!("token:{id}"))];
        let draft = Draft { operation: Operation::Introspect, profile: self.home.id.clone(), values, extra: Vec::new() };
        let preview = self.bench.preview(&draft, &self.home).await.map_err(|error| error.to_string())?;
        hold("chosen by hand it is pointed out", preview.warnings.iter().any(|finding| finding.id == "unknown-source"))
    }

    async fn restarted(self) -> Result<(), String> {
        let Scene { bench, world, folder, home, there, .. } = self;
        drop(bench);
        let bench = open(&folder, &world);
        let kept = bench.tokens();
        hold("the evidence is there", !kept.is_empty())?;
        for token in kept {
            let from = token.provenance.as_ref().ok_or("its source is lost")?;
            hold("with profile and issuer", from.profile == there.id && from.issuer == there.provider.issuer)?;
            hold("and it is not B's", oauth::belongs::belongs(&token, &home) == oauth::belongs::Belongs::Elsewhere)?;
        }
        Ok(())
    }

    async fn at_home(&self) -> Result<(), String> {
        let shelf = self.bench.tokens();
        let form = form::form(Operation::Refresh, &self.there, &shelf, None);
        let values: Vec<Pair> =
            form.fields.iter().flat_map(|field| field.initial.iter().map(|value| pair(&field.name, value.clone()))).collect();
        let draft = Draft { operation: Operation::Refresh, profile: self.there.id.clone(), values, extra: Vec::new() };
        let step = self.bench.run("r", &draft, &self.there, &|_| {}).await.map_err(|fault| fault.to_string())?;
        hold(&format!("it is refreshed: {:?}", step.problem), step.outcome == Outcome::Success)?;
        hold("B heard nothing", self.b.silent())
    }
}

fn open(folder: &TempDir, world: &World) -> Workbench {
    let secrets = Secrets::memory(folder.path().join("secrets.sealed"));
    Workbench::with(folder.path(), world.clone(), secrets).expect("the journal opens").0
}

/// The secrets of a profile's clients.
fn secrets() -> [(String, Secret); 3] {
    ["app", "gw-app", "reader"].map(|client| (client.to_owned(), Secret::new(format!("secret-of-{client}"))))
}
