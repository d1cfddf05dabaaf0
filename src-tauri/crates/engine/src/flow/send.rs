//! Every operation that is one request to a server: exchange, jwt-bearer, client credentials, refresh, call, introspection and so on.

use http::HeaderMap;
use oauth::{
    message::{self, Built, Reads, ResponseReading, UserinfoExpectation},
    profile::Profile,
};
use record::{
    audit::{Actor, Exchange},
    operation::Draft,
    redact::KnownSecrets,
};
use serde_json::{Map, Value};
use token::{
    finding::Finding,
    inspect::{Obtained, Origin, TokenKind, Verification},
    secret::Secret,
    shown::shown,
    text::{Ink, Line, Span},
};

use super::{
    answer::{self, Receiving, record, words},
    ending::Ending,
    teller::Teller,
};
use crate::{
    fault::Problem,
    ground::Ground,
    http::HttpAnswer,
    shelf::Held,
    tape::{Taken, Tape},
    tokens, verification,
};

/// Most exchanges a gateway may report of one call.
const MOST_REPORTED: usize = 100;

/// What the window shows while it runs.
pub(super) const STAGES: [&str; 2] = ["Send the request", "Read and verify the answer"];

pub(super) async fn send_built(
    ground: &Ground,
    built: Built,
    draft: &Draft,
    profile: &Profile,
    tape: &Tape,
    teller: &Teller<'_>,
) -> Ending {
    let Built { request, to, label, client, audience, tokens_in, reads, title: _ } = built;
    let definition = oauth::operation::of(draft.operation);
    let source = record::redact::url_text(&request.uri().to_string(), &tape.known());
    teller.begin(0);
    let recorded = ground.http.send(request, &profile.tls, ground.bounds.usual).await;
    let answer = match record(tape, to, &label, recorded) {
        Ok(answer) => answer,
        Err(fault) => {
            teller.fail(0);
            return Problem::from(fault).into();
        }
    };
    teller.end(0, None);
    teller.begin(1);
    let ending = match reads {
        Reads::TokenResponse => {
            let receiving = Receiving {
                to,
                profile,
                parent: tokens_in.first().cloned(),
                obtained: definition.issues.obtained(),
                words: definition.issues.origin(client.as_deref()),
                client,
                audience,
                asked_scope: super::login::asked(draft, "scope"),
                asked_type: (definition.asks_type && (definition.sends)(draft, "requested_token_type"))
                    .then(|| super::login::asked(draft, "requested_token_type").into_iter().next())
                    .flatten(),
            };
            match answer::read_tokens(&answer, to) {
                Ok((response, words)) => {
                    let mut tokens = answer::receive(ground, response, &receiving, tape).await;
                    if definition.issues.judges_id_token() {
                        judge_id_tokens(ground, &mut tokens, &receiving);
                    }
                    Ending::Done { tokens, words: Some(words) }
                }
                Err(ending) => *ending,
            }
        }
        Reads::Introspection => read_introspection(ground, &answer, to, profile, &tokens_in, &source, tape).await,
        Reads::Userinfo => read_userinfo(ground, &answer, to, profile, &tokens_in, tape).await,
        Reads::Empty | Reads::Any => {
            if to == Actor::Gateway {
                ask_gateway(ground, &answer.headers, profile, tape).await;
            }
            match plain(&answer, to) {
                // RP-Initiated Logout 1.0 asks a server to send the browser on, and it does so here as well.
                Ending::Refused { words } if definition.sends_on && (300..400).contains(&answer.status) => {
                    Ending::Done { tokens: Vec::new(), words: Some(words) }
                }
                ending => ending,
            }
        }
    };
    teller.end(1, None);
    ending
}

