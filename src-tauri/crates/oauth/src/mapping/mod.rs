//! Mapping check: one user at Keycloak and at WSO2, and how the one becomes the other.
//!
//! The token endpoint of WSO2 answers 200 and leaves out every scope the user has no role for, without a word. Which role the user
//! has there follows from one claim of the Keycloak token, and only a top-level array of strings is read. So the two tokens are
//! laid side by side, each scope of the portal is traced to the roles that open it, and what is missing comes with the mapper to
//! add, as steps and as JSON.

mod back;
mod facts;
mod repair;
mod scopes;
mod side;
#[cfg(test)]
mod tests;

pub use back::{ALIAS, Back};
pub use facts::MappingFacts;
pub use side::{PortalScope, Repair, RoleClaim, Side};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use side::ordinary;
use ts_rs::TS;

use record::audit::FixAction;
use token::{
    claims,
    finding::{Finding, Severity},
    inspect::TokenView,
    words,
};

/// One topic on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Mapped {
    /// `User`, `Client`, `Roles`, `Groups`, `Scopes`, `Audience`.
    pub topic: String,
    /// What Keycloak says.
    pub source: Vec<String>,
    /// What WSO2 says.
    pub issued: Vec<String>,
    /// How the one becomes the other.
    pub words: String,
}

/// The check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Mapping {
    /// The Keycloak token.
    pub source: Option<TokenView>,
    /// The WSO2 token.
    pub issued: Option<TokenView>,
    /// The whole in one sentence.
    pub headline: String,
    /// Both sides by topic.
    pub rows: Vec<Mapped>,
    /// Where roles stand.
    pub claims: Vec<RoleClaim>,
    /// The claim that is taken for the one WSO2 reads.
    pub claim: Option<String>,
    /// The portal's scopes.
    pub scopes: Vec<PortalScope>,
    /// What will surprise.
    pub findings: Vec<Finding>,
    /// What to set.
    pub repairs: Vec<Repair>,
    /// What Keycloak needs to take the WSO2 token back, whether or not it has it already.
    pub back: Vec<Repair>,
    /// Forms to open.
    pub actions: Vec<FixAction>,
}

/// Lays the two sides beside each other.
pub fn mapping(facts: &MappingFacts<'_>) -> Mapping {
    let role_claims = facts.source.as_ref().map(|source| scopes::role_claims(source.claims)).unwrap_or_default();
    let claim = taken(facts.claim, &role_claims);
    let read = claim.as_ref().and_then(|path| role_claims.iter().find(|one| one.path == *path));
    let scopes = scopes::all(facts, &role_claims, read);
    let findings = findings(facts, &role_claims, read, &scopes);
    Mapping {
        source: facts.source.as_ref().map(|side| side.view.clone()),
        issued: facts.issued.as_ref().map(|side| side.view.clone()),
        headline: headline(facts, &scopes),
        rows: rows(facts),
        repairs: repair::all(facts, &role_claims, read, &scopes),
        back: facts
            .back
            .as_ref()
            .map(|servers| back::all(servers, facts.source.as_ref(), facts.issued.as_ref()))
            .unwrap_or_default(),
        actions: repair::actions(facts, &scopes),
        claims: role_claims,
        claim,
        scopes,
        findings,
    }
}

/// The claim somebody chose, else the likeliest of those that can be read.
fn taken(chosen: Option<&str>, claims: &[RoleClaim]) -> Option<String> {
    let usable = |name: &str| claims.iter().any(|one| one.usable && one.path == name);
    chosen
        .filter(|name| !name.trim().is_empty())
        .map(|name| name.trim().to_owned())
        .or_else(|| ["roles", "groups"].into_iter().find(|name| usable(name)).map(str::to_owned))
        .or_else(|| claims.iter().find(|one| one.usable).map(|one| one.path.clone()))
        .or_else(|| claims.iter().find(|one| one.empty()).map(|one| one.path.clone()))
}

fn headline(facts: &MappingFacts<'_>, scopes: &[PortalScope]) -> String {
    let user = facts.source.as_ref().or(facts.issued.as_ref()).map_or("The user", |side| side.view.who.as_str());
    if facts.issued.is_none() {
        return format!("{user} has no WSO2 token yet. What the Keycloak token would give is shown.");
    }
    let asked: Vec<&PortalScope> = scopes.iter().filter(|one| one.asked != Some(false)).collect();
    let lacking: Vec<&str> =
        asked.iter().filter(|one| one.granted == Some(false) && one.asked == Some(true)).map(|one| one.scope.as_str()).collect();
    let granted = scopes.iter().filter(|one| one.granted == Some(true)).count();
    match (granted, lacking.as_slice()) {
        (0, []) => format!("{user} has none of the portal's scopes at WSO2."),
        (0, lacking) => {
            format!("WSO2 answered 200 and granted {user} none of the portal's scopes, though {} asked for.", were(lacking.len()))
        }
        (_, []) => format!("{user} has what was asked for, {} of the portal.", words::count(granted, "scope")),
        (_, lacking) => format!("{user} lacks {} although it was asked for.", words::list(lacking)),
    }
}

