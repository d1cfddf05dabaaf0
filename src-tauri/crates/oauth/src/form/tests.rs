//! The first filling must make the main job one press, and every form must build or say what is missing.

use serde_json::json;

use super::*;
use crate::{
    form::FieldKind,
    message::{
        build,
        tests::{Table, draft, profile, view},
    },
    profile::Dialect,
    snippet::SnippetFormat,
};
use record::{operation::Draft, redact::DOTS};
use token::{inspect::TokenFormat, text::Pair};

fn shelf() -> Vec<TokenView> {
    vec![
        view("login", json!({})),
        view("exchanged", json!({"issued_at": 1100, "parent": "login", "client": "portal", "audience": ["orders-api"]})),
        view("id", json!({"kind": "id"})),
        view("refresh", json!({"kind": "refresh"})),
        view(
            "user",
            json!({"issuer": "https://127.0.0.1:2/oauth2/token", "client": "devportal", "issued_at": 1050, "session": null}),
        ),
        view("old", json!({"issued_at": 9000, "evidence_only": true})),
    ]
}

fn initial(form: &Form, name: &str) -> Vec<String> {
    form.fields.iter().find(|field| field.name == name).map(|field| field.initial.clone()).unwrap_or_default()
}

/// The draft a form starts with.
fn filled(form: &Form) -> Draft {
    let values = form
        .fields
        .iter()
        .filter(|field| field.kind != FieldKind::Made)
        .flat_map(|field| field.initial.iter().map(|value| Pair { name: field.name.clone(), value: value.clone() }))
        .collect();
    Draft { operation: form.operation, profile: "lab".into(), values, extra: Vec::new() }
}

fn table() -> Table {
    shelf().into_iter().fold(Table(Default::default(), Some(1_010)), |table, view| {
        let text = (!view.evidence_only).then(|| format!("TEXT-OF-{}", view.id));
        table.with(view, text.as_deref())
    })
}

#[test]
fn the_main_job_is_one_press() {
    let form = form(Operation::TokenExchange, &profile(), &shelf(), Some("login"));
    assert_eq!(
        (initial(&form, "client"), initial(&form, "subject_token"), initial(&form, "audience")),
        (vec!["portal".to_owned()], vec!["token:login".to_owned()], vec!["orders-api".to_owned()])
    );
    assert_eq!(initial(&form, "subject_token_type"), ["urn:ietf:params:oauth:token-type:access_token"]);
    let greyed: Vec<&str> =
        form.fields.iter().filter(|field| field.unavailable.is_some()).map(|field| field.name.as_str()).collect();
    assert_eq!(greyed, ["resource"]);
    assert_eq!(initial(&form, "exchange"), ["standard"]);
    let shown: Vec<&str> = form
        .fields
        .iter()
        .filter(|field| field.shown_if.as_ref().is_none_or(|rule| rule.values.contains(&"standard".to_owned())))
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(
        shown,
        ["exchange", "client", "subject_token", "subject_token_type", "audience", "scope", "requested_token_type", "resource"],
        "what the other kinds send is not in the way"
    );
    assert_eq!((form.verb.as_str(), form.place.as_str()), ("Exchange", "at 127.0.0.1:1"));
    // Without a selection the login's own access token, not the newer one made from it, and never mere evidence.
    assert_eq!(initial(&super::form(Operation::TokenExchange, &profile(), &shelf(), None), "subject_token"), ["token:login"]);
    assert_eq!(
        initial(&super::form(Operation::TokenExchange, &profile(), &shelf(), Some("old")), "subject_token"),
        ["token:login"]
    );
}

#[test]
fn every_form_starts_ready_or_says_what_is_missing() {
    for (operation, title, _, why) in menu(&profile()) {
        assert_eq!(why, None, "{title}");
        let form = form(operation, &profile(), &shelf(), None);
        let names: Vec<&str> = form.fields.iter().map(|field| field.name.as_str()).collect();
        assert!(names.iter().enumerate().all(|(at, name)| !names[..at].contains(name)), "{names:?}");
        match operation {
            Operation::LogIn => {}
            Operation::Password => {
                let faults = build(&filled(&form), &profile(), &table()).expect_err("no password yet");
                assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["username", "password"]);
            }
            _ => {
                build(&filled(&form), &profile(), &table()).unwrap_or_else(|faults| panic!("{title}: {faults:?}"));
            }
        }
    }
}

