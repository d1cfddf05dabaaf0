//! Why the portal refused: a table like the dialects', for a server whose 401 has two meanings and whose codes say more than its words.

use super::Call;
use crate::{message::value, refusal::RefusalFacts};
use record::{
    audit::{Diagnosis, Evidence, FixAction},
    operation::Operation,
};
use token::{shown, text::Pair};

/// A known refusal.
struct Row {
    id: &'static str,
    status: u16,
    /// Codes, any of; empty = any.
    codes: &'static [&'static str],
    /// Small-letter words, any of; empty = any.
    words: &'static [&'static str],
    /// Whether the code or the words alone decide.
    certain: bool,
    cause: &'static str,
    fix: &'static str,
}

/// Read from top to bottom; the first that fits is meant. `{name}` and `{words}` are filled in.
const ROWS: &[Row] = &[
    Row {
        id: "wso2-dcr-name-of-another",
        status: 403,
        codes: &[],
        words: &["access is forbidden to the application"],
        certain: true,
        cause: "The name {name} belongs to a client of another owner.",
        fix: "Choose another name, or register as that owner.",
    },
    Row {
        id: "wso2-dcr-no-owner",
        status: 400,
        codes: &[],
        words: &["application owner cannot be empty"],
        certain: true,
        cause: "The request named no owner for the client.",
        fix: "Enter the user the client is to belong to.",
    },
    Row {
        id: "wso2-dcr-other-owner",
        status: 400,
        codes: &[],
        words: &["should be same"],
        certain: true,
        cause: "Only an administrator may register a client for somebody else.",
        fix: "Register with the owner's own name and password, or as an administrator.",
    },
    Row {
        id: "wso2-dcr-unknown-owner",
        status: 403,
        codes: &[],
        words: &["does not exist for application registration"],
        certain: true,
        cause: "The server knows no user of the owner's name.",
        fix: "Check the owner's spelling, and the tenant behind the @.",
    },
    Row {
        id: "wso2-portal-name-taken",
        status: 409,
        codes: &["900301", "409"],
        words: &["application"],
        certain: true,
        cause: "You already have an application called {name}; names are unique for each owner.",
        fix: "Choose another name, or use the application that is there. Nothing you typed is lost.",
    },
    Row {
        id: "wso2-portal-keys-exist",
        status: 409,
        codes: &["901409", "900951"],
        words: &[],
        certain: true,
        cause: "The application already has keys of this type at this key manager, or the client is mapped to another application.",
        fix: "Use the keys that are there. If their secret is lost, generate a further secret (4.7) or regenerate it (up to 4.6).",
    },
    Row {
        id: "wso2-portal-keys-exist",
        status: 409,
        codes: &[],
        words: &["key mapping"],
        certain: true,
        cause: "The application already has keys of this type at this key manager, or the client is mapped to another application.",
        fix: "Use the keys that are there. If their secret is lost, generate a further secret (4.7) or regenerate it (up to 4.6).",
    },
    Row {
        id: "wso2-portal-subscribed",
        status: 409,
        codes: &["900336"],
        words: &[],
        certain: true,
        cause: "The application is already subscribed to this API.",
        fix: "Nothing has to be done. To change the policy, unsubscribe and subscribe again.",
    },
    Row {
        id: "wso2-portal-not-there",
        status: 404,
        codes: &["900307", "900310", "900331", "901411"],
        words: &[],
        certain: false,
        cause: "It is not there, or it belongs to another user: the portal does not tell these apart. The owner is the sub of the token, which for a token mapped from Keycloak is a UUID and not the name of the portal login.",
        fix: "Read the list again. If it was made by another login, use a token of that user.",
    },
    Row {
        id: "wso2-portal-secret-multiple",
        status: 500,
        codes: &["900967"],
        words: &[],
        certain: false,
        cause: "The server has several secrets switched on, as 4.7 comes, and then fails at regenerating the one.",
        fix: "Generate a further secret instead, and revoke the old one. Where that is not offered, enter 4.7 as the release in the gateway's profile.",
    },
    Row {
        id: "wso2-portal-secrets-off",
        status: 0,
        codes: &["900916"],
        words: &[],
        certain: true,
        cause: "Several secrets are switched off at this server.",
        fix: "Enter 4.6 as the release in the gateway's profile, then regenerate the secret; the old one stops working at once.",
    },
    Row {
        id: "wso2-portal-newest-secret",
        status: 400,
        codes: &[],
        words: &["most recent secret", "latest secret"],
        certain: true,
        cause: "The newest secret cannot be revoked, so that the application keeps one.",
        fix: "Generate a further secret first, then revoke this one.",
    },
    Row {
        id: "wso2-portal-km-exchanged",
        status: 400,
        codes: &["901405"],
        words: &[],
        certain: true,
        cause: "This key manager makes no clients (its type is EXCHANGED, or creation is switched off).",
        fix: "Generate keys at the Resident Key Manager, or map a client that exists there.",
    },
    Row {
        id: "wso2-portal-km-unknown",
        status: 400,
        codes: &["901403", "901406"],
        words: &[],
        certain: true,
        cause: "The key manager is not registered under this name, or it is switched off.",
        fix: "Choose one of the list of key managers, or ask its administrator to enable it.",
    },
    Row {
        id: "wso2-portal-km-values",
        status: 400,
        codes: &["901400", "901401", "901407", "901408", "900970", "901410"],
        words: &[],
        certain: true,
        cause: "The key manager misses values, or was given ones it does not take: {words}",
        fix: "Fill in the properties this key manager asks for.",
    },
    Row {
        id: "wso2-portal-km-restricted",
        status: 403,
        codes: &["902013"],
        words: &[],
        certain: true,
        cause: "The key manager is restricted to certain roles, and this user has none of them.",
        fix: "Choose another key manager, or have the role given.",
    },
    Row {
        id: "wso2-portal-callback",
        status: 400,
        codes: &[],
        words: &["callback url must have"],
        certain: true,
        cause: "The authorization code grant was asked for without a callback URL.",
        fix: "Enter the redirect URI of the application, or leave the grant out.",
    },
    Row {
        id: "wso2-portal-not-approved",
        status: 400,
        codes: &[],
        words: &["not yet approved"],
        certain: true,
        cause: "The application waits for approval by a workflow.",
        fix: "Have it approved in the admin portal, then generate keys.",
    },
    Row {
        id: "wso2-portal-unknown-member",
        status: 400,
        codes: &[],
        words: &["unrecognized property"],
        certain: true,
        cause: "The server does not know a member of the request, because it is of another release: {words}",
        fix: "Set the release in the gateway's profile to that of the server.",
    },
    Row {
        id: "wso2-portal-km-unreachable",
        status: 500,
        codes: &["900950", "900952", "900953", "900954", "900957", "900962", "902003", "902004"],
        words: &[],
        certain: false,
        cause: "The portal could not get this done at the key manager: it is not reachable from there, its certificate is not trusted, or the client the portal uses there has not the rights. For a generated token also: the secret is wrong.",
        fix: "Look into wso2carbon.log of the server (\"PKIX path building failed\" = its client-truststore lacks the key manager's CA).",
    },
    Row {
        id: "wso2-portal-no-such-address",
        status: 404,
        codes: &[],
        words: &[],
        certain: false,
        cause: "This release has no such address, or the address is not that of the control plane.",
        fix: "Check the portal's address and the release in the gateway's profile. Several secrets exist since 4.7 only.",
    },
    Row {
        id: "wso2-portal-broken",
        status: 500,
        codes: &[],
        words: &[],
        certain: false,
        cause: "The server failed inside.",
        fix: "Look into wso2carbon.log of the server at the time of this step.",
    },
];

