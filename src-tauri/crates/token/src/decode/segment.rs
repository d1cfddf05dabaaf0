//! One base64url segment of a token, read strictly, and leniently where strictness would hide the content.
//!
//! A verifier must refuse padding, the standard alphabet and unused bits (RFC 7515 2 and Appendix C), while
//! a person who pasted such a token still wants to see what is in it. So both answers are given.

use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::URL_SAFE_NO_PAD},
};

/// What is wrong with the encoding of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// `=` at the end.
    Padding,
    /// `+` or `/` of the standard alphabet.
    Alphabet,
    /// White space inside.
    Space,
    /// The last character carries bits that mean nothing.
    LooseBits,
    /// Not base64 in any spelling.
    NotBase64,
}

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true).with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Bytes of a segment as far as they can be read, and the first flaw found.
pub fn read(segment: &str) -> (Option<Vec<u8>>, Option<Flaw>) {
    if let Ok(bytes) = URL_SAFE_NO_PAD.decode(segment) {
        return (Some(bytes), None);
    }
    let flaw = if segment.contains(char::is_whitespace) {
        Flaw::Space
    } else if segment.contains(['+', '/']) {
        Flaw::Alphabet
    } else if segment.contains('=') {
        Flaw::Padding
    } else {
        Flaw::LooseBits
    };
    let repaired: String = segment
        .trim_end_matches('=')
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| match letter {
            '+' => '-',
            '/' => '_',
            other => other,
        })
        .collect();
    match LENIENT.decode(&repaired) {
        Ok(bytes) => (Some(bytes), Some(flaw)),
        Err(_) => (None, Some(Flaw::NotBase64)),
    }
}

/// The octets of a base64url part, whatever is wrong with its spelling.
pub fn bytes_of(part: &str) -> Option<Vec<u8>> {
    read(part).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flaws_are_named_and_the_content_is_read_anyway() {
        let check = |segment: &str, bytes: Option<&[u8]>, flaw: Option<Flaw>| {
            assert_eq!(read(segment), (bytes.map(<[u8]>::to_vec), flaw), "{segment}");
        };
        check("Zm9v", Some(b"foo"), None);
        check("Zm8", Some(b"fo"), None);
        check("Zm8=", Some(b"fo"), Some(Flaw::Padding));
        check("Zm9", Some(b"fo"), Some(Flaw::LooseBits));
        check("Zm 9v", Some(b"foo"), Some(Flaw::Space));
        check("-_8", Some(&[0xfb, 0xff]), None);
        check("+/8", Some(&[0xfb, 0xff]), Some(Flaw::Alphabet));
        check("Zm9?", None, Some(Flaw::NotBase64));
        check("Z", None, Some(Flaw::NotBase64));
        check("", Some(b""), None);
    }
}
