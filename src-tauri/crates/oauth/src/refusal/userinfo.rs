//! What userinfo says of a token that another endpoint refused without a reason.
//!
//! The token endpoint and the introspection of some servers have one answer for a dozen causes. Userinfo holds the same token against
//! the same session, user and client, and names them: some in its answer, the others in the event of the question. So where
//! event, tokens and settings leave several causes, the token is shown to userinfo, which changes nothing at the server.

use super::{catalogue, diagnose::diagnose, facts::RefusalFacts, fate::Fate, known::Background};
use crate::{
    belongs::{Belongs, belongs},
    profile::Profile,
    server::habits,
};
use record::{
    audit::{Diagnosis, Event},
    operation::{Draft, Operation},
};
use token::{
    inspect::{TokenFormat, TokenKind, TokenView, Verification},
    text::Pair,
};

/// What userinfo answered: status, `error` and `error_description` of its challenge.
#[derive(Clone, Copy, Debug)]
pub struct UserinfoAnswer<'a> {
    /// HTTP status.
    pub status: u16,
    /// `error`.
    pub error: Option<&'a str>,
    /// `error_description`.
    pub description: Option<&'a str>,
}

/// Whether userinfo could tell which of the causes that are left it was: it needs a whole access token of its own realm that has not
/// ended and has the scope `openid`.
pub fn userinfo_could_tell(found: &Diagnosis, token: &TokenView, profile: &Profile, now_s: i64) -> bool {
    let provider = &profile.provider;
    let left = || std::iter::once(&found.id).chain(found.others.iter().map(|other| &other.id));
    let told = |id: &String| {
        catalogue::all().chain(catalogue::successes()).any(|entry| entry.id == id.as_str() && Fate::of(entry.proof).is_some())
    };
    !habits(provider.dialect).userinfo_tells.is_empty()
        && !provider.endpoints.userinfo.is_empty()
        && token.kind == TokenKind::Access
        && token.format == TokenFormat::Jws
        && token.issuer.as_deref() == Some(provider.issuer.as_str())
        && belongs(token, profile) == Belongs::Here
        && token.scope.iter().any(|scope| scope == "openid")
        && token.expires_at.is_some_and(|end| end > now_s)
        && !matches!(token.verification, Verification::BadSignature { .. } | Verification::Unsecured)
        && !found.certain
        && left().any(told)
}

/// What an answer of userinfo says of the token, with the events of the question where they were read; none where it says nothing
/// certain.
pub fn userinfo_tells(
    answer: UserinfoAnswer<'_>,
    events: &[Event],
    token: &TokenView,
    profile: &Profile,
    now_s: i64,
) -> Option<Fate> {
    let values = vec![Pair { name: "token".into(), value: format!("token:{}", token.id) }];
    let draft = Draft { operation: Operation::Userinfo, profile: profile.id.clone(), values, extra: Vec::new() };
    let facts = RefusalFacts {
        dialect: profile.provider.dialect,
        operation: Operation::Userinfo,
        status: answer.status,
        error: answer.error,
        description: answer.description,
        body: "",
        subject_claims: None,
        draft: &draft,
        profile,
        events,
        token_in: Some(token),
        issued: &[],
        issued_claims: None,
        known: &Background::default(),
        now_s,
    };
    let found = diagnose(&facts).filter(|found| found.certain)?;
    habits(profile.provider.dialect).userinfo_tells.iter().find(|(id, _)| *id == found.id).map(|(_, fate)| *fate)
}
