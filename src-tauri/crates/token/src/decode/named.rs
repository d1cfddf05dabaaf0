//! Formats of tokens that are no JWT and that are told by their structure: named, and not decoded.
//!
//! A person who pasted one wants to hear what it is and who reads it. The structure is looked at, not only the first letters,
//! since base64 begins with any letters by chance.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Longer texts are no tokens of these formats.
const LONGEST: usize = 64 * 1024;

/// A format by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Id of the finding.
    pub id: &'static str,
    /// Name of the format.
    pub title: &'static str,
    /// One sentence for people.
    pub detail: &'static str,
}

const PASETO_PUBLIC: Named = Named {
    id: "paseto",
    title: "PASETO",
    detail: "It is a PASETO: signed like a JWT, in another format that is not read here.",
};
const PASETO_LOCAL: Named =
    Named { id: "paseto", title: "PASETO", detail: "It is an encrypted PASETO, a format that is not read here." };
const BISCUIT: Named = Named {
    id: "biscuit",
    title: "Biscuit",
    detail: "It is a Biscuit: blocks of Datalog, each signed over the one before, in a format that is not read here. The biscuit command shows it.",
};
const MACAROON: Named = Named {
    id: "macaroon",
    title: "Macaroon",
    detail: "It is a Macaroon: caveats under a chain of HMACs, which only its issuer can check. The format is not read here.",
};

/// What the text is, if it is one of them.
pub fn format(text: &str) -> Option<Named> {
    if text.len() > LONGEST {
        return None;
    }
    if let Some(public) = paseto(text) {
        return Some(if public { PASETO_PUBLIC } else { PASETO_LOCAL });
    }
    let bytes = octets(text.strip_prefix("biscuit:").or_else(|| text.strip_prefix("pypi-")).unwrap_or(text))?;
    if is_macaroon(&bytes) {
        return Some(MACAROON);
    }
    is_biscuit(&bytes).then_some(BISCUIT)
}

/// Version, purpose, payload and an optional footer; whether the purpose is public.
fn paseto(text: &str) -> Option<bool> {
    let rest = ["v1.", "v2.", "v3.", "v4."].iter().find_map(|version| text.strip_prefix(version))?;
    let (purpose, payload) = rest.split_once('.')?;
    let url = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte));
    let fits = payload.split('.').count() <= 2 && payload.split('.').all(url);
    match purpose {
        "public" if fits => Some(true),
        "local" if fits => Some(false),
        _ => None,
    }
}

fn octets(text: &str) -> Option<Vec<u8>> {
    if text.len() < 40 || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte)) {
        return None;
    }
    LENIENT.decode(text.replace('+', "-").replace('/', "_").trim_end_matches('=')).ok()
}

/// The binary forms of a Macaroon, version 1 (lines with a length in hexadecimal) and version 2 (fields with types).
fn is_macaroon(bytes: &[u8]) -> bool {
    first_version(bytes) || second_version(bytes)
}

fn first_version(bytes: &[u8]) -> bool {
    let (mut rest, mut names) = (bytes, 0_usize);
    while !rest.is_empty() {
        let Some(length) = rest.get(..4).and_then(|digits| std::str::from_utf8(digits).ok()) else { return false };
        let Ok(length) = usize::from_str_radix(length, 16) else { return false };
        let Some(packet) = rest.get(4..length) else { return false };
        let name = packet.split(|byte| *byte == b' ').next().unwrap_or_default();
        let known: [&[u8]; 6] = [b"location", b"identifier", b"cid", b"vid", b"cl", b"signature"];
        if !known.contains(&name) {
            return false;
        }
        names += usize::from(name == b"identifier" || name == b"signature");
        rest = &rest[length..];
    }
    names >= 2
}

/// Optional location (1), identifier (2), end of section, caveats, end, signature (6) of 32 octets.
fn second_version(bytes: &[u8]) -> bool {
    let Some((2, mut rest)) = bytes.split_first().map(|(first, rest)| (*first, rest)) else { return false };
    let (mut identifiers, mut last) = (0_usize, 0_u8);
    while let Some((kind, after)) = rest.split_first() {
        if *kind == 0 {
            rest = after;
            continue;
        }
        let Some((length, after)) = varint(after) else { return false };
        if !matches!(kind, 1 | 2 | 4 | 6) || after.len() < length || last == 6 || (*kind == 6 && length != 32) {
            return false;
        }
        identifiers += usize::from(*kind == 2);
        last = *kind;
        rest = &after[length..];
    }
    identifiers >= 1 && last == 6
}

