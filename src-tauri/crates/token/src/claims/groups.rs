//! Which claims belong together: the groups of the inspector and of a comparison, and the rows in them.
//!
//! Both views cut a token into the same rows (a path, a short label, a value); they differ only in where
//! times and ids stand. A comparison folds them away as noise, since they always differ; the inspector
//! shows them with the lifetime and the issuer.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use super::{
    exact::{Key, huge, spelled},
    value::{plain, strings, words},
};
use crate::{decode::json::Exact, inspect::ClaimValue, shown::made_visible};

/// Group ids in the order they are shown, with their headings.
pub const GROUPS: [(&str, &str); 9] = [
    ("identity", "Identity and requester"),
    ("audience", "Audience and scope"),
    ("roles", "Roles"),
    ("lifetime", "Lifetime"),
    ("profile", "Profile"),
    ("issuer", "Issuer and key"),
    ("binding", "Binding"),
    ("other", "Other"),
    ("noise", "Noise"),
];

/// Which of the two views rows are cut for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One token: nothing is noise.
    Inspect,
    /// Several tokens: what always differs is noise.
    Compare,
}

/// Longest path of an object that is cut into rows, in bytes.
const LONGEST_PATH: usize = 256;

/// One row of one token before it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Group id of [`GROUPS`].
    pub group: &'static str,
    /// Path, e.g. `resource_access.orders-api.roles`.
    pub path: String,
    /// Short name, e.g. `orders-api`.
    pub label: String,
    /// The value as it is shown.
    pub value: ClaimValue,
    /// What it is by value, for comparing; sets are compared by their members instead.
    pub key: Key,
    /// Member names from the top; two claims may have the same path (`a.b` and `b` in `a`), never the same steps.
    steps: Vec<String>,
    rank: usize,
}

/// Heading of a group in a view.
pub fn title(group: &str, layout: Layout) -> &'static str {
    if group == "issuer" && layout == Layout::Inspect {
        return "Issuer and session";
    }
    GROUPS.iter().find(|(id, _)| *id == group).map_or("Other", |(_, title)| title)
}

/// All claims as rows: by group, inside a group by weight, then by path.
pub fn entries(claims: &Map<String, Value>, layout: Layout) -> Vec<Entry> {
    exact_entries(claims, layout, &Exact::new())
}

/// The same with the texts of what a value can not hold, so that no digit is lost.
pub fn exact_entries(claims: &Map<String, Value>, layout: Layout, exact: &Exact) -> Vec<Entry> {
    let mut rows = Vec::new();
    for (name, value) in claims {
        descend(&mut vec![name.clone()], value, layout, exact, &mut rows);
    }
    sort(&mut rows);
    distinct(rows.iter_mut());
    rows
}

/// Gives rows of different claims different paths: where a member name holds dots and another claim reads the same, the
/// steps are written one by one, e.g. `["a.b"]`.
pub fn distinct<'a>(rows: impl Iterator<Item = &'a mut Entry>) {
    let mut seen: HashMap<String, Vec<&mut Entry>> = HashMap::new();
    for row in rows {
        seen.entry(row.path.clone()).or_default().push(row);
    }
    for row in seen.into_values().filter(|same| same.len() > 1).flatten() {
        if row.steps.first().is_some_and(|first| first == "header") || row.steps.iter().any(|step| step.contains('.')) {
            row.path = row.steps.iter().map(|step| format!("[{step:?}]")).collect();
        }
    }
}

/// Header parameters that say with what the token was signed, as rows of the group `issuer`.
pub fn header_entries(header: &Map<String, Value>) -> Vec<Entry> {
    let mut rows = Vec::new();
    let exact = Exact::new();
    for (name, value) in header {
        let path = format!("header.{name}");
        rows.push(Entry {
            group: "issuer",
            label: made_visible(name.clone()),
            value: shown(name, value, &path, &exact).visible(),
            key: Key::of(value, &path, &exact),
            path: made_visible(path),
            // Its first step is empty, so that no claim called `header` can be taken for it.
            steps: vec![String::new(), "header".into(), name.clone()],
            rank: 0,
        });
    }
    sort(&mut rows);
    rows
}

