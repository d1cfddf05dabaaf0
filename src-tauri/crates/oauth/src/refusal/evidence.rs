//! From an entry to a diagnosis: sentences filled in, evidence gathered, buttons made.

use serde_json::Value;

use super::{
    entry::{Act, Refusal, Show},
    facts::{RefusalFacts, audiences_missing, claim, lacking, scopes, scopes_missing, server_issuer, told},
    fit::Said,
    known::Behind,
    shelf::{expected_and_found, no_user, sent, unlisted_scopes, which_claim},
};
use crate::{
    message::{value, values, words},
    operation::of,
    profile::{ClientAuth, ServerRole},
    server::habits,
};
use record::{
    audit::{Candidate, Diagnosis, Evidence, FixAction},
    operation::Operation,
};
use token::{
    inspect::{TokenKind, TokenView},
    shown::shown as outside,
    text::Pair,
    words as say,
};

/// A diagnosis; `others` are causes that could be meant by the same words, likeliest first.
pub(crate) fn diagnosis(
    entry: &Refusal,
    decided: bool,
    others: &[&Refusal],
    facts: &RefusalFacts<'_>,
    reading: &Said,
) -> Diagnosis {
    let mut evidence: Vec<Evidence> = entry.show.iter().filter_map(|show| shown(*show, facts)).collect();
    if let Some(event) = facts.events.iter().find(|event| event.error.is_some()) {
        let reason = event.details.iter().find(|pair| pair.name == "reason").map(|pair| pair.value.clone());
        let text =
            [Some(event.event_type.clone()), event.error.clone(), reason].into_iter().flatten().collect::<Vec<_>>().join(" ");
        evidence.push(Evidence { name: "event".into(), values: vec![text], missing: Vec::new() });
    }
    if entry.proof.holds(facts) == Some(true)
        && let Some((name, text)) = entry.proof.words(facts)
    {
        evidence.push(Evidence { name: name.into(), values: vec![text], missing: Vec::new() });
    }
    Diagnosis {
        id: entry.id.into(),
        certain: decided,
        cause: fill(entry.cause, facts, reading),
        evidence,
        fix: fill(entry.fix, facts, reading),
        actions: entry.actions.iter().filter_map(|act| action(*act, facts)).collect(),
        tell: Some(fill(entry.tell, facts, reading)).filter(|text| !others.is_empty() && !text.is_empty()),
        others: others
            .iter()
            .map(|other| Candidate {
                id: other.id.into(),
                cause: fill(other.cause, facts, reading),
                fix: fill(other.fix, facts, reading),
                tell: fill(other.tell, facts, reading),
            })
            .collect(),
    }
}

/// The audience that was refused, at the beginning of a sentence: of several the server does not say which.
fn one_of(audiences: Vec<&str>) -> String {
    match audiences.as_slice() {
        [] => "The audience".into(),
        [only] => outside(only),
        several => format!("One of {}", say::shown_few(several)),
    }
}

/// What follows the colon of the server's sentence is what it complains about: `Invalid scopes: a b:c`. A name may have a colon of
/// its own, so one with a space behind it decides where there is one.
fn named(description: &str) -> &str {
    let cut = description.rsplit_once(": ").or_else(|| description.rsplit_once(':'));
    cut.map_or("", |(_, named)| named.trim()).trim_end_matches('.')
}

/// More of a fix, on the scopes asked for that the metadata do not list: they have to be made before a client can be given them.
fn scopes_to_make(facts: &RefusalFacts<'_>) -> String {
    let provider = &facts.profile.provider;
    let unlisted: Vec<&str> =
        words(facts.draft, "scope").into_iter().filter(|scope| !provider.scopes.iter().any(|listed| listed == scope)).collect();
    if provider.scopes.is_empty() || unlisted.is_empty() {
        return String::new();
    }
    let (pronoun, verb) = if unlisted.len() == 1 { ("it", "is") } else { ("them", "are") };
    format!(
        ". {} {verb} not in the server's metadata: if the realm has no such client scope, create {pronoun} first",
        say::shown_few(&unlisted)
    )
}