/// RFC 7662 2.2: an object with `active`. What it says is kept with the token it was asked about.
async fn read_introspection(
    ground: &Ground,
    answer: &HttpAnswer,
    to: Actor,
    profile: &Profile,
    tokens_in: &[String],
    source: &str,
    tape: &Tape,
) -> Ending {
    let ending = plain(answer, to);
    if !matches!(ending, Ending::Done { .. }) {
        return ending;
    }
    if let Err(fault) = answer.readable() {
        return Ending::Failed { problem: fault.into(), words: Some(words(answer, to)), tokens: Vec::new() };
    }
    let held = tokens_in.first().and_then(|id| ground.shelf.find(id));
    // Without a token at hand the answer is judged all the same, and kept with nothing.
    let mut judged =
        held.clone().unwrap_or_else(|| Held::live(Secret::new(""), Origin::new("", TokenKind::Other, Obtained::Unknown, "")));
    if let Err(problem) = answer::heard(ground, &mut judged, answer, profile, to, source, tape) {
        return Ending::Failed { problem, words: Some(words(answer, to)), tokens: Vec::new() };
    }
    // What is longer than a token may be is no description of one.
    if held.is_some() && answer.body.len() <= token::decode::MAX_SIZE {
        let known = tape.known();
        let kept = judged.kept(ground.world.now_s(), &known);
        let _ = ground.journal.keep_token_later(kept, ground.session, ground.world.now_ms()).await;
        ground.shelf.put(judged);
    }
    ending
}

/// OpenID Connect Core 5.3.2: an answer that is not the record of the token's own user must not be used.
async fn read_userinfo(
    ground: &Ground,
    answer: &HttpAnswer,
    to: Actor,
    profile: &Profile,
    tokens_in: &[String],
    tape: &Tape,
) -> Ending {
    let ending = plain(answer, to);
    if !matches!(ending, Ending::Done { .. }) {
        return ending;
    }
    let failed = |id: &str, message: String, advice: &str| Ending::Failed {
        problem: Problem::new(id, message, advice),
        words: Some(words(answer, to)),
        tokens: Vec::new(),
    };
    let userinfo = match message::read_userinfo(answer.status, answer.content_type(), &answer.body) {
        ResponseReading::Ok(userinfo) => userinfo,
        ResponseReading::Malformed { id, message, advice } => return failed(id, message, &advice),
        ResponseReading::Refused(error) => return failed("userinfo-refused", error.error, ""),
    };
    let advice = "Nothing of the answer is used. Look at the response below, and at what the provider or something in between serves at this address.";
    if let Some(text) = &userinfo.signed {
        let origin = Origin::new(tokens::new_token_id(ground), TokenKind::Other, Obtained::Answered, "userinfo");
        let mut signed = Held::live(text.clone(), origin);
        if let Some(recorded) = verification::verify(ground, &mut signed, profile).await {
            tape.add(Taken::Ours {
                to,
                label: "GET keys (JWKS)".into(),
                purpose: record::audit::ExchangePurpose::Keys,
                recorded: Box::new(recorded),
            });
        }
        match signed.verification() {
            Verification::Verified { .. } => {}
            Verification::Unsecured => {
                let message = "Userinfo answered with a JWT that is not signed (alg none), so anybody could have written it.";
                return failed("userinfo-unsecured", message.into(), advice);
            }
            Verification::BadSignature { reason, .. } => {
                return failed("userinfo-signature", format!("The signature of the userinfo JWT does not fit. {reason}"), advice);
            }
            Verification::Unverifiable { reason } => {
                let message = format!("Userinfo answered with a JWT whose signature could not be checked. {reason}");
                return failed("userinfo-not-verified", message, advice);
            }
        }
    }
    let held = tokens_in.first().and_then(|id| ground.shelf.find(id));
    let subject = held.as_ref().and_then(|held| {
        answer::signed_in(ground, held).or_else(|| held.claims().and_then(|claims| token::claims::text(claims, "sub")))
    });
    let expected = UserinfoExpectation {
        subject: subject.as_deref(),
        issuer: &profile.provider.issuer,
        client_id: held.as_ref().and_then(Held::client_hint),
        now_s: ground.world.now_s(),
        clock_tolerance_s: super::login::CLOCK_TOLERANCE_S,
    };
    let faults = message::userinfo_faults(&userinfo, &expected);
    match faults.first() {
        None => ending,
        Some((id, _)) => {
            let message = faults.iter().map(|(_, message)| message.as_str()).collect::<Vec<_>>().join(" ");
            failed(id, message, advice)
        }
    }
}

