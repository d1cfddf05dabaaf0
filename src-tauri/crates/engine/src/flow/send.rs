//! Every operation that is one request to a server: exchange, jwt-bearer, client credentials, refresh, call, introspection and so on.

use http::HeaderMap;
use model::{
    audit::{Actor, Exchange},
    oauth::{Built, Reads},
    operation::{Draft, Operation},
    profile::Profile,
    redact::Known,
    text::{Ink, Line, Span},
    token::{ASSERTED, REFRESHED},
};
use serde_json::{Map, Value};

use super::{
    Ending, Problem, Teller,
    answer::{Receiving, record, words},
};
use crate::{
    http::Answer,
    tape::{Taken, Tape},
    workbench::Workbench,
};

/// What the window shows while it runs.
pub(super) const STAGES: [&str; 2] = ["Send the request", "Read and verify the answer"];

impl Workbench {
    pub(super) async fn send_built(
        &self,
        built: Built,
        draft: &Draft,
        profile: &Profile,
        tape: &Tape,
        teller: &Teller<'_>,
    ) -> Ending {
        let Built { request, to, label, client, audience, tokens_in, reads, title: _ } = built;
        let source = request.uri().to_string();
        teller.begin(0);
        let recorded = self.http.send(request, &profile.tls, self.bounds.usual).await;
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
                    words: origin_words(draft.operation, client.as_deref()),
                    client,
                    audience,
                };
                match self.read_tokens(&answer, to) {
                    Ok((response, words)) => {
                        let tokens = self.receive(response, &receiving, tape).await;
                        Ending::Done { tokens, words: Some(words) }
                    }
                    Err(ending) => *ending,
                }
            }
            Reads::Introspection => self.read_introspection(&answer, to, &tokens_in, &source),
            Reads::Userinfo | Reads::Empty | Reads::Any => {
                if to == Actor::Gateway {
                    self.ask_gateway(&answer.headers, profile, tape).await;
                }
                plain(&answer, to)
            }
        };
        teller.end(1, None);
        ending
    }

    /// RFC 7662 2.2: an object with `active`. What it says is kept with the token it was asked about.
    fn read_introspection(&self, answer: &Answer, to: Actor, tokens_in: &[String], source: &str) -> Ending {
        let ending = plain(answer, to);
        if !matches!(ending, Ending::Done { .. }) {
            return ending;
        }
        let Ok(Value::Object(map)) = serde_json::from_slice::<Value>(&answer.body) else {
            return Ending::Failed {
                problem: Problem::new(
                    "introspection-not-json",
                    "The introspection endpoint did not answer with a JSON object.",
                    "Check introspection_endpoint in the profile.",
                ),
                words: Some(words(answer, to)),
                tokens: Vec::new(),
            };
        };
        if !map.contains_key("active") {
            return Ending::Failed {
                problem: Problem::new(
                    "introspection-without-active",
                    "The answer has no member `active`, so it is no introspection response (RFC 7662 2.2).",
                    "Check introspection_endpoint in the profile.",
                ),
                words: Some(words(answer, to)),
                tokens: Vec::new(),
            };
        }
        if let Some(mut held) = tokens_in.first().and_then(|id| self.shelf.find(id)) {
            held.set_introspection(&map, super::answer::exact(&answer.body), &format!("introspection at {source}"));
            let _ = self.journal.keep_token(&held.kept(self.world.now_s()), self.session, self.world.now_ms());
            self.shelf.put(held);
        }
        ending
    }

    /// Asks the lab's gateway what it did itself for the call (its exchange at the provider, its call of the API).
    async fn ask_gateway(&self, headers: &HeaderMap, profile: &Profile, tape: &Tape) {
        let Some(activity) = profile.gateway.as_ref().map(|gateway| gateway.activity.as_str()).filter(|base| !base.is_empty())
        else {
            return;
        };
        let Some(id) = headers.get("activityid").and_then(|id| id.to_str().ok()) else { return };
        let Ok(request) = http::Request::get(format!("{activity}/{id}")).body(Vec::new()) else { return };
        let recorded = self.http.send(request, &profile.tls, self.bounds.metadata).await;
        let Ok(answer) = recorded.result else { return };
        let Ok(Value::Array(list)) = serde_json::from_slice::<Value>(&answer.body) else { return };
        let known = tape.known();
        for told in list.iter().filter_map(|value| reported(value, &known)) {
            tape.add(Taken::Told(Box::new(told)));
        }
    }
}

