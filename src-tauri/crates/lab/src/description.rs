//! What a person or a program has to know to use the lab: addresses, clients, users and the CA to trust.

use std::fmt;

use serde::Serialize;

/// Where the servers are and who may use them. Secrets are in here in clear, for `Debug` they are not.
#[derive(Clone, Debug, Serialize)]
pub struct Description {
    /// The provider's issuer, `http://127.0.0.1:PORT/realms/lab`.
    pub issuer: String,
    /// The provider's base address, without a path.
    pub provider: String,
    /// The gateway's base address, `https://127.0.0.1:PORT`; its certificate is good for `localhost` too.
    pub gateway: String,
    /// Which release of WSO2 API Manager the gateway plays: `4.6` or `4.7`.
    pub release: &'static str,
    /// The gateway's key manager without TLS, as WSO2 has it beside 9443 on 9763: userinfo and keys, for a server that does not
    /// trust the lab's certificate authority.
    pub gateway_plain: String,
    /// The lab's certificate authority, PEM: the only one that vouches for the gateway.
    pub ca_pem: String,
    /// The backend behind the gateway's `/orders`, to be called directly: `GET {orders_api}/orders`.
    pub orders_api: String,
    /// The backend behind the gateway's `/catalog`.
    pub catalog_api: String,
    /// The registered clients, of both servers.
    pub clients: Vec<LabClient>,
    /// The people who can sign in.
    pub users: Vec<LabUser>,
    /// The service account that may read the saved events.
    pub events_client: LabClient,
    /// The realm of another company that the provider trusts.
    pub partner: Partner,
}

/// The realm `partner`: an identity provider of its own beside the lab's, at the same base address.
#[derive(Clone, Debug, Serialize)]
pub struct Partner {
    /// Its issuer.
    pub issuer: String,
    /// Its clients.
    pub clients: Vec<LabClient>,
    /// The people who can sign in there.
    pub users: Vec<LabUser>,
}

/// A client registration.
#[derive(Clone, Serialize)]
pub struct LabClient {
    /// `client_id`, or consumer key at the gateway.
    pub client_id: String,
    /// The secret of this start, or the private key in PEM of a client that signs with one; none for public clients.
    pub secret: Option<String>,
    /// How it proves itself, by the name of RFC 7591: `none`, `client_secret_basic`, `client_secret_jwt`, `private_key_jwt`.
    pub auth: &'static str,
    /// `provider` or `gateway`.
    pub server: &'static str,
    /// What it is there to show.
    pub note: &'static str,
}

impl fmt::Debug for LabClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LabClient")
            .field("client_id", &self.client_id)
            .field("secret", &self.secret.as_ref().map(|_| "[redacted]"))
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

/// A demo user.
#[derive(Clone, Serialize)]
pub struct LabUser {
    /// The name to sign in with.
    pub username: String,
    /// The demo password; it equals the name and stands on the login page.
    pub password: String,
    /// What this user is there to show.
    pub note: &'static str,
}

impl fmt::Debug for LabUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LabUser").field("username", &self.username).field("password", &"[redacted]").finish_non_exhaustive()
    }
}

impl Description {
    /// The client with that id, whichever server it belongs to; provider first.
    pub fn client(&self, client_id: &str) -> Option<&LabClient> {
        self.clients.iter().find(|client| client.client_id == client_id)
    }
}
