//! A profile: a saved environment. No secret is in it; secrets are kept by name in the secret store.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use record::sequence::Places;
use token::check::Expectations;

/// Version of the saved form. A file with a higher one is refused, not half-read.
pub const SCHEMA_VERSION: u32 = 1;

/// Which server's habits to expect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// Nothing beyond the RFCs.
    #[default]
    Plain,
    /// Keycloak.
    Keycloak,
    /// WSO2 API Manager.
    Wso2,
}

/// How a client authenticates at the token endpoint (RFC 6749 2.3, RFC 7591 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    /// Public client: `client_id` only.
    #[default]
    None,
    /// HTTP Basic.
    ClientSecretBasic,
    /// In the body.
    ClientSecretPost,
    /// A JWT signed with the secret (RFC 7523 2.2, HS256).
    ClientSecretJwt,
    /// A JWT signed with the client's private key (RFC 7523 2.2); the key is kept where secrets are kept.
    PrivateKeyJwt,
}

impl ClientAuth {
    /// Whether the client shows a signed assertion instead of its secret.
    pub fn by_assertion(self) -> bool {
        matches!(self, Self::ClientSecretJwt | Self::PrivateKeyJwt)
    }

    /// How it authenticates, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "public",
            Self::ClientSecretBasic => "secret by HTTP Basic",
            Self::ClientSecretPost => "secret in the body",
            Self::ClientSecretJwt => "JWT signed with its secret",
            Self::PrivateKeyJwt => "JWT signed with its private key",
        }
    }
}

/// Which server a client is registered at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ServerRole {
    /// Identity provider.
    #[default]
    Provider,
    /// Gateway with its token endpoint.
    Gateway,
}

/// A client registration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Client {
    /// `client_id`.
    pub client_id: String,
    /// How it authenticates.
    pub auth: ClientAuth,
    /// Where it is registered.
    pub server: ServerRole,
    /// One line about it.
    pub note: String,
    /// `control`, `management`, `data` or empty.
    pub plane: String,
    /// Whether it is the one that logs users in.
    pub login: bool,
    /// Whether it reads audit events.
    pub events: bool,
    /// Key id (`kid`) its assertions name; empty = the key's own, or none.
    pub key_id: String,
    /// Algorithm of its assertions, e.g. `PS256`; empty = what fits the key.
    pub signing_alg: String,
}

/// Endpoints as discovery gave them or the user typed them; empty = not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Endpoints {
    /// `authorization_endpoint`.
    pub authorization: String,
    /// `token_endpoint`.
    pub token: String,
    /// `introspection_endpoint`.
    pub introspection: String,
    /// `revocation_endpoint`.
    pub revocation: String,
    /// `userinfo_endpoint`.
    pub userinfo: String,
    /// `end_session_endpoint`.
    pub end_session: String,
    /// `jwks_uri`.
    pub jwks: String,
}

/// Three states of knowing whether a server can do something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// Advertised or seen to work.
    Supported,
    /// Advertised as absent or seen to be refused.
    NotSupported,
    /// Neither.
    #[default]
    Unknown,
}

/// One thing a server may be able to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Capability {
    /// Stable id, e.g. `token-exchange`.
    pub id: String,
    /// Words shown, e.g. `Login with PKCE S256`.
    pub label: String,
    /// State.
    pub support: Support,
    /// How it is known: `advertised`, `not advertised`, `step 12, 200`.
    pub source: String,
    /// When that was seen, epoch milliseconds; 0 = in the metadata.
    pub seen_ms: i64,
}

/// The identity provider of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Provider {
    /// Issuer identifier, exact.
    pub issuer: String,
    /// Readable name, e.g. `Keycloak, realm shop`.
    pub name: String,
    /// Habits.
    pub dialect: Dialect,
    /// Endpoints.
    pub endpoints: Endpoints,
    /// What it can do.
    pub capabilities: Vec<Capability>,
    /// Scopes it advertises.
    pub scopes: Vec<String>,
    /// Keys seen in its JWKS, in words, e.g. `2, RS256 and RSA-OAEP`.
    pub keys: String,
    /// When discovery was read, epoch milliseconds; 0 = never.
    pub read_ms: i64,
    /// Whether `authorization_response_iss_parameter_supported` (RFC 9207 3).
    pub iss_in_response: bool,
    /// Address of the audit events API; empty = none.
    pub events: String,
}

