//! What a text is where it is no token: a key, a picture, metadata, a page, the answer of a log in. Said, so that a person knows
//! what is on the clipboard and where it belongs, and so that base64 of something else is no opaque token.

use serde_json::{Map, Value};

use token::{
    bounded,
    decode::{self, json},
    verify::recognise::{Recognised, recognise},
};

const PUBLIC: &str = "This is a public key or a certificate, no token. Use it to verify a token instead.";
const PRIVATE: &str =
    "This is a private key, no token, and nothing of it was kept. Only its owner needs it; do not paste it anywhere.";

/// What a text in one word is, that might be taken for an opaque token.
pub(super) fn word(text: &str) -> Option<&'static str> {
    if let Some(what) = address(text) {
        return Some(what);
    }
    let bare = text.trim_matches(['"', '\'']);
    if let Some(what) = octets(bare) {
        return Some(what);
    }
    if is_code(bare) {
        return Some("This is a name out of a program, no token.");
    }
    let upper = bare.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if upper && bare.len() == 20 && ["AKIA", "ASIA", "AROA", "AIDA"].iter().any(|start| bare.starts_with(start)) {
        return Some("This is the id of an access key of AWS, no token.");
    }
    let country = bare.bytes().take(2).all(|byte| byte.is_ascii_uppercase());
    if upper && country && (15..=34).contains(&bare.len()) && bare.bytes().skip(2).all(|byte| byte.is_ascii_digit()) {
        return Some("This is a number of an account, no token.");
    }
    let colons = bare.bytes().filter(|byte| *byte == b':').count();
    (colons >= 2 && bare.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':'))
        .then_some("This is an address of the network or a fingerprint, no token.")
}

/// A text as a whole, where no token was found in it.
pub(super) fn whole(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN") {
        return Some(if text.contains("PRIVATE KEY-----") {
            PRIVATE
        } else {
            "This is a key or a certificate, no token. Use it to verify a token instead."
        });
    }
    if let Some(found) = json_text(text) {
        return Some(found);
    }
    let small = bounded::up_to(text, 2_000).to_ascii_lowercase();
    if small.starts_with("<!doctype html") || small.contains("<html") {
        return Some(
            "This is a web page, no token: a log in page, or an error where an answer was due. Copy the answer of the request itself.",
        );
    }
    if text.trim_start().starts_with('<') {
        if text.contains("EntityDescriptor") {
            return Some("These are SAML metadata, no token. They name a server and its keys.");
        }
        if text.contains("AuthnRequest") || text.contains("LogoutRequest") {
            return Some("This is a request of SAML, no token. The answer to it, SAMLResponse, carries the assertion.");
        }
    }
    if ["ssh-rsa ", "ssh-ed25519 ", "ssh-dss ", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].iter().any(|kind| small.starts_with(kind))
    {
        return Some("This is an SSH public key, no token. It can verify a token that its private half signed.");
    }
    let header = small.trim_start_matches("proxy-").trim_start_matches("authorization:").trim_start();
    for (scheme, words) in [
        (
            "basic ",
            "This is Basic authentication: a user's or a client's name and password in base64, no token. Copy what the token endpoint answered.",
        ),
        ("digest ", "This is Digest authentication, no token. Copy an Authorization header with Bearer."),
        (
            "negotiate ",
            "This is a ticket of Kerberos or NTLM, no token that is read here. Copy an Authorization header with Bearer.",
        ),
        ("ntlm ", "This is a ticket of NTLM, no token that is read here. Copy an Authorization header with Bearer."),
        ("aws4-hmac-sha256 ", "This is a signature over one request to AWS, no token. Copy an Authorization header with Bearer."),
    ] {
        if header.starts_with(scheme) {
            return Some(words);
        }
    }
    if !text.contains(char::is_whitespace) {
        return word(text);
    }
    None
}

/// Addresses, and those that a log in answers with.
fn address(text: &str) -> Option<&'static str> {
    if text.starts_with("data:") {
        return Some(if text.starts_with("data:image/") {
            "This is an image as a data address, no token."
        } else {
            "This is a file as a data address, no token."
        });
    }
    let query = text.split_once(['?', '#']).filter(|_| text.contains(":/") || text.starts_with(['/', '?', '#']))?.1;
    let has = |name: &str| {
        query
            .split(['&', '#', '?'])
            .any(|pair| pair.split_once('=').is_some_and(|(known, value)| known == name && !value.is_empty()))
    };
    if has("error") {
        return Some("This is the answer to a log in, and it is a refusal: it carries an error and no token.");
    }
    (has("code") && (has("state") || has("session_state") || has("iss"))).then_some(
        "This is the answer to a log in: it carries an authorization code, which only its client can exchange for tokens, and no token. Log in here to get them.",
    )
}

