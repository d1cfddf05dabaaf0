//! The realm `lab` as data: clients, client scopes and people.
//!
//! Everything a token of this realm can contain follows from these tables and the rules in `mint.rs`, the way a real
//! realm's tokens follow from its configuration. What each entry is there to show stands in its `note`.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::random;
use crate::world::lock;

/// The realm the lab is about.
pub(crate) const REALM: &str = "lab";

/// The realm of another company, which `lab` trusts as an identity provider under this alias.
pub(crate) const PARTNER: &str = "partner";

/// The gateway, which `lab` trusts as an identity provider under this alias.
pub(crate) const GATEWAY: &str = "wso2";

/// Stands for the issuer of `lab` in tables that are written before any port is known.
pub(crate) const LAB_ISSUER: &str = "{issuer of lab}";

/// Clients of `lab` the permissions of both identity providers name: they may exchange their tokens, in and out.
pub(crate) const MAY_USE_BROKERS: &[&str] = &["portal"];

/// People of `lab` who have the right to impersonate others.
pub(crate) const IMPERSONATORS: &[&str] = &["alice"];

/// A role of a client, as (client id, role name).
pub(crate) type Role = (&'static str, &'static str);

/// An OAuth client registration, with the switches of Keycloak that matter to token flows.
#[derive(Clone, Copy)]
pub(crate) struct Client {
    pub id: &'static str,
    pub note: &'static str,
    pub public: bool,
    pub enabled: bool,
    /// The authorization code flow.
    pub standard_flow: bool,
    /// The password grant.
    pub direct_grants: bool,
    /// The roles of the service account, if the client has one (the client credentials grant).
    pub service_account: Option<&'static [Role]>,
    /// `standard.token.exchange.enabled`.
    pub exchange: bool,
    /// `standard.token.exchange.enableRefreshRequestedTokenType` = `SAME_SESSION`.
    pub exchange_refresh: bool,
    /// `fullScopeAllowed`: all roles of the user, or only those mapped here and by scopes.
    pub full_scope: bool,
    pub redirect_uris: &'static [&'static str],
    pub default_scopes: &'static [&'static str],
    pub optional_scopes: &'static [&'static str],
    /// Audience mappers in the client's own scope.
    pub audiences: &'static [&'static str],
    /// Role scope mappings in the client's own scope.
    pub roles: &'static [Role],
    /// Access and ID tokens signed with ES256 instead of the realm's RS256.
    pub es256: bool,
    /// How it proves itself.
    pub proof: Proof,
    /// `oauth2.jwt.authorization.grant.enabled`, for assertions of the partner.
    pub jwt_grant: bool,
    /// Clients whose `token-exchange` permission names this one (legacy exchange).
    pub legacy_targets: &'static [&'static str],
    /// Whether the permission `admin-impersonating` names it (legacy exchange).
    pub impersonates: bool,
}

/// `clientAuthenticatorType`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// `client-secret`.
    Secret,
    /// `client-secret-jwt`: an assertion signed with the secret.
    SecretJwt,
    /// `client-jwt`: an assertion signed with the client's private key.
    PrivateKeyJwt,
}

impl Proof {
    /// Keycloak's id of the authenticator, as events name it.
    pub fn authenticator(self) -> &'static str {
        match self {
            Proof::Secret => "client-secret",
            Proof::SecretJwt => "client-secret-jwt",
            Proof::PrivateKeyJwt => "client-jwt",
        }
    }
}

const CLIENT: Client = Client {
    id: "",
    note: "",
    public: false,
    enabled: true,
    standard_flow: false,
    direct_grants: false,
    service_account: None,
    exchange: false,
    exchange_refresh: false,
    full_scope: false,
    redirect_uris: &[],
    default_scopes: &["basic", "acr", "roles", "profile", "email"],
    optional_scopes: &[],
    audiences: &[],
    roles: &[],
    es256: false,
    proof: Proof::Secret,
    jwt_grant: false,
    legacy_targets: &[],
    impersonates: false,
};

