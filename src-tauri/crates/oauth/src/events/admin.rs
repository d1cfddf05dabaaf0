//! Admin events: what administrators changed, in the shape of the other events so that one timeline shows both.

use serde_json::Value;

use record::audit::Event;
use token::{bounded, text::Pair};

/// Reads `GET /admin/realms/{realm}/admin-events`. What was changed (`representation`) is left out: it may hold secrets.
/// Errors name the place, never the content.
pub fn read_admin_events(json: &str, server: &str) -> Result<Vec<Event>, String> {
    let value: Value = serde_json::from_str(json).map_err(|error| {
        format!("The admin events of {server} are not valid JSON (line {}, column {}).", error.line(), error.column())
    })?;
    let Value::Array(items) = value else {
        return Err(format!("{server} did not answer with a list of admin events."));
    };
    items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            event(item, server).ok_or_else(|| format!("Admin event {} of {server} has no operation or no time.", index + 1))
        })
        .collect()
}

fn event(item: &Value, server: &str) -> Option<Event> {
    let text = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(bounded::sentence)
    };
    let who = item.get("authDetails").cloned().unwrap_or_default();
    let (operation, time_ms) = (text(item, "operationType")?, item.get("time").and_then(Value::as_i64)?);
    let resource = text(item, "resourceType").unwrap_or_else(|| "REALM".into());
    let path = text(item, "resourcePath").unwrap_or_default();
    let mut details = Vec::new();
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            details.push(Pair { name: name.into(), value });
        }
    };
    put("operationType", Some(operation.clone()));
    put("resourceType", Some(resource.clone()));
    put("resourcePath", Some(path.clone()).filter(|path| !path.is_empty()));
    put("error", text(item, "error"));
    for name in ["clientId", "userId", "ipAddress", "realmId"] {
        put(name, text(&who, name));
    }
    let event = Event {
        // Servers before 26.2 give none; the same change at the same millisecond is the same event.
        id: text(item, "id").unwrap_or_else(|| format!("admin:{time_ms}:{operation}:{path}")),
        time_ms,
        server: server.into(),
        event_type: format!("ADMIN_{operation} {resource}"),
        error: text(item, "error"),
        client: text(&who, "clientId"),
        user_id: text(&who, "userId"),
        username: None,
        session: None,
        token_id: None,
        audience: None,
        details,
        step: None,
        joined_by: None,
    };
    Some(event.visible())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_by_an_administrator() {
        let json = r#"[{"id":"e1","time":1000,"realmId":"r","authDetails":{"realmId":"m","clientId":"c","userId":"u","ipAddress":"127.0.0.1"},
          "operationType":"UPDATE","resourceType":"CLIENT","resourcePath":"clients/7c04","representation":"{\"secret\":\"hunter2\"}"},
          {"time":2000,"operationType":"CREATE","resourceType":"USER","resourcePath":"users/1"}]"#;
        let events = read_admin_events(json, "Lab").expect("events");
        assert_eq!((events[0].event_type.as_str(), events[0].user_id.as_deref()), ("ADMIN_UPDATE CLIENT", Some("u")));
        assert!(events.iter().all(|event| event.details.iter().all(|pair| !pair.value.contains("hunter2"))));
        assert_eq!(events[1].id, "admin:2000:CREATE:users/1");
        assert!(read_admin_events("{}", "Lab").expect_err("object").contains("list of admin events"));
        assert!(read_admin_events("[{}]", "Lab").expect_err("empty").contains("Admin event 1"));
        assert!(read_admin_events("<", "Lab").expect_err("html").contains("line 1"));
    }
}
