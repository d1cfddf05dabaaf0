//! Discovery: from an issuer the user pasted to a profile that can be used (OpenID Connect Discovery 4, RFC 8414 3).

use std::time::Instant;

use model::{
    audit::Actor,
    oauth,
    operation::{Draft, FieldFault, Operation},
    profile::{Profile, Provider},
    verify::KeySet,
};

use super::{
    About, Ending, Problem,
    answer::{record, words},
    finish::Finished,
};
use crate::{
    http::Answer,
    journal::JournalFault,
    tape::{Taken, Tape},
    workbench::Workbench,
};

/// What discovery gave.
#[derive(Debug)]
pub struct Discovered {
    /// The step in the journal.
    pub step: model::audit::Step,
    /// The provider, or why there is none.
    pub provider: Result<Provider, Problem>,
}

/// Why nothing was asked.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverFault {
    /// What was typed is no issuer.
    #[error("{}", .0.message)]
    Field(FieldFault),
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalFault),
}

impl Workbench {
    /// Reads an issuer's metadata and keys under the trust of `base`, and records that as a step.
    pub async fn discover(&self, text: &str, base: &Profile) -> Result<Discovered, DiscoverFault> {
        let issuer = oauth::issuer_input(text).map_err(DiscoverFault::Field)?;
        let started_ms = self.world.now_ms();
        let began = Instant::now();
        let tape = Tape::default();
        let (result, answer) = self.read_metadata(&issuer, base, &tape).await;
        let mut provider = result;
        if let Ok(found) = &mut provider {
            self.read_key_words(found, base, &tape).await;
            found.read_ms = self.world.now_ms();
            found.events.clone_from(&base.provider.events);
            self.ask_server_info(found, base, &tape).await;
            if found.issuer == base.provider.issuer {
                model::capability::merge(&mut found.capabilities, &base.provider.capabilities);
            }
        }
        let mut profile = base.clone();
        let ending = match (&provider, answer) {
            (Ok(found), answer) => {
                profile.provider = found.clone();
                Ending::Done { tokens: Vec::new(), words: answer.map(|answer| words(&answer, Actor::Provider)) }
            }
            (Err(problem), answer) => Ending::Failed {
                problem: problem.clone(),
                words: answer.map(|answer| words(&answer, Actor::Provider)),
                tokens: Vec::new(),
            },
        };
        let draft = Draft { operation: Operation::Discover, profile: base.id.clone(), values: Vec::new(), extra: Vec::new() };
        let about = About::default();
        let duration_us = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
        let mut step =
            self.finish(Finished { draft: &draft, profile: &profile, about, ending, tape: &tape, started_ms, duration_us })?;
        step.draft = None;
        Ok(Discovered { step, provider })
    }

    /// Tries the addresses a metadata document may stand at; the first that is not 404 decides.
    async fn read_metadata(&self, issuer: &url::Url, base: &Profile, tape: &Tape) -> (Result<Provider, Problem>, Option<Answer>) {
        let urls = oauth::discovery_urls(issuer);
        let last = urls.len().saturating_sub(1);
        for (index, url) in urls.iter().enumerate() {
            let request = match http::Request::get(url.as_str()).header(http::header::ACCEPT, "application/json").body(Vec::new())
            {
                Ok(request) => request,
                Err(error) => {
                    return (
                        Err(Problem::new("not-a-url", format!("{url} cannot be asked: {error}."), "Correct the issuer URL.")),
                        None,
                    );
                }
            };
            let recorded = self.http.send(request, &base.tls, self.bounds.metadata).await;
            let answer = match record(tape, Actor::Provider, "GET metadata", recorded) {
                Ok(answer) => answer,
                Err(fault) => return (Err(fault.into()), None),
            };
            if answer.status == 404 && index < last {
                continue;
            }
            return (read_document(issuer, url, &answer), Some(answer));
        }
        (Err(Problem::new("no-metadata", "No metadata address could be made of this issuer.", "Correct the issuer URL.")), None)
    }

    /// Says which keys the issuer publishes, e.g. `2, RS256 and RSA-OAEP`.
    async fn read_key_words(&self, provider: &mut Provider, base: &Profile, tape: &Tape) {
        let Ok(request) = http::Request::get(&provider.endpoints.jwks).body(Vec::new()) else { return };
        let recorded = self.http.send(request, &base.tls, self.bounds.metadata).await;
        let read_ms = recorded.started_ms;
        let body = recorded.result.as_ref().ok().filter(|answer| answer.status == 200).map(|answer| answer.body.clone());
        tape.add(Taken::Ours { to: Actor::Provider, label: "GET keys (JWKS)".into(), recorded: Box::new(recorded) });
        provider.keys = match body
            .and_then(|body| KeySet::from_jwks(&String::from_utf8_lossy(&body), &provider.endpoints.jwks, read_ms).ok())
        {
            Some(keys) => keys.words(),
            None => "not readable".into(),
        };
    }
}

/// What an answer of a metadata address says.
fn read_document(issuer: &url::Url, url: &url::Url, answer: &Answer) -> Result<Provider, Problem> {
    match answer.status {
        200 => {}
        300..=399 => {
            let target =
                answer.headers.get(http::header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or("another address");
            return Err(Problem::new(
                "discovery-redirect",
                format!("{url} redirects to {target}. Metadata are not followed to another place."),
                "Paste the issuer URL it redirects to, if that is the one you mean.",
            ));
        }
        404 => {
            return Err(Problem::new(
                "no-metadata",
                format!("{url} answered 404: there is no OpenID Connect or OAuth metadata document."),
                "Check the path: Keycloak's issuers look like https://host/realms/NAME.",
            ));
        }
        status => {
            return Err(Problem::new(
                "discovery-status",
                format!("{url} answered {status} {}.", crate::tape::reason(status)),
                "Check the URL and whether the server is healthy.",
            ));
        }
    }
    oauth::read_discovery(issuer.as_str().trim_end_matches('/'), answer.content_type(), &answer.body)
        .map(|discovery| discovery.provider)
        .map_err(|malformed| Problem::new(malformed.id, malformed.message, malformed.advice))
}
