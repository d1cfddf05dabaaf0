//! What a claim says, digit by digit: the key by which two values are the same.
//!
//! Values that were read lose digits of large numbers, so the text of those is kept beside them ([`Exact`]). A key is built from
//! both: numbers by value, members of objects in one order, everything else as it is. Text is never a number: `"1"` is not `1`.

use serde_json::{Map, Number, Value};

use crate::{decimal::Decimal, decode::json::Exact};

/// Whether two values of one claim are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// Key of the value at a path.
    pub(super) fn of(value: &Value, path: &str, exact: &Exact) -> Self {
        let mut text = String::new();
        write(value, &mut path.to_owned(), exact, &mut text);
        Self(text)
    }

    /// The number it stands for, if it is one.
    pub(crate) fn number(&self) -> Option<Decimal> {
        Decimal::read(&self.0)
    }

    /// Whether it stands for a text.
    pub(crate) fn is_text(&self) -> bool {
        self.0.starts_with('"')
    }
}

/// The text of a number as it was written.
pub(crate) fn spelled(number: &Number, path: &str, exact: &Exact) -> String {
    // Two claims may share a path when a name holds dots, so the text must also read as this number.
    let fits = |text: &&String| serde_json::from_str::<Number>(text).ok().as_ref() == Some(number);
    exact.get(path).filter(fits).map_or_else(|| number.to_string(), Clone::clone)
}

/// The text of a number too large for any type of number, which is held as text.
pub(super) fn huge<'a>(text: &'a str, path: &str, exact: &Exact) -> Option<&'a str> {
    exact.get(path).is_some_and(|written| written == text).then_some(text)
}

fn write(value: &Value, path: &mut String, exact: &Exact, out: &mut String) {
    let by_value = |text: String| Decimal::read(&text).map_or(text, |number| number.to_string());
    match value {
        Value::Number(number) => out.push_str(&by_value(spelled(number, path, exact))),
        Value::String(text) => match huge(text, path, exact) {
            Some(number) => out.push_str(&by_value(number.to_owned())),
            None => out.push_str(&value.to_string()),
        },
        Value::Array(list) => {
            out.push('[');
            let above = path.len();
            for (at, member) in list.iter().enumerate() {
                path.push_str(&format!("[{at}]"));
                write(member, path, exact, out);
                path.truncate(above);
                out.push(',');
            }
            out.push(']');
        }
        Value::Object(members) => object(members, path, exact, out),
        Value::Bool(_) | Value::Null => out.push_str(&value.to_string()),
    }
}

/// The order of members means nothing (RFC 8259 4).
fn object(members: &Map<String, Value>, path: &mut String, exact: &Exact, out: &mut String) {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_by_key(|(name, _)| *name);
    out.push('{');
    let above = path.len();
    for (name, value) in sorted {
        if above > 0 {
            path.push('.');
        }
        path.push_str(name);
        out.push_str(&Value::from(name.as_str()).to_string());
        out.push(':');
        write(value, path, exact, out);
        path.truncate(above);
        out.push(',');
    }
    out.push('}');
}
