//! What a text says once its escapes are taken off: percent encoding, base64, the entities of HTML.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Shortest base64 that is looked into.
const SHORTEST: usize = 16;

/// The text without its percent encoding; none where it has none. A plus stays: in tokens it is one.
pub(super) fn percent(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let (mut at, mut found) = (0, false);
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or_default());
                (at, found) = (at + 3, true);
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    if !found {
        return None;
    }
    Some(String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// The text that base64 stands for, in either alphabet and broken into lines; none where it is none or no text.
pub(super) fn base64_text(text: &str) -> Option<String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte) || byte.is_ascii_whitespace();
    if text.len() < SHORTEST || !text.bytes().all(fits) {
        return None;
    }
    let bare: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| match letter {
            '+' => '-',
            '/' => '_',
            other => other,
        })
        .collect();
    let bytes = LENIENT.decode(bare.trim_end_matches('=')).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let control = |letter: char| letter.is_control() && !letter.is_whitespace();
    (!text.trim().is_empty() && !text.contains(control)).then_some(text)
}

/// The text without the entities of HTML and XML that quotes and ampersands are written in; none where it has none.
pub(super) fn entities(text: &str) -> Option<String> {
    const KNOWN: [(&str, &str); 16] = [
        ("quot;", "\""),
        ("#34;", "\""),
        ("#x22;", "\""),
        ("apos;", "'"),
        ("#39;", "'"),
        ("#x27;", "'"),
        ("amp;", "&"),
        ("#38;", "&"),
        ("#61;", "="),
        ("#x3D;", "="),
        ("#x3d;", "="),
        ("lt;", "<"),
        ("gt;", ">"),
        ("#46;", "."),
        ("#33;", "!"),
        ("nbsp;", " "),
    ];
    let mut out = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        match KNOWN.iter().find(|(name, _)| after.starts_with(name)) {
            Some((name, letter)) => {
                out.push_str(letter);
                (rest, found) = (&after[name.len()..], true);
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_taken_off_and_only_where_they_are() {
        assert_eq!(percent("a%3Db%2Ec+d").as_deref(), Some("a=b.c+d"));
        assert_eq!((percent("100% of it"), percent("%"), percent("%2")), (None, None, None));
        assert_eq!(percent("%ff%41").as_deref(), Some("\u{fffd}A"));
        assert_eq!(base64_text("ZXlKaGJHY2lPaUpTVXpJMU5pSjk=\n").as_deref(), Some("eyJhbGciOiJSUzI1NiJ9"));
        assert_eq!(
            (base64_text("short"), base64_text("AAAAAAAAAAAAAAAAAAAA"), base64_text("not base64 at all!")),
            (None, None, None)
        );
        assert_eq!(entities("a&quot;b&#61;c & d").as_deref(), Some("a\"b=c & d"));
        assert_eq!(entities("a & b &unknown;"), None);
    }
}
