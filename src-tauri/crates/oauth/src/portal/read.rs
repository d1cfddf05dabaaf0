//! From the portal's answer to what it means.
//!
//! Read leniently: a number may come as text, a member may be missing or null, lists stand under `list`. Not read leniently: an
//! answer that is no JSON at all, because then it is not the portal that answered.

use serde_json::{Map, Value};

use super::{Api, Application, Call, ConsumerSecret, Key, KeyManager, Policy, PortalAnswer, Registered, Settings, Subscription};
use crate::message::{value, values};
use record::operation::Draft;
use token::secret::Secret;

/// A secret that an answer showed, perhaps for the only time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSecret {
    /// The client it belongs to.
    pub client_id: String,
    /// The secret.
    pub secret: Secret,
}

/// An answer that could be read.
#[derive(Clone, Debug, PartialEq)]
pub struct CallResult {
    /// What it says.
    pub answer: PortalAnswer,
    /// Secrets it showed; to be kept at once.
    pub secrets: Vec<NewSecret>,
    /// An application token it held.
    pub token: Option<Secret>,
}

/// How an answer reads.
#[derive(Clone, Debug, PartialEq)]
pub enum CallReading {
    /// As it should be.
    Ok(Box<CallResult>),
    /// The portal said no.
    Refused {
        /// Code of the server, e.g. `900301`, or the status.
        code: String,
        /// Its words.
        description: String,
    },
    /// Something else than the portal answered.
    Malformed {
        /// Stable id.
        id: &'static str,
        /// What came.
        message: String,
        /// What to do.
        advice: String,
    },
}

/// Reads the answer to a draft's call.
pub fn read(draft: &Draft, status: u16, content_type: &str, body: &[u8]) -> CallReading {
    let text = String::from_utf8_lossy(body);
    if text.trim().is_empty() && (200..300).contains(&status) {
        return CallReading::Ok(Box::new(CallResult { answer: PortalAnswer::Done, secrets: Vec::new(), token: None }));
    }
    let json = serde_json::from_slice::<Value>(body).ok().filter(|value| value.is_object() || value.is_array());
    if (300..400).contains(&status) {
        return CallReading::Malformed {
            id: "portal-redirect",
            message: format!("The portal's address answered {status}, a redirect, where its API should be."),
            advice: "Enter the address of the control plane itself, for WSO2 as it comes https://localhost:9443.".into(),
        };
    }
    let Some(json) = json else {
        return no_json(status, content_type, &text);
    };
    let Some(map) = json.as_object() else {
        return CallReading::Malformed {
            id: "portal-unexpected",
            message: "The portal answered with a list where an object should be.".into(),
            advice: "Check that the address is that of a WSO2 developer portal, version 3 of its API.".into(),
        };
    };
    if !(200..300).contains(&status) {
        let (code, description) = words_of(&text).unwrap_or_else(|| (status.to_string(), String::new()));
        return CallReading::Refused { code, description };
    }
    let members = Members(map);
    let Some(call) = value(draft, "call").and_then(Call::named) else {
        return CallReading::Ok(Box::new(CallResult { answer: PortalAnswer::Done, secrets: Vec::new(), token: None }));
    };
    if status == 202 {
        let status = Some(members.text("workflowStatus")).filter(|text| !text.is_empty()).unwrap_or_else(|| "CREATED".into());
        return CallReading::Ok(Box::new(CallResult {
            answer: PortalAnswer::Waiting { status },
            secrets: Vec::new(),
            token: None,
        }));
    }
    match answer(call, &members, draft) {
        Some(read) => CallReading::Ok(Box::new(read)),
        None => CallReading::Malformed {
            id: "portal-unexpected",
            message: format!("The answer to \"{}\" lacks what it has to hold.", call.title()),
            advice:
                "See the exchange for what came. Check that the address is that of a WSO2 developer portal, version 3 of its API."
                    .into(),
        },
    }
}

