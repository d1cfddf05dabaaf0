//! What each operation sends.

use super::{
    address::endpoint,
    build::{Built, Reads, bearer, is_under, to_of, token_request},
    builder::Builder,
    logout::LogoutChannel,
    params::value,
};
use crate::profile::{Endpoints, ServerRole};
use http::{Method, Request, header};
use record::{audit::Actor, operation::Operation};

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
            Operation::LogIn | Operation::Discover | Operation::ReadEvents | Operation::Predict | Operation::Portal => {
                self.fault("", "This operation is not one request that could be built from a form.");
                None
            }
        }
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
        let channel = LogoutChannel::of(self.draft);
        match channel {
            LogoutChannel::Front => {
                self.fault("", "This log out goes through the browser; it is not one request that could be sent from here.");
                return None;
            }
            LogoutChannel::Back if value(self.draft, "refresh_token").is_none() => self.fault(
                "refresh_token",
                "Choose the refresh token of the session to end, or another channel and an ID token as id_token_hint.",
            ),
            LogoutChannel::Back => self.token("refresh_token", true),
            LogoutChannel::Direct => self.token("id_token_hint", true),
        }
        let client = self.client(ServerRole::Provider)?;
        let endpoints = self.endpoints(client.server)?;
        let url = self.endpoint(&endpoints.end_session, "client", "end session endpoint")?;
        if channel == LogoutChannel::Back {
            return self.form_request(&client, &url, Reads::Empty, "log out", None);
        }
        self.push("client_id", &client.client_id);
        self.extra_into_body();
        let request = token_request(&url, None, &self.pairs);
        let request = self.keep(request)?;
        Some(self.built(request, to_of(client.server), &url, "log out", Reads::Any, Some(client.client_id.clone()), None))
    }
}
