//! From a draft to the request of a call.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Request, header};
use serde_json::{Map, Value, json};
use url::Url;

use super::Call;
use crate::{
    message::{Built, Materials, Reads, TokenMaterial, client_of, endpoint, token_id, value, values},
    profile::{Profile, ServerRole},
};
use record::{
    audit::Actor,
    operation::{Draft, FieldFault},
};
use token::secret::Secret;

const PORTAL: &[&str] = &["api", "am", "devportal", "v3"];
const REGISTRATION: &[&str] = &["client-registration", "v0.17"];

/// Builds the request a draft describes. All complaints are collected, each at its field.
pub fn build(draft: &Draft, profile: &Profile, materials: &dyn Materials) -> Result<Built, Vec<FieldFault>> {
    let mut builder = Builder { draft, profile, materials, faults: Vec::new(), tokens_in: Vec::new() };
    let built = builder.run();
    match built {
        Some(built) if builder.faults.is_empty() => Ok(built),
        _ => Err(builder.faults),
    }
}

struct Builder<'a> {
    draft: &'a Draft,
    profile: &'a Profile,
    materials: &'a dyn Materials,
    faults: Vec<FieldFault>,
    tokens_in: Vec<String>,
}

impl Builder<'_> {
    fn run(&mut self) -> Option<Built> {
        let Some(call) = value(self.draft, "call").and_then(Call::named) else {
            return self.fault("call", "Choose what to ask the portal for.");
        };
        let url = self.address(call);
        let authorization = match call {
            Call::Register => self.owner(url.as_ref()),
            // Open to everybody, but a token that is there is sent: it decides which APIs are seen.
            Call::Apis | Call::Api | Call::Policies if value(self.draft, "token").is_none() => Some(None),
            _ => self.bearer().map(Some),
        };
        let body = self.body(call, url.as_ref());
        let (url, authorization, body) = (url?, authorization?, body?);
        let mut request = Request::builder().method(call.method()).uri(url.as_str()).header(header::ACCEPT, "application/json");
        if let Some(value) = authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        let bytes = match &body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                body.to_string().into_bytes()
            }
            None => Vec::new(),
        };
        let Ok(request) = request.body(bytes) else {
            return self.fault("token", "The token or the portal's address holds characters that HTTP does not allow there.");
        };
        let last = url.path().rsplit('/').next().unwrap_or_default();
        Some(Built {
            label: match call {
                Call::DeleteApplication | Call::DeleteKeys | Call::Unsubscribe | Call::Api => {
                    format!("{} {}", request.method(), call.path().first().unwrap_or(&""))
                }
                _ => format!("{} /{last}", request.method()),
            },
            request,
            to: Actor::Portal,
            client: value(self.draft, "client").map(str::to_owned),
            audience: None,
            tokens_in: self.tokens_in.clone(),
            reads: Reads::Any,
            title: call.title().into(),
        })
    }

    fn address(&mut self, call: Call) -> Option<Url> {
        let base = self.profile.gateway.as_ref().map(|gateway| gateway.portal.trim().trim_end_matches('/').to_owned());
        let Some(base) = base.filter(|base| !base.is_empty()) else {
            return self.fault("call", "The profile has no developer portal. Enter its address (for WSO2 as it comes: https://localhost:9443) in Profiles, under the gateway.");
        };
        let mut url = match endpoint(&base, "call", self.profile) {
            Ok(url) => url,
            Err(fault) => {
                self.faults.push(fault);
                return None;
            }
        };
        let below = if call == Call::Register { REGISTRATION } else { PORTAL };
        let mut parts: Vec<String> = below.iter().map(|part| (*part).to_owned()).collect();
        for part in call.path() {
            match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                None => parts.push((*part).to_owned()),
                Some("level") => parts.push(value(self.draft, "level").unwrap_or("application").to_owned()),
                Some(field) => parts.push(self.required(field, "Choose it from the list first.")?),
            }
        }
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(&parts);
        }
        let mut pairs: Vec<(&str, String)> = Vec::new();
        match call {
            Call::Subscriptions => match (value(self.draft, "application"), value(self.draft, "api")) {
                (Some(id), _) => pairs.push(("applicationId", id.to_owned())),
                (None, Some(id)) => pairs.push(("apiId", id.to_owned())),
                (None, None) => return self.fault("application", "Choose the application whose subscriptions you want to see."),
            },
            Call::Apis | Call::Applications => {
                pairs.extend(value(self.draft, "query").map(|text| ("query", text.to_owned())));
            }
            _ => {}
        }
        if matches!(call, Call::Apis | Call::Applications | Call::Subscriptions | Call::Policies) {
            pairs.push(("limit", value(self.draft, "limit").unwrap_or("100").to_owned()));
            pairs.extend(value(self.draft, "offset").map(|offset| ("offset", offset.to_owned())));
        }
        if !pairs.is_empty() {
            url.query_pairs_mut().extend_pairs(pairs);
        }
        Some(url)
    }

    /// Basic of the person a client is registered for: a client of the profile that stands for that user, or name and password.
    fn owner(&mut self, to: Option<&Url>) -> Option<Option<String>> {
        if let Some(id) = value(self.draft, "client") {
            return match self.secret(id, ServerRole::Gateway, "client", to)? {
                Some(secret) => Some(Some(basic(id, secret.expose()))),
                None => {
                    let message = format!("The password of {id} is not at hand. Type user name and password instead.");
                    self.fault("client", &message)
                }
            };
        }
        let user = self.required("username", "Type the name of a user who may register clients, for example admin.");
        let password = self.required("password", "Type the user's password. It is sent once and not kept.");
        Some(Some(basic(&user?, Secret::new(password?).expose())))
    }

    /// The secret of a client the profile knows, for the portal; an outer none is a complaint.
    fn secret(&mut self, id: &str, server: ServerRole, field: &str, to: Option<&Url>) -> Option<Option<Secret>> {
        let (Some(client), Some(to)) = (client_of(self.profile, id, server), to) else { return Some(None) };
        match self.materials.secret(client, to) {
            Ok(secret) => Some(secret.filter(|secret| !secret.is_empty())),
            Err(message) => self.fault(field, &message),
        }
    }

    fn bearer(&mut self) -> Option<String> {
        let Some(id) = value(self.draft, "token").and_then(token_id) else {
            return self.fault(
                "token",
                "Choose a token of the portal's own token endpoint. Get one with User mapping (jwt-bearer) and the scope apim:subscribe.",
            );
        };
        match self.materials.token(id) {
            None => self.fault("token", "This token is no longer on the shelf. Choose another."),
            Some(TokenMaterial { view, text: None }) => {
                let message = format!("Only the claims of {} are left, not its text. Get a new token.", view.label);
                self.fault("token", &message)
            }
            Some(TokenMaterial { view, text: Some(text) }) => {
                self.tokens_in.push(view.id);
                Some(format!("Bearer {}", text.expose()))
            }
        }
    }

    /// The members of a call's body in the contract's spelling; an outer none is a complaint.
    fn body(&mut self, call: Call, to: Option<&Url>) -> Option<Option<Value>> {
        let text = |name: &str| value(self.draft, name).unwrap_or_default();
        let body = match call {
            Call::Register => self.registration()?,
            Call::CreateApplication => {
                let name = self.required("name", "Name the application, with at most 100 letters.")?;
                if name.chars().count() > 100 {
                    return self.fault("name", "The name is longer than 100 letters, which is all the portal takes. Shorten it.");
                }
                let description = value(self.draft, "description").unwrap_or_default();
                let policy = value(self.draft, "policy").unwrap_or("Unlimited");
                json!({"name": name, "throttlingPolicy": policy, "description": description, "tokenType": "JWT"})
            }
            Call::GenerateKeys => {
                let grants: Vec<&str> = values(self.draft, "grant").collect();
                if grants.is_empty() {
                    return self.fault("grant", "Choose at least one grant the pair may use, for example client_credentials.");
                }
                let callback = text("callback");
                if callback.is_empty() && grants.iter().any(|grant| ["authorization_code", "implicit"].contains(grant)) {
                    return self.fault(
                        "callback",
                        "The authorization code grant needs a callback URL. Enter the redirect URI of the application.",
                    );
                }
                let mut body = json!({"keyType": key_type(self.draft), "grantTypesToBeSupported": grants});
                self.put(&mut body, "keyManager", "key_manager");
                self.put(&mut body, "callbackUrl", "callback");
                self.put(&mut body, "validityTime", "validity");
                let scopes: Vec<&str> = values(self.draft, "scope").flat_map(str::split_whitespace).collect();
                if !scopes.is_empty() {
                    body["scopes"] = json!(scopes);
                }
                body
            }
            Call::MapKeys => {
                let key = self.required("consumer_key", "Enter the client id to bind to this application.")?;
                let mut body = json!({"consumerKey": key, "keyType": key_type(self.draft)});
                if let Some(secret) = self.secret(&key, ServerRole::Provider, "consumer_key", to)? {
                    body["consumerSecret"] = json!(secret.expose());
                }
                self.put(&mut body, "keyManager", "key_manager");
                body
            }
            Call::GenerateToken => {
                let key = self.required("client", "Choose the consumer key.")?;
                let Some(secret) = self.secret(&key, ServerRole::Gateway, "client", to)? else {
                    let message = format!(
                        "The secret of {key} is not at hand, and the portal does not show it again. Generate a new secret for it."
                    );
                    return self.fault("client", &message);
                };
                let scopes: Vec<&str> = values(self.draft, "scope").flat_map(str::split_whitespace).collect();
                let mut body = json!({"consumerSecret": secret.expose(), "scopes": scopes, "grantType": "CLIENT_CREDENTIALS"});
                if let Some(seconds) = self.seconds("validity")? {
                    body["validityPeriod"] = json!(seconds);
                }
                body
            }
            Call::GenerateSecret => {
                let mut more = Map::new();
                if let Some(text) = value(self.draft, "description") {
                    more.insert("description".into(), json!(text));
                }
                if let Some(seconds) = self.seconds("expires_in")? {
                    more.insert("expiresIn".into(), json!(seconds));
                }
                json!({"additionalProperties": more})
            }
            Call::RevokeSecret => json!({"secretId": self.required("secret", "Choose the secret to revoke.")?}),
            Call::Subscribe => {
                let application = self.required("application", "Choose the application that subscribes.")?;
                let api = self.required("api", "Choose the API to subscribe to.")?;
                let policy = value(self.draft, "policy").unwrap_or("Unlimited");
                json!({"applicationId": application, "apiId": api, "throttlingPolicy": policy})
            }
            _ => return Some(None),
        };
        Some(Some(body))
    }

    fn registration(&mut self) -> Option<Value> {
        let name =
            self.required("name", "Name the client. The name has to be free: registering it again gives the same client.")?;
        let owner = value(self.draft, "owner").or_else(|| value(self.draft, "username")).or_else(|| value(self.draft, "client"));
        let grants: Vec<&str> = values(self.draft, "grant").collect();
        if grants.is_empty() {
            return self.fault("grant", "Choose at least one grant the client may use.");
        }
        if value(self.draft, "callback").is_none() && grants.contains(&"authorization_code") {
            return self.fault(
                "callback",
                "Without a callback URL the server drops the authorization code grant and says nothing. Enter the redirect URI.",
            );
        }
        let mut body =
            json!({"clientName": name, "owner": owner, "grantType": grants.join(" "), "saasApp": true, "tokenType": "JWT"});
        self.put(&mut body, "callbackUrl", "callback");
        Some(body)
    }

    fn put(&self, body: &mut Value, member: &str, field: &str) {
        if let Some(text) = value(self.draft, field) {
            body[member] = json!(text);
        }
    }

    /// A number of seconds; an outer none is a complaint.
    fn seconds(&mut self, field: &str) -> Option<Option<i64>> {
        let Some(text) = value(self.draft, field) else { return Some(None) };
        match text.parse::<i64>() {
            Ok(seconds) if seconds > 0 => Some(Some(seconds)),
            _ => self.fault(field, "Enter a whole number of seconds, greater than 0, or leave it empty."),
        }
    }

    fn required(&mut self, field: &str, message: &str) -> Option<String> {
        match value(self.draft, field) {
            Some(text) => Some(text.to_owned()),
            None => self.fault(field, message),
        }
    }

    fn fault<T>(&mut self, field: &str, message: &str) -> Option<T> {
        self.faults.push(FieldFault { field: field.into(), message: message.into() });
        None
    }
}

/// RFC 7617. Unlike the credentials of an OAuth client, a person's are not form-encoded first.
fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

fn key_type(draft: &Draft) -> &str {
    value(draft, "key_type").unwrap_or("PRODUCTION")
}
