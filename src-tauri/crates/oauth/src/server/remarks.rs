//! Remarks on what would be sent, as they are gathered.

use token::finding::{Finding, Severity};

/// What is found, each once for a field.
pub(crate) struct Remarks {
    list: Vec<Finding>,
}

impl Remarks {
    /// None yet.
    pub(crate) fn none() -> Self {
        Self { list: Vec::new() }
    }

    /// All, worst first.
    pub(crate) fn worst_first(mut self) -> Vec<Finding> {
        self.list.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        self.list
    }

    pub(crate) fn add(&mut self, id: &str, severity: Severity, title: &str, detail: String, rfc: Option<&str>, field: &str) {
        if self.list.iter().all(|other| other.id != id || other.path.as_deref() != Some(field)) {
            self.list.push(Finding {
                id: id.into(),
                severity,
                title: title.into(),
                detail,
                rfc: rfc.map(str::to_owned),
                path: Some(field.into()),
            });
        }
    }
}
