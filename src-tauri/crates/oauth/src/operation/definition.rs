//! Everything an operation is, as one value: what the window, the engine and the journal ask about it.
//!
//! Every field has to be given. None has a default, so that a new operation does not compile before somebody thought of each; where
//! an operation has nothing to say, it says so.

use crate::{
    binding::Load,
    form::{Field, ReadyLine, choices::Context},
    message::{Built, Materials, builder::Builder},
    profile::{Client, Endpoints, Profile, ServerRole},
    server::{Remarks, Warnings},
};
use record::{
    join::Caused,
    operation::{Draft, FieldFault, Operation},
};
use token::{
    inspect::{Obtained, TokenKind, TokenView},
    text::Line,
    truth::Speaker,
};

/// One operation: its words, its form, its request and what it leaves behind.
pub struct Definition {
    /// The name records have for it.
    pub operation: Operation,

    /// Whether it stands in the menu of the Run view.
    pub menu: Menu,
    /// Name in the menu and above the form, e.g. `Token exchange`.
    pub title: ByServer,
    /// Verb on the button, e.g. `Exchange`.
    pub verb: ByServer,
    /// What a button says that runs it once more, e.g. `Exchange again`.
    pub again: &'static str,
    /// Name in lists of steps and in sentences about one, e.g. `Introspection`.
    pub listed: ByServer,
    /// Title of a step, given the draft and the name in lists; [`as_listed`] where all its steps are called the same.
    pub step_title: fn(&Draft, &'static str) -> &'static str,

    /// The server that is asked where the chosen client is registered at both, or none is chosen.
    pub prefer: ServerRole,
    /// Where its request goes.
    pub target: Target,
    /// Why it can not run at a profile at all; none where it can.
    pub unavailable: fn(&Profile) -> Option<String>,
    /// The grant it asks for tokens by, which metadata may list; none where it asks for none, or a browser does (RFC 6749 4.1).
    pub grant: Option<Grant>,
    /// Id of the capability of the provider it rests on; none where it is no service of the provider.
    pub capability: fn(&Draft) -> Option<&'static str>,

    /// Fields of the form in order, and the server the first filling goes to.
    pub(crate) fields: fn(&Context<'_>) -> (Vec<Field>, ServerRole),
    /// Whether a field of a draft is sent; [`every_field`] where none is kept back.
    pub sends: fn(&Draft, &str) -> bool,
    /// Fields that name a token, in the order in which they are remarked on.
    pub tokens: &'static [TokenField],
    /// Fields in which a secret is typed.
    pub secrets: &'static [SecretField],
    /// Whether a client asks as itself, so that what is wrong with the client is what is refused.
    pub as_client: bool,
    /// What its parameter `scope` can do.
    pub scope: Scope,
    /// Whether it says which type of token it wants (`requested_token_type`), so that another one in the answer is remarked on.
    pub asks_type: bool,
    /// Remarks on a draft beyond those on its tokens; [`nothing_remarkable`] where there are none.
    pub(crate) remarks: fn(&Remarked<'_>, &mut Remarks),
    /// How it runs.
    pub flow: Flow,
    /// Makes the request; complaints are left with the builder.
    pub(crate) build: fn(&mut Builder<'_>) -> Option<Built>,
    /// The first lines of "Ready to send": a label and a sentence each.
    pub(crate) ready: fn(&Wanted<'_>) -> Vec<ReadyLine>,
    /// Whether "Ready to send" ends with how the client proves itself: not where its first request only names it.
    pub(crate) says_client: bool,
    /// The request the browser makes instead of Claimscope, laid out for reading, or what is wrong with it; none where the request is
    /// sent from here. [`not_in_browser`] where it always is.
    pub(crate) browser: fn(&Wanted<'_>) -> ByBrowser,

    /// What the request carries beside what its client proves itself with.
    pub carries: Carries,
    /// The same of a step through the browser, before the browser opens; [`nothing_by_browser`] where it never does.
    pub(crate) browser_loads: fn(&Draft, &Profile) -> Vec<Load>,
    /// What a success brings.
    pub issues: Issues,
    /// Whether a token is made from another one, which may later be made anew and compared.
    pub from_token: bool,
    /// Whether an answer that sends the browser on (3xx) is a success.
    pub sends_on: bool,
    /// When the token it sends has served its purpose.
    pub spends: Spends,
    /// Who tells of a token in the answer; none where the answer is not about a token.
    pub speaker: Option<Speaker>,
    /// The events it causes at a server.
    pub events: Caused,
    /// What happened, in half a sentence.
    pub headline: fn(&Ended<'_>) -> Headline,
    /// What is said where the user stopped it.
    pub stopped: Stopped,
}

impl Definition {
    /// Whether it calls an API, whose address stands in the form.
    pub const fn calls_api(&self) -> bool {
        matches!(self.target, Target::Typed(_))
    }

    /// Whether it shows a token of another issuer as an assertion (RFC 7521 4.1).
    pub const fn asserts(&self) -> bool {
        matches!(self.issues, Issues::Tokens { obtained: Obtained::Asserted, .. })
    }

    /// Whether a success brings tokens.
    pub const fn issues_tokens(&self) -> bool {
        matches!(self.issues, Issues::Tokens { .. })
    }

    /// Whether a secret is typed in a field of this name.
    pub fn is_secret(&self, field: &str) -> bool {
        self.secrets.iter().any(|secret| secret.name == field)
    }
}

/// How an operation runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// One request is built from the draft, sent and read.
    Request,
    /// Through the browser, and with the code it brings back to the token endpoint.
    LogIn,
    /// Through the browser where the draft says so, else one request.
    LogOut,
    /// A call of the developer portal, which has answers of its own.
    Portal,
    /// It is not run by a draft.
    Apart,
}

/// A field that names a token.
pub struct TokenField {
    /// Its name.
    pub name: &'static str,
    /// What is said where a token of a kind does not belong there; none where it does.
    pub misfit: fn(TokenKind) -> Option<&'static str>,
    /// Whether a token that is over does no harm there.
    pub may_be_over: bool,
    /// The button by which a token that is looked at gets there; none where it is not offered.
    pub offer: fn(&TokenView) -> Option<Offer>,
    /// Further remarks on the token; [`token_unremarked`] where there are none.
    pub(crate) remarks: fn(&Remarked<'_>, &TokenView, &mut Remarks),
}

/// A button that opens a form with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What it says.
    pub label: &'static str,
    /// Whether it ends the token.
    pub danger: bool,
}

impl Offer {
    /// An offer that does the token no harm.
    pub(super) const fn of(label: &'static str) -> Option<Self> {
        Some(Self { label, danger: false })
    }
}

/// Where an operation stands in the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// It has an entry, with a quiet word beside its title.
    Entry {
        /// The quiet word, e.g. `RFC 8693`.
        note: &'static str,
    },
    /// It is run from another place of the window.
    Elsewhere,
}

/// Words that may depend on which server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByServer {
    /// Where the identity provider answers.
    pub provider: &'static str,
    /// Where the gateway answers.
    pub gateway: &'static str,
}

impl ByServer {
    /// The same words wherever it goes.
    pub const fn both(words: &'static str) -> Self {
        Self { provider: words, gateway: words }
    }

    /// The words for one server.
    pub const fn at(self, server: ServerRole) -> &'static str {
        match server {
            ServerRole::Provider => self.provider,
            ServerRole::Gateway => self.gateway,
        }
    }
}

/// Where a request goes.
#[derive(Clone, Copy)]
pub enum Target {
    /// To an endpoint of the server the chosen client is registered at.
    OfClient(fn(&Endpoints) -> &String),
    /// To an endpoint of the preferred server, whichever client is chosen.
    OfServer(fn(&Endpoints) -> &String),
    /// To the developer portal.
    Portal,
    /// To an API whose address stands in this field of the form.
    Typed(&'static str),
}

/// A grant, as requests and metadata name it (`grant_types_supported`, RFC 8414 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Value of the parameter `grant_type`.
    pub grant_type: &'static str,
    /// Id of the capability that a server has by it.
    pub id: &'static str,
    /// What this capability is called.
    pub label: &'static str,
}

/// A field in which a secret is typed: it is masked, not recorded, and an environment variable where the request is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretField {
    /// Its name.
    pub name: &'static str,
    /// The environment variable, without the prefix all of them have.
    pub variable: &'static str,
    /// What it is, e.g. `password of the user`.
    pub what: &'static str,
}

/// What the parameter `scope` of an operation can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// It asks for what the new token may do.
    Asks,
    /// It can only leave out what was granted before (RFC 6749 6).
    Narrows,
    /// There is no such parameter.
    None,
}

/// What a request carries beside what its client proves itself with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// Something confidential, to begin a sentence with, e.g. `The refresh token`.
    Confidential(&'static str),
    /// A token that is made to be shown where it goes, to an address that stands in the form itself.
    Shown,
}

/// What a success brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issues {
    /// Tokens.
    Tokens {
        /// How they came to be here.
        obtained: Obtained,
        /// The same in words, e.g. `token exchange`.
        words: &'static str,
        /// What holds for an ID token among them.
        id_token: IdToken,
    },
    /// No token.
    Nothing,
}