/// Names of the values an action fills in.
fn put(action: &record::audit::FixAction, name: &str) -> Option<String> {
    action.values.iter().find(|pair| pair.name == name).map(|pair| pair.value.clone())
}

#[test]
fn a_foreign_token_is_exchanged_from_outside_to_inside_when_the_user_says_so() {
    let mut shelf = shelf();
    shelf.push(view(
        "partner",
        json!({"issuer": "http://127.0.0.1:1/realms/partner", "audience": ["http://127.0.0.1:1/realms/lab"]}),
    ));
    shelf.push(view("partner-id", json!({"issuer": "http://127.0.0.1:1/realms/partner", "kind": "id"})));
    for (chosen, kind) in [("partner", "access_token"), ("partner-id", "id_token")] {
        // Selected on the shelf it is not chosen for this realm.
        let form = form(Operation::TokenExchange, &profile(), &shelf, Some(chosen));
        assert_eq!(initial(&form, "exchange"), ["standard"]);
        assert_eq!(initial(&form, "subject_token"), ["token:login"]);
        let token = shelf.iter().find(|token| token.id == chosen).expect("just put there");
        let forms = onward(token, &profile());
        assert_eq!(forms.iter().map(|form| form.operation).collect::<Vec<_>>(), [Operation::TokenExchange, Operation::JwtBearer]);
        assert_eq!(put(&forms[0], "exchange").as_deref(), Some("external_to_internal"));
        assert_eq!(put(&forms[0], "subject_token"), Some(format!("token:{chosen}")));
        assert_eq!(put(&forms[0], "subject_issuer").as_deref(), Some("http://127.0.0.1:1/realms/partner"));
        let sent = if kind == "id_token" { "id_token" } else { "jwt" };
        assert_eq!(put(&forms[0], "subject_token_type"), Some(format!("urn:ietf:params:oauth:token-type:{sent}")));
    }
    // Without a gateway the assertion goes to the provider; the token made for it is one of another issuer, so it is named first.
    let mut alone = profile();
    alone.gateway = None;
    alone.clients.retain(|client| client.server == ServerRole::Provider);
    let grant = form(Operation::JwtBearer, &alone, &shelf, None);
    assert_eq!(
        (grant.title.as_str(), grant.verb.as_str(), grant.place.as_str()),
        ("JWT authorization grant", "Get token", "at 127.0.0.1:1")
    );
    assert_eq!(
        (initial(&grant, "assertion"), initial(&grant, "client")),
        (vec!["token:login".to_owned()], vec!["orders-api".into()])
    );
    let mut draft = filled(&grant);
    draft.values.retain(|pair| pair.name != "assertion");
    draft.values.push(Pair { name: "assertion".into(), value: "token:partner".into() });
    let table = shelf.into_iter().fold(Table(Default::default(), Some(1_010)), |table, view| table.with(view, Some("T")));
    let shown = preview(&draft, &alone, &table);
    assert!(
        shown.ready.iter().any(|line| line.value == "The assertion's aud is this realm alone, as it has to be."),
        "{:?}",
        shown.ready
    );
    assert_eq!(shown.foreign.iter().map(|one| (one.token.as_str(), one.confirmed)).collect::<Vec<_>>(), [("partner", false)]);
    assert_eq!(
        shown.foreign[0].message,
        "This token came from http://127.0.0.1:1/realms/partner. It will be sent to http://127.0.0.1:1/realms/lab."
    );
    let confirmed = preview(&confirmed(&draft, &alone, &table), &alone, &table);
    assert_eq!((confirmed.foreign.len(), confirmed.foreign[0].confirmed), (1, true));
    assert_eq!(confirmed.snippets, shown.snippets, "the confirmation itself is not sent");
    // The issuer stays, but its token endpoint moves: what was confirmed was another address.
    let said = super::confirmed(&draft, &alone, &table);
    for elsewhere in ["https://elsewhere.example/token", "https://127.0.0.1:1/token", "http://localhost:1/token"] {
        let mut moved = alone.clone();
        moved.provider.endpoints.token = elsewhere.into();
        let shown = preview(&said, &moved, &table);
        assert_eq!(shown.foreign.iter().map(|one| one.confirmed).collect::<Vec<_>>(), [false], "{elsewhere}");
        assert!(shown.foreign[0].to.contains(elsewhere.trim_end_matches("/token")), "{}", shown.foreign[0].to);
        // And what was confirmed for there is none for the issuer's own.
        let there = super::confirmed(&draft, &moved, &table);
        assert!(preview(&there, &alone, &table).foreign.iter().all(|one| !one.confirmed));
    }
}

