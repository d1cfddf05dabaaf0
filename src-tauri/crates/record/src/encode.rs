//! Form encoding and HTTP Basic as OAuth wants them.

use base64::{Engine, engine::general_purpose::STANDARD};
use url::form_urlencoded;

/// One value in `application/x-www-form-urlencoded` (RFC 6749 appendix B): a space is `+`, and everything
/// but letters, digits and `*-._` is percent-encoded as UTF-8.
pub fn form_encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The reverse of [`form_encode`] for one name or value; bytes that are not UTF-8 become U+FFFD.
pub fn form_decode(text: &str) -> String {
    // A lone value has neither `&` nor `=` left unencoded; put it behind a name so that both survive.
    let guarded = text.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(format!("v={guarded}").as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// An ordered list of pairs as a request body.
pub fn form_pairs(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The `Authorization` value of HTTP Basic; id and secret are form-encoded first (RFC 6749 2.3.1).
pub fn basic(client_id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{}:{}", form_encode(client_id), form_encode(secret))))
}

/// The password in what stands behind `Basic`, as it stands there and decoded.
pub fn basic_password(credentials: &str) -> Vec<String> {
    let text = STANDARD.decode(credentials).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    text.as_deref()
        .and_then(|text| text.split_once(':'))
        .map(|(_, password)| vec![password.to_owned(), form_decode(password)])
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_as_forms_do() {
        let table =
            [("", ""), ("a b", "a+b"), ("a+b", "a%2Bb"), ("ä&=%", "%C3%A4%26%3D%25"), ("~*-._", "%7E*-._"), ("\n", "%0A")];
        for (plain, encoded) in table {
            assert_eq!(form_encode(plain), encoded);
            assert_eq!(form_decode(encoded), plain);
        }
        assert_eq!(form_decode("a&b=c"), "a&b=c");
    }

    #[test]
    fn basic_encodes_before_it_joins() {
        // The example of RFC 6749 2.3.1.
        assert_eq!(basic("s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw"), "Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3");
        assert_eq!(basic("a:b", "c d"), format!("Basic {}", STANDARD.encode("a%3Ab:c+d")));
    }

    #[test]
    fn pairs_keep_order_and_repetition() {
        let pairs = [("audience", "a"), ("audience", "b"), ("scope", "x y")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(form_pairs(&pairs), "audience=a&audience=b&scope=x+y");
    }
}
