//! Keycloak's Admin API, as far as tests make realms and change settings through it. It knows nothing of the engine: what it
//! sends is no step of a user.

use std::sync::Mutex;

use reqwest::{Client, Method, header};
use serde_json::{Value, json};

/// The administrator of a server that listens on loopback only.
pub struct Admin {
    /// Address of the server, without a path.
    pub base: String,
    http: Client,
    /// Bearer and the number of calls it was used for: it lives a minute only.
    token: Mutex<Option<String>>,
}

/// A form-encoded body.
pub fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Puts the members of `change` into `value`, objects member by member.
pub fn merge(value: &mut Value, change: &Value) {
    match (value, change) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, change) in new {
                merge(old.entry(name.as_str()).or_insert(Value::Null), change);
            }
        }
        (value, change) => *value = change.clone(),
    }
}

impl Admin {
    pub fn at(base: &str) -> Self {
        let http = Client::builder().no_proxy().build().expect("a client");
        Self { base: base.trim_end_matches('/').to_owned(), http, token: Mutex::default() }
    }

    /// POSTs a form anywhere at the server; gives status and JSON (null where there is none).
    pub async fn post_form(&self, url: &str, pairs: &[(&str, &str)]) -> (u16, Value) {
        let request = self.http.post(url).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form(pairs));
        let answer = request.send().await.expect("the server answers");
        let status = answer.status().as_u16();
        let text = answer.text().await.expect("a body");
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    async fn bearer(&self, fresh: bool) -> String {
        let kept = self.token.lock().expect("no panic while held").clone().filter(|_| !fresh);
        if let Some(token) = kept {
            return token;
        }
        let url = format!("{}/realms/master/protocol/openid-connect/token", self.base);
        let pairs = [("grant_type", "password"), ("client_id", "admin-cli"), ("username", "admin"), ("password", "admin")];
        let (status, answer) = self.post_form(&url, &pairs).await;
        let token = answer["access_token"].as_str().unwrap_or_else(|| panic!("the administrator logs in: {status} {answer}"));
        *self.token.lock().expect("no panic while held") = Some(token.to_owned());
        token.to_owned()
    }

    /// One call below `/admin/realms`; gives status, JSON, and the last segment of `Location`.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value, String) {
        let mut fresh = false;
        loop {
            let url = format!("{}/admin/realms{path}", self.base);
            let mut request = self.http.request(method.clone(), url).bearer_auth(self.bearer(fresh).await);
            if let Some(body) = body {
                request = request.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
            }
            let answer = request.send().await.expect("the server answers");
            let status = answer.status().as_u16();
            if status == 401 && !fresh {
                fresh = true;
                continue;
            }
            let made = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
            let made = made.rsplit('/').next().unwrap_or_default().to_owned();
            let text = answer.text().await.expect("a body");
            return (status, serde_json::from_str(&text).unwrap_or(Value::Null), made);
        }
    }

    async fn done(&self, method: Method, path: &str, body: Option<&Value>) -> (Value, String) {
        let (status, answer, made) = self.call(method.clone(), path, body).await;
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        (answer, made)
    }

    pub async fn read(&self, path: &str) -> Value {
        self.done(Method::GET, path, None).await.0
    }

    /// Creates something; gives its id.
    pub async fn make(&self, path: &str, body: &Value) -> String {
        let (answer, made) = self.done(Method::POST, path, Some(body)).await;
        answer["id"].as_str().map_or(made, str::to_owned)
    }

    /// Replaces something; gives the answer.
    pub async fn put(&self, path: &str, body: &Value) -> Value {
        self.done(Method::PUT, path, Some(body)).await.0
    }

    /// Deletes something; what is not there is fine.
    pub async fn delete(&self, path: &str) {
        let (status, answer, _) = self.call(Method::DELETE, path, None).await;
        assert!((200..300).contains(&status) || status == 404, "DELETE {path}: {status} {answer}");
    }

    /// Puts members into what stands at a path; gives what stood there before.
    pub async fn change(&self, path: &str, change: &Value) -> Value {
        let before = self.read(path).await;
        let mut after = before.clone();
        merge(&mut after, change);
        self.put(path, &after).await;
        before
    }

    /// Path of a client of a realm.
    pub async fn client(&self, realm: &str, client_id: &str) -> String {
        let list = self.read(&format!("/{realm}/clients?{}", form(&[("clientId", client_id)]))).await;
        format!("/{realm}/clients/{}", list[0]["id"].as_str().unwrap_or_else(|| panic!("no client {client_id} in {realm}")))
    }

    /// Path of a user of a realm.
    pub async fn user(&self, realm: &str, name: &str) -> String {
        let list = self.read(&format!("/{realm}/users?{}", form(&[("username", name), ("exact", "true")]))).await;
        format!("/{realm}/users/{}", list[0]["id"].as_str().unwrap_or_else(|| panic!("no user {name} in {realm}")))
    }

    /// Lets a client exchange (legacy, V1) to what stands at a path of the realm: a client or an identity provider. The permission
    /// is the target's, and its policy lists who asks.
    pub async fn permit(&self, realm: &str, path: &str, requester: &str) {
        let permissions = self.put(&format!("{path}/management/permissions"), &json!({"enabled": true})).await;
        let permission = permissions["scopePermissions"]["token-exchange"].as_str().expect("a permission").to_owned();
        let server = format!("{}/authz/resource-server", self.client(realm, "realm-management").await);
        let id = self.client(realm, requester).await;
        let id = id.rsplit('/').next().expect("an id");
        let name = format!("{requester}-{permission}");
        let policy = json!({"name": name, "clients": [id], "logic": "POSITIVE"});
        let (status, made, _) = self.call(Method::POST, &format!("{server}/policy/client"), Some(&policy)).await;
        // Given to this client before.
        if status == 409 {
            return;
        }
        let path = format!("{server}/permission/scope/{permission}");
        // What is put replaces the list, and others may have been let in before.
        let before = self.read(&format!("{server}/policy/{permission}/associatedPolicies")).await;
        let mut policies: Vec<Value> = before.as_array().into_iter().flatten().map(|policy| policy["id"].clone()).collect();
        policies.push(made["id"].clone());
        let change = json!({"policies": policies, "decisionStrategy": "AFFIRMATIVE"});
        self.change(&path, &change).await;
    }
}
