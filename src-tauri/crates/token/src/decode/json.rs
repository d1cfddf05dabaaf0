//! Reads JSON and notes what a plain parser swallows: repeated members, numbers that lose digits, hidden
//! characters, a byte order mark, depth.
//!
//! Parsers differ on exactly these points, so a token that has them means one thing to the server and
//! another to the API (RFC 8725 2.4). Strings and numbers are converted by serde_json; only the structure
//! is walked here, because serde_json no longer knows the spelling once it has a value.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::{Map, Number, Value};

/// Deeper nesting is not read: no token needs it, and it costs the stack of whoever reads it.
pub const MAX_DEPTH: usize = 64;

/// Most remarkable places that are noted of one text; more of them say nothing new.
pub const MOST_ODDITIES: usize = 200;
/// Longest path that is written down, in bytes. What stands deeper inside longer names is read, and its spelling is not kept.
const LONGEST_PATH: usize = 256;

/// Something remarkable about the text that the value no longer shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// The text starts with a UTF-8 byte order mark.
    ByteOrderMark,
    /// A member name stands twice in the object; the later one was kept.
    Duplicate(String),
    /// A number whose digits do not survive; path and exact text.
    Precision(String, String),
    /// A number beyond what any number type holds, so that its value is kept as text; path and exact text.
    TooLarge(String, String),
    /// A number written with an exponent; path and exact text.
    Exponent(String, String),
    /// A string with control characters; its path.
    Control(String),
    /// A string or name with characters that change the direction of text or have no width; its path.
    Hidden(String),
}

/// Why a text is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Not UTF-8.
    Utf8,
    /// Not JSON (RFC 8259), or something follows the value; byte offset.
    Syntax(usize),
    /// Deeper than [`MAX_DEPTH`].
    Depth,
}

/// Reads one JSON value. The last of repeated members wins, as RFC 7519 4 allows, and is noted.
pub fn read(bytes: &[u8]) -> Result<(Value, Vec<Oddity>), Broken> {
    let text = std::str::from_utf8(bytes).map_err(|_| Broken::Utf8)?;
    let mut reader = Reader::over(text);
    let value = reader.whole()?;
    Ok((value, reader.odd))
}

/// Texts of what a value can not hold, by path.
pub type Exact = BTreeMap<String, String>;

/// The numbers among [`exact`]; what a value can not hold of a text that is no JSON is nothing.
pub fn numbers(text: &str) -> Exact {
    exact(text)
        .into_iter()
        .filter(|(_, text)| text.starts_with(|letter: char| letter == '-' || letter.is_ascii_digit()))
        .collect()
}

