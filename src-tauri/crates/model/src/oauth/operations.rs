//! What each operation sends.

use http::{Method, Request, header};
use url::Url;

use super::{
    address::endpoint,
    build::{Built, Reads, bearer, is_under, to_of, token_request},
    builder::Builder,
    params::{value, values},
};
use crate::{
    audit::Actor,
    operation::Operation,
    profile::{Endpoints, ServerRole},
};

impl Builder<'_> {
    pub(super) fn run(&mut self) -> Option<Built> {
        match self.draft.operation {
            Operation::TokenExchange => self.token_exchange(),
            Operation::JwtBearer => self.jwt_bearer(),
            Operation::ClientCredentials => self.client_credentials(),
            Operation::Refresh => self.refresh(),
            Operation::Password => self.password(),
            Operation::CallApi => self.call_api(),
            Operation::Introspect => {
                self.about_token(Reads::Introspection, |endpoints| &endpoints.introspection, "introspection endpoint")
            }
            Operation::Revoke => self.about_token(Reads::Empty, |endpoints| &endpoints.revocation, "revocation endpoint"),
            Operation::Userinfo => self.userinfo(),
            Operation::LogOut => self.log_out(),
            Operation::LogIn | Operation::Discover | Operation::ReadEvents | Operation::Predict => {
                self.fault("", "This operation is not one request that could be built from a form.");
                None
            }
        }
    }

    /// RFC 8693 2.1.
    fn token_exchange(&mut self) -> Option<Built> {
        self.push("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
        self.token("subject_token", true);
        self.one("subject_token_type", true);
        if value(self.draft, "actor_token").is_some() {
            self.token("actor_token", true);
            // Required with an actor token and forbidden without one (RFC 8693 2.1).
            self.one("actor_token_type", true);
        } else if value(self.draft, "actor_token_type").is_some() {
            self.fault(
                "actor_token_type",
                "It must not be sent without an actor token (RFC 8693 2.1). Choose an actor token or leave the type out.",
            );
        }
        self.many("audience");
        for resource in values(self.draft, "resource").map(str::to_owned).collect::<Vec<_>>() {
            match Url::parse(&resource) {
                Ok(url) if url.fragment().is_none() => {}
                _ => self.fault(
                    "resource",
                    "A resource is a full address without a # part (RFC 8693 2.1). Correct it, or use audience for a name.",
                ),
            }
        }
        self.many("resource");
        self.scope();
        self.one("requested_token_type", false);
        let audience = values(self.draft, "audience").chain(values(self.draft, "resource")).collect::<Vec<_>>().join(" ");
        self.at_token_endpoint(ServerRole::Provider, "token-exchange", Some(audience).filter(|text| !text.is_empty()))
    }

    /// RFC 7523 2.1.
    fn jwt_bearer(&mut self) -> Option<Built> {
        self.push("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        self.token("assertion", true);
        self.scope();
        self.at_token_endpoint(ServerRole::Gateway, "jwt-bearer", None)
    }

    /// RFC 6749 4.4.2.
    fn client_credentials(&mut self) -> Option<Built> {
        self.push("grant_type", "client_credentials");
        self.scope();
        self.at_token_endpoint(ServerRole::Gateway, "client_credentials", None)
    }

    /// RFC 6749 6.
    fn refresh(&mut self) -> Option<Built> {
        self.push("grant_type", "refresh_token");
        self.token("refresh_token", true);
        self.scope();
        self.at_token_endpoint(ServerRole::Provider, "refresh_token", None)
    }

    /// RFC 6749 4.3.2.
    fn password(&mut self) -> Option<Built> {
        self.push("grant_type", "password");
        self.one("username", true);
        // Taken as typed: blanks belong to a password.
        match self
            .draft
            .values
            .iter()
            .find(|pair| pair.name == "password")
            .map(|pair| pair.value.clone())
            .filter(|text| !text.is_empty())
        {
            Some(password) => self.push("password", &password),
            None => self.fault("password", "Enter the password of the test user."),
        }
        self.scope();
        self.at_token_endpoint(ServerRole::Provider, "password", None)
    }

    /// RFC 7662 2.1 and RFC 7009 2.1 have the same shape.
    fn about_token(&mut self, reads: Reads, pick: fn(&Endpoints) -> &String, name: &str) -> Option<Built> {
        self.token("token", true);
        self.one("token_type_hint", false);
        let client = self.client(ServerRole::Provider)?;
        let endpoints = self.endpoints(client.server)?;
        let url = self.endpoint(pick(&endpoints), "client", name)?;
        let short = if reads == Reads::Introspection { "introspection" } else { "revocation" };
        self.form_request(&client, &url, reads, short, None)
    }

    /// OpenID Connect Core 5.3.1: GET with the token in the header.
    fn userinfo(&mut self) -> Option<Built> {
        let token = self.token_text("token", true);
        let issuer = token.as_ref().and_then(|(view, _)| view.issuer.clone());
        let gateway = self.profile.gateway.as_ref().filter(|gateway| {
            !gateway.endpoints.userinfo.is_empty()
                && issuer.as_deref() == Some(gateway.issuer.as_str())
                && !gateway.issuer.is_empty()
        });
        let (endpoints, to) = match gateway {
            Some(gateway) => (&gateway.endpoints, Actor::Portal),
            None => (&self.profile.provider.endpoints, Actor::Provider),
        };
        let mut url = self.endpoint(&endpoints.userinfo, "token", "userinfo endpoint")?;
        self.extra_into_query(&mut url);
        let (_, text) = token?;
        let request = Request::builder()
            .method(Method::GET)
            .uri(url.as_str())
            .header(header::AUTHORIZATION, bearer(&text))
            .header(header::ACCEPT, "application/json")
            .body(Vec::new());
        self.finish(request, to, &url, "userinfo", Reads::Userinfo, None, None)
    }

    /// A call with a bearer token (RFC 6750 2.1); without one it shows what the API says to strangers.
    fn call_api(&mut self) -> Option<Built> {
        let token = value(self.draft, "token").is_some().then(|| self.token_text("token", true)).flatten();
        let method = match Method::from_bytes(value(self.draft, "method").unwrap_or("GET").as_bytes()) {
            Ok(method) => Some(method),
            Err(_) => {
                self.fault("method", "This is not an HTTP method. Choose GET, POST, PUT, PATCH or DELETE.");
                None
            }
        };
        let url = match value(self.draft, "url") {
            Some(text) => match endpoint(text, "url", self.profile) {
                Ok(url) => Some(url),
                Err(fault) => {
                    self.faults.push(fault);
                    None
                }
            },
            None => {
                self.fault("url", "Enter the address of the API, or choose one of the profile's resources.");
                None
            }
        };
        let headers = self.headers(token.is_some());
        // The body is sent as typed; only one that is nothing but white space counts as none.
        let body = self
            .draft
            .values
            .iter()
            .find(|pair| pair.name == "body")
            .map(|pair| pair.value.clone())
            .filter(|text| !text.trim().is_empty())
            .unwrap_or_default();
        let (method, mut url) = (method?, url?);
        self.extra_into_query(&mut url);
        let mut builder = Request::builder().method(&method).uri(url.as_str());
        if let Some((_, text)) = &token {
            builder = builder.header(header::AUTHORIZATION, bearer(text));
        }
        let typed = |name: &str| headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
        if !typed("accept") {
            builder = builder.header(header::ACCEPT, "application/json");
        }
        if !body.is_empty() && !typed("content-type") {
            let json = serde_json::from_str::<serde::de::IgnoredAny>(&body).is_ok();
            builder = builder.header(header::CONTENT_TYPE, if json { "application/json" } else { "text/plain; charset=utf-8" });
        }
        for (name, text) in &headers {
            builder = builder.header(name.as_str(), text.as_str());
        }
        let to = match &self.profile.gateway {
            Some(gateway) if is_under(&url, &gateway.base) => Actor::Gateway,
            _ => Actor::Api,
        };
        let audience =
            self.profile.resources.iter().find(|resource| is_under(&url, &resource.url)).map(|resource| resource.name.clone());
        let client = token.as_ref().and_then(|(view, _)| view.client.clone());
        let request = builder.body(body.into_bytes());
        let mut built = self.finish(request, to, &url, "", Reads::Any, client, audience)?;
        built.label = format!("{method} {}", url.path());
        Some(built)
    }

    /// OpenID Connect RP-Initiated Logout 2, by POST so that the hint does not stand in an address; or Keycloak's
    /// back channel, which ends the session of a refresh token.
    fn log_out(&mut self) -> Option<Built> {
        let (refresh, hint) = (value(self.draft, "refresh_token").is_some(), value(self.draft, "id_token_hint").is_some());
        if refresh {
            self.token("refresh_token", true);
        }
        if hint {
            self.token("id_token_hint", true);
        }
        if !refresh && !hint {
            self.fault("refresh_token", "Choose the refresh token of the session to end, or an ID token as id_token_hint.");
        }
        let client = self.client(ServerRole::Provider)?;
        let endpoints = self.endpoints(client.server)?;
        let url = self.endpoint(&endpoints.end_session, "client", "end session endpoint")?;
        if refresh {
            return self.form_request(&client, &url, Reads::Empty, "log out", None);
        }
        self.push("client_id", &client.client_id);
        self.extra_into_body();
        let request = token_request(&url, None, &self.pairs);
        let request = self.keep(request)?;
        Some(self.built(request, to_of(client.server), &url, "log out", Reads::Any, Some(client.client_id.clone()), None))
    }
}
