//! The crate `oauth-as`, in this process: RFC 8414 metadata, RFC 8693 exchange and delegation, and its refusals.

use std::sync::Arc;

use oauth::profile::{Client, ClientAuth, Profile, Redirect};
use oauth_as::{
    client::{Client as Registered, ClientAuth as Auth, ClientId},
    grant::GrantType,
    http::{ApprovalDecision, ServiceBuilder},
    jwt::{AccessTokenFormat, EcdsaP256Key, JwtConfig},
    scope::ScopeSet,
    server::{AuthorizationServer, ServerConfig},
    store::MemoryStorage,
};
use record::operation::Operation;
use token::{
    inspect::{TokenFormat, TokenKind, Verification},
    lineage::Relative,
};
use tokio::task::JoinHandle;

use super::Desk;
use crate::support::with;

const SECRET: &str = "exchanger-secret-0123456789abcdef";
const API: &str = "https://rs.example/api";

/// The server and a desk beside it; the task ends with the test's runtime.
struct Place {
    desk: Desk,
    _server: JoinHandle<()>,
}

fn registered(id: &str, auth: Auth, grants: Vec<GrantType>, redirect_uris: Vec<String>) -> Registered {
    Registered {
        client_id: ClientId::new(id),
        auth,
        grant_types: grants,
        redirect_uris,
        allowed_scopes: ScopeSet::parse("read write").expect("scopes"),
        default_scopes: ScopeSet::parse("read").expect("scopes"),
        name: None,
        registration: None,
    }
}

async fn place() -> Place {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let issuer = format!("http://{}", listener.local_addr().expect("an address"));
    // This server compares the port of a redirect URI, so the profile has a fixed one.
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port").local_addr().expect("an address").port();
    let mut config = ServerConfig::new(&issuer, format!("{issuer}/device"));
    config.access_token_format = AccessTokenFormat::Jwt(Box::new(JwtConfig::new(EcdsaP256Key::generate("key-1"), API)));
    config.jwks_uri = Some(format!("{issuer}/jwks"));
    let server = Arc::new(AuthorizationServer::new(config, MemoryStorage::new()));
    let confidential = || Auth::ConfidentialSecret { secret: SECRET.into() };
    let machine = vec![GrantType::ClientCredentials, GrantType::TokenExchange];
    let clients = [
        registered("native", Auth::Public, vec![GrantType::AuthorizationCode], vec![format!("http://127.0.0.1:{port}/callback")]),
        registered("exchanger", confidential(), machine.clone(), Vec::new()),
        registered("second", confidential(), machine, Vec::new()),
        registered("batch", confidential(), vec![GrantType::ClientCredentials], Vec::new()),
    ];
    for client in clients {
        server.register_client(client).await.expect("a registration");
    }
    let service = ServiceBuilder::new(server)
        .with_subject_resolver(|_| Some("alice".to_owned()))
        .with_approval_resolver(|_| ApprovalDecision::Approve)
        .dangerously_disable_verification_protections()
        .build()
        .expect("a service");
    let router = axum::Router::from(service);
    let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    let client = |id: &str, auth, login| Client { client_id: id.into(), auth, login, ..Client::default() };
    let profile = Profile {
        id: "as".into(),
        name: "oauth-as".into(),
        clients: vec![
            client("native", ClientAuth::None, true),
            client("exchanger", ClientAuth::ClientSecretBasic, false),
            client("second", ClientAuth::ClientSecretPost, false),
            client("batch", ClientAuth::ClientSecretBasic, false),
        ],
        redirect: Redirect { port, ..Redirect::default() },
        scopes: vec!["read".into(), "write".into()],
        ..Profile::default()
    };
    let desk = Desk::at(&issuer, profile, &[("exchanger", SECRET), ("second", SECRET), ("batch", SECRET)]).await;
    Place { desk, _server: task }
}

fn word<'s>(step: &'s record::audit::Step, id: &str) -> &'s str {
    step.verdicts.iter().find(|verdict| verdict.id == id).map_or("", |verdict| verdict.word.as_str())
}

#[tokio::test]
async fn client_credentials_give_a_verified_token() {
    let Place { desk, .. } = place().await;
    for client in ["exchanger", "second"] {
        let step =
            desk.done(&with(desk.draft(Operation::ClientCredentials, None), &[("client", client), ("scope", "read")])).await;
        let token = desk.made(&step, TokenKind::Access);
        assert_eq!(
            (token.format, token.alg.as_deref(), token.scope.as_slice()),
            (TokenFormat::Jws, Some("ES256"), ["read".to_owned()].as_slice())
        );
        assert!(matches!(token.verification, Verification::Verified { .. }), "{:?}", token.verification);
    }
}

