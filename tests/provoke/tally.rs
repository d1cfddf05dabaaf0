//! How many causes were named, and what was said instead.

use record::audit::{Diagnosis, Step};

use crate::row::Row;

/// How a diagnosis fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// The right cause, as the only one.
    Exactly,
    /// The right cause is among several, at this place from 1.
    Ranked(usize),
    /// It is not there; what was said.
    Missed(String),
}

impl Named {
    /// Judges the reading of a step.
    pub fn of(step: &Step, expect: &str) -> Self {
        let place = |diagnosis: &Diagnosis| {
            let ids = std::iter::once(diagnosis.id.as_str()).chain(diagnosis.others.iter().map(|other| other.id.as_str()));
            ids.into_iter().position(|id| id == expect).map(|place| (place, diagnosis.certain))
        };
        let readings: Vec<&Diagnosis> = step.diagnosis.iter().chain(&step.surprises).collect();
        match readings.iter().find_map(|diagnosis| place(diagnosis)) {
            Some((0, true)) => Self::Exactly,
            Some((place, _)) => Self::Ranked(place + 1),
            None => {
                let said = readings.iter().map(|diagnosis| diagnosis.id.as_str()).collect::<Vec<_>>().join(" ");
                let words = step.words.as_ref();
                let error = words.and_then(|words| words.error.clone()).unwrap_or_default();
                let description = words.and_then(|words| words.description.clone()).unwrap_or_default();
                Self::Missed(format!("[{said}] {:?} {:?} {error}: {description} {:?}", step.outcome, step.status, step.problem))
            }
        }
    }

    fn word(&self) -> String {
        match self {
            Self::Exactly => "exactly".into(),
            Self::Ranked(place) => format!("ranked {place}"),
            Self::Missed(_) => "missed".into(),
        }
    }
}

/// What one provocation gave.
pub struct Outcome {
    pub without: Named,
    pub with: Named,
    /// Events joined to the step: type, error, reason.
    pub events: Vec<String>,
}

/// Which of the two readings of a provocation is looked at.
type Reading = fn(&Outcome) -> &Named;

/// All of them.
#[derive(Default)]
pub struct Tally(Vec<(&'static str, &'static str, Outcome)>);

impl Tally {
    pub fn add(&mut self, row: &Row, outcome: Outcome) {
        println!(
            "{:<58} without events {:<10} with events {:<10} {}",
            row.name,
            outcome.without.word(),
            outcome.with.word(),
            row.expect
        );
        for named in [&outcome.without, &outcome.with] {
            if let Named::Missed(said) = named {
                println!("    said {said}");
            }
        }
        if outcome.with != Named::Exactly {
            println!("    events {:?}", outcome.events);
        }
        self.0.push((row.name, row.expect, outcome));
    }

    fn count(&self, which: Reading, what: fn(&Named) -> bool) -> usize {
        self.0.iter().filter(|(_, _, outcome)| what(which(outcome))).count()
    }

    pub fn print(&self) {
        let causes: std::collections::BTreeSet<&str> = self.0.iter().map(|(_, expect, _)| *expect).collect();
        println!("\n{} provoked, {} different causes", self.0.len(), causes.len());
        let ways: [(&str, Reading); 2] = [("with events", |o| &o.with), ("without events", |o| &o.without)];
        for (title, which) in ways {
            println!(
                "{title:<15} named exactly {}, ranked among candidates {}, missed {}",
                self.count(which, |named| *named == Named::Exactly),
                self.count(which, |named| matches!(named, Named::Ranked(_))),
                self.count(which, |named| matches!(named, Named::Missed(_))),
            );
        }
    }

    /// Fails below the goals; shares in percent.
    pub fn holds(&self, provoked: usize, with: usize, without: usize) {
        let exactly = |which| self.count(which, |named| *named == Named::Exactly) * 100;
        let all = self.0.len();
        assert!(all >= provoked, "{all} provoked, {provoked} are the goal");
        assert!(exactly(|o| &o.with) >= with * all, "with events fewer than {with} % are named exactly");
        assert!(exactly(|o| &o.without) >= without * all, "without events fewer than {without} % are named exactly");
    }
}
