//! Requests member by member, answers of both releases, and the refusals in all the shapes they come in.

use std::collections::HashMap;

use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::{
    message::{Materials, TokenMaterial},
    profile::{Client, ClientAuth, Dialect, Gateway, Profile, ServerRole},
    refusal::{Background, RefusalFacts},
};
use record::operation::{Draft, Operation};
use token::{inspect::TokenView, secret::Secret, text::Pair};

fn draft(call: Call, fields: &[(&str, &str)]) -> Draft {
    let all = [("call", call.name())].into_iter().chain(fields.iter().copied());
    let values = all.map(|(name, value)| Pair { name: name.into(), value: value.into() }).collect();
    Draft { operation: Operation::Portal, profile: "p".into(), values, extra: Vec::new() }
}

fn profile() -> Profile {
    Profile {
        gateway: Some(Gateway {
            portal: "https://localhost:9443/".into(),
            issuer: "https://localhost:9443/oauth2/token".into(),
            dialect: Dialect::Wso2,
            ..Gateway::default()
        }),
        clients: [("key", ServerRole::Gateway), ("kc", ServerRole::Provider)]
            .map(|(id, server)| Client { client_id: id.into(), auth: ClientAuth::ClientSecretBasic, server, ..Client::default() })
            .to_vec(),
        ..Profile::default()
    }
}

#[derive(Default)]
struct AtHand {
    tokens: HashMap<&'static str, TokenView>,
    secrets: HashMap<&'static str, &'static str>,
}

impl Materials for AtHand {
    fn token(&self, id: &str) -> Option<TokenMaterial> {
        self.tokens.get(id).map(|view| TokenMaterial { view: view.clone(), text: Some(Secret::new("the-token")) })
    }

    fn secret(&self, client: &Client, _to: &Url) -> Result<Option<Secret>, String> {
        Ok(self.secrets.get(client.client_id.as_str()).map(|text| Secret::new(*text)))
    }

    fn hidden(&self) -> Vec<Secret> {
        self.secrets.values().map(|text| Secret::new(*text)).collect()
    }
}

fn view(scope: &[&str]) -> TokenView {
    let mut view = crate::message::tests::view("t", json!({}));
    view.scope = scope.iter().map(|word| (*word).to_owned()).collect();
    view.issuer = Some("https://localhost:9443/oauth2/token".into());
    view.expires_at = Some(2_000);
    view
}

fn at_hand() -> AtHand {
    AtHand {
        tokens: HashMap::from([("t", view(&["apim:subscribe"]))]),
        secrets: HashMap::from([("key", "s3cret"), ("kc", "kc-secret")]),
    }
}

/// Method, path with query, and body of what a draft becomes.
fn built(call: Call, fields: &[(&str, &str)]) -> (String, String, Value) {
    let token = [("token", "token:t")];
    let all: Vec<_> = token.iter().chain(fields).copied().collect();
    let request = build(&draft(call, &all), &profile(), &at_hand()).expect("complete").request;
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    assert_eq!(request.uri().authority().map(ToString::to_string).as_deref(), Some("localhost:9443"));
    let body = if request.body().is_empty() { Value::Null } else { serde_json::from_slice(request.body()).expect("JSON") };
    assert_eq!(request.headers().contains_key("content-type"), !body.is_null());
    (request.method().to_string(), path, body)
}

/// A call, its fields, and the method, address and body it makes.
type Expected<'a> = (Call, &'a [(&'a str, &'a str)], &'a str, String, Value);