fn fill(template: &str, facts: &RefusalFacts<'_>, reading: &Said) -> String {
    let token = facts.token_in;
    let joined = |items: Vec<&str>, none: &str| if items.is_empty() { none.to_owned() } else { say::shown_few(&items) };
    let named = named(&reading.description);
    let expected = expected_and_found(told(facts));
    let claim = expected.as_ref().and_then(|(_, found)| which_claim(found, facts));
    let found_in = claim.map(|claim| format!(", which is {claim} of the token")).unwrap_or_default();
    let replace = [
        ("{client}", value(facts.draft, "client").map_or_else(|| "the client".into(), outside)),
        ("{audience}", joined(values(facts.draft, "audience").collect(), "the audience")),
        ("{none_sent}", if sent_target(facts).is_empty() { NONE_SENT.into() } else { String::new() }),
        ("{target}", joined(sent_target(facts).iter().map(String::as_str).collect(), "the audience")),
        ("{an_audience}", one_of(values(facts.draft, "audience").collect())),
        ("{scope}", joined(words(facts.draft, "scope"), "no scope")),
        ("{issuer}", token.and_then(|token| token.issuer.as_deref()).map_or_else(|| "an unknown issuer".into(), outside)),
        ("{server}", server_issuer(facts).to_owned()),
        (
            "{named}",
            if named.is_empty() {
                "it".into()
            } else {
                each_word(&record::redact::text(named, &record::redact::KnownSecrets::default()))
            },
        ),
        ("{origin}", token.and_then(|token| token.client.as_deref()).map_or_else(|| "the client that logged in".into(), outside)),
        (
            "{age}",
            token
                .and_then(|token| token.issued_at)
                .map_or_else(|| "some time".into(), |issued| say::duration(facts.now_s.saturating_sub(issued))),
        ),
        ("{ended}", ended(token.and_then(|token| token.expires_at), facts.now_s)),
        ("{ended_words}", ended_words(token.and_then(|token| token.expires_at), facts.now_s)),
        ("{wanted}", wanted(facts)),
        ("{behind}", facts.known.behind.as_ref().map(Behind::words).unwrap_or_default()),
        ("{parent_ended}", ended(facts.known.parent_ends_s, facts.now_s)),
        ("{secret_ended}", ended(facts.known.secret.as_ref().map(|secret| secret.ends_s), facts.now_s)),
        ("{secret_step}", facts.known.secret.as_ref().map(|secret| secret.step.to_string()).unwrap_or_default()),
        ("{user}", token.map_or_else(|| "the user".into(), |token| outside(&token.who))),
        ("{scopes_to_make}", if template.contains("{scopes_to_make}") { scopes_to_make(facts) } else { String::new() }),
        ("{scopes_missing}", joined(scopes_missing(facts).iter().map(String::as_str).collect(), "a scope")),
        ("{audiences_missing}", joined(audiences_missing(facts).iter().map(String::as_str).collect(), "the audience")),
        ("{required}", required(&reading.description)),
        ("{scopes_unlisted}", joined(unlisted_scopes(facts).iter().map(String::as_str).collect(), "them")),
        ("{sent:requested_token_type}", in_brackets(facts, "requested_token_type")),
        ("{sent:subject_token_type}", in_brackets(facts, "subject_token_type")),
        ("{sent:resource}", in_brackets(facts, "resource")),
        ("{sent:audience}", in_brackets(facts, "audience")),
        ("{expected}", expected.as_ref().map_or_else(|| "something else".into(), |(expected, _)| outside(expected))),
        ("{found}", expected.as_ref().map_or_else(|| "this".into(), |(_, found)| outside(found))),
        ("{found_in}", found_in),
        ("{method}", value(facts.draft, "method").map_or_else(|| "GET".into(), outside)),
    ];
    token::shown::fill(template, &replace)
}

/// The scopes that stand behind the word in `Missing required scope(s) ["openid"].`
fn required(description: &str) -> String {
    let behind = description.to_ascii_lowercase().rfind("scope").and_then(|at| description.get(at..)).unwrap_or_default();
    let behind = behind.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '(' | ')'));
    let named: Vec<&str> = behind
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '[' | ']' | ',' | ';'))
        .map(|word| word.trim_matches(['.', ':']))
        .filter(|word| !word.is_empty())
        .collect();
    if named.is_empty() {
        "its words say which".into()
    } else {
        each_word(&record::redact::text(&named.join(" "), &record::redact::KnownSecrets::default()))
    }
}

/// Where the server speaks of an audience that nobody sent.
const NONE_SENT: &str = ". Neither audience nor resource was sent, so it comes from a default or from the token";

