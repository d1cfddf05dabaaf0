//! When an entry of the catalogue fits, and how well.

use serde_json::Value;

use super::{entry::Refusal, facts::RefusalFacts, markup, when::Proof};
use crate::{
    operation::of,
    profile::Dialect,
    server::{ALL, habits},
};

/// The server's words in the form entries are compared with.
pub(crate) struct Said {
    /// `error`, or the code a gateway puts into its fault body.
    pub error: String,
    /// Description and body in small letters.
    pub said: String,
    /// Description as it came.
    pub description: String,
    /// `error` and `reason` of joined events that carry an error, small letters.
    pub reasons: Vec<String>,
    /// Whether `error` is a gateway's own code, which decides whatever else is said.
    coded: bool,
    /// The server that speaks so: the one of the profile, or the gateway whose code it is.
    dialect: Dialect,
}

impl Said {
    pub fn of(facts: &RefusalFacts<'_>) -> Self {
        let json: Option<Value> = serde_json::from_str(facts.body).ok();
        let member = |name: &str| {
            json.as_ref().and_then(|json| json.get(name)).map(|value| match value {
                Value::String(text) => text.clone(),
                Value::Object(_) | Value::Array(_) | Value::Null => String::new(),
                other => other.to_string(),
            })
        };
        // A gateway's fault: `{"code":"900901","message":…,"description":…}`, in JSON or as XML elements.
        // Kubernetes and many an API repeat the status there, which is no code of theirs.
        let code = member("code").filter(|code| !code.is_empty() && *code != facts.status.to_string());
        let code = code.or_else(|| markup::element(facts.body, "code"));
        // A server means its own code, whatever stands beside it: a challenge says `invalid_token` for all of them.
        // Before an API of which no gateway is known, it is one by its known codes in the form of its faults.
        let own = (habits(facts.dialect).own_code)(facts.body, json.as_ref()).map(|code| (facts.dialect, code));
        let stray = || {
            let others = ALL.into_iter().filter(|dialect| *dialect != facts.dialect && of(facts.operation).calls_api());
            others.into_iter().find_map(|dialect| {
                let stray = habits(dialect).stray_code;
                stray(facts.description.unwrap_or_default(), facts.body, json.as_ref()).map(|code| (dialect, code))
            })
        };
        let coded = own.or_else(stray);
        let dialect = coded.as_ref().map_or(facts.dialect, |(dialect, _)| *dialect);
        let error = coded
            .as_ref()
            .map(|(_, code)| code.as_str())
            .or(facts.error)
            .map(str::to_owned)
            .or_else(|| member("error"))
            .filter(|error| !error.is_empty())
            .or(code)
            .unwrap_or_default();
        let description = facts
            .description
            .map(str::to_owned)
            .or_else(|| member("error_description"))
            .or_else(|| member("description"))
            .or_else(|| member("message"))
            .or_else(|| member("detail"))
            .or_else(|| markup::element(facts.body, "description"))
            .unwrap_or_default();
        let reasons = facts
            .events
            .iter()
            .filter(|event| event.error.is_some() || event.event_type.ends_with("_ERROR"))
            .flat_map(|event| {
                event
                    .details
                    .iter()
                    .filter(|pair| pair.name == "reason" || pair.name == "detail")
                    .map(|pair| pair.value.clone())
                    .chain(event.error.clone())
            })
            .map(|reason| reason.to_lowercase())
            .collect();
        let body: String = facts.body.chars().take(8_192).collect();
        let said = without_boilerplate(format!("{description}\n{body}").to_lowercase());
        Self { said, error, description, reasons, coded: coded.is_some(), dialect }
    }
}

impl Said {
    /// Whether a joined event gives this reason; after `=` it is the whole of it.
    fn tells(&self, event: &str) -> bool {
        match event.strip_prefix('=') {
            Some(whole) => self.reasons.iter().any(|reason| reason == whole),
            None => self.reasons.iter().any(|reason| reason.contains(event)),
        }
    }

    fn says(&self, words: &str) -> bool {
        match (words.strip_prefix("=="), words.strip_prefix('=')) {
            (Some(whole), _) => self.description.trim() == whole,
            (None, Some(whole)) => self.description.trim().to_lowercase() == whole,
            (None, None) => self.said.contains(words),
        }
    }
}

/// Sentences that repeat what RFC 6749 says of a code, with all its causes: they name none. Small letters.
const BOILERPLATE: [&str; 9] = [
    "(e.g., authorization code, resource owner credentials)",
    "is invalid, expired, revoked, does not match the redirection uri used in the authorization request, or was issued to another client",
    "(e.g., unknown client, no client authentication included, or unsupported authentication method)",
    "(e.g. unknown client, no client authentication included, or unsupported authentication method)",
    "unknown client, no client authentication included, or unsupported authentication method",
    "the request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed",
    "includes an unsupported parameter value (other than grant type), repeats a parameter, includes multiple credentials",
    "token is inactive because it is malformed, expired or otherwise invalid",
    "the access token provided is expired, revoked, malformed, or invalid for other reasons",
];

fn without_boilerplate(said: String) -> String {
    BOILERPLATE
        .iter()
        .filter(|sentence| said.contains(**sentence))
        .fold(said.clone(), |said, sentence| said.replace(sentence, ""))
}

/// How well an entry fits, and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fit {
    /// Higher fits better.
    pub score: u32,
    /// Its words were said.
    pub by_words: bool,
    /// A joined event gives its reason.
    pub by_event: bool,
    /// What would settle it was told and holds.
    pub proved: bool,
}

impl Refusal {
    /// How well the entry fits; none when it does not. A specific server, an event and a condition weigh more than words,
    /// and what was proved more than all of them.
    pub fn fit(&self, facts: &RefusalFacts<'_>, reading: &Said) -> Option<Fit> {
        let mut score = 1;
        match self.dialect {
            Some(dialect) if dialect != reading.dialect => return None,
            // What a server means by its own code counts more than what any server might mean by a word.
            Some(_) => score += 20,
            None => {}
        }
        if let Some(operations) = self.operations.listed() {
            if !operations.contains(&facts.operation) {
                return None;
            }
            score += 2;
        }
        if self.status != 0 {
            if self.status != facts.status {
                return None;
            }
            score += 1;
        }
        if !self.error.is_empty() {
            if !self.error.contains(&reading.error.as_str()) {
                return None;
            }
            score += if reading.coded { 40 } else { 8 };
        }
        let by_words = self.words.iter().any(|words| reading.says(words));
        let by_event = self.event.iter().any(|event| reading.tells(event));
        match (self.words.is_empty(), self.event.is_empty()) {
            (false, _) if by_words => score += 16,
            (_, false) if by_event => {}
            (true, true) => {}
            _ => return None,
        }
        if by_event {
            score += 16;
        } else if !self.event.is_empty() && !self.tell.is_empty() && !reading.reasons.is_empty() {
            // The event gives a reason, and it is that of another of the causes.
            return None;
        }
        if !self.when.holds(facts) {
            return None;
        }
        score += 4 * self.when.weight();
        let proved = match self.proof.holds(facts) {
            Some(false) => return None,
            Some(true) => true,
            None => {
                // What the shelf would know and does not is less likely than what it can not know.
                if self.dialect.is_some_and(|dialect| habits(dialect).terse) && self.proof != Proof::Nothing {
                    score -= 5;
                }
                false
            }
        };
        // Where a server that has few words says the cause, it is right before us.
        if proved || (by_words && self.certain && habits(reading.dialect).terse) {
            score += 64;
        }
        Some(Fit { score, by_words, by_event, proved })
    }
}