#[test]
fn requests_member_by_member() {
    let v3 = "/api/am/devportal/v3";
    let table: Vec<Expected<'_>> = vec![
        (Call::Settings, &[], "GET", format!("{v3}/settings"), Value::Null),
        (Call::KeyManagers, &[], "GET", format!("{v3}/key-managers"), Value::Null),
        (Call::Policies, &[], "GET", format!("{v3}/throttling-policies/application?limit=100"), Value::Null),
        (Call::Apis, &[("query", "name:a b")], "GET", format!("{v3}/apis?query=name%3Aa+b&limit=100"), Value::Null),
        (Call::Api, &[("api", "x")], "GET", format!("{v3}/apis/x"), Value::Null),
        (Call::Applications, &[], "GET", format!("{v3}/applications?limit=100"), Value::Null),
        (
            Call::CreateApplication,
            &[("name", "App1")],
            "POST",
            format!("{v3}/applications"),
            json!({"name": "App1", "throttlingPolicy": "Unlimited", "description": "", "tokenType": "JWT"}),
        ),
        (Call::DeleteApplication, &[("application", "a/b")], "DELETE", format!("{v3}/applications/a%2Fb"), Value::Null),
        (Call::Keys, &[("application", "a")], "GET", format!("{v3}/applications/a/oauth-keys"), Value::Null),
        (
            Call::GenerateKeys,
            &[
                ("application", "a"),
                ("grant", "client_credentials"),
                ("grant", "password"),
                ("key_manager", "Resident Key Manager"),
            ],
            "POST",
            format!("{v3}/applications/a/generate-keys"),
            json!({
                "keyType": "PRODUCTION", "grantTypesToBeSupported": ["client_credentials", "password"],
                "keyManager": "Resident Key Manager",
            }),
        ),
        (
            Call::MapKeys,
            &[("application", "a"), ("consumer_key", "kc"), ("key_type", "SANDBOX")],
            "POST",
            format!("{v3}/applications/a/map-keys"),
            json!({"consumerKey": "kc", "keyType": "SANDBOX", "consumerSecret": "kc-secret"}),
        ),
        (
            Call::DeleteKeys,
            &[("application", "a"), ("key", "k")],
            "DELETE",
            format!("{v3}/applications/a/oauth-keys/k"),
            Value::Null,
        ),
        (
            Call::GenerateToken,
            &[("application", "a"), ("key", "k"), ("client", "key"), ("scope", "one two"), ("validity", "60")],
            "POST",
            format!("{v3}/applications/a/oauth-keys/k/generate-token"),
            json!({"consumerSecret": "s3cret", "scopes": ["one", "two"], "grantType": "CLIENT_CREDENTIALS", "validityPeriod": 60}),
        ),
        (
            Call::RegenerateSecret,
            &[("application", "a"), ("key", "k")],
            "POST",
            format!("{v3}/applications/a/oauth-keys/k/regenerate-secret"),
            Value::Null,
        ),
        (
            Call::Secrets,
            &[("application", "a"), ("key", "k")],
            "GET",
            format!("{v3}/applications/a/oauth-keys/k/secrets"),
            Value::Null,
        ),
        (
            Call::GenerateSecret,
            &[("application", "a"), ("key", "k"), ("description", "laptop"), ("expires_in", "86400")],
            "POST",
            format!("{v3}/applications/a/oauth-keys/k/generate-secret"),
            json!({"additionalProperties": {"description": "laptop", "expiresIn": 86_400}}),
        ),
        (
            Call::RevokeSecret,
            &[("application", "a"), ("key", "k"), ("secret", "sec_1")],
            "POST",
            format!("{v3}/applications/a/oauth-keys/k/revoke-secret"),
            json!({"secretId": "sec_1"}),
        ),
        (
            Call::Subscriptions,
            &[("application", "a")],
            "GET",
            format!("{v3}/subscriptions?applicationId=a&limit=100"),
            Value::Null,
        ),
        (
            Call::Subscribe,
            &[("application", "a"), ("api", "x"), ("policy", "Gold")],
            "POST",
            format!("{v3}/subscriptions"),
            json!({"applicationId": "a", "apiId": "x", "throttlingPolicy": "Gold"}),
        ),
        (Call::Unsubscribe, &[("subscription", "s")], "DELETE", format!("{v3}/subscriptions/s"), Value::Null),
        (
            Call::Register,
            &[
                ("username", "admin"),
                ("password", "pa:ss"),
                ("name", "tool"),
                ("grant", "client_credentials"),
                ("grant", "refresh_token"),
            ],
            "POST",
            "/client-registration/v0.17/register".to_owned(),
            json!({"clientName": "tool", "owner": "admin", "grantType": "client_credentials refresh_token", "saasApp": true, "tokenType": "JWT"}),
        ),
    ];
    assert_eq!(table.len(), Call::ALL.len(), "every call is here");
    for (call, fields, method, path, body) in table {
        assert_eq!(built(call, fields), (method.to_owned(), path, body), "{call:?}");
    }
}

