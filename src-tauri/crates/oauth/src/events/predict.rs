//! Asking a server what a client would get, before or instead of getting it: Keycloak's `evaluate-scopes`.
//!
//! The endpoint builds the token it would issue to a client for a user and shows its content. It is never signed or issued,
//! so it is evidence of configuration, not a token; compared with the token really issued it shows what came from the
//! request and what from the realm.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use record::{encode::form_encode, operation::FieldFault};

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PredictAsk {
    /// `client_id` the token would be for.
    pub client: String,
    /// User id or user name.
    pub user: String,
    /// `scope`, separated by blanks.
    pub scope: String,
    /// Client ids, separated by blanks; empty = all the server would name.
    pub audience: String,
    /// Token on the shelf it is to be compared with.
    pub beside: Option<String>,
}

impl PredictAsk {
    /// What is missing, at its field.
    pub fn faults(&self) -> Vec<FieldFault> {
        let missing = |field: &str, message: &str| FieldFault { field: field.into(), message: message.into() };
        let mut faults = Vec::new();
        if self.client.trim().is_empty() {
            faults.push(missing("client", "Name the client the token would be for."));
        }
        if self.user.trim().is_empty() {
            faults.push(missing("user", "Name the user; Keycloak predicts tokens of users only. For a service account it is service-account- and the client's id."));
        }
        faults
    }

    /// The address, once client and user are known by their ids.
    pub fn address(&self, api: &str, client_uuid: &str, user_id: &str) -> String {
        let mut query = format!("scope={}&userId={}", form_encode(self.scope.trim()), form_encode(user_id));
        if !self.audience.trim().is_empty() {
            query.push_str(&format!("&audience={}", form_encode(self.audience.trim())));
        }
        format!("{api}/clients/{client_uuid}/evaluate-scopes/generate-example-access-token?{query}")
    }

    /// What was asked and left out of the prediction without a word: the endpoint skips scopes and audiences it does not know,
    /// where the token endpoint would refuse them.
    pub fn ignored(&self, claims: &Map<String, Value>) -> Vec<String> {
        let scopes = token::claims::scopes(claims);
        let audience = token::claims::audience(claims);
        let missing = |asked: &str, got: &[String]| -> Vec<String> {
            asked.split_whitespace().filter(|word| !got.iter().any(|one| one == word)).map(str::to_owned).collect()
        };
        let mut all: Vec<String> = missing(&self.scope, &scopes).iter().map(|word| format!("scope {word}")).collect();
        all.extend(missing(&self.audience, &audience).iter().map(|word| format!("audience {word}")));
        all
    }
}

/// The id of the one entry of a search answer (`clients?clientId=`, `users?username=`); none when nothing was found.
pub fn id_of_first(body: &[u8]) -> Option<String> {
    let list: Value = serde_json::from_slice(body).ok()?;
    list.get(0)?.get("id")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_address_and_what_is_missing() {
        let ask = PredictAsk {
            client: "portal".into(),
            user: "alice".into(),
            scope: " openid orders:read ".into(),
            audience: "orders-api billing-api".into(),
            beside: None,
        };
        assert_eq!(
            ask.address("http://h/admin/realms/x", "b6cf", "2f9a"),
            "http://h/admin/realms/x/clients/b6cf/evaluate-scopes/generate-example-access-token?scope=openid+orders%3Aread&userId=2f9a&audience=orders-api+billing-api"
        );
        assert_eq!(ask.faults(), []);
        let fields: Vec<String> = PredictAsk::default().faults().into_iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["client", "user"]);
        let claims = json!({"scope": "openid profile", "aud": "orders-api"});
        assert_eq!(ask.ignored(claims.as_object().expect("object")), ["scope orders:read", "audience billing-api"]);
    }

    #[test]
    fn ids_of_search_answers() {
        assert_eq!(id_of_first(br#"[{"id":"a"},{"id":"b"}]"#).as_deref(), Some("a"));
        assert_eq!(id_of_first(b"[]"), None);
        assert_eq!(id_of_first(b"<html>"), None);
    }
}
