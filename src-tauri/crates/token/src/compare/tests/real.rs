//! Pairs of tokens as servers issue them, and what is said of each: nothing that the tokens do not say.

use super::*;

struct Of {
    kind: TokenKind,
    step: i64,
    claims: Value,
}

fn of(kind: TokenKind, step: i64, claims: Value) -> Of {
    Of { kind, step, claims }
}

fn verdicts(from: &Of, to: &Of) -> BTreeMap<String, (String, String)> {
    let header = header();
    let (old, new) = (map(from.claims.clone()), map(to.claims.clone()));
    let one = |claims, of: &Of| {
        let mut column: Column<'_> = column(&header, claims);
        (column.view.kind, column.view.step) = (of.kind, Some(of.step));
        column
    };
    let comparison = compare(&[one(&old, from), one(&new, to)], None);
    last(&comparison).verdicts.iter().map(|one| (one.id.clone(), (one.word.clone(), one.rest.clone()))).collect()
}

#[test]
fn pairs_of_real_servers() {
    use TokenKind::{Access, Id};
    let okta = "https://dev-1.okta.com/oauth2/default";
    let entra = "https://login.microsoftonline.com/9188/v2.0";
    let cognito = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x";
    let kc = "https://kc.example/realms/shop";
    type Row<'a> = (&'a str, Of, Of, Vec<(&'a str, &'a str)>);
    let rows: Vec<Row<'_>> = vec![
        (
            "Okta: the access token names the log in, the ID token the user's id",
            of(
                Access,
                3,
                json!({"iss": okta, "sub": "alice@x.example", "uid": "00u1", "cid": "0oa1", "aud": "api://default", "scp": ["openid", "profile"], "exp": IAT + 3600}),
            ),
            of(
                Id,
                3,
                json!({"iss": okta, "sub": "00u1", "aud": "0oa1", "preferred_username": "alice@x.example", "exp": IAT + 3600}),
            ),
            vec![("identity", "preserved"), ("audience", "replaced"), ("lifetime", "same"), ("issuer", "same")],
        ),
        (
            "Entra: another sub for each application, one oid",
            of(
                Access,
                3,
                json!({"iss": entra, "sub": "AAAA-app1", "oid": "o-1", "azp": "c1", "aud": "c1", "scp": "read", "exp": IAT + 3600}),
            ),
            of(
                Access,
                4,
                json!({"iss": entra, "sub": "BBBB-app2", "oid": "o-1", "azp": "c2", "aud": "api", "scp": "read write", "exp": IAT + 3600}),
            ),
            vec![("identity", "preserved"), ("requester", "changed"), ("scope", "widened")],
        ),
        (
            "Entra: two users",
            of(
                Access,
                3,
                json!({"iss": entra, "sub": "A", "oid": "o-1", "preferred_username": "alice@x", "azp": "c1", "aud": "a", "exp": IAT}),
            ),
            of(
                Access,
                4,
                json!({"iss": entra, "sub": "B", "oid": "o-2", "preferred_username": "bob@x", "azp": "c1", "aud": "a", "exp": IAT}),
            ),
            vec![("identity", "impersonated")],
        ),
        (
            "Cognito: client_id, and no aud in the access token",
            of(
                Access,
                3,
                json!({"iss": cognito, "sub": "s1", "client_id": "c1", "token_use": "access", "scope": "openid", "username": "alice", "cognito:groups": ["a"], "exp": IAT + 3600}),
            ),
            of(
                Id,
                3,
                json!({"iss": cognito, "sub": "s1", "aud": "c1", "token_use": "id", "cognito:username": "alice", "cognito:groups": ["a"], "exp": IAT + 3600}),
            ),
            vec![("identity", "preserved"), ("audience", "added"), ("lifetime", "same")],
        ),
        (
            "a pairwise sub in the ID token of the same answer",
            of(Access, 3, json!({"iss": "https://as.example", "sub": "s1", "azp": "c", "aud": "api", "exp": IAT + 60})),
            of(Id, 3, json!({"iss": "https://as.example", "sub": "pairwise", "aud": "c", "exp": IAT + 60})),
            vec![("identity", "preserved")],
        ),
        (
            "another sub at the same issuer in another answer",
            of(
                Access,
                3,
                json!({"iss": "https://as.example", "sub": "s1", "preferred_username": "alice", "azp": "c", "aud": "api", "exp": IAT + 60}),
            ),
            of(
                Access,
                4,
                json!({"iss": "https://as.example", "sub": "s2", "preferred_username": "bob", "azp": "c", "aud": "api", "exp": IAT + 61}),
            ),
            vec![("identity", "impersonated"), ("lifetime", "outlives")],
        ),
        (
            "delegation is told by act",
            of(Access, 3, json!({"iss": kc, "sub": "s1", "azp": "web", "aud": ["web", "api"], "scope": "a b", "exp": IAT + 300})),
            of(
                Access,
                4,
                json!({"iss": kc, "sub": "s1", "azp": "portal", "aud": "api", "scope": "a", "act": {"sub": "portal"}, "exp": IAT + 200}),
            ),
            vec![("identity", "delegated"), ("audience", "narrowed"), ("scope", "narrowed"), ("lifetime", "shorter")],
        ),
        (
            "a user's token for an application's",
            of(
                Access,
                3,
                json!({"iss": kc, "sub": "s1", "sid": "x", "preferred_username": "alice", "azp": "web", "aud": "api", "exp": IAT + 300}),
            ),
            of(
                Access,
                4,
                json!({"iss": kc, "sub": "svc", "azp": "portal", "client_id": "portal", "preferred_username": "service-account-portal", "aud": "api", "exp": IAT + 300}),
            ),
            vec![("identity", "changed"), ("requester", "changed")],
        ),
        (
            "the same user at another issuer",
            of(
                Access,
                3,
                json!({"iss": kc, "sub": "s1", "preferred_username": "alice", "azp": "web", "aud": "api", "exp": IAT + 300}),
            ),
            of(
                Access,
                4,
                json!({"iss": "https://am.example/oauth2/token", "sub": "s1", "azp": "ck", "aud": "ck", "exp": IAT + 3600}),
            ),
            vec![("identity", "preserved"), ("issuer", "changed"), ("lifetime", "outlives")],
        ),
        (
            "bound to a key, then not",
            of(Access, 3, json!({"iss": kc, "sub": "s1", "azp": "web", "aud": "api", "cnf": {"jkt": "k"}, "exp": IAT + 300})),
            of(Access, 4, json!({"iss": kc, "sub": "s1", "azp": "web", "aud": "api", "exp": IAT + 300})),
            vec![("binding", "lost"), ("identity", "preserved")],
        ),
        (
            "a scope that is a list, and one that is a text, of the same names",
            of(Access, 3, json!({"iss": kc, "sub": "s1", "azp": "web", "aud": "api", "scope": ["b", "a"], "exp": IAT + 300})),
            of(Access, 4, json!({"iss": kc, "sub": "s1", "azp": "web", "aud": ["api"], "scope": "a b", "exp": IAT + 300})),
            vec![("scope", "same"), ("audience", "same")],
        ),
        (
            "no end, and one",
            of(Access, 3, json!({"iss": kc, "sub": "s1", "azp": "web", "aud": "api"})),
            of(Access, 4, json!({"iss": kc, "sub": "s1", "azp": "web", "aud": "api", "exp": IAT + 300})),
            vec![("lifetime", "shorter")],
        ),
    ];
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (name, from, to, expected) in &rows {
        let said = verdicts(from, to);
        for (id, word) in expected {
            tried += 1;
            let (is, rest) = said.get(*id).cloned().unwrap_or_default();
            if is != *word {
                wrong.push(format!("{name}: {id} is {is} ({rest}), not {word}"));
            }
        }
    }
    println!("pairs: {tried} statements, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