/// Our reading of a refusal of the portal; none when it is not known.
pub fn diagnose(facts: &RefusalFacts<'_>) -> Option<Diagnosis> {
    let call = value(facts.draft, "call").and_then(Call::named)?;
    if facts.status == 401 {
        return Some(unauthenticated(call, facts));
    }
    let code = facts.error.unwrap_or_default();
    let said = facts.description.unwrap_or_default();
    let lower = said.to_lowercase();
    let row = ROWS.iter().find(|row| {
        (row.status == 0 || row.status == facts.status)
            && (row.codes.is_empty() || row.codes.contains(&code))
            && (row.words.is_empty() || row.words.iter().any(|words| lower.contains(words)))
    })?;
    let fill = |text: &str| {
        let name = value(facts.draft, "name").map_or_else(|| "this".into(), |name| shown::visible(name).into_owned());
        shown::fill(text, &[("{name}", name), ("{words}", shown::shown(said))])
    };
    Some(Diagnosis {
        id: row.id.into(),
        certain: row.certain,
        cause: fill(row.cause),
        evidence: Vec::new(),
        fix: fill(row.fix),
        actions: Vec::new(),
        tell: None,
        others: Vec::new(),
    })
}

/// 401 stands for a bad token and for a missing scope alike; what the token says of itself tells which.
fn unauthenticated(call: Call, facts: &RefusalFacts<'_>) -> Diagnosis {
    let make = |id: &str, certain: bool, cause: String, fix: &str, evidence: Vec<Evidence>, actions: Vec<FixAction>| Diagnosis {
        id: id.into(),
        certain,
        cause,
        evidence,
        fix: fix.into(),
        actions,
        tell: None,
        others: Vec::new(),
    };
    let again = |scope: &str| FixAction {
        label: "Get a portal token".into(),
        values: vec![Pair { name: "scope".into(), value: format!("openid {scope}") }],
        operation: Operation::JwtBearer,
    };
    if call == Call::Register {
        let user = value(facts.draft, "username").or_else(|| value(facts.draft, "client")).unwrap_or("the user");
        return make(
            "wso2-dcr-password",
            true,
            format!("The server did not take name and password of {user}."),
            "Check both; for a user of a tenant write user@tenant. An administrator may register for others.",
            Vec::new(),
            Vec::new(),
        );
    }
    let Some(token) = facts.token_in else {
        return make(
            "wso2-portal-no-token",
            true,
            "The call needs a token of the portal's own token endpoint, and none was sent.".into(),
            "Get one with User mapping (jwt-bearer) and the scope apim:subscribe.",
            Vec::new(),
            vec![again("apim:subscribe")],
        );
    };
    let needed = call.scopes();
    let own = facts.profile.gateway.as_ref().map_or("", |gateway| gateway.issuer.as_str());
    let issuer = token.issuer.clone().unwrap_or_default();
    if !issuer.is_empty() && !own.is_empty() && issuer != own {
        let evidence = vec![Evidence { name: "iss".into(), values: vec![issuer.clone()], missing: vec![own.to_owned()] }];
        return make(
            "wso2-portal-foreign-token",
            true,
            format!(
                "The token is of {issuer}. The portal takes tokens of its own token endpoint only, whatever other key managers the gateway trusts."
            ),
            "Turn it into a token of the portal first, with User mapping (jwt-bearer).",
            evidence,
            vec![again("apim:subscribe apim:app_manage apim:sub_manage")],
        );
    }
    if token.expires_at.is_some_and(|end| end <= facts.now_s) {
        return make(
            "wso2-portal-expired",
            true,
            "The token has ended.".into(),
            "Get a new one with User mapping (jwt-bearer).",
            Vec::new(),
            vec![again("apim:subscribe apim:app_manage apim:sub_manage")],
        );
    }
    let readable = facts.subject_claims.is_some();
    if readable && !needed.iter().any(|scope| token.scope.iter().any(|held| held == scope)) {
        let missing = needed.iter().map(|scope| (*scope).to_owned()).collect();
        let evidence = vec![Evidence { name: "scope".into(), values: token.scope.clone(), missing }];
        return make(
            "wso2-portal-scope",
            true,
            format!(
                "The token is good, but has not the scope this call needs ({}). The portal answers 401 to that, not 403.",
                needed.join(" or ")
            ),
            "Ask for the scope when the token is made. If it was asked for and left out, the user has not the role for it: map a flat role claim of Keycloak (roles or groups, an array) to Internal/subscriber at the identity provider entry in WSO2. realm_access.roles is nested and not read.",
            evidence,
            vec![again(needed.first().copied().unwrap_or("apim:subscribe"))],
        );
    }
    make(
        "wso2-portal-token",
        false,
        "The portal did not take the token: revoked, signed by another server, or of another tenant. Its scopes would do.".into(),
        "Introspect it, then get a new one. A token that was revoked can go on working here for 5 min, and a refused one stays refused.",
        vec![Evidence { name: "scope".into(), values: token.scope.clone(), missing: Vec::new() }],
        vec![again("apim:subscribe apim:app_manage apim:sub_manage")],
    )
}
