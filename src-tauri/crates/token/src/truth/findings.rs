//! What follows from the differences between a token and what its server says of it.

use serde_json::{Map, Value};

use super::{
    table::{TruthRow, Word},
    told::{AtHand, Told, active},
};
use crate::{
    claims,
    decode::{error_finding as wrong, note_finding as note, warning_finding as warning},
    finding::Finding,
    inspect::ClaimValue,
    shown::shown,
    words,
};

/// Whether the token lives, by the clock and by each server.
pub(super) fn activity(
    at_hand: &AtHand<'_>,
    introspected: Option<&Told>,
    told_of_user: Option<&Told>,
    now_s: i64,
    found: &mut Vec<Finding>,
) {
    let live = introspected.and_then(|told| told.claims.as_ref()).and_then(active);
    let ends = at_hand.claims.and_then(|claims| claims::epoch(claims, "exp")).or(at_hand.view.expires_at);
    let left = ends.map(|end| end.saturating_sub(now_s));
    let found_already = found.iter().any(|finding| finding.id == "introspection-active-after-end");
    let mut say = |finding: Finding, path: &str| found.push(Finding { path: Some(path.into()), ..finding });
    match (live, left) {
        (Some(false), Some(left)) if left > 0 => {
            let detail = format!(
                "The token has {} left, and the server calls it inactive: it was revoked, its session ended, or the client that asked \
                 may not know it. APIs that only check the signature still accept it.",
                words::duration(left)
            );
            say(wrong("introspection-inactive", "Inactive though not expired", &detail, Some("RFC 7662 2.2")), "claims.exp");
        }
        (Some(false), None) => {
            let detail = "The server calls it inactive: revoked, ended, unknown, or not for the client that asked.";
            say(wrong("introspection-inactive", "Inactive", detail, Some("RFC 7662 2.2")), "claims.active");
        }
        // Where the answer itself says when it ended, that is said already.
        (Some(true), Some(left)) if left <= 0 && !found_already => {
            let detail = format!(
                "The token ended {} ago, and the server still calls it active. One of the two clocks is wrong.",
                words::duration(left)
            );
            say(warning("introspection-active-after-end", "Active after its end", &detail, Some("RFC 7662 2.2")), "claims.exp");
        }
        _ => {}
    }
    let Some(user) = told_of_user else { return };
    match (live, &user.claims, user.status) {
        (Some(false), Some(_), _) => {
            let detail = "Introspection calls the token inactive, and userinfo still serves it. The client that asked may not see the token.";
            say(warning("servers-disagree", "Two endpoints disagree", detail, Some("RFC 7662 2.2")), "claims.active");
        }
        (Some(true), None, Some(status @ (401 | 403))) => {
            let detail = format!(
                "Introspection calls the token active, and userinfo answered {status}. Userinfo takes access tokens with scope openid only."
            );
            say(warning("userinfo-refused", "Userinfo refuses it", &detail, Some("OpenID Connect Core 5.3.3")), "claims.scope");
        }
        _ => {}
    }
}