/// A token of another profile, and one of an earlier run of the same one.
fn strangers(kind: &str) -> [TokenView; 2] {
    let from = |profile: &str, name: &str, issuer: &str| json!({"profile": profile, "name": name, "issuer": issuer});
    [
        view(
            "prod",
            json!({"kind": kind, "issued_at": 8000, "issuer": "https://id.prod.test/realms/shop",
                "provenance": from("prod", "Shop prod", "https://id.prod.test/realms/shop")}),
        ),
        view(
            "earlier",
            json!({"kind": kind, "issued_at": 9000, "issuer": null, "format": "opaque",
                "provenance": from("lab", "Lab", "http://127.0.0.1:9/realms/lab")}),
        ),
    ]
}

#[test]
fn no_form_takes_a_token_of_another_environment_by_itself() {
    for (operation, field, kind) in [
        (Operation::TokenExchange, "subject_token", "access"),
        (Operation::JwtBearer, "assertion", "access"),
        (Operation::Refresh, "refresh_token", "refresh"),
        (Operation::CallApi, "token", "access"),
        (Operation::Introspect, "token", "access"),
        (Operation::Userinfo, "token", "access"),
        (Operation::Revoke, "token", "access"),
        (Operation::LogOut, "refresh_token", "refresh"),
        (Operation::LogOut, "id_token_hint", "id"),
    ] {
        let alone = strangers(kind);
        for chosen in [None, Some("prod"), Some("earlier")] {
            let form = form(operation, &profile(), &alone, chosen);
            assert_eq!(initial(&form, field), Vec::<String>::new(), "{operation:?} {field} {chosen:?}");
            let why = form.fields.iter().find(|one| one.name == field).and_then(|one| one.empty.clone());
            let why = why.unwrap_or_else(|| panic!("{operation:?} {field} says why"));
            let named = match chosen {
                Some("prod") => "Shop prod (https://id.prod.test/realms/shop)",
                Some(_) => "Lab (http://127.0.0.1:9/realms/lab)",
                None => "No token here came from this profile",
            };
            assert!(why.contains(named), "{why}");
        }
        // With its own beside them the form takes those, however much older they are.
        let both: Vec<TokenView> = shelf().into_iter().chain(strangers(kind)).collect();
        let form = form(operation, &profile(), &both, Some("prod"));
        let taken = initial(&form, field);
        assert!(
            !taken.is_empty() && taken.iter().all(|value| !value.contains("prod") && !value.contains("earlier")),
            "{operation:?} {taken:?}"
        );
    }
}

#[test]
fn a_token_nobody_knows_the_source_of_is_pointed_out() {
    let shelf = [view("pasted", json!({"issuer": null, "format": "opaque", "kind": "other"}))];
    let form = form(Operation::Introspect, &profile(), &shelf, Some("pasted"));
    assert_eq!(initial(&form, "token"), Vec::<String>::new());
    let table = Table(Default::default(), Some(1_010)).with(shelf[0].clone(), Some("T"));
    let shown = preview(
        &crate::message::tests::draft(Operation::Introspect, &[("client", "portal"), ("token", "token:pasted")]),
        &profile(),
        &table,
    );
    assert_eq!(shown.foreign, []);
    assert!(shown.warnings.iter().any(|finding| finding.id == "unknown-source"), "{:?}", shown.warnings);
}