#[test]
fn who_a_request_says_it_is_from() {
    let authorization = |draft: &Draft| {
        let request = build(draft, &profile(), &at_hand()).expect("complete").request;
        request.headers().get("authorization").and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    assert_eq!(authorization(&draft(Call::Applications, &[("token", "token:t")])).as_deref(), Some("Bearer the-token"));
    assert_eq!(authorization(&draft(Call::Apis, &[])), None, "APIs are open to everybody");
    let fields = [("username", "admin@carbon.super"), ("password", "p@ss"), ("name", "tool"), ("grant", "password")];
    // admin@carbon.super:p@ss, not form-encoded: it is a person and no client.
    assert_eq!(authorization(&draft(Call::Register, &fields)).as_deref(), Some("Basic YWRtaW5AY2FyYm9uLnN1cGVyOnBAc3M="));
}

#[test]
fn what_is_missing_is_said_at_its_field() {
    let faults = |call, fields: &[(&str, &str)], profile: &Profile| -> Vec<String> {
        build(&draft(call, fields), profile, &at_hand()).err().unwrap_or_default().into_iter().map(|fault| fault.field).collect()
    };
    let here = profile();
    assert_eq!(faults(Call::Applications, &[], &here), ["token"]);
    assert_eq!(faults(Call::Applications, &[("token", "token:gone")], &here), ["token"]);
    assert_eq!(faults(Call::CreateApplication, &[("token", "token:t")], &here), ["name"]);
    assert_eq!(faults(Call::CreateApplication, &[("token", "token:t"), ("name", &"x".repeat(101))], &here), ["name"]);
    assert_eq!(faults(Call::GenerateKeys, &[("token", "token:t")], &here), ["application", "grant"]);
    let code = [("token", "token:t"), ("application", "a"), ("grant", "authorization_code")];
    assert_eq!(faults(Call::GenerateKeys, &code, &here), ["callback"]);
    let never = [("token", "token:t"), ("application", "a"), ("key", "k"), ("expires_in", "soon")];
    assert_eq!(faults(Call::GenerateSecret, &never, &here), ["expires_in"]);
    let lost = [("token", "token:t"), ("application", "a"), ("key", "k"), ("client", "lost")];
    assert_eq!(faults(Call::GenerateToken, &lost, &here), ["client"]);
    assert_eq!(faults(Call::Register, &[("name", "a"), ("grant", "password")], &here), ["username", "password"]);
    assert_eq!(faults(Call::Applications, &[("token", "token:t")], &Profile::default()), ["call"]);
}

fn reads(call: Call, fields: &[(&str, &str)], status: u16, body: &Value) -> CallResult {
    match read(&draft(call, fields), status, "application/json", body.to_string().as_bytes()) {
        CallReading::Ok(read) => *read,
        other => panic!("{call:?} {body}: {other:?}"),
    }
}

#[test]
fn secrets_are_taken_out_of_answers() {
    let pair = json!({
        "keyMappingId": "m", "keyManager": "Resident Key Manager", "consumerKey": "ck", "consumerSecret": "cs",
        "supportedGrantTypes": ["client_credentials"], "callbackUrl": null, "keyState": "APPROVED", "keyType": "PRODUCTION",
        "mode": "CREATED", "token": {"accessToken": "at", "tokenScopes": ["default"], "validityTime": 3600},
    });
    let found = reads(Call::GenerateKeys, &[], 200, &pair);
    assert_eq!(found.secrets, [NewSecret { client_id: "ck".into(), secret: Secret::new("cs") }]);
    assert_eq!(found.token, Some(Secret::new("at")));
    let PortalAnswer::Key { key } = &found.answer else { panic!("{found:?}") };
    assert_eq!((key.consumer_key.as_str(), key.has_secret), ("ck", true));
    assert!(!serde_json::to_string(&found.answer).expect("writes").contains("cs\""), "no secret goes to the window");

    // A later read, or 4.7 with several: masked is not usable, the unmasked one of the list is.
    let mut later = pair.clone();
    later["consumerSecret"] = json!("***abcd");
    assert_eq!(reads(Call::MapKeys, &[], 200, &later).secrets, []);
    later["consumerSecrets"] = json!([{"secretId": "1", "secretValue": "***x"}, {"secretId": "2", "secretValue": "new"}]);
    assert_eq!(reads(Call::GenerateKeys, &[], 200, &later).secrets[0].secret, Secret::new("new"));

    let made =
        json!({"secretId": "sec_1", "secretValue": "v", "additionalProperties": {"description": "laptop", "expiresAt": 5}});
    let found = reads(Call::GenerateSecret, &[("client", "ck")], 201, &made);
    assert_eq!(found.secrets, [NewSecret { client_id: "ck".into(), secret: Secret::new("v") }]);
    let PortalAnswer::Secret { secret } = found.answer else { panic!() };
    assert_eq!((secret.id.as_str(), secret.masked.as_str(), secret.expires_at), ("sec_1", "", Some(5)));
}

#[test]
fn registration_says_what_was_dropped() {
    let answer = json!({
        "clientId": "id", "clientName": "tool", "callBackURL": "", "clientSecret": "cs", "isSaasApplication": true, "appOwner": "admin",
        "jsonString": "{\"grant_types\":\"client_credentials\"}", "applicationUUID": null,
    });
    let asked = [("grant", "client_credentials"), ("grant", "authorization_code")];
    let PortalAnswer::Registered { client } = reads(Call::Register, &asked, 200, &answer).answer else { panic!() };
    assert_eq!((client.grants, client.dropped), (vec!["client_credentials".to_owned()], vec!["authorization_code".to_owned()]));
}

#[test]
fn answers_with_wrong_types_are_still_read() {
    let list = json!({"count": "1", "list": [{"applicationId": "a", "name": "n", "subscriptionCount": "2", "status": null}]});
    let PortalAnswer::Applications { list, total } = reads(Call::Applications, &[], 200, &list).answer else { panic!() };
    assert_eq!((list[0].subscriptions, total), (2, 1));
    let api = json!({"id": "x", "keyManagers": ["all"], "endpointURLs": [{"URLs": {"https": "https://g/o/1"}}], "tiers": [{"tierName": "Gold"}]});
    let PortalAnswer::Api { api } = reads(Call::Api, &[], 200, &api).answer else { panic!() };
    assert_eq!(
        (api.key_managers, api.addresses, api.policies),
        (vec!["all".into()], vec!["https://g/o/1".into()], vec!["Gold".into()])
    );
    assert_eq!(
        reads(Call::Subscribe, &[], 202, &json!({"workflowStatus": "CREATED"})).answer,
        PortalAnswer::Waiting { status: "CREATED".into() }
    );
    assert_eq!(reads(Call::Settings, &[], 200, &json!({"IsLegacyApiKeysEnabled": false})).answer, {
        PortalAnswer::Settings { settings: Settings { release: "4.7 or later".into(), ..Settings::default() } }
    });
}

#[test]
fn what_is_no_answer_of_the_portal() {
    let told = |status, kind: &str, body: &str| match read(&draft(Call::Applications, &[]), status, kind, body.as_bytes()) {
        CallReading::Malformed { id, message, .. } => format!("{id}: {message}"),
        CallReading::Refused { code, description } => format!("{code}: {description}"),
        CallReading::Ok(read) => format!("{read:?}"),
    };
    let xml = "<ams:fault xmlns:ams=\"http://wso2.org/apimanager/security\"><ams:code>900901</ams:code><ams:message>Invalid Credentials</ams:message><ams:description>Make sure</ams:description></ams:fault>";
    let table = [
        (
            200,
            "text/html",
            "<!DOCTYPE html><html><title>Sign in</title></html>",
            "portal-html: A web page titled \"Sign in\" came with status 200",
        ),
        (503, "text/html", "<html><body>starting</body></html>", "portal-html: A web page came with status 503"),
        (302, "text/html", "", "portal-redirect"),
        (401, "application/xml", xml, "900901: Make sure"),
        (500, "application/json", "oops", "portal-not-json"),
        (200, "application/json", "[]", "portal-unexpected"),
        (200, "application/json", "{\"nothing\":1}", "portal-unexpected"),
        (409, "application/json", r#"{"code":900301,"message":"Conflict","description":"taken"}"#, "900301: taken"),
    ];
    for (status, kind, body, words) in table {
        let told = told(status, kind, body);
        assert!(told.starts_with(words), "{told} begins with {words}");
    }
}

fn id_of(call: Call, status: u16, code: &str, said: &str, token: Option<&TokenView>) -> (String, bool) {
    let draft = draft(call, &[("name", "Web shop"), ("username", "admin")]);
    let claims = serde_json::Map::new();
    let found = diagnose(&RefusalFacts {
        dialect: Dialect::Wso2,
        operation: Operation::Portal,
        status,
        error: Some(code),
        description: Some(said),
        body: "",
        subject_claims: token.map(|_| &claims),
        draft: &draft,
        profile: &profile(),
        events: &[],
        token_in: token,
        issued: &[],
        issued_claims: None,
        known: &Background::default(),
        now_s: 1_000,
    })
    .unwrap_or_else(|| panic!("{call:?} {status} {code} {said} is known"));
    assert!(!found.cause.contains('{') && !found.fix.is_empty(), "{found:?}");
    (found.id, found.certain)
}

#[test]
fn refusals_are_named() {
    let table = [
        (Call::Register, 403, "403", "Access is forbidden to the application", "wso2-dcr-name-of-another"),
        (Call::Register, 400, "400", "Application owner cannot be empty", "wso2-dcr-no-owner"),
        (Call::Register, 400, "400", "Logged in user 'a' and application owner 'b' should be same.", "wso2-dcr-other-owner"),
        (Call::Register, 403, "403", "User: X does not exist for application registration", "wso2-dcr-unknown-owner"),
        (Call::Register, 401, "401", "", "wso2-dcr-password"),
        (Call::CreateApplication, 409, "900301", "An application already exists with name Web shop", "wso2-portal-name-taken"),
        (Call::CreateApplication, 409, "409", "An application already exists with name Web shop", "wso2-portal-name-taken"),
        (Call::GenerateKeys, 409, "901409", "", "wso2-portal-keys-exist"),
        (Call::GenerateKeys, 409, "409", "Key Mappings already exists", "wso2-portal-keys-exist"),
        (Call::Subscribe, 409, "900336", "", "wso2-portal-subscribed"),
        (Call::DeleteApplication, 404, "900307", "", "wso2-portal-not-there"),
        (Call::RegenerateSecret, 500, "900967", "", "wso2-portal-secret-multiple"),
        (Call::GenerateSecret, 403, "900916", "", "wso2-portal-secrets-off"),
        (Call::RevokeSecret, 400, "400", "The most recent secret cannot be revoked", "wso2-portal-newest-secret"),
        (Call::GenerateKeys, 400, "901405", "", "wso2-portal-km-exchanged"),
        (Call::GenerateKeys, 400, "901403", "", "wso2-portal-km-unknown"),
        (Call::GenerateKeys, 400, "901401", "values", "wso2-portal-km-values"),
        (Call::GenerateKeys, 403, "902013", "", "wso2-portal-km-restricted"),
        (Call::GenerateKeys, 400, "400", "The callback url must have at least one URI value", "wso2-portal-callback"),
        (
            Call::GenerateKeys,
            400,
            "400",
            "Cannot generate keys for applications that are not yet approved.",
            "wso2-portal-not-approved",
        ),
        (Call::CreateApplication, 400, "400", "Unrecognized property 'visibility'", "wso2-portal-unknown-member"),
        (Call::GenerateKeys, 500, "900950", "", "wso2-portal-km-unreachable"),
        (Call::Secrets, 404, "404", "", "wso2-portal-no-such-address"),
        (Call::Applications, 500, "500", "", "wso2-portal-broken"),
    ];
    for (call, status, code, said, id) in table {
        assert_eq!(id_of(call, status, code, said, None).0, id);
    }
}

#[test]
fn a_401_is_told_apart_by_the_token() {
    let with = |change: fn(&mut TokenView)| {
        let mut view = view(&["apim:subscribe"]);
        change(&mut view);
        id_of(Call::Applications, 401, "401", "Unauthenticated request", Some(&view))
    };
    assert_eq!(with(|view| view.scope = vec!["default".into()]), ("wso2-portal-scope".into(), true));
    assert_eq!(with(|view| view.issuer = Some("http://kc/realms/r".into())), ("wso2-portal-foreign-token".into(), true));
    assert_eq!(with(|view| view.expires_at = Some(999)), ("wso2-portal-expired".into(), true));
    assert_eq!(with(|_| {}), ("wso2-portal-token".into(), false));
    assert_eq!(id_of(Call::Applications, 401, "401", "", None), ("wso2-portal-no-token".into(), true));
}

#[test]
fn what_a_token_can_do_is_known_before_it_is_sent() {
    let standing = |words: &[&str]| standing(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    let all = standing(&["openid", "apim:subscribe", "apim:app_manage", "apim:sub_manage"]);
    assert_eq!((all.lacks.len(), all.advice.as_str()), (0, ""));
    assert_eq!(standing(&["apim:subscribe"]).advice, "", "one scope opens all of it");
    assert!(standing(&["default"]).advice.starts_with("The portal will answer 401 to everything"));
    assert!(standing(&["apim:app_manage"]).advice.starts_with("Some calls"));
}

#[test]
fn what_leads_to_the_portal_is_told_by_the_step() {
    let call = |id: &str| {
        let mut step = crate::acceptance::tests::step(1, Operation::CallApi, "https://gw.test/orders", 403, "900908");
        step.tokens_in = vec!["t".into()];
        step.diagnosis = Some(record::audit::Diagnosis {
            id: id.into(),
            certain: true,
            cause: String::new(),
            evidence: Vec::new(),
            fix: String::new(),
            actions: Vec::new(),
            tell: None,
            others: Vec::new(),
        });
        step
    };
    let with = |client: &str| TokenView { client: Some(client.into()), ..view(&[]) };
    let subscribe = |id: &str| portal_ways(&call(id), &[with("ck")], &profile()).subscribe;
    assert_eq!(subscribe("wso2-900908").as_deref(), Some("ck"));
    assert_eq!(subscribe("wso2-900908-foreign"), None, "that client has no application to subscribe");
    assert_eq!(
        portal_ways(&call("wso2-900908"), &[with("ck")], &Profile::default()).subscribe,
        None,
        "no portal to subscribe at"
    );

    let issued = |asked: &str, granted: &[&str]| {
        let mut step = crate::acceptance::tests::step(2, Operation::JwtBearer, "https://localhost:9443/oauth2/token", 200, "");
        step.tokens_out = vec!["t".into()];
        let mut draft = draft(Call::Settings, &[("scope", asked)]);
        draft.operation = Operation::JwtBearer;
        step.draft = Some(draft);
        let token = TokenView { issuer: Some("https://localhost:9443/oauth2/token".into()), ..view(granted) };
        let ways = portal_ways(&step, &[token], &profile());
        (ways.usable, ways.lacking)
    };
    assert_eq!(issued("openid apim:subscribe", &["apim:subscribe", "apim:app_manage", "apim:sub_manage"]), (true, None));
    assert_eq!(issued("openid apim:subscribe", &["apim:subscribe"]), (true, Some("t".into())));
    assert_eq!(issued("openid apim:subscribe", &["openid"]), (false, Some("t".into())));
    assert_eq!(issued("openid orders:read", &["openid"]), (false, None), "nothing of the portal was asked for");
}

#[test]
fn a_pair_is_used_by_the_grants_it_may_use() {
    let uses = |grants: &[&str]| {
        let grants = grants.iter().map(|grant| (*grant).to_owned()).collect();
        let key = Key { consumer_key: "ck".into(), grants, ..Key::default() };
        let said = |action: record::audit::FixAction| {
            let values: Vec<String> = action.values.iter().map(|pair| format!("{}={}", pair.name, pair.value)).collect();
            (action.operation, values.join(" "))
        };
        ways::uses(&key).into_iter().map(said).collect::<Vec<_>>()
    };
    let own = (Operation::ClientCredentials, "client=ck".to_owned());
    let user = (Operation::JwtBearer, "client=ck scope=openid".to_owned());
    assert_eq!(uses(&["client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer"]), [own.clone(), user]);
    assert_eq!(uses(&["refresh_token", "client_credentials"]), [own]);
    assert_eq!(uses(&[]), []);
}