pub(crate) const CLIENTS: &[Client] = &[
    Client {
        id: "frontend",
        note: "public client for the browser login (PKCE S256); its tokens reach many audiences",
        public: true,
        standard_flow: true,
        full_scope: true,
        redirect_uris: &["http://127.0.0.1/*", "http://localhost/*"],
        default_scopes: &["basic", "acr", "roles", "web-origins", "profile", "email", "groups"],
        audiences: &["portal", "gateway"],
        ..CLIENT
    },
    Client {
        id: "portal",
        note: "confidential client, standard token exchange on; narrows a user's token to one API",
        standard_flow: true,
        direct_grants: true,
        exchange: true,
        redirect_uris: &["http://127.0.0.1/*", "http://localhost/*"],
        optional_scopes: &["groups", "orders:read", "orders:write", "billing:read", "gateway:access"],
        roles: &[("orders-api", "viewer")],
        legacy_targets: &["orders-api"],
        ..CLIENT
    },
    Client {
        id: "gateway",
        note: "confidential client of the lab's gateway, exchange on, refresh tokens by exchange allowed",
        service_account: Some(&[]),
        exchange: true,
        exchange_refresh: true,
        optional_scopes: &["orders:read", "orders:write", "offline_access"],
        roles: &[("orders-api", "viewer")],
        impersonates: true,
        ..CLIENT
    },
    Client { id: "orders-api", note: "confidential client of the orders API, for introspection", ..CLIENT },
    Client {
        id: "billing-api",
        note: "confidential client of a billing API that alice and bob may read; it has no server in the lab",
        ..CLIENT
    },
    Client {
        id: "billing",
        note: "confidential client whose exchange switch is off: every exchange is refused",
        roles: &[("billing-api", "reader")],
        ..CLIENT
    },
    Client {
        id: "reporting",
        note: "confidential client, exchange on, but in nobody's audience: its exchanges answer 403",
        exchange: true,
        roles: &[("orders-api", "viewer")],
        ..CLIENT
    },
    Client {
        id: "mobile",
        note: "public client with the exchange switch on, a misconfiguration Keycloak refuses to act on",
        public: true,
        standard_flow: true,
        exchange: true,
        redirect_uris: &["http://127.0.0.1/*"],
        ..CLIENT
    },
    Client { id: "legacy-api", note: "disabled client, to ask for as an audience", enabled: false, ..CLIENT },
    Client {
        id: "orders-batch",
        note: "service account (client credentials) with the viewer role of orders-api; tokens signed with ES256",
        service_account: Some(&[("orders-api", "viewer")]),
        full_scope: true,
        es256: true,
        ..CLIENT
    },
    Client {
        id: "audit-reader",
        note: "service account (client credentials) that may read the saved events, clients and users",
        service_account: Some(&[
            ("realm-management", "view-events"),
            ("realm-management", "view-clients"),
            ("realm-management", "view-users"),
        ]),
        full_scope: true,
        ..CLIENT
    },
    Client {
        id: "partner-desk",
        note: "confidential client that takes the partner realm's tokens as authorization grants (RFC 7523)",
        roles: &[("orders-api", "viewer")],
        jwt_grant: true,
        ..CLIENT
    },
    Client {
        id: "payments",
        note: "service account that proves itself with a JWT signed by its private key (private_key_jwt)",
        service_account: Some(&[]),
        proof: Proof::PrivateKeyJwt,
        ..CLIENT
    },
    Client {
        id: "ledger",
        note: "service account that proves itself with a JWT signed with its secret (client_secret_jwt)",
        service_account: Some(&[]),
        proof: Proof::SecretJwt,
        ..CLIENT
    },
];

/// The clients of the partner.
pub(crate) const PARTNER_CLIENTS: &[Client] = &[
    Client {
        id: "partner-frontend",
        note: "public client for the partner's browser login (PKCE S256)",
        public: true,
        standard_flow: true,
        redirect_uris: &["http://127.0.0.1/*", "http://localhost/*"],
        audiences: &["partner-app"],
        ..CLIENT
    },
    Client {
        id: "partner-app",
        note: "confidential client of the partner, exchange on; asks for tokens meant for the lab's realm",
        direct_grants: true,
        exchange: true,
        optional_scopes: &["lab:access"],
        ..CLIENT
    },
];