/// An answer without tokens in it: 2xx is done, everything else a refusal in the server's words.
fn plain(answer: &Answer, to: Actor) -> Ending {
    let mut words = words(answer, to);
    if (200..300).contains(&answer.status) {
        return Ending::Done { tokens: Vec::new(), words: Some(words) };
    }
    if let Ok(Value::Object(map)) = serde_json::from_slice::<Value>(&answer.body) {
        // WSO2's own APIs have a list called error, and the code beside it.
        let text = |name: &str| match map.get(name)? {
            Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        words.error = text("error").or_else(|| text("code"));
        words.description = text("error_description").or_else(|| text("description")).or_else(|| text("message"));
    }
    words.error = words.error.or_else(|| challenged(answer, "error"));
    words.description = words.description.or_else(|| challenged(answer, "error_description"));
    Ending::Refused { words }
}

/// A member of the challenge: a resource says why there, and often nowhere else (RFC 6750 3).
pub(crate) fn challenged(answer: &Answer, name: &str) -> Option<String> {
    let challenge = answer.headers.get(http::header::WWW_AUTHENTICATE)?.to_str().ok()?;
    let (_, rest) = challenge.split_once(&format!("{name}=\""))?;
    rest.split('"').next().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn origin_words(operation: Operation, client: Option<&str>) -> String {
    let what = match operation {
        Operation::TokenExchange => "token exchange",
        Operation::JwtBearer => ASSERTED,
        Operation::ClientCredentials => "client credentials",
        Operation::Refresh => REFRESHED,
        Operation::Password => "password grant",
        Operation::LogIn => "log in",
        _ => "a response",
    };
    client.map_or_else(|| what.to_owned(), |client| format!("{what} by {client}"))
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
fn reported(value: &Value, known: &Known) -> Option<Exchange> {
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
        Span::new(Ink::Plain, format!(" {}", model::redact::url(&url, known))),
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
        reported: true,
        cached,
        method,
        url: model::redact::url(&url, known),
        request,
        response,
        response_headers: header_count(map),
        status,
        failure: None,
        started_ms: number("started_ms").unwrap_or_default(),
        duration_us: number("duration_ms").unwrap_or_default() * 1000,
        response_bytes: text("response_body").len(),
        token_id: Some(text("token_id")).filter(|id| !id.is_empty()),
    })
}

fn header_count(map: &Map<String, Value>) -> u32 {
    map.get("response_headers").and_then(Value::as_array).map_or(0, |list| u32::try_from(list.len()).unwrap_or(u32::MAX))
}

fn last_segment(url: &url::Url) -> String {
    format!("/{}", url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default())
}

fn header_lines(headers: Option<&Value>, known: &Known) -> Vec<Line> {
    let Some(Value::Array(list)) = headers else { return Vec::new() };
    list.iter()
        .filter_map(Value::as_array)
        .filter_map(|pair| Some((pair.first()?.as_str()?, pair.get(1)?.as_str()?)))
        .map(|(name, value)| {
            vec![Span::new(Ink::Quiet, format!("{name}: ")), Span::new(Ink::Plain, model::redact::text(value, known))]
        })
        .collect()
}

/// A JSON body laid out as our own are; anything else line by line.
fn json_lines(body: &str, known: &Known) -> Vec<Line> {
    let mut headers = HeaderMap::new();
    headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    let whole = model::redact::response(200, "", &headers, body.as_bytes(), known);
    match whole.iter().position(Vec::is_empty) {
        Some(blank) if serde_json::from_str::<Value>(body).is_ok() => whole.into_iter().skip(blank).collect(),
        _ => body_lines(body, known),
    }
}

fn body_lines(body: &str, known: &Known) -> Vec<Line> {
    if body.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Vec::new()];
    lines.extend(model::redact::text(body, known).lines().map(|line| vec![Span::new(Ink::Plain, line)]));
    lines
}