/// An answer that is not JSON: XML of the gateway, a page, or something else.
fn no_json(status: u16, content_type: &str, text: &str) -> CallReading {
    if let Some((code, description)) = words_of(text) {
        return CallReading::Refused { code, description };
    }
    let start = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    if content_type.contains("html") || start.starts_with("<!doctype html") || start.starts_with("<html") {
        let title = between(text, "<title>", "</title>").map(|title| format!(" titled \"{title}\"")).unwrap_or_default();
        return CallReading::Malformed {
            id: "portal-html",
            message: format!("A web page{title} came with status {status} where the portal's API should answer."),
            advice: "The address may be that of the portal's pages, of a login proxy, or of a server still starting. Enter the control plane's address, without a path.".into(),
        };
    }
    CallReading::Malformed {
        id: "portal-not-json",
        message: format!(
            "The answer with status {status} is no JSON ({}).",
            if content_type.is_empty() { "no content type" } else { content_type }
        ),
        advice: "Check the portal's address in Profiles. For WSO2 as it comes it is https://localhost:9443.".into(),
    }
}

/// Code and words of a refusal in any of the product's shapes: the portal's JSON, the gateway's JSON, its XML.
pub fn words_of(text: &str) -> Option<(String, String)> {
    if let Ok(Value::Object(map)) = serde_json::from_str::<Value>(text) {
        let members = Members(&map);
        let code = [members.text("code"), members.text("error")].into_iter().find(|code| !code.is_empty())?;
        let words = ["description", "error_description", "message"].map(|name| members.text(name));
        let description = words.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        return Some((code, description));
    }
    let code = between(text, "code>", "</")?;
    let description = between(text, "description>", "</").or_else(|| between(text, "message>", "</")).unwrap_or_default();
    Some((code, description))
}

fn between(text: &str, open: &str, close: &str) -> Option<String> {
    let from = text.to_ascii_lowercase().find(open)? + open.len();
    let rest = text.get(from..)?;
    let end = rest.find(close).or_else(|| rest.to_ascii_lowercase().find(close))?;
    Some(rest.get(..end)?.trim().to_owned())
}

fn answer(call: Call, members: &Members<'_>, draft: &Draft) -> Option<CallResult> {
    let plain = |answer: PortalAnswer| Some(CallResult { answer, secrets: Vec::new(), token: None });
    match call {
        Call::Register => registered(members, draft),
        Call::Settings => plain(PortalAnswer::Settings { settings: settings(members) }),
        Call::KeyManagers => {
            plain(PortalAnswer::KeyManagers { list: members.list("list")?.map(|one| key_manager(&one)).collect() })
        }
        Call::Policies => plain(PortalAnswer::Policies {
            list: members
                .list("list")?
                .map(|one| Policy { name: one.text("name"), description: one.text("description") })
                .collect(),
        }),
        Call::Apis => {
            plain(PortalAnswer::Apis { list: members.list("list")?.map(|one| api(&one)).collect(), total: members.total() })
        }
        Call::Api => {
            let api = api(members);
            (!api.id.is_empty()).then_some(())?;
            plain(PortalAnswer::Api { api })
        }
        Call::Applications => plain(PortalAnswer::Applications {
            list: members.list("list")?.map(|one| application(&one)).collect(),
            total: members.total(),
        }),
        Call::CreateApplication => {
            let application = application(members);
            (!application.id.is_empty()).then_some(())?;
            plain(PortalAnswer::Application { application })
        }
        Call::Keys => plain(PortalAnswer::Keys { list: members.list("list")?.map(|one| key(&one)).collect() }),
        Call::GenerateKeys | Call::MapKeys => pair(members),
        Call::RegenerateSecret => {
            let client_id = members.text("consumerKey");
            let secret = usable(&members.text("consumerSecret"))?;
            let secrets = vec![NewSecret { client_id, secret }];
            Some(CallResult { answer: PortalAnswer::Secret { secret: ConsumerSecret::default() }, secrets, token: None })
        }
        Call::GenerateSecret => {
            let made = ConsumerSecret { masked: String::new(), ..secret(members) };
            (!made.id.is_empty()).then_some(())?;
            // The contract's own example is masked; then there is a secret, and nobody here knows it.
            let client_id = value_of(draft, "client");
            let secrets = usable(&members.text("secretValue")).map(|secret| NewSecret { client_id, secret });
            Some(CallResult {
                answer: PortalAnswer::Secret { secret: made },
                secrets: secrets.into_iter().collect(),
                token: None,
            })
        }
        Call::Secrets => plain(PortalAnswer::Secrets { list: members.list("list")?.map(|one| secret(&one)).collect() }),
        Call::Subscriptions => plain(PortalAnswer::Subscriptions {
            list: members.list("list")?.map(|one| subscription(&one)).collect(),
            total: members.total(),
        }),
        Call::Subscribe => {
            let subscription = subscription(members);
            (!subscription.id.is_empty()).then_some(())?;
            plain(PortalAnswer::Subscription { subscription })
        }
        Call::GenerateToken => {
            let token = usable(&members.text("accessToken"))?;
            let answer = PortalAnswer::Token { scope: members.texts("tokenScopes"), expires_in: members.number("validityTime") };
            Some(CallResult { answer, secrets: Vec::new(), token: Some(token) })
        }
        Call::DeleteApplication | Call::DeleteKeys | Call::RevokeSecret | Call::Unsubscribe => plain(PortalAnswer::Done),
    }
}