/// An ID token that came without a login in the browser is held against the same rules, as far as they apply (OpenID Connect
/// Core 12.2); what does not hold stands with the token.
fn judge_id_tokens(ground: &Ground, tokens: &mut [Held], receiving: &Receiving<'_>) {
    let Some(client) = &receiving.client else { return };
    if receiving.to != Actor::Provider {
        return;
    }
    let access_token = tokens.iter().find(|held| held.kind() == TokenKind::Access).and_then(|held| held.text().cloned());
    let before =
        receiving.parent.as_deref().and_then(|id| ground.shelf.find(id)).and_then(|parent| answer::signed_in(ground, &parent));
    for held in tokens.iter_mut().filter(|held| held.kind() == TokenKind::Id) {
        let empty = Map::new();
        let expected = message::IdTokenExpectation {
            issuer: &receiving.profile.provider.issuer,
            client_id: client,
            nonce: None,
            now_s: ground.world.now_s(),
            clock_tolerance_s: super::login::CLOCK_TOLERANCE_S,
            access_token: access_token.as_ref(),
            code: None,
            state: None,
            max_age_s: None,
            repeated: &super::login::repeated(held, ground.world.now_s()),
        };
        let mut faults = held
            .claims()
            .map(|claims| message::id_token_faults(claims, held.header().unwrap_or(&empty), &expected))
            .unwrap_or_default();
        let subject = held.claims().and_then(|claims| token::claims::text(claims, "sub"));
        if let (Some(before), Some(subject)) = (&before, subject)
            && *before != subject
        {
            let message = format!(
                "The log in was of {}, and the ID token that came with the refresh is of {}; a client must not go on with it.",
                shown(before),
                shown(&subject)
            );
            faults.push(("id-token-other-sub".into(), message));
        }
        for (id, message) in faults {
            held.add_finding(Finding::error(&id, "Not for this client", &message, Some("OpenID Connect Core 12.2")));
        }
    }
}

/// Asks the lab's gateway what it did itself for the call (its exchange at the provider, its call of the API).
async fn ask_gateway(ground: &Ground, headers: &HeaderMap, profile: &Profile, tape: &Tape) {
    let Some(activity) = profile.gateway.as_ref().map(|gateway| gateway.activity.as_str()).filter(|base| !base.is_empty()) else {
        return;
    };
    let Some(id) = headers.get("activityid").and_then(|id| id.to_str().ok()) else { return };
    let Ok(request) = http::Request::get(format!("{activity}/{id}")).body(Vec::new()) else { return };
    let recorded = ground.http.send(request, &profile.tls, ground.bounds.metadata).await;
    let Some(answer) = recorded.result.ok().filter(|answer| answer.readable().is_ok()) else { return };
    let Ok(Value::Array(list)) = serde_json::from_slice::<Value>(&answer.body) else { return };
    let known = tape.known();
    for told in list.iter().take(MOST_REPORTED).filter_map(|value| reported(value, &known)) {
        tape.add(Taken::Told(Box::new(told)));
    }
}