#[test]
fn our_own_realm_by_another_host_is_no_foreign_provider() {
    let mut shelf = shelf();
    shelf.push(view("mixed", json!({"issuer": "http://localhost:1/realms/lab"})));
    let exchange = form(Operation::TokenExchange, &profile(), &shelf, Some("mixed"));
    assert_eq!(initial(&exchange, "exchange"), ["standard"]);
    assert_eq!(initial(&exchange, "subject_token"), ["token:mixed"]);
    assert_eq!(initial(&exchange, "subject_issuer"), Vec::<String>::new());
    let table = shelf.into_iter().fold(Table(Default::default(), Some(1_010)), |table, view| table.with(view, Some("T")));
    let warnings = preview(&filled(&exchange), &profile(), &table).warnings;
    let ids: Vec<&str> = warnings.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["kc-other-host"]);
    assert!(warnings[0].detail.contains("http://localhost:1/realms/lab"), "{warnings:?}");
    assert!(warnings[0].detail.contains("http://127.0.0.1:1/realms/lab"), "{warnings:?}");
}

#[test]
fn the_loud_kind_is_said_loudly_and_a_known_lack_too() {
    let mut draft = filled(&form(Operation::TokenExchange, &profile(), &shelf(), Some("login")));
    let set = |draft: &mut Draft, kind: &str| {
        draft.values.retain(|pair| pair.name != "exchange");
        draft.values.push(Pair { name: "exchange".into(), value: kind.into() });
    };
    set(&mut draft, "danger_naked_impersonation");
    draft.values.push(Pair { name: "requested_subject".into(), value: "bob".into() });
    let shown = preview(&draft, &profile(), &table());
    assert!(shown.faults.is_empty() && shown.warnings.iter().any(|one| one.id == "danger-naked-impersonation"), "{shown:?}");
    let mut taught = profile();
    taught.provider.capabilities = crate::capability::exchanges(crate::profile::Support::Supported);
    crate::capability::learn(&mut taught.provider, "impersonation", crate::profile::Support::NotSupported, "step 3, 400 no", 5);
    let warnings = preview(&draft, &taught, &table()).warnings;
    assert!(warnings.iter().any(|one| one.detail.contains("step 3, 400 no")), "{warnings:?}");
    set(&mut draft, "standard");
    assert!(preview(&draft, &taught, &table()).warnings.is_empty());
}

#[test]
fn a_log_out_in_the_browser_is_previewed_without_its_hint() {
    let draft = filled(&form(Operation::LogOut, &profile(), &shelf(), None));
    assert_eq!(preview(&draft, &profile(), &table()).faults, [], "the refresh token is at hand: back channel");
    let mut front = draft.clone();
    front.values.retain(|pair| pair.name != "channel");
    front.values.push(Pair { name: "channel".into(), value: "front_channel".into() });
    let shown = preview(&front, &profile(), &table());
    assert!(shown.in_browser && shown.faults.is_empty(), "{:?}", shown.faults);
    let text: Vec<String> =
        shown.snippets[0].lines.iter().map(|line| line.iter().map(|span| span.text.as_str()).collect()).collect();
    assert_eq!(text[0], "GET /logout");
    assert!(text.contains(&format!("?id_token_hint={DOTS}")), "{text:?}");
    assert!(text.contains(&"&post_logout_redirect_uri=http://127.0.0.1:any-port/callback".to_owned()), "{text:?}");
}