impl Issues {
    /// How a token of its answer came to be here. Where none is issued, an answer may hold one all the same.
    pub fn obtained(self) -> Obtained {
        match self {
            Self::Tokens { obtained, .. } => obtained,
            Self::Nothing => Obtained::Answered,
        }
    }

    /// Where such a token came from, in words, with the client that asked.
    pub fn origin(self, client: Option<&str>) -> String {
        let what = match self {
            Self::Tokens { words, .. } => words,
            Self::Nothing => "a response",
        };
        client.map_or_else(|| what.to_owned(), |client| format!("{what} by {client}"))
    }

    /// Whether an ID token of the answer is held against the rules.
    pub fn judges_id_token(self) -> bool {
        matches!(self, Self::Tokens { id_token: IdToken::Judged, .. })
    }
}

/// What holds for an ID token that comes with the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdToken {
    /// The log in checks it itself, with its nonce (OpenID Connect Core 3.1.3.7).
    ByLogIn,
    /// It is held against the same rules as far as they apply (OpenID Connect Core 12.2).
    Judged,
    /// No rule is known for one that comes this way.
    NotJudged,
}

/// When a token that was sent has served its purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spends {
    /// Never: it may be sent again.
    Never,
    /// When the server took it, as with a refresh token.
    WhenTaken,
    /// When it was sent, even if it was refused, as with an assertion.
    WhenSent,
}