impl Entry {
    /// Whether it is a header parameter and no claim.
    pub fn is_header(&self) -> bool {
        self.steps.first().is_some_and(String::is_empty) && self.steps.get(1).is_some_and(|step| step == "header")
    }

    /// Orders rows as they are shown; rows of several tokens merge by it.
    pub fn order(&self) -> (usize, usize, String, Vec<String>) {
        let group = GROUPS.iter().position(|(id, _)| *id == self.group).unwrap_or(GROUPS.len());
        (group, self.rank, self.label.clone(), self.steps.clone())
    }

    /// A row for a path no token has, e.g. one a check asked for.
    pub fn absent(path: &str) -> Self {
        let (group, label, rank) = place(path, Layout::Compare);
        let steps = path.split('.').map(str::to_owned).collect();
        Self {
            group,
            path: path.into(),
            label,
            value: ClaimValue::Set { members: Vec::new(), more: 0 },
            key: Key::default(),
            steps,
            rank,
        }
    }
}

fn sort(rows: &mut [Entry]) {
    rows.sort_by_cached_key(Entry::order);
}

/// Cuts one claim into rows: objects by member, at any depth, everything else whole.
fn descend(steps: &mut Vec<String>, value: &Value, layout: Layout, exact: &Exact, rows: &mut Vec<Entry>) {
    // A path is written down for every row: below a very long name the rest stays together, and so does what is too much for
    // a table of rows.
    let long: usize = steps.iter().map(|step| step.len() + 1).sum();
    if let Value::Object(inner) = value
        && !inner.is_empty()
        && long <= LONGEST_PATH
    {
        for (name, value) in inner {
            steps.push(name.clone());
            descend(steps, value, layout, exact, rows);
            steps.pop();
        }
        return;
    }
    let path = steps.join(".");
    let (group, label, rank) = place(&path, layout);
    let name = steps.last().map_or("", String::as_str);
    let (shown, key) = (shown(name, value, &path, exact).visible(), Key::of(value, &path, exact));
    rows.push(Entry {
        group,
        label: made_visible(label),
        value: shown,
        key,
        steps: steps.clone(),
        path: made_visible(path),
        rank,
    });
}

/// Group, label and weight of a path.
fn place(path: &str, layout: Layout) -> (&'static str, String, usize) {
    if let Some(client) = path.strip_prefix("resource_access.").and_then(|rest| rest.strip_suffix(".roles")) {
        return ("roles", client.into(), 0);
    }
    if path == "realm_access.roles" {
        return ("roles", "realm".into(), 1);
    }
    let top = path.split('.').next().unwrap_or(path);
    let noise = layout == Layout::Compare;
    let (group, rank) = match top {
        "sub" => ("identity", 0),
        "preferred_username" | "username" | "upn" | "unique_name" => ("identity", 1),
        "azp" => ("identity", 2),
        "client_id" | "appid" | "cid" => ("identity", 3),
        "act" => ("identity", 4),
        "may_act" => ("identity", 5),
        "aut" | "entity_id" | "is_federated" | "impersonator" => ("identity", 6),
        "aud" => ("audience", 0),
        "scope" | "scp" => ("audience", 1),
        "resource" | "authorization_details" | "subscribedAPIs" => ("audience", 2),
        "realm_access" | "resource_access" | "roles" | "groups" | "entitlements" | "authorization" => ("roles", 2),
        "exp" => ("lifetime", 2),
        "nbf" => ("lifetime", 1),
        "iat" if !noise => ("lifetime", 0),
        "name" => ("profile", 0),
        "given_name" | "family_name" | "middle_name" | "nickname" | "picture" | "profile" | "website" | "gender"
        | "birthdate" | "zoneinfo" | "locale" | "address" | "updated_at" => ("profile", 1),
        "email" => ("profile", 2),
        "email_verified" | "phone_number" | "phone_number_verified" => ("profile", 3),
        "iss" | "header" => ("issuer", 0),
        "cnf" | "binding_ref" | "binding_type" => ("binding", 0),
        "jti" | "sid" | "session_state" if !noise => ("issuer", 1),
        "jti" | "iat" | "auth_time" | "sid" | "session_state" | "nonce" | "at_hash" | "c_hash" | "s_hash" | "acr" | "uti"
        | "rh"
            if noise =>
        {
            ("noise", 0)
        }
        _ => ("other", 0),
    };
    (group, path.strip_prefix("header.").unwrap_or(path).into(), rank)
}

