//! What a text or a run of octets is, when it might be taken for a shared secret: a public key, a private one, or neither.
//!
//! The classic forgery signs with HMAC and takes the issuer's public key for the secret, because everybody has that (RFC 8725
//! 2.1). So a key is told by what it is and not by how it was pasted: PEM with whatever line breaks, DER in base64 or hex, a
//! certificate, a JWK, a line for SSH, and each of these in base64 once more. None of them is ever a secret.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::{Map, Value};
use x509_parser::{
    certificate::X509Certificate, certification_request::X509CertificationRequest, prelude::FromDer as _,
    public_key::RSAPublicKey, x509::SubjectPublicKeyInfo,
};

use super::{
    loosely,
    material::{Material, spki, trim},
    nested::{first_text, jwks},
};
use crate::decode::json::{self, Oddity};

/// What a text turned out to be.
#[derive(Clone)]
pub enum Recognised {
    /// Public keys, as they stand in it.
    Public(Vec<Material>),
    /// JSON with keys in it, which says more than the numbers.
    Json(Map<String, Value>),
    /// A private key; its DER where it is one.
    Private(Option<(String, Vec<u8>)>),
    /// A key or another structure that is known by its form and can not be used; a sentence.
    Other(String),
}

/// Wrappings are taken off this many times: base64 of base64 of PEM is as far as people get.
const LAYERS: usize = 3;
/// Longer texts are no secrets anybody types, and no keys.
const LONGEST: usize = 256 * 1024;

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true).with_decode_padding_mode(DecodePaddingMode::Indifferent);
const URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// What the text is, if it is no ordinary text.
pub fn recognise(text: &str) -> Option<Recognised> {
    octets(text.as_bytes(), LAYERS)
}

/// What the octets are, if they are anything but random or ordinary text.
pub(crate) fn recognise_octets(bytes: &[u8]) -> Option<Recognised> {
    octets(bytes, LAYERS)
}

fn octets(bytes: &[u8], layers: usize) -> Option<Recognised> {
    if bytes.len() > LONGEST {
        return Some(Recognised::Other("The text is too long to be a secret or a key.".into()));
    }
    if let Some(found) = binary(bytes) {
        return Some(found);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => utf16(bytes)?,
    };
    let text = loosely::plain(&text);
    // Lines of a PEM that were written into an address.
    let text = if text.contains("BEGIN%20") { percent(&text) } else { text };
    let text = text.trim().trim_matches(['"', '\'', '`', ',', ';']).trim();
    if let Some(found) = lines(text).or_else(|| json_text(text, layers)).or_else(|| putty(text)).or_else(|| ssh_line(text)) {
        return Some(found);
    }
    let next = layers.checked_sub(1)?;
    unwrapped(text)
        .into_iter()
        .find_map(|inner| octets(&inner, next))
        .or_else(|| if layers == LAYERS { among(text) } else { None })
}

/// A key between other words, in whatever notation.
fn among(text: &str) -> Option<Recognised> {
    if let Some((material, private)) = loosely::rsa_of_xml(text) {
        return Some(if private { Recognised::Private(None) } else { Recognised::Public(vec![material]) });
    }
    let json = |text: &str| loosely::between(text).and_then(|(value, _)| jwks(&value, NESTED));
    json(text)
        .or_else(|| json(&loosely::relaxed(text)?))
        .map(Recognised::Json)
        .or_else(|| between(text))
        .or_else(|| binary(&loosely::der_among(text)?))
}

/// Texts of two octets a letter, as some editors save them.
fn utf16(bytes: &[u8]) -> Option<String> {
    let unit = match bytes.get(..2)? {
        [0xff, 0xfe] => u16::from_le_bytes,
        [0xfe, 0xff] => u16::from_be_bytes,
        _ => return None,
    };
    let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16(&units).ok()
}

/// The octets a text stands for by its spelling.
fn unwrapped(text: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let bare: String = text.replace("\\n", "").replace("\\r", "").chars().filter(|letter| !letter.is_whitespace()).collect();
    let bare = if bare.contains('%') { percent(&bare) } else { bare };
    let hex: String = bare.chars().filter(|letter| *letter != ':').collect();
    let hex = hex.strip_prefix("0x").or_else(|| hex.strip_prefix("0X")).unwrap_or(&hex);
    if hex.len() >= 16 && hex.len().is_multiple_of(2) && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or_default();
        found.push(hex.as_bytes().chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect());
    }
    let url = bare.replace('+', "-").replace('/', "_");
    // What ends a data address stands before its base64.
    let url = url.rsplit_once("base64,").map_or(url.as_str(), |(_, rest)| rest);
    if url.len() >= 16
        && let Ok(bytes) = URL.decode(url.trim_end_matches('='))
    {
        found.push(bytes);
    }
    found
}