/// The audiences and resources that were sent (RFC 8693 2.1, RFC 8707 2).
fn sent_target(facts: &RefusalFacts<'_>) -> Vec<String> {
    ["audience", "resource"].iter().flat_map(|name| sent(facts, name)).collect()
}

/// What was sent as a parameter, ready to stand behind a word: ` (orders)`; nothing where nothing was sent.
fn in_brackets(facts: &RefusalFacts<'_>, name: &str) -> String {
    let sent = sent(facts, name);
    let list: Vec<&str> = sent.iter().map(String::as_str).collect();
    if list.is_empty() { String::new() } else { format!(" ({})", say::shown_few(&list)) }
}

/// Names with spaces between them, as servers list scopes; each that could be taken for more than a name is quoted.
fn each_word(named: &str) -> String {
    const MANY: usize = 12;
    let words: Vec<String> = named.split_whitespace().take(MANY).map(outside).collect();
    if named.split_whitespace().nth(MANY).is_some() { outside(named) } else { words.join(" ") }
}

/// What the shelf knows of an end that the server speaks of, as the end of a sentence; its clock is not ours.
fn ended_words(end_s: Option<i64>, now_s: i64) -> String {
    match end_s {
        Some(end) if end <= now_s => format!("it ended {} ago", say::duration(now_s.saturating_sub(end))),
        Some(end) => format!("by our clock it has {} left", say::duration(end.saturating_sub(now_s))),
        None => "its end is not known here".into(),
    }
}

/// Whether the token response had them all, so that asking for them again changes nothing.
fn granted_all(facts: &RefusalFacts<'_>, lacking: &[String]) -> bool {
    facts.token_in.and_then(|token| token.granted.as_ref()).is_some_and(|granted| lacking.iter().all(|one| granted.contains(one)))
}

/// What to ask for, as the challenge names it.
fn wanted(facts: &RefusalFacts<'_>) -> String {
    let lacking = lacking(facts);
    let list: Vec<&str> = lacking.iter().map(String::as_str).collect();
    match (facts.known.wanted_scope.is_empty(), list.is_empty()) {
        (true, _) => "Ask for it when getting the token; the answer's WWW-Authenticate names none".into(),
        (false, true) => {
            "The token has the scopes that WWW-Authenticate names; compare its roles and audience with what the resource asks for"
                .into()
        }
        (false, false) if granted_all(facts, &lacking) => format!(
            "The scope {} was asked for or granted already, and the token itself does not name it: have the server put it into the token, or give it to the client and the user",
            say::shown_few(&list)
        ),
        (false, false) => format!("Get a token with the scope {}, which WWW-Authenticate names", say::shown_few(&list)),
    }
}

fn ended(end_s: Option<i64>, now_s: i64) -> String {
    end_s.map_or_else(|| "already".into(), |end| format!("{} ago", say::duration(now_s.saturating_sub(end))))
}