/// How a value is shown: known sets as sets, known times as times, the rest as it is written.
fn shown(name: &str, value: &Value, path: &str, exact: &Exact) -> ClaimValue {
    let json = |value: &Value| ClaimValue::Json { text: exact.get(path).cloned().unwrap_or_else(|| value.to_string()) };
    let is_huge = |(at, member): (usize, &Value)| {
        !exact.is_empty()
            && path.len() <= LONGEST_PATH
            && member.as_str().is_some_and(|text| huge(text, &format!("{path}[{at}]"), exact).is_some())
    };
    let written = |number: &Number| ClaimValue::Text { text: spelled(number, path, exact) };
    match (name, value) {
        ("scope" | "scp", Value::String(_)) => ClaimValue::Set { members: words(value), more: 0 },
        ("aud", Value::String(_)) => ClaimValue::Set { members: strings(value), more: 0 },
        ("exp" | "iat" | "nbf" | "auth_time" | "updated_at", Value::Number(number)) => {
            number.as_i64().map_or_else(|| written(number), |epoch| ClaimValue::Time { epoch })
        }
        (_, Value::Number(number)) => written(number),
        (_, Value::Array(members)) if members.iter().all(Value::is_string) && !members.iter().enumerate().any(is_huge) => {
            ClaimValue::Set { members: strings(value), more: 0 }
        }
        (_, value) => plain(value).map_or_else(|| json(value), |text| ClaimValue::Text { text }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paths(value: Value, layout: Layout) -> Vec<(&'static str, String, String)> {
        let Value::Object(claims) = value else {
            return Vec::new();
        };
        entries(&claims, layout).into_iter().map(|row| (row.group, row.path, row.label)).collect()
    }

    fn row(group: &'static str, path: &str, label: &str) -> (&'static str, String, String) {
        (group, path.into(), label.into())
    }

    #[test]
    fn rows_stand_in_one_order_whatever_the_token_says() {
        let rows = paths(
            json!({"jti": "1", "iat": 1, "exp": 2, "azp": "a", "realm_access": {"roles": ["r"]}, "scope": "s", "aud": "x",
                "resource_access": {"orders-api": {"roles": ["v"]}}, "sub": "u", "iss": "i"}),
            Layout::Compare,
        );
        let expected = [
            row("identity", "sub", "sub"),
            row("identity", "azp", "azp"),
            row("audience", "aud", "aud"),
            row("audience", "scope", "scope"),
            row("roles", "resource_access.orders-api.roles", "orders-api"),
            row("roles", "realm_access.roles", "realm"),
            row("lifetime", "exp", "exp"),
            row("issuer", "iss", "iss"),
            row("noise", "iat", "iat"),
            row("noise", "jti", "jti"),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn one_token_has_no_noise() {
        let rows = paths(json!({"jti": "1", "iat": 1, "acr": "1"}), Layout::Inspect);
        assert_eq!(rows, [row("lifetime", "iat", "iat"), row("issuer", "jti", "jti"), row("other", "acr", "acr")]);
    }

    #[test]
    fn objects_are_cut_into_paths_and_every_path_is_another() {
        let rows =
            paths(json!({"tenant": {"id": 7, "tags": {}}, "a.b": 1, "a": {"b": 2}, "header": {"alg": "x"}}), Layout::Inspect);
        let expected = [
            row("issuer", "header.alg", "alg"),
            row("other", "a.b", "a.b"),
            row("other", "[\"a.b\"]", "a.b"),
            row("other", "tenant.id", "tenant.id"),
            row("other", "tenant.tags", "tenant.tags"),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn nested_actors_and_bindings_become_rows() {
        let rows = paths(json!({"act": {"sub": "b", "act": {"sub": "a"}}, "cnf": {"jkt": "x"}}), Layout::Inspect);
        let expected = [
            row("identity", "act.act.sub", "act.act.sub"),
            row("identity", "act.sub", "act.sub"),
            row("binding", "cnf.jkt", "cnf.jkt"),
        ];
        assert_eq!(rows, expected);
    }
}
