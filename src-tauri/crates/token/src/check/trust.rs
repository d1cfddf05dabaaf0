//! Checks that decide whether an API believes the token at all: a failure is answered with 401.

use super::{
    advice,
    expectations::Binding,
    report::{Check, CheckOutcome},
    run::{Bench, Finding, asked, either, explained, outcome},
};
use crate::{claims, inspect::Verification, words};

impl Bench<'_> {
    pub(super) fn signature(&self) -> Check {
        let (outcome, title, found, hint) = match self.verification {
            _ if !self.wanted.signature => (
                CheckOutcome::NotApplicable,
                "Signature not checked",
                String::new(),
                Some("An API that does not verify believes whatever is sent to it."),
            ),
            Verification::Verified { key } => {
                (CheckOutcome::Pass, "Signature", format!("verified with {} {}", key.alg, key.kid), None)
            }
            Verification::BadSignature { reason, .. } => (CheckOutcome::Fail, "Signature does not match", reason.clone(), None),
            Verification::Unsecured => (
                CheckOutcome::Fail,
                "No signature",
                "alg none or no signature part".into(),
                Some("An API that verifies refuses unsigned tokens."),
            ),
            // A token without a header has no signature to check; the server vouches for it instead.
            Verification::Unverifiable { .. } if self.header.is_empty() && self.active == Some(true) => {
                (CheckOutcome::Pass, "Vouched for by the server", "introspection says active".into(), None)
            }
            Verification::Unverifiable { reason } => (CheckOutcome::Unknown, "Signature not checked yet", reason.clone(), None),
        };
        let finding = Finding { outcome, title: title.into(), expected: "a signature by the issuer".into(), found };
        Check { advice: hint.map(str::to_owned), ..self.check("signature", "signature", "header.alg", "RFC 9068 4", finding) }
    }

    /// Only there when the server was asked: an inactive token is refused by every API that asks too.
    pub(super) fn active(&self) -> Option<Check> {
        let active = self.active?;
        let finding = Finding {
            outcome: outcome(active),
            title: if active { "Active" } else { "The server says inactive" }.into(),
            expected: "active".into(),
            found: if active { "active" } else { "inactive" }.into(),
        };
        let hint =
            "Revoked, logged out, or unknown to the server that was asked. APIs that only check the signature still accept it.";
        Some(Check {
            advice: (!active).then(|| hint.into()),
            ..self.check("active", "active", "active", "RFC 7662 2.2", finding)
        })
    }

    pub(super) fn issuer(&self) -> Check {
        let found = claims::text(self.claims, "iss");
        let wanted = &self.wanted.issuer;
        let holds = found.as_ref().is_some_and(|issuer| wanted.contains(issuer));
        let finding = Finding {
            outcome: asked(!wanted.is_empty(), holds),
            title: if holds || wanted.is_empty() { "Issuer" } else { "Other issuer" }.into(),
            expected: either(wanted),
            found: found.clone().unwrap_or_else(|| "no iss".into()),
        };
        let hint = found.as_deref().and_then(|found| advice::issuer(wanted, found));
        explained(self.check("issuer", "issuer", "iss", "RFC 9068 4", finding), hint, Vec::new())
    }

    pub(super) fn expiry(&self) -> Check {
        let exp = claims::epoch(self.claims, "exp");
        let left = exp.map(|exp| exp.saturating_sub(self.now_s));
        let (outcome, title, found) = match left {
            Some(left) if left.saturating_add(self.wanted.clock_tolerance_s) > 0 => {
                (CheckOutcome::Pass, "Expiry", remaining(left))
            }
            Some(left) => (CheckOutcome::Fail, "Expired", format!("ended {} ago", words::duration(left))),
            None => (CheckOutcome::Fail, "No expiry", "no exp".into()),
        };
        let finding = Finding { outcome, title: title.into(), expected: "a time in the future".into(), found };
        let hint = left
            .filter(|left| (-300..=0).contains(left))
            .map(|_| "It ended less than 5 min ago: refresh it, or look at the clocks of both machines.".to_owned());
        let check = Check { moment: exp, ..self.check("expiry", "expiry", "exp", "RFC 7519 4.1.4", finding) };
        explained(check, hint, Vec::new())
    }

    pub(super) fn not_before(&self) -> Check {
        let nbf = claims::epoch(self.claims, "nbf");
        let ahead = nbf.map(|nbf| nbf.saturating_sub(self.now_s));
        let (outcome, title, found) = match ahead {
            None => (CheckOutcome::NotApplicable, "Not before", "no nbf".to_owned()),
            Some(ahead) if ahead <= self.wanted.clock_tolerance_s => (CheckOutcome::Pass, "Not before", "has begun".into()),
            Some(ahead) => (CheckOutcome::Fail, "Not valid yet", format!("begins in {}", words::duration(ahead))),
        };
        let finding = Finding { outcome, title: title.into(), expected: "a time in the past".into(), found };
        let hint = Some("The clock of the issuer is ahead; give the API a tolerance of some seconds.".to_owned());
        let check = Check { moment: nbf, ..self.check("not-before", "not before", "nbf", "RFC 7519 4.1.5", finding) };
        explained(check, hint, Vec::new())
    }

    pub(super) fn token_type(&self) -> Check {
        let wanted = &self.wanted.token_type;
        let places = [("typ", claims::text(self.claims, "typ")), ("header.typ", claims::text(self.header, "typ"))];
        let same = |typ: &str| media_type(typ).eq_ignore_ascii_case(&media_type(wanted));
        let hit = places.iter().find(|(_, typ)| typ.as_deref().is_some_and(same));
        let found: Vec<&str> = places.iter().filter_map(|(_, typ)| typ.as_deref()).collect();
        let finding = Finding {
            outcome: asked(!wanted.is_empty(), hit.is_some()),
            title: if hit.is_some() || wanted.is_empty() { "Token type" } else { "Other token type" }.into(),
            expected: wanted.clone(),
            found: if found.is_empty() { "no typ".into() } else { words::list(&found) },
        };
        let hint = advice::token_type(wanted, &found);
        let path = hit.map_or("header.typ", |(path, _)| path);
        explained(self.check("token-type", "token type", path, "RFC 9068 4", finding), hint, Vec::new())
    }

    pub(super) fn audience(&self) -> Check {
        let found = claims::audience(self.claims);
        let wanted = &self.wanted.audience;
        let holds = wanted.iter().any(|one| found.contains(one));
        let finding = Finding {
            outcome: asked(!wanted.is_empty(), holds),
            title: if holds || wanted.is_empty() { "Audience".into() } else { format!("Audience {}", either(wanted)) },
            expected: either(wanted),
            found: if found.is_empty() { "no aud".into() } else { words::list(&found) },
        };
        let hint = advice::audience(wanted, self.claims);
        let missing = wanted.clone();
        explained(self.check("audience", "audience", "aud", "RFC 7519 4.1.3", finding), hint, missing)
    }
}