/// Base64 of something that is known by its first octets.
fn octets(text: &str) -> Option<&'static str> {
    if text.len() < 24 || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte)) {
        return None;
    }
    let head = decode::bytes_of(&bounded::up_to(text, 24).replace('+', "-").replace('/', "_"))?;
    let known: [(&[u8], &'static str); 7] = [
        (b"\x89PNG", "This is an image in base64, no token."),
        (b"\xff\xd8\xff", "This is an image in base64, no token."),
        (b"GIF8", "This is an image in base64, no token."),
        (b"<svg", "This is an image in base64, no token."),
        (b"%PDF", "This is a PDF file in base64, no token."),
        (b"PK\x03\x04", "This is a zip file in base64, no token."),
        (b"bplist00", "This is a property list in base64, no token."),
    ];
    if let Some((_, words)) = known.iter().find(|(start, _)| head.starts_with(start)) {
        return Some(words);
    }
    // DER begins with a sequence, and keys in it are longer than any of the letters that begin like that by chance.
    if ["MI", "MF", "MC", "MD", "MH", "LS0tLS", "AAAA"].iter().any(|start| text.starts_with(start)) {
        match recognise(text) {
            Some(Recognised::Private(_)) => return Some(PRIVATE),
            Some(Recognised::Public(_)) => return Some(PUBLIC),
            Some(Recognised::Json(_) | Recognised::Other(_)) | None => {}
        }
    }
    let object = decode::bytes_of(text).and_then(|bytes| match json::read(&bytes) {
        Ok((Value::Object(object), _)) => Some(object),
        _ => None,
    })?;
    Some(if is_header(&object) {
        "This is the header of a JWT alone, the part in front of its first dot. Copy the whole token, with its two dots."
    } else {
        "This is JSON in base64, and no token stands in it. A JWT has two dots; copy it whole."
    })
}

fn is_header(object: &Map<String, Value>) -> bool {
    object.get("alg").is_some_and(Value::is_string) && !object.contains_key("kty") && !object.contains_key("keys")
}

/// JSON that is known by its members.
fn json_text(text: &str) -> Option<&'static str> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let first = values.next()?.ok()?;
    let object = match &first {
        Value::Object(object) => object,
        Value::Array(list) => list.first()?.as_object()?,
        _ => return None,
    };
    let has = |name: &str| object.contains_key(name);
    let key = |key: &Value| key.get("kty").is_some_and(Value::is_string);
    let keys = object.get("keys").and_then(Value::as_array).filter(|keys| keys.iter().any(key));
    if has("kty") || keys.is_some() {
        let all: Vec<&Value> = keys.map_or_else(|| vec![&first], |keys| keys.iter().collect());
        let private = all.iter().any(|key| key.get("d").or_else(|| key.get("k")).is_some_and(Value::is_string));
        return Some(if private {
            "This is a private key or a shared secret as a JWK, no token, and nothing of it was kept. Only its owner needs it; do not paste it anywhere."
        } else {
            "This is a key or a set of keys (JWK), no token. Use it to verify a token instead."
        });
    }
    if has("issuer") && ["authorization_endpoint", "token_endpoint", "jwks_uri"].iter().any(|name| has(name)) {
        return Some("These are a server's metadata, no token. Connect to the issuer they name, or import them as a profile.");
    }
    if has("auth-server-url") || (has("realm") && ["clients", "sslRequired", "enabled"].iter().any(|name| has(name))) {
        return Some("This is a configuration of Keycloak, no token. Import it as a profile.");
    }
    if object.get("error").is_some_and(Value::is_string) {
        return Some(
            "This is a refusal: it has error and no member that carries a token. Copy the answer of a request that was granted.",
        );
    }
    if has("active") && object.get("active").is_some_and(Value::is_boolean) {
        return Some(
            "This is what introspection says of a token, and not the token itself. Copy what was sent to be introspected.",
        );
    }
    let claims = |object: &Map<String, Value>| {
        ["iss", "sub", "aud", "exp", "iat", "nbf", "jti"].iter().filter(|name| object.contains_key(**name)).count() >= 2
    };
    let second = values.next().and_then(Result::ok);
    if claims(object) || (is_header(object) && second.as_ref().and_then(Value::as_object).is_some_and(claims)) {
        return Some(
            "These are the claims of a token as they are shown, not the token itself. Copy it as it was issued, with its two dots.",
        );
    }
    (is_header(object) && object.len() <= 12).then_some(
        "This is the header of a JWT as it is shown, not the token itself. Copy it as it was issued, with its two dots.",
    )
}