#[tokio::test]
async fn a_users_token_is_narrowed_and_delegated() {
    let Place { desk, .. } = place().await;
    let login = desk.log_in(&desk.draft(Operation::LogIn, None)).await;
    let subject = desk.made(&login, TokenKind::Access);
    assert_eq!((subject.scope.len(), subject.who.as_str()), (2, "alice"));

    let draft = with(desk.draft(Operation::TokenExchange, Some(&subject.id)), &[("client", "exchanger"), ("scope", "read")]);
    let narrowed = desk.done(&draft).await;
    assert_eq!(
        (word(&narrowed, "identity"), word(&narrowed, "scope"), word(&narrowed, "requester")),
        ("preserved", "narrowed", "changed"),
        "{:?}",
        narrowed.verdicts
    );
    let token = desk.made(&narrowed, TokenKind::Access);
    assert_eq!((token.parent.as_deref(), token.client.as_deref()), (Some(subject.id.as_str()), Some("exchanger")));

    let actor =
        desk.done(&with(desk.draft(Operation::ClientCredentials, None), &[("client", "exchanger"), ("scope", "read")])).await;
    let actor = format!("token:{}", desk.made(&actor, TokenKind::Access).id);
    let access = "urn:ietf:params:oauth:token-type:access_token";
    let delegated = desk.done(&with(draft, &[("actor_token", &actor), ("actor_token_type", access)])).await;
    assert_eq!(word(&delegated, "identity"), "delegated", "{:?}", delegated.verdicts);
    let token = desk.made(&delegated, TokenKind::Access);
    assert_eq!(desk.claims(&token.id)["act"]["sub"], "exchanger");
    assert_eq!(desk.claims(&token.id)["sub"], "alice");

    // A second hop: the chain of actors grows, and the inner one is kept.
    let second =
        desk.done(&with(desk.draft(Operation::ClientCredentials, None), &[("client", "second"), ("scope", "read")])).await;
    let actor = format!("token:{}", desk.made(&second, TokenKind::Access).id);
    let hop = with(
        desk.draft(Operation::TokenExchange, Some(&token.id)),
        &[("client", "second"), ("scope", "read"), ("actor_token", &actor), ("actor_token_type", access)],
    );
    let chained = desk.done(&hop).await;
    let claims = desk.claims(&desk.made(&chained, TokenKind::Access).id);
    assert_eq!((&claims["act"]["sub"], &claims["act"]["act"]["sub"]), (&"second".into(), &"exchanger".into()));
    // It comes from two tokens, and either of them says so.
    let chained = desk.made(&chained, TokenKind::Access).id;
    let line = |id: &str| desk.workbench.examine(id, None, None).expect("on the shelf").lineage;
    let ids = |line: &[Relative]| line.iter().map(|one| one.token.id.clone()).collect::<Vec<_>>();
    let acting = actor.trim_start_matches("token:").to_owned();
    assert_eq!(ids(&line(&chained).ancestors), [subject.id, token.id]);
    assert_eq!(ids(&line(&chained).actors), std::slice::from_ref(&acting));
    assert_eq!(ids(&line(&acting).acts_in), [chained]);
}

#[tokio::test]
async fn refusals_are_told_in_its_own_words() {
    let Place { desk, .. } = place().await;
    let login = desk.log_in(&with(desk.draft(Operation::LogIn, None), &[("scope", "read")])).await;
    let subject = desk.made(&login, TokenKind::Access);
    let draft = with(desk.draft(Operation::TokenExchange, Some(&subject.id)), &[("client", "exchanger")]);
    desk.refused(&with(draft.clone(), &[("scope", "read write")]), "invalid_scope").await;
    desk.refused(&with(draft.clone(), &[("audience", "https://other.example/")]), "invalid_target").await;
    desk.refused(&with(draft.clone(), &[("client", "batch")]), "unauthorized_client").await;
    let (pasted, _) = desk.workbench.paste("Bearer not-a-token-of-this-server-0123456789").expect("an opaque token");
    desk.refused(&with(draft.clone(), &[("subject_token", &format!("token:{}", pasted[0]))]), "invalid_request").await;

    desk.done(&with(desk.draft(Operation::Revoke, Some(&subject.id)), &[("client", "native")])).await;
    desk.refused(&draft, "invalid_request").await;
}
