//! Bringing the lab up: ports, keys and certificates first, all servers at once after that.
//!
//! The servers get a thread and a runtime of their own. A test on a single-threaded runtime may then block on a browser
//! without starving them, and joining the thread is proof that the ports are closed.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::api::{CatalogApi, OrdersApi};
use crate::description::{Description, LabClient, LabUser, Partner};
use crate::gateway::{self, Gateway, GatewayRelease, OwnProvider, Setup, Trusted, Upstream};
use crate::home::Home;
use crate::jose::{Key, KeyError};
use crate::keyset::KeySet;
use crate::listen::{recorded, run};
use crate::options::Options;
use crate::provider::{self, Keys, Lifespans, Proof, Provider};
use crate::tls::{self, TlsError};
use crate::world::{Server, World};

/// How long a provider that is not the lab's own may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why the lab did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No port on loopback, no thread, or no runtime.
    #[error("the lab could not open its servers: {0}")]
    Io(#[from] io::Error),
    /// A signing key could not be made.
    #[error("the lab has no keys: {0}")]
    Key(#[from] KeyError),
    /// The gateway's certificate could not be made.
    #[error("the lab has no certificate: {0}")]
    Tls(#[from] TlsError),
    /// The HTTP client of the gateway could not be made.
    #[error("the gateway has no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
    /// The thread of the servers ended before it said why.
    #[error("the lab stopped while it started")]
    Stopped,
}

/// Why a provider could not be trusted: its certificate authorities are no certificates.
#[derive(Debug, thiserror::Error)]
#[error("the certificates of the provider could not be read: {0}")]
pub struct TrustError(pub(crate) reqwest::Error);

/// What the thread hands back once the servers run.
struct Running {
    provider: Arc<Provider>,
    gateway: Arc<Gateway>,
    orders: Arc<OrdersApi>,
    description: Description,
}

/// Makes the gateway and the orders API take the tokens of one more provider.
pub(crate) fn trust(gateway: &Gateway, orders: &OrdersApi, provider: OwnProvider) -> Result<(), reqwest::Error> {
    let roots = reqwest::Certificate::from_pem_bundle(provider.ca_pem.as_bytes())?;
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .tls_certs_merge(roots)
        .timeout(PATIENCE)
        .build()?;
    orders.trust(&provider.issuer, KeySet::new(http.clone(), provider.jwks.clone()));
    let keys = KeySet::new(http.clone(), provider.jwks.clone());
    gateway.trust(Trusted { at: provider, keys, http, built_in: false });
    Ok(())
}

/// A lab that runs: its servers, and how they are ended.
pub(crate) struct Started {
    pub world: Arc<World>,
    pub provider: Arc<Provider>,
    pub gateway: Arc<Gateway>,
    pub orders: Arc<OrdersApi>,
    pub description: Description,
    /// Dropping it ends the servers.
    pub stop: oneshot::Sender<()>,
    /// The thread they run on.
    pub thread: JoinHandle<()>,
}

pub(crate) async fn start(options: Options) -> Result<Started, StartError> {
    let world = Arc::new(World::new(options.clock.clone(), options.caches));
    let (stop, stopped) = oneshot::channel::<()>();
    let (ready, running) = oneshot::channel();
    let shared = world.clone();
    let thread = thread::Builder::new().name("claimscope-lab".to_owned()).spawn(move || {
        let runtime = match Builder::new_multi_thread().worker_threads(2).thread_name("claimscope-lab").enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return drop(ready.send(Err(error.into()))),
        };
        runtime.block_on(async {
            let started = open(&options, &shared).await;
            let failed = started.is_err();
            if ready.send(started).is_err() || failed {
                return;
            }
            // Ends when the sender is dropped with the lab.
            let _ = stopped.await;
        });
        // Requests that hang on purpose do not hold the runtime back: their tasks are dropped where they wait.
        runtime.shutdown_timeout(Duration::from_secs(2));
    })?;
    match running.await {
        Ok(Ok(Running { provider, gateway, orders, description })) => {
            Ok(Started { world, provider, gateway, orders, description, stop, thread })
        }
        Ok(Err(error)) => Err(error),
        Err(_) => Err(StartError::Stopped),
    }
}

async fn open(options: &Options, world: &Arc<World>) -> Result<Running, StartError> {
    // RSA keys are nearly all of the start-up time; made side by side they cost what the slowest costs.
    let make = |key: fn() -> Result<Key, KeyError>| tokio::task::spawn_blocking(key);
    let (signing, encryption, gateway_key) = (make(provider::rsa_key), make(provider::rsa_key), make(gateway::signing_key));
    let partner_key = make(provider::rsa_key);
    let tls = tls::make(options.gateway_certificate)?;
    let (provider_socket, provider_url) = bind("http").await?;
    let (gateway_socket, gateway_url) = bind("https").await?;
    let gateway_url = gateway_url.replace("127.0.0.1", options.gateway_certificate.host());
    let (plain_socket, plain_url) = bind("http").await?;
    let (orders_socket, orders_url) = bind("http").await?;
    let (catalog_socket, catalog_url) = bind("http").await?;
    let keys = Keys::new(joined(signing).await?, Some(joined(encryption).await?))?;
    let partner_keys = Keys::new(joined(partner_key).await?, None)?;

    let lifespans = Lifespans {
        access_token: options.access_token_lifespan_s,
        sso_idle: options.sso_idle_s,
        sso_max: options.sso_max_s,
        code: options.code_lifespan_s,
    };
    let realm = |name, keys| Provider::new(world.clone(), provider_url.clone(), name, keys, lifespans);
    let partner = Arc::new(realm(provider::PARTNER, partner_keys)?);
    let provider = Arc::new(realm(provider::REALM, keys)?.trusting(partner.clone(), options.legacy_exchange));
    let upstream = Upstream {
        issuer: provider.issuer().to_owned(),
        client_secret: provider.realm.secret("gateway").unwrap_or_default().to_owned(),
        orders_api: orders_url.clone(),
        catalog_api: catalog_url.clone(),
    };
    let key = joined(gateway_key).await?;
    let setup = Setup {
        base: gateway_url.clone(),
        release: options.gateway_release,
        lifespan: options.gateway_token_lifespan_s,
        subscription_delay_ms: options.subscription_delay_s * 1000,
    };
    let gateway = Gateway::new(world.clone(), setup, key, upstream)?;
    provider.trust_gateway(gateway.clone());
    let orders = OrdersApi::new(world.clone(), provider.issuer(), &gateway_url, &tls.ca_pem)?;
    let catalog = CatalogApi::new(world.clone(), &gateway_url, &tls.ca_pem)?;
    let description =
        describe(&provider, &partner, &gateway, [provider_url, gateway_url, plain_url, orders_url, catalog_url], tls.ca_pem);

    let spawn = |socket: TcpListener, tls, routes, server| {
        let home = Home::at(socket.local_addr()?.port());
        tokio::spawn(run(socket, tls, recorded(routes, world.clone(), server, home)));
        io::Result::Ok(())
    };
    spawn(provider_socket, None, provider::routes(&provider), Server::Provider)?;
    spawn(gateway_socket, Some(tls.acceptor), gateway::routes(&gateway), Server::Gateway)?;
    spawn(plain_socket, None, gateway::plain_routes(&gateway), Server::Gateway)?;
    spawn(orders_socket, None, orders.routes(), Server::OrdersApi)?;
    spawn(catalog_socket, None, catalog.routes(), Server::CatalogApi)?;
    Ok(Running { provider, gateway, orders, description })
}

async fn joined(task: tokio::task::JoinHandle<Result<Key, KeyError>>) -> Result<Key, KeyError> {
    task.await.unwrap_or(Err(KeyError::Generate))
}

async fn bind(scheme: &str) -> io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = format!("{scheme}://127.0.0.1:{}", listener.local_addr()?.port());
    Ok((listener, url))
}

