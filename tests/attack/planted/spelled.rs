//! How one text can be written, for planting it and for finding it again.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};

/// A way of writing a text.
#[derive(Clone, Copy)]
pub struct Spelling {
    pub name: &'static str,
    pub write: fn(&str) -> String,
}

/// The ways a server may write a secret.
pub const ALL: &[Spelling] = &[
    Spelling { name: "itself", write: str::to_owned },
    Spelling { name: "percent, large", write: |text| percent(text, false) },
    Spelling { name: "percent, small", write: |text| percent(text, true) },
    Spelling { name: "percent, mixed", write: mixed },
    Spelling { name: "percent of every byte", write: |text| text.bytes().map(|byte| format!("%{byte:02x}")).collect() },
    Spelling { name: "a form", write: |text| percent(text, false).replace("%20", "+") },
    Spelling { name: "percent, twice", write: |text| percent(&percent(text, false), true) },
    Spelling { name: "percent, three times", write: |text| percent(&percent(&percent(text, false), true), false) },
    Spelling { name: "base64", write: |text| STANDARD.encode(text) },
    Spelling { name: "base64 without padding", write: |text| STANDARD_NO_PAD.encode(text) },
    Spelling { name: "base64url", write: |text| URL_SAFE.encode(text) },
    Spelling { name: "base64url without padding", write: |text| URL_SAFE_NO_PAD.encode(text) },
    Spelling { name: "user and secret in base64", write: |text| STANDARD.encode(format!("app:{text}")) },
    Spelling {
        name: "client and encoded secret in base64",
        write: |text| STANDARD.encode(format!("my-app:{}", percent(text, false))),
    },
    Spelling { name: "base64 one byte in", write: |text| STANDARD.encode(format!("x{text}zz")) },
    Spelling { name: "base64 two bytes in", write: |text| STANDARD.encode(format!("xy{text}z")) },
    Spelling { name: "base64 of JSON", write: |text| STANDARD.encode(format!("{{\"note\":{}}}", json(text))) },
    Spelling {
        name: "base64 of base64",
        write: |text| STANDARD.encode(format!("auth {}", STANDARD.encode(format!("u:{text}")))),
    },
    Spelling { name: "hex, small", write: |text| text.bytes().map(|byte| format!("{byte:02x}")).collect() },
    Spelling { name: "hex, large", write: |text| text.bytes().map(|byte| format!("{byte:02X}")).collect() },
    Spelling {
        name: "JSON with \\u of every letter",
        write: |text| text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect(),
    },
    Spelling {
        name: "JSON with \\U of large digits",
        write: |text| text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect(),
    },
    Spelling { name: "JSON with \\/", write: |text| json(text).trim_matches('"').replace('/', "\\/") },
    Spelling {
        name: "numbers of characters",
        write: |text| text.chars().map(|letter| format!("&#{};", u32::from(letter))).collect(),
    },
    Spelling {
        name: "hex numbers of characters",
        write: |text| text.chars().map(|letter| format!("&#x{:X};", u32::from(letter))).collect(),
    },
    Spelling { name: "XML", write: xml },
    Spelling { name: "XML in percent", write: |text| percent(&xml(text), false) },
    Spelling { name: "base64, three deep", write: |text| deep(text, 3) },
    Spelling { name: "base64, four deep", write: |text| deep(text, 4) },
    Spelling { name: "backwards", write: |text| text.chars().rev().collect() },
    Spelling { name: "CSS", write: |text| text.chars().map(|letter| format!("\\{:x} ", u32::from(letter))).collect() },
    Spelling {
        name: "JavaScript",
        write: |text| {
            text.chars()
                .enumerate()
                .map(|(at, letter)| match u32::from(letter) {
                    code @ ..=0xFF if at % 2 == 0 => format!("\\x{code:02x}"),
                    code => format!("\\u{{{code:x}}}"),
                })
                .collect()
        },
    },
    Spelling { name: "octal", write: |text| text.bytes().map(|byte| format!("\\{byte:03o}")).collect() },
    Spelling {
        name: "quoted-printable",
        write: |text| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric();
            text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("={byte:02X}") }).collect()
        },
    },
    Spelling {
        name: "UTF-7",
        write: |text| {
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            format!("+{}-", STANDARD_NO_PAD.encode(units))
        },
    },
    Spelling {
        name: "numbers of characters, decimal and hex",
        write: |text| {
            let by_turns = |(at, letter): (usize, char)| match at % 2 {
                0 => format!("&#{};", u32::from(letter)),
                _ => format!("&#x{:x};", u32::from(letter)),
            };
            text.chars().enumerate().map(by_turns).collect()
        },
    },
];

/// Base64 of base64 and so on.
fn deep(text: &str, times: usize) -> String {
    (0..times).fold(text.to_owned(), |text, _| STANDARD.encode(text))
}

fn percent(text: &str, small: bool) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| match byte {
            byte if plain(byte) => char::from(byte).to_string(),
            byte if small => format!("%{byte:02x}"),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// Every other byte escaped, in large and small letters by turns.
fn mixed(text: &str) -> String {
    text.bytes()
        .enumerate()
        .map(|(at, byte)| match at % 3 {
            0 => format!("%{byte:02X}"),
            1 => format!("%{byte:02x}"),
            _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&apos;")
}

/// Everything that may not be found of a planted text: it in every spelling, and its inner part in base64 at all alignments.
pub fn spellings(text: &str) -> Vec<String> {
    let mut all = vec![text.to_owned(), json(text).trim_matches('"').to_owned()];
    all.extend(ALL.iter().map(|spelling| (spelling.write)(text)));
    for before in 0..3 {
        // The first and the last group hold something of what stands around.
        let group = STANDARD_NO_PAD.encode([&vec![b'.'; before][..], text.as_bytes()].concat());
        let inner = group.get(4..group.len() - 4).unwrap_or_default();
        all.push(inner.to_owned());
        all.push(inner.replace('+', "-").replace('/', "_"));
    }
    // Half of it is half a leak.
    let letters: Vec<char> = text.chars().collect();
    for half in letters.chunks(letters.len().div_ceil(2)) {
        all.push(half.iter().collect());
    }
    all.retain(|spelling| spelling.len() >= 8);
    all.sort();
    all.dedup();
    all
}
