//! What knocked at the listener and was not the answer: counted by kind, and nothing of its content kept.

use std::fmt::Write as _;

/// What was wrong with a request; the first thing that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stray {
    /// Not HTTP, not whole, too long, too slow, or with a body.
    Malformed,
    /// For another host, or for none.
    Host,
    /// For another path.
    Path,
    /// A POST on the right path.
    Posted,
    /// Another method.
    Method,
    /// Made by a page, or fetched ahead: nobody went there.
    Fetched,
    /// On the right path, without the state of this log in.
    State,
}

/// Counts of what came and was not the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strays {
    /// Not HTTP, not whole, too long, too slow, or with a body.
    pub malformed: u32,
    /// For another host, or for none.
    pub host: u32,
    /// For another path.
    pub path: u32,
    /// A POST on the right path.
    pub posted: u32,
    /// Another method.
    pub method: u32,
    /// Made by a page, or fetched ahead.
    pub fetched: u32,
    /// On the right path, without the state of this log in.
    pub state: u32,
}

impl Strays {
    pub(super) fn count(&mut self, stray: Stray) {
        let place = match stray {
            Stray::Malformed => &mut self.malformed,
            Stray::Host => &mut self.host,
            Stray::Path => &mut self.path,
            Stray::Posted => &mut self.posted,
            Stray::Method => &mut self.method,
            Stray::Fetched => &mut self.fetched,
            Stray::State => &mut self.state,
        };
        *place = place.saturating_add(1);
    }

    /// All together.
    pub fn sum(&self) -> u32 {
        [self.malformed, self.host, self.path, self.posted, self.method, self.fetched, self.state]
            .into_iter()
            .fold(0, u32::saturating_add)
    }

    /// One line a kind that came, the one that may be the provider's own first.
    pub fn lines(&self) -> Vec<String> {
        [
            (self.state, "answer without the right state", "answers without the right state"),
            (self.posted, "POST, where a redirect by GET was asked for", "POSTs, where a redirect by GET was asked for"),
            (self.fetched, "request made by a page instead of going there", "requests made by a page instead of going there"),
            (self.host, "request for another host", "requests for another host"),
            (self.path, "request for another path", "requests for another path"),
            (self.method, "request by another method than GET", "requests by another method than GET"),
            (
                self.malformed,
                "connection that was no HTTP, too long or too slow",
                "connections that were no HTTP, too long or too slow",
            ),
        ]
        .into_iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect()
    }

    /// What to do about them while one waits; empty when they may be nobody's fault.
    pub fn advice(&self) -> &'static str {
        if self.state > 0 {
            "If the page of the provider is done in the browser, it answered without the state it was given: cancel, and look at what it redirected to."
        } else if self.posted > 0 {
            "If the page of the provider is done in the browser, it answered by a form: cancel, and set the client's response mode to query there."
        } else {
            ""
        }
    }

    /// A sentence for a wait that ended without an answer; empty when nothing came.
    pub fn sentence(&self) -> String {
        let mut text = String::new();
        for (index, line) in self.lines().iter().enumerate() {
            let _ = write!(text, "{}{line}", if index == 0 { "" } else { "; " });
        }
        if text.is_empty() { text } else { format!("What came instead was refused: {text}.") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_told_by_kind_and_number() {
        let mut strays = Strays::default();
        assert_eq!((strays.sum(), strays.sentence(), strays.advice()), (0, String::new(), ""));
        for stray in [Stray::Path, Stray::Path, Stray::State, Stray::Malformed] {
            strays.count(stray);
        }
        assert_eq!(strays.sum(), 4);
        assert_eq!(
            strays.sentence(),
            "What came instead was refused: 1 answer without the right state; 2 requests for another path; 1 connection that was no HTTP, too long or too slow."
        );
        assert!(strays.advice().contains("without the state"));
    }
}
