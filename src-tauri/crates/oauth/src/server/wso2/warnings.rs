//! What WSO2 in particular will refuse.

use crate::{profile::Profile, server::remarks::Remarks};
use token::{finding::Severity, inspect::TokenView, words};

/// An assertion: RSA only, and of the last half hour.
pub(super) fn assertion(_: &Profile, subject: &TokenView, now_s: Option<i64>, found: &mut Remarks) {
    if subject.alg.as_deref().is_some_and(|alg| !alg.starts_with("RS") && !alg.starts_with("PS")) {
        found.add(
            "wso2-rsa-only",
            Severity::Error,
            "RSA only",
            format!("The token is signed with {}; WSO2 checks RSA signatures only.", subject.alg.clone().unwrap_or_default()),
            None,
            "assertion",
        );
    }
    if let Some(age) = subject.issued_at.zip(now_s).map(|(issued, now)| now.saturating_sub(issued)).filter(|age| *age > 1_800) {
        found.add(
            "wso2-too-old",
            Severity::Warning,
            "Issued long ago",
            format!(
                "The token was issued {} ago; WSO2 takes assertions of the last 30 min only. Refresh it first.",
                words::duration(age)
            ),
            None,
            "assertion",
        );
    }
}
