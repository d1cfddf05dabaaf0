//! Every format as it is found in the wild, and every fault with its place.

use serde_json::{Value, json};

use super::*;
use crate::profile::{ClientAuth, Dialect, Endpoints, Gateway};

fn reading(value: &Value, server: &str) -> Import {
    read(&value.to_string(), server).unwrap_or_else(|fault| panic!("{fault:?}"))
}

fn words<'a>(lines: &'a [ImportLine], what: &str) -> &'a str {
    lines.iter().find(|line| line.what == what).map_or("", |line| line.words.as_str())
}

fn secrets(import: &Import) -> Vec<(&str, &str)> {
    import.secrets.iter().map(|(client, secret)| (client.as_str(), secret.expose())).collect()
}

/// No secret may be in what is saved, shown or exported.
fn assert_clean(import: &Import, secret: &str) {
    for text in [
        serde_json::to_string(&import.profile).expect("json"),
        serde_json::to_string(&import.preview).expect("json"),
        format!("{import:?}"),
    ] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn an_adapter_file_of_a_confidential_client() {
    let import = reading(
        &json!({
            "realm": "shop", "auth-server-url": "http://localhost:8080/", "ssl-required": "external", "resource": "portal",
            "credentials": {"secret": "hunter2-portal"}, "confidential-port": 0, "policy-enforcer": {}
        }),
        "",
    );
    let profile = &import.profile;
    assert_eq!(profile.provider.issuer, "http://localhost:8080/realms/shop");
    assert_eq!(profile.provider.endpoints.token, "http://localhost:8080/realms/shop/protocol/openid-connect/token");
    assert_eq!(profile.provider.events, "http://localhost:8080/admin/realms/shop/events");
    assert_eq!((profile.provider.dialect, profile.provider.read_ms), (Dialect::Keycloak, 0));
    assert_eq!(
        (profile.clients.len(), profile.clients[0].auth, profile.clients[0].login),
        (1, ClientAuth::ClientSecretBasic, true)
    );
    assert_eq!(profile.resources, []);
    assert_eq!(secrets(&import), [("portal", "hunter2-portal")]);
    assert_eq!(import.preview.secrets, ["portal"]);
    assert!(!import.preview.asks_server);
    assert_eq!(words(&import.preview.left, "Settings of the adapter itself"), "ssl-required, confidential-port, policy-enforcer");
    assert_clean(&import, "hunter2");
}

#[test]
fn other_shapes_of_the_adapter_file() {
    // The JavaScript adapter's three members, an installation under /auth.
    let import = reading(&json!({"url": "https://id.example.org/auth", "realm": "shop", "clientId": "frontend"}), "");
    assert_eq!(import.profile.provider.issuer, "https://id.example.org/auth/realms/shop");
    assert_eq!((import.profile.clients[0].client_id.as_str(), import.profile.clients[0].auth), ("frontend", ClientAuth::None));

    let import = reading(
        &json!({"realm": "shop", "auth-server-url": "https://id.example.org", "resource": "orders-api", "bearer-only": true,
                "use-resource-role-mappings": true}),
        "",
    );
    assert_eq!((import.profile.clients.len(), import.profile.resources.len()), (0, 1));
    assert_eq!(import.profile.resources[0].expectations.audience, ["orders-api"]);
    assert_eq!(import.profile.resources[0].expectations.roles_path, "resource_access.orders-api.roles");

    let import = reading(
        &json!({"realm": "shop", "auth-server-url": "https://id.example.org", "resource": "portal",
                "credentials": {"secret": "**********"}}),
        "",
    );
    assert_eq!(secrets(&import), []);
    assert!(words(&import.preview.left, "Secret of portal").contains("Masked with stars"));

    let import = reading(
        &json!({"realm": "shop", "auth-server-url": "https://id.example.org", "resource": "portal",
                "credentials": {"jwt": {"client-keystore-password": "hunter2"}}}),
        "",
    );
    assert!(words(&import.preview.left, "Credentials of portal").contains("authenticates by jwt"));
    assert_clean(&import, "hunter2");

    let fault =
        read(&json!({"auth-server-url": "https://id.example.org", "realm": "shop"}).to_string(), "").expect_err("no client");
    assert_eq!(fault.id, "adapter-incomplete");
}

#[test]
fn a_configuration_that_names_a_server_and_no_realm_asks_for_it() {
    for (url, client) in [("auth-server-url", "resource"), ("auth-server-url", "clientId")] {
        let file = json!({url: "https://id.example.org", client: "portal", "public-client": true});
        let fault = read(&file.to_string(), "").expect_err("no realm");
        assert_eq!((fault.id, fault.field), ("realm-missing", "server"), "{fault:?}");
        let import = reading(&file, "https://id.example.org/realms/shop");
        assert_eq!(import.profile.provider.issuer, "https://id.example.org/realms/shop");
    }
}

fn realm() -> Value {
    json!({
        "realm": "shop", "displayName": "The shop", "enabled": true, "eventsEnabled": false,
        "clients": [
            {"clientId": "account", "publicClient": true},
            {"clientId": "frontend", "publicClient": true, "standardFlowEnabled": true,
             "redirectUris": ["https://shop.example.org/*", "http://localhost:8250/*"]},
            {"clientId": "portal", "secret": "hunter2-portal", "standardFlowEnabled": true, "redirectUris": ["https://portal.example.org/*"],
             "attributes": {"standard.token.exchange.enabled": "true"}, "description": null},
            {"clientId": "auditor", "secret": "**********", "serviceAccountsEnabled": true, "standardFlowEnabled": false},
            {"clientId": "signed", "clientAuthenticatorType": "client-jwt", "standardFlowEnabled": false},
            {"clientId": "vaulted", "secret": "${vault.shop}", "standardFlowEnabled": false},
            {"clientId": "orders-api", "bearerOnly": true, "baseUrl": "https://orders.example.org/api"},
            {"clientId": "legacy", "protocol": "saml"}
        ],
        "roles": {"realm": [{"name": "operator"}], "client": {"orders-api": [{"name": "viewer"}, {"name": "editor"}], "account": [{"name": "x"}]}},
        "clientScopes": [
            {"name": "profile", "protocol": "openid-connect", "attributes": {"include.in.token.scope": "true"}},
            {"name": "roles", "protocol": "openid-connect", "attributes": {"include.in.token.scope": "false"}},
            {"name": "orders:read", "protocol": "openid-connect"},
            {"name": "role_list", "protocol": "saml"}
        ],
        "users": [
            {"username": "alice", "credentials": [{"type": "password", "secretData": "hunter2-alice"}]},
            {"username": "service-account-auditor", "serviceAccountClientId": "auditor", "clientRoles": {"realm-management": ["view-events"]}}
        ],
        "identityProviders": [{"alias": "partner", "config": {"clientSecret": "hunter2-partner"}}],
        "components": {"org.keycloak.keys.KeyProvider": [{"config": {"privateKey": ["hunter2-key"]}}]},
        "smtpServer": {"password": "hunter2-mail"}
    })
}

#[test]
fn a_realm_export_gives_clients_scopes_roles_and_redirects() {
    let import = reading(&realm(), "https://id.example.org");
    let profile = &import.profile;
    assert_eq!((profile.name.as_str(), profile.provider.name.as_str()), ("The shop", "Keycloak, realm shop"));
    assert_eq!(profile.provider.issuer, "https://id.example.org/realms/shop");
    let clients: Vec<(&str, ClientAuth, bool, bool)> =
        profile.clients.iter().map(|client| (client.client_id.as_str(), client.auth, client.login, client.events)).collect();
    let basic = ClientAuth::ClientSecretBasic;
    assert_eq!(
        clients,
        [
            ("frontend", ClientAuth::None, true, false),
            ("portal", basic, false, false),
            ("auditor", basic, false, true),
            ("signed", basic, false, false),
            ("vaulted", basic, false, false),
        ]
    );
    assert_eq!(profile.clients[1].note, "confidential, may exchange tokens");
    assert_eq!((profile.redirect.host.as_str(), profile.redirect.port), ("localhost", 8250));
    assert_eq!(profile.provider.scopes, ["openid", "profile", "orders:read"]);
    assert_eq!(profile.scopes, ["openid", "profile"]);
    let api = &profile.resources[0];
    assert_eq!(
        (profile.resources.len(), api.name.as_str(), api.url.as_str()),
        (1, "orders-api", "https://orders.example.org/api")
    );
    assert_eq!(api.expectations.roles_any, ["viewer", "editor"]);
    assert_eq!(secrets(&import), [("portal", "hunter2-portal")]);
    for (what, part) in [
        ("Secret of auditor", "Masked with stars"),
        ("Authentication of signed", "client-jwt"),
        ("Secret of vaulted", "placeholder"),
        ("Keycloak's own clients", "account"),
        ("SAML clients", "legacy"),
        ("Identity providers", "partner"),
        ("Users", "1 user"),
        ("Keys of the realm", "not read"),
        ("Events", "does not save events"),
    ] {
        assert!(words(&import.preview.left, what).contains(part), "{what}: {:?}", import.preview.left);
    }
    assert_clean(&import, "hunter2");
}

#[test]
fn an_export_that_names_no_server_asks_for_it() {
    let import = reading(&realm(), "");
    assert!(import.preview.asks_server);
    assert_eq!(import.profile.provider.issuer, "");
    assert!(words(&import.preview.left, "Issuer").contains("does not say where"));
    // Any address of the server will do.
    let console = reading(&realm(), "https://id.example.org/admin/master/console/#/other");
    assert_eq!(console.profile.provider.issuer, "https://id.example.org/realms/shop");
    let mut told = realm();
    told["attributes"] = json!({"frontendUrl": "https://login.example.org"});
    let told = reading(&told, "");
    assert_eq!(
        (told.profile.provider.issuer.as_str(), told.preview.asks_server),
        ("https://login.example.org/realms/shop", false)
    );
    let fault = read(&realm().to_string(), "ftp://id").expect_err("no address");
    assert_eq!((fault.id, fault.field), ("bad-server", "server"));
}

#[test]
fn one_client_from_the_console() {
    let import = reading(
        &json!({"clientId": "portal", "protocol": "openid-connect", "secret": "hunter2", "redirectUris": ["http://127.0.0.1/*"]}),
        "http://localhost:8080/realms/shop",
    );
    assert_eq!((import.preview.kind, import.preview.asks_server), (ImportKind::Client, true));
    assert_eq!(import.profile.provider.issuer, "http://localhost:8080/realms/shop");
    assert_eq!((import.profile.redirect.host.as_str(), import.profile.redirect.port), ("127.0.0.1", 0));
    assert_clean(&import, "hunter2");
}

#[test]
fn a_metadata_document_from_a_file() {
    let base = "https://id.example.org/realms/shop/protocol/openid-connect";
    let document = json!({
        "issuer": "https://id.example.org/realms/shop", "authorization_endpoint": format!("{base}/auth"),
        "token_endpoint": format!("{base}/token"), "jwks_uri": format!("{base}/certs"),
        "grant_types_supported": ["authorization_code", "urn:ietf:params:oauth:grant-type:token-exchange"],
        "scopes_supported": ["openid", "email"]
    });
    let import = reading(&document, "");
    assert_eq!((import.preview.kind, import.profile.provider.dialect), (ImportKind::Metadata, Dialect::Keycloak));
    assert_eq!(words(&import.preview.taken, "Endpoints"), "3 of 7 addresses");
    // What a server supports is seen by asking it, never read from a file.
    assert_eq!((words(&import.preview.taken, "What it supports"), &import.profile.provider.capabilities), ("", &Vec::new()));
    assert!(words(&import.preview.left, "What the server supports").contains("Discover"));
    assert_eq!(import.profile.scopes, ["openid", "email"]);
    assert_eq!(import.profile.provider.read_ms, 0, "the server itself was not asked");
    let fault = read(r#"{"token_endpoint": "https://id.example.org/token"}"#, "").expect_err("no issuer");
    assert_eq!(fault.id, "discovery-missing-issuer");
}

#[test]
fn faults_name_the_place_and_never_the_content() {
    let table: [(&str, &str, &str); 10] = [
        ("", "not-json", "There is no text."),
        ("<html>", "not-json", "XML or a web page"),
        ("{\n  \"realm\": \"shop\",\n  \"clients\": [,]\n}", "not-json", "line 3, column 15"),
        ("{\"realm\": \"shop\", ", "not-json", "stops before its end: line 1, column 17"),
        ("[1, 2]", "not-recognised", "a JSON list"),
        ("{\"a\": 1}", "not-recognised", "a JSON object"),
        ("7", "not-recognised", "JSON"),
        ("{\"realm\": \"\", \"clients\": []}", "realm-without-name", "realm is empty"),
        ("[{\"realm\": \"a\"}, {\"realm\": \"b\"}]", "several-realms", "2 realms: a, b"),
        (
            "{\"realm\": \"shop\",\n \"clients\": [{\"clientId\": \"a\"},\n  {\"clientId\": \"b\", \"redirectUris\": \"hunter2\"}]}",
            "wrong-type",
            "clients[1].redirectUris is not of the kind it should be: line 3, column",
        ),
    ];
    for (text, id, part) in table {
        let fault = read(text, "").expect_err(text);
        assert_eq!(fault.id, id, "{text}: {fault:?}");
        assert!(fault.message.contains(part), "{text}: {}", fault.message);
        assert!(!format!("{fault:?}").contains("hunter2"));
    }
    let large = format!("{{\"realm\": \"{}\"}}", "x".repeat(LIMIT));
    assert_eq!(read(&large, "").expect_err("large").id, "too-large");
}

#[test]
fn a_byte_order_mark_and_nulls_do_no_harm() {
    let text =
        "\u{feff}{\"realm\": \"shop\", \"clients\": null, \"clientScopes\": null, \"attributes\": null, \"enabled\": true}";
    assert_eq!(read(text, "").expect("a realm").profile.provider.name, "Keycloak, realm shop");
}

/// What a real server wrote; see the README beside the files.
#[test]
fn files_of_keycloak_26_7_5() {
    let adapter =
        read(include_str!("../../../../../tests/fixtures/keycloak/exports/keycloak.json"), "").expect("an adapter file");
    assert_eq!(adapter.profile.provider.issuer, "http://127.0.0.1:18085/realms/platform");
    assert_eq!(secrets(&adapter), [("portal", "secret-of-portal")]);

    let export = include_str!("../../../../../tests/fixtures/keycloak/exports/partial-export.json");
    let import = read(export, "http://127.0.0.1:18085").expect("a realm export");
    let names: Vec<&str> = import.profile.clients.iter().map(|client| client.client_id.as_str()).collect();
    assert!(names.contains(&"portal") && names.contains(&"frontend") && !names.contains(&"account"), "{names:?}");
    let login: Vec<&str> =
        import.profile.clients.iter().filter(|client| client.login).map(|client| client.client_id.as_str()).collect();
    assert_eq!(login, ["frontend"]);
    assert_eq!(secrets(&import), [], "the server masks them");
    assert!(words(&import.preview.left, "Secret of portal").contains("Masked with stars"));
    let orders = import.profile.resources.iter().find(|resource| resource.name == "orders-api").expect("it has roles");
    assert!(orders.expectations.roles_any.iter().any(|role| role == "viewer"), "{:?}", orders.expectations.roles_any);
    assert!(import.profile.provider.scopes.iter().any(|scope| scope == "orders:read"), "{:?}", import.profile.provider.scopes);

    // The file the realm was made from holds secrets and the rights of service accounts.
    let made_from = read(include_str!("../../../../../tests/fixtures/keycloak/platform.json"), "").expect("a realm");
    let reader: Vec<&str> =
        made_from.profile.clients.iter().filter(|client| client.events).map(|client| client.client_id.as_str()).collect();
    assert_eq!(reader, ["audit-reader"]);
    assert!(made_from.secrets.iter().any(|(client, _)| client == "portal"));
    assert_clean(&made_from, "secret-of-portal");
}

#[test]
fn no_file_is_believed_about_what_was_seen_or_whom_to_trust() {
    use crate::profile::{Capability, Gateway, Pin, Profile, Provider, Support, Tls};
    let mut profile = Profile {
        id: "lab".into(),
        name: "Shop".into(),
        provider: Provider {
            issuer: "https://id.example.org/realms/shop".into(),
            read_ms: 1,
            keys: "2, RS256".into(),
            iss_in_response: true,
            capabilities: vec![Capability {
                id: "pkce".into(),
                support: Support::Supported,
                seen_ms: 7,
                ..Capability::default()
            }],
            ..Provider::default()
        },
        gateway: Some(Gateway { activity: "https://evil.example/activity".into(), ..Gateway::default() }),
        tls: Tls {
            ca_pem: "-----BEGIN CERTIFICATE-----".into(),
            pins: vec![Pin { server: "id.example.org:443".into(), sha256: "AA".into(), note: String::new() }],
            danger_accept_any_certificate: true,
            danger_plain_http: true,
        },
        simulated: true,
        ..Profile::default()
    };
    let left: Vec<String> = strip(&mut profile).into_iter().map(|line| line.what).collect();
    assert_eq!(
        left,
        [
            "That the issuer was read, and its keys",
            "What the server supports",
            "Where the gateway reports its own exchanges",
            "Accept any certificate",
            "Allow plain http",
            "Certificates of authorities",
            "Pinned certificates of id.example.org:443",
            "That it is the lab",
        ]
    );
    let clean = Profile {
        name: "Shop".into(),
        provider: Provider { issuer: "https://id.example.org/realms/shop".into(), ..Provider::default() },
        gateway: Some(Gateway::default()),
        ..Profile::default()
    };
    assert_eq!(profile, clean);
    assert_eq!(strip(&mut profile), []);
}

#[test]
fn what_deceives_in_a_file_is_refused_or_made_visible() {
    let realm = |client: &str, note: &str| json!({"realm": "shop", "displayName": format!("Shop{note}"), "clients": [{"clientId": client, "description": note, "publicClient": true}]});
    for hidden in ["\u{202e}", "\u{2066}", "\u{200b}", "\u{0}", "\u{1b}[31m", "\u{feff}", "\u{ad}", "\u{e0041}"] {
        let import = reading(&realm("portal", &format!("evil{hidden}note")), "https://id.example.org");
        let note = &import.profile.clients[0].note;
        assert!(note.contains("\\u{") && !note.chars().any(deceptive), "{note:?}");
        assert!(!import.preview.name.chars().any(deceptive), "{:?}", import.preview.name);
        let fault = read(&realm(&format!("por{hidden}tal"), "").to_string(), "https://id.example.org").expect_err("refused");
        assert_eq!(fault.id, "deceptive-characters");
        assert!(!fault.message.chars().any(deceptive), "{:?}", fault.message);
    }
    let plain = reading(&realm("pörtal", "línea\none"), "https://id.example.org");
    assert_eq!((plain.profile.clients[0].client_id.as_str(), plain.profile.clients[0].note.as_str()), ("pörtal", "línea one"));
}

#[test]
fn an_address_on_another_host_than_the_issuer_stands_out_before_anything_is_taken() {
    let document = |token: &str| json!({"issuer": "https://id.example.org/realms/shop", "token_endpoint": token, "jwks_uri": "https://id.example.org/certs"});
    for (token, warned) in [
        ("https://id.example.org/token", 0),
        ("https://id.example.org:443/token", 0),
        ("https://evil.example/token", 1),
        ("https://id.example.org:8443/token", 1),
        ("https://id.example.org.evil.example/token", 1),
        ("https://іd.example.org/token", 1),
    ] {
        let import = reading(&document(token), "");
        assert_eq!(import.preview.warned.len(), warned, "{token}: {:?}", import.preview.warned);
        if let Some(line) = import.preview.warned.first() {
            assert_eq!(line.what, "Token endpoint");
            assert!(line.words.contains("https://id.example.org") && line.words.contains("No secret goes there"), "{line:?}");
        }
    }
}

#[test]
fn keys_at_another_host_are_not_taken_from_a_file() {
    let file = |issuer: &str, keys: &str, gateway: &str| {
        let mut profile = Profile::default();
        profile.provider.issuer = issuer.into();
        profile.provider.endpoints.jwks = keys.into();
        profile.gateway = Some(Gateway {
            issuer: "https://apim.example.org/oauth2/token".into(),
            endpoints: Endpoints { jwks: gateway.into(), ..Endpoints::default() },
            ..Gateway::default()
        });
        profile
    };
    let (issuer, own) = ("https://id.example.org/realms/shop", "https://apim.example.org/oauth2/jwks");
    for (issuer, keys, gateway, taken) in [
        (issuer, "https://id.example.org/realms/shop/certs", own, 0),
        (issuer, "https://ID.example.org:443/certs", "", 0),
        (issuer, "", own, 0),
        (issuer, "http://localhost:9777/jwks", own, 1),
        (issuer, "https://id.example.org:8443/certs", own, 1),
        (issuer, "http://id.example.org/certs", own, 1),
        (issuer, "https://id.example.org.evil.example/certs", own, 1),
        (issuer, "https://id.example.org@evil.example/certs", own, 1),
        ("", "https://id.example.org/certs", own, 1),
        ("not an address", "https://id.example.org/certs", own, 1),
        (issuer, "not an address", own, 1),
        (issuer, "https://id.example.org/certs", "https://id.example.org/jwks", 1),
    ] {
        let mut profile = file(issuer, keys, gateway);
        let left = strip(&mut profile);
        let said: Vec<_> = left.iter().filter(|line| line.what.starts_with("Where the")).collect();
        assert_eq!(said.len(), taken, "{issuer} {keys} {gateway}: {left:?}");
        let kept = [profile.provider.endpoints.jwks, profile.gateway.map(|gateway| gateway.endpoints.jwks).unwrap_or_default()];
        assert_eq!(
            kept.iter().filter(|one| one.is_empty()).count(),
            taken + usize::from(keys.is_empty()) + usize::from(gateway.is_empty())
        );
    }
}

#[test]
fn the_name_of_a_file_looks_like_no_sign_of_the_window() {
    for name in ["Keycloak \u{2713} issuer verified", "\u{2705} prod", "prod \u{1f512}", "a\u{26a0}b", "x \u{2714}\u{fe0f} y"] {
        let mut import = reading(&json!({"realm": "shop", "enabled": true, "clients": []}), "https://id.example.org");
        import.profile.name = name.into();
        let taken = import.distrusted().expect("taken").profile.name;
        assert!(!taken.chars().any(token::shown::is_sign) && taken.contains("\\u{"), "{taken}");
    }
}

#[test]
fn placeholders_are_asked_for_and_never_saved() {
    // The text, the address beside it, what must not be saved anywhere, and a line that asks for it.
    let adapter = |realm: &str, url: &str, id: &str, secret: &str| json!({"realm": realm, "auth-server-url": url, "resource": id, "credentials": {"secret": secret}});
    let at = "https://id.example.org/realms/shop";
    let client = |id: &str, secret: &str, redirect: &str| json!({"clientId": id, "secret": secret, "protocol": "openid-connect", "redirectUris": [redirect, "http://127.0.0.1/*"]});
    let rows: Vec<(Value, &str, &str, &str)> = vec![
        (
            adapter("shop", "${KEYCLOAK_URL:http://localhost:8080}", "portal", "hunter2"),
            "",
            "KEYCLOAK_URL",
            "Placeholder at auth-server-url",
        ),
        (adapter("shop", "${KEYCLOAK_URL}", "portal", "hunter2"), at, "KEYCLOAK_URL", "Placeholder at auth-server-url"),
        (adapter("shop", "https://$(env:HOST)/auth", "portal", "hunter2"), "", "HOST", "Placeholder at auth-server-url"),
        (adapter("shop", "https://id.example.org", "portal", "${SECRET:changeit}"), "", "changeit", "Secret of portal"),
        (adapter("shop", "https://id.example.org", "portal", "$(env:SECRET)"), "", "env:", "Secret of portal"),
        (adapter("shop", "https://id.example.org", "portal", "{{secret}}"), "", "{{", "Secret of portal"),
        (adapter("shop", "https://id.example.org", "portal", "%CLIENT_SECRET%"), "", "CLIENT_SECRET", "Secret of portal"),
        (adapter("shop", "https://id.example.org", "portal", "<your-secret>"), "", "your-secret", "Secret of portal"),
        (adapter("shop", "https://id.example.org", "portal", "YOUR_CLIENT_SECRET"), "", "YOUR_CLIENT", "Secret of portal"),
        (adapter("{{realm}}", "https://id.example.org", "portal", "hunter2"), at, "{{", "Placeholder at realm"),
        (adapter("${REALM:master}", "https://id.example.org", "portal", "hunter2"), at, "master", "Placeholder at realm"),
        (adapter("shop", "https://id.example.org", "${CLIENT_ID}", "hunter2"), "", "CLIENT_ID", "Placeholder at resource"),
        (client("portal", "${env.SECRET}", "https://${HOST}/*"), at, "HOST", "Placeholder at redirectUris[0]"),
        (client("portal", "{{ .Values.secret }}", "/*"), at, "Values", "Secret of portal"),
        (client("%CLIENT%", "hunter2", "/*"), at, "%CLIENT%", "Placeholder at clientId"),
        (json!({"realm": "${REALM}", "enabled": true, "clients": []}), at, "${REALM}", "Placeholder at realm"),
        (
            json!({"realm": "shop", "enabled": true, "attributes": {"frontendUrl": "${FRONTEND:http://localhost}"}, "clients": []}),
            "",
            "FRONTEND",
            "Placeholder at attributes.frontendUrl",
        ),
        (
            json!({"realm": "shop", "enabled": true, "clients": [{"clientId": "{{id}}", "secret": "hunter2"}, {"clientId": "portal", "secret": "@secret@"}]}),
            at,
            "@secret@",
            "Secret of portal",
        ),
        (
            json!({"realm": "shop", "enabled": true, "clients": [{"clientId": "portal", "secret": "vault:kv/portal"}]}),
            at,
            "kv/portal",
            "Secret of portal",
        ),
        (
            json!({"issuer": "https://id.example.org", "token_endpoint": "https://id.example.org/token", "introspection_endpoint": "https://${HOST}/introspect", "jwks_uri": "https://id.example.org/keys"}),
            "",
            "${HOST}",
            "Placeholder at introspection_endpoint",
        ),
    ];
    for (value, server, placeholder, asks) in rows {
        let import = reading(&value, server);
        let saved = serde_json::to_string(&import.profile).expect("json");
        assert!(!saved.contains(placeholder), "{value}: {saved}");
        assert!(
            !secrets(&import).iter().any(|(client, secret)| secret.contains(placeholder) || client.contains(placeholder)),
            "{value}"
        );
        assert!(import.preview.left.iter().any(|line| line.what == asks), "{value}: {:?}", import.preview.left);
        assert!(!saved.contains("%7B") && !saved.contains("//realms") && !saved.contains("${"), "{saved}");
    }
    // What every export of Keycloak has in texts that are not used is left without a word.
    let quiet = json!({"realm": "shop", "enabled": true, "clients": [{"clientId": "portal", "name": "${client_portal}", "description": "${client_portal}", "rootUrl": "${authBaseUrl}", "publicClient": true}]});
    let import = reading(&quiet, at);
    assert!(!import.preview.left.iter().any(|line| line.what.starts_with("Placeholder")), "{:?}", import.preview.left);
    assert!(!import.profile.clients[0].note.contains("${"), "{:?}", import.profile.clients[0].note);
}

#[test]
fn a_realm_that_nobody_named_is_asked_for() {
    let client = json!({"clientId": "portal", "protocol": "openid-connect", "publicClient": true}).to_string();
    for server in [
        "https://id.example.org",
        "id.example.org",
        "https://id.example.org/",
        "https://id.example.org/auth",
        "http://localhost:8080",
        "https://id.example.org:8443/auth/",
    ] {
        let fault = read(&client, server).expect_err(server);
        assert_eq!((fault.id, fault.field), ("realm-missing", "server"), "{server}: {fault:?}");
        assert!(fault.message.contains("realm") && fault.advice.contains("/realms/shop"), "{fault:?}");
    }
    for server in [
        "https://id.example.org/realms/shop",
        "https://id.example.org/admin/master/console/#/shop/clients",
        "https://id.example.org/realms/shop/.well-known/openid-configuration",
        "id.example.org/auth/realms/shop/account",
    ] {
        let import = read(&client, server).unwrap_or_else(|fault| panic!("{server}: {fault:?}"));
        assert!(import.profile.provider.issuer.ends_with("/realms/shop"), "{server}: {}", import.profile.provider.issuer);
    }
    let import = read(&client, "").expect("without an address");
    assert!(import.preview.asks_server && words(&import.preview.left, "Issuer").contains("realm"));
    for placeholder in ["${REALM}", "{{realm}}", "%REALM%", "<realm>"] {
        let text = json!({"realm": placeholder, "auth-server-url": "https://id.example.org", "resource": "portal", "public-client": true}).to_string();
        assert_eq!(read(&text, "").expect_err(placeholder).id, "realm-missing");
        assert_eq!(
            read(&text, "https://id.example.org/realms/shop").expect(placeholder).profile.provider.issuer,
            "https://id.example.org/realms/shop"
        );
    }
    assert_eq!(read(&client, "ftp://id").expect_err("no address").id, "bad-server");
    let metadata = json!({"issuer": "https://${HOST}/realms/a", "token_endpoint": "https://id.example.org/token"}).to_string();
    assert_eq!(read(&metadata, "").expect_err("a placeholder").id, "placeholder");
}
