//! The lab as a thing: what it remembers, what it prints, and that it is gone when it is dropped.

use lab::{Lab, Options, Server};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use url::Url;

use crate::support::Bench;

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
