//! Recorded traffic held against WSO2's published contract, both ways.
//!
//! The lab is written by the same hands as the client it judges, so both could agree on a mistake. The contract is written
//! by neither. Every request a client sent and every answer the lab gave is looked up there: path, method, parameters, body,
//! status, media type. Where the real servers are known not to do what the contract says, a row in [`quirks`] says so; what
//! is not in that table is a violation.

#![expect(clippy::expect_used, reason = "only tests are built with it")]

mod document;
pub mod quirks;

use std::collections::BTreeSet;
use std::fmt;

pub use document::Document;

/// Which release's documents to hold against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// 4.6.0.
    V4_6,
    /// 4.7.0.
    V4_7,
}

/// One request with its answer, as a server remembers it.
#[derive(Clone, Debug, Default)]
pub struct Traffic<'a> {
    /// HTTP method.
    pub method: &'a str,
    /// Path and query as sent.
    pub path: &'a str,
    /// `Content-Type` of the request, empty when there was none.
    pub request_type: &'a str,
    /// The request's body.
    pub request: &'a str,
    /// Status of the answer.
    pub status: u16,
    /// `Content-Type` of the answer, empty when there was none.
    pub answer_type: &'a str,
    /// The answer's body.
    pub answer: &'a str,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Operations of the contract that were used, e.g. `POST /applications`.
    pub operations: BTreeSet<String>,
    /// Requests that were validated.
    pub requests: usize,
    /// Answers that were validated.
    pub answers: usize,
    /// Quirks that were met, by their id, with how often.
    pub quirks: std::collections::BTreeMap<&'static str, usize>,
    /// What is neither in the contract nor in the table of quirks.
    pub violations: Vec<String>,
}

impl Report {
    /// Adds another report's counts.
    pub fn add(&mut self, other: Report) {
        self.operations.extend(other.operations);
        self.requests += other.requests;
        self.answers += other.answers;
        for (id, count) in other.quirks {
            *self.quirks.entry(id).or_default() += count;
        }
        self.violations.extend(other.violations);
    }

    /// Fails the test that asks, with every violation in its message.
    #[track_caller]
    pub fn assert_kept(&self) {
        assert!(
            self.violations.is_empty(),
            "the contract is broken {} times:\n{}",
            self.violations.len(),
            self.violations.join("\n")
        );
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} operations used, {} requests and {} answers validated, {} violations; quirks met: ",
            self.operations.len(),
            self.requests,
            self.answers,
            self.violations.len()
        )?;
        let met: Vec<String> = self.quirks.iter().map(|(id, count)| format!("{id} {count}")).collect();
        f.write_str(if met.is_empty() { "none" } else { "" })?;
        f.write_str(&met.join(", "))
    }
}

/// The documents of one release: the developer portal's and the one of client registration.
pub struct Contract {
    documents: Vec<(&'static str, Document)>,
}

impl Contract {
    /// Reads the documents.
    ///
    /// # Panics
    /// When they cannot be read: they are part of the tree.
    pub fn of(release: Release) -> Self {
        let portal = match release {
            Release::V4_6 => include_str!("../../fixtures/wso2-openapi/devportal-api-v3-4.6.0.yaml"),
            Release::V4_7 => include_str!("../../fixtures/wso2-openapi/devportal-api-v3-4.7.0.yaml"),
        };
        let registration = include_str!("../../fixtures/wso2-openapi/dcr-v0.17-4.7.0.yaml");
        Contract {
            documents: vec![
                ("/api/am/devportal/v3", Document::read(portal)),
                ("/client-registration/v0.17", Document::read(registration)),
            ],
        }
    }

    /// Number of operations the documents have.
    pub fn size(&self) -> usize {
        self.documents.iter().map(|(_, document)| document.operations()).sum()
    }

    /// Looks one exchange up. What lies outside the documents' base paths is none of their business.
    pub fn check(&self, traffic: &Traffic<'_>) -> Report {
        let mut report = Report::default();
        for (base, document) in &self.documents {
            if let Some(path) = traffic.path.strip_prefix(base).filter(|rest| rest.starts_with('/')) {
                document.check(path, traffic, &mut report);
            }
        }
        report
    }