fn shown(show: Show, facts: &RefusalFacts<'_>) -> Option<Evidence> {
    let token = facts.token_in;
    let evidence = |name: &str, values: Vec<String>, missing: Vec<String>| Some(Evidence { name: name.into(), values, missing });
    let asked = |name: &str| values(facts.draft, name).map(str::to_owned).collect::<Vec<_>>();
    let short = |name: &str| {
        asked(name).into_iter().map(|text| text.rsplit(':').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    match show {
        Show::RequesterInAud => {
            let aud = token?.audience.clone();
            if of(facts.operation).asserts() {
                return assertion_audience(facts, aud);
            }
            let missing = asked("client").into_iter().filter(|client| !aud.contains(client)).collect();
            evidence("aud", aud, missing)
        }
        Show::RequestedInAud => {
            let aud = token?.audience.clone();
            let missing = asked("audience").into_iter().filter(|audience| !aud.contains(audience)).collect();
            evidence("aud", aud, missing)
        }
        Show::Aud if of(facts.operation).asserts() => assertion_audience(facts, token?.audience.clone()),
        Show::Aud => evidence("aud", token?.audience.clone(), Vec::new()),
        Show::Azp => evidence("azp", vec![token?.client.clone()?], Vec::new()),
        Show::Iss => {
            let issuer = token?.issuer.clone()?;
            let expected = server_issuer(facts).to_owned();
            // An assertion is issued by somebody else whom the server trusts (RFC 7523 3, 1).
            let foreign = of(facts.operation).asserts();
            let missing = if foreign || expected.is_empty() || expected == issuer { Vec::new() } else { vec![expected] };
            evidence("iss", vec![issuer], missing)
        }
        Show::Exp => {
            let left = token?.expires_at?.saturating_sub(facts.now_s);
            evidence(
                "exp",
                vec![if left > 0 {
                    format!("{} left", say::duration(left))
                } else {
                    format!("ended {} ago", say::duration(left))
                }],
                Vec::new(),
            )
        }
        Show::Iat => {
            evidence("iat", vec![format!("{} ago", say::duration(facts.now_s.saturating_sub(token?.issued_at?)))], Vec::new())
        }
        Show::Scope => {
            let token = token?;
            evidence("scope", scopes(token, facts).to_vec(), Vec::new())
        }
        Show::AskedScope => {
            evidence("scope asked for", words(facts.draft, "scope").into_iter().map(str::to_owned).collect(), Vec::new())
        }
        Show::AskedAudience => {
            let sent = asked("audience");
            // What was not sent is no evidence of what was refused.
            if sent.is_empty() { None } else { evidence("audience asked for", sent, Vec::new()) }
        }
        Show::Client => {
            let id = value(facts.draft, "client")?;
            let client = crate::message::client_of(facts.profile, id, ServerRole::Provider)?;
            let how = if client.auth == ClientAuth::None { "public, no secret" } else { client.auth.words() };
            evidence("client", vec![format!("{id}, {how}")], Vec::new())
        }
        Show::SubjectType => evidence("subject_token_type", short("subject_token_type"), Vec::new()),
        Show::RequestedType => evidence("requested_token_type", short("requested_token_type"), Vec::new()),
        Show::Alg => evidence("alg", vec![token?.alg.clone()?], Vec::new()),
        Show::Sub => evidence(
            "sub",
            token?.subject.clone().into_iter().collect(),
            if token?.subject.is_none() { vec!["sub".into()] } else { Vec::new() },
        ),
        Show::Aut => evidence("aut", vec![claim(facts, "aut")?], Vec::new()),
        Show::Roles => roles(facts),
        Show::WantedScope => {
            let wanted = facts.known.wanted_scope.clone();
            (!wanted.is_empty()).then(|| Evidence {
                name: "scope named by WWW-Authenticate".into(),
                values: wanted,
                missing: lacking(facts),
            })
        }
        Show::Behind => evidence("exchange at the provider", vec![facts.known.behind.as_ref()?.words()], Vec::new()),
        Show::ParentExp => {
            let end = facts.known.parent_ends_s?;
            evidence("exp of the token it was made from", vec![format!("ended {}", ended(Some(end), facts.now_s))], Vec::new())
        }
        Show::SecretEnd => {
            let secret = facts.known.secret.as_ref()?;
            let text = format!("made in step {}, ended {}", secret.step, ended(Some(secret.ends_s), facts.now_s));
            evidence("secret", vec![text], Vec::new())
        }
    }
}

/// The audience of an assertion, which must name the server it is shown to, by its issuer or its token endpoint (RFC 7523 3, 3).
/// Only the provider's names are known for sure; a gateway may go by an alias.
fn assertion_audience(facts: &RefusalFacts<'_>, aud: Vec<String>) -> Option<Evidence> {
    let provider = &facts.profile.provider;
    let client = value(facts.draft, "client").and_then(|id| crate::message::client_of(facts.profile, id, ServerRole::Gateway));
    let at_provider = client.is_some_and(|client| client.server == ServerRole::Provider) && !provider.issuer.is_empty();
    let names = |one: &String| *one == provider.issuer || *one == provider.endpoints.token;
    let missing = if at_provider && !aud.iter().any(names) { vec![provider.issuer.clone()] } else { Vec::new() };
    Some(Evidence { name: "aud".into(), values: aud, missing })
}

fn roles(facts: &RefusalFacts<'_>) -> Option<Evidence> {
    let claims = facts.subject_claims?;
    let list = |value: Option<&Value>| {
        value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    let flat = ["roles", "groups", "permissions", "authorities"].iter().find(|name| !list(claims.get(**name)).is_empty());
    let realm = claims.get("realm_access");
    let (name, values) = match flat {
        Some(name) => (*name, list(claims.get(*name))),
        // The path of realms says something only where its tokens have it.
        None if realm.is_some() || habits(facts.dialect).realm_roles => {
            ("realm_access.roles", list(realm.and_then(|access| access.get("roles"))))
        }
        None if claims.contains_key("roles") => ("roles", Vec::new()),
        None => return None,
    };
    Some(Evidence { name: name.into(), values, missing: Vec::new() })
}

fn action(act: Act, facts: &RefusalFacts<'_>) -> Option<FixAction> {
    let pair = |name: &str, value: &str| Pair { name: name.into(), value: value.into() };
    let make = |label: String, operation: Operation, values: Vec<Pair>| Some(FixAction { label, values, operation });
    let token = facts.token_in;
    let reference = token.map(|token| format!("token:{}", token.id)).unwrap_or_default();
    match act {
        Act::ExchangeAsNamed => {
            let current = value(facts.draft, "client");
            let resource = |id: &str| facts.profile.resources.iter().any(|resource| resource.name == id);
            let fits = || {
                facts.profile.clients.iter().filter(|client| {
                    client.server == ServerRole::Provider
                        && client.auth != ClientAuth::None
                        && Some(client.client_id.as_str()) != current
                        && token.is_some_and(|token| token.audience.contains(&client.client_id))
                })
            };
            let client = fits().find(|client| !resource(&client.client_id)).or_else(|| fits().next())?;
            make(format!("Exchange as {}", client.client_id), Operation::TokenExchange, vec![pair("client", &client.client_id)])
        }
        Act::Without(name) => {
            value(facts.draft, name).and_then(|_| make(format!("Leave {name} out"), facts.operation, vec![pair(name, "")]))
        }
        Act::Set(label, name, text) => (value(facts.draft, name) != Some(text)).then(|| FixAction {
            label: label.into(),
            values: vec![pair(name, text)],
            operation: facts.operation,
        }),
        Act::LogIn => make("Log in again".into(), Operation::LogIn, Vec::new()),
        Act::LogInOpenid => {
            let mut scope = vec!["openid".to_owned()];
            scope.extend(facts.profile.scopes.iter().filter(|scope| *scope != "openid").cloned());
            make("Log in with openid".into(), Operation::LogIn, vec![pair("scope", &scope.join(" "))])
        }
        Act::ScopeOfChallenge => {
            let lacking = lacking(facts);
            let token = token.filter(|_| !lacking.is_empty() && !granted_all(facts, &lacking))?;
            let mut scope = token.granted.as_ref().unwrap_or(&token.scope).clone();
            scope.extend(lacking);
            let alone = no_user(token, facts.subject_claims) == Some(true);
            let operation = if alone { Operation::ClientCredentials } else { Operation::LogIn };
            let mut values = vec![pair("scope", &scope.join(" "))];
            values.extend(token.client.as_deref().map(|client| pair("client", client)));
            make("Get a token with the scope".into(), operation, values)
        }
        Act::Refresh => make("Refresh".into(), Operation::Refresh, Vec::new()),
        Act::MapUser => {
            facts.profile.gateway.as_ref().and_then(|_| make("Get a user token".into(), Operation::JwtBearer, Vec::new()))
        }
        Act::ApplicationToken => make("Get an application token".into(), Operation::ClientCredentials, Vec::new()),
        Act::Introspect => {
            token.and_then(|_| make("Introspect the token".into(), Operation::Introspect, vec![pair("token", &reference)]))
        }
        Act::ExchangeForApi => {
            let url = value(facts.draft, "url").and_then(|url| url::Url::parse(url).ok())?;
            let resource = facts
                .profile
                .resources
                .iter()
                .find(|resource| !resource.through_gateway && crate::message::is_under(&url, &resource.url))?;
            // A token of another issuer is nothing the provider would exchange for the asking.
            let ours = |token: &&TokenView| token.issuer.as_ref().is_none_or(|issuer| *issuer == facts.profile.provider.issuer);
            let token = token.filter(|token| token.kind == TokenKind::Access).filter(ours)?;
            let audience = resource.expectations.audience.first().unwrap_or(&resource.name);
            make(
                format!("Exchange for {}", resource.name),
                Operation::TokenExchange,
                vec![pair("subject_token", &format!("token:{}", token.id)), pair("audience", audience)],
            )
        }
    }
}
