//! What the compiler can not ask of a definition: that its parts fit each other, and that lists of names elsewhere know it.

use serde_json::json;

use super::*;
use crate::{
    form::{Field, FieldKind, form},
    message::tests::{Table, profile, view},
    profile::Profile,
    server::ALL as SERVERS,
};
use token::{
    inspect::{TokenKind, TokenView},
    text::Pair,
};

/// Its form at every server, where a form has fields at all.
fn forms(operation: Operation) -> Vec<Vec<Field>> {
    let at = |dialect| {
        let mut profile: Profile = profile();
        profile.provider.dialect = dialect;
        form(operation, &profile, &[], None).fields
    };
    SERVERS.into_iter().map(at).collect()
}

fn names(operation: Operation, kind: fn(&FieldKind) -> bool) -> Vec<String> {
    let all = forms(operation).into_iter().flatten();
    let mut names: Vec<String> = all.filter(|field| kind(&field.kind)).map(|field| field.name).collect();
    names.sort();
    names.dedup();
    names
}

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort();
    names
}

#[test]
fn each_row_leads_to_the_definition_of_its_name() {
    for definition in ALL {
        assert_eq!(of(definition.operation).operation, definition.operation);
    }
    let mut titles: Vec<&str> = ALL.iter().map(|definition| definition.listed.provider).collect();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), ALL.len(), "two operations have one name in lists");
}

#[test]
fn what_a_form_asks_for_stands_in_the_definition() {
    for definition in ALL.iter().filter(|definition| !matches!(definition.menu, Menu::Elsewhere)) {
        let name = definition.listed.provider;
        let secrets = sorted(definition.secrets.iter().map(|secret| secret.name));
        assert_eq!(names(definition.operation, |kind| *kind == FieldKind::Password), secrets, "{name}: secrets");
        let tokens = sorted(definition.tokens.iter().map(|field| field.name));
        assert_eq!(names(definition.operation, |kind| *kind == FieldKind::Token), tokens, "{name}: tokens");
        for fields in forms(definition.operation) {
            let has = |name: &str| fields.iter().any(|field| field.name == name);
            assert_eq!(has("scope"), definition.scope != Scope::None, "{name}: scope");
            assert_eq!(has("requested_token_type"), definition.asks_type, "{name}: requested_token_type");
            assert_eq!(has("client"), definition.as_client, "{name}: client");
        }
        if let Target::Typed(field) = definition.target {
            assert!(
                forms(definition.operation).iter().all(|fields| fields.iter().any(|one| one.name == field)),
                "{name}: {field}"
            );
        }
    }
}

#[test]
fn an_operation_that_brings_tokens_has_a_grant_and_its_capability() {
    for definition in ALL {
        let name = definition.listed.provider;
        assert_eq!(definition.grant.is_some(), GRANTS.contains(&definition.operation), "{name}");
        let draft = Draft { operation: definition.operation, profile: String::new(), values: Vec::new(), extra: Vec::new() };
        if let Some(grant) = definition.grant
            && definition.operation != Operation::TokenExchange
        {
            assert_eq!((definition.capability)(&draft), Some(grant.id), "{name}: what it teaches is noted at another capability");
        }
    }
}

#[test]
fn events_of_keycloak_are_of_one_spelling() {
    for kind in ALL.iter().flat_map(|definition| definition.events.types) {
        assert!(kind.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_' || letter.is_ascii_digit()), "{kind}");
        assert!(!kind.ends_with("_ERROR"), "{kind}: the error of a type is found by the type");
    }
}

#[test]
fn a_token_is_offered_where_it_is_of_use() {
    let of_kind = |kind: TokenKind| TokenView { kind, ..view("t", json!({})) };
    let said = |token: &TokenView| uses(token).into_iter().map(|(_, field, offer)| (field, offer.label)).collect::<Vec<_>>();
    assert_eq!(
        said(&of_kind(TokenKind::Access)),
        [
            ("subject_token", "Use as subject token"),
            ("assertion", "Use as assertion"),
            ("token", "Call an API"),
            ("token", "Introspect"),
            ("token", "Userinfo"),
            ("token", "Revoke"),
        ]
    );
    assert_eq!(
        said(&of_kind(TokenKind::Refresh)),
        [("refresh_token", "Refresh"), ("token", "Introspect"), ("refresh_token", "Log out"), ("token", "Revoke")]
    );
    assert_eq!(said(&of_kind(TokenKind::Id)), [("subject_token", "Use as subject token"), ("id_token_hint", "Log out")]);
    let evidence = TokenView { evidence_only: true, ..of_kind(TokenKind::Access) };
    assert_eq!(said(&evidence), []);
    let dangers = uses(&of_kind(TokenKind::Access)).into_iter().filter(|(_, _, offer)| offer.danger);
    assert_eq!(dangers.map(|(operation, ..)| operation).collect::<Vec<_>>(), [Operation::Revoke]);
}

#[test]
fn families_follow_from_the_definitions() {
    let expected = |members: &[Operation], holds: fn(&Definition) -> bool| {
        let all: Vec<Operation> =
            ALL.iter().filter(|definition| holds(definition)).map(|definition| definition.operation).collect();
        assert_eq!(members, all);
    };
    expected(ISSUING, |definition| definition.issues_tokens());
    expected(GRANTS, |definition| definition.issues_tokens() && definition.flow == Flow::Request);
    expected(AS_CLIENT, |definition| definition.as_client);
    assert!(!GRANTS.contains(&Operation::LogIn) && ISSUING.contains(&Operation::LogIn));
}

#[test]
fn each_operation_builds_a_request_of_its_grant() {
    let kinds = [("login", TokenKind::Access), ("id", TokenKind::Id), ("refresh", TokenKind::Refresh)];
    let shelf = kinds.map(|(id, kind)| TokenView { kind, ..view(id, json!({})) });
    let table = shelf.iter().fold(Table::default(), |table, token| table.with(token.clone(), Some("a.b.c")));
    for (definition, grant) in ALL.iter().filter_map(|definition| Some((definition, definition.grant?))) {
        let form = form(definition.operation, &profile(), &shelf, None);
        let filling = form.fields.iter().flat_map(|field| match (field.initial.is_empty() && field.required, &field.kind) {
            (true, FieldKind::Token) => vec![(field.name.clone(), "token:login".to_owned())],
            (true, _) => vec![(field.name.clone(), "typed".to_owned())],
            (false, _) => field.initial.iter().map(|value| (field.name.clone(), value.clone())).collect(),
        });
        let values = filling.map(|(name, value)| Pair { name, value }).collect();
        let draft = Draft { operation: definition.operation, profile: String::new(), values, extra: Vec::new() };
        let built = build(&draft, &profile(), &table).unwrap_or_else(|faults| panic!("{}: {faults:?}", form.title));
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(built.request.body()).into_owned().collect();
        let sent: Vec<&str> = pairs.iter().filter(|(name, _)| name == "grant_type").map(|(_, value)| value.as_str()).collect();
        assert_eq!(sent, [grant.grant_type], "{}", form.title);
        assert_eq!(built.title, form.title);
    }
}
