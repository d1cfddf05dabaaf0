//! A run drawn as actors and arrows.

use url::Url;

use crate::audit::{Actor, Arrow, Lane, Outcome, Scene, Sequence, Step};
use token::measure;

/// Columns in the order they are drawn: the user's side left, the servers right.
const LANES: [(Actor, &str); 6] = [
    (Actor::Browser, "User"),
    (Actor::Claimscope, "Claimscope"),
    (Actor::Gateway, "Gateway"),
    (Actor::Portal, "Portal"),
    (Actor::Provider, "Provider"),
    (Actor::Api, "API"),
];

/// Where the servers of an environment are, by address; empty where that is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The identity provider.
    pub provider: String,
    /// The gateway.
    pub gateway: String,
    /// The developer portal or key manager of the gateway.
    pub portal: String,
}

/// The sequence of the given steps, in order of time.
pub fn sequence(steps: &[Step], places: &Places) -> Sequence {
    let mut steps: Vec<&Step> = steps.iter().collect();
    steps.sort_by_key(|step| (step.started_ms, step.id));
    let scenes: Vec<Scene> = steps
        .iter()
        .filter(|step| !step.exchanges.is_empty())
        .map(|step| {
            let mut exchanges = step.exchanges.clone();
            exchanges.sort_by_key(|exchange| (exchange.seq, exchange.started_ms));
            Scene {
                step: step.id,
                title: step.title.clone(),
                arrows: exchanges.into_iter().map(|exchange| Arrow { step: step.id, exchange }).collect(),
            }
        })
        .collect();
    Sequence { lanes: lanes(&scenes, places), summary: summary(&steps, &scenes), scenes }
}

fn lanes(scenes: &[Scene], places: &Places) -> Vec<Lane> {
    let takes_part = |actor: Actor| {
        scenes.iter().flat_map(|scene| &scene.arrows).any(|arrow| arrow.exchange.from == actor || arrow.exchange.to == actor)
    };
    LANES
        .iter()
        .filter(|(actor, _)| takes_part(*actor))
        .map(|(actor, name)| Lane { actor: *actor, name: (*name).into(), note: note(*actor, scenes, places) })
        .collect()
}

/// What tells a server from its neighbour: the port on this machine, else the host.
fn note(actor: Actor, scenes: &[Scene], places: &Places) -> String {
    match actor {
        Actor::Browser => return "browser".into(),
        Actor::Claimscope => return "this app".into(),
        _ => {}
    }
    let configured = match actor {
        Actor::Provider => Some(&places.provider),
        Actor::Gateway => Some(&places.gateway),
        Actor::Portal => Some(&places.portal),
        _ => None,
    };
    let seen = || {
        scenes
            .iter()
            .flat_map(|scene| &scene.arrows)
            .find(|arrow| arrow.exchange.to == actor)
            .map(|arrow| arrow.exchange.url.clone())
    };
    let Some(url) =
        configured.filter(|address| !address.is_empty()).cloned().or_else(seen).and_then(|address| Url::parse(&address).ok())
    else {
        return String::new();
    };
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) if crate::issuer::is_loopback(&url) => port.to_string(),
        Some(port) if url.port().is_some() => format!("{host}:{port}"),
        _ => host.to_owned(),
    }
}

/// `12 exchanges in 6.7 s, one refused`.
fn summary(steps: &[&Step], scenes: &[Scene]) -> String {
    let count: usize = scenes.iter().map(|scene| scene.arrows.len()).sum();
    if count == 0 {
        return "Nothing was sent".into();
    }
    let total: i64 = steps.iter().map(|step| step.duration_us.max(0)).sum();
    let mut summary = format!("{count} {} in {}", if count == 1 { "exchange" } else { "exchanges" }, measure::micros(total));
    for (outcome, word) in [
        (Outcome::Refused, "refused"),
        (Outcome::Failed, "failed"),
        (Outcome::Cancelled, "cancelled"),
        (Outcome::Unknown, "without a known end"),
    ] {
        match steps.iter().filter(|step| step.outcome == outcome).count() {
            0 => {}
            1 => summary.push_str(&format!(", one {word}")),
            n => summary.push_str(&format!(", {n} {word}")),
        }
    }
    summary
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{audit::Exchange, operation::Operation};

    fn exchange(seq: u32, from: Actor, to: Actor, url: &str) -> Exchange {
        Exchange {
            seq,
            from,
            to,
            label: String::new(),
            through_browser: false,
            purpose: crate::audit::ExchangePurpose::Other,
            reported: false,
            cached: false,
            method: "GET".into(),
            url: url.into(),
            request: Vec::new(),
            response: Vec::new(),
            rest: None,
            response_headers: 0,
            status: Some(200),
            failure: None,
            started_ms: 0,
            duration_us: 0,
            response_bytes: 0,
            token_id: None,
        }
    }

    fn step(id: i64, started_ms: i64, outcome: Outcome, exchanges: Vec<Exchange>) -> Step {
        Step {
            id,
            started_ms,
            duration_us: 3_350_000,
            operation: Operation::LogIn,
            title: format!("Step {id}"),
            headline: String::new(),
            profile: "lab".into(),
            subject: None,
            client: None,
            audience: None,
            outcome,
            status: None,
            problem: None,
            problem_id: None,
            advice: None,
            words: None,
            diagnosis: None,
            surprises: Vec::new(),
            tokens_in: Vec::new(),
            tokens_out: Vec::new(),
            verdicts: Vec::new(),
            report: None,
            main_exchange: None,
            bundle: None,
            exchanges,
            events: Vec::new(),
            draft: None,
        }
    }

    #[test]
    fn only_those_who_take_part_in_fixed_order() {
        let steps = [
            step(2, 20, Outcome::Refused, vec![exchange(1, Actor::Claimscope, Actor::Gateway, "https://127.0.0.1:8243/orders")]),
            step(
                1,
                10,
                Outcome::Success,
                vec![
                    exchange(2, Actor::Claimscope, Actor::Provider, "http://127.0.0.1:18080/token"),
                    exchange(1, Actor::Browser, Actor::Provider, "http://127.0.0.1:18080/auth"),
                ],
            ),
        ];
        let drawn = sequence(&steps, &Places::default());
        let lanes: Vec<(&str, &str)> = drawn.lanes.iter().map(|lane| (lane.name.as_str(), lane.note.as_str())).collect();
        assert_eq!(lanes, [("User", "browser"), ("Claimscope", "this app"), ("Gateway", "8243"), ("Provider", "18080")]);
        assert_eq!(drawn.scenes.iter().map(|scene| scene.step).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(drawn.scenes[0].arrows.iter().map(|arrow| arrow.exchange.seq).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(drawn.summary, "3 exchanges in 6.7 s, one refused");
    }

    #[test]
    fn nothing_sent_is_said() {
        let drawn = sequence(&[step(1, 0, Outcome::Cancelled, Vec::new())], &Places::default());
        assert_eq!((drawn.summary.as_str(), drawn.lanes.len(), drawn.scenes.len()), ("Nothing was sent", 0, 0));
    }
}