/// Whether a text is a name or a path of a program and no random text: words with their digits at the end, one of them such as
/// programs have beside tokens, or three words and more with dots between.
pub(super) fn is_code(text: &str) -> bool {
    // As Java writes an object without a text of its own.
    let hash = |text: &str| (1..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let text = text.rsplit_once('@').filter(|(_, end)| hash(end)).map_or(text, |(name, _)| name);
    let pieces: Vec<&str> = text.split(['.', '_']).filter(|piece| !piece.is_empty()).collect();
    let letter = text.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_' || first == b'$');
    if !letter || text.len() > 120 || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._$".contains(&byte)) {
        return false;
    }
    // Digits stand at the end of a word, and there are few of them.
    let bytes = text.as_bytes();
    let mut run = 0;
    for (at, byte) in bytes.iter().enumerate() {
        run = if byte.is_ascii_digit() { run + 1 } else { 0 };
        let next = bytes.get(at + 1);
        if run > 2 || (run > 0 && next.is_some_and(u8::is_ascii_lowercase)) {
            return false;
        }
    }
    let lower = text.to_ascii_lowercase();
    let known = [
        "token",
        "process.env",
        "config",
        "this.",
        "self.",
        "service",
        "request",
        "response",
        "session",
        "storage",
        "param",
        "credential",
        "user",
        "client",
        "auth",
        "bearer",
        "value",
        "header",
        "secret",
        "cookie",
        "options",
        "state",
        "props",
        "result",
        "data",
    ]
    .iter()
    .any(|word| lower.contains(word));
    let dotted = text.split('.').count() >= 3
        && text.split('.').all(|piece| piece.len() >= 2 && piece.bytes().next().is_some_and(|first| first.is_ascii_alphabetic()));
    (known && words(&pieces)) || (dotted && words(&pieces))
}

/// Whether pieces of a name read like words: runs of small letters of three and more, with vowels.
fn words(pieces: &[&str]) -> bool {
    let vowels = |word: &str| word.bytes().any(|byte| b"aeiouyAEIOUY".contains(&byte));
    pieces.iter().all(|piece| {
        let letters: String = piece.chars().filter(char::is_ascii_alphabetic).collect();
        let uppers = letters.bytes().filter(u8::is_ascii_uppercase).count();
        // Camel case has few capitals, constants nothing else.
        letters.len() <= 2 || (vowels(&letters) && (uppers * 3 <= letters.len() || uppers == letters.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::is_code;

    #[test]
    fn names_of_programs_are_told_from_random_text() {
        for name in [
            "getToken2",
            "process.env.TOKEN1",
            "config.oauth2.accessToken",
            "jwtService.generateToken",
            "self.client2.fetch_token",
            "refreshToken1",
            "t.refreshToken2",
            "com.example.app.TokenService2Impl",
            "ACCESS_TOKEN_2",
            "response.data.access_token1",
            "this.state.token1",
            "user1.authToken",
            "org.example.OAuth2AccessToken@1f",
        ] {
            assert!(is_code(name), "{name}");
        }
        for token in [
            "8a7b6c5d4e3f2a1b",
            "SplxlOBeZQQYbYS6WxSbIA",
            "Kx2yzCgYIARAAGAMSNwF",
            "mF_9.B5f-4.1JqM",
            "ref-8a7b6c5d4e3f2a1b",
            "aB3dE5fG7hJ9kL1mN3pQ",
            "AQX9f2kd83hfk29dk",
            "ory_at_aB3dE5fG7hJ9kL1m",
            "ya29.a0AfH6SMBx1234567890abcdefghij",
            "tokenXy7aQ2kd83hf",
            "0.AXkA1b2C3",
            "npm_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xYz2cD",
        ] {
            assert!(!is_code(token), "{token}");
        }
    }
}