/// An answer without tokens in it: 2xx is done, everything else a refusal in the server's words.
fn plain(answer: &HttpAnswer, to: Actor) -> Ending {
    let mut words = words(answer, to);
    if (200..300).contains(&answer.status) {
        return Ending::Done { tokens: Vec::new(), words: Some(words) };
    }
    let told = Some(&answer.body).filter(|_| answer.readable().is_ok());
    if let Some(Ok(Value::Object(map))) = told.map(|body| serde_json::from_slice::<Value>(body)) {
        // Its gateway wraps the fault in some versions.
        let map = map.get("fault").and_then(Value::as_object).unwrap_or(&map);
        // WSO2's own APIs have a list called error, and the code beside it.
        let text = |name: &str| match map.get(name)? {
            Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        words.error = text("error").or_else(|| text("code").filter(|code| !record::redact::redeemable(code)));
        words.description = text("error_description").or_else(|| text("description")).or_else(|| text("message"));
    }
    words.error = words.error.or_else(|| challenged(answer, "error"));
    words.description = words.description.or_else(|| challenged(answer, "error_description"));
    Ending::Refused { words }
}

/// A parameter of the challenges: a resource says why there, and often nowhere else (RFC 6750 3).
fn challenged(answer: &HttpAnswer, name: &str) -> Option<String> {
    message::challenged(&answer.headers, name)
}

fn actor(word: &str) -> Actor {
    match word {
        "gateway" => Actor::Gateway,
        "portal" => Actor::Portal,
        "provider" => Actor::Provider,
        _ => Actor::Api,
    }
}

/// One exchange of the gateway's report. It arrives redacted; it is redacted again with what we know.
fn reported(value: &Value, known: &KnownSecrets) -> Option<Exchange> {
    let map = value.as_object()?;
    let text = |name: &str| map.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let number = |name: &str| map.get(name).and_then(Value::as_i64);
    let method = text("method");
    let url = url::Url::parse(&text("url")).ok()?;
    let (from, to) = (text("from"), text("to"));
    let cached = map.get("cached").and_then(Value::as_bool).unwrap_or(false);
    let status = number("status").and_then(|status| u16::try_from(status).ok());
    let headers = map.get("request_headers").map(Value::to_string).unwrap_or_default().to_ascii_lowercase();
    let what = match to.as_str() {
        "provider" => ", token-exchange",
        _ if headers.contains("\"authorization\"") => ", exchanged token",
        _ => "",
    };
    let mut request: Vec<Line> = vec![vec![
        Span::new(Ink::Strong, method.clone()),
        Span::new(Ink::Plain, format!(" {}", record::redact::url(&url, known))),
    ]];
    request.extend(header_lines(map.get("request_headers"), known));
    request.extend(body_lines(&text("request_body"), known));
    let mut response: Vec<Line> = Vec::new();
    if let Some(status) = status {
        response.push(vec![Span::new(Ink::Strong, format!("{status} {}", crate::tape::reason(status)))]);
    }
    response.extend(header_lines(map.get("response_headers"), known));
    response.extend(json_lines(&text("response_body"), known));
    Some(Exchange {
        seq: 0,
        from: actor(&from),
        to: actor(&to),
        label: format!("{method} {}{what}{}", last_segment(&url), if cached { " (from its cache)" } else { "" }),
        through_browser: false,
        purpose: record::audit::ExchangePurpose::Other,
        reported: true,
        cached,
        method,
        url: record::redact::url(&url, known),
        request,
        response,
        response_headers: header_count(map),
        status,
        failure: None,
        rest: None,
        started_ms: number("started_ms").unwrap_or_default(),
        duration_us: number("duration_ms").unwrap_or_default().saturating_mul(1000),
        response_bytes: text("response_body").len(),
        token_id: Some(text("token_id")).filter(|id| !id.is_empty()),
    })
}

fn header_count(map: &Map<String, Value>) -> u32 {
    map.get("response_headers").and_then(Value::as_array).map_or(0, |list| u32::try_from(list.len()).unwrap_or(u32::MAX))
}

fn last_segment(url: &url::Url) -> String {
    format!("/{}", message::last_segment(url))
}

fn header_lines(headers: Option<&Value>, known: &KnownSecrets) -> Vec<Line> {
    let Some(Value::Array(list)) = headers else { return Vec::new() };
    list.iter()
        .filter_map(Value::as_array)
        .filter_map(|pair| Some((pair.first()?.as_str()?, pair.get(1)?.as_str()?)))
        .map(|(name, value)| {
            vec![Span::new(Ink::Quiet, format!("{name}: ")), Span::new(Ink::Plain, record::redact::text(value, known))]
        })
        .collect()
}

/// A JSON body laid out as our own are; anything else line by line.
fn json_lines(body: &str, known: &KnownSecrets) -> Vec<Line> {
    let mut headers = HeaderMap::new();
    headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    let whole = record::redact::response(200, "", &headers, body.as_bytes(), known);
    match whole.iter().position(Vec::is_empty) {
        Some(blank) if serde_json::from_str::<Value>(body).is_ok() => whole.into_iter().skip(blank).collect(),
        _ => body_lines(body, known),
    }
}

fn body_lines(body: &str, known: &KnownSecrets) -> Vec<Line> {
    if body.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Vec::new()];
    lines.extend(record::redact::text(body, known).lines().map(|line| vec![Span::new(Ink::Plain, line)]));
    lines
}