fn registered(members: &Members<'_>, draft: &Draft) -> Option<CallResult> {
    let client_id = members.text("clientId");
    if client_id.is_empty() {
        return None;
    }
    // The grants it really got stand in JSON inside a text.
    let inner = serde_json::from_str::<Value>(&members.text("jsonString")).ok();
    let told = inner.as_ref().and_then(Value::as_object).map(|map| Members(map).text("grant_types"));
    let asked: Vec<String> = values(draft, "grant").map(str::to_owned).collect();
    let grants = told.map_or_else(|| asked.clone(), |told| told.split_whitespace().map(str::to_owned).collect());
    let dropped = asked.into_iter().filter(|grant| !grants.contains(grant)).collect();
    let secret = usable(&members.text("clientSecret"));
    let callback = [members.text("callBackURL"), members.text("callbackUrl")].into_iter().find(|text| !text.is_empty());
    let client = Registered {
        client_id: client_id.clone(),
        name: members.text("clientName"),
        owner: members.text("appOwner"),
        grants,
        dropped,
        callback: callback.unwrap_or_default(),
        has_secret: secret.is_some(),
    };
    let secrets = secret.map(|secret| NewSecret { client_id, secret }).into_iter().collect();
    Some(CallResult { answer: PortalAnswer::Registered { client }, secrets, token: None })
}

fn settings(members: &Members<'_>) -> Settings {
    // Members a release brought along are all there is to tell it by.
    let release = if members.0.contains_key("IsLegacyApiKeysEnabled") { "4.7 or later" } else { "" };
    Settings {
        grants: members.texts("grantTypes"),
        scopes: members.texts("scopes"),
        map_clients: members.flag("mapExistingAuthApps"),
        gateway: members.text("apiGatewayEndpoint"),
        release: release.into(),
    }
}

fn key_manager(members: &Members<'_>) -> KeyManager {
    KeyManager {
        id: members.text("id"),
        name: members.text("name"),
        kind: members.text("type"),
        description: members.text("description"),
        enabled: members.flag("enabled"),
        creates_clients: members.flag("enableOAuthAppCreation"),
        maps_clients: members.flag("enableMapOAuthConsumerApps"),
        token_type: members.text("tokenType"),
        token_endpoint: members.text("tokenEndpoint"),
        alias: members.text("alias"),
        grants: members.texts("availableGrantTypes"),
    }
}

fn api(members: &Members<'_>) -> Api {
    let named = |list: &str, name: &str| -> Vec<String> {
        members.list(list).into_iter().flatten().map(|one| one.text(name)).filter(|text| !text.is_empty()).collect()
    };
    let mut policies = members.texts("throttlingPolicies");
    if policies.is_empty() {
        policies = named("tiers", "tierName");
    }
    let addresses = members.list("endpointURLs").into_iter().flatten().filter_map(|one| {
        let urls = Members(one.0.get("URLs")?.as_object()?);
        [urls.text("https"), urls.text("http")].into_iter().find(|text| !text.is_empty())
    });
    let scopes = [named("scopes", "key"), named("scopes", "name")].into_iter().find(|list| !list.is_empty());
    Api {
        id: members.text("id"),
        name: members.text("name"),
        version: members.text("version"),
        context: members.text("context"),
        description: members.text("description"),
        status: members.text("lifeCycleStatus"),
        policies,
        addresses: addresses.collect(),
        scopes: scopes.unwrap_or_default(),
        key_managers: members.texts("keyManagers"),
    }
}

