//! The sentences of decoding: every remark about the spelling of a token stands here.

use super::{
    json::{Broken, MAX_DEPTH, Oddity},
    segment::Flaw,
};
use crate::{
    finding::Finding,
    shown::{made_visible, shown},
};

/// A remark that nothing follows from.
pub fn note(id: &str, title: &str, detail: &str, rfc: Option<&str>) -> Finding {
    Finding::note(id, title, detail, rfc)
}

/// A remark a reviewer would ask about.
pub fn warning(id: &str, title: &str, detail: &str, rfc: Option<&str>) -> Finding {
    Finding::warning(id, title, detail, rfc)
}

/// A remark for which a conforming receiver refuses the token.
pub fn wrong(id: &str, title: &str, detail: &str, rfc: Option<&str>) -> Finding {
    Finding::error(id, title, detail, rfc)
}

/// A flaw in the base64url text of a part.
pub fn flaw(flaw: Flaw, part: &str) -> Finding {
    let (id, title, what) = match flaw {
        Flaw::Padding => ("base64-padding", "Padding", "ends with =, which base64url in tokens leaves off"),
        Flaw::Alphabet => ("base64-wrong-alphabet", "Wrong alphabet", "uses + or / of standard base64 instead of - and _"),
        Flaw::Space => ("base64-space", "White space inside", "has white space inside"),
        Flaw::LooseBits => {
            ("base64-loose-bits", "Unused bits set", "ends with bits that mean nothing, so two texts stand for one token")
        }
        Flaw::NotBase64 => ("base64-broken", "Not base64", "is not base64url and can not be read"),
    };
    let detail = format!("The {part} {what}. Strict verifiers refuse it.");
    wrong(id, title, &detail, Some("RFC 7515 2"))
}

/// A number that no number type holds. Its value stands as text beside it, and is none.
pub const NUMBER_TOO_LARGE: &str = "number-too-large";

/// A remark on the JSON of `place`, which is `header` or `claims`.
pub fn oddity(oddity: Oddity, place: &str) -> Finding {
    let at = |finding: Finding, path: &str| Finding { path: Some(made_visible(format!("{place}.{path}"))), ..finding };
    match oddity {
        Oddity::ByteOrderMark => {
            let detail = format!("The {place} start with a byte order mark. Many parsers refuse it.");
            warning("payload-bom", "Byte order mark", &detail, Some("RFC 8259 8.1"))
        }
        Oddity::Duplicate(path) => {
            let detail = format!("{} stands twice. The last one is shown; a server may have read the first.", shown(&path));
            at(wrong("duplicate-member", "Member stands twice", &detail, Some("RFC 7519 4")), &path)
        }
        Oddity::Precision(path, text) => {
            let detail = format!(
                "{} is {}, more digits than common parsers keep. Two readers may see two values.",
                shown(&path),
                shown(&text)
            );
            at(warning("number-loses-precision", "Number loses digits", &detail, Some("RFC 8259 6")), &path)
        }
        Oddity::TooLarge(path, text) => {
            let detail = format!(
                "{} is {}, a larger number than common parsers hold. Some refuse the token, others read infinity.",
                shown(&path),
                shown(&text)
            );
            at(wrong(NUMBER_TOO_LARGE, "Number too large", &detail, Some("RFC 8259 6")), &path)
        }
        Oddity::Exponent(path, text) => {
            let detail = format!(
                "{} is written as {}. It is a legal number, and some verifiers can not read it as a time.",
                shown(&path),
                shown(&text)
            );
            at(note("numericdate-exponent", "Number with exponent", &detail, Some("RFC 7519 2")), &path)
        }
        Oddity::Control(path) => {
            let detail = format!("{} holds control characters. They can fool terminals and logs that print it.", shown(&path));
            at(warning("control-chars-in-claim", "Control characters", &detail, Some("RFC 8259 7")), &path)
        }
        Oddity::Hidden(path) => {
            let detail =
                format!("{} holds characters that reorder text or take no room, so it may read as another value.", shown(&path));
            at(warning("hidden-chars-in-claim", "Hidden characters", &detail, Some("Unicode TR 36")), &path)
        }
    }
}

/// Why the `part` is no JSON.
pub fn broken(broken: Broken, part: &str) -> Finding {
    match broken {
        Broken::Utf8 => wrong("invalid-utf8", "Not UTF-8", &format!("The {part} is not UTF-8 text."), Some("RFC 7519 7.2")),
        Broken::Depth => {
            let detail = format!("The {part} nests deeper than {MAX_DEPTH} levels and was not read.");
            wrong("json-too-deep", "Nested too deep", &detail, Some("RFC 8259 9"))
        }
        Broken::Syntax(at) => {
            let detail = format!("The {part} is no JSON: it breaks off at byte {at}.");
            wrong(
                if part == "header" { "header-not-json" } else { "payload-not-json" },
                "Not JSON",
                &detail,
                Some("RFC 7519 7.2"),
            )
        }
    }
}
