//! The calls: a name, a method, an address and the scopes of which one is needed.

use http::Method;

/// One call of the portal, or of the registration beside it. The draft names it in its field `call`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// `POST /client-registration/v0.17/register`.
    Register,
    /// `GET /settings`.
    Settings,
    /// `GET /key-managers`.
    KeyManagers,
    /// `GET /throttling-policies/{level}`.
    Policies,
    /// `GET /apis`.
    Apis,
    /// `GET /apis/{id}`.
    Api,
    /// `GET /applications`.
    Applications,
    /// `POST /applications`.
    CreateApplication,
    /// `DELETE /applications/{id}`.
    DeleteApplication,
    /// `GET /applications/{id}/oauth-keys`.
    Keys,
    /// `POST /applications/{id}/generate-keys`.
    GenerateKeys,
    /// `POST /applications/{id}/map-keys`.
    MapKeys,
    /// `DELETE /applications/{id}/oauth-keys/{key}` (4.3 and later).
    DeleteKeys,
    /// `POST …/generate-token`: an application token through the portal.
    GenerateToken,
    /// `POST …/regenerate-secret`: one secret in place of the other; fails on 4.7 as it comes.
    RegenerateSecret,
    /// `GET …/secrets` (4.7).
    Secrets,
    /// `POST …/generate-secret` (4.7): a further secret.
    GenerateSecret,
    /// `POST …/revoke-secret` (4.7).
    RevokeSecret,
    /// `GET /subscriptions`.
    Subscriptions,
    /// `POST /subscriptions`.
    Subscribe,
    /// `DELETE /subscriptions/{id}`.
    Unsubscribe,
}

/// Needed for applications and their keys, any of them.
const APPLICATION: &[&str] = &["apim:subscribe", "apim:app_manage"];
/// Needed for subscriptions, any of them.
const SUBSCRIPTION: &[&str] = &["apim:subscribe", "apim:sub_manage"];

impl Call {
    /// All calls with their name in a draft, in the order of the portal's life.
    pub const ALL: [(Call, &'static str); 21] = [
        (Call::Register, "register"),
        (Call::Settings, "settings"),
        (Call::KeyManagers, "key_managers"),
        (Call::Policies, "policies"),
        (Call::Apis, "apis"),
        (Call::Api, "api"),
        (Call::Applications, "applications"),
        (Call::CreateApplication, "create_application"),
        (Call::DeleteApplication, "delete_application"),
        (Call::Keys, "keys"),
        (Call::GenerateKeys, "generate_keys"),
        (Call::MapKeys, "map_keys"),
        (Call::DeleteKeys, "delete_keys"),
        (Call::GenerateToken, "generate_token"),
        (Call::RegenerateSecret, "regenerate_secret"),
        (Call::Secrets, "secrets"),
        (Call::GenerateSecret, "generate_secret"),
        (Call::RevokeSecret, "revoke_secret"),
        (Call::Subscriptions, "subscriptions"),
        (Call::Subscribe, "subscribe"),
        (Call::Unsubscribe, "unsubscribe"),
    ];

    /// The call with this name.
    pub fn named(name: &str) -> Option<Call> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(call, _)| *call)
    }

    /// The name in a draft.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(call, _)| *call == self).map_or("", |(_, name)| name)
    }

    /// What it does, for lists and headings.
    pub fn title(self) -> &'static str {
        match self {
            Call::Register => "Register a client",
            Call::Settings => "Read the portal's settings",
            Call::KeyManagers => "List key managers",
            Call::Policies => "List throttling policies",
            Call::Apis => "List APIs",
            Call::Api => "Read an API",
            Call::Applications => "List applications",
            Call::CreateApplication => "Create an application",
            Call::DeleteApplication => "Delete an application",
            Call::Keys => "List keys",
            Call::GenerateKeys => "Generate keys",
            Call::MapKeys => "Map a client",
            Call::DeleteKeys => "Delete keys",
            Call::GenerateToken => "Generate a token",
            Call::RegenerateSecret => "Regenerate the secret",
            Call::Secrets => "List secrets",
            Call::GenerateSecret => "Generate a secret",
            Call::RevokeSecret => "Revoke a secret",
            Call::Subscriptions => "List subscriptions",
            Call::Subscribe => "Subscribe",
            Call::Unsubscribe => "Unsubscribe",
        }
    }

    /// HTTP method.
    pub(super) fn method(self) -> Method {
        match self {
            Call::Settings
            | Call::KeyManagers
            | Call::Policies
            | Call::Apis
            | Call::Api
            | Call::Applications
            | Call::Keys
            | Call::Secrets
            | Call::Subscriptions => Method::GET,
            Call::DeleteApplication | Call::DeleteKeys | Call::Unsubscribe => Method::DELETE,
            _ => Method::POST,
        }
    }

    /// Segments below `/api/am/devportal/v3`. One in braces is the draft's field of that name.
    pub(super) fn path(self) -> &'static [&'static str] {
        match self {
            // Below another base; see `build`.
            Call::Register => &["register"],
            Call::Settings => &["settings"],
            Call::KeyManagers => &["key-managers"],
            Call::Policies => &["throttling-policies", "{level}"],
            Call::Apis => &["apis"],
            Call::Api => &["apis", "{api}"],
            Call::Applications | Call::CreateApplication => &["applications"],
            Call::DeleteApplication => &["applications", "{application}"],
            Call::Keys => &["applications", "{application}", "oauth-keys"],
            Call::GenerateKeys => &["applications", "{application}", "generate-keys"],
            Call::MapKeys => &["applications", "{application}", "map-keys"],
            Call::DeleteKeys => &["applications", "{application}", "oauth-keys", "{key}"],
            Call::GenerateToken => &["applications", "{application}", "oauth-keys", "{key}", "generate-token"],
            Call::RegenerateSecret => &["applications", "{application}", "oauth-keys", "{key}", "regenerate-secret"],
            Call::Secrets => &["applications", "{application}", "oauth-keys", "{key}", "secrets"],
            Call::GenerateSecret => &["applications", "{application}", "oauth-keys", "{key}", "generate-secret"],
            Call::RevokeSecret => &["applications", "{application}", "oauth-keys", "{key}", "revoke-secret"],
            Call::Subscriptions | Call::Subscribe => &["subscriptions"],
            Call::Unsubscribe => &["subscriptions", "{subscription}"],
        }
    }

    /// The scopes of which the token needs one; empty = none is needed.
    pub fn scopes(self) -> &'static [&'static str] {
        match self {
            Call::Register | Call::Policies | Call::Apis | Call::Api => &[],
            Call::Settings => &["apim:store_settings"],
            Call::KeyManagers => &["apim:subscribe"],
            Call::Subscriptions | Call::Subscribe | Call::Unsubscribe => SUBSCRIPTION,
            _ => APPLICATION,
        }
    }

    /// Whether it changes something, so that repeating it is not free.
    pub fn changes(self) -> bool {
        self.method() != Method::GET
    }
}
