//! What mail programs, editors and chats do to a text before it is on the clipboard, taken off before anything is looked for.
//!
//! A mail writes `=` as `=3D` and breaks lines in the middle of a word (quoted-printable, RFC 2045 6.7), a file of two octets a
//! letter is pasted with a NUL beside each, a chat puts invisible letters into long words so that they can be broken. None of
//! that is ever part of a token.

use std::borrow::Cow;

use token::{decode, finding::Finding};

/// A text without what only its way here put into it, and what is to be said of that.
pub(super) struct Clean<'a> {
    pub text: Cow<'a, str>,
    pub notes: Vec<Finding>,
}

/// Takes off what is no part of any text: the octets of UTF-16, marks of the byte order, invisible letters.
pub(super) fn letters(text: &str) -> Clean<'_> {
    let mut notes = Vec::new();
    let mut text = Cow::Borrowed(text);
    // A mark of the byte order (EF BB BF, FF FE, FE FF) that was read in another encoding.
    for mark in ["ï»¿", "ÿþ", "þÿ", "\u{fffd}\u{fffd}"] {
        if let Some(rest) = text.strip_prefix(mark) {
            text = Cow::Owned(rest.to_owned());
            break;
        }
    }
    if text.contains('\0') {
        let detail =
            "Every second octet of the text was zero, as where UTF-16 is read as something else; they are no part of the token.";
        notes.push(decode::note_finding("nul-removed", "Zero octets removed", detail, None));
        text = Cow::Owned(text.replace('\0', ""));
    }
    if text.contains(is_invisible) {
        let detail = "The text had invisible letters in it, as chats and word processors put them into long words; they are no part of the token.";
        notes.push(decode::note_finding("invisible-removed", "Invisible letters removed", detail, Some("RFC 7515 2")));
        text = Cow::Owned(text.chars().filter(|letter| !is_invisible(*letter)).collect());
    }
    if text.contains(is_other_blank) {
        text = Cow::Owned(text.chars().map(|letter| if is_other_blank(letter) { ' ' } else { letter }).collect());
    }
    Clean { text, notes }
}

/// Letters without width, and the hyphen that is only seen at the end of a line.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' | '\u{202a}'..='\u{202e}')
}

fn is_other_blank(letter: char) -> bool {
    matches!(letter, '\u{a0}' | '\u{202f}' | '\u{2007}')
}

/// What a text in quoted-printable says (RFC 2045 6.7); none where it is none.
///
/// Every `=` of such a text is one of its escapes, which no address, no setting and no code holds to.
pub(super) fn quoted_printable(text: &str) -> Option<String> {
    let told = text.contains("quoted-printable");
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let (mut escapes, mut breaks, mut full, mut at, mut line) = (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
    let digit = |at: usize| {
        let byte = *bytes.get(at)?;
        let upper = byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte);
        upper.then(|| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()))?
    };
    while let Some(byte) = bytes.get(at) {
        if *byte != b'=' {
            line = if *byte == b'\n' { 0 } else { line + 1 };
            out.push(*byte);
            at += 1;
            continue;
        }
        if let (Some(high), Some(low)) = (digit(at + 1), digit(at + 2)) {
            out.push(high << 4 | low);
            (at, line, escapes) = (at + 3, line + 3, escapes + 1);
            continue;
        }
        // White space that a mail server put behind the sign goes with it.
        let mut end = at + 1;
        while bytes.get(end).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r')) && end < at + 80 {
            end += 1;
        }
        match bytes.get(end) {
            // Lines are broken where they are full (RFC 2045 6.7: 76 letters); base64 ends with the sign as well.
            Some(b'\n') => {
                breaks += 1;
                full += usize::from((70..=76).contains(&line));
            }
            None => {}
            // In the head of a mail, which is not encoded.
            Some(_) if told => {
                out.push(b'=');
                at += 1;
                continue;
            }
            Some(_) => return None,
        }
        (at, line) = (end + 1, 0);
    }
    if !told && full == 0 && escapes < 2 && (escapes == 0 || breaks == 0) && !text.contains("=3DeyJ") {
        return None;
    }
    let text = String::from_utf8(out).ok()?;
    (!text.contains(|letter: char| letter.is_control() && !letter.is_whitespace())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_is_known_by_every_sign_of_it() {
        let soft = format!("{}=\r\nb", "a".repeat(75));
        assert_eq!(quoted_printable(&soft), Some(format!("{}b", "a".repeat(75))));
        assert_eq!(quoted_printable("a=3D=20b").as_deref(), Some("a= b"));
        assert_eq!(quoted_printable("token=3DeyJx").as_deref(), Some("token=eyJx"));
        assert_eq!(quoted_printable("Content-Transfer-Encoding: quoted-printable\n\na=3Db").map(|text| text.len()), Some(48));
        for other in ["token=3D5a", "a=b", "a=1&b=2", "a==\nb", "id=AB&x=FF", "no sign", "a=\nb", "x=3d"] {
            assert_eq!(quoted_printable(other), None, "{other}");
        }
    }
}