/// The gateway of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Gateway {
    /// Base address of the gateway, e.g. `https://127.0.0.1:8243`.
    pub base: String,
    /// Readable name.
    pub name: String,
    /// Habits.
    pub dialect: Dialect,
    /// Issuer of its own tokens.
    pub issuer: String,
    /// Token-side endpoints.
    pub endpoints: Endpoints,
    /// Where the gateway reports its own HTTP exchanges (the lab only); empty = nowhere.
    pub activity: String,
    /// Base address of the developer portal's server (WSO2: the control plane, e.g. `https://localhost:9443`); empty = none.
    pub portal: String,
    /// Release of the portal's server as far as it is known, e.g. `4.6` or `4.7`; empty = not known.
    pub release: String,
}

/// Redirect URI choice for log in (RFC 8252 7.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Redirect {
    /// `127.0.0.1` or `localhost`.
    pub host: String,
    /// 0 = any free port.
    pub port: u16,
    /// Path, starting with `/`.
    pub path: String,
}

impl Default for Redirect {
    fn default() -> Self {
        Self { host: "127.0.0.1".into(), port: 0, path: "/callback".into() }
    }
}

/// An API that receives tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Resource {
    /// Name, usually its client id or audience.
    pub name: String,
    /// Address for calls.
    pub url: String,
    /// Whether calls go through the gateway.
    pub through_gateway: bool,
    /// What it expects of a token.
    pub expectations: Expectations,
}

/// A server that is trusted because it shows one certain certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Pin {
    /// Host and port, e.g. `127.0.0.1:9443`.
    pub server: String,
    /// SHA-256 of the certificate, hexadecimal pairs joined by colons.
    pub sha256: String,
    /// What the certificate said of itself when it was pinned, e.g. `CN=localhost, O=WSO2, until 2028-06-06`.
    pub note: String,
}

/// Trust settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// Certificates of authorities trusted for this profile beside the system's, PEM.
    pub ca_pem: String,
    /// Servers trusted by one exact certificate, whatever it says. Visible in the bar while there are any.
    pub pins: Vec<Pin>,
    /// Loud name for a loud thing: certificates are not checked at all. Visible in the bar while on.
    pub danger_accept_any_certificate: bool,
    /// Plain http to hosts that are not loopback is allowed. Visible in the bar while on.
    pub danger_plain_http: bool,
}

/// The shape a profile is told apart by, before its name and its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A ring.
    Ring,
    /// A square.
    Square,
    /// A triangle.
    Triangle,
    /// A diamond.
    Diamond,
}

impl Shape {
    /// All of them, in the order they are given out.
    pub const ALL: [Shape; 4] = [Shape::Ring, Shape::Square, Shape::Triangle, Shape::Diamond];

    /// The shape of each profile: the one it has, else the one its id stands for, or the next that no profile before it has.
    pub fn of_all(profiles: &[Profile]) -> Vec<Shape> {
        let mut taken: Vec<Shape> = profiles.iter().filter_map(|profile| profile.mark).collect();
        let mut given = Vec::new();
        for profile in profiles {
            given.push(profile.mark.unwrap_or_else(|| {
                // Any sum that is the same tomorrow does; the standard hasher does not promise that.
                let sum = profile.id.bytes().fold(0usize, |sum, byte| (sum * 31 + usize::from(byte)) % 65_521);
                let turned = (0..Shape::ALL.len()).map(|step| Shape::ALL[(sum + step) % Shape::ALL.len()]);
                // With more profiles than shapes the name decides; the shapes begin again.
                let least = |mark: &Shape| taken.iter().filter(|other| *other == mark).count();
                let mark = turned.min_by_key(least).unwrap_or(Shape::Ring);
                taken.push(mark);
                mark
            }));
        }
        given
    }
}

/// A saved environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// Stable id; `lab` is the built-in one.
    pub id: String,
    /// Name shown.
    pub name: String,
    /// Identity provider.
    pub provider: Provider,
    /// Gateway, if any.
    pub gateway: Option<Gateway>,
    /// Clients in order.
    pub clients: Vec<Client>,
    /// APIs in order.
    pub resources: Vec<Resource>,
    /// What every API of this environment expects of a token, beside what one of them expects by itself.
    pub every_api: Expectations,
    /// Redirect URI.
    pub redirect: Redirect,
    /// Trust.
    pub tls: Tls,
    /// Scopes asked for at log in.
    pub scopes: Vec<String>,
    /// Built in and simulated.
    pub simulated: bool,
    /// A production environment: drawn as the only filled one, so that nobody overlooks it.
    pub production: bool,
    /// Its shape; none = by its id.
    pub mark: Option<Shape>,
}