fn clients_of(provider: &Provider, server: &'static str) -> impl Iterator<Item = LabClient> {
    provider.realm.clients().iter().map(move |client| LabClient {
        client_id: client.id.to_owned(),
        secret: provider.realm.secret(client.id).map(str::to_owned),
        auth: match client.proof {
            _ if client.public => "none",
            Proof::Secret => "client_secret_basic",
            Proof::SecretJwt => "client_secret_jwt",
            Proof::PrivateKeyJwt => "private_key_jwt",
        },
        server,
        note: client.note,
    })
}

fn users_of(provider: &Provider) -> Vec<LabUser> {
    let visible = provider.realm.people.iter().filter(|person| person.service_of.is_none() && !person.imported);
    visible
        .map(|person| LabUser { username: person.username.clone(), password: person.password().to_owned(), note: person.note })
        .collect()
}

fn describe(provider: &Provider, partner: &Provider, gateway: &Gateway, urls: [String; 5], ca_pem: String) -> Description {
    let clients: Vec<LabClient> = clients_of(provider, "provider").chain(gateway.clients()).collect();
    let reader = clients.iter().find(|client| client.client_id == "audit-reader");
    let events_client = reader.expect("the table of clients has the reader of events").clone();
    let [provider_url, gateway_url, gateway_plain, orders_api, catalog_api] = urls;
    Description {
        issuer: provider.issuer().to_owned(),
        provider: provider_url,
        gateway: gateway_url,
        release: match gateway.release {
            GatewayRelease::V4_6 => "4.6",
            GatewayRelease::V4_7 => "4.7",
        },
        gateway_plain,
        ca_pem,
        orders_api,
        catalog_api,
        users: users_of(provider),
        partner: Partner {
            issuer: partner.issuer().to_owned(),
            clients: clients_of(partner, "provider").collect(),
            users: users_of(partner),
        },
        clients,
        events_client,
    }
}
