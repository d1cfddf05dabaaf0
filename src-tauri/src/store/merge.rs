//! Two windows that save the same list: each entry goes by whoever changed it, and nothing one of them added is lost.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::look::key;

/// What the list becomes: `ours` with what `theirs` changed since `base`, where we did not change the same.
pub fn merge(base: &[Box<RawValue>], ours: &[Box<RawValue>], theirs: &[Box<RawValue>]) -> Vec<Box<RawValue>> {
    let named = |list: &[Box<RawValue>]| list.iter().map(|entry| (key(entry), entry.clone())).collect::<BTreeMap<_, _>>();
    let (before, mine, other) = (named(base), named(ours), named(theirs));
    let mut merged = Vec::new();
    for entry in ours {
        let name = key(entry);
        let unchanged = before.get(&name).is_some_and(|old| old.get() == entry.get());
        match other.get(&name) {
            Some(changed) if unchanged => merged.push(changed.clone()),
            None if unchanged => {}
            _ => merged.push(entry.clone()),
        }
    }
    merged.extend(theirs.iter().filter(|entry| !before.contains_key(&key(entry)) && !mine.contains_key(&key(entry))).cloned());
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_goes_by_whoever_changed_it() {
        let list = |text: &str| serde_json::from_str::<Vec<Box<RawValue>>>(text).unwrap();
        let a = r#"{"id":"a"}"#;
        for (base, ours, theirs, expected) in [
            ("[]", r#"[{"id":"a"}]"#, r#"[{"id":"b"}]"#, r#"[{"id":"a"},{"id":"b"}]"#),
            (a, r#"[{"id":"a","n":1}]"#, r#"[{"id":"a"}]"#, r#"[{"id":"a","n":1}]"#),
            (a, r#"[{"id":"a"}]"#, r#"[{"id":"a","n":2}]"#, r#"[{"id":"a","n":2}]"#),
            (a, r#"[{"id":"a","n":1}]"#, r#"[{"id":"a","n":2}]"#, r#"[{"id":"a","n":1}]"#),
            (a, "[]", r#"[{"id":"a"}]"#, "[]"),
            (a, r#"[{"id":"a"}]"#, "[]", "[]"),
            (a, r#"[{"id":"a"},{"id":"c"}]"#, r#"[{"id":"b"},{"id":"a"}]"#, r#"[{"id":"a"},{"id":"c"},{"id":"b"}]"#),
            ("[]", r#"[{"id":"a"}]"#, r#"[7,{"id":"a"}]"#, r#"[{"id":"a"},7]"#),
        ] {
            let base = if base.starts_with('[') { base.to_owned() } else { format!("[{base}]") };
            let merged = serde_json::to_string(&merge(&list(&base), &list(ours), &list(theirs))).unwrap();
            assert_eq!(merged, expected, "{base} {ours} {theirs}");
        }
    }
}