/// The text of every member that a value can not hold exactly, by its path: numbers that are spelled in another way than
/// the value would be written, and everything such a number or a repeated member stands in.
pub fn exact(text: &str) -> Vec<(String, String)> {
    let mut reader = Reader::over(text);
    reader.exact = Some(Vec::new());
    match reader.whole() {
        Ok(_) => reader.exact.unwrap_or_default(),
        Err(_) => Vec::new(),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    path: String,
    odd: Vec<Oddity>,
    /// How many things were met that a value can not hold.
    lost: usize,
    /// Their texts by path, when they are asked for.
    exact: Option<Vec<(String, String)>>,
}

impl<'a> Reader<'a> {
    fn over(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0, path: String::new(), odd: Vec::new(), lost: 0, exact: None }
    }

    fn whole(&mut self) -> Result<Value, Broken> {
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
            self.odd.push(Oddity::ByteOrderMark);
        }
        let value = self.value()?;
        self.space();
        if self.at < self.text.len() { Err(Broken::Syntax(self.at)) } else { Ok(value) }
    }

    /// Notes something odd. A name of a megabyte with a hundred thousand odd members is said once, and not written down that often.
    fn note(&mut self, oddity: impl FnOnce(String) -> Oddity) {
        if self.odd.len() < MOST_ODDITIES {
            let path = crate::bounded::up_to(&self.path, LONGEST_PATH);
            self.odd.push(oddity(path.to_owned()));
        }
    }

    /// Reads the value of a member, and keeps its text when the value is not all of it.
    fn member(&mut self) -> Result<Value, Broken> {
        self.space();
        let (start, lost) = (self.at, self.lost);
        let value = self.value()?;
        if self.lost > lost
            && self.path.len() <= LONGEST_PATH
            && let Some(exact) = &mut self.exact
        {
            exact.push((self.path.clone(), self.text[start..self.at].to_owned()));
        }
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Takes one byte if it is the expected one, after white space.
    fn take(&mut self, byte: u8) -> bool {
        self.space();
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        if self.take(byte) { Ok(()) } else { Err(Broken::Syntax(self.at)) }
    }

    fn value(&mut self) -> Result<Value, Broken> {
        self.space();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => {
                let text = self.string()?;
                self.note_letters(&text);
                Ok(Value::String(text))
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, Broken>) -> Result<Value, Broken> {
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Broken::Depth);
        }
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Value, Broken> {
        let mut members = Map::new();
        if self.take(b'}') {
            return Ok(Value::Object(members));
        }
        let above = self.path.len();
        loop {
            self.space();
            let name = self.string()?;
            self.expect(b':')?;
            if above > 0 {
                self.path.push('.');
            }
            self.path.push_str(&name);
            // After the path has the name: what is said of it has to say which one it is.
            self.note_letters(&name);
            let value = self.member()?;
            if members.insert(name, value).is_some() {
                self.lost += 1;
                self.note(Oddity::Duplicate);
            }
            self.path.truncate(above);
            if !self.take(b',') {
                self.expect(b'}')?;
                return Ok(Value::Object(members));
            }
        }
    }

    fn array(&mut self) -> Result<Value, Broken> {
        let mut members = Vec::new();
        if self.take(b']') {
            return Ok(Value::Array(members));
        }
        let above = self.path.len();
        loop {
            // Writing to a String can not fail.
            let _ = write!(self.path, "[{}]", members.len());
            members.push(self.member()?);
            self.path.truncate(above);
            if !self.take(b',') {
                self.expect(b']')?;
                return Ok(Value::Array(members));
            }
        }
    }

    fn string(&mut self) -> Result<String, Broken> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(Broken::Syntax(start));
        }
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
                None => return Err(Broken::Syntax(start)),
            }
        }
        self.at += 1;
        let slice = self.text.get(start..self.at).ok_or(Broken::Syntax(start))?;
        serde_json::from_str(slice).map_err(|_| Broken::Syntax(start))
    }

    /// Notes what a name or a value holds that is not seen.
    fn note_letters(&mut self, text: &str) {
        if text.chars().any(char::is_control) {
            self.note(Oddity::Control);
        }
        if text.chars().any(is_hidden) {
            self.note(Oddity::Hidden);
        }
    }

    fn number(&mut self) -> Result<Value, Broken> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        let slice = &self.text[start..self.at];
        let number: Number = match serde_json::from_str(slice) {
            Ok(number) => number,
            // Legal JSON, too large for any number type; kept as the text it was.
            Err(error) if error.to_string().starts_with("number out of range") => {
                self.lost += 1;
                let short = crate::bounded::up_to(slice, LONGEST_PATH).to_owned();
                self.note(|path| Oddity::TooLarge(path, short));
                return Ok(Value::String(slice.into()));
            }
            Err(_) => return Err(Broken::Syntax(start)),
        };
        if number.to_string() != slice {
            self.lost += 1;
        }
        if slice.contains(['e', 'E']) {
            let short = crate::bounded::up_to(slice, LONGEST_PATH).to_owned();
            self.note(|path| Oddity::Exponent(path, short));
        } else if number.is_f64() && significant(slice) > 15 {
            let short = crate::bounded::up_to(slice, LONGEST_PATH).to_owned();
            self.note(|path| Oddity::Precision(path, short));
        }
        Ok(Value::Number(number))
    }

    fn word(&mut self) -> Result<Value, Broken> {
        for (word, value) in [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)] {
            if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(Broken::Syntax(self.at))
    }
}

/// Digits that carry information; a double holds 15 of them for certain.
fn significant(number: &str) -> usize {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    if number.contains('.') { digits.len() } else { digits.trim_end_matches('0').len() }
}