fn percent(text: &str) -> String {
    let pairs = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(pairs.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// DER and the binary form of SSH keys.
fn binary(bytes: &[u8]) -> Option<Recognised> {
    if let Some(found) = ssh(bytes) {
        return Some(found);
    }
    // An uncompressed point of a curve (SEC 1 2.3.3).
    if let (Some(4), Some(curve)) = (bytes.first(), curve_of(bytes.len())) {
        let material = Material::Ec { curve, point: bytes.to_vec() };
        if super::vet::flaw(&material).is_none() {
            return Some(Recognised::Public(vec![material]));
        }
    }
    let content = der(bytes, 0x30)?;
    let whole = |rest: &[u8]| rest.is_empty();
    let public = |material: Result<Material, String>| match material {
        Ok(material) => Recognised::Public(vec![material]),
        Err(reason) => Recognised::Other(reason),
    };
    if let Ok((rest, certificate)) = X509Certificate::from_der(bytes)
        && whole(rest)
    {
        return Some(public(spki(certificate.public_key())));
    }
    if let Ok((rest, info)) = SubjectPublicKeyInfo::from_der(bytes)
        && whole(rest)
    {
        return Some(public(spki(&info)));
    }
    if let Ok((rest, request)) = X509CertificationRequest::from_der(bytes)
        && whole(rest)
    {
        return Some(public(spki(&request.certification_request_info.subject_pki)));
    }
    // PKCS #1: two numbers and nothing else.
    if let Ok((rest, rsa)) = RSAPublicKey::from_der(bytes)
        && whole(rest)
        && rsa.modulus.len() >= 64
    {
        return Some(Recognised::Public(vec![Material::Rsa { n: trim(rsa.modulus), e: trim(rsa.exponent) }]));
    }
    if let Some(label) = private(content) {
        return Some(Recognised::Private(Some((label.to_owned(), bytes.to_vec()))));
    }
    // DER to its last octet that starts with another piece of DER is no accident of a random secret.
    (bytes.len() >= 40 && piece(content).is_some())
        .then(|| Recognised::Other("This is a DER structure and no secret, and none of the keys that can be used here.".into()))
}

fn curve_of(length: usize) -> Option<&'static str> {
    match length {
        65 => Some("P-256"),
        97 => Some("P-384"),
        133 => Some("P-521"),
        _ => None,
    }
}

/// The kind of private key a DER sequence holds: PKCS #8, PKCS #1, SEC 1 or an encrypted one.
fn private(content: &[u8]) -> Option<&'static str> {
    let (tag, first, rest) = piece(content)?;
    let (next, body, after) = piece(rest)?;
    match (tag, first, next) {
        (2, [0 | 1], 0x30) if piece(after).is_some_and(|(tag, ..)| tag == 4) => Some("PRIVATE KEY"),
        (2, [0 | 1], 2) if body.len() >= 64 => Some("RSA PRIVATE KEY"),
        (2, [1], 4) => Some("EC PRIVATE KEY"),
        (0x30, _, 4) if first.starts_with(&[6]) && after.is_empty() => Some("ENCRYPTED PRIVATE KEY"),
        _ => None,
    }
}

/// Content of a DER value that fills the octets exactly.
fn der(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let (found, content, rest) = piece(bytes)?;
    (found == tag && rest.is_empty()).then_some(content)
}