impl Bench<'_> {
    /// RFC 9449 6 and RFC 8705 3: an API that wants a bound token refuses a bearer token, and one bound the other way.
    pub(super) fn binding(&self) -> Check {
        let bound = |member: &str| claims::at(self.claims, &format!("cnf.{member}")).is_some();
        let (dpop, mtls) = (bound("jkt"), bound("x5t#S256"));
        let any = self.claims.get("cnf").and_then(|cnf| cnf.as_object()).is_some_and(|cnf| !cnf.is_empty());
        let (asked_for, holds, expected, path) = match self.wanted.binding {
            Binding::NotAsked => (false, false, "nothing", "cnf"),
            Binding::Dpop => (true, dpop, "bound to a DPoP key", "cnf.jkt"),
            Binding::Mtls => (true, mtls, "bound to a client certificate", "cnf.x5t#S256"),
            Binding::AnyKey => (true, any, "bound to a key", "cnf"),
        };
        let found = match (dpop, mtls) {
            (true, _) => "bound to a DPoP key",
            (_, true) => "bound to a client certificate",
            _ if any => "bound to a key",
            _ => "a bearer token",
        };
        let finding = Finding {
            outcome: asked(asked_for, holds),
            title: if holds || !asked_for { "Binding" } else { "Not bound as the API wants" }.into(),
            expected: expected.into(),
            found: found.into(),
        };
        let hint = match (any, self.wanted.binding) {
            (true, _) => "It is bound to another kind of key than the API asks proof of.",
            (false, Binding::Mtls) => "Ask for it over a TLS connection with the client certificate.",
            _ => "Whoever holds it can use it. Ask for it with a DPoP proof, and have the client bound to DPoP.",
        };
        let missing = vec![path.trim_start_matches("cnf.").to_owned()];
        let check = self.check("binding", "binding", path, "RFC 7800 3.1", finding);
        if !asked_for && any {
            let advice =
                "The token is bound to a key. APIs that follow RFC 9449 or RFC 8705 take it only with a proof of that key.";
            return Check { advice: Some(advice.into()), ..check };
        }
        explained(check, Some(hint.to_owned()), missing)
    }
}

fn remaining(left: i64) -> String {
    if left > 0 { format!("{} left", words::duration(left)) } else { format!("ended {} ago, tolerated", words::duration(left)) }
}

/// RFC 7515 4.1.9: `application/` may be left off when no other slash is there.
fn media_type(typ: &str) -> String {
    if typ.contains('/') { typ.into() } else { format!("application/{typ}") }
}