/// The lab's realm as a client of the partner: its id is its issuer, so that a token can be meant for it.
const LAB_AT_PARTNER: Client = Client { id: LAB_ISSUER, ..CLIENT };

/// Clients every realm has; they own roles, nobody signs in with them here.
const BUILT_IN: &[Client] =
    &[Client { id: "account", standard_flow: true, ..CLIENT }, Client { id: "realm-management", ..CLIENT }];

/// A client scope and what its mappers put into tokens. Built-in scopes are known to `mint.rs` by name.
pub(crate) struct Scope {
    pub name: &'static str,
    /// `include.in.token.scope`.
    pub in_token: bool,
    /// Role scope mappings: the scope is dropped for a user who has none of them.
    pub roles: &'static [Role],
    /// An audience mapper in the scope.
    pub audience: Option<&'static str>,
}

const fn built_in(name: &'static str, in_token: bool) -> Scope {
    Scope { name, in_token, roles: &[], audience: None }
}

pub(crate) const SCOPES: &[Scope] = &[
    built_in("basic", false),
    built_in("acr", false),
    built_in("roles", false),
    built_in("web-origins", false),
    built_in("service_account", false),
    built_in("profile", true),
    built_in("email", true),
    built_in("groups", true),
    built_in("offline_access", true),
    Scope { name: "orders:read", in_token: true, roles: &[("orders-api", "viewer")], audience: None },
    Scope { name: "orders:write", in_token: true, roles: &[("orders-api", "editor")], audience: None },
    Scope { name: "billing:read", in_token: true, roles: &[("billing-api", "reader")], audience: None },
    Scope { name: "gateway:access", in_token: true, roles: &[], audience: Some("gateway") },
];

/// The scopes of the partner beyond the built-in ones.
const PARTNER_SCOPES: &[Scope] = &[Scope { name: "lab:access", in_token: true, roles: &[], audience: Some(LAB_ISSUER) }];

/// A user of the realm, or the account behind a client.
pub(crate) struct Person {
    /// The `sub` claim.
    pub id: &'static str,
    pub username: String,
    pub note: &'static str,
    pub profile: Option<Profile>,
    pub realm_roles: &'static [&'static str],
    client_roles: Vec<Role>,
    /// Of these, the ones an administrator took away while the lab runs.
    taken: Mutex<Vec<Role>>,
    pub groups: &'static [&'static str],
    pub disabled_at_start: bool,
    /// The client this is the service account of.
    pub service_of: Option<&'static str>,
    /// The user's id at the partner, once linked.
    pub partner_id: Option<&'static str>,
    /// Whether the user is linked to the gateway's user of the same `sub`: that is how jwt-bearer names them there.
    pub at_gateway: bool,
    /// Comes into being at the first exchange of the partner's token; until then nobody sees it.
    pub imported: bool,
}

/// The personal claims of a user.
pub(crate) struct Profile {
    pub given_name: &'static str,
    pub family_name: &'static str,
    pub email: &'static str,
}

const DEFAULT_ROLES: &[&str] = &["default-roles-lab", "offline_access", "uma_authorization"];
const PARTNER_ROLES: &[&str] = &["default-roles-partner", "offline_access", "uma_authorization"];
const ACCOUNT_ROLES: &[Role] = &[("account", "manage-account"), ("account", "manage-account-links"), ("account", "view-profile")];

/// The whole configuration of the realm, with the secrets of this start.
pub(crate) struct Realm {
    pub name: &'static str,
    pub id: String,
    pub people: Vec<Person>,
    secrets: HashMap<&'static str, String>,
    lab_issuer: String,
}

/// The ids of the partner's users.
const PARTNER_ALICE: &str = "0d0b2c54-5a0e-4c68-9c0f-6c1c34a1aaa1";
const PARTNER_BOB: &str = "0d0b2c54-5a0e-4c68-9c0f-6c1c34a1bbb2";
const PARTNER_DORA: &str = "0d0b2c54-5a0e-4c68-9c0f-6c1c34a1ddd4";

