//! The lab as a thing: what it remembers, what it prints, and that it is gone when it is dropped.

use lab::{Lab, Options, Server};
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use url::Url;

use crate::support::{Bench, claims};

#[tokio::test]
async fn it_remembers_what_it_received() {
    let bench = Bench::new().await;
    bench.get(&format!("{}?a=b", bench.realm(".well-known/openid-configuration"))).await;
    bench.token("portal", &[("grant_type", "smoke")]).await;
    let received = bench.lab.received();
    assert_eq!(received.len(), 2);
    assert_eq!((received[0].server, received[0].method.as_str(), received[0].status), (Server::Provider, "GET", Some(200)));
    assert!(received[0].path.ends_with("openid-configuration?a=b"));
    assert_eq!(received[1].body, "grant_type=smoke");
    assert_eq!(received[1].header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(received[1].status, Some(400));
    assert!(received[1].at_ms > 0);
}

#[tokio::test]
async fn debug_output_holds_no_secret() {
    let bench = Bench::new().await;
    bench.service_token("audit-reader").await;
    let printed = format!("{:?} {:?}", bench.lab, bench.lab.received());
    for client in &bench.lab.description().clients {
        if let Some(secret) = &client.secret {
            assert!(!printed.contains(secret.as_str()), "{}", client.client_id);
        }
    }
    assert!(!printed.contains("Basic "));
}

#[tokio::test]
async fn drop_stops_every_server() {
    let lab = Lab::start(Options::default()).await.expect("the lab starts");
    let description = lab.description().clone();
    let ports = [&description.provider, &description.gateway, &description.orders_api, &description.catalog_api]
        .map(|url| Url::parse(url).ok().and_then(|url| url.port()).expect("a port"));
    let mut connections = Vec::new();
    for port in ports {
        connections.push(TcpStream::connect(("127.0.0.1", port)).await.expect("open"));
    }
    drop(lab);
    // Whoever binds one of these ports next is somebody else, so the open connections are asked.
    for mut connection in connections {
        let read = connection.read(&mut [0]).await;
        assert!(matches!(read, Ok(0) | Err(_)), "{read:?}");
    }
}

#[tokio::test]
async fn every_start_has_its_own_secrets() {
    let (one, two) = (Bench::new().await, Bench::new().await);
    let secrets =
        |bench: &Bench| bench.lab.description().clients.iter().filter_map(|client| client.secret.clone()).collect::<Vec<_>>();
    for (a, b) in secrets(&one).into_iter().zip(secrets(&two)) {
        assert_ne!(a, b);
        assert!(a.len() >= 28);
    }
    assert_ne!(one.lab.description().ca_pem, two.lab.description().ca_pem);
}

#[tokio::test]
async fn a_role_can_be_taken_and_given_back_and_an_admin_event_says_so() {
    let bench = Bench::new().await;
    let standing = || bench.lab.people().into_iter().find(|person| person.username == "alice").expect("a user of the lab");
    let has = |role: &str| standing().roles.iter().any(|one| one.role == role && one.held);
    assert!(has("editor") && standing().enabled);
    assert!(bench.lab.set_role("alice", "orders-api", "editor", false));
    assert!(!bench.lab.set_role("alice", "orders-api", "owner", false), "a role nobody has");
    assert!(!bench.lab.set_role("nobody", "orders-api", "editor", false));
    assert!(!has("editor") && has("viewer"));
    let roles = |token: &str| claims(token)["resource_access"]["orders-api"]["roles"].clone();
    assert_eq!(roles(&bench.access_token("alice").await), json!(["viewer"]));
    bench.lab.disable_user("alice");
    assert!(!standing().enabled);
    bench.lab.enable_user("alice");
    assert!(bench.lab.set_role("alice", "orders-api", "editor", true));
    assert_eq!(roles(&bench.access_token("alice").await), json!(["viewer", "editor"]));

    let reader = bench.service_token("audit-reader").await;
    let at = format!("{}/admin/realms/lab/admin-events", bench.lab.description().provider);
    let told = bench.get_bearer(&at, &reader).await.json();
    let kinds: Vec<(&str, &str)> = told
        .as_array()
        .expect("a list")
        .iter()
        .map(|event| (event["operationType"].as_str().unwrap_or(""), event["resourceType"].as_str().unwrap_or("")))
        .collect();
    let (role, user) = ("CLIENT_ROLE_MAPPING", "USER");
    assert_eq!(kinds, [("CREATE", role), ("UPDATE", user), ("UPDATE", user), ("DELETE", role)]);
    let of = |query: &str| format!("{at}?{query}");
    for (query, count) in
        [("resourceTypes=USER", 2), ("resourcePath=users/*", 4), ("operationTypes=DELETE&max=5", 1), ("first=3", 1)]
    {
        let found = bench.get_bearer(&of(query), &reader).await.json();
        assert_eq!(found.as_array().map(Vec::len), Some(count), "{query}");
    }
}

#[tokio::test]
async fn what_introspection_said_of_a_reference_token_is_kept_as_long_as_the_cache_says() {
    let bench = Bench::new().await;
    let token = bench.application_token("orders-app-ref").await;
    let called = || bench.api("GET", "/catalog/1.0/items", &token);
    assert_eq!(called().await.status, 200);
    bench.post_as(&bench.gateway("/oauth2/revoke"), "orders-app-ref", &[("token", &token)]).await;
    bench.lab.set_clock_offset(899);
    assert_eq!(called().await.status, 200, "the entry is not 15 min old");
    bench.lab.set_clock_offset(901);
    assert_eq!(called().await.status, 401);

    // A token that was refused stays refused, and one that introspection never saw is refused at once.
    let other = bench.application_token("orders-app-ref").await;
    bench.post_as(&bench.gateway("/oauth2/revoke"), "orders-app-ref", &[("token", &other)]).await;
    assert_eq!(bench.fault("/catalog/1.0/items", &other).await, (401, "900901".into()));

    // The same with the shortened caches, for what is kept already, too.
    bench.lab.set_caches(lab::Caches::SHORT);
    let third = bench.application_token("orders-app-ref").await;
    assert_eq!(bench.api("GET", "/catalog/1.0/items", &third).await.status, 200);
    bench.post_as(&bench.gateway("/oauth2/revoke"), "orders-app-ref", &[("token", &third)]).await;
    bench.lab.set_clock_offset(901 + 14);
    assert_eq!(bench.api("GET", "/catalog/1.0/items", &third).await.status, 200);
    bench.lab.set_clock_offset(901 + 16);
    assert_eq!(bench.api("GET", "/catalog/1.0/items", &third).await.status, 401);
}