#[test]
fn a_token_of_the_gateway_leads_back_to_the_provider() {
    let gateway = profile().gateway.expect("the profile has one").issuer;
    let mut shelf = shelf();
    shelf.push(view("mine", json!({"issuer": gateway, "client": "devportal"})));
    let exchange = form(Operation::TokenExchange, &profile(), &shelf, Some("mine"));
    assert_eq!(initial(&exchange, "exchange"), ["external_to_internal"]);
    assert_eq!(initial(&exchange, "subject_issuer"), vec![gateway.clone()]);
    assert_eq!(initial(&exchange, "subject_token_type"), ["urn:ietf:params:oauth:token-type:access_token"], "asked at userinfo");
    // The gateway itself takes no token of its own for an assertion.
    let map = form(Operation::JwtBearer, &profile(), &shelf, Some("mine"));
    assert_ne!(initial(&map, "assertion"), ["token:mine"]);

    let token = shelf.last().expect("just put there");
    let forms = onward(token, &profile());
    let named = |at: usize, name: &str| {
        forms[at].values.iter().find(|pair| pair.name == name).map(|pair| pair.value.clone()).unwrap_or_default()
    };
    assert_eq!(forms.iter().map(|form| form.operation).collect::<Vec<_>>(), [Operation::TokenExchange, Operation::JwtBearer]);
    assert_eq!((named(0, "subject_issuer"), named(0, "exchange")), (gateway, "external_to_internal".into()));
    assert_eq!((named(1, "assertion"), named(1, "client")), ("token:mine".into(), named(0, "client")));
    let opaque = TokenView { format: TokenFormat::Opaque, issuer: None, ..token.clone() };
    let forms = onward(&opaque, &profile());
    assert_eq!(forms.len(), 1);
    assert!(forms[0].values.iter().any(|pair| pair.value.ends_with(":access_token")), "userinfo is asked for an opaque one");
    assert!(onward(&TokenView { evidence_only: true, ..token.clone() }, &profile()).is_empty());
    assert!(onward(&shelf[0], &profile()).is_empty(), "the provider's own tokens go nowhere by this way");
}

#[test]
fn gateway_operations_go_to_the_gateway() {
    let bearer = form(Operation::JwtBearer, &profile(), &shelf(), None);
    assert_eq!(
        (initial(&bearer, "client"), initial(&bearer, "assertion"), bearer.place.as_str()),
        (vec!["devportal".to_owned()], vec!["token:login".to_owned()], "at 127.0.0.1:2")
    );
    assert_eq!(initial(&form(Operation::ClientCredentials, &profile(), &shelf(), None), "client"), ["devportal"]);
    let call = form(Operation::CallApi, &profile(), &shelf(), None);
    assert_eq!(
        (initial(&call, "token"), initial(&call, "url")),
        (vec!["token:user".to_owned()], vec!["https://127.0.0.1:2/catalog".to_owned()])
    );
    let call = form(Operation::CallApi, &profile(), &shelf(), Some("exchanged"));
    assert_eq!(
        (initial(&call, "token"), initial(&call, "url")),
        (vec!["token:exchanged".to_owned()], vec!["http://127.0.0.1:3/orders".to_owned()])
    );
}

#[test]
fn a_bare_profile_says_what_it_lacks() {
    for (_, title, _, why) in menu(&Profile::default()) {
        if title != "Call an API" {
            assert!(why.is_some_and(|why| why.starts_with("The profile has") || why.starts_with("It needs")), "{title}");
        }
    }
}

#[test]
fn the_preview_masks_and_warns() {
    let filled = filled(&form(Operation::TokenExchange, &profile(), &shelf(), Some("login")));
    let preview = preview(&filled, &profile(), &table());
    assert!(
        preview.masked && preview.faults.is_empty() && preview.warnings.is_empty(),
        "{:?} {:?}",
        preview.faults,
        preview.warnings
    );
    assert_eq!(
        preview.snippets.iter().map(|snippet| snippet.format).collect::<Vec<_>>(),
        [SnippetFormat::Raw, SnippetFormat::Bash, SnippetFormat::Powershell, SnippetFormat::Cmd]
    );
    for snippet in &preview.snippets {
        let text: String = snippet.lines.iter().flatten().map(|span| span.text.as_str()).collect();
        assert!(text.contains(DOTS) && !text.contains("TEXT-OF") && !text.contains("portal-secret"), "{text}");
    }
    assert!(
        preview
            .ready
            .iter()
            .any(|line| line.value.contains("portal is in the subject token's aud, so Keycloak lets it exchange"))
    );
    assert!(preview.ready.iter().any(|line| line.value.contains("another 4 min 50 s")));
}

