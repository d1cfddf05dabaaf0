//! Lays JSON out in lines without changing what it says.
//!
//! A JSON text that went through a parser has lost repeated members and digits; a person who inspects a token wants to
//! see, and to copy, what was signed. So only the white space between the parts is touched, and letters that would
//! reorder or hide the text around them are written as escapes, which JSON holds to be the same.

use std::fmt::Write as _;

use super::json::is_hidden;

/// Lays out a text that was read as JSON before.
pub fn laid_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut letters = text.trim_start_matches('\u{feff}').chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' | '\n' | '\r' => {}
            '{' | '[' => {
                out.push(letter);
                while letters.next_if(|next| next.is_ascii_whitespace()).is_some() {}
                if let Some(close) = letters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(letter);
            }
            ',' => {
                out.push(letter);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            '"' => {
                out.push(letter);
                string(&mut letters, &mut out);
            }
            other => out.push(other),
        }
    }
    out
}

/// Copies a string to its closing quote.
fn string(letters: &mut impl Iterator<Item = char>, out: &mut String) {
    while let Some(letter) = letters.next() {
        match letter {
            '"' => return out.push(letter),
            '\\' => {
                out.push(letter);
                out.extend(letters.next());
            }
            // Writing to a String can not fail. A character beyond four digits is a pair of escapes (RFC 8259 7).
            hidden if is_hidden(hidden) || hidden.is_control() => {
                for unit in hidden.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn numbers_repeated_members_and_escapes_stay_as_they_are() {
        let text = "{\"n\":12345678901234567890123, \"a\" : [ ],\"n\":1.50,\"o\":{\"u\":\"\\u00fc\\\"}\",\"b\":\"x\u{202e}y\"}}";
        let expected = "{\n  \"n\": 12345678901234567890123,\n  \"a\": [],\n  \"n\": 1.50,\n  \"o\": {\n    \"u\": \"\\u00fc\\\"}\",\n    \"b\": \"x\\u202ey\"\n  }\n}";
        assert_eq!(laid_out(text), expected);
    }

    proptest! {
        #[test]
        fn says_the_same(name in ".{0,8}", text in ".{0,16}", number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
            let written = serde_json::json!({ name: [text, number, {}, [[]]], "b": { "c": null } }).to_string();
            let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            prop_assert_eq!(read(&laid_out(&written)), read(&written));
        }
    }
}
