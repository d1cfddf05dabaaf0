//! Where something stood, in words: `header Authorization of the second entry`.

use token::{bounded, shown::made_visible};

/// Most bytes of a name that are repeated.
const LONGEST: usize = 64;

/// A step from the top of a JSON text to a value.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    /// A member by its name.
    Member(&'a str),
    /// An element, counted from 0, and how many there are.
    Item(usize, usize),
}

/// What a value stands in. It is said after the name of the value itself.
#[derive(Clone, Default)]
pub(super) struct Place {
    /// Said always.
    pub near: String,
    /// Said only where the rest does not tell two places apart.
    pub far: String,
}

impl Place {
    /// Inside something that is said always.
    pub fn inside(&self, what: &str) -> Self {
        Self { near: short(format!(" of {what}{}", self.near)), far: self.far.clone() }
    }

    /// Inside something that is said where it is needed.
    pub fn within(&self, what: &str) -> Self {
        Self { near: self.near.clone(), far: short(format!(" in {what}{}", self.far)) }
    }

    /// Below steps of JSON, the innermost last.
    pub fn below(&self, path: &[Step<'_>]) -> Self {
        let mut near = String::new();
        let mut entries = 0;
        for (at, step) in path.iter().enumerate().rev() {
            match step {
                Step::Item(index, count) if *count > 1 && entries < 2 => {
                    entries += 1;
                    let list = path[..at].iter().rev().find_map(|step| match step {
                        Step::Member(name) => Some(*name),
                        Step::Item(..) => None,
                    });
                    near.push_str(&format!(" of the {} {}", ordinal(*index), singular(list.unwrap_or("items"))));
                }
                Step::Member(name) if *name == "response" && entries == 0 => near.push_str(" of the response"),
                _ => {}
            }
        }
        let names: Vec<String> = path
            .iter()
            .map(|step| match step {
                Step::Member(name) => named(name),
                Step::Item(index, _) => format!("[{index}]"),
            })
            .collect();
        let far = if names.is_empty() { String::new() } else { format!(" in {}", names.join(".")) };
        Self { near: short(format!("{near}{}", self.near)), far: short(format!("{far}{}", self.far)) }
    }
}

/// A name as it may be repeated to people.
///
/// What is itself the beginning of a token, where a name should be, is not: places are shown and written down.
pub(super) fn named(name: &str) -> String {
    if name.contains("eyJ") {
        return "…".into();
    }
    let cut = bounded::up_to(name, LONGEST);
    let end = if cut.len() < name.len() { "…" } else { "" };
    made_visible(format!("{cut}{end}"))
}

/// Places are sentences, not texts.
fn short(text: String) -> String {
    let cut = bounded::up_to(&text, 240);
    if cut.len() < text.len() { format!("{cut}…") } else { text }
}

/// `first` for 0.
pub(super) fn ordinal(index: usize) -> String {
    const WORDS: [&str; 10] = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    WORDS.get(index).map_or_else(
        || {
            let number = index.saturating_add(1);
            let end = match (number % 10, number % 100) {
                (_, 11..=13) => "th",
                (1, _) => "st",
                (2, _) => "nd",
                (3, _) => "rd",
                _ => "th",
            };
            format!("{number}{end}")
        },
        |word| (*word).to_owned(),
    )
}

/// One of a list by the list's name.
pub(super) fn singular(list: &str) -> String {
    let plain = list.len() <= 24 && list.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    match () {
        () if !plain => "item".into(),
        () if list.ends_with("ies") => format!("{}y", &list[..list.len() - 3]),
        () if list.ends_with('s') && list.len() > 2 && !list.ends_with("ss") => list[..list.len() - 1].to_owned(),
        () => format!("item of {list}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_as_words() {
        assert_eq!(
            (ordinal(0), ordinal(9), ordinal(10), ordinal(20), ordinal(110)),
            ("first".into(), "tenth".into(), "11th".into(), "21st".into(), "111th".into())
        );
        assert_eq!(
            (singular("entries"), singular("tokens"), singular("access"), singular("a b")),
            ("entry".into(), "token".into(), "item of access".into(), "item".into())
        );
        let path =
            [Step::Member("log"), Step::Member("entries"), Step::Item(1, 3), Step::Member("request"), Step::Member("headers")];
        let place = Place::default().below(&path);
        assert_eq!((place.near.as_str(), place.far.as_str()), (" of the second entry", " in log.entries.[1].request.headers"));
        assert_eq!(Place::default().below(&[Step::Item(0, 1)]).near, "");
        assert_eq!(named("a\u{202e}b"), "a\\u{202e}b");
    }
}