/// Characters that reorder text or take no room, so that a value reads as another one.
pub fn is_hidden(letter: char) -> bool {
    !letter.is_control() && crate::shown::is_hidden(letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn oddities(text: &str) -> Vec<Oddity> {
        read(text.as_bytes()).map(|(_, odd)| odd).unwrap_or_default()
    }

    #[test]
    fn oddities_name_their_path() {
        let check = |text: &str, expected: Oddity| assert_eq!(oddities(text), [expected], "{text}");
        check(r#"{"sub":"a","sub":"b"}"#, Oddity::Duplicate("sub".into()));
        check(r#"{"a":{"b":1,"b":2}}"#, Oddity::Duplicate("a.b".into()));
        check(r#"{"a":[0,12345678901234567890123]}"#, Oddity::Precision("a[1]".into(), "12345678901234567890123".into()));
        check(r#"{"exp":1e400}"#, Oddity::TooLarge("exp".into(), "1e400".into()));
        check(r#"{"exp":1.8e9}"#, Oddity::Exponent("exp".into(), "1.8e9".into()));
        check(r#"{"name":"a\u0000b"}"#, Oddity::Control("name".into()));
        check("{\"name\":\"a\u{202e}b\"}", Oddity::Hidden("name".into()));
        check("{\"a\u{202e}b\":1}", Oddity::Hidden("a\u{202e}b".into()));
        check("{\"a\":{\"\u{200b}b\":1}}", Oddity::Hidden("a.\u{200b}b".into()));
        check(r#"{"a\u0000":1}"#, Oddity::Control("a\u{0}".into()));
        check("\u{feff}{}", Oddity::ByteOrderMark);
        assert_eq!(oddities(r#"{"exp":1800000000.375,"n":18446744073709551615,"z":1000000000000000000000}"#), []);
    }

    #[test]
    fn broken_texts_say_where() {
        assert_eq!(read(b"\xff").unwrap_err(), Broken::Utf8);
        assert_eq!(read(b"{\"a\":1,}").unwrap_err(), Broken::Syntax(7));
        assert_eq!(read(b"{} x").unwrap_err(), Broken::Syntax(3));
        assert_eq!(read(b"").unwrap_err(), Broken::Syntax(0));
        assert_eq!(read("[".repeat(10_000).as_bytes()).unwrap_err(), Broken::Depth);
        let (value, odd) = read(b"{\"n\":1e999}").unwrap();
        assert_eq!(value["n"], "1e999");
        assert_eq!(odd, [Oddity::TooLarge("n".into(), "1e999".into())]);
    }

    #[test]
    fn what_a_value_can_not_hold_keeps_its_text() {
        let text = r#"{"big":12345678901234567890123,"a":{"b":[1, 1.50],"c":1},"twice":{"x":1,"x":2},"exp":1.8e9,"n":7}"#;
        let expected = [
            ("big", "12345678901234567890123"),
            ("a.b[1]", "1.50"),
            ("a.b", "[1, 1.50]"),
            ("a", r#"{"b":[1, 1.50],"c":1}"#),
            ("twice", r#"{"x":1,"x":2}"#),
            ("exp", "1.8e9"),
        ];
        assert_eq!(exact(text), expected.map(|(path, text)| (path.to_owned(), text.to_owned())));
        assert!(exact("{broken").is_empty());
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((".{0,4}", inner), 0..4).prop_map(|all| Value::Object(all.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_what_serde_json_reads(value in any_json()) {
            let text = value.to_string();
            let expected: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(read(text.as_bytes()).unwrap().0, expected);
        }

        #[test]
        fn refuses_what_serde_json_refuses(text in r#"[\{\}\[\]",:0-9eE.\-+tfnul \\]{0,24}"#) {
            let expected: Result<Value, _> = serde_json::from_str(&text);
            let huge = expected.as_ref().err().is_some_and(|error| error.to_string().starts_with("number out of range"));
            prop_assert_eq!(read(text.as_bytes()).is_ok(), expected.is_ok() || huge);
        }
    }
}