/// The outer message of a Biscuit: an authority block that is signed, and a proof.
fn is_biscuit(bytes: &[u8]) -> bool {
    let Some(fields) = message(bytes) else { return false };
    let block = |number: u64| fields.iter().filter(|field| field.0 == number).filter_map(|field| field.1).collect::<Vec<_>>();
    let (authority, proof) = (block(2), block(4));
    let ([authority], [proof]) = (authority.as_slice(), proof.as_slice()) else { return false };
    let Some(signed) = message(authority) else { return false };
    let signature = |number: u64, lengths: std::ops::RangeInclusive<usize>| {
        signed.iter().any(|field| field.0 == number && field.1.is_some_and(|content| lengths.contains(&content.len())))
    };
    signature(1, 1..=LONGEST) && signature(2, 30..=80) && signature(3, 60..=80) && message(proof).is_some()
}

/// Number and content of a field; no content for a number.
type Numbered<'a> = (u64, Option<&'a [u8]>);

/// Numbers and contents of the fields of a protocol buffers message; no content for a number.
fn message(mut bytes: &[u8]) -> Option<Vec<Numbered<'_>>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let (tag, rest) = varint(bytes)?;
        let number = u64::try_from(tag >> 3).ok().filter(|number| (1..=16).contains(number))?;
        match tag & 7 {
            0 => {
                bytes = varint(rest)?.1;
                fields.push((number, None));
            }
            2 => {
                let (length, rest) = varint(rest)?;
                let (content, after) = rest.split_at_checked(length)?;
                fields.push((number, Some(content)));
                bytes = after;
            }
            _ => return None,
        }
    }
    (!fields.is_empty()).then_some(fields)
}

fn varint(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_usize;
    for (at, byte) in bytes.iter().take(5).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

    use super::*;

    fn id(text: &str) -> &'static str {
        format(text).map_or("", |named| named.id)
    }

    /// Packets of the first version.
    fn packets(list: &[(&str, &[u8])]) -> Vec<u8> {
        list.iter()
            .flat_map(|(name, value)| {
                let length = 4 + name.len() + 1 + value.len() + 1;
                [format!("{length:04x}{name} ").as_bytes(), value, b"\n"].concat()
            })
            .collect()
    }

    /// A field of a protocol buffers message.
    fn field(number: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let low = u8::try_from(length & 0x7f).unwrap();
        let length = if length < 128 { vec![low] } else { vec![low | 0x80, u8::try_from(length >> 7).unwrap()] };
        [vec![number << 3 | 2], length, content.to_vec()].concat()
    }

    fn biscuit() -> Vec<u8> {
        let key = [vec![8, 0], field(2, &[7; 32])].concat();
        let authority = [field(1, b"datalog, in its own encoding"), field(2, &key), field(3, &[9; 64])].concat();
        [field(2, &authority), field(4, &field(1, &[5; 32]))].concat()
    }

    #[test]
    fn formats_are_told_by_their_structure() {
        for text in ["v1.public.eyJzdWIiOiJhIn0", "v2.local.AAAA", "v3.public.AAAA.Zm9v", "v4.local.AAAA", "v4.public.eyJ9AAAA"] {
            assert_eq!(id(text), "paseto", "{text}");
        }
        let first = packets(&[
            ("location", b"https://a.test"),
            ("identifier", b"key 1"),
            ("cid", b"time < 2030"),
            ("signature", &[3; 32]),
        ]);
        let second = [&[2, 1, 4][..], b"here", &[2, 3], b"abc", &[0, 2, 5], b"x = 1", &[0, 0, 6, 32], &[4; 32]].concat();
        let bare = [&[2, 2, 3][..], b"abc", &[0, 0, 6, 32], &[4; 32]].concat();
        for text in [
            URL_SAFE_NO_PAD.encode(&first),
            STANDARD.encode(&first),
            URL_SAFE.encode(&second),
            format!("pypi-{}", URL_SAFE_NO_PAD.encode(&second)),
            STANDARD.encode(&bare),
        ] {
            assert_eq!(id(&text), "macaroon", "{text}");
        }
        let rooted = [vec![8, 1], biscuit()].concat();
        for text in [
            URL_SAFE.encode(biscuit()),
            URL_SAFE_NO_PAD.encode(biscuit()),
            format!("biscuit:{}", URL_SAFE.encode(biscuit())),
            URL_SAFE_NO_PAD.encode(&rooted),
            STANDARD.encode(&rooted),
        ] {
            assert_eq!(id(&text), "biscuit", "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_them_is_not_named() {
        let cut = biscuit();
        for text in [
            "v4.example.org".to_owned(),
            "v5.public.AAAA".to_owned(),
            "v1.public.".to_owned(),
            "v1.local.a b".to_owned(),
            "v2.public.A.B.C.D".to_owned(),
            URL_SAFE.encode(&cut[..cut.len() - 3]),
            URL_SAFE.encode([2; 60]),
            STANDARD.encode(b"0021location https://a.test, and then something else that is too long"),
            "MDAyMWxvY2F0aW9uIG".to_owned(),
            "EnEKBwoFAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
            "a".repeat(100_000),
        ] {
            assert_eq!(id(&text), "", "{text}");
        }
    }
}
