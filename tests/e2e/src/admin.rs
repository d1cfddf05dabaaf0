//! The administrator of a real Keycloak, for what has to be set there while a scenario plays: addresses and keys of the lab are new at
//! every start, so no realm file can have them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    Result,
    http::{Answer, send_with},
};

/// How long a busy Keycloak may take for one answer.
const PATIENCE: Duration = Duration::from_secs(30);

const TOKEN: &str = "/realms/master/protocol/openid-connect/token";
const LOGIN: &str = "grant_type=password&client_id=admin-cli&username=admin&password=admin";

/// See the module.
pub struct Admin {
    port: u16,
    realm: &'static str,
}

impl Admin {
    /// The administrator of a realm of the server at `base`, which is on loopback.
    pub fn at(base: &str, realm: &'static str) -> Result<Self> {
        let port = base.rsplit_once(':').and_then(|(_, port)| port.trim_end_matches('/').parse().ok());
        Ok(Self { port: port.ok_or_else(|| format!("{base} names no port"))?, realm })
    }

    /// One call with a token made for it, since one lives a minute only. `path` begins below the server.
    pub fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Result<(u16, Value)> {
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        let answer = json_of(&send_with(self.port, "POST", TOKEN, &form, Some(LOGIN), PATIENCE)?);
        let token = answer["access_token"].as_str().ok_or_else(|| format!("the administrator cannot log in: {answer}"))?;
        let bearer = format!("Bearer {token}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let body = body.map(Value::to_string);
        let answer = send_with(self.port, method, path, &headers, body.as_deref(), PATIENCE)?;
        Ok((answer.status, json_of(&answer)))
    }

    /// One call that has to go well.
    pub fn done(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        match self.call(method, path, body)? {
            (200..300, answer) => Ok(answer),
            (status, answer) => Err(format!("{method} {path}: {status} {answer}")),
        }
    }

    /// Does what the window writes down: a method with an address, and JSON.
    pub fn follow(&self, send_to: &str, json: &str) -> Result<Value> {
        let (method, address) = send_to.split_once(' ').ok_or_else(|| format!("“{send_to}” is no method with an address"))?;
        let here = format!("http://127.0.0.1:{}", self.port);
        let path = address.strip_prefix(&here).ok_or_else(|| format!("{address} is not at {here}"))?;
        let body = serde_json::from_str(json).map_err(|error| format!("what the window shows is no JSON: {error}"))?;
        self.done(method, path, Some(&body))
    }

    /// Takes an identity provider off the realm, and the links of its users with it; one that is not there is fine.
    pub fn without_provider(&self, alias: &str) -> Result<()> {
        match self.call("DELETE", &self.path(&format!("identity-provider/instances/{alias}")), None)? {
            (204 | 404, _) => Ok(()),
            (status, answer) => Err(format!("the identity provider {alias} cannot be removed: {status} {answer}")),
        }
    }

    /// Lets a client exchange to what stands at `place` of the realm: the permission is the target's, its policy lists who asks.
    pub fn permit(&self, place: &str, requester: &str) -> Result<()> {
        let permissions =
            self.done("PUT", &self.path(&format!("{place}/management/permissions")), Some(&json!({ "enabled": true })))?;
        let permission = permissions["scopePermissions"]["token-exchange"].as_str().ok_or("no permission token-exchange")?;
        let server = self.path(&format!("clients/{}/authz/resource-server", self.client("realm-management")?));
        let policy =
            json!({ "name": format!("{requester}-{permission}"), "clients": [self.client(requester)?], "logic": "POSITIVE" });
        let (status, made) = self.call("POST", &format!("{server}/policy/client"), Some(&policy))?;
        match status {
            // Given to this client before.
            409 => return Ok(()),
            201 => {}
            _ => return Err(format!("no policy for {requester}: {status} {made}")),
        }
        // What is put replaces the list, and others may have been let in before.
        let before = self.done("GET", &format!("{server}/policy/{permission}/associatedPolicies"), None)?;
        let mut policies: Vec<Value> = before.as_array().into_iter().flatten().map(|policy| policy["id"].clone()).collect();
        policies.push(made["id"].clone());
        let path = format!("{server}/permission/scope/{permission}");
        let mut scope = self.done("GET", &path, None)?;
        scope["policies"] = Value::Array(policies);
        scope["decisionStrategy"] = json!("AFFIRMATIVE");
        self.done("PUT", &path, Some(&scope)).map(drop)
    }

    /// Where a client of the realm stands, as [`Admin::permit`] takes it.
    pub fn client_place(&self, client: &str) -> Result<String> {
        Ok(format!("clients/{}", self.client(client)?))
    }

    fn client(&self, client: &str) -> Result<String> {
        let list = self.done("GET", &self.path(&format!("clients?clientId={client}")), None)?;
        list[0]["id"].as_str().map(str::to_owned).ok_or_else(|| format!("the realm has no client {client}"))
    }

    fn path(&self, rest: &str) -> String {
        format!("/admin/realms/{}/{rest}", self.realm)
    }
}

/// The body as JSON; null where there is none.
fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or(Value::Null)
}