impl Realm {
    /// The realm at the servers whose base address is `base`. A client that signs with a key of its own gets it later, since
    /// making one can fail.
    pub fn new(name: &'static str, base: &str) -> Self {
        let lab_issuer = format!("{base}/realms/{REALM}");
        if name == PARTNER { Self::partner(lab_issuer) } else { Self::lab(lab_issuer) }
    }

    fn partner(lab_issuer: String) -> Self {
        let secrets =
            PARTNER_CLIENTS.iter().filter(|client| !client.public).map(|client| (client.id, random::token(24))).collect();
        let people = [
            (PARTNER_ALICE, "alice", "linked to alice of the lab's realm"),
            (PARTNER_BOB, "bob", "not linked, and the lab's realm has a bob of its own"),
            (PARTNER_DORA, "dora", "known to the partner only"),
        ];
        Realm {
            name: PARTNER,
            id: "a3c1e9d4-2f5b-4b0e-8f47-90d2b7c8e5f6".to_owned(),
            people: people.map(|(id, username, note)| user(id, username, note, PARTNER_ROLES, &[], &[])).into(),
            secrets,
            lab_issuer,
        }
    }

    fn lab(lab_issuer: String) -> Self {
        let secrets = CLIENTS.iter().filter(|client| !client.public).map(|client| (client.id, random::token(24))).collect();
        let users = [
            Person {
                partner_id: Some(PARTNER_ALICE),
                at_gateway: true,
                ..user(
                    "2f9a61c4-5b1e-4c39-9d07-0a3c1f7be0a1",
                    "alice",
                    "may read and change orders: the happy path",
                    &["default-roles-lab", "offline_access", "uma_authorization", "operator", "auditor"],
                    &[("orders-api", "viewer"), ("orders-api", "editor"), ("billing-api", "reader")],
                    &["/engineering"],
                )
            },
            user(
                "7c04d9e8-13a6-4f52-8a4b-6d2e90c5b7b2",
                "bob",
                "has no role of orders-api: an exchange for it is refused, a token without it meets 403",
                DEFAULT_ROLES,
                &[("billing-api", "reader")],
                &[],
            ),
            Person {
                disabled_at_start: true,
                ..user(
                    "c51b7f30-88d4-4a6f-b1c9-3e5f4a2d6cc3",
                    "carol",
                    "account is disabled: the login page says so, and LOGIN_ERROR says user_disabled",
                    DEFAULT_ROLES,
                    &[("orders-api", "viewer")],
                    &["/engineering"],
                )
            },
            Person {
                partner_id: Some(PARTNER_DORA),
                imported: true,
                ..user("d07a55e2-7b1c-4d4f-8e52-64c9be2b9dd1", "dora", "imported from the partner", DEFAULT_ROLES, &[], &[])
            },
        ];
        let accounts = CLIENTS.iter().filter_map(service_account);
        Realm {
            name: REALM,
            lab_issuer,
            id: "5d0c6a3e-0a52-4d3b-9c55-2f7f5ee0c1ab".to_owned(),
            people: users.into_iter().chain(accounts).collect(),
            secrets,
        }
    }

    pub fn client(&self, id: &str) -> Option<&'static Client> {
        let own = || (self.name == PARTNER && id == self.lab_issuer).then_some(&LAB_AT_PARTNER);
        self.clients().iter().chain(BUILT_IN).find(|client| client.id == id).or_else(own)
    }

    /// The clients somebody registered.
    pub fn clients(&self) -> &'static [Client] {
        if self.name == PARTNER { PARTNER_CLIENTS } else { CLIENTS }
    }

    /// The names of all client scopes.
    pub fn scopes(&self) -> impl Iterator<Item = &'static str> {
        let partner = self.name == PARTNER;
        let kept = move |scope: &&Scope| !partner || scope.roles.is_empty() && scope.audience.is_none();
        let more: &[Scope] = if partner { PARTNER_SCOPES } else { &[] };
        SCOPES.iter().filter(kept).chain(more).map(|scope| scope.name)
    }

    /// Gives a client its key, PEM, in place of a secret.
    pub fn keep_key(&mut self, client: &'static str, pem: String) {
        self.secrets.insert(client, pem);
    }

    /// The user a person of the partner is linked to.
    pub fn linked(&self, partner_id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.partner_id == Some(partner_id))
    }

    /// The secret of a confidential client.
    pub fn secret(&self, client: &str) -> Option<&str> {
        self.secrets.get(client).map(String::as_str)
    }

    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// A person who can sign in; accounts of clients can not.
    pub fn user(&self, username: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.service_of.is_none() && !person.imported && person.username == username)
    }

    pub fn account_of(&self, client: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.service_of == Some(client))
    }
}