impl Profile {
    /// Where its servers are.
    pub fn places(&self) -> Places {
        let gateway = |read: fn(&Gateway) -> &String| self.gateway.as_ref().map(read).cloned().unwrap_or_default();
        Places {
            provider: self.provider.issuer.clone(),
            gateway: gateway(|gateway| &gateway.base),
            portal: gateway(|gateway| &gateway.endpoints.token),
        }
    }

    /// What a server is called where the window speaks: its host. A name it was given by a file or by its own metadata may say
    /// anything, and stands only where it is quoted; those of the built-in lab are ours.
    pub fn place(&self, server: ServerRole) -> String {
        let host = |address: &str| {
            let url = url::Url::parse(address).ok()?;
            let host = url.host_str()?;
            Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
        };
        match (server, &self.gateway) {
            (ServerRole::Gateway, Some(gateway)) if self.simulated && !gateway.name.is_empty() => gateway.name.clone(),
            (ServerRole::Gateway, Some(gateway)) => [&gateway.base, &gateway.issuer, &gateway.endpoints.token]
                .into_iter()
                .find_map(|address| host(address))
                .unwrap_or_else(|| "the gateway".into()),
            _ if self.simulated && !self.provider.name.is_empty() => self.provider.name.clone(),
            _ => [&self.provider.issuer, &self.provider.endpoints.token]
                .into_iter()
                .find_map(|address| host(address))
                .unwrap_or_else(|| "the provider".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_told_apart_by_shapes_that_stay() {
        let named = |id: &str, mark: Option<Shape>| Profile { id: id.into(), mark, ..Profile::default() };
        let four = ["lab", "p-1", "p-2", "p-3"].map(|id| named(id, None));
        let marks = Shape::of_all(&four);
        assert!(Shape::ALL.iter().all(|mark| marks.contains(mark)), "{marks:?}");
        assert_eq!(Shape::of_all(&four[..2]), marks[..2], "a later profile changes none before it");
        let chosen = [named("lab", None), named("prod", Some(marks[0]))];
        let given = Shape::of_all(&chosen);
        assert_eq!(given[1], marks[0], "the one that was chosen stays");
        assert_ne!(given[0], given[1]);
        assert_eq!(Shape::of_all(&["a", "b", "c", "d", "e"].map(|id| named(id, None))).len(), 5);
    }

    #[test]
    fn a_server_is_called_by_its_host_whatever_a_file_calls_it() {
        let named = |issuer: &str, name: &str, simulated: bool| Profile {
            provider: Provider { issuer: issuer.into(), name: name.into(), ..Provider::default() },
            gateway: Some(Gateway { base: issuer.into(), name: name.into(), ..Gateway::default() }),
            simulated,
            ..Profile::default()
        };
        for name in
            ["Keycloak, issuer verified", "id.bank.example", "\u{2713} verified", "Lab, simulated", "", "\u{202e}x", "a\nb"]
        {
            for (issuer, provider, gateway) in [
                ("https://id.example.org/realms/shop", "id.example.org", "id.example.org"),
                ("https://id.example.org:8443", "id.example.org:8443", "id.example.org:8443"),
                ("https://bank.example@evil.example/", "evil.example", "evil.example"),
                ("https://b\u{e4}nk.example", "xn--bnk-qla.example", "xn--bnk-qla.example"),
                ("http://[::1]:8080", "[::1]:8080", "[::1]:8080"),
                ("", "the provider", "the gateway"),
                ("issuer verified", "the provider", "the gateway"),
            ] {
                let profile = named(issuer, name, false);
                assert_eq!(profile.place(ServerRole::Provider), provider, "{name:?} {issuer}");
                assert_eq!(profile.place(ServerRole::Gateway), gateway, "{name:?} {issuer}");
            }
        }
        assert_eq!(
            named("http://127.0.0.1:1", "Keycloak-like provider of the lab", true).place(ServerRole::Provider),
            "Keycloak-like provider of the lab"
        );
    }
}