/// Tag, content and what follows of the first DER value.
fn piece(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        length @ ..=0x7f => (usize::from(*length), rest),
        count @ 0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(count - 0x80))?;
            (digits.iter().fold(0_usize, |sum, digit| sum << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

/// The binary form of an SSH public key (RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4), or an OpenSSH private key.
fn ssh(bytes: &[u8]) -> Option<Recognised> {
    if bytes.starts_with(b"openssh-key-v1\0") {
        return Some(Recognised::Private(None));
    }
    let (kind, rest) = field(bytes)?;
    let kind = std::str::from_utf8(kind).ok()?;
    let material = match kind {
        "ssh-rsa" => {
            let (e, rest) = field(rest)?;
            let (n, _) = field(rest)?;
            Some(Material::Rsa { n: trim(n), e: trim(e) })
        }
        "ssh-ed25519" => Some(Material::Ed25519(field(rest)?.0.to_vec())),
        "ecdsa-sha2-nistp256" | "ecdsa-sha2-nistp384" | "ecdsa-sha2-nistp521" => {
            let (_, rest) = field(rest)?;
            let (point, _) = field(rest)?;
            curve_of(point.len()).map(|curve| Material::Ec { curve, point: point.to_vec() })
        }
        _ if is_ssh(kind) => None,
        _ => return None,
    };
    Some(match material {
        Some(material) => Recognised::Public(vec![material]),
        None => Recognised::Other("This is an SSH key of a kind that can not be used here. RSA, EC and Ed25519 keys can.".into()),
    })
}

fn is_ssh(kind: &str) -> bool {
    ["ssh-rsa", "ssh-dss", "ssh-ed25519", "ssh-ed448", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "rsa-sha2-"]
        .iter()
        .any(|known| kind.starts_with(known))
}

/// A field of SSH: its length in four octets, then its content.
fn field(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_at_checked(4)?;
    let length = u32::from_be_bytes(length.try_into().ok()?);
    rest.split_at_checked(usize::try_from(length).ok()?)
}

/// A private key as PuTTY saves it.
fn putty(text: &str) -> Option<Recognised> {
    text.starts_with("PuTTY-User-Key-File").then_some(Recognised::Private(None))
}

/// A line of `authorized_keys` or `known_hosts`: the kind, then base64.
fn ssh_line(text: &str) -> Option<Recognised> {
    let mut words = text.split_whitespace();
    let kind = words.find(|word| is_ssh(word))?;
    let rest: String = words.collect();
    // A comment after the key is letters of base64 too, so the fields say where it ends.
    let bytes = URL.decode(rest.split('=').next()?.replace('+', "-").replace('/', "_")).ok();
    let first = text.split_whitespace().skip_while(|word| *word != kind).nth(1).unwrap_or_default();
    let alone = URL.decode(first.trim_end_matches('=').replace('+', "-").replace('/', "_")).ok();
    alone
        .as_deref()
        .and_then(ssh)
        .or_else(|| bytes.as_deref().and_then(ssh))
        .or_else(|| Some(Recognised::Other("This is an SSH key that can not be read. Copy the whole line.".into())))
}

/// Dashes as they are typed, and as word processors make them.
fn dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' | '\u{2501}')
}

/// Where a word stands that dashes lead up to, from an offset on.
fn after_dashes(text: &str, from: usize, word: &str) -> Option<usize> {
    let upper = text.get(from..)?;
    upper.match_indices(word).map(|(at, _)| from + at).find(|at| text[..*at].trim_end().ends_with(dash))
}

/// PEM (RFC 7468), also where its line breaks were lost, and the SSH form that looks like it (RFC 4716).
fn lines(text: &str) -> Option<Recognised> {
    // Of the same length, so that places in one are places in the other.
    let upper = text.to_ascii_uppercase();
    after_dashes(&upper, 0, "BEGIN")?;
    let broken = || {
        Some(Recognised::Other(
            "The PEM text breaks off. Copy everything from -----BEGIN to the end of the -----END line.".into(),
        ))
    };
    let mut keys = Vec::new();
    let mut at = 0;
    while let Some(begin) = after_dashes(&upper, at, "BEGIN").map(|found| found + "BEGIN".len()) {
        let Some(label_end) = upper[begin..].find(dash).map(|found| begin + found) else { return broken() };
        let label = upper[begin..label_end].split_whitespace().collect::<Vec<_>>().join(" ");
        let body_start = text.len() - text[label_end..].trim_start_matches(dash).len();
        let end = after_dashes(&upper, body_start, "END");
        if label.contains("PRIVATE") {
            let der = end.and_then(|end| body(&text[body_start..end]));
            return Some(Recognised::Private(der.map(|der| (label, der))));
        }
        let Some(end) = end else { return broken() };
        match body(&text[body_start..end]).as_deref().and_then(binary) {
            Some(Recognised::Public(found)) => keys.extend(found),
            Some(other) => return Some(other),
            None if label.contains("PARAMETERS") => {}
            None => {
                return Some(Recognised::Other(match label.as_str() {
                    "PUBLIC KEY" => "The text says it is a public key, but its content can not be read.".into(),
                    "RSA PUBLIC KEY" => "The text says it is an RSA public key, but its content can not be read.".into(),
                    "CERTIFICATE" => "The text says it is a certificate, but its content can not be read.".into(),
                    label => format!(
                        "A PEM block of kind {} is no key that verifies. Paste a PUBLIC KEY or a CERTIFICATE.",
                        crate::shown::shown(label)
                    ),
                }));
            }
        }
        at = end;
    }
    (!keys.is_empty()).then_some(Recognised::Public(keys))
}

/// The octets of a PEM body; header lines (RFC 1421, RFC 4716) are left out.
fn body(text: &str) -> Option<Vec<u8>> {
    let plain = text.trim_end().trim_end_matches(dash).replace("\\r", "").replace("\\n", "\n");
    let base64: String = plain
        .lines()
        .filter(|line| !line.contains(':'))
        .map(between_quotes)
        .flat_map(str::chars)
        .filter(|letter| letter.is_ascii_alphanumeric() || "+/-_".contains(*letter))
        .map(|letter| match letter {
            '+' => '-',
            '/' => '_',
            other => other,
        })
        .collect();
    URL.decode(base64).ok().filter(|bytes| !bytes.is_empty())
}

/// What stands in the quotes of a line of code; any other line as it is.
fn between_quotes(line: &str) -> &str {
    let Some(from) = line.find(['"', '\'']) else { return line };
    match line.rfind(['"', '\'']).filter(|to| *to > from) {
        Some(to) => &line[from + 1..to],
        // The other quote stood in another line, behind an escaped line break.
        None if line[from + 1..].trim_matches([' ', '+', '.', '&', '\\', ';', ',', ')']).is_empty() => &line[..from],
        None => &line[from + 1..],
    }
}

/// A JWK, a set of them, or a text in JSON that is one of the other forms.
fn json_text(text: &str, layers: usize) -> Option<Recognised> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    // As a string of other JSON, every quote of it is escaped.
    let read = read_json(text).or_else(|| {
        let inner: String = text.contains("\\\"").then(|| serde_json::from_str(&format!("\"{text}\"")).ok()).flatten()?;
        read_json(&inner)
    });
    let value = read?.0;
    if let Some(object) = jwks(&value, NESTED) {
        return Some(Recognised::Json(object));
    }
    let Value::Object(object) = value else { return None };
    // Keycloak names its key public_key, a JWK thumbprint set x5c; whatever the member is called, the key is the key.
    let next = layers.checked_sub(1)?;
    object.values().take(64).filter_map(first_text).find_map(|text| octets(text.as_bytes(), next))
}

