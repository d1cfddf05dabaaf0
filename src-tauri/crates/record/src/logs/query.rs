//! What somebody types into the search field of a log: words that must all occur, some of them in one column only.

/// Column a word can be meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// `type:`.
    Type,
    /// `client:`.
    Client,
    /// `user:`.
    User,
    /// `error:`.
    Error,
}

/// A word of a search, in lower case (ASCII).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Word {
    /// Column it must occur in; none = anywhere.
    pub field: Option<Field>,
    /// What must occur.
    pub text: String,
}

/// Splits what was typed: blanks part words, double quotes hold them together, `client:portal` names a column. A prefix without a
/// word behind it is not a condition yet, since somebody is still typing.
pub fn words(typed: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        let (field, after) = match rest.split_once(':') {
            Some((name, after)) if !name.contains([' ', '"']) => match field(name) {
                Some(field) => (Some(field), after),
                None => (None, rest),
            },
            _ => (None, rest),
        };
        let (text, after) = match after.strip_prefix('"') {
            Some(inner) => inner.split_once('"').unwrap_or((inner, "")),
            None => after.split_once(' ').unwrap_or((after, "")),
        };
        if !text.is_empty() {
            found.push(Word { field, text: text.to_ascii_lowercase() });
        }
        rest = after.trim_start();
    }
    found
}

fn field(name: &str) -> Option<Field> {
    Some(match name.to_ascii_lowercase().as_str() {
        "type" | "event" => Field::Type,
        "client" | "clientid" | "client_id" | "key" => Field::Client,
        "user" | "userid" | "username" => Field::User,
        "error" => Field::Error,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Found<'a> = (Option<Field>, &'a str);

    #[test]
    fn typed_words() {
        let cases: &[(&str, &[Found<'_>])] = &[
            ("", &[]),
            ("  Alice  portal ", &[(None, "alice"), (None, "portal")]),
            ("client:portal error:", &[(Some(Field::Client), "portal")]),
            ("user:\"jo doe\" x", &[(Some(Field::User), "jo doe"), (None, "x")]),
            ("\"two words", &[(None, "two words")]),
            ("ntrtte:3b5a", &[(None, "ntrtte:3b5a")]),
            ("https://a.example/x", &[(None, "https://a.example/x")]),
        ];
        for (typed, expected) in cases {
            let found = words(typed);
            let found: Vec<Found<'_>> = found.iter().map(|word| (word.field, word.text.as_str())).collect();
            assert_eq!(found, *expected, "{typed}");
        }
    }
}