    /// Looks all of them up.
    pub fn check_all<'a>(&self, traffic: impl IntoIterator<Item = Traffic<'a>>) -> Report {
        let mut report = Report::default();
        for one in traffic {
            report.add(self.check(&one));
        }
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange<'a>(method: &'a str, path: &'a str, request: &'a str, status: u16, answer: &'a str) -> Traffic<'a> {
        let kind = |body: &str| if body.is_empty() { "" } else { "application/json; charset=utf-8" };
        Traffic { method, path, request_type: kind(request), request, status, answer_type: kind(answer), answer }
    }

    /// A judge that lets everything pass would make every other test worthless.
    #[test]
    fn what_breaks_the_contract_is_told() {
        let base = "/api/am/devportal/v3";
        let contract = Contract::of(Release::V4_6);
        let good = r#"{"name":"a","throttlingPolicy":"Unlimited"}"#;
        let table = [
            ("POST", "/applications", good, 201, good, ""),
            ("POST", "/applications", r#"{"name":"a"}"#, 201, good, "is a required property"),
            ("POST", "/applications", r#"{"name":"","throttlingPolicy":"b"}"#, 201, good, "shorter than 1"),
            ("POST", "/applications", r#"{"name":"a","throttlingPolicy":"b","colour":1}"#, 201, good, "'colour' was unexpected"),
            ("POST", "/applications", good, 201, r#"{"name":"a","throttlingPolicy":7}"#, "is not of type \"string\""),
            ("POST", "/applications", good, 201, "junk", "no JSON"),
            ("POST", "/applications", good, 204, "", "the status is none of"),
            ("GET", "/applications?colour=red", "", 200, r#"{"count":0,"list":[]}"#, "colour is not in the contract"),
            ("GET", "/applications?limit=many", "", 200, r#"{"count":0,"list":[]}"#, "limit=many"),
            ("GET", "/applications?limit=5", "", 200, r#"{"count":0,"list":[{"tokenType":1}]}"#, "is not of type \"string\""),
            ("GET", "/applications/a/oauth-keys/b/secrets", "", 200, "{}", "no such operation"),
            ("GET", "/apis", "body", 200, r#"{"count":0}"#, "takes no body"),
        ];
        for (method, path, request, status, answer, words) in table {
            let path = format!("{base}{path}");
            let report = contract.check(&exchange(method, &path, request, status, answer));
            let told = report.violations.join("; ");
            assert_eq!(report.violations.is_empty(), words.is_empty(), "{method} {path} {request} {answer}: {told}");
            assert!(told.contains(words), "{told} tells of {words}");
        }
    }

    #[test]
    fn quirks_explain_themselves_and_nothing_else() {
        let contract = Contract::of(Release::V4_7);
        let path = "/client-registration/v0.17/register";
        let sent = r#"{"clientName":"a","owner":"b","saasApp":true}"#;
        let known = contract.check(&exchange("POST", path, sent, 200, r#"{"callBackURL":"","isSaasApplication":true}"#));
        assert_eq!(known.violations, Vec::<String>::new());
        assert_eq!(known.quirks.into_iter().collect::<Vec<_>>(), [("dcr-booleans", 2), ("dcr-call-back-url", 1)]);
        let unknown = contract.check(&exchange("POST", path, sent, 200, r#"{"clientId":5}"#));
        assert_eq!(unknown.violations.len(), 1);
        let outside = contract.check(&exchange("GET", "/oauth2/jwks", "", 200, "{}"));
        assert_eq!((outside.requests, outside.answers), (0, 0));
    }

    #[test]
    fn every_quirk_says_how_it_is_known() {
        for quirk in quirks::QUIRKS {
            assert!(quirk.fact.contains('(') && quirk.fact.ends_with(")."), "{}", quirk.id);
        }
    }
}