fn application(members: &Members<'_>) -> Application {
    Application {
        id: members.text("applicationId"),
        name: members.text("name"),
        description: members.text("description"),
        policy: members.text("throttlingPolicy"),
        status: members.text("status"),
        owner: members.text("owner"),
        subscriptions: members.number("subscriptionCount").and_then(|count| u32::try_from(count).ok()).unwrap_or(0),
    }
}

fn key(members: &Members<'_>) -> Key {
    let key = Key {
        id: members.text("keyMappingId"),
        consumer_key: members.text("consumerKey"),
        key_manager: members.text("keyManager"),
        key_type: members.text("keyType"),
        mode: members.text("mode"),
        state: members.text("keyState"),
        grants: members.texts("supportedGrantTypes"),
        callback: members.text("callbackUrl"),
        has_secret: usable(&members.text("consumerSecret")).is_some(),
        uses: Vec::new(),
    };
    Key { uses: super::ways::uses(&key), ..key }
}

/// A pair with its secret, and the token that may come along.
fn pair(members: &Members<'_>) -> Option<CallResult> {
    let key = key(members);
    if key.consumer_key.is_empty() {
        return None;
    }
    let mut secrets: Vec<NewSecret> = Vec::new();
    // Where there are several, the one of the list that is not masked is the new one.
    let listed = members.list("consumerSecrets").into_iter().flatten().map(|one| one.text("secretValue"));
    for text in std::iter::once(members.text("consumerSecret")).chain(listed) {
        if secrets.is_empty() {
            secrets.extend(usable(&text).map(|secret| NewSecret { client_id: key.consumer_key.clone(), secret }));
        }
    }
    let token = members.0.get("token").and_then(Value::as_object).and_then(|token| usable(&Members(token).text("accessToken")));
    Some(CallResult { answer: PortalAnswer::Key { key }, secrets, token })
}

fn secret(members: &Members<'_>) -> ConsumerSecret {
    let more = members.0.get("additionalProperties").and_then(Value::as_object).map(Members);
    let number = |name: &str| more.as_ref().and_then(|more| more.number(name));
    ConsumerSecret {
        id: members.text("secretId"),
        masked: members.text("secretValue"),
        description: more.as_ref().map(|more| more.text("description")).unwrap_or_default(),
        expires_at: number("expiresAt"),
    }
}

fn subscription(members: &Members<'_>) -> Subscription {
    let info = members.0.get("apiInfo").and_then(Value::as_object).map(Members);
    let info = |name: &str| info.as_ref().map(|info| info.text(name)).unwrap_or_default();
    Subscription {
        id: members.text("subscriptionId"),
        api: members.text("apiId"),
        api_name: [info("name"), info("version")].join(" ").trim().to_owned(),
        context: info("context"),
        policy: members.text("throttlingPolicy"),
        status: members.text("status"),
    }
}

/// A secret that can be used: there, and not the masked form of later reads.
fn usable(text: &str) -> Option<Secret> {
    (!text.is_empty() && !text.starts_with("***")).then(|| Secret::new(text))
}

fn value_of(draft: &Draft, name: &str) -> String {
    value(draft, name).unwrap_or_default().to_owned()
}

/// An object of the answer.
struct Members<'a>(&'a Map<String, Value>);

impl<'a> Members<'a> {
    /// Text, number or flag as text; empty when it is absent, null or something else.
    fn text(&self, name: &str) -> String {
        match self.0.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(flag)) => flag.to_string(),
            _ => String::new(),
        }
    }

    fn texts(&self, name: &str) -> Vec<String> {
        match self.0.get(name) {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(text)) => text.split_whitespace().map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }

    fn number(&self, name: &str) -> Option<i64> {
        match self.0.get(name) {
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.parse().ok(),
            _ => None,
        }
    }

    fn flag(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(Value::Bool(true))) || self.text(name) == "true"
    }

    /// The objects of a list; none when there is no list.
    fn list(&self, name: &str) -> Option<impl Iterator<Item = Members<'a>> + use<'a>> {
        let list = self.0.get(name)?.as_array()?;
        Some(list.iter().filter_map(Value::as_object).map(Members))
    }

    fn total(&self) -> u32 {
        let total = self.0.get("pagination").and_then(Value::as_object).and_then(|page| Members(page).number("total"));
        total.or_else(|| self.number("count")).and_then(|count| u32::try_from(count).ok()).unwrap_or(0)
    }
}