/// What the members of the answers say about each other.
pub(super) fn members(said: &[Option<&Map<String, Value>>; 3], rows: &[&TruthRow], found: &mut Vec<Finding>) {
    let [token, introspection, userinfo] = said;
    let mut say = |finding: Finding, path: &str| found.push(Finding { path: Some(format!("claims.{path}")), ..finding });
    if let (Some(token), Some(answer)) = (token, introspection.filter(|answer| active(answer) == Some(true))) {
        for row in rows.iter().filter(|row| row.cells[1].differs && row.cells[0].value.is_some()) {
            let (title, rfc) = (format!("{} differs", shown(&row.label)), Some("RFC 7662 2.2"));
            let both = format!("The token says {}, introspection says {}.", quoted(&row.cells[0]), quoted(&row.cells[1]));
            let top = row.path.split('.').next().unwrap_or(&row.path);
            match top {
                "sub" | "iss" | "azp" | "client_id" | "jti" => {
                    let detail = format!("{both} That is another token's answer, or a server that mixes them up.");
                    say(wrong("introspection-differs", &title, &detail, rfc), &row.path);
                }
                "aud" | "scope" | "exp" | "nbf" | "act" | "cnf" | "realm_access" | "resource_access" | "roles" | "groups" => {
                    let detail = format!("{both} APIs that ask the server decide otherwise than APIs that read the token.");
                    say(warning("introspection-differs", &title, &detail, rfc), &row.path);
                }
                _ => say(note("introspection-differs", &title, &both, rfc), &row.path),
            }
        }
        for (name, what) in [("act", "who acts"), ("cnf", "which key it is bound to")] {
            if token.contains_key(name) && !answer.contains_key(name) {
                let detail = format!("The token says {what}, introspection does not; APIs that ask the server never learn it.");
                say(warning("introspection-omits", &format!("{name} is missing there"), &detail, Some("RFC 8693 4")), name);
            }
        }
        let (holder, asked) = (claims::client(token), claims::text(answer, "client_id"));
        if let (Some(holder), Some(asked)) = (holder, asked)
            && holder != asked
            && !rows.iter().any(|row| matches!(row.path.as_str(), "azp" | "client_id") && row.cells[1].differs)
        {
            let detail = format!("The token was issued to {}, introspection says {}.", shown(&holder), shown(&asked));
            say(wrong("introspection-differs", "Another client", &detail, Some("RFC 7662 2.2")), "client_id");
        }
        let more: Vec<&str> = rows
            .iter()
            .filter(|row| row.cells[0].value.is_none() && row.cells[1].value.is_some())
            .map(|row| row.path.as_str())
            .collect();
        let more: Vec<&str> =
            more.into_iter().filter(|path| !matches!(*path, "active" | "token_type" | "username" | "client_id")).collect();
        if !more.is_empty() {
            let detail =
                format!("Introspection says {} beyond the token, as it does for lightweight tokens.", words::shown_few(&more));
            say(note("introspection-says-more", "Introspection says more", &detail, Some("RFC 7662 2.2")), more[0]);
        }
    }
    let Some(user) = userinfo else { return };
    let subject = token.and_then(|claims| claims::text(claims, "sub"));
    let subject = subject.or_else(|| introspection.and_then(|claims| claims::text(claims, "sub")));
    match (subject, claims::text(user, "sub")) {
        (_, None) => {
            let detail = "Userinfo must name its sub, else nobody can tell whose record it is; the answer must not be used.";
            say(wrong("userinfo-without-sub", "Userinfo without sub", detail, Some("OpenID Connect Core 5.3.2")), "sub");
        }
        (Some(ours), Some(theirs)) if ours != theirs => {
            let detail = format!(
                "The token is about {}, userinfo answers about {}. The answer must not be used.",
                shown(&ours),
                shown(&theirs)
            );
            say(wrong("userinfo-other-sub", "Userinfo of another user", &detail, Some("OpenID Connect Core 5.3.2")), "sub");
        }
        _ => {}
    }
    for row in rows.iter().filter(|row| row.cells[2].differs && row.path != "sub") {
        let before = row.cells[..2].iter().find(|cell| cell.value.is_some());
        let detail = format!(
            "It was {} when the token was issued, userinfo says {} now.",
            before.map(quoted).unwrap_or_default(),
            quoted(&row.cells[2])
        );
        say(
            note("userinfo-differs", &format!("{} has changed", shown(&row.label)), &detail, Some("OpenID Connect Core 5.3.2")),
            &row.path,
        );
    }
}

/// A value inside a sentence.
fn quoted(word: &Word) -> String {
    match &word.value {
        None => "nothing".into(),
        Some(ClaimValue::Set { members, .. }) if members.is_empty() => "nothing".into(),
        Some(ClaimValue::Set { members, .. }) => words::shown_few(members),
        Some(ClaimValue::Time { epoch }) => claims::utc(*epoch),
        Some(ClaimValue::Text { text } | ClaimValue::Json { text }) => shown(text),
    }
}
