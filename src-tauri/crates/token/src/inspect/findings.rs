//! What is remarkable about the claims: rules of RFC 7519, 8725 and 9068, and of least privilege.
//!
//! A finding is not a check: no resource is asked. It says what a reviewer would stop at when looking at
//! this one token. Remarks on the spelling of the text come from [`crate::decode::decode`].

use serde_json::{Map, Value};

use super::{
    header,
    kind::{TokenKind, kind_of},
    remark::{kind_name, on},
    times,
    verification::Verification,
};
use crate::{
    claims,
    decode::{NUMBER_TOO_LARGE, error_finding as wrong, is_proof, note_finding as note, warning_finding as warning},
    finding::Finding,
    shown::shown,
    words,
};

/// From so many audiences on a token is one to pass around.
const MANY_AUDIENCES: usize = 3;

/// Everything remarkable about header, claims and signature at a moment (epoch seconds), worst first.
pub fn findings(
    header: Option<&Map<String, Value>>,
    claims: Option<&Map<String, Value>>,
    verification: &Verification,
    now_s: i64,
) -> Vec<Finding> {
    let kind = kind_of(header, claims);
    let mut found = header::signature(header, verification);
    if let Some(header) = header {
        let verified = found.iter().any(|finding| finding.id == "nonce-in-header");
        found.extend(header::parameters(header, claims).into_iter().filter(|one| !verified || one.id != "nonce-in-header"));
    }
    if let Some(claims) = claims {
        times::findings(claims, kind, now_s, &mut found);
        audience(claims, kind, &mut found);
        if kind == TokenKind::Id {
            id_token(claims, &mut found);
        }
        rights(claims, kind, &mut found);
        identity(claims, kind, &mut found);
    }
    if is_proof(header) || claims::text(header.unwrap_or(&Map::new()), "typ").as_deref() == Some("kb+jwt") {
        // Proofs of possession name neither issuer nor end, and only some an audience.
        found.retain(|finding| !matches!(finding.id.as_str(), "exp-missing" | "iss-missing" | "aud-missing"));
    }
    if header.is_none() {
        // What introspection said of a token that only its server can read: a member it left out is not known to be missing
        // (RFC 7662 2.2).
        found.retain(|finding| !finding.id.ends_with("-missing") && finding.id != "id-token-incomplete");
    }
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

/// The findings on a token's claims together with those on its text, worst first. A number that no parser holds was kept as
/// text, and is said once, as the number it is.
pub fn with_text(of_text: &[Finding], mut found: Vec<Finding>) -> Vec<Finding> {
    let too_large = |path: &Option<String>| of_text.iter().any(|one| one.id == NUMBER_TOO_LARGE && one.path == *path);
    found.retain(|finding| finding.id != times::NOT_A_NUMBER || !too_large(&finding.path));
    found.splice(0..0, of_text.iter().cloned());
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

/// What every ID token must say (OpenID Connect Core 2).
fn id_token(claims: &Map<String, Value>, found: &mut Vec<Finding>) {
    let missing: Vec<&str> = ["iss", "sub", "aud", "exp", "iat"].into_iter().filter(|name| !claims.contains_key(*name)).collect();
    if !missing.is_empty() {
        let detail = format!("An ID token must have iss, sub, aud, exp and iat; it lacks {}.", words::list(&missing));
        found.push(wrong("id-token-incomplete", "ID token incomplete", &detail, Some("OpenID Connect Core 2")));
    }
    if claims::text(claims, "sub").is_some_and(|sub| sub.len() > 255 || !sub.is_ascii()) {
        let detail = "The sub of an ID token must not be longer than 255 ASCII characters.";
        found.push(on(wrong("id-token-sub-long", "Subject too long", detail, Some("OpenID Connect Core 2")), "sub"));
    }
    let audience = claims::audience(claims);
    if let Some(azp) = claims::text(claims, "azp").filter(|azp| !audience.is_empty() && !audience.contains(azp)) {
        let detail =
            format!("The client in azp, {}, is not among the audiences; that client must refuse the token.", shown(&azp));
        found.push(on(
            warning("id-token-azp-not-in-aud", "Client not addressed", &detail, Some("OpenID Connect Core 3.1.3.7")),
            "azp",
        ));
    }
}

fn audience(claims: &Map<String, Value>, kind: TokenKind, found: &mut Vec<Finding>) {
    let audience = claims::audience(claims);
    if let Some(value) = claims.get("aud").filter(|value| !value.is_string() && !value.is_array()) {
        let detail = format!("aud must be text or a list of texts; here it is {}.", kind_name(value));
        found.push(on(wrong("aud-bad-type", "Audience of wrong type", &detail, Some("RFC 7519 4.1.3")), "aud"));
    } else if audience.is_empty() && kind != TokenKind::Refresh {
        let detail = "No API is named, so every API that skips the audience check accepts it, and strict ones refuse it.";
        found.push(on(warning("aud-missing", "No audience", detail, Some("RFC 9068 2.2")), "aud"));
    } else if audience.len() >= MANY_AUDIENCES {
        let title = words::count(audience.len(), "audience");
        let detail = format!(
            "{} all accept it. Each of them can use it at the others; exchange it for a narrower one before passing it on.",
            words::shown_few(&audience)
        );
        found.push(on(warning("aud-multiple", &title, &detail, Some("RFC 9700 2.3")), "aud"));
    } else if audience.len() > 1 {
        let detail = format!("{} both accept it, so each can use it at the other.", words::shown_few(&audience));
        found.push(on(note("aud-multiple", "Two audiences", &detail, Some("RFC 9700 2.3")), "aud"));
    }
}

fn rights(claims: &Map<String, Value>, kind: TokenKind, found: &mut Vec<Finding>) {
    if claims.get("scope").is_some_and(Value::is_array) {
        let detail = "scope is a list; the standard spelling is one text with spaces, and many readers find nothing in a list.";
        found.push(on(warning("scope-is-array", "Scope is a list", detail, Some("RFC 8693 4.2")), "scope"));
    }
    let all = claims::roles(claims);
    let strong: Vec<&(String, String)> = all.iter().filter(|(_, role)| is_admin(role)).collect();
    if let Some((path, _)) = strong.first() {
        let names: Vec<&str> = strong.iter().map(|(_, role)| role.as_str()).collect();
        let detail = format!("It carries {}. A token for one API seldom needs to administer anything.", words::shown_few(&names));
        found.push(on(warning("admin-role", "Administrator's rights", &detail, Some("RFC 9700 2.3")), path));
    }
    if kind == TokenKind::Refresh {
        let detail = "By its own words this is a refresh token: it belongs to the client and its server, never to an API.";
        found.push(warning("looks-like-refresh-token", "A refresh token", detail, Some("RFC 6749 1.5")));
    }
}

/// Role names that stand for everything, in Keycloak, WSO2 and by habit.
fn is_admin(role: &str) -> bool {
    let last = role.rsplit(['/', ':']).next().unwrap_or(role).to_ascii_lowercase();
    matches!(
        last.as_str(),
        "admin"
            | "administrator"
            | "realm-admin"
            | "superuser"
            | "root"
            | "owner"
            | "manage-users"
            | "manage-realm"
            | "manage-clients"
            | "impersonation"
    ) || last.ends_with("_admin")
        || last.ends_with("-admin")
}

fn identity(claims: &Map<String, Value>, kind: TokenKind, found: &mut Vec<Finding>) {
    for name in ["iss", "sub"] {
        if claims.get(name).is_some_and(|value| !value.is_string()) {
            let detail = format!("{name} must be text.");
            found.push(on(wrong("claim-bad-type", &format!("{name} of wrong type"), &detail, Some("RFC 7519 4.1")), name));
        }
    }
    if !claims.contains_key("iss") {
        let detail = "Without iss nobody can tell whose keys must verify the token.";
        found.push(on(warning("iss-missing", "No issuer", detail, Some("RFC 9068 2.2")), "iss"));
    }
    if kind == TokenKind::Access && !claims.contains_key("sub") {
        let detail = "Without sub an API can not tell whose data it serves. In Keycloak the client scope basic brings it.";
        found.push(on(warning("sub-missing", "No subject", detail, Some("RFC 9068 2.2")), "sub"));
    }
    if matches!(kind, TokenKind::Access | TokenKind::Id) {
        requester(claims, kind, found);
    }
    if claims.get("act").is_some_and(|act| !act.is_object()) {
        let detail = "act must be an object that names the actor; an API can not tell who acts.";
        found.push(on(wrong("act-bad-type", "Actor of wrong type", detail, Some("RFC 8693 4.1")), "act"));
    }
    let chain = claims::actor_chain(claims);
    if let Some((actor, earlier)) = chain.split_first() {
        let history = if earlier.is_empty() {
            String::new()
        } else {
            format!(" {} acted before; that is history and must not decide access.", words::shown_few(earlier))
        };
        let detail = format!("{} acts for the subject.{history}", shown(actor));
        found.push(on(note("act", "Delegation", &detail, Some("RFC 8693 4.1")), "act"));
    }
    if claims.contains_key("may_act") {
        let detail = "The party named in may_act may get a token to act for this subject.";
        found.push(on(note("may-act", "May be acted for", detail, Some("RFC 8693 4.4")), "may_act"));
    }
    binding(claims, found);
}

fn requester(claims: &Map<String, Value>, kind: TokenKind, found: &mut Vec<Finding>) {
    if claims::client(claims).is_none() {
        let several = claims::audience(claims).len() > 1;
        if kind == TokenKind::Access {
            let detail = "Neither azp nor client_id says which client holds it, so an API can not tell who is calling.";
            found.push(on(note("azp-missing", "No client named", detail, Some("RFC 9068 2.2")), "client_id"));
        } else if several {
            let detail = "An ID token with several audiences should name its client in azp.";
            found.push(on(warning("azp-missing", "No client named", detail, Some("OpenID Connect Core 3.1.3.7")), "azp"));
        }
    }
    if kind == TokenKind::Id {
        let detail = "An ID token tells its client who signed in. APIs must not take it as an access token.";
        found.push(note("id-token", "An ID token", detail, Some("OpenID Connect Core 2")));
    }
}

fn binding(claims: &Map<String, Value>, found: &mut Vec<Finding>) {
    let Some(cnf) = claims.get("cnf") else { return };
    let (id, title, detail, rfc) = if cnf.get("jkt").is_some() {
        (
            "sender-constrained-dpop",
            "Bound by DPoP",
            "Whoever uses it must prove the DPoP key; sent as a plain bearer token it must be refused.",
            "RFC 9449 6",
        )
    } else if cnf.get("x5t#S256").is_some() {
        (
            "sender-constrained-mtls",
            "Bound to a certificate",
            "It only works over mutual TLS with the client certificate it names.",
            "RFC 8705 3",
        )
    } else {
        ("sender-constrained", "Bound to a key", "Whoever uses it must prove the key it names.", "RFC 7800 3")
    };
    found.push(on(note(id, title, detail, Some(rfc)), "cnf"));
}