fn were(count: usize) -> String {
    if count == 1 { "one was".into() } else { format!("{count} were") }
}

fn rows(facts: &MappingFacts<'_>) -> Vec<Mapped> {
    let of = |side: &Option<Side<'_>>, pick: fn(&Map<String, Value>) -> Vec<String>| {
        side.as_ref().map(|side| pick(side.claims)).unwrap_or_default()
    };
    let row = |topic: &str, pick: fn(&Map<String, Value>) -> Vec<String>, words: &str| Mapped {
        topic: topic.into(),
        source: of(&facts.source, pick),
        issued: of(&facts.issued, pick),
        words: words.into(),
    };
    vec![
        row("User", user, "WSO2 names the user by sub."),
        row(
            "Client",
            |claims| claims::client(claims).into_iter().collect(),
            "Each side has its own clients; the consumer key says which application calls.",
        ),
        row("Audience", claims::audience, "The alias of the identity provider at WSO2 has to be in the Keycloak token's aud."),
        row("Roles", roles, "WSO2 writes no roles into its tokens: they open scopes and are gone."),
        row(
            "Groups",
            |claims| claims.get("groups").map(claims::words).unwrap_or_default(),
            "Read only where groups is the role claim.",
        ),
        row("Scopes", claims::scopes, "No scope is carried over: WSO2 grants its own, by role."),
    ]
}

fn user(claims: &Map<String, Value>) -> Vec<String> {
    [claims::text(claims, "preferred_username"), claims::text(claims, "sub")].into_iter().flatten().collect()
}

/// Roles without those every user of a realm has.
fn roles(claims: &Map<String, Value>) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for (path, role) in claims::roles(claims) {
        if path != "groups" && !ordinary(&role) && !list.contains(&role) {
            list.push(role);
        }
    }
    list
}

fn findings(facts: &MappingFacts<'_>, claims: &[RoleClaim], read: Option<&RoleClaim>, scopes: &[PortalScope]) -> Vec<Finding> {
    let finding = |id: &str, severity, title: &str, detail: String, path: Option<&str>| Finding {
        id: id.into(),
        severity,
        title: title.into(),
        detail,
        rfc: None,
        path: path.map(str::to_owned),
    };
    let mut found = Vec::new();
    let lacks = scopes.iter().any(|one| one.granted == Some(false) && one.asked == Some(true));
    let weight = if lacks { Severity::Error } else { Severity::Warning };
    if let (Some(source), Some(empty)) = (&facts.source, read.filter(|one| one.empty())) {
        let detail = format!(
            "{} is a top-level array, as WSO2 reads it, and empty: {} has nothing that would stand in it.",
            empty.path, source.view.who
        );
        found.push(finding("role-claim-empty", weight, "The user has no role in the claim", detail, Some(&empty.path)));
    } else if facts.source.is_some() && read.is_none_or(|one| !one.usable) {
        let nested: Vec<&str> = claims.iter().filter(|one| !one.usable).map(|one| one.path.as_str()).collect();
        let detail = if nested.is_empty() {
            "The Keycloak token carries no role at all, so WSO2 can map none.".to_owned()
        } else {
            format!("Roles stand in {}, which WSO2 does not find: it reads one top-level array of strings.", words::few(&nested))
        };
        found.push(finding("no-flat-role-claim", weight, "No role claim WSO2 can read", detail, Some("realm_access.roles")));
    }
    if lacks {
        let detail = "The answer was 200 with fewer scopes than were asked for. The portal then says 401 to everything, as if the token were bad.".to_owned();
        found.push(finding("scopes-left-out", Severity::Warning, "Scopes were left out without a word", detail, Some("scope")));
    }
    let subject = |side: &Option<Side<'_>>| side.as_ref().and_then(|side| claims::text(side.claims, "sub"));
    if let (Some(here), Some(there)) = (subject(&facts.source), subject(&facts.issued)) {
        if here == there {
            let detail = format!(
                "Applications made with this token belong to {there}. A person who signs in to the portal's own pages under another subject does not see them."
            );
            found.push(finding("owner-is-sub", Severity::Note, "The owner is the sub", detail, Some("sub")));
        } else {
            let detail = format!(
                "Keycloak says {here}, WSO2 says {there}: the two tokens are about different users, or WSO2 has a subject claim of its own."
            );
            found.push(finding("other-subject", Severity::Warning, "Another subject", detail, Some("sub")));
        }
    }
    if facts.source.as_ref().is_some_and(|side| claims::audience(side.claims) == ["account"]) {
        let detail =
            "WSO2 looks for the alias of the identity provider in aud. account alone is Keycloak's default and seldom the alias."
                .to_owned();
        found.push(finding("only-account", Severity::Warning, "Nobody but account in the audience", detail, Some("aud")));
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.severity));
    found
}