#[test]
fn a_login_preview_makes_nothing_up() {
    let preview = preview(&filled(&form(Operation::LogIn, &profile(), &shelf(), None)), &profile(), &table());
    assert!(preview.in_browser && preview.faults.is_empty());
    let text: Vec<String> =
        preview.snippets[0].lines.iter().map(|line| line.iter().map(|span| span.text.as_str()).collect()).collect();
    assert_eq!(text[0], "GET /auth");
    assert!(text.contains(&"&state=made when it runs  128 bits, checked on return".to_owned()), "{text:?}");
    assert!(text.contains(&"&redirect_uri=http://127.0.0.1:any-port/callback".to_owned()), "{text:?}");
    assert!(text.contains(&"&scope=openid profile".to_owned()), "{text:?}");
}

#[test]
fn secrets_are_listed_with_their_variables() {
    let filled = filled(&form(Operation::TokenExchange, &profile(), &shelf(), Some("login")));
    let listed: Vec<(String, String)> = sensitive(&filled, &profile(), &table())
        .into_iter()
        .map(|entry| (entry.variable, entry.value.expose().to_owned()))
        .collect();
    assert_eq!(
        listed,
        [
            ("CLAIMSCOPE_SUBJECT_TOKEN".to_owned(), "TEXT-OF-login".to_owned()),
            ("CLAIMSCOPE_CLIENT_SECRET".to_owned(), "portal-secret".to_owned())
        ]
    );
    let known = known(&draft(Operation::Password, &[("password", "pw")]), &table());
    assert!(known.secrets().iter().any(|secret| secret.expose() == "pw"));
}

#[test]
fn the_exchange_takes_the_selected_token_or_says_why_not() {
    let hint = |form: &Form, name: &str| {
        form.fields.iter().find(|field| field.name == name).map(|field| field.hint.clone()).unwrap_or_default()
    };
    let own = profile().provider.issuer;
    let mut shelf = shelf();
    for (id, kind) in [("an-id", "id"), ("a-refresh", "refresh"), ("other", "other"), ("access", "access")] {
        shelf.push(view(id, json!({"kind": kind, "issuer": own})));
    }
    shelf.push(view("gone", json!({"issuer": own, "evidence_only": true})));
    shelf.push(view("elsewhere", json!({"issuer": "https://other.example/realms/x"})));
    let mut plain = profile();
    plain.provider.dialect = Dialect::Plain;
    // Selected token, at Keycloak, at a plain server: what is taken, and why it is another.
    for (chosen, keycloak, plainly) in [
        ("access", "", ""),
        ("an-id", "ID token", ""),
        ("a-refresh", "refresh token", ""),
        ("other", "not one that can be exchanged", ""),
        ("gone", "its text is gone", "its text is gone"),
        ("elsewhere", "came from elsewhere", "came from elsewhere"),
    ] {
        for (profile, why) in [(profile(), keycloak), (plain.clone(), plainly)] {
            let form = form(Operation::TokenExchange, &profile, &shelf, Some(chosen));
            let taken = initial(&form, "subject_token") == [format!("token:{chosen}")];
            let said = hint(&form, "subject_token");
            assert_eq!(taken, why.is_empty(), "{chosen} at {:?}", profile.provider.dialect);
            assert!(said.contains(why) && said.contains("Not the selected one") != taken, "{chosen}: {said}");
        }
    }
    let types = [("an-id", "id_token"), ("a-refresh", "refresh_token"), ("access", "access_token")];
    for (chosen, name) in types {
        let form = form(Operation::TokenExchange, &plain, &shelf, Some(chosen));
        assert_eq!(initial(&form, "subject_token_type"), [format!("urn:ietf:params:oauth:token-type:{name}")]);
    }
}