/// What is said where the user stopped a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// A sentence or two.
    pub message: &'static str,
    /// What to do now.
    pub advice: &'static str,
}

/// Of an operation that leaves nothing behind when it is stopped.
pub const NOTHING_CHANGED: Stopped =
    Stopped { message: "You stopped this step.", advice: "Nothing was changed here; run it again when you like." };

/// A request of the browser, laid out or with what is wrong; none where it is sent from here.
pub(crate) type ByBrowser = Option<Result<Vec<Line>, Vec<FieldFault>>>;

/// A draft with what a request is made of.
pub(crate) struct Wanted<'a> {
    /// What was filled in.
    pub draft: &'a Draft,
    /// Where.
    pub profile: &'a Profile,
    /// Tokens and secrets.
    pub materials: &'a dyn Materials,
}

/// A draft that is remarked on.
pub(crate) struct Remarked<'a> {
    /// What was filled in.
    pub draft: &'a Draft,
    /// Where.
    pub profile: &'a Profile,
    /// The client that asks, where it is known.
    pub client: Option<&'a Client>,
    /// What the server it goes to remarks on in its own way.
    pub own: &'a Warnings,
    /// Now, epoch seconds, where it is known.
    pub now_s: Option<i64>,
}

/// A step that has ended, as far as its headline tells of it. Names are ready to be shown.
pub struct Ended<'a> {
    /// The client that asked, or words for one.
    pub client: String,
    /// The user it was about, or words for one.
    pub user: String,
    /// ` for orders-api`, or nothing.
    pub for_target: String,
    /// The server that answered.
    pub server: ServerRole,
    /// Whether there are tokens, whatever else went wrong.
    pub tokens: bool,
    /// What was sent.
    pub draft: &'a Draft,
    /// Where.
    pub profile: &'a Profile,
}

/// The headline of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// When it succeeded.
    pub done: String,
    /// When it was refused or failed.
    pub not_done: String,
}

impl Headline {
    /// Both.
    pub(super) fn new(done: impl Into<String>, not_done: impl Into<String>) -> Self {
        Self { done: done.into(), not_done: not_done.into() }
    }

    /// Of an operation that gets its client a token.
    pub(super) fn token(ended: &Ended<'_>) -> Self {
        Self::new(format!("{} got a token", ended.client), format!("{} got no token", ended.client))
    }
}

/// The title of an operation whose steps are all called the same.
pub(super) fn as_listed(_: &Draft, listed: &'static str) -> &'static str {
    listed
}

/// Of an operation that sends every field that is filled.
pub(super) fn every_field(_: &Draft, _: &str) -> bool {
    true
}

/// Of a field that takes every kind of token.
pub(super) fn any_kind(_: TokenKind) -> Option<&'static str> {
    None
}

/// Of a field for a token that a resource is shown.
pub(super) fn for_a_resource(kind: TokenKind) -> Option<&'static str> {
    match kind {
        TokenKind::Id => Some("An ID token tells a client who logged in; an API should not take it. Use an access token."),
        TokenKind::Refresh => Some("A refresh token is for the token endpoint only; do not show it to an API."),
        _ => None,
    }
}

/// Whether a token is for the APIs, as far as it is known: it is none that only the client or the token endpoint looks at.
pub(super) fn is_api_token(token: &TokenView) -> bool {
    !matches!(token.kind, TokenKind::Id | TokenKind::Refresh)
}

/// Of a field that no token is sent to from where it is looked at.
pub(super) fn not_offered(_: &TokenView) -> Option<Offer> {
    None
}

/// Of a field whose tokens are remarked on like any other.
pub(super) fn token_unremarked(_: &Remarked<'_>, _: &TokenView, _: &mut Remarks) {}

/// Of an operation with nothing to remark on beyond its tokens.
pub(super) fn nothing_remarkable(_: &Remarked<'_>, _: &mut Remarks) {}

/// Of an operation that never goes through the browser.
pub(super) fn nothing_by_browser(_: &Draft, _: &Profile) -> Vec<Load> {
    Vec::new()
}

/// Of an operation whose request is always sent from here.
pub(super) fn not_in_browser(_: &Wanted<'_>) -> ByBrowser {
    None
}

/// Of an operation that is no service of the provider.
pub(super) fn no_capability(_: &Draft) -> Option<&'static str> {
    None
}

/// Of an operation that has no form, and so no request that could be built from one.
pub(super) fn not_one_request(builder: &mut Builder<'_>) -> Option<Built> {
    builder.fault("", "This operation is not one request that could be built from a form.");
    None
}

/// The form of an operation that is run from another place of the window, at the provider.
pub(super) fn no_form(_: &Context<'_>) -> (Vec<Field>, ServerRole) {
    (Vec::new(), ServerRole::Provider)
}