impl Person {
    /// Demo passwords equal the user names and stand on the login page: they protect nothing.
    pub fn password(&self) -> &str {
        &self.username
    }

    /// The client roles held now.
    pub fn client_roles(&self) -> Vec<Role> {
        let taken = lock(&self.taken);
        self.client_roles.iter().filter(|role| !taken.contains(role)).copied().collect()
    }

    /// The roles of APIs from the table, and whether each is held now. Those of the account console are nobody's business here.
    pub fn roles_of_apis(&self) -> Vec<(Role, bool)> {
        let taken = lock(&self.taken);
        let of_apis = self.client_roles.iter().filter(|(owner, _)| *owner != "account");
        of_apis.map(|role| (*role, !taken.contains(role))).collect()
    }

    /// Takes a role of the table away or gives it back; gives it when that changed something.
    pub fn set_role(&self, client: &str, role: &str, held: bool) -> Option<Role> {
        let found = *self.client_roles.iter().find(|(owner, name)| *owner == client && *name == role)?;
        let mut taken = lock(&self.taken);
        if held != taken.contains(&found) {
            return None;
        }
        if held {
            taken.retain(|one| *one != found);
        } else {
            taken.push(found);
        }
        Some(found)
    }
}

fn user(
    id: &'static str,
    username: &str,
    note: &'static str,
    realm_roles: &'static [&'static str],
    client_roles: &[Role],
    groups: &'static [&'static str],
) -> Person {
    let (given_name, email) = match username {
        "alice" => ("Alice", "alice@lab.test"),
        "bob" => ("Bob", "bob@lab.test"),
        "dora" => ("Dora", "dora@lab.test"),
        _ => ("Carol", "carol@lab.test"),
    };
    Person {
        id,
        username: username.to_owned(),
        note,
        profile: Some(Profile { given_name, family_name: "Lab", email }),
        realm_roles,
        client_roles: client_roles.iter().chain(ACCOUNT_ROLES).copied().collect(),
        taken: Mutex::default(),
        groups,
        disabled_at_start: false,
        service_of: None,
        partner_id: None,
        at_gateway: false,
        imported: false,
    }
}

fn service_account(client: &Client) -> Option<Person> {
    let roles = client.service_account?;
    let id = match client.id {
        "gateway" => "91d2e5a7-64c3-4f18-a0be-7b16c8f3d0d4",
        "orders-batch" => "0b6f7d12-92ea-47c5-8c33-d14a5e9f80e5",
        "payments" => "4e1fb0aa-3c52-4a8e-9a5d-2d6c8f10b7a3",
        "ledger" => "b7d3a9c1-58e4-4b6f-8c7e-1f2a9d405c68",
        _ => "e83a1c95-7f40-4b2d-96d8-5a09b7c4e1f6",
    };
    Some(Person {
        id,
        username: format!("service-account-{}", client.id),
        note: client.note,
        profile: None,
        realm_roles: DEFAULT_ROLES,
        client_roles: roles.iter().chain(ACCOUNT_ROLES).copied().collect(),
        taken: Mutex::default(),
        groups: &[],
        disabled_at_start: false,
        service_of: Some(client.id),
        partner_id: None,
        at_gateway: false,
        imported: false,
    })
}

/// The client scope of that name.
pub(crate) fn scope(name: &str) -> Option<&'static Scope> {
    SCOPES.iter().chain(PARTNER_SCOPES).find(|scope| scope.name == name)
}
