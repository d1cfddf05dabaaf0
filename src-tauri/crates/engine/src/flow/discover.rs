//! Discovery: from an address the user pasted to a profile that can be used (OpenID Connect Discovery 4, RFC 8414 3).
//!
//! What is pasted may be the console, the account page or just the host, so several issuers are tried in order. Each try is an
//! exchange of the step: the window shows what was asked and what answered, whether or not a realm was found.

use std::time::Instant;

use oauth::{
    message::{self, Pasted},
    profile::{Profile, Provider, Support},
};
use record::{
    audit::Actor,
    operation::{Draft, FieldFault, Operation},
};
use token::verify::KeySet;

use super::{
    answer::{record, words},
    ending::{About, Ending},
    finish::{self, Finished},
};
use url::Url;

use crate::{
    fault::Problem,
    gate,
    ground::Ground,
    http::HttpAnswer,
    journal::JournalFault,
    lasting,
    tape::{Taken, Tape},
};

/// What discovery gave.
#[derive(Debug)]
pub struct Discovered {
    /// The step in the journal.
    pub step: record::audit::Step,
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

/// What one address of metadata gave.
enum Tried {
    /// The document holds.
    Found(Box<Provider>, HttpAnswer),
    /// Something else stands there; the next address may be right.
    Elsewhere(Problem, HttpAnswer),
    /// Asking on makes no sense: nothing answered, or a document that must not be believed.
    Stop(Problem, Option<HttpAnswer>),
}

impl Tried {
    /// What the address said, for a list of several; nothing where its metadata hold.
    fn said(&self, issuer: &Url) -> Option<String> {
        match self {
            Self::Found(..) => None,
            Self::Elsewhere(_, answer) => Some(format!("{issuer} answered {}", answer.status)),
            Self::Stop(problem, _) => Some(format!("{issuer}: {}", problem.message.trim_end_matches('.'))),
        }
    }
}

/// Reads the metadata and keys of what was typed under the trust of `base`, and records that as a step. Nobody is told who
/// asks: no secret and no token goes to an address that was only typed.
pub(crate) async fn discover(ground: &Ground, text: &str, base: &Profile) -> Result<Discovered, DiscoverFault> {
    discover_realm(ground, text, "", base).await
}

/// The same with the user's answer to the question which realm of the server is meant (problem `realm-needed`).
pub(crate) async fn discover_realm(
    ground: &Ground,
    text: &str,
    realm: &str,
    base: &Profile,
) -> Result<Discovered, DiscoverFault> {
    let pasted = message::read_pasted(text, realm, base.tls.danger_plain_http).map_err(DiscoverFault::Field)?;
    let started_ms = ground.world.now_ms();
    let began = Instant::now();
    let tape = Tape::default();
    let asking = ask_issuer(ground, text, &pasted, base, &tape);
    let (provider, answer) = match lasting::until_cancelled(ground, lasting::DISCOVERY, asking).await {
        Some(told) => told,
        None => (Err(Problem::new("cancelled", "You stopped the reading.", "Nothing of it was used.")), None),
    };
    let mut profile = base.clone();
    let ending = match (&provider, answer) {
        (Ok(found), answer) => {
            profile.provider = found.clone();
            Ending::Done { tokens: Vec::new(), words: answer.map(|answer| words(&answer, Actor::Provider)) }
        }
        (Err(problem), _) if problem.id == "cancelled" => Ending::Cancelled,
        (Err(problem), answer) => Ending::Failed {
            problem: problem.clone(),
            words: answer.map(|answer| words(&answer, Actor::Provider)),
            tokens: Vec::new(),
        },
    };
    let draft = Draft { operation: Operation::Discover, profile: base.id.clone(), values: Vec::new(), extra: Vec::new() };
    // Rows of the timeline are told apart by the address that was asked.
    let asked = match &provider {
        Ok(found) => Some(found.issuer.clone()),
        Err(_) => pasted.candidates.first().map(|issuer| issuer.as_str().trim_end_matches('/').to_owned()),
    };
    let about = About { audience: asked, ..About::default() };
    let duration_us = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
    let mut step = finish::finish(
        ground,
        Finished { draft: &draft, profile: &profile, about, ending, tape: &tape, started_ms, duration_us, bundle: None },
    )
    .await?;
    step.draft = None;
    Ok(Discovered { step, provider })
}

/// Everything discovery asks, in its order.
async fn ask_issuer(
    ground: &Ground,
    text: &str,
    pasted: &Pasted,
    base: &Profile,
    tape: &Tape,
) -> (Result<Provider, Problem>, Option<HttpAnswer>) {
    let (mut result, mut answer) = read_first(ground, pasted, base, tape).await;
    // A realm's export names the realm and no address; with the address there is nothing left to ask.
    if result.as_ref().is_err_and(|problem| problem.id == "realm-needed")
        && let Some(realm) = message::imported_realm(&base.provider)
        && let Ok(named) = message::read_pasted(text, realm, base.tls.danger_plain_http)
        && let (Ok(found), said) = read_first(ground, &named, base, tape).await
    {
        (result, answer) = (Ok(found), said);
    }
    let mut provider = result;
    if let Ok(found) = &mut provider {
        ask_beside(ground, found, base, tape).await;
        read_key_words(ground, found, base, tape).await;
        found.read_ms = ground.world.now_ms();
        found.events.clone_from(&base.provider.events);
        gate::named_by_issuer(ground, found, base);
        if found.issuer == base.provider.issuer {
            oauth::capability::merge(&mut found.capabilities, &base.provider.capabilities);
        }
    }
    (provider, answer)
}

/// Tries the issuers in order; the first whose metadata hold is it. Where none does, the likeliest one says why.
async fn read_first(
    ground: &Ground,
    pasted: &Pasted,
    base: &Profile,
    tape: &Tape,
) -> (Result<Provider, Problem>, Option<HttpAnswer>) {
    let mut told: Option<(Problem, HttpAnswer)> = None;
    let mut no_answer: Option<Problem> = None;
    let mut said: Vec<String> = Vec::new();
    for (index, issuer) in pasted.candidates.iter().enumerate() {
        // What was pasted is asked first, exactly as it stands; then what can be made of it.
        let exact = pasted.exact.as_ref().filter(|_| index == 0);
        let tried = read_metadata(ground, issuer, exact, base, tape).await;
        said.extend(tried.said(issuer));
        match tried {
            Tried::Found(provider, answer) => return (Ok(*provider), Some(answer)),
            Tried::Elsewhere(problem, answer) => {
                // A server that says the realm is missing knows more than one that knows no such path.
                let better = told.as_ref().is_none_or(|(before, _)| before.id == "no-metadata" && problem.id != "no-metadata");
                if better {
                    told = Some((problem, answer));
                }
            }
            Tried::Stop(problem, Some(answer)) => return (Err(problem), Some(answer)),
            // Without a scheme both were meant, and the other one may answer where this one did not.
            Tried::Stop(problem, None) => {
                let others = pasted.candidates.iter().any(|other| other.scheme() != issuer.scheme());
                no_answer = no_answer.or(Some(problem));
                if !others {
                    break;
                }
            }
        }
    }
    let (problem, answer) = match (told, no_answer) {
        (Some((problem, answer)), _) => (problem, Some(answer)),
        (None, Some(problem)) => return (Err(problem), None),
        (None, None) => (Problem::new("no-metadata", "No metadata address could be made of this.", "Correct the address."), None),
    };
    if let Some(named) = keycloak_base(ground, pasted, base, tape).await {
        let problem = Problem::new(
            "realm-needed",
            format!("{} is a Keycloak. Its realms cannot be listed from outside, so name the one you mean.", host(&named)),
            "It is the name in the console's address after # and in the issuer after /realms/; capital letters count.",
        );
        return (Err(problem), answer);
    }
    (Err(several(problem, &said)), answer)
}

/// Where only a host was given: the base at which a Keycloak answers. Every Keycloak has the realm `master`; where it is
/// kept from the outside, Keycloak's own refusal of an unknown path gives it away.
async fn keycloak_base(ground: &Ground, pasted: &Pasted, base: &Profile, tape: &Tape) -> Option<Url> {
    for at in &pasted.bases {
        let mut master = at.clone();
        master.set_path(&format!("{}/realms/master", at.path().trim_end_matches('/')));
        match read_metadata(ground, &master, None, base, tape).await {
            Tried::Found(..) => return Some(at.clone()),
            Tried::Elsewhere(problem, _) if problem.id == "no-such-realm" => return Some(at.clone()),
            // Keycloak behind another name says so in its metadata; it is one all the same.
            Tried::Stop(problem, Some(_)) if problem.id == "discovery-other-issuer" => return Some(at.clone()),
            Tried::Elsewhere(..) | Tried::Stop(..) => {}
        }
    }
    None
}

/// Tries the addresses a metadata document of this issuer may stand at. A page, a redirect or a refusal at one of them says
/// nothing of the others; where none has the document, the one that said most is told.
async fn read_metadata(ground: &Ground, issuer: &Url, exact: Option<&Url>, base: &Profile, tape: &Tape) -> Tried {
    let known = [message::discovery_urls(issuer), message::further_discovery_urls(issuer)].concat();
    let mut urls: Vec<Url> = exact.cloned().into_iter().collect();
    urls.extend(known.iter().filter(|url| Some(*url) != exact).cloned());
    let mut best: Option<(Problem, HttpAnswer)> = None;
    for (index, url) in urls.iter().enumerate() {
        let request = match http::Request::get(url.as_str()).header(http::header::ACCEPT, "application/json").body(Vec::new()) {
            Ok(request) => request,
            Err(error) => {
                let problem = Problem::new("not-a-url", format!("{url} cannot be asked: {error}."), "Correct the issuer URL.");
                return Tried::Stop(problem, None);
            }
        };
        let recorded = ground.http.send(request, &base.tls, ground.bounds.metadata).await;
        let answer = match record(tape, Actor::Provider, "GET metadata", recorded) {
            Ok(answer) => answer,
            Err(fault) => return Tried::Stop(fault.into(), None),
        };
        // What was pasted need not be where metadata are due; then only a document of metadata counts.
        let free = index == 0 && exact.is_some() && !url.path().contains("/.well-known/");
        let read = if free { read_anywhere(url, &answer) } else { Some(read_document(issuer, url, &answer)) };
        match read {
            None => {}
            Some(Ok(provider)) => return Tried::Found(Box::new(provider), answer),
            // A document that names another issuer, or says a thing twice, is a finding and no wrong turning.
            Some(Err(problem)) if answer.status == 200 && !ELSEWHERE.contains(&problem.id.as_str()) => {
                return Tried::Stop(problem, Some(answer));
            }
            Some(Err(problem)) => {
                let better = best.as_ref().is_none_or(|(before, _)| {
                    problem.id == "no-such-realm" || (before.id == "no-metadata" && problem.id != "no-metadata")
                });
                if better {
                    best = Some((problem, answer));
                }
            }
        }
    }
    match best {
        Some((problem, answer)) => Tried::Elsewhere(problem, answer),
        None => Tried::Stop(
            Problem::new("no-metadata", "No metadata address could be made of this issuer.", "Correct the issuer URL."),
            None,
        ),
    }
}

/// OpenID Connect Discovery defines neither introspection nor revocation, so where its document lacks one, RFC 8414's is asked as
/// well. What is not there is no fault.
async fn ask_beside(ground: &Ground, provider: &mut Provider, base: &Profile, tape: &Tape) {
    let unknown = |id: &str| {
        let known = provider.capabilities.iter().find(|capability| capability.id == id);
        known.is_some_and(|capability| capability.support == Support::Unknown)
    };
    let Ok(issuer) = Url::parse(&provider.issuer) else { return };
    if !unknown("introspection") && !unknown("revocation") {
        return;
    }
    let Some(url) = message::discovery_urls(&issuer).pop() else { return };
    let Ok(request) = http::Request::get(url.as_str()).header(http::header::ACCEPT, "application/json").body(Vec::new()) else {
        return;
    };
    let recorded = ground.http.send(request, &base.tls, ground.bounds.metadata).await;
    let answer = recorded.result.clone();
    tape.add(Taken::Ours {
        to: Actor::Provider,
        label: "GET metadata (RFC 8414)".into(),
        purpose: record::audit::ExchangePurpose::Other,
        recorded: Box::new(recorded),
    });
    if let Ok(answer) = answer
        && let Ok(second) = read_document(&issuer, &url, &answer)
    {
        message::complete(provider, &second);
    }
}

/// Says which keys the issuer publishes, e.g. `2, RS256 and RSA-OAEP`.
async fn read_key_words(ground: &Ground, provider: &mut Provider, base: &Profile, tape: &Tape) {
    if provider.endpoints.jwks.is_empty() {
        provider.keys = "none published".into();
        return;
    }
    let Ok(request) = http::Request::get(&provider.endpoints.jwks).body(Vec::new()) else { return };
    let recorded = ground.http.send(request, &base.tls, ground.bounds.metadata).await;
    let read_ms = recorded.started_ms;
    let body = recorded
        .result
        .as_ref()
        .ok()
        .filter(|answer| answer.status == 200 && answer.readable().is_ok())
        .map(|answer| answer.body.clone());
    tape.add(Taken::Ours {
        to: Actor::Provider,
        label: "GET keys (JWKS)".into(),
        purpose: record::audit::ExchangePurpose::Keys,
        recorded: Box::new(recorded),
    });
    provider.keys =
        match body.and_then(|body| KeySet::from_jwks(&String::from_utf8_lossy(&body), &provider.endpoints.jwks, read_ms).ok()) {
            Some(keys) => keys.words(),
            None => "not readable".into(),
        };
}

/// Answers that only say that the document does not stand there.
const ELSEWHERE: [&str; 2] = ["discovery-html", "discovery-keys"];

/// Reads what stands at an address that is no usual place of metadata; none where it is no such document.
///
/// Such a document is believed where the issuer it names lives at the origin that gave it. The place says nothing of the issuer
/// there, which RFC 8414 3.3 otherwise compares.
fn read_anywhere(url: &Url, answer: &HttpAnswer) -> Option<Result<Provider, Problem>> {
    if answer.status != 200 || answer.readable().is_err() {
        return None;
    }
    let Some(named) = message::named_issuer(&answer.body) else {
        // Keys, and the metadata of an API, are worth a word.
        return match read_document(url, url, answer) {
            Err(problem) if ["discovery-protected-resource", "discovery-keys"].contains(&problem.id.as_str()) => {
                Some(Err(problem))
            }
            _ => None,
        };
    };
    let issuer = Url::parse(&named).ok().filter(|issuer| issuer.origin() == url.origin());
    Some(read_document(issuer.as_ref().unwrap_or(url), url, answer))
}

/// What an answer of a metadata address says.
fn read_document(issuer: &Url, url: &Url, answer: &HttpAnswer) -> Result<Provider, Problem> {
    match answer.status {
        200 => {}
        300..=399 => {
            let target =
                answer.headers.get(http::header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or("another address");
            return Err(Problem::new(
                "discovery-redirect",
                format!("{url} redirects to {target}. Metadata are not followed to another place."),
                if is_log_in(target) {
                    "That is a log in page for people, which stands before the metadata. Ask whoever runs the server for the address that programs use, or enter the endpoints by hand in Profiles."
                } else {
                    "Paste the issuer URL it redirects to, if that is the one you mean."
                },
            ));
        }
        404 if no_such_realm(answer) => {
            let realm = issuer.path().rsplit('/').next().unwrap_or_default();
            return Err(Problem::new(
                "no-such-realm",
                format!("{} is a Keycloak, and it has no realm named {realm}.", host(issuer)),
                "Check the spelling; capital letters count. The console shows the name, not the display name, in its address.",
            ));
        }
        404 => {
            return Err(Problem::new(
                "no-metadata",
                format!("{url} answered 404: there is no OpenID Connect or OAuth metadata document."),
                if issuer.path().contains("/realms/") {
                    "Check the path: Keycloak's issuers look like https://host/realms/NAME."
                } else {
                    "Check the path: the issuer is what the iss of the server's tokens says, letter by letter. The endpoints of a server without metadata are entered by hand in Profiles."
                },
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
    answer.readable()?;
    message::read_discovery(issuer.as_str().trim_end_matches('/'), answer.content_type(), &answer.body)
        .map(|discovery| discovery.provider)
        .map_err(|malformed| Problem::new(malformed.id, malformed.message, malformed.advice))
}

/// Keycloak's own answer for a path under a realm it does not have.
fn no_such_realm(answer: &HttpAnswer) -> bool {
    answer.status == 404
        && answer.readable().is_ok()
        && serde_json::from_slice::<serde_json::Value>(&answer.body)
            .ok()
            .and_then(|body| body.get("error").and_then(|error| error.as_str()).map(str::to_owned))
            .is_some_and(|error| error == "Realm does not exist")
}

/// Whether an address is that of a page where people log in.
fn is_log_in(target: &str) -> bool {
    const PATH: [&str; 12] = [
        "login",
        "log-in",
        "logon",
        "signin",
        "sign-in",
        "sign_in",
        "/sso",
        "saml",
        "authorize",
        "openid-connect/auth",
        "oauth2/start",
        "adfs",
    ];
    const QUERY: [&str; 9] =
        ["redirect_uri=", "returnurl=", "return_to=", "returnto=", "samlrequest=", "client_id=", "service=", "rd=", "continue="];
    let small = target.to_ascii_lowercase();
    let (place, query) = small.split_once('?').unwrap_or((&small, ""));
    PATH.iter().any(|word| place.contains(word)) || QUERY.iter().any(|word| query.contains(word))
}

/// Says of each address that was tried what it really said, where more than one was.
fn several(mut problem: Problem, said: &[String]) -> Problem {
    if problem.id == "no-metadata" && said.len() > 1 {
        problem.message = format!("No metadata were found. {}.", said.join("; "));
    }
    problem
}

fn host(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::is_log_in;

    #[test]
    fn a_log_in_page_is_known_by_its_address() {
        for page in [
            "https://sso.example/login",
            "/oauth2/start?rd=%2F",
            "https://login.microsoftonline.com/common/oauth2/authorize?client_id=1",
            "https://id.example/realms/x/protocol/openid-connect/auth?response_type=code",
            "https://idp.example/app?SAMLRequest=abc",
            "https://portal.example/?returnUrl=%2F.well-known",
            "/users/sign_in",
        ] {
            assert!(is_log_in(page), "{page}");
        }
        for other in [
            "https://id.example.org/",
            "https://new.example/realms/shop/.well-known/openid-configuration",
            "/b",
            "another address",
        ] {
            assert!(!is_log_in(other), "{other}");
        }
    }
}