/// A set of keys is looked for this many levels deep.
const NESTED: usize = 4;

/// How a text is no JSON by the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repaired {
    /// It is JSON.
    No,
    /// A comma was taken out that nothing followed.
    Comma,
    /// Comments, quotes or names of another notation were put right.
    Notation,
}

/// JSON, also with a comma before a closing bracket, and as programs write it; what was put right.
pub(super) fn read_json(text: &str) -> Option<(Value, Vec<Oddity>, Repaired)> {
    if let Ok((value, odd)) = json::read(text.as_bytes()) {
        return Some((value, odd, Repaired::No));
    }
    if let Some((value, odd)) = without_commas(text).and_then(|text| json::read(text.as_bytes()).ok()) {
        return Some((value, odd, Repaired::Comma));
    }
    let relaxed = loosely::relaxed(text);
    let relaxed = relaxed.as_deref().unwrap_or(text);
    let read = |text: &str| json::read(text.as_bytes()).ok().or_else(|| json::read(without_commas(text)?.as_bytes()).ok());
    let (value, odd) = read(relaxed).or_else(|| loosely::between(relaxed))?;
    Some((value, odd, Repaired::Notation))
}

/// The text without commas that nothing follows; none where there are none.
fn without_commas(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut quoted, mut escaped, mut found) = (false, false, false);
    // Where a comma stands in `out` that only white space followed so far.
    let mut comma: Option<usize> = None;
    for letter in text.chars() {
        if quoted {
            quoted = escaped || letter != '"';
            escaped = letter == '\\' && !escaped;
        } else if letter == ',' {
            // After an opening bracket it is no comma too many, and the text is broken.
            comma = (!out.trim_end().ends_with(['[', '{', ',', ':'])).then_some(out.len());
        } else if matches!(letter, ']' | '}') {
            if let Some(at) = comma.take() {
                out.replace_range(at..=at, " ");
                found = true;
            }
        } else if !letter.is_whitespace() {
            comma = None;
            quoted = letter == '"';
        }
        out.push(letter);
    }
    // Copied out of a longer text, the comma comes along.
    let cut = out.trim_end().trim_end_matches([',', ';']);
    if cut.len() < out.trim_end().len() {
        out.truncate(cut.len());
        found = true;
    }
    found.then_some(out)
}

/// A key in base64 between other words, as `publicKey: MIIB…` or in an element of XML. DER of this size begins with these letters.
fn between(text: &str) -> Option<Recognised> {
    text.split(|letter: char| !(letter.is_ascii_alphanumeric() || "+/=-_".contains(letter)))
        .filter_map(|word| word.find("MI").map(|at| &word[at..]))
        .filter(|word| word.len() >= 100 && word.len() < text.len())
        .take(8)
        .find_map(|word| unwrapped(word).iter().find_map(|bytes| binary(bytes)))
}
