//! The builder behind [`super::build`]: fields become parameters, complaints are collected at their fields.

use http::{Request, header};
use url::Url;

use super::{
    address::endpoint,
    build::{Built, Materials, Reads, TokenMaterial, assertion_audience, authenticate, credential, to_of, token_request},
    params::{client_of, token_id, value, values, words},
};
use crate::profile::{Client, Endpoints, Profile, ServerRole};
use record::{
    audit::Actor,
    operation::{Draft, FieldFault},
};
use token::{inspect::TokenView, secret::Secret};

/// A request in the making.
pub(crate) struct Builder<'a> {
    pub draft: &'a Draft,
    pub profile: &'a Profile,
    pub materials: &'a dyn Materials,
    /// The server that is asked where the chosen client is registered at both.
    pub prefer: ServerRole,
    /// Value of `grant_type`; none where the operation asks for no tokens.
    pub grant_type: Option<&'static str>,
    /// What its request is called.
    pub title: &'static str,
    pub faults: Vec<FieldFault>,
    pub pairs: Vec<(String, String)>,
    pub tokens_in: Vec<String>,
}

impl Builder<'_> {
    pub(crate) fn at_token_endpoint(&mut self, grant: &str, audience: Option<String>) -> Option<Built> {
        let client = self.client()?;
        let endpoints = self.endpoints(client.server)?;
        let url = self.endpoint(&endpoints.token, "client", "token endpoint")?;
        self.form_request(&client, &url, Reads::TokenResponse, grant, audience)
    }

    pub(crate) fn form_request(
        &mut self,
        client: &Client,
        url: &Url,
        reads: Reads,
        grant: &str,
        audience: Option<String>,
    ) -> Option<Built> {
        let shown = credential(client, &assertion_audience(self.profile, client.server), url, self.materials);
        let shown = self.keep(shown)?;
        let header = authenticate(client, shown.as_ref(), &mut self.pairs);
        let header = self.keep(header)?;
        self.extra_into_body();
        let request = token_request(url, header, &self.pairs);
        let request = self.keep(request)?;
        Some(self.built(request, to_of(client.server), url, grant, reads, Some(client.client_id.clone()), audience))
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one value, given once")]
    pub(crate) fn finish(
        &mut self,
        request: http::Result<Request<Vec<u8>>>,
        to: Actor,
        url: &Url,
        word: &str,
        reads: Reads,
        client: Option<String>,
        audience: Option<String>,
    ) -> Option<Built> {
        match request {
            Ok(request) => Some(self.built(request, to, url, word, reads, client, audience)),
            Err(_) => {
                self.fault("headers", "A header or the address holds characters that HTTP does not allow there. Remove line breaks and control characters.");
                None
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one value, given once")]
    pub(crate) fn built(
        &self,
        request: Request<Vec<u8>>,
        to: Actor,
        url: &Url,
        word: &str,
        reads: Reads,
        client: Option<String>,
        audience: Option<String>,
    ) -> Built {
        let last = super::last_segment(url);
        Built {
            label: match word {
                "" => format!("{} /{last}", request.method()),
                word => format!("{} /{last}, {word}", request.method()),
            },
            request,
            to,
            client,
            audience,
            tokens_in: self.tokens_in.clone(),
            reads,
            title: self.title.into(),
        }
    }

    pub(crate) fn client(&mut self) -> Option<Client> {
        let Some(id) = value(self.draft, "client") else {
            self.fault("client", "Choose the client that asks.");
            return None;
        };
        let found = client_of(self.profile, id, self.prefer).cloned();
        if found.is_none() {
            let message = format!("There is no client called {id} in this profile. Choose another, or add it in Profiles.");
            self.fault("client", &message);
        }
        found
    }

    pub(crate) fn endpoints(&mut self, server: ServerRole) -> Option<Endpoints> {
        match server {
            ServerRole::Provider => Some(self.profile.provider.endpoints.clone()),
            ServerRole::Gateway => {
                let found = self.profile.gateway.as_ref().map(|gateway| gateway.endpoints.clone());
                if found.is_none() {
                    self.faults.push(FieldFault {
                        field: "client".into(),
                        message: "This client is registered at a gateway, and the profile has none. Add the gateway in Profiles."
                            .into(),
                    });
                }
                found
            }
        }
    }

    pub(crate) fn endpoint(&mut self, text: &str, field: &str, name: &str) -> Option<Url> {
        if text.trim().is_empty() {
            self.fault(
                field,
                &format!("The profile has no {name}. Read the server's metadata in Profiles, or enter the address there."),
            );
            return None;
        }
        let url = endpoint(text, field, self.profile);
        self.keep(url)
    }

    /// Puts the text of a chosen token into the body.
    pub(crate) fn token(&mut self, field: &str, required: bool) {
        if let Some((_, text)) = self.token_text(field, required) {
            self.push(field, text.expose());
        }
    }

    pub(crate) fn token_text(&mut self, field: &str, required: bool) -> Option<(TokenView, Secret)> {
        let Some(chosen) = value(self.draft, field) else {
            if required {
                self.fault(field, "Choose a token from the shelf, or paste one.");
            }
            return None;
        };
        let Some(id) = token_id(chosen) else {
            self.fault(field, "This is not a token of the shelf. Paste it there first, then choose it here.");
            return None;
        };
        match self.materials.token(id) {
            None => {
                self.fault(field, "This token is no longer on the shelf. Choose another.");
                None
            }
            Some(TokenMaterial { view, text: None }) => {
                let message = format!(
                    "Only the claims of {} are left, not its text, so it can be compared but not sent. Get it again or paste it.",
                    view.label
                );
                self.fault(field, &message);
                None
            }
            Some(TokenMaterial { view, text: Some(text) }) => {
                self.tokens_in.push(view.id.clone());
                Some((view, text))
            }
        }
    }

    pub(crate) fn headers(&mut self, with_token: bool) -> Vec<(String, String)> {
        let mut headers = Vec::new();
        let lines: Vec<String> = self
            .draft
            .values
            .iter()
            .filter(|pair| pair.name == "headers")
            .flat_map(|pair| pair.value.lines())
            .map(str::to_owned)
            .collect();
        for line in lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
            let Some((name, text)) = line.split_once(':').map(|(name, text)| (name.trim(), text.trim())) else {
                self.fault("headers", "A header line reads Name: value, one a line. Correct the line without a colon.");
                continue;
            };
            if header::HeaderName::from_bytes(name.as_bytes()).is_err() || header::HeaderValue::from_str(text).is_err() {
                self.fault("headers", "A header name or value holds characters that HTTP does not allow there.");
            } else if with_token && name.eq_ignore_ascii_case("authorization") {
                self.fault(
                    "headers",
                    "The chosen token already makes the Authorization header. Remove the line, or choose no token.",
                );
            } else if ["host", "content-length", "transfer-encoding", "connection"]
                .iter()
                .any(|own| name.eq_ignore_ascii_case(own))
            {
                let message = format!("{name} is set by the connection itself. Remove the line.");
                self.fault("headers", &message);
            } else {
                headers.push((name.to_owned(), text.to_owned()));
            }
        }
        headers
    }

    pub(crate) fn one(&mut self, field: &str, required: bool) {
        match value(self.draft, field).map(str::to_owned) {
            Some(text) => self.push(field, &text),
            None if required => self.fault(field, "This is required. Fill it in."),
            None => {}
        }
    }

    pub(crate) fn many(&mut self, field: &str) {
        for text in values(self.draft, field).map(str::to_owned).collect::<Vec<_>>() {
            self.push(field, &text);
        }
    }

    pub(crate) fn scope(&mut self) {
        let words = words(self.draft, "scope");
        // scope-token = %x21 / %x23-5B / %x5D-7E (RFC 6749 3.3).
        if let Some(word) =
            words.iter().find(|word| !word.bytes().all(|b| b == 0x21 || (0x23..=0x5b).contains(&b) || (0x5d..=0x7e).contains(&b)))
        {
            let message = format!(
                "\"{}\" can not be a scope: quotes, backslashes and letters beyond ASCII are not allowed (RFC 6749 3.3).",
                token::shown::visible(word)
            );
            self.fault("scope", &message);
        }
        if !words.is_empty() {
            let joined = words.join(" ");
            self.push("scope", &joined);
        }
    }

    pub(crate) fn extra_into_body(&mut self) {
        for pair in self.draft.extra.clone() {
            match pair.name.trim() {
                "" if pair.value.is_empty() => {}
                "" => self.fault("extra", "An added parameter has a value but no name. Name it or remove it."),
                name => self.push(name, &pair.value),
            }
        }
    }

    pub(crate) fn extra_into_query(&mut self, url: &mut Url) {
        let start = self.pairs.len();
        self.extra_into_body();
        let added = self.pairs.split_off(start);
        if !added.is_empty() {
            url.query_pairs_mut().extend_pairs(&added);
        }
    }

    /// The grant of the operation, as `grant_type`.
    pub(crate) fn grant(&mut self) {
        if let Some(grant_type) = self.grant_type {
            self.push("grant_type", grant_type);
        }
    }

    pub(crate) fn push(&mut self, name: &str, text: &str) {
        self.pairs.push((name.into(), text.into()));
    }

    pub(crate) fn fault(&mut self, field: &str, message: &str) {
        self.faults.push(FieldFault { field: field.into(), message: message.into() });
    }

    pub(crate) fn keep<T>(&mut self, result: Result<T, FieldFault>) -> Option<T> {
        result.map_err(|fault| self.faults.push(fault)).ok()
    }
}
